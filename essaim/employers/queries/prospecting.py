"""Reads of prospecting: approaches, applications and job interviews, each for who may read them."""

from datetime import date

from django.db.models import BooleanField, Exists, OuterRef, Prefetch, Q, QuerySet, Value

from essaim.accounts.models import Membership
from essaim.agenda.queries.training import training_is_done
from essaim.directory.models import Organisation
from essaim.employers.enums import ApplicationStage, InterviewState
from essaim.employers.models import Application, ApplicationMove, Approach, JobInterview
from essaim.employers.permissions import knows_companies
from essaim.employers.queries.companies import prospecting_rules
from essaim.journal.enums import ActionState
from essaim.journal.models import Action
from essaim.journeys.models import ActionPartner, Enrolment
from essaim.journeys.queries import settings_of, steps_of_kind, visible_actions
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.permissions import works_with_people
from essaim.people.queries import searchable_people, visible_people

APPLICATION_STEP = "employers.application"


def may_prospect(enrolment: Enrolment, on: date) -> bool:
    """Whether the person may approach employers that day: her training is over when the practice puts it first."""
    return training_is_done(enrolment, on)


def prospected_actions(viewer: Membership | None) -> QuerySet[Action]:
    """The actions whose approaches this viewer reads and logs: her organisation's, or in which it sees the people."""
    if viewer is None or not knows_companies(viewer):
        return Action.objects.none()
    partner = ActionPartner.objects.filter(
        action=OuterRef("pk"), organisation_id=viewer.organisation_id, sees_people=True, until__isnull=True
    )
    return Action.objects.filter(
        Q(organisation_id=viewer.organisation_id) | Q(Exists(partner)), is_imported=False
    ).defer("definition")


def list_prospected_actions_for(viewer: Membership | None, on: date) -> list[Action]:
    """Return the actions running that day for which the viewer may note an approach, latest first."""
    running = prospected_actions(viewer).filter(state=ActionState.OPEN, starts__lte=on, ends__gte=on)
    actions = running.select_related("practice").order_by("-starts", "ref")
    return [action for action in actions if prospecting_rules(action) is not None]


def list_approaches_for(
    viewer: Membership | None,
    *,
    action: Action | None = None,
    person: Person | None = None,
    company: Organisation | None = None,
) -> QuerySet[Approach]:
    """Return the approaches of an action, a person or a company that the viewer reads, newest first, cancelled ones
    left out.

    Each has ``is_person_shown``: to relations with employers, to colleagues without her file and, but for her
    referent team, of a protected person, an approach is told without her name.
    """
    if viewer is None or not knows_companies(viewer):
        return Approach.objects.none().annotate(is_person_shown=Value(False, output_field=BooleanField()))
    seen = Q(action__in=prospected_actions(viewer).values("pk"))
    if works_with_people(viewer):
        referent = visible_people(viewer).filter(viewer_scope=GrantScope.REFERENT)  # type: ignore[misc]
        seen |= Q(enrolment__person__in=referent.values("pk"))
    named = visible_people(viewer) if person is not None else searchable_people(viewer)
    found = Approach.objects.filter(seen, cancelled_at__isnull=True)
    if action is not None:
        found = found.filter(action=action)
    if company is not None:
        found = found.filter(company=company)
    if person is not None:
        found = found.filter(enrolment__person=person, enrolment__person__in=visible_people(viewer).values("pk"))
    shown = named.filter(pk=OuterRef("enrolment__person"))
    return (
        found.select_related("company", "contact", "enrolment__person", "user", "action")
        .defer("action__definition")
        .annotate(is_person_shown=Exists(shown))
        .order_by("-made_on", "-pk")
    )


def get_approach_for(viewer: Membership | None, action: Action, ref: str) -> Approach:
    """Return an approach of this action that the viewer may change: a person's only with her file. Raises
    Approach.DoesNotExist otherwise.
    """
    mine = Q(enrolment__isnull=True) | Q(enrolment__person__in=visible_people(viewer).values("pk"))
    return list_approaches_for(viewer, action=action).filter(mine).get(ref=ref)


def count_approaches_of_action_for(viewer: Membership | None, action: Action) -> int:
    """How many approaches of this action the viewer reads."""
    return list_approaches_for(viewer, action=action).count()


def visible_applications(viewer: Membership | None) -> QuerySet[Application]:
    """The applications of people the viewer sees: in her actions, and everywhere for the people she is referent of."""
    people = visible_people(viewer)
    referent = people.filter(viewer_scope=GrantScope.REFERENT)  # type: ignore[misc]
    return Application.objects.filter(
        Q(person__in=people.values("pk"), action__in=visible_actions(viewer).values("pk"))
        | Q(person__in=referent.values("pk")),
        cancelled_at__isnull=True,
    )


def list_applications_for(
    viewer: Membership | None,
    *,
    action: Action | None = None,
    person: Person | None = None,
    company: Organisation | None = None,
) -> QuerySet[Application]:
    """Return the applications of an action, a person or a company, newest first, with ``live_moves`` (oldest first)
    and ``coming_interviews``. Those of a protected person are listed to her referent team, to others in her file only.
    """
    found = visible_applications(viewer)
    if person is None:
        found = found.filter(person__in=searchable_people(viewer).values("pk"))
    else:
        found = found.filter(person=person)
    if action is not None:
        found = found.filter(action=action)
    if company is not None:
        found = found.filter(company=company)
    moves = ApplicationMove.objects.filter(cancelled_at__isnull=True).order_by("pk")
    coming = JobInterview.objects.filter(state=InterviewState.PLANNED).order_by("starts", "pk")
    return (
        found.select_related("person", "company", "action", "enrolment", "approach", "contract")
        .defer("action__definition")
        .prefetch_related(
            Prefetch("moves", queryset=moves, to_attr="live_moves"),
            Prefetch("interviews", queryset=coming, to_attr="coming_interviews"),
        )
        .order_by("-created_at", "-pk")
    )


def list_open_applications_for(viewer: Membership | None, action: Action) -> QuerySet[Application]:
    """Return the applications of an action that no contract follows yet and the employer did not turn down, by name."""
    found = list_applications_for(viewer, action=action).filter(contract__isnull=True)
    return found.exclude(stage=ApplicationStage.REJECTED).order_by("person__search_key", "-pk")


def get_application_for(viewer: Membership | None, action: Action, ref: str) -> Application:
    """Return an application of this action. Raises Application.DoesNotExist when the viewer may not see it."""
    found = visible_applications(viewer).select_related(
        "person", "company", "action", "enrolment__group", "enrolment__person", "approach", "contract"
    )
    return found.get(action=action, ref=ref)


def count_applications_of_action_for(viewer: Membership | None, action: Action) -> int:
    """How many applications of this action the viewer sees."""
    return visible_applications(viewer).filter(action=action, person__in=searchable_people(viewer).values("pk")).count()


def list_moves_of(application: Application) -> QuerySet[ApplicationMove]:
    """Return the stages of an application the viewer obtained, as they were written, cancelled ones left out."""
    return application.moves.filter(cancelled_at__isnull=True).order_by("pk")


def list_interviews_of(application: Application) -> QuerySet[JobInterview]:
    """Return the job interviews of an application the viewer obtained, latest first."""
    return application.interviews.order_by("-starts", "-pk")


def get_interview_for(viewer: Membership | None, action: Action, ref: str) -> JobInterview:
    """Return a job interview of this action. Raises JobInterview.DoesNotExist when the viewer may not see it."""
    applications = visible_applications(viewer).filter(action=action).values("pk")
    found = JobInterview.objects.select_related(
        "application__person", "application__company", "application__action", "application__enrolment__group"
    )
    return found.get(application__in=applications, ref=ref)


def is_preparation_offered(action: Action) -> bool:
    """Whether the practice offers a call to prepare a job interview."""
    return any(
        settings_of(action, step.key)["support_before_interview"] for step in steps_of_kind(action, APPLICATION_STEP)
    )


def may_read_approaches(viewer: Membership | None, action: Action) -> bool:
    """Whether the practice approaches employers and the viewer reads the approaches of this action."""
    return prospecting_rules(action) is not None and prospected_actions(viewer).filter(pk=action.pk).exists()


def has_applications(viewer: Membership | None, action: Action) -> bool:
    """Whether the practice of the action follows applications."""
    return bool(steps_of_kind(action, APPLICATION_STEP))

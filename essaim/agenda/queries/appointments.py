"""Appointments and goals, for whoever may open the person's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import TruncDate

from essaim.accounts.enums import ROLES_SEEING_PEOPLE
from essaim.accounts.models import Membership, User
from essaim.agenda.engine.moments import same_time_on
from essaim.agenda.engine.rhythm import next_day, rhythm_of, working_days
from essaim.agenda.enums import AppointmentState, AppointmentType, GoalState
from essaim.agenda.models import Absence, Appointment, Goal, Room
from essaim.agenda.permissions import may_meet
from essaim.agenda.queries.occupations import first_free, resource_of
from essaim.guide.engine.schema import Step
from essaim.journal.models import Action
from essaim.journal.queries import last_contact_expression
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.queries import (
    is_partner_seeing_people,
    list_followed_actions,
    practice_of,
    settings_of,
    steps_of_kind,
    visible_actions,
)
from essaim.kernel.days import PARIS, paris_day, present, today
from essaim.people.engine.names import search_words
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.permissions import works_with_people
from essaim.people.queries import keep_named, searchable_people, visible_people

STEP = "agenda.interview"
DAYS_TRIED, PEOPLE_PROPOSED = 10, 12
MINUTES = {AppointmentType.INITIAL.value: 60, AppointmentType.EXIT.value: 60}
USUAL_MINUTES = 45


@dataclass(frozen=True, slots=True)
class InterviewRules:
    """What a practice asks of an interview: what it validates, whether goals are set and reviewed. Of no step:
    nothing.
    """

    step: str = ""
    label: str = ""
    type: str = ""
    validates: tuple[str, ...] = ()
    sets_goals: bool = False
    reviews_goals: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """The appointment that would follow, at the practice's rhythm, when both are free."""

    starts: datetime
    ends: datetime
    type: str
    step: str


def visible_appointments(viewer: Membership | None) -> QuerySet[Appointment]:
    """The appointments of people whose file the viewer may open: all of them for her referent team, for the others
    those of her organisation and of the actions she sees.
    """
    people = visible_people(viewer)
    referent = people.filter(viewer_scope=GrantScope.REFERENT)  # type: ignore[misc]
    theirs = Q(person__in=referent.values("pk")) | Q(action__in=visible_actions(viewer).values("pk"))
    if viewer is not None:
        theirs |= Q(organisation_id=viewer.organisation_id)
    return (
        Appointment.objects.filter(theirs, person__in=people.values("pk"))
        .select_related("person", "user", "room", "organisation", "enrolment", "action", "action__practice")
        .defer("action__definition", "action__practice__definition")
    )


def get_appointment_for(viewer: Membership | None, ref: str) -> Appointment:
    """Return the appointment with this reference. Raises Appointment.DoesNotExist when the viewer may not see it."""
    return visible_appointments(viewer).get(ref=ref)


def list_appointments_of_for(viewer: Membership | None, person: Person) -> QuerySet[Appointment]:
    """Return the appointments of a person that the viewer may see, latest first."""
    return visible_appointments(viewer).filter(person=person).order_by("-starts", "-pk")


def list_appointments_for(viewer: Membership | None) -> QuerySet[Appointment]:
    """Return the appointments that lists may show to the viewer, each with ``is_mine``: protected people to their
    referent team only.
    """
    mine = Case(When(user=viewer.user_id if viewer else 0, then=True), default=False, output_field=BooleanField())
    shown = searchable_people(viewer).values("pk")
    return visible_appointments(viewer).filter(person__in=shown).annotate(is_mine=mine)


def keep_people_named(rows: QuerySet[Appointment], words: str) -> QuerySet[Appointment]:
    """Keep the rows whose person has a name beginning with each word, whatever accents, case and order."""
    for word in search_words(words):
        rows = rows.filter(Q(person__search_key__startswith=word) | Q(person__search_key__contains=f" {word}"))
    return rows


def count_planned_of_for(viewer: Membership | None, person: Person) -> int:
    """How many appointments of this person are still to come."""
    found = visible_appointments(viewer).filter(person=person, state=AppointmentState.PLANNED)
    return found.filter(ends__gt=present()).count()


def next_appointment_for(viewer: Membership | None, person: Person) -> Appointment | None:
    """Return the next planned appointment of a person, the one going on included, None without any."""
    found = visible_appointments(viewer).filter(person=person, state=AppointmentState.PLANNED)
    return found.filter(ends__gt=present()).order_by("starts", "pk").first()


def list_goals_of_for(viewer: Membership | None, person: Person) -> QuerySet[Goal]:
    """Return the goals of a person in the parcours that the viewer may see, latest first, then as they were set."""
    set_at = visible_appointments(viewer).filter(person=person)
    return (
        Goal.objects.filter(enrolment__person=person, set_at__in=set_at.values("pk"))
        .select_related("set_at", "reviewed_at", "enrolment__action")
        .order_by("-set_at__starts", "-set_at", "pk")
    )


def open_goals_of(enrolment: Enrolment | None, *, before: Appointment | None = None) -> QuerySet[Goal]:
    """Return the goals of a parcours that nobody reviewed yet, those set earlier than ``before`` when given.

    For operations and screens that already found the parcours.
    """
    goals = Goal.objects.filter(enrolment=enrolment, state=GoalState.SET).select_related("set_at")
    return goals if before is None else goals.filter(set_at__starts__lt=before.starts).exclude(set_at=before)


def goals_to_review(appointment: Appointment) -> list[Goal]:
    """Return the goals that this interview reviews: those still open of the interviews before it, and those that it
    reviewed already, as they were set.
    """
    if appointment.enrolment_id is None:
        return []
    earlier = Q(state=GoalState.SET, set_at__starts__lt=appointment.starts) | Q(reviewed_at=appointment)
    goals = Goal.objects.filter(earlier, enrolment=appointment.enrolment_id).exclude(set_at=appointment)
    return list(goals.select_related("set_at").order_by("set_at__starts", "pk"))


def interview_steps(action: Action) -> list[Step]:
    """Return the steps of the action's practice that are individual interviews, in order."""
    return steps_of_kind(action, STEP)


def rules_of(action: Action | None, step: str) -> InterviewRules:
    """Return what the practice asks of an interview that carries out this step, nothing outside a step."""
    found = next((one for one in interview_steps(action) if one.key == step), None) if action and step else None
    if found is None or action is None:
        return InterviewRules()
    settings = settings_of(action, found.key)
    return InterviewRules(
        step=found.key,
        label=found.label,
        type=str(settings["type"]),
        validates=tuple(settings.get("validates") or ()),
        sets_goals=bool(settings.get("goals_set")),
        reviews_goals=bool(settings.get("goals_checked")),
    )


def rules_of_type(action: Action | None, type: str) -> InterviewRules:
    """Return the rules of the first interview step of this type, nothing when the practice has none."""
    steps = interview_steps(action) if action else []
    rules = (rules_of(action, step.key) for step in steps)
    return next((one for one in rules if one.type == type), InterviewRules())


def usual_minutes(type: str) -> int:
    """How long an appointment of this type lasts unless said otherwise, in minutes."""
    return MINUTES.get(type, USUAL_MINUTES)


def open_enrolment_of(action: Action | None, person: Person) -> Enrolment | None:
    """Return the parcours of this person now open in this action, None when there is none."""
    if action is None:
        return None
    return Enrolment.objects.filter(action=action, person=person, state=EnrolmentState.OPEN).first()


def planned_of(
    user: User, organisation_id: int, now: datetime, absence: Absence | None = None
) -> QuerySet[Appointment]:
    """Return the planned appointments to come of a counsellor in an organisation, those of an absence when given. For
    operations: nothing is hidden.
    """
    found = Appointment.objects.filter(
        user=user, organisation_id=organisation_id, state=AppointmentState.PLANNED, starts__gt=now
    ).select_related("person", "room", "user")
    if absence is None:
        return found
    days = found.annotate(day=TruncDate("starts", tzinfo=PARIS))
    return days.filter(day__gte=absence.starts, day__lte=absence.ends)


def list_to_replace_for(viewer: Membership | None) -> QuerySet[Appointment]:
    """Return the planned appointments to come marked as to be moved, of people that lists may show, earliest first."""
    marked = list_appointments_for(viewer).filter(is_to_replace=True, state=AppointmentState.PLANNED)
    return marked.filter(starts__gt=present()).order_by("starts", "pk")


def resources_of(appointment: Appointment) -> list[str]:
    """Return what an appointment takes: the person, the counsellor, and the room when there is one."""
    taken = [resource_of(appointment.person), resource_of(appointment.user)]
    return [*taken, resource_of(appointment.room)] if appointment.room is not None else taken


def propose_next(appointment: Appointment) -> Proposal | None:
    """Return the appointment that follows this one at the practice's rhythm: same hour, first day when the person, the
    counsellor and the room are free, nobody is away and it is a working day; within two weeks of the day due.

    None outside a rhythm, once the parcours is over, or when the person already has an appointment to come.
    """
    enrolment, action = appointment.enrolment, appointment.action
    if enrolment is None or action is None or enrolment.state != EnrolmentState.OPEN:
        return None
    found = ((step, rhythm_of(settings_of(action, step.key))) for step in interview_steps(action))
    step, rhythm = next(((step, rhythm) for step, rhythm in found if rhythm), (None, None))
    later = Appointment.objects.filter(enrolment=enrolment, state=AppointmentState.PLANNED, starts__gt=present())
    if step is None or rhythm is None or later.exclude(pk=appointment.pk).exists():
        return None
    day = max(
        next_day(rhythm, entered=enrolment.opened_on, after=paris_day(appointment.starts)),
        today() + timedelta(days=1),
    )
    length = min(appointment.ends - appointment.starts, timedelta(minutes=USUAL_MINUTES))
    slots = [
        (starts, starts + length)
        for starts in (same_time_on(appointment.starts, one) for one in working_days(day, DAYS_TRIED))
    ]
    away = Absence.objects.filter(user=appointment.user, ends__gte=day).values_list("starts", "ends")
    slot = first_free(resources_of(appointment), slots, list(away))
    return Proposal(*slot, type=rules_of(action, step.key).type, step=step.key) if slot else None


def list_meeting_users(viewer: Membership | None, action: Action | None = None) -> QuerySet[User]:
    """Return with whom the viewer may make an appointment: her colleagues who work with people and, in an action, those
    of the organisation that carries it.
    """
    if viewer is None:
        return User.objects.none()
    places = {viewer.organisation_id, *([action.organisation_id] if action and action.organisation_id else [])}
    members = Membership.objects.filter(organisation__in=places, until__isnull=True, role__in=ROLES_SEEING_PEOPLE)
    return User.objects.filter(is_active=True, pk__in=members.values("user")).order_by("last_name", "first_name", "pk")


def list_meeting_rooms(viewer: Membership | None, action: Action | None = None) -> QuerySet[Room]:
    """Return the rooms open now where the viewer may receive: her organisation's and, in an action, the carrier's."""
    if viewer is None:
        return Room.objects.none()
    places = {viewer.organisation_id, *([action.organisation_id] if action and action.organisation_id else [])}
    return Room.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today()), organisation__in=places)


def may_act_on(viewer: Membership | None, appointment: Appointment) -> bool:
    """Whether the viewer may move, hold, or cancel this appointment."""
    action = appointment.action
    partner = action is not None and is_partner_seeing_people(viewer, action)
    return may_meet(viewer, action, appointment.organisation_id, is_partner_seeing_people=partner)


def list_validated_words(action: Action | None, step: str) -> list[tuple[str, str]]:
    """Return what this step of the practice validates as (code, words), in the practice's own words."""
    if action is None:
        return []
    practice, rules = practice_of(action), rules_of(action, step)
    found = next((one for one in practice.steps if one.key == step), None)
    written = found.settings.get("validates") if found else None
    key = str(written["setting"]) if isinstance(written, Mapping) and "setting" in written else ""
    labels = practice.choice_labels.get(key, {})
    return [(code, labels.get(code, code)) for code in rules.validates]


def list_people_to_meet_for(viewer: Membership | None, words: str) -> list[tuple[Person, list[Action]]]:
    """Return the viewer's people matching ``words``, a dozen at most, each with the actions she is in now and that the
    viewer sees. Two queries.
    """
    if not search_words(words):
        return []
    people = list(keep_named(searchable_people(viewer), words).order_by("search_key", "pk")[:PEOPLE_PROPOSED])
    found = Enrolment.objects.filter(
        person__in=people, state=EnrolmentState.OPEN, action__in=visible_actions(viewer).values("pk")
    )
    inside: dict[int, list[Action]] = {}
    for enrolment in found.select_related("action").defer("action__definition").order_by("action__title", "pk"):
        inside.setdefault(enrolment.person_id, []).append(enrolment.action)
    return [(person, inside.get(person.pk, [])) for person in people]


def proposed_type(action: Action | None, person: Person) -> str:
    """Return the type of the next interview of this person: in a parcours the one that comes back at a rhythm, before
    it the initial one, outside any action a follow-up.
    """
    if action is None:
        return AppointmentType.FOLLOWUP.value
    is_in = open_enrolment_of(action, person) is not None
    for step in interview_steps(action):
        rules = rules_of(action, step.key)
        if is_in == (rules.type != AppointmentType.INITIAL) and rules.type:
            return rules.type
    return AppointmentType.FOLLOWUP.value


def list_open_actions_of_for(viewer: Membership | None, person: Person) -> list[Action]:
    """Return the actions in which this person has an open parcours and in which the viewer follows people."""
    found = Enrolment.objects.filter(
        person=person, state=EnrolmentState.OPEN, action__in=visible_actions(viewer).values("pk")
    )
    actions = [one.action for one in found.select_related("action").defer("action__definition").order_by("opened_on")]
    followed = list_followed_actions(viewer, actions)
    return [action for action in actions if action.pk in followed]


def list_followed_parcours_for(viewer: Membership | None, action: Action) -> QuerySet[Enrolment]:
    """Return the open parcours of an action that lists may show to the viewer, each with ``next_starts`` and
    ``next_ref`` (next planned appointment), ``last_interview`` and ``last_contact`` (days).
    """
    planned = Appointment.objects.filter(
        person=OuterRef("person"), action=OuterRef("action"), state=AppointmentState.PLANNED, ends__gt=present()
    ).order_by("starts", "pk")
    held = Appointment.objects.filter(enrolment=OuterRef("pk"), state=AppointmentState.HELD).order_by("-starts")
    return (
        Enrolment.objects.filter(
            action=action,
            state=EnrolmentState.OPEN,
            action__in=visible_actions(viewer).values("pk"),
            person__in=searchable_people(viewer).values("pk"),
        )
        .select_related("person", "action", "referent")
        .defer("action__definition")
        .annotate(
            next_starts=Subquery(planned.values("starts")[:1]),
            next_ref=Subquery(planned.values("ref")[:1]),
            last_interview=Subquery(held.annotate(day=TruncDate("starts", tzinfo=PARIS)).values("day")[:1]),
            last_contact=last_contact_expression("person"),
        )
    )


def has_interviews(viewer: Membership | None, action: Action) -> bool:
    """Whether the practice of this action has individual interviews, for a viewer who works with people."""
    return works_with_people(viewer) and not action.is_imported and bool(interview_steps(action))

"""Parcours: of an action, of a person. People come through people's own queries, so that grants alone
decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from essaim.accounts.models import Membership
from essaim.guide.engine import rule_in_words
from essaim.journal.models import Action, Fact
from essaim.journal.queries import last_contact_expression, list_facts_of_person_for
from essaim.journeys.engine.eligibility import Verdict, judge
from essaim.journeys.engine.pictures import Picture, with_action_area
from essaim.journeys.engine.steps import Standing, StripStep, strip_of
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Enrolment, StepState
from essaim.journeys.queries.actions import practice_of, visible_actions
from essaim.journeys.queries.limits import Term, term_of
from essaim.kernel.days import today
from essaim.kernel.instruments import all_planned
from essaim.people.engine.names import search_words
from essaim.people.enums import GrantScope
from essaim.people.models import Person, Profile
from essaim.people.queries import get_profile, keep_named, scope_for, searchable_people, visible_people

PEOPLE_PROPOSED = 12


@dataclass(frozen=True, slots=True)
class ParcoursLine:
    """One parcours with the strip of its steps."""

    enrolment: Enrolment
    strip: tuple[StripStep, ...]

    def __str__(self) -> str:
        if self.enrolment.state == EnrolmentState.CLOSED:
            return f"Sortie : {self.enrolment.get_close_reason_display()}"
        return self.current.label if self.current else "Étapes terminées"

    @property
    def current(self) -> StripStep | None:
        """The step the parcours stands on, the first when several are open."""
        return next((step for step in self.strip if step.look == "current"), None)

    @property
    def term(self) -> Term | None:
        """Its term as of today, None without one or once it is over."""
        return term_of(self.enrolment, today())

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.look == "done" for step in self.strip)

    @property
    def total(self) -> int:
        """How many steps the practice has."""
        return len(self.strip)


def _shown_enrolments(viewer: Membership | None) -> QuerySet[Enrolment]:
    return (
        Enrolment.objects.exclude(state=EnrolmentState.CANCELLED)
        .filter(person__in=visible_people(viewer).values("pk"))
        .select_related("action", "action__practice", "action__organisation", "person", "person__commune", "referent")
        .defer("action__definition", "action__practice__definition")
        .prefetch_related(Prefetch("steps", queryset=StepState.objects.order_by("pk")))
        .annotate(last_contact=last_contact_expression("person"))
    )


def list_enrolments_for(viewer: Membership | None, action: Action) -> QuerySet[Enrolment]:
    """Return the participants of an action that the viewer may see, each with ``last_contact`` (a day).

    Protected people appear to their referent team only.
    """
    return _shown_enrolments(viewer).filter(
        action=action,
        action__in=visible_actions(viewer).values("pk"),
        person__in=searchable_people(viewer).values("pk"),
    )


def keep_participants_named(enrolments: QuerySet[Enrolment], words: str) -> QuerySet[Enrolment]:
    """Keep the participants with a name beginning with each word, whatever accents, case and order."""
    for word in search_words(words):
        enrolments = enrolments.filter(
            Q(person__search_key__startswith=word) | Q(person__search_key__contains=f" {word}")
        )
    return enrolments


def get_enrolment_for(viewer: Membership | None, action: Action, ref: str) -> Enrolment:
    """Return a parcours of an action the viewer may see. Raises Enrolment.DoesNotExist otherwise."""
    return _shown_enrolments(viewer).get(action=action, action__in=visible_actions(viewer).values("pk"), ref=ref)


def list_parcours_for(viewer: Membership | None, person: Person) -> list[ParcoursLine]:
    """Return the parcours of a person, open ones first: all of them for her referent team, for the others
    those of the actions they see.
    """
    scope = scope_for(viewer, person)
    if scope is None:
        return []
    found = _shown_enrolments(viewer).filter(person=person)
    if scope != GrantScope.REFERENT:
        found = found.filter(action__in=visible_actions(viewer).values("pk"))
    return lines_of(found.order_by("-state", "-opened_on", "pk"))


def list_planned_in_words(enrolment: Enrolment, on: date) -> list[str]:
    """Return what leaving that day would withdraw of what is planned with her, in words: « 2 rendez-vous »…"""
    now = timezone.now()
    return [words for planned in all_planned() if (words := planned.count(enrolment, on, now))]


def list_fil_for(viewer: Membership | None, person: Person) -> QuerySet[Fact]:
    """Return the facts about a person, newest first: all of them for her referent team, for the others those
    of the actions they see.
    """
    referent = visible_people(viewer).filter(viewer_scope=GrantScope.REFERENT)  # type: ignore[misc]
    return list_facts_of_person_for(viewer, person).filter(
        Q(action__in=visible_actions(viewer).values("pk")) | Q(subject__person__in=referent.values("pk"))
    )


def count_parcours_for(viewer: Membership | None, person: Person) -> int:
    """How many parcours of this person the viewer sees."""
    return len(list_parcours_for(viewer, person))


def lines_of(enrolments: Iterable[Enrolment]) -> list[ParcoursLine]:
    """Return each parcours with the strip of its practice's steps; the steps are prefetched by this
    module's lists.
    """
    return [line_of(enrolment) for enrolment in enrolments]


def line_of(enrolment: Enrolment) -> ParcoursLine:
    """Return one parcours with the strip of its practice's steps."""
    standings = {state.step: Standing(state.status, state.since) for state in enrolment.steps.all()}
    steps = [step for step in practice_of(enrolment.action).steps if step.subject == "enrolment"]
    return ParcoursLine(enrolment, tuple(strip_of(steps, standings)))


def picture_of(person: Person, profile: Profile | None, action: Action, on: date) -> tuple[Picture, date]:
    """Return what a profile says of a person for an action, and its day: ``on``, or the profile's when later.

    The action's own territory is worked out from her commune. For operations: nothing is hidden here.
    """
    area = action.territory is not None and person.commune_id is not None
    lives_in_area = area and action.territory.communes.filter(pk=person.commune_id).exists()  # type: ignore[union-attr]
    if profile is None:
        return Picture(person.birth_date, zones=with_action_area((), lives_in_area=lives_in_area)), on
    picture = Picture(
        birth_date=person.birth_date,
        sex=profile.sex,
        level=profile.level,
        zones=with_action_area(profile.zones, lives_in_area=lives_in_area),
        statuses=tuple(profile.statuses),
        resources=profile.resources,
        licence_since=profile.licence_since,
    )
    return picture, max(on, profile.day)


def get_eligibility_for(viewer: Membership | None, action: Action, person: Person, on: date) -> Verdict:
    """Return what the practice's rules say of this person on that day.

    Raises Person.DoesNotExist when the viewer may not open her file.
    """
    if scope_for(viewer, person) is None:
        raise Person.DoesNotExist
    return judge_entry(action, person, on)


def judge_entry(action: Action, person: Person, on: date) -> Verdict:
    """Evaluate the rules of the practice on the person's picture, told with the values this action chose."""
    practice, (picture, _) = practice_of(action), picture_of(person, get_profile(person), action, on)
    rules = [replace(rule, label=rule_in_words(practice, rule, action.settings)) for rule in practice.eligibility]
    return judge(rules, picture, on, action.settings)


def list_enrollable_for(viewer: Membership | None, action: Action, words: str) -> list[Person]:
    """Return the viewer's people matching ``words`` who are not in this action now, a dozen at most."""
    if not search_words(words):
        return []
    people = keep_named(searchable_people(viewer).select_related("commune"), words)
    inside = Enrolment.objects.filter(action=action, state=EnrolmentState.OPEN)
    return list(people.exclude(pk__in=inside.values("person")).order_by("search_key", "pk")[:PEOPLE_PROPOSED])

"""Everything a parcours holds beside its steps: measures, trainings, help, renewals; and who may help."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.engine.limits import may_renew
from essaim.journeys.enums import CommitmentState, DecisionStep, EnrolmentState, HandOverState
from essaim.journeys.models import (
    Commitment,
    Decision,
    Enrolment,
    HandOver,
    Measure,
    Mentoring,
    StaffMember,
    TrainingEntry,
)
from essaim.journeys.queries.actions import practice_of, visible_actions
from essaim.journeys.queries.commitments import commitment_tools, list_commitments_of
from essaim.journeys.queries.enrolments import ParcoursLine
from essaim.journeys.queries.hand_overs import list_hand_overs_of
from essaim.journeys.queries.limits import RENEWAL, Term, limit_in_words, limit_of, renewals_in_words, stays_of, term_of
from essaim.people.models import Person
from essaim.people.queries import searchable_people, visible_people

HAND_OVER = "journeys.hand_over"


@dataclass(frozen=True, slots=True)
class PathCard:
    """A parcours as its person's page tells it. ``missing``: documents of the practice that are not prepared.

    ``may_renew``, ``may_hand_over``: what the operations would not refuse whoever follows people there today.
    """

    line: ParcoursLine
    term: Term | None
    limit: str
    renewals_left: str
    offers: frozenset[str]
    may_renew: bool = False
    may_hand_over: bool = False
    relay_waits: bool = False
    commitments: Sequence[Commitment] = ()
    missing: Sequence[tuple[str, str]] = ()
    renewals: Sequence[Decision] = ()
    hand_overs: Sequence[HandOver] = ()
    measures: Sequence[Measure] = ()
    trainings: Sequence[TrainingEntry] = ()
    mentorings: Sequence[Mentoring] = field(default_factory=tuple)

    @property
    def documents_title(self) -> str:
        """What the list of documents holds: signed ones, ones to sign, or both."""
        signed = sum(one.state == CommitmentState.SIGNED for one in self.commitments)
        if signed == len(self.commitments) and not self.missing:
            return "Documents signés"
        return "Documents" if signed else "Documents à signer"


def path_cards(person: Person, lines: Sequence[ParcoursLine], on: date) -> list[PathCard]:
    """Return the card of each parcours that the viewer obtained through ``list_parcours_for``."""
    enrolments = [line.enrolment for line in lines]
    keys = [one.pk for one in enrolments]
    commitments = list_commitments_of(enrolments)
    hand_overs = list_hand_overs_of(enrolments, person)
    renewals = _by_parcours(
        Decision.objects.filter(enrolment__in=keys, step=DecisionStep.RENEWAL, cancelled_at__isnull=True)
    )
    measures = _by_parcours(
        Measure.objects.filter(enrolment__in=keys, cancelled_at__isnull=True).select_related("organisation")
    )
    trainings = _by_parcours(
        TrainingEntry.objects.filter(enrolment__in=keys, cancelled_at__isnull=True).select_related("organisation")
    )
    mentorings = _by_parcours(
        Mentoring.objects.filter(enrolment__in=keys).select_related("alumnus__person", "staff__user")
    )
    cards = []
    for line in lines:
        one = line.enrolment
        limit = limit_of(one.action)
        stays = stays_of(other for other in enrolments if other.action_id == one.action_id)
        ready = commitments.get(one.pk, [])
        relays = [each for each in hand_overs if each.enrolment_id in (None, one.pk)]
        waits = any(each.enrolment_id == one.pk and each.state == HandOverState.PROPOSED for each in relays)
        offers = frozenset(step.kind for step in practice_of(one.action).steps)
        is_open = one.state == EnrolmentState.OPEN
        tools = commitment_tools(one.action)
        cards.append(
            PathCard(
                line=line,
                term=term_of(one, on),
                limit=limit_in_words(limit),
                renewals_left=renewals_in_words(limit, stays) if limit.months else "",
                offers=offers,
                may_renew=is_open and RENEWAL in offers and may_renew(limit, stays),
                may_hand_over=is_open and HAND_OVER in offers and not waits,
                relay_waits=is_open and waits,
                commitments=ready,
                missing=[
                    (key, tool.label)
                    for key, tool in tools.items()
                    if is_open and key not in {each.tool for each in ready}
                ],
                renewals=renewals.get(one.pk, []),
                hand_overs=relays,
                measures=measures.get(one.pk, []),
                trainings=trainings.get(one.pk, []),
                mentorings=mentorings.get(one.pk, []),
            )
        )
    return cards


def get_measure_for(viewer: Membership | None, ref: str) -> Measure:
    """Return a measure of a parcours the viewer may see. Raises Measure.DoesNotExist."""
    rows = Measure.objects.select_related(
        "enrolment__action__practice", "enrolment__person", "enrolment__group", "fact"
    )
    return rows.get(ref=ref, cancelled_at__isnull=True, **_seen(viewer))


def get_training_for(viewer: Membership | None, ref: str) -> TrainingEntry:
    """Return a training course of a parcours the viewer may see. Raises TrainingEntry.DoesNotExist."""
    rows = TrainingEntry.objects.select_related(
        "enrolment__action__practice", "enrolment__person", "enrolment__group", "fact"
    )
    return rows.get(ref=ref, cancelled_at__isnull=True, **_seen(viewer))


def get_mentoring_for(viewer: Membership | None, ref: str) -> Mentoring:
    """Return the help given in a parcours the viewer may see. Raises Mentoring.DoesNotExist."""
    rows = Mentoring.objects.select_related("enrolment__action", "enrolment__person", "alumnus__person", "staff__user")
    return rows.get(ref=ref, **_seen(viewer))


def get_renewal_for(viewer: Membership | None, ref: str) -> Decision:
    """Return a renewal of a parcours the viewer may see. Raises Decision.DoesNotExist."""
    rows = Decision.objects.select_related("enrolment__action__practice", "enrolment__person", "enrolment__group")
    return rows.get(ref=ref, step=DecisionStep.RENEWAL, cancelled_at__isnull=True, **_seen(viewer))


def list_alumni_for(viewer: Membership | None, action: Action, person: Person) -> list[Enrolment]:
    """Return the finished parcours of an action that may help this person, of people the viewer may find."""
    rows = Enrolment.objects.filter(
        action=action, state=EnrolmentState.CLOSED, person__in=searchable_people(viewer).values("pk")
    )
    gone = rows.exclude(person=person).select_related("person").order_by("person__search_key", "-closed_on")
    return list({one.person_id: one for one in gone}.values())


def list_mentors_of(action: Action) -> list[StaffMember]:
    """Return the members of the action's team who may help someone now."""
    return list(StaffMember.objects.filter(action=action, ends__isnull=True).select_related("user").order_by("pk"))


def _seen(viewer: Membership | None) -> dict[str, Any]:
    return {
        "enrolment__person__in": visible_people(viewer).values("pk"),
        "enrolment__action__in": visible_actions(viewer).values("pk"),
    }


def _by_parcours(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, []).append(row)
    return found

"""Prescriptions (fiches de liaison): the prescriber reads her own, the team that receives those of its action."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from essaim.accounts.models import Membership
from essaim.directory.enums import OrganisationKind
from essaim.guide.engine.schema import Step
from essaim.journal.models import Action
from essaim.journal.permissions import carries
from essaim.journeys.engine.eligibility import Verdict
from essaim.journeys.enums import EnrolmentState, PartnerRole, PrescriptionState, WaitingState
from essaim.journeys.models import ActionPartner, Decision, Enrolment, Prescription, WaitingEntry
from essaim.journeys.permissions import may_examine, may_prescribe
from essaim.journeys.queries.actions import merely_funded, settings_of, steps_of_kind, visible_actions
from essaim.journeys.queries.enrolments import judge_entry
from essaim.journeys.queries.entry_rules import words_of
from essaim.kernel.days import today
from essaim.people.enums import GrantScope
from essaim.people.models import Person
from essaim.people.permissions import works_with_people
from essaim.people.queries import scope_for, searchable_people, visible_people

PRESCRIPTION = "journeys.prescription"
OPEN_STATES = (PrescriptionState.SENT, PrescriptionState.WAITING)


@dataclass(frozen=True, slots=True)
class Destination:
    """An action to which a person may be oriented, with its places, who waits, and what its rules say of her."""

    action: Action
    taken: int | None
    waiting: int
    verdict: Verdict
    refusal: str

    @property
    def free(self) -> int | None:
        """Free places, None without capacity or for who is not told."""
        if self.taken is None or self.action.places is None:
            return None
        return max(0, self.action.places - self.taken)


def prescription_step(action: Action) -> Step | None:
    """Return the step of the practice by which people are oriented, None when it has none."""
    return next(iter(steps_of_kind(action, PRESCRIPTION)), None)


def prescription_settings(action: Action) -> dict[str, Any]:
    """Return the settings of that step, empty without one."""
    step = prescription_step(action)
    return settings_of(action, step.key) if step else {}


def answer_day(action: Action, made_on: date) -> date | None:
    """Return the day by which the prescriber is to be answered, None when the practice does not promise one."""
    days = prescription_settings(action).get("return_days")
    return made_on + timedelta(days=int(days)) if days is not None else None


def is_prescriber_of(viewer: Membership | None, action: Action) -> bool:
    """Whether the viewer's organisation takes part in the action now as a prescriber."""
    if viewer is None:
        return False
    return ActionPartner.objects.filter(
        action=action, organisation_id=viewer.organisation_id, role=PartnerRole.PRESCRIBER, until__isnull=True
    ).exists()


def prescribing_refusal(viewer: Membership | None, action: Action, on: date) -> str:
    """Return in words why the viewer may not orient anyone to this action, empty when she may."""
    is_carrier = carries(viewer, action)
    if not may_prescribe(viewer, action, is_prescriber=not is_carrier and is_prescriber_of(viewer, action)):
        return "Votre organisation n’oriente pas de personnes vers cette action."
    assert viewer is not None
    if on > action.ends:
        return "Cette action est terminée."
    kinds = prescription_settings(action).get("prescriber_kinds") or ()
    if not is_carrier and kinds and viewer.organisation.kind not in kinds:
        return (
            f"Cette action reçoit les personnes orientées par : {_families(action, kinds)}. Pas par votre organisation."
        )
    return ""


def prescribing_refusal_for(viewer: Membership | None, action: Action, person: Person, on: date | None = None) -> str:
    """Return in words why this person cannot be oriented to this action by the viewer on that day (today when not
    given), empty when she can.
    """
    if refusal := prescribing_refusal(viewer, action, on or today()):
        return refusal
    scope = scope_for(viewer, person)
    if scope is None:
        return "Ce dossier ne vous est pas ouvert."
    if person.is_protected and scope != GrantScope.REFERENT:
        return "Le dossier de cette personne est protégé : seule son équipe référente l’oriente."
    if Enrolment.objects.filter(action=action, person=person, state=EnrolmentState.OPEN).exists():
        return "Cette personne est déjà inscrite dans cette action."
    if Prescription.objects.filter(action=action, person=person, state__in=OPEN_STATES).exists():
        return "Cette personne est déjà orientée vers cette action : la réponse est attendue."
    return ""


def list_destinations_for(viewer: Membership | None, person: Person) -> list[Destination]:
    """Return the open actions to which the viewer may orient people, with what this person meets there. Figures are
    those of this moment; who merely funds an action is not told them.
    """
    day = today()
    carried = Q(organisation_id=viewer.organisation_id if viewer else 0)
    prescribed = ActionPartner.objects.filter(
        action=OuterRef("pk"),
        organisation_id=viewer.organisation_id if viewer else 0,
        role=PartnerRole.PRESCRIBER,
        until__isnull=True,
    )
    actions = (
        visible_actions(viewer)
        .filter(carried | Q(Exists(prescribed)), is_imported=False, ends__gte=day)
        .select_related("practice", "organisation", "territory")
        .defer("definition", "practice__definition")
        .annotate(
            taken=Case(
                When(merely_funded(viewer), then=None),
                default=_number_of(Enrolment.objects.filter(state=EnrolmentState.OPEN)),
                output_field=IntegerField(),
            ),
            waiting_now=_number_of(WaitingEntry.objects.filter(state__in=[WaitingState.WAITING, WaitingState.CALLED])),
        )
        .order_by("title", "pk")
    )
    return [
        Destination(
            action=action,
            taken=action.taken,
            waiting=action.waiting_now,
            verdict=judge_entry(action, person, max(day, action.starts)),
            refusal=prescribing_refusal_for(viewer, action, person),
        )
        for action in actions
    ]


def list_prescriptions_for(viewer: Membership | None) -> QuerySet[Prescription]:
    """Return what the viewer's organisation prescribed, latest first, about the people whose file it still sees."""
    if viewer is None or not works_with_people(viewer):
        return Prescription.objects.none()
    return _shown(viewer).filter(
        prescriber_id=viewer.organisation_id, person__in=searchable_people(viewer).values("pk")
    )


def list_received_for(viewer: Membership | None, action: Action) -> QuerySet[Prescription]:
    """Return who was oriented to an action, to the team that receives: those to examine first, the oldest answer due
    first. ``is_listed`` says whether the reader's lists may name her: not a protected person, nor a file closed since.
    """
    if viewer is None or not may_examine(viewer, action):
        return Prescription.objects.none()
    order = Case(When(state=PrescriptionState.SENT, then=0), When(state=PrescriptionState.WAITING, then=1), default=2)
    return _shown(viewer).filter(action=action).order_by(order, "answer_due", "-made_on", "-pk")


def get_prescription_for(viewer: Membership | None, ref: str) -> Prescription:
    """Return a prescription to the organisation that made it, while it sees the file, and to the team that received it.

    Raises Prescription.DoesNotExist otherwise. ``is_file_open`` says whether the reader may still read who it is.
    """
    if viewer is None or not works_with_people(viewer):
        raise Prescription.DoesNotExist
    made = Q(prescriber_id=viewer.organisation_id, is_file_open=True)
    return _shown(viewer).get(made | Q(action__organisation_id=viewer.organisation_id), ref=ref)


def list_prescriptions_of_person_for(viewer: Membership | None, person: Person) -> QuerySet[Prescription]:
    """Return where a person was oriented, latest first: all of it to her referent team; to the others what they made or
    received.
    """
    scope = scope_for(viewer, person)
    if viewer is None or scope is None:
        return Prescription.objects.none()
    found = _shown(viewer).filter(person=person)
    if scope == GrantScope.REFERENT:
        return found
    own = viewer.organisation_id
    return found.filter(Q(prescriber_id=own) | Q(action__organisation_id=own))


def open_prescription_for(viewer: Membership | None, action: Action, person: Person) -> Prescription | None:
    """Return the orientation of this person that awaits a decision of the viewer's team, None without one or when the
    file is closed since.
    """
    found = list_received_for(viewer, action).filter(person=person, state__in=OPEN_STATES)
    return found.filter(is_file_open=True).first()  # type: ignore[misc]


def count_to_examine_for(viewer: Membership | None, action: Action) -> int:
    """Return how many prescriptions await a decision, to the team that receives; 0 to others."""
    if not may_examine(viewer, action):
        return 0
    return Prescription.objects.filter(action=action, state=PrescriptionState.SENT).count()


def _shown(viewer: Membership) -> QuerySet[Prescription]:
    decisions = Decision.objects.filter(cancelled_at__isnull=True).select_related("decided_by", "reoriented_to")
    open_files = visible_people(viewer).filter(pk=OuterRef("person")).order_by()
    listed = searchable_people(viewer).filter(pk=OuterRef("person")).order_by()
    return (
        Prescription.objects.select_related(
            "action", "action__practice", "action__organisation", "person", "person__commune", "prescriber",
            "prescribed_by",
        )
        .defer("action__definition", "action__practice__definition")
        .prefetch_related(Prefetch("decisions", queryset=decisions.order_by("pk"), to_attr="standing_decisions"))
        .annotate(is_file_open=Exists(open_files.values("pk")), is_listed=Exists(listed.values("pk")))
        .order_by("-made_on", "-pk")
    )  # fmt: skip


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    number = rows.filter(action=OuterRef("pk")).order_by().values("action").annotate(number=Count("pk"))
    return Coalesce(Subquery(number.values("number"), output_field=IntegerField()), 0)


def _families(action: Action, kinds: Collection[str]) -> str:
    step = prescription_step(action)
    known = dict(words_of(action, step, "prescriber_kinds", {"prescriber_kinds": list(kinds)})) if step else {}
    everywhere = dict(OrganisationKind.choices)
    return ", ".join(
        known.get(kind, kind) if known.get(kind, kind) != kind else everywhere.get(kind, kind) for kind in kinds
    )

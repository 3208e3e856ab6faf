"""What the team decides of the people oriented to its action."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import (
    DecisionOutcome,
    DecisionStep,
    LeavingReason,
    PrescriptionState,
    RefusalReason,
    WaitingState,
)
from essaim.journeys.models import Decision, Group, Prescription, WaitingEntry
from essaim.journeys.operations.parcours_rules import lock_action
from essaim.journeys.operations.prescriptions import make_prescription, open_file_to_carrier
from essaim.journeys.operations.waiting import join_queue, take_out_of_queue
from essaim.journeys.permissions import may_examine
from essaim.journeys.queries.entry_rules import entry_rules_of
from essaim.journeys.queries.prescriptions import OPEN_STATES, answer_day
from essaim.kernel.days import paris_day
from essaim.kernel.edit_versions import check_version
from essaim.kernel.errors import OperationError
from essaim.people.models import Person
from essaim.people.operations import close_grants
from essaim.people.queries import scope_for

DECISION = "journeys.decision"
STATES = {
    DecisionOutcome.ACCEPTED: PrescriptionState.ACCEPTED,
    DecisionOutcome.REFUSED: PrescriptionState.REFUSED,
    DecisionOutcome.WAITLISTED: PrescriptionState.WAITING,
    DecisionOutcome.REORIENTED: PrescriptionState.REORIENTED,
    DecisionOutcome.SECOND_CHANCE: PrescriptionState.SENT,
}


class DecisionRefused(OperationError):  # noqa: N818 - the words of the screen
    """A decision that cannot be taken, or taken back, so."""


@transaction.atomic
def decide_prescription(
    *,
    prescription: Prescription,
    outcome: str,
    reason: str = "",
    explanation: str = "",
    validated: Iterable[str] = (),
    group: Group | None = None,
    reoriented_to: Action | None = None,
    on: date,
    version: int,
    by: Membership,
    now: datetime,
) -> Decision:
    """Answer a prescription on that day: the row, ``decision_made`` (codes only), the state that its prescriber reads.

    ``accepted`` does not enrol; ``waitlisted`` puts her at the end of the queue (of ``group`` if given); ``reoriented``
    makes a prescription to the other action in the same act; ``second_chance`` leaves it to examine, with a new day to
    answer by; refused or reoriented, her file closes to the team. Refused (DecisionRefused, PrescriptionRefused,
    QueueRefused): outside the team that receives, a file not open to it, already answered, a refusal without coded
    reason, what the practice does not validate, a day in the future or before the orientation; EditConflict.
    """
    action = _lock_actions(prescription.action, reoriented_to)
    _require_team(action, prescription.person, by)
    locked = check_version(prescription, version)
    locked.action = action
    if locked.state not in OPEN_STATES:
        raise DecisionRefused("Une décision a déjà été prise sur cette orientation.")
    codes = check_validated(action=action, validated=validated)
    _check_decision(locked, outcome, reason, reoriented_to, on, paris_day(now))
    reason = reason if outcome == DecisionOutcome.REFUSED else ""
    decision = record_decision(
        action=action,
        person=locked.person,
        prescription=locked,
        outcome=outcome,
        reason=reason,
        explanation=explanation,
        validated=codes,
        group=group,
        reoriented_to=reoriented_to if outcome == DecisionOutcome.REORIENTED else None,
        on=on,
        by=by,
        now=now,
    )
    _follow(decision, locked, group, by, now)
    locked.state, locked.received_at = STATES[DecisionOutcome(outcome)], locked.received_at or now
    locked.save()
    return decision


@transaction.atomic
def decide_entry(
    *,
    action: Action,
    person: Person,
    validated: Iterable[str],
    on: date,
    by: Membership,
    now: datetime,
) -> Decision:
    """Accept, without prescription, someone met directly, and keep what the interview validated.

    Refused (DecisionRefused): outside the team, a file not open to it, a day in the future, what the practice does not
    validate.
    """
    action = lock_action(action=action)
    _require_team(action, person, by)
    if on > paris_day(now):
        raise DecisionRefused("La décision ne peut pas être dans l’avenir.", field="on")
    return record_decision(
        action=action,
        person=person,
        outcome=DecisionOutcome.ACCEPTED,
        validated=check_validated(action=action, validated=validated),
        on=on,
        by=by,
        now=now,
    )


@transaction.atomic
def cancel_decision(*, decision: Decision, by: Membership, now: datetime) -> Decision:
    """Take back the last decision on a prescription while nothing followed: it waits again where it was before.

    Her place in the queue and the file opened to the team come back with it. Refused (DecisionRefused): outside the
    team, already cancelled, not the last one, she entered since, the other action has already answered.
    """
    action = _lock_actions(decision.action, decision.reoriented_to)
    if not may_examine(by, action):
        raise DecisionRefused("Seule l’équipe de l’action revient sur cette décision.")
    locked = Decision.objects.select_for_update(of=("self",)).select_related("person", "fact").get(pk=decision.pk)
    if locked.cancelled_at is not None:
        raise DecisionRefused("Cette décision est déjà annulée.")
    if locked.enrolment_id is not None:
        raise DecisionRefused("La personne est entrée depuis : annulez d’abord son entrée.")
    if locked.prescription_id is not None:
        _restore(locked, action, by, now)
    void_fact(locked.fact, emitter=DECISION, by=by, now=now)
    locked.cancelled_at = now
    locked.save(update_fields=["cancelled_at"])
    return locked


def record_decision(
    *,
    action: Action,
    person: Person,
    outcome: str,
    prescription: Prescription | None = None,
    reason: str = "",
    explanation: str = "",
    validated: Iterable[str] = (),
    group: Group | None = None,
    reoriented_to: Action | None = None,
    on: date,
    by: Membership,
    now: datetime,
) -> Decision:
    """Write a decision on an entry and its fact, in the caller's transaction. ``criteria`` holds codes, never words."""
    codes = list(validated)
    criteria = " ".join([*codes, *([reason] if reason else [])])
    fact: Fact = record(
        "decision_made",
        emitter=DECISION,
        action=action,
        at=on,
        person=person,
        cohort=group.ref if group else None,
        by=by,
        now=now,
        data={"step": DecisionStep.OPPORTUNITY.value, "outcome": str(outcome)}
        | ({"criteria": criteria} if criteria else {}),
    )
    return Decision.objects.create(
        action=action,
        person=person,
        prescription=prescription,
        step=DecisionStep.OPPORTUNITY,
        outcome=outcome,
        reason=reason,
        explanation=" ".join(explanation.replace("\x00", "").split())[:500],
        validated=codes,
        reoriented_to=reoriented_to,
        decided_on=on,
        decided_by=by.user,
        fact=fact,
        created_at=now,
    )


def check_validated(*, action: Action, validated: Iterable[str]) -> tuple[str, ...]:
    """Return the codes in the order of the practice. Raises DecisionRefused for one it does not know."""
    known, given = entry_rules_of(action).codes, set(validated)
    if not given <= set(known):
        raise DecisionRefused("La fiche ne demande pas de valider cela.", field="validated")
    return tuple(code for code in known if code in given)


def _lock_actions(action: Action, other: Action | None) -> Action:
    """Lock both in one order, so that two teams reorienting to each other wait instead of failing."""
    for pk in sorted({action.pk, *([other.pk] if other else [])}):
        Action.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return lock_action(action=action)


def _require_team(action: Action, person: Person, by: Membership) -> None:
    if not may_examine(by, action):
        raise DecisionRefused("Seule l’équipe de l’action décide des entrées.")
    if scope_for(by, person) is None:
        raise DecisionRefused("Ce dossier ne vous est pas ouvert.")


def _check_decision(
    prescription: Prescription, outcome: str, reason: str, other: Action | None, on: date, today: date
) -> None:
    if outcome not in DecisionOutcome.values:
        raise DecisionRefused("Choisissez une décision.", field="outcome")
    if outcome == DecisionOutcome.REFUSED and reason not in RefusalReason.values:
        raise DecisionRefused("Choisissez le motif du refus.", field="reason")
    if outcome == DecisionOutcome.WAITLISTED and prescription.state == PrescriptionState.WAITING:
        raise DecisionRefused("Cette personne est déjà en liste d’attente.", field="outcome")
    if outcome == DecisionOutcome.REORIENTED and (other is None or other.pk == prescription.action_id):
        raise DecisionRefused("Choisissez l’action vers laquelle la réorienter.", field="reoriented_to")
    if on > today:
        raise DecisionRefused("La décision ne peut pas être dans l’avenir.", field="on")
    if on < prescription.made_on:
        raise DecisionRefused("Cette date précède l’orientation.", field="on")


def _follow(decision: Decision, prescription: Prescription, group: Group | None, by: Membership, now: datetime) -> None:
    """What a decision causes: the queue, the other action, the file that closes."""
    action, person, outcome = prescription.action, prescription.person, decision.outcome
    if outcome == DecisionOutcome.WAITLISTED:
        join_queue(action=action, person=person, group=group, prescription=prescription, by=by, now=now)
        return
    if outcome == DecisionOutcome.SECOND_CHANCE:
        prescription.answer_due = answer_day(action, decision.decided_on)
    if outcome == DecisionOutcome.ACCEPTED:
        return
    take_out_of_queue(
        action=action, person=person, state=WaitingState.LEFT, reason=LeavingReason.DECIDED, by=by, now=now
    )
    if decision.reoriented_to is not None:
        make_prescription(
            action=decision.reoriented_to,
            person=person,
            motive=prescription.motive,
            letter=prescription.letter,
            agreed_on=decision.decided_on,
            by=by,
            now=now,
        )
    if outcome in {DecisionOutcome.REFUSED, DecisionOutcome.REORIENTED}:
        close_grants(origin=prescription.ref, person=person, by=by, now=now)


def _restore(decision: Decision, action: Action, by: Membership, now: datetime) -> None:
    prescription = Prescription.objects.select_for_update(of=("self",)).get(decisions=decision)
    prescription.action, prescription.person = action, decision.person
    standing = prescription.decisions.filter(cancelled_at__isnull=True).order_by("pk")
    if standing.last() != decision:
        raise DecisionRefused("Une autre décision a été prise depuis : revenez d’abord sur celle-là.")
    if prescription.state in OPEN_STATES and decision.outcome in {DecisionOutcome.ACCEPTED, DecisionOutcome.REFUSED}:
        raise DecisionRefused("Cette orientation a changé depuis. Rechargez la page.")
    before = standing.exclude(pk=decision.pk).last()
    was_waiting = before is not None and before.outcome == DecisionOutcome.WAITLISTED
    if decision.outcome == DecisionOutcome.REORIENTED:
        _take_back_reorientation(decision, by, now)
    if decision.outcome == DecisionOutcome.WAITLISTED:
        WaitingEntry.objects.filter(prescription=prescription, left_at__isnull=True).update(
            state=WaitingState.LEFT, left_at=now, reason=LeavingReason.DECIDED
        )
    elif was_waiting:
        WaitingEntry.objects.filter(prescription=prescription, left_at=decision.created_at).update(
            state=WaitingState.WAITING, left_at=None, reason=""
        )
    prescription.state = PrescriptionState.WAITING if was_waiting else PrescriptionState.SENT
    prescription.version += 1
    prescription.save()
    open_file_to_carrier(prescription=prescription, by=by, now=now)


def _take_back_reorientation(decision: Decision, by: Membership, now: datetime) -> None:
    made = Prescription.objects.select_for_update(of=("self",)).filter(
        action=decision.reoriented_to, person=decision.person, created_at=decision.created_at
    )
    other = made.select_related("fact").first()
    if other is None or other.state != PrescriptionState.SENT or other.decisions.exists():
        raise DecisionRefused("L’autre action a déjà répondu : la réorientation ne s’annule plus.")
    void_fact(other.fact, emitter="journeys.prescription", by=by, now=now)
    close_grants(origin=other.ref, person=other.person, by=by, now=now)
    other.state = PrescriptionState.WITHDRAWN
    other.version += 1
    other.save(update_fields=["state", "version"])

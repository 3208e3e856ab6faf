"""What an entry does to what came before it: orientation, decision, queue, and the steps that led to the door."""

from collections.abc import Iterable
from datetime import date, datetime

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.enums import DecisionOutcome, EnrolmentState, PrescriptionState, WaitingState
from essaim.journeys.models import Decision, Enrolment, Group, Prescription
from essaim.journeys.operations.decisions import record_decision
from essaim.journeys.operations.parcours_rules import EnrolmentRefused
from essaim.journeys.operations.prescriptions import open_file_to_carrier
from essaim.journeys.operations.steps import complete_step, skip_step
from essaim.journeys.operations.waiting import take_out_of_queue
from essaim.journeys.queries.actions import practice_of, settings_of
from essaim.journeys.queries.entry_rules import ENTRY, entry_rules_of, latest_acceptance
from essaim.journeys.queries.prescriptions import OPEN_STATES, PRESCRIPTION
from essaim.kernel.formats import long_day
from essaim.people.models import Person
from essaim.people.operations import close_grants


def require_validated(*, action: Action, person: Person, validated: Iterable[str]) -> tuple[str, ...]:
    """Return what was validated, now or by the decision that accepts her, in the order of the practice.

    Refused (EnrolmentRefused): something the practice asks to validate is not.
    """
    rules, accepted = entry_rules_of(action), latest_acceptance(action, person)
    found = set(validated) | set(accepted.validated if accepted else ())
    missing = [words for code, words in rules.validates if code not in found]
    if missing:
        raise EnrolmentRefused(
            f"L’entretien d’entrée doit valider {' et '.join(missing)} avant l’inscription.", field="validated"
        )
    return tuple(code for code in rules.codes if code in found)


def refuse_outside_entry_days(*, action: Action, group: Group | None, on: date) -> None:
    """Raise EnrolmentRefused for a day on which the group is not entered.

    A group is entered between its dates. Where the practice wants small groups only, on the first day of the group, or
    on a day when someone else enters it.
    """
    if group is not None and group.starts is not None and on < group.starts:
        raise EnrolmentRefused(f"«\u00a0{group.name}\u00a0» commence le {long_day(group.starts)}.", field="on")
    if group is not None and group.ends is not None and on > group.ends:
        raise EnrolmentRefused(f"«\u00a0{group.name}\u00a0» s’est terminé le {long_day(group.ends)}.", field="on")
    if not entry_rules_of(action).enters_together or (group is not None and group.starts == on):
        return
    same_day = Enrolment.objects.filter(action=action, group=group, opened_on=on)
    if not same_day.exclude(state=EnrolmentState.CANCELLED).exists():
        raise EnrolmentRefused(
            "Ici, les entrées se font par petits groupes : choisissez le jour où le groupe commence, ou un jour où"
            " d’autres entrent.",
            field="on",
        )


def settle_intake(*, enrolment: Enrolment, by: Membership, now: datetime) -> None:
    """Tie an entry to what led to it: an open prescription is accepted, the decision linked, the queue left, the file
    open for the parcours and no longer for the prescription, the steps before the entry done or not relevant.
    """
    action, person, on = enrolment.action, enrolment.person, enrolment.opened_on
    prescription = (
        Prescription.objects.select_for_update(of=("self",))
        .filter(action=action, person=person, state__in=[*OPEN_STATES, PrescriptionState.ACCEPTED])
        .order_by("-made_on", "-pk")
        .first()
    )
    decision = latest_acceptance(action, person)
    if prescription is not None and prescription.state in OPEN_STATES:
        decision = record_decision(
            action=action,
            person=person,
            prescription=prescription,
            outcome=DecisionOutcome.ACCEPTED,
            validated=enrolment.validated,
            group=enrolment.group,
            on=on,
            by=by,
            now=now,
        )
        prescription.state = PrescriptionState.ACCEPTED
        prescription.received_at = prescription.received_at or now
        prescription.version += 1
        prescription.save()
    if decision is not None and decision.enrolment_id is None:
        Decision.objects.filter(pk=decision.pk).update(enrolment=enrolment)
    take_out_of_queue(action=action, person=person, state=WaitingState.ENTERED, by=by, now=now)
    if prescription is not None:
        close_grants(origin=prescription.ref, person=person, by=by, now=now)
    _settle_steps(enrolment, prescription, by, now)


def unsettle_intake(*, enrolment: Enrolment, by: Membership, now: datetime) -> None:
    """Untie a cancelled entry: the decision that accepted her stands without it, the file is open for it again."""
    linked = list(Decision.objects.filter(enrolment=enrolment).select_related("prescription"))
    Decision.objects.filter(enrolment=enrolment).update(enrolment=None)
    for decision in linked:
        if decision.prescription is not None:
            decision.prescription.action, decision.prescription.person = enrolment.action, enrolment.person
            open_file_to_carrier(prescription=decision.prescription, by=by, now=now)


def _settle_steps(enrolment: Enrolment, prescription: Prescription | None, by: Membership, now: datetime) -> None:
    """The steps written before the entry: done when something says so, otherwise not relevant to this parcours."""
    for step in practice_of(enrolment.action).steps:
        if step.kind == ENTRY:
            return
        if step.subject != "enrolment":
            continue
        asked = settings_of(enrolment.action, step.key).get("validates") or ()
        if step.kind == PRESCRIPTION and prescription is not None:
            complete_step(enrolment=enrolment, step=step.key, on=prescription.made_on, by=by, now=now)
        elif asked and set(asked) <= set(enrolment.validated):
            complete_step(enrolment=enrolment, step=step.key, on=enrolment.opened_on, by=by, now=now)
        else:
            skip_step(enrolment=enrolment, step=step.key, on=enrolment.opened_on)

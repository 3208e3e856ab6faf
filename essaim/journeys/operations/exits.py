"""Leaving an action, and the corrections of an exit."""

from datetime import date, datetime, time

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journal.models import Action, Fact
from essaim.journal.operations import record, void_fact
from essaim.journeys.enums import CloseReason, EnrolmentState
from essaim.journeys.models import Enrolment
from essaim.journeys.operations.hand_overs import refuse_silent_stop
from essaim.journeys.operations.limits import set_due_on
from essaim.journeys.operations.parcours_rules import (
    EXIT,
    EnrolmentRefused,
    lock_action,
    lock_group,
    open_files,
    parcours_of,
    refuse_without_place,
    require_accompanying,
    take_enrolment,
    withdraw_planned,
)
from essaim.journeys.operations.steps import (
    complete_step,
    reset_step,
    resume_skipped_steps,
    skip_current_steps,
)
from essaim.journeys.queries.actions import settings_of, steps_of_kind
from essaim.kernel.days import PARIS, paris_day
from essaim.kernel.formats import long_day
from essaim.kernel.periods import add_months
from essaim.people.operations import close_grants


@transaction.atomic
def close_enrolment(
    *, enrolment: Enrolment, reason: str, on: date, version: int, by: Membership, now: datetime
) -> Enrolment:
    """Close a parcours on that day: ``enrolment_closed``, its open steps left aside.

    The file closes at once to the partners, and to the carrier too unless the practice asks for news after the exit:
    then a month after the last of them, since a contract signed or broken meanwhile is still to be written.

    What was planned with her after that day is withdrawn, whatever app planned it: she is expected nowhere any more.

    Refused (EnrolmentRefused): someone who does not follow people in this action or does not see this file,
    already closed, a day in the future or before the entry, an unknown reason; and EditConflict when
    someone else changed it meanwhile.
    """
    require_accompanying(action=enrolment.action, person=enrolment.person, by=by)
    enrolment = take_enrolment(enrolment=enrolment, version=version)
    if enrolment.state != EnrolmentState.OPEN:
        raise EnrolmentRefused("Ce parcours est déjà terminé.")
    _check_exit(enrolment, reason, on, paris_day(now))
    enrolment.state, enrolment.closed_on, enrolment.close_reason = EnrolmentState.CLOSED, on, reason
    enrolment.closed_fact = _record_exit(enrolment, by, now)
    enrolment.save()
    for step in steps_of_kind(enrolment.action, EXIT):
        complete_step(enrolment=enrolment, step=step.key, outcome=reason, on=on, by=by, now=now)
    skip_current_steps(enrolment=enrolment, on=on)
    withdraw_planned(enrolment=enrolment, on=on, by=by, now=now)
    _close_files(enrolment, by, now)
    return enrolment


@transaction.atomic
def correct_closing(
    *, enrolment: Enrolment, reason: str, on: date, version: int, by: Membership, now: datetime
) -> Enrolment:
    """Set right the day or the reason of an exit: a new ``enrolment_closed`` replaces the former, and the day on which
    the file closes to the carrier follows.

    Refused as ``close_enrolment``, a parcours that is not closed, a day that a later parcours forbids;
    EditConflict.
    """
    require_accompanying(action=enrolment.action, person=enrolment.person, by=by)
    enrolment = take_enrolment(enrolment=enrolment, version=version)
    if enrolment.state != EnrolmentState.CLOSED:
        raise EnrolmentRefused("Ce parcours n’est pas terminé.")
    _check_exit(enrolment, reason, on, paris_day(now))
    later = parcours_of(action=enrolment.action, person=enrolment.person).filter(opened_on__gt=enrolment.opened_on)
    if later.filter(opened_on__lte=on).exists():
        raise EnrolmentRefused("La personne est revenue dans l’action à cette date ou avant.", field="on")
    enrolment.closed_on, enrolment.close_reason = on, reason
    enrolment.closed_fact = _record_exit(enrolment, by, now, corrects=enrolment.closed_fact)
    enrolment.save()
    set_due_on(enrolment=enrolment)
    for step in steps_of_kind(enrolment.action, EXIT):
        complete_step(enrolment=enrolment, step=step.key, outcome=reason, on=on, by=by, now=now)
    _close_files(enrolment, by, now)
    return enrolment


@transaction.atomic
def reopen_enrolment(*, enrolment: Enrolment, version: int, by: Membership, now: datetime) -> Enrolment:
    """Cancel an exit entered by mistake: its fact is voided, the parcours is open again if a place is left.

    What the exit withdrew (appointments, sessions) does not come back: those times may have been given since.

    Refused (EnrolmentRefused, NoPlaceLeft): not closed, already in again, no place; EditConflict.
    """
    action = lock_action(action=enrolment.action)
    require_accompanying(action=action, person=enrolment.person, by=by)
    enrolment = take_enrolment(enrolment=enrolment, version=version)
    if enrolment.state != EnrolmentState.CLOSED or enrolment.closed_fact is None:
        raise EnrolmentRefused("Ce parcours n’est pas terminé.")
    if parcours_of(action=action, person=enrolment.person).filter(opened_on__gt=enrolment.opened_on).exists():
        raise EnrolmentRefused("La personne est revenue dans l’action depuis : corrigez ce parcours-là.")
    group = lock_group(action=action, group=enrolment.group)
    refuse_without_place(action=action, group=group, words="Sa place a été prise depuis")
    void_fact(enrolment.closed_fact, emitter=EXIT, by=by, now=now)
    enrolment.state, enrolment.closed_on, enrolment.close_reason = EnrolmentState.OPEN, None, ""
    enrolment.closed_fact = None
    enrolment.save()
    set_due_on(enrolment=enrolment)
    today = paris_day(now)
    for step in steps_of_kind(action, EXIT):
        reset_step(enrolment=enrolment, step=step.key, on=today)
    resume_skipped_steps(enrolment=enrolment, on=today)
    open_files(enrolment=enrolment, by=by, now=now)
    return enrolment


def _close_files(enrolment: Enrolment, by: Membership, now: datetime) -> None:
    action, person = enrolment.action, enrolment.person
    months = _months_of_news(action)
    if not months:
        close_grants(origin=action.ref, person=person, by=by, now=now)
        return
    assert enrolment.closed_on is not None
    last = datetime.combine(add_months(enrolment.closed_on, months + 1), time.min, PARIS)
    close_grants(origin=action.ref, person=person, excluded=action.organisation, by=by, now=now)
    close_grants(
        origin=action.ref, person=person, organisation=action.organisation, until=max(last, now), by=by, now=now
    )


def _months_of_news(action: Action) -> int:
    """Return how many months after an exit the practice last asks for news, 0 when it never does."""
    asked = [
        int(month)
        for step in steps_of_kind(action, EXIT)
        for month in settings_of(action, step.key).get("followup_months") or ()
    ]
    return max(asked, default=0)


def _check_exit(enrolment: Enrolment, reason: str, on: date, today: date) -> None:
    if reason not in CloseReason.values:
        raise EnrolmentRefused("Choisissez un motif de sortie.", field="reason")
    refuse_silent_stop(enrolment=enrolment, reason=reason)
    if on > today:
        raise EnrolmentRefused("La sortie ne peut pas être dans l’avenir.", field="on")
    if on < enrolment.opened_on:
        raise EnrolmentRefused(f"L’entrée date du {long_day(enrolment.opened_on)}.", field="on")


def _record_exit(enrolment: Enrolment, by: Membership, now: datetime, corrects: Fact | None = None) -> Fact:
    assert enrolment.closed_on is not None
    return record(
        "enrolment_closed",
        emitter=EXIT,
        action=enrolment.action,
        at=enrolment.closed_on,
        person=enrolment.person,
        by=by,
        now=now,
        cohort=enrolment.group.ref if enrolment.group else None,
        data={"reason": enrolment.close_reason},
        corrects=corrects,
    )

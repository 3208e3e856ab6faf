"""Where parcours stand on the steps of their practice. No other module writes it."""

from datetime import date, datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.journeys.engine.steps import Standing, steps_now_open
from essaim.journeys.enums import EnrolmentState, StepStatus
from essaim.journeys.models import Enrolment, StepState
from essaim.journeys.queries.actions import practice_of
from essaim.kernel.errors import OperationError


class StepRefused(OperationError):  # noqa: N818 - the words of the screen
    """A step that the practice of this parcours does not have."""


@transaction.atomic
def complete_step(
    *, enrolment: Enrolment, step: str, outcome: str = "", on: date, by: Membership | None, now: datetime
) -> StepState:
    """Mark a step of a parcours as done on that day, and open the steps that waited for it.

    Done again, the first day stays and the outcome is the last one. Raises StepRefused for a step that the
    practice does not have.
    """
    if step not in {one.key for one in practice_of(enrolment.action).steps}:
        raise StepRefused("Cette étape n’existe pas dans la fiche de l’action.")
    states = _states_of(enrolment)
    state = _mark_done(enrolment, step, outcome, on, states.get(step))
    if enrolment.state == EnrolmentState.OPEN:
        _open_next(enrolment, on, states | {step: state})
    return state


def open_next_steps(*, enrolment: Enrolment, on: date) -> None:
    """Make current the steps whose predecessors are all over."""
    _open_next(enrolment, on, _states_of(enrolment))


def skip_step(*, enrolment: Enrolment, step: str, on: date) -> None:
    """Mark a step never reached as not relevant to this parcours. Reached already, it stays as it is."""
    state = StepState(enrolment=enrolment, step=step, status=StepStatus.SKIPPED, since=on)
    StepState.objects.bulk_create([state], ignore_conflicts=True)


def _states_of(enrolment: Enrolment) -> dict[str, StepState]:
    return {state.step: state for state in StepState.objects.filter(enrolment=enrolment)}


def _mark_done(enrolment: Enrolment, step: str, outcome: str, on: date, known: StepState | None) -> StepState:
    """One statement even when someone else marks the same step at the same time, none when nothing changes."""
    is_done = known is not None and known.status == StepStatus.DONE
    if known is not None and is_done and known.outcome == outcome:
        return known
    since = known.since if known is not None and is_done else on
    state = StepState(enrolment=enrolment, step=step, status=StepStatus.DONE, outcome=outcome, since=since)
    StepState.objects.bulk_create(
        [state],
        update_conflicts=True,
        unique_fields=["enrolment", "step"],
        update_fields=["status", "outcome", "since"],
    )
    return state


def _open_next(enrolment: Enrolment, on: date, states: dict[str, StepState]) -> None:
    standings = {step: Standing(state.status, state.since) for step, state in states.items()}
    steps = [step for step in practice_of(enrolment.action).steps if step.subject == "enrolment"]
    opened = [
        StepState(enrolment=enrolment, step=key, status=StepStatus.CURRENT, since=on)
        for key in steps_now_open(steps, standings)
    ]
    if opened:
        StepState.objects.bulk_create(opened, ignore_conflicts=True)


def reset_step(*, enrolment: Enrolment, step: str, on: date) -> None:
    """Make a step current again: what had completed it was cancelled."""
    StepState.objects.filter(enrolment=enrolment, step=step).update(status=StepStatus.CURRENT, outcome="", since=on)


def skip_current_steps(*, enrolment: Enrolment, on: date) -> None:
    """Mark the steps still open as no longer relevant: the parcours is over."""
    StepState.objects.filter(enrolment=enrolment, status=StepStatus.CURRENT).update(status=StepStatus.SKIPPED, since=on)


def resume_skipped_steps(*, enrolment: Enrolment, on: date) -> None:
    """Open again the steps that a closing, now cancelled, had made irrelevant."""
    StepState.objects.filter(enrolment=enrolment, status=StepStatus.SKIPPED).update(status=StepStatus.CURRENT, since=on)

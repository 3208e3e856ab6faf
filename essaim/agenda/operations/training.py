"""The training step of a parcours follows attendance: done, or to do again after a correction."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.agenda.queries.training import TRAINING, list_trained, session_steps
from essaim.journal.enums import ActionState
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState, StepStatus
from essaim.journeys.models import Enrolment, StepState
from essaim.journeys.operations import complete_step, reset_step
from essaim.kernel.days import paris_day


@transaction.atomic
def settle_training(
    *, action: Action, people: Iterable[int] | None = None, by: Membership | None, now: datetime
) -> int:
    """Make the training steps of these people, or of everyone in the action, say what attendance says today.

    Done when she was recorded at a session of the step and its weeks are over, or when she attended every content;
    to do again when a correction took that away. Return how many parcours changed. Refuses nothing.
    """
    on, changed = paris_day(now), 0
    keys = None if people is None else list(people)
    for step in session_steps(action, TRAINING):
        trained = {one.pk: one for one in list_trained(action, step, on, keys)}
        states = StepState.objects.filter(
            step=step.key, status=StepStatus.DONE, enrolment__action=action, enrolment__state=EnrolmentState.OPEN
        )
        if keys is not None:
            states = states.filter(enrolment__person__in=keys)
        done = {state.enrolment_id for state in states}
        for key, enrolment in trained.items():
            if key not in done:
                complete_step(enrolment=enrolment, step=step.key, on=on, by=by, now=now)
                changed += 1
        if keys is not None:
            for enrolment in Enrolment.objects.filter(pk__in=done - trained.keys()):
                reset_step(enrolment=enrolment, step=step.key, on=on)
                changed += 1
    return changed


@transaction.atomic
def settle_due_trainings(*, now: datetime) -> int:
    """Each night, close the training steps whose weeks are over. Return how many parcours changed. Refuses nothing."""
    running = Action.objects.filter(is_imported=False, state=ActionState.OPEN).select_related("practice")
    return sum(settle_training(action=action, by=None, now=now) for action in running)

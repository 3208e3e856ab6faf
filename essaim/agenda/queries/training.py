"""The training that opens a parcours, as the practice sets it: contents, weeks, and who has done it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from essaim.agenda.engine.training import has_attended_all, is_training_over
from essaim.agenda.enums import AttendanceState
from essaim.agenda.models import Attendance, PlannedSession
from essaim.guide.engine.schema import Step
from essaim.guide.engine.settings import is_reference
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState, StepStatus
from essaim.journeys.models import Enrolment, StepState
from essaim.journeys.queries import practice_of, settings_of, steps_of_kind

SESSIONS, TRAINING = "agenda.sessions", "training"


def session_steps(action: Action, phase: str = "") -> list[Step]:
    """Return the steps of the action made of sessions, in order; those of one phase when it is given."""
    steps = steps_of_kind(action, SESSIONS)
    return [step for step in steps if not phase or settings_of(action, step.key).get("phase") == phase]


def contents_of(action: Action, step: str) -> list[tuple[str, str]]:
    """Return the contents of a step as (code, label), in the practice's words. Raises KeyError for an unknown step."""
    practice = practice_of(action)
    chosen = settings_of(action, step).get("contents") or ()
    written: Any = next(one for one in practice.steps if one.key == step).settings.get("contents")
    labels = practice.choice_labels.get(written["setting"], {}) if is_reference(written) else {}
    return [(str(code), labels.get(str(code), str(code))) for code in chosen]


def attended_contents(action: Action, people: Iterable[int]) -> dict[int, set[str]]:
    """Return the contents that each person attended in this action, by key of person."""
    present = Attendance.objects.filter(
        planned__session__action=action, person__in=list(people), state=AttendanceState.PRESENT
    )
    found: dict[int, set[str]] = {}
    for person, contents in present.values_list("person", "planned__contents"):
        found.setdefault(person, set()).update(contents)
    return found


def training_is_done(enrolment: Enrolment, on: date) -> bool:
    """Tell whether this parcours may go on to prospecting that day.

    Always when its practice trains nobody first. Else once the training weeks have passed since the entry, or earlier
    when she attended every content.
    """
    return enrolment not in list_untrained(enrolment.action, [enrolment], on)


def list_untrained(action: Action, enrolments: Iterable[Enrolment], on: date) -> list[Enrolment]:
    """Return those of these parcours of the action that may not go on to prospecting that day. One query at most."""
    steps = [settings_of(action, step.key) for step in session_steps(action, TRAINING)]
    first, enrolments = [one for one in steps if one.get("before_prospecting")], list(enrolments)
    if not first or not enrolments:
        return []
    attended = attended_contents(action, [one.person_id for one in enrolments])
    return [one for one in enrolments if not all(_is_over(one, on, step, attended) for step in first)]


def _is_over(enrolment: Enrolment, on: date, settings: dict[str, Any], attended: dict[int, set[str]]) -> bool:
    return is_training_over(
        enrolment.opened_on,
        on,
        weeks=settings.get("weeks"),
        contents=settings.get("contents") or (),
        attended=attended.get(enrolment.person_id, set()),
    )


def list_trained(action: Action, step: Step, on: date, people: Iterable[int] | None = None) -> list[Enrolment]:
    """Return the open parcours whose training step can be called done that day: recorded at a session of this step,
    and its weeks are over or every content was attended. For operations: nothing is hidden. Two queries.
    """
    settings = settings_of(action, step.key)
    recorded = Attendance.objects.filter(planned__session__action=action, planned__step=step.key)
    enrolments = Enrolment.objects.filter(
        Exists(recorded.filter(person=OuterRef("person"))), action=action, state=EnrolmentState.OPEN
    ).select_related("person")
    if people is not None:
        enrolments = enrolments.filter(person__in=list(people))
    found = list(enrolments)
    attended = attended_contents(action, [one.person_id for one in found])
    return [one for one in found if _is_over(one, on, settings, attended)]


def list_newcomers(planned: PlannedSession, step: str) -> list[Enrolment]:
    """Return the open parcours, of the session's group or action, whose training is still to do that day: its step
    not over, some content not attended. For operations: nothing is hidden. Three queries.
    """
    action = planned.session.action
    over = StepState.objects.filter(
        enrolment=OuterRef("pk"), step=step, status__in=[StepStatus.DONE, StepStatus.SKIPPED]
    )
    rows = Enrolment.objects.filter(~Exists(over), action=action, state=EnrolmentState.OPEN)
    if planned.group_id:
        rows = rows.filter(group=planned.group_id)
    contents = [code for code, _ in contents_of(action, step)]
    attended = attended_contents(action, rows.values_list("person", flat=True))
    return [row for row in rows if not has_attended_all(contents, attended.get(row.person_id, ()))]

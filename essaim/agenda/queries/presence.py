"""Presence: the days someone came in a week, and what her attendance says over an action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from essaim.accounts.models import Membership
from essaim.agenda.engine.weeks import monday_of
from essaim.agenda.enums import AppointmentState, AttendanceState, MeetingMode
from essaim.agenda.models import Appointment, Attendance
from essaim.agenda.queries.training import session_steps
from essaim.journal.models import Action
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.queries import list_parcours_for, settings_of, visible_actions
from essaim.kernel.days import paris_day
from essaim.people.models import Person

LINES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Presence:
    """What a person's attendance says: counts over the actions the viewer sees, the latest lines, this week."""

    present: int
    excused: int
    absent: int
    lines: tuple[Attendance, ...]
    week_days: int
    expected_days: int | None

    @property
    def total(self) -> int:
        """How many sessions were recorded for her."""
        return self.present + self.excused + self.absent


def days_present(people: Iterable[int], on: date) -> dict[int, int]:
    """Return on how many days of the week of ``on`` each person came: at a session, or for an interview on the spot.

    For queries that already chose the people. Two queries.
    """
    keys, monday = list(people), monday_of(on)
    week = (monday, monday + timedelta(days=6))
    came: dict[int, set[date]] = {key: set() for key in keys}
    sessions = Attendance.objects.filter(
        person__in=keys, state=AttendanceState.PRESENT, planned__starts__date__range=week
    )
    meetings = Appointment.objects.filter(
        person__in=keys, state=AppointmentState.HELD, mode=MeetingMode.IN_PERSON, starts__date__range=week
    )
    for person, starts in [
        *sessions.values_list("person", "planned__starts"),
        *meetings.values_list("person", "starts"),
    ]:
        came[person].add(paris_day(starts))
    return {key: len(days) for key, days in came.items()}


def expected_days(action: Action) -> int | None:
    """Return how many days of presence a week the practice expects, None when it expects none."""
    found = [settings_of(action, step.key).get("presence_days") for step in session_steps(action)]
    return max((days for days in found if days), default=None)


def is_in_sessions(viewer: Membership | None, person: Person) -> bool:
    """Tell whether attendance was recorded for this person in the actions the viewer sees."""
    seen = visible_actions(viewer).values("pk")
    return Attendance.objects.filter(person=person, planned__session__action__in=seen).exists()


def get_presence_for(viewer: Membership | None, person: Person, on: date) -> Presence:
    """Return what the attendance of a person says, in the actions the viewer sees; ``viewer`` obtained her file."""
    rows = list(
        Attendance.objects.filter(person=person, planned__session__action__in=visible_actions(viewer).values("pk"))
        .select_related("planned__session__action")
        .defer("planned__session__action__definition")
        .order_by("-planned__starts", "-pk")
    )
    states = [row.state for row in rows]
    lines = list_parcours_for(viewer, person)
    expected = [expected_days(one.enrolment.action) for one in lines if one.enrolment.state == EnrolmentState.OPEN]
    return Presence(
        present=states.count(AttendanceState.PRESENT),
        excused=states.count(AttendanceState.EXCUSED),
        absent=states.count(AttendanceState.ABSENT),
        lines=tuple(rows[:LINES_SHOWN]),
        week_days=days_present([person.pk], on)[person.pk],
        expected_days=max((days for days in expected if days), default=None),
    )

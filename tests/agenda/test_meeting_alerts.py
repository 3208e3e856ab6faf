"""What meetings ask for: one to call, minutes to approve, decisions to carry out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from essaim.agenda.engine.meetings import days_of_meetings, longest_interval
from essaim.agenda.operations import (
    DecisionPlan,
    approve_minutes,
    cancel_meeting,
    settle_decision,
    take_decision,
    write_minutes,
)
from essaim.agenda.queries.meeting_alerts import find_decision_due, find_meeting_due, find_minutes_missing
from essaim.agenda.queries.session_alerts import find_attendance_missing
from essaim.kernel.alerts import ALERT_COLUMNS, AlertScope
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_committee
from tests.factories.journeys import make_action

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


@pytest.fixture
def by():
    return MembershipFactory(manager=True)


@pytest.fixture
def action(by):
    return make_action(by)


def lines(find, action, on=ON, **settings):
    rows = find(AlertScope(kind="agenda.test", on=on, settings_by_action={action.pk: settings}))
    return [dict(zip(ALERT_COLUMNS, row, strict=True)) for row in rows]


def test_an_action_without_a_meeting_planned_within_its_rhythm_is_told(by, action):
    (never,) = lines(find_meeting_due, action, every=60)
    assert (never["alert_since"], never["alert_due"]) == (date(2026, 1, 1), date(2026, 3, 2))
    make_committee(by, action)
    (line,) = lines(find_meeting_due, action, every=10)
    assert (line["alert_subject"], line["alert_due"], line["alert_number"]) == (action.ref, date(2026, 11, 30), 3)
    coming = make_committee(by, action, starts=datetime(2026, 12, 2, 8, 0, tzinfo=UTC))
    assert lines(find_meeting_due, action, every=10) == []
    assert lines(find_meeting_due, action, every=5) != []
    cancel_meeting(meeting=coming, version=1, by=by, now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert lines(find_meeting_due, action, every=10) != []
    assert lines(find_meeting_due, action) == []
    (other,) = lines(find_meeting_due, action, every=10, step="committee")
    assert other["alert_since"] == action.starts


def test_minutes_are_asked_for_within_a_week_of_the_meeting(by, action, now):
    meeting = make_committee(by, action, trainer=by.user, members=[by])
    make_committee(by, action, starts=now + timedelta(hours=1))
    (line,) = lines(find_minutes_missing, action)
    assert (line["alert_user"], line["alert_since"], line["alert_due"]) == (
        by.user_id,
        date(2026, 11, 20),
        date(2026, 11, 27),
    )
    assert lines(find_attendance_missing, action) == []
    present = {one.pk: "present" for one in meeting.attendees.all()}
    meeting = write_minutes(meeting=meeting, presence=present, notes={}, version=1, by=by, now=now)
    assert len(lines(find_minutes_missing, action)) == 1
    approve_minutes(meeting=meeting, version=2, by=by, now=now)
    assert lines(find_minutes_missing, action) == []


def test_an_open_decision_is_told_to_its_owner_until_it_is_settled(by, action, now):
    meeting = make_committee(by, action)
    plan = DecisionPlan("Écrire aux partenaires", by.user, "", date(2026, 12, 4))
    decision = take_decision(meeting=meeting, plan=plan, by=by, now=now)
    take_decision(meeting=meeting, plan=DecisionPlan("Relire", None, "Ana Roche", date(2026, 12, 4)), by=by, now=now)
    first, second = lines(find_decision_due, action)
    assert (first["alert_user"], first["alert_due"], first["alert_title"]) == (
        by.user_id,
        date(2026, 12, 4),
        plan.words,
    )
    assert second["alert_user"] is None
    settle_decision(decision=decision, state="done", version=1, by=by, now=now)
    assert len(lines(find_decision_due, action)) == 1


def test_the_rhythm_that_a_practice_gives():
    assert longest_interval(60, 3, 2) == 60
    assert longest_interval(None, 3, None) == 92
    assert longest_interval(None, None, 2) == 183
    assert longest_interval(None, None, None) is None


def test_the_days_of_a_series_of_meetings():
    assert days_of_meetings(date(2026, 12, 4), date(2026, 12, 31), 3) == (date(2026, 12, 4), date(2026, 12, 28))
    with pytest.raises(ValueError, match="goes forward"):
        days_of_meetings(date(2026, 12, 4), date(2026, 12, 3), 3)

"""What sessions ask for: attendance to record, a next week too light."""

from datetime import UTC, date, datetime, timedelta

import pytest

from essaim.agenda.operations import cancel_session, record_attendance, settle_due_trainings
from essaim.agenda.queries.session_alerts import find_attendance_missing, find_half_days_short
from essaim.journeys.models import Group
from essaim.kernel.alerts import ALERT_COLUMNS, AlertScope
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_session
from tests.factories.journeys import make_action, make_enrolment

pytestmark = pytest.mark.django_db
NEXT_MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


@pytest.fixture
def by():
    return MembershipFactory()


@pytest.fixture
def action(by):
    return make_action(by)


def lines(find, action, on=date(2026, 11, 23), **settings):
    rows = find(AlertScope(kind="agenda.test", on=on, settings_by_action={action.pk: settings}))
    return [dict(zip(ALERT_COLUMNS, row, strict=True)) for row in rows]


def test_a_session_over_without_attendance_is_to_record(by, action, now):
    missing = make_session(by, action, title="CV", trainer=by.user)
    make_session(by, action, starts=now - timedelta(hours=1))
    cancelled = make_session(by, action, starts=now - timedelta(days=2))
    cancel_session(planned=cancelled, version=1, by=by, now=now)
    make_session(by, make_action(by))
    (line,) = lines(find_attendance_missing, action)
    assert (line["alert_subject"], line["alert_title"], line["alert_user"]) == (missing.session.ref, "CV", by.user.pk)
    assert line["alert_since"] == line["alert_due"] == date(2026, 11, 20)
    assert lines(find_attendance_missing, action, on=date(2026, 11, 19)) == []
    record_attendance(planned=missing, rows=[], by=by, now=now)
    assert lines(find_attendance_missing, action) == []


def test_a_session_to_record_is_told_with_its_group(by, action):
    north = Group.objects.create(action=action, name="Nord", places=20)
    make_session(by, action, title="CV", group=north)
    (line,) = lines(find_attendance_missing, action)
    assert line["alert_title"] == "CV, Nord"


def test_a_next_week_too_light_is_told_group_by_group(by, action):
    north = Group.objects.create(action=action, name="Nord", places=20, facilitator=by.user)
    south = Group.objects.create(action=action, name="Sud", places=20)
    Group.objects.create(action=action, name="Vide", places=20)
    for group in (north, north, south, None):
        make_enrolment(by, action, group=group)
    for day in (0, 1):
        make_session(by, action, starts=NEXT_MONDAY + timedelta(days=day), step="half_days", group=south)
    make_session(by, action, starts=NEXT_MONDAY + timedelta(days=3), step="half_days", group=north)
    make_session(by, action, starts=NEXT_MONDAY + timedelta(days=3, hours=1), step="half_days", group=north)
    make_session(by, action, starts=NEXT_MONDAY + timedelta(days=4), step="side_activities", group=north)
    found = {line["alert_title"]: line for line in lines(find_half_days_short, action, min=2)}
    assert {title: line["alert_number"] for title, line in found.items()} == {"Nord": 1, action.title: 0}
    nord = found["Nord"]
    assert (nord["alert_user"], nord["alert_subject"], nord["alert_due"]) == (
        by.user.pk,
        action.ref,
        date(2026, 11, 27),
    )
    assert len(lines(find_half_days_short, action, min=0)) == 0
    assert lines(find_half_days_short, action, on=date(2026, 12, 28), min=2) == []


def test_nights_without_anything_to_settle(now):
    assert settle_due_trainings(now=now) == 0

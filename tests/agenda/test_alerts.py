"""What agenda watches: each line says for whom, since when and for what day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from essaim.agenda.models import Appointment
from essaim.agenda.operations import GoalPlan, declare_absence, hold_appointment
from essaim.agenda.queries.alerts import (
    find_appointment_to_replace,
    find_goals_not_reviewed,
    find_interview_to_record,
    find_interview_today,
    find_no_next_appointment,
    find_silent,
)
from essaim.journeys.operations import close_enrolment
from essaim.kernel.alerts import ALERT_COLUMNS, AlertScope
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting
from tests.factories.journeys import make_action, make_enrolment

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)
MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # an hour before now
RHYTHM = {"every_first": 7, "first_period": 30, "every_later": 14}


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def action(counsellor):
    return make_action(counsellor)


def lines(find, action, **settings):
    rows = find(AlertScope("agenda.kind", ON, {action.pk: settings}))
    return [dict(zip((name.removeprefix("alert_") for name in ALERT_COLUMNS), row, strict=True)) for row in rows]


def days(find, action, **settings):
    return [
        (line["person_key"], line["since"], line["due"], line["number"]) for line in lines(find, action, **settings)
    ]


def held(counsellor, enrolment, starts, now, goals=()):
    meeting = make_meeting(
        counsellor, enrolment.person, now=now, action=enrolment.action, starts=starts, type="followup"
    )
    return hold_appointment(appointment=meeting, new_goals=goals, version=1, by=counsellor, now=now)


def test_who_has_no_next_appointment_within_the_rhythm(counsellor, action, now):
    new = make_enrolment(counsellor, action, on=date(2026, 11, 9))
    old = make_enrolment(counsellor, action, on=date(2026, 3, 2))
    met = held(counsellor, old, MONDAY_9 - timedelta(days=3), now)
    assert sorted(days(find_no_next_appointment, action, **RHYTHM)) == sorted(
        [
            (new.person_id, date(2026, 11, 9), date(2026, 11, 16), 14),
            (old.person_id, date(2026, 11, 20), date(2026, 12, 4), 3),
        ]
    )
    make_meeting(counsellor, new.person, now=now, action=action, starts=MONDAY_9 + timedelta(days=8))
    make_meeting(counsellor, old.person, now=now, action=action, starts=MONDAY_9 + timedelta(days=9))
    assert [line[0] for line in days(find_no_next_appointment, action, **RHYTHM)] == [new.person_id]
    line = lines(find_no_next_appointment, action, **RHYTHM)[0]
    assert (line["user"], line["subject"], line["action"]) == (counsellor.user_id, new.ref, action.ref)
    assert met.enrolment == old
    assert lines(find_no_next_appointment, action) == []  # no rhythm set: within a month


def test_a_parcours_over_is_watched_no_more(counsellor, action, now):
    enrolment = make_enrolment(counsellor, action)
    assert days(find_silent, action, days=14) and days(find_no_next_appointment, action, **RHYTHM)
    close_enrolment(
        enrolment=enrolment, reason="job", on=date(2026, 11, 20), version=enrolment.version, by=counsellor, now=now
    )
    assert not days(find_silent, action, days=14) and not days(find_no_next_appointment, action, **RHYTHM)


def test_who_has_been_silent_for_so_many_days(counsellor, action, now):
    silent = make_enrolment(counsellor, action, on=date(2026, 11, 9))
    met = make_enrolment(counsellor, action)
    held(counsellor, met, MONDAY_9 - timedelta(days=13), now)
    assert days(find_silent, action, days=14) == [(silent.person_id, ON, ON, 14)]
    assert sorted(line[3] for line in days(find_silent, action, days=13)) == [13, 14]
    assert days(find_silent, action, days=15) == []


def test_goals_past_due_are_one_line_a_parcours(counsellor, action, now):
    enrolment = make_enrolment(counsellor, action)
    held(counsellor, enrolment, MONDAY_9 - timedelta(days=7), now, goals=[
        GoalPlan("calls", "Appeler", date(2026, 11, 18)), GoalPlan("cv", "Écrire", date(2026, 11, 20)),
        GoalPlan("visits", "Passer", ON),
    ])  # fmt: skip
    assert days(find_goals_not_reviewed, action) == [(enrolment.person_id, date(2026, 11, 18), date(2026, 11, 18), 2)]


def test_appointments_of_the_day_and_those_to_note(counsellor, action, now):
    enrolment = make_enrolment(counsellor, action)
    over = make_meeting(counsellor, enrolment.person, now=now, action=action, starts=MONDAY_9 - timedelta(minutes=30))
    today = make_meeting(counsellor, enrolment.person, now=now, action=action, starts=MONDAY_9 + timedelta(hours=6))
    make_meeting(counsellor, enrolment.person, now=now, action=action, starts=MONDAY_9 + timedelta(days=1))
    found = lines(find_interview_today, action)
    assert [(line["subject"], line["title"], line["user"]) for line in found] == [
        (today.ref, "15\u00a0h\u00a000", counsellor.user_id)
    ]
    assert [line["subject"] for line in lines(find_interview_to_record, action)] == [over.ref]


def test_appointments_that_nobody_can_keep(counsellor, action, now):
    enrolment = make_enrolment(counsellor, action)
    kept, away, left = (
        make_meeting(counsellor, enrolment.person, now=now, action=action, starts=MONDAY_9 + timedelta(days=number))
        for number in (1, 2, 3)
    )
    declare_absence(user=counsellor.user, starts=date(2026, 11, 25), ends=date(2026, 11, 25), by=counsellor, now=now)
    Appointment.objects.filter(pk=left.pk).update(is_to_replace=True)
    found = {line["subject"] for line in lines(find_appointment_to_replace, action)}
    assert found == {away.ref, left.ref} and kept.ref not in found


def test_another_action_is_not_watched(counsellor, action, now):
    other = make_action(counsellor)
    make_enrolment(counsellor, other)
    assert not days(find_silent, action, days=1)

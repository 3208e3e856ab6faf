"""What is watched before an entry: orientations to answer, places free while people wait."""

from datetime import date, timedelta

import pytest

from essaim.journeys.operations import call_next, decide_prescription, join_queue
from essaim.journeys.queries.intake_alerts import find_place_free, find_prescription_unanswered
from essaim.kernel.alerts import ALERT_COLUMNS, AlertScope
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_group, make_prescription

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def rows(find, action, **settings):
    found = find(AlertScope("kind", TODAY, {action.pk: settings}))
    return [dict(zip(ALERT_COLUMNS, row, strict=True)) for row in found]


def test_an_orientation_is_watched_until_it_is_answered(counsellor, now):
    asked = make_prescription(counsellor, now=now - timedelta(days=9))
    make_prescription(counsellor)
    row = rows(find_prescription_unanswered, asked.action, days=8)[0]
    assert row["alert_subject"] == asked.ref
    assert row["alert_person"] == asked.person.code
    assert (row["alert_since"], row["alert_due"], row["alert_number"]) == (
        TODAY - timedelta(days=9),
        TODAY - timedelta(days=1),
        9,
    )
    decide_prescription(prescription=asked, outcome="accepted", on=TODAY, version=1, by=counsellor, now=now)
    assert rows(find_prescription_unanswered, asked.action, days=8) == []


def test_a_place_free_names_the_first_who_waits(counsellor, now):
    action = make_action(counsellor, places=2)
    first, second = make_eligible(counsellor), make_eligible(counsellor)
    for minutes, person in enumerate([first, second]):
        join_queue(action=action, person=person, by=counsellor, now=now + timedelta(minutes=minutes))
    found = rows(find_place_free, action)
    assert [(row["alert_person"], row["alert_number"], row["alert_due"]) for row in found] == [(first.code, 2, TODAY)]
    call_next(action=action, by=counsellor, now=now)
    assert [row["alert_person"] for row in rows(find_place_free, action)] == [second.code]
    make_enrolment(counsellor, action)
    assert rows(find_place_free, action) == []


def test_a_full_group_frees_nothing_for_those_who_wait_for_it(counsellor, now):
    action = make_action(counsellor, places=60)
    full, free = make_group(counsellor, action, "Nord", places=15), make_group(counsellor, action, "Sud", places=15)
    for _ in range(15):
        make_enrolment(counsellor, action, group=full)
    waits = [make_eligible(counsellor) for _ in range(2)]
    join_queue(action=action, person=waits[0], group=full, by=counsellor, now=now)
    join_queue(action=action, person=waits[1], group=free, by=counsellor, now=now)
    assert [row["alert_person"] for row in rows(find_place_free, action)] == [waits[1].code]

"""Queues: the order, the place offered, who leaves and why."""

from datetime import date, timedelta

import pytest

from essaim.journal.models import Fact
from essaim.journeys.operations import (
    QueueRefused,
    answer_call,
    call_next,
    decide_prescription,
    join_queue,
    leave_queue,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_group, make_prescription
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def club(counsellor):
    return make_action(counsellor, places=20)


@pytest.fixture
def join(counsellor, club, now):
    def put(minutes, group=None, person=None):
        person = person or make_eligible(counsellor)
        return join_queue(action=club, person=person, group=group, by=counsellor, now=now + timedelta(minutes=minutes))

    return put


@pytest.fixture
def call(counsellor, club, now):
    def offer(**values):
        return call_next(action=club, by=counsellor, now=now + timedelta(hours=1), **values)

    return offer


def test_the_first_to_come_is_called_first(join, call):
    second, first = join(2), join(1)
    called = call()
    assert (called, called.state, called.answer_by) == (first, "called", TODAY + timedelta(days=3))
    assert call(answer_by=date(2026, 12, 1)).answer_by == date(2026, 12, 1)
    second.refresh_from_db()
    assert second.state == "called"
    with pytest.raises(QueueRefused, match="Plus personne"):
        call()
    kinds = Fact.objects.filter(kind__startswith="journeys.").values_list("kind", flat=True)
    assert sorted(kinds) == ["journeys.place_offered"] * 2 + ["journeys.queue_joined"] * 2


def test_a_place_offered_is_not_offered_again(counsellor, club, join, call):
    club.places = 1
    club.save()
    join(1)
    join(2)
    first = call()
    with pytest.raises(QueueRefused, match="déjà proposées"):
        call()
    answer_call(entry=first, accepts=False, reason="unavailable", by=counsellor, now=first.called_at)
    assert call() != first


def test_a_group_calls_those_who_wait_for_it_or_take_any(counsellor, club, join, call):
    north, south = make_group(counsellor, club, "Nord"), make_group(counsellor, club, "Sud")
    for_north, for_any = join(1, north), join(2)
    assert call(group=south) == for_any
    assert call(group=north) == for_north


def test_a_full_group_is_passed_over(counsellor, club, join, call):
    full = make_group(counsellor, club, "Nord", places=15)
    for _ in range(15):
        make_enrolment(counsellor, club, group=full, on=TODAY)
    join(1, full)
    free = make_group(counsellor, club, "Sud", places=15)
    second = join(2, free)
    with pytest.raises(QueueRefused) as refusal:
        call(group=full)
    assert refusal.value.field == "group"
    assert call() == second
    with pytest.raises(QueueRefused, match="pour ceux qui attendent"):
        call()


def test_no_place_and_a_day_past_are_refused(counsellor, club, join, call):
    join(1)
    with pytest.raises(QueueRefused) as refusal:
        call(answer_by=TODAY - timedelta(days=1))
    assert refusal.value.field == "answer_by"
    club.places = 1
    club.save()
    make_enrolment(counsellor, club)
    with pytest.raises(QueueRefused, match="Aucune place"):
        call()


def test_nobody_waits_twice_nor_once_inside(counsellor, club, join):
    entry = join(1)
    with pytest.raises(QueueRefused, match="déjà en liste"):
        join(2, person=entry.person)
    with pytest.raises(QueueRefused, match="déjà inscrite"):
        join(2, person=make_enrolment(counsellor, club).person)
    with pytest.raises(QueueRefused, match="pas ouvert"):
        join(2, person=PersonFactory())
    with pytest.raises(QueueRefused) as refusal:
        join(2, make_group(counsellor, make_action(counsellor)))
    assert refusal.value.field == "group"


def test_declining_and_leaving_keep_the_reason_and_close_the_orientation(counsellor, club, join, call, now):
    asked = make_prescription(counsellor, club)
    decide_prescription(prescription=asked, outcome="waitlisted", on=TODAY, version=1, by=counsellor, now=now)
    called = call()
    with pytest.raises(QueueRefused) as refusal:
        answer_call(entry=called, accepts=False, by=counsellor, now=now + timedelta(hours=2))
    assert refusal.value.field == "reason"
    declined = answer_call(
        entry=called, accepts=False, reason="other_solution", by=counsellor, now=now + timedelta(hours=2)
    )
    asked.refresh_from_db()
    assert (declined.state, declined.reason, asked.state) == ("declined", "other_solution", "withdrawn")

    other = join(1)
    with pytest.raises(QueueRefused, match="Aucune place ne lui"):
        answer_call(entry=other, accepts=True, by=counsellor, now=now)
    left = leave_queue(entry=other, reason="unreachable", by=counsellor, now=now + timedelta(hours=2))
    assert (left.state, left.reason) == ("left", "unreachable")
    assert Fact.objects.filter(kind="journeys.queue_left", data={"reason": "unreachable"}).exists()
    with pytest.raises(QueueRefused, match="n’est plus dans la file"):
        leave_queue(entry=other, reason="unreachable", by=counsellor, now=now)


def test_accepting_keeps_the_place_until_she_enters(counsellor, club, join, call, now):
    join(1)
    entry = answer_call(entry=call(), accepts=True, by=counsellor, now=now)
    assert (entry.state, entry.answer_by) == ("called", None)
    make_enrolment(counsellor, club, entry.person, on=TODAY, now=now + timedelta(hours=3))
    entry.refresh_from_db()
    assert entry.state == "entered"


def test_the_queue_belongs_to_the_team(counsellor, club, join, now):
    entry = join(1)
    for stranger in (MembershipFactory(manager=True), MembershipFactory(organisation=club.organisation, steering=True)):
        for attempt in (
            lambda by: call_next(action=club, by=by, now=now),
            lambda by: join_queue(action=club, person=entry.person, by=by, now=now),
            lambda by: leave_queue(entry=entry, reason="unreachable", by=by, now=now),
        ):
            with pytest.raises(QueueRefused):
                attempt(stranger)

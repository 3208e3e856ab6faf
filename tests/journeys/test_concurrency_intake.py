"""The last place of a group, the head of a queue, one answer to an orientation: one each, whoever asks at once."""

from time import sleep
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from essaim.journal.models import Fact
from essaim.journeys.enums import EnrolmentState
from essaim.journeys.models import Decision, Enrolment, Prescription, WaitingEntry
from essaim.journeys.operations import (
    NoPlaceLeft,
    QueueRefused,
    call_next,
    decide_prescription,
    enrolments,
    join_queue,
    move_to_group,
    parcours_rules,
)
from essaim.journeys.operations.groups import GroupRefused
from essaim.kernel.edit_versions import EditConflict
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_group, make_prescription
from tests.journeys.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 8
CROWD = 100


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


def names(results):
    return sorted(type(result).__name__ for result in results)


def rivals_for(by, action, number, group=None):
    """As many entries as people, released together."""
    people, now = [make_eligible(by) for _ in range(number)], timezone.now()
    return [lambda person=person: make_enrolment(by, action, person, now=now, group=group) for person in people]


def test_the_last_place_of_a_group_is_given_once(manager):
    action = make_action(manager, places=100)
    group = make_group(manager, action, places=15)
    for _ in range(14):
        make_enrolment(manager, action, group=group)
    results = at_once(rivals_for(manager, action, RIVALS, group))
    assert names(results) == ["Enrolment"] + ["NoPlaceLeft"] * (RIVALS - 1)
    assert group.enrolments.count() == 15


def test_changing_groups_and_entering_share_the_last_place(manager):
    action, now = make_action(manager, places=100), timezone.now()
    full, other = make_group(manager, action, "Nord", places=15), make_group(manager, action, "Sud", places=15)
    for _ in range(14):
        make_enrolment(manager, action, group=full)
    moving = [make_enrolment(manager, action, group=other) for _ in range(4)]
    calls = [lambda one=one: move_to_group(enrolment=one, group=full, version=1, by=manager, now=now) for one in moving]
    results = at_once(calls + rivals_for(manager, action, 4, full))
    assert [type(one) for one in results].count(Enrolment) == 1
    assert {type(one) for one in results} <= {Enrolment, NoPlaceLeft, GroupRefused}
    assert full.enrolments.count() == 15


def test_two_callers_never_call_the_same_person(manager):
    action, now = make_action(manager, places=3), timezone.now()
    for _ in range(RIVALS):
        join_queue(action=action, person=make_eligible(manager), by=manager, now=now)
    results = at_once([lambda: call_next(action=action, by=manager, now=now)] * RIVALS)
    called = [one.pk for one in results if isinstance(one, WaitingEntry)]
    assert len(called) == len(set(called)) == 3
    assert [type(one) for one in results].count(QueueRefused) == RIVALS - 3


def test_two_decisions_on_one_orientation_the_second_is_told(manager):
    asked, now = make_prescription(manager), timezone.now()

    def decide(outcome, **values):
        return lambda: decide_prescription(
            prescription=asked, outcome=outcome, on=asked.made_on, version=1, by=manager, now=now, **values
        )

    results = at_once([decide("accepted"), decide("refused", reason="other")] * 2)
    assert names(results) == ["Decision"] + ["EditConflict"] * 3
    assert Decision.objects.count() == Fact.objects.filter(kind="decision_made").count() == 1
    assert all("modifié cette fiche" in str(one) for one in results if isinstance(one, EditConflict))


def test_an_orientation_sent_many_times_is_made_once(manager, client_for):
    action, person = make_action(manager), make_eligible(manager)
    cookies = client_for(manager).cookies
    url = reverse("journeys:prescribe_one", args=[action.ref, person.code])
    data = {"form_key": str(uuid4()), "motive": "network", "agreed_on": "2026-11-20"}

    def send():
        client = Client()
        client.cookies = cookies
        return client.post(url, data).status_code

    assert at_once([send] * 4) == [302] * 4
    assert Prescription.objects.count() == 1


def test_the_same_person_oriented_from_two_screens_is_oriented_once(manager):
    action, person, now = make_action(manager), make_eligible(manager), timezone.now()
    results = at_once([lambda: make_prescription(manager, action, person, now=now)] * 4)
    assert names(results) == ["Prescription"] + ["PrescriptionRefused"] * 3


def once_connected(call):
    """Wait for a seat in the database before the race: a server has about as many as there are rivals here."""

    def run():
        for _ in range(600):
            try:
                connection.ensure_connection()
                break
            except OperationalError:
                sleep(0.1)
        return call()

    return run


@pytest.mark.drill
def test_a_hundred_people_for_the_last_place(manager):
    action = make_action(manager, places=1)
    results = at_once([once_connected(call) for call in rivals_for(manager, action, CROWD)])
    assert names(results) == ["Enrolment"] + ["NoPlaceLeft"] * (CROWD - 1)
    assert Enrolment.objects.filter(state=EnrolmentState.OPEN).count() == 1
    assert Fact.objects.filter(kind="enrolment_opened", live=True).count() == 1


def test_without_the_lock_the_last_place_goes_to_several(manager, monkeypatch):
    """The control: the same race, the action read without being locked, gives the place more than once."""
    action = make_action(manager, places=1)

    def unlocked(*, action):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
        return type(action).objects.select_related("territory", "organisation", "practice").get(pk=action.pk)

    def slow(*, action, group, words=""):
        real(action=action, group=group)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")

    real = parcours_rules.refuse_without_place
    monkeypatch.setattr(enrolments, "lock_action", unlocked)
    monkeypatch.setattr(enrolments, "refuse_without_place", slow)
    results = at_once(rivals_for(manager, action, RIVALS))
    assert [type(one) for one in results].count(Enrolment) > 1

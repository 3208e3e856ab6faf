"""The last place goes to exactly one, whoever asks at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from essaim.journal.models import Fact
from essaim.journeys.models import Enrolment
from essaim.journeys.operations import NoPlaceLeft, add_partner
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import VALIDATED, make_action, make_eligible, make_enrolment, make_partner_plan

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 6


def at_once(calls):
    """Run every call in its own thread and connection, all released together."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=120)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_last_place_is_given_once():
    counsellor = MembershipFactory()
    action = make_action(counsellor, places=1)
    people = [make_eligible(counsellor) for _ in range(RIVALS)]
    now = timezone.now()

    def enrol(person):
        return lambda: make_enrolment(counsellor, action, person, now=now)

    results = at_once([enrol(person) for person in people])
    assert [type(result) for result in results].count(Enrolment) == 1
    assert [type(result) for result in results].count(NoPlaceLeft) == RIVALS - 1
    assert Enrolment.objects.count() == 1
    assert Fact.objects.filter(kind="enrolment_opened", live=True).count() == 1


def test_a_form_sent_many_times_at_once_enrols_once(client_for):
    counsellor = MembershipFactory()
    action, person = make_action(counsellor), make_eligible(counsellor)
    cookies = client_for(counsellor).cookies
    url = reverse("journeys:enrol_one", args=[action.ref, person.code])
    data = {"form_key": str(uuid4()), "on": "2026-03-02", "validated": VALIDATED}

    def send():
        client = Client()
        client.cookies = cookies
        return client.post(url, data).status_code

    assert at_once([send] * 4) == [302] * 4
    assert Enrolment.objects.count() == 1


def test_a_partner_added_many_times_at_once_joins_once():
    manager, organisation = MembershipFactory(manager=True), OrganisationFactory()
    action, now = make_action(manager), timezone.now()

    def add():
        return add_partner(action=action, plan=make_partner_plan(organisation), by=manager, now=now)

    results = at_once([add] * 4)
    assert sorted(type(result).__name__ for result in results) == ["ActionPartner"] + ["PartnerRefused"] * 3

"""Lists that are not drawn as tables, as files of who may read them."""

from datetime import date

import pytest
from django.urls import reverse

from essaim.journeys.operations import join_queue, make_prescription, request_hand_over
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_group
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db


def test_orientations_and_queue_leave_as_files(client_for, now):
    counsellor = MembershipFactory()
    action, asked, waiting = make_action(counsellor), make_eligible(counsellor), make_eligible(counsellor)
    make_prescription(
        action=action, person=asked, motive="job_search", agreed_on=date(2026, 11, 23), by=counsellor, now=now
    )
    join_queue(action=action, person=waiting, by=counsellor, now=now)
    client = client_for(counsellor)
    for name, person in [("received_file", asked), ("queue_file", waiting)]:
        url = reverse(f"journeys:{name}", args=[action.ref])
        assert person.full_name in client.get(url).content.decode()
        assert client.get(url, {"format": "xlsx"}).status_code == 200
        assert client_for(MembershipFactory()).get(url).status_code == 404


def test_the_groups_of_an_action_leave_as_a_file(client_for):
    manager = MembershipFactory(manager=True)
    action = make_action(manager)
    make_group(manager, action, "Club du port", places=16)
    url = reverse("journeys:groups_file", args=[action.ref])
    assert "Club du port;0;16;0" in client_for(manager).get(url).content.decode()
    assert client_for(manager).get(url, {"format": "xlsx"}).status_code == 200
    assert (
        url
        in client_for(manager).get(reverse("journeys:action", args=[action.ref]) + "?onglet=groups").content.decode()
    )
    assert client_for(MembershipFactory(manager=True)).get(url).status_code == 404


def test_relays_received_and_proposed_leave_in_one_file(client_for, now):
    counsellor, other = MembershipFactory(), MembershipFactory()
    given = {"by": counsellor, "now": now}
    sent, within = make_enrolment(counsellor), make_enrolment(counsellor)
    request_hand_over(person=sent.person, enrolment=sent, to_organisation=other.organisation, **given)
    to_user = colleague_of(counsellor).user
    request_hand_over(
        person=within.person, enrolment=within, to_organisation=counsellor.organisation, to_user=to_user, **given
    )
    url = reverse("journeys:hand_over_file")
    lines = client_for(counsellor).get(url).content.decode().splitlines()[1:]
    assert {line.split(";")[1]: line.split(";")[0] for line in lines} == {
        sent.person.full_name: "proposé", within.person.full_name: "reçu",
    }  # fmt: skip
    theirs = client_for(other).get(url).content.decode()
    assert sent.person.full_name in theirs
    assert within.person.full_name not in theirs
    assert client_for(other).get(url, {"format": "xlsx"}).status_code == 200
    assert sent.person.full_name not in client_for(MembershipFactory()).get(url).content.decode()

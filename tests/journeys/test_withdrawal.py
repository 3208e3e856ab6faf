"""What an ended partnership no longer opens: nothing, from the next request on."""

from datetime import date

import pytest
from django.urls import reverse

from essaim.journeys.models import ActionPartner
from essaim.journeys.operations import add_partner, end_partner
from essaim.people.models import AccessGrant
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_eligible, make_enrolment, make_partner_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def former(manager, now):
    """A counsellor of a structure that followed people here, until today."""
    member = MembershipFactory()
    action = make_action(manager, partners=[make_partner_plan(member.organisation, "host", sees_people=True)])
    end_partner(partner=ActionPartner.objects.get(), on=date(2026, 11, 23), by=manager, now=now)
    return member, action


@pytest.mark.parametrize("on", [date(2026, 3, 2), date(2026, 11, 23)], ids=["dated before its end", "of its last day"])
def test_an_entry_written_after_the_end_opens_no_file_to_a_former_partner(manager, former, on):
    member, action = former
    make_enrolment(manager, action, make_eligible(manager), on=on)
    assert not AccessGrant.objects.filter(organisation=member.organisation, until=None).exists()


def test_a_former_partner_finds_the_action_no_more_the_same_day(client_for, former):
    member, action = former
    client = client_for(member)
    for name in ("journeys:action", "journeys:enrol"):
        assert client.get(reverse(name, args=[action.ref])).status_code == 404
    assert action.ref not in client.get(reverse("journeys:action_list")).content.decode()


def test_a_partner_may_come_back(client_for, manager, former, now):
    member, action = former
    plan = make_partner_plan(member.organisation, "host", sees_people=True)
    add_partner(action=action, plan=plan, by=manager, now=now)
    assert client_for(member).get(reverse("journeys:action", args=[action.ref])).status_code == 200

"""Funders read frozen bilans: no live figure of an action, on any of its pages."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from essaim.accounts.enums import Role
from tests.factories.accounts import MembershipFactory
from tests.factories.journeys import make_action, make_enrolment, make_partner_plan

pytestmark = pytest.mark.django_db
FUNNEL, PLACES = "Chemin parcouru", "1 sur 18"


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def funder():
    return MembershipFactory(manager=True)


def pages(action):
    return [
        reverse("journeys:action", args=[action.ref]),
        reverse("journeys:action_list"),
        reverse("journeys:action_list", query={"format": "csv"}),
    ]


def test_an_organisation_that_only_funds_reads_no_live_figure(client_for, manager, funder):
    action = make_action(manager, partners=[make_partner_plan(funder.organisation, "funder")])
    make_enrolment(manager, action)
    for page in pages(action):
        response = client_for(funder).get(page)
        assertContains(response, action.title)
        for figure in (FUNNEL, "Participants", PLACES, "<b>1</b>", "sur 18 places, aujourd’hui"):
            assertNotContains(response, figure)
    assertNotContains(client_for(funder).get(reverse("web:home"), follow=True), PLACES)


def test_a_funder_of_the_carrying_organisation_reads_none_either(client_for, manager):
    action = make_action(manager)
    make_enrolment(manager, action)
    member = MembershipFactory(role=Role.FUNDER, organisation=manager.organisation)
    for page in [*pages(action), reverse("web:home")]:
        response = client_for(member).get(page)
        assert response.status_code == 200
        assertNotContains(response, FUNNEL)
        assertNotContains(response, PLACES)


def test_who_funds_and_prescribes_sees_the_places(client_for, manager, funder):
    plans = [make_partner_plan(funder.organisation, role) for role in ("funder", "prescriber")]
    action = make_action(manager, partners=plans)
    make_enrolment(manager, action)
    assertContains(client_for(funder).get(reverse("journeys:action", args=[action.ref])), FUNNEL)
    assertContains(client_for(funder).get(reverse("journeys:action_list")), PLACES)

"""A structure that follows people in one action reads of their files what that action says, no more."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from essaim.accounts.enums import Role
from essaim.journeys.operations import request_hand_over
from tests.factories.accounts import MembershipFactory
from tests.factories.employers import CDD, make_contract
from tests.factories.journeys import (
    make_action,
    make_eligible,
    make_enrolment,
    make_partner_plan,
    make_prescription,
)
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory(role=Role.MANAGER)


@pytest.fixture
def partner():
    return MembershipFactory()


@pytest.fixture
def club(counsellor, partner):
    plan = make_partner_plan(partner.organisation, "host", sees_people=True)
    return make_action(counsellor, title="Club partagé", partners=[plan])


def test_the_fil_of_a_file_leaves_other_actions_out(client_for, counsellor, partner, club):
    person, other = make_eligible(counsellor), make_action(counsellor, title="Autre vie")
    make_contract(counsellor, make_enrolment(counsellor, club, person))
    make_contract(counsellor, make_enrolment(counsellor, other, person), **CDD)
    address = reverse("people:person", args=[person.code], query={"onglet": "fil"})
    whole, part = client_for(counsellor).get(address), client_for(partner).get(address)
    assertContains(whole, "Entrée dans l’action", 2)
    assertContains(part, "Entrée dans l’action", 1)


@pytest.mark.parametrize("tab", ["fil", "access", "parcours", "contracts"])
def test_a_file_does_not_name_other_actions(client_for, counsellor, partner, club, tab):
    person, other = make_eligible(counsellor), make_action(counsellor, title="Autre vie")
    make_enrolment(counsellor, club, person)
    make_enrolment(counsellor, other, person)
    response = client_for(partner).get(reverse("people:person", args=[person.code], query={"onglet": tab}))
    assertContains(response, person.full_name)
    assertNotContains(response, "Autre vie")


def test_lists_name_a_protected_person_to_her_referent_team_only(client_for, counsellor, partner, club):
    person = make_eligible(counsellor, is_protected=True)
    contract = make_contract(counsellor, make_enrolment(counsellor, club, person))
    lists = [
        reverse("journeys:action", args=[club.ref]),
        reverse("journeys:action", args=[club.ref], query={"onglet": "contracts"}),
        reverse("employers:company", args=[contract.organisation.ref]),
    ]
    for address in lists:
        assertContains(client_for(counsellor).get(address), person.last_name)
        assertNotContains(client_for(partner).get(address), person.last_name)


def test_a_partner_who_follows_nobody_is_not_told_that_the_action_is_empty(client_for, counsellor, partner):
    action = make_action(counsellor, partners=[make_partner_plan(partner.organisation, "prescriber")])
    make_enrolment(counsellor, action)
    response = client_for(partner).get(reverse("journeys:action", args=[action.ref]))
    assertContains(response, "Aucun dossier ne vous est ouvert dans cette action")
    assertNotContains(response, "Personne dans l’action pour l’instant")


def test_who_does_not_follow_people_is_led_to_the_parcours_not_to_a_step(client_for, counsellor, partner):
    action = make_action(counsellor, partners=[make_partner_plan(partner.organisation, "prescriber")])
    page = reverse("journeys:action", args=[action.ref])
    empty = make_enrolment(counsellor, action)
    assertContains(client_for(partner).get(page), "Orienter quelqu’un", 2)
    person = make_eligible(partner)
    make_prescription(partner, action, person)
    make_enrolment(counsellor, action, person)
    theirs = client_for(partner).get(page)
    assertNotContains(theirs, "Noter l’étape")
    assertContains(theirs, "Voir le parcours")
    assertContains(theirs, f"{reverse('people:person', args=[person.code])}?onglet=parcours")
    assertNotContains(theirs, empty.person.full_name)
    assertContains(client_for(counsellor).get(page), "Noter l’étape")


def test_a_relay_says_you_to_who_reads_it_and_does_not_repeat_the_person(client_for, counsellor, now):
    colleague, enrolment = colleague_of(counsellor), make_enrolment(counsellor)
    relay = request_hand_over(
        person=enrolment.person, enrolment=enrolment, to_organisation=counsellor.organisation, to_user=colleague.user,
        by=counsellor, now=now,
    )  # fmt: skip
    tab = reverse("people:person", args=[enrolment.person.code], query={"onglet": "parcours"})
    link = f'<a href="{reverse("journeys:hand_over", args=[relay.ref])}">Relais</a>'
    assertContains(client_for(colleague).get(tab), link, html=True)
    assertContains(client_for(colleague).get(tab), "À vous, ")
    assertContains(client_for(counsellor).get(tab), f"À {colleague.user.full_name}, ")
    assertContains(client_for(colleague).get(reverse("journeys:hand_over_list")), f"Par {counsellor.user.full_name}, ")
    assertContains(client_for(counsellor).get(reverse("journeys:hand_over_list")), f"À {colleague.user.full_name}, ")

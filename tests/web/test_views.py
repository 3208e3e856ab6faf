"""The first page and the search: what each member finds, and nothing else."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from essaim.accounts.enums import Role
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.employers import make_company
from tests.factories.guide import indexed_practice
from tests.factories.journeys import make_action, make_eligible, make_enrolment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def counsellor():
    return MembershipFactory(counsellor=True)


def test_home_leads_those_who_follow_people_to_what_is_to_be_done(client_for, counsellor):
    club = make_action(counsellor)
    response = client_for(counsellor).get(reverse("web:home"), follow=True)
    assert response.redirect_chain == [(reverse("web:todo"), 302)]
    assertContains(response, club.title)


def test_home_shows_the_running_actions_to_those_who_steer(client_for, counsellor):
    club = make_action(counsellor)
    steering = MembershipFactory(role=Role.STEERING, organisation=counsellor.organisation)
    assertContains(client_for(steering).get(reverse("web:home")), club.title)


def test_home_shows_nothing_of_another_organisation(client_for, counsellor):
    stranger = MembershipFactory(role=Role.STEERING)
    club = make_action(counsellor, title="Club d’ailleurs")
    response = client_for(stranger).get(reverse("web:home"))
    assertNotContains(response, club.title)
    assertContains(response, "Aucune action en cours")


def test_home_names_nobody_to_those_who_do_not_work_with_people(client_for, counsellor):
    person = make_eligible(counsellor)
    make_enrolment(counsellor, make_action(counsellor), person)
    steering = MembershipFactory(role=Role.STEERING, organisation=counsellor.organisation)
    assertNotContains(client_for(steering).get(reverse("web:home")), person.full_name)


def test_home_tells_someone_without_organisation_what_to_do(client_of):
    assertContains(client_of(UserFactory()).get(reverse("web:home")), "Rejoignez votre organisation")


def test_search_finds_people_actions_companies_and_fiches_without_accents(client_for, counsellor):
    make_eligible(counsellor, first_name="Élodie", last_name="Éstrival")
    make_action(counsellor, title="Club Estrival")
    make_company(name="Garage Éstrival")
    indexed_practice()
    client = client_for(counsellor)
    response = client.get(reverse("web:search"), {"q": "estrival"})
    for words in ("Élodie Éstrival", "Club Estrival", "Garage Éstrival"):
        assertContains(response, words)
    assertContains(client.get(reverse("web:search"), {"q": "jeunes chercheurs"}), "Fiches du guide")


def test_search_hides_the_people_of_others(client_for, counsellor):
    make_eligible(MembershipFactory(counsellor=True), last_name="Quintrec")
    response = client_for(counsellor).get(reverse("web:search"), {"q": "quintrec"})
    assertContains(response, "Rien ne correspond")


@pytest.mark.parametrize("asked", ["", "é", "\x00\x00", "a" * 5000, "%_\\'\"", "<script>"])
def test_search_takes_anything(client_for, counsellor, asked):
    assert client_for(counsellor).get(reverse("web:search"), {"q": asked}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_home_asks_the_same_number_of_queries(client_for, counsellor, number, django_assert_num_queries):
    for rank in range(number):
        make_enrolment(counsellor, make_action(counsellor, title=f"Club {rank}"))
    client = client_for(MembershipFactory(role=Role.STEERING, organisation=counsellor.organisation))
    client.get(reverse("web:home"))
    with django_assert_num_queries(8):
        client.get(reverse("web:home"))

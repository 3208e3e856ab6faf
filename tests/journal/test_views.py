import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.accounts import MembershipFactory
from tests.factories.journal import ActionFactory, FactFactory, SubjectFactory
from tests.factories.people import AccessGrantFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer():
    return MembershipFactory(manager=True)


def page_of(client, action, **query):
    return client.get(reverse("journal:action_fil", args=[action.ref]), query)


def test_fil_names_the_people_one_follows(client_for, viewer):
    action = ActionFactory(organisation=viewer.organisation)
    person, other = PersonFactory(), PersonFactory()
    AccessGrantFactory(person=person, organisation=viewer.organisation)
    for each in (person, other):
        FactFactory(action=action, person=each)
    html = page_of(client_for(viewer), action).content.decode()
    assert person.full_name in html
    assert other.full_name not in html
    assert html.count("Entrée dans l’action") == 1


def test_fil_is_a_tab_of_the_action(client_for, viewer):
    action = ActionFactory(organisation=viewer.organisation)
    html = client_for(viewer).get(reverse("journeys:action", args=[action.ref]), {"onglet": "fil"}).content.decode()
    assert "Rien à montrer" in html


def test_imported_action_shows_pseudonyms_to_those_who_may_read_it(client_for, viewer):
    action = ActionFactory(imported=True)
    FactFactory(action=action, subject=SubjectFactory(action=action, ref="P17"))
    html = page_of(client_for(viewer), action).content.decode()
    assert "P17" in html
    assert "journal importé" in html
    assert page_of(client_for(MembershipFactory(counsellor=True)), action).status_code == 404
    assert page_of(client_for(MembershipFactory(funder=True)), action).status_code in {403, 404}


def test_long_fil_is_cut_in_pages(client_for, viewer, monkeypatch):
    monkeypatch.setattr("essaim.journal.views.FACTS_SHOWN", 2)
    action = ActionFactory(imported=True)
    for day in range(1, 4):
        FactFactory(action=action, at_text=f"2026-03-0{day}")
    first, second = (page_of(client_for(viewer), action, page=page).content.decode() for page in (1, 2))
    assert (first.count("Entrée dans"), second.count("Entrée dans")) == (2, 1)
    assert "Faits plus anciens" in first
    assert "Faits plus récents" in second


def test_fil_costs_the_same_queries_whatever_its_length(client_for, viewer):
    action, client = ActionFactory(imported=True), client_for(viewer)
    costs = []
    for _ in (1, 2, 3):
        FactFactory(action=action, subject=SubjectFactory(action=action), author=viewer.user)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, action)
        costs.append(len(queries))
    assert costs[0] == costs[2]

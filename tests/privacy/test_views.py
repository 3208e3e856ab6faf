"""The screens: what each shows, to whom, and what they do."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from essaim.people.models import Person
from essaim.privacy.models import Erasure, PersonMerge
from essaim.privacy.operations import merge_people
from tests.factories.accounts import MembershipFactory
from tests.factories.journal import FactFactory
from tests.factories.journeys import make_enrolment
from tests.factories.people import AccessGrantFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def client(client_for, manager):
    return client_for(manager)


def test_two_files_are_compared_then_made_one_and_two_again(client, manager):
    kept = PersonFactory(held_by=manager)
    absorbed = PersonFactory(held_by=manager, email="elle@exemple.fr")
    chosen = client.get(reverse("privacy:merge_choose"), {"kept": f" {kept.code.lower()} ", "absorbed": absorbed.code})
    url = reverse("privacy:merge", args=[kept.code, absorbed.code])
    assert chosen.url == url
    page = client.get(url).text
    assert "Repris de l’autre" in page
    assert "elle@exemple.fr" in page
    assert client.post(url).url == reverse("people:person", args=[kept.code])
    assert client.get(reverse("people:person", args=[absorbed.code])).url == reverse("people:person", args=[kept.code])
    assert client.post(url).status_code == 404
    merge = PersonMerge.objects.get()
    assert absorbed.code in client.get(reverse("privacy:merge_list")).text
    undo = reverse("privacy:merge_undo", args=[merge.ref])
    assert absorbed.full_name in client.get(undo).text
    assert client.post(undo).url == reverse("privacy:merge_list")
    assert client.get(reverse("people:person", args=[absorbed.code])).status_code == 200


def test_a_code_of_nobody_and_a_code_of_another_organisation_answer_alike(client, manager):
    kept, foreign = PersonFactory(held_by=manager), PersonFactory(held_by=MembershipFactory())
    url = reverse("privacy:merge_choose")
    answers = [client.get(url, {"kept": kept.code, "absorbed": code}) for code in ("PINCONNU", foreign.code)]
    assert all("aucun dossier que vous suivez" in answer.text for answer in answers)
    assert client.get(reverse("privacy:merge", args=[kept.code, foreign.code])).status_code == 404


def test_the_comparison_shows_nothing_to_who_may_not_merge(client, client_for, manager):
    """It shows addresses: seeing both files is not enough, for a protected person above all."""
    holder = MembershipFactory(manager=True)
    hidden = [PersonFactory(held_by=holder, address="3 passage caché", protected=one) for one in (True, False)]
    for person in hidden:
        AccessGrantFactory(person=person, organisation=manager.organisation)
    mine = PersonFactory(held_by=manager)
    for kept, absorbed in [hidden, (mine, hidden[0]), (hidden[1], mine)]:
        url = reverse("privacy:merge", args=[kept.code, absorbed.code])
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
        chosen = client.get(reverse("privacy:merge_choose"), {"kept": kept.code, "absorbed": absorbed.code})
        assert "aucun dossier que vous suivez" in chosen.text
    assert "3 passage caché" in client_for(holder).get(reverse("privacy:merge", args=[one.code for one in hidden])).text


def test_a_merge_refused_says_why(client, manager):
    first = make_enrolment(manager)
    second = make_enrolment(manager, first.action)
    response = client.post(reverse("privacy:merge", args=[first.person.code, second.person.code]))
    assert "Terminez ou annulez" in response.text


@pytest.mark.django_db(transaction=True)
def test_merged_from_both_sides_at_once_nobody_meets_an_error(client_for, manager):
    codes = [PersonFactory(held_by=manager).code for _ in range(2)]
    pairs = [codes, codes[::-1]] * 2
    clients, barrier = [client_for(manager) for _ in pairs], Barrier(4)

    def merge(client, pair):
        try:
            barrier.wait(timeout=30)
            return client.post(reverse("privacy:merge", args=pair)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(merge, clients, pairs))
    assert set(answers) <= {302, 404}
    assert PersonMerge.objects.count() == 1


def test_the_merged_code_tells_nothing_to_a_stranger(client_for, manager, now):
    kept, absorbed = PersonFactory(held_by=manager), PersonFactory(held_by=manager)
    merge_people(kept=kept, absorbed=absorbed, by=manager, now=now)
    stranger = client_for(MembershipFactory())
    assert stranger.get(reverse("people:person", args=[absorbed.code])).status_code == 404


def test_the_copy_is_handed_by_the_referent_team_only(client, client_for, manager):
    person = PersonFactory(held_by=manager)
    partner = MembershipFactory()
    AccessGrantFactory(person=person, organisation=partner.organisation)
    url = reverse("privacy:export", args=[person.code])
    response = client.post(url)
    assert response["Content-Type"] == "application/zip"
    assert "index.html" in zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    assert client_for(partner).post(url).status_code == 404
    assert "Données" not in client_for(partner).get(reverse("people:person", args=[person.code])).text


def test_erasing_asks_for_the_code_and_says_what_prevents_it(client, manager):
    person = PersonFactory(held_by=manager)
    url = reverse("privacy:erase", args=[person.code])
    assert "Ce n’est pas l’identifiant" in client.post(url, {"code": "PAUTRE"}).text
    assert not Erasure.objects.exists()
    assert client.post(url, {"code": person.code}).url == reverse("people:person_list")
    assert Person.objects.get(pk=person.pk).last_name == "effacée"
    followed = make_enrolment(manager).person
    assert "Un parcours est ouvert" in client.get(reverse("privacy:erase", args=[followed.code])).text


def test_the_tab_says_until_when(client, manager):
    person = PersonFactory(held_by=manager, created_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    page = client.get(reverse("people:person", args=[person.code]), {"onglet": "privacy"}).text
    assert "2 mars 2028" in page
    assert person.code in page


def test_conservation_lists_who_is_to_be_told(client, manager):
    old = datetime(2020, 1, 6, tzinfo=UTC)
    person = PersonFactory(held_by=manager, created_at=old)
    FactFactory(kind="interview_held", at_text=date(2024, 12, 2).isoformat(), person=person, data={})
    page = client.get(reverse("privacy:keeping")).text
    assert person.full_name in page
    assert "2 décembre 2026" in page
    assert client.get(reverse("privacy:keeping"), {"format": "csv"}).status_code == 200
    assert person.full_name not in client.get(reverse("privacy:keeping"), {"etape": "suivie"}).text

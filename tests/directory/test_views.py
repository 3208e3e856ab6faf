import io
import uuid
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from essaim.directory.models import Organisation, Territory
from essaim.directory.operations import load_invented_territory
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import (
    CommuneFactory,
    OrganisationFactory,
    TerritoryFactory,
    ZoneFactory,
    make_siret,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db

READ = ["organisation", "territory_list", "zone_list", "territory"]
MANAGE = ["organisation_edit", "territory_create", "territory_rename"]
POST_ONLY = ["territory_add", "territory_remove"]


def url(name, territory=None):
    needs_key = name in {"territory", "territory_rename", "territory_add", "territory_remove"}
    return reverse(f"directory:{name}", args=[territory.pk] if needs_key else [])


@pytest.fixture
def manager():
    return MembershipFactory(manager=True)


@pytest.fixture
def signed_in(client_for, manager):
    return client_for(manager)


@pytest.mark.parametrize("name", READ + MANAGE + POST_ONLY)
def test_nobody_enters_without_signing_in(client, manager, name):
    territory = TerritoryFactory(organisation=manager.organisation)
    response = client.post(url(name, territory)) if name in POST_ONLY else client.get(url(name, territory))
    assert response.status_code == 302 and "/connexion/" in response["Location"]


@pytest.mark.parametrize("role", ["manager", "counsellor", "prescriber", "employer_relations", "steering", "funder"])
def test_members_read_and_managers_change(client_for, role):
    membership = MembershipFactory(**{role: True})
    territory = TerritoryFactory(organisation=membership.organisation)
    client = client_for(membership)
    for name in READ:
        assert client.get(url(name, territory)).status_code == 200, name
    for name in MANAGE:
        assert client.get(url(name, territory)).status_code == (200 if role == "manager" else 403), name
    for name in POST_ONLY:
        assert client.post(url(name, territory)).status_code == (302 if role == "manager" else 403), name
        assert client.get(url(name, territory)).status_code in {403, 405}, name


@pytest.mark.parametrize("name", ["territory", "territory_rename", "territory_add", "territory_remove"])
def test_the_territory_of_another_organisation_does_not_exist(signed_in, name):
    other = TerritoryFactory()
    response = signed_in.post(url(name, other)) if name in POST_ONLY else signed_in.get(url(name, other))
    assert response.status_code == 404


def test_the_fiche_shows_what_is_known_and_says_what_is_not(signed_in, manager):
    page = signed_in.get(url("organisation")).content.decode()
    assert manager.organisation.name in page and "non renseigné" in page and "Définir un territoire" in page
    commune = CommuneFactory(name="Sainte-Aube")
    Organisation.objects.filter(pk=manager.organisation_id).update(siret=make_siret(5), commune=commune)
    page = signed_in.get(url("organisation")).content.decode()
    assert "Sainte-Aube" in page


def edit(client, version=1, **changes):
    given = {"version": version, "name": "Tremplin", "kind": "mission_locale", "siret": make_siret(9)}
    return client.post(url("organisation_edit"), given | changes)


def test_a_manager_edits_the_fiche(signed_in, manager):
    CommuneFactory(code="99001", name="Sainte-Aube")
    response = edit(signed_in, commune="sainte-aube", phone="06 12 34 56 78")
    assert response.status_code == 302
    organisation = Organisation.objects.get(pk=manager.organisation_id)
    assert (organisation.name, organisation.siret, organisation.phone) == (
        "Tremplin",
        make_siret(9),
        "+33612345678",
    )
    assert organisation.commune_id == "99001"
    form = signed_in.get(url("organisation_edit")).content.decode()
    assert "Sainte-Aube (99001)" in form
    assert edit(signed_in, version=2, commune="Sainte-Aube (99001)").status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "À remplir"),
        ({"siret": "12345678901234"}, "un chiffre est sans doute faux"),
        ({"siret": make_siret(77)}, "est déjà celui de « La voisine »"),
        ({"commune": "Xyzzy"}, "Aucune commune ne porte ce nom"),
        ({"commune": "Jumelle"}, "Plusieurs communes correspondent"),
        ({"version": 9}, "pendant que vous la remplissiez"),
        ({"kind": "castle"}, ""),
    ],
)
def test_a_refused_edit_says_why_and_keeps_what_was_typed(signed_in, manager, changes, words):
    OrganisationFactory(name="La voisine", siret=make_siret(77))
    CommuneFactory(name="Jumelle")
    CommuneFactory(name="Jumelle")
    response = edit(signed_in, address="3 rue du Quai", **changes)
    page = response.content.decode().replace("&#x27;", "'")
    assert response.status_code == 200 and words in page and "3 rue du Quai" in page
    assert Organisation.objects.get(pk=manager.organisation_id).version == 1


def test_a_territory_created_twice_by_one_form_is_one(signed_in):
    given = {"form_key": str(uuid.uuid4()), "name": "Quartiers nord"}
    first, second = (signed_in.post(url("territory_create"), given) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Territory.objects.get().name == "Quartiers nord"
    again = signed_in.post(url("territory_create"), given | {"form_key": str(uuid.uuid4())})
    assert "Un autre de vos territoires porte déjà ce nom" in again.content.decode()


@time_machine.travel(NOW)
def test_places_are_picked_by_a_plain_search(signed_in, manager):
    load_invented_territory(now=NOW)
    territory = TerritoryFactory(organisation=manager.organisation, communes=[])
    found = signed_in.get(url("territory", territory), {"q": "sainte aube"}).context["found"]
    assert [commune.name for commune in found.communes] == ["Sainte-Aube"]
    assert {zone.name for zone in found.zones} == {"Halles Basses - Quai Vert", "Les Tilleuls"}
    chosen = {"commune": ["99001", "99002", "nowhere"], "zone": [found.zones[0].pk, "x", "9" * 40]}
    assert signed_in.post(url("territory_add", territory), chosen).status_code == 302
    assert territory.communes.count() == 2 and territory.zones.count() == 1
    page = signed_in.get(url("territory", territory), {"q": "sainte aube"}).content.decode()
    assert "2 communes" in page
    signed_in.post(url("territory_remove", territory), {"commune": "99001"})
    assert [commune.pk for commune in territory.communes.all()] == ["99002"]
    nothing = signed_in.get(url("territory", territory), {"q": "xyzzy\x00"}).content.decode()
    assert "Rien de plus ne correspond" in nothing


def test_renaming_keeps_the_page(signed_in, manager):
    territory = TerritoryFactory(organisation=manager.organisation)
    assert signed_in.post(url("territory_rename", territory), {"name": "Neuf", "version": 1}).status_code == 302
    late = signed_in.post(url("territory_rename", territory), {"name": "Tard", "version": 1})
    assert "pendant que vous la remplissiez" in late.content.decode()


@time_machine.travel(NOW)
def test_zones_are_filtered_by_type_state_and_words(signed_in):
    load_invented_territory(now=NOW)

    def names(**asked):
        return {row.code for row in signed_in.get(url("zone_list"), asked).context["table"].page}

    assert len(names()) == 5
    assert names(type="zfu") == {"ZFU9901"}
    assert names(etat="closed") == {"ZFU9901", "ZUS9901"}
    assert names(etat="later") == set()
    assert names(q="pont clair") == {"QN09902I"}
    assert names(etat="open", q="tilleuls") == {"QN09901I"}


def test_lists_are_exported(signed_in, manager):
    TerritoryFactory(organisation=manager.organisation, name="=1+1", communes=[CommuneFactory(name="Aube")])
    response = signed_in.get(url("territory_list"), {"format": "csv"})
    assert response.content.decode("utf-8-sig").splitlines()[1] == "'=1+1;Aube;"
    ZoneFactory(name="Les Tilleuls", since=date(2024, 1, 1))
    book = load_workbook(io.BytesIO(signed_in.get(url("zone_list"), {"format": "xlsx"}).content))
    assert book.active["A2"].value == "Les Tilleuls"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("organisation", 11), ("territory_list", 11), ("zone_list", 10)])
def test_lists_ask_as_much_for_one_row_as_for_three(
    signed_in, manager, django_assert_num_queries, name, count, queries
):
    for _ in range(count):
        TerritoryFactory(organisation=manager.organisation, zones=[ZoneFactory()])
    with django_assert_num_queries(queries):
        assert signed_in.get(url(name)).status_code == 200

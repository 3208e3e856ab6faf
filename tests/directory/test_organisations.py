import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from essaim.directory.enums import OrganisationKind, OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.directory.operations import (
    DeclaredOrganisation,
    OrganisationError,
    create_organisation,
    declare_organisations,
    update_organisation,
)
from essaim.directory.queries import (
    get_declared_contents,
    get_organisation_for,
    list_organisations_for,
    search_organisations_for,
)
from essaim.kernel.operations import EditConflict
from tests.factories.directory import CommuneFactory, OrganisationFactory, make_siret

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COMPANY = OrganisationKind.COMPANY


def create(**changes):
    return create_organisation(**({"name": "Garage", "kind": COMPANY, "by": None, "now": NOW} | changes))


@pytest.mark.django_db
def test_an_organisation_is_created_with_its_details():
    commune = CommuneFactory()
    found = create(
        name="  Garage   des Deux Ponts ",
        siret="732 829 320 00074",
        sector="industry",
        zones=["zfu", "qpv", "qpv"],
        commune=commune,
        phone="+33612345678",
    )
    found.refresh_from_db()
    assert (found.name, found.siret, found.zones) == (
        "Garage des Deux Ponts",
        "73282932000074",
        ["qpv", "zfu"],
    )
    assert (found.origin, found.commune, found.created_at, found.version) == ("local", commune, NOW, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"kind": "factory"}, "kind"),
        ({"siret": "73282932000075"}, "siret"),
        ({"siret": "123"}, "siret"),
        ({"siret": "732829320000AB"}, "siret"),
        ({"sector": "space"}, "sector"),
        ({"zones": ["moon"]}, "zones"),
    ],
)
def test_a_refusal_names_its_field_and_writes_nothing(changes, field):
    with pytest.raises(OrganisationError) as caught:
        create(**changes)
    assert caught.value.field == field
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_a_siret_already_taken_is_told_with_the_name_of_its_holder():
    create(name="La première", siret=make_siret(1))
    with pytest.raises(OrganisationError, match="« La première »"):
        create(name="La seconde", siret=make_siret(1))
    other = create(name="La seconde", siret=make_siret(2))
    with pytest.raises(OrganisationError, match="« La première »"):
        update_organisation(
            organisation=other,
            name=other.name,
            kind=COMPANY,
            siret=make_siret(1),
            version=1,
            by=None,
            now=NOW,
        )
    OrganisationFactory(from_journal=True, siret=make_siret(2))  # a journal may repeat a SIRET


@pytest.mark.django_db(transaction=True)
def test_of_two_organisations_with_one_siret_created_at_once_one_is_refused_plainly():
    barrier, outcomes = threading.Barrier(2), []

    def attempt(name):
        try:
            barrier.wait(timeout=10)
            outcomes.append(create(name=name, siret=make_siret(1)).name)
        except OrganisationError as error:
            outcomes.append(error.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[name]) for name in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert "siret" in outcomes and len(outcomes) == 2
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_an_update_changes_what_it_says_and_keeps_the_rest():
    found = create(siret=make_siret(1), sector="retail", zones=["qpv"])
    update_organisation(
        organisation=found, name="Nouveau", kind=OrganisationKind.EI, sector="", version=1, by=None, now=NOW
    )
    found.refresh_from_db()
    assert (found.name, found.kind, found.sector, found.zones) == ("Nouveau", "ei", "", ["qpv"])
    assert (found.siret, found.version) == (make_siret(1), 2)
    with pytest.raises(EditConflict):
        update_organisation(organisation=found, name="Encore", kind=COMPANY, version=1, by=None, now=NOW)


@pytest.mark.django_db
def test_what_a_journal_declared_is_never_changed():
    found = OrganisationFactory(from_journal=True)
    with pytest.raises(OrganisationError):
        update_organisation(organisation=found, name="Autre", kind=COMPANY, version=1, by=None, now=NOW)


@pytest.mark.django_db
def test_declaring_twice_changes_nothing_and_seldom_asks_the_database(django_assert_num_queries):
    rows = [DeclaredOrganisation(f"O{n}", f"Garage {n}", "company", zones=("qpv",)) for n in range(50)]
    with django_assert_num_queries(2):
        first = declare_organisations(rows=rows, now=NOW)
    changed = [
        DeclaredOrganisation("O1", "Autre nom", "other"),
        DeclaredOrganisation("N1", "Neuf", "company"),
    ]
    second = declare_organisations(rows=changed, now=NOW)
    assert second["O1"] == first["O1"] and set(second) == {"O1", "N1"}
    assert Organisation.objects.get(ref="O1").name == "Garage 1"
    assert set(Organisation.objects.values_list("origin", flat=True)) == {OrganisationOrigin.JOURNAL}
    assert get_declared_contents(["O1", "unknown"]) == {"O1": rows[1]}


@pytest.mark.django_db
def test_search_forgets_case_and_accents_and_reads_siret():
    garage = OrganisationFactory(name="Garage Lefèvre & Fils", siret=make_siret(3))
    OrganisationFactory(name="Hôtel de l’Œuvre")
    OrganisationFactory(name="Garage Lefèvre d’un journal", from_journal=True)
    assert search_organisations_for(None, "LEFEVRE garage") == [garage]
    assert search_organisations_for(None, make_siret(3)) == [garage]
    assert search_organisations_for(None, make_siret(3)[:9]) == [garage]
    assert [found.name for found in search_organisations_for(None, "hotel oeuvre")] == ["Hôtel de l’Œuvre"]
    assert search_organisations_for(None, "100%") == []
    assert search_organisations_for(None, "garage", kinds=["company"]) == []


@pytest.mark.django_db
def test_lists_are_in_french_order_and_hold_local_organisations_only():
    for name in ("Zoo", "élan", "Eau", "été", "abri"):
        OrganisationFactory(name=name)
    hidden = OrganisationFactory(name="caché", from_journal=True)
    assert [found.name for found in list_organisations_for(None)] == ["abri", "Eau", "élan", "été", "Zoo"]
    with pytest.raises(Organisation.DoesNotExist):
        get_organisation_for(None, hidden.ref)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_once(count, django_assert_num_queries):
    for _ in range(count):
        OrganisationFactory(commune=CommuneFactory())
    with django_assert_num_queries(1):
        assert len([(found.name, found.commune.name) for found in list_organisations_for(None)]) == count

"""Importing a file of people: rows exact or reported, replayed without change, all or nothing when killed."""

import io
from dataclasses import asdict
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from essaim.accounts.enums import Role
from essaim.directory.models import AddressPoint
from essaim.people.enums import GrantScope, IdentifierSystem
from essaim.people.models import AccessGrant, ExternalIdentifier, Person, Profile
from essaim.people.operations import imports
from essaim.people.operations.imports import ImportRefused, import_people
from essaim.people.queries import visible_people
from essaim.people.queries.imports import FileRefusedError, read_headings
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import CommuneFactory
from tests.factories.people import AccessGrantFactory, PersonFactory, ProfileFactory

pytestmark = pytest.mark.django_db

HEADER = "nom;prenom;date_naissance;sexe;telephone;courriel;adresse;code_postal;commune;niveau;identifiant_externe\n"
INES = "Kadrani;Inès;29/02/2004;F;06 12 34 56 78;ines@exemple.fr;12 rue des Lilas;98001;Valbourg;V;A-1\n"
LEO = "Marchand;Léo;2003-05-01;H;;;;;;bac;\n"


@pytest.fixture
def by():
    return MembershipFactory(role=Role.COUNSELLOR)


@pytest.fixture(autouse=True)
def valbourg(db):
    return CommuneFactory(code="98001", name="Valbourg", postcodes=["98001"])


@pytest.fixture
def load(by, now):
    """``load(text)``: import it; the report as a dict."""

    def call(text, **options):
        content = text if isinstance(text, bytes) else text.encode()
        return asdict(import_people(content=content, by=options.pop("by", by), now=now, **options))

    return call


def counts(report):
    return report["created"], report["updated"], report["unchanged"], len(report["refused"])


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Person, Profile, AccessGrant, ExternalIdentifier)]


def test_a_row_is_imported_exactly(load, by):
    assert counts(load(HEADER + INES)) == (1, 0, 0, 0)
    ines = visible_people(by).get()
    assert (ines.last_name, ines.first_name, ines.birth_date) == ("Kadrani", "Inès", date(2004, 2, 29))
    assert (ines.phone, ines.email) == ("+33612345678", "ines@exemple.fr")
    assert (ines.address, ines.postcode, ines.commune_id) == ("12 rue des Lilas", "98001", "98001")
    assert (ines.referent, ines.referent_organisation, ines.viewer_scope) == (
        None,
        by.organisation,
        GrantScope.REFERENT,
    )
    profile = ines.profiles.get()
    assert (profile.sex, profile.level, profile.day, profile.recorded_by) == (
        "female",
        3,
        date(2026, 11, 23),
        by.user,
    )
    assert ines.identifiers.get().value == "A-1"


def test_replayed_nothing_changes(load):
    load(HEADER + INES + LEO)
    before = everything()
    assert counts(load(HEADER + INES + LEO)) == (0, 0, 2, 0)
    assert everything() == before


def test_a_dry_run_says_the_same_and_writes_nothing(load):
    report = load(HEADER + INES + LEO + "Sans;;;;;;;;;;\n", dry_run=True)
    assert counts(report) == (2, 0, 0, 1) and not Person.objects.exists()
    assert load(HEADER + INES + LEO + "Sans;;;;;;;;;;\n") == report


def test_good_rows_are_imported_and_the_others_told(load):
    report = load(HEADER + "Sans;;;;;;;;;;\n" + LEO + "Petit;Ana;31/02/2001;F;12;;;;Nulleville;9;\n")
    assert counts(report)[0] == 1 and Person.objects.get().last_name == "Marchand"
    first, second = report["refused"]
    assert first == {"line": 2, "column": "prenom", "reason": "Le prénom manque."}
    assert (second["line"], second["column"]) == (4, "date_naissance")
    assert "telephone" in second["reason"] and "niveau" in second["reason"]


def test_the_column_of_the_file_is_named(load):
    report = load("Nom;Prénom;TÉLÉPHONE\nA;B;12\n")
    assert report["refused"][0]["column"] == "TÉLÉPHONE"


def test_an_unknown_commune_is_told(load):
    report = load("nom;prenom;commune\nA;B;Nulleville\n")
    assert (report["refused"][0]["column"], "Aucune commune" in report["refused"][0]["reason"]) == ("commune", True)


def test_the_same_identifier_is_the_same_person_whatever_her_name(load, by):
    load(HEADER + INES)
    assert counts(load("nom;prenom;identifiant_externe\nDupuis;Inès;A-1\n")) == (0, 1, 0, 0)
    assert Person.objects.get().last_name == "Dupuis" and Person.objects.get().version == 2


def test_the_same_name_and_birth_date_are_the_same_person_accents_and_case_aside(load, by):
    person = PersonFactory(held_by=by, first_name="Jean-Noël", last_name="Œillet", birth_date=date(2000, 1, 2))
    assert counts(load("nom;prenom;date_naissance;telephone\nOEILLET;jean noel;02/01/2000;0612345678\n")) == (
        0,
        1,
        0,
        0,
    )
    person.refresh_from_db()
    assert (person.last_name, person.phone) == ("Œillet", "+33612345678")


def test_without_birth_date_replaying_does_not_double(load):
    assert counts(load("nom;prenom\nA;B\n")) == (1, 0, 0, 0)
    assert counts(load("nom;prenom\nA;B\n")) == (0, 0, 1, 0)


def test_a_file_never_erases(load):
    load(HEADER + INES)
    before = everything()
    assert counts(load(HEADER + "KADRANI;Ines;29/02/2004;;;;;;;;\n")) == (0, 0, 1, 0)
    assert everything() == before


def test_a_changed_level_makes_a_profile_that_keeps_the_rest(load, by):
    person = PersonFactory(held_by=by, last_name="Kadrani", first_name="Inès")
    ProfileFactory(person=person, sex="female", level=1, statuses=["rsa"], resources="benefits")
    assert counts(load("nom;prenom;date_naissance;niveau\nKadrani;Inès;29/02/2004;IV\n")) == (0, 1, 0, 0)
    latest = person.profiles.first()
    assert (latest.day, latest.level, latest.sex, latest.statuses) == (date(2026, 11, 23), 4, "female", ["rsa"])
    assert person.profiles.count() == 2


def test_the_file_of_another_organisation_is_not_confirmed(load, by):
    other = PersonFactory(held_by=MembershipFactory(manager=True), last_name="Kadrani", first_name="Inès")
    assert counts(load(HEADER + INES)) == (1, 0, 0, 0)
    other.refresh_from_db()
    assert other.phone == "" and Person.objects.count() == 2


def test_a_file_of_countless_columns_is_refused_before_any_page_shows_them():
    wide = ";".join(f"c{number}" for number in range(201))
    with pytest.raises(FileRefusedError, match="200 colonnes"):
        read_headings(f"{wide}\n".encode())
    assert len(read_headings(f"{wide.removesuffix(';c200')}\n".encode())) == 200


def test_a_shared_file_is_changed_by_its_referent_team_only(load, by):
    shared = PersonFactory(held_by=MembershipFactory(manager=True), last_name="Kadrani", first_name="Inès")
    AccessGrantFactory(person=shared, organisation=by.organisation)
    report = load("nom;prenom;date_naissance;telephone\nKadrani;Inès;29/02/2004;0612345678\n")
    assert counts(report) == (0, 0, 0, 1) and "équipe référente" in report["refused"][0]["reason"]
    assert counts(load("nom;prenom;date_naissance\nKadrani;Inès;29/02/2004\n")) == (0, 0, 1, 0)


@pytest.mark.parametrize(("said", "is_protected"), [("3 passage caché", False), ("0612345678", True)])
def test_an_import_confirms_nothing_that_only_the_referent_team_reads(load, by, said, is_protected):
    """A right guess and a wrong one answer alike."""
    column, field = ("telephone", "phone") if is_protected else ("adresse", "address")
    shared = PersonFactory(
        held_by=MembershipFactory(manager=True), last_name="Kadrani", first_name="Inès", is_protected=is_protected
    )
    AccessGrantFactory(person=shared, organisation=by.organisation)
    ExternalIdentifier.objects.create(person=shared, organisation=by.organisation, system="own", value="T-1")
    row = f"nom;prenom;date_naissance;identifiant_externe;{column}\nKadrani;Inès;29/02/2004;T-1;{said}\n"
    wrong = load(row)
    Person.objects.update(**{field: "+33612345678" if is_protected else said})
    assert counts(wrong) == counts(load(row)) == (0, 0, 0, 1)


def test_a_protected_person_is_not_confirmed_outside_her_referent_team(load, by):
    shared = PersonFactory(
        held_by=MembershipFactory(manager=True), last_name="Kadrani", first_name="Inès", is_protected=True
    )
    AccessGrantFactory(person=shared, organisation=by.organisation)
    assert counts(load(HEADER + INES)) == (1, 0, 0, 0)
    shared.refresh_from_db()
    assert shared.phone == ""


def test_two_rows_of_one_person_that_differ_are_refused_at_the_second(load):
    report = load("nom;prenom;telephone\nA;B;0612345678\nA;B;0612345678\nA;B;0687654321\n")
    assert counts(report) == (1, 0, 1, 1) and "ligne 2" in report["refused"][0]["reason"]


def test_homonyms_known_twice_are_refused(load, by):
    for _ in range(2):
        PersonFactory(held_by=by, last_name="Kadrani", first_name="Inès")
    report = load("nom;prenom;date_naissance\nKadrani;Inès;29/02/2004\n")
    assert "Plusieurs" in report["refused"][0]["reason"]


def test_another_identifier_is_never_replaced(load, by):
    load(HEADER + INES)
    report = load("nom;prenom;date_naissance;identifiant_externe\nKadrani;Inès;29/02/2004;B-2\n")
    assert report["refused"][0]["column"] == "identifiant_externe"


def test_an_identifier_of_a_file_no_longer_seen_is_refused(load, by):
    load(HEADER + INES)
    AccessGrant.objects.update(until="2026-11-23T09:00:00Z")
    report = load(HEADER + INES)
    assert (counts(report), report["refused"][0]["column"]) == ((0, 0, 0, 1), "identifiant_externe")


def test_an_identifier_is_added_to_a_known_file(load, by):
    person = PersonFactory(held_by=by, last_name="Kadrani", first_name="Inès")
    assert counts(load("nom;prenom;date_naissance;identifiant_externe\nKadrani;Inès;29/02/2004;007\n")) == (0, 1, 0, 0)
    assert person.identifiers.get().system == IdentifierSystem.OWN


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_usual_files_are_read(load, separator, encoding):
    assert counts(load((HEADER + INES).replace(";", separator).encode(encoding))) == (1, 0, 0, 0)
    assert Person.objects.get().first_name == "Inès"


def test_a_workbook_is_read_with_its_days_and_numbers(load):
    book, out = Workbook(), io.BytesIO()
    book.active.append(HEADER.strip().split(";"))
    book.active.append(["Petit", "Ana", date(2001, 3, 4), "F", 612345678, None, None, 98001, "Valbourg", 3, 12345])
    book.save(out)
    assert counts(load(out.getvalue())) == (1, 0, 0, 0)
    ana = Person.objects.get()
    assert (ana.birth_date, ana.phone, ana.postcode) == (date(2001, 3, 4), "+33612345678", "98001")
    assert ana.identifiers.get().value == "12345"


def test_a_quoted_cell_may_hold_a_line_break(load):
    report = load('nom;prenom;adresse\n"Petit";Ana;"12 rue\ndes Lilas"\nSans;;\n')
    assert Person.objects.get().address == "12 rue des Lilas" and report["refused"][0]["line"] == 4


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ("prenom;telephone\nA;0612345678\n", "nom"),
        ("nom;prenom;telephone;Téléphone\nA;B;;\n", "Téléphone"),
        ("", ""),
    ],
)
def test_columns_missing_or_twice_refuse_the_file(load, content, column):
    with pytest.raises(ImportRefused) as caught:
        load(content)
    assert (caught.value.refused[0].line, caught.value.refused[0].column) == (1, column)


def test_a_mapping_names_the_columns(load):
    load("Nom usuel;P.;Notes\nPetit;Ana;secret\n", mapping={"Nom usuel": "nom", "P.": "prenom"})
    assert Person.objects.get().full_name == "Ana Petit"


def test_points_known_here_place_the_address(load):
    AddressPoint.objects.create(
        key="12 rue des lilas",
        label="12 rue des Lilas",
        postcode="98001",
        commune_id="98001",
        latitude="46.50001",
        longitude="2.60001",
    )
    load(HEADER + INES)
    assert str(Person.objects.get().latitude) == "46.50001"
    load(HEADER + INES.replace("12 rue", "14 rue"))
    assert Person.objects.get().latitude is None


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EMPLOYER_RELATIONS, Role.STEERING])
def test_a_role_without_people_imports_nobody(load, role):
    with pytest.raises(ImportRefused, match="rôle"):
        load(HEADER + INES, by=MembershipFactory(role=role))


def test_killed_midway_nothing_is_imported(load, monkeypatch):
    monkeypatch.setattr("essaim.people.queries.imports.ROWS_A_BATCH", 2)
    real, calls = imports._write, []

    def stop(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(imports, "_write", stop)
    with pytest.raises(KeyboardInterrupt):
        load("nom;prenom\n" + "".join(f"A{n};B\n" for n in range(5)))
    assert len(calls) == 2 and not Person.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(load):
    def cost(first, last):
        rows = "".join(INES.replace("Kadrani", f"K{n}").replace("A-1", f"A{n}") for n in range(first, last))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load(HEADER + rows)
        return len(queries)

    cost(0, 1)
    assert cost(1, 2) == cost(2, 302)

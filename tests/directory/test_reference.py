import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.directory.enums import ZoneKind
from essaim.directory.models import Commune, Zone
from essaim.directory.operations import (
    import_communes,
    import_zones,
    load_invented_territory,
    load_reference_communes,
)
from essaim.directory.queries import (
    CommuneNotFoundError,
    list_zones,
    read_commune,
    search_communes,
    search_zones,
    zones_in_force,
)
from tests.factories.directory import CommuneFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OFFICIAL = [
    {
        "code": "13055",
        "nom": "Marseille",
        "type": "commune-actuelle",
        "departement": "13",
        "region": "93",
        "codesPostaux": ["13001", "13002"],
        "population": 877215,
    },
    {
        "code": "13201",
        "nom": "Marseille 1er Arrondissement",
        "type": "arrondissement-municipal",
        "commune": "13055",
        "departement": "13",
        "region": "93",
        "codesPostaux": ["13001"],
    },
    {"code": "01015", "nom": "Arbignieu", "type": "commune-deleguee", "departement": "01", "region": "84"},
    {
        "code": "97411",
        "nom": "Saint-Denis",
        "type": "commune-actuelle",
        "departement": "974",
        "region": "04",
        "codesPostaux": ["97400"],
    },
    {
        "code": "93066",
        "nom": "Saint-Denis",
        "type": "commune-actuelle",
        "departement": "93",
        "region": "11",
        "codesPostaux": ["93200"],
    },
    {
        "code": "98411",
        "nom": "Îles Saint-Paul et Nouvelle-Amsterdam",
        "departement": "984",
        "region": "984",
        "type": "commune-actuelle",
    },
]
QPV = """code_qp;lib_qp;insee_reg;lib_reg;insee_com;lib_com
QN01301M;Saint Mauront;93;PACA;13055;Marseille
QN09301M;Grand centre;11;IDF;93066;Saint-Denis
"""


def official(rows=OFFICIAL):
    return json.dumps(rows).encode()


def counts(report):
    return (report.created, report.updated, report.unchanged, len(report.errors))


@pytest.mark.django_db
def test_the_published_json_is_imported_and_replayed_without_change():
    assert counts(import_communes(content=official(), now=NOW)) == (5, 0, 0, 0)
    marseille = Commune.objects.get(code="13055")
    assert (marseille.postcodes, marseille.department, marseille.region) == (["13001", "13002"], "13", "93")
    assert Commune.objects.get(code="98411").postcodes == []
    assert counts(import_communes(content=official(), now=NOW)) == (0, 0, 5, 0)
    renamed = [OFFICIAL[0] | {"nom": "Massilia"}, *OFFICIAL[1:]]
    assert counts(import_communes(content=official(renamed), now=NOW)) == (0, 1, 4, 0)


@pytest.mark.django_db
def test_a_spreadsheet_that_lost_its_zeros_is_understood():
    headings = "Code INSEE,Nom,Code postal,Département,Région,Latitude,Longitude\n"
    content = headings + '1001,L’Abergement,1400,1,84,"46,15",4.92\n'
    assert counts(import_communes(content=content.encode("cp1252"), now=NOW)) == (1, 0, 0, 0)
    found = Commune.objects.get()
    assert (found.code, found.postcodes, found.department) == ("01001", ["01400"], "01")
    assert (float(found.latitude), float(found.longitude)) == (46.15, 4.92)


@pytest.mark.django_db
def test_one_row_at_fault_and_nothing_is_written():
    content = (
        "code;nom;codesPostaux;departement\n13055;Marseille;13001;13\nabc;X;13001;13\n13056;;13001;13\n"
        "13057;Y;1300x;13\n13058;Z;13001;69\n13055;Encore;13001;13\n13059;T\n"
    )
    report = import_communes(content=content.encode(), now=NOW)
    assert [(fault.line, fault.column) for fault in report.errors] == [
        (3, "code"),
        (4, "nom"),
        (5, "codesPostaux"),
        (6, "departement"),
        (7, "code"),
        (8, ""),
    ]
    assert counts(report)[:3] == (0, 0, 0) and not Commune.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"", b"[", b"{}", b"[1]", b"[[]]", b"PK\x03\x04\x00", b"nom;code\n", b"[{}]", b'[{"code": []}]'],
)
def test_files_that_are_something_else_are_reported(content):
    report = import_communes(content=content, now=NOW)
    assert report.errors or content == b"nom;code\n"
    assert not Commune.objects.exists()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["code", "nom", "departement", "region", "type", "codesPostaux", "latitude"]),
        JSON_VALUES,
    ),
    max_size=4,
)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(rows=ROWS)
def test_any_json_is_imported_or_reported(rows):
    report = import_communes(content=json.dumps(rows).encode(), now=NOW)
    assert report.errors or report.created + report.updated + report.unchanged <= len(rows)
    Commune.objects.all().delete()


@pytest.mark.django_db
def test_the_official_list_of_qpv_is_imported_with_its_dates():
    import_communes(content=official(), now=NOW)
    given = {"content": QPV.encode("cp1252"), "kind": ZoneKind.QPV, "since": date(2024, 1, 1), "now": NOW}
    assert counts(import_zones(**given)) == (2, 0, 0, 0)
    assert counts(import_zones(**given)) == (0, 0, 2, 0)
    zone = Zone.objects.get(code="QN01301M")
    assert (zone.name, zone.since, zone.until) == ("Saint Mauront", date(2024, 1, 1), None)
    assert [commune.code for commune in zone.communes.all()] == ["13055"]
    closed = given | {"until": date(2030, 12, 31)}
    assert counts(import_zones(**closed)) == (0, 2, 0, 0)


@pytest.mark.django_db
def test_a_zone_of_several_communes_takes_one_line_or_several():
    import_communes(content=official(), now=NOW)
    lines = (
        "code;nom;insee_com;depuis\nQ1;Un;13055,93066;01/01/2024\nQ2;Deux;13055;2024-01-01\nQ2;Deux;93066;2024-01-01\n"
    )
    assert counts(import_zones(content=lines.encode(), kind=ZoneKind.QPV, now=NOW)) == (2, 0, 0, 0)
    assert {zone.communes.count() for zone in Zone.objects.all()} == {2}


@pytest.mark.django_db
def test_faults_of_zones_are_all_told_and_nothing_is_written():
    import_communes(content=official(), now=NOW)
    lines = (
        "code;nom;insee_com;depuis;fin\nQ1;Un;99999;2024-01-01;\nQ2;Deux;;2024-01-01;\nQ3;Trois;13055;;\n"
        "Q4;Quatre;13055;2024-01-01;2023-01-01\nQ5;Cinq;13055;hier;\nQ6;Six;13055;2024-01-01;\nQ6;Autre;13055;2024-01-01;\n"
        "Q7;Sept;13055;2015-01-01;2024-06-30\nQ7;Sept;13055;2024-01-01;\n;Huit;13055;2024-01-01;\n"
    )
    report = import_zones(content=lines.encode(), kind=ZoneKind.QPV, now=NOW)
    assert [(fault.line, fault.column) for fault in report.errors] == [
        (2, "insee_com"),
        (3, "insee_com"),
        (4, "depuis"),
        (5, "jusqu’au"),
        (6, "depuis"),
        (8, "code"),
        (10, "depuis"),
        (11, "code"),
    ]
    assert not Zone.objects.exists()


@pytest.mark.django_db
def test_a_new_period_may_not_overlap_a_stored_one():
    import_communes(content=official(), now=NOW)
    import_zones(content=QPV.encode(), kind=ZoneKind.QPV, since=date(2015, 1, 1), now=NOW)
    later = {"content": QPV.encode(), "kind": ZoneKind.QPV, "since": date(2024, 1, 1), "now": NOW}
    assert len(import_zones(**later).errors) == 2
    import_zones(content=QPV.encode(), kind=ZoneKind.QPV, since=date(2015, 1, 1), until=date(2023, 12, 31), now=NOW)
    assert counts(import_zones(**later)) == (2, 0, 0, 0)
    in_force = zones_in_force(list_zones(kind="qpv"), date(2023, 12, 31))
    assert {zone.since for zone in in_force} == {date(2015, 1, 1)}


@pytest.mark.django_db
def test_the_shipped_communes_load_once():
    report = load_reference_communes(now=NOW)
    assert report.created > 35_000 and not report.errors
    Commune.objects.filter(code="01001").update(name="Nom plus récent")
    assert counts(load_reference_communes(now=NOW)) == (0, 0, 0, 0)
    assert Commune.objects.get(code="01001").name == "Nom plus récent"
    assert read_commune("Marseille").code == "13055"
    assert read_commune("marseille 1er arrondissement").code == "13201"
    assert read_commune("saint-denis (974)").code == "97411"
    assert read_commune("93200 Saint-Denis").code == "93066"
    assert read_commune("2A004").name == "Ajaccio"
    assert read_commune("  ") is None
    with pytest.raises(CommuneNotFoundError, match="Plusieurs"):
        read_commune("Saint-Denis")
    with pytest.raises(CommuneNotFoundError, match="Peut-être : Marseille "):
        read_commune("marseill")
    with pytest.raises(CommuneNotFoundError, match="Aucune"):
        read_commune("Xyzzy")
    assert search_communes("l’abergement")[0].name.startswith("L'Abergement")
    assert [found.code for found in search_communes("13001")] == ["13001", "13055", "13201"]  # Aix has that code


@pytest.mark.django_db
def test_the_invented_territory_collides_with_nothing_real():
    load_reference_communes(now=NOW)
    real = Commune.objects.count()
    assert counts(load_invented_territory(now=NOW)) == (275, 0, 0, 0)
    assert counts(load_invented_territory(now=NOW)) == (0, 0, 275, 0)
    assert Commune.objects.count() == real + 6
    assert Commune.objects.filter(is_invented=True, latitude__isnull=False).count() == 6
    assert sorted(Zone.objects.values_list("kind", flat=True)) == ["qpv", "qpv", "qpv", "zfu", "zus"]
    assert set(Zone.objects.values_list("is_invented", flat=True)) == {True}
    assert {zone.kind for zone in zones_in_force(list_zones(), date(2026, 11, 23))} == {"qpv"}


@pytest.mark.django_db
def test_zones_are_found_by_name_code_and_commune():
    load_invented_territory(now=NOW)
    on = date(2026, 11, 23)
    assert [zone.name for zone in search_zones("tilleul", on=on)] == ["Les Tilleuls"]
    assert [zone.name for zone in search_zones("QN09903I", on=on)] == ["La Forge"]
    assert [zone.name for zone in search_zones("pont clair", on=on)] == ["Halles Basses - Quai Vert"]
    assert len(search_zones("tilleuls", on=date(2010, 1, 1))) == 2
    assert search_zones(" ", on=on) == []


@pytest.mark.django_db
def test_communes_without_word_or_digit_match_nothing():
    CommuneFactory(name="Étang-Neuf")
    assert search_communes("") == []
    assert [found.name for found in search_communes("etang")] == ["Étang-Neuf"]
    assert search_communes("%") == []

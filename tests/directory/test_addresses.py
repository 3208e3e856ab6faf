"""Where addresses are, which zones hold a point, and the address service outside."""

import json
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.directory.engine.addresses import address_key
from essaim.directory.engine.commune_names import CommuneNames, KnownCommune, UnknownCommuneError
from essaim.directory.engine.geocoding import read_point
from essaim.directory.enums import ZoneKind
from essaim.directory.models import AddressPoint, Zone, ZoneArea
from essaim.directory.operations import import_addresses, import_zones, load_invented_territory
from essaim.directory.queries import ask_address_service, find_points, zones_at
from tests.factories.directory import CommuneFactory, ZoneFactory

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]
ISLAND = [[4.5, 4.5], [5.5, 4.5], [5.5, 5.5], [4.5, 5.5], [4.5, 4.5]]


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def feature(geometry=None, **properties):
    properties = {"code_qp": "QN1", "lib_qp": "Les Tilleuls", "insee_com": "98001"} | properties
    return {"type": "Feature", "properties": properties, "geometry": geometry or polygon(SQUARE)}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def load(*features, since=date(2024, 1, 1)):
    return import_zones(content=collection(*features), kind=ZoneKind.QPV, since=since, now=NOW)


def codes(latitude, longitude, on=TODAY):
    return [zone.code for zone in zones_at(Decimal(str(latitude)), Decimal(str(longitude)), on=on)]


@pytest.fixture
def commune(db):
    return CommuneFactory(code="98001", name="Valbourg", postcodes=["98001"])


def test_a_point_is_in_the_outline_but_not_in_its_hole(commune):
    assert not load(feature(polygon(SQUARE, HOLE))).errors
    assert codes(1, 1) == ["QN1"] and codes(5, 5) == [] and codes(11, 1) == [] and codes(0, 5) == ["QN1"]


def test_an_island_in_a_hole_is_inside_again(commune):
    load(feature({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [ISLAND]]}))
    assert codes(5, 5) == ["QN1"] and codes(4.2, 4.2) == []


def test_zones_hold_points_on_the_days_they_are_in_force(commune):
    load(feature(jusqu_au="2025-12-31"))
    assert codes(1, 1, date(2023, 12, 31)) == [] and codes(1, 1, date(2024, 1, 1)) == ["QN1"]
    assert codes(1, 1, date(2025, 12, 31)) == ["QN1"] and codes(1, 1, date(2026, 1, 1)) == []


def test_the_same_outlines_again_change_nothing_and_others_replace_them(commune):
    first, again = load(feature()), load(feature())
    assert (first.created, again.unchanged, ZoneArea.objects.count()) == (1, 1, 1)
    assert load(feature(polygon(SQUARE, HOLE))).updated == 1 and ZoneArea.objects.count() == 2


def test_outlines_come_to_a_known_zone_without_saying_its_communes(commune):
    csv = b"code_qp;lib_qp;insee_com\nQN1;Les Tilleuls;98001\n"
    import_zones(content=csv, kind=ZoneKind.QPV, since=date(2024, 1, 1), now=NOW)
    assert load(feature(insee_com=None)).updated == 1
    assert [one.code for one in Zone.objects.get().communes.all()] == ["98001"] and codes(1, 1) == ["QN1"]
    import_zones(content=csv, kind=ZoneKind.QPV, since=date(2024, 1, 1), now=NOW)
    assert codes(1, 1) == ["QN1"]


def test_a_new_zone_without_commune_is_refused(commune):
    assert "communes de cette zone manquent" in load(feature(insee_com=None)).errors[0].message


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({"type": "Point", "coordinates": [0, 0]}, "contour est attendu"),
        (polygon(SQUARE[:3]), "quatre points"),
        (polygon([*SQUARE[:4], [1, 1]]), "se referme"),
        (polygon([[891000, 6247000]] * 4), "WGS 84"),
        (polygon([["a", "b"]] * 4), "couple"),
        ({"type": "MultiPolygon", "coordinates": []}, "vide"),
    ],
)
def test_an_outline_that_cannot_be_drawn_is_refused_with_its_rank(commune, geometry, words):
    (fault,) = load(feature(), feature(geometry, code_qp="QN2")).errors
    assert fault.line == 2 and words in fault.message and not Zone.objects.exists()


@pytest.mark.parametrize("content", [b'{"type": "Feature"}', b'{"features": 1}', b"{", b'{"features": ['])
def test_what_is_no_collection_is_refused(db, content):
    assert import_zones(content=content, kind=ZoneKind.QPV, now=NOW).errors


def crosses(ring, x, y):
    """Whether the point is inside, by the parity of the sides it sees to its right."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=7, unique=True),
    st.tuples(st.integers(0, 20), st.integers(0, 20)),
)
def test_the_database_agrees_with_counting_sides(db, corners, cell):
    zone = ZoneFactory()
    ring = [*corners, corners[0]]
    text = "(" + ",".join(f"({x},{y})" for x, y in ring) + ")"
    ZoneArea.objects.create(zone=zone, ring=text)
    x, y = cell[0] + 0.4837, cell[1] + 0.5391  # never on a side
    assert (zone in zones_at(Decimal(str(y)), Decimal(str(x)), on=TODAY)) == crosses(ring, x, y)
    zone.delete()


@pytest.mark.parametrize(
    "typed", ["12bis, av. St-Just", "12 BIS AVENUE SAINT JUST", "12 bis avenue   Saint-Just", "12bis Ave. St Just"]
)
def test_an_address_is_found_however_it_was_typed(typed):
    assert address_key(typed) == "12 bis avenue saint just"


ADDRESSES = "adresse;code_postal;commune;latitude;longitude\n12 rue des Lilas;98001;Valbourg;46,5;2,6\n"


def test_coordinates_are_imported_once_and_found(commune):
    first = import_addresses(content=ADDRESSES.encode(), now=NOW)
    again = import_addresses(content=ADDRESSES.encode(), now=NOW)
    assert (first.created, again.unchanged) == (1, 1)
    place = (Decimal("46.50000"), Decimal("2.60000"))
    asked = [("12, r. des Lilas", "", "98001"), ("12 rue des lilas", "98001", ""), ("13 rue des Lilas", "", "98001")]
    with CaptureQueriesContext(connection) as queries:
        assert find_points(asked) == {asked[0]: place, asked[1]: place}
    assert len(queries) == 1
    moved = import_addresses(content=ADDRESSES.replace("46,5", "46,6").encode(), now=NOW)
    assert moved.updated == 1


def test_the_columns_of_the_national_base_are_known(commune):
    heads = "id;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat"
    content = f"{heads}\nx;12;bis;Rue des Lilas;98001;98001;V;2.6;46.5\n".encode()
    assert import_addresses(content=content, now=NOW).created == 1
    assert AddressPoint.objects.get().key == "12 bis rue des lilas"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (";98001;Valbourg;46;2", "adresse"),
        ("1 rue A;98001;Nulleville;46;2", "commune"),
        ("1 rue A;98001;Valbourg;146;2", "latitude"),
        ("1 rue A;9;Valbourg;46;2", "code_postal"),
        ("12 rue des Lilas;98001;Valbourg;47;2", "adresse"),
    ],
)
def test_one_point_at_fault_and_nothing_is_written(commune, line, column):
    report = import_addresses(content=(ADDRESSES + line + "\n").encode(), now=NOW)
    assert [(fault.line, fault.column) for fault in report.errors] == [(3, column)]
    assert not AddressPoint.objects.exists()


@pytest.mark.django_db
def test_the_invented_territory_places_its_addresses_in_its_neighbourhoods():
    load_invented_territory(now=NOW)
    asked = {
        ("4 allée des Tilleuls", "99000", "99001"): ["QN09901I"],
        ("3 square du Verger", "99000", "99001"): [],
        ("5 rue des Halles", "99000", "99001"): ["QN09902I"],
        ("2 quai Vert", "99110", "99003"): ["QN09902I"],
        ("6 rue de la Forge", "99100", "99002"): ["QN09903I"],
        ("6 avenue de la Gare", "99000", "99001"): [],
    }
    points = find_points(asked)
    assert {one: codes(*points[one]) for one in asked} == asked


NAMES = CommuneNames(
    [
        KnownCommune("93066", "Saint-Denis", "93", ("93200", "93210")),
        KnownCommune("97411", "Saint-Denis", "974", ("97400",)),
        KnownCommune("13055", "Marseille", "13", ("13001", "13002")),
    ]
)


@pytest.mark.parametrize(
    ("text", "postcode", "code"),
    [
        ("ST-DENIS", "93200", "93066"),
        ("Saint Denis", "97400", "97411"),
        ("saint-denis cedex 2", "93285", "93066"),
        ("Marseille", "", "13055"),
        ("13055", "", "13055"),
        ("MARSEILLE CEDEX 20", "13233", "13055"),
    ],
)
def test_communes_are_found_as_files_write_them(text, postcode, code):
    assert NAMES.find(text, postcode) == code


@pytest.mark.parametrize(
    ("text", "postcode", "words"),
    [
        ("Saint-Denis", "", "Plusieurs"),
        ("Nulleville", "", "ne porte ce nom"),
        ("Marseille", "75001", "pas ce code"),
        ("99999", "", "code INSEE"),
    ],
)
def test_a_commune_not_found_says_why(text, postcode, words):
    with pytest.raises(UnknownCommuneError, match=words):
        NAMES.find(text, postcode)


def found(score=0.9, citycode="98001", kind="housenumber", place=(2.6, 46.5)):
    properties = {"score": score, "citycode": citycode, "type": kind, "label": "12 Rue des Lilas"}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": list(place)}, "properties": properties}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"features": [found()]}, (Decimal("46.50000"), Decimal("2.60000"))),
        ({"features": [found(citycode="13055"), found()]}, (Decimal("46.50000"), Decimal("2.60000"))),
        ({"features": [found(score=0.5)]}, None),
        ({"features": [found(score=float("nan"))]}, None),
        ({"features": [found(kind="municipality")]}, None),
        ({"features": [found(place=(2, 91))]}, None),
        ({"features": []}, None),
        ({}, None),
        ([], None),
        ({"features": [{"properties": None}]}, None),
    ],
)
def test_only_a_sure_answer_gives_a_point(answer, expected):
    assert read_point(answer, commune_code="98001") == expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["features", "properties", "geometry", "coordinates", "score", "type"]), inner
            )
        ),
    )
)
def test_no_answer_breaks_the_reader(answer):
    read_point(answer, commune_code="")


@pytest.fixture
def service(settings):
    """A local address service: ``service.body`` is what it answers, ``service.asked`` what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            self.send_response(server.status)
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.status, server.body = [], 200, json.dumps({"features": [found()]}).encode()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.GEOCODER_URL = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def test_the_service_is_asked_with_the_postcode(service):
    point = ask_address_service(address="12 rue des Lilas", postcode="98001", commune_code="98001", commune_name="V")
    assert point == (Decimal("46.50000"), Decimal("2.60000"))
    assert service.asked == ["/search/?q=12+rue+des+Lilas+V&limit=3&postcode=98001"]


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"<html>"), (200, b"\xff"), (404, b"{}")])
def test_a_service_that_fails_gives_nothing_and_logs_no_address(service, caplog, status, body):
    service.status, service.body = status, body
    assert ask_address_service(address="12 rue des Lilas") is None
    assert "Lilas" not in caplog.text


@pytest.mark.parametrize("url", ["", "file:///etc", "http://127.0.0.1:9"])
def test_without_a_service_there_is_no_point(settings, url):
    settings.GEOCODER_URL = url
    assert ask_address_service(address="12 rue des Lilas") is None

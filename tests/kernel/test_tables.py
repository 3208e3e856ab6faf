from dataclasses import dataclass
from datetime import date

import pytest
from django.http import Http404, QueryDict
from django.template import Context, Template

from essaim.directory.models import Commune
from essaim.kernel.tables import Column, Empty, Filter, Table
from tests.factories.directory import CommuneFactory


@dataclass(frozen=True)
class Line:
    pk: int
    name: str
    since: date | None = None
    score: int = 0


LINES = [
    Line(1, "Émile", date(2026, 3, 2), 5),
    Line(2, "Zoé", None, 5),
    Line(3, "anna", date(2026, 1, 1), 7),
]
COLUMNS = (
    Column("name", "Personne", sort=("name",), link=lambda line: f"/p/{line.pk}/"),
    Column("since", "Depuis", sort=("since",)),
    Column("score", "Points", sort=("score",), is_number=True),
    Column("secret", "Interne", lambda line: "x", is_exported=False),
)
TABLE = Table(
    name="personnes suivies",
    noun="personne",
    columns=COLUMNS,
    order="name",
    search=("name",),
    filters=(
        Filter(
            "points",
            "Points",
            "Tous",
            [("5", "Cinq"), ("7", "Sept")],
            lambda rows, value: [row for row in rows if row.score == int(value)],
        ),
    ),
    actions=lambda line: [("Noter un contact", f"/p/{line.pk}/contact/")],
    empty=Empty("Personne pour l’instant", "Elles seront ici.", "/ajouter/", "Ajouter une personne"),
    page_size=2,
)


def read(query="", rows=LINES, table=TABLE):
    return table.read(QueryDict(query), rows)


def names(view):
    return [row.name for row in view._rows]


def drawn(view) -> str:
    return " ".join(Template("{% render_table table %}").render(Context({"table": view})).split())


def test_first_order_ignores_accents_and_capitals():
    assert names(read()) == ["anna", "Émile", "Zoé"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tri=since", ["anna", "Émile", "Zoé"]),
        ("tri=-since", ["Émile", "anna", "Zoé"]),
        ("tri=-score", ["anna", "Émile", "Zoé"]),
        ("q=EMILE", ["Émile"]),
        ("points=5", ["Émile", "Zoé"]),
        ("points=5&q=zo", ["Zoé"]),
        ("q=%00zo", ["Zoé"]),
    ],
)
def test_sort_search_and_filter(query, expected):
    assert names(read(query)) == expected


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("points=9", "Le choix « 9 » n’existe pas dans « Points » : il est ignoré."),
        ("tri=password", "Ce tri n’existe pas : la liste garde son ordre habituel."),
        ("tri=secret", "Ce tri n’existe pas : la liste garde son ordre habituel."),
        ("page=999999999999999999999", "Cette page n’existe pas : voici la page 2."),
        ("page=-1", "Cette page n’existe pas : voici la page 2."),
        ("page=²", "Cette page n’existe pas : voici la page 1."),
    ],
)
def test_a_wrong_address_is_set_aside_with_a_sentence(query, fault):
    view = read(query)
    assert view.faults == [fault]
    assert fault in drawn(view)
    assert view.total == 3


def test_a_row_has_its_link_its_labels_and_its_action():
    html = drawn(read())
    assert '<a href="/p/3/">anna</a>' in html
    assert 'data-label="Depuis"' in html
    assert "1er janvier 2026" in html
    assert '<a class="btn btn-plain btn-sm" href="/p/3/contact/">Noter un contact<span class="visually-hidden">' in html
    assert "<strong>3 personnes</strong>" in html


def test_heads_sort_and_turn_round():
    view = read("tri=since&points=5")
    heads = {head.column.key: head for head in view.heads}
    assert heads["since"].direction == "ascending"
    assert heads["since"].url == "?points=5&tri=-since"
    assert heads["name"].url == "?points=5&tri=name"
    assert heads["secret"].url == ""
    assert 'aria-sort="ascending"' in drawn(view)


def test_pages_keep_what_was_asked():
    view = read("tri=-name&autre=1")
    assert view.next_url == "?autre=1&tri=-name&page=2"
    assert "Page 1 sur 2" in drawn(view)
    assert "Page 2 sur 2" in drawn(read("page=2"))


def test_nothing_yet_says_what_to_do():
    html = drawn(read(rows=[]))
    assert "Personne pour l’instant" in html
    assert '<a class="btn btn-plain" href="/ajouter/">Ajouter une personne</a>' in html


def test_nothing_found_offers_everything():
    html = drawn(read("q=introuvable&tri=since"))
    assert "Rien ne correspond à ces filtres" in html
    assert 'href="?tri=since">Tout afficher' in html
    assert 'value="introuvable"' in html


def test_what_is_typed_in_the_search_is_never_interpreted():
    assert "<script>" not in drawn(read("q=<script>&points=<script>"))


def test_two_tables_of_a_page_do_not_meddle():
    other = Table(name="autres", noun="ligne", columns=COLUMNS, order="name", prefix="b-", empty=Empty("Rien"))
    view = other.read(QueryDict("q=zo&tri=-name&b-tri=since"), LINES)
    assert names(view) == ["anna", "Émile", "Zoé"]
    assert view.url(page="2") == "?q=zo&tri=-name&b-tri=since&b-page=2"
    assert dict(view.hidden) == {"q": "zo", "tri": "-name", "b-tri": "since"}


def test_export_takes_every_page_and_leaves_internal_columns():
    response = read("format=csv&points=5").export()
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines == ["Personne;Depuis;Points", "Émile;02/03/2026;5", "Zoé;;5"]
    assert "personnes-suivies.csv" in response["Content-Disposition"]


def test_export_of_chosen_columns():
    response = read("format=csv&colonnes=score,name").export()
    assert response.content.decode("utf-8-sig").splitlines()[0] == "Points;Personne"


@pytest.mark.parametrize("query", ["format=pdf", "format=csv&colonnes=password", "format=csv&colonnes=secret"])
def test_export_of_what_does_not_exist_is_not_found(query):
    with pytest.raises(Http404):
        read(query).export()


COMMUNES = Table(
    name="communes",
    noun="commune",
    columns=(
        Column("name", "Nom", sort=("name",), link=lambda row: f"/c/{row.code}/"),
        Column("latitude", "Latitude", sort=("latitude",)),
    ),
    order="name",
    search=("name", "code"),
    empty=Empty("Aucune commune"),
)


@pytest.mark.django_db
def test_rows_of_the_database_missing_values_last_and_ties_settled():
    first, second = (
        CommuneFactory(code="98801", name="Même nom"),
        CommuneFactory(code="98802", name="Même nom"),
    )
    third = CommuneFactory(code="98803", name="Autre", latitude=48)
    for query, expected in (
        ("", [third, first, second]),
        ("tri=-name", [first, second, third]),
        ("tri=latitude", [third, first, second]),
        ("tri=-latitude", [third, first, second]),
        ("q=nom même", [first, second]),
        ("q=98803", [third]),
        ("q=%00%25", []),
    ):
        assert list(read(query, Commune.objects.all(), COMMUNES)._rows) == expected, query


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 3])
def test_a_list_costs_two_queries_whatever_its_length(size, django_assert_num_queries):
    CommuneFactory.create_batch(size)
    with django_assert_num_queries(2):
        drawn(read("", Commune.objects.all(), COMMUNES))

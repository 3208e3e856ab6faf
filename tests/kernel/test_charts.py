import re

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from essaim.kernel.templatetags.charts import CHECKS, Step, bar, funnel, gauge, steps, waffle


def drawn(tag: str, **context) -> str:
    return " ".join(Template("{% " + tag + " %}").render(Context(context)).split())


@given(st.integers(0, 150), st.integers(0, 150), st.integers(0, 10))
def test_one_hexagon_for_each_place_or_person(taken, places, held):
    data = gauge(taken, places, held)
    expected = taken + held + max(places - taken - held, 0)
    assert len(data["drawing"].get("cells", [])) == (expected if expected <= 120 else 0)
    assert data["excess"] == max(taken + held - places, 0)
    assert 0 <= float(data["share"]) <= 100


def test_a_few_cells_stay_the_size_of_a_cell():
    assert float(gauge(1, 1)["drawing"]["width"]) == float(gauge(9, 9)["drawing"]["width"])
    assert float(waffle([("Emploi", 1, "")], "")["drawing"]["width"]) > 300


def test_places_in_words():
    html = drawn("gauge 16 18 held=1")
    assert "16 <small>sur 18 places</small>" in html
    assert "1 proposée" in html and "1 libre" in html
    assert "style=" not in html
    assert "1 place de plus que prévu" in drawn("gauge 19 18")
    assert "<svg" in drawn("gauge 0 0")


def test_a_large_action_has_a_bar():
    html = drawn("gauge 405 416")
    assert "<path" not in html
    assert 'width="97.36%"' in html


@pytest.mark.parametrize(
    ("value", "position"), [(34.4, "34.4"), (100, "100"), (0, "0"), (140, "100"), (-3, "0"), (None, None)]
)
def test_a_bar_stays_in_its_track(value, position):
    assert bar(value)["value"] == position


def test_a_bar_without_value_keeps_its_words():
    html = drawn("bar None guide=20 guide_words='Guide 114'")
    assert "Guide 114" in html
    assert "bar-value" not in html


def test_a_funnel_tells_shares_of_its_first_stage():
    stages = funnel([("Orientés", 97), ("Reçus", 81), ("Entrés", 0)])["stages"]
    assert [stage["percent"] for stage in stages] == ["", "84\xa0%", "0\xa0%"]
    assert funnel([("Orientés", 0), ("Reçus", 0)])["stages"][1]["percent"] == ""
    assert funnel([])["stages"] == []


def test_a_parcours_says_where_the_person_stands():
    items = [Step("Orientation", "done"), Step("Au club", "current", "semaine 6 sur 12"), Step("Sortie", "next")]
    html = drawn("steps items", items=items)
    assert "Étape 2 sur 3&nbsp;: au club</strong>, semaine 6 sur 12. Ensuite&nbsp;: sortie." in html
    assert html.count('aria-current="step"') == 1
    assert len(re.findall("visually-hidden", html)) == 3


def test_a_parcours_that_is_over_or_has_not_begun():
    assert "1 étape faite sur 1" in drawn("steps items", items=[Step("Orientation", "done")])
    assert steps([])["total"] == 0
    assert "d" not in drawn("steps_mini 0 1").split("<use")[0].split('class="hex ')[1].split('"')[0]


@pytest.mark.parametrize("code", CHECKS)
def test_every_check_has_a_word_and_its_reason(code):
    html = drawn("check code why", code=code, why="22 contrats")
    assert CHECKS[code][0] in html
    assert "22 contrats" in html


def test_nobody_yet():
    assert waffle([("Emploi", 0, "")], "")["drawing"]["cells"] == []

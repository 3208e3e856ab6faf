from datetime import date

import pytest

from essaim.guide.engine import (
    check_value,
    defaults_of,
    figure_in_words,
    quantity_in_words,
    resolve,
    setting_in_words,
    sizing_settings,
    values_at_launch,
)
from essaim.guide.engine.catalogue import fold, theme_key
from essaim.guide.engine.source import SourceError, locate, read_source
from essaim.guide.engine.words import fill
from essaim.kernel.contract import Setting


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (90000, "EUR", "90\u202f000\u00a0€"),
        (600, "EUR/personne", "600\u00a0€ par personne"),
        (10.58, "EUR/h", "10,58\u00a0€ par h"),
        (43, "%", "43\u00a0%"),
        (416, "personnes", "416"),
        ("1/3", "part", "1/3"),
        ("7-8", "personnes", "7 à 8"),
        (8.5, "h/personne", "8,5"),
    ],
)
def test_figure_in_words(value, unit, words):
    assert figure_in_words(value, unit) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1, "demi-journées", "1\u00a0demi-journée"),
        (3, "demi-journées", "3\u00a0demi-journées"),
        (1, "mois", "1\u00a0mois"),
        (0, "places", "0\u00a0place"),
        (50, "%", "50\u00a0%"),
        (0.3333, "", "0,3333"),
        (-2, "", "−2"),
    ],
)
def test_quantity_in_words(value, unit, words):
    assert quantity_in_words(value, unit) == words


@pytest.mark.parametrize(
    ("type", "value", "words"),
    [
        ("bool", True, "oui"),
        ("bool", False, "non"),
        ("duration", 14, "14\u00a0jours"),
        ("duration", 1, "1\u00a0jour"),
        ("money", 6, "6\u00a0€"),
        ("int", 18, "18"),
        ("date", "2008-01-01", "1er janvier 2008"),
        ("choice", "a", "premier"),
        ("list", ["a", "b", "c"], "premier, deuxième et c"),
        ("list", [1, 3, 6], "1, 3 et 6"),
        ("list", [], "aucun"),
        ("ref", "M1", "M1"),
        ("int", None, "à préciser"),
    ],
)
def test_setting_in_words(type, value, words):
    labels = {"a": "premier", "b": "deuxième"}
    assert setting_in_words(Setting("x", type), value, labels) == words


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        (
            Setting("x", "int", min=15, max=20),
            [15, 20, 18, 18.0, None],
            [14, 21, 18.5, "18", True, [], float("nan")],
        ),
        (Setting("x", "decimal", min=0, max=1), [0, 0.3333, 1], [-0.1, 1.1, "1/3"]),
        (Setting("x", "money"), [6, 6.5, 10.58], [10.585, "6 €"]),
        (Setting("x", "duration"), [0, 14], [-1, 1.5, "14 jours"]),
        (Setting("x", "bool"), [True, False], [0, "oui"]),
        (Setting("x", "date"), ["2008-02-29"], ["2009-02-29", "01/02/2008", "20080229", 2008]),
        (Setting("x", "choice", choices=("a", "b")), ["a"], ["c", 1, ""]),
        (Setting("x", "ref"), ["ORG-HOST", "M1"], ["un deux", "-x", "é"]),
        (Setting("x", "text"), ["mot"], ["", "  ", 3, "x" * 201]),
        (Setting("x", "date_rule"), ["un mois après la sortie"], [3]),
        (Setting("x", "list", choices=("a", "b")), [["a"], []], [["c"], "a", {"a": 1}]),
        (Setting("x", "list"), [[1, 3, 6], ["mot"]], [[[1]], [None]]),
    ],
)
def test_check_value(setting, good, bad):
    assert [value for value in good if check_value(setting, value)] == []
    assert [value for value in bad if check_value(setting, value) is None] == []


def test_a_year_is_not_grouped_by_thousands():
    assert setting_in_words(Setting("x", "int", min=1990, max=2100), 2009) == "2009"
    assert setting_in_words(Setting("x", "int", min=1, max=10000), 2009) == "2\u202f009"


def test_references_are_resolved_wherever_they_stand():
    value = {"every": {"setting": "pace"}, "others": [{"setting": "none"}, 3], "plain": "mot"}
    assert resolve(value, {"pace": 7}) == {"every": 7, "others": [None, 3], "plain": "mot"}


def test_defaults_keep_the_order_of_the_file():
    settings = {"b": Setting("b", "int", default=2), "a": Setting("a", "int", default=1)}
    assert list(defaults_of(settings).items()) == [("b", 2), ("a", 1)]


def test_fill_refuses_what_it_does_not_know():
    assert fill("{a} et {b.c}", {"a": "1", "b.c": "2"}.__getitem__) == "1 et 2"
    with pytest.raises(KeyError):
        fill("{d}", {}.__getitem__)


def test_search_forgives_accents_capitals_and_apostrophes():
    assert fold("Égalité D’ŒUVRE") == "egalite d'oeuvre"
    assert theme_key("filières porteuses") == "filieres-porteuses"


def test_plain_yaml_has_no_surprise():
    source = read_source("a: yes\nb: 2008-01-01\nc: 1:30\nd: 010\ne: ~\nf: 1.50\ng: true\nh: -3\n")
    assert source.data == {
        "a": "yes", "b": "2008-01-01", "c": "1:30", "d": "010", "e": None, "f": 1.5, "g": True, "h": -3,
    }  # fmt: skip


def test_repeated_keys_are_told_wherever_they_are():
    with pytest.raises(SourceError) as refused:
        read_source("a:\n  - b: 1\n    b: 2\n")
    assert refused.value.faults == [(3, "clé « b » écrite deux fois")]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("where.person.age.lte", ("where", "person.age", "lte")),
        ("percent[0].where", ("percent", 0, "where")),
        ("percent[5]", ("percent",)),
        ("nowhere", ()),
    ],
)
def test_locate_takes_the_longest_key(written, path):
    value = {"where": {"person.age": {"lte": 3}, "person": 1}, "percent": [{"where": 1}]}
    assert locate(value, written) == path


def test_a_launch_follows_the_year_of_the_start_only_where_asked():
    settings = {
        "published": Setting("published", "int", default=2009),
        "year": Setting("year", "int", default=2009, at_launch="start_year"),
        "since": Setting("since", "date", default="2008-01-01", at_launch="start_year"),
    }
    proposed = {"published": 2009, "year": 2027, "since": "2027-01-01"}
    assert values_at_launch(settings, date(2027, 6, 15)) == proposed
    assert defaults_of(settings) == {"published": 2009, "year": 2009, "since": "2008-01-01"}


def test_settings_that_size_an_action():
    settings = {
        "club": Setting("club", "int", default=18, at_launch="places"),
        "unknown": Setting("unknown", "int", at_launch="places"),
        "team": Setting("team", "int", default=3),
    }
    assert [setting.key for setting in sizing_settings(settings)] == ["club"]

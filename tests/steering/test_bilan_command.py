"""`essaim bilan`."""

import json
from argparse import ArgumentParser

import pytest

from essaim.cli.commands import bilan
from essaim.cli.errors import CommandError
from essaim.journeys.models import Target
from tests.support.journal_rows import practice_with, write_journal
from tests.support.worked_examples import FACTS, HEADER

pytestmark = pytest.mark.django_db
ENTERED = {"count": "person", "of": "enrolment_opened"}
INDICATORS = [
    {"id": "entered", "label": "Entrées", "unit": "personnes", "formula": ENTERED, "published": 416, "check": "stated"},
    {"id": "low", "label": "Niveau V ou moins", "unit": "%", "published": "1/3", "approx": True, "note": "environ",
     "check": "ok", "realised": "entered",
     "formula": {"percent": [{**ENTERED, "where": {"person.level": {"lte": 3}}}, "entered"]}},
    {"id": "outside", "label": "Statistique", "unit": "%", "formula": None, "published": 12.5, "check": "unverifiable"},
]  # fmt: skip


@pytest.fixture
def action():
    return write_journal(HEADER, FACTS, practice_with(INDICATORS))["A1"]


def run(*arguments):
    parser = ArgumentParser()
    bilan.configure(parser)
    return bilan.run(parser.parse_args(arguments))


def test_json_has_the_shape_of_the_contract(action, capsys):
    Target.objects.create(action=action, indicator="entered", value=150)
    assert run("--action", "A1", "--on", "2009-06-30", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert {key: document[key] for key in ("action", "from", "to", "on", "known_on")} == {
        "action": "A1", "from": "2008-01-01", "to": "2008-12-31", "on": "2009-06-30", "known_on": None,
    }  # fmt: skip
    assert document["practice"] == action.practice.slug
    rows = {row["id"]: row for row in document["indicators"]}
    assert list(rows) == ["entered", "low", "low.realised", "outside"]
    assert rows["entered"] == {
        "id": "entered", "label": "Entrées", "unit": "personnes", "value": 2, "numerator": None, "denominator": None,
        "target": 150, "published": 416, "approx": False, "check": "stated", "note": None,
    }  # fmt: skip
    low = rows["low"]
    assert (low["value"], low["numerator"], low["denominator"]) == (50, 1, 2)
    assert (low["published"], low["approx"], low["note"]) == ("1/3", True, "environ")
    assert (rows["low.realised"]["value"], rows["low.realised"]["published"]) == (2, None)
    assert rows["outside"]["value"] is None


def test_table_is_for_people(action, capsys):
    run("--action", "A1", "--on", "2009-06-30")
    printed = capsys.readouterr().out
    assert "Entrées" in printed
    assert "≈ 1/3" in printed


def test_unknown_action_is_refused(db):
    with pytest.raises(CommandError, match="« nulle »"):
        run("--action", "nulle")


def test_period_in_the_wrong_order_is_refused(action):
    with pytest.raises(CommandError, match="finit avant"):
        run("--action", "A1", "--from", "2010-01-01")


@pytest.mark.parametrize("text", ["2008-13-01", "20080101", "hier"])
def test_wrong_date_is_a_usage_error(text, capsys):
    with pytest.raises(SystemExit) as stop:
        run("--action", "A1", "--on", text)
    assert stop.value.code == 2

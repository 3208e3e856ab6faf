"""A fiche leaves as a file and comes back the same; a hostile file is only a list of faults."""

import json
from pathlib import Path

import pytest

from essaim.guide.engine import parse_practice
from essaim.guide.engine.practice import find_faults
from essaim.guide.engine.source import DEEPEST, SourceError, read_source
from essaim.guide.engine.variation import list_variations, vary
from essaim.guide.engine.writing import write_practice
from essaim.guide.queries import DATA


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_fiche_comes_back_the_same(path: Path):
    practice = parse_practice(path.read_text(encoding="utf-8"), path.name)
    written = write_practice(practice.definition)
    again = parse_practice(written, path.name)
    assert again == practice
    assert again.definition["order"] == practice.definition["order"]
    # What the database gives back has its keys in another order.
    stored = json.loads(json.dumps(practice.definition, sort_keys=True))
    assert write_practice(stored) == write_practice(again.definition) == written
    assert find_faults(stored) == []


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("a: 1\nb: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), 2, "niveaux"),
        ("[" * 100_000, 1, "niveaux"),
        ("a: 1\nb: " + "9" * 5000, 2, "nombre trop long"),
        ('a: 1\nb: "x\\0y"', 2, "caractère invisible"),
        ('"a\\0": 1', 1, "caractère invisible"),
        ("a: &x 1\nb: *x", 2, "renvoi"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "étiquette"),
    ],
)
def test_traps_are_faults_on_their_line(text, line, words):
    with pytest.raises(SourceError) as refusal:
        read_source(text)
    assert [found for found, _ in refusal.value.faults] == [line]
    assert words in refusal.value.faults[0][1]


def test_a_proposal_may_have_any_file_name_and_no_wild_identity():
    path = min(DATA.glob("*.yaml"))
    text = path.read_text(encoding="utf-8")
    assert not isinstance(parse_practice(text, "ma fiche.yml", is_proposal=True), list)
    wild = text.replace(f"slug: {path.stem[3:]}", "slug: ../../etc", 1).replace("number: 1", "number: 70000", 1)
    faults = parse_practice(wild, "x.yaml", is_proposal=True)
    assert {fault.message.split(" :")[0] for fault in faults} == {"« slug »", "« number »"}


def test_a_variation_tells_its_values_beside_those_of_the_origin():
    path = min(DATA.glob("*.yaml"))
    origin = parse_practice(path.read_text(encoding="utf-8"), path.name)
    key, setting = next((key, one) for key, one in origin.settings.items() if one.type == "int" and one.default)
    texts = {"presentation.objective": "Autrement."}
    changed = vary(origin, title="Autre", texts=texts, settings={key: setting.default + 1}, origin=origin)
    after = parse_practice(write_practice(changed), path.name)

    told = {(item.nature, item.label): (item.before, item.after) for item in list_variations(origin, after)}

    assert set(told) == {("setting", setting.label), ("text", "Le titre"), ("text", "L’objectif")}
    assert told["text", "L’objectif"][1] == "Autrement."
    assert after.settings[key].source.startswith("Réglé par la variante ; la fiche d’origine :")
    back = vary(after, title="Autre", texts={}, settings={key: setting.default}, origin=origin)
    assert back["settings"][key]["source"] == setting.source
    assert origin.definition["settings"][key]["default"] == setting.default

"""What is wrong in a practice file is told with its line; what is right is typed."""

import json

import pytest

from essaim.guide.engine import Offered, parse_practice, practice_from_definition, rule_in_words
from essaim.guide.engine.launching import can_launch, missing_for_launch
from essaim.kernel.contract import Setting

NAME = "03-essai-ville.yaml"
FILE = """\
slug: essai-ville
number: 3
title: "Essai"
place: "Ville (00)"
theme: mobilité
status: outline
carrier: "Une association"
period: "2008"
promise: "Au plus {age_max}, et {indicators.entered} entrés."
headline: {indicator: entered, words: "entrés"}
settings:
  zest: {label: "Zeste", type: bool, default: true, source: "Fiche."}
  age_max: {label: "Âge", type: int, default: 25, unit: ans, min: 16, max: 99, source: "Fiche."}
  pace:
    label: "Rythme"
    type: choice
    default: slow
    choices: {slow: lent, fast: rapide}
    source: "Fiche."
eligibility:
  - code: age
    label: "{age_max} au plus, rythme {pace}"
    where:
      person.age: {lte: {setting: age_max}}
steps:
  - {key: entry, kind: journeys.enrolment, label: Entrée, for: enrolment}
  - key: weekly
    kind: agenda.interview
    label: Entretien
    for: enrolment
    after: [entry]
    settings: {limit: {setting: age_max}}
alerts:
  - {kind: agenda.silent, label: Silence, settings: {days: 14}}
indicators:
  - id: entered
    label: Entrés
    published: 12
    unit: personnes
    kind: result
    check: stated
    definition: "entrées"
    computable: facts
    formula: {count: person, of: enrolment_opened}
  - id: rate
    label: Taux
    published: "1/3"
    unit: part
    kind: ratio
    check: ok
    definition: "part"
    computable: facts
    formula:
      ratio:
        - {count: person, of: contract_signed, where: {person.age: {lt: 26}}}
        - entered
"""


def line_of(text: str, file: str = FILE) -> int:
    return file[: file.index(text)].count("\n") + 1


YEAR = '  zest: {label: "Année", type: int, default: 2009, source: "Fiche.", at_launch: start_year}'


def test_setting_says_what_a_launch_makes_of_it():
    practice = parse_practice(FILE.replace(next(line for line in FILE.splitlines() if "zest" in line), YEAR), NAME)
    assert practice.settings["zest"].at_launch == "start_year"
    assert practice.settings["zest"].default == 2009
    assert practice.settings["pace"].at_launch is None
    assert practice_from_definition(practice.definition) == practice


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("type: int, default: 2009, at_launch: next_year", "« next_year » n’est pas un choix possible"),
        ("type: bool, default: true, at_launch: start_year", "ne va qu’à un réglage de type int ou date"),
        ('type: date, default: "2008-01-01", at_launch: places', "ne va qu’à un réglage de type int"),
        ("type: int, default: 2009, at_launch: 3", "« at_launch » doit être un texte"),
        ("type: int, default: 2009, at_launch: null", "« at_launch » doit être un texte"),
    ],
)
def test_what_a_launch_makes_of_a_setting_is_checked(written, message):
    text = FILE.replace("type: bool, default: true", written)
    faults = parse_practice(text, NAME)
    assert [fault.line for fault in faults] == [line_of("zest")]
    assert message in faults[0].message


def test_good_file_is_typed():
    practice = parse_practice(FILE, NAME)
    assert (practice.slug, practice.number, practice.is_outline) == ("essai-ville", 3, True)
    assert practice.promise == "Au plus 25\u00a0ans, et 12 entrés."
    assert practice.settings["pace"].choices == ("slow", "fast")
    assert practice.choice_labels == {"pace": {"slow": "lent", "fast": "rapide"}}
    assert [(step.key, step.after) for step in practice.steps] == [("entry", ()), ("weekly", ("entry",))]
    assert practice.steps[1].settings == {"limit": {"setting": "age_max"}}
    assert practice.indicator("rate").published == "1/3"


def test_definition_makes_the_same_practice_after_a_stay_in_the_database():
    practice = parse_practice(FILE, NAME)
    stored = json.loads(json.dumps(practice.definition, sort_keys=True))
    found = practice_from_definition(stored)
    assert found == practice
    assert list(found.settings) == ["zest", "age_max", "pace"]
    assert found.settings["pace"].choices == ("slow", "fast")


def test_a_definition_that_was_never_accepted_is_refused():
    with pytest.raises(ValueError, match="il manque"):
        practice_from_definition({"number": 1})


def test_rule_is_told_with_the_settings_of_the_action():
    practice = parse_practice(FILE, NAME)
    rule = practice.eligibility[0]
    assert rule_in_words(practice, rule, {"age_max": 30}) == "30\u00a0ans au plus, rythme lent"


MUTATIONS = [
    ("theme: mobilité", "theme: ailleurs", "theme: ailleurs", "n’est pas un choix possible"),
    ("status: outline", "status: outline\ncolour: red", "colour: red", "clé inconnue « colour »"),
    ("place: ", "place: a\nplace: ", 'place: "Ville', "écrite deux fois"),
    ("number: 3", "number: trois", "number: trois", "doit être un nombre entier"),
    ("number: 3", "number: 4", "number: 4", "comme dans le nom du fichier"),
    ('title: "Essai"', "title: ''", "title: ''", "est vide"),
    ('title: "Essai"\n', "", "slug:", "il manque « title »"),
    ("default: 25", "default: 200", "age_max: {label", "99 au plus"),
    ("default: 25", "default: 25.5", "age_max: {label", "entier"),
    ("default: 25, ", "", "age_max: {label", "pas de valeur par défaut"),
    ("default: slow", "default: lent", "default: lent", "n’est pas un choix possible"),
    ("choices: {slow: lent, fast: rapide}", "unit: x", "pace:", "il lui faut « choices »"),
    ("type: choice", "type: colour", "type: colour", "n’est pas un choix possible"),
    ("lte: {setting: age_max}", "lte: {setting: unknown}", "person.age: {lte", "n’existe pas"),
    ("person.age: {lte", "person.shoe: {lte", "person.shoe: {lte", "champ inconnu"),
    ("type: int, default: 25,", "type: list, default: [25],", "where:", "compare à une seule valeur"),
    ("person.age: {lte: {setting: age_max}}", "data.hours: 3", "where:", "ne regarde que la personne"),
    ("      person.age: {lte", "      any: oui\n      person.age: {lte", "any: oui", "liste"),
    ("{age_max} au plus, rythme", "{age_min} au plus, rythme", "rythme", "« age_min » n’existe pas"),
    ("Au plus {age_max}", "Au plus {age_min}", "promise:", "ni un réglage ni un indicateur"),
    ("after: [entry]", "after: [nowhere]", "after: [nowhere]", "« nowhere » n’existe pas"),
    ("label: Entrée, for", "label: Entrée, after: [weekly], for", "key: entry", "l’attend elle-même"),
    ("key: weekly", "key: entry", "- key: entry", "déjà pris"),
    ("kind: agenda.interview", "kind: interview", "kind: interview", "instrument.nature"),
    ("for: enrolment\n    after", "for: everyone\n    after", "for: everyone", "n’est pas un choix possible"),
    ("limit: {setting: age_max}", "limit: {setting: nope}", "settings: {limit", "« nope » n’existe pas"),
    ("check: ok", "check: sure", "check: sure", "n’est pas un choix possible"),
    ("id: rate", "id: entered\n    # again", "id: entered\n    # again", "déjà pris"),
    ("    formula: {count: person, of: enrolment_opened}\n", "", "- id: entered", "il manque « formula »"),
    ("person.age: {lt: 26}", "person.age: {below: 26}", "below: 26", "illisible"),
    ("        - entered", "        - missing", "formula:\n", "illisible"),
    ('published: "1/3"', "published: [1]", "published: [1]", "un nombre ou un texte"),
    ("{indicator: entered, words", "{indicator: nobody, words", "headline:", "« nobody » n’existe pas"),
    ("number: 3", "number: *three", "number: *three", "renvoi"),
    ('title: "Essai"', 'title: !!python/name:os "x"', "title: !!", "étiquette"),
    ("theme: mobilité", "theme: [", "carrier:", "YAML lisible"),
    ("theme: mobilité", "2: mobilité", "2: mobilité", "une clé doit être un mot"),
]


@pytest.mark.parametrize(("old", "new", "at", "words"), MUTATIONS, ids=lambda value: str(value)[:30])
def test_each_fault_is_told_at_its_line(old, new, at, words):
    assert old in FILE
    text = FILE.replace(old, new, 1)
    faults = parse_practice(text, NAME)
    assert isinstance(faults, list)
    told = [fault for fault in faults if words in fault.message]
    assert told, [str(fault) for fault in faults]
    assert {fault.file for fault in faults} == {NAME}
    assert told[0].line == line_of(at, text), str(told[0])
    assert str(told[0]).startswith(f"{NAME}:{told[0].line}: ")


def test_all_faults_are_told_at_once_in_the_order_of_the_lines():
    text = FILE.replace("number: 3", "number: x").replace("check: ok", "check: sure")
    lines = [fault.line for fault in parse_practice(text, NAME)]
    assert len(lines) >= 2 and lines == sorted(lines)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: 1\n---\nb: 2\n", "texte", "a: \x00"])
def test_what_is_not_a_practice_is_refused_without_a_crash(text):
    assert isinstance(parse_practice(text, NAME), list)


def test_file_name_must_have_its_form():
    assert any("NN-nom" in fault.message for fault in parse_practice(FILE, "essai.yaml"))


def test_complete_status_demands_a_presentation():
    faults = parse_practice(FILE.replace("status: outline", "status: complete"), NAME)
    assert any("presentation" in fault.message for fault in faults)


OFFERED = Offered(steps={"journeys.enrolment": ()}, alerts={})


def test_missing_instruments_are_listed_and_forbid_the_launch():
    practice = parse_practice(FILE, NAME)
    found = [(item.part, item.kind) for item in missing_for_launch(practice, OFFERED)]
    assert found == [("step", "agenda.interview"), ("alert", "agenda.silent")]
    assert not can_launch(practice, OFFERED)


def test_practice_is_launched_when_everything_is_offered():
    practice = parse_practice(FILE, NAME)
    kinds = {"journeys.enrolment": (), "agenda.interview": (Setting("limit", "int"),)}
    assert can_launch(practice, Offered(steps=kinds, alerts={"agenda.silent": (Setting("days", "duration"),)}))


def test_practice_without_steps_is_not_launched():
    text = FILE[: FILE.index("steps:")] + FILE[FILE.index("indicators:") :]
    assert not can_launch(parse_practice(text, NAME), OFFERED)


def test_setting_unknown_to_a_known_kind_is_a_fault():
    offered = Offered(steps={"agenda.interview": (Setting("every", "duration"),)}, alerts={})
    faults = parse_practice(FILE, NAME, offered)
    assert [fault.line for fault in faults] == [line_of("settings: {limit")]
    assert "n’a pas de réglage « limit »" in faults[0].message


def test_formula_on_an_unknown_kind_of_fact_is_a_fault():
    facts = frozenset({"enrolment_opened", "contract_signed"})
    offered = Offered(steps={}, alerts={}, facts=facts)
    assert not isinstance(parse_practice(FILE, NAME, offered), list)
    faults = parse_practice(FILE.replace("of: enrolment_opened", "of: [enrolment_opened, party]"), NAME, offered)
    assert [fault.line for fault in faults] == [line_of("formula: {count: person, of: enrolment")]
    assert "« party »" in faults[0].message

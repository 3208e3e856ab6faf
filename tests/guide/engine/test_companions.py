"""The syntheses of the themes and the needs: what is wrong in their files is told with its line."""

import pytest

from essaim.guide.engine.need_phrases import parse_needs
from essaim.guide.engine.schema import THEMES
from essaim.guide.engine.themes import parse_themes
from essaim.guide.queries.companions import NEEDS_FILE, THEMES_FILE, companion_faults
from tests.factories.guide import FILES

THEMES_TEXT, NEEDS_TEXT = THEMES_FILE.read_text(encoding="utf-8"), NEEDS_FILE.read_text(encoding="utf-8")


def test_files_of_essaim_have_no_fault():
    assert companion_faults(list(FILES)) == []


def test_every_theme_has_its_page_which_names_each_of_its_fiches():
    pages = parse_themes(THEMES_TEXT, "themes.yaml", FILES)
    assert tuple(page.theme for page in pages) == THEMES
    for page in pages:
        named = {slug for approach in page.approaches for slug in approach.fiches}
        assert named == {slug for slug, practice in FILES.items() if practice.theme == page.theme}
        assert page.questions and page.recommendations and page.spreading and page.doubts


def test_needs_lead_to_every_fiche_with_a_reason():
    needs = parse_needs(NEEDS_TEXT, "needs.yaml", FILES)
    assert 20 <= len(needs) <= 30
    assert {slug for need in needs for slug, _ in need.fiches} == set(FILES)
    assert all(why.endswith(".") for need in needs for _, why in need.fiches)
    assert needs[0].why("brive-apprentissage-conduite") and needs[0].why("inconnue") == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  - theme: forums", "  - theme: ailleurs", "n’est pas un choix possible"),
        ("fiches: [montpellier-clause-insertion]", "fiches: [montpellier]", "« montpellier » n’existe pas"),
        ("    summary: ", "    sommaire: ", "clé inconnue « sommaire »"),
    ],
)
def test_fault_of_a_theme_is_told_at_its_line(old, new, words):
    faults = parse_themes(THEMES_TEXT.replace(old, new, 1), "themes.yaml", FILES)
    line = THEMES_TEXT[: THEMES_TEXT.index(old)].count("\n") + 1
    assert (line, True) in [(fault.line, words in fault.message) for fault in faults]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{fiche: sedan-acces-mobilite", "{fiche: sedan", "« sedan » n’existe pas"),
        ("key: pas-de-bus", "key: pas-de-permis", "déjà prise"),
        ("key: pas-de-bus", "key: Pas de bus", "minuscules"),
        ("{fiche: evreux-permis-pour-lavenir", "{fiche: brive-apprentissage-conduite", "déjà nommée"),
    ],
)
def test_fault_of_a_need_is_told_at_its_line(old, new, words):
    faults = parse_needs(NEEDS_TEXT.replace(old, new, 1), "needs.yaml", FILES)
    line = NEEDS_TEXT[: NEEDS_TEXT.index(old)].count("\n") + 1
    assert (line, True) in [(fault.line, words in fault.message) for fault in faults]


def test_fiche_that_no_need_reaches_is_a_fault():
    faults = parse_needs(NEEDS_TEXT, "needs.yaml", [*FILES, "nouvelle"])
    assert [fault.message for fault in faults] == ["aucun besoin ne mène à la fiche « nouvelle »"]


@pytest.mark.parametrize("text", ["", "- a\n", "a: ["])
def test_what_is_not_such_a_file_is_refused_without_a_crash(text):
    assert isinstance(parse_themes(text, "themes.yaml", FILES), list)
    assert isinstance(parse_needs(text, "needs.yaml", FILES), list)

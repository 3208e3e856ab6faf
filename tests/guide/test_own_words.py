"""The figures of the guide stay, its sentences do not: no run of twelve of its words is in the product."""

from pathlib import Path

import pytest

from essaim.guide.engine.library import read_library
from essaim.guide.queries import practice_texts
from tests.support.word_runs import known_runs, runs_of, texts_of

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = {".py", ".yaml", ".yml", ".html", ".md", ".typ", ".txt", ".toml", ".js", ".po"}
SKIPPED = {".git", ".venv", "node_modules", "__pycache__", "var", "requirements"}
GUIDE = known_runs()


def files() -> list[Path]:
    found = [path for path in ROOT.rglob("*") if path.suffix in SPOKEN and path.is_file()]
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(ROOT).parts))


def told(texts) -> list[str]:
    """The runs of the guide in these texts."""
    return [run for text in texts for digest, run in runs_of(text) if digest in GUIDE]


def test_runs_of_the_guide_are_known():
    assert len(GUIDE) > 35_000


def test_a_run_is_found_whatever_its_accents_capitals_and_punctuation():
    plain = "un deux trois quatre cinq six sept huit neuf dix onze douze"
    dressed = "Un, deux : « trois » QUATRE — cinq. Six, sept ; huit ? Neuf ! Dix… Ônze (douzé)"
    assert list(runs_of(plain)) == list(runs_of(dressed))


def test_no_file_repeats_twelve_words_of_the_guide():
    found = {str(path.relative_to(ROOT)): sorted(set(told(texts_of(path)))) for path in files()}
    assert {name: runs for name, runs in found.items() if runs} == {}


@pytest.mark.parametrize("practice", read_library(practice_texts())[0], ids=lambda practice: practice.slug)
def test_no_fiche_repeats_twelve_words_of_the_guide_once_its_quotations_are_in_place(practice):
    assert told(_strings(practice)) == []


def _strings(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _strings(item)]
    if hasattr(value, "__dataclass_fields__"):
        return [text for name in value.__dataclass_fields__ for text in _strings(getattr(value, name))]
    return []

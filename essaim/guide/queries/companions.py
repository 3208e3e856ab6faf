"""What the guide says around its fiches: the syntheses of the themes and the needs that lead to fiches."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from essaim.guide.engine import Fault
from essaim.guide.engine.need_phrases import NeedPhrase, parse_needs
from essaim.guide.engine.themes import ThemePage, parse_themes
from essaim.guide.queries.practices import practice_texts

FOLDER = Path(__file__).resolve().parents[1]
THEMES_FILE, NEEDS_FILE = FOLDER / "themes.yaml", FOLDER / "needs.yaml"


def companion_faults(slugs: Collection[str]) -> list[Fault]:
    """Return what is wrong in the files of the themes and of the needs, where fiches are those of ``slugs``."""
    found = [
        parse_themes(THEMES_FILE.read_text(encoding="utf-8"), THEMES_FILE.name, slugs),
        parse_needs(NEEDS_FILE.read_text(encoding="utf-8"), NEEDS_FILE.name, slugs),
    ]
    return [fault for part in found if isinstance(part, list) for fault in part]


@cache
def read_theme_pages() -> dict[str, ThemePage]:
    """Return the synthesis of each theme, by theme. Raises ValueError when its file is faulty."""
    found = parse_themes(THEMES_FILE.read_text(encoding="utf-8"), THEMES_FILE.name, _slugs())
    if isinstance(found, list):
        raise ValueError("; ".join(map(str, found)))
    return {page.theme: page for page in found}


@cache
def read_need_phrases() -> tuple[NeedPhrase, ...]:
    """Return the needs, in the order of their file. Raises ValueError when it is faulty."""
    found = parse_needs(NEEDS_FILE.read_text(encoding="utf-8"), NEEDS_FILE.name, _slugs())
    if isinstance(found, list):
        raise ValueError("; ".join(map(str, found)))
    return found


def _slugs() -> list[str]:
    """The fiches that Essaim brings."""
    return [name[3:].removesuffix(".yaml") for name in practice_texts()]

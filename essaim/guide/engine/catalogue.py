"""Finding a fiche: words without accents or capitals, themes."""

from __future__ import annotations

import unicodedata

from essaim.guide.engine.schema import THEMES


def fold(text: str) -> str:
    """Return ``text`` without accents, capitals or curly apostrophes, for a forgiving search."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def theme_key(theme: str) -> str:
    """Return a theme as addresses write it: ``filieres-porteuses``."""
    return fold(theme).replace(" ", "-")


THEME_KEYS = {theme_key(theme): theme for theme in THEMES}

"""Finding a fiche: words without accents or capitals, themes."""

from __future__ import annotations

import unicodedata

from essaim.guide.engine.schema import THEMES, PracticeFile


def fold(text: str) -> str:
    """Return ``text`` without accents, capitals or curly apostrophes, for a forgiving search."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def theme_key(theme: str) -> str:
    """Return a theme as addresses write it: ``filieres-porteuses``."""
    return fold(theme).replace(" ", "-")


THEME_KEYS = {theme_key(theme): theme for theme in THEMES}


def matches(practice: PracticeFile, words: str) -> bool:
    """Tell whether the practice speaks of every word of ``words``, wherever it stands in its texts."""
    haystack = fold(" ".join(_texts(practice)))
    return all(word in haystack for word in fold(words).split())


def _texts(practice: PracticeFile) -> list[str]:
    texts = [practice.title, practice.place, practice.theme, practice.carrier, practice.promise]
    texts += [indicator.label for indicator in practice.indicators]
    if practice.presentation is not None:
        texts.append(practice.presentation.objective)
        texts += [line.text for line in practice.presentation.audience]
    return texts

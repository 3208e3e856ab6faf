"""Names as people write them: compared without accents, case, hyphens or order. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})
NOT_A_LETTER = re.compile(r"[\W_]+")
ALIKE = 0.78  # two names at least this close are worth showing
ALIKE_SAME_BIRTH = 0.55  # … and with the same birth date, much less is needed
PREFIX = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a person from another before she has a file."""

    first_name: str
    last_name: str
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How close two identities are: ``score`` from 0 to 1, ``reasons`` as codes."""

    score: float
    reasons: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Same names and same birth date: nobody would call it a coincidence."""
        return {"same_name", "same_birth_date"} <= set(self.reasons)


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents, its words separated by one space: ``Jean-Noël`` →
    ``jean noel``.
    """
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return NOT_A_LETTER.sub(" ", bare).strip()


def search_words(text: str) -> list[str]:
    """Return the words of a search, plain, at most eight."""
    return plain(text).split()[:8]


def first_letters(*names: str) -> set[str]:
    """Return the beginnings that a candidate's words may share: what a database can look up before
    comparing.
    """
    return {word[:PREFIX] for name in names for word in plain(name).split() if len(word) >= 2}


def likeness(asked: Identity, known: Identity) -> Likeness:
    """Compare two identities. Words may be swapped (name and first name in the wrong boxes) and slightly
    misspelt.

    Reasons: ``same_name``, ``close_name``, ``swapped``, ``same_birth_date``, ``other_birth_date``.
    """
    straight = _ratio(asked.last_name, known.last_name) * 0.6 + _ratio(asked.first_name, known.first_name) * 0.4
    crossed = _ratio(asked.last_name, known.first_name) * 0.6 + _ratio(asked.first_name, known.last_name) * 0.4
    score = max(straight, crossed)
    reasons = ["same_name" if score > 0.999 else "close_name"]
    if crossed > straight and crossed >= ALIKE:
        reasons.append("swapped")
    if asked.birth_date and known.birth_date:
        reasons.append("same_birth_date" if asked.birth_date == known.birth_date else "other_birth_date")
    return Likeness(round(score, 4), tuple(reasons))


def is_worth_showing(found: Likeness) -> bool:
    """Whether a file this close must be shown before a new one is created."""
    return found.score >= (ALIKE_SAME_BIRTH if "same_birth_date" in found.reasons else ALIKE)


def rank(asked: Identity, known: Iterable[tuple[int, Identity]]) -> list[tuple[int, Likeness]]:
    """Return the known identities worth showing, closest first, each with its key; ties broken by key."""
    compared = [(key, likeness(asked, identity)) for key, identity in known]
    shown = [(key, found) for key, found in compared if is_worth_showing(found)]
    return sorted(shown, key=lambda pair: (not pair[1].is_same, -pair[1].score, pair[0]))


def _ratio(one: str, other: str) -> float:
    first, second = plain(one), plain(other)
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()

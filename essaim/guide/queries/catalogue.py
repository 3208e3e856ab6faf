"""Finding fiches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from essaim.guide.engine import THEMES
from essaim.guide.engine.catalogue import matches
from essaim.guide.engine.figures import Card, card_of
from essaim.guide.queries.practices import list_practices, practice_file


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The fiches that answer a search, with how many of each theme answer its words."""

    cards: tuple[Card, ...]
    total: int
    by_theme: Mapping[str, int]

    @property
    def ready(self) -> int:
        """How many of the fiches shown are complete."""
        return sum(not card.is_outline for card in self.cards)

    @property
    def count_all_themes(self) -> int:
        """How many fiches answer the words, whatever the theme."""
        return sum(self.by_theme.values())


def search_practices(*, words: str = "", theme: str = "") -> Catalogue:
    """Return the fiches of ``theme`` (any when empty) that speak of every one of ``words``. One query."""
    everything = [practice_file(practice) for practice in list_practices()]
    answering = [practice for practice in everything if matches(practice, words)]
    return Catalogue(
        cards=tuple(card_of(practice) for practice in answering if theme in ("", practice.theme)),
        total=len(everything),
        by_theme={name: sum(practice.theme == name for practice in answering) for name in THEMES},
    )

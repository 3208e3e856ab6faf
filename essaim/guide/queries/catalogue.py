"""Finding fiches: by words, by need, by what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from essaim.guide.engine import THEMES, PracticeFile
from essaim.guide.engine.figures import Card, card_of
from essaim.guide.engine.finding import Wanted, cost_of, keep, sort_key
from essaim.guide.engine.need_phrases import NeedPhrase
from essaim.guide.models import Practice
from essaim.guide.queries.companions import read_need_phrases
from essaim.guide.queries.practices import list_practices, practice_file
from essaim.guide.queries.searching import Clip, Found, find_words
from essaim.kernel.instruments import all_instruments

NEAR_SHOWN = 3
NEEDS_PROPOSED = 6


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The fiches that answer a search.

    ``by_facet`` counts, for each value of each facet, the fiches that would answer with it instead.
    ``is_whole`` is false when no fiche has every word: ``cards`` are then those that have the most. ``near``
    are proposed when none answers: those that have the words but not the rest, else those with the rest only.
    ``clips`` are the passages that answer, ``why`` the sentences of the need, both by slug.
    """

    cards: tuple[Card, ...]
    total: int
    by_facet: Mapping[str, Mapping[str, int]]
    need: NeedPhrase | None = None
    is_whole: bool = True
    corrected: Mapping[str, str] = field(default_factory=dict)
    clips: Mapping[str, Clip] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    near: tuple[Card, ...] = ()
    near_needs: tuple[NeedPhrase, ...] = ()
    uncosted: int = 0
    sort: str = ""

    @property
    def ready(self) -> int:
        """How many of the fiches shown are complete."""
        return sum(not card.is_outline for card in self.cards)

    @property
    def by_theme(self) -> Mapping[str, int]:
        """How many fiches of each theme answer the rest, in the order of the guide."""
        return {theme: self.by_facet["theme"].get(theme, 0) for theme in THEMES}

    @property
    def count_all_themes(self) -> int:
        """How many fiches answer, whatever the theme."""
        return sum(self.by_theme.values())


def search_practices(*, words: str = "", theme: str = "", wanted: Wanted | None = None, sort: str = "") -> Catalogue:
    """Return the fiches that speak of ``words`` and are what is ``wanted`` (or only of ``theme``).

    Sorted by ``sort``; else by the need asked, then by how well they answer the words, then as the guide has them.
    """
    wanted = wanted or Wanted(theme=theme)
    needs = read_need_phrases()
    rows = list_practices()
    files = {practice.pk: practice_file(practice) for practice in rows}
    parents = {practice.slug: practice.parent.title for practice in rows if practice.parent}
    found = find_words(words)
    told = [files[key] for key in found.practices if key in files] if found else list(files.values())
    kept, counts = keep(told, wanted, needs)
    need = next((need for need in needs if need.key == wanted.need), None)
    sort = sort or ("relevance" if found or need else "")
    return Catalogue(
        cards=tuple(
            card_of(practice, parents.get(practice.slug, ""))
            for practice in _sorted(kept, sort, need, with_words=found is not None)
        ),
        total=len(rows),
        by_facet=counts,
        need=need,
        is_whole=found is None or found.is_whole,
        corrected=found.corrected if found else {},
        clips=_clips(rows, found),
        why=dict(need.fiches) if need else {},
        near=() if kept else _near(told, wanted, list(files.values()), needs),
        near_needs=() if kept else _near_needs(needs, told, with_words=found is not None),
        uncosted=_count_uncosted(told, wanted, needs),
        sort=sort,
    )


def step_kind_labels() -> dict[str, str]:
    """Return the words of each kind of step that an instrument of this house offers."""
    return {kind.key: kind.label for instrument in all_instruments().values() for kind in instrument.step_kinds}


def _sorted(
    practices: Sequence[PracticeFile], sort: str, need: NeedPhrase | None, *, with_words: bool
) -> list[PracticeFile]:
    key = sort_key(sort)
    if key:
        return sorted(practices, key=key)
    if sort == "title":
        return sorted(practices, key=lambda practice: practice.title.casefold())
    if need and not with_words:
        order = [slug for slug, _ in need.fiches]
        return sorted(practices, key=lambda practice: order.index(practice.slug))
    return list(practices) if sort == "relevance" else sorted(practices, key=lambda practice: practice.number)


def _clips(rows: Sequence[Practice], found: Found | None) -> dict[str, Clip]:
    slugs = {practice.pk: practice.slug for practice in rows}
    return {slugs[key]: clip for key, clip in found.clips.items() if key in slugs} if found else {}


def _near(
    told: Sequence[PracticeFile], wanted: Wanted, everything: Sequence[PracticeFile], needs: Sequence[NeedPhrase]
) -> tuple[Card, ...]:
    close = told or (keep(everything, wanted, needs)[0] if wanted.asked else [])
    return tuple(card_of(practice) for practice in close[:NEAR_SHOWN])


def _near_needs(
    needs: Sequence[NeedPhrase], told: Sequence[PracticeFile], *, with_words: bool
) -> tuple[NeedPhrase, ...]:
    """The needs that lead to the fiches that have the words; failing any, the first of the list."""
    slugs = {practice.slug for practice in told} if with_words else set()
    close = [need for need in needs if slugs & {slug for slug, _ in need.fiches}]
    return tuple((close or list(needs))[:NEEDS_PROPOSED])


def _count_uncosted(told: Sequence[PracticeFile], wanted: Wanted, needs: Sequence[NeedPhrase]) -> int:
    """How many fiches a bound on the cost leaves out because they publish none."""
    if not wanted.is_bounded:
        return 0
    rest = keep(told, replace(wanted, cost_min=None, cost_max=None), needs)[0]
    return sum(cost_of(practice) is None for practice in rest)

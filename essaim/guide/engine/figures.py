"""The published figures as a reader compares them: value, base, share, check, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from essaim.guide.engine.schema import CHECKS, PracticeFile, PracticeIndicator
from essaim.guide.engine.words import figure_in_words, typographic

GROUPS = (
    ("", ("result", "ratio", "derived")),
    ("Ce qui était visé", ("target",)),
    ("Ce que cela a coûté", ("cost",)),
    ("Repères", ("context",)),
)
DIVISION = re.compile(r"^([0-9]+) / ([0-9]+)$")
APPROXIMATELY = re.compile(r"[~≈]\s*")
MENTION = 40  # characters: about a line under a label
SILENT_UNITS = ("%", "part")


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure in words. ``share`` is its part of the fiche's base, from 0 to 100."""

    id: str
    label: str
    definition: str
    value: str
    base: str
    share: float | None
    check: str
    why: str

    @property
    def has_long_why(self) -> bool:
        """The reason is a text to read, not a mention under the label."""
        return len(self.why) > MENTION


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures of one nature; the results come first and have no title."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A fiche in the catalogue. ``doubt`` is its worst check, when figures cannot be taken as they are, and
    ``doubts`` how many figures have it."""

    slug: str
    title: str
    theme: str
    place: str
    carrier: str
    promise: str
    is_outline: bool
    value: str
    words: str
    doubt: str
    doubts: int
    variant_of: str = ""


def card_of(practice: PracticeFile, variant_of: str = "") -> Card:
    """Return the card of a practice, variant of the one of this title if any. Its figure is the published one of the
    headline's indicator.
    """
    headline = practice.indicator(practice.headline.indicator)
    checks = count_checks(practice.indicators)
    doubt = next((check for check in ("mismatch", "ambiguous") if check in checks), "")
    return Card(
        slug=practice.slug,
        title=practice.title,
        theme=practice.theme,
        place=practice.place,
        carrier=practice.carrier,
        promise=practice.promise,
        is_outline=practice.is_outline,
        value=figure_in_words(headline.published, headline.unit),
        words=practice.headline.words,
        doubt=doubt,
        doubts=checks.get(doubt, 0),
        variant_of=variant_of,
    )


def group_figures(practice: PracticeFile) -> tuple[FigureGroup, ...]:
    """Return every published figure of the practice, once, by nature; groups without figures are left out."""
    whole = base_of(practice)
    groups = []
    for title, kinds in GROUPS:
        chosen = [item for item in practice.indicators if item.kind in kinds]
        if chosen:
            groups.append(FigureGroup(title, tuple(_figure(item, whole) for item in chosen)))
    return tuple(groups)


def base_of(practice: PracticeFile) -> PracticeIndicator | None:
    """Return the indicator the results are a part of: « 177 des 416 jeunes », if it is named."""
    if practice.presentation is None or not practice.presentation.base:
        return None
    return practice.indicator(practice.presentation.base)


def count_checks(indicators: Iterable[PracticeIndicator]) -> dict[str, int]:
    """Return how many figures have each check, in the order of trust; checks that none has are left out."""
    found = [indicator.check for indicator in indicators]
    return {check: found.count(check) for check in CHECKS if check in found}


def _figure(item: PracticeIndicator, whole: PracticeIndicator | None) -> Figure:
    return Figure(
        id=item.id,
        label=typographic(item.label),
        definition=typographic(item.definition),
        value=("environ " if item.approx else "") + _value(item),
        base=_base(item),
        share=_share(item, whole),
        check=item.check,
        why=_why(item),
    )


def _value(item: PracticeIndicator) -> str:
    return figure_in_words(item.published, item.unit.partition("/")[0])


def _base(item: PracticeIndicator) -> str:
    if item.unit.startswith("EUR/"):
        return item.unit.replace("EUR/", "par ")
    if division := DIVISION.match(item.derived_from):
        return f"{figure_in_words(int(division[1]))} sur {figure_in_words(int(division[2]))}"
    return "" if item.unit in SILENT_UNITS or item.unit.startswith("EUR") else typographic(item.unit)


def _share(item: PracticeIndicator, whole: PracticeIndicator | None) -> float | None:
    if whole is None or not isinstance(item.published, int | float):
        return None
    if item.unit == "%":
        return float(item.published)
    same_people = item.unit == whole.unit and item.kind == "result" and item.id != whole.id
    if not same_people or not isinstance(whole.published, int | float) or item.published > whole.published:
        return None
    return 100 * item.published / whole.published


def _is_bare(value: int | float | str) -> bool:
    """A number, or a range of numbers, that does not say its unit."""
    return not isinstance(value, str) or not any(letter.isalpha() for letter in value)


def _why(item: PracticeIndicator) -> str:
    """Why the figure has this check, in French: the explanation, else the note and the new count."""
    if item.explanation:
        return typographic(item.explanation)
    recomputed = item.recomputed
    again = figure_in_words(recomputed, item.unit if _is_bare(recomputed) else "") if recomputed is not None else ""
    told = [item.note, f"recalculé\u00a0: {again}" if again and recomputed != item.published else ""]
    sentence = APPROXIMATELY.sub("environ ", typographic(" ; ".join(part for part in told if part)))
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""

"""Choosing among the practices by what they are: public, effect, duration, team, cost, steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from essaim.guide.engine.need_phrases import NeedPhrase
from essaim.guide.engine.schema import PracticeFile

# From, to: days of the duration, people of the team.
LENGTHS = {"day": (0, 1), "month": (2, 31), "half_year": (32, 184), "longer": (185, math.inf)}
TEAMS = {"one": (0, 1), "few": (2, 3), "more": (4, math.inf)}
UNTOLD = "untold"
NO_EFFECT = "none"
FACETS = ("theme", "public", "need", "step", "effect", "length", "team")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the catalogue; an empty facet asks nothing. Costs are euros for one person, ends included."""

    theme: str = ""
    public: str = ""
    need: str = ""
    step: str = ""
    effect: str = ""
    length: str = ""
    team: str = ""
    cost_min: float | None = None
    cost_max: float | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether a cost is asked for."""
        return self.cost_min is not None or self.cost_max is not None

    @property
    def asked(self) -> int:
        """How many facets are asked for."""
        return sum(bool(getattr(self, facet)) for facet in FACETS) + self.is_bounded


def cost_of(practice: PracticeFile) -> float | None:
    """Return the published cost for one person, under the fiche's own definition; None when it is not published."""
    budget = practice.presentation.budget if practice.presentation else None
    return float(budget.per_person) if budget and budget.per_person is not None else None


def values_of(practice: PracticeFile, needs: Iterable[NeedPhrase]) -> Mapping[str, frozenset[str]]:
    """Return the values of a practice, by facet."""
    finding = practice.finding
    return {
        "theme": frozenset({practice.theme}),
        "public": frozenset(finding.publics),
        "need": frozenset(need.key for need in needs if need.why(practice.slug)),
        "step": frozenset(step.kind for step in practice.steps),
        "effect": frozenset({finding.effect.kind if finding.effect else NO_EFFECT}),
        "length": frozenset({_range_of(finding.days, LENGTHS)}),
        "team": frozenset({_range_of(finding.team, TEAMS)}),
    }


def keep(
    practices: Sequence[PracticeFile], wanted: Wanted, needs: Sequence[NeedPhrase]
) -> tuple[list[PracticeFile], dict[str, dict[str, int]]]:
    """Return the practices that are all that is wanted, and how many would be with each other value of each facet."""
    known = [(practice, values_of(practice, needs)) for practice in practices]
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet in FACETS:
        without = _without(wanted, facet)
        for practice, values in known:
            if _answers(practice, values, without):
                for value in values[facet]:
                    counts[facet][value] = counts[facet].get(value, 0) + 1
    return [practice for practice, values in known if _answers(practice, values, wanted)], counts


def sort_key(sort: str) -> Callable[[PracticeFile], tuple[float, int]] | None:
    """Return what a sort compares: what is not told comes last, and the order of the guide decides between equals."""
    found = {
        "cost": cost_of,
        "duration": lambda practice: practice.finding.days,
        "team": lambda practice: practice.finding.team,
    }.get(sort)
    if found is None:
        return None

    def key(practice: PracticeFile) -> tuple[float, int]:
        value = found(practice)
        return math.inf if value is None else float(value), practice.number

    return key


def _without(wanted: Wanted, facet: str) -> Wanted:
    nothing: dict[str, Any] = {facet: ""}
    return replace(wanted, **nothing)


def _answers(practice: PracticeFile, values: Mapping[str, frozenset[str]], wanted: Wanted) -> bool:
    asked = ((facet, getattr(wanted, facet)) for facet in FACETS)
    if not all(value in values[facet] for facet, value in asked if value):
        return False
    if not wanted.is_bounded:
        return True
    cost = cost_of(practice)
    low = -math.inf if wanted.cost_min is None else wanted.cost_min
    high = math.inf if wanted.cost_max is None else wanted.cost_max
    return cost is not None and low <= cost <= high


def _range_of(value: float | None, ranges: Mapping[str, tuple[float, float]]) -> str:
    if value is None:
        return UNTOLD
    return next((key for key, (low, high) in ranges.items() if low <= value <= high), UNTOLD)

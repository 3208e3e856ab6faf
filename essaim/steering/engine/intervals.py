"""How sure a share is, and whether two shares can be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

# The 97.5 % quantile of the normal law: intervals of 95 %.
Z = 1.959963984540054
Verdict = Literal["higher", "lower", "unsettled"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a share, from 0 to 1."""

    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval | None:
    """Return the Wilson score interval of a share at 95 % (Wilson 1927); None without trial.

    Unlike the usual formula it stays between 0 and 1 and holds for small numbers. Raises ValueError when successes are
    not between 0 and trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a share")
    if not trials:
        return None
    share, square = successes / trials, Z * Z
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = Z / (1 + square / trials) * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def compare(one: Interval | None, other: Interval | None) -> Verdict:
    """Return how ``one`` stands to ``other``: « higher » or « lower » only when their intervals do not overlap."""
    if one is None or other is None:
        return "unsettled"
    if one.low > other.high:
        return "higher"
    return "lower" if one.high < other.low else "unsettled"

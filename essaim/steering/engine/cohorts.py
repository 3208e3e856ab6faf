"""Which entries a funder reads together: whole quarters, each published once, when their people have had time.

Fixed periods that never overlap are what keeps a difference between two readings from being someone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LEAST_ENTRIES = 15
"""A quarter with fewer entries waits for the next one, unless the action is over."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Entries from ``since`` to ``until``, both included; where their people are on ``observed_on``."""

    since: date
    until: date
    observed_on: date


def quarter_start(day: date) -> date:
    """Return the first day of the quarter of this day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(day: date) -> date:
    """Return the first day of the quarter after that of this day."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + 1, 1, 1) if month > 12 else date(day.year, month, 1)


def due_cohorts(
    entries: Mapping[date, int], *, starts: date, ends: date, published: Sequence[Cohort], today: date, threshold: int
) -> list[Cohort]:
    """Return the cohorts of an action to publish now, oldest first.

    ``entries``: number of entries by first day of quarter. A quarter is ready once the next one is over too: people
    are observed that day, three to six months after they entered. Quarters are put together until they hold
    LEAST_ENTRIES; those left when the action is over make a last cohort if they reach the threshold.
    """
    last = max((cohort.until for cohort in published), default=None)
    quarter = quarter_start(starts) if last is None else last + timedelta(days=1)
    found: list[Cohort] = []
    since, held = quarter, 0
    while (observed := next_quarter(next_quarter(quarter)) - timedelta(days=1)) < today:
        until = next_quarter(quarter) - timedelta(days=1)
        held += entries.get(quarter, 0)
        if held >= LEAST_ENTRIES or (until >= ends and held >= threshold):
            found.append(Cohort(since, until, observed))
            since, held = next_quarter(quarter), 0
        quarter = next_quarter(quarter)
    return found

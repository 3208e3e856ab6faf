"""The rhythm of individual interviews: so often at first, then less often. Days in, days out: no Django, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from essaim.agenda.engine.holidays import first_open_day


@dataclass(frozen=True, slots=True)
class Rhythm:
    """An interview every ``every_first`` days during the ``first_period`` days after entry, then every
    ``every_later`` days.
    """

    every_first: int
    first_period: int
    every_later: int


def rhythm_of(settings: Mapping[str, Any]) -> Rhythm | None:
    """Return the rhythm that the settings of a step give, None when they give none.

    One of the two intervals alone holds for the whole parcours.
    """
    first, later = settings.get("every_first"), settings.get("every_later")
    if not first and not later:
        return None
    return Rhythm(int(first or later), int(settings.get("first_period") or 0), int(later or first))  # type: ignore[arg-type]


def interval_on(rhythm: Rhythm, *, entered: date, on: date) -> int:
    """Return how many days separate two interviews for someone entered on ``entered``, as of ``on``."""
    return rhythm.every_first if (on - entered).days < rhythm.first_period else rhythm.every_later


def next_day(rhythm: Rhythm, *, entered: date, after: date) -> date:
    """Return the day of the interview that follows one held on ``after``: a working day.

    A Saturday, a Sunday or a public holiday gives the next working day.
    """
    return first_open_day(after + timedelta(days=interval_on(rhythm, entered=entered, on=after)))


def working_days(first: date, number: int) -> list[date]:
    """Return that many working days from ``first`` on, which counts when it is one."""
    days: list[date] = []
    for _ in range(number):
        first = first_open_day(first)
        days.append(first)
        first += timedelta(days=1)
    return days

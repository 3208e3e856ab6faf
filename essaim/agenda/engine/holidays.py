"""The public holidays of mainland France (code du travail, L3133-1), those that follow Easter included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

FIXED: Mapping[tuple[int, int], str] = {
    (1, 1): "new_year",
    (5, 1): "labour_day",
    (5, 8): "victory_day",
    (7, 14): "national_day",
    (8, 15): "assumption",
    (11, 1): "all_saints",
    (11, 11): "armistice",
    (12, 25): "christmas",
}
# Days after Easter Sunday.
MOVABLE: Mapping[int, str] = {1: "easter_monday", 39: "ascension", 50: "whit_monday"}


@lru_cache(maxsize=256)
def easter(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar (method of Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holiday_of(day: date) -> str | None:
    """Return the code of the public holiday that falls on ``day``, the fixed one when two meet, None otherwise."""
    return FIXED.get((day.month, day.day)) or MOVABLE.get((day - easter(day.year)).days)


def first_open_day(day: date) -> date:
    """Return the first working day from ``day`` on: neither Saturday, Sunday nor holiday."""
    while day.weekday() >= 5 or holiday_of(day):
        day += timedelta(days=1)
    return day

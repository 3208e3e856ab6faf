"""Series in local time: the same hour on the wall each week, whatever the clocks do; holidays left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from essaim.agenda.engine.holidays import holiday_of
from essaim.agenda.engine.moments import PARIS

LONGEST = 366


@dataclass(frozen=True, slots=True)
class SeriesDays:
    """The days of a series, and the holidays it would have met as (day, code)."""

    days: tuple[date, ...]
    holidays: tuple[tuple[date, str], ...]


def days_of_series(
    first_day: date, last_day: date, weekdays: Collection[int], *, skips_holidays: bool = True
) -> SeriesDays:
    """Return the days between both limits, included, that fall on ``weekdays`` (1 = Monday … 7 = Sunday).

    The public holidays met are always told; they are left out of the days unless ``skips_holidays`` is false. At most
    ``LONGEST`` days are read: raises ValueError beyond, and when the limits are not in order.
    """
    span = (last_day - first_day).days
    if not 0 <= span <= LONGEST:
        raise ValueError("a series lasts a year at most")
    met = [first_day + timedelta(days=n) for n in range(span + 1)]
    met = [day for day in met if day.isoweekday() in weekdays]
    holidays = tuple((day, code) for day in met if (code := holiday_of(day)))
    left_out = {day for day, _ in holidays} if skips_holidays else set()
    return SeriesDays(tuple(day for day in met if day not in left_out), holidays)


def local_moment(day: date, at: time) -> datetime:
    """Return the moment (aware, UTC) at which a clock on a wall in Paris shows ``at`` that day.

    The hour that occurs twice in autumn is the first one; the hour that spring skips is read an hour later.
    """
    return datetime.combine(day, at, tzinfo=PARIS).astimezone(UTC)


def share_out(items: Sequence[str], days: int) -> list[tuple[str, ...]]:
    """Share ``items`` out in order over ``days`` days at most, as evenly as can be; the first days take the rest."""
    if not items or days < 1:
        return []
    days = min(days, len(items))
    each, rest = divmod(len(items), days)
    shared, start = [], 0
    for n in range(days):
        size = each + (n < rest)
        shared.append(tuple(items[start : start + size]))
        start += size
    return shared

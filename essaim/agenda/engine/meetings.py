"""When meetings come back: the days of a series of meetings, and how long a practice lets pass between two."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

from essaim.agenda.engine.holidays import first_open_day

YEAR = 365
MOST_MEETINGS = 52


def days_of_meetings(first_day: date, last_day: date, every_weeks: int) -> tuple[date, ...]:
    """Return the days of a meeting held every so many weeks, both limits included: one that falls on a public holiday
    or a week-end moves to the next working day. ``first_day`` is kept as it is. At most ``MOST_MEETINGS`` days.

    Raises ValueError when the limits are not in order or the rhythm is not of a week at least.
    """
    if last_day < first_day or every_weeks < 1:
        raise ValueError("a series of meetings goes forward, by whole weeks")
    days = [first_day]
    for rank in range(1, MOST_MEETINGS):
        day = first_open_day(first_day + timedelta(weeks=every_weeks * rank))
        if day > last_day:
            break
        days.append(day)
    return tuple(days)


def longest_interval(every: int | None, every_months: int | None, per_year: int | None) -> int | None:
    """Return how many days a practice lets pass between two meetings, from the first it says of: ``every`` so many
    days, ``every_months``, so many ``per_year``. None when it says nothing.
    """
    if every or every_months:
        return every or ceil(YEAR * (every_months or 0) / 12)
    return ceil(YEAR / per_year) if per_year else None

"""Periods of days, both ends included, and months as people count them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` to ``until``, both included; ``None`` is open on that side. Raises ValueError when
    reversed.
    """

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValueError("a period cannot end before it starts")

    def __contains__(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def overlaps(self, other: "Period") -> bool:
        """Whether at least one day belongs to both."""
        starts_before_end = self.since is None or other.until is None or self.since <= other.until
        ends_after_start = self.until is None or other.since is None or other.since <= self.until
        return starts_before_end and ends_after_start


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later (or earlier, when negative); the last day of a month that lacks
    it.

    31 January plus one month is 28 or 29 February; 29 February plus twelve months is 28 February.
    Raises ValueError out of the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

"""How long a work contract runs. Plain Python."""

from __future__ import annotations

from datetime import date, timedelta

from essaim.kernel.periods import add_months

LONGEST_TERM = 120  # months


def planned_end(starts: date, ends: date | None, term_months: int | None) -> date | None:
    """Return the last day included: ``ends``, else ``starts`` + that many calendar months - 1 day (FACTS
    §6, « in force »), else None for a contract without term. The day is clamped to the end of the month.
    """
    if ends is not None or term_months is None:
        return ends
    return add_months(starts, term_months) - timedelta(days=1)


def is_early(last_day: date, end: date | None) -> bool:
    """Whether leaving that day breaks the contract before its term; a contract without term always breaks."""
    return end is None or last_day < end


def is_running(starts: date, end: date | None, ended_on: date | None, day: date) -> bool:
    """Whether the contract is in force on ``day``: ended on that very day, it no longer is."""
    return starts <= day and (end is None or end >= day) and (ended_on is None or ended_on > day)

"""How long a person may stay in an action: calendar months, renewals, and a clock that stops while she is out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from essaim.kernel.periods import add_months

DAYS_IN_A_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """What the practice allows: months of a stay, months that one renewal adds, renewals per person.

    ``months`` None: no limit. ``renewal_months`` None: as many as the stay. ``renewals_max`` None: as many as wished.
    """

    months: int | None
    renewals_max: int | None = 0
    renewal_months: int | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """One parcours of the person in the action. ``closed_on`` is its last day, included; None while it runs."""

    opened_on: date
    closed_on: date | None = None
    renewals: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """Which week of the stay this is, out of how many; ``is_over`` once the term has passed."""

    number: int
    total: int
    is_over: bool


def days_allowed(limit: Limit, first_day: date, renewals: int) -> int | None:
    """Return how many days a stay may last from ``first_day``, both ends included; None without limit.

    That many calendar months, the day clamped to the end of the month (FACTS §6, « in force »).
    """
    if limit.months is None:
        return None
    added = limit.months if limit.renewal_months is None else limit.renewal_months
    return (add_months(first_day, limit.months + added * renewals) - first_day).days


def days_consumed(stays: Iterable[Stay]) -> int:
    """Return the days spent in the finished stays, first and last included."""
    return sum((stay.closed_on - stay.opened_on).days + 1 for stay in stays if stay.closed_on is not None)


def renewals_used(stays: Iterable[Stay]) -> int:
    """Return the renewals granted over these stays: they are counted per person."""
    return sum(stay.renewals for stay in stays)


def due_on(limit: Limit, opened_on: date, *, renewals: int = 0, former: Iterable[Stay] = ()) -> date | None:
    """Return the last day allowed, included, of a stay opened that day; None without limit.

    The months run from the first entry; the days spent outside between two stays push the term back as many days.
    With nothing left it is the eve of ``opened_on``: only a renewal opens a day.
    """
    before = sorted(former, key=lambda stay: stay.opened_on)
    first_day = before[0].opened_on if before else opened_on
    allowed = days_allowed(limit, first_day, renewals + renewals_used(before))
    if allowed is None:
        return None
    left = max(0, allowed - days_consumed(before))
    return opened_on + left * _DAY - _DAY


def may_renew(limit: Limit, stays: Iterable[Stay]) -> bool:
    """Whether one more renewal is allowed after those of all her stays. Never without a limit of duration."""
    if limit.months is None:
        return False
    return limit.renewals_max is None or renewals_used(stays) < limit.renewals_max


def may_enter_again(limit: Limit, opened_on: date, former: Iterable[Stay]) -> bool:
    """Whether a new stay is allowed: a day is left, or a renewal that would give some."""
    before = list(former)
    due = due_on(limit, opened_on, former=before)
    return due is None or due >= opened_on or may_renew(limit, before)


def week_of(opened_on: date, due: date, day: date) -> Week:
    """Return which week of the stay ``day`` is in. A quarter of 92 days is told as 13 weeks."""
    total = max(1, round(((due - opened_on).days + 1) / DAYS_IN_A_WEEK))
    number = max(1, (day - opened_on).days // DAYS_IN_A_WEEK + 1)
    return Week(min(number, total), total, day > due)

"""Money of an action: lines summed by year, category and funder; months of cash. Euros, exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NOTHING = Decimal(0)
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line: ``funder`` is empty when nobody is named."""

    year: int
    category: str
    funder: str
    is_actual: bool
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """What was planned and what was spent, in euros."""

    planned: Decimal = NOTHING
    actual: Decimal = NOTHING

    @property
    def left(self) -> Decimal:
        """What remains of the plan, negative once it is exceeded."""
        return self.planned - self.actual

    @property
    def is_exceeded(self) -> bool:
        """Whether more was spent than planned."""
        return self.actual > self.planned

    @property
    def share(self) -> Decimal | None:
        """Spent over planned, None when nothing was planned."""
        return self.actual / self.planned if self.planned else None

    def with_line(self, line: Line) -> Sum:
        """Return this sum and one more line."""
        if line.is_actual:
            return Sum(self.planned, self.actual + line.amount)
        return Sum(self.planned + line.amount, self.actual)


def sum_lines(lines: Iterable[Line], *keys: str) -> dict[tuple[object, ...], Sum]:
    """Return the sum of each group of lines sharing these fields, in the order of the fields; no field, one sum."""
    sums: dict[tuple[object, ...], Sum] = {}
    for line in lines:
        key = tuple(getattr(line, name) for name in keys)
        sums[key] = sums.get(key, Sum()).with_line(line)
    return dict(sorted(sums.items(), key=lambda pair: tuple(map(str, pair[0]))))


@dataclass(frozen=True, slots=True)
class Month:
    """A month of cash: what moved in it, and the totals at its end. ``left`` is what is received and not spent."""

    first: date
    expected: Decimal
    received: Decimal
    spent: Decimal
    total_expected: Decimal
    total_received: Decimal
    total_spent: Decimal

    @property
    def left(self) -> Decimal:
        """What the funders paid less what was spent, at the end of the month: negative, the carrier advances it."""
        return self.total_received - self.total_spent


Move = tuple[date, Decimal]


def months_of(expected: Iterable[Move], received: Iterable[Move], spent: Iterable[Move]) -> list[Month]:
    """Return every month from the first movement to the last, those without any included, MOST_MONTHS at most."""
    moves = [_by_month(one) for one in (expected, received, spent)]
    known = sorted({month for one in moves for month in one})
    totals = [NOTHING, NOTHING, NOTHING]
    months: list[Month] = []
    first = known[0] if known else None
    while first is not None and first <= known[-1] and len(months) < MOST_MONTHS:
        here = [one.get(first, NOTHING) for one in moves]
        totals = [total + one for total, one in zip(totals, here, strict=True)]
        months.append(Month(first, *here, *totals))
        first = _after(first)
    return months


def _by_month(moves: Iterable[Move]) -> dict[date, Decimal]:
    found: dict[date, Decimal] = {}
    for day, amount in moves:
        first = day.replace(day=1)
        found[first] = found.get(first, NOTHING) + amount
    return found


def _after(first: date) -> date:
    return first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1)

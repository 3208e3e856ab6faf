"""The drawing of the cash of an action: where three lines pass. The table beside it says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from essaim.journeys.engine.money import Month

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 14, 30
LABELS = 8
EXPECTED = "total_expected"
SERIES = (
    (EXPECTED, "expected"),
    ("total_received", "received"),
    ("total_spent", "spent"),
)


@dataclass(frozen=True, slots=True)
class CashChart:
    """Lines as (series, SVG path), marks of the two axes as (position, euros) and (position, month), and the
    size of the drawing.
    """

    lines: list[tuple[str, str]]
    amounts: list[tuple[str, Decimal]]
    months: list[tuple[str, date]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def draw_cash(months: list[Month], on: date) -> CashChart | None:
    """Return the drawing of the totals at the end of each month, None when two months do not exist.

    What is received and spent stops at the month of ``on``: the months after it only expect.
    """
    if len(months) < 2:
        return None
    top = _ceiling(max(getattr(month, key) for month in months for key, _ in SERIES))
    lines = [
        (name, "M" + "L".join(f"{_x(rank, len(months))} {_y(getattr(month, key), top)}" for rank, month in found))
        for key, name in SERIES
        for found in [[pair for pair in enumerate(months) if key == EXPECTED or pair[1].first <= on]]
        if found
    ]
    every = max(1, -(-len(months) // LABELS))
    marks = [(_x(rank, len(months)), month.first) for rank, month in enumerate(months) if rank % every == 0]
    amounts = [(_y(top * share / 4, top), top * share / 4) for share in range(5)]
    return CashChart(lines=lines, amounts=amounts, months=marks)


def _x(rank: int, total: int) -> str:
    return f"{LEFT + rank * (WIDTH - LEFT - RIGHT) / (total - 1):.1f}"


def _y(amount: Decimal, top: Decimal) -> str:
    return f"{TOP + (1 - float(amount / top)) * (HEIGHT - TOP - BOTTOM):.1f}"


def _ceiling(amount: Decimal) -> Decimal:
    """The next round amount whose quarters are round too."""
    if amount <= 0:
        return Decimal(4)
    step = Decimal(10) ** max(amount.adjusted() - 1, 0) * 4
    return -(-amount // step) * step

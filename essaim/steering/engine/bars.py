"""Where the value, the target and the published figure stand on one bar. Positions in percent of the bar's width."""

from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """``value``, ``target`` and ``guide`` are positions from 0 to 100; ``target`` and ``guide`` may be missing."""

    value: float
    target: float | None
    guide: float | None


def bar_of(*, value: Number | None, unit: str, target: Number | None = None, published: object = None) -> Bar | None:
    """Place the figures of one indicator on a common scale; None when there is no value to draw.

    Percentages run from 0 to 100, or further when a figure exceeds 100; other units from 0 to the largest figure.
    The published figure counts only when it is a number (the guide also prints « 1/3 »). A negative figure stands at 0.
    """
    if value is None:
        return None
    guide = published if isinstance(published, int | float | Decimal) else None
    figures = [figure for figure in (value, target, guide) if figure is not None]
    top = max([*figures, 100] if unit == "%" else figures)
    if top <= 0:
        return Bar(0.0, None if target is None else 0.0, None if guide is None else 0.0)
    return Bar(
        _position(value, top),
        None if target is None else _position(target, top),
        None if guide is None else _position(guide, top),
    )


def _position(figure: Number, top: Number) -> float:
    return round(float(max(figure, 0)) / float(top) * 100, 2)

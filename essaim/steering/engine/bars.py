"""Where the value, the target and the published figure stand on one bar. Positions in percent of the bar's width."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """``value``, ``target`` and ``guide`` are positions from 0 to 100; ``target`` and ``guide`` may be missing."""

    value: float
    target: float | None
    guide: float | None


def bar_of(
    *, value: Decimal | None, unit: str, target: Decimal | None = None, published: object = None
) -> Bar | None:
    """Place the figures of one indicator on a common scale; None when there is no value to draw.

    Percentages run from 0 to 100, or further when a figure exceeds 100; other units from 0 to the largest figure.
    The published figure counts only when it is a number (the guide also prints « 1/3 »). A negative figure stands at 0.
    """
    if value is None:
        return None
    guide = _number(published)
    figures = [figure for figure in (value, target, guide) if figure is not None]
    top = max([*figures, Decimal(100)] if unit == "%" else figures)
    if top <= 0:
        return Bar(0.0, None if target is None else 0.0, None if guide is None else 0.0)
    return Bar(
        _position(value, top),
        None if target is None else _position(target, top),
        None if guide is None else _position(guide, top),
    )


def _number(published: object) -> Decimal | None:
    if isinstance(published, bool) or not isinstance(published, int | float | Decimal):
        return None
    return Decimal(str(published))


def _position(figure: Decimal, top: Decimal) -> float:
    return round(float(max(figure, Decimal(0)) / top * 100), 2)

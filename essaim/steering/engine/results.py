"""From the row of figures that the database gives back to the values of the indicators: exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from essaim.kernel.engine.definitions import (
    Definition,
    Difference,
    Indicator,
    Measured,
    Number,
    Quotient,
    Reference,
    SettingValue,
    Total,
)
from essaim.kernel.engine.indicators import exact


@dataclass(frozen=True, slots=True)
class Output:
    """Where a measured value is in the row: one column, or two whose quotient or mean it is.

    ``one``: the column; ``average``: sum and number; ``median``: the two middle values.
    """

    reading: Literal["one", "average", "median"]
    columns: tuple[str, ...]

    def read(self, row: Mapping[str, Any]) -> Fraction | None:
        """Return the value, None when there is none."""
        if row[self.columns[0]] is None:
            return None
        found = [Fraction(row[column]) for column in self.columns]
        match self.reading:
            case "one":
                return found[0]
            case "median":
                return (found[0] + found[1]) / 2
            case "average":
                return found[0] / found[1]


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value, with numerator and denominator when it is a quotient at its top level."""

    id: str
    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None


class Evaluation:
    """Values of definitions, once what is measured has been read."""

    def __init__(
        self,
        indicators: Sequence[Indicator],
        outputs: Mapping[Measured, Output],
        row: Mapping[str, Any],
        settings: Mapping[str, Any],
    ) -> None:
        self._formulas = {indicator.id: indicator.formula for indicator in indicators}
        self._indicators = indicators
        self._outputs = outputs
        self._row = row
        self._settings = settings

    def figures(self) -> list[Figure]:
        """Return every indicator in order, each followed by ``<id>.realised`` when it has one."""
        found = []
        for indicator in self._indicators:
            found.append(self._figure(indicator.id, indicator.formula))
            if indicator.realised is not None:
                found.append(self._figure(f"{indicator.id}.realised", indicator.realised))
        return found

    def _figure(self, id: str, definition: Definition | None) -> Figure:
        if isinstance(definition, Quotient):
            parts = self._value(definition.numerator), self._value(definition.denominator)
            return Figure(id, self._value(definition), *parts)
        return Figure(id, self._value(definition))

    def _value(self, definition: Definition | None) -> Fraction | None:
        match definition:
            case None:
                return None
            case Number(value):
                return value
            case Reference(id):
                return self._value(self._formulas[id])
            case SettingValue(key):
                setting = self._settings.get(key)
                if isinstance(setting, bool) or not isinstance(setting, int | float | Decimal):
                    return None
                return exact(setting)
            case Quotient(scale, numerator, denominator):
                above, below = self._value(numerator), self._value(denominator)
                return None if above is None or not below else scale * above / below
            case Total(parts):
                values = [self._value(part) for part in parts]
                known = [value for value in values if value is not None]
                return sum(known, Fraction(0)) if len(known) == len(values) else None
            case Difference(minuend, subtrahend):
                left, right = self._value(minuend), self._value(subtrahend)
                return None if left is None or right is None else left - right
        return self._outputs[definition].read(self._row)


def as_number(value: Fraction | None) -> int | float | None:
    """Return the JSON number: an integer when it is one, else the nearest binary number; never rounded before."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)

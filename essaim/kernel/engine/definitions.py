"""What the definition of an indicator is made of, as dataclasses. Read by ``indicators``, compiled by steering."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from essaim.kernel.engine.conditions import ALWAYS, Condition

Period = Literal["during", "before", "after", "to_date"]
When = Literal["any", "before", "earlier", "after", "later"]
StatisticName = Literal["average", "median", "min", "max"]


@dataclass(frozen=True, slots=True)
class Link:
    """Another fact of the same action, related to the selected one. ``within_days`` in days, None for any"""

    kinds: tuple[str, ...]
    where: Condition
    period: Period
    same: tuple[str, ...]
    when: When
    within_days: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """The facts counted: of some kinds, in a period, under a condition, with or without some links."""

    kinds: tuple[str, ...]
    where: Condition = ALWAYS
    period: Period = "during"
    required: tuple[Link, ...] = ()
    excluded: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of another indicator of the same practice."""

    id: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the definition, kept exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A setting of the action, if it is a number; else null."""

    key: str


@dataclass(frozen=True, slots=True)
class Count:
    """Number of distinct known values of a field; ``fact`` counts the facts themselves."""

    field: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum of a numeric field; 0 when nothing is selected."""

    field: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Number of distinct values of a field in a group."""

    field: str


@dataclass(frozen=True, slots=True)
class GroupSum:
    """Sum of a numeric field in a group."""

    field: str


@dataclass(frozen=True, slots=True)
class DaysSince:
    """Days from a person's earliest fact in ``selection`` to the earliest fact of her group."""

    selection: Selection


GroupMeasure = GroupCount | GroupSum | DaysSince


@dataclass(frozen=True, slots=True)
class FieldStatistic:
    """Statistic of a numeric field over the selected facts."""

    name: StatisticName
    field: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class GroupStatistic:
    """Statistic of a measure over the groups of facts that share a value of ``per``."""

    name: StatisticName
    measure: GroupMeasure
    per: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class Quotient:
    """``scale`` × numerator / denominator: scale 1 for a ratio, 100 for a percentage."""

    scale: Literal[1, 100]
    numerator: Definition
    denominator: Definition


@dataclass(frozen=True, slots=True)
class Total:
    """Sum of definitions; null if one is null."""

    parts: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second; null if one is null."""

    minuend: Definition
    subtrahend: Definition


Measured = Count | Sum | FieldStatistic | GroupStatistic
Definition = Reference | Number | SettingValue | Measured | Quotient | Total | Difference


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its formula, and the formula of what was achieved when the first is a target."""

    id: str
    formula: Definition | None
    realised: Definition | None = None

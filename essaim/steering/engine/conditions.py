"""A condition as SQL, for facts of one kind: what the kind settles is settled here, the rest is left to the rows.

In the SQL given back, null means false; ``not`` is written so that it holds for both.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from essaim.kernel.engine.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Constant,
    Differs,
    Equals,
    Known,
    Missing,
    Not,
    Operand,
    Ordered,
    SettingRef,
    fields_of,
)
from essaim.steering.engine.fields import Value, ValueType
from essaim.steering.engine.sql import Sql, constant, join, sql

Held = Sql | bool
_SIGNS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
SETTING_COLUMNS: dict[ValueType, str] = {"text": "text", "number": "number", "bool": "bool", "list": "json"}


def compile_condition(
    condition: Condition, value_of: Callable[[str], Value | None], setting: Callable[[str], str]
) -> Held:
    """Return the SQL of the condition, or True or False when the kind of fact is enough to tell.

    ``value_of(field)`` gives the field for that kind; ``setting(key)`` the prefix of the columns of a setting.
    """
    match condition:
        case AllOf(parts):
            return all_of(compile_condition(part, value_of, setting) for part in parts)
        case AnyOf(parts):
            return any_of(compile_condition(part, value_of, setting) for part in parts)
        case Not(part):
            return not_(compile_condition(part, value_of, setting))
    value = value_of(condition.field)
    match condition:
        case Missing():
            return _known(value, wanted=False)
        case Known():
            return _known(value, wanted=True)
    if value is None:
        return False
    match condition:
        case Equals(operand=operand):
            return _equals(value, operand, setting)
        case Differs(operand=operand):
            return _differs(value, operand, setting)
        case Ordered(operator=operator, operand=operand):
            return _ordered(value, _SIGNS[operator], operand, setting)


def loosen(condition: Condition, keeps: Callable[[str], bool]) -> Condition:
    """Return a condition on the kept fields only, that holds at least whenever the given one does."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(loosen(part, keeps) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(loosen(part, keeps) for part in parts))
    return condition if all(map(keeps, fields_of(condition))) else ALWAYS


def all_of(parts: Any) -> Held:
    """Return the conjunction of the parts."""
    found: list[Sql] = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            found.append(part)
    return sql("({})", join(" AND ", found)) if found else True


def any_of(parts: Any) -> Held:
    """Return the disjunction of the parts."""
    found: list[Sql] = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            found.append(part)
    return sql("({})", join(" OR ", found)) if found else False


def not_(part: Held) -> Held:
    """Return plain negation: what is null does not hold, so its negation does."""
    return not part if isinstance(part, bool) else sql("({} IS NOT TRUE)", part)


def _known(value: Value | None, *, wanted: bool) -> Held:
    if value is None or value.fixed is not None:
        return (value is not None) is wanted
    return sql("({} IS NOT NULL)" if wanted else "({} IS NULL)", value.key)


def _equals(value: Value, operand: Operand, setting: Callable[[str], str]) -> Held:
    if isinstance(operand, SettingRef):
        column = Sql(f"p.{setting(operand.key)}_{SETTING_COLUMNS[value.type]}")
        return sql("({} @> {})" if value.type == "list" else "({} = {})", value.sql, column)
    if value.type == "list":
        return sql("({} @> {}::jsonb)", value.sql, constant(_as_json(operand)))
    if not _same_type(value.type, operand):
        return False
    if value.fixed is not None:
        return value.fixed == operand.value
    return sql("({} = {})", value.sql, constant(_exact(operand)))


def _differs(value: Value, operand: Operand, setting: Callable[[str], str]) -> Held:
    held = not_(_equals(value, operand, setting))
    known = [_known(value, wanted=True)]
    if isinstance(operand, SettingRef):
        known.append(Sql(f"(p.{setting(operand.key)}_json IS NOT NULL)"))
    return all_of([*known, held])


def _ordered(value: Value, sign: str, operand: Operand, setting: Callable[[str], str]) -> Held:
    if value.type not in ("text", "number"):
        return False
    collation = ' COLLATE "C"' if value.type == "text" else ""
    if isinstance(operand, SettingRef):
        right = Sql(f"p.{setting(operand.key)}_{SETTING_COLUMNS[value.type]}")
    elif not _same_type(value.type, operand):
        return False
    else:
        right = constant(_exact(operand))
    return sql("({}" + collation + f" {sign} " + "{})", value.sql, right)


def _same_type(type: ValueType, operand: Constant) -> bool:
    if isinstance(operand.value, bool):
        return type == "bool"
    return type == ("text" if isinstance(operand.value, str) else "number")


def _exact(operand: Constant) -> Any:
    return Decimal(repr(operand.value)) if isinstance(operand.value, float) else operand.value


def _as_json(operand: Constant) -> str:
    exact = _exact(operand)
    return str(exact) if isinstance(exact, Decimal) else json.dumps(exact)

"""The condition language: a `where` object, read once, evaluated here in Python, compiled to SQL by steering.

Two-valued logic: apart from the test of absence, a test on a missing value fails; ``not`` is plain negation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

Operator = Literal["gte", "gt", "lte", "lt", "ne"]
Scalar = str | int | float | Decimal | bool

COMMON_FIELDS = ("kind", "source", "person", "organisation", "session", "cohort", "event")
DERIVED_FIELDS = ("day", "month", "year", "days_ago", "length_days", "active")
PERSON_FIELDS = ("sex", "age", "level", "zones", "statuses", "resources", "birth_date", "licence_since")
ATTRIBUTES = {
    "person": PERSON_FIELDS,
    "organisation": ("kind", "zones", "sector"),
    "session": ("kind", "module"),
}
OPERATORS: tuple[Operator, ...] = ("gte", "gt", "lte", "lt", "ne")
_DATA_FIELD = re.compile(r"data\.[a-z][a-z0-9_]{0,63}")
SETTING_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


class DefinitionError(ValueError):
    """A definition that cannot be read: ``path`` says where, ``message`` what, in French."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path} : {message}" if path else message)
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class SettingRef:
    """The value of a setting of the action; missing, every test that uses it fails."""

    key: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the definition."""

    value: Scalar


Operand = Constant | SettingRef


@dataclass(frozen=True, slots=True)
class Missing:
    """The value is absent; an empty list counts as absent."""

    field: str


@dataclass(frozen=True, slots=True)
class Known:
    """The value is present."""

    field: str


@dataclass(frozen=True, slots=True)
class Equals:
    """The value is the operand, or is a list that contains it."""

    field: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Differs:
    """The value is present and is not the operand; a list does not contain it."""

    field: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Ordered:
    """Numbers with numbers, texts with texts by code points; anything else is never ordered."""

    field: str
    operator: Literal["gte", "gt", "lte", "lt"]
    operand: Operand


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    part: Condition


Condition = Missing | Known | Equals | Differs | Ordered | AnyOf | AllOf | Not
ALWAYS = AllOf(())


def parse_where(obj: Any, path: str = "") -> Condition:
    """Read a `where` object. Raises DefinitionError with the path of the first fault below ``path``."""
    if not isinstance(obj, dict):
        raise DefinitionError(path, "une condition s’écrit comme un objet {champ: test}")
    parts = tuple(_parse_entry(key, value, join_path(path, str(key))) for key, value in obj.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def join_path(path: str, key: str) -> str:
    """Return the path of ``key`` below ``path``."""
    return f"{path}.{key}" if path else key


def check_field(field: Any, path: str) -> str:
    """Return ``field`` when it is a field of a fact; raises DefinitionError otherwise."""
    if not isinstance(field, str):
        raise DefinitionError(path, "un nom de champ est attendu")
    prefix, dot, attribute = field.partition(".")
    known = field in COMMON_FIELDS or field in DERIVED_FIELDS
    if known or _DATA_FIELD.fullmatch(field) or (dot and attribute in ATTRIBUTES.get(prefix, ())):
        return field
    raise DefinitionError(path, f"champ inconnu « {field} »")


def fields_of(condition: Condition) -> Iterator[str]:
    """Yield every field the condition reads."""
    match condition:
        case AnyOf(parts) | AllOf(parts):
            for part in parts:
                yield from fields_of(part)
        case Not(part):
            yield from fields_of(part)
        case _:
            yield condition.field


def settings_used(condition: Condition) -> Iterator[str]:
    """Yield the key of every setting the condition reads."""
    match condition:
        case AnyOf(parts) | AllOf(parts):
            for part in parts:
                yield from settings_used(part)
        case Not(part):
            yield from settings_used(part)
        case Equals(operand=SettingRef(key)) | Differs(operand=SettingRef(key)) | Ordered(operand=SettingRef(key)):
            yield key


def evaluate(condition: Condition, values: Callable[[str], Any], settings: Mapping[str, Any]) -> bool:
    """Tell whether the condition holds; ``values(field)`` gives None for what is unknown."""
    match condition:
        case AllOf(parts):
            return all(evaluate(part, values, settings) for part in parts)
        case AnyOf(parts):
            return any(evaluate(part, values, settings) for part in parts)
        case Not(part):
            return not evaluate(part, values, settings)
        case Missing(field):
            return _is_missing(values(field))
        case Known(field):
            return not _is_missing(values(field))
    value = values(condition.field)
    operand = _resolve(condition.operand, settings)
    if _is_missing(value) or _is_missing(operand):
        return False
    match condition:
        case Equals():
            return _contains(value, operand)
        case Differs():
            return not _contains(value, operand)
        case Ordered(operator=operator):
            return _is_ordered(value, operator, operand)


def same_value(left: Any, right: Any) -> bool:
    """Equality of JSON values: 1 is 1.0, true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _resolve(operand: Operand, settings: Mapping[str, Any]) -> Any:
    return settings.get(operand.key) if isinstance(operand, SettingRef) else operand.value


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, (list, tuple)) and not value)


def _contains(value: Any, operand: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(same_value(item, operand) for item in value)
    return same_value(value, operand)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_ordered(value: Any, operator: str, operand: Any) -> bool:
    if not (_is_number(value) and _is_number(operand)) and not (isinstance(value, str) and isinstance(operand, str)):
        return False
    match operator:
        case "gte":
            return bool(value >= operand)
        case "gt":
            return bool(value > operand)
        case "lte":
            return bool(value <= operand)
        case _:
            return bool(value < operand)


def _parse_entry(key: Any, value: Any, path: str) -> Condition:
    if key in ("any", "all"):
        if not isinstance(value, list):
            raise DefinitionError(path, f"« {key} » attend une liste de conditions")
        parts = tuple(parse_where(item, f"{path}[{rank}]") for rank, item in enumerate(value))
        return AnyOf(parts) if key == "any" else AllOf(parts)
    if key == "not":
        return Not(parse_where(value, path))
    return _parse_test(check_field(key, path), value, path)


def _parse_test(field: str, value: Any, path: str) -> Condition:
    if value is None:
        return Missing(field)
    if isinstance(value, list):
        parts = tuple(_parse_item(field, item, f"{path}[{rank}]") for rank, item in enumerate(value))
        return parts[0] if len(parts) == 1 else AnyOf(parts)
    if isinstance(value, dict) and "setting" not in value:
        return _parse_comparisons(field, value, path)
    return Equals(field, parse_operand(value, path))


def _parse_item(field: str, item: Any, path: str) -> Condition:
    return Missing(field) if item is None else Equals(field, parse_operand(item, path))


def _parse_comparisons(field: str, tests: dict[Any, Any], path: str) -> Condition:
    if not tests:
        raise DefinitionError(path, "comparaison vide : attendu gte, gt, lte, lt ou ne")
    parts = tuple(_parse_comparison(field, name, value, path) for name, value in tests.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _parse_comparison(field: str, name: Any, value: Any, path: str) -> Condition:
    if name not in OPERATORS:
        raise DefinitionError(join_path(path, str(name)), "comparaison inconnue : attendu gte, gt, lte, lt ou ne")
    if name == "ne":
        return Known(field) if value is None else Differs(field, parse_operand(value, join_path(path, name)))
    operator = cast(Literal["gte", "gt", "lte", "lt"], name)
    return Ordered(field, operator, parse_operand(value, join_path(path, name)))


def parse_operand(value: Any, path: str) -> Operand:
    """Read a scalar or ``{"setting": key}``. Raises DefinitionError."""
    if isinstance(value, dict):
        if set(value) != {"setting"} or not is_setting_key(value["setting"]):
            raise DefinitionError(path, 'attendu une valeur simple ou {"setting": clé de réglage}')
        return SettingRef(value["setting"])
    if isinstance(value, (str, int, float, Decimal)) and "\x00" not in str(value):
        return Constant(value)
    raise DefinitionError(path, "attendu un texte (une date entre guillemets), un nombre ou un booléen")


def is_setting_key(key: Any) -> bool:
    """Tell whether ``key`` has the form of the key of a setting."""
    return isinstance(key, str) and SETTING_KEY.fullmatch(key) is not None

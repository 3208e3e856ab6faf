"""Indicators as data: definitions read once into frozen dataclasses, validated to the last key.

What a definition means is computed elsewhere: ``steering`` compiles it to SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from essaim.kernel.engine.conditions import (
    ALWAYS,
    Condition,
    DefinitionError,
    check_field,
    is_setting_key,
    join_path,
    parse_where,
)
from essaim.kernel.engine.definitions import (
    Count,
    DaysSince,
    Definition,
    Difference,
    FieldStatistic,
    GroupCount,
    GroupMeasure,
    GroupStatistic,
    GroupSum,
    Indicator,
    Link,
    Measured,
    Number,
    Period,
    Quotient,
    Reference,
    Selection,
    SettingValue,
    StatisticName,
    Sum,
    Total,
    When,
)

PERIODS: tuple[Period, ...] = ("during", "before", "after", "to_date")
WHENS: tuple[When, ...] = ("before", "earlier", "after", "later")
STATISTICS: tuple[StatisticName, ...] = ("average", "median", "min", "max")
OPERATORS = ("setting", "count", "sum", *STATISTICS, "ratio", "percent", "total", "difference")
NUMERIC_FIELDS = ("year", "days_ago", "length_days", "person.age", "person.level")
SELECTION_KEYS = ("of", "where", "period", "with", "without")
LINK_KEYS = ("of", "where", "period", "same", "when", "within_days")


def parse_indicators(rows: Sequence[Mapping[str, Any]], kinds: Collection[str] | None = None) -> list[Indicator]:
    """Read the indicators of a practice, in order.

    Each row needs ``id``; ``formula`` and ``realised`` may be null or left out; its other keys are only
    displayed. ``kinds``, when given, are the only kinds of fact that may be named. Raises DefinitionError,
    with the path of the first fault (``[3].formula.percent[0].where…``): unknown key, kind, field, indicator,
    or cycle.
    """
    indicators: list[Indicator] = []
    for rank, row in enumerate(rows):
        id = row.get("id")
        if not isinstance(id, str) or not id:
            raise DefinitionError(f"[{rank}].id", "un indicateur a un identifiant")
        if any(id == other.id for other in indicators):
            raise DefinitionError(f"[{rank}].id", f"identifiant « {id} » déjà pris")
        formulas = [
            None if row.get(key) is None else parse_definition(row[key], f"[{rank}].{key}", kinds)
            for key in ("formula", "realised")
        ]
        indicators.append(Indicator(id, *formulas))
    _check_references(indicators)
    return indicators


def parse_definition(obj: Any, path: str = "", kinds: Collection[str] | None = None) -> Definition:
    """Read one definition. Raises DefinitionError."""
    if isinstance(obj, str):
        return Reference(obj)
    if isinstance(obj, (int, float, Decimal)) and not isinstance(obj, bool):
        return Number(exact(obj))
    if not isinstance(obj, dict):
        raise DefinitionError(path, "attendu un indicateur, un nombre ou une définition")
    operators = [key for key in obj if key in OPERATORS]
    if len(operators) != 1:
        raise DefinitionError(path, f"attendu un seul opérateur parmi {', '.join(OPERATORS)}")
    operator = operators[0]
    match operator:
        case "setting":
            _only(obj, ("setting",), path)
            if not is_setting_key(obj["setting"]):
                raise DefinitionError(join_path(path, "setting"), "clé de réglage attendue")
            return SettingValue(obj["setting"])
        case "count" | "sum":
            _only(obj, (operator, *SELECTION_KEYS), path)
            field = _counted(obj[operator], operator, join_path(path, operator))
            selection = _parse_selection(obj, path, kinds)
            return Count(field, selection) if operator == "count" else Sum(field, selection)
        case "ratio" | "percent" | "total" | "difference":
            _only(obj, (operator,), path)
            return _parse_arithmetic(operator, obj[operator], join_path(path, operator), kinds)
    return _parse_statistic(cast(StatisticName, operator), obj, path, kinds)


def exact(number: int | float | Decimal) -> Fraction:
    """Return the decimal number as it was written: 30.4375 and 0.1 without binary rounding."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def measured_in(definition: Definition | None) -> Iterator[Measured]:
    """Yield every count, sum and statistic of a definition, references not followed."""
    match definition:
        case Count() | Sum() | FieldStatistic() | GroupStatistic():
            yield definition
        case Quotient(_, numerator, denominator):
            yield from measured_in(numerator)
            yield from measured_in(denominator)
        case Total(parts):
            for part in parts:
                yield from measured_in(part)
        case Difference(minuend, subtrahend):
            yield from measured_in(minuend)
            yield from measured_in(subtrahend)


def _parse_arithmetic(operator: str, obj: Any, path: str, kinds: Collection[str] | None) -> Definition:
    wanted = "au moins une définition" if operator == "total" else "deux définitions"
    if not isinstance(obj, list) or not obj or (operator != "total" and len(obj) != 2):
        raise DefinitionError(path, f"« {operator} » attend une liste de {wanted}")
    parts = tuple(parse_definition(item, f"{path}[{rank}]", kinds) for rank, item in enumerate(obj))
    if operator == "total":
        return Total(parts)
    if operator == "difference":
        return Difference(*parts)
    return Quotient(1 if operator == "ratio" else 100, *parts)


def _parse_statistic(
    name: StatisticName, obj: dict[str, Any], path: str, kinds: Collection[str] | None
) -> FieldStatistic | GroupStatistic:
    _only(obj, (name, "per", *SELECTION_KEYS), path)
    selection = _parse_selection(obj, path, kinds)
    measured = obj[name]
    if "per" not in obj:
        if isinstance(measured, dict):
            raise DefinitionError(path, "une mesure par groupe demande « per »")
        return FieldStatistic(name, _numeric(measured, join_path(path, name)), selection)
    per = check_field(obj["per"], join_path(path, "per"))
    return GroupStatistic(name, _parse_measure(measured, per, join_path(path, name), kinds), per, selection)


def _parse_measure(obj: Any, per: str, path: str, kinds: Collection[str] | None) -> GroupMeasure:
    if not isinstance(obj, dict) or len(obj) != 1:
        raise DefinitionError(path, "avec « per », attendu une mesure : count, sum ou days_since")
    [(name, value)] = obj.items()
    path = join_path(path, str(name))
    match name:
        case "count":
            return GroupCount(_counted(value, "count", path))
        case "sum":
            return GroupSum(_counted(value, "sum", path))
        case "days_since":
            if per != "person":
                raise DefinitionError(path, '« days_since » se mesure par personne : "per": "person"')
            if not isinstance(value, dict):
                raise DefinitionError(path, "une sélection est attendue")
            _only(value, SELECTION_KEYS, path)
            return DaysSince(_parse_selection(value, path, kinds))
    raise DefinitionError(path, "mesure inconnue : attendu count, sum ou days_since")


def _counted(field: Any, operator: str, path: str) -> str:
    if operator == "sum":
        return _numeric(field, path)
    return "fact" if field == "fact" else check_field(field, path)


def _numeric(field: Any, path: str) -> str:
    checked = check_field(field, path)
    if checked in NUMERIC_FIELDS or checked.startswith("data."):
        return checked
    raise DefinitionError(path, f"« {checked} » n’est pas un champ numérique")


def _parse_selection(obj: Mapping[str, Any], path: str, kinds: Collection[str] | None) -> Selection:
    return Selection(
        kinds=_parse_kinds(obj, path, kinds),
        where=_parse_condition(obj, path),
        period=_parse_period(obj, path),
        required=_parse_links(obj.get("with", []), join_path(path, "with"), kinds),
        excluded=_parse_links(obj.get("without", []), join_path(path, "without"), kinds),
    )


def _parse_condition(obj: Mapping[str, Any], path: str) -> Condition:
    return parse_where(obj["where"], join_path(path, "where")) if "where" in obj else ALWAYS


def _parse_kinds(obj: Mapping[str, Any], path: str, kinds: Collection[str] | None) -> tuple[str, ...]:
    if "of" not in obj:
        raise DefinitionError(path, "il manque « of » : la nature des faits")
    path = join_path(path, "of")
    found = obj["of"] if isinstance(obj["of"], list) else [obj["of"]]
    if not found or not all(isinstance(kind, str) for kind in found):
        raise DefinitionError(path, "« of » est une nature de fait, ou une liste de natures")
    for kind in found:
        if kinds is not None and kind not in kinds:
            raise DefinitionError(path, f"nature de fait inconnue « {kind} »")
    return tuple(sorted(set(found)))


def _parse_period(obj: Mapping[str, Any], path: str) -> Period:
    period = obj.get("period", "during")
    if period not in PERIODS:
        raise DefinitionError(join_path(path, "period"), f"attendu {', '.join(PERIODS)}")
    return cast(Period, period)


def _parse_links(obj: Any, path: str, kinds: Collection[str] | None) -> tuple[Link, ...]:
    if isinstance(obj, dict):
        return (_parse_link(obj, path, kinds),)
    if not isinstance(obj, list):
        raise DefinitionError(path, "un lien, ou une liste de liens, est attendu")
    return tuple(_parse_link(item, f"{path}[{rank}]", kinds) for rank, item in enumerate(obj))


def _parse_link(obj: Any, path: str, kinds: Collection[str] | None) -> Link:
    if not isinstance(obj, dict):
        raise DefinitionError(path, "un lien s’écrit comme un objet")
    _only(obj, LINK_KEYS, path)
    same = obj.get("same", "person")
    fields = same if isinstance(same, list) else [same]
    if not fields:
        raise DefinitionError(join_path(path, "same"), "au moins un champ commun est attendu")
    when = obj.get("when", "any")
    if "when" in obj and when not in WHENS:
        raise DefinitionError(join_path(path, "when"), f"attendu {', '.join(WHENS)}")
    within = obj.get("within_days")
    if "within_days" in obj and (not isinstance(within, int) or isinstance(within, bool) or within < 0):
        raise DefinitionError(join_path(path, "within_days"), "un nombre entier de jours est attendu")
    return Link(
        kinds=_parse_kinds(obj, path, kinds),
        where=_parse_condition(obj, path),
        period=_parse_period(obj, path),
        same=tuple(dict.fromkeys(check_field(field, join_path(path, "same")) for field in fields)),
        when=when,
        within_days=within,
    )


def _only(obj: Mapping[str, Any], allowed: tuple[str, ...], path: str) -> None:
    for key in obj:
        if key not in allowed:
            raise DefinitionError(join_path(path, str(key)), f"clé inconnue : attendu {', '.join(allowed)}")


def _check_references(indicators: Sequence[Indicator]) -> None:
    formulas = {indicator.id: indicator.formula for indicator in indicators}
    settled: set[str] = set()
    for rank, indicator in enumerate(indicators):
        for key, definition in (("formula", indicator.formula), ("realised", indicator.realised)):
            path = f"[{rank}].{key}"
            trail = (indicator.id,) if key == "formula" else ()
            _follow(definition, path, formulas, settled, trail)
        settled.add(indicator.id)


def _follow(
    definition: Definition | None,
    path: str,
    formulas: Mapping[str, Definition | None],
    settled: set[str],
    trail: tuple[str, ...],
) -> None:
    for id in references_in(definition):
        if id not in formulas:
            raise DefinitionError(path, f"l’indicateur « {id} » n’existe pas dans cette fiche")
        if id in trail:
            raise DefinitionError(path, f"l’indicateur « {id} » se définit par lui-même")
        if id not in settled:
            _follow(formulas[id], path, formulas, settled, (*trail, id))
            settled.add(id)


def references_in(definition: Definition | None) -> Iterator[str]:
    """Yield the ids of the indicators that a definition names."""
    match definition:
        case Reference(id):
            yield id
        case Quotient(_, numerator, denominator):
            yield from references_in(numerator)
            yield from references_in(denominator)
        case Total(parts):
            for part in parts:
                yield from references_in(part)
        case Difference(minuend, subtrahend):
            yield from references_in(minuend)
            yield from references_in(subtrahend)

"""The people and facts behind one figure, for the drill-down. Whether the asker may see them is for the caller."""

from __future__ import annotations

from datetime import date

from essaim.journal.engine.schema import load_schema
from essaim.journal.models import Action
from essaim.kernel.engine.conditions import fields_of
from essaim.kernel.engine.definitions import (
    DaysSince,
    Definition,
    Difference,
    GroupStatistic,
    Indicator,
    Link,
    Measured,
    Quotient,
    Reference,
    Selection,
    Total,
)
from essaim.kernel.engine.indicators import measured_in
from essaim.steering.engine.fields import PICTURE
from essaim.steering.engine.statement import compile_selected
from essaim.steering.queries.execution import answers, asked, compiled, indicators_of, vocabulary


def people_behind(
    action: Action,
    indicator_id: str,
    *,
    since: date | None = None,
    until: date | None = None,
    on: date | None = None,
    known_on: date | None = None,
) -> list[int]:
    """Return the ids of the subjects whose facts an indicator counts, in order, each once.

    A ratio or a percentage gives the people of its numerator. Empty for figures that rest on no fact of a person.
    Raises KeyError for an indicator that the action does not have. Same dates as ``compute_bilan``.
    """
    rows = _behind(action, indicator_id, since, until, on, known_on)
    return sorted({subject for _, subject in rows if subject is not None})


def facts_behind(
    action: Action,
    indicator_id: str,
    *,
    since: date | None = None,
    until: date | None = None,
    on: date | None = None,
    known_on: date | None = None,
) -> list[int]:
    """Return the ids of the facts an indicator counts, in order, each once. Same rules as ``people_behind``."""
    return sorted({fact for fact, _ in _behind(action, indicator_id, since, until, on, known_on)})


def kinds_behind(action: Action, indicator_id: str) -> set[str]:
    """Return the kinds of facts that an indicator counts. Empty when it reads settings only."""
    formulas = _formulas(compiled(indicators_of(action), as_known=False)[0])
    return {kind for measured in _measured(formulas[indicator_id], formulas) for kind in measured.selection.kinds}


def kinds_read_by(action: Action, indicator_id: str) -> set[str]:
    """Return every kind of fact that an indicator reads: counted above or below a quotient, linked, or as profiles."""
    formulas = _formulas(compiled(indicators_of(action), as_known=False)[0])
    found: set[str] = set()
    for measured in _all_measured(formulas[indicator_id], formulas):
        selections = [measured.selection]
        if isinstance(measured, GroupStatistic) and isinstance(measured.measure, DaysSince):
            selections.append(measured.measure.selection)
        parts: list[Selection | Link] = [*selections]
        parts += [link for each in selections for link in (*each.required, *each.excluded)]
        for one in parts:
            names = set(fields_of(one.where))
            found.update(one.kinds)
            found.update([PICTURE] if any(name.startswith("person.") for name in names) else [])
            found.update(["enrolment_closed", "contract_ended"] if "active" in names else [])
    return found


def may_name_a_person(kind: str) -> bool:
    """Whether a fact of this kind is, or may be, about a person."""
    known = load_schema().kinds[kind]
    return "person" not in known.forbids and ("person" in known.needs + known.needs_one_of or not known.needs)


def _behind(
    action: Action,
    indicator_id: str,
    since: date | None,
    until: date | None,
    on: date | None,
    known_on: date | None,
) -> list[tuple[int, int | None]]:
    as_known = known_on is not None
    indicators, _ = compiled(indicators_of(action), as_known=as_known)
    formulas = _formulas(indicators)
    question = asked(action, since, until, on, known_on)
    found: list[tuple[int, int | None]] = []
    for measured in _measured(formulas[indicator_id], formulas):
        statement = compile_selected(measured.selection, vocabulary(), as_known=as_known)
        found += [(row["fact_id"], row["subject_id"]) for row in answers(statement, [question])]
    return found


def _formulas(indicators: list[Indicator]) -> dict[str, Definition | None]:
    formulas: dict[str, Definition | None] = {one.id: one.formula for one in indicators}
    return formulas | {f"{one.id}.realised": one.realised for one in indicators if one.realised is not None}


def _all_measured(definition: Definition | None, formulas: dict[str, Definition | None]) -> list[Measured]:
    """As ``_measured``, the denominators too."""
    match definition:
        case Reference(id):
            return _all_measured(formulas[id], formulas)
        case Quotient(_, numerator, denominator):
            parts: tuple[Definition, ...] = (numerator, denominator)
        case Total(parts):
            pass
        case Difference(minuend, subtrahend):
            parts = (minuend, subtrahend)
        case _:
            return list(measured_in(definition))
    return [measured for part in parts for measured in _all_measured(part, formulas)]


def _measured(definition: Definition | None, formulas: dict[str, Definition | None]) -> list[Measured]:
    match definition:
        case Reference(id):
            return _measured(formulas[id], formulas)
        case Quotient(_, numerator, _):
            return _measured(numerator, formulas)
        case Total(parts):
            return [measured for part in parts for measured in _measured(part, formulas)]
        case Difference(minuend, subtrahend):
            return _measured(minuend, formulas) + _measured(subtrahend, formulas)
    return list(measured_in(definition))

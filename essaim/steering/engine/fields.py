"""What each field of the indicator language is in SQL, for a fact of a known kind in a row named ``x``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from essaim.steering.engine.sql import Sql, constant

ValueType = Literal["text", "number", "bool", "list"]
Vocabulary = Mapping[str, Mapping[str, str]]
"""Fields of ``data`` by kind of fact, with their type in the journal's schema."""

HOT: Mapping[str, ValueType] = {
    **dict.fromkeys(
        (
            "type", "state", "role", "mode", "stage", "nature", "status", "domain", "outcome", "exam", "contract",
            "offer", "application", "batch", "starts", "ends",
        ),
        "text",
    ),
    "passed": "bool",
    **dict.fromkeys(("term_months", "hours", "amount", "year"), "number"),
}  # fmt: skip
"""Fields of ``data`` that the journal keeps as typed columns ``data_<field>``, all in the covering index."""

PLAIN_COLUMNS = frozenset(
    ["day", "subject_id", "organisation_id", "session_id", "source", "cohort", "event", *(f"data_{n}" for n in HOT)]
)
"""Columns of the covering index that a row carries as they are."""

IN_FORCE_KINDS = (
    "contract_signed", "training_joined", "enrolment_opened", "org_committed", "staff_assigned", "measure_used",
    "vehicle_loaned",
)  # fmt: skip
PICTURE = "profile_declared"

_TYPES: Mapping[str, ValueType] = {
    **dict.fromkeys(("ref", "text", "date", "enum"), "text"),
    **dict.fromkeys(("integer", "number", "money"), "number"),
    "boolean": "bool",
    "enum_list": "list",
}
_PERSON: Mapping[str, ValueType] = {
    "zones": "list",
    "statuses": "list",
    "level": "number",
    **dict.fromkeys(("sex", "resources", "birth_date", "licence_since"), "text"),
}
_CASTS: Mapping[ValueType, str] = {"number": "numeric", "bool": "boolean"}


@dataclass(frozen=True, slots=True)
class Value:
    """A field of one kind of fact: ``sql`` compares, ``key`` groups and tells whether it is known.

    ``needs`` are the columns of the row that it reads; ``fixed`` is its value when the kind alone gives it.
    """

    type: ValueType
    sql: Sql
    key: Sql
    needs: tuple[str, ...]
    fixed: str | None = None


def value_of(field: str, kind: str, vocabulary: Vocabulary) -> Value | None:
    """Return the field of a fact of this kind, or None when such a fact never has it."""
    prefix, _, name = field.partition(".")
    if prefix == "data":
        return _data_value(name, kind, vocabulary)
    if name:
        return _attribute(prefix, name)
    if field in ("person", "organisation", "session"):
        return _reference(field)
    if field == "kind":
        return Value("text", constant(kind), constant(kind), (), fixed=kind)
    if field in ("source", "cohort", "event"):
        return _column(field, "text")
    if field == "length_days":
        if not {"starts", "ends"} <= vocabulary.get(kind, {}).keys():
            return None
        return _simple("number", "(x.data_ends::date - x.data_starts::date)", "data_ends", "data_starts")
    if field == "active":
        return _column("active", "bool") if kind in IN_FORCE_KINDS else None
    return _day_value(field)


def is_late(field: str) -> bool:
    """Tell whether the field is known only once the facts of a person have been brought together."""
    return field.startswith("person.") or field == "active"


def _simple(type: ValueType, text: str, *needs: str) -> Value:
    return Value(type, Sql(text), Sql(text), needs)


def _column(name: str, type: ValueType) -> Value:
    return _simple(type, f"x.{name}", name)


def _data_value(name: str, kind: str, vocabulary: Vocabulary) -> Value | None:
    type = _TYPES.get(vocabulary.get(kind, {}).get(name, ""))
    if type is None:
        return None
    if name in HOT:
        return _column(f"data_{name}", type)
    if type == "list":
        found = Sql("NULLIF(x.data -> %s, '[]')", (name,))
    elif type == "text":
        found = Sql('(x.data ->> %s) COLLATE "C"', (name,))
    else:
        found = Sql(f"(x.data ->> %s)::{_CASTS[type]}", (name,))
    return Value(type, found, found, ("data",))


def _attribute(owner: str, name: str) -> Value:
    if owner == "person":
        return _person_value(name)
    return _column(f"{owner}_{name}", "list" if name == "zones" else "text")


def _person_value(name: str) -> Value:
    if name == "age":
        # Born on 29 February: the birthday of a common year is on 1 March, since '02-28' < '02-29' < '03-01'.
        birth = "(x.picture ->> 'birth_date')"
        years = f"extract(year FROM x.day)::int - substr({birth}, 1, 4)::int"
        before = f"to_char(x.day, 'MM-DD') COLLATE \"C\" < substr({birth}, 6)"
        return _simple("number", f"({years} - CASE WHEN {before} THEN 1 ELSE 0 END)", "picture")
    type = _PERSON[name]
    if type == "list":
        return _simple(type, f"NULLIF(x.picture -> '{name}', '[]')", "picture")
    if type == "number":
        return _simple(type, f"(x.picture ->> '{name}')::numeric", "picture")
    return _simple(type, f"(x.picture ->> '{name}') COLLATE \"C\"", "picture")


def _reference(field: str) -> Value:
    column, ref = {
        "person": ("subject_id", "(SELECT r.ref FROM journal_subject r WHERE r.id = x.subject_id)"),
        "organisation": (
            "organisation_id",
            "(SELECT r.ref FROM directory_organisation r WHERE r.id = x.organisation_id)",
        ),
        "session": ("session_id", "(SELECT r.ref FROM journal_session r WHERE r.id = x.session_id)"),
    }[field]
    return Value("text", Sql(ref), Sql(f"x.{column}"), (column,))


def _day_value(field: str) -> Value:
    if field == "day":
        return Value("text", Sql("to_char(x.day, 'YYYY-MM-DD')"), Sql("x.day"), ("day",))
    if field == "month":
        return _simple("text", "to_char(x.day, 'YYYY-MM')", "day")
    if field == "year":
        return _simple("number", "extract(year FROM x.day)::int", "day")
    return _simple("number", "(p.observed - x.day)", "day")

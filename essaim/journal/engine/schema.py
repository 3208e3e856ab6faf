"""The vocabulary of the journal (``facts_schema.json``, machine twin of FACTS.md), as frozen objects read once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

FieldType = Literal["ref", "text", "date", "boolean", "integer", "number", "money", "enum", "enum_list"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ``data``. ``required_if`` is (other field, values of it that make this one required)."""

    name: str
    type: FieldType
    values: frozenset[str] = frozenset()
    min: int | None = None
    max: int | None = None
    required: bool = False
    required_if: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the 32 kinds: the common keys it needs or forbids, and the fields of its ``data``."""

    key: str
    needs: tuple[str, ...]
    needs_one_of: tuple[str, ...]
    forbids: tuple[str, ...]
    fields: Mapping[str, Field]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowSchema:
    """A row of the header: its keys and its closed lists."""

    required: frozenset[str]
    allowed: frozenset[str]
    kinds: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Schema:
    """The whole vocabulary of one version of the format."""

    journal: str
    common: Mapping[str, str]
    common_required: frozenset[str]
    sources: frozenset[str]
    reference: re.Pattern[str]
    setting_key: re.Pattern[str]
    text_max: int
    action: RowSchema
    organisation: RowSchema
    session: RowSchema
    kinds: Mapping[str, Kind]


@cache
def load_schema() -> Schema:
    """Return the vocabulary. Nothing is refused: the file ships with the code and a test reads all of it."""
    source = json.loads(Path(__file__).with_name("facts_schema.json").read_text(encoding="utf-8"))
    header = source["header"]
    return Schema(
        journal=source["journal"],
        common=MappingProxyType(source["common"]),
        common_required=frozenset(source["common_required"]),
        sources=frozenset(source["sources"]),
        reference=re.compile(source["patterns"]["ref"].strip("^$")),
        setting_key=re.compile(source["patterns"]["setting_key"].strip("^$")),
        text_max=source["text_max"],
        action=_row(header["action"]),
        organisation=_row(header["organisation"]),
        session=_row(header["session"]),
        kinds=MappingProxyType({key: _kind(key, row) for key, row in source["kinds"].items()}),
    )


def _row(source: dict[str, Any]) -> RowSchema:
    required = frozenset(source["required"])
    return RowSchema(
        required=required,
        allowed=required | frozenset(source["optional"]),
        kinds=frozenset(source.get("kinds", ())),
        zones=frozenset(source.get("zones", ())),
        sectors=frozenset(source.get("sectors", ())),
    )


def _kind(key: str, source: dict[str, Any]) -> Kind:
    fields = {name: _field(name, row) for name, row in source["data"].items()}
    return Kind(
        key=key,
        needs=tuple(source["needs"]),
        needs_one_of=tuple(source.get("needs_one_of", ())),
        forbids=tuple(source.get("forbids", ())),
        fields=MappingProxyType(fields),
        required=frozenset(name for name, field in fields.items() if field.required),
    )


def _field(name: str, source: dict[str, Any]) -> Field:
    condition = source.get("required_if")
    required_if = None
    if condition:
        ((other, values),) = condition.items()
        required_if = (other, frozenset(values))
    return Field(
        name=name,
        type=source["type"],
        values=frozenset(source.get("values", ())),
        min=source.get("min"),
        max=source.get("max"),
        required=source.get("required", False),
        required_if=required_if,
    )


# The keys of the 32 kinds.
KINDS = frozenset(load_schema().kinds)

"""Local kinds: facts of one instrument that appear in the fil only, with the fields it declared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from essaim.journal.engine.facts import check_data
from essaim.journal.engine.schema import Field, Kind
from essaim.kernel.contract import FactKind


def check_local_data(kind: FactKind, content: Mapping[str, Any]) -> None:
    """Check a local fact against its declaration; raise FaultError with the codes of the 32 kinds.

    ``kind.fields`` maps a field to its type (``ref``, ``text``, ``date``, ``boolean``, ``integer``, ``number``,
    ``money``), or to the codes it may take, separated by ``|``. Every declared field is optional.
    """
    fields = {name: _field(name, words) for name, words in kind.fields.items()}
    check_data(
        Kind(kind.key, needs=kind.needs, needs_one_of=(), forbids=(), fields=fields, required=frozenset()),
        content,
        date.max,
    )


def _field(name: str, words: str) -> Field:
    if "|" in words:
        return Field(name, "enum", values=frozenset(word.strip() for word in words.split("|")))
    return Field(name, words)  # type: ignore[arg-type]

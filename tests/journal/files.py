"""Journals for tests, written as dictionaries; and a store that holds rows and facts in memory."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from essaim.journal.engine.content import digest
from essaim.journal.engine.declarations import Row, StoredFact
from essaim.journal.engine.journal import Reading, read_journals

PRACTICE = "marseille-clubs-jeunes"
ACTION = {"ref": "A1", "practice": PRACTICE, "title": "Club", "starts": "2008-01-01", "ends": "2008-12-31"}
HEADER = {
    "journal": "essaim/1",
    "actions": [ACTION, ACTION | {"ref": "A2", "title": "Autre club"}],
    "organisations": [{"ref": "O1", "name": "Garage", "kind": "company"}],
    "sessions": [
        {"ref": "S1", "action": "A1", "kind": "workshop", "title": "CV"},
        {"ref": "S2", "action": "A2", "kind": "workshop", "title": "Lettre"},
    ],
}


def fact(id: str = "F1", kind: str = "enrolment_opened", **keys: Any) -> dict[str, Any]:
    """A valid enrolment of P1, changed by ``keys``; a key given as None is left out."""
    content = {
        "id": id, "kind": kind, "at": "2008-03-02", "action": "A1", "person": "P1", "source": "declared", "data": {},
    } | keys  # fmt: skip
    return {key: value for key, value in content.items() if value is not None}


def contract(
    id: str = "F1", *, person: str = "P1", data: Mapping[str, Any] | None = None, **keys: Any
) -> dict[str, Any]:
    """A valid CDI; ``data`` changes its fields, a field given as None is left out."""
    fields = {"contract": "K1", "type": "cdi", "starts": "2008-03-10"} | dict(data or {})
    kept = {key: value for key, value in fields.items() if value is not None}
    return fact(id, "contract_signed", person=person, data=kept, **keys)


def void(id: str, corrects: str, **keys: Any) -> dict[str, Any]:
    return fact(id, corrects=corrects, data={"void": True}, **keys)


def to_lines(*rows: Any, header: Any = HEADER) -> list[bytes]:
    """Lines of bytes: header first; a row is a dictionary, or bytes taken as they are."""
    return [row if isinstance(row, bytes) else json.dumps(row).encode() for row in (header, *rows)]


class MemoryStore:
    """A store without database."""

    def __init__(self, reading: Reading | None = None, local: Iterable[Row] = ()) -> None:
        rows = [*(reading.rows if reading else ()), *local]
        self._rows = {(row.type, row.ref): row for row in rows}
        facts = [checked.content for checked in (reading.facts if reading else ())]
        corrected = {content["corrects"] for content in facts if "corrects" in content}
        self._facts = {
            content["id"]: StoredFact(
                content["id"], content["kind"], content["action"], digest(content), content["id"] in corrected
            )
            for content in facts
        }

    def practices(self):
        return frozenset({PRACTICE})

    def rows(self, row_type, refs):
        return {ref: self._rows[row_type, ref] for ref in refs if (row_type, ref) in self._rows}

    def facts(self, ids):
        return {id: self._facts[id] for id in ids if id in self._facts}


def read(*files: list[bytes], store: MemoryStore | None = None) -> Reading:
    """Read files named ``0``, ``1``…"""
    return read_journals([(str(place), lines) for place, lines in enumerate(files)], store or MemoryStore())


def faults(*rows: Any, header: Any = HEADER, store: MemoryStore | None = None) -> list[tuple[int, str]]:
    """The (line, code) of each fault of one file."""
    return [(fault.line, fault.code) for fault in read(to_lines(*rows, header=header), store=store).faults]

"""What the facts of an import may name: rows of the headers given so far, then of earlier imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from essaim.journal.engine.content import canonical

RowType = Literal["action", "organisation", "session"]


@dataclass(frozen=True, slots=True)
class Row:
    """A declared row. ``is_local`` marks an action, a session or an organisation of the instance itself."""

    type: RowType
    ref: str
    content: Mapping[str, Any]
    canonical: str
    is_local: bool = False

    @classmethod
    def of(cls, row_type: RowType, content: Mapping[str, Any], *, is_local: bool = False) -> Row:
        """Read a well-formed row; empty ``settings`` and ``zones`` say the same as none."""
        kept = {key: value for key, value in content.items() if not (key in {"settings", "zones"} and not value)}
        return cls(row_type, content["ref"], kept, canonical(kept), is_local)


@dataclass(frozen=True, slots=True)
class StoredFact:
    """What the store knows of a fact: enough to compare contents and to judge corrections.

    ``action`` is None for a local fact recorded outside any action; ``digest`` is None when nothing equals it.
    """

    id: str
    kind: str
    action: str | None
    digest: UUID | None
    is_corrected: bool


class Store(Protocol):
    """The instance, as an import sees it. Every answer is about what was committed before."""

    def practices(self) -> frozenset[str]:
        """Return the slugs of the practices of the guide."""

    def rows(self, row_type: RowType, refs: Iterable[str]) -> Mapping[str, Row]:
        """Return the stored rows among ``refs``, by ref."""

    def facts(self, ids: Iterable[str]) -> Mapping[str, StoredFact]:
        """Return the stored facts among ``ids``, by id."""


class Declarations:
    """The declared rows, by type and ref. Asks the store once for each ref that no header declares."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[RowType, dict[str, Row | None]] = {"action": {}, "organisation": {}, "session": {}}
        self._declared: set[tuple[RowType, str]] = set()

    def preload(self, refs: Mapping[RowType, Iterable[str]]) -> None:
        """Ask the store for many refs at once."""
        for row_type, wanted in refs.items():
            known = self._known[row_type]
            missing = [ref for ref in wanted if ref not in known]
            if missing:
                found = self._store.rows(row_type, missing)
                known.update((ref, found.get(ref)) for ref in missing)

    def find(self, row_type: RowType, ref: str) -> Row | None:
        """Return the row under this ref, or None."""
        known = self._known[row_type]
        if ref not in known:
            known[ref] = self._store.rows(row_type, [ref]).get(ref)
        return known[ref]

    def add(self, rows: Iterable[Row], header_refs: Mapping[RowType, Iterable[str]]) -> None:
        """Take the new rows of an accepted header; ``header_refs`` are all the refs it declares, again or anew."""
        for row in rows:
            self._known[row.type][row.ref] = row
        self._declared.update((row_type, ref) for row_type, refs in header_refs.items() for ref in refs)

    def has_action(self, ref: str) -> bool:
        """Say whether ``ref`` is an action of a journal, declared by a header or an earlier import."""
        row = self.find("action", ref)
        return row is not None and not row.is_local

    def is_local_action(self, ref: str) -> bool:
        """Say whether ``ref`` is an action run in the instance itself."""
        row = self.find("action", ref)
        return row is not None and row.is_local

    def has_organisation(self, ref: str) -> bool:
        """Say whether ``ref`` is a declared organisation; one of the instance counts once a header declares it."""
        row = self.find("organisation", ref)
        return row is not None and (not row.is_local or ("organisation", ref) in self._declared)

    def action_of_session(self, ref: str) -> str | None:
        """Return the ref of the action of a declared session, or None."""
        row = self.find("session", ref)
        return None if row is None else str(row.content["action"])

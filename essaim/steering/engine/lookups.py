"""Links by something else than the person: an offer, a contract, an event, several fields at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from essaim.steering.engine.bits import by_kind
from essaim.steering.engine.fields import Value
from essaim.steering.engine.plan import Frame, Member, frame_sql
from essaim.steering.engine.sql import Sql, join, named, sql

if TYPE_CHECKING:
    from essaim.steering.engine.rows import Rows

_EPOCH = "DATE '2000-01-01'"


class Lookup:
    """Linked facts by a key other than the person: one jsonb map computed once, read by the facts that ask.

    A map keeps linear what a join would do for each pair, whatever the number of facts that share a key.
    """

    def __init__(self, name: str, same: tuple[str, ...], mode: str) -> None:
        self.name = name
        self.same = same
        self.mode = mode
        self.slots: list[tuple[Member, Frame | None]] = []
        self.kinds: set[str] = set()
        self.map = Sql("")

    def test(self, member: Member, frame: Frame, kind: str, own: Sql) -> Sql:
        """Return the SQL that tells whether a fact of this kind has such a link."""
        self.kinds.add(kind)
        if self.mode == "frame":
            return sql("((x." + self.name + " ->> {})::bigint > {})", self._slot(member, frame), own)
        first = 3 * self._slot(member, None)
        if frame.when == "any":
            return sql("((x." + self.name + " ->> {})::bigint > {})", first, own)
        sign = {"before": "<=", "earlier": "<", "after": ">=", "later": ">"}[frame.when]
        place = first + (1 if frame.when in ("before", "earlier") else 2)
        return Sql(f"((x.{self.name} ->> {place})::int {sign} x.day - {_EPOCH})")

    def _slot(self, member: Member, frame: Frame | None) -> int:
        if (member, frame) not in self.slots:
            self.slots.append((member, frame))
        return self.slots.index((member, frame))

    def prepare(self, rows: Rows) -> None:
        """Compile the map: its own flow of rows, of the linked facts only when they are enough."""
        inner = rows.nested()
        for member, _ in self.slots:
            inner.bit(member)
        kinds = set(inner.kinds)
        if self.mode == "frame":
            kinds |= self.kinds
            inner.read_all(self.kinds)
        keys = {kind: self._key(inner, kind) for kind in sorted(kinds)}
        for kind in self.kinds:
            self._key(rows, kind)
        source = inner.sql()
        codes = {kind: rank for rank, kind in enumerate(inner.kinds_read())}
        key = by_kind(keys, codes, "NULL")
        self.map = self._frame_map(inner, source, key) if self.mode == "frame" else self._whole_map(inner, source, key)

    def _whole_map(self, inner: Rows, source: Sql, key: Sql) -> Sql:
        slots = []
        for member, _ in self.slots:
            test = inner.bit(member).test()
            slots.append(
                sql(
                    "count(*) FILTER (WHERE {}), min(x.day - " + _EPOCH + ") FILTER (WHERE {}),"
                    " max(x.day - " + _EPOCH + ") FILTER (WHERE {})",
                    test, test, test,
                )
            )  # fmt: skip
        grouped = sql(
            "SELECT {} AS key, jsonb_build_array({}) AS found FROM ({}) x GROUP BY 1",
            key,
            join(", ", slots),
            source,
        )
        return sql("(SELECT jsonb_object_agg(t.key, t.found) FROM ({}) t WHERE t.key IS NOT NULL)", grouped)

    def _frame_map(self, inner: Rows, source: Sql, key: Sql) -> Sql:
        members = list(dict.fromkeys(member for member, _ in self.slots))
        counts = [
            named(sql("count(*) FILTER (WHERE {})", inner.bit(member).test()), f"c{rank}")
            for rank, member in enumerate(members)
        ]
        days = sql("SELECT {} AS key, x.day, {} FROM ({}) x GROUP BY 1, 2", key, join(", ", counts), source)
        framed = [
            f"sum(t.c{members.index(member)}) OVER (PARTITION BY t.key ORDER BY t.day {frame_sql(frame)})"
            for member, frame in self.slots
            if frame is not None
        ]
        listed = (
            f"SELECT (t.day - {_EPOCH})::text || '@' || t.key AS key, jsonb_build_array({', '.join(framed)}) AS found"
        )
        windows = sql("{} FROM ({}) t WHERE t.key IS NOT NULL", Sql(listed), days)
        return sql("(SELECT jsonb_object_agg(u.key, u.found) FROM ({}) u)", windows)

    def column(self, rows: Rows, codes: dict[str, int]) -> Sql:
        """Return the column of a row that holds what the map knows for its key."""
        day = f"(x.day - {_EPOCH})::text || '@' || " if self.mode == "frame" else ""
        keys: dict[str, Sql | None] = {}
        for kind in sorted(self.kinds):
            key = self._key(rows, kind)
            keys[kind] = sql(day + "{}", key) if key else None
        return named(sql("{} -> {}", self.map, by_kind(keys, codes, "NULL", "text")), self.name)

    def _key(self, rows: Rows, kind: str) -> Sql | None:
        values = [rows.value(name, kind) for name in self.same]
        texts = [_as_text(value) for value in values if value is not None]
        if len(texts) < len(values):
            return None
        if len(texts) == 1:
            return texts[0]
        known = join(" AND ", [sql("{} IS NOT NULL", text) for text in texts])
        return sql("CASE WHEN {} THEN jsonb_build_array({})::text END", known, join(", ", texts))


def _as_text(value: Value) -> Sql:
    return sql("trim_scale(({})::numeric)::text" if value.type == "number" else "({})::text", value.key)

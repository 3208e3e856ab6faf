"""The flow of rows of one action: each live fact once, read on the covering index and sorted by person and day.

Every layer adds columns to the one below and keeps its order, so that nothing is sorted twice: columns of the
fact; bits that say which linked facts it can be; windows over her facts (profile in force, first and last linked
facts); bits that say which selections it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from essaim.kernel.engine.definitions import Link, Selection
from essaim.steering.engine.bits import Bit, Bits, by_kind
from essaim.steering.engine.conditions import Held, all_of, not_
from essaim.steering.engine.fields import PICTURE, PLAIN_COLUMNS, Value, Vocabulary
from essaim.steering.engine.lookups import Lookup
from essaim.steering.engine.plan import Frame, Member, Scope, Settings, frame_sql, mode_of
from essaim.steering.engine.sql import Sql, constant, join, named, sql

_ATTRIBUTES = {
    "organisation_kind": "SELECT o.kind FROM directory_organisation o WHERE o.id = x.organisation_id",
    "organisation_zones": (
        "SELECT NULLIF(to_jsonb(o.zones), '[]') FROM directory_organisation o WHERE o.id = x.organisation_id"
    ),
    "organisation_sector": ("SELECT NULLIF(o.sector, '') FROM directory_organisation o WHERE o.id = x.organisation_id"),
    "session_kind": "SELECT s.kind FROM journal_session s WHERE s.id = x.session_id",
    "session_module": "SELECT NULLIF(s.module, '') FROM journal_session s WHERE s.id = x.session_id",
}
# What the covering index could not hold is fetched by id.
_DATA = (
    "coalesce((CASE x.kind WHEN 'profile_declared' THEN substr(x.counted, strpos(x.counted, '!') + 1)"
    " ELSE x.counted END)::jsonb, (SELECT d.data FROM journal_fact d WHERE d.id = x.id))"
)
# Pictures of a person in order: the moment, the reference ('!' sorts before all its characters), what it says.
_PICTURE_TEXT = """coalesce(x.counted, (
    SELECT (
        lpad(((extract(epoch FROM d.at AT TIME ZONE 'UTC') + 2300000000) * 1000000)::bigint::text, 18, '0')
        || d.ref || '!' || d.data::text
    ) COLLATE "C" FROM journal_fact d WHERE d.id = x.id
))"""
_PICTURE_IN_FORCE = "coalesce(x.picture_now, x.picture_first)"
Facts = Callable[[Sequence[str]], Sql]
"""Gives the FROM and WHERE of the facts ``x`` of these kinds."""


class Rows(Scope):
    """The rows that a set of selections and links needs. Ask for bits and columns first, then for the SQL."""

    def __init__(self, facts: Facts, vocabulary: Vocabulary, settings: Settings) -> None:
        super().__init__(vocabulary, settings)
        self.facts = facts
        self.members: dict[Member, dict[str, Held]] = {}
        self.bits: dict[Member, Bit] = {}
        self.early, self.late, self.chosen = Bits("g"), Bits("h"), Bits("b")
        self.selections: dict[Selection, Bit] = {}
        self.windows: dict[tuple[str, Member, str], str] = {}
        self.lookups: dict[tuple[tuple[str, ...], str], Lookup] = {}
        self.outputs: dict[tuple[str, bool], dict[str, Value | None]] = {}

    def nested(self) -> Rows:
        """Return a flow of rows of the same action, with nothing asked yet."""
        return Rows(self.facts, self.vocabulary, self.settings)

    def member(self, member: Member) -> dict[str, Held]:
        """Return what makes a fact one that a link may lead to, by kind."""
        if member not in self.members:
            self.kinds.update(member.kinds)
            self.members[member] = {
                kind: all_of(self.tests(member.where, member.period, kind)) for kind in member.kinds
            }
        return self.members[member]

    def bit(self, member: Member) -> Bit:
        """Keep « a link may lead to this fact » as a bit, for what needs it row by row."""
        if member not in self.bits:
            self.bits[member] = (self.late if member.late else self.early).add(self.member(member))
        return self.bits[member]

    def select(self, selection: Selection) -> Bit:
        """Keep « this fact is selected » as a bit."""
        if selection not in self.selections:
            self.kinds.update(selection.kinds)
            self.selections[selection] = self.chosen.add(
                {kind: self._selected(selection, kind) for kind in selection.kinds}
            )
        return self.selections[selection]

    def output(self, name: str, kinds: Iterable[str], *, numeric: bool = False) -> str:
        """Carry a field of the selected facts to the top and return its column; ``numeric`` keeps numbers only."""
        values = self.outputs.setdefault((name, numeric), {})
        for kind in kinds:
            value = self.value(name, kind)
            values[kind] = None if value and numeric and value.type != "number" else value
        return f"v{list(self.outputs).index((name, numeric))}"

    def _selected(self, selection: Selection, kind: str) -> Held:
        tests = self.tests(selection.where, selection.period, kind)
        tests += [self._linked(link, kind) for link in selection.required]
        tests += [not_(self._linked(link, kind)) for link in selection.excluded]
        return all_of(tests)

    def _linked(self, link: Link, kind: str) -> Held:
        if any(self.value(name, kind) is None for name in link.same):
            return False
        member = Member(link.kinds, link.where, link.period)
        frame = Frame(link.when, link.within_days)
        own = self.bit(member).number() if kind in link.kinds and frame.has_own_day else Sql("0")
        if link.same == ("person",):
            found = self._person_linked(member, frame, mode_of(link, kind), own)
            return all_of([Sql("(x.subject_id IS NOT NULL)"), found])
        mode = mode_of(link, kind)
        lookup = self.lookups.setdefault((link.same, mode), Lookup(f"m{len(self.lookups)}", link.same, mode))
        return lookup.test(member, frame, kind, own)

    def _person_linked(self, member: Member, frame: Frame, mode: str, own: Sql) -> Sql:
        whose = "PARTITION BY x.subject_id"
        if mode == "frame":
            over = f"{whose} ORDER BY x.day {frame_sql(frame)}"
            return sql("({} > {})", self._window("count(*)", member, over), own)
        match frame.when:
            case "any":
                return sql("({} > {})", self._window("count(*)", member, whose), own)
            case "before" | "earlier":
                sign = "<=" if frame.when == "before" else "<"
                return sql("({} " + sign + " x.day)", self._window("min(x.day)", member, whose))
            case _:
                sign = ">=" if frame.when == "after" else ">"
                return sql("({} " + sign + " x.day)", self._window("max(x.day)", member, whose))

    def _window(self, aggregate: str, member: Member, over: str) -> Sql:
        self.member(member)
        name = self.windows.setdefault((aggregate, member, over), f"w{len(self.windows)}")
        return Sql(f"x.{name}")

    def _link_windows(self, codes: dict[str, int], *, late: bool) -> dict[str, Sql]:
        windows = {}
        for (aggregate, member, over), name in self.windows.items():
            if member.late is late:
                known = self.bits[member].test() if member in self.bits else self._inline(member, codes)
                windows[name] = sql(aggregate + " FILTER (WHERE {}) OVER (" + over + ")", known)
        return windows

    def _inline(self, member: Member, codes: dict[str, int]) -> Sql:
        tests: dict[str, Sql | None] = {}
        for kind, held in self.member(member).items():
            tests[kind] = (Sql("true") if held else None) if isinstance(held, bool) else held
        return by_kind(tests, codes, "false")

    def sql(self, extra: Sequence[str] = ()) -> Sql:
        """Return the rows: person, day, code of the kind, bits, fields asked for, and the columns named ``extra``."""
        for lookup in self.lookups.values():
            lookup.prepare(self)
        kinds = self.kinds_read()
        codes = {kind: rank for rank, kind in enumerate(kinds)}
        self._need_active()
        rows, carried = self._base(kinds, codes, ["subject_id", "day", *extra])
        rows, carried = self._add(rows, carried, self.early.columns(codes), self.early.words())
        rows, carried = self._add_windows(
            rows, carried, self._person_windows(codes) | self._link_windows(codes, late=False)
        )
        rows, carried = self._derive(rows, carried, codes)
        looked = [lookup.column(self, codes) for lookup in self.lookups.values()]
        names = self.late.words() + [lookup.name for lookup in self.lookups.values()]
        rows, carried = self._add(rows, carried, self.late.columns(codes) + looked, names)
        rows, carried = self._add_windows(rows, carried, self._link_windows(codes, late=True))
        return self._finish(rows, carried, codes, extra)

    def _need_active(self) -> None:
        for kind in self.needs.of("active"):
            names = ["data_starts", "data_ends"] if kind != "enrolment_opened" else []
            names += ["data_contract", "data_term_months"] if kind == "contract_signed" else []
            self.needs.add(names, kind)

    def _base(self, kinds: list[str], codes: dict[str, int], carried: list[str]) -> tuple[Sql, list[str]]:
        coded = [sql("WHEN {} THEN {}", constant(kind), code) for kind, code in codes.items()]
        plain = sorted(name for name in PLAIN_COLUMNS - {*carried} if self.needs.of(name))
        columns = [Sql(f"x.{name}") for name in [*carried, *plain]]
        columns.append(sql("CASE x.kind {} END AS k", join(" ", coded)))
        guarded = [name for name in _ATTRIBUTES if self.needs.of(name)]
        columns += [self._guarded(name, f"({_ATTRIBUTES[name]})", self.needs.of(name)) for name in guarded]
        if wanted := self.needs.of("data"):
            columns.append(self._guarded("data", _DATA, wanted))
            guarded.append("data")
        if self.needs.of("picture"):
            columns.append(self._guarded("picture_text", _PICTURE_TEXT, {PICTURE}))
            guarded.append("picture_text")
        rows = sql(
            "SELECT {} FROM {}{} ORDER BY x.subject_id, x.day OFFSET 0",
            join(", ", columns), self.facts(kinds), self._useful(kinds),
        )  # fmt: skip
        return rows, [*carried, *plain, "k", *guarded]

    def _useful(self, kinds: list[str]) -> Sql:
        """Facts that no selection, link or profile can use go no further than the index."""
        found = {kind: self.candidate(kind) for kind in kinds}
        branches = []
        for kind, held in found.items():
            if held is not True:
                test = Sql("false") if held is False else held
                branches.append(sql("WHEN {} THEN {}", constant(kind), test))
        return sql(" AND CASE x.kind {} ELSE true END", join(" ", branches)) if branches else Sql("")

    def _guarded(self, name: str, text: str, kinds: set[str]) -> Sql:
        wanted = join(", ", map(constant, sorted(kinds)))
        return named(sql("CASE WHEN x.kind IN ({}) THEN {} END", wanted, Sql(text)), name)

    def _add(
        self, rows: Sql, carried: list[str], columns: list[Sql], names: list[str], drop: Sequence[str] = ()
    ) -> tuple[Sql, list[str]]:
        if not columns:
            return rows, carried
        kept = [name for name in carried if name not in drop]
        listed = join(", ", [*(Sql(f"x.{name}") for name in kept), *columns])
        rows = sql("SELECT {} FROM ({}) x ORDER BY x.subject_id, x.day OFFSET 0", listed, rows)
        return rows, kept + names

    def _add_windows(self, rows: Sql, carried: list[str], windows: dict[str, Sql]) -> tuple[Sql, list[str]]:
        if not windows:
            return rows, carried
        columns = [named(expression, name) for name, expression in windows.items()]
        listed = join(", ", [*(Sql(f"x.{name}") for name in carried), *columns])
        return sql("SELECT {} FROM ({}) x", listed, rows), carried + list(windows)

    def _person_windows(self, codes: dict[str, int]) -> dict[str, Sql]:
        windows = {}
        if self.needs.of("picture"):
            windows["picture_now"] = Sql("max(x.picture_text) OVER (PARTITION BY x.subject_id ORDER BY x.day)")
            windows["picture_first"] = Sql("min(x.picture_text) OVER (PARTITION BY x.subject_id)")
        if "enrolment_opened" in self.needs.of("active"):
            closed = codes["enrolment_closed"]
            windows["closed_on"] = Sql(f"max(x.day) FILTER (WHERE x.k = {closed}) OVER (PARTITION BY x.subject_id)")
        return windows

    def _derive(self, rows: Sql, carried: list[str], codes: dict[str, int]) -> tuple[Sql, list[str]]:
        columns, names = [], []
        if pictured := self.needs.of("picture"):
            said = f"substr({_PICTURE_IN_FORCE}, strpos({_PICTURE_IN_FORCE}, '!') + 1)::jsonb"
            columns.append(named(by_kind(dict.fromkeys(sorted(pictured), Sql(said)), codes, "NULL"), "picture"))
            names.append("picture")
        if active := self.needs.of("active"):
            values: dict[str, Sql | None] = {kind: self._in_force(kind) for kind in sorted(active)}
            columns.append(named(by_kind(values, codes, "NULL"), "active"))
            names.append("active")
        spent = ("picture_text", "picture_now", "picture_first", "closed_on")
        return self._add(rows, carried, columns, names, spent)

    def _in_force(self, kind: str) -> Sql:
        starts, ends = "coalesce(x.data_starts::date, x.day)", "x.data_ends::date"
        if kind == "enrolment_opened":
            return Sql("(NOT coalesce(x.closed_on >= x.day, false))")
        closed = Sql("")
        if kind == "contract_signed":
            term = f"({starts} + make_interval(months => x.data_term_months::int))::date - 1"
            ends = f"coalesce({ends}, {term})"
            ended = sql(
                "(SELECT jsonb_object_agg(e.contract, e.day) FROM (SELECT x.data_contract AS contract, max(x.day)"
                " AS day FROM {} AND x.data_contract IS NOT NULL GROUP BY x.data_contract) e)",
                self.facts(["contract_ended"]),
            )
            closed = sql(" AND NOT coalesce(({} ->> x.data_contract)::date >= x.day, false)", ended)
        open_ = f"{starts} <= p.observed AND coalesce({ends} >= p.observed, true)"
        return sql("({}{})", Sql(open_), closed)

    def _finish(self, rows: Sql, carried: list[str], codes: dict[str, int], extra: Sequence[str]) -> Sql:
        if not self.selections:
            return rows
        columns = [Sql(f"x.{name}") for name in ("subject_id", "day", *extra)]
        for rank, values in enumerate(self.outputs.values()):
            keys = {kind: value.key if value else None for kind, value in values.items()}
            columns.append(named(self._same_everywhere(keys, codes), f"v{rank}"))
        columns += self.chosen.columns(codes)
        listed = sql("SELECT {} FROM ({}) x ORDER BY x.subject_id, x.day OFFSET 0", join(", ", columns), rows)
        anything = " | ".join(f"x.{word}" for word in self.chosen.words())
        return sql("SELECT * FROM ({}) x WHERE ({}) <> 0", listed, Sql(anything))

    def _same_everywhere(self, keys: dict[str, Sql | None], codes: dict[str, int]) -> Sql:
        [first, *others] = keys.values()
        if first is not None and not first.params and all(first == other for other in others):
            return first
        return by_kind(keys, codes, "NULL") if any(keys.values()) else Sql("NULL::numeric")

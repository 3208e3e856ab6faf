"""The whole question as one SQL statement, whatever the number of indicators.

Rows of the action, then one row a person (flags, counts, sums, first days), then one row in all: counts of persons
become counts of flags. Distinct counts of other fields, statistics of fields and groups other than persons are each
one more reading of the same rows, already selected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from essaim.kernel.engine.definitions import (
    Count,
    DaysSince,
    FieldStatistic,
    GroupCount,
    GroupStatistic,
    GroupSum,
    Indicator,
    Measured,
    Selection,
    StatisticName,
    Sum,
)
from essaim.kernel.engine.indicators import measured_in
from essaim.steering.engine.bits import Bit
from essaim.steering.engine.fields import Vocabulary
from essaim.steering.engine.plan import Settings
from essaim.steering.engine.results import Output
from essaim.steering.engine.rows import Rows
from essaim.steering.engine.sql import Sql, constant, join, named, sql


@dataclass(frozen=True, slots=True)
class Asked:
    """One action of the question. ``known_before``: only what was recorded before that moment, None for today's."""

    action_id: int
    since: date
    until: date
    observed: date
    settings: Mapping[str, Any]
    known_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled question, independent of the action, its dates and the values of its settings."""

    body: Sql
    settings: tuple[str, ...]
    outputs: Mapping[Measured, Output]

    def ask(self, asked: Sequence[Asked]) -> Sql:
        """Return the statement for these actions: one row each (or more, for lists), with its ``action_id``."""
        return self.around(self.values(asked), self.body)

    def values(self, asked: Sequence[Asked]) -> Sql:
        """Return the part of the statement that changes from one question to the next: actions, dates, settings."""
        return join(", ", [self._row(one) for one in asked])

    def around(self, values: Sql, body: Sql) -> Sql:
        """Return the statement with these values and this writing of its body."""
        names = ["action_id", "since", "until", "observed", "known_before"]
        for rank in range(len(self.settings)):
            names += [f"s{rank}_{type}" for type in ("text", "number", "bool", "json")]
        return sql(
            "SELECT p.action_id, r.* FROM (VALUES {}) AS p({}) CROSS JOIN LATERAL ({}) r",
            values, Sql(", ".join(names)), body,
        )  # fmt: skip

    def _row(self, asked: Asked) -> Sql:
        fixed = (asked.action_id, asked.since, asked.until, asked.observed, asked.known_before)
        row = Sql("%s::bigint, %s::date, %s::date, %s::date, %s::timestamptz", fixed)
        settings = [_setting_columns(asked.settings.get(key)) for key in self.settings]
        return sql("({})", join(", ", [row, *settings]))


def compile_bilan(indicators: Sequence[Indicator], vocabulary: Vocabulary, *, as_known: bool = False) -> Statement:
    """Return the statement that measures every count, sum and statistic of the indicators.

    ``as_known``: read what was recorded before the moment of the question instead of what holds today.
    """
    settings = Settings()
    top = _Top(Rows(facts_as_known if as_known else facts_live, vocabulary, settings))
    for indicator in indicators:
        for definition in (indicator.formula, indicator.realised):
            for measured in measured_in(definition):
                top.add(measured)
    return Statement(top.sql(), tuple(settings.keys), top.outputs)


def compile_selected(selection: Selection, vocabulary: Vocabulary, *, as_known: bool = False) -> Statement:
    """Return the statement that lists the selected facts, as rows (action_id, fact id, subject id)."""
    settings = Settings()
    rows = Rows(facts_as_known if as_known else facts_live, vocabulary, settings)
    rows.select(selection)
    body = sql("SELECT x.id AS fact_id, x.subject_id FROM ({}) x", rows.sql(["id"]))
    return Statement(body, tuple(settings.keys), {})


def facts_live(kinds: Sequence[str]) -> Sql:
    """The facts in force today, read on the covering index."""
    return sql(f"{_FACTS} AND x.live AND x.kind IN ({{}})", join(", ", map(constant, kinds)))


def facts_as_known(kinds: Sequence[str]) -> Sql:
    """The facts that were in force at the moment of the question."""
    text = (
        f"{_FACTS} AND x.recorded_at < p.known_before AND x.data <> '{{\"void\": true}}'"
        " AND (x.superseded_at IS NULL OR x.superseded_at >= p.known_before) AND x.kind IN ("
    )
    listed = join(", ", map(constant, kinds))
    return Sql(f"{text}{listed.text})", listed.params)


_FACTS = "journal_fact x WHERE x.action_id = p.action_id AND x.day <= p.observed"


def _setting_columns(value: Any) -> Sql:
    text = value if isinstance(value, str) else None
    flag = value if isinstance(value, bool) else None
    number = None if flag is not None or not isinstance(value, int | float | Decimal) else value
    exact = Decimal(repr(number)) if isinstance(number, float) else number
    as_json = Sql("NULL::jsonb") if value is None else sql("to_jsonb({})", _typed(text, flag, exact))
    return join(", ", [Sql("%s::text, %s::numeric, %s::boolean", (text, exact, flag)), as_json])


def _typed(text: str | None, flag: bool | None, number: Any) -> Sql:
    if text is not None:
        return Sql("%s::text", (text,))
    return Sql("%s::boolean", (flag,)) if flag is not None else Sql("%s::numeric", (number,))


class _Top:
    """Collects the columns of each reading of the rows and remembers where each measured value will be."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.outputs: dict[Measured, Output] = {}
        self.per_person: dict[str, Sql] = {}
        self.of_persons: dict[str, Sql] = {}
        self.of_facts: dict[str, Sql] = {}
        self.groups: dict[str, _Group] = {}

    def add(self, measured: Measured) -> None:
        """Plan one measured value, once."""
        if measured in self.outputs:
            return
        bit = self.rows.select(measured.selection)
        match measured:
            case Count(field="fact"):
                self.outputs[measured] = self._summed(Sql("count(*)"), bit)
            case Count(field="person"):
                test = sql("x.subject_id IS NOT NULL AND {}", bit.test())
                self.outputs[measured] = self._one(self.of_persons, sql("count(*) FILTER (WHERE {})", test))
            case Count(field, selection):
                column = self.rows.output(field, selection.kinds)
                found = sql("count(DISTINCT x." + column + ") FILTER (WHERE {})", bit.test())
                self.outputs[measured] = self._one(self.of_facts, found)
            case Sum(field, selection):
                column = self.rows.output(field, selection.kinds, numeric=True)
                self.outputs[measured] = self._summed(Sql(f"sum(x.{column})"), bit)
            case FieldStatistic(name, field, selection):
                column = self.rows.output(field, selection.kinds, numeric=True)
                self.outputs[measured] = self._statistic(self.of_facts, name, f"x.{column}", bit.test())
            case GroupStatistic():
                self.outputs[measured] = self._group_statistic(measured, bit)

    def _group_statistic(self, measured: GroupStatistic, bit: Bit) -> Output:
        kinds = measured.selection.kinds
        if measured.per == "person" and not _counts_other_field(measured):
            value = self._person_measure(measured, bit)
            test = sql("x.subject_id IS NOT NULL AND {}", bit.test())
            return self._statistic(self.of_persons, measured.name, value, test)
        key = "subject_id" if measured.per == "person" else self.rows.output(measured.per, kinds)
        group = self.groups.setdefault(key, _Group(key))
        group.words.setdefault(bit.word, 0)
        group.words[bit.word] |= bit.mask
        exists = self._column(group.columns, "n", sql("count(*) FILTER (WHERE {})", bit.test()))
        match measured.measure:
            case GroupCount(field="fact"):
                value = exists
            case GroupCount(field):
                column = "subject_id" if field == "person" else self.rows.output(field, kinds)
                counted = sql("count(DISTINCT x." + column + ") FILTER (WHERE {})", bit.test())
                value = self._column(group.columns, "n", counted)
            case GroupSum(field):
                column = self.rows.output(field, kinds, numeric=True)
                summed = sql("coalesce(sum(x." + column + ") FILTER (WHERE {}), 0)", bit.test())
                value = self._column(group.columns, "n", summed)
            case DaysSince():
                raise AssertionError("days_since is measured per person")
        return self._statistic(group.of_groups, measured.name, f"x.{value}", Sql(f"x.{exists} > 0"))

    def _person_measure(self, measured: GroupStatistic, bit: Bit) -> str:
        match measured.measure:
            case GroupCount(field="fact"):
                return "x." + self._column(self.per_person, "a", sql("count(*) FILTER (WHERE {})", bit.test()))
            case GroupCount():
                return "1"
            case GroupSum(field):
                column = self.rows.output(field, measured.selection.kinds, numeric=True)
                summed = sql("coalesce(sum(x." + column + ") FILTER (WHERE {}), 0)", bit.test())
                return "x." + self._column(self.per_person, "a", summed)
            case DaysSince(selection):
                first = sql("min(x.day) FILTER (WHERE {})", bit.test())
                start = sql("min(x.day) FILTER (WHERE {})", self.rows.select(selection).test())
                reached, started = (self._column(self.per_person, "a", found) for found in (first, start))
                return f"CASE WHEN x.{started} <= x.{reached} THEN x.{reached} - x.{started} END"

    def _summed(self, aggregate: Sql, bit: Bit) -> Output:
        filtered = sql("{} FILTER (WHERE {})", aggregate, bit.test())
        name = self._column(self.per_person, "a", filtered)
        return self._one(self.of_persons, Sql(f"coalesce(sum(x.{name}), 0)"))

    def _one(self, columns: dict[str, Sql], expression: Sql) -> Output:
        return Output("one", (self._column(columns, "", expression),))

    def _column(self, columns: dict[str, Sql], prefix: str, expression: Sql) -> str:
        for name, known in columns.items():
            if known == expression:
                return name
        name = prefix + str(len(columns)) if prefix else f"{self._prefix(columns)}{len(columns)}"
        columns[name] = expression
        return name

    def _prefix(self, columns: dict[str, Sql]) -> str:
        if columns is self.of_persons:
            return "p"
        if columns is self.of_facts:
            return "f"
        rank = next(rank for rank, group in enumerate(self.groups.values()) if group.of_groups is columns)
        return f"g{rank}_"

    def _statistic(self, columns: dict[str, Sql], name: StatisticName, value: str, test: Sql) -> Output:
        if name in ("min", "max"):
            return self._one(columns, sql(f"{name}({value})" + " FILTER (WHERE {})", test))
        if name == "average":
            parts = [f"sum({value})", f"count({value})"]
        else:
            parts = [f"percentile_disc(0.5) WITHIN GROUP (ORDER BY {value}{way})" for way in ("", " DESC")]
        found = tuple(self._column(columns, "", sql(part + " FILTER (WHERE {})", test)) for part in parts)
        return Output("average" if name == "average" else "median", found)

    def sql(self) -> Sql:
        """Return the statement of one action, reading ``p``."""
        if not self.outputs:
            return Sql("SELECT 1 AS nothing")
        rows = self.rows.sql()
        readings = []
        if self.of_persons:
            persons = sql("SELECT {} FROM facts x GROUP BY x.subject_id", _listed(self._flags() | self.per_person))
            readings.append(sql("(SELECT {} FROM ({}) x)", _listed(self.of_persons), persons))
        if self.of_facts:
            readings.append(sql("(SELECT {} FROM facts x)", _listed(self.of_facts)))
        readings += [group.sql() for group in self.groups.values()]
        joined = join(" CROSS JOIN ", [named(reading, f"t{rank}") for rank, reading in enumerate(readings)])
        return sql("WITH facts AS ({}) SELECT * FROM {}", rows, joined)

    def _flags(self) -> dict[str, Sql]:
        flags = {word: Sql(f"bit_or(x.{word})") for word in self.rows.chosen.words()}
        return {"subject_id": Sql("x.subject_id")} | flags


class _Group:
    """One reading of the rows grouped by a field."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.words: dict[str, int] = {}
        self.columns: dict[str, Sql] = {}
        self.of_groups: dict[str, Sql] = {}

    def sql(self) -> Sql:
        """Return the reading: groups, then one row."""
        anything = " OR ".join(f"(x.{word} & {mask}) <> 0" for word, mask in self.words.items())
        where = f" FROM facts x WHERE x.{self.key} IS NOT NULL AND ({anything}) GROUP BY x.{self.key}"
        groups = sql("SELECT {}" + where, _listed(self.columns))
        return sql("(SELECT {} FROM ({}) x)", _listed(self.of_groups), groups)


def _counts_other_field(measured: GroupStatistic) -> bool:
    return isinstance(measured.measure, GroupCount) and measured.measure.field not in ("fact", "person")


def _listed(columns: Mapping[str, Sql]) -> Sql:
    return join(", ", [named(expression, name) for name, expression in columns.items()])

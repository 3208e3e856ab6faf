"""The only place that sends compiled questions to the database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify

from essaim.journal.engine.schema import load_schema
from essaim.journal.models import Action
from essaim.kernel.days import PARIS
from essaim.kernel.engine.definitions import Indicator
from essaim.kernel.engine.indicators import parse_indicators
from essaim.steering.engine.fields import Vocabulary
from essaim.steering.engine.sql import Sql, sql
from essaim.steering.engine.statement import Asked, Statement, compile_bilan

# Compiling to machine code costs more than these questions; their sorts and groups of one action fit in this memory.
PLANNER_SETTINGS = "SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL max_parallel_workers_per_gather = 0"
Compiled = tuple[list[Indicator], Statement]
_SAVEPOINT = "essaim_question"


@cache
def vocabulary() -> Vocabulary:
    """Return the fields of `data` of each kind of fact, with their types."""
    kinds = load_schema().kinds
    return {key: {name: field.type for name, field in kind.fields.items()} for key, kind in kinds.items()}


def get_action(ref: str) -> Action:
    """Return the action of this code, for an operator: no other check. Raises Action.DoesNotExist."""
    return Action.objects.select_related("practice").get(ref=ref)


def indicators_of(action: Action) -> list[dict[str, Any]]:
    """Return the indicator rows of the definition frozen in the action."""
    rows: list[dict[str, Any]] = action.definition.get("indicators", [])
    return rows


def compiled(rows: Sequence[Mapping[str, Any]], *, as_known: bool) -> Compiled:
    """Return the parsed indicators and their statement, kept from one call to the next."""
    formulas = [{key: row.get(key) for key in ("id", "formula", "realised")} for row in rows]
    return _compiled(json.dumps(formulas, sort_keys=True), as_known)


@lru_cache(maxsize=256)
def _compiled(formulas: str, as_known: bool) -> Compiled:
    indicators = parse_indicators(json.loads(formulas))
    return indicators, compile_bilan(indicators, vocabulary(), as_known=as_known)


def asked(action: Action, since: date | None, until: date | None, on: date | None, known_on: date | None) -> Asked:
    """Return the question for an action: its own dates by default, observed at the end of the period."""
    until = until or action.ends
    known_before = None
    if known_on is not None:
        known_before = datetime.combine(known_on + timedelta(days=1), time.min, tzinfo=PARIS)
    return Asked(action.pk, since or action.starts, until, on or until, action.settings, known_before)


def answers(statement: Statement, questions: Sequence[Asked], beside: Sql | None = None) -> list[dict[str, Any]]:
    """Return the rows that answer the questions, in one exchange with the database.

    ``beside``: one more column, computed from ``q.action_id``.
    """
    question = statement.around(_written(statement.values(questions)), _written_body(statement.body))
    if beside is not None:
        question = sql("SELECT q.*, {} FROM ({}) q", beside, question)
    return run(question)


def run(question: Sql) -> list[dict[str, Any]]:
    """Return the rows of a question.

    Its planner settings end with it: with the statements sent together, or with a savepoint inside a transaction.
    """
    before, after = "", ""
    if connection.in_atomic_block:
        before, after = f"SAVEPOINT {_SAVEPOINT}; ", f"; ROLLBACK TO {_SAVEPOINT}; RELEASE {_SAVEPOINT}"
    with connection.cursor() as cursor:
        cursor.execute(f"{before}{PLANNER_SETTINGS}; {question.text}{after}", question.params or None)
        while cursor.description is None:
            cursor.nextset()
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _written(piece: Sql) -> Sql:
    """Return the piece with its values quoted by the driver."""
    return Sql(mogrify(piece.text, piece.params, connection))


@lru_cache(maxsize=256)
def _written_body(body: Sql) -> Sql:
    return _written(body)

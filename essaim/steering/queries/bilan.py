"""Bilans: every indicator of a practice computed from the journal, beside target and published figure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from essaim.journal.models import Action
from essaim.steering.engine.results import Evaluation, Figure, as_number
from essaim.steering.engine.sql import Sql
from essaim.steering.queries.execution import Compiled, answers, asked, compiled, indicators_of

JsonNumber = int | float
_TARGETS = Sql(
    "(SELECT jsonb_object_agg(t.indicator, t.value)::text FROM journeys_target t WHERE t.action_id = q.action_id)"
    " AS targets"
)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One line of a bilan. Figures are never rounded; ``published`` is as the guide prints it."""

    id: str
    label: str
    unit: str
    value: JsonNumber | None
    numerator: JsonNumber | None
    denominator: JsonNumber | None
    target: JsonNumber | None
    published: JsonNumber | str | None
    approx: bool
    check: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Bilan:
    """The indicators of an action over ``since``..``until``, observed ``on`` a day, as known on ``known_on``."""

    action: str
    practice: str
    since: date
    until: date
    on: date
    known_on: date | None
    rows: tuple[IndicatorRow, ...]

    def document(self) -> dict[str, Any]:
        """Return the JSON document of the command ``essaim bilan``."""
        return {
            "action": self.action,
            "practice": self.practice,
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
            "on": self.on.isoformat(),
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "indicators": [asdict(row) for row in self.rows],
        }


def compute_bilan(
    action: Action,
    *,
    since: date | None = None,
    until: date | None = None,
    on: date | None = None,
    known_on: date | None = None,
) -> Bilan:
    """Return the bilan of an action, in one reading of its facts whatever the number of indicators.

    The period defaults to the action's dates, the observation day to the end of the period. With ``known_on``, only
    what was recorded by the end of that day, corrections included. Whether the asker may see it is for the caller.
    """
    [bilan] = compute_bilans([action], since=since, until=until, on=on, known_on=known_on)
    return bilan


def compute_bilans(
    actions: Iterable[Action],
    *,
    since: date | None = None,
    until: date | None = None,
    on: date | None = None,
    known_on: date | None = None,
) -> list[Bilan]:
    """Return the bilans of several actions, in their order: one reading for each set of indicators, not each action.

    Same defaults and meaning as ``compute_bilan``, action by action.
    """
    actions = list(actions)
    groups: dict[int, tuple[Compiled, list[Action]]] = {}
    for action in actions:
        known = compiled(indicators_of(action), as_known=known_on is not None)
        groups.setdefault(id(known), (known, []))[1].append(action)
    found: dict[int, Bilan] = {}
    for (indicators, statement), group in groups.values():
        questions = {action.pk: asked(action, since, until, on, known_on) for action in group}
        measured = {row["action_id"]: row for row in answers(statement, [*questions.values()], _TARGETS)}
        for action in group:
            row = measured[action.pk]
            figures = Evaluation(indicators, statement.outputs, row, action.settings).figures()
            question = questions[action.pk]
            found[action.pk] = Bilan(
                action=action.ref,
                practice=action.practice.slug,
                since=question.since,
                until=question.until,
                on=question.observed,
                known_on=known_on,
                rows=_rows(action, figures, json.loads(row["targets"] or "{}", parse_float=Decimal)),
            )
    return [found[action.pk] for action in actions]


def _rows(action: Action, figures: list[Figure], targets: Mapping[str, Decimal | int]) -> tuple[IndicatorRow, ...]:
    described = {row["id"]: row for row in indicators_of(action)}
    rows = []
    for figure in figures:
        own = described.get(figure.id)
        row = own or described[figure.id.removesuffix(".realised")]
        target = targets.get(figure.id)
        rows.append(
            IndicatorRow(
                id=figure.id,
                label=row.get("label") or figure.id,
                unit=row.get("unit") or "",
                value=as_number(figure.value),
                numerator=as_number(figure.numerator),
                denominator=as_number(figure.denominator),
                target=None if target is None else _number(target),
                published=own.get("published") if own else None,
                approx=bool(own and own.get("approx")),
                check=row.get("check"),
                note=row.get("note") or None,
            )
        )
    return tuple(rows)


def _number(value: Decimal | int) -> JsonNumber:
    return int(value) if value == int(value) else float(value)

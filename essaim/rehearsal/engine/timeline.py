"""When each step of a scenario is played, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from essaim.rehearsal.engine.casting import Role
from essaim.rehearsal.engine.scenario import Planned, Scenario


@dataclass(frozen=True, slots=True)
class Play:
    """One step to play on a day. ``role`` is a rank among the roles, ``group`` among the groups; both None: the action.

    ``order`` keeps the plays of one day in the order of the plan.
    """

    day: date
    order: int
    planned: Planned
    role: int | None = None
    group: int | None = None


def timeline(scenario: Scenario, roles: Sequence[Role], rng: Random) -> list[Play]:
    """Return every play foreseen between the two days of the scenario, in the order in which they are to be played."""
    plays: list[Play] = []
    for order, planned in enumerate(scenario.plan):
        if planned.every:
            plays += _repeated(scenario, planned, order)
        elif planned.total:
            plays += _spread(scenario, planned, order, roles, rng)
        else:
            plays += _for_each(scenario, planned, order, roles, rng)
    return sorted(plays, key=lambda play: (play.day, play.order, play.role or 0, play.group or 0))


def _repeated(scenario: Scenario, planned: Planned, order: int) -> Iterator[Play]:
    assert planned.every
    ranks: Sequence[int | None] = range(scenario.groups) if planned.at == "group" else [None]
    day = scenario.starts + timedelta(days=planned.days[0])
    if planned.weekday is not None:
        day += timedelta(days=(planned.weekday - day.weekday()) % 7)
    while day <= scenario.ends:
        for rank in ranks:
            yield Play(day, order, planned, group=rank)
        day += timedelta(days=planned.every)


def _for_each(scenario: Scenario, planned: Planned, order: int, roles: Sequence[Role], rng: Random) -> Iterator[Play]:
    for rank, role in enumerate(roles):
        if planned.fates and role.fate.key not in planned.fates:
            continue
        base = role.outcome if planned.at == "outcome" else role.entry or (role.met if planned.fates else None)
        if base is None:
            continue
        day = base + timedelta(days=rng.randint(*planned.days))
        if scenario.starts <= day <= scenario.ends:
            yield Play(day, order, planned, role=rank)


def _spread(scenario: Scenario, planned: Planned, order: int, roles: Sequence[Role], rng: Random) -> Iterator[Play]:
    """Yield exactly ``total`` plays, each on a day of someone's stay, the longer stays having more of them."""
    first, last = planned.days
    stays = [
        (rank, role.entry + timedelta(days=first), (role.outcome or scenario.ends) - timedelta(days=last))
        for rank, role in enumerate(roles)
        if role.entry is not None and (not planned.fates or role.fate.key in planned.fates)
    ]
    stays = [(rank, start, end) for rank, start, end in stays if start <= end <= scenario.ends]
    weights = [(end - start).days + 1 for _, start, end in stays]
    for rank, start, end in rng.choices(stays, weights=weights, k=planned.total or 0):
        yield Play(start + timedelta(days=rng.randint(0, (end - start).days)), order, planned, role=rank)

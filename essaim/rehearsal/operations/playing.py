"""A scenario played through the operations of the screens: nothing is written aside."""

import heapq
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

from essaim.directory.models import Organisation
from essaim.guide.queries import get_practice
from essaim.journal.models import Action
from essaim.journeys.models import Group
from essaim.journeys.operations import BudgetPlan, PartnerPlan, create_group, launch_action
from essaim.journeys.queries import practice_of, settings_of
from essaim.kernel.days import rehearsed_at
from essaim.kernel.instruments import all_instruments
from essaim.kernel.rehearsing import Case, Stage
from essaim.people.models import Person
from essaim.rehearsal.engine.casting import Role, cast_roles
from essaim.rehearsal.engine.hours import at_hour
from essaim.rehearsal.engine.scenario import Scenario
from essaim.rehearsal.engine.timeline import Play, timeline
from essaim.rehearsal.operations.world import World, make_home_territory

CARRIER_ACCOUNTS = ("counsellor", "colleague", "manager")
PRESCRIBER_ACCOUNTS = ("counsellor", "prescriber", "social_worker")


@dataclass(slots=True)
class Performance:
    """What was played: the action and its people."""

    action: Action
    stage: Stage
    played: list[tuple[str, str]] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        """The people met, in the order in which they were."""
        return [case.person for case in self.stage.cases if case.person is not None]


def play_scenario(*, scenario: Scenario, world: World, ends: date | None = None, rng: Random) -> Performance:
    """Launch the practice of the scenario and play each step on its own day, in order, up to the scenario's last day.

    ``ends`` is the last day of the action when it goes on after that day. Same ``rng``, same people and same days.
    Raises what an operation refuses: a scenario that breaks a rule of its practice is wrong.
    """
    action = _launch(scenario, world, ends or scenario.ends)
    stage = Stage(
        action=action,
        counsellors=[world.accounts[key] for key in CARRIER_ACCOUNTS],
        prescribers=[world.accounts[key] for key in PRESCRIBER_ACCOUNTS],
        companies=world.companies,
        communes=world.communes,
        groups=_make_groups(scenario, world, action),
        words=scenario.words,
    )
    roles = cast_roles(scenario, world.names, sources=len(stage.prescribers), rng=rng)
    stage.cases = [_case(stage, role) for role in roles]
    performance = Performance(action=action, stage=stage)
    _play_all(performance, scenario, timeline(scenario, roles, rng), rng)
    return performance


def _launch(scenario: Scenario, world: World, ends: date) -> Action:
    manager, ready = world.accounts["manager"], at_hour(scenario.starts - timedelta(days=7))
    return launch_action(
        practice=get_practice(scenario.practice),
        organisation=manager.organisation,
        territory=make_home_territory(world=world, manager=manager, now=ready),
        title=scenario.title,
        starts=scenario.starts,
        ends=ends,
        settings=dict(scenario.settings),
        places=scenario.groups * scenario.places_each,
        partners=[PartnerPlan(one, role) for one, role in _partners(world)],
        targets={key: Decimal(value) for key, value in scenario.targets.items()},
        budget=[
            BudgetPlan(row["category"], row.get("year", scenario.ends.year), Decimal(row["amount"]))
            for row in scenario.budget
        ],
        by=manager,
        now=ready,
    )


def _partners(world: World) -> list[tuple[Organisation, str]]:
    return [
        (world.organisations["agency"], "prescriber"),
        (world.organisations["neighbourhood"], "prescriber"),
        (world.organisations["funder"], "funder"),
    ]


def _make_groups(scenario: Scenario, world: World, action: Action) -> list[Group]:
    manager, now = world.accounts["manager"], at_hour(scenario.starts)
    return [
        create_group(
            action=action,
            name=f"Club {rank + 1}",
            places=scenario.places_each,
            facilitator=world.accounts[CARRIER_ACCOUNTS[rank % len(CARRIER_ACCOUNTS)]].user,
            by=manager,
            now=now,
        )
        for rank in range(scenario.groups)
    ]


def _case(stage: Stage, role: Role) -> Case:
    return Case(
        stage=stage,
        by=stage.counsellors[role.group % len(stage.counsellors)],
        traits=role.traits,
        fate=role.fate.data,
        entry=role.entry,
        outcome=role.outcome,
        group=stage.groups[role.group] if stage.groups else None,
    )


def _play_all(performance: Performance, scenario: Scenario, plays: list[Play], rng: Random) -> None:
    """Play the foreseen plays and those that players ask for again, the earliest first."""
    stage = performance.stage
    steps = {step.key: step for step in practice_of(performance.action).steps}
    settings = {key: settings_of(performance.action, key) for key in steps}
    rehearsals = {key: f for instrument in all_instruments().values() for key, f in instrument.rehearse.items()}
    groups = [Case(stage=stage, by=_by(stage, rank), group=one) for rank, one in enumerate(stage.groups)]
    everybody = Case(stage=stage, by=stage.counsellors[-1])
    ticket = count()
    queue = [((play.day, play.order, next(ticket)), play) for play in plays]
    heapq.heapify(queue)
    while queue:
        (day, order, _), play = heapq.heappop(queue)
        case = everybody if play.role is None and play.group is None else _who(stage, groups, play)
        step = steps[play.planned.step]
        case.step, case.settings, case.params = step, settings[step.key], play.planned.params or {}
        with rehearsed_at(at_hour(day)):
            again = rehearsals[step.kind](case, rng, at_hour(day))
        performance.played.append((step.kind, step.key))
        if again is not None and again <= scenario.ends:
            heapq.heappush(queue, ((again, order, next(ticket)), play))


def _by(stage: Stage, rank: int) -> Any:
    return stage.counsellors[rank % len(stage.counsellors)]


def _who(stage: Stage, groups: list[Case], play: Play) -> Case:
    return stage.cases[play.role] if play.role is not None else groups[play.group or 0]

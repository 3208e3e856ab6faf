"""Demonstration data, played through the operations that the screens use: nothing is written aside."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

import yaml
from django.db import transaction

from essaim.accounts.queries import known_emails
from essaim.journal.models import Action
from essaim.kernel.codes import drawn_codes
from essaim.people.models import Person
from essaim.rehearsal.engine.hours import at_hour
from essaim.rehearsal.engine.scenario import Scenario, read_scenario
from essaim.rehearsal.operations.funding import play_funding
from essaim.rehearsal.operations.meetings import play_meetings
from essaim.rehearsal.operations.playing import Performance, play_scenario
from essaim.rehearsal.operations.world import DATA, World, make_world, read_world
from essaim.steering.operations import publish_due_cohorts, send_bilan

SCALES = {"small": 1, "agglo": 10, "departement": 50}
PER_SCALE = ("planned_persons", "clubs")
DAYS_BEFORE = 21


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was made, for the manifest: accounts with their password, references of the rest."""

    world: World
    performance: Performance

    @property
    def actions(self) -> list[Action]:
        """The actions launched."""
        return [self.performance.action]

    @property
    def people(self) -> list[Person]:
        """The people met, in the order in which they were."""
        return self.performance.people


def demonstration_scenario(*, on: date, size: str) -> Scenario:
    """Return what the demonstration plays when it is made that day; ``size`` is a key of SCALES."""
    data = yaml.safe_load((DATA / "demonstration.yaml").read_text(encoding="utf-8"))
    scenario, scale = read_scenario(data, on=on), SCALES[size]
    settings = {key: value * scale if key in PER_SCALE else value for key, value in scenario.settings.items()}
    budget = tuple({**row, "amount": row["amount"] * scale} for row in scenario.budget)
    return replace(scenario.scaled(scale), settings=settings | {"budget_year": on.year}, budget=budget)


@transaction.atomic
def seed_demonstration(*, seed: int, on: date, size: str, now: datetime) -> Demonstration:
    """Fill an empty instance with an invented territory, its organisations, people and a club in its seventh month.

    The same ``seed``, ``on`` and ``size`` give the same people, days and codes. Each step is played on its own day, in
    order, through the operations of the screens, so the rows and the fil agree. All or nothing: one transaction.
    """
    rng = Random(seed)  # noqa: S311 - invented people, no secret
    scenario = demonstration_scenario(on=on, size=size)
    with drawn_codes(Random(seed)):  # noqa: S311
        world = make_world(now=at_hour(scenario.starts - timedelta(days=DAYS_BEFORE)))
        ends = on + timedelta(weeks=_weeks_until_end())
        performance = play_scenario(scenario=scenario, world=world, ends=ends, rng=rng)
        inside = [case.person for case in performance.stage.cases if case.enrolment is not None]
        play_funding(
            action=performance.action,
            people=[person for person in inside if person is not None],
            world=world,
            scale=SCALES[size],
            on=on,
            by=world.accounts["manager"],
            now=now,
        )
        play_meetings(action=performance.action, world=world, on=on)
        _report_to_the_funder(performance.action, world, on=on)
    return Demonstration(world, performance)


def _report_to_the_funder(action: Action, world: World, *, on: date) -> None:
    """What the funder reads: the cohorts due that day, and a bilan that the team sent her."""
    moment = at_hour(on)
    publish_due_cohorts(now=moment)
    send_bilan(
        action=action,
        recipient=world.organisations["funder"],
        since=action.starts,
        until=action.ends,
        observed_on=on,
        message="Voici le point demandé avant le comité.",
        by=world.accounts["manager"],
        now=moment,
    )


def _weeks_until_end() -> int:
    data = yaml.safe_load((DATA / "demonstration.yaml").read_text(encoding="utf-8"))
    weeks: int = data["weeks_until_end"]
    return weeks


def demonstration_accounts() -> list[dict[str, str]]:
    """Return the accounts of the demonstration that this instance has: role, email, password. Empty elsewhere."""
    world = read_world()
    known = known_emails(row["email"] for row in world["accounts"])
    return [
        {"role": row["role"], "email": row["email"], "password": world["password"]}
        for row in world["accounts"]
        if row["email"] in known
    ]

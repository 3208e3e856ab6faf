"""Scenarios are counts: they add up, scale, and put people in groups that never hold more than their places."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import yaml

from essaim import rehearsal
from essaim.rehearsal.engine.casting import cast_roles
from essaim.rehearsal.engine.scenario import ScenarioError, read_scenario
from essaim.rehearsal.engine.timeline import timeline

DATA = Path(rehearsal.__file__).parent / "data"
SCENARIOS = DATA / "scenarios"

NAMES = yaml.safe_load((DATA / "world.yaml").read_text())
ON = date(2026, 11, 23)


def demonstration():
    return read_scenario(yaml.safe_load((DATA / "demonstration.yaml").read_text()), on=ON)


ALL = [read_scenario(yaml.safe_load(path.read_text())) for path in sorted(SCENARIOS.glob("*.yaml"))] + [demonstration()]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.title)
@pytest.mark.parametrize("scale", [1, 0.05])
def test_every_count_is_met_exactly(scenario, scale):
    scenario = scenario.scaled(scale)
    roles = cast_roles(scenario, NAMES, sources=3, rng=Random(1))
    assert Counter(role.fate.key for role in roles) == {fate.key: fate.count for fate in scenario.fates if fate.count}
    assert sum(role.traits.sex == "female" for role in roles) == scenario.women
    assert sum(role.traits.level <= 3 for role in roles if role.entry) == scenario.low_level
    assert len({(role.traits.first_name, role.traits.last_name) for role in roles}) == len(roles)


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.title)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_group_holds_more_than_its_places_and_nobody_lives_outside_the_scenario(scenario, seed):
    roles = cast_roles(scenario, NAMES, sources=3, rng=Random(seed))
    inside = [role for role in roles if role.entry]
    for day in (scenario.starts + timedelta(days=rank) for rank in range((scenario.ends - scenario.starts).days + 1)):
        taken = Counter(
            role.group for role in inside if role.entry <= day and (role.outcome is None or day <= role.outcome)
        )
        assert max(taken.values(), default=0) <= scenario.places_each
    for role in inside:
        assert scenario.starts <= role.entry <= (role.outcome or scenario.ends) <= scenario.ends


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.title)
def test_the_plays_come_in_order_and_the_totals_are_exact(scenario):
    roles = cast_roles(scenario, NAMES, sources=3, rng=Random(1))
    plays = timeline(scenario, roles, Random(1))
    assert plays == sorted(plays, key=lambda play: (play.day, play.order, play.role or 0, play.group or 0))
    for planned in scenario.plan:
        if planned.total:
            assert sum(play.planned is planned for play in plays) == planned.total


def test_the_same_seed_gives_the_same_people_and_another_gives_others():
    first, again, other = (cast_roles(ALL[0], NAMES, sources=3, rng=Random(seed)) for seed in (1, 1, 2))
    assert first == again
    assert {role.traits for role in first} != {role.traits for role in other}


@pytest.mark.parametrize(
    "change, words",
    [
        ({"women": 10_000}, "plus de femmes"),
        ({"plan": [{"step": "entry", "at": "noon"}]}, "n’est pas un moment"),
        ({"plan": [{"step": "entry", "fates": ["unheard_of"]}]}, "issue inconnue"),
    ],
)
def test_a_scenario_that_does_not_add_up_is_refused(change, words):
    data = yaml.safe_load((DATA / "demonstration.yaml").read_text())
    with pytest.raises(ScenarioError, match=words):
        read_scenario(data | change, on=ON)


def test_weeks_need_a_day():
    with pytest.raises(ScenarioError, match="à partir d’un jour"):
        read_scenario(yaml.safe_load((DATA / "demonstration.yaml").read_text()))

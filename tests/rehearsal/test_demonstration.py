"""The demonstration: its counts come back in the bilan, through the operations and the journal."""

from datetime import date

import pytest
from django.utils import timezone

from essaim.guide.operations import load_practices
from essaim.rehearsal.operations import demonstration_accounts, demonstration_scenario, seed_demonstration
from essaim.steering.engine.cohorts import LEAST_ENTRIES
from essaim.steering.models import PublishedCohort
from essaim.steering.queries import compute_bilan
from essaim.web.queries import TodoFilters, todo_for

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


def seed(**options):
    load_practices(now=timezone.now())
    return seed_demonstration(**({"seed": 1, "on": ON, "size": "small", "now": timezone.now()} | options))


def counted(scenario, *fates):
    return sum(fate.count for fate in scenario.fates if fate.key in fates)


def test_what_was_put_in_comes_back_and_something_is_left_to_do():
    demo, scenario = seed(), demonstration_scenario(on=ON, size="small")
    rows = {row.id: row for row in compute_bilan(demo.actions[0], on=ON).rows}
    assert rows["accompanied"].value == scenario.entered
    assert rows["durable"].value == counted(scenario, "lasting", "long")
    assert rows["short_cdd"].value == counted(scenario, "short")
    assert rows["low_level_rate"].numerator == scenario.low_level
    assert rows["unit_cost"].value == 625
    assert len(demo.people) == scenario.people
    [cohort] = PublishedCohort.objects.all()
    assert cohort.figures["total"] >= LEAST_ENTRIES
    claims = todo_for(demo.world.accounts["manager"], ON, TodoFilters(kind="journeys.claim_due"))
    assert [line.title for line in claims.lines] == ["Programmation emploi"]
    todo = todo_for(demo.world.accounts["counsellor"], ON, TodoFilters(is_team=True))
    assert len({line.kind.key for line in todo.lines}) >= 5
    assert {row["email"] for row in demonstration_accounts()} == {
        member.user.email for member in demo.world.accounts.values()
    }


@pytest.mark.parametrize("size, scale", [("small", 1), ("agglo", 10), ("departement", 50)])
def test_the_size_multiplies_the_counts(size, scale):
    small, scenario = (demonstration_scenario(on=ON, size=one) for one in ("small", size))
    assert scenario.people == small.people * scale
    assert scenario.settings["planned_persons"] == small.settings["planned_persons"] * scale

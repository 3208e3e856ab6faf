"""The demonstration: its counts come back in the bilan, through the operations and the journal."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
import yaml
from django.utils import timezone

from essaim.guide.operations import load_practices
from essaim.rehearsal import operations
from essaim.rehearsal.casting import cast
from essaim.rehearsal.operations import DATA, seed_demonstration
from essaim.steering.queries import compute_bilan

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


def seed(**options):
    load_practices(now=timezone.now())
    return seed_demonstration(**({"seed": 1, "on": ON, "size": "small", "now": timezone.now()} | options))


def figures(demo):
    return {row.id: row for row in compute_bilan(demo.actions[0], on=ON).rows}


def test_the_counts_of_the_file_come_back_in_the_bilan():
    rows = figures(seed())
    assert rows["accompanied"].value == 22 + 12 + 4 + 2 + 8 + 16
    assert rows["durable"].value == 22
    assert rows["short_cdd"].value == 12
    assert (rows["low_level_rate"].numerator, rows["low_level_rate"].denominator) == (47, 64)
    assert rows["unit_cost"].value == 625


@pytest.fixture
def one_contract_less(tmp_path, monkeypatch):
    text = DATA.read_text().replace("durable: 22 ", "durable: 21 ").replace("inside: 16 ", "inside: 17 ")
    changed = tmp_path / "demonstration.yaml"
    changed.write_text(text)
    monkeypatch.setattr(operations, "DATA", changed)


@pytest.mark.usefixtures("one_contract_less")
def test_one_contract_less_moves_the_figure():
    rows = figures(seed())
    assert (rows["accompanied"].value, rows["durable"].value) == (64, 21)


def people_of(seed):
    plan = yaml.safe_load(DATA.read_text())
    return cast(plan, starts=ON - timedelta(weeks=38), on=ON, scale=1, rng=Random(seed))


def test_the_same_seed_gives_the_same_people_and_another_gives_others():
    assert people_of(1) == people_of(1)
    first, other = people_of(1), people_of(2)
    assert {(one.first_name, one.last_name) for one in first} != {(one.first_name, one.last_name) for one in other}
    assert Counter(one.fate for one in first) == Counter(one.fate for one in other)
    assert Counter(one.sex for one in first) == Counter(one.sex for one in other)


@pytest.mark.parametrize("scale", [1, 10])
def test_nobody_lives_in_the_future_or_shares_a_name(scale):
    plan = yaml.safe_load(DATA.read_text())
    cases = cast(plan, starts=ON - timedelta(weeks=38), on=ON, scale=scale, rng=Random(7))
    assert len({(one.first_name, one.last_name) for one in cases}) == len(cases) == 70 * scale
    for one in cases:
        days = [day for day in (one.entry, one.outcome) if day]
        assert days == sorted(days) and all(day <= ON for day in days)

"""The compiled bilan against the slow and obvious reading, on random journals."""

import json
import os
import random
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.guide.engine.library import read_library
from essaim.guide.queries import practice_texts
from essaim.steering.queries import compute_bilan
from tests.support.journal_rows import practice_with, write_journal
from tests.support.random_journals import SCHEMA, random_definition, random_journal
from tests.support.reference_bilan import ReferenceBilan

pytestmark = pytest.mark.django_db
KINDS = sorted(SCHEMA.kinds)
ROUNDS = settings(
    max_examples=25, deadline=None, database=None, derandomize=True, print_blob=False,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def check(rng, indicators, kinds, size, action_settings=None):
    extra = {} if action_settings is None else {"settings": action_settings}
    header, facts = random_journal(rng, kinds, size, **extra)
    on = rng.choice([None, date(2008, 2, 20), date(2008, 3, 31), date(2008, 12, 31)])
    known = rng.choice([None, None, date(2024, 5, 2)])
    moments = {fact["id"]: _written(rng) for fact in facts}
    for fact in facts:  # a correction is written after what it corrects
        if "corrects" in fact:
            moments[fact["id"]] = max(moments[fact["id"]], _latest(fact, facts, moments))
    days = {id: moment.astimezone(ZoneInfo("Europe/Paris")).date() for id, moment in moments.items()}
    expected = ReferenceBilan(header, facts, "A1", indicators, on=on, known=known, recorded=days).rows()
    with transaction.atomic():
        action = write_journal(header, facts, practice_with(indicators), moments)["A1"]
        bilan = compute_bilan(action, on=on, known_on=known)
        transaction.set_rollback(True)
    assert [row.id for row in bilan.rows] == list(expected)
    for row in bilan.rows:
        found = (row.value, row.numerator, row.denominator)
        for got, wanted in zip(found, expected[row.id], strict=True):
            assert close(got, wanted), (
                row.id,
                found,
                expected[row.id],
                _explain(indicators, row.id, header, facts, on),
            )


def _explain(indicators, id, header, facts, on):
    definition = next(row for row in indicators if row["id"] == id.removesuffix(".realised"))
    return json.dumps({"definition": definition, "on": str(on), "header": header, "facts": facts})


def _written(rng):
    return datetime(2024, 5, rng.randrange(1, 4), rng.choice([1, 12, 22]), 30, tzinfo=ZoneInfo("UTC"))


def _latest(fact, facts, moments):
    by_id = {other["id"]: other for other in facts}
    latest = moments[fact["id"]]
    while fact := by_id.get(fact.get("corrects")):
        latest = max(latest, moments[fact["id"]] + timedelta(minutes=1))
    return latest


def close(got, wanted):
    if got is None or wanted is None:
        return got is wanted
    return abs(Fraction(got) - wanted) <= Fraction(1, 10**9) * max(1, abs(wanted))


def some_kinds(rng):
    """A few kinds, those that profiles and « in force » rest on more often than the others."""
    special = ["profile_declared", "contract_signed", "contract_ended", "enrolment_opened", "enrolment_closed"]
    return sorted({*rng.sample(KINDS, rng.randrange(1, 4)), *rng.sample(special, rng.randrange(0, 5))})


def random_set(rng, kinds):
    rows = [{"id": f"i{rank}", "formula": random_definition(rng, kinds)} for rank in range(rng.randrange(1, 9))]
    for rank, row in enumerate(rows):
        if rank and rng.random() < 0.2:
            row["realised"] = rng.choice([f"i{rng.randrange(rank)}", random_definition(rng, kinds)])
    return rows


@ROUNDS
@given(rng=st.randoms(use_true_random=False))
def test_random_definitions_equal_the_reference(rng):
    kinds = some_kinds(rng)
    check(rng, random_set(rng, kinds), kinds, size=rng.randrange(0, 60))


LIBRARY, _ = read_library(practice_texts())


def practice_set(practice):
    return [{"id": one.id, "formula": one.formula, "realised": one.realised} for one in practice.indicators]


def kinds_named(value):
    """The kinds of fact that definitions name, profiles included."""
    if isinstance(value, dict):
        own = value.get("of", [])
        found = set(own if isinstance(own, list) else [own])
        return found.union(*map(kinds_named, value.values())) if value else found
    return set().union(*map(kinds_named, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("practice", LIBRARY, ids=lambda practice: practice.slug)
def test_practice_sets_equal_the_reference(practice):
    rng = random.Random(practice.slug)
    indicators = practice_set(practice)
    kinds = sorted({*kinds_named(indicators), "profile_declared", "contract_ended", "enrolment_closed"})
    values = {key: setting.default for key, setting in practice.settings.items()}
    check(rng, indicators, kinds, size=160, action_settings=values)


@pytest.mark.drill
def test_many_random_definitions_equal_the_reference():
    for seed in range(int(os.environ.get("BILAN_SEEDS", "3000"))):
        rng = random.Random(seed)
        kinds = some_kinds(rng)
        check(rng, random_set(rng, kinds), kinds, size=rng.randrange(0, 60))


@pytest.mark.drill
@pytest.mark.parametrize("practice", LIBRARY, ids=lambda practice: practice.slug)
def test_practice_sets_equal_the_reference_on_many_journals(practice):
    indicators = practice_set(practice)
    kinds = sorted({*kinds_named(indicators), "profile_declared", "contract_ended", "enrolment_closed"})
    values = {key: setting.default for key, setting in practice.settings.items()}
    for seed in range(20):
        rng = random.Random(f"{practice.slug} {seed}")
        check(rng, indicators, kinds, size=rng.choice([30, 120, 300]), action_settings=values)

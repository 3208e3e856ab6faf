"""Bilans from the database."""

from datetime import date

import pytest

from essaim.steering.queries import compute_bilan
from tests.support.journal_rows import practice_with, write_journal
from tests.support.worked_examples import EXAMPLES, FACTS, HEADER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["why"])
def test_bilan_gives_the_worked_examples(example):
    practice = practice_with([{"id": "x", "formula": example["definition"]}])
    action = write_journal(HEADER, FACTS, practice)["A1"]
    on = date.fromisoformat(example.get("observed_on", "2009-06-30"))
    [row] = compute_bilan(action, on=on).rows
    assert row.value == example["expect"]


def test_data_too_long_for_the_index_is_read_all_the_same():
    header = {"actions": [{"ref": "A1", "title": "A", "starts": "2024-01-01", "ends": "2024-12-31"}]}
    common = {"action": "A1", "person": "P1", "source": "declared"}
    facts = [
        {"id": "F1", "kind": "profile_declared", "at": "2024-01-01", "data": {"level": 3}, **common},
        {"id": "F2", "kind": "profile_declared", "at": "2024-02-01",
         "data": {"level": 4, "statuses": ["registered_jobseeker"] * 200}, **common},
        {"id": "F3", "kind": "decision_made", "at": "2024-01-15",
         "data": {"step": "jury", "outcome": "accepted", "criteria": "é" * 2000}, **common},
        {"id": "F4", "kind": "decision_made", "at": "2024-03-15",
         "data": {"step": "jury", "outcome": "accepted", "criteria": "bref"}, **common},
    ]  # fmt: skip
    jury = {"count": "fact", "of": "decision_made", "where": {"data.step": "jury"}}
    rows = [
        {"id": "jury", "formula": jury},
        {"id": "before", "formula": {**jury, "where": {"data.step": "jury", "person.level": 3}}},
        {"id": "after", "formula": {**jury, "where": {"data.step": "jury", "person.level": 4}}},
        {"id": "levels", "formula": {"count": "data.level", "of": "profile_declared"}},
    ]
    action = write_journal(header, facts, practice_with(rows))["A1"]
    assert {row.id: row.value for row in compute_bilan(action).rows} == {
        "jury": 2, "before": 1, "after": 1, "levels": 2,
    }  # fmt: skip

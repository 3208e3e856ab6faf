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

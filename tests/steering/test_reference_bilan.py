"""The reference itself, on the worked examples of the indicator language."""

import json
from datetime import date
from fractions import Fraction

import pytest

from tests.support.reference_bilan import ReferenceBilan
from tests.support.worked_examples import EXAMPLES, FACTS, HEADER


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["why"])
def test_reference_gives_the_worked_examples(example):
    on = date.fromisoformat(example.get("observed_on", "2009-06-30"))
    bilan = ReferenceBilan(HEADER, FACTS, "A1", [], on=on)
    assert bilan.value(example["definition"]) == Fraction(str(example["expect"]))


def test_order_of_lines_changes_nothing():
    on = date(2009, 6, 30)
    for example in json.loads(json.dumps(EXAMPLES)):
        if "observed_on" not in example:
            bilan = ReferenceBilan(HEADER, FACTS[::-1], "A1", [], on=on)
            assert bilan.value(example["definition"]) == Fraction(str(example["expect"]))

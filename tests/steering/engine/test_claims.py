"""What a file misses, case by case."""

from datetime import date

import pytest

from essaim.steering.engine.claims import CLOSED, Held, Paper, missing_evidence

ENTRY = date(2026, 3, 2)
ASKED = ("identity", "commitment", "attendance", "work_contract")


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ({}, ("identity", "commitment", "attendance")),
        ({"left_for_a_job": True}, ASKED),
        ({"left_for_a_job": True, "has_contract": True}, ("identity", "commitment", "attendance")),
        ({"has_signed": True, "has_attended": True}, ("identity",)),
        ({"papers": (Paper("commitment", None),), "has_attended": True}, ("identity",)),
        ({"papers": (Paper("identity", ENTRY),)}, ("commitment", "attendance")),
        ({"papers": (Paper("identity", date(2026, 3, 1)),)}, ("identity", "commitment", "attendance")),
        ({"papers": (Paper("identity", date(2026, 3, 1)), Paper("identity", None))}, ("commitment", "attendance")),
        ({"papers": (Paper("identity", None),), "is_open": False}, (CLOSED,)),
    ],
)
def test_what_is_missing(held, missing):
    assert missing_evidence(ASKED, Held(entered_on=ENTRY, **held)) == missing


def test_nothing_asked_nothing_missing():
    assert missing_evidence((), Held(entered_on=ENTRY, is_open=False)) == ()


def test_a_code_that_nothing_proves_is_missing():
    assert missing_evidence(("gold",), Held(entered_on=ENTRY, papers=(Paper("gold", None),))) == ("gold",)

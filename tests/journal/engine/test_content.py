import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.journal.engine.content import canonical, digest, dump_json


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": Decimal("1.000")}, True),
        ({"a": 1000}, {"a": Decimal("1E+3")}, True),
        ({"a": 10**30}, {"a": Decimal("1e30")}, True),
        ({"a": 0}, {"a": Decimal("-0.0")}, True),
        ({"a": 0.1}, {"a": Decimal("0.10")}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 0}, {"a": False}, False),
        ({"a": "1"}, {"a": 1}, False),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, False),
        ({"a": Decimal("1.5")}, {"a": ["\x00", "15e-1"]}, True),  # which no valid content holds (E_TEXT)
        ({"a": Decimal("0.1")}, {"a": Decimal("0.1000000000000000000000000000001")}, False),
    ],
)
def test_equality_of_contents(one, other, equal):
    assert (digest(one) == digest(other)) is equal
    assert (canonical(one) == canonical(other)) is equal


NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)


@given(st.dictionaries(st.text(), st.text() | st.booleans() | NUMBERS | st.lists(st.text())))
def test_written_json_reads_back_equal(content):
    text = dump_json(content)
    assert canonical(json.loads(text, parse_float=Decimal)) == canonical(content)

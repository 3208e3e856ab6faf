"""Definitions of indicators, read and validated."""

from fractions import Fraction

import pytest

from essaim.kernel.engine.conditions import DefinitionError
from essaim.kernel.engine.definitions import Count, Number
from essaim.kernel.engine.indicators import measured_in, parse_definition, parse_indicators

COUNT = {"count": "person", "of": "enrolment_opened"}
KINDS = {"enrolment_opened", "contract_signed"}


def test_numbers_stay_exact():
    assert parse_definition(30.4375) == Number(Fraction(487, 16))
    assert parse_definition(0.1) == Number(Fraction(1, 10))


def test_same_selection_written_twice_is_the_same():
    left = parse_definition({**COUNT, "with": {"of": ["contract_signed"], "same": "person"}})
    right = parse_definition({**COUNT, "with": [{"of": "contract_signed"}], "period": "during", "where": {}})
    assert left == right
    assert isinstance(left, Count)


def test_measured_values_are_found_at_any_depth():
    nested = {"percent": [{"total": [COUNT, 1]}, {"difference": [COUNT, {"setting": "x"}]}]}
    assert len(list(measured_in(parse_definition(nested)))) == 2


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (None, ""),
        (True, ""),
        ({}, ""),
        ({"count": "person", "sum": "data.x", "of": "x"}, ""),
        ({"count": "person"}, ""),
        ({**COUNT, "of": []}, "of"),
        ({**COUNT, "of": "enrolment"}, "of"),
        ({**COUNT, "for": 1}, "for"),
        ({**COUNT, "per": "month"}, "per"),
        ({**COUNT, "period": "always"}, "period"),
        ({**COUNT, "where": {"x": 1}}, "where.x"),
        ({**COUNT, "count": "people"}, "count"),
        ({"sum": "data", "of": "contract_signed"}, "sum"),
        ({"sum": "day", "of": "contract_signed"}, "sum"),
        ({**COUNT, "with": "x"}, "with"),
        ({**COUNT, "with": [{"of": "contract_signed"}, 3]}, "with[1]"),
        ({**COUNT, "with": {"of": "contract_signed", "with": {}}}, "with.with"),
        ({**COUNT, "without": {"of": "contract_signed", "same": []}}, "without.same"),
        ({**COUNT, "without": {"of": "contract_signed", "same": "fact"}}, "without.same"),
        ({**COUNT, "without": {"of": "contract_signed", "when": "any"}}, "without.when"),
        ({**COUNT, "without": {"of": "contract_signed", "within_days": -1}}, "without.within_days"),
        ({**COUNT, "without": {"of": "contract_signed", "within_days": 1.5}}, "without.within_days"),
        ({"ratio": [1]}, "ratio"),
        ({"total": []}, "total"),
        ({"percent": [COUNT, {"ratio": [1, {"count": "x", "of": "contract_signed"}]}]}, "percent[1].ratio[1].count"),
        ({"setting": 3}, "setting"),
        ({"average": {"count": "fact"}, "of": "contract_signed"}, ""),
        ({"average": "data.x", "per": "person", "of": "contract_signed"}, "average"),
        ({"average": {"mode": "x"}, "per": "person", "of": "contract_signed"}, "average.mode"),
        ({"average": {"days_since": {"of": "contract_signed"}}, "per": "month", "of": "contract_signed"},
         "average.days_since"),
        ({"average": {"days_since": {"of": "x"}}, "per": "person", "of": "contract_signed"}, "average.days_since.of"),
        ({"average": {"days_since": 3}, "per": "person", "of": "contract_signed"}, "average.days_since"),
    ],
)  # fmt: skip
def test_faults_say_where_they_are(definition, path):
    with pytest.raises(DefinitionError) as fault:
        parse_definition(definition, "", KINDS)
    assert fault.value.path == path


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([{"formula": 1}], "[0].id"),
        ([{"id": "a", "formula": 1}, {"id": "a", "formula": 2}], "[1].id"),
        ([{"id": "a", "formula": "b"}], "[0].formula"),
        ([{"id": "a", "formula": "a"}], "[0].formula"),
        ([{"id": "a", "formula": "b"}, {"id": "b", "formula": {"total": [1, "c"]}}, {"id": "c", "formula": "a"}],
         "[0].formula"),
        ([{"id": "a", "formula": 1, "realised": "b"}], "[0].realised"),
    ],
)  # fmt: skip
def test_references_lead_to_an_indicator_and_never_back(rows, path):
    with pytest.raises(DefinitionError) as fault:
        parse_indicators(rows)
    assert fault.value.path == path


def test_one_indicator_may_serve_several_times():
    rows = [
        {"id": "rate", "formula": {"percent": ["b", "base"]}, "realised": "rate"},
        {"id": "b", "formula": {"total": ["base", "base"]}},
        {"id": "base", "formula": COUNT},
        {"id": "outside", "formula": None},
    ]
    parsed = parse_indicators(rows)
    assert [indicator.id for indicator in parsed] == ["rate", "b", "base", "outside"]
    assert parsed[3].formula is None

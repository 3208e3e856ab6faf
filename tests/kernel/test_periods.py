from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.kernel.periods import Period, add_months

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
PERIODS = (
    st.tuples(st.none() | DAYS, st.none() | DAYS).filter(lambda p: None in p or p[0] <= p[1]).map(lambda p: Period(*p))
)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_counted_as_people_do(day, months, expected):
    assert add_months(day, months) == expected


def test_both_ends_belong_to_a_period():
    period = Period(date(2026, 1, 1), date(2026, 6, 30))
    assert date(2026, 1, 1) in period and date(2026, 6, 30) in period
    assert date(2025, 12, 31) not in period and date(2026, 7, 1) not in period
    assert date(1900, 1, 1) in Period(until=date(2026, 1, 1))


def test_a_period_does_not_end_before_it_starts():
    with pytest.raises(ValueError):
        Period(date(2026, 1, 2), date(2026, 1, 1))


@given(PERIODS, PERIODS, DAYS)
def test_periods_sharing_a_day_overlap(one, other, day):
    assert one.overlaps(other) == other.overlaps(one)
    if day in one and day in other:
        assert one.overlaps(other)

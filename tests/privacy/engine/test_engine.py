"""Dates of keeping, and the birth date that an erasure leaves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.privacy.engine.births import coarsen_birth
from essaim.privacy.engine.retention import erasure_day, standing, warning_day


def age(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


births = st.dates(date(1930, 1, 1), date(2010, 12, 31))
days = st.lists(st.dates(date(2011, 1, 1), date(2030, 12, 31)), max_size=12)


@given(births, days)
def test_a_coarser_birth_gives_the_same_age_on_every_day_that_counts(born, days):
    coarse = coarsen_birth(born, days)
    assert coarse.year == born.year
    assert coarse <= born
    assert [age(coarse, day) for day in days] == [age(born, day) for day in days]
    earlier = coarse - timedelta(days=1)
    assert earlier.year < born.year or any(age(earlier, day) != age(born, day) for day in days)


@pytest.mark.parametrize(
    ("contact", "due", "warned"),
    [
        (date(2024, 11, 23), date(2026, 11, 23), date(2026, 10, 24)),
        (date(2024, 2, 29), date(2026, 2, 28), date(2026, 1, 29)),
        (date(2022, 2, 28), date(2024, 2, 28), date(2024, 1, 29)),
        (date(2024, 3, 30), date(2026, 3, 30), date(2026, 2, 28)),
        (date(2022, 3, 31), date(2024, 3, 31), date(2024, 3, 1)),
    ],
)
def test_the_day_is_two_years_later_and_announced_thirty_days_before(contact, due, warned):
    assert (erasure_day(contact), warning_day(contact)) == (due, warned)

    def stage(on, **given):
        return standing(contact, on, **({"is_followed": False, "has_obligations": False} | given)).stage

    assert stage(warned - timedelta(days=1)) == "kept"
    assert stage(warned) == "warn"
    assert stage(due - timedelta(days=1)) == "warn"
    assert stage(due) == "anonymise"
    assert stage(due, has_obligations=True) == "archive"
    assert stage(due + timedelta(days=400), is_followed=True) == "warn"

"""So often at first, then less often, never at the weekend nor on a holiday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.agenda.engine.holidays import holiday_of
from essaim.agenda.engine.rhythm import Rhythm, interval_on, next_day, rhythm_of

CLUB = Rhythm(every_first=7, first_period=30, every_later=14)
ENTERED = date(2026, 3, 2)
RHYTHMS = st.builds(Rhythm, st.integers(1, 60), st.integers(0, 180), st.integers(1, 90))
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("after", "following"),
    [
        (date(2026, 3, 2), date(2026, 3, 9)),
        (date(2026, 3, 30), date(2026, 4, 7)),  # 28 days after entry: still the first month; 6 April is Easter Monday
        (date(2026, 3, 31), date(2026, 4, 7)),  # 29 days
        (date(2026, 4, 1), date(2026, 4, 15)),  # 30 days: the first month is over
        (date(2026, 3, 7), date(2026, 3, 16)),  # a Saturday plus a week is a Saturday: Monday
    ],
)
def test_the_club_meets_weekly_then_fortnightly(after, following):
    assert next_day(CLUB, entered=ENTERED, after=after) == following


def test_settings_give_a_rhythm_or_none():
    assert rhythm_of({"every_first": 7, "first_period": 30, "every_later": 14}) == CLUB
    assert rhythm_of({"every_first": 7}) == Rhythm(7, 0, 7)
    assert rhythm_of({"every_later": 30, "first_period": 10}) == Rhythm(30, 10, 30)
    assert rhythm_of({"type": "initial", "every_first": None}) is None


@given(RHYTHMS, DAYS, st.integers(0, 400))
def test_the_next_interview_is_a_working_day_within_the_interval_and_a_weekend(rhythm, entered, days):
    after = entered + timedelta(days=days)
    interval = interval_on(rhythm, entered=entered, on=after)
    following = next_day(rhythm, entered=entered, after=after)
    assert following.weekday() < 5 and holiday_of(following) is None
    assert interval <= (following - after).days <= interval + 4
    assert interval in (rhythm.every_first, rhythm.every_later)


@given(RHYTHMS, DAYS, st.integers(0, 300))
def test_the_change_of_rhythm_happens_once(rhythm, entered, days):
    intervals = [interval_on(rhythm, entered=entered, on=entered + timedelta(days=day)) for day in range(days)]
    assert intervals == [rhythm.every_first] * min(days, rhythm.first_period) + [rhythm.every_later] * max(
        0, days - rhythm.first_period
    )

"""Holidays, series over both changes of clocks, half-days, training: calculated, without a database."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.agenda.engine.holidays import easter, first_open_day, holiday_of
from essaim.agenda.engine.series import days_of_series, local_moment, share_out
from essaim.agenda.engine.training import is_training_over, training_end
from essaim.agenda.engine.weeks import PARIS, half_days_by_week, halves_of, hours_of, monday_of

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2024, date(2024, 3, 31)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year, day):
    assert easter(year) == day


def test_the_eleven_holidays_of_a_year():
    days = {date(2026, 1, 1) + timedelta(days=n): None for n in range(365)}
    assert {day: code for day in days if (code := holiday_of(day))} == {
        date(2026, 1, 1): "new_year",
        date(2026, 4, 6): "easter_monday",
        date(2026, 5, 1): "labour_day",
        date(2026, 5, 8): "victory_day",
        date(2026, 5, 14): "ascension",
        date(2026, 5, 25): "whit_monday",
        date(2026, 7, 14): "national_day",
        date(2026, 8, 15): "assumption",
        date(2026, 11, 1): "all_saints",
        date(2026, 11, 11): "armistice",
        date(2026, 12, 25): "christmas",
    }


@given(year=st.integers(1900, 2199))
def test_easter_is_a_sunday_between_its_two_limits(year):
    day = easter(year)
    assert day.weekday() == 6 and date(year, 3, 22) <= day <= date(year, 4, 25)


def test_the_first_open_day_steps_over_the_long_weekend():
    assert first_open_day(date(2026, 5, 8)) == date(2026, 5, 11)
    assert first_open_day(date(2026, 11, 24)) == date(2026, 11, 24)


def test_a_series_leaves_holidays_out_and_tells_them():
    found = days_of_series(date(2026, 5, 4), date(2026, 5, 17), {1, 4, 5})
    assert found.days == (date(2026, 5, 4), date(2026, 5, 7), date(2026, 5, 11), date(2026, 5, 15))
    assert found.holidays == ((date(2026, 5, 8), "victory_day"), (date(2026, 5, 14), "ascension"))
    assert len(days_of_series(date(2026, 5, 4), date(2026, 5, 17), {1, 4, 5}, skips_holidays=False).days) == 6


@pytest.mark.parametrize("last", [date(2026, 5, 3), date(2027, 5, 6)])
def test_a_series_out_of_order_or_endless_is_refused(last):
    with pytest.raises(ValueError, match="a year"):
        days_of_series(date(2026, 5, 4), last, {1})


def test_nine_stays_nine_over_both_nights():
    spring = [local_moment(day, time(9)) for day in (date(2026, 3, 23), date(2026, 3, 30))]
    autumn = [local_moment(day, time(9)) for day in (date(2026, 10, 19), date(2026, 10, 26))]
    assert [moment.hour for moment in (*spring, *autumn)] == [8, 7, 7, 8]
    assert {moment.astimezone(PARIS).time() for moment in (*spring, *autumn)} == {time(9)}


def test_an_hour_skipped_or_doubled_still_has_one_moment():
    assert local_moment(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert local_moment(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(first=DAYS, weeks=st.integers(1, 40), at=st.times(min_value=time(4)).map(lambda t: t.replace(microsecond=0)))
def test_every_day_of_a_series_keeps_its_hour(first, weeks, at):
    days = days_of_series(first, first + timedelta(weeks=weeks), {first.isoweekday()}, skips_holidays=False).days
    assert len(days) == weeks + 1
    assert {local_moment(day, at).astimezone(PARIS).time() for day in days} == {at}


def test_contents_are_shared_out_in_order():
    assert share_out("abcdef", 5) == [("a", "b"), ("c",), ("d",), ("e",), ("f",)]
    assert share_out("ab", 5) == [("a",), ("b",)]
    assert share_out("", 5) == share_out("abc", 0) == []


@given(items=st.lists(st.text(min_size=1), max_size=20), days=st.integers(1, 12))
def test_sharing_out_loses_nothing(items, days):
    shared = share_out(items, days)
    assert [item for part in shared for item in part] == items
    assert len(shared) <= days and all(shared)
    assert not shared or max(map(len, shared)) - min(map(len, shared)) <= 1


def at(day, hour, minute=0):
    return local_moment(date(2026, 11, day), time(hour, minute))


def test_half_days():
    assert halves_of(at(24, 9), at(24, 12)) == [(date(2026, 11, 24), "morning")]
    assert halves_of(at(24, 9), at(24, 13, 30)) == [(date(2026, 11, 24), "morning")]
    assert halves_of(at(24, 13), at(24, 14)) == [(date(2026, 11, 24), "afternoon")]
    assert len(halves_of(at(24, 9), at(24, 17))) == 2


def test_half_days_of_a_week_are_counted_once():
    spans = [(at(24, 9), at(24, 10)), (at(24, 11), at(24, 12)), (at(26, 9), at(26, 17)), (at(30, 14), at(30, 17))]
    assert half_days_by_week(spans) == {date(2026, 11, 23): 3, date(2026, 11, 30): 1}


def test_weeks_and_hours():
    assert monday_of(date(2026, 11, 29)) == date(2026, 11, 23)
    assert hours_of(at(24, 9), at(24, 12, 20)) == Decimal("3.33")


def test_training_is_over_by_time_or_by_contents():
    opened, contents = date(2026, 11, 2), ["cv", "letter"]
    assert training_end(opened, 1) == date(2026, 11, 9)
    assert training_end(opened, None) == opened
    over = {"weeks": 1, "contents": contents}
    assert not is_training_over(opened, date(2026, 11, 8), attended=["cv"], **over)
    assert is_training_over(opened, date(2026, 11, 9), attended=[], **over)
    assert is_training_over(opened, date(2026, 11, 4), attended=["letter", "cv", "phone"], **over)
    assert not is_training_over(opened, date(2026, 11, 4), weeks=1, contents=[], attended=["cv"])

"""How long one may stay: months as people count them, a clock that stops outside, renewals counted per person."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.journeys.engine.limits import (
    Limit,
    Stay,
    days_consumed,
    due_on,
    may_enter_again,
    may_renew,
    week_of,
)
from essaim.kernel.periods import add_months

CLUB = Limit(months=3, renewals_max=1)
DAY = timedelta(days=1)
days = st.dates(date(2000, 1, 1), date(2080, 12, 31))
months = st.integers(1, 24)
renewals = st.integers(0, 5)


@pytest.mark.parametrize(
    ("opened", "renewals", "due"),
    [
        (date(2026, 3, 2), 0, date(2026, 6, 1)),
        (date(2026, 3, 2), 1, date(2026, 9, 1)),
        (date(2026, 11, 30), 0, date(2027, 2, 27)),  # no 30 February: counted from the 28th
        (date(2027, 11, 30), 0, date(2028, 2, 28)),  # counted from 29 February of a leap year
        (date(2026, 1, 31), 0, date(2026, 4, 29)),  # no 31 April
        (date(2028, 2, 29), 0, date(2028, 5, 28)),
        (date(2028, 2, 29), 1, date(2028, 8, 28)),
        (date(2026, 12, 1), 0, date(2027, 2, 28)),
    ],
)
def test_the_term_is_the_eve_of_the_same_day_so_many_months_later(opened, renewals, due):
    assert due_on(CLUB, opened, renewals=renewals) == due


def test_without_duration_there_is_no_term_and_nothing_to_renew():
    free = Limit(months=None, renewals_max=3)
    assert due_on(free, date(2026, 3, 2), renewals=1) is None
    assert not may_renew(free, [])
    assert may_enter_again(free, date(2026, 9, 1), [Stay(date(2026, 1, 1), date(2026, 8, 1))])


def test_the_clock_stops_while_she_is_out():
    former = [Stay(date(2026, 3, 2), date(2026, 3, 31))]  # 30 days out of 92
    assert due_on(CLUB, date(2026, 9, 1), former=former) == date(2026, 9, 1) + 61 * DAY
    assert due_on(CLUB, date(2026, 4, 1), former=former) == due_on(CLUB, date(2026, 3, 2))


def test_renewals_of_former_stays_count():
    former = [Stay(date(2026, 3, 2), date(2026, 8, 1), renewals=1)]
    assert not may_renew(CLUB, former)
    assert due_on(CLUB, date(2026, 10, 1), former=former) == date(2026, 10, 1) + 30 * DAY


def test_all_consumed_and_no_renewal_left_closes_the_door():
    whole = [Stay(date(2026, 3, 2), date(2026, 9, 1), renewals=1)]
    assert due_on(CLUB, date(2026, 10, 1), former=whole) == date(2026, 9, 30)
    assert not may_enter_again(CLUB, date(2026, 10, 1), whole)
    assert not may_enter_again(CLUB, date(2026, 10, 1), [Stay(date(2026, 3, 2), date(2026, 12, 1), renewals=1)])


def test_all_consumed_with_a_renewal_left_lets_her_in_to_be_renewed():
    first = [Stay(date(2026, 3, 2), date(2026, 6, 1))]
    assert may_enter_again(CLUB, date(2026, 10, 1), first)
    assert due_on(CLUB, date(2026, 10, 1), former=first) == date(2026, 9, 30)
    assert due_on(CLUB, date(2026, 10, 1), renewals=1, former=first) == date(2026, 10, 1) + 91 * DAY


def test_a_renewal_may_last_otherwise_than_the_stay():
    assert due_on(Limit(6, 2, 3), date(2026, 1, 1), renewals=2) == date(2026, 12, 31)


@given(days, months, renewals)
def test_a_single_stay_lasts_whole_months(opened, duration, count):
    limit = Limit(duration, 5)
    assert due_on(limit, opened, renewals=count) == add_months(opened, duration * (1 + count)) - DAY


@given(days, months, renewals, st.lists(st.tuples(st.integers(1, 90), st.integers(0, 60)), max_size=5))
def test_time_out_is_given_back_to_the_day(opened, duration, count, story):
    """Whatever the comings and goings, the days spent inside up to the term are those of one stay in a row."""
    limit, former, at = Limit(duration, 5), [], opened
    for inside, outside in story:
        former.append(Stay(at, at + (inside - 1) * DAY))
        at += (inside + outside) * DAY
    in_a_row = due_on(limit, opened, renewals=count)
    allowed = (in_a_row - opened).days + 1
    due = due_on(limit, at, renewals=count, former=former)
    left = (due - at).days + 1
    assert left == max(0, allowed - days_consumed(former))


@given(days, months, renewals)
def test_a_renewal_always_pushes_the_term_back(opened, duration, count):
    limit = Limit(duration, None)
    assert due_on(limit, opened, renewals=count) < due_on(limit, opened, renewals=count + 1)


@given(days, months, st.integers(0, 3), st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_the_door_is_open_as_long_as_a_day_or_a_renewal_is_left(opened, duration, most, lengths):
    limit, former, at = Limit(duration, most), [], opened
    for length in lengths:
        former.append(Stay(at, at + (length - 1) * DAY))
        at += length * DAY
    open_door = may_enter_again(limit, at, former)
    assert open_door == (due_on(limit, at, former=former) >= at or most > 0)


@given(days, months, st.integers(0, 800))
def test_weeks_count_up_to_their_total(opened, duration, later):
    due = add_months(opened, duration) - DAY
    week = week_of(opened, due, opened + later * DAY)
    assert 1 <= week.number <= week.total
    assert week.is_over == (opened + later * DAY > due)


def test_a_quarter_is_thirteen_weeks():
    assert week_of(date(2026, 3, 2), date(2026, 6, 1), date(2026, 4, 7)).number == 6
    assert week_of(date(2026, 3, 2), date(2026, 6, 1), date(2026, 4, 7)).total == 13

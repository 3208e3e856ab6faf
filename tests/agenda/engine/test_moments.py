"""Nine o'clock stays nine o'clock, whatever the clocks do that night."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.agenda.engine.moments import PARIS, NoSuchTimeError, paris_moment, same_time_on

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def test_a_time_of_paris_is_a_moment():
    assert paris_moment(date(2026, 3, 27), time(14)).astimezone(UTC) == datetime(2026, 3, 27, 13, tzinfo=UTC)
    assert paris_moment(date(2026, 3, 30), time(14)).astimezone(UTC) == datetime(2026, 3, 30, 12, tzinfo=UTC)


def test_a_skipped_time_does_not_exist():
    with pytest.raises(NoSuchTimeError):
        paris_moment(SPRING, time(2, 30))
    assert same_time_on(paris_moment(date(2026, 3, 28), time(2, 30)), SPRING) == paris_moment(SPRING, time(3, 30))


def test_a_time_that_comes_twice_is_the_first():
    assert paris_moment(AUTUMN, time(2, 30)).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.times())
def test_the_same_time_is_shown_on_both_days(first, second, at):
    at = at.replace(hour=max(at.hour, 4), fold=0)
    kept = same_time_on(paris_moment(first, at), second).astimezone(PARIS)
    assert (kept.date(), kept.time()) == (second, at)

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaim.journal.engine.moments import PARIS, parse_moment, write_moment


@pytest.mark.parametrize(
    ("text", "moment", "day"),
    [
        ("2008-03-02", datetime(2008, 3, 1, 23, tzinfo=UTC), date(2008, 3, 2)),
        ("2008-07-02", datetime(2008, 7, 1, 22, tzinfo=UTC), date(2008, 7, 2)),
        ("2008-12-31T23:30:00Z", datetime(2008, 12, 31, 23, 30, tzinfo=UTC), date(2009, 1, 1)),
        ("2008-12-31T23:30", datetime(2008, 12, 31, 22, 30, tzinfo=UTC), date(2008, 12, 31)),
        ("2008-01-01T00:30+02:00", datetime(2007, 12, 31, 22, 30, tzinfo=UTC), date(2007, 12, 31)),
        ("2008-06-30T20:00-04:00", datetime(2008, 7, 1, 0, 0, tzinfo=UTC), date(2008, 7, 1)),
        # The hour that a change of clocks skips, and the first of the one it repeats.
        ("2008-03-30T02:30", datetime(2008, 3, 30, 1, 30, tzinfo=UTC), date(2008, 3, 30)),
        ("2008-10-26T02:30", datetime(2008, 10, 26, 0, 30, tzinfo=UTC), date(2008, 10, 26)),
        ("2008-03-02T10:00:01.5Z", datetime(2008, 3, 2, 10, 0, 1, 500000, tzinfo=UTC), date(2008, 3, 2)),
        ("2008-02-29", datetime(2008, 2, 28, 23, tzinfo=UTC), date(2008, 2, 29)),
        ("2100-12-31T23:30Z", datetime(2100, 12, 31, 23, 30, tzinfo=UTC), date(2101, 1, 1)),
    ],
)
def test_moment_and_paris_day(text, moment, day):
    assert parse_moment(text) == (moment, day)


FIRST, LAST = datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2100-12-30")


@given(st.datetimes(FIRST, LAST, timezones=st.just(PARIS)))
def test_written_moments_read_back(at):
    assert parse_moment(write_moment(at))[0] == at.astimezone(UTC)


def test_naive_moment_is_refused():
    with pytest.raises(ValueError, match="without time zone"):
        write_moment(datetime.fromisoformat("2008-03-02T10:00"))

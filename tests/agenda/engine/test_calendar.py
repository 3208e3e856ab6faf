"""Where things stand on a page of calendar."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from essaim.agenda.engine.calendar import Place, hours_shown, place_all, week_of

DAY = datetime(2026, 11, 24, tzinfo=UTC)  # winter: Paris is one hour ahead


def span(hour, minutes, length=60):
    starts = DAY + timedelta(hours=hour - 1, minutes=minutes)
    return starts, starts + timedelta(minutes=length)


def test_an_office_day_is_shown_wider_when_needed():
    assert hours_shown([span(9, 0)]) == range(8, 18)
    assert hours_shown([span(7, 30), span(18, 30)]) == range(7, 20)
    assert hours_shown([span(23, 30)]) == range(8, 24)


def test_quarters_of_an_hour_are_rows():
    assert place_all([span(8, 0), span(9, 30, 45), span(14, 10, 5)], range(8, 18)) == [
        Place(1, 4, 1),
        Place(7, 3, 1),
        Place(25, 1, 1),
    ]


def test_things_at_once_stand_side_by_side():
    places = place_all([span(10, 0), span(9, 0, 120), span(11, 0)], range(8, 18))
    assert [(place.row, place.lane) for place in places] == [(9, 2), (5, 1), (13, 1)]


def test_what_nothing_touches_takes_the_whole_width():
    places = place_all([span(9, 0), span(14, 0), span(14, 30)], range(8, 18))
    assert [(place.lanes, place.is_alone) for place in places] == [(2, True), (2, False), (2, False)]


def test_a_week_begins_on_monday():
    assert week_of(date(2026, 11, 26))[0] == date(2026, 11, 23)
    assert week_of(date(2026, 11, 29))[-1] == date(2026, 11, 29)


@given(st.lists(st.tuples(st.integers(0, 1380), st.integers(1, 600)), max_size=12))
def test_no_two_things_overlap_in_a_lane(times):
    times = [
        (DAY + timedelta(minutes=start - 60), DAY + timedelta(minutes=start - 60 + length)) for start, length in times
    ]
    hours = hours_shown(times)
    places = place_all(times, hours)
    cells = [(place.lane, row) for place in places for row in range(place.row, place.row + place.span)]
    assert len(cells) == len(set(cells))
    assert all(place.row >= 1 and place.row + place.span - 1 <= len(hours) * 4 for place in places)

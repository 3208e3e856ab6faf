"""Where things stand on a page of calendar: rows of a quarter of an hour, lanes side by side. No Django, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from essaim.agenda.engine.moments import PARIS

MINUTES_A_ROW = 15
ROWS_AN_HOUR = 60 // MINUTES_A_ROW
FIRST_HOUR, LAST_HOUR = 8, 18


@dataclass(frozen=True, slots=True)
class Place:
    """The first row of something (1 at the top of the page), how many rows it takes, its lane (1 on the left) and how
    many lanes its day has; ``is_alone`` when nothing else takes place meanwhile.
    """

    row: int
    span: int
    lane: int
    lanes: int = 1
    is_alone: bool = True


def hours_shown(times: Sequence[tuple[datetime, datetime]]) -> range:
    """Return the hours that a page shows: those of an office, wider when something takes place before or after."""
    first, last = FIRST_HOUR, LAST_HOUR
    for starts, ends in times:
        local, end = starts.astimezone(PARIS), ends.astimezone(PARIS)
        is_same_day = local.date() == end.date()
        first = min(first, local.hour)
        last = max(last, end.hour + (end.minute > 0) if is_same_day else 24)
    return range(first, last)


def place_all(times: Sequence[tuple[datetime, datetime]], hours: range) -> list[Place]:
    """Return where each of these times of one day stands, in order: things at the same time have different lanes.
    One that nothing touches may take the whole width.

    What is shorter than a row takes one; what goes beyond the hours shown is cut there.
    """
    last_row = len(hours) * ROWS_AN_HOUR
    free_from: list[int] = []
    places: dict[int, Place] = {}
    for number in sorted(range(len(times)), key=lambda one: times[one]):
        starts, ends = times[number]
        row = max(0, min(_row(starts, hours), last_row - 1))
        end = max(row + 1, min(last_row, row + _rows_of(starts, ends)))
        lane = next((lane for lane, free in enumerate(free_from) if free <= row), len(free_from))
        free_from[lane : lane + 1] = [end]
        places[number] = Place(row + 1, end - row, lane + 1)
    return [_beside(places[number], list(places.values())) for number in range(len(times))]


def _beside(place: Place, places: list[Place]) -> Place:
    """This place, knowing what stands beside it."""
    touching = [one for one in places if one.row < place.row + place.span and place.row < one.row + one.span]
    lanes = max(one.lane for one in places)
    return replace(place, lanes=lanes, is_alone=len(touching) == 1)


def week_of(day: date) -> list[date]:
    """Return the seven days of the week of ``day``, from Monday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def _row(moment: datetime, hours: range) -> int:
    local = moment.astimezone(PARIS)
    return ((local.hour - hours.start) * 60 + local.minute) // MINUTES_A_ROW


def _rows_of(starts: datetime, ends: datetime) -> int:
    local = starts.astimezone(PARIS)
    minutes = local.minute % MINUTES_A_ROW + int((ends - starts).total_seconds()) // 60
    return -(-minutes // MINUTES_A_ROW)

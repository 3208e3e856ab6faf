"""Wall-clock times of Paris made into moments: what a counsellor reads on her watch, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class NoSuchTimeError(ValueError):
    """That time does not exist that day: the clocks went forward over it."""


def paris_moment(day: date, at: time) -> datetime:
    """Return the moment when clocks in Paris show ``at`` on ``day``.

    A time that comes twice (clocks going back) is the first of the two. Raises NoSuchTimeError for a time that
    the clocks skip.
    """
    moment = datetime.combine(day, at, tzinfo=PARIS)
    shown = moment.astimezone(UTC).astimezone(PARIS)
    if shown.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise NoSuchTimeError(f"{at:%H:%M} does not exist on {day}")
    return moment


def same_time_on(moment: datetime, day: date) -> datetime:
    """Return the moment of ``day`` at which clocks in Paris show the same time as at ``moment``.

    An hour later when the clocks skip that time.
    """
    shown = moment.astimezone(PARIS).time()
    try:
        return paris_moment(day, shown)
    except NoSuchTimeError:
        later = datetime.combine(day, shown) + timedelta(hours=1)
        return paris_moment(later.date(), later.time())

"""Dates and moments as journals write them (FACTS §3)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FIRST_YEAR, LAST_YEAR = 1900, 2100

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


@lru_cache(maxsize=65536)
def parse_date(text: str) -> date:
    """Return the day written ``YYYY-MM-DD``.

    Raises ValueError for another form, a day the calendar does not have, or a year outside 1900..2100.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(text)
    return day


@lru_cache(maxsize=65536)
def parse_moment(text: str) -> tuple[datetime, date]:
    """Return the moment (aware, UTC) and the Paris day of a date or datetime.

    A bare date is midnight in Paris; a time without offset is Paris time (an hour that occurs twice is the first
    one, an hour that a change of clocks skips keeps its day). The years 1900..2100 bound what is written: only the
    conversion of the last or first hours of that range may give a day outside it. Raises ValueError otherwise.
    """
    if len(text) == 10:
        day = parse_date(text)
        return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC), day
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day = parse_date(match[1])
    micro = int((match[5] or "").ljust(6, "0"))
    zone = _offset(match[6]) if match[6] else PARIS
    written = datetime(
        day.year, day.month, day.day, int(match[2]), int(match[3]), int(match[4] or 0), micro, tzinfo=zone
    )
    return written.astimezone(UTC), written.astimezone(PARIS).date()


def write_moment(at: date | datetime) -> str:
    """Return the text of ``at`` as a journal writes it; a naive moment is refused with ValueError."""
    if not isinstance(at, datetime):
        return at.isoformat()
    if at.tzinfo is None:
        raise ValueError("a moment without time zone cannot be written")
    local = at.astimezone(PARIS)
    # Before 1911 Paris was 9 min 21 s ahead: an offset the format cannot write.
    if local.utcoffset() and local.utcoffset().seconds % 60:  # type: ignore[union-attr]
        local = at.astimezone(UTC)
    return local.isoformat()


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if text[0] == "-" else delta)

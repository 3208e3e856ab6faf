"""The hours at which a rehearsal plays its days."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def at_hour(day: date, hour: int = 19) -> datetime:
    """Return that hour of the day, in Paris."""
    return datetime.combine(day, time(hour), PARIS)

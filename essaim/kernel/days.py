"""Days are Paris days: the journal, the screens and the bilans cut the time line at the same midnights."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


def paris_day(moment: datetime) -> date:
    """Return the day of an aware moment in Paris; a naive one is refused with ``ValueError``."""
    if timezone.is_naive(moment):
        raise ValueError("a moment without time zone has no day")
    return moment.astimezone(PARIS).date()


def today(now: datetime | None = None) -> date:
    """Return today's day in Paris, or the day of ``now`` when it is given."""
    return paris_day(now or timezone.now())

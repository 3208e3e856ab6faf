"""Days are Paris days: the journal, the screens and the bilans cut the time line at the same midnights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")
_rehearsed: ContextVar[datetime | None] = ContextVar("moment of a rehearsal", default=None)


@contextmanager
def rehearsed_at(moment: datetime) -> Iterator[None]:
    """Let the queries called inside believe that it is ``moment``: a rehearsal plays each step on its own day."""
    token = _rehearsed.set(moment)
    try:
        yield
    finally:
        _rehearsed.reset(token)


def present() -> datetime:
    """Return this moment, or that of the rehearsal being played. Operations are given theirs: see ``now``."""
    return _rehearsed.get() or timezone.now()


def paris_day(moment: datetime) -> date:
    """Return the day of an aware moment in Paris; a naive one is refused with ``ValueError``."""
    if timezone.is_naive(moment):
        raise ValueError("a moment without time zone has no day")
    return moment.astimezone(PARIS).date()


def today(now: datetime | None = None) -> date:
    """Return today's day in Paris, or the day of ``now`` when it is given."""
    return paris_day(now or present())

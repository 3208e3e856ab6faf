"""Weeks and half-days: what a group, or a person, does from Monday to Sunday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from essaim.agenda.engine.moments import PARIS

NOON, AFTERNOON = time(13), time(14)

Half = Literal["morning", "afternoon"]


def monday_of(day: date) -> date:
    """Return the Monday of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def halves_of(starts: datetime, ends: datetime) -> list[tuple[date, Half]]:
    """Return the half-days that a session takes up, in Paris time.

    It takes the morning when it starts before 13 h, the afternoon when it starts later or ends after 14 h.
    """
    first, last = starts.astimezone(PARIS), ends.astimezone(PARIS)
    halves: list[tuple[date, Half]] = []
    if first.time() < NOON:
        halves.append((first.date(), "morning"))
    if first.time() >= NOON or last.time() > AFTERNOON or last.date() > first.date():
        halves.append((first.date(), "afternoon"))
    return halves


def half_days_by_week(spans: Iterable[tuple[datetime, datetime]]) -> dict[date, int]:
    """Return how many different half-days these sessions take up, by Monday of their week."""
    taken = {half for starts, ends in spans for half in halves_of(starts, ends)}
    weeks: dict[date, int] = {}
    for day, _ in taken:
        monday = monday_of(day)
        weeks[monday] = weeks.get(monday, 0) + 1
    return weeks


def hours_of(starts: datetime, ends: datetime) -> Decimal:
    """Return how long a session lasts, in hours to the hundredth, real time."""
    seconds = Decimal(int((ends - starts).total_seconds()))
    return (seconds / 3600).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

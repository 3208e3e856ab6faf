"""What an instrument plays when a practice is rehearsed: one step, for one invented person, on one day.

An app gives, in its ``rehearse.py``, a function a step kind, named in ``Instrument.rehearse``::

    def rehearse_exit(case: Case, rng: Random, now: datetime) -> date | None:
        close_enrolment(enrolment=case.enrolment, reason=case.fate["exit"], …)

It calls the operations that the screens call, never the tables, and returns the day on which it wants to be played
again for the same person, or None. Plain Python: the objects of the apps go through as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
HALF_HOURS = [time(hour, minute) for hour in range(8, 18) for minute in (0, 30)]
MEETING = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Traits:
    """Who an invented person is. ``source`` is the rank of her prescriber, ``commune`` a rank too."""

    sex: str
    first_name: str
    last_name: str
    birth_date: date
    phone: str
    commune: int
    level: int
    source: int
    is_protected: bool = False


@dataclass(slots=True)
class Stage:
    """What every case of a rehearsal shares: the action, its groups, its team, its prescribers, the employers."""

    action: Any
    counsellors: Sequence[Any]
    prescribers: Sequence[Any]
    companies: Sequence[Any]
    communes: Sequence[Any]
    groups: Sequence[Any] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    """One invented person going through a practice, or (``traits`` None) a group or the action itself.

    ``step`` is the step being played, ``settings`` its settings in this action, ``params`` what the scenario says of
    it. ``memory`` is the players' own; ``person`` and ``enrolment`` are set by those that make them.
    """

    stage: Stage
    by: Any
    traits: Traits | None = None
    fate: Mapping[str, Any] = field(default_factory=dict)
    entry: date | None = None
    outcome: date | None = None
    group: Any = None
    person: Any = None
    enrolment: Any = None
    step: Any = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)


def moments_of(day: date, rng: Random) -> Iterator[tuple[datetime, datetime]]:
    """Yield the half-hours of a working day from one taken at random: (start, end), for who must find a free one."""
    first = rng.randrange(len(HALF_HOURS))
    for rank in range(len(HALF_HOURS)):
        starts = datetime.combine(day, HALF_HOURS[(first + rank) % len(HALF_HOURS)], PARIS)
        yield starts, starts + MEETING

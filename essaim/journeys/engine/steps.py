"""The steps of a parcours: which come next, and the strip of hexagons that shows where a person stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Look = Literal["done", "current", "next", "skipped"]


class PlannedStep(Protocol):
    """The shape of a step of a practice."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def after(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcours stands on one step."""

    status: str
    since: date


@dataclass(frozen=True, slots=True)
class StripStep:
    """One hexagon. ``number`` counts from 1."""

    number: int
    key: str
    kind: str
    label: str
    look: Look
    day: date | None = None


def strip_of(steps: Iterable[PlannedStep], standings: Mapping[str, Standing]) -> list[StripStep]:
    """Return the strip of one parcours, in the order of the practice. A step never reached is still to
    come.
    """
    looks: dict[str, Look] = {"done": "done", "current": "current", "skipped": "skipped"}
    strip = []
    for number, step in enumerate(steps, start=1):
        standing = standings.get(step.key)
        look = looks[standing.status] if standing else "next"
        strip.append(StripStep(number, step.key, step.kind, step.label, look, standing.since if standing else None))
    return strip


def steps_now_open(steps: Iterable[PlannedStep], standings: Mapping[str, Standing]) -> list[str]:
    """Return the steps not reached yet whose every predecessor is done or skipped.

    A step without ``after`` follows the step written before it; the first one is open from the start.
    """
    over = {key for key, standing in standings.items() if standing.status in {"done", "skipped"}}
    opened, previous = [], None
    for step in steps:
        needed = set(step.after) or ({previous} if previous else set())
        if step.key not in standings and needed <= over:
            opened.append(step.key)
        previous = step.key
    return opened

"""A scenario: input counts and a plan of steps, never a result. Read from YAML, refused when it does not add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

MOMENTS = ("entry", "outcome", "group", "action")


class ScenarioError(ValueError):
    """A scenario that cannot be played, in French."""


@dataclass(frozen=True, slots=True)
class Fate:
    """So many people to whom the same happens. ``stay`` is how many days they stay, a range; None: still there.

    ``entered`` is false for those who never enter (refused, waiting, not seen yet); ``data`` is what the players read,
    and ``enters_within``, in how many days the first places are filled when these people are those who filled them.
    """

    key: str
    count: int
    stay: tuple[int, int] | None
    entered: bool
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """A step to play: at a moment of each person (or of each group, or of the action), so many days after it.

    ``total`` spreads exactly that many plays over the stays; ``every`` repeats it for a group or the action, from the
    first ``weekday`` (0 = Monday) when given.
    """

    step: str
    at: str
    days: tuple[int, int] = (0, 0)
    fates: tuple[str, ...] = ()
    total: int | None = None
    every: int | None = None
    weekday: int | None = None
    params: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole rehearsal of one practice, between two days."""

    practice: str
    title: str
    starts: date
    ends: date
    settings: Mapping[str, Any]
    budget: tuple[Mapping[str, Any], ...]
    targets: Mapping[str, Any]
    groups: int
    places_each: int
    fills_first: bool
    women: int
    low_level: int
    fates: tuple[Fate, ...]
    plan: tuple[Planned, ...]
    words: Mapping[str, Any]

    @property
    def entered(self) -> int:
        """How many people enter."""
        return sum(fate.count for fate in self.fates if fate.entered)

    @property
    def people(self) -> int:
        """How many people there are."""
        return sum(fate.count for fate in self.fates)

    def scaled(self, scale: float) -> Scenario:
        """Return the same scenario with its counts multiplied, each rounded, none that existed down to nothing."""
        fates = tuple(replace(fate, count=_times(fate.count, scale)) for fate in self.fates)
        plan = tuple(replace(one, total=_times(one.total, scale)) if one.total else one for one in self.plan)
        smaller = replace(self, fates=fates, plan=plan, groups=_times(self.groups, scale))
        return replace(
            smaller,
            women=min(smaller.people, _times(self.women, smaller.people / self.people)),
            low_level=min(smaller.entered, _times(self.low_level, smaller.entered / self.entered)),
        )


def read_scenario(data: Mapping[str, Any], *, on: date | None = None) -> Scenario:
    """Return the scenario written in ``data``; weeks are counted back from ``on`` when it gives no dates.

    Raises ScenarioError when counts exceed the people, a moment or a fate does not exist.
    """
    starts, ends = _dates(data, on)
    fates = tuple(_fate(key, row) for key, row in data["fates"].items())
    scenario = Scenario(
        practice=data["practice"],
        title=data["title"],
        starts=starts,
        ends=ends,
        settings=data.get("settings", {}),
        budget=tuple(data.get("budget", ())),
        targets=data.get("targets", {}),
        groups=data["places"]["groups"],
        places_each=data["places"]["each"],
        fills_first=data["places"].get("fills_first", False),
        women=data["women"],
        low_level=data["low_level"],
        fates=fates,
        plan=tuple(_planned(row) for row in data["plan"]),
        words=data.get("words", {}),
    )
    _check(scenario)
    return scenario


def _dates(data: Mapping[str, Any], on: date | None) -> tuple[date, date]:
    if "weeks" in data:
        if on is None:
            raise ScenarioError("ce scénario compte ses semaines à partir d’un jour : donnez-le")
        return on - timedelta(weeks=data["weeks"]), on
    return data["starts"], data["ends"]


def _fate(key: str, row: Mapping[str, Any]) -> Fate:
    stay = row.get("stay")
    return Fate(
        key=key,
        count=row["count"],
        stay=(stay[0], stay[1]) if stay else None,
        entered=row.get("entered", True),
        data={"key": key} | {name: value for name, value in row.items() if name not in {"count", "stay"}},
    )


def _planned(row: Mapping[str, Any]) -> Planned:
    days = row.get("days", 0)
    return Planned(
        step=row["step"],
        at=row.get("at", "entry"),
        days=(days, days) if isinstance(days, int) else (days[0], days[1]),
        fates=tuple(row.get("fates", ())),
        total=row.get("total"),
        every=row.get("every"),
        weekday=row.get("weekday"),
        params=row.get("params", {}),
    )


def _check(scenario: Scenario) -> None:
    if scenario.women > scenario.people or scenario.low_level > scenario.entered:
        raise ScenarioError("plus de femmes ou de bas niveaux que de personnes")
    known = {fate.key for fate in scenario.fates}
    for planned in scenario.plan:
        if planned.at not in MOMENTS:
            raise ScenarioError(f"« {planned.at} » n’est pas un moment")
        if unknown := set(planned.fates) - known:
            raise ScenarioError(f"issue inconnue : {', '.join(sorted(unknown))}")


def _times(count: int, scale: float) -> int:
    return max(1, round(count * scale)) if count else 0

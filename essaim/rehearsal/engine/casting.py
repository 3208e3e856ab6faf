"""Who the invented people are, when each enters and leaves, in which group: exact counts, the same for a same seed."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from essaim.kernel.rehearsing import Traits
from essaim.rehearsal.engine.scenario import Fate, Scenario

T = TypeVar("T")

# What precedes an entry (orientation, interview) and follows an outcome (exit, rupture) lies inside the scenario.
DAYS_BEFORE = 16
DAYS_AFTER = 12
LONGEST_INSIDE = 75
PROTECTED_EVERY = 24
COMMUNE_WEIGHTS = (6, 2, 2, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Role:
    """One invented person and the days of her parcours. ``group`` is a rank; ``entry`` None: she never enters."""

    traits: Traits
    fate: Fate
    entry: date | None
    outcome: date | None
    group: int
    met: date


def cast_roles(scenario: Scenario, names: Mapping[str, Any], *, sources: int, rng: Random) -> list[Role]:
    """Draw the roles of a scenario: so many women, so many of a low level among those who enter, so many of each fate.

    No group ever holds more than its places. Raises ValueError when the scenario cannot be fitted between its days.
    """
    fates = [fate for fate in scenario.fates for _ in range(fate.count)]
    traits = _draw_traits(scenario, names, fates, sources, rng)
    roles = [_draw_role(scenario, fate, one, rng) for fate, one in zip(fates, traits, strict=True)]
    return _seat(scenario, sorted(roles, key=lambda role: (role.entry or role.met, role.traits.last_name)))


def _draw_traits(
    scenario: Scenario, names: Mapping[str, Any], fates: Sequence[Fate], sources: int, rng: Random
) -> list[Traits]:
    total, entering = len(fates), [fate.entered for fate in fates]
    sexes = _shuffled(rng, ["female"] * scenario.women + ["male"] * (total - scenario.women))
    levels = iter(_shuffled(rng, _levels(rng, scenario.low_level, sum(entering))))
    pairs = _name_pairs(names, sexes, rng)
    return [
        Traits(
            sex=sexes[rank],
            first_name=pairs[rank][0],
            last_name=pairs[rank][1],
            birth_date=scenario.starts - timedelta(days=rng.randint(18 * 366, 26 * 365)),
            phone=f"063998{rng.randrange(10_000):04d}" if rng.random() > 0.08 else "",
            commune=rng.choices(range(6), weights=COMMUNE_WEIGHTS)[0],
            level=next(levels) if enters else 3,
            source=rng.randrange(sources),
            is_protected=rank % PROTECTED_EVERY == PROTECTED_EVERY - 1,
        )
        for rank, enters in enumerate(entering)
    ]


def _draw_role(scenario: Scenario, fate: Fate, traits: Traits, rng: Random) -> Role:
    first, last = scenario.starts + timedelta(days=DAYS_BEFORE), scenario.ends
    if not fate.entered:
        met = last - timedelta(days=rng.randint(2, 12))
        return Role(traits, fate, None, None, 0, met)
    if fate.stay is None:
        entry = last - timedelta(days=rng.randint(2, LONGEST_INSIDE))
        return Role(traits, fate, _working_day(max(entry, first)), None, 0, entry)
    stay = rng.randint(*fate.stay)
    room = (last - first).days - stay - DAYS_AFTER
    if room < 0:
        raise ValueError(f"« {fate.key} » ne tient pas entre les deux jours du scénario")
    entry = _working_day(first + timedelta(days=rng.randint(0, min(room, fate.data.get("enters_within", room)))))
    return Role(traits, fate, entry, entry + timedelta(days=stay), 0, entry)


def _seat(scenario: Scenario, roles: Sequence[Role]) -> list[Role]:
    """Give each who enters a group with a free place on her days, later if none is free."""
    leaving: list[list[date]] = [[] for _ in range(scenario.groups)]
    seated: list[Role] = []
    for role in roles:
        if role.entry is None:
            seated.append(replace(role, group=len(seated) % scenario.groups))
            continue
        group, entry = _free_group(scenario, leaving, role.entry)
        shift = entry - role.entry
        role = replace(role, entry=entry, group=group, outcome=role.outcome and role.outcome + shift)
        if (role.outcome or role.entry or scenario.ends) > scenario.ends:
            raise ValueError("les groupes du scénario n’ont pas assez de places pour tous ceux qui entrent")
        # One day more than the stay: an exit and an entry of the same day may be played in either order.
        insort(leaving[group], (role.outcome or scenario.ends) + timedelta(days=DAYS_AFTER))
        seated.append(role)
    return seated


def _free_group(scenario: Scenario, leaving: Sequence[list[date]], entry: date) -> tuple[int, date]:
    while True:
        taken = [sum(day >= entry for day in days) for days in leaving]
        free = [rank for rank, number in enumerate(taken) if number < scenario.places_each]
        if free:
            return (free[0] if scenario.fills_first else min(free, key=lambda rank: (taken[rank], rank))), entry
        entry = _working_day(entry + timedelta(days=1))


def _working_day(day: date) -> date:
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def _shuffled(rng: Random, values: list[T]) -> list[T]:
    rng.shuffle(values)
    return values


def _levels(rng: Random, low: int, total: int) -> list[int]:
    return [rng.choice([1, 2, 3, 3]) for _ in range(low)] + [rng.choice([4, 4, 5]) for _ in range(total - low)]


def _name_pairs(names: Mapping[str, Any], sexes: Sequence[str], rng: Random) -> list[tuple[str, str]]:
    """Give each a different pair of names; a second last name tells the many of a large rehearsal apart."""
    taken: set[tuple[str, str]] = set()
    pairs = []
    for sex in sexes:
        pair = (rng.choice(names["first_names"][sex]), rng.choice(names["last_names"]))
        while pair in taken:
            pair = (rng.choice(names["first_names"][sex]), f"{pair[1]}-{rng.choice(names['last_names'])}"[:80])
        taken.add(pair)
        pairs.append(pair)
    return pairs

"""Who the invented people are and what happens to them: drawn from input counts, the same for the same seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")

# What follows a signature (correction, rupture, exit) happens within these days, before the day of the demonstration.
DAYS_AFTER = 25
# One in so many of those still inside is a protected person.
PROTECTED_EVERY = 16
FATES = ("durable", "short", "training", "lost", "term", "inside")


@dataclass(frozen=True, slots=True)
class Case:
    """One invented person. ``entry`` is None for someone known but not enrolled yet; ``commune`` is a rank."""

    sex: str
    first_name: str
    last_name: str
    birth_date: date
    phone: str
    commune: int
    is_protected: bool
    level: int
    fate: str
    entry: date | None
    outcome: date | None = None
    is_corrected: bool = False
    ends_early: bool = False


def cast(plan: dict[str, Any], *, starts: date, on: date, scale: int, rng: Random) -> list[Case]:
    """Draw the cases of ``plan`` (the demonstration file), ``scale`` times its counts, all between two days.

    Every count of the plan is met exactly: so many women, so many of a low level, so many of each fate. Those whose
    fate takes time entered early enough to have lived it by ``on``; the entries are spread over the months.
    """
    counts = {key: value * scale for key, value in plan["counts"].items()}
    fates = [fate for fate in FATES for _ in range(counts[fate])]
    total = len(fates) + counts["not_yet"]
    sexes = _shuffled(rng, ["female"] * counts["women"] + ["male"] * (total - counts["women"]))
    levels = _shuffled(rng, _levels(rng, counts["low_level"], len(fates))) + [3] * counts["not_yet"]
    names = _names(plan, sexes, rng)
    ranks = dict.fromkeys(FATES, 0)
    cases = []
    for index, fate in enumerate([*fates, *["not_yet"] * counts["not_yet"]]):
        rank = ranks.get(fate, 0)
        if fate in ranks:
            ranks[fate] += 1
        is_corrected = fate == "durable" and rank < counts["corrected"]
        is_recent = fate == "durable" and not is_corrected and rank < counts["corrected"] + counts["just_signed"]
        entry, outcome = _this_week(plan, on, rng) if is_recent else _dates(fate, plan, starts, on, rng)
        cases.append(
            Case(
                sex=sexes[index],
                first_name=names[index][0],
                last_name=names[index][1],
                birth_date=on - timedelta(days=rng.randint(18 * 366, 29 * 365)),
                phone=f"063998{rng.randrange(10_000):04d}" if rng.random() > 0.08 else "",
                commune=rng.choices(range(6), weights=[6, 2, 2, 1, 1, 1])[0],
                is_protected=fate == "inside" and rank % PROTECTED_EVERY == 0,
                level=levels[index],
                fate=fate,
                entry=entry,
                outcome=outcome,
                is_corrected=is_corrected,
                ends_early=fate == "short" and rank < counts["ended_early"],
            )
        )
    return cases


def _shuffled(rng: Random, values: list[T]) -> list[T]:
    rng.shuffle(values)
    return values


def _levels(rng: Random, low: int, total: int) -> list[int]:
    return [rng.choice([1, 2, 3, 3]) for _ in range(low)] + [rng.choice([4, 4, 5]) for _ in range(total - low)]


def _names(plan: dict[str, Any], sexes: list[str], rng: Random) -> list[tuple[str, str]]:
    """Give each a different pair of names; a third name tells the many of a large demonstration apart."""
    taken: set[tuple[str, str]] = set()
    names = []
    for sex in sexes:
        pair = (rng.choice(plan["first_names"][sex]), rng.choice(plan["last_names"]))
        while pair in taken:
            pair = (rng.choice(plan["first_names"][sex]), f"{pair[1]}-{rng.choice(plan['last_names'])}"[:80])
        taken.add(pair)
        names.append(pair)
    return names


def _this_week(plan: dict[str, Any], on: date, rng: Random) -> tuple[date, date]:
    signed = on - timedelta(days=rng.randint(1, 6))
    return signed - timedelta(days=rng.randint(*plan["days_to_contract"])), signed


def _dates(fate: str, plan: dict[str, Any], starts: date, on: date, rng: Random) -> tuple[date | None, date | None]:
    if fate == "not_yet":
        return None, None
    allowed = plan["days_allowed"]
    if fate == "inside":
        return on - timedelta(days=rng.randint(2, 80)), None
    if fate == "term":
        entry = starts + timedelta(days=rng.randint(0, (on - starts).days - allowed - 1))
        return entry, entry + timedelta(days=allowed)
    wait = rng.randint(*plan["days_to_contract"])
    entry = starts + timedelta(days=rng.randint(0, (on - starts).days - wait - DAYS_AFTER))
    return entry, entry + timedelta(days=wait)

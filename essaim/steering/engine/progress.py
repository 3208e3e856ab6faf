"""How far a target is, and whether the pace of the action leads there. No words: codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Number = int | float
REACHED, ON_PACE, BEHIND, BELOW, EXCEEDED, WITHIN, UNKNOWN = (
    "reached", "on_pace", "behind", "below", "exceeded", "within", "unknown",
)  # fmt: skip
# What is reached may trail the calendar by this share of it before it is called late.
TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Progress:
    """``state`` is a code; ``left`` what remains (of a ceiling, what may still be spent); ``share`` of the target that
    is reached, 0 to 1 and beyond; ``elapsed`` of the action's days; ``monthly`` what each month left must bring.
    """

    state: str
    left: Number | None
    share: float | None
    elapsed: float
    monthly: float | None


def progress_of(
    *, reached: Number | None, target: Number, starts: date, ends: date, on: date, is_count: bool, is_ceiling: bool
) -> Progress:
    """Compare what is reached with a target on a day of an action.

    A count (``is_count``) grows with time: it has a pace. A share or an average is above or below. A ceiling (a cost)
    is kept or exceeded.
    """
    elapsed = _elapsed(starts, ends, on)
    if reached is None:
        return Progress(UNKNOWN, None, None, elapsed, None)
    left, share = target - reached, (reached / target if target else None)
    if is_ceiling:
        return Progress(EXCEEDED if reached > target else WITHIN, left, share, elapsed, None)
    if reached >= target:
        return Progress(REACHED, 0, share, elapsed, None)
    if not is_count:
        return Progress(BELOW, left, share, elapsed, None)
    months = max((ends - max(on, starts)).days, 0) / 30.4375
    monthly = left / months if months >= 1 else None
    is_late = (share or 0) + TOLERANCE < elapsed
    return Progress(BEHIND if is_late else ON_PACE, left, share, elapsed, monthly)


def _elapsed(starts: date, ends: date, on: date) -> float:
    days = (ends - starts).days + 1
    return min(max((on - starts).days + 1, 0) / days, 1.0)

"""Targets of an action with what is reached, and what each cost is counted on, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from essaim.accounts.models import Membership
from essaim.journal.models import Action
from essaim.journeys.models import TargetChange
from essaim.journeys.queries import practice_of
from essaim.journeys.queries.targets import list_target_changes_for
from essaim.kernel.formats import number
from essaim.steering.engine.progress import (
    BEHIND,
    BELOW,
    EXCEEDED,
    ON_PACE,
    REACHED,
    UNKNOWN,
    WITHIN,
    Progress,
    progress_of,
)
from essaim.steering.queries.page import REALISED, BilanLine, get_bilan_page

WORDS = {
    REACHED: "Atteinte",
    ON_PACE: "Au rythme prévu",
    BEHIND: "En retard sur le calendrier",
    BELOW: "Pas encore atteinte",
    EXCEEDED: "Dépassée",
    WITHIN: "Tenue",
    UNKNOWN: "Pas encore mesurée",
}
TONES = {
    REACHED: "success",
    ON_PACE: "info",
    BEHIND: "warning",
    BELOW: "warning",
    EXCEEDED: "danger",
    WITHIN: "success",
}


@dataclass(frozen=True, slots=True)
class TargetLine:
    """An indicator that may have a target: the words of both, how it goes, and its changes since the launch."""

    id: str
    label: str
    definition: str
    target: str
    reached: str
    base: str
    progress: Progress | None
    changes: tuple[TargetChange, ...]
    is_cost: bool

    @property
    def state(self) -> str:
        """How it goes, in words."""
        return WORDS[self.progress.state] if self.progress else ""

    @property
    def tone(self) -> str:
        """The tone of the chip."""
        return TONES.get(self.progress.state, "") if self.progress else ""

    @property
    def pace(self) -> str:
        """What remains, and what each month left must bring, in words."""
        found = self.progress
        if found is None or not found.left or found.state in {REACHED, UNKNOWN, BELOW, EXCEEDED, WITHIN}:
            return ""
        words = f"il manque {_round(found.left)}"
        return f"{words}, soit {_round(found.monthly)} par mois" if found.monthly else words


@dataclass(frozen=True, slots=True)
class TargetPage:
    """The targets of an action, those that have one first, and its costs."""

    lines: list[TargetLine]
    others: list[TargetLine]
    costs: list[BilanLine]
    on: date


def get_targets_for(viewer: Membership | None, action: Action, on: date) -> TargetPage:
    """Return the targets of an action obtained through ``get_action_for``, seen on a day, and what each cost of its
    practice is counted on. For who steers it: the changes are empty for the others.
    """
    seen = min(max(on, action.starts), action.ends)
    page = get_bilan_page(action, dates={"since": None, "until": None, "on": seen, "known_on": None})
    kinds = {one.id: one.kind for one in practice_of(action).indicators}
    found = {line.row.id: line for line in page.lines}
    changes: dict[str, list[TargetChange]] = {}
    for change in list_target_changes_for(viewer, action):
        changes.setdefault(change.indicator, []).append(change)
    lines = [
        _line(action, line, found.get(f"{key}{REALISED}"), kinds[key], tuple(changes.get(key, ())), seen)
        for key, line in found.items()
        if key in kinds
    ]
    return TargetPage(
        lines=[line for line in lines if line.target],
        others=[line for line in lines if not line.target and kinds[line.id] != "target"],
        costs=[line for key, line in found.items() if kinds.get(key) == "cost"],
        on=seen,
    )


def _line(
    action: Action,
    line: BilanLine,
    realised: BilanLine | None,
    kind: str,
    changes: tuple[TargetChange, ...],
    on: date,
) -> TargetLine:
    reached = realised or line
    is_cost, target = kind == "cost", line.row.target
    progress = None
    if target is not None:
        progress = progress_of(
            reached=reached.row.value if reached.is_recorded else None,
            target=target,
            starts=action.starts,
            ends=action.ends,
            on=on,
            is_count=reached.row.denominator is None and not line.row.unit.startswith("EUR"),
            is_ceiling=is_cost,
        )
    value = reached.value if reached.is_recorded else ""
    return TargetLine(
        line.row.id, line.label, line.definition, line.target, value, reached.base, progress, changes, is_cost
    )


def _round(value: int | float) -> str:
    return number(round(value) if value >= 10 else round(value, 1))

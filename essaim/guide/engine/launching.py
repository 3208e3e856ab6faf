"""What a practice asks of the instruments: what is missing, and what it sets wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from essaim.guide.engine.schema import Alert, PracticeFile, Step
from essaim.guide.engine.source import Path
from essaim.kernel.contract import Setting


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of a practice that no instrument of this house carries out yet."""

    part: str  # "step", "alert" or "tool"
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """The missing parts of one nature, each label once."""

    title: str
    labels: tuple[str, ...]


MISSING_TITLES = {"step": "Étapes", "alert": "Veilles", "tool": "Documents"}


@dataclass(frozen=True, slots=True)
class Offered:
    """What this house offers: settings by kind, and the kinds of facts when they are to be checked."""

    steps: Mapping[str, tuple[Setting, ...]]
    alerts: Mapping[str, tuple[Setting, ...]]
    tools: Iterable[str] = ()
    facts: frozenset[str] = frozenset()


def missing_for_launch(practice: PracticeFile, offered: Offered) -> tuple[Missing, ...]:
    """Return every step, alert and tool of the practice whose kind nothing here carries out.

    A practice without any step cannot be launched either: see ``can_launch``.
    """
    tools = set(offered.tools)
    return (
        *(Missing("step", step.label, step.kind) for step in practice.steps if step.kind not in offered.steps),
        *(Missing("alert", alert.label, alert.kind) for alert in practice.alerts if alert.kind not in offered.alerts),
        *(Missing("tool", tool.label, tool.kind) for tool in practice.tools if tool.kind not in tools),
    )


def group_missing(missing: Iterable[Missing]) -> tuple[MissingGroup, ...]:
    """Return what is missing by nature, steps first, as people read it: labels in the order of the file."""
    found = list(missing)
    groups = [
        MissingGroup(title, tuple(dict.fromkeys(item.label for item in found if item.part == part)))
        for part, title in MISSING_TITLES.items()
    ]
    return tuple(group for group in groups if group.labels)


def can_launch(practice: PracticeFile, offered: Offered) -> bool:
    """Tell whether the practice has steps and everything it uses is here."""
    return bool(practice.steps) and not missing_for_launch(practice, offered)


def find_misfits(practice: PracticeFile, offered: Offered) -> list[tuple[Path, str]]:
    """Return (path, message in French) for each setting given to a known kind that does not know it, and each
    formula that counts facts of an unknown kind."""
    return [
        *_unknown("steps", practice.steps, offered.steps),
        *_unknown("alerts", practice.alerts, offered.alerts),
        *(
            _unknown_facts(practice.definition.get("indicators", []), ("indicators",), offered.facts)
            if offered.facts
            else ()
        ),
    ]


def _unknown_facts(value: Any, path: Path, facts: frozenset[str]) -> Iterator[tuple[Path, str]]:
    if isinstance(value, list):
        for rank, item in enumerate(value):
            yield from _unknown_facts(item, (*path, rank), facts)
    elif isinstance(value, dict):
        kinds = value.get("of", [])
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if not isinstance(kind, str) or kind not in facts:
                yield (*path, "of"), f"« {kind} » n’est pas une nature de fait"
        for key, item in value.items():
            yield from _unknown_facts(item, (*path, key), facts)


def _unknown(
    name: str, parts: Sequence[Step | Alert], kinds: Mapping[str, tuple[Setting, ...]]
) -> Iterator[tuple[Path, str]]:
    for rank, part in enumerate(parts):
        if part.kind in kinds:
            known = {setting.key for setting in kinds[part.kind]}
            for key in part.settings:
                if key not in known:
                    yield (name, rank, "settings", key), f"« {part.kind} » n’a pas de réglage « {key} »"

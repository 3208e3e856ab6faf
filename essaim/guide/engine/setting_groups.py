"""The settings of a practice as its reader thinks of them: who enters, then stage after stage of the path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from essaim.guide.engine.schema import PracticeFile
from essaim.guide.engine.settings import is_reference
from essaim.kernel.contract import Setting

ENTRY = "Qui peut entrer"
OTHER_STEPS = "Les autres étapes"
ALERTS = "Les veilles"
TOOLS = "Les documents"
FIGURES = "Les comptes du bilan"
TEXTS = "À lire, sans calcul"
REST = "Autres réglages"


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that serve the same thing, in the order of the file."""

    title: str
    settings: tuple[Setting, ...]


def group_settings(practice: PracticeFile) -> tuple[SettingGroup, ...]:
    """Return every setting of the practice once, under the first thing that reads it.

    The order is that of the parcours: the rules of entry, each stage of the path, the steps that no stage tells, the
    watches, the documents, the formulas, and at last what nothing computes with.
    """
    title_of: dict[str, str] = {}
    titles: dict[str, None] = {}
    for title, value in _readers(practice):
        titles.setdefault(title)
        for key in _keys_in(value):
            title_of.setdefault(key, title)
    for key, setting in practice.settings.items():
        title_of.setdefault(key, TEXTS if setting.only_text else REST)
    groups = [
        SettingGroup(title, tuple(one for key, one in practice.settings.items() if title_of[key] == title))
        for title in (*titles, TEXTS, REST)
    ]
    return tuple(group for group in groups if group.settings)


def _readers(practice: PracticeFile) -> Iterator[tuple[str, Any]]:
    """What reads settings: (title of its group, the data in which it names them)."""
    for rule in practice.eligibility:
        yield ENTRY, rule.where
    steps = {step.key: step.settings for step in practice.steps}
    for stage in practice.presentation.path if practice.presentation else ():
        yield stage.title, [steps[key] for key in stage.steps if key in steps]
    yield OTHER_STEPS, list(steps.values())
    yield ALERTS, [alert.settings for alert in practice.alerts]
    yield TOOLS, [[tool.settings, list(tool.fields)] for tool in practice.tools]
    yield FIGURES, [[indicator.formula, indicator.realised] for indicator in practice.indicators]


def _keys_in(value: Any) -> Iterator[str]:
    if is_reference(value):
        yield value["setting"]
    elif isinstance(value, dict):
        for item in value.values():
            yield from _keys_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _keys_in(item)

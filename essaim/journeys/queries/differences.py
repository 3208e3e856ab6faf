"""What an action does otherwise than its fiche: since the launch, and what changed later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from essaim.guide.engine.differences import is_adapted
from essaim.guide.engine.settings import value_at_launch
from essaim.guide.engine.words import setting_in_words, typographic
from essaim.journal.models import Action
from essaim.journeys.models import SettingChange
from essaim.journeys.queries.actions import practice_of
from essaim.kernel.contract import Setting


@dataclass(frozen=True, slots=True)
class DatedChange:
    """A value given to a setting, in words, by whom and when."""

    value: str
    by: str
    at: datetime
    is_launch: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that is, or was, something else than in the fiche. ``source`` says where the fiche took its value;
    ``steps`` tell the values it had here, the launch first when it was adapted there.
    """

    key: str
    label: str
    fiche: str
    source: str
    now: str
    is_back: bool  # changed and changed back: the fiche's value again
    steps: tuple[DatedChange, ...]


def list_differences(action: Action) -> list[Difference]:
    """Return the settings of an action that differ from its fiche, or did, in the order of the fiche. Two queries at
    most: the action's practice and its changes.
    """
    practice = practice_of(action)
    changes: dict[str, list[SettingChange]] = {}
    for change in action.setting_changes.select_related("by").order_by("at", "pk"):
        changes.setdefault(change.key, []).append(change)
    found = []
    for key, setting in practice.settings.items():
        later = changes.get(key, [])
        launched = later[0].old_value if later else action.settings.get(key)
        proposed = value_at_launch(setting, action.starts)
        if later or is_adapted(launched, proposed):
            labels = practice.choice_labels.get(key)
            found.append(_difference(action, setting, labels, launched, proposed, later))
    return found


def _difference(
    action: Action,
    setting: Setting,
    labels: Mapping[str, str] | None,
    launched: Any,
    proposed: Any,
    later: list[SettingChange],
) -> Difference:
    def words(value: Any) -> str:
        return setting_in_words(setting, value, labels)

    value = action.settings.get(setting.key)
    steps = [DatedChange(words(change.new_value), change.by.full_name, change.at) for change in later]
    if is_adapted(launched, proposed):
        by = action.created_by.full_name if action.created_by else ""
        steps.insert(0, DatedChange(words(launched), by, action.created_at, is_launch=True))
    return Difference(
        key=setting.key,
        label=typographic(setting.label or setting.key),
        fiche=words(proposed),
        source=typographic(setting.source),
        now=words(value),
        is_back=not is_adapted(value, proposed),
        steps=tuple(steps),
    )

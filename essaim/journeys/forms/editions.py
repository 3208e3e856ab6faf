"""The form of a next edition: that of a launch, filled with what the edition before it gives."""

import re
from typing import Any

from essaim.guide.engine import PracticeFile
from essaim.journal.models import Action
from essaim.journeys.forms.launch import ROWS, LaunchForm
from essaim.journeys.queries import CarriedOver
from essaim.kernel.setting_fields import initial_of

MOST_ROWS = 40
ROW = re.compile(r"^(?:partners|budget)\.([0-9]{1,3})\.")


class EditionForm(LaunchForm):
    """Everything is taken over, and everything can be changed before it is launched."""

    def __init__(
        self, data: Any = None, *, carried: CarriedOver, source: Action, practice: PracticeFile, **kwargs: Any
    ):
        typed = [int(found[1]) + 1 for name in data or () if (found := ROW.match(name))]
        needed = max(len(carried.partners), len(carried.budget)) + 1
        self.rows = min(max(ROWS, needed, *typed), MOST_ROWS)
        initial = _initial(carried, source, practice)
        super().__init__(data, practice=practice, initial=initial, **kwargs)


def _initial(carried: CarriedOver, source: Action, practice: PracticeFile) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": carried.title,
        "starts": carried.starts,
        "ends": carried.ends,
        "places": source.places,
        "territory": source.territory,
    }
    for key, value in carried.settings.items():
        found[f"settings.{key}"] = initial_of(practice.settings[key], value)
    for key, target in carried.targets.items():
        found[f"targets.{key}"] = target
    for row, partner in enumerate(carried.partners):
        found |= {
            f"partners.{row}.organisation": partner.organisation,
            f"partners.{row}.role": partner.role,
            f"partners.{row}.sees_people": partner.sees_people,
        }
    later = carried.starts.year - source.starts.year
    for row, line in enumerate(carried.budget):
        found |= {
            f"budget.{row}.category": line.category,
            f"budget.{row}.year": line.year + later,
            f"budget.{row}.amount": line.amount,
        }
    return found

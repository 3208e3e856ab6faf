"""One form field for each type of setting, and the value the operations expect of it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from essaim.kernel.contract import Setting
from essaim.kernel.formats import number
from essaim.kernel.forms import DateField, DecimalField, IntegerField, MoneyField, TextField

LONGEST_TEXT = 200


class WordsField(TextField):
    """A list of words or numbers separated by commas."""

    def clean(self, value: Any) -> list[str]:
        return [word.strip() for word in super().clean(value).split(",") if word.strip()]


def field_of(setting: Setting, choice_labels: Mapping[str, str]) -> forms.Field:
    """Return the field of a setting: empty means not known yet, the source is the help."""
    label = setting.label or setting.key
    common: dict[str, Any] = {"label": label, "required": False, "help_text": setting.source}
    unit = setting.unit.replace("EUR", "euros") or (
        "jours" if setting.type == "duration" else "euros" if setting.type == "money" else ""
    )
    if unit and unit not in label.lower():
        common["label"] = f"{label} ({unit})"
    limits: dict[str, Any] = {"min_value": setting.min, "max_value": setting.max}
    limits["error_messages"] = {
        name: f"{number(limits[name])} {words}."
        for name, words in (("min_value", "au moins"), ("max_value", "au plus"))
        if limits[name] is not None
    }
    choices = [(choice, choice_labels.get(choice, choice)) for choice in setting.choices]
    match setting.type:
        case "int" | "duration":
            return IntegerField(**common, **limits)
        case "decimal":
            return DecimalField(**common, **limits)
        case "money":
            return MoneyField(**common, **limits)
        case "date":
            return DateField(**common)
        case "bool":
            return forms.BooleanField(**common)
        case "choice":
            return forms.ChoiceField(**common, choices=[("", "à préciser"), *choices])
        case "list" if choices:
            return forms.MultipleChoiceField(**common, choices=choices, widget=forms.CheckboxSelectMultiple)
        case "list":
            return WordsField(**common)
    return TextField(**common, max_length=LONGEST_TEXT)


def initial_of(setting: Setting, value: Any) -> Any:
    """Return what the field of a setting shows for a stored value."""
    if setting.type == "list" and not setting.choices and value:
        return ", ".join(str(item) for item in value)
    return list(value) if isinstance(value, tuple) else value


def value_of(setting: Setting, cleaned: Any) -> Any:
    """Return the value to store: plain JSON numbers, ISO dates, null when nothing was written."""
    if isinstance(cleaned, Decimal):
        return int(cleaned) if cleaned == cleaned.to_integral_value() else float(cleaned)
    if isinstance(cleaned, date):
        return cleaned.isoformat()
    if setting.type == "list":
        return [_item_of(setting, item) for item in cleaned or ()]
    return None if cleaned == "" else cleaned


def _item_of(setting: Setting, typed: str) -> Any:
    """An item of a list keeps the type of the practice's own items: a number stays a number."""
    known = {str(item): item for item in (*setting.choices, *(setting.default or ()))}
    if typed in known:
        return known[typed]
    has_numbers = any(isinstance(item, int | float) for item in known.values())
    if not has_numbers:
        return typed
    try:
        return int(typed)
    except ValueError:
        return typed

"""The typed settings of a practice: what a value may be, and what a reference to a setting stands for."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from essaim.kernel.contract import AtLaunch, Setting, SettingType

TYPES: tuple[str, ...] = get_args(SettingType)
AT_LAUNCH: tuple[str, ...] = get_args(AtLaunch)
LAUNCH_TYPES: Mapping[str, tuple[str, ...]] = {"start_year": ("int", "date"), "places": ("int",)}
KEY = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
REF = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")
TEXT_LENGTH = 200
NUMBERS = ("int", "decimal", "money", "duration")


def check_value(setting: Setting, value: Any) -> str | None:
    """Say in French what is wrong with ``value`` for this setting; None when it is right.

    Null is right for any setting: not known yet. Durations are whole days, money has two decimals at most.
    """
    if value is None:
        return None
    if setting.type in NUMBERS:
        return _check_number(setting, value)
    if setting.type == "bool":
        return None if isinstance(value, bool) else "répondez par oui ou par non"
    if setting.type == "list":
        return _check_list(setting, value)
    if not isinstance(value, str) or not value.strip():
        return "écrivez un texte"
    if len(value) > TEXT_LENGTH:
        return f"{TEXT_LENGTH} caractères au plus"
    return _check_text(setting, value)


def is_reference(value: Any) -> bool:
    """Tell whether ``value`` is a reference to a setting: ``{"setting": key}``."""
    return isinstance(value, Mapping) and set(value) == {"setting"}


def resolve(value: Any, settings: Mapping[str, Any]) -> Any:
    """Return ``value`` with each ``{"setting": key}`` in it replaced by that setting's value, or null."""
    if is_reference(value):
        return settings.get(value["setting"])
    if isinstance(value, Mapping):
        return {key: resolve(item, settings) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, settings) for item in value]
    return value


def defaults_of(settings: Mapping[str, Setting]) -> dict[str, Any]:
    """Return the default of each setting by key, in the order of the file."""
    return {key: setting.default for key, setting in settings.items()}


def value_at_launch(setting: Setting, starts: date) -> Any:
    """Return what an action starting that day gets where nobody says otherwise: the year of that day, or its
    first of January, for a setting that follows it; else the default.
    """
    if setting.at_launch != "start_year":
        return setting.default
    return starts.year if setting.type == "int" else date(starts.year, 1, 1).isoformat()


def values_at_launch(settings: Mapping[str, Setting], starts: date) -> dict[str, Any]:
    """Return ``value_at_launch`` of each setting by key, in the order of the file."""
    return {key: value_at_launch(setting, starts) for key, setting in settings.items()}


def sizing_settings(settings: Mapping[str, Setting]) -> list[Setting]:
    """Return the settings whose defaults, added up, are the places proposed for an action."""
    return [setting for setting in settings.values() if setting.at_launch == "places" and setting.default]


def _check_number(setting: Setting, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "écrivez un nombre"
    if setting.type in ("int", "duration") and value != int(value):
        return "écrivez un nombre entier"
    if setting.type == "money" and round(value, 2) != value:
        return "deux décimales au plus"
    lowest = 0 if setting.min is None and setting.type == "duration" else setting.min
    if lowest is not None and value < lowest:
        return f"{_plain(lowest)} au moins"
    if setting.max is not None and value > setting.max:
        return f"{_plain(setting.max)} au plus"
    return None


def _check_list(setting: Setting, value: Any) -> str | None:
    if not isinstance(value, list | tuple):
        return "écrivez une liste"
    if any(isinstance(item, list | tuple | Mapping) or item is None for item in value):
        return "chaque élément de la liste est un mot ou un nombre"
    if setting.choices and (unknown := [str(item) for item in value if item not in setting.choices]):
        return f"« {unknown[0]} » n’est pas un choix possible"
    return None


def _check_text(setting: Setting, value: str) -> str | None:
    if setting.type == "choice" and value not in setting.choices:
        return f"« {value} » n’est pas un choix possible"
    if setting.type == "ref" and not REF.match(value):
        return "une référence n’a que des lettres, des chiffres et . _ : -"
    if setting.type == "date":
        try:
            return None if date.fromisoformat(value).isoformat() == value else "écrivez la date AAAA-MM-JJ"
        except ValueError:
            return "écrivez la date AAAA-MM-JJ"
    return None


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")

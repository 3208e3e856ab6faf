"""Settings and figures in plain French words, and the texts of a fiche that quote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from essaim.kernel.contract import Setting

THIN = "\u202f"
NBSP = "\u00a0"
INVARIABLE = {"mois", "fois", "h"}
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
BEFORE_SIGN = re.compile(r" ([:;?!%€])")
RANGE = re.compile(r"(?<=[0-9])-(?=[0-9])")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


def figure_in_words(value: int | float | str, unit: str = "") -> str:
    """Write a published figure: ``90 000 €``, ``43 %``, ``1/3``, ``7 à 8``; a count stands alone, without its noun."""
    text = RANGE.sub(" à ", value) if isinstance(value, str) else _number(value)
    if unit == "%" or unit.startswith("EUR"):
        return f"{text}{NBSP}{unit.replace('EUR', '€', 1).replace('€/', '€ par ')}"
    return text


def quantity_in_words(value: int | float, unit: str) -> str:
    """Write a number with its unit, singular below two: ``1 demi-journée``, ``3 mois``."""
    if unit == "%" or not unit:
        return f"{_number(value)}{NBSP}%" if unit else _number(value)
    words = unit.split()
    if abs(value) < 2:
        words = [word if word in INVARIABLE else word.removesuffix("s") for word in words]
    return f"{_number(value)}{NBSP}{' '.join(words)}"


def setting_in_words(setting: Setting, value: Any, labels: Mapping[str, str] | None = None) -> str:
    """Write the value of a setting as readers expect; ``labels`` are the words of its choices, by code."""
    if value is None:
        return "à préciser"
    labels = labels or {}
    match setting.type:
        case "bool":
            return "oui" if value else "non"
        case "money":
            return f"{_number(value)}{NBSP}€"
        case "duration":
            return quantity_in_words(value, setting.unit or "jours")
        case "int" if _is_year(setting):
            return str(value)
        case "int" | "decimal":
            return quantity_in_words(value, setting.unit)
        case "date":
            return _day(value)
        case "list":
            return _enumerate([labels.get(item, str(item)) for item in value]) or "aucun"
    return labels.get(value, str(value))


def typographic(text: str) -> str:
    """Return ``text`` with curly apostrophes and the unbreakable spaces of French punctuation."""
    text = text.replace("'", "’").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")
    return BEFORE_SIGN.sub(lambda found: f"{NBSP}{found[1]}", text)


def fill(text: str, words_of: Callable[[str], str]) -> str:
    """Replace each ``{key}`` of ``text`` by what ``words_of`` says of it, whose KeyError goes through."""
    return PLACEHOLDER.sub(lambda found: words_of(found[1]), text)


def _is_year(setting: Setting) -> bool:
    """A whole number of four digits whatever happens, without unit: it is not grouped by thousands."""
    bounds = (setting.min, setting.max)
    return not setting.unit and all(bound is not None and 1000 <= bound <= 9999 for bound in bounds)


def _enumerate(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} et {words[-1]}" if len(words) > 1 else "".join(words)


def _number(value: int | float) -> str:
    whole, _, decimals = f"{abs(Decimal(str(value))):f}".partition(".")
    decimals = decimals.rstrip("0")
    written = f"{int(whole):,}".replace(",", THIN)
    written = f"{written},{decimals}" if decimals else written
    return f"−{written}" if value < 0 else written


def _day(value: str) -> str:
    year, month, day = value.split("-")
    number = "1er" if day == "01" else str(int(day))
    return f"{number} {MONTHS[int(month) - 1]} {year}"

"""What a card of the sheet of profiles may say. Plain Python: it returns codes, not sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST_CARDS = 20
LENGTHS = {"trade": 60, "skills": 100, "licence": 40, "availability": 60, "words": 160}
# What employers must never learn from a card (DESIGN §6), however it is written.
_FORBIDDEN = {
    "contact": re.compile(r"@|(?:\d[\s.\-]?){9,}"),
    "age": re.compile(r"\bâgée?s?\b|\b(?:ai|a)\s+\d{2}\s*ans\b|\bné(?:e|\(e\)|·e)?\s+(?:en|le)\b", re.IGNORECASE),
    "health": re.compile(r"\brqth\b|\bhandicap", re.IGNORECASE),
    "origin": re.compile(r"\bqpv\b|\bzus\b|quartiers?\s+prioritaires?|\bnationalité\b", re.IGNORECASE),
}


def find_forbidden(text: str, last_name: str = "") -> str | None:
    """Return the code of what must not be shown in this text (contact, age, health, origin, name), None when clean."""
    for code, pattern in _FORBIDDEN.items():
        if pattern.search(text):
            return code
    if last_name and re.search(rf"\b{re.escape(last_name)}\b", text, re.IGNORECASE):
        return "name"
    return None


def initial_of(first_name: str) -> str:
    """Return the initial of a first name with its full stop: ``K.``, compound ones too: ``J.-N.``."""
    return "-".join(f"{part[0].upper()}." for part in first_name.replace(" ", "-").split("-") if part)


def card_of(card: Mapping[str, str], *, first_name: str, fields: list[str]) -> dict[str, str]:
    """Return the card as employers read it: the chosen fields only, headed by the first name or its initial."""
    shown = {key: value for key, value in card.items() if key in fields and value and key in LENGTHS}
    heading = first_name if "first_name" in fields else initial_of(first_name)
    return {"heading": heading, **shown}

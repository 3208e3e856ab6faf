"""Logs hold ids and codes: what slips in from a path or an error of the database is blotted out."""

import re
from collections.abc import MutableMapping
from typing import Any

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
BLOTS = (
    # PostgreSQL repeats the values of the row: « DETAIL:  Key (email)=(…) already exists. »
    (re.compile(r"(DETAIL|CONTEXT):[^\n]*"), r"\1: …"),
    (re.compile(r"[\w.+'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[courriel]"),
    # The token of a link: at least 22 characters where a path segment or a parameter stands.
    (re.compile(rf"(/|%2F|=)(?!{UUID}\b)[A-Za-z0-9_-]{{22,}}", re.IGNORECASE), r"\1[jeton]"),
)
KEYS_TO_HIDE = frozenset({"email", "password", "token", "name", "first_name", "last_name", "phone", "note"})


def hide_personal_data(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: blot out addresses, tokens and row values in every text of the event."""
    for key, value in event.items():
        if key in KEYS_TO_HIDE:
            event[key] = "[masqué]"
        elif isinstance(value, str):
            event[key] = blot(value)
    return event


def blot(text: str) -> str:
    """Return the text without e-mail address, link token or value repeated by the database."""
    for pattern, replacement in BLOTS:
        text = pattern.sub(replacement, text)
    return text

"""Rows of a list held in memory: read by dotted path, searched and sorted as the database would."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any


def resolve_path(row: Any, path: str) -> Any:
    """Follow ``a.b`` or ``a__b`` through attributes or keys; None as soon as something is missing."""
    for name in path.replace("__", ".").split("."):
        if row is None:
            return None
        row = row.get(name) if isinstance(row, dict) else getattr(row, name, None)
        if callable(row):
            row = row()
    return row


def folded(text: object) -> str:
    """Return a text without accents or capitals, to compare."""
    spread = unicodedata.normalize("NFKD", str(text).casefold())
    return "".join(mark for mark in spread if not unicodedata.combining(mark))


def words_match(search: str, values: Iterable[Any]) -> bool:
    """Whether each word of the search is in one of the values, accents and capitals set aside."""
    texts = [folded(value) for value in values if value is not None]
    return all(any(word in text for text in texts) for word in folded(search).split())


def sort_rows(rows: list[Any], paths: tuple[str, ...], *, is_descending: bool) -> list[Any]:
    """Return the rows in order, missing values last both ways, equals in the order they came."""
    for path in reversed(paths):
        missing = [row for row in rows if resolve_path(row, path) is None]
        known = [row for row in rows if resolve_path(row, path) is not None]
        known.sort(key=lambda row: _sort_key(resolve_path(row, path)), reverse=is_descending)
        rows = known + missing
    return rows


def _sort_key(value: Any) -> Any:
    return folded(value) if isinstance(value, str) else value

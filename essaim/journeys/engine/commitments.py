"""What a commitment says once frozen, and the short mark of its words. Plain Python."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

MARK_LENGTH = 12


def clauses_of(fields: Iterable[Mapping[str, Any]], in_words: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the clauses of a document: ``title`` and ``lines``, each text told by ``in_words``."""
    return [
        {"title": in_words(str(field.get("title", ""))), "lines": [in_words(str(item)) for item in _items(field)]}
        for field in fields
    ]


def mark_of(content: Mapping[str, Any]) -> str:
    """Return the short mark of frozen words: the same words, the same mark; it tells nothing of them."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:MARK_LENGTH]


def _items(field: Mapping[str, Any]) -> Iterable[Any]:
    items = field.get("items", ())
    return items if isinstance(items, list | tuple) else (items,)

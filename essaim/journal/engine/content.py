"""Equality and writing of contents: two contents are equal when their JSON values are (key order free, 1 = 1.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

_encode_text = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
# No valid content holds U+0000: a number written after it cannot be mistaken for a text.
_NUMBER = "\x00"
_LARGE = 10**18


def canonical(content: Any) -> str:
    """Return one text for all equal contents: sorted keys, one spelling for each number, ``true`` never ``1``."""
    return _encode(_plain(content))


def digest(content: Mapping[str, Any]) -> UUID:
    """Return the 128-bit digest of a content: equal contents have equal digests, others differ."""
    return UUID(bytes=blake2b(canonical(content).encode("utf-8"), digest_size=16).digest())


def dump_json(value: Any) -> str:
    """Return the JSON text of ``value`` with every decimal written exactly, which ``json.dumps`` cannot do."""
    if isinstance(value, str):
        return _encode_text(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(_trim(value)) if isinstance(value, Decimal) else str(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_encode_text(key)}:{dump_json(item)}" for key, item in value.items()) + "}"
    return "[" + ",".join(dump_json(item) for item in value) + "]"


class ContentEncoder(json.JSONEncoder):
    """Lets a JSON column take the values of a fact as they are, decimals included."""

    def encode(self, o: Any) -> str:
        """Return the exact JSON text of ``o``."""
        return dump_json(o)


def _trim(number: Decimal) -> Decimal:
    """Leave out the zeros at the end of a number of very many decimals, which a database number cannot hold."""
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or exponent > -100:
        return number
    kept = len("".join(map(str, digits)).rstrip("0"))
    return Decimal((sign, digits[:kept], exponent + len(digits) - kept)) if kept else Decimal(0)


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is bool or value is None or (kind is int and -_LARGE < value < _LARGE):
        return value
    if kind is dict:
        return {key: item if type(item) is str else _plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_plain(item) for item in value]
    if isinstance(value, str):  # a member of one of our lists of codes
        return str(value)
    return _spell(Decimal(repr(value)) if kind is float else Decimal(value))


def _spell(number: Decimal) -> Any:
    sign, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    exponent = int(exponent) + len(digits) - len(text)
    if not text:
        return 0
    if exponent >= 0 and exponent + len(text) <= 18:
        return (-1 if sign else 1) * int(text + "0" * exponent)
    return [_NUMBER, f"{'-' if sign else ''}{text}e{exponent}"]

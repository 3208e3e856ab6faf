"""One line of a file, from bytes to an object. Nothing a file may hold makes this crash."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from essaim.journal.engine.faults import FaultError

BOM = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_HUGE = "1" + "0" * 6


def is_blank(raw: bytes) -> bool:
    """Say whether a line holds nothing but JSON white space."""
    return not raw.strip(_BLANKS)


def parse_line(raw: bytes) -> Any:
    """Return the JSON value of a line, numbers with a point or an exponent as exact decimals.

    Raises FaultError E_ENCODING, E_DUPLICATE_KEY, E_JSON (NaN, Infinity and nesting beyond reason included) or E_TEXT.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FaultError("E_ENCODING", f"la ligne n’est pas en UTF-8 (octet {error.start + 1})") from None
    value = _decode(text)
    if "\\u" in text:
        _refuse_bad_text(value)
    return value


def _decode(text: str) -> Any:
    try:
        return _FAST.decode(text)
    except json.JSONDecodeError as error:
        raise FaultError("E_JSON", f"ce n’est pas du JSON (caractère {error.pos + 1})") from None
    except RecursionError:
        raise FaultError("E_JSON", "objets ou listes imbriqués au-delà de toute raison") from None
    except ValueError:  # an integer of thousands of digits
        try:
            return _SLOW.decode(text)
        except json.JSONDecodeError as error:
            raise FaultError("E_JSON", f"ce n’est pas du JSON (caractère {error.pos + 1})") from None
        except RecursionError:
            raise FaultError("E_JSON", "objets ou listes imbriqués au-delà de toute raison") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise FaultError("E_DUPLICATE_KEY", f"la clé « {_shown(twice)} » est deux fois dans le même objet")
    return found


def _shown(text: str) -> str:
    return text[:80].encode("utf-8", "replace").decode("utf-8").replace("\x00", "?")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond any use: as large or as small as can be told apart
        mantissa, _, exponent = text.lower().partition("e")
        if not mantissa.strip("-0."):
            return Decimal(0)
        sign = "-" if text.startswith("-") else ""
        return Decimal(f"{sign}1e{'-' if exponent.startswith('-') else ''}{_HUGE}")


def _constant(text: str) -> NoReturn:
    raise FaultError("E_JSON", f"{text} n’est pas du JSON")


_FAST = json.JSONDecoder(object_pairs_hook=_object, parse_float=_decimal, parse_constant=_constant)
_SLOW = json.JSONDecoder(object_pairs_hook=_object, parse_float=_decimal, parse_int=_decimal, parse_constant=_constant)


def _refuse_bad_text(value: Any) -> None:
    """Raise E_TEXT when a string, keys included, holds U+0000 or half of a surrogate pair."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.keys())
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, str) and ("\x00" in item or any("\ud800" <= char <= "\udfff" for char in item)):
            raise FaultError("E_TEXT", "un texte contient U+0000 ou une moitié de caractère (surrogate isolé)")

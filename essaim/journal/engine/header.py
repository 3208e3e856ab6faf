"""The first line of a file: which actions, organisations and sessions its facts may name (FACTS §1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from essaim.journal.engine.declarations import Declarations, Row, RowType
from essaim.journal.engine.facts import check_reference, decimals, is_integer
from essaim.journal.engine.faults import FaultError
from essaim.journal.engine.moments import parse_date, parse_moment
from essaim.journal.engine.schema import RowSchema, load_schema

SCHEMA = load_schema()
_LISTS: Mapping[str, tuple[RowType, RowSchema]] = {
    "actions": ("action", SCHEMA.action),
    "organisations": ("organisation", SCHEMA.organisation),
    "sessions": ("session", SCHEMA.session),
}
_KEYS = {"journal", *_LISTS}
_TEXTS = {
    "action": ("practice", "title", "starts", "ends"),
    "organisation": ("name", "kind", "siret", "sector"),
    "session": ("kind", "title", "starts"),
}
_SETTING_MAX = 200
_LARGEST = Decimal("1.7976931348623157e308")
_CAPACITY = (0, 100_000)
_LA_POSTE, _LA_POSTE_HEAD_OFFICE = "356000000", "35600000000048"


def header_refs(header: Any) -> dict[RowType, set[str]]:
    """Return the refs that a parsed first line declares or leans on, so that the store is asked once for all."""
    refs: dict[RowType, set[str]] = {"action": set(), "organisation": set(), "session": set()}
    if isinstance(header, dict):
        for key, (row_type, _) in _LISTS.items():
            for row in header[key] if isinstance(header.get(key), list) else ():
                if isinstance(row, dict):
                    refs[row_type].update(_texts(row.get("ref")))
                    refs["action"].update(_texts(row.get("action")))
    return refs


def check_header(header: Any, declared: Declarations, practices: frozenset[str]) -> list[Row]:
    """Return the rows that the header adds to ``declared`` (which is left as it is).

    Raises FaultError with the first code of FACTS §7 that applies to any of its rows. A row declared before with the
    same content is accepted and not returned.
    """
    if not isinstance(header, dict):
        raise FaultError("E_OBJECT", "la première ligne n’est pas un objet")
    if "journal" not in header:
        raise FaultError("E_HEADER", "la première ligne n’est pas un en-tête : la clé journal manque")
    if header["journal"] != SCHEMA.journal:
        raise FaultError("E_VERSION", f"ce n’est pas un journal {SCHEMA.journal}")
    _check_keys(header)
    for row_type, row in _rows(header):
        _check_refs_form(row_type, row)
    _check_types(header)
    for _, row in _rows(header, "actions"):
        if row["practice"] not in practices:
            raise FaultError("E_PRACTICE", f"« {row['practice'][:80]} » n’est pas une fiche du guide")
    for _, row in _rows(header, "actions"):
        _check_settings(row)
    for _, row in _rows(header, "organisations"):
        if "siret" in row and not is_siret(row["siret"]):
            raise FaultError(
                "E_SIRET", f"organisation « {row['ref']} » : ce n’est pas un SIRET (14 chiffres et leur clé)"
            )
    new = _new_rows(header, declared)
    _check_values(header, declared, new)
    return new


def is_siret(text: str) -> bool:
    """Say whether ``text`` is 14 digits that pass Luhn; for La Poste, whose sum is a multiple of 5."""
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        return False
    if text.startswith(_LA_POSTE) and text != _LA_POSTE_HEAD_OFFICE:
        return sum(map(int, text)) % 5 == 0
    total = 0
    for place, digit in enumerate(map(int, reversed(text))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else []


def _rows(header: Mapping[str, Any], *only: str) -> Iterator[tuple[RowType, dict[str, Any]]]:
    for key, (row_type, _) in _LISTS.items():
        if isinstance(header.get(key), list) and (not only or key in only):
            yield from ((row_type, row) for row in header[key] if isinstance(row, dict))


def _check_keys(header: Mapping[str, Any]) -> None:
    schemas = dict(_LISTS.values())
    unknown = header.keys() - _KEYS
    if unknown:
        raise FaultError("E_KEY_UNKNOWN", f"clé d’en-tête inconnue : {_names(unknown)}")
    for row_type, row in _rows(header):
        if row.keys() - schemas[row_type].allowed:
            names = _names(row.keys() - schemas[row_type].allowed)
            raise FaultError("E_KEY_UNKNOWN", f"clé inconnue ({_WORDS[row_type]}) : {names}")
    if "actions" not in header:
        raise FaultError("E_KEY_MISSING", "clé d’en-tête manquante : actions")
    for row_type, row in _rows(header):
        missing = schemas[row_type].required - row.keys()
        if missing:
            raise FaultError("E_KEY_MISSING", f"clé manquante ({_WORDS[row_type]}) : {_names(missing)}")


def _check_refs_form(row_type: RowType, row: Mapping[str, Any]) -> None:
    check_reference("ref", row["ref"])
    if row_type == "session":
        check_reference("action", row["action"])
        if "module" in row:
            check_reference("module", row["module"])


def _check_types(header: Mapping[str, Any]) -> None:
    for key in _LISTS:
        if key in header and not (isinstance(header[key], list) and all(isinstance(row, dict) for row in header[key])):
            raise FaultError("E_TYPE", f"{key} : une liste d’objets est attendue")
    for row_type, row in _rows(header):
        for key in _TEXTS[row_type]:
            if key in row and not (isinstance(row[key], str) and len(row[key]) <= SCHEMA.text_max):
                raise FaultError("E_TYPE", f"{key} : un texte de {SCHEMA.text_max} caractères au plus est attendu")
        if not isinstance(row.get("settings", {}), dict):
            raise FaultError("E_TYPE", "settings : un objet est attendu")
        zones = row.get("zones", [])
        if not isinstance(zones, list) or not all(isinstance(zone, str) for zone in zones):
            raise FaultError("E_TYPE", "zones : une liste de codes est attendue")
        capacity = row.get("capacity", 0)
        if isinstance(capacity, bool) or not isinstance(capacity, int | Decimal) or not is_integer(capacity):
            raise FaultError("E_TYPE", "capacity : un nombre entier est attendu")


def _check_settings(row: Mapping[str, Any]) -> None:
    for key, value in row.get("settings", {}).items():
        if SCHEMA.setting_key.fullmatch(key) is None:
            raise FaultError("E_SETTING", f"réglage « {key[:80]} » : des minuscules sans accent, chiffres et _")
        if isinstance(value, str) and len(value) <= _SETTING_MAX:
            continue
        if not isinstance(value, bool | int | Decimal) or not _is_usable(value):
            raise FaultError(
                "E_SETTING",
                f"réglage « {key} » : un nombre, true, false ou un texte de {_SETTING_MAX} caractères",
            )


def _is_usable(number: bool | int | Decimal) -> bool:
    """Say whether a double holds it: numbers beyond are read differently by everyone."""
    return decimals(Decimal(number)) <= 1000 and abs(Decimal(number)) <= _LARGEST


def _new_rows(header: Mapping[str, Any], declared: Declarations) -> list[Row]:
    new: dict[tuple[RowType, str], Row] = {}
    for row_type, content in _rows(header):
        row = Row.of(row_type, content)
        key = (row_type, row.ref)
        before = new.get(key) or declared.find(row_type, row.ref)
        if before is None:
            new[key] = row
        elif before.canonical != row.canonical:
            raise FaultError(
                "E_REF_TWICE", f"« {row.ref} » ({_WORDS[row_type]}) est déjà déclarée avec un autre contenu"
            )
    return list(new.values())


def _check_values(header: Mapping[str, Any], declared: Declarations, new: list[Row]) -> None:
    for row_type, row in _rows(header):
        _check_dates(row_type, row)
    added = {row.ref for row in new if row.type == "action"}
    for added_row in new:
        action = added_row.content.get("action")
        if added_row.type == "session" and action not in added and not declared.has_action(str(action)):
            raise FaultError("E_ACTION", f"séance « {added_row.ref} » : action « {action} » inconnue ou menée ici")
    for row_type, row in _rows(header):
        _check_enums(row_type, row)
    for _, row in _rows(header, "sessions"):
        if not _CAPACITY[0] <= row.get("capacity", 0) <= _CAPACITY[1]:
            raise FaultError("E_RANGE", f"capacity : hors de {_CAPACITY[0]} à {_CAPACITY[1]}")
    for _, row in _rows(header, "actions"):
        if row["ends"] < row["starts"]:
            raise FaultError("E_ORDER", f"action « {row['ref']} » : ends est avant starts")


def _check_dates(row_type: RowType, row: Mapping[str, Any]) -> None:
    for key in ("starts", "ends"):
        if key in row:
            try:
                parse_moment(row[key]) if row_type == "session" else parse_date(row[key])
            except ValueError:
                raise FaultError("E_DATE", f"{key} : « {row[key][:80]} » n’est pas une date de 1900 à 2100") from None


def _check_enums(row_type: RowType, row: Mapping[str, Any]) -> None:
    schema = SCHEMA.organisation if row_type == "organisation" else SCHEMA.session
    if row_type != "action" and row["kind"] not in schema.kinds:
        raise FaultError("E_ENUM", f"kind : « {row['kind'][:80]} » n’est pas dans la liste ({_names(schema.kinds)})")
    if set(row.get("zones", ())) - schema.zones:
        raise FaultError("E_ENUM", f"zones : pas dans la liste : {_names(set(row['zones']) - schema.zones)}")
    if "sector" in row and row["sector"] not in schema.sectors:
        raise FaultError("E_ENUM", f"sector : « {row['sector'][:80]} » n’est pas dans la liste")


_WORDS: Mapping[RowType, str] = {"action": "action", "organisation": "organisation", "session": "séance"}


def _names(keys: Any) -> str:
    return ", ".join(sorted(str(key)[:80] for key in keys))

"""Communes of the official list, from the JSON of the administrative division or from a CSV file."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from essaim.kernel.engine.sheets import SheetError, SheetFault, SheetRow, decode_text, read_sheet

# A delegated or associated commune no longer is one; people do live in a municipal arrondissement.
KEPT_TYPES = frozenset({"", "commune-actuelle", "arrondissement-municipal"})
LONGEST_NAME = 120
COLUMNS = {
    "code": ("code", "code_insee", "insee_com", "codgeo", "com"),
    "name": ("nom", "name", "libelle", "lib_com", "nom_commune"),
    "postcodes": ("codespostaux", "codes_postaux", "code_postal", "postcodes"),
    "department": ("departement", "department", "dep", "code_departement"),
    "region": ("region", "reg", "code_region"),
    "type": ("type", "typecom"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
}
JSON_KEYS = {
    "code": "code",
    "name": "nom",
    "department": "departement",
    "region": "region",
    "type": "type",
    "latitude": "latitude",
    "longitude": "longitude",
}
_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_POSTCODE = re.compile(r"[0-9]{5}")
_DEPARTMENT = re.compile(r"[0-9][0-9AB][0-9]?")
_REGION = re.compile(r"[0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class CommuneRow:
    code: str
    name: str
    postcodes: tuple[str, ...]
    department: str
    region: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None


class _RowError(ValueError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def read_communes(content: bytes) -> tuple[list[CommuneRow], list[SheetFault]]:
    """Read a list of communes, JSON (an array of objects, as published) or CSV, whichever the content is.

    Returns the communes in the order of the file and every fault. Communes that no longer are one are left
    aside. In JSON the line of a fault is the rank of its object, from 1. Raises SheetError when the file
    cannot be read.
    """
    rows = list(_json_rows(content)) if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") else None
    faults: list[SheetFault] = []
    if rows is None:
        rows, faults = read_sheet(content, columns=COLUMNS, required=("code", "name", "department"))
    communes: list[CommuneRow] = []
    seen: dict[str, int] = {}
    for row in rows:
        if row.values.get("type", "").lower() not in KEPT_TYPES:
            continue
        try:
            commune = _commune_of(row.values)
        except _RowError as fault:
            faults.append(SheetFault(row.line, fault.column, str(fault)))
            continue
        if commune.code in seen:
            message = f"Le code {commune.code} est déjà à la ligne {seen[commune.code]}."
            faults.append(SheetFault(row.line, "code", message))
            continue
        seen[commune.code] = row.line
        communes.append(commune)
    return communes, sorted(faults, key=lambda fault: (fault.line, fault.column))


def _json_rows(content: bytes) -> Iterable[SheetRow]:
    try:
        found = json.loads(decode_text(content))
    except (json.JSONDecodeError, RecursionError) as fault:
        line = getattr(fault, "lineno", 1)
        raise SheetError("Ce JSON est mal formé ou incomplet.", line=line) from None
    if not isinstance(found, list):
        raise SheetError("Une liste de communes est attendue.")
    for rank, item in enumerate(found, start=1):
        if not isinstance(item, dict):
            raise SheetError("Chaque commune doit être un objet.", line=rank)
        yield SheetRow(rank, _values_of(item))


def _values_of(item: Mapping[str, Any]) -> dict[str, str]:
    values = {field: str(item[key]) for field, key in JSON_KEYS.items() if item.get(key) is not None}
    postcodes = item.get("codesPostaux") or []
    if isinstance(postcodes, str):
        postcodes = [postcodes]
    values["postcodes"] = " ".join(str(code) for code in postcodes) if isinstance(postcodes, list) else "?"
    return values


def _commune_of(values: Mapping[str, str]) -> CommuneRow:
    code, name = values.get("code", "").upper(), " ".join(values.get("name", "").split())
    if len(code) == 4 and code.isdigit():  # a spreadsheet took away the first zero
        code = f"0{code}"
    if not _CODE.fullmatch(code):
        raise _RowError("code", f"« {code[:20]} » n’est pas un code INSEE de commune : 5 caractères attendus.")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _RowError("nom", f"Le nom manque ou dépasse {LONGEST_NAME} caractères.")
    department = values.get("department", "").upper()
    department = f"0{department}" if len(department) == 1 and department.isdigit() else department
    if not _DEPARTMENT.fullmatch(department) or not code.startswith(department):
        raise _RowError("departement", f"Le département « {department[:20]} » ne va pas avec le code {code}.")
    region = values.get("region", "")
    if not _REGION.fullmatch(region):
        raise _RowError("region", f"« {region[:20]} » n’est pas un code de région.")
    return CommuneRow(
        code=code,
        name=name,
        postcodes=_postcodes_of(values.get("postcodes", "")),
        department=department,
        region=f"0{region}" if len(region) == 1 else region,
        latitude=_degrees_of(values, "latitude", 90),
        longitude=_degrees_of(values, "longitude", 180),
    )


def _postcodes_of(text: str) -> tuple[str, ...]:
    postcodes = re.sub(r"[,;|/\[\]\"']", " ", text).split()
    postcodes = [f"0{code}" if len(code) == 4 and code.isdigit() else code for code in postcodes]
    for code in postcodes:
        if not _POSTCODE.fullmatch(code):
            raise _RowError("codesPostaux", f"« {code[:20]} » n’est pas un code postal.")
    return tuple(sorted(set(postcodes)))


def _degrees_of(values: Mapping[str, str], field: str, limit: int) -> Decimal | None:
    text = values.get(field, "").replace(",", ".")
    if not text:
        return None
    try:
        degrees = Decimal(text)
    except InvalidOperation:
        raise _RowError(field, f"« {text[:20]} » n’est pas un nombre de degrés.") from None
    if not degrees.is_finite() or abs(degrees) > limit:
        raise _RowError(field, f"« {text[:20]} » est hors de la Terre : au plus {limit} degrés.")
    return degrees.quantize(Decimal("0.00001"))

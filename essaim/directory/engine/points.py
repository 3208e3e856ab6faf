"""Files of coordinates: an address a line, with its latitude and longitude (WGS 84)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from essaim.directory.engine.addresses import address_key
from essaim.directory.engine.commune_names import CommuneNames, UnknownCommuneError
from essaim.directory.engine.geocoding import read_degrees
from essaim.kernel.engine.sheets import SheetFault, read_sheet

LONGEST_LABEL = 250
# The second names are those of the Base Adresse Nationale, whose address stands in three columns.
COLUMNS = {
    "address": ("adresse", "label", "libelle", "address"),
    "number": ("numero",),
    "suffix": ("rep",),
    "street": ("nom_voie",),
    "postcode": ("code_postal", "postcode", "cp"),
    "commune_code": ("code_insee", "citycode", "insee_com"),
    "commune": ("commune", "nom_commune", "ville", "city"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
}


@dataclass(frozen=True, slots=True)
class PointRow:
    key: str
    label: str
    postcode: str
    commune: str
    latitude: Decimal
    longitude: Decimal


def read_points(content: bytes, communes: CommuneNames) -> tuple[list[PointRow], list[SheetFault]]:
    """Read a CSV file of coordinates: its points in order, and every fault.

    The same address twice in a commune is a fault, unless at the same place. Raises SheetError when the file
    itself cannot be read.
    """
    rows, faults = read_sheet(content, columns=COLUMNS, required=("latitude", "longitude"))
    points: dict[tuple[str, str], tuple[int, PointRow]] = {}
    for row in rows:
        point = _point_of(row.values, communes)
        if isinstance(point, tuple):
            faults.append(SheetFault(row.line, *point))
            continue
        line, known = points.setdefault((point.commune, point.key), (row.line, point))
        if (known.latitude, known.longitude) != (point.latitude, point.longitude):
            faults.append(SheetFault(row.line, "adresse", f"Cette adresse est déjà à la ligne {line}, ailleurs."))
    return [point for _, point in points.values()], sorted(faults, key=lambda fault: (fault.line, fault.column))


def _point_of(values: Mapping[str, str], communes: CommuneNames) -> PointRow | tuple[str, str]:
    """The point of a row, or the column at fault and why."""
    parts = (values.get(name, "") for name in ("number", "suffix", "street"))
    label = values.get("address", "") or " ".join(part for part in parts if part)
    key = address_key(label)
    if not key or len(label) > LONGEST_LABEL:
        return "adresse", f"L’adresse manque ou dépasse {LONGEST_LABEL} caractères."
    postcode = values.get("postcode", "")
    postcode = f"0{postcode}" if len(postcode) == 4 else postcode
    if postcode and not (len(postcode) == 5 and postcode.isdigit()):
        return "code_postal", "Un code postal compte cinq chiffres."
    try:
        commune = communes.find(values.get("commune_code") or values.get("commune", ""), postcode)
    except UnknownCommuneError as unknown:
        return "commune", str(unknown)
    degrees = read_degrees(values.get("latitude", ""), values.get("longitude", ""))
    if degrees is None:
        return "latitude", "Ces coordonnées ne sont pas en degrés (WGS 84)."
    return PointRow(key, label, postcode, commune, *degrees)

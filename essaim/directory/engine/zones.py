"""Priority neighbourhoods and free zones, from the official files, with the dates they are in force.

CSV gives names and communes, GeoJSON outlines as well.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from essaim.directory.engine.outlines import Ring, is_geojson, read_features
from essaim.kernel.engine.sheets import SheetFault, read_sheet

LONGEST_NAME = 200
COLUMNS = {
    "code": ("code_qp", "code_qpv", "codeqp", "code_quartier", "code_zfu", "code_zus", "code_zone", "code"),
    "name": ("lib_qp", "lib_qpv", "nom_qp", "nom_qpv", "nom_quartier", "lib_zone", "nom_zone", "nom", "name"),
    "communes": ("insee_com", "code_insee", "codes_insee", "list_com", "code_commune", "communes"),
    "since": ("depuis", "debut", "date_debut", "since"),
    "until": ("jusqu_au", "fin", "date_fin", "until"),
}
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_.-]{0,15}")
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone as its file gives it; ``line`` is its first line, for the faults found later.

    Without ``rings`` (CSV) the outlines are left as they are; without ``communes`` (GeoJSON), the communes.
    """

    line: int
    code: str
    name: str
    communes: tuple[str, ...]
    since: date
    until: date | None
    rings: tuple[Ring, ...] = ()


class _RowError(ValueError):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def read_zones(content: bytes, *, since: date | None, until: date | None) -> tuple[list[ZoneRow], list[SheetFault]]:
    """Read a file of zones, CSV or GeoJSON. One zone may take several lines, one a commune, or one line listing
    its communes; in GeoJSON, several features.

    ``since`` and ``until`` (included) hold for the lines that give no dates of their own. Returns the zones
    in the order of the file and every fault. Raises SheetError when the file itself cannot be read.
    """
    rows: list[tuple[int, Mapping[str, str], tuple[Ring, ...]]]
    if is_geojson(content):
        features, faults = read_features(content)
        rows = [(one.rank, _known_properties(one.properties), one.rings) for one in features]
    else:
        sheet, faults = read_sheet(content, columns=COLUMNS, required=("code", "name", "communes"))
        rows = [(row.line, row.values, ()) for row in sheet]
    zones: dict[tuple[str, date], ZoneRow] = {}
    for line, values, rings in rows:
        try:
            zone = _zone_of(line, values, rings, since, until)
            known = zones.get((zone.code, zone.since))
            zones[(zone.code, zone.since)] = _merged(known, zone) if known else zone
        except _RowError as fault:
            faults.append(SheetFault(line, fault.column, str(fault)))
    return list(zones.values()), sorted(faults, key=lambda fault: (fault.line, fault.column))


def _known_properties(properties: Mapping[str, str]) -> dict[str, str]:
    return {
        field: next((properties[name] for name in names if properties.get(name)), "")
        for field, names in COLUMNS.items()
    }


def _zone_of(
    line: int, values: Mapping[str, str], rings: tuple[Ring, ...], since: date | None, until: date | None
) -> ZoneRow:
    code, name = values.get("code", "").upper(), " ".join(values.get("name", "").split())
    if not _CODE.fullmatch(code):
        raise _RowError("code", f"« {code[:20]} » n’est pas un code de zone.")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _RowError("nom", f"Le nom manque ou dépasse {LONGEST_NAME} caractères.")
    first = _day_of(values, "since", "depuis") or since
    last = _day_of(values, "until", "jusqu’au") or until
    if first is None:
        raise _RowError("depuis", "La date de début manque : une colonne « depuis », ou la date donnée à l’import.")
    if last is not None and last < first:
        raise _RowError("jusqu’au", "La fin est avant le début.")
    communes = _communes_of(values.get("communes", ""), is_required=not rings)
    return ZoneRow(line, code, name, communes, first, last, rings)


def _merged(known: ZoneRow, zone: ZoneRow) -> ZoneRow:
    if (known.name, known.until) != (zone.name, zone.until):
        raise _RowError("code", f"La zone {zone.code} n’a pas le même nom ou la même fin qu’à la ligne {known.line}.")
    communes = tuple(sorted({*known.communes, *zone.communes}))
    rings = known.rings + zone.rings
    return ZoneRow(known.line, known.code, known.name, communes, known.since, known.until, rings)


def _communes_of(text: str, *, is_required: bool) -> tuple[str, ...]:
    codes = re.sub(r"[,;|/]", " ", text).upper().split()
    codes = [f"0{code}" if len(code) == 4 and code.isdigit() else code for code in codes]
    if not codes and is_required:
        raise _RowError("insee_com", "Le code INSEE de la commune manque.")
    return tuple(sorted(set(codes)))


def _day_of(values: Mapping[str, str], field: str, column: str) -> date | None:
    text = values.get(field, "")
    if not text:
        return None
    for pattern in _DAY_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise _RowError(column, f"« {text[:20]} » n’est pas une date : 2024-01-01 ou 01/01/2024.")

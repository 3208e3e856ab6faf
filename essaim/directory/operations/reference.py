"""Reference lists: communes and dated zones, from their official files or from the data of the package.

All or report: one row at fault and nothing is written. The same file twice changes nothing.
"""

import gzip
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from essaim.directory.engine.communes import CommuneRow, read_communes
from essaim.directory.engine.zones import ZoneRow, read_zones
from essaim.directory.enums import ZoneKind
from essaim.directory.models import Commune, Zone, ZoneArea
from essaim.directory.operations.points import load_invented_addresses
from essaim.directory.operations.reports import ImportReport
from essaim.kernel.engine.sheets import SheetError, SheetFault
from essaim.kernel.periods import Period

DATA = Path(__file__).resolve().parent.parent / "data"
REFERENCE_COMMUNES = DATA / "communes.csv.gz"
INVENTED_COMMUNES = DATA / "trois_rives_communes.csv"
INVENTED_ZONES = {
    ZoneKind.QPV: DATA / "trois_rives_qpv.geojson",
    ZoneKind.ZFU: DATA / "trois_rives_zfu.csv",
    ZoneKind.ZUS: DATA / "trois_rives_zus.csv",
}
_LOCK = 0x6573_7361  # one import of reference lists at a time

_UPSERT = """
INSERT INTO directory_commune AS known
    (code, name, postcodes, department, region, latitude, longitude, is_invented)
SELECT code, name, string_to_array(postcodes, ' ')::varchar(5)[], department, region, latitude, longitude,
       %(invented)s::boolean
FROM unnest(
    %(code)s::text[], %(name)s::text[], %(postcodes)s::text[], %(department)s::text[], %(region)s::text[],
    %(latitude)s::numeric[], %(longitude)s::numeric[]
) AS given (code, name, postcodes, department, region, latitude, longitude)
ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, postcodes = excluded.postcodes, department = excluded.department,
    region = excluded.region, is_invented = excluded.is_invented,
    latitude = coalesce(excluded.latitude, known.latitude),
    longitude = coalesce(excluded.longitude, known.longitude)
WHERE (known.name, known.postcodes, known.department, known.region, known.is_invented,
       known.latitude, known.longitude)
   IS DISTINCT FROM
      (excluded.name, excluded.postcodes, excluded.department, excluded.region, excluded.is_invented,
       coalesce(excluded.latitude, known.latitude), coalesce(excluded.longitude, known.longitude))
RETURNING (xmax = 0)
"""


def import_communes(*, content: bytes, now: datetime) -> ImportReport:
    """Import a list of communes, CSV or JSON as published. Communes absent from the file are left as they
    are.
    """
    return _import_communes(content, is_invented=False)


def load_reference_communes(*, now: datetime) -> ImportReport:
    """Load the list of communes that comes with Essaim, when there is none yet.

    An instance that has communes keeps its own list, perhaps newer: ``import_communes`` brings it up to date.
    """
    if Commune.objects.filter(is_invented=False).exists():
        return ImportReport()
    return _import_communes(gzip.decompress(REFERENCE_COMMUNES.read_bytes()), is_invented=False)


def load_invented_territory(*, now: datetime) -> ImportReport:
    """Load « Trois-Rives », an invented agglomeration with its zones and addresses, for demonstrations and tests."""
    with transaction.atomic():
        reports = [_import_communes(INVENTED_COMMUNES.read_bytes(), is_invented=True)]
        for kind, path in INVENTED_ZONES.items():
            reports.append(_import_zones(path.read_bytes(), kind, None, None, is_invented=True))
        reports.append(load_invented_addresses(now=now))
    return ImportReport(
        created=sum(report.created for report in reports),
        updated=sum(report.updated for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        errors=[fault for report in reports for fault in report.errors],
    )


def import_zones(
    *, content: bytes, kind: ZoneKind, since: date | None = None, until: date | None = None, now: datetime
) -> ImportReport:
    """Import a CSV or GeoJSON file of zones of one kind, in force from ``since`` to ``until`` unless a line says
    otherwise. GeoJSON brings their outlines, and may leave the communes of a known zone unsaid.

    Each commune must be known; two periods of one zone may not overlap. A zone is recognised by kind, code
    and first day. Zones absent from the file are left as they are.
    """
    return _import_zones(content, kind, since, until, is_invented=False)


def _import_communes(content: bytes, *, is_invented: bool) -> ImportReport:
    try:
        rows, faults = read_communes(content)
    except SheetError as error:
        return ImportReport(errors=[error.fault])
    if faults:
        return ImportReport(errors=faults)
    with transaction.atomic():
        _one_at_a_time()
        created, updated = _upsert_communes(rows, is_invented=is_invented)
    return ImportReport(created, updated, len(rows) - created - updated)


def _upsert_communes(rows: Sequence[CommuneRow], *, is_invented: bool) -> tuple[int, int]:
    given: dict[str, Any] = {
        "code": [row.code for row in rows],
        "name": [row.name for row in rows],
        "postcodes": [" ".join(row.postcodes) for row in rows],
        "department": [row.department for row in rows],
        "region": [row.region for row in rows],
        "latitude": [row.latitude for row in rows],
        "longitude": [row.longitude for row in rows],
        "invented": is_invented,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, given)
        outcomes = [is_new for (is_new,) in cursor.fetchall()]
    return outcomes.count(True), outcomes.count(False)


def _import_zones(
    content: bytes, kind: ZoneKind, since: date | None, until: date | None, *, is_invented: bool
) -> ImportReport:
    try:
        rows, faults = read_zones(content, since=since, until=until)
    except SheetError as error:
        return ImportReport(errors=[error.fault])
    with transaction.atomic():
        _one_at_a_time()
        faults += _unknown_communes(rows)
        faults += _overlapping_periods(rows, kind)
        faults += _without_commune(rows, kind)
        if faults:
            return ImportReport(errors=sorted(faults, key=lambda fault: (fault.line, fault.column)))
        outcomes = [_save_zone(row, kind, is_invented) for row in rows]
    return ImportReport(outcomes.count("created"), outcomes.count("updated"), outcomes.count("unchanged"))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _unknown_communes(rows: Iterable[ZoneRow]) -> list[SheetFault]:
    rows = list(rows)
    asked = {code for row in rows for code in row.communes}
    known = set(Commune.objects.filter(code__in=asked).values_list("code", flat=True))
    return [
        SheetFault(row.line, "insee_com", f"La commune {code[:20]} n’est pas dans l’annuaire.")
        for row in rows
        for code in row.communes
        if code not in known
    ]


def _without_commune(rows: Sequence[ZoneRow], kind: ZoneKind) -> list[SheetFault]:
    """Faults of the zones met for the first time in a file that does not say their communes."""
    silent = [row for row in rows if not row.communes]
    stored = Zone.objects.filter(kind=kind, code__in={row.code for row in silent})
    known = set(stored.values_list("code", "since"))
    missing = "Les communes de cette zone manquent : importez d’abord le fichier CSV, ou ajoutez insee_com."
    return [SheetFault(row.line, "insee_com", missing) for row in silent if (row.code, row.since) not in known]


def _overlapping_periods(rows: Sequence[ZoneRow], kind: ZoneKind) -> list[SheetFault]:
    """Faults of the zones that would be in force twice on one day, in the file or with what is stored."""
    periods: dict[str, dict[date, date | None]] = {}
    stored = Zone.objects.filter(kind=kind, code__in={row.code for row in rows})
    for code, first, last in stored.values_list("code", "since", "until"):
        periods.setdefault(code, {})[first] = last
    for row in rows:
        periods.setdefault(row.code, {})[row.since] = row.until
    return [
        SheetFault(row.line, "depuis", f"La zone {row.code} est déjà en vigueur depuis le {first:%d/%m/%Y}.")
        for row in rows
        for first, last in sorted(periods[row.code].items())
        if first < row.since and Period(first, last).overlaps(Period(row.since, row.until))
    ]


def _save_zone(row: ZoneRow, kind: ZoneKind, is_invented: bool) -> str:
    facts = {"name": row.name, "until": row.until, "is_invented": is_invented}
    zone, is_new = Zone.objects.get_or_create(kind=kind, code=row.code, since=row.since, defaults=facts)
    communes = set(zone.communes.values_list("code", flat=True))
    asked = set(row.communes) or communes
    is_redrawn = _draw_zone(zone, row)
    if not is_new and not is_redrawn and communes == asked and all(getattr(zone, key) == facts[key] for key in facts):
        return "unchanged"
    for key, value in facts.items():
        setattr(zone, key, value)
    zone.save()
    zone.communes.set(Commune.objects.filter(code__in=asked))
    return "created" if is_new else "updated"


def _draw_zone(zone: Zone, row: ZoneRow) -> bool:
    """Replace the outlines of the zone by those of the row, if it gives any. Return whether they changed."""
    drawn = sorted(zone.areas.values_list("ring", "is_hole"))
    if not row.rings or drawn == sorted((ring.text, ring.is_hole) for ring in row.rings):
        return False
    zone.areas.all().delete()
    ZoneArea.objects.bulk_create(ZoneArea(zone=zone, ring=ring.text, is_hole=ring.is_hole) for ring in row.rings)
    return True

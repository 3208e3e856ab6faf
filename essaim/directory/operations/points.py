"""Coordinates of addresses, from files: the address service of an instance that has none."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from essaim.directory.engine.points import PointRow, read_points
from essaim.directory.operations.reports import ImportReport
from essaim.directory.queries import load_commune_names
from essaim.kernel.engine.sheets import SheetError

INVENTED_ADDRESSES = Path(__file__).resolve().parent.parent / "data" / "trois_rives_adresses.csv"

_UPSERT = """
INSERT INTO directory_addresspoint AS known (key, label, postcode, commune_id, latitude, longitude, is_invented)
SELECT key, label, postcode, commune, latitude, longitude, %(invented)s::boolean
FROM unnest(
    %(key)s::text[], %(label)s::text[], %(postcode)s::text[], %(commune)s::text[],
    %(latitude)s::numeric[], %(longitude)s::numeric[]
) AS given (key, label, postcode, commune, latitude, longitude)
ON CONFLICT (commune_id, key) DO UPDATE SET
    label = excluded.label, postcode = excluded.postcode, latitude = excluded.latitude,
    longitude = excluded.longitude, is_invented = excluded.is_invented
WHERE (known.label, known.postcode, known.latitude, known.longitude, known.is_invented)
   IS DISTINCT FROM
      (excluded.label, excluded.postcode, excluded.latitude, excluded.longitude, excluded.is_invented)
RETURNING (xmax = 0)
"""


def import_addresses(*, content: bytes, now: datetime) -> ImportReport:
    """Import a CSV file of coordinates (``adresse;code_postal;commune;latitude;longitude``, or the columns of the
    Base Adresse Nationale). All or report; the same file twice changes nothing; absent addresses are left.
    """
    return _import_addresses(content, is_invented=False)


def load_invented_addresses(*, now: datetime) -> ImportReport:
    """Load the addresses of « Trois-Rives », whose communes are there already."""
    return _import_addresses(INVENTED_ADDRESSES.read_bytes(), is_invented=True)


def _import_addresses(content: bytes, *, is_invented: bool) -> ImportReport:
    try:
        rows, faults = read_points(content, load_commune_names())
    except SheetError as error:
        return ImportReport(errors=[error.fault])
    if faults:
        return ImportReport(errors=faults)
    with transaction.atomic():
        created, updated = _upsert(rows, is_invented)
    return ImportReport(created, updated, len(rows) - created - updated)


def _upsert(rows: Sequence[PointRow], is_invented: bool) -> tuple[int, int]:
    given: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in PointRow.__slots__}
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, given | {"invented": is_invented})
        outcomes = [is_new for (is_new,) in cursor.fetchall()]
    return outcomes.count(True), outcomes.count(False)

"""Where addresses are, and which zones hold a point."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL

from essaim.directory.engine.addresses import address_key
from essaim.directory.engine.commune_names import CommuneNames, KnownCommune
from essaim.directory.models import AddressPoint, Commune, Zone, ZoneArea
from essaim.directory.queries.places import zones_in_force

Point = tuple[Decimal, Decimal]
Asked = tuple[str, str, str]


def zones_at(latitude: Decimal, longitude: Decimal, *, on: date) -> list[Zone]:
    """Return the zones in force that day whose outline holds this point (degrees, WGS 84), holes excepted.

    A point on an outline is inside. A zone without outline holds no point.
    """
    holds = RawSQL("ring::polygon @> point(%s, %s)", [float(longitude), float(latitude)])
    areas = ZoneArea.objects.filter(zone=OuterRef("pk")).alias(holds=holds).filter(holds=True)
    inside = Exists(areas.filter(is_hole=False))
    in_hole = Exists(areas.filter(is_hole=True))
    return list(zones_in_force(Zone.objects.filter(inside & ~in_hole), on).order_by("kind", "code"))


def find_points(asked: Iterable[Asked]) -> dict[Asked, Point]:
    """Return (latitude, longitude) of the addresses known here, each asked as (address, postcode, INSEE code).

    An address is found in its commune or, without one, when a single point has its postcode. One query.
    """
    wanted = {one: address_key(one[0]) for one in asked if one[0] and (one[1] or one[2])}
    if not wanted:
        return {}
    by_commune: dict[tuple[str, str], Point] = {}
    by_postcode: dict[tuple[str, str], list[Point]] = {}
    rows = AddressPoint.objects.filter(key__in=set(wanted.values()))
    for key, postcode, commune, latitude, longitude in rows.values_list(
        "key", "postcode", "commune_id", "latitude", "longitude"
    ):
        by_commune[key, commune] = (latitude, longitude)
        by_postcode.setdefault((key, postcode), []).append((latitude, longitude))
    found: dict[Asked, Point] = {}
    for one, key in wanted.items():
        if one[2] and (key, one[2]) in by_commune:
            found[one] = by_commune[key, one[2]]
        elif not one[2] and len(by_postcode.get((key, one[1]), [])) == 1:
            found[one] = by_postcode[key, one[1]][0]
    return found


def load_commune_names() -> CommuneNames:
    """Return every commune, to find those of a long file without one query a row. One query."""
    rows = Commune.objects.values_list("code", "name", "department", "postcodes")
    return CommuneNames(KnownCommune(code, name, dep, tuple(codes)) for code, name, dep, codes in rows.iterator())

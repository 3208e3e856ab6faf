"""Where addresses are, and which zones hold a point."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import BooleanField, Case, OuterRef, Subquery, Sum, When
from django.db.models.expressions import RawSQL

from essaim.directory.engine.addresses import address_key
from essaim.directory.engine.commune_names import CommuneNames, KnownCommune
from essaim.directory.models import AddressPoint, Commune, Zone, ZoneArea
from essaim.directory.queries.places import zones_in_force

Point = tuple[Decimal, Decimal]
Asked = tuple[str, str, str]
# The first condition is what the index answers.
_HOLDS = "ring::polygon && polygon(box(point(%s, %s))) AND ring::polygon @> point(%s, %s)"


def zones_at(latitude: Decimal, longitude: Decimal, *, on: date) -> list[Zone]:
    """Return the zones in force that day that hold this point (degrees, WGS 84): in more outlines than holes.

    A point on an outline is inside; on the edge of a hole, outside. A zone without outline holds no point.
    """
    point = [float(longitude), float(latitude)]
    holds = RawSQL(_HOLDS, point + point, output_field=BooleanField())  # noqa: S611 - constant, with parameters
    rings = ZoneArea.objects.filter(zone=OuterRef("pk")).alias(holds=holds).filter(holds=True).order_by()
    depth = rings.values("zone").annotate(depth=Sum(Case(When(is_hole=True, then=-1), default=1))).values("depth")
    found = Zone.objects.alias(depth=Subquery(depth)).filter(depth__gt=0)
    return list(zones_in_force(found, on).order_by("kind", "code"))


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

"""The answer of an address service, in the format of the Base Adresse Nationale."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

LEAST_SCORE = 0.6
PRECISE = frozenset({"housenumber", "street", "locality"})


def read_point(answer: object, *, commune_code: str) -> tuple[Decimal, Decimal] | None:
    """Return (latitude, longitude) of the best address of a GeoJSON answer, to five decimals.

    None when nothing is sure enough: a score below ``LEAST_SCORE``, a whole commune, another commune than the
    one asked (its INSEE code, "" for any), or an answer of another shape.
    """
    features = answer.get("features") if isinstance(answer, Mapping) else None
    for feature in features if isinstance(features, list) else []:
        if isinstance(feature, Mapping):
            point = _point_of(feature, commune_code)
            if point is not None:
                return point
    return None


def _point_of(feature: Mapping[str, Any], commune_code: str) -> tuple[Decimal, Decimal] | None:
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, Mapping) or not isinstance(geometry, Mapping) or geometry.get("type") != "Point":
        return None
    score, found = properties.get("score"), str(properties.get("citycode", ""))
    if not isinstance(score, int | float) or isinstance(score, bool) or not score >= LEAST_SCORE:
        return None
    if properties.get("type", "housenumber") not in PRECISE or (commune_code and found and found != commune_code):
        return None
    place = geometry.get("coordinates")
    if not isinstance(place, list) or len(place) < 2:
        return None
    return read_degrees(place[1], place[0])


def read_degrees(latitude: object, longitude: object) -> tuple[Decimal, Decimal] | None:
    """Return the two coordinates to five decimals (one metre), None when they are not on the Earth."""
    try:
        north = Decimal(str(latitude).replace(",", ".")).quantize(Decimal("0.00001"))
        east = Decimal(str(longitude).replace(",", ".")).quantize(Decimal("0.00001"))
    except InvalidOperation:
        return None
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None

"""Outlines of zones, from a GeoJSON file in WGS 84 (longitude, latitude)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from essaim.kernel.engine.sheets import SheetError, SheetFault, decode_text, fold_heading

LEAST_POINTS = 4  # a triangle, closed
MOST_POINTS = 100_000


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed line. ``text`` is how PostgreSQL reads a polygon: ``((lon,lat),…)``."""

    text: str
    is_hole: bool


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of the file: its rank from 1, its properties (names folded) as texts, its rings."""

    rank: int
    properties: Mapping[str, str]
    rings: tuple[Ring, ...]


class OutlineError(ValueError):
    """An outline that cannot be drawn: the message says why."""


def is_geojson(content: bytes) -> bool:
    """Whether the content is a JSON object: a CSV file never starts with a brace."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_features(content: bytes) -> tuple[list[Feature], list[SheetFault]]:
    """Read the features of a GeoJSON collection, and every fault. The line of a fault is the rank of its feature.

    Raises SheetError when the file is no collection, or not in WGS 84 by its own word.
    """
    try:
        found = json.loads(decode_text(content))
    except (json.JSONDecodeError, RecursionError) as fault:
        raise SheetError("Ce JSON est mal formé ou incomplet.", line=getattr(fault, "lineno", 1)) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise SheetError("Une collection GeoJSON (FeatureCollection) est attendue.")
    read: list[Feature] = []
    faults: list[SheetFault] = []
    for rank, feature in enumerate(features, start=1):
        try:
            read.append(Feature(rank, _properties_of(feature), _rings_of(feature.get("geometry"))))
        except OutlineError as fault:
            faults.append(SheetFault(rank, "geometry", str(fault)))
    return read, faults


def _properties_of(feature: Any) -> dict[str, str]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise OutlineError("Cet élément n’a pas de propriétés.")
    return {
        fold_heading(name): " ".join(str(part) for part in value) if isinstance(value, list) else str(value).strip()
        for name, value in properties.items()
        if value is not None
    }


def _rings_of(geometry: Any) -> tuple[Ring, ...]:
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise OutlineError("Un contour est attendu : Polygon ou MultiPolygon.")
    polygons = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    if not isinstance(polygons, list) or not polygons:
        raise OutlineError("Ce contour est vide.")
    rings: list[Ring] = []
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise OutlineError("Ce contour est vide.")
        rings += [Ring(_ring_text(ring), is_hole=rank > 0) for rank, ring in enumerate(polygon)]
    return tuple(rings)


def _ring_text(ring: Any) -> str:
    if not isinstance(ring, list) or not LEAST_POINTS <= len(ring) <= MOST_POINTS:
        raise OutlineError("Un contour a au moins quatre points, le dernier étant le premier.")
    points = [_point_of(point) for point in ring]
    if points[0] != points[-1]:
        raise OutlineError("Un contour se referme : son dernier point est le premier.")
    return "(" + ",".join(f"({longitude},{latitude})" for longitude, latitude in points) + ")"


def _point_of(point: Any) -> tuple[float, float]:
    is_pair = isinstance(point, list) and len(point) >= 2
    if not is_pair or not all(isinstance(part, int | float) and math.isfinite(part) for part in point[:2]):
        raise OutlineError("Un point est un couple longitude, latitude.")
    longitude, latitude = float(point[0]), float(point[1])
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise OutlineError("Les coordonnées ne sont pas en degrés : convertissez le fichier en WGS 84 (EPSG:4326).")
    return longitude, latitude

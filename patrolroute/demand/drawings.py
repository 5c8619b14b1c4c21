"""GeoJSON that planners draw: points, lines and polygons in WGS-84 degrees."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from patrolroute.errors import TableError
from patrolroute.network.textfile import read_bytes

Feature = tuple[Mapping[str, Any], Any]
"""Properties and a shapely geometry."""


def read_features(path: str | Path) -> list[Feature]:
    """Read a FeatureCollection, a Feature or a bare geometry.

    Raises
    ------
    TableError
        If the file is missing, not GeoJSON, empty, or not in degrees.
    """
    path = Path(path)
    try:
        data = json.loads(read_bytes(path, error=TableError).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TableError(f"{path}: is not UTF-8 text") from error
    except ValueError as error:
        raise TableError(f"{path}: is not JSON, or cut off: {error}") from error
    crs = json.dumps(data.get("crs")) if isinstance(data, Mapping) and data.get("crs") else ""
    if crs and not any(name in crs.upper() for name in ("CRS84", "4326")):
        raise TableError(f"{path}: names the crs {crs}; GeoJSON is in WGS-84 degrees")
    try:
        features = list(_features(data))
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise TableError(f"{path}: is not GeoJSON: {type(error).__name__} {error}") from error
    if not features:
        raise TableError(f"{path}: holds no feature")
    for number, (_, geometry) in enumerate(features, start=1):
        west, south, east, north = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
        if geometry.is_empty or west < -180 or east > 180 or south < -90 or north > 90:
            raise TableError(f"{path}: feature {number} is empty or not in degrees")
    return features


def read_lines(path: str | Path) -> list[Any]:
    """Read the drawn lines of a GeoJSON file.

    Raises
    ------
    TableError
        If a feature is not a line.
    """
    return _of_kind(path, ("LineString", "MultiLineString"), "a line")


def read_polygons(path: str | Path) -> list[Any]:
    """Read the areas of a GeoJSON file.

    Raises
    ------
    TableError
        If a feature is not a polygon, or one that crosses itself.
    """
    areas = _of_kind(path, ("Polygon", "MultiPolygon"), "a polygon")
    for number, area in enumerate(areas, start=1):
        if not area.is_valid:
            raise TableError(f"{path}: polygon {number}: {shapely.is_valid_reason(area).lower()}")
    return areas


def _of_kind(path: str | Path, kinds: tuple[str, ...], word: str) -> list[Any]:
    shapes = []
    for number, (_, geometry) in enumerate(read_features(path), start=1):
        if geometry.geom_type not in kinds:
            raise TableError(f"{path}: feature {number} is a {geometry.geom_type}, not {word}")
        shapes.extend(geometry.geoms if geometry.geom_type == "MultiLineString" else [geometry])
    return shapes


def _features(data: Any) -> Iterator[Feature]:
    match data["type"]:
        case "FeatureCollection":
            for item in data["features"]:
                yield from _features(item)
        case "Feature":
            yield data.get("properties") or {}, shape(data["geometry"])
        case _:
            yield {}, shape(data)

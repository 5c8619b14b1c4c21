"""What planners draw: points, lines and polygons in GeoJSON, lines in GPX too, in degrees of any datum."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, cast

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from patrolroute.demand.positions import unsound, without_heights
from patrolroute.demand.tables import MAX_ROWS, raise_gathered
from patrolroute.demand.text import read_text
from patrolroute.demand.tracks import read_tracks
from patrolroute.demand.wishes import short
from patrolroute.errors import Complaints, TableError
from patrolroute.network.crs import to_wgs84

Feature: TypeAlias = tuple[Mapping[str, Any], BaseGeometry]
"""Properties and a geometry."""

Drawing: TypeAlias = str | Path | BaseGeometry | Iterable[BaseGeometry]
"""A GeoJSON file, one shapely geometry, or several."""

Area: TypeAlias = Polygon | MultiPolygon

DEGREES = ("CRS84", "4326", "4490")
"""Names of WGS-84 in degrees, and of CGCS2000, the national datum, which is less than a metre from it."""

GPX = ".gpx"
LINES = ("LineString", "MultiLineString")
POLYGONS = ("Polygon", "MultiPolygon")


def read_features(path: str | Path) -> list[Feature]:
    """Read a FeatureCollection, a Feature or a bare geometry, coordinates as they are.

    Raises
    ------
    TableError
        If the file is missing, not GeoJSON, empty or not in degrees, naming every feature that is not sound.
    """
    return _features(Path(path))[0]


def _features(path: Path) -> tuple[list[Feature], bool]:
    """Read a file's features, and say whether it names WGS-84 as its datum."""
    data = _json(path)
    if not isinstance(data, Mapping) or "type" not in data:
        raise TableError(f"{path}: is not GeoJSON: it holds no object with a type, but {short(data)}")
    crs = json.dumps(data.get("crs"), ensure_ascii=False) if data.get("crs") else ""
    if crs and not any(name in crs.upper() for name in DEGREES):
        raise TableError(f"{path}: names the crs {crs[:80]}; GeoJSON is in WGS-84 degrees")
    items = _items(path, data)
    complaints, features = Complaints(), list[Feature]()
    for number, item in enumerate(items, start=1):
        if said := _not_a_feature(item) or unsound(item.get("geometry")):
            complaints.add(f"{path}: feature {number}: {said}")
        else:
            geometry: BaseGeometry = shape(without_heights(item["geometry"]))
            features.append((item.get("properties") or {}, geometry))
    raise_gathered(complaints)
    return features, bool(crs)


def drawn_lines(drawing: Drawing, crs: str = "wgs84") -> list[LineString]:
    """Take lines from a GeoJSON or GPX file, one shape or several; those of many parts come in parts.

    Parameters
    ----------
    drawing
        What was drawn.
    crs
        Datum of the coordinates, unless the file says that they are in WGS-84; the lines given are in WGS-84.

    Raises
    ------
    TableError
        Naming everything that is not a line.
    """
    shapes = _of_kind(drawing, LINES, "a line", crs)
    return [part for one in shapes for part in getattr(one, "geoms", [one])]


def drawn_polygons(drawing: Drawing, crs: str = "wgs84") -> list[Area]:
    """Take polygons from a GeoJSON file, one shape or several; for ``crs`` see `drawn_lines`.

    Raises
    ------
    TableError
        Naming everything that is not a polygon, or one that crosses itself.
    """
    return cast("list[Area]", _of_kind(drawing, POLYGONS, "a polygon", crs))


def _of_kind(drawing: Drawing, kinds: tuple[str, ...], word: str, crs: str) -> list[BaseGeometry]:
    source, shapes, datum = _shapes(drawing, crs)
    complaints = Complaints()
    for number, one in enumerate(shapes, start=1):
        thing = f"{source}: feature {number}"
        if not isinstance(one, BaseGeometry):
            complaints.add(f"{thing}: {short(one)} is not a shapely geometry")
        elif one.geom_type not in kinds:
            complaints.add(f"{thing}: is a {one.geom_type}, not {word}")
        elif one.is_empty:
            complaints.add(f"{thing}: is an empty {one.geom_type}")
        elif not one.is_valid:
            complaints.add(f"{thing}: is not {word} that can be used: {shapely.is_valid_reason(one)}")
    if not shapes:
        complaints.add(f"{source}: there is no shape")
    raise_gathered(complaints)
    return [_in_wgs84(one, datum) for one in shapes]


def _in_wgs84(geometry: BaseGeometry, datum: str) -> BaseGeometry:
    """Move a geometry from a datum into WGS-84."""
    if datum.lower() == "wgs84":
        return geometry
    moved: BaseGeometry = shapely.transform(geometry, lambda at: np.column_stack(to_wgs84(at[:, 0], at[:, 1], datum)))
    return moved


def _shapes(drawing: Drawing, crs: str) -> tuple[str, list[BaseGeometry], str]:
    """Give the shapes of a drawing, what to call it, and in which datum it is."""
    if isinstance(drawing, (str, Path)):
        path = Path(drawing)
        if path.suffix.lower() == GPX:
            lines, stamped = read_tracks(path)
            return str(drawing), list(lines), stamped or crs
        features, is_named = _features(path)
        return str(drawing), [geometry for _, geometry in features], "wgs84" if is_named else crs
    if isinstance(drawing, BaseGeometry):
        return "drawing", [drawing], crs
    if not isinstance(drawing, Iterable):
        raise TableError(f"drawing: {short(drawing)} is neither a file nor a shapely geometry")
    return "drawing", list(drawing), crs


def _json(path: Path) -> Any:
    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is not a number")

    try:
        return json.loads(read_text(path), parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise TableError(
            f"{path}: is not JSON, or cut off: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except ValueError as error:
        raise error if isinstance(error, TableError) else TableError(f"{path}: is not JSON: {error}") from error
    except RecursionError as error:
        raise TableError(f"{path}: is not GeoJSON: its lists lie too deep inside one another") from error


def _items(path: Path, data: Mapping[str, Any]) -> list[Any]:
    """Give the features as they stand in the file."""
    if data["type"] == "Feature":
        return [data]
    if data["type"] != "FeatureCollection":
        return [{"type": "Feature", "geometry": data}]
    items = data.get("features")
    if not isinstance(items, list):
        raise TableError(f"{path}: is not GeoJSON: the FeatureCollection has no list of features")
    if not items:
        raise TableError(f"{path}: holds no feature")
    if len(items) > MAX_ROWS:
        raise TableError(f"{path}: has {len(items):,} features; at most {MAX_ROWS:,} are read")
    return items


def _not_a_feature(item: Any) -> str | None:
    if not isinstance(item, Mapping) or item.get("type") != "Feature":
        return f"{short(item)} is not a Feature"
    if not isinstance(item.get("properties") or {}, Mapping):
        return f"properties {short(item['properties'])} are not an object"
    return None


def properties_as_text(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give properties as a table's cells would hold them: nothing for null, several values joined by semicolons."""
    for name, value in properties.items():
        values = value if isinstance(value, list) else [value]
        yield str(name), ";".join("" if one is None else str(one) for one in values)

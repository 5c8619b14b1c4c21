"""What planners draw: points, lines and polygons in GeoJSON, lines in GPX too, in degrees of any datum."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, cast

import gpxpy
import numpy as np
import shapely
from gpxpy.gpx import GPXException
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.files import read_text
from patrolroute.base.vocabulary import STAMPS, Datum
from patrolroute.demand.rows import LAT_MAX, LON_MAX
from patrolroute.demand.tables import MAX_ROWS, raise_gathered
from patrolroute.network.coordinates import not_on_earth, to_wgs84

DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists deep the positions of each type lie (RFC 7946, section 3.1)."""

RING_LEAST, LINE_LEAST = 4, 2
"""Positions of the smallest ring (the first one again at the end) and of the shortest line."""

FLAT = 2
"""Numbers of a position; what follows them, such as the height, is ignored."""


def unsound(geometry: Any) -> str | None:
    """Return what is wrong with a geometry, None if nothing is.

    Examples
    --------
    >>> unsound({"type": "Point", "coordinates": [32.62, 117.0]})
    'position 32.62, 117.0 is not a longitude and a latitude in degrees; they look swapped'
    >>> unsound({"type": "Point", "coordinates": [117.0, 32.62]}) is None
    True
    """
    return next(_faults(geometry), None)


def without_heights(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Keep longitude and latitude of each position of a sound geometry: whatever follows them is not read.

    Examples
    --------
    >>> without_heights({"type": "Point", "coordinates": [117.0, 32.62, 21.5, "surveyed"]})
    {'type': 'Point', 'coordinates': [117.0, 32.62]}
    """
    kind = geometry["type"]
    return {"type": kind, "coordinates": _flat(geometry["coordinates"], DEPTH[kind])}


def _flat(item: list[Any], depth: int) -> list[Any]:
    return item[:FLAT] if depth == 0 else [_flat(part, depth - 1) for part in item]


def _faults(geometry: Any) -> Iterator[str]:
    if geometry is None:
        yield "has no geometry"
        return
    if not isinstance(geometry, Mapping):
        yield f"geometry {short(geometry)} is not an object"
        return
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        yield "is a GeometryCollection; draw each part as a feature of its own"
    elif not isinstance(kind, str) or kind not in DEPTH:
        yield f"geometry type {short(kind)} is not one of {', '.join(DEPTH)}"
    elif not isinstance(coordinates, list) or not coordinates:
        yield f"is a {kind} without coordinates"
    else:
        yield from _inside(coordinates, DEPTH[kind], kind)


def _inside(item: Any, depth: int, kind: str) -> Iterator[str]:
    """Check nested lists of positions, the innermost list of each line or ring as a whole."""
    if depth == 0:
        yield from _position(item)
        return
    if not isinstance(item, list) or not item:
        yield f"is a {kind} whose coordinates hold {short(item)} instead of a list of positions"
        return
    for part in item:
        yield from _inside(part, depth - 1, kind)
    if depth == 1:
        yield from _string(item, kind)


def _string(positions: list[Any], kind: str) -> Iterator[str]:
    """Check that a line has two ends, and that a ring is closed."""
    if kind.endswith("Polygon"):
        if positions[0][:FLAT] != positions[-1][:FLAT]:
            yield f"ring is not closed: it starts at {_degrees(positions[0])} and ends at {_degrees(positions[-1])}"
        elif len(positions) < RING_LEAST:
            yield f"ring has {len(positions)} positions; a closed one has at least {RING_LEAST}"
    elif kind.endswith("LineString") and len(positions) < LINE_LEAST:
        yield f"is a line of {len(positions)} position; it needs at least {LINE_LEAST}"


def _position(item: Any) -> Iterator[str]:
    if not isinstance(item, list) or len(item) < FLAT or not all(_is_number(value) for value in item[:FLAT]):
        yield f"position {short(item)} is not a longitude and a latitude in degrees"
        return
    lon, lat = item[:FLAT]
    if abs(lon) > LON_MAX or abs(lat) > LAT_MAX:
        swapped = "; they look swapped" if abs(lon) <= LAT_MAX < abs(lat) <= LON_MAX else ""
        yield f"position {_degrees(item)} is not a longitude and a latitude in degrees{swapped}"


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _degrees(position: list[Any]) -> str:
    return ", ".join(short(value) for value in position[:FLAT])


FEWEST = 2
"""Points that make a line."""


def read_tracks(path: Path) -> tuple[list[LineString], Datum | None]:
    """Read the segments of tracks and the routes of a GPX file as lines.

    Returns
    -------
    tuple
        The lines, and the datum that this library stamped into the file; None if it says nothing.

    Raises
    ------
    TableError
        If the file is missing, no GPX, or holds no line; or naming the first point that lies nowhere on earth.
    """
    text = read_text(path)
    if "<!DOCTYPE" in text:
        raise TableError(f"{path}: has a DOCTYPE, which GPX does not need; it is not read")
    try:
        gpx = gpxpy.parse(text)
    except (GPXException, ValueError) as error:
        raise TableError(f"{path}: is no GPX, or a damaged one: {error}") from error
    strings: list[Sequence[Any]] = [segment.points for track in gpx.tracks for segment in track.segments]
    strings += [route.points for route in gpx.routes]
    lines = []
    for number, points in enumerate(strings, start=1):
        for point in points:
            if wrong := not_on_earth(point.longitude, point.latitude):
                raise TableError(f"{path}: track {number}: {wrong}")
        if len(points) >= FEWEST:
            lines.append(LineString([(point.longitude, point.latitude) for point in points]))
    if not lines:
        raise TableError(f"{path}: holds no track of {FEWEST} points or more")
    stamp_there = (gpx.description or "").splitlines()[:1]
    return lines, next((datum for datum, stamp in STAMPS.items() if stamp_there == [stamp]), None)


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


def read_features(path: str | Path) -> tuple[list[Feature], Datum | None]:
    """Read a FeatureCollection, a Feature or a bare geometry, coordinates as they are.

    Returns
    -------
    tuple
        The features, and the datum that the file names, which goes before what a caller believes; None if it names
        none.

    Raises
    ------
    TableError
        If the file is missing, not GeoJSON, empty or not in degrees, naming every feature that is not sound.
    """
    path = Path(path)
    data = _json(path)
    if not isinstance(data, Mapping) or "type" not in data:
        raise TableError(f"{path}: is not GeoJSON: it holds no object with a type")
    crs = json.dumps(data.get("crs"), ensure_ascii=False) if data.get("crs") else ""
    if crs and not any(name in crs.upper() for name in DEGREES):
        raise TableError(f"{path}: names the crs {crs[:80]}; GeoJSON is in WGS-84 degrees")
    items = _items(path, data)
    complaints, features = Complaints(), list[Feature]()
    for number, item in enumerate(items, start=1):
        if wrong := _not_a_feature(item) or unsound(item.get("geometry")):
            complaints.add(f"{path}: feature {number}: {wrong}")
        else:
            geometry: BaseGeometry = shape(without_heights(item["geometry"]))
            features.append((item.get("properties") or {}, geometry))
    raise_gathered(complaints)
    return features, "wgs84" if crs else None


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
    return [part for line in shapes for part in getattr(line, "geoms", [line])]


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
    for number, drawn in enumerate(shapes, start=1):
        thing = f"{source}: feature {number}"
        if not isinstance(drawn, BaseGeometry):
            complaints.add(f"{thing}: {short(drawn)} is not a shapely geometry")
        elif drawn.geom_type not in kinds:
            complaints.add(f"{thing}: is a {drawn.geom_type}, not {word}")
        elif drawn.is_empty:
            complaints.add(f"{thing}: is an empty {drawn.geom_type}")
        elif not drawn.is_valid:
            complaints.add(f"{thing}: is not {word} that can be used: {shapely.is_valid_reason(drawn)}")
    if not shapes:
        complaints.add(f"{source}: there is no shape")
    raise_gathered(complaints)
    return [_in_wgs84(geometry, datum) for geometry in shapes]


def _in_wgs84(geometry: BaseGeometry, datum: str) -> BaseGeometry:
    """Move a geometry from a datum into WGS-84."""
    if datum.lower() == "wgs84":
        return geometry
    moved: BaseGeometry = shapely.transform(geometry, lambda at: np.column_stack(to_wgs84(at[:, 0], at[:, 1], datum)))
    return moved


def _shapes(drawing: Drawing, crs: str) -> tuple[str, list[BaseGeometry], str]:
    """Return the shapes of a drawing, what to call it, and in which datum it is."""
    if isinstance(drawing, (str, Path)):
        path = Path(drawing)
        if path.suffix.lower() == GPX:
            lines, stamped = read_tracks(path)
            return str(drawing), list(lines), stamped or crs
        features, named = read_features(path)
        return str(drawing), [geometry for _, geometry in features], named or crs
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
    """Return the features as they stand in the file."""
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
    """Yield properties as a table's cells would hold them: nothing for null, several values joined by semicolons."""
    for name, value in properties.items():
        values = value if isinstance(value, list) else [value]
        yield str(name), ";".join("" if entry is None else str(entry) for entry in values)

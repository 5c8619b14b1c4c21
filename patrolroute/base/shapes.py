"""Points and shapes as people give them: shapely, GeoJSON, what has ``__geo_interface__``, frames of geopandas.

All become shapely geometries in degrees. What a frame says of its CRS is obeyed; everything else is in the datum that
its reader is told, and moved into WGS-84 by `patrolroute.network.coordinates`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypeAlias

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from patrolroute.base.errors import Complaints, InputError, TableError, short
from patrolroute.base.vocabulary import DATUMS, LAT_MAX, LON_MAX, MAX_ROWS, LonLat

PointLike: TypeAlias = LonLat | Any
"""Two numbers in a tuple, a list or an array, a shapely point, a GeoJSON one, or what has a ``__geo_interface__``."""

Shapes: TypeAlias = Any
"""A shapely geometry, a GeoJSON object, what has a ``__geo_interface__``, several in a list; a frame of geopandas."""

DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists deep the positions of each type lie (RFC 7946, section 3.1)."""

FEATURES = ("Feature", "FeatureCollection")

RING_LEAST, LINE_LEAST = 4, 2
"""Positions of the smallest ring (the first one again at the end) and of the shortest line."""

FLAT = 2
"""Numbers of a position; what follows them, such as the height, is ignored."""

DEGREES = ("CRS84", "4326", "4490")
"""Names of WGS-84 in degrees, and of CGCS2000, the national datum, which is less than a metre from it."""


@dataclass(frozen=True, slots=True)
class Inline:
    """What stands in place of a file's name, and what complaints call it, such as ``hotspots[1]``."""

    source: str
    data: Any


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing that was drawn.

    Parameters
    ----------
    where
        What complaints call it, such as ``flood.geojson: feature 2``.
    properties
        What is said of it.
    geometry
        In degrees, without heights.
    """

    where: str
    properties: Mapping[str, Any]
    geometry: BaseGeometry


def shapes_of(
    data: Any, source: str, complaints: Complaints, *, crs: str | None = None
) -> tuple[list[Shape], str | None]:
    """Read shapes from anything but a file.

    Parameters
    ----------
    data
        A frame of geopandas, a GeoJSON object, a shapely geometry, what has a ``__geo_interface__``, or several of the
        last three in a list.
    source
        What complaints call it.
    complaints
        Where it is noted which shapes are none, or not in degrees.
    crs
        What the caller says of the coordinates; None for nothing.

    Returns
    -------
    tuple
        The sound shapes, and ``wgs84`` where the data themselves say in which degrees they are, else None.

    Raises
    ------
    TableError
        If there is nothing that could be a shape, or the data's own CRS contradicts ``crs``.
    """
    if is_frame(data):
        frame, named = _in_degrees(data, source, crs)
        return list(_of_frame(frame, source, complaints)), named
    if not isinstance(data, BaseGeometry) and hasattr(data, "__geo_interface__"):
        data = data.__geo_interface__
    if isinstance(data, Mapping):
        return _of_geojson(data, source, complaints)
    if not isinstance(data, BaseGeometry) and (isinstance(data, str) or not isinstance(data, Iterable)):
        raise TableError(f"{source}: {short(data)} is neither a file nor a shapely geometry nor GeoJSON")
    items = [data] if isinstance(data, BaseGeometry) else list(data)
    return list(_sound(map(_feature_of, items), source, complaints, "is not a shapely geometry or GeoJSON")), None


def is_drawn(data: Any) -> bool:
    """Return whether data are shapes rather than rows of a table; of a list the first item tells."""
    if isinstance(data, Sequence) and not isinstance(data, str):
        return bool(data) and _is_shape(data[0])
    return is_frame(data) or isinstance(data, Mapping) or _is_shape(data)


def _is_shape(item: Any) -> bool:
    if isinstance(item, Mapping):
        return item.get("type") in (*DEPTH, *FEATURES) and not item.keys().isdisjoint(
            ("coordinates", "geometry", "features")
        )
    return hasattr(item, "__geo_interface__")


def is_frame(data: Any) -> bool:
    """Return whether data are a GeoSeries or a GeoDataFrame; nothing of geopandas is loaded to tell."""
    return all(hasattr(data, name) for name in ("crs", "to_crs", "geometry"))


def geometries_of(data: Any, source: str, error: type[InputError] = TableError) -> list[Any]:
    """Return the geometries of data in WGS-84 degrees; what is none stays as it is, for the caller to complain of.

    Parameters
    ----------
    data
        As for `shapes_of`.
    source
        What complaints call it.
    error
        What is raised.

    Raises
    ------
    InputError
        Of the given kind, naming what is wrong with GeoJSON or a frame.
    """
    if isinstance(data, BaseGeometry):
        return [data]
    if isinstance(data, Mapping) or hasattr(data, "__geo_interface__"):  # a frame has one too
        complaints = Complaints()
        found = complaints.attempt(lambda: shapes_of(data, source, complaints)[0])
        complaints.raise_as(error)
        return [drawn.geometry for drawn in found or ()]
    if isinstance(data, str) or not isinstance(data, Iterable):
        return [data]
    return [part for item in data for part in ([item] if _is_plain(item) else geometries_of(item, source, error))]


def _is_plain(item: Any) -> bool:
    return isinstance(item, BaseGeometry) or not (isinstance(item, Mapping) or hasattr(item, "__geo_interface__"))


def point_of(value: PointLike) -> LonLat | None:
    """Return the longitude and latitude of a point however it is given, None if it is none.

    Two numbers are taken as they are, whether they lie on earth or not.

    Examples
    --------
    >>> point_of(shapely.Point(117.0, 32.6)), point_of([117, 32.6])
    ((117.0, 32.6), (117.0, 32.6))
    >>> point_of({"type": "Point", "coordinates": [117.0, 32.6]})
    (117.0, 32.6)
    >>> point_of("117.0, 32.6") is None, point_of(shapely.Point()) is None
    (True, True)
    """
    if isinstance(value, Mapping) or hasattr(value, "__geo_interface__"):
        try:
            found = geometries_of(value, "point")
        except TableError:
            return None
        point = found[0] if len(found) == 1 else None
        is_point = isinstance(point, shapely.Point) and not point.is_empty
        return (float(point.x), float(point.y)) if is_point and isinstance(point, shapely.Point) else None
    if isinstance(value, str) or not hasattr(value, "__len__") or not hasattr(value, "__getitem__"):
        return None
    pair = [value[place] for place in range(FLAT)] if len(value) == FLAT and not isinstance(value, Mapping) else []
    return (float(pair[0]), float(pair[1])) if pair and all(map(_is_number, pair)) else None


def unsound(geometry: Any) -> str | None:
    """Return what is wrong with a GeoJSON geometry, None if nothing is.

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


def _flat(item: Sequence[Any], depth: int) -> list[Any]:
    return list(item[:FLAT]) if depth == 0 else [_flat(part, depth - 1) for part in item]


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
    elif not isinstance(coordinates, list | tuple) or not coordinates:
        yield f"is a {kind} without coordinates"
    else:
        yield from _inside(coordinates, DEPTH[kind], kind)


def _inside(item: Any, depth: int, kind: str) -> Iterator[str]:
    """Check nested lists of positions, the innermost list of each line or ring as a whole."""
    if depth == 0:
        yield from _position(item)
        return
    if not isinstance(item, list | tuple) or not item:
        yield f"is a {kind} whose coordinates hold {short(item)} instead of a list of positions"
        return
    for part in item:
        yield from _inside(part, depth - 1, kind)
    if depth == 1:
        yield from _string(item, kind)


def _string(positions: Sequence[Any], kind: str) -> Iterator[str]:
    """Check that a line has two ends, and that a ring is closed."""
    if kind.endswith("Polygon"):
        if positions[0][:FLAT] != positions[-1][:FLAT]:
            yield f"ring is not closed: it starts at {_degrees(positions[0])} and ends at {_degrees(positions[-1])}"
        elif len(positions) < RING_LEAST:
            yield f"ring has {len(positions)} positions; a closed one has at least {RING_LEAST}"
    elif kind.endswith("LineString") and len(positions) < LINE_LEAST:
        yield f"is a line of {len(positions)} position; it needs at least {LINE_LEAST}"


def _position(item: Any) -> Iterator[str]:
    if not isinstance(item, list | tuple) or len(item) < FLAT or not all(map(_is_number, item[:FLAT])):
        yield f"position {short(item)} is not a longitude and a latitude in degrees"
        return
    lon, lat = item[:FLAT]
    if abs(lon) > LON_MAX or abs(lat) > LAT_MAX:
        swapped = "; they look swapped" if abs(lon) <= LAT_MAX < abs(lat) <= LON_MAX else ""
        yield f"position {_degrees(item)} is not a longitude and a latitude in degrees{swapped}"


def _is_number(value: Any) -> bool:
    if isinstance(value, int):  # may be too large for a float
        return not isinstance(value, bool)
    return isinstance(value, Real) and math.isfinite(value)


def _degrees(position: Sequence[Any]) -> str:
    return ", ".join(short(value) for value in position[:FLAT])


def _of_geojson(data: Mapping[str, Any], source: str, complaints: Complaints) -> tuple[list[Shape], str | None]:
    """Read a FeatureCollection, a Feature or a bare geometry, coordinates as they are."""
    if "type" not in data:
        raise TableError(f"{source}: is not GeoJSON: it holds no object with a type")
    crs = json.dumps(data.get("crs"), ensure_ascii=False, default=str) if data.get("crs") else ""
    if crs and not any(name in crs.upper() for name in DEGREES):
        raise TableError(f"{source}: names the crs {crs[:80]}; GeoJSON is in WGS-84 degrees")
    return list(_sound(_items(source, data), source, complaints)), "wgs84" if crs else None


def _items(source: str, data: Mapping[str, Any]) -> Sequence[Any]:
    """Return the features as they stand."""
    if data["type"] == "Feature":
        return [data]
    if data["type"] != "FeatureCollection":
        return [{"type": "Feature", "geometry": data}]
    items = data.get("features")
    if not isinstance(items, list | tuple):
        raise TableError(f"{source}: is not GeoJSON: the FeatureCollection has no list of features")
    if not items:
        raise TableError(f"{source}: holds no feature")
    if len(items) > MAX_ROWS:
        raise TableError(f"{source}: has {len(items):,} features; at most {MAX_ROWS:,} are read")
    return items


def _feature_of(item: Any) -> Any:
    """Return what stands in a list as a feature, anything strange as it is."""
    if not isinstance(item, BaseGeometry) and hasattr(item, "__geo_interface__"):
        item = item.__geo_interface__
    is_geometry = isinstance(item, BaseGeometry) or (isinstance(item, Mapping) and item.get("type") in DEPTH)
    return {"type": "Feature", "geometry": item} if is_geometry else item


def _sound(
    items: Iterable[Any], source: str, complaints: Complaints, rule: str = "is not a Feature"
) -> Iterator[Shape]:
    """Yield the features that are sound, and note what is wrong with all others."""
    for number, item in enumerate(items, start=1):
        where = f"{source}: feature {number}"
        if wrong := _not_a_feature(item, rule) or _unsound(item.get("geometry")):
            complaints.add(f"{where}: {wrong}")
        else:
            yield Shape(where, item.get("properties") or {}, _geometry(item["geometry"]))


def _not_a_feature(item: Any, rule: str) -> str | None:
    if not isinstance(item, Mapping) or item.get("type") != "Feature":
        return f"{short(item)} {rule}"
    if not isinstance(item.get("properties") or {}, Mapping):
        return f"properties {short(item['properties'])} are not an object"
    return None


def _unsound(geometry: Any) -> str | None:
    """Return what is wrong with a geometry of either kind; what kind a shapely one is is the reader's business."""
    if not isinstance(geometry, BaseGeometry):
        return unsound(geometry)
    return None if geometry.is_empty or geometry.geom_type not in DEPTH else unsound(mapping(geometry))


def _geometry(given: Any) -> BaseGeometry:
    plain: BaseGeometry = shapely.force_2d(given) if isinstance(given, BaseGeometry) else shape(without_heights(given))
    return plain


def _in_degrees(frame: Any, source: str, crs: str | None) -> tuple[Any, str | None]:
    """Return a frame in degrees, and ``wgs84`` where it or its caller says what these are, else None.

    Raises
    ------
    TableError
        If its own CRS and the caller's contradict each other, or nobody knows the caller's.
    """
    own, is_datum = frame.crs, str(crs).lower() in DATUMS
    if own is None and (crs is None or is_datum):
        return frame, None
    try:
        fits = crs is None or own is None or (_is_wgs84(own) if is_datum and crs.lower() == "wgs84" else own == crs)
        if fits:
            return (frame if own is not None else frame.set_crs(crs)).to_crs("EPSG:4326"), "wgs84"
    except (RuntimeError, ValueError) as error:  # what pyproj says of a CRS that it does not know
        known = ", ".join(DATUMS)
        raise TableError(f"{source}: crs {short(crs)} is not one of {known} or a CRS that pyproj knows") from error
    said = short(own.to_string(), 60).strip("'")
    raise TableError(
        f"{source}: is in {said} by its own crs, which crs {short(crs)} contradicts; leave one of them out"
    )


def _is_wgs84(crs: Any) -> bool:
    """Return whether a frame's CRS is one of `DEGREES`."""
    return str(crs.to_epsg()) in DEGREES or "CRS84" in crs.to_string()


def _of_frame(frame: Any, source: str, complaints: Complaints) -> Iterator[Shape]:
    """Yield the rows of a frame that are sound, and note what is wrong with all others."""
    geometries = list(frame.geometry)
    if len(geometries) > MAX_ROWS:
        raise TableError(f"{source}: has {len(geometries):,} features; at most {MAX_ROWS:,} are read")
    columns = [name for name in getattr(frame, "columns", ()) if name != frame.geometry.name]
    values: Iterable[Sequence[Any]] = zip(*(list(frame[name]) for name in columns), strict=True) if columns else ()
    rows = list(values) or [()] * len(geometries)
    for number, (geometry, row) in enumerate(zip(geometries, rows, strict=True), start=1):
        where = f"{source}: row {number}"
        if wrong := _unsound(geometry if isinstance(geometry, BaseGeometry) else None):
            complaints.add(f"{where}: {wrong}")
        else:
            yield Shape(
                where, {str(name): value for name, value in zip(columns, row, strict=True)}, _geometry(geometry)
            )

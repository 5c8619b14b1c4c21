"""Is a GeoJSON geometry sound? Its type, its positions in degrees, its rings closed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from patrolroute.demand.rows import LAT_MAX, LON_MAX
from patrolroute.demand.wishes import short

DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists deep the positions of each type lie (RFC 7946, section 3.1)."""

RING_LEAST, LINE_LEAST = 4, 2
"""Positions of the smallest ring (the first one again at the end) and of the shortest line."""

FLAT = 2
"""Numbers of a position; what follows them, such as the height, is ignored."""


def unsound(geometry: Any) -> str | None:
    """Say what is wrong with a geometry, None if nothing is.

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
            yield f"ring is not closed: it starts at {_said(positions[0])} and ends at {_said(positions[-1])}"
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
        yield f"position {_said(item)} is not a longitude and a latitude in degrees{swapped}"


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _said(position: list[Any]) -> str:
    return ", ".join(short(value) for value in position[:FLAT])

"""An area in words as a polygon: the face that its bounding streets enclose, or its corners joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import shapely

from patrolroute.base.errors import Complaint, Complaints, PlaceError
from patrolroute.base.vocabulary import LonLat
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.places import FlatNetwork, flat
from patrolroute.network.street_names import unknown_name
from patrolroute.network.words.crossings import arcs_of, place_in_words, whole_of
from patrolroute.network.words.grammar import FEWEST, SIDES, Area, area_in

HALF_M = 20.0
"""Half of the width of the band that a bounding street is drawn as: gaps below twice that close by themselves, and
two carriageways are one band."""

JOIN_M = 150.0
"""Neighbouring sides that end so near to one another are joined by a straight line."""

BAND_M = 45.0
"""The carriageways of a bounding street lie within this of the face that they enclose."""

EDGE_M = 5.0
"""The area reaches so much beyond its bounding streets, so that they lie in it."""

AWAY_M = 10.0
"""What lies between bounding streets begins so far from their middle: none of them is in it."""

COMPASS = "东南西北"
ENGLISH_SIDES = {"east side": "东", "south side": "南", "west side": "西", "north side": "北"}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An area in words that was found; both polygons are in WGS-84 degrees.

    Parameters
    ----------
    area
        What was written.
    inside
        What lies between the bounding streets, without them: up to `AWAY_M` from their middle.
    whole
        The same with its bounding streets.
    size_m2, inside_m2
        Square metres of ``whole`` and of ``inside``.
    joined
        Neighbouring sides that do not meet and were joined by a straight line, with the metres between them.
    """

    area: Area
    inside: Any
    whole: Any
    size_m2: float
    inside_m2: float
    joined: tuple[tuple[str, str, float], ...] = ()


def area_in_words(given: str | Area, network: RoadArrays, *, crs: str = "wgs84") -> Enclosed:
    """Find the area that a text means.

    Parameters
    ----------
    given
        Such as ``东至龙湖路，南至国庆中路，西至广场路，北至朝阳中路``, or what `area_in` made of it.
    network
        The map; streets that are closed tonight bound an area all the same.
    crs
        Datum of corners that are coordinates, where a text is given.

    Raises
    ------
    PlaceError
        Naming what is not on the map; or which neighbouring sides do not meet.
    """
    area = area_in(given, crs) if isinstance(given, str) else given
    if area is None:
        raise PlaceError(f"{given!r} is no area in words, such as 'bounded by A Road, B Road and C Road'")
    if len(area.corners or area.sides) < FEWEST:
        number = len(area.corners or area.sides)
        raise PlaceError(f"area {area.text!r} has {number} sides or corners; it needs {FEWEST} or more")
    network = whole_of(network)
    return _cornered(area, network) if area.corners else _bounded(area, network)


def _cornered(area: Area, network: RoadArrays) -> Enclosed:
    """Join the corners in the order given."""
    complaints, places = Complaints(), list[LonLat]()
    for corner in area.corners:
        try:
            places.append(place_in_words(corner, network, crs=area.crs).lonlat)
        except PlaceError as error:
            complaints.extend(error.items)
    complaints.raise_as(PlaceError)
    polygon = shapely.Polygon(places)
    if not polygon.is_valid or polygon.area == 0:
        raise PlaceError(f"area {area.text!r}: its corners, joined in this order, make no polygon")
    size_m2 = float(flat(network).flat(polygon).area)
    return Enclosed(area, polygon, polygon, size_m2, size_m2)


def _bounded(area: Area, network: RoadArrays) -> Enclosed:
    """Return the face that the bounding streets enclose."""
    complaints = Complaints()
    complaints.extend(
        unknown_name(name, network).about(f"area {area.text!r}")
        for _, name in area.sides
        if not len(arcs_of(name, network))
    )
    complaints.raise_as(PlaceError)
    picture = flat(network)
    sides = [_Side(side, name, shapely.union_all(picture.lines[arcs_of(name, network)])) for side, name in area.sides]
    if all(side.towards for side in sides):
        sides.sort(key=lambda side: COMPASS.index(side.towards))
    joints, apart = _joints(sides)
    faces = [face for face in _faces(sides, [line for *_, line in joints]) if _touches_all(face, sides)]
    if not faces:
        raise PlaceError(_open(area, sides, apart or _gaps(sides)))
    fitting = [face for face in faces if not any(_wrong_sides(face, sides, area.text))] or faces
    face = max(fitting, key=lambda one: (round(one.area), one.bounds))
    complaints.extend(_wrong_sides(face, sides, area.text))
    complaints.raise_as(PlaceError)
    margin_m = _margin(face, sides, picture, network)
    whole = face.buffer(margin_m, join_style="mitre", mitre_limit=2.0)
    joined = tuple((one.name, two.name, metres) for one, two, metres, _ in joints)
    inside = face.buffer(-AWAY_M, join_style="mitre", mitre_limit=2.0)
    shapes = _to_degrees(picture, inside), _to_degrees(picture, whole)
    return Enclosed(area, *shapes, float(whole.area), float(inside.area), joined)


@dataclass(frozen=True, slots=True)
class _Side:
    """A bounding street: where it is said to lie, its name, its lines on the plane."""

    towards: str
    name: str
    lines: Any


def _neighbours(sides: Sequence[_Side]) -> Iterator[tuple[_Side, _Side]]:
    """Yield the pairs of sides that should meet: those next to one another in the order round the area."""
    yield from pairwise((*sides, sides[0]))


_Joint = tuple[_Side, _Side, float, Any]


def _joints(sides: Sequence[_Side]) -> tuple[list[_Joint], list[tuple[_Side, _Side, float]]]:
    """Return the straight lines that join neighbours which nearly meet, and the neighbours that lie farther apart."""
    near, apart = list[_Joint](), list[tuple[_Side, _Side, float]]()
    for one, two in _neighbours(sides):
        metres = float(one.lines.distance(two.lines))
        if metres > JOIN_M:
            apart.append((one, two, metres))
        elif metres > HALF_M:
            near.append((one, two, metres, shapely.shortest_line(one.lines, two.lines)))
    return near, apart


def _gaps(sides: Sequence[_Side]) -> list[tuple[_Side, _Side, float]]:
    """Return all pairs of sides that do not meet, where each has its neighbours and nothing is enclosed."""
    return [
        (one, two, metres) for one, two in combinations(sides, 2) if (metres := one.lines.distance(two.lines)) > HALF_M
    ]


def _faces(sides: Sequence[_Side], joints: Sequence[Any]) -> list[Any]:
    """Return what the bands of all sides enclose, grown to the middle of the streets."""
    bands = shapely.union_all([part.buffer(HALF_M) for part in (*(side.lines for side in sides), *joints)])
    rings = [ring for part in shapely.get_parts(bands) for ring in part.interiors]
    grown = [shapely.Polygon(ring).buffer(HALF_M, join_style="mitre", mitre_limit=3.0) for ring in rings]
    return [part for face in grown for part in shapely.get_parts(face)]


def _touches_all(face: Any, sides: Sequence[_Side]) -> bool:
    """Return whether every side bounds a face: its street runs along the edge, and does not only come near."""
    edge = face.exterior.buffer(HALF_M)
    return all(edge.intersection(side.lines).length > 2 * HALF_M for side in sides)


def _wrong_sides(face: Any, sides: Sequence[_Side], text: str) -> Iterator[Complaint]:
    """Yield which sides lie elsewhere than was said."""
    middle = np.array(face.centroid.coords[0])
    edge = face.exterior.buffer(HALF_M)
    for side in sides:
        if not side.towards:
            continue
        along = edge.intersection(side.lines)
        step = np.array(along.centroid.coords[0]) - middle
        if float(step @ np.array(SIDES[side.towards], dtype=np.float64)) < 0:
            word = next(key for key, chinese in ENGLISH_SIDES.items() if chinese == side.towards)
            yield Complaint(
                f"area {text!r}: street {side.name!r} does not bound it on the {word}, but on the opposite side"
            )


def _open(area: Area, sides: Sequence[_Side], apart: Sequence[tuple[_Side, _Side, float]]) -> Complaint:
    """Return the complaint that the streets enclose nothing, which neighbours do not meet, which side is not told."""
    text, told = area.text, {side.towards for side in sides}
    lacking = next((word for word in ENGLISH_SIDES if ENGLISH_SIDES[word] not in told), "") if all(told) else ""
    gaps = "; ".join(f"{one.name} – {two.name} {metres:.0f} m" for one, two, metres in apart)
    if not gaps:
        return Complaint(f"area {text!r}: its streets meet, but no one part of the map lies between all of them")
    if lacking:
        return Complaint(
            f"area {text!r}: its streets enclose nothing; these neighbours do not meet: {gaps}; and nothing bounds it "
            f"on the {lacking}"
        )
    return Complaint(f"area {text!r}: its streets enclose nothing; these neighbours do not meet: {gaps}")


def _margin(face: Any, sides: Sequence[_Side], picture: FlatNetwork, network: RoadArrays) -> float:
    """Return by how many metres a face is to grow so that all carriageways of its bounding streets lie inside."""
    band = face.buffer(BAND_M)
    shapely.prepare(band)
    farthest = 0.0
    for side in sides:
        lines = picture.lines[arcs_of(side.name, network)]
        near = lines[shapely.covers(band, lines)]
        along = near[shapely.length(near) > HALF_M]
        if len(along):
            points = shapely.line_interpolate_point(along, 0.5, normalized=True)
            farthest = max(farthest, float(shapely.distance(points, face).max()))
    return min(farthest, BAND_M) + EDGE_M


def _to_degrees(picture: FlatNetwork, polygon: Any) -> Any:
    return shapely.transform(polygon, picture.to_degrees)

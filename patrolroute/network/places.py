"""A place is a point on an arc: snapping points to the network, on a flat plane in metres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import Complaint, Complaints, PlaceError, short
from patrolroute.base.vocabulary import Arc, BoolArray, FloatArray, LongArray, LonLat
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.coordinates import near_lonlat, not_on_earth, to_wgs84

METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km; a plane around the network's middle, off by less than 1 % within 100 km."""

MOST = 0.5
"""From this share of its length on, a street runs along a line."""

_known_line: WeakKeyDictionary[RoadArrays, FlatNetwork] = WeakKeyDictionary()


class FlatNetwork:
    """The lines of a network on a plane in metres, with an index for finding those nearby."""

    def __init__(self, network: RoadArrays) -> None:
        self._scale, self._lon = _scale(network), float(network.lon[0])
        counts = np.diff(network.shape_start)
        points = self.to_plane(np.column_stack((network.shape_lon, network.shape_lat)))
        self.lines: Any = shapely.linestrings(points, indices=np.repeat(np.arange(network.arc_count), counts))
        self.length_m: FloatArray = np.asarray(shapely.length(self.lines))
        self.tree = shapely.STRtree(np.asarray(self.lines))

    def to_plane(self, lonlat: FloatArray | Sequence[LonLat]) -> FloatArray:
        """Turn degrees, shape ``(n, 2)``, into metres; streets across ±180° lie side by side."""
        return near_lonlat(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2), self._lon) * self._scale

    def to_degrees(self, metres: FloatArray) -> FloatArray:
        """Turn metres, shape ``(n, 2)``, back into degrees."""
        return np.asarray(metres / self._scale)

    def flat(self, geometry: Any) -> Any:
        """Turn a shapely geometry in degrees into one in metres."""
        return shapely.transform(geometry, self.to_plane)

    def inside(self, areas: Sequence[Any]) -> FloatArray:
        """Return for each arc the share of its length that lies inside areas."""
        return self._share_within(shapely.union_all([self.flat(area) for area in areas]))

    def runs_along(self, lines: Sequence[Any], reach_m: float) -> BoolArray:
        """Return for each arc whether it runs along one of the drawn lines.

        At least half of it lies within ``reach_m``, and its ends are at least half of its length apart when
        both are moved onto the line: a street that merely crosses the line does not run along it.
        """
        chosen = np.zeros(len(self.lines), dtype=np.bool_)
        for line in lines:
            drawn = self.flat(line)
            near = np.flatnonzero(self._share_within(drawn.buffer(reach_m)) >= MOST)
            ends = [shapely.line_locate_point(drawn, shapely.get_point(self.lines[near], end)) for end in (0, -1)]
            chosen[near] |= np.abs(ends[1] - ends[0]) >= MOST * shapely.length(self.lines[near])
        return chosen

    def _share_within(self, area: Any) -> FloatArray:
        shapely.prepare(area)
        share = np.zeros(len(self.lines))
        touching = self.tree.query(area, predicate="intersects")
        inner = shapely.length(shapely.intersection(self.lines[touching], area))
        share[touching] = inner / np.maximum(shapely.length(self.lines[touching]), 1e-9)
        return share


def to_plane(network: RoadArrays, lonlat: FloatArray) -> FloatArray:
    """Turn degrees, shape ``(n, 2)``, into metres on the plane of a network, without making its picture."""
    return near_lonlat(lonlat, float(network.lon[0])) * _scale(network)


def _scale(network: RoadArrays) -> FloatArray:
    """Return metres a degree of longitude and of latitude at the network's middle."""
    return np.array([np.cos(np.radians(np.mean(network.lat))), 1.0]) * METRES_A_DEGREE


def flat(network: RoadArrays) -> FlatNetwork:
    """Return the flat picture of a network, made once for each."""
    picture = _known_line.get(network)
    if picture is None:
        picture = _known_line[network] = FlatNetwork(network)
    return picture


SNAP_M = 100.0
"""A point farther from every street than this was probably meant for another map or another datum."""

TIE_M = 1e-6
"""Streets this close to equally near are equally near: the first in arc order is taken."""

BESIDE_M = 60.0
"""A street on the ground that is so much farther than a bridge is about as near."""

TWICE = 2.0
"""A street so many times as far away as the nearest may be the one that was meant."""

CLASSES_WITHOUT_STOPS = ("motorway", "motorway_link")

SURE = 0.25
"""Share of the snapping distance within which a point in another datum must fit before that datum is proposed."""

FAR_M = 10_000
"""From here on a complaint gives kilometres."""


@checked_fields
@dataclass(frozen=True, slots=True)
class Place:
    """A point on an arc of a road network, as `patrolroute.snap` makes it.

    Parameters
    ----------
    lon, lat
        The point as given, WGS-84 degrees.
    arc
        The nearest arc; of an arc and its reverse, the first in arc order.
    fraction
        Where on the arc, 0 at its tail and 1 at its head, by length.
    distance_m
        Metres from the point to the arc.
    """

    lon: float
    lat: float
    arc: Arc
    fraction: float
    distance_m: float


SAME_M = 1.0
"""A place whose point lies by so much nearer or farther than it says is not of this network."""


def misplaced(network: RoadArrays, place: Place) -> str | None:
    """Return what is wrong with a place that somebody made for a network; None for one that `snap_all` could make.

    Parameters
    ----------
    network
        Where it should lie.
    place
        Made by hand, or on another network.
    """
    numbers = (place.lon, place.lat, place.fraction, place.distance_m)
    if not all(isinstance(value, Real) and math.isfinite(value) for value in numbers):
        return f"its numbers {', '.join(map(short, numbers))} are not all finite"
    arc = network.arc_index.get(place.arc) if isinstance(place.arc, tuple) else None
    if arc is None:
        return f"arc {short(place.arc)} is not on the network"
    if not 0 <= place.fraction <= 1:
        return f"fraction {place.fraction} is not between 0 and 1"
    if network.tunnel[arc] or network.highways[arc] in CLASSES_WITHOUT_STOPS:
        return f"arc {place.arc} is a tunnel or a motorway, where nobody can stop"
    here = shapely.Point(flat(network).to_plane([(place.lon, place.lat)])[0])
    foot = shapely.line_interpolate_point(flat(network).lines[arc], place.fraction, normalized=True)
    metres = float(here.distance(foot))
    if abs(metres - place.distance_m) > SAME_M:
        return f"it lies {metres:.0f} m from its point on arc {place.arc}, not {place.distance_m:.0f} m as it says"
    return None


class _Index:
    """Some lines of a network, each of an arc, with an index."""

    def __init__(self, arcs: LongArray, lines: Any) -> None:
        self.arcs, self.lines = arcs, lines
        self._tree = shapely.STRtree(lines)

    def reach(self, points: Any) -> FloatArray:
        """Return the metres from each point to the nearest line, infinite where there is none."""
        metres = np.full(len(points), np.inf)
        which, found = self._tree.query_nearest(points, all_matches=False)
        metres[which] = shapely.distance(points[which], self.lines[found])
        return metres

    def near(self, point: Any, metres: float) -> LongArray:
        """Return the lines within some metres of a point."""
        return np.asarray(self._tree.query(point, predicate="dwithin", distance=metres), dtype=np.int64)

    def first(self, points: Any, metres: FloatArray) -> LongArray:
        """Return for each point which of the lines so many metres away is the first."""
        # An arc and its reverse are equally near, but not to the last bit: all within TIE_M are candidates.
        which, found = self._tree.query(points, predicate="dwithin", distance=metres + TIE_M)
        first = np.full(len(points), len(self.arcs) - 1, dtype=np.int64)
        np.minimum.at(first, which, found)
        return first


class OpenStreets:
    """The streets of a network where somebody can stop, with an index.

    Nobody stops in a tunnel, on a motorway or on its links. A bridge or a ``motorroad`` (`RoadArrays.no_stop`) is
    left to a street on the ground that lies within `SNAP_M` and at most `BESIDE_M` farther.
    """

    def __init__(self, network: RoadArrays) -> None:
        # Not the network: what is kept for it must not keep it.
        self._picture = flat(network)
        self._names = np.column_stack((network.node_id[network.tail], network.node_id[network.head], network.key))
        arcs = np.flatnonzero(where_one_stops(network))
        self._all = self._ground = _Index(arcs, self._picture.lines[arcs])
        if network.no_stop.any():
            ground = [_ground(network, self._picture, arc) for arc in arcs.tolist()]
            stays = np.array([line is not None for line in ground], dtype=np.bool_)
            self._ground = _Index(arcs[stays], np.array(ground, dtype=object)[stays])

    def distance_m(self, lonlats: Sequence[LonLat] | FloatArray) -> FloatArray:
        """Return the metres from each point to the nearest street, infinite where there is none."""
        points: Any = shapely.points(self._picture.to_plane(lonlats))
        return self._reach(points)[0]

    def nearest(self, lonlats: Sequence[LonLat]) -> tuple[LongArray, FloatArray, FloatArray]:
        """Return for each point the first of the nearest arcs, where on it, and how many metres away."""
        points: Any = shapely.points(self._picture.to_plane(lonlats))
        metres, on_ground = self._reach(points)
        arcs, fractions = np.zeros(len(points), dtype=np.int64), np.zeros(len(points))
        for index, chosen in ((self._ground, on_ground), (self._all, ~on_ground)):
            if chosen.any():
                first = index.first(points[chosen], metres[chosen])
                arcs[chosen] = index.arcs[first]
                whole, here = self._picture.lines[arcs[chosen]], points[chosen].copy()
                part = index.lines[first] != whole
                here[part] = shapely.get_point(shapely.shortest_line(index.lines[first][part], here[part]), 0)
                with np.errstate(invalid="ignore"):  # a line without length has no fractions; older versions warn
                    fractions[chosen] = shapely.line_locate_point(whole, here, normalized=True)
        return arcs, np.nan_to_num(fractions), metres

    def across(self, place: Place) -> Place | None:
        """Return the nearest street on the other side of a place, None if none is at most twice as far as its own.

        It lies on the other side if the ways from the point to both streets form an obtuse angle.
        """
        here = self._picture.to_plane([(place.lon, place.lat)])[0]
        found = np.sort(self._all.near(shapely.Point(here), TWICE * place.distance_m))
        if not len(found):
            return None
        ways = shapely.shortest_line(shapely.Point(here), self._all.lines[found])
        steps = shapely.get_coordinates(shapely.get_point(ways, -1)) - here
        metres = np.hypot(*steps.T)
        own = steps[np.argmin(metres)]
        behind = np.flatnonzero(steps @ own < 0)
        if not len(behind):
            return None
        nearest = behind[np.argmin(metres[behind])]
        arc = int(self._all.arcs[found[nearest]])
        foot = shapely.Point(here + steps[nearest])
        with np.errstate(invalid="ignore"):
            fraction = float(np.nan_to_num(shapely.line_locate_point(self._picture.lines[arc], foot, normalized=True)))
        tail, head, key = self._names[arc].tolist()
        return Place(place.lon, place.lat, (tail, head, key), fraction, float(metres[nearest]))

    def _reach(self, points: Any) -> tuple[FloatArray, BoolArray]:
        """Return how far each point is from the street where one stops, and whether that is on the ground."""
        anywhere = self._all.reach(points)
        if self._ground is self._all:
            return anywhere, np.ones(len(points), dtype=np.bool_)
        ground = self._ground.reach(points)
        on_ground = (ground <= anywhere) | ((ground <= SNAP_M) & (ground <= anywhere + BESIDE_M))
        return np.where(on_ground, ground, anywhere), on_ground


def where_one_stops(network: RoadArrays) -> BoolArray:
    """Mark the arcs on which somebody can stop at all: no tunnels, no motorways, none of their links."""
    fast = np.array([highway in CLASSES_WITHOUT_STOPS for highway in network.highways], dtype=np.bool_)
    return np.asarray(~network.tunnel & ~fast)


def _ground(network: RoadArrays, picture: FlatNetwork, arc: int) -> Any:
    """Return the part of an arc's line that is no bridge, None if there is none."""
    begin, end = int(network.shape_start[arc]), int(network.shape_start[arc + 1])
    marked = network.no_stop[begin : end - 1]
    if not marked.any():
        return picture.lines[arc]
    points = shapely.get_coordinates(picture.lines[arc])
    stretches = np.stack((points[:-1], points[1:]), axis=1)[~marked]
    return shapely.MultiLineString(list(stretches)) if len(stretches) else None


_known: WeakKeyDictionary[RoadArrays, OpenStreets] = WeakKeyDictionary()


def open_streets(network: RoadArrays) -> OpenStreets:
    """Return the streets of a network where somebody can stop, indexed once for each network.

    Raises
    ------
    PlaceError
        If nobody can stop anywhere.
    """
    if not where_one_stops(network).any():
        raise PlaceError(
            f"{network.source or 'network'}: every street is a tunnel or a motorway, nobody can stop there"
        )
    streets = _known.get(network)
    if streets is None:
        streets = _known[network] = OpenStreets(network)
    return streets


def nearest_places(network: RoadArrays, lonlats: Sequence[LonLat]) -> list[Place]:
    """Move each point onto the nearest arc where somebody can stop, however far it is; see `OpenStreets`.

    Parameters
    ----------
    lonlats
        Finite WGS-84 degrees.

    Raises
    ------
    PlaceError
        If nobody can stop anywhere.
    """
    if not lonlats:
        return []
    found = open_streets(network).nearest(lonlats)
    return [
        Place(lon, lat, network.arc(int(arc)), float(fraction), float(metres))
        for (lon, lat), arc, fraction, metres in zip(lonlats, *found, strict=True)
    ]


def snap_all(network: RoadArrays, points: Sequence[tuple[str, LonLat]], *, snap_m: float = SNAP_M) -> list[Place]:
    """Move named points onto the network.

    Parameters
    ----------
    points
        What each is called in a complaint, and where it lies: WGS-84 degrees.
    snap_m
        The farthest that a point may lie from a street, metres.

    Raises
    ------
    PlaceError
        Naming, in the order given, every point that is no longitude and latitude and every point that lies
        farther, its distance, and what may be wrong with it.
    """
    wrong: dict[int, str | Complaint] = {
        number: f"{thing}: {said}" for number, (thing, lonlat) in enumerate(points) if (said := not_on_earth(*lonlat))
    }
    sound = [number for number in range(len(points)) if number not in wrong]
    places = nearest_places(network, [points[number][1] for number in sound])
    far = {number: place for number, place in zip(sound, places, strict=True) if place.distance_m > snap_m}
    hints = _hints(network, [points[number][1] for number in far], snap_m)
    for (number, place), hint in zip(far.items(), hints, strict=True):
        wrong[number] = Complaint(
            f"{points[number][0]}: {place.lon:.5f}, {place.lat:.5f} lies {_metres(place.distance_m)} "
            f"from the nearest street, more than {snap_m:.0f} m{hint}",
            "far_point",
        )
    complaints = Complaints()
    complaints.extend(wrong[number] for number in sorted(wrong))
    complaints.raise_as(PlaceError)
    return places


def _metres(distance: float) -> str:
    return f"{distance:.0f} m" if distance < FAR_M else f"{distance / 1000:.0f} km"


def _hints(network: RoadArrays, lonlats: Sequence[LonLat], snap_m: float) -> list[str]:
    """Guess what went wrong with points that lie off the map; the first guess that fits is given."""
    if not lonlats:
        return []
    lon, lat = np.asarray(lonlats, dtype=np.float64).T
    guesses = [("; longitude and latitude look swapped", (lat, lon), snap_m)]
    for crs, name in (("gcj02", "AMap (GCJ-02)"), ("bd09", "Baidu (BD-09)")):
        sentence = f'; it would fit as coordinates of {name}: give crs="{crs}"'
        guesses.append((sentence, to_wgs84(lon, lat, crs), snap_m * SURE))
    off = np.flatnonzero(~where_one_stops(network))
    near = shapely.STRtree(flat(network).lines[off]).query_nearest(
        shapely.points(flat(network).to_plane(lonlats)), max_distance=snap_m, all_matches=False
    )[0]
    hints = [
        "; the motorway or tunnel beside it is no place to stop" if one in near else "" for one in range(len(lonlats))
    ]
    for sentence, moved, reach_m in guesses:
        fits = open_streets(network).distance_m(np.column_stack(moved)) <= reach_m
        hints = [hint or (sentence if fit else "") for hint, fit in zip(hints, fits, strict=True)]
    return hints


@checked_fields
@dataclass(frozen=True, slots=True)
class Incident:
    """A point of demand: longitude and latitude in WGS-84 degrees, and what it counts for beside others."""

    lon: float
    lat: float
    weight: float = 1.0

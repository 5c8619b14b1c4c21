"""A place is a point on an arc: snapping points to the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from patrolroute.errors import Complaints, PlaceError
from patrolroute.network.crs import to_wgs84
from patrolroute.network.earth import not_on_earth
from patrolroute.network.geometry import flat
from patrolroute.network.road import RoadNetwork
from patrolroute.units import Arc, FloatArray, LongArray, LonLat

SNAP_M = 100.0
"""A point farther from every street than this was probably meant for another map or another datum."""

TIE_M = 1e-6
"""Streets this close to equally near are equally near: the first in arc order is taken."""

SURE = 0.25
"""Share of the snapping distance within which a point in another datum must fit before that datum is proposed."""

FAR_M = 10_000
"""From here on a complaint gives kilometres."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on an arc of a road network.

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


class OpenStreets:
    """The streets of a network where somebody can stop: all but the tunnels, with an index."""

    def __init__(self, network: RoadNetwork) -> None:
        self._picture = flat(network)
        self.arcs: LongArray = np.flatnonzero(~network.tunnel)
        self._lines: Any = self._picture.lines[self.arcs]
        self._tree = shapely.STRtree(self._lines)

    def distance_m(self, lonlats: Sequence[LonLat] | FloatArray) -> FloatArray:
        """Give the metres from each point to the nearest street, infinite where there is none."""
        return self._reach(shapely.points(self._picture.to_plane(lonlats)))

    def nearest(self, lonlats: Sequence[LonLat]) -> tuple[LongArray, FloatArray, FloatArray]:
        """Give for each point the first of the nearest arcs, where on it, and how many metres away."""
        points: Any = shapely.points(self._picture.to_plane(lonlats))
        metres = self._reach(points)
        # An arc and its reverse are equally near, but not to the last bit: all within TIE_M are candidates.
        which, found = self._tree.query(points, predicate="dwithin", distance=metres + TIE_M)
        first = np.full(len(points), len(self.arcs) - 1, dtype=np.int64)
        np.minimum.at(first, which, found)
        fractions = shapely.line_locate_point(self._lines[first], points, normalized=True)
        return self.arcs[first], np.nan_to_num(fractions), metres

    def _reach(self, points: Any) -> FloatArray:
        metres = np.full(len(points), np.inf)
        which, found = self._tree.query_nearest(points, all_matches=False)
        metres[which] = shapely.distance(points[which], self._lines[found])
        return metres


_known: WeakKeyDictionary[RoadNetwork, OpenStreets] = WeakKeyDictionary()


def open_streets(network: RoadNetwork) -> OpenStreets:
    """Give the streets of a network where somebody can stop, indexed once for each network.

    Raises
    ------
    PlaceError
        If the whole network is a tunnel.
    """
    if network.tunnel.all():
        raise PlaceError(f"{network.source or 'network'}: every street is a tunnel, nobody can stop there")
    streets = _known.get(network)
    if streets is None:
        streets = _known[network] = OpenStreets(network)
    return streets


def nearest_places(network: RoadNetwork, lonlats: Sequence[LonLat]) -> list[Place]:
    """Move each point onto the nearest arc outside tunnels, however far it is.

    Parameters
    ----------
    lonlats
        Finite WGS-84 degrees.

    Raises
    ------
    PlaceError
        If the whole network is a tunnel.
    """
    if not lonlats:
        return []
    found = open_streets(network).nearest(lonlats)
    return [
        Place(lon, lat, network.arc(int(arc)), float(fraction), float(metres))
        for (lon, lat), arc, fraction, metres in zip(lonlats, *found, strict=True)
    ]


def snap_all(network: RoadNetwork, points: Sequence[tuple[str, LonLat]], *, snap_m: float = SNAP_M) -> list[Place]:
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
    wrong = {
        number: f"{thing}: {said}" for number, (thing, lonlat) in enumerate(points) if (said := not_on_earth(*lonlat))
    }
    sound = [number for number in range(len(points)) if number not in wrong]
    places = nearest_places(network, [points[number][1] for number in sound])
    far = {number: place for number, place in zip(sound, places, strict=True) if place.distance_m > snap_m}
    hints = _hints(network, [points[number][1] for number in far], snap_m)
    for (number, place), hint in zip(far.items(), hints, strict=True):
        wrong[number] = (
            f"{points[number][0]}: {place.lon:.5f}, {place.lat:.5f} lies {_metres(place.distance_m)} "
            f"from the nearest street, more than {snap_m:.0f} m{hint}"
        )
    complaints = Complaints()
    complaints.extend(wrong[number] for number in sorted(wrong))
    complaints.raise_as(PlaceError)
    return places


def _metres(distance: float) -> str:
    return f"{distance:.0f} m" if distance < FAR_M else f"{distance / 1000:.0f} km"


def _hints(network: RoadNetwork, lonlats: Sequence[LonLat], snap_m: float) -> list[str]:
    """Guess what went wrong with points that lie off the map; the first guess that fits is given."""
    if not lonlats:
        return []
    lon, lat = np.asarray(lonlats, dtype=np.float64).T
    guesses = [("; longitude and latitude look swapped", (lat, lon), snap_m)]
    for crs, name in (("gcj02", "AMap (GCJ-02)"), ("bd09", "Baidu (BD-09)")):
        sentence = f'; it would fit as coordinates of {name}: give crs="{crs}"'
        guesses.append((sentence, to_wgs84(lon, lat, crs), snap_m * SURE))
    hints = [""] * len(lonlats)
    for sentence, moved, reach_m in guesses:
        fits = open_streets(network).distance_m(np.column_stack(moved)) <= reach_m
        hints = [hint or (sentence if fit else "") for hint, fit in zip(hints, fits, strict=True)]
    return hints

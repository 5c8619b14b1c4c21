"""A place is a point on an arc: snapping points to the network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from patrolroute.errors import Complaints, PlaceError
from patrolroute.network.crs import to_wgs84
from patrolroute.network.geometry import flat
from patrolroute.network.road import RoadNetwork
from patrolroute.units import Arc, LonLat

SNAP_M = 100.0
"""A point farther from every street than this was probably meant for another map or another datum."""

TIE_M = 1e-6
"""Streets this close to equally near are equally near: the first in arc order is taken."""


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


def nearest_places(network: RoadNetwork, lonlats: Sequence[LonLat]) -> list[Place]:
    """Move each point onto the nearest arc outside tunnels, however far it is."""
    if not lonlats:
        return []
    picture = flat(network)
    points = shapely.points(picture.to_plane(lonlats))
    open_arcs = np.flatnonzero(~network.tunnel)
    tree = picture.tree if len(open_arcs) == network.arc_count else shapely.STRtree(picture.lines[open_arcs])
    distances = np.full(len(points), np.inf)
    arcs = np.zeros(len(points), dtype=np.int64)
    which, candidates = tree.query_nearest(points, all_matches=True)
    found = candidates if tree is picture.tree else open_arcs[candidates]
    metres = shapely.distance(points[which], picture.lines[found])
    for point, arc, distance in sorted(zip(which.tolist(), found.tolist(), metres.tolist(), strict=True)):
        if distance < distances[point] - TIE_M:
            distances[point], arcs[point] = distance, arc
    fractions = shapely.line_locate_point(picture.lines[arcs], points, normalized=True)
    return [
        Place(lon, lat, network.arc(int(arc)), float(fraction), float(distance))
        for (lon, lat), arc, fraction, distance in zip(lonlats, arcs, fractions, distances, strict=True)
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
        Naming every point that lies farther, its distance, and what may be wrong with it.
    """
    complaints = Complaints()
    for thing, (lon, lat) in points:
        if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
            swapped = "; longitude and latitude look swapped" if abs(lon) <= 90 and 90 < abs(lat) <= 180 else ""
            complaints.add(f"{thing}: {lon}, {lat} is not a longitude and a latitude in degrees{swapped}")
    complaints.raise_as(PlaceError)
    places = nearest_places(network, [lonlat for _, lonlat in points])
    for (thing, (lon, lat)), place in zip(points, places, strict=True):
        if place.distance_m > snap_m:
            complaints.add(
                f"{thing}: {lon:.5f}, {lat:.5f} lies {_metres(place.distance_m)} from the nearest street, "
                f"more than {snap_m:.0f} m{_hint(network, (lon, lat), snap_m)}"
            )
    complaints.raise_as(PlaceError)
    return places


def _metres(distance: float) -> str:
    return f"{distance:.0f} m" if distance < 10_000 else f"{distance / 1000:.0f} km"


def _hint(network: RoadNetwork, lonlat: LonLat, snap_m: float) -> str:
    """Guess what went wrong with a point that lies off the map."""
    lon, lat = lonlat
    if abs(lon) <= 90 and nearest_places(network, [(lat, lon)])[0].distance_m <= snap_m:
        return "; longitude and latitude look swapped"
    for crs, name in (("gcj02", "AMap's"), ("bd09", "Baidu's")):
        moved = to_wgs84(lon, lat, crs)
        if nearest_places(network, [(float(moved[0]), float(moved[1]))])[0].distance_m <= snap_m / 4:
            return f'; it would fit as {name} coordinates: give crs="{crs}"'
    return ""

"""On which side of its road a place lies, and by which way a crew comes that stops there (同侧停靠)."""

from __future__ import annotations

from math import atan2, degrees

import numpy as np
import shapely

from patrolroute.network.coordinates import near_lonlat
from patrolroute.network.places import Place, flat
from patrolroute.network.road import RoadNetwork

WIDE = ("trunk", "primary", "secondary")
"""Highway classes of roads that nobody crosses on foot from a car; of one direction each where they are divided."""

MIDDLE_M = 4.0
"""A place that lies nearer to the middle of its road than this lies on no side of it."""

COMPASS = ("north", "north_east", "east", "south_east", "south", "south_west", "west", "north_west")
"""On which side of a road a place lies, clockwise from the north."""


def side_of(network: RoadNetwork, place: Place) -> tuple[bool, str] | None:
    """Return whether a place lies to the right of its arc, and on which side of the road by the compass.

    Parameters
    ----------
    network
        On which the place was snapped.
    place
        The place.

    Returns
    -------
    tuple of bool and str, or None
        None where it lies in the middle of the road; see `MIDDLE_M`.
    """
    if place.distance_m < MIDDLE_M:
        return None
    picture, arc = flat(network), network.arc_index[place.arc]
    line = picture.lines[arc]
    ends = [shapely.line_interpolate_point(line, place.fraction + step, normalized=True) for step in (-STEP, 0, STEP)]
    before, here, after = (shapely.get_coordinates(point)[0] for point in _ordered(line, place.fraction, ends))
    there = picture.to_plane(near_lonlat(np.array([[place.lon, place.lat]]), float(network.lon[0])))[0]
    along, aside = after - before, there - here
    is_right = float(along[0] * aside[1] - along[1] * aside[0]) < 0
    bearing = degrees(atan2(float(aside[0]), float(aside[1]))) % 360
    return is_right, COMPASS[round(bearing / 45) % len(COMPASS)]


STEP = 0.01
"""Share of an arc before and behind a point by which its direction there is measured."""


def _ordered(line: shapely.LineString, fraction: float, points: list[shapely.Point]) -> list[shapely.Point]:
    """Return points before, at and behind a place of a line, both ends of the line kept."""
    first, last = shapely.get_point(line, 0), shapely.get_point(line, -1)
    return [first if fraction < STEP else points[0], points[1], last if fraction > 1 - STEP else points[2]]


def is_wide(network: RoadNetwork, place: Place) -> bool:
    """Return whether a place lies on a wide road."""
    return network.highways[network.arc_index[place.arc]] in WIDE

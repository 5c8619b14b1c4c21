"""A flat picture of a road network: lines in metres, good enough within a city."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from patrolroute.network.road import RoadNetwork
from patrolroute.units import BoolArray, FloatArray, LonLat

METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km; a plane around the network's middle, off by less than 1 % within 100 km."""

MOST = 0.5
"""From this share of its length on, a street runs along a line."""

_known: WeakKeyDictionary[RoadNetwork, FlatNetwork] = WeakKeyDictionary()


class FlatNetwork:
    """The lines of a network on a plane in metres, with an index for finding those nearby."""

    def __init__(self, network: RoadNetwork) -> None:
        self._scale = _scale(network)
        counts = np.diff(network.shape_start)
        points = self.to_plane(np.column_stack((network.shape_lon, network.shape_lat)))
        self.lines: Any = shapely.linestrings(points, indices=np.repeat(np.arange(network.arc_count), counts))
        self.length_m: FloatArray = np.asarray(shapely.length(self.lines))
        self.tree = shapely.STRtree(np.asarray(self.lines))

    def to_plane(self, lonlat: FloatArray | Sequence[LonLat]) -> FloatArray:
        """Turn degrees, shape ``(n, 2)``, into metres."""
        return np.asarray(lonlat, dtype=np.float64).reshape(-1, 2) * self._scale

    def flat(self, geometry: Any) -> Any:
        """Turn a shapely geometry in degrees into one in metres."""
        return shapely.transform(geometry, self.to_plane)

    def inside(self, areas: Sequence[Any]) -> FloatArray:
        """Give for each arc the share of its length that lies inside areas."""
        return self._share_within(shapely.union_all([self.flat(area) for area in areas]))

    def runs_along(self, lines: Sequence[Any], reach_m: float) -> BoolArray:
        """Say for each arc whether it runs along one of the drawn lines.

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


def to_plane(network: RoadNetwork, lonlat: FloatArray) -> FloatArray:
    """Turn degrees, shape ``(n, 2)``, into metres on the plane of a network, without making its picture."""
    return lonlat * _scale(network)


def _scale(network: RoadNetwork) -> FloatArray:
    """Give metres a degree of longitude and of latitude at the network's middle."""
    return np.array([np.cos(np.radians(np.mean(network.lat))), 1.0]) * METRES_A_DEGREE


def flat(network: RoadNetwork) -> FlatNetwork:
    """Give the flat picture of a network, made once for each."""
    picture = _known.get(network)
    if picture is None:
        picture = _known[network] = FlatNetwork(network)
    return picture

"""The plane of the page: metres from the south-west corner, or Web Mercator where an online base layer lies below."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.output.picture.scene import Frame, Scene
from patrolroute.units import FloatArray

EARTH_RADIUS_M = 6378137.0
"""Of the sphere of Web Mercator (EPSG:3857)."""

SLACK_M = 0.5
"""A line may be moved by so much to save points: less than a lane's width."""

DIGITS = 1
"""Decimetres: what a screen shows at its largest scale."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Turns the scene's metres into those of the page.

    Parameters
    ----------
    scene
        What is shown.
    is_mercator
        Whether the page is in Web Mercator (EPSG:3857), as tiles are; else in metres from the frame's corner.
    """

    scene: Scene
    is_mercator: bool = False

    @cached_property
    def _east(self) -> float:
        """Give the scene's metres in a degree of longitude."""
        return float(self.scene.plane([(1.0, 0.0)])[0, 0])

    @property
    def unit_m(self) -> float:
        """Metres on the ground of one unit of the page, in the middle of the frame."""
        return self._east / METRES_A_DEGREE if self.is_mercator else 1.0

    def place(self, points: FloatArray) -> FloatArray:
        """Turn points of the scene's plane into points of the page."""
        if not self.is_mercator:
            west, south, _, _ = self.scene.frame
            return np.asarray(points - np.array([west, south]))
        lon, lat = np.radians(points / np.array([self._east, METRES_A_DEGREE])).T
        north = np.log(np.tan(np.pi / 4 + lat / 2))
        return np.asarray(EARTH_RADIUS_M * np.column_stack((lon, north)))

    @cached_property
    def frame(self) -> Frame:
        """West, south, east and north of what is shown first."""
        west, south, east, north = self.scene.frame
        corners = self.place(np.array([[west, south], [east, north]]))
        return float(corners[0, 0]), float(corners[0, 1]), float(corners[1, 0]), float(corners[1, 1])

    def line(self, points: FloatArray) -> tuple[list[float], list[float]]:
        """Give a line of the scene as the page's easts and norths, without points that nobody would miss."""
        placed = self.place(points)
        if len(placed) > len(("first", "last")):
            placed = np.array(shapely.LineString(placed).simplify(SLACK_M, preserve_topology=False).coords)
        return axis(placed[:, 0]), axis(placed[:, 1])

    def spot(self, point: FloatArray) -> tuple[float, float]:
        """Give one point of the scene as a point of the page."""
        placed = self.place(np.asarray(point, dtype=np.float64).reshape(1, 2))
        return axis(placed[:, 0])[0], axis(placed[:, 1])[0]


def axis(values: Any) -> list[float]:
    """Round to what is written into the page."""
    return [round(value, DIGITS) for value in values.tolist()]

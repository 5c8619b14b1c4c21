"""Where the names of main streets may stand: places along each street, the greatest street first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import shapely

from patrolroute.output.picture.names import named_streets, readable
from patrolroute.output.picture.scene import Scene
from patrolroute.output.web.ground import Ground
from patrolroute.units import FloatArray

Anchor: TypeAlias = tuple[float, float, float, str]
"""East, north, angle in degrees, name."""

EVERY_M = 450.0
"""Between two places along one line: about a block, so that a screen at street scale shows each street's name."""

CHORD_M = 120.0
"""The angle of a name is that of the chord over so many metres."""

STRAIGHT = 0.985
"""Least ratio of chord to way; where a street bends more, a straight name does not fit."""


def anchors(scene: Scene, ground: Ground) -> Iterator[Anchor]:
    """Give the places for names of main and priority streets; the page writes as many as there is room for.

    Places of one street come middle first, then outwards, so that a few names stand where a street is best known.
    """
    for street in named_streets(scene):
        for line in street.lines:
            for point, angle in _places(shapely.LineString(line)):
                yield *ground.spot(point), round(readable(angle), 1), street.name


def _places(way: shapely.LineString) -> Iterator[tuple[FloatArray, float]]:
    count = max(1, int(way.length // EVERY_M))
    half = min(CHORD_M, way.length) / 2
    middles = (np.arange(count) + 0.5) * way.length / count
    for middle in sorted(middles.tolist(), key=lambda at: (round(abs(at - way.length / 2)), at)):
        one, two = (np.array(way.interpolate(at).coords[0]) for at in (middle - half, middle + half))
        step = two - one
        if np.hypot(*step) >= STRAIGHT * 2 * half > 0:
            yield (one + two) / 2, float(np.degrees(np.arctan2(step[1], step[0])))

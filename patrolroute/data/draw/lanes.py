"""Residential lanes inside the blocks between named streets: a jittered pattern, never quite regular."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from patrolroute.data.draw.plane import Line, to_plane
from patrolroute.units import FloatArray

RIDGE = shapely.box(*to_plane([116.90, 32.5942]), *to_plane([117.07, 32.6068]))
"""舜耕山: no lane climbs it."""

CENTRES = to_plane([[117.003, 32.640], [116.993, 32.570]])
DENSE_WITHIN_M = 2300.0
DENSE_M, LOOSE_M = 175.0, 255.0
"""Distance between lanes near the two centres and farther out."""

FAR_M = 100_000
"""Added to places on the plane, none of which lies so far from its middle: a seed is not negative."""

SMALLEST_M2 = 12_000.0
EDGE_M = 32.0
SHORTEST_M = 40.0
LANE_REACH_M = 3.0
"""A lane just meets the street that it ends at: on a divided road only the near carriageway."""


def lanes(lines: Sequence[Line], seed: int) -> Iterator[Line]:
    """Fill every block with lanes; each draws its own luck, so a new street changes only the blocks beside it."""
    drawn = shapely.union_all([shapely.LineString(line.points) for line in lines if not line.tunnel])
    blocks = [block for block in shapely.polygonize([drawn]).geoms if _is_habitable(block)]
    for block in sorted(blocks, key=_place):
        yield from _fill(block, np.random.default_rng([seed, *_place(block)]))


def _place(block: Any) -> tuple[int, int]:
    """Give a block's middle in metres, counted from far in the south-west."""
    return round(block.centroid.x + FAR_M), round(block.centroid.y + FAR_M)


def _is_habitable(block: Any) -> bool:
    inner = block.buffer(-EDGE_M)
    return not inner.is_empty and block.area >= SMALLEST_M2 and block.intersection(RIDGE).area < 0.02 * block.area


def _fill(block: Any, random: np.random.Generator) -> Iterator[Line]:
    """Draw lanes along and across a block, some missing, some cut short, some one-way."""
    middle = block.centroid
    away = np.hypot(*(CENTRES - [middle.x, middle.y]).T).min()
    spacing = DENSE_M if away < DENSE_WITHIN_M else LOOSE_M
    angle = _bearing(block) + random.uniform(-4.0, 4.0)
    turned = affinity.rotate(block, -angle, origin=middle)
    west, south, east, north = turned.bounds
    for across, low, high in ((False, south, north), (True, west, east)):
        for place in _places(low, high, spacing, random):
            ends = ((place, south - 1), (place, north + 1)) if across else ((west - 1, place), (east + 1, place))
            line = affinity.rotate(shapely.LineString(ends), angle, origin=middle).intersection(block)
            for part in getattr(line, "geoms", [line]):
                if part.length >= SHORTEST_M and random.random() > 0.18:
                    yield _lane(np.array(part.coords), random)


def _lane(points: FloatArray, random: np.random.Generator) -> Line:
    """Make a lane: a through lane, a dead end or a one-way."""
    tags = {"highway": "residential"}
    fate = random.random()
    if random.random() < 0.5:
        points = points[::-1]
    if fate < 0.16:
        points = np.array([points[0], points[0] + (points[-1] - points[0]) * random.uniform(0.3, 0.62)])
    elif fate < 0.26:
        tags |= {"oneway": "yes", "lanes": "1"}
    elif fate < 0.36:
        tags = {"highway": "living_street"}
    return Line(points, tags, LANE_REACH_M)


def _places(low: float, high: float, spacing: float, random: np.random.Generator) -> list[float]:
    """Spread lanes over a width, none at its edges, each a little off its place."""
    count = round((high - low) / spacing) - 1
    if count < 1:
        return []
    step = (high - low) / (count + 1)
    return [low + step * (number + random.uniform(-0.22, 0.22)) for number in range(1, count + 1)]


def _bearing(block: Any) -> float:
    """Give the direction of a block's longest side in degrees."""
    corners = np.array(shapely.minimum_rotated_rectangle(block).exterior.coords)
    steps = np.diff(corners, axis=0)
    longest = steps[int(np.argmax(np.hypot(*steps.T)))]
    return float(np.degrees(np.arctan2(longest[1], longest[0])))

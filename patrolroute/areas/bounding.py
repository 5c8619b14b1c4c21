"""Which streets bound an area: 东至龙湖路，南至国庆中路."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import Polygon

from patrolroute.areas.streets import rank_of
from patrolroute.base.vocabulary import FloatArray
from patrolroute.network.places import flat
from patrolroute.network.road import RoadNetwork

SIDES = ("east", "south", "west", "north")
"""In the order in which an area is described."""

EVERY_M = 25.0
"""Between the places of an edge that are looked at."""

BESIDE_M = 250.0
"""A street that bounds an area lies this near to its edge: between two streets that runs half a block away."""

WAVE_M = 150.0
"""By how much an edge swings to and fro between a street and the middle of the blocks along it."""

ALONG = 0.8
"""Cosine of the angle between an edge and a street that runs along it, at least."""

ENOUGH = 0.4
"""Share of a side that a street bounds, at least."""

GREATER = 2.0
"""A street of the next greater class counts so many times as much: people know it."""


@dataclass(frozen=True, slots=True)
class BoundingStreets:
    """The streets along which an area ends, empty where there is none, as at the edge of the map.

    Parameters
    ----------
    east, south, west, north
        The name of the street on that side.
    """

    east: str = ""
    south: str = ""
    west: str = ""
    north: str = ""


class NamedStreets:
    """The streets of a network that have names, in pieces, with an index."""

    def __init__(self, network: RoadNetwork) -> None:
        lines = flat(network).lines
        arcs = [arc for arc, name in enumerate(network.names) if name and not 0 <= network.reverse[arc] < arc]
        points = [shapely.get_coordinates(lines[arc]) for arc in arcs]
        self.names = [network.names[arc] for arc, some in zip(arcs, points, strict=True) for _ in some[1:]]
        self.value = [
            GREATER ** rank_of(network.highways[arc]) for arc, some in zip(arcs, points, strict=True) for _ in some[1:]
        ]
        starts = np.concatenate([some[:-1] for some in points]) if points else np.empty((0, 2))
        ends = np.concatenate([some[1:] for some in points]) if points else np.empty((0, 2))
        self.way = _units(ends - starts)
        pieces: Any = shapely.linestrings(np.stack((starts, ends), axis=1))
        self.tree = shapely.STRtree(pieces)

    def along(self, place: FloatArray, way: FloatArray) -> dict[str, float]:
        """Return the streets that run along a way beside a place, with what each counts."""
        point: Any = shapely.Point(place)
        near = self.tree.query(point, predicate="dwithin", distance=BESIDE_M)
        fits = near[np.abs(self.way[near] @ way) >= ALONG]
        away = shapely.distance(point, self.tree.geometries[fits]) / BESIDE_M
        found: dict[str, float] = {}
        for at, share in zip(fits.tolist(), away.tolist(), strict=True):
            found[self.names[at]] = max(found.get(self.names[at], 0.0), self.value[at] * (1 - share / 2))
        return found


def _units(ways: FloatArray) -> FloatArray:
    return np.asarray(ways / np.maximum(np.hypot(*ways.T), 1e-9)[:, None])


def bounding_streets(polygon: Polygon, streets: NamedStreets) -> BoundingStreets:
    """Return the street that bounds an area most on each side.

    Parameters
    ----------
    polygon
        Of the area, on the plane of the network.
    streets
        Those that have names.
    """
    votes: dict[str, dict[str, list[float]]] = {side: {} for side in SIDES}
    looked = Counter[str]()
    for side, place, way in _edge(polygon):
        looked[side] += 1
        for name, counts in streets.along(place, way).items():
            votes[side].setdefault(name, []).append(counts)
    best = {}
    for side, known in votes.items():
        enough = {name: sum(counts) for name, counts in known.items() if len(counts) >= ENOUGH * looked[side]}
        best[side] = max(enough, key=lambda name: (enough[name], name), default="")
    return BoundingStreets(**best)


def _edge(polygon: Polygon) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """Yield places of an area's edge: the side on which each lies, where it is, which way the edge runs there."""
    ring = polygon.exterior.simplify(WAVE_M)
    middle, (west, south, east, north) = np.array(polygon.centroid.coords[0]), polygon.bounds
    half = np.maximum(np.array([east - west, north - south]) / 2, 1.0)
    for at in np.arange(EVERY_M / 2, ring.length, EVERY_M):
        place = np.array(ring.interpolate(at).coords[0])
        before, after = (np.array(ring.interpolate((at + step) % ring.length).coords[0]) for step in (-40.0, 40.0))
        way = _units((after - before)[None, :])[0]
        yield _side((place - middle) / half, way), place, way


def _side(away: FloatArray, way: FloatArray) -> str:
    """Return on which side of an area a place of its edge lies: where it is, and how the edge runs there."""
    lies = np.abs(away) + np.abs(way[::-1])  # an edge that runs north is one of the east or west
    if lies[0] >= lies[1]:
        return "east" if away[0] > 0 else "west"
    return "north" if away[1] > 0 else "south"


def said(bounds: BoundingStreets, words: Sequence[str]) -> list[str]:
    """Return a phrase for each side that a street bounds.

    Parameters
    ----------
    bounds
        The streets.
    words
        Such as ``东至{street}``, one for each of `SIDES`.
    """
    named = [(getattr(bounds, side), word) for side, word in zip(SIDES, words, strict=True)]
    return [word.format(street=street) for street, word in named if street]

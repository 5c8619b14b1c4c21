"""`OsmMap`: what a map file holds of streets, whatever its form, and cutting an area out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from patrolroute.errors import MapError
from patrolroute.network.pieces import Pieces, Restriction, Way, pieces_of
from patrolroute.words import Mode


@dataclass(frozen=True, slots=True)
class OsmMap:
    """Places of nodes by id (longitude, latitude), ways, turn restrictions."""

    places: Mapping[int, tuple[float, float]]
    ways: tuple[Way, ...]
    restrictions: tuple[Restriction, ...] = ()

    def pieces(self, mode: Mode) -> Pieces:
        """Cut the ways into pieces as a mode uses them."""
        return pieces_of(self.places, self.ways, self.restrictions, mode)

    def within(self, area: Any, path: Path) -> OsmMap:
        """Cut an area out: streets end at the first node outside it, and a stretch without a node in it is left out.

        Raises
        ------
        MapError
            If no street lies inside; ``path`` is named.
        """
        inside = inside_of(self.places, area)
        ways = tuple(
            Way(way.id, part, way.tags)
            for way in self.ways
            if not inside.isdisjoint(way.nodes)
            for part in parts_within(way.nodes, inside)
        )
        if not ways:
            raise MapError(f"{path}: holds no street inside the area")
        used = {node for way in ways for node in way.nodes}
        return OsmMap({node: self.places[node] for node in used}, ways, self.restrictions)


def inside_of(places: Mapping[int, tuple[float, float]], area: Any) -> set[int]:
    """Give the nodes that lie inside an area."""
    names = np.array(list(places), dtype=np.int64)
    lon, lat = np.array(list(places.values()), dtype=np.float64).reshape(-1, 2).T
    shapely.prepare(area)
    return set(names[shapely.contains_xy(area, lon, lat)].tolist())


def parts_within(nodes: Sequence[int], inside: set[int]) -> Iterator[tuple[int, ...]]:
    """Give the parts of a way of which every stretch has an end inside."""
    part: list[int] = []
    for one, two in pairwise(nodes):
        if one in inside or two in inside:
            part = part or [one]
            part.append(two)
        elif part:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)

"""Pieces of ways between neighbouring nodes: what a file and a server both give, before anything is merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from patrolroute.units import FloatArray, IntArray, LongArray
from patrolroute.words import Mode

ONE_WAY = frozenset({"yes", "true", "1", "-1", "reverse", "T", "F"})
BACKWARDS = frozenset({"-1", "reverse", "T"})
"""Values of ``oneway``, as OSMnx reads them."""

RADIUS_M = 6_371_009.0
"""Of the earth, as OSMnx has it."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of the map: its id, the ids of its nodes, its tags."""

    id: int
    nodes: tuple[int, ...]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction: what it says, and the ways and nodes that it names by id.

    Parameters
    ----------
    kind
        The value of its tag: ``no_left_turn``, ``only_straight_on``, ….
    from_ways, to_ways, via_ways
        Way ids.
    via_node
        The node at which the turn is made, None if it leads over ways.
    """

    kind: str
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_ways: tuple[int, ...] = ()
    via_node: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Directed pieces of ways; a two-way street has two for each stretch.

    Parameters
    ----------
    node_id, lon, lat
        The nodes, ids ascending, shape ``(n,)``.
    tail, head
        Node indices of each piece, shape ``(p,)``.
    back
        Index of the piece that runs the same stretch backwards, -1 if there is none. Shape ``(p,)``.
    way
        Index into ``ways`` of each piece, shape ``(p,)``.
    ways
        Id and tags.
    restrictions
        Turn restrictions of the map.
    """

    node_id: LongArray
    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    back: IntArray
    way: IntArray
    ways: tuple[tuple[int, Mapping[str, Any]], ...]
    restrictions: tuple[Restriction, ...] = field(default=())

    def lengths(self) -> FloatArray:
        """Give the metres of each piece on the great circle."""
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        north, east = lat[self.head] - lat[self.tail], lon[self.head] - lon[self.tail]
        half = np.sin(north / 2) ** 2 + np.cos(lat[self.tail]) * np.cos(lat[self.head]) * np.sin(east / 2) ** 2
        return np.asarray(2 * RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))


def pieces_of(
    places: Mapping[int, tuple[float, float]], ways: Iterable[Way], restrictions: Sequence[Restriction], mode: Mode
) -> Pieces:
    """Cut ways into pieces.

    Parameters
    ----------
    places
        Longitude and latitude of every node that the ways name.
    ways
        Ways that the mode may use.
    restrictions
        Turn restrictions of the map.
    mode
        Those on foot go both ways everywhere.
    """
    ends: list[tuple[int, int]] = []
    back: list[int] = []
    owner: list[int] = []
    kept: list[tuple[int, Mapping[str, Any]]] = []
    for way in ways:
        for tail, head in _stretches(way, mode):
            both = mode == "foot" or not _is_one_way(way.tags, mode)
            ends.append((tail, head))
            back.append(len(ends) if both else -1)
            if both:
                ends.append((head, tail))
                back.append(len(ends) - 2)
            owner += [len(kept)] * (1 + both)
        kept.append((way.id, way.tags))
    names = np.array(ends, dtype=np.int64).reshape(-1, 2)
    ids = np.unique(names)
    lon, lat = np.array([places[node] for node in ids.tolist()], dtype=np.float64).reshape(-1, 2).T
    tail, head = np.searchsorted(ids, names).astype(np.int32).T
    return Pieces(
        ids, lon.copy(), lat.copy(), tail.copy(), head.copy(), np.array(back, dtype=np.int32),
        np.array(owner, dtype=np.int32), tuple(kept), tuple(restrictions),
    )  # fmt: skip


def _stretches(way: Way, mode: Mode) -> Iterator[tuple[int, int]]:
    """Give the ends of each stretch of a way in the direction in which it is driven."""
    turned = mode != "foot" and way.tags.get("oneway") in BACKWARDS
    nodes = way.nodes[::-1] if turned else way.nodes
    return ((one, two) for one, two in pairwise(nodes) if one != two)


def _is_one_way(tags: Mapping[str, str], mode: Mode) -> bool:
    if mode == "bicycle" and tags.get("oneway:bicycle") == "no":
        return False
    return tags.get("oneway") in ONE_WAY or tags.get("junction") == "roundabout"

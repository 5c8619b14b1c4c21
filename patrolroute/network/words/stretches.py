"""A section of a street between two crossings: its arcs on both carriageways, or what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.base.errors import Complaint, Complaints, PlaceError
from patrolroute.base.vocabulary import BoolArray, FloatArray, LongArray
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.places import flat
from patrolroute.network.street_names import sections
from patrolroute.network.words.crossings import Junction, arcs_of, junction_of, whole_of
from patrolroute.network.words.grammar import Section, sections_in

BREAK_M = 200.0
"""A street may be interrupted by so much, as by a roundabout or a square of another name, and is still one."""

ASTRAY = 5.0
"""Other streets count so many times as long: they are used where the street itself has a gap, and nowhere else."""

LONGER, LONGER_M = 1.5, 100.0
"""A way back that is longer than the way there by both goes round by another part of the street."""

BESIDE_M = 40.0
"""The other carriageway lies within this."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section of a street that was found.

    Parameters
    ----------
    text
        As it was written.
    street
        The street as it was named.
    begin, end
        The crossings at its ends.
    arcs
        Arcs of both directions on the network as it is on any other night, in order of their index.
    length_m
        From one end to the other.
    """

    text: str
    street: str
    begin: Junction
    end: Junction
    arcs: tuple[int, ...]
    length_m: float


def is_section(text: str, network: RoadArrays) -> bool:
    """Return whether a text is written as a section of a street, and is no street's name."""
    return not sections(text, whole_of(network)) and bool(sections_in(text))


def stretch_of(text: str, network: RoadArrays) -> Stretch:
    """Find a section of a street.

    Parameters
    ----------
    text
        Such as ``龙湖路：国庆中路至舜耕中路``.
    network
        The map; streets that are closed tonight are on it all the same.

    Raises
    ------
    PlaceError
        Naming the street or the ends that are not on the map or do not cross it, with what does.
    """
    network = whole_of(network)
    readings = sections_in(text)
    if not readings:
        raise PlaceError(
            Complaint(f"{text!r} is no section of a street, such as 'A Road: B Road to C Road'", "unknown_name")
        )
    best = max(readings, key=lambda one: (_names_known(one, network), -readings.index(one)))
    begin, end = _ends(best, network)
    if set(begin.nodes) & set(end.nodes):
        raise PlaceError(Complaint(f"{text!r} begins and ends at the same crossing", "unknown_name"))
    arcs, length_m = _way(best.street, begin, end, network, text)
    return Stretch(text, best.street, begin, end, tuple(arcs.tolist()), length_m)


def marks_of(stretch: Stretch, network: RoadArrays) -> BoolArray:
    """Mark the arcs of a stretch on a network, which may lack what is closed tonight, shape ``(arcs,)``."""
    whole, marks = whole_of(network), np.zeros(network.arc_count, dtype=np.bool_)
    if whole is network:
        marks[list(stretch.arcs)] = True
    else:
        found = (network.arc_index.get(arc) for arc in whole.arcs(stretch.arcs))
        marks[[arc for arc in found if arc is not None]] = True
    return marks


def _names_known(one: Section, network: RoadArrays) -> int:
    return sum(bool(len(arcs_of(name, network))) for name in (one.street, one.begin, one.end))


def _ends(one: Section, network: RoadArrays) -> tuple[Junction, Junction]:
    """Return the crossings at both ends, or all that is wrong with either."""
    complaints = Complaints()
    found = [
        complaints.attempt(lambda name=name, side=side: junction_of(one.street, name, network, side=side))  # type: ignore[misc]  # mypy does not infer a lambda with defaults
        for name, side in ((one.begin, one.begin_side), (one.end, one.end_side))
    ]
    if found[0] is None or found[1] is None:
        raise PlaceError(dict.fromkeys(complaints.items))
    return found[0], found[1]


def _way(street: str, begin: Junction, end: Junction, network: RoadArrays, text: str) -> tuple[LongArray, float]:
    """Return the arcs along a street between two crossings, and how long it is from one to the other."""
    own = arcs_of(street, network)
    metres = np.maximum(network.length_m, 1).astype(np.float64)
    there = _shortest(network, own, metres[own], begin.nodes, end.nodes)
    back = _shortest(network, own, metres[own], end.nodes, begin.nodes)
    ways = [way for way in (there, back) if way is not None]
    if not ways:
        ways = [_over_gaps(own, begin, end, network, text)]
    lengths = [float(metres[way].sum()) for way in ways]
    shortest = min(lengths)
    kept = [way for way, long in zip(ways, lengths, strict=True) if long <= max(LONGER * shortest, shortest + LONGER_M)]
    arcs = np.unique(np.concatenate(kept))
    arcs = np.intersect1d(arcs, own)
    if len(kept) == 1:  # the other carriageway has a gap, or none is driven there
        beside = flat(network).runs_along([_degrees(network, kept[0])], BESIDE_M)
        arcs = np.union1d(arcs, own[beside[own]])
    arcs = np.union1d(arcs, network.reverse[arcs][network.reverse[arcs] >= 0])
    return arcs[~network.roundabout[arcs]], shortest


def _degrees(network: RoadArrays, way: LongArray) -> object:
    import shapely

    return shapely.LineString(network.path_shape(way.tolist()))


def _over_gaps(own: LongArray, begin: Junction, end: Junction, network: RoadArrays, text: str) -> LongArray:
    """Return the arcs of a way along a street that is interrupted; other streets bridge what is short."""
    weights = np.maximum(network.length_m, 1).astype(np.float64) * ASTRAY
    weights[own] /= ASTRAY
    every = np.arange(network.arc_count, dtype=np.int64)
    way = _shortest(network, every, weights, begin.nodes, end.nodes)
    if way is None:
        way = _shortest(network, every, weights, end.nodes, begin.nodes)
    if way is None:
        raise PlaceError(f"{text!r} is interrupted: no way leads from one end to the other")
    astray_m = float(network.length_m[way[~np.isin(way, own)]].sum())
    if astray_m > BREAK_M:
        raise PlaceError(f"{text!r} is interrupted: {astray_m:.0f} m of the way between its ends are other streets")
    return way


def _shortest(
    network: RoadArrays, arcs: LongArray, weights: FloatArray, begin: Sequence[int], end: Sequence[int]
) -> LongArray | None:
    """Return the arcs of the shortest way over some arcs from any of some nodes to any of others, None for none."""
    tail, head = network.tail[arcs].astype(np.int64), network.head[arcs].astype(np.int64)
    order = np.lexsort((arcs, weights, head, tail))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
    kept = order[first & (tail[order] != head[order])]  # of parallel arcs the shortest
    size = len(network.node_id)
    graph = csr_array((weights[kept], (tail[kept], head[kept])), shape=(size, size))
    seconds, before, _ = dijkstra(graph, directed=True, indices=sorted(begin), min_only=True, return_predecessors=True)
    goal = min(sorted(end), key=lambda node: float(seconds[node]))
    if not np.isfinite(seconds[goal]):
        return None
    by_ends = dict(zip(zip(tail[kept].tolist(), head[kept].tolist(), strict=True), arcs[kept].tolist(), strict=True))
    way, node = list[int](), int(goal)
    while before[node] >= 0:
        way.append(by_ends[int(before[node]), node])
        node = int(before[node])
    return np.array(way[::-1], dtype=np.int64)

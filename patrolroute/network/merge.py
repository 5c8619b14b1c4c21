"""Pieces of ways merged between junctions into a road network, with exact seconds on every arc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from patrolroute.network.pieces import Pieces
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable
from patrolroute.network.tags import ROUNDABOUT, first_text, maxspeed_kmh
from patrolroute.units import BoolArray, FloatArray, IntArray, whole_array

KEEPS_APART = ("name", "highway", "tunnel", "junction")
"""Where one of these changes a node stays, so that no arc has two names or classes."""


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """A road network and the ways of the map that each of its arcs runs along, in the order in which it does."""

    network: RoadNetwork
    way_ids: tuple[tuple[int, ...], ...]


def merge(pieces: Pieces, *, speeds: SpeedTable, **marks: Any) -> Merged:
    """Merge the pieces between junctions, dead ends and changes of name, class, tunnel or roundabout into arcs.

    The rules are those of OSMnx' ``simplify_graph`` (Boeing 2025, doi:10.1111/gean.70009), on arrays. Seconds are added
    piece by piece and rounded once. Parallel arcs are numbered by length, name and line, so that the order of ways in
    a file does not matter. A ring without any junction keeps all of its nodes.

    Parameters
    ----------
    pieces
        At least one.
    speeds
        Speeds by class.
    marks
        ``mode``, ``source``, ``notice``, ``attribution`` of the network.
    """
    chains = _chains(pieces, _junctions(pieces))
    lengths, (travel, patrol) = pieces.lengths(), _seconds_a_metre(pieces, speeds)
    metres = np.array([sum(lengths[chain].tolist()) for chain in chains])
    travel_s = np.array([sum((lengths[chain] * travel[chain]).tolist()) for chain in chains])
    patrol_s = np.array([sum((lengths[chain] * patrol[chain]).tolist()) for chain in chains])
    lines = [np.append(pieces.tail[chain], pieces.head[chain[-1]]) for chain in chains]
    first = np.array([chain[0] for chain in chains])
    last = np.array([chain[-1] for chain in chains])
    names, highways, tunnels, junctions = (_texts(pieces, tag, first) for tag in KEEPS_APART)
    order, key = _numbered(pieces, lines, metres, names)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    nodes, ends = np.unique(np.column_stack((pieces.tail[first], pieces.head[last])), return_inverse=True)
    tail, head = ends.reshape(-1, 2).astype(np.int32)[order].T
    points = np.concatenate([lines[arc] for arc in order])
    whole_travel = whole_array(travel_s)
    network = RoadNetwork(
        node_id=pieces.node_id[nodes],
        lon=pieces.lon[nodes],
        lat=pieces.lat[nodes],
        tail=tail.copy(),
        head=head.copy(),
        key=key,
        length_m=whole_array(metres)[order],
        travel_s=whole_travel[order],
        patrol_s=np.maximum(whole_array(patrol_s), whole_travel)[order],
        reverse=_reverses(pieces, first, last, place)[order],
        names=tuple(names[arc] for arc in order),
        highways=tuple(highways[arc] for arc in order),
        tunnel=np.array([tunnels[arc].lower() not in ("", "no", "false") for arc in order]),
        roundabout=np.array([junctions[arc] in ROUNDABOUT for arc in order]),
        shape_lon=pieces.lon[points],
        shape_lat=pieces.lat[points],
        shape_start=np.concatenate(([0], np.cumsum([len(lines[arc]) for arc in order]))).astype(np.int64),
        **marks,
    )
    return Merged(network, tuple(_way_ids(pieces, chains[arc]) for arc in order.tolist()))


def _junctions(pieces: Pieces) -> BoolArray:
    """Mark the nodes at which arcs end: all but those that have one way on from each of two neighbours."""
    count = len(pieces.node_id)
    into, out = np.bincount(pieces.head, minlength=count), np.bincount(pieces.tail, minlength=count)
    pairs = np.unique(pieces.tail.astype(np.int64) * count + pieces.head)
    tail, head = pairs // count, pairs % count
    either = np.unique(np.concatenate((tail * count + head, head * count + tail)))
    neighbours = np.bincount(either // count, minlength=count)
    passes = (neighbours == len(("one", "two"))) & (into == out) & _has_no_parallel(pieces, count)
    for tag in KEEPS_APART:
        passes &= ~_changes(pieces, tag)
    return np.asarray(~passes)


def _has_no_parallel(pieces: Pieces, count: int) -> BoolArray:
    """Mark the nodes of which no two pieces run between the same neighbours in the same direction."""
    code = pieces.tail.astype(np.int64) * count + pieces.head
    _, where, times = np.unique(code, return_inverse=True, return_counts=True)
    alone = np.ones(count, dtype=np.bool_)
    twice = times[where] > 1
    alone[pieces.tail[twice]] = alone[pieces.head[twice]] = False
    return alone


def _changes(pieces: Pieces, tag: str) -> BoolArray:
    """Mark the nodes at which a tag changes from one piece to another."""
    values = [str(tags.get(tag, "")) for _, tags in pieces.ways]
    number = np.unique(np.array(values, dtype=object), return_inverse=True)[1][pieces.way]
    low, high = np.full(len(pieces.node_id), len(values)), np.full(len(pieces.node_id), -1)
    for end in (pieces.tail, pieces.head):
        np.minimum.at(low, end, number)
        np.maximum.at(high, end, number)
    return np.asarray(low != high)


def _chains(pieces: Pieces, junction: BoolArray) -> list[IntArray]:
    """Join pieces from junction to junction; those of rings without a junction stay alone."""
    following = _following(pieces, junction).tolist()
    chains, seen = [], np.zeros(len(following), dtype=np.bool_)
    for start in np.flatnonzero(junction[pieces.tail]).tolist():
        chain, piece = [], start
        while piece >= 0:
            chain.append(piece)
            piece = following[piece]
        seen[chain] = True
        chains.append(np.array(chain, dtype=np.int32))
    return chains + [np.array([piece], dtype=np.int32) for piece in np.flatnonzero(~seen).tolist()]


def _following(pieces: Pieces, junction: BoolArray) -> IntArray:
    """Give the piece that goes on from each, -1 where it ends at a junction."""
    order = np.argsort(pieces.tail, kind="stable").astype(np.int32)
    first = np.searchsorted(pieces.tail[order], np.arange(len(pieces.node_id) + 1))
    one = order[np.minimum(first[pieces.head], len(order) - 1)]
    two = order[np.minimum(first[pieces.head] + 1, len(order) - 1)]
    on = np.where(pieces.head[one] != pieces.tail, one, two)
    return np.where(junction[pieces.head], -1, on).astype(np.int32)


def _seconds_a_metre(pieces: Pieces, speeds: SpeedTable) -> FloatArray:
    """Give what a metre of each piece takes to drive and to patrol, shape ``(2, p)``."""
    known: dict[tuple[str, str], tuple[float, float]] = {}
    rows = []
    for _, tags in pieces.ways:
        sort = str(tags.get("highway")), str(tags.get("maxspeed"))
        if sort not in known:
            known[sort] = speeds.kmh(first_text(tags.get("highway")), maxspeed=maxspeed_kmh(tags.get("maxspeed")))
        rows.append(known[sort])
    return (3.6 / np.array(rows, dtype=np.float64).reshape(-1, 2))[pieces.way].T


def _texts(pieces: Pieces, tag: str, first: IntArray) -> list[str]:
    """Read a tag of every arc."""
    values = [first_text(tags.get(tag)) for _, tags in pieces.ways]
    return [values[way] for way in pieces.way[first].tolist()]


def _numbered(
    pieces: Pieces, lines: Sequence[IntArray], metres: FloatArray, names: Sequence[str]
) -> tuple[IntArray, IntArray]:
    """Give the arc order, and the key of each arc in it: parallels by length, name and line."""
    ends = [(int(line[0]), int(line[-1])) for line in lines]
    shared: dict[tuple[int, int], int] = {}
    for pair in ends:
        shared[pair] = shared.get(pair, 0) + 1

    def rank(arc: int) -> tuple[Any, ...]:
        if shared[ends[arc]] == 1:
            return ends[arc]
        inner = lines[arc] if len(lines[arc]) > len(("tail", "head")) else lines[arc][:0]
        line = np.column_stack((pieces.lon[inner], pieces.lat[inner])).tolist()
        return *ends[arc], float(metres[arc]), names[arc], line

    order = np.array(sorted(range(len(lines)), key=rank), dtype=np.int32)
    key = np.zeros(len(order), dtype=np.int32)
    for place in range(1, len(order)):
        if ends[order[place]] == ends[order[place - 1]]:
            key[place] = key[place - 1] + 1
    return order, key


def _reverses(pieces: Pieces, first: IntArray, last: IntArray, place: IntArray) -> IntArray:
    """Give for each arc the place of the one that runs the same pieces backwards, -1 if there is none."""
    begins = np.full(len(pieces.tail) + 1, -1, dtype=np.int32)
    begins[first] = np.arange(len(first))
    other = begins[pieces.back[last]]
    matches = (pieces.back[last] >= 0) & (other >= 0)
    matches &= last[other] == pieces.back[first]
    return np.where(matches, place[other], -1).astype(np.int32)


def _way_ids(pieces: Pieces, chain: IntArray) -> tuple[int, ...]:
    """Give the ids of the ways that a chain of pieces runs along, each once, in that order."""
    return tuple(dict.fromkeys(pieces.ways[way][0] for way in pieces.way[chain].tolist()))

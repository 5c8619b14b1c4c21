"""Ways cut into pieces between nodes, and pieces merged between junctions, with exact seconds on every arc."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from patrolroute.base.vocabulary import BoolArray, FloatArray, IntArray, LongArray, whole_array
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.osm.access import BOTH, Access
from patrolroute.network.osm.tags import ROUNDABOUT, first_text, forbids_stopping, maxspeed_kmh
from patrolroute.network.speeds import SpeedTable

RADIUS_M = 6_371_009.0
"""Of the earth, as OSMnx has it."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of the map: its id, the ids of its nodes, its tags, and in which directions a mode may use it."""

    id: int
    nodes: tuple[int, ...]
    tags: Mapping[str, str]
    access: Access = BOTH


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
    paths
        How it leads over this map; see `patrolroute.network.osm.restrictions.placed`.
    """

    kind: str
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_ways: tuple[int, ...] = ()
    via_node: int | None = None
    paths: tuple[ViaPath, ...] = ()


@dataclass(frozen=True, slots=True)
class ViaPath:
    """A way over which a restriction leads: from one way, over ways or none, to another, and the nodes between them.

    ``nodes`` are where one way is left for the next, one more than there are ways ``over`` which it leads.
    """

    from_way: int
    nodes: tuple[int, ...]
    over: tuple[int, ...]
    to_way: int


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
        """Return the metres of each piece on the great circle."""
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        north, east = lat[self.head] - lat[self.tail], lon[self.head] - lon[self.tail]
        half = np.sin(north / 2) ** 2 + np.cos(lat[self.tail]) * np.cos(lat[self.head]) * np.sin(east / 2) ** 2
        return np.asarray(2 * RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))


def pieces_of(
    places: Mapping[int, tuple[float, float]], ways: Iterable[Way], restrictions: Sequence[Restriction]
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
    """
    ends: list[tuple[int, int]] = []
    back: list[int] = []
    owner: list[int] = []
    kept: list[tuple[int, Mapping[str, Any]]] = []
    for way in ways:
        both = way.access.forward and way.access.backward
        for tail, head in _stretches(way):
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


def _stretches(way: Way) -> Iterator[tuple[int, int]]:
    """Yield the ends of each stretch of a way in a direction in which it may be used."""
    nodes = way.nodes if way.access.forward else way.nodes[::-1]
    return ((one, two) for one, two in pairwise(nodes) if one != two)


ALONG = 2
"""Neighbours of a node in the middle of a street."""

KEEPS_APART = ("name", "highway", "tunnel", "junction")
"""Where one of these changes a node stays, so that no arc has two names or classes."""


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """A road network and the ways of the map that each of its arcs runs along, in the order in which it does."""

    network: RoadArrays
    way_ids: tuple[tuple[int, ...], ...]


def merge(pieces: Pieces, *, speeds: SpeedTable, **marks: Any) -> Merged:
    """Merge the pieces between junctions, dead ends, changes of name, class, tunnel or roundabout, and restrictions.

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
    # What each arc sums up over its pieces.
    chains = _chains(pieces, _junctions(pieces))
    lengths, (travel, patrol) = pieces.lengths(), _seconds_a_metre(pieces, speeds)
    metres, travel_s, patrol_s = (_sums(each, chains) for each in (lengths, lengths * travel, lengths * patrol))
    # What it takes from its first piece, for it is the same on all of them, and from its ends.
    first = np.array([chain[0] for chain in chains])
    last = np.array([chain[-1] for chain in chains])
    names, highways, tunnels, junctions = (_texts(pieces, tag, first) for tag in KEEPS_APART)
    # Arcs are sorted by their ends and key; `place` tells which number each gets, and nodes are those at ends.
    order, key = _numbered(pieces, chains, metres, names)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    nodes, ends = np.unique(np.column_stack((pieces.tail[first], pieces.head[last])), return_inverse=True)
    tail, head = ends.reshape(-1, 2).astype(np.int32)[order].T
    # Each column in arc order; a patrol is never faster than the drive, rounded or not.
    joined = np.concatenate([chains[arc] for arc in order])
    shape_start = np.concatenate(([0], np.cumsum([len(chains[arc]) + 1 for arc in order]))).astype(np.int64)
    points = _with_ends(pieces.tail[joined], pieces.head[last[order]], shape_start)
    whole_travel = whole_array(travel_s)
    network = RoadArrays(
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
        no_stop=_with_ends(_no_stop(pieces)[joined], np.zeros(len(order), dtype=np.bool_), shape_start),
        shape_lon=pieces.lon[points],
        shape_lat=pieces.lat[points],
        shape_start=shape_start,
        **marks,
    )
    return Merged(network, _way_ids(pieces, joined, shape_start))


def _junctions(pieces: Pieces) -> BoolArray:
    """Mark the nodes at which arcs end: all but those that have one way on from each of two neighbours.

    Where a turn restriction holds a node stays, or nobody could say which turn it forbids; in the middle of a way none
    forbids to go on.
    """
    count = len(pieces.node_id)
    into, out = np.bincount(pieces.head, minlength=count), np.bincount(pieces.tail, minlength=count)
    pairs = np.unique(pieces.tail.astype(np.int64) * count + pieces.head)
    tail, head = pairs // count, pairs % count
    either = np.unique(np.concatenate((tail * count + head, head * count + tail)))
    neighbours = np.bincount(either // count, minlength=count)
    passes = (neighbours == ALONG) & (into == out) & _has_no_parallel(pieces, count)
    for tag in KEEPS_APART:
        passes &= ~_changes(pieces, tag)
    held = {
        node
        for restriction in pieces.restrictions
        for path in restriction.paths
        if path.from_way != path.to_way or "u_turn" in restriction.kind
        for node in path.nodes
    }
    passes &= ~np.isin(pieces.node_id, sorted(held))
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
    """Return the piece that goes on from each, -1 where it ends at a junction."""
    order = np.argsort(pieces.tail, kind="stable").astype(np.int32)
    first = np.searchsorted(pieces.tail[order], np.arange(len(pieces.node_id) + 1))
    one = order[np.minimum(first[pieces.head], len(order) - 1)]
    two = order[np.minimum(first[pieces.head] + 1, len(order) - 1)]
    on = np.where(pieces.head[one] != pieces.tail, one, two)
    return np.where(junction[pieces.head], -1, on).astype(np.int32)


def _seconds_a_metre(pieces: Pieces, speeds: SpeedTable) -> FloatArray:
    """Return what a metre of each piece takes to drive and to patrol, shape ``(2, p)``."""
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


def _no_stop(pieces: Pieces) -> BoolArray:
    """Mark the pieces on which nobody stops; the last point of a line begins none."""
    return np.array([forbids_stopping(tags) for _, tags in pieces.ways], dtype=np.bool_)[pieces.way]


def _with_ends(values: NDArray[Any], ends: NDArray[Any], start: LongArray) -> NDArray[Any]:
    """Return one value for each point of all lines: those of its pieces, then one for its end.

    Parameters
    ----------
    values
        Of the pieces of all lines, one line after the other.
    ends
        Of the last point of each line.
    start
        At which point each line starts, and the number of all points.
    """
    is_end = np.zeros(start[-1], dtype=np.bool_)
    is_end[start[1:] - 1] = True
    found = np.empty(start[-1], dtype=values.dtype)
    found[~is_end], found[is_end] = values, ends
    return found


def _numbered(
    pieces: Pieces, chains: Sequence[IntArray], metres: FloatArray, names: Sequence[str]
) -> tuple[IntArray, IntArray]:
    """Return the arc order, and the key of each arc in it: parallels by length, name and line."""
    tails = pieces.tail[[chain[0] for chain in chains]].tolist()
    heads = pieces.head[[chain[-1] for chain in chains]].tolist()
    ends = list(zip(tails, heads, strict=True))
    shared: dict[tuple[int, int], int] = {}
    for pair in ends:
        shared[pair] = shared.get(pair, 0) + 1

    def rank(arc: int) -> tuple[Any, ...]:
        if shared[ends[arc]] == 1:
            return ends[arc]
        is_bent = len(chains[arc]) > 1
        inner = [*pieces.tail[chains[arc]], heads[arc]] if is_bent else []
        line = np.column_stack((pieces.lon[inner], pieces.lat[inner])).tolist()
        return *ends[arc], float(metres[arc]), names[arc], line

    order = np.array(sorted(range(len(chains)), key=rank), dtype=np.int32)
    key = np.zeros(len(order), dtype=np.int32)
    for place in range(1, len(order)):
        if ends[order[place]] == ends[order[place - 1]]:
            key[place] = key[place - 1] + 1
    return order, key


def _reverses(pieces: Pieces, first: IntArray, last: IntArray, place: IntArray) -> IntArray:
    """Return for each arc the place of the one that runs the same pieces backwards, -1 if there is none."""
    begins = np.full(len(pieces.tail) + 1, -1, dtype=np.int32)
    begins[first] = np.arange(len(first))
    other = begins[pieces.back[last]]
    matches = (pieces.back[last] >= 0) & (other >= 0)
    matches &= last[other] == pieces.back[first]
    return np.where(matches, place[other], -1).astype(np.int32)


def _sums(values: FloatArray, chains: Sequence[IntArray]) -> FloatArray:
    """Return the sum over each chain, added piece by piece in its order."""
    joined, ends = values[np.concatenate(chains)].tolist(), np.cumsum([len(chain) for chain in chains]).tolist()
    return np.array([sum(joined[begin:end]) for begin, end in pairwise((0, *ends))])


def _way_ids(pieces: Pieces, joined: IntArray, shape_start: LongArray) -> tuple[tuple[int, ...], ...]:
    """Return the ids of the ways that each chain of pieces runs along, in that order.

    Parameters
    ----------
    pieces
        All pieces.
    joined
        Those of all chains, one chain after the other.
    shape_start
        At which point the line of each chain starts, one point more than pieces; and the number of all points.
    """
    ids = np.array([way for way, _ in pieces.ways], dtype=np.int64)[pieces.way[joined]]
    start = shape_start - np.arange(len(shape_start))
    is_new = np.ones(len(ids), dtype=np.bool_)
    is_new[1:] = ids[1:] != ids[:-1]
    is_new[start[:-1]] = True
    new, before = ids[is_new].tolist(), np.concatenate(([0], np.cumsum(is_new)))[start].tolist()
    return tuple(tuple(new[begin:end]) for begin, end in pairwise(before))

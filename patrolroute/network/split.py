"""Splitting arcs where people stop: an arc and its reverse become chains with a node at each place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from patrolroute.base.vocabulary import BoolArray, FloatArray, IntArray, LongArray
from patrolroute.network.arrays import Network, RoadArrays
from patrolroute.network.coordinates import near_lonlat
from patrolroute.network.places import Place, to_plane
from patrolroute.network.turns import FORBIDDEN, Turns

NEAR_END_M = 0.5
"""Closer to a junction than this a place is the junction."""

SAME_M = 0.001
"""A point of a line that lies closer to a cut than this is the cut."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of an arc between two nodes, by node id, on its way into the new network."""

    tail: int
    head: int
    old: int
    length_m: int
    travel_s: int
    patrol_s: int
    shape: FloatArray


def split_at(network: Network, places: Sequence[Place]) -> tuple[Network, list[int], dict[int, tuple[int, ...]]]:
    """Split arcs and their reverses at places.

    The first part takes its share of metres and seconds, rounded, the last the rest; each part has at least
    1 m and 1 s, and is not patrolled faster than driven. Where an arc is too short for that, or the place
    lies within half a metre of an end, the nearest end is the place. Split nodes are numbered downwards
    from -1, in the order of arcs and of places on them, so that equal places give equal ids.

    Returns
    -------
    network
        With the split nodes.
    nodes
        The node index of each place on it.
    chains
        For each arc index of the old network the arc indices that replace it.
    """
    marks = _marks(network, places)
    next_id = min(int(network.node_id[0]), 0) - 1
    new_nodes: dict[int, tuple[float, float]] = {}
    node_at: dict[tuple[int, float], int] = {}
    parts: dict[int, list[_Part]] = {}
    for arc in sorted(marks):
        cuts = _feasible(network, arc, sorted(marks[arc]))
        inner = list(range(next_id, next_id - len(cuts), -1))
        next_id -= len(cuts)
        pieces = _cut_arc(network, arc, cuts, inner)
        parts[arc] = pieces
        new_nodes |= {node: _end(piece.shape) for node, piece in zip(inner, pieces, strict=False)}
        node_at |= {(arc, fraction): node for fraction, node in zip(cuts, inner, strict=True)}
        back = int(network.reverse[arc])
        if back >= 0:
            parts[back] = _cut_back(network, back, pieces)
    split, chains = _rebuild(network, new_nodes, parts)
    ids = [_node_of(network, place, node_at) for place in places]
    return split, [split.node_index[node] for node in ids], chains


def _end(shape: FloatArray) -> tuple[float, float]:
    return float(shape[-1, 0]), float(shape[-1, 1])


def _marks(network: RoadArrays, places: Sequence[Place]) -> dict[int, set[float]]:
    """Collect where arcs are to be split; an arc and its reverse under the first of the two."""
    marks: dict[int, set[float]] = defaultdict(set)
    for place in places:
        arc, fraction = _canonical(network, place)
        marks[arc].add(fraction)
    return marks


def _canonical(network: RoadArrays, place: Place) -> tuple[int, float]:
    arc, fraction = network.arc_index[place.arc], place.fraction
    back = int(network.reverse[arc])
    return (back, 1.0 - fraction) if 0 <= back < arc else (arc, fraction)


def _feasible(network: RoadArrays, arc: int, fractions: Sequence[float]) -> list[float]:
    """Keep the fractions that leave every part at least 1 m and 1 s, in both directions."""
    pair = [arc, int(network.reverse[arc])] if network.reverse[arc] >= 0 else [arc]
    smallest = int(min(network.length_m[pair].min(), network.travel_s[pair].min(), network.patrol_s[pair].min()))
    length, kept, last = float(network.length_m[arc]), list[float](), 0.0
    for fraction in fractions:
        gaps = fraction - last, 1.0 - fraction
        if min(gaps) * length > NEAR_END_M and min(gaps) * smallest >= 1.0:
            kept.append(fraction)
            last = fraction
    return kept


def _node_of(network: RoadArrays, place: Place, node_at: Mapping[tuple[int, float], int]) -> int:
    """Return the split node of a place, or the nearest node on its arc."""
    arc, fraction = _canonical(network, place)
    on_arc = [(one, node) for (where, one), node in node_at.items() if where == arc]
    tail, head, _ = network.arc(arc)
    stops = [(0.0, tail), *sorted(on_arc), (1.0, head)]
    return min(stops, key=lambda stop: (abs(stop[0] - fraction), stop[0]))[1]


def _cut_arc(network: RoadArrays, arc: int, cuts: Sequence[float], inner: Sequence[int]) -> list[_Part]:
    tail, head, _ = network.arc(arc)
    nodes = [tail, *inner, head]
    shares = np.diff([0.0, *cuts, 1.0])
    travel = _shares(int(network.travel_s[arc]), shares)
    patrol = _not_faster(_shares(int(network.patrol_s[arc]), shares), travel)
    metres = _shares(int(network.length_m[arc]), shares)
    pieces = _pieces(network, arc, [0.0, *cuts, 1.0])
    return [
        _Part(nodes[number], nodes[number + 1], arc, metres[number], travel[number], patrol[number], piece)
        for number, piece in enumerate(pieces)
    ]


def _cut_back(network: RoadArrays, back: int, pieces: Sequence[_Part]) -> list[_Part]:
    """Split the reverse at the same nodes, with seconds of its own."""
    shares = np.array([piece.length_m for piece in reversed(pieces)], dtype=np.float64)
    shares /= shares.sum()
    travel = _shares(int(network.travel_s[back]), shares)
    patrol = _not_faster(_shares(int(network.patrol_s[back]), shares), travel)
    metres = _shares(int(network.length_m[back]), shares)
    return [
        _Part(piece.head, piece.tail, back, metres[number], travel[number], patrol[number], piece.shape[::-1])
        for number, piece in enumerate(reversed(pieces))
    ]


def _shares(total: int, shares: FloatArray) -> list[int]:
    """Share a whole number out: each part rounded and at least 1, the last takes the rest."""
    parts: list[int] = []
    left = total
    for number, share in enumerate(shares[:-1]):
        later = len(shares) - 1 - number
        part = min(max(1, int(np.floor(total * share + 0.5))), left - later)
        parts.append(part)
        left -= part
    return [*parts, left]


def _not_faster(patrol: list[int], travel: list[int]) -> list[int]:
    """Move seconds between the parts until none is patrolled faster than driven; the sum stays."""
    over = [max(0, drive - look) for look, drive in zip(patrol, travel, strict=True)]
    raised = [look + lack for look, lack in zip(patrol, over, strict=True)]
    debt = sum(over)
    for number in reversed(range(len(raised))):
        give = min(debt, raised[number] - travel[number])
        raised[number] -= give
        debt -= give
    return raised


def _pieces(network: RoadArrays, arc: int, marks: Sequence[float]) -> list[FloatArray]:
    """Cut an arc's line at fractions of its length, measured in metres on the plane on which places are snapped."""
    points = near_lonlat(network.shape(arc), float(network.shape_lon[network.shape_start[arc]]))
    steps = np.hypot(*np.diff(to_plane(network, points), axis=0).T)
    at = np.concatenate(([0.0], np.cumsum(steps)))
    cuts = np.asarray(marks) * at[-1]
    joints = np.column_stack([np.interp(cuts, at, points[:, axis]) for axis in (0, 1)])
    joints[0], joints[-1] = points[0], points[-1]
    joints, points = (near_lonlat(line, 0.0) for line in (joints, points))
    between = [points[(at > first + SAME_M) & (at < last - SAME_M)] for first, last in pairwise(cuts)]
    return [np.vstack((joints[number], inner, joints[number + 1])) for number, inner in enumerate(between)]


def _rebuild(
    network: Network, new_nodes: Mapping[int, tuple[float, float]], parts: Mapping[int, list[_Part]]
) -> tuple[Network, dict[int, tuple[int, ...]]]:
    """Put untouched arcs and parts together in arc order."""
    # An arc of one part stays as it is.
    cut = {arc: pieces for arc, pieces in parts.items() if len(pieces) > 1}
    pieces = [piece for arc in sorted(cut) for piece in cut[arc]]
    # New nodes have lower ids than all others: put before them, all stay sorted.
    fresh = sorted(new_nodes)
    node_id = np.concatenate((np.array(fresh, dtype=np.int64), network.node_id))
    # The arcs to be: first those that stay whole, then the parts; for each the old arc that it comes from.
    is_whole = np.ones(network.arc_count, dtype=np.bool_)
    is_whole[list(cut)] = False
    whole = np.flatnonzero(is_whole)
    old = np.concatenate((whole, np.array([piece.old for piece in pieces], dtype=np.int64)))

    def joined(of_whole: Any, name: str) -> Any:
        return np.concatenate((of_whole, [getattr(piece, name) for piece in pieces])).astype(of_whole.dtype)

    # Arcs are sorted by their ends and key; `place` tells which number each gets.
    tail = np.searchsorted(node_id, joined(network.node_id[network.tail[whole]], "tail")).astype(np.int32)
    head = np.searchsorted(node_id, joined(network.node_id[network.head[whole]], "head")).astype(np.int32)
    order = np.lexsort((network.key[old], head, tail))
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    # A part takes from its old arc what holds for all of it, and has its own length, seconds and line.
    chains = _chains(network, whole, cut, place)
    old = old[order]
    lon, lat, no_stop, start = _lines(network, is_whole, pieces, order)
    split = replace(
        network,
        node_id=node_id,
        lon=np.concatenate(([new_nodes[node][0] for node in fresh], network.lon)),
        lat=np.concatenate(([new_nodes[node][1] for node in fresh], network.lat)),
        tail=tail[order],
        head=head[order],
        key=network.key[old],
        length_m=joined(network.length_m[whole], "length_m")[order],
        travel_s=joined(network.travel_s[whole], "travel_s")[order],
        patrol_s=joined(network.patrol_s[whole], "patrol_s")[order],
        reverse=_reverses(network, whole, cut, chains),
        names=tuple(network.names[arc] for arc in old.tolist()),
        highways=tuple(network.highways[arc] for arc in old.tolist()),
        tunnel=network.tunnel[old],
        shape_lon=lon,
        shape_lat=lat,
        shape_start=start,
        turns=_split_turns(network, cut, chains),
        roundabout=network.roundabout[old],
        no_u_turn=network.no_u_turn[old] & _is_last(chains, len(old)),
        no_stop=no_stop,
    )
    return split, chains


def _is_last(chains: Mapping[int, tuple[int, ...]], count: int) -> BoolArray:
    """Mark the new arcs that end where an old one did."""
    is_last = np.zeros(count, dtype=np.bool_)
    is_last[[chain[-1] for chain in chains.values()]] = True
    return is_last


def _chains(
    network: RoadArrays, whole: LongArray, cut: Mapping[int, list[_Part]], place: IntArray
) -> dict[int, tuple[int, ...]]:
    """Return for each old arc the new ones: whole arcs come first in ``place``, then the parts of each cut one."""
    numbers = place.tolist()
    chains: dict[int, tuple[int, ...]] = dict.fromkeys(range(network.arc_count), ())
    chains.update((arc, (numbers[row],)) for row, arc in enumerate(whole.tolist()))
    row = len(whole)
    for arc in sorted(cut):
        chains[arc] = tuple(numbers[row : row + len(cut[arc])])
        row += len(cut[arc])
    return chains


def _lines(
    network: RoadArrays, is_whole: BoolArray, pieces: Sequence[_Part], order: LongArray
) -> tuple[FloatArray, FloatArray, BoolArray, LongArray]:
    """Lay the lines of whole arcs and parts end to end in arc order."""
    counts = np.diff(network.shape_start)
    points = np.repeat(is_whole, counts)
    shapes = [piece.shape for piece in pieces]
    lon = np.concatenate((network.shape_lon[points], *(shape[:, 0] for shape in shapes)))
    lat = np.concatenate((network.shape_lat[points], *(shape[:, 1] for shape in shapes)))
    no_stop = np.concatenate((network.no_stop[points], *(_marked(network, piece) for piece in pieces)))
    sizes = np.concatenate((counts[is_whole], np.array([len(shape) for shape in shapes], dtype=np.int64)))
    begins = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    start = np.concatenate(([0], np.cumsum(sizes[order]))).astype(np.int64)
    gather = np.arange(start[-1]) + np.repeat(begins[order] - start[:-1], sizes[order])
    return lon[gather], lat[gather], no_stop[gather], start


def _marked(network: RoadArrays, piece: _Part) -> BoolArray:
    """Mark the stretches of a part on which nobody stops: each lies in one of its arc's."""
    marked = np.zeros(len(piece.shape), dtype=np.bool_)
    own = network.no_stop[network.shape_start[piece.old] : network.shape_start[piece.old + 1]]
    if own.any():
        line = network.shape(piece.old)
        line = near_lonlat(line, line[0, 0])
        lines: Any = shapely.linestrings(np.stack((line[:-1], line[1:]), axis=1))
        part = near_lonlat(piece.shape, line[0, 0])
        middles: Any = shapely.points((part[:-1] + part[1:]) / 2)
        marked[:-1] = own[:-1][np.argmin(shapely.distance(middles[:, None], lines[None, :]), axis=1)]
    return marked


def _split_turns(
    network: RoadArrays, cut: Mapping[int, list[_Part]], chains: Mapping[int, tuple[int, ...]]
) -> Turns | None:
    """Return the turns between the last and first parts of arcs, and at each new node turning round on the street."""
    turns = network.turns
    if turns is None:
        return None
    last = np.array([chains[arc][-1] for arc in range(network.arc_count)])
    first = np.array([chains[arc][0] for arc in range(network.arc_count)])
    round_ = []
    for arc in cut:
        back, seconds = int(network.reverse[arc]), FORBIDDEN if network.tunnel[arc] else turns.u_turn_s
        if back >= 0 and seconds != 0:
            pairs = zip(chains[arc][:-1], chains[back][::-1], strict=False)
            round_ += [(one, two, seconds) for one, two in pairs]
    table = np.column_stack((last[turns.before], first[turns.after], turns.seconds)).reshape(-1, 3)
    table = np.concatenate((table, np.array(round_, dtype=np.int64).reshape(-1, 3)))
    table = table[np.lexsort((table[:, 1], table[:, 0]))].astype(np.int32)
    driven = tuple(sorted(_driven(chain, chains) for chain in turns.chains))
    return replace(turns, before=table[:, 0], after=table[:, 1], seconds=table[:, 2], chains=driven)


def _driven(chain: Sequence[int], chains: Mapping[int, tuple[int, ...]]) -> tuple[int, ...]:
    """Return a forbidden chain on the parts: of its ends only the part that touches the rest."""
    inner = [part for arc in chain[1:-1] for part in chains[arc]]
    return chains[chain[0]][-1], *inner, chains[chain[-1]][0]


def _reverses(
    network: RoadArrays, whole: LongArray, cut: Mapping[int, list[_Part]], chains: Mapping[int, tuple[int, ...]]
) -> IntArray:
    """Return the reverse of each new arc: an arc is cut where its reverse is."""
    new = np.array([chain[0] for chain in chains.values()], dtype=np.int32)
    reverse = np.full(len(whole) + sum(map(len, cut.values())), -1, dtype=np.int32)
    back = network.reverse[whole]
    reverse[new[whole]] = np.where(back >= 0, new[back], -1)
    for arc in cut:
        if network.reverse[arc] >= 0:
            reverse[list(chains[arc])] = chains[int(network.reverse[arc])][::-1]
    return reverse

"""Splitting arcs where people stop: an arc and its reverse become chains with a node at each place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from patrolroute.network.geometry import to_plane
from patrolroute.network.places import Place
from patrolroute.network.road import RoadNetwork
from patrolroute.network.turntable import FORBIDDEN, Turns
from patrolroute.units import FloatArray, IntArray

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


def split_at(
    network: RoadNetwork, places: Sequence[Place]
) -> tuple[RoadNetwork, list[int], dict[int, tuple[int, ...]]]:
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


def _marks(network: RoadNetwork, places: Sequence[Place]) -> dict[int, set[float]]:
    """Collect where arcs are to be split; an arc and its reverse under the first of the two."""
    marks: dict[int, set[float]] = defaultdict(set)
    for place in places:
        arc, fraction = _canonical(network, place)
        marks[arc].add(fraction)
    return marks


def _canonical(network: RoadNetwork, place: Place) -> tuple[int, float]:
    arc, fraction = network.arc_index[place.arc], place.fraction
    back = int(network.reverse[arc])
    return (back, 1.0 - fraction) if 0 <= back < arc else (arc, fraction)


def _feasible(network: RoadNetwork, arc: int, fractions: Sequence[float]) -> list[float]:
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


def _node_of(network: RoadNetwork, place: Place, node_at: Mapping[tuple[int, float], int]) -> int:
    """Give the split node of a place, or the nearest node on its arc."""
    arc, fraction = _canonical(network, place)
    on_arc = [(one, node) for (where, one), node in node_at.items() if where == arc]
    tail, head, _ = network.arc(arc)
    stops = [(0.0, tail), *sorted(on_arc), (1.0, head)]
    return min(stops, key=lambda stop: (abs(stop[0] - fraction), stop[0]))[1]


def _cut_arc(network: RoadNetwork, arc: int, cuts: Sequence[float], inner: Sequence[int]) -> list[_Part]:
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


def _cut_back(network: RoadNetwork, back: int, pieces: Sequence[_Part]) -> list[_Part]:
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


def _pieces(network: RoadNetwork, arc: int, marks: Sequence[float]) -> list[FloatArray]:
    """Cut an arc's line at fractions of its length, measured in metres on the plane on which places are snapped."""
    points = network.shape(arc)
    steps = np.hypot(*np.diff(to_plane(network, points), axis=0).T)
    at = np.concatenate(([0.0], np.cumsum(steps)))
    cuts = np.asarray(marks) * at[-1]
    joints = np.column_stack([np.interp(cuts, at, points[:, axis]) for axis in (0, 1)])
    joints[0], joints[-1] = points[0], points[-1]
    between = [points[(at > first + SAME_M) & (at < last - SAME_M)] for first, last in pairwise(cuts)]
    return [np.vstack((joints[number], inner, joints[number + 1])) for number, inner in enumerate(between)]


def _rebuild(
    network: RoadNetwork, new_nodes: Mapping[int, tuple[float, float]], parts: Mapping[int, list[_Part]]
) -> tuple[RoadNetwork, dict[int, tuple[int, ...]]]:
    """Put untouched arcs and parts together in arc order."""
    fresh = sorted(new_nodes)
    node_id = np.concatenate((np.array(fresh, dtype=np.int64), network.node_id))
    lon = np.concatenate(([new_nodes[node][0] for node in fresh], network.lon))
    lat = np.concatenate(([new_nodes[node][1] for node in fresh], network.lat))
    index = {int(node): number for number, node in enumerate(node_id)}
    rows = _rows(network, parts)
    order = sorted(range(len(rows)), key=lambda row: (index[rows[row][1].tail], index[rows[row][1].head], rows[row][0]))
    ordered = [rows[row] for row in order]
    chains: dict[int, list[int]] = defaultdict(list)
    for number, row in sorted(enumerate(order), key=lambda pair: pair[1]):
        chains[rows[row][1].old].append(number)
    chain_of = {old: tuple(new) for old, new in chains.items()}
    shapes = [part.shape for _, part in ordered]
    points = np.concatenate(shapes)
    split = replace(
        network,
        node_id=node_id,
        lon=lon,
        lat=lat,
        tail=np.array([index[part.tail] for _, part in ordered], dtype=np.int32),
        head=np.array([index[part.head] for _, part in ordered], dtype=np.int32),
        key=np.array([key for key, _ in ordered], dtype=np.int32),
        length_m=np.array([part.length_m for _, part in ordered], dtype=np.int32),
        travel_s=np.array([part.travel_s for _, part in ordered], dtype=np.int32),
        patrol_s=np.array([part.patrol_s for _, part in ordered], dtype=np.int32),
        reverse=_reverses(network, chain_of),
        names=tuple(network.names[part.old] for _, part in ordered),
        highways=tuple(network.highways[part.old] for _, part in ordered),
        tunnel=network.tunnel[[part.old for _, part in ordered]],
        shape_lon=points[:, 0].copy(),
        shape_lat=points[:, 1].copy(),
        shape_start=np.concatenate(([0], np.cumsum([len(shape) for shape in shapes]))).astype(np.int64),
        turns=_split_turns(network, chain_of),
        roundabout=network.roundabout[[part.old for _, part in ordered]],
    )
    return split, chain_of


def _rows(network: RoadNetwork, parts: Mapping[int, list[_Part]]) -> list[tuple[int, _Part]]:
    """List all arcs of the new network with their keys; the parts of an arc stay in a row."""
    rows: list[tuple[int, _Part]] = []
    for arc in range(network.arc_count):
        tail, head, key = network.arc(arc)
        if arc in parts and len(parts[arc]) > 1:
            rows.extend((key, part) for part in parts[arc])
        else:
            seconds = int(network.travel_s[arc]), int(network.patrol_s[arc])
            rows.append((key, _Part(tail, head, arc, int(network.length_m[arc]), *seconds, network.shape(arc))))
    return rows


def _split_turns(network: RoadNetwork, chains: Mapping[int, tuple[int, ...]]) -> Turns | None:
    """Give the turns between the last and first parts of arcs, and at each new node turning round on the street."""
    turns = network.turns
    if turns is None:
        return None
    last = np.array([chains[arc][-1] for arc in range(network.arc_count)])
    first = np.array([chains[arc][0] for arc in range(network.arc_count)])
    rows = np.column_stack((last[turns.before], first[turns.after], turns.seconds)).tolist()
    for arc, parts in chains.items():
        back = int(network.reverse[arc])
        round_s = FORBIDDEN if network.tunnel[arc] else turns.u_turn_s
        if back >= 0 and round_s != 0:
            rows += [(one, two, round_s) for one, two in zip(parts[:-1], chains[back][::-1], strict=False)]
    before, after, seconds = np.array(sorted(map(tuple, rows)), dtype=np.int32).reshape(-1, 3).T
    driven = tuple(_driven(chain, chains) for chain in turns.chains)
    return replace(turns, before=before, after=after, seconds=seconds, chains=tuple(sorted(driven)))


def _driven(chain: Sequence[int], chains: Mapping[int, tuple[int, ...]]) -> tuple[int, ...]:
    """Give a forbidden chain on the parts: of its ends only the part that touches the rest."""
    inner = [part for arc in chain[1:-1] for part in chains[arc]]
    return chains[chain[0]][-1], *inner, chains[chain[-1]][0]


def _reverses(network: RoadNetwork, chains: Mapping[int, tuple[int, ...]]) -> IntArray:
    reverse = np.full(sum(len(chain) for chain in chains.values()), -1, dtype=np.int32)
    for old, chain in chains.items():
        back = int(network.reverse[old])
        if back >= 0:
            reverse[list(chain)] = chains[back][::-1]
    return reverse

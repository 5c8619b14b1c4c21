"""Street segments: an arc and its reverse, or the two carriageways of a divided road, as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from patrolroute.network.geometry import FlatNetwork, flat
from patrolroute.network.road import RoadNetwork
from patrolroute.units import FloatArray, IntArray

APART_M = 40.0
"""Carriageways farther apart are two streets."""

BEARING_DEG = 25.0
"""Carriageways run in opposite directions, give or take this."""

OVERLAP = 0.5
"""Share of the shorter link that lies beside the other."""

BENT_DEG = 60.0
"""A link that turns more than this has no bearing: a loop, a piece of a roundabout."""

LONGEST_M = 800.0
"""Links joined because their junctions differ stay shorter than this; a longer chain is taken link by link."""

_known: WeakKeyDictionary[RoadNetwork, dict[bool, tuple[Segment, ...]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Segment:
    """A street segment by arc indices.

    Parameters
    ----------
    id
        Stable across runs and map refreshes as far as the map allows.
    name, highway
        Of its first arc.
    directions
        One or two chains of arc indices.
    """

    id: str
    name: str
    highway: str
    directions: tuple[tuple[int, ...], ...]

    @property
    def arcs(self) -> tuple[int, ...]:
        """All arcs, of both directions."""
        return tuple(arc for chain in self.directions for arc in chain)


def street_segments(network: RoadNetwork, *, pair_carriageways: bool = True) -> tuple[Segment, ...]:
    """Split a network into segments; every arc belongs to exactly one.

    Parameters
    ----------
    pair_carriageways
        Whether the two carriageways of a divided road make one segment. They are paired by name, opposite
        bearing within 25° and at most 40 m apart.
    """
    memory = _known.setdefault(network, {})
    if pair_carriageways not in memory:
        memory[pair_carriageways] = tuple(_segments(network, pair_carriageways=pair_carriageways))
    return memory[pair_carriageways]


def _segments(network: RoadNetwork, *, pair_carriageways: bool) -> Iterator[Segment]:
    directions = [
        ((arc,), (back,)) if back >= 0 else ((arc,),)
        for arc, back in enumerate(network.reverse.tolist())
        if back < 0 or arc <= back
    ]
    if pair_carriageways:
        pairs = carriageway_pairs(network)
        taken = {arc for pair in pairs for chain in pair for arc in chain}
        directions = [one for one in directions if one[0][0] not in taken] + pairs
    directions.sort(key=lambda one: min(chain[0] for chain in one))
    ids = _ids(network, directions)
    for name, chains in zip(ids, directions, strict=True):
        yield Segment(name, network.names[chains[0][0]], network.highways[chains[0][0]], tuple(chains))


def _ids(network: RoadNetwork, directions: Sequence[Any]) -> list[str]:
    """Name segments by street and outer nodes; parallels get a letter in the order of their middle points."""
    stems = []
    for chains in directions:
        ends = [int(node) for chain in chains for node in (network.arc(chain[0])[0], network.arc(chain[-1])[1])]
        arc = chains[0][0]
        stems.append(f"{network.names[arc] or network.highways[arc]}@{min(ends)}-{max(ends)}")
    shared = {stem for stem, count in Counter(stems).items() if count > 1}
    seen: Counter[str] = Counter()
    ids = list(stems)
    ranked = sorted(range(len(stems)), key=lambda one: (stems[one], _middle(network, directions[one][0]), one))
    for one in ranked:
        if stems[one] in shared:
            seen[stems[one]] += 1
            ids[one] = f"{stems[one]}.{seen[stems[one]]}"
    return ids


def _middle(network: RoadNetwork, chain: Sequence[int]) -> tuple[float, float]:
    shape = network.path_shape(list(chain))
    return float(shape[:, 0].mean()), float(shape[:, 1].mean())


def carriageway_pairs(network: RoadNetwork) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Find the carriageways that are one street.

    Links that lie beside one another form groups, so that junctions need not face each other. A group whose
    links form one unbroken chain each way is a pair; otherwise links are paired one to one, closest first.
    """
    picture = flat(network)
    arcs = _candidates(network, picture)
    beside = _beside(network, picture, arcs)
    pairs: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for group in _groups(arcs, beside):
        whole = _as_chains(network, picture, group)
        if whole is not None:
            pairs.append(whole)
            continue
        inside = set(group)
        pairs.extend(_one_to_one([edge for edge in beside if edge[1] in inside]))
    return sorted(pairs)


def _candidates(network: RoadNetwork, picture: FlatNetwork) -> IntArray:
    """Give the named one-way arcs that run about straight."""
    named = np.array([bool(name) for name in network.names])
    arcs = np.flatnonzero(named & (network.reverse < 0) & (network.tail != network.head))
    straight = [arc for arc in arcs if _turning(picture.lines[arc]) <= BENT_DEG]
    return np.array(straight, dtype=np.int32)


def _turning(line: Any) -> float:
    """Give the degrees between the first and the last piece of a line."""
    points = shapely.get_coordinates(line)
    first, last = points[1] - points[0], points[-1] - points[-2]
    cross = first[0] * last[1] - first[1] * last[0]
    return float(np.degrees(np.abs(np.arctan2(cross, first @ last))))


def _bearings(picture: FlatNetwork, arcs: IntArray) -> FloatArray:
    first = shapely.get_coordinates(shapely.get_point(picture.lines[arcs], 0))
    last = shapely.get_coordinates(shapely.get_point(picture.lines[arcs], -1))
    return np.asarray(np.degrees(np.arctan2(*(last - first).T)))


def _beside(network: RoadNetwork, picture: FlatNetwork, arcs: IntArray) -> list[tuple[float, int, int]]:
    """List pairs of arcs that lie beside each other in opposite directions, with their mean distance."""
    if not len(arcs):
        return []
    lines = picture.lines[arcs]
    left, right = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=APART_M)
    names = np.unique(np.array(network.names)[arcs], return_inverse=True)[1]
    bearing = _bearings(picture, arcs)
    apart = np.abs((bearing[left] - bearing[right]) % 360.0 - 180.0)
    likely = (left < right) & (names[left] == names[right]) & (apart <= BEARING_DEG)
    found = []
    for one, two in zip(left[likely].tolist(), right[likely].tolist(), strict=True):
        short, long = sorted((one, two), key=lambda n: (picture.length_m[arcs[n]], n))
        distance = _mean_distance(lines[short], lines[long])
        if distance <= APART_M and _overlap(lines[short], lines[long]) >= OVERLAP:
            found.append((distance, int(arcs[one]), int(arcs[two])))
    return sorted(found)


def _mean_distance(short: Any, long: Any) -> float:
    points = shapely.line_interpolate_point(short, np.linspace(0.1, 0.9, 5), normalized=True)
    return float(np.mean(shapely.distance(points, long)))


def _overlap(short: Any, long: Any) -> float:
    """Give the share of the shorter line that lies beside the longer."""
    ends = shapely.line_locate_point(long, [shapely.get_point(short, 0), shapely.get_point(short, -1)])
    return float(abs(ends[1] - ends[0]) / max(shapely.length(short), 1e-9))


def _groups(arcs: IntArray, beside: Sequence[tuple[float, int, int]]) -> list[list[int]]:
    """Join arcs that lie beside each other into groups, by the smallest arc."""
    if not beside:
        return []
    row = {int(arc): number for number, arc in enumerate(arcs)}
    ends = np.array([(row[one], row[two]) for _, one, two in beside])
    graph = csr_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(len(arcs), len(arcs)))
    _, part = connected_components(graph, directed=False)
    groups: dict[int, list[int]] = defaultdict(list)
    for number, arc in enumerate(arcs.tolist()):
        groups[int(part[number])].append(arc)
    return [group for group in groups.values() if len(group) > 1]


def _as_chains(
    network: RoadNetwork, picture: FlatNetwork, group: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Split a group by heading and string each side up, if each is one unbroken, not too long chain."""
    bearing = _bearings(picture, np.array(group, dtype=np.int32))
    ahead = np.abs((bearing - bearing[0] + 180.0) % 360.0 - 180.0) < 90.0
    sides = [[arc for arc, same in zip(group, ahead, strict=True) if same == side] for side in (True, False)]
    chains = [_chain(network, side) for side in sides]
    if any(chain is None or picture.length_m[list(chain)].sum() > LONGEST_M for chain in chains):
        if len(group) != 2:  # noqa: PLR2004 - one link each way is a pair however long it is
            return None
    if chains[0] is None or chains[1] is None:
        return None
    return chains[0], chains[1]


def _chain(network: RoadNetwork, arcs: Sequence[int]) -> tuple[int, ...] | None:
    """String arcs up head to tail, or None if they don't form one chain."""
    by_tail = {int(network.tail[arc]): arc for arc in arcs}
    heads = {int(network.head[arc]) for arc in arcs}
    starts = [arc for arc in arcs if int(network.tail[arc]) not in heads]
    if len(starts) != 1 or len(by_tail) != len(arcs):
        return None
    chain = [starts[0]]
    while (following := by_tail.get(int(network.head[chain[-1]]))) is not None and len(chain) <= len(arcs):
        chain.append(following)
    return tuple(chain) if len(chain) == len(arcs) else None


def _one_to_one(edges: Sequence[tuple[float, int, int]]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Pair links, closest first, each at most once."""
    taken: set[int] = set()
    for _, one, two in edges:
        if one not in taken and two not in taken:
            taken.update((one, two))
            yield (one,), (two,)

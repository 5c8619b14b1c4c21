"""Street segments: an arc and its reverse, or the two carriageways of a divided road, as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from patrolroute.base.vocabulary import FloatArray, IntArray
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.places import FlatNetwork, flat

APART_M = 40.0
"""Carriageways that lie farther apart on average, where they lie beside each other, are two streets."""

BEARING_DEG = 25.0
"""Carriageways run in opposite directions, give or take this."""

OVERLAP = 0.5
"""Share of the shorter link that lies beside the other."""

BENT_DEG = 60.0
"""A link that turns more than this has no bearing: a loop, a piece of a roundabout."""

JOG_M = 2.0
"""A jog that strays less than this from a straight line does not turn a link."""

ALIKE = 0.5
"""Carriageways of one segment differ in length by at most this: driving a short one must not stand for a long one."""

SAME_WAY_DEG = 90.0

SAMPLES = np.linspace(0.1, 0.9, 5)
"""Where on the stretch that two links share their distance is measured."""

LONGEST_M = 800.0
"""Links joined because their junctions differ stay shorter than this; a longer chain is taken link by link.

Not so where one carriageway is a single link: that is as long as it is, and its other side must not stand alone."""

Chains: TypeAlias = tuple[tuple[int, ...], ...]
"""The directions of a segment: one or two chains of arc indices."""

_known: WeakKeyDictionary[RoadArrays, dict[bool, tuple[Segment, ...]]] = WeakKeyDictionary()


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
    directions: Chains

    @property
    def arcs(self) -> tuple[int, ...]:
        """All arcs, of both directions."""
        return tuple(arc for chain in self.directions for arc in chain)


def street_segments(network: RoadArrays, *, pair_carriageways: bool = True) -> tuple[Segment, ...]:
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


def _segments(network: RoadArrays, *, pair_carriageways: bool) -> Iterator[Segment]:
    directions: list[Chains] = [
        ((arc,), (back,)) if back >= 0 else ((arc,),)
        for arc, back in enumerate(network.reverse.tolist())
        if back < 0 or arc <= back
    ]
    if pair_carriageways:
        pairs = carriageway_pairs(network)
        taken = {arc for pair in pairs for chain in pair for arc in chain}
        directions = [one for one in directions if one[0][0] not in taken] + pairs
    directions.sort(key=lambda one: min(arc for chain in one for arc in chain))
    for name, chains in zip(segment_ids(network, directions), directions, strict=True):
        yield Segment(name, network.names[chains[0][0]], network.highways[chains[0][0]], chains)


def segment_id(network: RoadArrays, directions: Chains) -> str:
    """Name a segment by its street and the lowest and highest of its end nodes; parallels share the name."""
    ends = [node for chain in directions for node in (network.arc(chain[0])[0], network.arc(chain[-1])[1])]
    arc = directions[0][0]
    return f"{network.names[arc] or network.highways[arc]}@{min(ends)}-{max(ends)}"


def segment_ids(network: RoadArrays, directions: Sequence[Chains]) -> tuple[str, ...]:
    """Name all segments of a network, each differently.

    Of those that `segment_id` names alike the most western keeps the name, the next get a letter: b, c, ….
    Take all segments at once: then an id does not depend on which of them are patrolled.
    """
    stems = [segment_id(network, chains) for chains in directions]
    shared = {stem for stem, count in Counter(stems).items() if count > 1}
    parallels = [one for one, stem in enumerate(stems) if stem in shared]
    ids, seen = list(stems), Counter[str]()
    for one in sorted(parallels, key=lambda one: (stems[one], _middle(network, directions[one][0]), one)):
        ids[one] += _letters(seen[stems[one]])
        seen[stems[one]] += 1
    return tuple(ids)


def _letters(number: int) -> str:
    """Return "", b, c, …, z, zb, zc, … for 0, 1, 2, …."""
    return "z" * (number // 25) + ("" if number % 25 == 0 else chr(ord("a") + number % 25))


def _middle(network: RoadArrays, chain: Sequence[int]) -> tuple[float, float]:
    shape = network.path_shape(list(chain))
    return float(shape[:, 0].mean()), float(shape[:, 1].mean())


def carriageway_pairs(network: RoadArrays) -> list[Chains]:
    """Find the carriageways that are one street.

    Links that lie beside one another form groups, so that junctions need not face each other. A group whose
    links form one unbroken chain each way is a pair; otherwise links are paired one to one, those first that
    lie beside each other for the most metres. The shorter carriageway of a pair has at least half of the
    longer one's length.
    """
    picture = flat(network)
    arcs = _candidates(network, picture)
    beside = _beside(network, picture, arcs)
    pairs: list[Chains] = []
    single: set[int] = set()
    for group in _groups(arcs, beside):
        whole = _as_chains(network, picture, group)
        if whole is None:
            single.update(group)
        else:
            pairs.append(whole)
    pairs.extend(_one_to_one([(one, two) for one, two in beside if one in single], picture))
    return sorted(pairs)


def _candidates(network: RoadArrays, picture: FlatNetwork) -> IntArray:
    """Return the named one-way arcs that run about straight."""
    named = np.array([bool(name) for name in network.names])
    arcs = np.flatnonzero(named & (network.reverse < 0) & (network.tail != network.head))
    straight = [arc for arc in arcs if _turning(picture.lines[arc]) <= BENT_DEG]
    return np.array(straight, dtype=np.int32)


def _turning(line: Any) -> float:
    """Return the degrees between the most different bearings along a line."""
    steps = np.diff(shapely.get_coordinates(line.simplify(JOG_M)), axis=0)
    return float(np.degrees(np.ptp(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))))


def _bearings(picture: FlatNetwork, arcs: IntArray) -> FloatArray:
    first = shapely.get_coordinates(shapely.get_point(picture.lines[arcs], 0))
    last = shapely.get_coordinates(shapely.get_point(picture.lines[arcs], -1))
    return np.asarray(np.degrees(np.arctan2(*(last - first).T)))


def _beside(network: RoadArrays, picture: FlatNetwork, arcs: IntArray) -> list[tuple[int, int]]:
    """List pairs of arcs that lie beside each other in opposite directions, the longest stretches first."""
    if not len(arcs):
        return []
    lines: Any = picture.lines[arcs]
    left, right = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=APART_M)
    names = np.unique(np.array(network.names)[arcs], return_inverse=True)[1]
    bearing = _bearings(picture, arcs)
    apart_deg = np.abs((bearing[left] - bearing[right]) % 360.0 - 180.0)
    likely = (left < right) & (names[left] == names[right]) & (apart_deg <= BEARING_DEG)
    left, right = left[likely], right[likely]
    first_is_short = picture.length_m[arcs[left]] <= picture.length_m[arcs[right]]
    short, long = lines[np.where(first_is_short, left, right)], lines[np.where(first_is_short, right, left)]
    ends = [shapely.line_locate_point(long, shapely.get_point(short, end)) for end in (0, -1)]
    shared_m = np.abs(ends[1] - ends[0])
    samples = np.minimum(*ends)[:, None] + SAMPLES * shared_m[:, None]
    apart_m = shapely.distance(shapely.line_interpolate_point(long[:, None], samples), short[:, None]).mean(axis=1)
    fits = (apart_m <= APART_M) & (shared_m >= OVERLAP * shapely.length(short))
    one, two = arcs[left[fits]], arcs[right[fits]]
    # Whole metres and then decimetres, so that the last bits of a distance decide nothing.
    order = np.lexsort((two, one, np.round(apart_m[fits], 1), -np.round(shared_m[fits])))
    return list(zip(one[order].tolist(), two[order].tolist(), strict=True))


def _groups(arcs: IntArray, beside: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Join arcs that lie beside each other into groups, by the smallest arc."""
    if not beside:
        return []
    ends = np.searchsorted(arcs, np.array(beside))
    graph = csr_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(len(arcs), len(arcs)))
    _, part = connected_components(graph, directed=False)
    groups: dict[int, list[int]] = defaultdict(list)
    for number, arc in enumerate(arcs.tolist()):
        groups[int(part[number])].append(arc)
    return [group for group in groups.values() if len(group) > 1]


def _as_chains(network: RoadArrays, picture: FlatNetwork, group: Sequence[int]) -> Chains | None:
    """Split a group by heading and string each side up, if each is one unbroken, not too long chain."""
    bearing = _bearings(picture, np.array(group, dtype=np.int32))
    ahead = np.abs((bearing - bearing[0] + 180.0) % 360.0 - 180.0) < SAME_WAY_DEG
    sides = [[arc for arc, same in zip(group, ahead, strict=True) if same == side] for side in (True, False)]
    there, back = (_chain(network, side) for side in sides)
    if there is None or back is None or not _alike(picture, there, back):
        return None
    one_link = min(len(there), len(back)) == 1
    longest_m = max(picture.length_m[list(chain)].sum() for chain in (there, back))
    return (there, back) if one_link or longest_m <= LONGEST_M else None


def _alike(picture: FlatNetwork, one: Sequence[int], two: Sequence[int]) -> bool:
    """Return whether two chains are about equally long."""
    short_m, long_m = sorted(float(picture.length_m[list(chain)].sum()) for chain in (one, two))
    return short_m >= ALIKE * long_m


def _chain(network: RoadArrays, arcs: Sequence[int]) -> tuple[int, ...] | None:
    """Join arcs head to tail, or give None if they don't form one chain."""
    by_tail = {int(network.tail[arc]): arc for arc in arcs}
    heads = {int(network.head[arc]) for arc in arcs}
    starts = [arc for arc in arcs if int(network.tail[arc]) not in heads]
    if len(starts) != 1 or len(by_tail) != len(arcs):
        return None
    chain = [starts[0]]
    while (following := by_tail.get(int(network.head[chain[-1]]))) is not None and len(chain) <= len(arcs):
        chain.append(following)
    return tuple(chain) if len(chain) == len(arcs) else None


def _one_to_one(edges: Sequence[tuple[int, int]], picture: FlatNetwork) -> Iterator[Chains]:
    """Pair links in the order given, each at most once; it is the best that is left to both."""
    taken: set[int] = set()
    for one, two in edges:
        if one not in taken and two not in taken and _alike(picture, (one,), (two,)):
            taken.update((one, two))
            yield (one,), (two,)

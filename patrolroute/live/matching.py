"""Map matching: which streets a crew drove, and when it was where, from fixes that are off, thin or missing.

A hidden Markov model over the arc states of the library (Newson & Krumm 2009, doi:10.1145/1653771.1653818): at each
point the crew was on one of the streets nearby, the farther the less likely; from point to point it drove, the farther
the less likely. Turns cost and are forbidden as the network says. All costs are lengths in whole tenths of a metre,
so that a track gives the same way on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from patrolroute.base.vocabulary import FloatArray, IntArray, Mode
from patrolroute.live.matching_kernels import BACK, Found, Layers, Rates, Roads, Room, forward, room_for, way_between
from patrolroute.live.paces import PACES
from patrolroute.live.tracks_points import Points
from patrolroute.network.places import flat
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import turning_states

UNIT = 10
"""Costs are whole tenths of a metre."""

NORMAL = 3.0
"""Up to so many standard deviations a fix's distance is taken as normal noise; beyond that each further one costs as
much as the last, for a few fixes are off by any distance (Huber 1964, doi:10.1214/aoms/1177703732)."""

LONGEST_WAY = 20_000
"""Arcs between two points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """What a crew is likely to have done, and how far off its fixes are.

    Parameters
    ----------
    noise_m
        Standard deviation of a fix from the street.
    detour_m
        Scale of the ways between points: so many metres more make a way *e* times less likely.
    reach_m, beside_m, far_m
        Streets within ``reach_m`` of a point are candidates; where there is none, those at most ``beside_m`` farther
        than the nearest; a point with none within ``far_m`` is off the map.
    most
        Candidates of one point.
    u_turn_m
        What turning round costs, as metres driven.
    turn_m_s
        What a second of turning costs, as metres driven.
    slack_m
        A crew that seems to go back along its street by no more has stood still.
    beam_m
        Candidates that cost so much more than the best are given up.
    quickest_m_s
        Nobody drives faster, metres a second.
    main_roads
        Power of a street's speed by which its metres are shorter: of two parallel streets the quicker one is likelier.
    sparse_s, sparse_most
        After and before a silence of more than ``sparse_s`` a point counts for more against the way to it, in
        proportion, at most ``sparse_most`` times: the longer a way is, the less its length says.
    """

    noise_m: float = 10.0
    detour_m: float = 30.0
    reach_m: float = 60.0
    beside_m: float = 30.0
    far_m: float = 200.0
    most: int = 16
    u_turn_m: float = 150.0
    turn_m_s: float = 4.0
    slack_m: float = 50.0
    beam_m: float = 2500.0
    quickest_m_s: float = 50.0
    main_roads: float = 0.5
    sparse_s: float = 30.0
    sparse_most: float = 3.0


USUAL = Likely()
"""Chosen on public tracks by the sums over all of them; see docs/benchmarks.md."""


def likely_of(mode: Mode) -> Likely:
    """Return what crews of a mode are likely to do."""
    pace = PACES[mode]
    return replace(USUAL, u_turn_m=pace.u_turn_m, quickest_m_s=pace.quickest_m_s, main_roads=pace.main_roads)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A stretch of a track that is one way without a break.

    Parameters
    ----------
    arcs
        Arcs driven, in order; the first and the last perhaps not from end to end.
    point
        Numbers of the points that were matched, shape ``(n,)``.
    step, share
        In which of ``arcs`` each lies, and how far along it, 0 to 1.
    off_m
        How far each lies from there.
    """

    arcs: IntArray
    point: IntArray
    step: IntArray
    share: FloatArray
    off_m: FloatArray


class Ground:
    """A network made ready for matching: its states with what driving costs, and room for a search."""

    def __init__(self, network: RoadNetwork, likely: Likely = USUAL) -> None:
        picture = flat(network)
        self.likely, self._lines = likely, picture.lines
        self.length_m = np.maximum(picture.length_m, 0.1)
        self._picture = picture
        states = turning_states(network)
        arc, back = states.state_arc, network.reverse
        speed = network.length_m / network.travel_s
        self._ease = (np.median(speed) / speed) ** likely.main_roads
        drive = np.maximum(1, np.rint(UNIT * self.length_m * self._ease)).astype(np.int64)
        # Turning round has a cost of its own, whatever seconds the network has for it.
        is_u_turn = back[arc[states.source]] == states.arc
        turn = np.where(is_u_turn, likely.u_turn_m, states.turn_s * likely.turn_m_s)
        self.roads = Roads(
            np.searchsorted(states.source, np.arange(states.count + 1)).astype(np.int32),
            np.ascontiguousarray(states.target),
            np.rint(UNIT * turn).astype(np.int64),
            drive[arc],
            np.ascontiguousarray(arc),
            np.ascontiguousarray(back[arc]),
        )
        self.room: Room = room_for(states.count, len(states.target))
        self._states = np.argsort(arc, kind="stable").astype(np.int32)
        self._first_state = np.searchsorted(arc[self._states], np.arange(network.arc_count + 1))
        self._back = back
        self._once = np.flatnonzero((back < 0) | (np.arange(network.arc_count) <= back))
        self._tree = shapely.STRtree(self._lines[self._once])

    def to_plane(self, lonlat: FloatArray) -> FloatArray:
        """Turn degrees, shape ``(n, 2)``, into metres on the network's plane."""
        return self._picture.to_plane(lonlat)

    def to_degrees(self, xy: FloatArray) -> FloatArray:
        """Turn metres on the plane back into degrees."""
        return self._picture.to_degrees(xy)

    def near(self, xy: FloatArray) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """Return the candidates of points: number of the point, arc, share along it, metres off; nearest first."""
        likely = self.likely
        points: Any = shapely.points(xy)
        (which, _), metres = self._tree.query_nearest(
            points, max_distance=likely.far_m, return_distance=True, all_matches=False
        )
        reach = np.full(len(points), -1.0)
        reach[which] = np.where(metres <= likely.reach_m, likely.reach_m, metres + likely.beside_m)
        which, found = self._tree.query(points, predicate="dwithin", distance=np.maximum(reach, 0.0))
        which, found = which[reach[which] > 0], found[reach[which] > 0]
        arcs = self._once[found]
        lines: Any = self._lines[arcs]
        off: FloatArray = np.asarray(shapely.distance(lines, points[which]))
        share = np.clip(shapely.line_locate_point(lines, points[which]) / self.length_m[arcs], 0.0, 1.0)
        both = self._back[arcs] >= 0
        which, off = np.concatenate((which, which[both])), np.concatenate((off, off[both]))
        share = np.concatenate((share, 1.0 - share[both]))
        arcs = np.concatenate((arcs, self._back[arcs][both]))
        order = np.lexsort((arcs, np.rint(UNIT * off), which))
        which, arcs, share, off = which[order], arcs[order], share[order], off[order]
        kept = np.arange(len(which)) - np.searchsorted(which, which) < likely.most
        return which[kept].astype(np.int32), arcs[kept].astype(np.int32), share[kept], off[kept]

    def states_of(self, arcs: IntArray) -> tuple[IntArray, IntArray]:
        """Return every state of some arcs, and the row of ``arcs`` that each belongs to."""
        first = self._first_state[arcs]
        counts = self._first_state[arcs + 1] - first
        row = np.repeat(np.arange(len(arcs)), counts)
        place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._states[first[row] + place], row.astype(np.int32)


_grounds: WeakKeyDictionary[RoadNetwork, Ground] = WeakKeyDictionary()


def ground_of(network: RoadNetwork) -> Ground:
    """Return a network made ready for matching, once for each."""
    found = _grounds.get(network)
    if found is None:
        found = _grounds[network] = Ground(network, likely_of(network.mode))
    return found


def match(ground: Ground, points: Points) -> list[Part]:
    """Return the stretches that a crew drove, in order; a track breaks where no way leads on.

    Parameters
    ----------
    ground
        The network.
    points
        Where the crew was when; those off the map belong to no stretch.
    """
    which, arcs, share, off = ground.near(points.xy)
    kept = np.unique(which)
    if not len(kept):
        return []
    states, row = ground.states_of(arcs)
    layer = np.searchsorted(kept, which[row]).astype(np.int32)
    layers = _layers(ground, points, kept, layer, (states, share[row], off[row]))
    likely = ground.likely
    rates = Rates(*(np.int64(round(UNIT * value)) for value in (likely.u_turn_m, likely.slack_m, likely.beam_m)))
    found = Found(np.empty(len(states), dtype=np.int64), np.empty(len(states), dtype=np.int32))
    ground.room.seen[:] = ground.room.wanted[:] = -1
    forward(ground.roads, layers, rates, ground.room, found)
    drawn, first = _Drawn(ground, layers, rates, found), 0
    parts = list[Part]()
    for chain in _chains(layers, found):
        way, steps = drawn.along(chain)
        numbers = kept[first : first + len(chain)].astype(np.int32)
        parts.append(Part(way, numbers, steps, share[row][chain], off[row][chain]))
        first += len(chain)
    return parts


def _layers(
    ground: Ground, points: Points, kept: IntArray, layer: IntArray, told: tuple[IntArray, FloatArray, FloatArray]
) -> Layers:
    """Return the candidates as the kernels take them, with what each costs."""
    likely, (states, share, off) = ground.likely, told
    deviation = off / likely.noise_m
    unlikely = np.where(deviation <= NORMAL, 0.5 * deviation**2, NORMAL * (deviation - 0.5 * NORMAL))
    here = points.xy[kept]
    apart = np.concatenate(([0.0], np.hypot(*np.diff(here, axis=0).T)))
    time_s = np.concatenate(([0.0], np.maximum(0.0, points.begin_s[kept][1:] - points.end_s[kept][:-1])))
    farthest = np.minimum(time_s * likely.quickest_m_s + 4 * likely.far_m, 4 * apart + 10 * likely.far_m)
    return Layers(
        np.searchsorted(layer, np.arange(len(kept) + 1)).astype(np.int32),
        states,
        np.rint(ground.roads.drive[states] * share).astype(np.int64),
        np.rint(UNIT * likely.detour_m * unlikely * _weights(time_s, likely)[layer]).astype(np.int64),
        np.rint(UNIT * farthest).astype(np.int64),
    )


def _weights(time_s: FloatArray, likely: Likely) -> FloatArray:
    """Return how much more each point counts: by the shorter of the silences before and after it."""
    nearest = time_s.copy()
    nearest[:1] = np.inf
    nearest[:-1] = np.minimum(nearest[:-1], time_s[1:])
    return np.clip(nearest / likely.sparse_s, 1.0, likely.sparse_most)


def _chains(layers: Layers, found: Found) -> list[list[int]]:
    """Return the likeliest candidate of each point, chain by chain."""
    chains, one = list[list[int]](), -1
    for point in range(len(layers.first) - 2, -1, -1):
        if one < 0:
            low, high = layers.first[point], layers.first[point + 1]
            one = int(low + np.argmin(found.cost[low:high]))
            chains.append([])
        chains[-1].append(one)
        one = int(found.before[one])
    return [chain[::-1] for chain in reversed(chains)]


class _Drawn:
    """Draws the ways of chains of candidates, as the search for them has found them."""

    def __init__(self, ground: Ground, layers: Layers, rates: Rates, found: Found) -> None:
        self._ground, self._layers, self._rates, self._found = ground, layers, rates, found
        self._path = np.empty(LONGEST_WAY, dtype=np.int32)
        self._number = len(layers.first)

    def along(self, chain: list[int]) -> tuple[IntArray, IntArray]:
        """Return the arcs of a chain's way, and in which of them each candidate lies."""
        arcs, steps = [self._arc(chain[0])], [0]
        for one, two in pairwise(chain):
            arcs += self._between(one, two)
            steps.append(len(arcs) - 1)
        return np.array(arcs, dtype=np.int32), np.array(steps, dtype=np.int32)

    def _arc(self, candidate: int) -> int:
        return int(self._ground.roads.arc[self._layers.state[candidate]])

    def _between(self, one: int, two: int) -> list[int]:
        """Return the arcs that a crew comes to from one candidate to the next; none where it stays on its arc."""
        roads, layers = self._ground.roads, self._layers
        cost = int(self._found.cost[two] - self._found.cost[one] - layers.off[two])
        here, there = layers.state[one], layers.state[two]
        if here == there and cost == _along(int(layers.along[two] - layers.along[one])):
            return []
        if self._turned_round(one, two) == cost:
            return [self._arc(two)]
        self._number += 1
        count = way_between(roads, layers, self._ground.room, one, two, self._number, self._path)
        return roads.arc[self._path[:count][::-1]][1:].tolist() if count else [self._arc(two)]

    def _turned_round(self, one: int, two: int) -> int:
        """Return what turning round in the middle of the street costs, -1 if the candidates are not on one street."""
        roads, layers = self._ground.roads, self._layers
        here, there = layers.state[one], layers.state[two]
        if roads.back[here] < 0 or roads.back[here] != roads.arc[there]:
            return -1
        left = int(roads.drive[there]) * int(roads.drive[here] - layers.along[one]) // max(int(roads.drive[here]), 1)
        return int(self._rates.u_turn) + abs(int(layers.along[two]) - left)


def _along(ahead: int) -> int:
    """Return what going on along an arc costs, or back."""
    return ahead if ahead >= 0 else -BACK * ahead

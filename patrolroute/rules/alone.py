"""One crew, one visit, nothing else tonight: what it takes, for the rules that judge why a task is left out.

Turns count as the audit counts them. Restrictions over several streets are left out or avoided altogether: what is too
late without them is too late for certain, and what fits without touching any of their arcs fits for certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.base.vocabulary import BoolArray, FloatArray, LongArray, Seconds, scaled_seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.network.turns import FORBIDDEN
from patrolroute.plan.records import PlannedTask


@dataclass(frozen=True, slots=True)
class Outing:
    """A way to make one visit and come home: seconds to get there, of the visit with the turn into it, and home."""

    there_s: float
    visit_s: float
    home_s: float

    @property
    def loop_s(self) -> float:
        """Seconds from leaving to being home; infinite where no way leads there or back."""
        return self.there_s + self.visit_s + self.home_s


@dataclass(frozen=True, eq=False)
class Roads:
    """A network as a crew of some speed drives it: from arc to arc, each turn with its seconds.

    Parameters
    ----------
    network, speed_factor
        Where, and how fast.
    is_careful
        Whether arcs of which a restriction over several streets consists are driven at all.
    """

    network: RoadNetwork
    speed_factor: float
    is_careful: bool

    @cached_property
    def travel_s(self) -> LongArray:
        """Seconds of driving each arc."""
        return np.asarray(scaled_seconds(self.network.travel_s, self.speed_factor), dtype=np.int64)

    @cached_property
    def patrol_s(self) -> LongArray:
        """Seconds of patrolling each arc."""
        return np.asarray(scaled_seconds(self.network.patrol_s, self.speed_factor), dtype=np.int64)

    @cached_property
    def barred(self) -> BoolArray:
        """Arcs that are not driven."""
        found = np.zeros(self.network.arc_count, dtype=np.bool_)
        if self.is_careful and self.network.turns is not None:
            found[[arc for chain in self.network.turns.chains for arc in chain]] = True
        return found

    @cached_property
    def turns(self) -> tuple[LongArray, LongArray, LongArray]:
        """Every turn that may be made, sorted by the arc before: arc before, arc after, seconds."""
        network = self.network
        by_tail = np.argsort(network.tail, kind="stable")
        first, last = (np.searchsorted(network.tail[by_tail], network.head, side) for side in ("left", "right"))
        before = np.repeat(np.arange(network.arc_count), last - first)
        place = np.arange(len(before)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
        after = by_tail[np.repeat(first, last - first) + place]
        taken = np.zeros(len(before), dtype=np.int64)
        if network.turns is not None and len(network.turns):
            known = network.turns
            code, mine = (one.astype(np.int64) * network.arc_count + two
                          for one, two in ((known.before, known.after), (before, after)))  # fmt: skip
            order = np.argsort(code)
            at = np.minimum(np.searchsorted(code[order], mine), len(code) - 1)
            taken = np.where(code[order][at] == mine, known.seconds[order][at], 0)
        may = (taken != FORBIDDEN) & ~self.barred[before] & ~self.barred[after]
        return before[may], after[may], taken[may]

    @cached_property
    def _by_after(self) -> tuple[LongArray, LongArray]:
        order = np.argsort(self.turns[1], kind="stable")
        return order, self.turns[1][order]

    def turns_into(self, arc: int) -> list[tuple[int, Seconds]]:
        """Return the turns into an arc: the arc before and the seconds."""
        order, sorted_after = self._by_after
        first, last = np.searchsorted(sorted_after, [arc, arc + 1])
        before, _, turn_s = self.turns
        return [(int(before[turn]), int(turn_s[turn])) for turn in order[first:last].tolist()]

    def there_s(self, depot: int) -> FloatArray:
        """Return the seconds from a node to the end of each arc, infinite where no way leads."""
        before, after, turn_s = self.turns
        out = np.flatnonzero((self.network.tail == depot) & ~self.barred)
        tail = np.concatenate((before, np.full(len(out), self.network.arc_count)))
        head = np.concatenate((after, out))
        cost = np.concatenate((turn_s, np.zeros(len(out), dtype=np.int64))) + self.travel_s[head]
        return self._quickest(tail, head, cost, [self.network.arc_count])

    def home_s(self, depot: int) -> FloatArray:
        """Return the seconds from the end of each arc to a node, infinite where no way leads."""
        before, after, turn_s = self.turns
        ends = np.flatnonzero(self.network.head == depot)
        return self._quickest(after, before, turn_s + self.travel_s[after], ends.tolist())

    def _quickest(self, tail: LongArray, head: LongArray, cost: LongArray, sources: list[int]) -> FloatArray:
        arcs = self.network.arc_count
        if not sources:
            return np.full(arcs, np.inf)
        graph: Any = csr_array((cost.astype(np.float64), (tail, head)), shape=(arcs + 1, arcs + 1))
        return np.asarray(dijkstra(graph, indices=sources, min_only=True)[:arcs], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Errands:
    """What each task takes of a crew that does nothing else; crews with the same roads and depots share one."""

    roads: Roads
    depot: int
    end_depot: int

    @cached_property
    def there_s(self) -> FloatArray:
        """Seconds from the depot to the end of each arc."""
        return self.roads.there_s(self.depot)

    @cached_property
    def home_s(self) -> FloatArray:
        """Seconds from the end of each arc to the end depot."""
        return self.roads.home_s(self.end_depot)

    def outings(self, task: PlannedTask) -> list[Outing]:
        """Return the ways to visit a task whose arcs and node are on the network."""
        network = self.roads.network
        if task.kind == "hotspot":
            return list(self._to_stop(network.node_index.get(task.node if task.node is not None else -1, -1), task))
        chains = [[network.arc_index.get(arc, -1) for arc in chain] for chain in task.directions]
        return [outing for chain in chains if chain and min(chain) >= 0 for outing in self._along(chain)]

    def _to_stop(self, node: int, task: PlannedTask) -> Iterator[Outing]:
        for arc in np.flatnonzero(self.roads.network.head == node).tolist():
            yield Outing(float(self.there_s[arc]), task.dwell_s, float(self.home_s[arc]))
        if node == self.depot:
            out = np.flatnonzero(self.roads.network.tail == node)
            onward = self.roads.travel_s[out] + self.home_s[out]
            home_s = 0.0 if node == self.end_depot else float(onward.min(initial=np.inf))
            yield Outing(0.0, task.dwell_s, home_s)

    def _along(self, chain: list[int]) -> Iterator[Outing]:
        network = self.roads.network
        turns = network.turns
        inner = [] if turns is None else [turns.of(*pair) for pair in pairwise(chain)]
        if FORBIDDEN in inner or self.roads.barred[chain].any():
            return
        visit_s, home_s = int(self.roads.patrol_s[chain].sum()) + sum(inner), float(self.home_s[chain[-1]])
        for before, turn_s in self.roads.turns_into(chain[0]):
            yield Outing(float(self.there_s[before]), visit_s + turn_s, home_s)
        if network.tail[chain[0]] == self.depot:
            yield Outing(0.0, visit_s, home_s)

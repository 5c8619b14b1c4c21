"""Odd co-circuits: what an odd number of services crosses, something else crosses too: routes leave what they enter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from patrolroute.proof.graph import TaskGraph
from patrolroute.units import BoolArray, FloatArray, LongArray

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

Cut = tuple[LongArray, FloatArray, float]
"""Columns, coefficients and the most that their sum may be."""

THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.95)
CLOSE_S = (3, 6, 10, 15, 25, 40)
"""Junctions so many seconds apart may be one to a driver."""

VIOLATED = 0.02
MOST = 400
"""Cuts of one round, those that are violated most."""

EVEN = 2


def separate(problem: PatrolProblem, graph: TaskGraph, values: FloatArray, known: set[bytes]) -> list[Cut]:
    """Find odd co-circuits that a solution violates.

    For a set of junctions without a depot's vertices and an odd set F of tasks wanted once that cross its border: what
    else crosses it is at least ``y(F) - |F| + 1``, ``y`` counting services. Sets are single junctions, junctions close
    to each other, such as those of a divided road, and the connected parts of what is driven more than a threshold.
    ``known`` are the cuts found before, and those found now.
    """
    finder = _Finder(problem, graph, values)
    found = [cut for inside in finder.sets() if (cut := finder.cut(inside)) is not None]
    found.sort(key=lambda one: -one[0])
    fresh: list[Cut] = []
    for _, key, one in found:
        if key not in known and len(fresh) < MOST:
            known.add(key)
            fresh.append(one)
    return fresh


class _Finder:
    """Looks for violated cuts in one solution."""

    def __init__(self, problem: PatrolProblem, graph: TaskGraph, values: FloatArray) -> None:
        ways, links = graph.ways, len(graph.source)
        nodes, ends = np.unique(np.concatenate((graph.entry_node, graph.leave_node)), return_inverse=True)
        self.groups = len(nodes)
        entry, leave = ends[:ways], ends[ways:]
        outside = np.full(len(graph.starts) + len(graph.ends), self.groups)  # depots lie in no set
        self.tail = np.concatenate((np.concatenate((leave, outside))[graph.source], entry, entry))
        self.head = np.concatenate((np.concatenate((entry, outside))[graph.target], leave, leave))
        self.seconds = np.concatenate((graph.seconds, graph.passing_s, graph.passing_s))
        self.flow = values[: links + 2 * ways]
        self.task, self.links, self.ways = graph.task, links, ways
        self.served = np.bincount(graph.task, weights=self.flow[links : links + ways])
        once = [task.visits_wanted == 1 for task in problem.tasks]
        self.is_once = np.array(once, dtype=np.bool_)[graph.task]

    def sets(self) -> Iterator[BoolArray]:
        """Give sets of junctions, each marked in an array with one more place for what is outside."""
        weight = self.flow.copy()
        services = slice(self.links, self.links + self.ways)
        weight[services] = np.minimum(weight[services], np.maximum(0.0, 1.0 - self.served[self.task]))
        inner = (self.tail < self.groups) & (self.head < self.groups)
        shape = self.groups, self.groups
        joined: Any = csr_array((weight[inner], (self.tail[inner], self.head[inner])), shape=shape)
        joined = (joined + joined.T).tocoo()
        yield from self._marked(np.arange(self.groups))
        for close_s in CLOSE_S:
            near = inner & (self.seconds <= close_s)
            yield from self._parts(self.tail[near], self.head[near])
        for threshold in THRESHOLDS:
            strong = joined.data > threshold
            yield from self._parts(joined.row[strong], joined.col[strong])

    def _parts(self, tail: Any, head: Any) -> Iterator[BoolArray]:
        shape = self.groups, self.groups
        graph = csr_array((np.ones(len(tail)), (tail, head)), shape=shape)
        yield from self._marked(connected_components(graph, directed=False)[1])

    def _marked(self, part: Any) -> Iterator[BoolArray]:
        for number in range(int(part.max()) + 1):
            inside = np.zeros(self.groups + 1, dtype=np.bool_)
            inside[:-1] = part == number
            yield inside

    def cut(self, inside: BoolArray) -> tuple[float, bytes, Cut] | None:
        """Give the most violated cut of a set of junctions, None if none is violated."""
        crossing = np.flatnonzero(inside[self.tail] != inside[self.head])
        is_service = (crossing >= self.links) & (crossing < self.links + self.ways)
        way = crossing[is_service] - self.links
        way = way[self.is_once[way]]
        if not len(way):
            return None
        of_way = np.unique(self.task[way], return_inverse=True)[1]
        amount = np.bincount(of_way, weights=self.flow[self.links + way])
        chosen = amount >= 1 / EVEN
        if chosen.sum() % EVEN == 0:
            nearest = int(np.argmin(np.abs(amount - 1 / EVEN)))
            chosen[nearest] = not chosen[nearest]
        own = self.links + way[chosen[of_way]]
        others = np.setdiff1d(crossing, own, assume_unique=True)
        count = int(chosen.sum())
        violation = float(amount[chosen].sum() - count + 1 - self.flow[others].sum())
        if violation < VIOLATED:
            return None
        columns = np.concatenate((own, others))
        signs = np.concatenate((np.ones(len(own)), -np.ones(len(others))))
        return violation, columns.tobytes() + signs.tobytes(), (columns, signs, float(count - 1))

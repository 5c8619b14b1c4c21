"""Cuts that every plan keeps, and the sets of junctions near whose borders they are violated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from patrolroute.base.vocabulary import BoolArray, FloatArray, LongArray
from patrolroute.proof.graph import OUTSIDE, TaskGraph

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance


UNIT = 1_000_000
"""Flows are whole millionths in a maximum flow."""

FAINT = 1e-5
"""A flow below this joins nothing."""


def components(tail: LongArray, head: LongArray, count: int) -> LongArray:
    """Return the number of the connected part that each of so many junctions is in.

    Parameters
    ----------
    tail, head
        Ends of each edge, shape ``(e,)``.
    count
        Number of vertices.
    """
    joined = csr_array((np.ones(len(tail)), (tail, head)), shape=(count, count))
    part: LongArray = connected_components(joined, directed=False)[1].astype(np.int64)
    return part


def least_cuts(tail: LongArray, head: LongArray, weight: FloatArray, least: float) -> Iterator[LongArray]:
    """Yield, of each pair of junctions with less than ``least`` between them, a set with one of them that least leaves.

    Junctions with ``least`` or more between them are one from the start, and parts that nothing joins are looked at one
    by one; in each, one maximum flow less than junctions finds them all (Gusfield 1990, doi:10.1137/0219009).

    Parameters
    ----------
    tail, head
        Junctions at the ends of each edge, shape ``(e,)``.
    weight
        How much each edge carries, shape ``(e,)``; which way makes no difference.
    least
        Where edges carry as much as this together, they are no cut that is looked for.
    """
    count = int(max(tail.max(), head.max())) + 1
    both = coo_array((np.tile(weight, 2), (np.concatenate((tail, head)), np.concatenate((head, tail)))), (count, count))
    both.sum_duplicates()
    strong = both.data >= least
    row, col = both.row.astype(np.int64), both.col.astype(np.int64)
    merged = components(row[strong], col[strong], count)
    one, two = merged[row], merged[col]
    across = (one != two) & (both.data > FAINT)
    one, two, amount = one[across], two[across], both.data[across]
    number = int(merged.max()) + 1
    part = components(one, two, number)
    size = np.bincount(part)
    for group in np.flatnonzero(size > 1).tolist():
        members, here = np.flatnonzero(part == group), part[one] == group
        local = np.full(number, -1)
        local[members] = np.arange(len(members))
        shape = len(members), len(members)
        graph: Any = csr_array((amount[here] * UNIT, (local[one[here]], local[two[here]])), shape=shape)
        graph.sum_duplicates()
        for side in _tree(graph.astype(np.int32)):
            inside = np.zeros(number, dtype=np.int64)
            inside[members[side]] = 1
            yield inside[merged]


def _tree(graph: Any) -> Iterator[LongArray]:
    """Yield, for each vertex but the first, the side of a least cut that it is on."""
    parent = np.zeros(graph.shape[0], dtype=np.int64)
    for vertex in range(1, len(parent)):
        flow = maximum_flow(graph, vertex, int(parent[vertex])).flow
        rest = graph - flow
        rest.data[rest.data <= 0] = 0
        rest.eliminate_zeros()
        side: LongArray = breadth_first_order(rest, vertex, return_predecessors=False).astype(np.int64)
        later = side[side > vertex]
        parent[later[parent[later] == parent[vertex]]] = vertex
        yield side


Cut = tuple[LongArray, FloatArray, float]
"""Columns, coefficients and the most that their sum may be."""

Found = tuple[float, Cut]
"""By how much a cut is violated, and the cut."""

THRESHOLDS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.95)
CLOSE_S = (3, 6, 10, 15, 25, 40)
"""Junctions so many seconds apart may be one to a driver."""

VIOLATED = 0.02
MOST = 400
"""Cuts of one round, those that are violated most."""

ENOUGH = 20
"""With so many cuts found cheaply, maximum flows are left for another round."""

AT_ONCE = 3
"""Tasks of one set that get a cut."""

EVEN = 2
TINY = 1e-9


def separate(instance: Instance, graph: TaskGraph, values: FloatArray, known: set[bytes]) -> list[Cut]:
    """Find cuts that a solution violates; known ones are left out.

    *Odd co-circuits*: for a set of junctions and tasks F that cross its border, wanted an odd number of times together,
    what else crosses it is at least ``y(F) - wanted(F) + 1``, ``y`` counting services (Belenguer & Benavent 2003,
    doi:10.1016/S0305-0548(02)00046-1): either a service is missing, or something else makes the number even.
    *Connectivity*: for a set without a depot, what enters it is at least what serves one task in it. Sets are single
    junctions, junctions close to each other, such as those of a divided road, the connected parts of what is driven
    more than a threshold, and, where these are not enough, least cuts.

    Parameters
    ----------
    instance
        The tasks: how many visits each wants.
    graph
        Their drives and services as edges between junctions.
    values
        The solution: a value for each variable of the linear programme, the flows of the edges first.
    known
        Keys of the cuts that were found before; those of the cuts that are returned are added.
    """
    finder = _Finder(instance, graph, values)
    fresh = _fresh(finder.cheap(), known)
    if len(fresh) < ENOUGH:
        fresh += _fresh(finder.thorough(), known)
    return fresh


def _fresh(found: Iterator[Found], known: set[bytes]) -> list[Cut]:
    """Return the cuts that are violated most and not known yet."""
    fresh: list[Cut] = []
    for _, (columns, signs, limit) in sorted(found, key=lambda one: -one[0]):
        order = np.argsort(columns)
        key = columns[order].tobytes() + signs[order].tobytes()
        if key not in known and len(fresh) < MOST:
            known.add(key)
            fresh.append((columns, signs, limit))
    return fresh


class _Finder:
    """Looks for violated cuts in one solution; labels tell for each junction in which set it is."""

    def __init__(self, instance: Instance, graph: TaskGraph, values: FloatArray) -> None:
        group = np.unique(np.where(graph.place == OUTSIDE, np.iinfo(np.int64).max, graph.place), return_inverse=True)[1]
        self.outside = int(group.max())
        self.tail, self.head = group[graph.tail], group[graph.head]
        self.seconds, self.drives, self.task = graph.seconds, graph.drives, graph.task
        self.values, self.flow = values, np.maximum(0.0, values[: len(graph.tail)])
        self.wanted = wanted = np.array([task.visits_wanted for task in instance.tasks])
        self.of_task = np.concatenate((np.full(graph.drives, OUTSIDE), graph.task))
        self.served = np.bincount(graph.task, weights=self.flow[graph.drives :], minlength=len(wanted))
        self.first_copy = _first_copies(graph, wanted)
        self.ways_of = np.bincount(graph.task, minlength=len(wanted))
        amount = np.minimum(1.0, self.served)
        amount[wanted > 1] = values[self.first_copy[wanted > 1]]
        self.amount = amount
        self.parity = self.flow.copy()
        share = np.minimum(self.served, np.maximum(0.0, wanted - self.served)) / np.maximum(self.served, TINY)
        self.parity[graph.drives :] *= share[graph.task]

    def cheap(self) -> Iterator[Found]:
        """Yield cuts of sets that are known or quickly found."""
        count = self.outside + 1
        yield from self._odd(np.arange(count))
        inner = (self.tail < self.outside) & (self.head < self.outside)
        for close_s in CLOSE_S:
            near = inner & (self.seconds <= close_s)
            yield from self._odd(components(self.tail[near], self.head[near], count))
        for threshold in THRESHOLDS:
            strong = inner & (self.parity > threshold)
            yield from self._odd(components(self.tail[strong], self.head[strong], count))
            strong = self.flow > threshold
            yield from self._joined(components(self.tail[strong], self.head[strong], count))

    def thorough(self) -> Iterator[Found]:
        """Yield cuts of sets that maximum flows find."""
        for label in least_cuts(self.tail, self.head, self.flow, EVEN * (1 - VIOLATED)):
            yield from self._joined(label)
        for label in least_cuts(self.tail, self.head, self.parity, 1 - VIOLATED):
            yield from self._odd(label)

    def _odd(self, label: LongArray) -> Iterator[Found]:
        """Yield the violated odd co-circuits of labelled sets: F are tasks that cross half as often as wanted or more.

        Where they are wanted an even number of times, the odd one that is nearest to half changes sides.
        """
        number, edge = self._crossing(label, self.parity, 1 - VIOLATED)
        if not len(edge):
            return
        sets = int(number.max()) + 1
        service = edge >= self.drives
        pair, of_pair = np.unique(number[service] * len(self.wanted) + self.of_task[edge[service]], return_inverse=True)
        inside, most = pair // len(self.wanted), self.wanted[pair % len(self.wanted)]
        amount = np.bincount(of_pair, weights=self.flow[edge[service]])
        is_odd, chosen = most % EVEN == 1, amount >= most / EVEN
        size = np.bincount(inside, weights=most * chosen, minlength=sets)
        order = np.lexsort((np.abs(amount - most / EVEN), ~is_odd, inside))
        nearest = order[np.unique(inside[order], return_index=True)[1]]
        flipped = nearest[(size[inside[nearest]] % EVEN == 0) & is_odd[nearest]]
        chosen[flipped] = ~chosen[flipped]
        size = np.bincount(inside, weights=most * chosen, minlength=sets)
        slack = np.bincount(inside, weights=np.where(chosen, most - amount, amount), minlength=sets)
        slack = slack + np.bincount(number[~service], weights=self.flow[edge[~service]], minlength=sets)
        own = np.zeros(len(edge), dtype=np.bool_)
        own[service] = chosen[of_pair]
        for one in np.flatnonzero((size % EVEN == 1) & (slack < 1 - VIOLATED)).tolist():
            here = number == one
            yield 1 - float(slack[one]), (edge[here], np.where(own[here], 1.0, -1.0), float(size[one] - 1))

    def _crossing(self, label: LongArray, weight: FloatArray, least: float) -> tuple[LongArray, LongArray]:
        """Return the sets whose border less than ``least`` crosses: of each edge that crosses one, set and edge."""
        across = np.flatnonzero(label[self.tail] != label[self.head])
        number, edge = np.concatenate((label[self.tail[across]], label[self.head[across]])), np.tile(across, EVEN)
        few = (np.bincount(number, weights=weight[edge], minlength=int(label.max()) + 1) < least)[number]
        return number[few], edge[few]

    def _joined(self, label: LongArray) -> Iterator[Found]:
        """Yield connectivity cuts of the labelled sets that serve some task more than they are entered."""
        ways = slice(self.drives, None)
        sets = int(label.max()) + 1
        border = np.zeros(sets)
        number, edge = self._crossing(label, self.flow, EVEN * (1 - VIOLATED))
        np.add.at(border, number, self.flow[edge] / EVEN)
        most = np.zeros(sets)
        for end in (self.tail[ways], self.head[ways]):
            np.maximum.at(most, label[end], self.amount[self.task])
        low = np.bincount(number, minlength=sets) > 0
        low[label[self.outside]] = False
        for one in np.flatnonzero(low & (most - border >= VIOLATED)).tolist():
            yield from self._connection(label == one)

    def _connection(self, inside: BoolArray) -> Iterator[Found]:
        """Yield the cuts of the tasks that a set serves more than it is entered."""
        into = np.flatnonzero(~inside[self.tail] & inside[self.head])
        ways = slice(self.drives, None)
        touches = np.flatnonzero(inside[self.tail[ways]] | inside[self.head[ways]])
        entered = float(self.flow[into].sum())
        for task, amount in self._served_in(touches):
            if amount - entered < VIOLATED:
                return
            if self.first_copy[task] >= 0:
                own = np.array([self.first_copy[task]])
            else:
                own = self.drives + touches[self.task[touches] == task]
            columns = np.concatenate((np.setdiff1d(own, into), np.setdiff1d(into, own)))
            signs = np.where(np.isin(columns, own), 1.0, -1.0)
            yield amount - entered, (columns, signs, 0.0)

    def _served_in(self, touches: LongArray) -> Iterator[tuple[int, float]]:
        """Yield the tasks served most by some ways, and how much: of tasks wanted more than once, the first visit."""
        amount = np.bincount(self.task[touches], weights=self.flow[self.drives + touches], minlength=len(self.served))
        several = self.first_copy >= 0
        whole = np.bincount(self.task[touches], minlength=len(self.served)) == self.ways_of
        amount[several] = np.where(whole, self.amount, 0.0)[several]
        for task in np.argsort(-amount)[:AT_ONCE].tolist():
            yield task, float(amount[task])


def _first_copies(graph: TaskGraph, wanted: LongArray) -> LongArray:
    """Return the column of the first visit of each task that is wanted more than once, -1 for others."""
    column = np.full(len(wanted), -1, dtype=np.int64)
    place = EVEN * len(graph.tail)
    for task in sorted(set(graph.task.tolist())):
        if wanted[task] > 1:
            column[task], place = place, place + int(wanted[task])
    return column

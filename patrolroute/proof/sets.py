"""Sets of junctions whose border little crosses: where a cut is violated, one of them is near."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from patrolroute.units import FloatArray, LongArray

UNIT = 1_000_000
"""Flows are whole millionths in a maximum flow."""

FAINT = 1e-5
"""A flow below this joins nothing."""


def components(tail: LongArray, head: LongArray, count: int) -> LongArray:
    """Give the number of the connected part that each of so many junctions is in."""
    joined = csr_array((np.ones(len(tail)), (tail, head)), shape=(count, count))
    part: LongArray = connected_components(joined, directed=False)[1].astype(np.int64)
    return part


def least_cuts(tail: LongArray, head: LongArray, weight: FloatArray, least: float) -> Iterator[LongArray]:
    """Give, of each pair of junctions with less than ``least`` between them, a set with one of them that least leaves.

    Junctions with ``least`` or more between them are one from the start, and parts that nothing joins are looked at one
    by one; in each, one maximum flow less than junctions finds them all (Gusfield 1990, doi:10.1137/0219009).
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
    """Give, for each vertex but the first, the side of a least cut that it is on."""
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

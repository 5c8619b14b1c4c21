"""Shortest ways twice: all at once as whole numbers for the library, and one by one, plainly, for the checks."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from math import inf

import numpy as np
from scipy.sparse.csgraph import csgraph_from_dense, shortest_path

from patrolroute.base.vocabulary import INFINITE_S, IntArray

Link = tuple[int, int, int]
"""From a node, to a node (counted from 1), at a cost from 0."""


def driving(nodes: int, links: Iterable[Link]) -> IntArray:
    """Return the least cost between all nodes, as the library wants it.

    Parameters
    ----------
    nodes
        How many; the rows are the nodes less 1.
    links
        What may be driven; of parallel ones the cheapest counts.

    Returns
    -------
    IntArray
        Shape ``(nodes, nodes)``; `INFINITE_S` where no way leads.
    """
    direct = np.full((nodes, nodes), np.inf)
    for tail, head, cost in links:
        direct[tail - 1, head - 1] = min(cost, direct[tail - 1, head - 1])
    table = shortest_path(csgraph_from_dense(direct, null_value=np.inf))
    return np.where(np.isfinite(table), table, INFINITE_S).astype(np.int32)


def shortest(links: Sequence[Link], start: int, end: int) -> float:
    """Return the least cost from a node to a node by Dijkstra's method, infinite where no way leads."""
    onward: dict[int, list[tuple[int, int]]] = {}
    for tail, head, cost in links:
        onward.setdefault(tail, []).append((head, cost))
    queue: list[tuple[int, int]] = [(0, start)]
    settled: set[int] = set()
    while queue:
        cost, node = heapq.heappop(queue)
        if node == end:
            return cost
        if node not in settled:
            settled.add(node)
            for head, more in onward.get(node, ()):
                heapq.heappush(queue, (cost + more, head))
    return inf

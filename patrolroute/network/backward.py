"""Seconds *to* places from every node at once: Dijkstra's algorithm against the direction of the arcs, turns free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.base.vocabulary import FloatArray, IntArray, LongArray
from patrolroute.network.road import RoadNetwork


def seconds_to(network: RoadNetwork, travel_s: IntArray | LongArray, places: Sequence[Sequence[int]]) -> FloatArray:
    """Return how long a crew takes from every node to each place, shape ``(places, nodes)``; infinite if it cannot.

    Parameters
    ----------
    network
        The roads.
    travel_s
        Whole seconds of each arc, at least 1, shape ``(arcs,)``.
    places
        For each place the indices of the nodes at which it is met, the nearest of which counts; none: nobody comes.

    References
    ----------
    Dijkstra 1959 (doi:10.1007/BF01386390).
    """
    found = np.full((len(places), network.node_count), np.inf)
    ends = np.unique(np.array([node for nodes in places for node in nodes], dtype=np.int64))
    if not len(ends):
        return found
    order = np.lexsort((travel_s, network.tail, network.head))
    head, tail, cost = network.head[order], network.tail[order], np.asarray(travel_s, dtype=np.float64)[order]
    cheapest = np.ones(len(order), dtype=np.bool_)
    cheapest[1:] = (np.diff(head) != 0) | (np.diff(tail) != 0)
    size = network.node_count
    graph: Any = csr_array((cost[cheapest], (head[cheapest], tail[cheapest])), shape=(size, size))
    seconds = np.asarray(dijkstra(graph, indices=ends), dtype=np.float64)
    row = {int(node): number for number, node in enumerate(ends)}
    for number, nodes in enumerate(places):
        if nodes:
            found[number] = seconds[[row[node] for node in nodes]].min(axis=0)
    return found

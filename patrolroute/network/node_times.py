"""Seconds between some nodes and all others by Dijkstra's algorithm, along the arcs or against them, turns free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.base.vocabulary import FloatArray, IntArray, LongArray
from patrolroute.network.arrays import RoadArrays


def seconds_to(network: RoadArrays, travel_s: IntArray | LongArray, places: Sequence[Sequence[int]]) -> FloatArray:
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
    seconds = _dijkstra(network.head, network.tail, travel_s, ends, network.node_count)
    row = {int(node): number for number, node in enumerate(ends)}
    for number, nodes in enumerate(places):
        if nodes:
            found[number] = seconds[[row[node] for node in nodes]].min(axis=0)
    return found


def seconds_from(network: RoadArrays, travel_s: IntArray | LongArray, starts: Sequence[int]) -> FloatArray:
    """Return how long a crew takes from each start to every node, shape ``(starts, nodes)``; infinite if it cannot.

    Parameters
    ----------
    network, travel_s
        As for `seconds_to`.
    starts
        Indices of nodes.
    """
    nodes = np.array(starts, dtype=np.int64)
    if not len(nodes):
        return np.full((0, network.node_count), np.inf)
    return _dijkstra(network.tail, network.head, travel_s, nodes, network.node_count)


def _dijkstra(
    tail: IntArray, head: IntArray, travel_s: IntArray | LongArray, starts: LongArray, size: int
) -> FloatArray:
    """Return the least seconds over arcs from tail to head; of arcs between the same two nodes the quickest counts."""
    order = np.lexsort((travel_s, head, tail))
    tail, head, cost = tail[order], head[order], np.asarray(travel_s, dtype=np.float64)[order]
    quickest = np.ones(len(order), dtype=np.bool_)
    quickest[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    graph: Any = csr_array((cost[quickest], (tail[quickest], head[quickest])), shape=(size, size))
    return np.asarray(dijkstra(graph, indices=starts), dtype=np.float64)

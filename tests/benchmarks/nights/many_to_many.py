"""The seconds between many streets: by this library, by scipy on the graph of nodes, and by networkx."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

THREADS = 2
CHUNK = 256
"""Sources that scipy takes at a time: what it gives for all of 3,000 and 8,000 nodes would be 200 MB."""

SAMPLE = 10
"""Sources that networkx takes; its seconds are scaled up."""


def nearest_segments(network: Any, tasks: int) -> list[Any]:
    """Return the street segments that begin nearest to the middle of the map."""
    from patrolroute.network.segments import street_segments

    segments = street_segments(network)
    begins = network.tail[[segment.arcs[0] for segment in segments]]
    away = np.hypot(*(xy[begins] - np.median(xy) for xy in (network.lon, network.lat)))
    return [segments[one] for one in np.argsort(away, kind="stable")[:tasks].tolist()]


def ends_of(positions: Any, segments: Sequence[Any]) -> list[int]:
    """Return the positions from which segments are driven and those after them, each once."""
    chains = [chain for segment in segments for chain in segment.directions]
    both = {end for chain in chains for passage in positions.passages(chain) for end in passage}
    return sorted(both - {positions.nowhere})


def own_matrix(network: Any, places: Sequence[int]) -> tuple[Any, float]:
    """Return this library's table and the seconds it took, the kernels loaded before."""
    from patrolroute.network.travel import TravelTimes

    TravelTimes(network).matrix(places[:1], places[:1], threads=1)
    bound = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    began = time.perf_counter()
    table = TravelTimes(network).matrix(places, places, threads=THREADS)
    seconds = time.perf_counter() - began
    os.sched_setaffinity(0, bound)
    return table, seconds


def scipy_matrix(network: Any, places: Sequence[int]) -> Any:
    """Return the table as scipy works it out."""
    from scipy.sparse.csgraph import dijkstra

    graph, columns = node_graph(network), np.array(places)
    table = np.empty((len(places), len(places)), dtype=np.int32)
    for first in range(0, len(places), CHUNK):
        part = slice(first, first + CHUNK)
        table[part] = dijkstra(graph, indices=columns[part])[:, columns]
    return table


def node_graph(network: Any) -> Any:
    """Return the seconds from node to node as a sparse matrix, of parallel arcs the quickest."""
    from scipy.sparse import csr_array

    order = np.lexsort((network.travel_s, network.head, network.tail))
    ends = np.column_stack((network.tail, network.head))[order]
    first = np.append(True, (ends[1:] != ends[:-1]).any(axis=1))
    seconds = network.travel_s[order][first].astype(np.float64)
    return csr_array((seconds, ends[first].T), shape=(network.node_count, network.node_count))


def networkx_s(network: Any, places: Sequence[int], table: Any) -> float:
    """Return the seconds that networkx would take for all sources, from those it takes for a few."""
    import networkx as nx

    graph = nx.from_scipy_sparse_array(node_graph(network), create_using=nx.DiGraph)
    rows = np.unique(np.linspace(0, len(places) - 1, SAMPLE).astype(int)).tolist()
    began = time.perf_counter()
    found = [nx.single_source_dijkstra_path_length(graph, places[row], weight="weight") for row in rows]
    seconds = time.perf_counter() - began
    for row, reached in zip(rows, found, strict=True):
        if [reached[place] for place in places] != table[row].tolist():
            raise SystemExit(f"the travel times from node {places[row]} differ from networkx'")
    return seconds * len(places) / len(rows)

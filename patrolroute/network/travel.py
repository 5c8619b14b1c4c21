"""Many-to-many travel times and paths on the road network; it knows arcs, never tasks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.errors import InputError
from patrolroute.network.road import RoadNetwork
from patrolroute.units import INFINITE_S, FloatArray, IntArray, scaled_seconds

METRES_BITS = 2.0**24
"""Room for the metres of a path below its seconds, in one number: 16,777 km, and 2^29 s above it still exact."""

CHUNK = 256
"""Sources at a time, so that the table of doubles stays small beside the result."""

REMEMBERED = 512
"""Sources whose costs are kept for the next path: a plan asks for many paths from few nodes."""


class TravelTimes:
    """Quickest ways between nodes for crews of one speed factor.

    Of two ways the quicker wins, then the shorter, then the one that comes first in arc order, seen from
    its end. The first two are settled by Dijkstra's algorithm (1959, doi:10.1007/BF01386390) on seconds
    and metres in one exact number, the third by walking back along tight arcs, so that the library that
    runs Dijkstra never decides.

    Parameters
    ----------
    network
        The road network.
    speed_factor
        Each arc takes ``max(1, floor(seconds / speed_factor + 0.5))``.

    Raises
    ------
    InputError
        If the speed factor is not above 0, or so small that an arc takes years.
    """

    def __init__(self, network: RoadNetwork, *, speed_factor: float = 1.0) -> None:
        if not 0 < speed_factor < np.inf:
            raise InputError(f"speed factor {speed_factor} is not a number above 0")
        if network.patrol_s.max() / speed_factor >= INFINITE_S:
            raise InputError(f"speed factor {speed_factor} makes an arc take {INFINITE_S} s or more")
        self.network = network
        self.arc_s: IntArray = scaled_seconds(network.travel_s, speed_factor)
        self.patrol_s: IntArray = scaled_seconds(network.patrol_s, speed_factor)
        self.arc_s.flags.writeable = self.patrol_s.flags.writeable = False
        self._cost: FloatArray = self.arc_s.astype(np.float64) * METRES_BITS + network.length_m
        self._from: OrderedDict[int, FloatArray] = OrderedDict()

    def matrix(self, sources: Sequence[int], targets: Sequence[int]) -> IntArray:
        """Give the seconds from each source to each target.

        Parameters
        ----------
        sources, targets
            Node indices.

        Returns
        -------
        IntArray
            Shape ``(len(sources), len(targets))``; `patrolroute.units.INFINITE_S` where no way leads.
        """
        columns = np.asarray(targets, dtype=np.int64)
        table = np.empty((len(sources), len(columns)), dtype=np.int32)
        for first in range(0, len(sources), CHUNK):
            part = slice(first, first + CHUNK)
            cost = dijkstra(self._graph, indices=np.asarray(sources[part], dtype=np.int64))[:, columns]
            seconds = np.floor(cost / METRES_BITS)
            table[part] = np.where(np.isfinite(seconds), np.minimum(seconds, INFINITE_S), INFINITE_S)
        return table

    def path(self, source: int, target: int) -> tuple[int, ...]:
        """Give the arcs of the quickest way, empty if the two nodes are one.

        Raises
        ------
        InputError
            If no way leads from source to target.
        """
        cost = self._costs(source)
        if not np.isfinite(cost[target]):
            first, last = (int(self.network.node_id[node]) for node in (source, target))
            raise InputError(f"no way leads from node {first} to node {last}")
        path: list[int] = []
        node = target
        while node != source:
            into = self._arcs_into[self._into_start[node] : self._into_start[node + 1]]
            tight = into[cost[self.network.tail[into]] + self._cost[into] == cost[node]]
            path.append(int(tight[0]))
            node = int(self.network.tail[tight[0]])
        return tuple(reversed(path))

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
        """Give the arcs of the quickest way for each pair of source and target; see `path`.

        Raises
        ------
        InputError
            If no way leads from one of the sources to its target.
        """
        found = {pair: self.path(*pair) for pair in sorted(set(pairs))}
        return [found[pair] for pair in pairs]

    def _costs(self, source: int) -> FloatArray:
        """Give seconds and metres from one source to every node; the latest sources are remembered."""
        known = self._from.pop(source, None)
        if known is None:
            known = np.asarray(dijkstra(self._graph, indices=np.array([source]))[0], dtype=np.float64)
        self._from[source] = known
        if len(self._from) > REMEMBERED:
            self._from.popitem(last=False)
        return known

    @cached_property
    def _graph(self) -> Any:
        """The network as a sparse matrix with the cheapest of parallel arcs."""
        network = self.network
        order = np.lexsort((self._cost, network.head, network.tail))
        tail, head = network.tail[order], network.head[order]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        size = network.node_count
        return csr_array((self._cost[order][first], (tail[first], head[first])), shape=(size, size))

    @cached_property
    def _arcs_into(self) -> IntArray:
        """Arcs by head, in arc order at each."""
        return np.argsort(self.network.head, kind="stable").astype(np.int32)

    @cached_property
    def _into_start(self) -> IntArray:
        counts = np.bincount(self.network.head, minlength=self.network.node_count)
        return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)

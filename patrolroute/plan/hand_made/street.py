"""A street driven from end to end: its segments in a row, and the part of it between two cross streets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.network.geometry import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.units import IntArray, LongArray, LonLat, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

Run: TypeAlias = tuple[tuple[int, int], ...]
"""Tasks to serve one after the other, each with its way."""

AT_M = 60.0
"""Streets that meet in a roundabout or over a link share no junction; so near, they meet all the same."""

_INSIDE = 0.5
"""A junction inside a segment lies half-way between its ends."""


@dataclass(frozen=True, slots=True)
class Row:
    """The segments of a street in the order in which they are driven from one end to the other.

    Parameters
    ----------
    problem
        The night.
    run
        The tasks in order, each with the way in which it is driven then.
    """

    problem: PatrolProblem
    run: Run

    @property
    def network(self) -> RoadNetwork:
        """The network on which the street lies."""
        return self.problem.networks[self.problem.tasks[self.run[0][0]].mode]

    def between(self, first: float, last: float) -> Run:
        """Give what is driven from one place in the row to another; a segment that is begun is driven whole."""
        low, high = sorted((first, last))
        part = self.run[int(np.floor(low)) : int(np.ceil(high))]
        return part if first <= last else backwards(self.problem, part)

    def rounds(self) -> Iterator[Run]:
        """Give the whole street both ways, and, where its ends meet, from every segment on."""
        for run in (self.run, backwards(self.problem, self.run)):
            first, last = self.chain(run[0])[0], self.chain(run[-1])[-1]
            closed = len(run) > 1 and self.network.head[last] == self.network.tail[first]
            for start in range(len(run)) if closed else (0,):
                yield run[start:] + run[:start]

    def places_of(self, nodes: IntArray) -> list[float]:
        """Give where in the row any of these nodes lies, ascending: 0 is the row's beginning, its length the end."""
        found = [place for place, one in self._nodes() if one in set(nodes.tolist())]
        if not found and len(nodes):
            found = [place for place, one in self._nodes() if self._metres(one, nodes) <= AT_M]
        return sorted(set(found))

    def ends(self, run: Run) -> tuple[LonLat, LonLat]:
        """Give the points at which a run begins and ends."""
        first, last = self.network.tail[self.chain(run[0])[0]], self.network.head[self.chain(run[-1])[-1]]
        return self.network.node_lonlat(int(first)), self.network.node_lonlat(int(last))

    def crossing_names(self) -> tuple[str, ...]:
        """Name the streets that meet the row, in the row's order."""
        network, names = self.network, dict[str, None]()
        own = {self.problem.tasks[task].name for task, _ in self.run}
        for node in dict.fromkeys(node for _, node in self._nodes()):
            arcs = np.flatnonzero((network.tail == node) | (network.head == node)).tolist()
            names |= dict.fromkeys(network.names[arc] for arc in arcs)
        return tuple(name for name in names if name and name not in own)

    def chain(self, one: tuple[int, int]) -> tuple[int, ...]:
        """Give the arcs of a task in a way."""
        return self.problem.tasks[one[0]].directions[one[1]]

    def _nodes(self) -> Iterator[tuple[float, int]]:
        """Give every node of the street with its place in the row."""
        for place, (task, way) in enumerate(self.run):
            for number, chain in enumerate(self.problem.tasks[task].directions):
                begins, ends = (place, place + 1) if number == way else (place + 1, place)
                yield begins, int(self.network.tail[chain[0]])
                yield from ((place + _INSIDE, int(self.network.head[arc])) for arc in chain[:-1])
                yield ends, int(self.network.head[chain[-1]])

    def _metres(self, node: int, others: IntArray) -> float:
        network = self.network
        east = (network.lon[others] - network.lon[node]) * np.cos(np.radians(network.lat[node]))
        return float(np.hypot(east, network.lat[others] - network.lat[node]).min()) * METRES_A_DEGREE


def backwards(problem: PatrolProblem, run: Run) -> Run:
    """Turn a run round; a segment with one direction is driven as it may be."""
    return tuple((task, len(problem.tasks[task].directions) - 1 - way) for task, way in reversed(run))


def in_a_row(problem: PatrolProblem, crew: int, tasks: Sequence[int]) -> Row:
    """Order the segments of a street as they are driven from end to end.

    From every segment and direction the nearest one that is left is driven next; the beginning from which least is
    driven in between makes the row.
    """
    travel = problem.travel_matrix(crew)
    ways = [(task, way) for task in tasks for way in range(problem.tasks[task].ways)]
    ends = [problem.ways(crew, task)[way][:2] for task, way in ways]
    entries, leaves = ([travel.row[one[side]] for one in ends] for side in (0, 1))
    seconds = travel.table[np.ix_(leaves, entries)].astype(np.int64)
    owner = np.array([task for task, _ in ways])
    rows = [_nearest_next(seconds, owner, start) for start in range(len(ways))]
    _, best = min(rows, key=lambda row: row[0])
    return Row(problem, tuple(ways[one] for one in best))


def _nearest_next(seconds: LongArray, owner: LongArray, start: int) -> tuple[Seconds, list[int]]:
    """Go on to the nearest direction of a task that is left, until none is; give what is driven in between."""
    order, total = [start], 0
    left = owner != owner[start]
    while left.any():
        following = np.where(left, seconds[order[-1]], np.iinfo(np.int64).max)
        total += int(following.min())
        order.append(int(following.argmin()))
        left &= owner != owner[order[-1]]
    return total, order

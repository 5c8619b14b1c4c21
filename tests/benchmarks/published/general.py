"""Mixed capacitated general routing: nodes, edges and arcs to serve, identical crews of a capacity, least driving cost.

The objective is what driving costs: traversing each required edge and arc once, and the shortest ways between; serving
is not counted. With windows (Ciancio, Laganà and Vocaturo, "Branch-price-and-cut for the mixed capacitated general
routing problem with time windows", 2018) service starts within the span of its task and lasts as long as serving and
traversing take together; a crew that comes early waits, and it leaves the depot at 0 or later. (The files do not say
so. With this reading the proven optima come out exactly, with serving alone answers that are better than those.)
Between two tasks the quickest way is driven; `files.read` makes sure that it is the cheapest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.clock import Span
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from published.case import Checked, Reference
from published.rounds import Stop, check_rounds
from published.ways import Link, driving


@dataclass(frozen=True, slots=True)
class Item:
    """A required node (both ends are the node), edge or arc.

    Parameters
    ----------
    name
        As the file calls it.
    ends
        Nodes from 1; an edge may also be served from its second end.
    is_edge
        Whether both directions serve.
    demand, cost
        What it takes of the capacity; what traversing it costs.
    time
        Time to serve it, traversing included; 0 without windows.
    window
        Span in which service starts.
    """

    name: str
    ends: tuple[int, int]
    is_edge: bool
    demand: int
    cost: int = 0
    time: int = 0
    window: Span | None = None


@dataclass(frozen=True)
class GeneralRouting:
    """An instance.

    Parameters
    ----------
    links
        All that may be driven, with costs, an edge once for each direction.
    times
        The same links with times; empty without windows.
    vehicles
        At most so many crews; None for as many as one likes.
    """

    name: str
    nodes: int
    depot: int
    capacity: int
    items: tuple[Item, ...]
    links: tuple[Link, ...]
    times: tuple[Link, ...] = ()
    vehicles: int | None = None
    reference: Reference | None = None
    is_profit: bool = False

    @property
    def fixed_cost(self) -> int:
        """Cost of traversing what is served, the same in every answer."""
        return sum(item.cost for item in self.items)

    @cached_property
    def crews(self) -> int:
        """Return enough crews that more would not help.

        Without windows two routes whose loads fit together are never dearer as one, so some best answer has no two such
        routes, and then fewer than twice the total demand over the capacity. With windows: one for each task.
        """
        enough = len(self.items)
        if not self.times:
            enough = min(enough, 2 * sum(item.demand for item in self.items) // self.capacity + 1)
        return enough if self.vehicles is None else min(enough, self.vehicles)

    def instance(self) -> Instance:
        """Serve all items; the depot is a node like any other."""
        cost = driving(self.nodes, self.links)
        seconds = driving(self.nodes, self.times) if self.times else cost
        tasks = [MatrixTask(_ways(item), 0, True, item.window and (item.window,), item.demand) for item in self.items]
        crew = MatrixCrew(0, INFINITE_S // 2, depot=self.depot - 1, end_depot=self.depot - 1, capacity=self.capacity)
        return Instance.from_matrix(
            seconds, tasks, [crew] * self.crews, cost=cost if self.times else None, balance=False
        )

    def answer(self, solution: Solution) -> list[list[Stop]]:
        """Return the served items of each crew: name, and the node where it starts."""
        return [
            [(self.items[visit.task].name, self.items[visit.task].ends[visit.direction]) for visit in route]
            for route in solution.routes
        ]

    def check(self, routes: Sequence[Sequence[Stop]]) -> Checked:
        """Add up all that is driven; hold capacity, windows and the number of crews."""
        return check_rounds(self, routes)


def _ways(item: Item) -> tuple[tuple[int, int, int], ...]:
    one, other = (end - 1 for end in item.ends)
    return ((one, other, item.time), (other, one, item.time)) if item.is_edge else ((one, other, item.time),)

"""Mixed general routing with turn penalties (Vidal 2017, doi:10.1287/opre.2017.1595), over links.

Nodes, edges and arcs to serve, identical crews of a capacity, at most so many; what is minimised is what driving costs,
links and turns between them. A link about to be driven (the turn into it made) and the same link driven are two rows of
the table, so that what lies between two tasks depends on the turn out of one and into the other; the depot is one row.
A node is served on arrival over any link. Depots have free turns, so what a round through one costs is the same.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.base.vocabulary import INFINITE_S, IntArray
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from published.case import Checked, Reference, read_rows

FORBIDDEN = 10_000
"""What a turn costs in the files that nobody may make."""

Link = tuple[int, int]
"""From a node to a node, counted from 1."""

Stop = tuple[str, Link]
"""The name of a served item, and the link over which it is served."""


@dataclass(frozen=True, slots=True)
class Item:
    """A required node, edge or arc: its demand, and the links over which it may be served."""

    name: str
    demand: int
    links: tuple[Link, ...]
    is_node: bool


@dataclass(frozen=True)
class TurningCase:
    """An instance; ``turns`` has what driving on from a link to the next costs, without those that are forbidden."""

    name: str
    depot: int
    capacity: int
    vehicles: int
    items: tuple[Item, ...]
    cost: Mapping[Link, int]
    turns: Mapping[tuple[int, int, int], int]
    reference: Reference | None = None
    is_profit: bool = False

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All links, sorted."""
        return tuple(sorted(self.cost))

    @cached_property
    def rows(self) -> dict[tuple[Link, bool], int]:
        """Row of each link that matters, about to be driven and driven; the depot is row 0."""
        wanted = sorted({link for item in self.items for link in item.links})
        return {
            (link, driven): 1 + 2 * number + driven for number, link in enumerate(wanted) for driven in (False, True)
        }

    @cached_property
    def table(self) -> IntArray:
        """What driving costs between the rows, shape ``(rows, rows)``.

        On a graph of links about to be driven (number l) and driven (links + l), a depot to leave, one to reach.
        """
        number, count = {link: place for place, link in enumerate(self.links)}, len(self.links)
        start, end = 2 * count, 2 * count + 1
        moves = [(number[link], count + number[link], self.cost[link]) for link in self.links]
        moves += [(count + number[i, j], number[j, k], cost) for (i, j, k), cost in self.turns.items()]
        moves += [(start, number[link], 0) for link in self.links if link[0] == self.depot]
        moves += [(count + number[link], end, 0) for link in self.links if link[1] == self.depot]
        tail, head, cost = np.array(moves).T
        graph = csr_array((cost.astype(float) + FREE, (tail, head)), shape=(end + 1, end + 1))
        at = [number[link] + count * driven for link, driven in self.rows]
        ways = dijkstra(graph, indices=[start, *at])[:, [end, *at]]
        table = np.where(np.isfinite(ways), np.floor(ways + FREE), INFINITE_S).astype(np.int32)
        table[0, 0] = 0
        return table

    def ways(self, item: Item) -> tuple[tuple[int, int, int], ...]:
        """Return where an item is entered and left: a node where a link to it has been driven."""
        return tuple((self.rows[link, item.is_node], self.rows[link, True], 0) for link in item.links)

    @property
    def fixed_cost(self) -> int:
        """Cost of driving the required arcs and edges once, the same in every answer."""
        return sum(self.cost[item.links[0]] for item in self.items if not item.is_node)

    def instance(self) -> Instance:
        """Serve all items."""
        tasks = [MatrixTask(self.ways(item), 0, required=True, load=item.demand) for item in self.items]
        crew = MatrixCrew(0, INFINITE_S // 2, capacity=self.capacity)
        return Instance.from_matrix(self.table, tasks, [crew] * self.vehicles, balance=False)

    def answer(self, solution: Solution) -> list[list[Stop]]:
        """Return the served items of each crew, and over which link."""
        return [
            [(self.items[visit.task].name, self.items[visit.task].links[visit.direction]) for visit in route]
            for route in solution.routes
        ]

    def check(self, routes: Sequence[Sequence[Stop]]) -> Checked:
        """Add up all that is driven, from link to link; hold capacity and the number of crews."""
        items = {item.name: item for item in self.items}
        served = Counter(name for route in routes for name, _ in route)
        faults = [f"{name} is served {times} times" for name, times in served.items() if times > 1]
        if (used := sum(map(bool, routes))) > self.vehicles:
            faults.append(f"{used} routes for {self.vehicles} crews")
        for number, route in enumerate(routes):
            faults += [f"route {number} {words}" for words in self._route_faults(items, route)]
        cost = sum(self._cost([(items[name], link) for name, link in route]) for route in routes if route)
        missed = tuple(name for name in items if not served[name])
        return Checked(int(cost) if isfinite(cost) else -1, missed, (), tuple(faults))

    def _route_faults(self, items: Mapping[str, Item], route: Sequence[Stop]) -> Iterator[str]:
        if (load := sum(items[name].demand for name, _ in route)) > self.capacity:
            yield f"takes {load}, the capacity is {self.capacity}"
        yield from (f"serves {name} over {link}" for name, link in route if link not in items[name].links)
        if not isfinite(self._cost([(items[name], link) for name, link in route])):
            yield "goes where no way leads"

    def _cost(self, stops: Sequence[tuple[Item, Link]]) -> float:
        """Add up a round; the state is the link driven last, None at the depot."""
        at: Link | None = None
        total = 0.0
        for item, link in stops:
            if not (item.is_node and at == link):
                total += self._way(at, link) + self.cost[link]
            at = link
        return total + self._way(at, None)

    def _way(self, begin: Link | None, goal: Link | None) -> float:
        """Return the least cost from a link driven to one about to be driven, None the depot, by Dijkstra's method."""
        queue: list[tuple[int, Link | None]] = [(0, begin)]
        settled: set[Link | None] = set()
        while queue:
            cost, at = heapq.heappop(queue)
            if goal is None and (at is None or at[1] == self.depot):
                return cost
            if at in settled:
                continue
            settled.add(at)
            onward = self._onward(at)
            if goal in onward:
                heapq.heappush(queue, (cost + onward[goal], _GOAL))
            if at == _GOAL:
                return cost
            for link, turn in onward.items():
                if link not in settled:
                    heapq.heappush(queue, (cost + turn + self.cost[link], link))
        return inf

    @cached_property
    def _leaving(self) -> dict[int, list[Link]]:
        found: dict[int, list[Link]] = {}
        for link in self.links:
            found.setdefault(link[0], []).append(link)
        return found

    def _onward(self, at: Link | None) -> dict[Link, int]:
        if at == _GOAL:
            return {}
        if at is None:
            return dict.fromkeys(self._leaving.get(self.depot, ()), 0)
        turns = {link: self.turns.get((*at, link[1])) for link in self._leaving.get(at[1], ())}
        return {link: cost for link, cost in turns.items() if cost is not None}


FREE = 2.0**-30
"""Added to each move, because a sparse matrix has no free moves; all of a way add up to less than a half."""

_GOAL: Link = (-1, -1)
"""Stands for the link about to be driven that a way ends with."""


def read(path: Path, reference: Reference | None = None) -> TurningCase:
    """Read a file.

    Raises
    ------
    ValueError
        If a table is not as long as the head says.
    """
    head, tables = _parts(path.read_text(encoding="latin-1").splitlines())
    wanted = [(int(row[0]), int(row[0]), int(row[1]), "N") for row in tables["NODES"] if row[2] == "1"]
    cost = dict[Link, int]()
    for kind in ("EDGES", "ARCS"):
        for i, j, demand, required, length in (tuple(map(int, row)) for row in tables[kind]):
            cost |= dict.fromkeys(((i, j), (j, i))[: 2 if kind == "EDGES" else 1], length)
            wanted += [(i, j, demand, kind[0])] if required else []
    turns = {tuple(map(int, row[:3])): int(row[3]) for row in tables["TURNS"] if int(row[3]) < FORBIDDEN}
    for word, kind in (("#Required-N", "N"), ("#Required-E", "E"), ("#Required-A", "A")):
        if (count := sum(row[3] == kind for row in wanted)) != int(head[word]):
            raise ValueError(f"{path.name}: {word} says {head[word]}, there are {count}")
    items = tuple(
        Item(f"{kind}{i}-{j}", demand, _links(cost, i, j, kind), kind == "N") for i, j, demand, kind in wanted
    )
    numbers = (int(head[word]) for word in ("Depot", "Capacity", "#Vehicles"))
    return TurningCase(path.stem, *numbers, items, cost, turns, reference)  # type: ignore[arg-type]


def _links(cost: Mapping[Link, int], i: int, j: int, kind: str) -> tuple[Link, ...]:
    if kind == "N":
        return tuple(sorted(link for link in cost if link[1] == i))
    return ((i, j), (j, i)) if kind == "E" else ((i, j),)


def _parts(lines: Sequence[str]) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
    """Cut a file into its head and its tables."""
    head, tables, name = dict[str, str](), dict[str, list[list[str]]](), ""
    for line in lines:
        cells = line.split()
        if line.startswith("---"):
            name = line.strip("- \t")
            tables[name] = []
        elif not name and ":" in line:
            word, _, value = line.partition(":")
            head[word.strip()] = value.strip()
        elif name and cells and cells[0].isdigit():
            tables[name].append(cells)
    return head, tables


def read_folder(folder: Path) -> list[TurningCase]:
    """Read all files in a folder, with what is known of the least that they cost."""
    known = {
        row["instance"]: Reference(float(row["traversal_of_required"])) for row in read_rows(folder / "reference.csv")
    }
    return [read(path, known.get(path.stem)) for path in sorted(folder.glob("*.dat"))]

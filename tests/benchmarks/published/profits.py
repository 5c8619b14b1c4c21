"""Undirected capacitated arc routing with profits.

As in Archetti, Feillet, Hertz and Speranza, "The undirected capacitated arc routing problem with profits" (2010).

Edges with a profit, a demand and a cost; identical crews with a capacity and a time limit. A profit counts once, for
the crew that serves the edge; whatever is driven takes its cost in time, served or not. Each file is run with
every size of fleet that the table of references names, or with 2, 3 and 4 crews where there is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from published.case import Checked, Reference, read_number, read_rows
from published.ways import Link, driving, shortest

REFERENCES = "best_known.csv"
FLEETS = (2, 3, 4)

EDGE = re.compile(r"\((\d+),(\d+)\)\s+cost\s+(\S+)\s+demand\s+(\S+)\s+profit\s+(\S+)")
HEAD = {
    "vertices": re.compile(r"^NUMBER OF VERTICES:\s*(\d+)", re.MULTILINE),
    "edges": re.compile(r"^NUMBER OF EDGES:\s*(\d+)", re.MULTILINE),
    "capacity": re.compile(r"^CAPACITY:\s*(\d+)", re.MULTILINE),
    "limit": re.compile(r"^TIME LIMIT:\s*(\d+)", re.MULTILINE),
    "depot": re.compile(r"^DEPOT:\s*(\d+)", re.MULTILINE),
}

Passage = tuple[int, int]
"""A served edge, from where to where."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two vertices, counted from 1."""

    ends: tuple[int, int]
    cost: int
    demand: int
    profit: int


@dataclass(frozen=True)
class ProfitRouting:
    """A file with a size of fleet."""

    graph: str
    vertices: int
    edges: tuple[Edge, ...]
    depot: int
    capacity: int
    limit: int
    crews: int
    reference: Reference | None = None
    is_profit: bool = True

    @property
    def name(self) -> str:
        """File and number of crews."""
        return f"{self.graph}-{self.crews}"

    @property
    def worthy(self) -> list[Edge]:
        """Edges that have a profit."""
        return [edge for edge in self.edges if edge.profit]

    @property
    def links(self) -> list[Link]:
        """Where one may drive, both ways, and what it takes."""
        return [(*ends, edge.cost) for edge in self.edges for ends in (edge.ends, edge.ends[::-1])]

    def instance(self) -> Instance:
        """Serve an edge from either end; drive on shortest ways between."""
        tasks = []
        for edge in self.worthy:
            one, other = edge.ends[0] - 1, edge.ends[1] - 1
            ways = ((one, other, edge.cost), (other, one, edge.cost))
            tasks.append(MatrixTask(ways, prize=edge.profit, load=edge.demand))
        crew = MatrixCrew(0, self.limit, depot=self.depot - 1, end_depot=self.depot - 1, capacity=self.capacity)
        return Instance.from_matrix(driving(self.vertices, self.links), tasks, [crew] * self.crews, balance=False)

    def answer(self, solution: Solution) -> list[list[Passage]]:
        """Return the served edges of each crew in order, each as it is driven."""
        worthy = self.worthy
        return [
            [worthy[visit.task].ends if visit.direction == 0 else worthy[visit.task].ends[::-1] for visit in route]
            for route in solution.routes
        ]

    def check(self, routes: Sequence[Sequence[Passage]]) -> Checked:
        """Sum up the profits; hold each crew against capacity and time limit."""
        edges = {edge.ends: edge for edge in self.edges}
        served = Counter(_as_listed(edges, passage) for route in routes for passage in route)
        faults = [f"{ends} is no edge" for ends in served if ends not in edges]
        if not faults:
            faults = list(_faults(self, edges, routes, served))
        return Checked(sum(edges[ends].profit for ends in served if ends in edges), faults=tuple(faults))


def _as_listed(edges: dict[Passage, Edge], passage: Passage) -> Passage:
    return passage if passage in edges else passage[::-1]


def _faults(
    case: ProfitRouting, edges: dict[Passage, Edge], routes: Sequence[Sequence[Passage]], served: Counter[Passage]
) -> Iterator[str]:
    if len(routes) > case.crews:
        yield f"{len(routes)} routes for {case.crews} crews"
    for ends, times in served.items():
        if times > 1:
            yield f"edge {ends} is served {times} times"
    for number, route in enumerate(routes):
        own = [edges[_as_listed(edges, passage)] for passage in route]
        if (load := sum(edge.demand for edge in own)) > case.capacity:
            yield f"route {number} takes {load}, the capacity is {case.capacity}"
        stops = [case.depot, *(vertex for passage in route for vertex in passage), case.depot]
        between = sum(shortest(case.links, *stops[at : at + 2]) for at in range(0, len(stops), 2))
        if (time := between + sum(edge.cost for edge in own)) > case.limit:
            yield f"route {number} takes {time:g}, the limit is {case.limit}"


def read(path: Path, crews: int, reference: Reference | None = None) -> ProfitRouting:
    """Read a file: a head, a line for each edge, the depot."""
    text = path.read_text(encoding="ascii")
    found = {word: pattern.search(text) for word, pattern in HEAD.items()}
    if missing := [word for word, match in found.items() if match is None]:
        raise ValueError(f"{path.name}: there is no line for {', '.join(missing)}")
    head = {word: int(match[1]) for word, match in found.items() if match is not None}
    edges = tuple(
        Edge((int(one), int(other)), *(read_number(number, f"{path.name}: edge ({one},{other})") for number in numbers))
        for one, other, *numbers in EDGE.findall(text)
    )
    if len({frozenset(edge.ends) for edge in edges}) != head["edges"]:
        raise ValueError(f"{path.name}: it has {len(edges)} edges, none twice, and says {head['edges']}")
    return ProfitRouting(
        path.stem, head["vertices"], edges, head["depot"], head["capacity"], head["limit"], crews, reference
    )


def read_folder(folder: Path) -> list[ProfitRouting]:
    """Read all instances in a folder and below, each with all its fleets."""
    known = {
        (row["instance"], int(row["vehicles"])): Reference(float(row["best_known_profit"]))
        for row in read_rows(folder / REFERENCES)
        if row["variant"] == "ORG"
    }
    paths = {path.stem: path for path in sorted(folder.rglob("*.dat"))}
    fleets = {name: sorted(crews for graph, crews in known if graph == name) or FLEETS for name in paths}
    return [read(path, crews, known.get((name, crews))) for name, path in paths.items() for crews in fleets[name]]

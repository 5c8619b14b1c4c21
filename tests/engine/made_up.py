"""Nights made of numbers alone: a problem's face without a network, for the solver's tests."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Visit
from patrolroute.problem.task import Task, cut, falling_worth, start_spans
from patrolroute.units import INFINITE_S


@dataclass(frozen=True)
class MadeUpTable:
    """A travel matrix whose nodes are its rows."""

    table: np.ndarray[Any, np.dtype[np.int32]]

    @property
    def nodes(self) -> range:
        return range(len(self.table))

    @property
    def row(self) -> dict[int, int]:
        return {node: node for node in self.nodes}

    def seconds(self, source: int, target: int) -> int:
        return int(self.table[source, target])


@dataclass(frozen=True)
class MadeUpCrew:
    """A crew whose shift and depots are numbers."""

    id: str
    mode: str
    speed_factor: float
    shift: tuple[int, int]
    depot: int
    home: int


@dataclass(frozen=True)
class MadeUpNight:
    """What `arrays`, `evaluate` and `solve` ask a problem for."""

    tasks: tuple[Task, ...]
    ways_of: dict[float, list[list[tuple[int, int, int]]]]
    tables: dict[float, MadeUpTable]
    crews: tuple[MadeUpCrew, ...]
    allowed: np.ndarray[Any, np.dtype[np.bool_]]

    @cached_property
    def prize_total(self) -> int:
        return sum(sum(task.worth) for task in self.tasks)

    def shift_s(self, crew: int) -> tuple[int, int]:
        return self.crews[crew].shift

    def depot_node(self, crew: int) -> int:
        return self.crews[crew].depot

    def home_node(self, crew: int) -> int:
        return self.crews[crew].home

    def travel_matrix(self, crew: int) -> MadeUpTable:
        return self.tables[self.crews[crew].speed_factor]

    def ways(self, crew: int, task: int) -> list[tuple[int, int, int]]:
        return self.ways_of[self.crews[crew].speed_factor][task]

    def way(self, crew: int, visit: Visit) -> tuple[int, int, int]:
        return self.ways(crew, visit.task)[visit.way]

    def is_allowed(self, crew: int, task: int) -> bool:
        return bool(self.allowed[crew, task])


def made_up_night(  # noqa: PLR0917
    seed: int,
    tasks: int = 12,
    crews: int = 3,
    budget_s: int = 1500,
    plain: bool = False,
    spots: float = 0.3,
) -> PatrolProblem:
    """Make a random night; ``plain`` has one visit each, no windows, equal crews. Nothing leads to its last node."""
    dice = random.Random(seed)  # noqa: S311 (a test's night is no secret)
    nodes = max(4, tasks)
    places = [(dice.randrange(400), dice.randrange(400)) for _ in range(nodes)]
    factors = [1.0] if plain else [1.0, dice.choice([0.7, 1.3])]
    base = np.array([[abs(ax - bx) + abs(ay - by) for bx, by in places] for ax, ay in places])
    base = base + np.array([[dice.randrange(30) if one != two else 0 for one in range(nodes)] for two in range(nodes)])
    tables = {factor: MadeUpTable(_with_island(_closed((base / factor).astype(np.int32)))) for factor in factors}
    night = (0, budget_s + (0 if plain else 300))
    made = [_task(dice, number, nodes, night, plain, dice.random() < spots) for number in range(tasks)]
    ways_of = {
        factor: [[_way(way, task, table) for way in ways] for task, ways in made] for factor, table in tables.items()
    }
    team = tuple(_crew(dice, number, factors, nodes, budget_s, plain) for number in range(crews))
    allowed = np.array([[plain or dice.random() < 0.9 for _ in made] for _ in team])
    return cast("PatrolProblem", MadeUpNight(tuple(task for task, _ in made), ways_of, tables, team, allowed))


def _closed(table: np.ndarray[Any, np.dtype[np.int32]]) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Make a shortest-path table of one of hops."""
    for middle in range(len(table)):
        table = np.minimum(table, table[:, [middle]] + table[[middle], :])
    return table.astype(np.int32)


def _with_island(table: np.ndarray[Any, np.dtype[np.int32]]) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Add a node that one may leave for any other, but never reach."""
    larger = np.pad(table, ((0, 1), (0, 1)), constant_values=INFINITE_S)
    larger[-1, :-1], larger[-1, -1] = table[0] + 7, 0
    return larger.astype(np.int32)


def _task(  # noqa: PLR0917
    dice: random.Random, number: int, nodes: int, night: tuple[int, int], plain: bool, spot: bool
) -> tuple[Task, list[tuple[int, int]]]:
    visits = 1 if plain else dice.choice([1, 1, 2, 3])
    prize = dice.randrange(1, 500)
    headway = 0 if visits == 1 else dice.randrange(1, 120)
    one, two = dice.randrange(nodes), dice.randrange(nodes)
    dwell = dice.randrange(10, 200) if spot else 0
    if spot and not plain and dice.random() < 0.1:
        one = nodes  # the island
    windows: tuple[tuple[int, int], ...] = ()
    if spot and not plain and dice.random() < 0.7:
        marks = sorted(dice.sample(range(night[1] + 200), 4))
        windows = ((marks[0], marks[1] + dwell), (marks[2] + dwell, marks[3] + 2 * dwell))[: dice.choice([1, 2])]
    slices = cut(night, visits)
    task = Task(
        id=f"t{number}", kind="hotspot" if spot else "street", category="street", name="", mode="car", priority=1,
        required=dice.random() < 0.2, prize=prize, headway_s=headway, worth=falling_worth(prize, visits, 0.5),
        slices=slices, starts=tuple(start_spans(part, headway, windows, dwell) for part in slices),
        directions=() if spot else ((0,),) * dice.choice([1, 2]), node=one if spot else -1, dwell_s=dwell,
        windows=windows, midpoint=(0.0, 0.0),
    )  # fmt: skip
    return task, [(one, one)] if spot else [(one, two), (two, one)][: task.ways]


def _way(ends: tuple[int, int], task: Task, table: MadeUpTable) -> tuple[int, int, int]:
    patrol = max(1, int(1.2 * table.seconds(*ends))) + 5
    return *ends, task.dwell_s if task.kind == "hotspot" else patrol


def _crew(  # noqa: PLR0917
    dice: random.Random, number: int, factors: list[float], nodes: int, budget_s: int, plain: bool
) -> MadeUpCrew:
    start = 0 if plain else dice.choice([0, 0, 200])
    depot = 0 if plain else dice.randrange(nodes)
    home = depot if plain or dice.random() < 0.5 else dice.randrange(nodes)
    factor = factors[0] if plain else dice.choice(factors)
    return MadeUpCrew(
        id=f"c{number}", mode="car", speed_factor=factor, shift=(start, start + budget_s), depot=depot, home=home
    )

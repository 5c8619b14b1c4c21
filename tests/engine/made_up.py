"""Nights made of numbers alone: a problem's face without a network, for the solver's tests."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from hypothesis import strategies as st

from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.task import Task, cut, falling_worth, start_spans
from patrolroute.units import INFINITE_S

Spans = tuple[tuple[int, int], ...]
Way = tuple[int, int, int]


@dataclass(frozen=True)
class MadeUpTable:
    """A travel matrix whose nodes are its rows, and what the driving costs, if that is something else."""

    table: np.ndarray[Any, np.dtype[np.int32]]
    costs: np.ndarray[Any, np.dtype[np.int32]] | None = None

    @property
    def positions(self) -> range:
        return range(len(self.table))

    @property
    def row(self) -> dict[int, int]:
        return {node: node for node in self.positions}

    @property
    def cost_table(self) -> np.ndarray[Any, np.dtype[np.int32]]:
        return self.table if self.costs is None else self.costs

    def seconds(self, source: int, target: int) -> int:
        return int(self.table[source, target])

    def cost(self, source: int, target: int) -> int:
        return int(self.cost_table[source, target])


@dataclass(frozen=True)
class MadeUpNight:
    """What `arrays`, `evaluate` and the engine ask a problem for."""

    tasks: tuple[Task, ...]
    ways_of: dict[float, list[list[Way]]]
    tables: dict[float, MadeUpTable]
    crews: tuple[SimpleNamespace, ...]
    allowed: np.ndarray[Any, np.dtype[np.bool_]]
    balance: bool = True

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

    def ways(self, crew: int, task: int) -> list[Way]:
        return self.ways_of[self.crews[crew].speed_factor][task]

    def passing_s(self, crew: int, task: int) -> tuple[int, ...]:
        return tuple(self.travel_matrix(crew).seconds(entry, leave) for entry, leave, _ in self.ways(crew, task))

    def way(self, crew: int, visit: Any) -> Way:
        return self.ways(crew, visit.task)[visit.way]

    def is_allowed(self, crew: int, task: int) -> bool:
        return bool(self.allowed[crew, task])

    def break_of(self, crew: int) -> tuple[int, Spans] | None:
        return self.crews[crew].rest


def made_up_night(  # noqa: PLR0917 - a night is made of many things
    seed: int,
    tasks: int = 12,
    crews: int = 3,
    budget_s: int = 1500,
    plain: bool = False,
    spots: float = 0.3,
    prizes: int = 500,
) -> PatrolProblem:
    """Make a random night; ``plain`` has one visit each, no windows, no loads, no breaks, equal crews."""
    dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
    nodes = max(4, tasks)
    places = [(dice.randrange(400), dice.randrange(400)) for _ in range(nodes)]
    factors = [1.0] if plain else [1.0, dice.choice([0.7, 1.3])]
    base = np.array([[abs(ax - bx) + abs(ay - by) for bx, by in places] for ax, ay in places])
    base = base + np.array([[dice.randrange(30) if one != two else 0 for one in range(nodes)] for two in range(nodes)])
    lost = [] if plain else dice.sample(range(nodes), dice.choice([0, 0, 1, 2]))
    tables = {factor: _closed((base / factor).astype(np.int32), lost) for factor in factors}
    night = (0, budget_s + (0 if plain else 300))
    made = [_task(dice, number, nodes, night, plain, dice.random() < spots, prizes) for number in range(tasks)]
    ways_of = {
        factor: [[_way(way, task, table) for way in ways] for task, ways in made] for factor, table in tables.items()
    }
    team = [_crew(dice, number, factors, nodes, budget_s, plain) for number in range(crews)]
    allowed = np.array([[plain or dice.random() < 0.9 for _ in made] for _ in team])
    things = tuple(task for task, _ in made)
    if plain:
        return cast("PatrolProblem", MadeUpNight(things, ways_of, tables, tuple(team), allowed))
    if dice.random() < 0.1:
        allowed[dice.randrange(crews)] = False
    if dice.random() < 0.4:
        things = tuple(replace(task, load=dice.choice([0, 1, 2, 5])) for task in things)
        for crew in team:
            crew.capacity = dice.choice([None, 0, 3, 6, 12])
    if dice.random() < 0.4:
        for crew in team:
            crew.rest = _break(dice, crew.shift) if dice.random() < 0.7 else None
    if dice.random() < 0.2:
        tables = {factor: _priced(dice, table) for factor, table in tables.items()}
    for number in range(1, crews):
        if dice.random() < 0.3:
            team[number] = SimpleNamespace(**vars(team[number - 1]) | {"id": f"c{number}"})
            allowed[number] = allowed[number - 1]
    balance = dice.random() < 0.8
    return cast("PatrolProblem", MadeUpNight(things, ways_of, tables, tuple(team), allowed, balance))


def with_more_time(problem: PatrolProblem, more_s: int) -> PatrolProblem:
    """Let every shift end later."""
    night = cast("Any", problem)
    team = tuple(
        SimpleNamespace(**vars(crew) | {"shift": (crew.shift[0], crew.shift[1] + more_s)}) for crew in night.crews
    )
    return cast("PatrolProblem", replace(night, crews=team))


def nights(**fixed: Any) -> st.SearchStrategy[PatrolProblem]:
    """Draw nights: scarce and plentiful ones, with few and many tasks and crews."""
    sizes: dict[str, Any] = {
        "tasks": st.integers(1, 14), "crews": st.integers(1, 4), "budget_s": st.sampled_from([100, 900, 1500, 6000]),
        "plain": st.sampled_from([False, False, True]), "spots": st.sampled_from([0.0, 0.3, 1.0]),
    }  # fmt: skip
    sizes |= {name: st.just(value) for name, value in fixed.items()}
    return st.builds(made_up_night, st.integers(0, 2**31), **sizes)


def hand_made(
    table: list[list[int]],
    tasks: list[tuple[list[Way], dict[str, Any]]],
    crews: list[dict[str, Any]],
    allowed: list[list[bool]] | None = None,
    *,
    costs: list[list[int]] | None = None,
    balance: bool = True,
) -> PatrolProblem:
    """Make a night by hand: travel seconds, the ways of each task with what is special about it, and the crews."""
    times = MadeUpTable(np.array(table, dtype=np.int32), None if costs is None else np.array(costs, dtype=np.int32))
    made = tuple(_plain_task(number, ways, marks) for number, (ways, marks) in enumerate(tasks))
    plain = {"mode": "car", "speed_factor": 1.0, "shift": (0, 1000), "depot": 0, "home": 0}
    plain |= {"capacity": None, "rest": None}
    team = tuple(SimpleNamespace(**({"id": f"c{number}"} | plain | marks)) for number, marks in enumerate(crews))
    may = np.ones((len(team), len(made)), dtype=np.bool_) if allowed is None else np.array(allowed)
    ways_of = {1.0: [list(ways) for ways, _ in tasks]}
    return cast("PatrolProblem", MadeUpNight(made, ways_of, {1.0: times}, team, may, balance))


def _plain_task(number: int, ways: list[Way], marks: dict[str, Any]) -> Task:
    spot = marks.get("kind") == "hotspot"
    facts: dict[str, Any] = {
        "id": f"t{number}", "kind": "street", "category": "street", "name": f"t{number}", "mode": "car", "priority": 1,
        "required": False, "prize": 10, "headway_s": 0, "worth": (10,), "slices": ((0, 1000),),
        "starts": (((0, 1000),),), "directions": () if spot else ((0,),) * len(ways), "windows": (),
        "node": ways[0][0] if spot else -1, "dwell_s": ways[0][2] if spot else 0, "midpoint": (0.0, 0.0),
    }  # fmt: skip
    return Task(**(facts | marks))


def _closed(table: np.ndarray[Any, np.dtype[np.int32]], lost: list[int]) -> MadeUpTable:
    """Make a shortest-path table of one of hops; nothing leads to, or nothing away from, the lost nodes."""
    for middle in range(len(table)):
        table = np.minimum(table, table[:, [middle]] + table[[middle], :])
    for number, node in enumerate(lost):
        others = np.arange(len(table)) != node
        if number % 2:
            table[node, others] = INFINITE_S
        else:
            table[others, node] = INFINITE_S
    return MadeUpTable(table.astype(np.int32))


def _task(  # noqa: PLR0917 - private, called once
    dice: random.Random, number: int, nodes: int, night: tuple[int, int], plain: bool, spot: bool, prizes: int
) -> tuple[Task, list[tuple[int, int]]]:
    visits = 1 if plain else dice.choice([1, 1, 2, 3])
    prize = dice.randrange(1, prizes)
    headway = 0 if visits == 1 else dice.randrange(1, 120)
    one, two = dice.randrange(nodes), dice.randrange(nodes)
    dwell = dice.randrange(10, 200) if spot else 0
    windows = _windows(dice, night, dwell) if spot and not plain and dice.random() < 0.7 else ()
    slices = cut(night, visits)
    task = Task(
        id=f"t{number}", kind="hotspot" if spot else "street", category="street", name="", mode="car", priority=1,
        required=dice.random() < 0.2, prize=prize, headway_s=headway, worth=falling_worth(prize, visits, 0.5),
        slices=slices, starts=tuple(start_spans(part, headway, windows, dwell) for part in slices),
        directions=() if spot else ((0,),) * dice.choice([1, 2]), node=one if spot else -1, dwell_s=dwell,
        windows=windows, midpoint=(0.0, 0.0),
    )  # fmt: skip
    return task, [(one, one)] if spot else [(one, two), (two, one)][: task.ways]


def _windows(dice: random.Random, night: tuple[int, int], dwell: int) -> Spans:
    """Give one or two windows, now and then just as long as the dwell."""
    marks = sorted(dice.sample(range(night[1] + 200), 4))
    if dice.random() < 0.2:
        marks[1] = marks[0]
    return ((marks[0], marks[1] + dwell), (marks[2] + dwell, marks[3] + 2 * dwell))[: dice.choice([1, 2])]


def _way(ends: tuple[int, int], task: Task, table: MadeUpTable) -> Way:
    patrol = max(1, int(1.2 * table.seconds(*ends))) + 5
    return *ends, task.dwell_s if task.kind == "hotspot" else patrol


def _crew(  # noqa: PLR0917 - private, called once
    dice: random.Random, number: int, factors: list[float], nodes: int, budget_s: int, plain: bool
) -> SimpleNamespace:
    start = 0 if plain else dice.choice([0, 0, 200])
    depot = 0 if plain else dice.randrange(nodes)
    home = depot if plain or dice.random() < 0.5 else dice.randrange(nodes)
    factor = factors[0] if plain else dice.choice(factors)
    return SimpleNamespace(
        id=f"c{number}", mode="car", speed_factor=factor, shift=(start, start + budget_s), depot=depot, home=home,
        capacity=None, rest=None,
    )  # fmt: skip


def _break(dice: random.Random, shift: tuple[int, int]) -> tuple[int, Spans]:
    """Give the length of a break that fits into a shift, and one or two spans in which it may start."""
    length = dice.randrange(1, max(2, (shift[1] - shift[0]) // 3))
    marks = sorted(dice.randrange(shift[0], shift[1] - length + 1) for _ in range(4))
    if dice.random() < 0.3 or marks[1] == marks[2]:
        return length, ((marks[0], marks[3]),)
    return length, ((marks[0], marks[1]), (marks[2], marks[3]))


def _priced(dice: random.Random, table: MadeUpTable) -> MadeUpTable:
    """Let the driving cost something that has nothing to do with its seconds."""
    rows = range(len(table.table))
    return MadeUpTable(table.table, np.array([[dice.randrange(200) for _ in rows] for _ in rows], dtype=np.int32))

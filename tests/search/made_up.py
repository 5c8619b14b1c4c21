"""Nights made of numbers alone, random and by hand, for the solver's tests."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.instance import CrewClass, Instance, Travel, Way
from patrolroute.problem.matrix import MatrixCrew
from patrolroute.problem.task import LaidBreak, Task, cut, falling_worth, start_spans

Spans = tuple[tuple[int, int], ...]
Ends = tuple[int, int, int]
"""Rows where a task is entered and left, and the seconds of serving it."""


def instance_of(
    tasks: tuple[Task, ...],
    ways_of: dict[float, list[list[Ends]]],
    tables: dict[float, Travel],
    crews: list[MatrixCrew],
    allowed: np.ndarray[Any, np.dtype[np.bool_]],
    *,
    balance: bool = True,
) -> Instance:
    """Put a night together; only the speeds that a crew has are classes, in the order of the crews.

    A crew's ``kind`` is here the number of its speed among the tables.
    """
    factors = list(tables)
    own = list(dict.fromkeys(crew.kind for crew in crews))
    classes = [
        CrewClass("car", factors[kind], tables[factors[kind]], tuple(
            tuple(Way(entry, leave, service_s, int(tables[factors[kind]].seconds[entry, leave]))
                  for entry, leave, service_s in ways)
            for ways in ways_of[factors[kind]]
        )) for kind in own
    ]  # fmt: skip
    team = tuple(replace(crew, kind=own.index(crew.kind)) for crew in crews)
    night = min(crew.start_s for crew in team), max(crew.end_s for crew in team)
    return Instance(tasks, team, tuple(classes), allowed, night, balance)


def made_up_night(  # noqa: PLR0917 - a night is made of many things
    seed: int,
    tasks: int = 12,
    crews: int = 3,
    budget_s: int = 1500,
    plain: bool = False,
    spots: float = 0.3,
    prizes: int = 500,
) -> Instance:
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
        return instance_of(things, ways_of, tables, team, allowed)
    if dice.random() < 0.1:
        allowed[dice.randrange(crews)] = False
    if dice.random() < 0.4:
        things = tuple(replace(task, load=dice.choice([0, 1, 2, 5])) for task in things)
        team = [replace(crew, capacity=dice.choice([None, 0, 3, 6, 12])) for crew in team]
    if dice.random() < 0.4:
        team = [replace(crew, break_=_break(dice, crew.shift_s) if dice.random() < 0.7 else None) for crew in team]
    if dice.random() < 0.2:
        tables = {factor: _priced(dice, table) for factor, table in tables.items()}
    for number in range(1, crews):
        if dice.random() < 0.3:
            team[number] = replace(team[number - 1], id=f"c{number}")
            allowed[number] = allowed[number - 1]
    balance = dice.random() < 0.8
    return instance_of(things, ways_of, tables, team, allowed, balance=balance)


def with_more_time(night: Instance, more_s: int) -> Instance:
    """Let every shift end later."""
    return replace(night, crews=tuple(replace(crew, end_s=crew.end_s + more_s) for crew in night.crews))


def nights(**fixed: Any) -> st.SearchStrategy[Instance]:
    """Draw nights: scarce and plentiful ones, with few and many tasks and crews."""
    sizes: dict[str, Any] = {
        "tasks": st.integers(1, 14), "crews": st.integers(1, 4), "budget_s": st.sampled_from([100, 900, 1500, 6000]),
        "plain": st.sampled_from([False, False, True]), "spots": st.sampled_from([0.0, 0.3, 1.0]),
    }  # fmt: skip
    sizes |= {name: st.just(value) for name, value in fixed.items()}
    return st.builds(made_up_night, st.integers(0, 2**31), **sizes)


def hand_made(
    table: list[list[int]],
    tasks: list[tuple[list[Ends], dict[str, Any]]],
    crews: list[dict[str, Any]],
    allowed: list[list[bool]] | None = None,
    *,
    costs: list[list[int]] | None = None,
    balance: bool = True,
) -> Instance:
    """Make a night by hand: travel seconds, the ways of each task with what is special about it, and the crews."""
    times = Travel.between(np.array(table, dtype=np.int32), None if costs is None else np.array(costs, dtype=np.int32))
    made = tuple(_plain_task(number, ways, marks) for number, (ways, marks) in enumerate(tasks))
    team = [_plain_crew(number, **marks) for number, marks in enumerate(crews)]
    may = np.ones((len(team), len(made)), dtype=np.bool_) if allowed is None else np.array(allowed)
    return instance_of(made, {1.0: [list(ways) for ways, _ in tasks]}, {1.0: times}, team, may, balance=balance)


def _plain_crew(
    number: int, *, shift: tuple[int, int] = (0, 1000), break_: tuple[int, Spans] | None = None, **marks: Any
) -> MatrixCrew:
    laid = None if break_ is None else LaidBreak(*break_)
    return MatrixCrew(*shift, break_=laid, **{"id": f"c{number}"} | marks)


def _plain_task(number: int, ways: list[Ends], marks: dict[str, Any]) -> Task:
    spot = marks.get("kind") == "hotspot"
    facts: dict[str, Any] = {
        "id": f"t{number}", "kind": "street", "category": "street", "name": f"t{number}", "mode": "car", "priority": 1,
        "required": False, "prize": 10, "headway_s": 0, "worth": (10,), "slices": ((0, 1000),),
        "starts": (((0, 1000),),), "directions": () if spot else ((0,),) * len(ways), "windows": (),
        "node": ways[0][0] if spot else -1, "dwell_s": ways[0][2] if spot else 0, "midpoint": (0.0, 0.0),
    }  # fmt: skip
    return Task(**(facts | marks))


def _closed(table: np.ndarray[Any, np.dtype[np.int32]], lost: list[int]) -> Travel:
    """Make a shortest-path table of one of hops; nothing leads to, or nothing away from, the lost nodes."""
    for middle in range(len(table)):
        table = np.minimum(table, table[:, [middle]] + table[[middle], :])
    for number, node in enumerate(lost):
        others = np.arange(len(table)) != node
        if number % 2:
            table[node, others] = INFINITE_S
        else:
            table[others, node] = INFINITE_S
    return Travel.between(np.ascontiguousarray(table, dtype=np.int32))


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
    """Return one or two windows, now and then just as long as the dwell."""
    marks = sorted(dice.sample(range(night[1] + 200), 4))
    if dice.random() < 0.2:
        marks[1] = marks[0]
    return ((marks[0], marks[1] + dwell), (marks[2] + dwell, marks[3] + 2 * dwell))[: dice.choice([1, 2])]


def _way(ends: tuple[int, int], task: Task, table: Travel) -> Ends:
    patrol = max(1, int(1.2 * int(table.seconds[ends]))) + 5
    return *ends, task.dwell_s if task.kind == "hotspot" else patrol


def _crew(  # noqa: PLR0917 - private, called once
    dice: random.Random, number: int, factors: list[float], nodes: int, budget_s: int, plain: bool
) -> MatrixCrew:
    start = 0 if plain else dice.choice([0, 0, 200])
    depot = 0 if plain else dice.randrange(nodes)
    home = depot if plain or dice.random() < 0.5 else dice.randrange(nodes)
    factor = factors[0] if plain else dice.choice(factors)
    return MatrixCrew(start, start + budget_s, depot, home, id=f"c{number}", kind=factors.index(factor))


def _break(dice: random.Random, shift: tuple[int, int]) -> LaidBreak:
    """Return the length of a break that fits into a shift, and one or two spans in which it may start."""
    length = dice.randrange(1, max(2, (shift[1] - shift[0]) // 3))
    marks = sorted(dice.randrange(shift[0], shift[1] - length + 1) for _ in range(4))
    if dice.random() < 0.3 or marks[1] == marks[2]:
        return LaidBreak(length, ((marks[0], marks[3]),))
    return LaidBreak(length, ((marks[0], marks[1]), (marks[2], marks[3])))


def _priced(dice: random.Random, table: Travel) -> Travel:
    """Let the driving cost something that has nothing to do with its seconds."""
    rows = range(len(table.seconds))
    cost = np.array([[dice.randrange(200) for _ in rows] for _ in rows], dtype=np.int32)
    return Travel.between(table.seconds, cost)

"""Nights given by bare tables: what makes no sense is told in words, and what is found is what evaluating says."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.evaluate import SHARE_UNIT, Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from patrolroute.problem.task import LaidBreak
from patrolroute.search.arrays import UNLIMITED, arrays
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from tests.search.fits import what_still_fits

PARAMS = SearchParams(first_cycle=40)
TABLE = [[0, 5], [7, 0]]
TASK = MatrixTask(((1, 1, 3),), prize=7)
CREW = MatrixCrew(0, 20)


@st.composite
def table_nights(draw: st.DrawFn) -> Instance:
    """Draw nights of points on a plane with one or two ways a task, loads, windows, breaks, and costs of their own."""
    number = st.integers(0, 60)
    places = draw(st.lists(st.tuples(number, number), min_size=2, max_size=8))
    seconds = np.array([[abs(ax - bx) + abs(ay - by) for bx, by in places] for ax, ay in places], dtype=np.int64)
    row, second = st.integers(0, len(places) - 1), st.integers(0, 300)
    spans = st.tuples(second, second).map(lambda pair: (min(pair), max(pair)))

    def ways(ends: list[tuple[int, int]], extra: int) -> tuple[tuple[int, int, int], ...]:
        return tuple((entry, leave, int(seconds[entry, leave]) + extra) for entry, leave in ends)

    jobs = st.builds(
        MatrixTask,
        st.builds(ways, st.lists(st.tuples(row, row), min_size=1, max_size=3), st.integers(0, 40)),
        prize=st.integers(0, 50), required=st.booleans(), load=st.integers(0, 3),
        windows=st.none() | spans.map(lambda span: (span,))
        | st.just(((0, 40), (90, 120), (200, 290))),
    )  # fmt: skip
    rests = st.none() | st.builds(
        lambda length, at: LaidBreak(length, ((at, at + 60),)), st.integers(1, 60), st.integers(0, 100)
    )
    crews = st.builds(
        MatrixCrew, st.integers(0, 20), st.integers(250, 400), depot=row, end_depot=row,
        capacity=st.none() | st.integers(0, 8), break_=rests,
    )  # fmt: skip
    costs = st.none() | st.just(np.arange(seconds.size).reshape(seconds.shape) % 17)
    return Instance.from_matrix(
        seconds, draw(st.lists(jobs, min_size=1, max_size=9)), draw(st.lists(crews, min_size=1, max_size=3)),
        cost=draw(costs), balance=draw(st.booleans()),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(table_nights(), st.integers(0, 99))
def test_what_is_found_is_what_evaluating_says(problem: Instance, seed: int) -> None:
    found = search(problem, work_limit=60, seed=seed, params=PARAMS)
    evaluation = evaluate(problem, found.solution)
    assert evaluation.faults == ()
    assert evaluation.score == found.score
    assert evaluation.prize_collected + found.score.prize_forgone == problem.prize_total
    assert what_still_fits(problem, found.solution) == []


def test_a_table_night_is_worked_out_by_hand() -> None:
    problem = Instance.from_matrix(TABLE, [TASK], [CREW])
    found = search(problem, work_limit=10)
    assert found.solution == Solution(((Visit(0),),))
    assert found.score == (0, 0, 15 * SHARE_UNIT // 20, 12)  # 5 s out, 7 s home, the 3 s of service are no driving


@pytest.mark.parametrize(("end", "prize_forgone"), [(15, 0), (14, 7)])
def test_a_shift_holds_a_tour_to_the_last_second(end: int, prize_forgone: int) -> None:
    problem = Instance.from_matrix(TABLE, [TASK], [MatrixCrew(0, end)])
    assert search(problem, work_limit=10).score.prize_forgone == prize_forgone


@pytest.mark.parametrize(("last", "fits"), [(5, True), (4, False)])
def test_a_window_closes_after_its_last_second(last: int, fits: bool) -> None:
    problem = Instance.from_matrix(TABLE, [replace(TASK, windows=((0, last),))], [CREW])
    assert (search(problem, work_limit=10).solution.routes == ((Visit(0),),)) is fits


def test_costs_count_instead_of_seconds_and_balance_may_be_switched_off() -> None:
    problem = Instance.from_matrix(TABLE, [TASK], [CREW], cost=[[0, 100], [30, 0]], balance=False)
    assert search(problem, work_limit=10).score == (0, 0, 0, 130)


def test_the_cheapest_of_two_ways_is_found_where_only_costs_differ() -> None:
    cost = [[0, 9, 4], [9, 0, 1], [4, 1, 0]]
    table = [[0, 5, 5], [5, 0, 5], [5, 5, 0]]
    problem = Instance.from_matrix(table, [MatrixTask(((1, 1, 3), (2, 2, 3)), prize=1)], [MatrixCrew(0, 99)], cost=cost)
    assert search(problem, work_limit=50).solution == Solution(((Visit(0, 0, 1),),))


def test_arrays_read_a_table_night() -> None:
    crews = [CREW, replace(CREW, capacity=4), replace(CREW, break_=LaidBreak(2, ((1, 9),)))]
    problem = Instance.from_matrix(TABLE, [TASK, replace(TASK, load=3, required=True)], crews, cost=[[0, 1], [2, 0]])
    night = arrays(problem, 5)
    assert night.crew.capacity.tolist() == [UNLIMITED, 4, UNLIMITED]
    assert night.crew.break_slot.tolist() == [-1, -1, 2]
    assert night.crew.twin.tolist() == [-1, -1, -1]
    assert night.task.load.tolist() == [0, 3, 0]
    assert night.task.required.tolist() == [0, 1, 0]
    assert (night.matrix[0].tolist(), night.cost[0].tolist()) == (TABLE, [[0, 1], [2, 0]])
    assert night.allowed.tolist() == [[True, True, False], [True, True, False], [True, True, True]]
    assert arrays(Instance.from_matrix(TABLE, [TASK], [CREW] * 3), 5).crew.twin.tolist() == [-1, 0, 1]


def broken(**wrong: Any) -> str:
    """Make a night that makes no sense, and give what is said of it."""
    with pytest.raises(ProblemError) as raised:
        Instance.from_matrix(**{"seconds": TABLE, "tasks": [TASK], "crews": [CREW]} | wrong)
    return str(raised.value)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"seconds": [[0, 5], [5]]}, "seconds has rows of different lengths"),
        ({"cost": [[0, 5], [5]]}, "cost has rows of different lengths"),
        ({"tasks": [replace(TASK, ways=((1, 1),))]}, "ways .* are not a list of ways"),
        ({"tasks": [replace(TASK, ways=5)]}, "ways 5 are not a list of ways"),
        ({"tasks": [replace(TASK, windows=((1,),))]}, "windows .* are not a list of spans"),
        ({"tasks": [replace(TASK, windows="x")]}, "windows 'x' are not a list of spans"),
    ],
)
def test_what_has_not_even_the_form_of_numbers_is_named(wrong: dict[str, Any], rule: str) -> None:
    assert re.search(rule, broken(**wrong))


def test_tasks_and_crews_may_come_one_by_one() -> None:
    night = Instance.from_matrix(TABLE, iter([TASK]), iter([CREW]))  # type: ignore[arg-type]
    assert (len(night.tasks), len(night.crews)) == (1, 1)


def task(**wrong: Any) -> list[MatrixTask]:
    return [TASK, replace(TASK, **wrong)]


def crew(**wrong: Any) -> list[MatrixCrew]:
    return [CREW, replace(CREW, **wrong)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seconds": [[0, 1]]}, "tables: seconds has shape (1, 2); it must be square"),
        ({"seconds": [0, 1]}, "tables: seconds has shape (2,); it must be square"),
        (
            {"seconds": [[0.0, 1.5], [1.0, 0.0]]},
            "tables: seconds holds 1.5 in row 0, column 1; it must hold whole numbers",
        ),
        (
            {"seconds": [[0.0, 1.0], [math.nan, 0.0]]},
            "tables: seconds holds nan in row 1, column 0; it must hold whole",
        ),
        ({"seconds": [[0.0, 1.0], [-math.inf, 0.0]]}, "tables: seconds holds -inf in row 1, column 0"),
        ({"seconds": [["0", "1"], ["1", "0"]]}, "tables: seconds holds <U1; it must hold whole numbers"),
        ({"tasks": task(prize=1.5)}, "task 1: 1.5 is not a whole number"),
        ({"tasks": task(ways=((1, 1, 2.5),))}, "task 1: 2.5 is not a whole number"),
        ({"crews": crew(end_s="20")}, "crew 1: '20' is not a whole number"),
        ({"seconds": [[0, -1], [1, 0]]}, f"tables: seconds goes from -1 to 1; 0 to {INFINITE_S} is allowed"),
        ({"seconds": [[0, INFINITE_S + 1], [1, 0]]}, f"tables: seconds goes from 0 to {INFINITE_S + 1}; 0 to"),
        ({"cost": [[0, -2], [1, 0]]}, "tables: cost goes from -2 to 1"),
        ({"cost": [[0]]}, "tables: cost has shape (1, 1), seconds has (2, 2)"),
        ({"tasks": []}, "tables: there is no task"),
        ({"crews": []}, "tables: there is no crew"),
        ({"tasks": task(ways=())}, "task 1: there is no way to serve it"),
        ({"tasks": task(ways=((2, 0, 1),))}, "task 1: rows 2 and 0 are not both from 0 to 1"),
        ({"tasks": task(ways=((0, -1, 1),))}, "task 1: rows 0 and -1 are not both from 0 to 1"),
        ({"tasks": task(ways=((0, 0, -1),))}, f"task 1: service of -1 s is not from 0 to {INFINITE_S - 1}"),
        ({"tasks": task(ways=((0, 0, INFINITE_S),))}, f"task 1: service of {INFINITE_S} s is not from 0"),
        ({"tasks": task(prize=-1)}, "task 1: prize -1 and load 0 must be at least 0"),
        ({"tasks": task(load=-1)}, "task 1: prize 7 and load -1 must be at least 0"),
        ({"tasks": task(windows=((0, 1), (9, 8)))}, "task 1: the window from 9 to 8 ends before it begins"),
        ({"tasks": task(windows=((5, 9), (0, 3)))}, "task 1: "),
        ({"crews": crew(depot=2)}, "crew 1: rows 2 and 0 are not both from 0 to 1"),
        ({"crews": crew(end_depot=-1)}, "crew 1: rows 0 and -1 are not both from 0 to 1"),
        ({"crews": crew(end_s=0)}, "crew 1: a shift from 0 to 0 s is not within 0"),
        ({"crews": crew(start_s=-1)}, "crew 1: a shift from -1 to 20 s is not within 0"),
        ({"crews": crew(end_s=INFINITE_S)}, f"crew 1: a shift from 0 to {INFINITE_S} s is not within 0"),
        ({"crews": crew(capacity=-1)}, "crew 1: capacity -1 is below 0"),
        ({"crews": crew(break_=LaidBreak(0, ((0, 9),)))}, "crew 1: "),
        ({"crews": crew(break_=LaidBreak(5, ()))}, "crew 1: "),
        ({"crews": crew(break_=LaidBreak(5, ((9, 8),)))}, "crew 1: "),
        ({"crews": crew(break_=LaidBreak(5, ((16, 99),)))}, "crew 1: "),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    assert sentence in broken(**wrong)


BY_HAND = [[0, 10, 10, 30], [10, 0, 5, 40], [10, 5, 0, 40], [30, 40, 40, 0]]
STOPS = [MatrixTask(((row, row, 20),), prize=prize) for row, prize in ((1, 4), (2, 4), (3, 10))]
"""Twenty seconds at each: both near ones take 10 + 20 + 5 + 20 + 10 = 65 s for 8 points, the far one 80 s for 10."""


@pytest.mark.parametrize(
    ("ends", "routes", "points", "homes"),
    [
        ([80], [{2}], 10, [80]),
        ([79], [{0, 1}], 8, [65]),
        ([80, 80], [{2}, {0, 1}], 18, [80, 65]),
        ([39], [set()], 0, [0]),
    ],
)
def test_a_night_of_numbers_is_solved_as_worked_out_by_hand(
    ends: list[int], routes: list[set[int]], points: int, homes: list[int]
) -> None:
    night = pr.Instance.from_matrix(BY_HAND, STOPS, [pr.MatrixCrew(0, end) for end in ends])
    found = pr.solve(night, work_limit=200, seed=1)
    assert sorted(({visit.task for visit in route} for route in found.solution.routes), key=len) == routes
    said = pr.evaluate(night, found.solution)
    assert (said.faults, said.prize_collected) == ((), points)
    assert found.score == said.score
    assert sorted(route.end_s for route in said.routes) == sorted(homes)
    assert pr.bound(night).prize == points
    assert not hasattr(found, "plan")


def test_a_night_of_numbers_knows_no_presence() -> None:
    night = pr.Instance.from_matrix(BY_HAND, STOPS, [pr.MatrixCrew(0, 80)])
    with pytest.raises(ProblemError, match="solve: goal 'presence' asks for streets to be seen"):
        pr.solve(night, goal="presence", work_limit=10)  # type: ignore[call-overload]


def test_endless_seconds_are_no_way_and_whole_ones_may_be_floats() -> None:
    whole = Instance.from_matrix([[0, 5], [INFINITE_S, 0]], [TASK], [CREW])
    night = Instance.from_matrix(np.array([[0.0, 5.0], [np.inf, 0.0]]), [TASK], [CREW])
    assert night.travel(0).seconds.tolist() == whole.travel(0).seconds.tolist() == [[0, 5], [INFINITE_S, 0]]
    assert night.travel(0).seconds.dtype == np.int32


def test_all_that_makes_no_sense_is_told_together() -> None:
    said = broken(tasks=task(prize=-1, ways=((9, 9, 1),)), crews=crew(capacity=-1, depot=5))
    assert all(words in said for words in ("rows 9 and 9", "prize -1", "rows 5 and 0", "capacity -1"))


def test_the_least_and_the_most_are_accepted() -> None:
    Instance.from_matrix([[INFINITE_S]], [MatrixTask(((0, 0, 0),))], [MatrixCrew(0, 1, capacity=0)])
    Instance.from_matrix(
        [[0]], [MatrixTask(((0, 0, INFINITE_S - 1),), windows=((3, 3),))], [MatrixCrew(0, INFINITE_S - 1)]
    )


def test_a_task_without_any_window_to_start_in_is_left_out() -> None:
    problem = Instance.from_matrix(TABLE, [TASK, replace(TASK, windows=())], [CREW])
    assert search(problem, work_limit=10).solution.routes == ((Visit(0),),)

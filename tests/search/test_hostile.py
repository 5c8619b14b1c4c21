"""Nights that nobody would plan, but somebody will enter."""

from __future__ import annotations

import pytest

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.demand.model import PriorityStreet
from patrolroute.problem.evaluate import Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.task import cut, start_spans
from patrolroute.rules.audit import audit
from patrolroute.search.arrays import arrays
from patrolroute.search.engine import Engine
from patrolroute.search.params import SearchParams
from patrolroute.search.solve import solve
from tests.search.fits import what_still_fits
from tests.search.grid import crew, market, streets, town
from tests.search.made_up import hand_made

TOWN = town(4)
SPOT = {"kind": "hotspot"}


def searched(problem: Instance, work: int = 200) -> Solution:
    """Search, and check that the outcome breaks no rule and leaves no room."""
    engine = Engine(problem, seed=1, start=None, params=SearchParams(first_cycle=50))
    engine.run(work)
    engine.finish()
    evaluation = evaluate(problem, engine.best)
    assert evaluation.faults == ()
    assert evaluation.score == engine.score
    assert what_still_fits(problem, engine.best) == []
    return engine.best


def test_a_crew_that_may_serve_nothing_stays_at_its_depot() -> None:
    problem = hand_made([[0]], [([(0, 0, 5)], {}) for _ in range(3)], [{}, {}], [[True] * 3, [False] * 3])
    assert searched(problem).routes[1] == ()


def test_a_crew_that_can_reach_nothing_stays_at_its_depot() -> None:
    table = [[0, 5, INFINITE_S], [5, 0, INFINITE_S], [INFINITE_S, INFINITE_S, 0]]
    problem = hand_made(table, [([(1, 1, 5)], {}) for _ in range(3)], [{}, {"depot": 2, "end_depot": 2}])
    assert [len(route) for route in searched(problem).routes] == [3, 0]


def test_a_crew_that_cannot_come_home_stays_at_its_depot() -> None:
    table = [[0, 5, INFINITE_S], [5, 0, INFINITE_S], [5, 5, 0]]
    problem = hand_made(table, [([(1, 1, 5)], {})], [{"end_depot": 2}, {"depot": 2, "end_depot": 0}])
    assert [len(route) for route in searched(problem).routes] == [0, 1]


def test_a_night_in_which_nothing_can_be_reached_is_an_empty_plan() -> None:
    table = [[0, INFINITE_S], [INFINITE_S, 0]]
    tasks = [([(1, 1, 5)], {"required": True}) for _ in range(4)]
    assert searched(hand_made(table, tasks, [{}, {}])).routes == ((), ())


def test_one_task_and_one_crew() -> None:
    assert searched(hand_made([[0]], [([(0, 0, 5)], {})], [{}])).routes == ((Visit(0),),)


def test_all_tasks_required_and_impossible_together() -> None:
    tasks = [([(0, 0, 400)], SPOT | {"required": True}) for _ in range(9)]
    assert sum(map(len, searched(hand_made([[0]], tasks, [{}, {}])).routes)) == 4


def test_windows_of_a_single_second() -> None:
    table = [[0, 10], [10, 0]]
    at_once = [([(1, 1, 20)], SPOT | {"starts": (((second, second),),)}) for second in (10, 30, 49, 50)]
    assert [visit.task for visit in searched(hand_made(table, at_once, [{}])).routes[0]] == [0, 1, 3]


def test_a_visit_without_any_second_to_start_is_left_out() -> None:
    never = SPOT | {"worth": (10, 5), "slices": ((0, 50), (50, 100)), "starts": ((), ((50, 60),))}
    problem = hand_made([[0]], [([(0, 0, 5)], {}), ([(0, 0, 5)], never), ([(0, 0, 5)], {})], [{}])
    assert (1, 0) not in {visit[:2] for visit in searched(problem).routes[0]}
    assert len(searched(problem).routes[0]) == 3


def test_thousands_of_visits_of_one_task() -> None:
    slices = cut((0, 57_600), 3000)
    often = SPOT | {
        "worth": (1,) * 3000, "slices": slices, "starts": tuple(start_spans(one, 2, (), 0) for one in slices)
    }  # fmt: skip
    problem = hand_made([[0, 3], [3, 0]], [([(1, 1, 5)], often)], [{"shift": (0, 57_600)}] * 2)
    assert sum(map(len, searched(problem, 20).routes)) == 3000


def test_a_shift_of_sixteen_hours() -> None:
    day = {"starts": (((0, 57_600),),)}
    problem = hand_made([[0, 900], [900, 0]], [([(1, 1, 700)], day) for _ in range(70)], [{"shift": (0, 57_600)}])
    assert len(searched(problem).routes[0]) == 70


def test_drives_whose_sum_does_not_fit_into_32_bits_are_still_infinite() -> None:
    far = [[0 if one == two else INFINITE_S for two in range(6)] for one in range(6)]
    problem = hand_made(far, [([(node, node, 9)], {}) for node in range(1, 6)] + [([(0, 0, 9)], {})], [{}])
    assert searched(problem).routes == ((Visit(5),),)


def test_a_shift_too_short_for_most_tasks() -> None:
    problem = hand_made([[0, 40], [40, 0]], [([(1, 1, 20)], {}), ([(0, 0, 10)], {})], [{"shift": (0, 99)}])
    assert searched(problem).routes == ((Visit(1),),)


def test_a_capacity_of_nothing_still_carries_what_weighs_nothing() -> None:
    tasks = [([(0, 0, 5)], {"load": load}) for load in (1, 0, 3, 0)]
    assert {visit.task for visit in searched(hand_made([[0]], tasks, [{"capacity": 0}])).routes[0]} == {1, 3}


def test_loads_that_only_one_way_of_sharing_lets_in() -> None:
    tasks = [([(0, 0, 5)], {"load": load}) for load in (7, 5, 4, 3, 1)]
    solution = searched(hand_made([[0]], tasks, [{"capacity": 10}] * 2))
    assert sum(map(len, solution.routes)) == 5


def test_a_break_that_takes_the_whole_shift_leaves_the_crew_at_its_depot() -> None:
    rest = {"break_": (1000, ((0, 0),))}
    assert searched(hand_made([[0]], [([(0, 0, 5)], {})], [rest])).routes == ((),)


@pytest.mark.parametrize(("shift_end", "served"), [(115, 2), (114, 1)])
def test_a_break_of_a_single_second_to_begin_is_met(shift_end: int, served: int) -> None:
    rest = {"break_": (50, ((30, 30),)), "shift": (0, shift_end)}
    solution = searched(hand_made([[0]], [([(0, 0, 30)], {}), ([(0, 0, 35)], {})], [rest]))
    assert len(solution.routes[0]) == served


def test_hundreds_of_equal_crews() -> None:
    problem = hand_made([[0, 9], [9, 0]], [([(1, 1, 5)], {}) for _ in range(5)], [{}] * 300)
    assert sum(map(len, searched(problem, 30).routes)) == 5


@pytest.mark.parametrize("neighbours", [1, 2, 40, 10**6])
def test_any_number_of_neighbours(neighbours: int) -> None:
    problem = hand_made([[0, 3], [3, 0]], [([(1, 1, 5)], {}) for _ in range(6)], [{}])
    assert arrays(problem, neighbours).near.shape == (6, min(neighbours, 5))
    engine = Engine(problem, seed=0, start=None, params=SearchParams(neighbours=neighbours))
    engine.run(30)
    assert evaluate(problem, engine.best).score.prize_forgone == 0


def test_neighbours_are_the_nearest_first_and_never_oneself() -> None:
    table = [[0, 10, 20, 35], [10, 0, 10, 25], [20, 10, 0, 15], [35, 25, 15, 0]]
    night = arrays(hand_made(table, [([(node, node, 5)], {}) for node in range(4)], [{}]), 2)
    assert night.near.tolist() == [[1, 2], [0, 2], [1, 3], [2, 1]]


def test_the_largest_prizes_are_scored_to_the_point() -> None:
    dear: list[PriorityStreet] = [
        PriorityStreet("dear", street.segments, prize=(10**9,) * len(street.segments), visits=4, headway_s=1)
        for street in streets(TOWN)
        if isinstance(street, PriorityStreet)
    ]
    problem = PatrolProblem(TOWN, dear, [crew(), crew("P2", (600, 600))])
    result = solve(problem, work_limit=300, goal="points")
    assert result.plan.objective.prize_collected > 2**32
    assert evaluate(problem, result.solution).score == result.score
    assert audit(result.plan) == ()


def test_required_markets_that_nobody_can_reach_in_time_are_a_result() -> None:
    far = market(TOWN, 1, 600, 600, dwell_s=600, windows=("20:00-20:10",), required=True)
    problem = PatrolProblem(TOWN, [far, *streets(TOWN)], [crew()])
    result = solve(problem, work_limit=200, goal="points")
    assert result.score.required_missed == 1
    assert {violation.rule for violation in audit(result.plan)} == {"required_served"}
    assert result.score.prize_forgone == 3 * 600

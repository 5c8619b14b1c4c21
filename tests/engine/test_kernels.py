"""The fast parts of the search, each alone, against the slow evaluation."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.engine.arrays import Night, arrays
from patrolroute.engine.dice import dice
from patrolroute.engine.insert import cheapest
from patrolroute.engine.params import SearchParams
from patrolroute.engine.routes import MISSED, NEVER, POINTS, Routes, empty_routes, put
from patrolroute.engine.search import begin, search
from patrolroute.engine.start import construct, find_hopeless, to_solution, warm
from patrolroute.engine.turn import labels, turn
from patrolroute.problem.evaluate import evaluate, route_times
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.fits import random_solution, what_still_fits, with_visit
from tests.engine.made_up import made_up_night

NIGHTS = st.builds(
    made_up_night,
    st.integers(0, 10_000),
    tasks=st.integers(2, 12),
    crews=st.integers(1, 3),
    budget_s=st.sampled_from([500, 1500, 5000]),
    plain=st.booleans(),
)
PICKS = st.lists(st.tuples(*[st.integers(0, 40)] * 5), min_size=3, max_size=20)


def laid(night: Night, solution: Solution) -> Routes:
    """Lay a feasible solution visit by visit, and add nothing."""
    routes = empty_routes(night)
    for crew, visits in enumerate(solution.routes):
        for position, visit in enumerate(visits, start=1):
            put(night, routes, (crew, position), int(night.first_copy[visit.task]) + visit.slot, visit.way)
    return routes


def check(problem: PatrolProblem, night: Night, routes: Routes) -> None:
    """Compare what routes know of themselves with the slow evaluation."""
    solution = to_solution(night, routes)
    evaluation = evaluate(problem, solution)
    assert evaluation.faults == ()
    assert routes.end_s.tolist() == [times.end_s for times in evaluation.routes]
    assert routes.drive_s.tolist() == [times.driving_s for times in evaluation.routes]
    assert routes.tally[MISSED] == evaluation.score.required_missed
    assert routes.tally[POINTS] == evaluation.prize_collected
    for crew, visits in enumerate(solution.routes):
        for position, visit in enumerate(visits, start=1):
            copy = night.first_copy[visit.task] + visit.slot
            assert (routes.route_of[copy], routes.position_of[copy]) == (crew, position)


def true_prices(problem: PatrolProblem, solution: Solution, crew: int, visit: Visit, cap: int) -> dict[int, int]:
    """Price every feasible place of a visit: added driving and dwelling, or the delay of the end if that is more."""
    old, prices = evaluate(problem, solution).routes[crew], {}
    dwell_s = problem.tasks[visit.task].dwell_s
    for position in range(len(solution.routes[crew]) + 1):
        longer = evaluate(problem, with_visit(solution, crew, position, visit))
        new = longer.routes[crew]
        if longer.is_feasible and new.end_s <= cap:
            prices[position + 1] = max(new.driving_s - old.driving_s + dwell_s, new.end_s - old.end_s)
    return prices


@settings(max_examples=60)
@given(problem=NIGHTS, picks=PICKS, share=st.sampled_from([0.5, 0.8, 1.0]))
def test_the_cheapest_place_is_the_cheapest_of_all_places_by_the_slow_evaluation(
    problem: PatrolProblem, picks: list[tuple[int, int, int, int, int]], share: float
) -> None:
    solution, night = random_solution(problem, picks), arrays(problem, 5)
    routes = laid(night, solution)
    check(problem, night, routes)
    for copy, crew in product(np.flatnonzero(routes.route_of < 0).tolist(), range(len(problem.crews))):
        start, end = problem.shift_s(crew)
        cap, task = int(start + (end - start) * share), int(night.copy_task[copy])
        price, position, way = cheapest(night, routes, copy, crew, cap, 0, dice(0))
        visits = [Visit(task, copy - int(night.first_copy[task]), one) for one in range(problem.tasks[task].ways)]
        prices = [true_prices(problem, solution, crew, visit, cap) for visit in visits]
        assert price == min((value for of_way in prices for value in of_way.values()), default=NEVER)
        assert price == NEVER or prices[way][position] == price


@settings(max_examples=60)
@given(problem=NIGHTS, picks=PICKS)
def test_turning_a_route_ends_it_as_early_as_the_best_of_all_directions(
    problem: PatrolProblem, picks: list[tuple[int, int, int, int, int]]
) -> None:
    solution, night = random_solution(problem, picks), arrays(problem, 5)
    routes = laid(night, solution)
    for crew, visits in enumerate(solution.routes):
        before = routes.end_s[crew], routes.drive_s[crew]
        became_better = turn(night, routes, crew, labels(night))
        after = routes.end_s[crew], routes.drive_s[crew]
        assert (after < before) if became_better else (after == before)
        if 0 < len(visits) <= 7:
            turned = product(*([visit._replace(way=one) for one in range(night.ways[visit.task])] for visit in visits))
            times = (route_times(problem, crew, order) for order in turned)
            assert after[0] == min(one.end_s for one in times if not one.faults)
    check(problem, night, routes)
    assert [[v[:2] for v in route] for route in to_solution(night, routes).routes] == [
        [v[:2] for v in route] for route in solution.routes
    ]


@settings(max_examples=40)
@given(problem=NIGHTS, seed=st.integers(0, 100), second=st.sampled_from([{}, {"first_cycle": 3, "threshold": 10_000}]))
def test_ruin_and_recreate_keeps_every_solution_feasible_and_its_sums_right(
    problem: PatrolProblem, seed: int, second: dict[str, int]
) -> None:
    night, params = arrays(problem, 5), SearchParams(**second)
    hopeless = find_hopeless(night)
    memory = begin(night, construct(night, hopeless), hopeless, params, dice(seed))
    for _ in range(30):
        search(night, memory, params.knobs(), 1)
        for routes in (memory.trial, memory.current, memory.best):
            check(problem, night, routes)
        assert not memory.desk.is_listed.any()


@settings(max_examples=60)
@given(problem=NIGHTS, picks=PICKS)
def test_starts_are_feasible_and_nothing_more_fits(
    problem: PatrolProblem, picks: list[tuple[int, int, int, int, int]]
) -> None:
    night = arrays(problem, 5)
    for routes in (construct(night, find_hopeless(night)), warm(night, random_solution(problem, picks))):
        check(problem, night, routes)
        assert what_still_fits(problem, to_solution(night, routes)) == []


@settings(max_examples=60)
@given(problem=NIGHTS)
def test_a_visit_is_hopeless_if_it_fits_nowhere_even_in_an_empty_night(problem: PatrolProblem) -> None:
    fitting = {(task, slot) for _, task, slot, _, _ in what_still_fits(problem, Solution.empty(len(problem.crews)))}
    wanted = [(number, slot) for number, task in enumerate(problem.tasks) for slot in range(task.visits_wanted)]
    assert find_hopeless(arrays(problem, 5)).tolist() == [one not in fitting for one in wanted]

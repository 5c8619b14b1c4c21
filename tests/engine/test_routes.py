"""Routes in the making: every time kept with them is what going through the route says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.engine.arrays import arrays
from patrolroute.engine.routes import (
    NEVER,
    adopt,
    earliest,
    empty_routes,
    end_after,
    latest,
    longest_share,
    put,
    refresh,
    take,
)
from patrolroute.engine.start import to_solution
from patrolroute.problem.evaluate import earliest_start
from patrolroute.problem.model import PatrolProblem
from tests.engine.made_up import hand_made, nights
from tests.engine.slow import assert_sound, crews_of, finish, random_routes, visit_of


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_visits_put_and_taken_back_leave_every_sum_right(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed)
    score = assert_sound(problem, night, routes).score
    assert longest_share(night, routes) == score.longest_route
    for crew in crews_of(problem):
        while routes.size[crew]:
            take(night, routes, crew, 1 + seed % int(routes.size[crew]))
            refresh(night, routes, crew)
            assert_sound(problem, night, routes)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_latest_arrivals_are_the_last_from_which_the_rest_fits(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed)
    for crew, visits in enumerate(to_solution(night, routes).routes):
        for place in range(len(visits) + 1):
            bound = int(routes.latest_s[crew, place + 1])
            assert finish(problem, crew, visits[place:], bound) is not None
            assert finish(problem, crew, visits[place:], bound + 1) is None


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.integers(0, 300))
def test_the_end_after_a_delay_is_what_driving_on_says(problem: PatrolProblem, seed: int, early: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed)
    for crew, visits in enumerate(to_solution(night, routes).routes):
        for place in range(len(visits) + 1):
            bound = int(routes.latest_s[crew, place + 1])
            for arrival in (bound, bound - early):
                after = finish(problem, crew, visits[place:], arrival)
                assert end_after(night, routes, crew, place + 1, arrival) == after


def test_starts_before_between_and_after_the_spans_of_a_visit() -> None:
    spot = {"kind": "hotspot", "starts": (((10, 20), (30, 30)),)}
    night = arrays(hand_made([[0]], [([(0, 0, 5)], spot)], [{}]), 1)
    soon = {9: 10, 10: 10, 20: 20, 21: 30, 30: 30, 31: NEVER}
    late = {9: -NEVER, 10: 10, 20: 20, 21: 20, 29: 20, 30: 30, 31: 30}
    assert {ready: earliest(night, 0, ready) for ready in soon} == soon
    assert {bound: latest(night, 0, bound) for bound in late} == late


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 2000))
def test_earliest_starts_are_those_of_the_evaluator(problem: PatrolProblem, ready: int) -> None:
    night = arrays(problem, 5)
    for copy in range(len(night.copy_task)):
        task, slot, _ = visit_of(night, copy, 0)
        expected = earliest_start(problem.tasks[task].starts[slot], ready)
        assert earliest(night, copy, ready) == (NEVER if expected is None else expected)


def test_a_route_is_refused_one_second_after_its_shift() -> None:
    ways = [(1, 1, 40)]
    for end, fits in ((100, True), (99, False)):
        night = arrays(hand_made([[0, 30], [30, 0]], [(ways, {})], [{"shift": (0, end)}]), 1)
        routes = empty_routes(night)
        assert put(night, routes, (0, 1), 0, 0) is fits
        assert routes.end_s[0] == 100


def test_a_crew_without_a_visit_stays_even_where_it_would_end_elsewhere() -> None:
    night = arrays(hand_made([[0, 30], [30, 0]], [([(1, 1, 40)], {})], [{"home": 1, "shift": (7, 500)}]), 1)
    routes = empty_routes(night)
    assert (routes.end_s[0], routes.drive_s[0], routes.busy_s[0]) == (7, 0, 0)
    put(night, routes, (0, 1), 0, 0)
    take(night, routes, 0, 1)
    refresh(night, routes, 0)
    assert (routes.end_s[0], routes.drive_s[0], routes.busy_s[0]) == (7, 0, 0)


def test_a_second_visit_adds_the_second_worth_whichever_slot_it_is_in() -> None:
    twice = {"worth": (10, 4), "slices": ((0, 50), (50, 100)), "starts": (((0, 50),), ((50, 100),)), "required": True}
    night = arrays(hand_made([[0]], [([(0, 0, 5)], twice)], [{}]), 1)
    routes = empty_routes(night)
    assert routes.tally.tolist() == [1, 0]
    put(night, routes, (0, 1), 1, 0)
    assert routes.tally.tolist() == [0, 10]
    put(night, routes, (0, 1), 0, 0)
    assert routes.tally.tolist() == [0, 14]
    take(night, routes, 0, 2)
    assert routes.tally.tolist() == [0, 10]


@pytest.mark.parametrize("seed", range(5))
def test_adopting_the_changed_routes_makes_two_solutions_equal(seed: int) -> None:
    problem = hand_made([[0, 3], [3, 0]], [([(0, 1, 9), (1, 0, 9)], {}) for _ in range(8)], [{}, {}, {}])
    night = arrays(problem, 3)
    one, other = (random_routes(night, number) for number in (seed, seed + 100))
    adopt(one, other, np.ones(3, dtype=np.bool_))
    assert to_solution(night, other) == to_solution(night, one)
    assert_sound(problem, night, other)
    take(night, one, 1, 1)
    refresh(night, one, 1)
    adopt(one, other, np.array([False, True, False]))
    assert to_solution(night, other) == to_solution(night, one)
    assert_sound(problem, night, other)

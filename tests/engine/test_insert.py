"""Putting visits into routes: what is priced is what evaluating before and after says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.engine.arrays import arrays
from patrolroute.engine.dice import dice
from patrolroute.engine.insert import (
    cap_at_shift,
    cheapest,
    complete,
    desk,
    insert_greedily,
    insert_in_order,
    list_unserved,
)
from patrolroute.engine.routes import NEVER, NOWHERE, empty_routes, gain, put
from patrolroute.engine.start import find_hopeless, to_solution
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.fits import what_still_fits
from tests.engine.made_up import hand_made, nights
from tests.engine.slow import assert_sound, crews_of, insertions, random_routes, visit_of, what_fits_slowly

LATE = 2**30


def priced_slowly(problem: PatrolProblem, solution: Solution, crew: int, visit: Visit, cap: int) -> int:
    """Give the least price of a visit over all places and ways: busy seconds added, or the delay of the end."""
    before = evaluate(problem, solution).routes[crew]
    dwell = problem.tasks[visit.task].dwell_s
    prices = [
        max(after.routes[crew].driving_s - before.driving_s + dwell, after.routes[crew].end_s - before.end_s)
        for _, _, after in insertions(problem, solution, crew, visit)
        if after.routes[crew].end_s <= cap
    ]
    return min(prices, default=NEVER)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.sampled_from([LATE, 800, 1200]))
def test_the_priced_place_is_the_cheapest_and_costs_what_it_says(problem: PatrolProblem, seed: int, cap: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=12)
    solution = to_solution(night, routes)
    for copy in np.flatnonzero(routes.route_of == NOWHERE)[:6].tolist():
        visit = visit_of(night, copy, 0)
        for crew in crews_of(problem):
            price, place, way = cheapest(night, routes, copy, crew, cap, 0, dice(0))
            assert price == priced_slowly(problem, solution, crew, visit, cap)
            found = [after for *where, after in insertions(problem, solution, crew, visit) if where == [place - 1, way]]
            assert bool(found) == (price < NEVER)
            for after in found:
                assert after.prize_collected - evaluate(problem, solution).prize_collected == gain(night, routes, copy)
                assert put(night, routes, (crew, place), copy, way)
                assert_sound(problem, night, routes)
                return


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_nothing_fits_after_completing(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=6)
    before = int((routes.route_of >= 0).sum())
    inserted = complete(night, routes, desk(night), dice(0))
    assert_sound(problem, night, routes)
    assert (routes.route_of >= 0).sum() == before + inserted
    solution = to_solution(night, routes)
    assert what_still_fits(problem, solution) == []
    assert what_fits_slowly(problem, solution) == set()


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_greed_prices_few_visits_anew_and_still_leaves_none_that_fits(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, 2)
    routes, table = random_routes(night, seed, tries=6), desk(night)
    cap_at_shift(night, table)
    insert_greedily(night, routes, table, list_unserved(night, routes, table), dice(0))
    assert_sound(problem, night, routes)
    assert what_still_fits(problem, to_solution(night, routes)) == []


def test_a_visit_that_a_neighbour_made_cheaper_follows_it() -> None:
    table = [[0, 90, 100, 30], [90, 0, 10, 110], [100, 10, 0, 120], [30, 110, 120, 0]]
    tasks = [([(1, 1, 20)], {"worth": (90,)}), ([(2, 2, 20)], {"worth": (80,)}), ([(3, 3, 20)], {"worth": (30,)})]
    problem = hand_made(table, tasks, [{"shift": (0, 270)}])
    night = arrays(problem, 2)  # alone they earn 90 in 200 s, 80 in 220 s and 30 in 80 s; after the first, 80 in 40 s
    routes, working = empty_routes(night), desk(night)
    cap_at_shift(night, working)
    insert_greedily(night, routes, working, list_unserved(night, routes, working), dice(0))
    assert routes.route_of.tolist() == [0, 0, -1]


@pytest.mark.parametrize("insert", [insert_greedily, insert_in_order])
@settings(max_examples=200, deadline=None)
@given(problem=nights(), seed=st.integers(0, 999), blink=st.sampled_from([0, 10, 900]), cap=st.integers(0, 1500))
def test_inserting_keeps_rules_and_caps_and_says_how_many(insert, problem, seed: int, blink: int, cap: int) -> None:
    night = arrays(problem, 5)
    routes, table = empty_routes(night), desk(night)
    cap_at_shift(night, table)
    table.cap[:] = np.minimum(table.cap, np.maximum(cap, night.crew_start))
    table.blink[0] = blink
    waiting = list_unserved(night, routes, table)
    assert insert(night, routes, table, waiting, dice(seed)) == (routes.route_of >= 0).sum()
    assert_sound(problem, night, routes)
    assert (routes.end_s <= table.cap).all()
    assert sorted(table.pool[:waiting][table.pool[:waiting] >= 0]) == np.flatnonzero(routes.route_of < 0).tolist()


def test_a_tied_visit_goes_only_into_changed_routes() -> None:
    problem = hand_made([[0, 5], [5, 0]], [([(1, 1, 5)], {})], [{}, {}])
    night = arrays(problem, 1)
    for insert in (insert_greedily, insert_in_order):
        for changed, route in ((None, -1), (1, 1)):
            routes, table = empty_routes(night), desk(night)
            waiting = list_unserved(night, routes, table)
            table.is_loose[:] = False
            if changed is not None:
                table.changed[changed] = True
            insert(night, routes, table, waiting, dice(0))
            assert routes.route_of.tolist() == [route]


def test_a_tied_visit_may_follow_a_loose_one_into_a_route() -> None:
    table = [[0, 5, 6, 90], [5, 0, 1, 90], [6, 1, 0, 90], [90, 90, 90, 0]]
    problem = hand_made(table, [([(node, node, 9)], {}) for node in (1, 2, 3)], [{}])
    night = arrays(problem, 1)
    assert night.near[0].tolist() == [1]  # the third is near nobody
    routes, working = empty_routes(night), desk(night)
    waiting = list_unserved(night, routes, working)
    working.is_loose[:] = [True, False, False]
    assert insert_greedily(night, routes, working, waiting, dice(0)) == 3


def test_a_required_task_comes_before_any_prize() -> None:
    dear = {"kind": "hotspot", "worth": (10**9,), "prize": 10**9}
    cheap = {"kind": "hotspot", "worth": (1,), "prize": 1, "required": True}
    problem = hand_made([[0]], [([(0, 0, 1)], dear), ([(0, 0, 900)], cheap)], [{"shift": (0, 900)}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    complete(night, routes, desk(night), dice(0))
    assert routes.route_of.tolist() == [-1, 0]


def test_a_second_visit_of_a_required_task_has_no_such_right() -> None:
    twice = {"worth": (10, 4), "slices": ((0, 50), (50, 100)), "starts": (((0, 50),), ((50, 100),)), "required": True}
    problem = hand_made([[0]], [([(0, 0, 40)], twice), ([(0, 0, 40)], {"worth": (5,)})], [{"shift": (0, 90)}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    complete(night, routes, desk(night), dice(0))
    assert routes.route_of.tolist() == [0, -1, 0]


def test_of_equal_prices_the_first_route_place_and_way_are_taken() -> None:
    problem = hand_made([[0, 5], [5, 0]], [([(0, 1, 9), (1, 0, 9)], {})], [{}, {}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    assert [cheapest(night, routes, 0, crew, LATE, 0, dice(0)) for crew in (0, 1)] == [(14, 1, 0), (14, 1, 0)]
    complete(night, routes, desk(night), dice(0))
    assert to_solution(night, routes) == Solution(((Visit(0),), ()))


def test_the_better_direction_is_chosen_while_pricing() -> None:
    table = [[0, 10, 90], [90, 0, 90], [10, 90, 0]]  # out is quick to 1, home is quick from 2
    problem = hand_made(table, [([(2, 1, 20), (1, 2, 30)], {})], [{}])
    night = arrays(problem, 1)
    assert cheapest(night, empty_routes(night), 0, 0, LATE, 0, dice(0)) == (10 + 30 + 10, 1, 1)


def test_waiting_that_a_visit_fills_costs_only_its_driving_and_service() -> None:
    late = {"kind": "hotspot", "starts": (((500, 500),),)}
    problem = hand_made([[0, 5], [5, 0]], [([(0, 0, 50)], late), ([(1, 1, 100)], {})], [{}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    put(night, routes, (0, 1), 0, 0)
    assert cheapest(night, routes, 1, 0, LATE, 0, dice(0)) == (110, 1, 0)
    assert cheapest(night, routes, 1, 0, 550, 0, dice(0)) == (110, 1, 0)
    assert cheapest(night, routes, 1, 0, 549, 0, dice(0))[0] == NEVER


@pytest.mark.parametrize(("opens", "fits"), [(110, True), (109, False)])
def test_a_visit_before_a_window_fits_to_the_last_second(opens: int, fits: bool) -> None:
    once = {"kind": "hotspot", "starts": (((opens, opens),),)}
    problem = hand_made([[0, 5], [5, 0]], [([(0, 0, 50)], once), ([(1, 1, 100)], {"starts": (((0, 5),),)})], [{}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    put(night, routes, (0, 1), 0, 0)
    assert (cheapest(night, routes, 1, 0, LATE, 0, dice(0))[0] < NEVER) == fits
    assert cheapest(night, routes, 1, 0, LATE, 0, dice(0))[1] == (1 if fits else -1)


@pytest.mark.parametrize(("last", "fits"), [(155, True), (154, False)])
def test_a_visit_after_another_fits_if_its_window_is_still_open(last: int, fits: bool) -> None:
    problem = hand_made([[0, 5], [5, 0]], [([(1, 1, 150)], {}), ([(1, 1, 1)], {"starts": (((100, last),),)})], [{}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    put(night, routes, (0, 1), 0, 0)
    assert cheapest(night, routes, 1, 0, LATE, 0, dice(0)) == (1, 2, 0) if fits else (96, 1, 0)


def test_waiting_that_a_visit_causes_is_part_of_its_price() -> None:
    problem = hand_made([[0]], [([(0, 0, 50)], {"kind": "hotspot", "starts": (((400, 400),),)})], [{}])
    assert cheapest(arrays(problem, 1), empty_routes(arrays(problem, 1)), 0, 0, LATE, 0, dice(0))[0] == 450


def test_a_better_place_is_overlooked_as_often_as_blinks_say() -> None:
    problem = hand_made([[0]], [([(0, 0, 50)], {})], [{}])
    night, rolls = arrays(problem, 1), dice(3)
    routes = empty_routes(night)
    seen = sum(cheapest(night, routes, 0, 0, LATE, 300, rolls)[0] == 50 for _ in range(2000))
    assert 1300 < seen < 1500  # 1,400 are expected; the bounds are nearly five standard deviations away


@settings(max_examples=200, deadline=None)
@given(nights())
def test_hopeless_is_what_fits_nowhere_in_an_empty_night(problem: PatrolProblem) -> None:
    night = arrays(problem, 5)
    fitting = {visit[:2] for _, _, visit in what_fits_slowly(problem, Solution.empty(len(night.crew_start)))}
    hopeless = {visit_of(night, copy, 0)[:2] for copy in np.flatnonzero(find_hopeless(night)).tolist()}
    assert hopeless == {visit_of(night, copy, 0)[:2] for copy in range(len(night.copy_task))} - fitting

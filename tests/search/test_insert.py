"""Putting visits into routes: what is priced is what evaluating before and after says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.jit import make_rng
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import ProblemArrays, arrays
from patrolroute.search.construction import find_hopeless, to_solution
from patrolroute.search.insertion import (
    NEARBY,
    THOROUGH,
    add_nearby,
    cap_at_shift,
    complete,
    insert_greedily,
    insert_in_order,
)
from patrolroute.search.routes import Routes, empty_routes, find_room
from patrolroute.search.workspace import Workspace, list_unserved, make_workspace
from tests.search.fits import what_still_fits
from tests.search.made_up import hand_made, nights
from tests.search.slow import (
    assert_sound,
    random_routes,
    visit_of,
    wanted_slots,
    what_fits_slowly,
)

"""How `insert_greedily` is told where to look."""


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_nothing_fits_after_completing(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=6)
    before = int((routes.served.route >= 0).sum())
    inserted = complete(night, routes, make_workspace(night), make_rng(0))
    assert_sound(problem, night, routes)
    assert (routes.served.route >= 0).sum() == before + inserted
    solution = to_solution(night, routes)
    assert what_still_fits(problem, solution) == []
    assert what_fits_slowly(problem, solution) == set()


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.sampled_from([0, 10]))
def test_greed_prices_few_visits_anew_and_still_inserts_one_if_one_fits(
    problem: Instance, seed: int, blink: int
) -> None:
    night = arrays(problem, 2)
    routes, table = random_routes(night, seed, tries=6), make_workspace(night)
    cap_at_shift(routes, table)
    table.cache.pricing.blink = blink
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    waiting = list_unserved(routes, table)
    fits = len({fit.visit[:2] for fit in what_still_fits(problem, to_solution(night, routes))})
    inserted = insert_greedily(night, routes, table, waiting, THOROUGH, make_rng(0))
    assert_sound(problem, night, routes)
    assert (inserted > 0) == (fits > 0) or blink
    assert inserted <= waiting


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.integers(1, 20))
def test_what_is_added_nearby_keeps_every_rule_and_takes_nothing_out(
    problem: Instance, seed: int, neighbours: int
) -> None:
    night = arrays(problem, neighbours)
    routes = random_routes(night, seed, tries=10)
    before, were = to_solution(night, routes), (routes.served.route >= 0).sum()
    inserted = add_nearby(night, routes, make_workspace(night), make_rng(0))
    assert_sound(problem, night, routes)
    assert (routes.served.route >= 0).sum() == were + inserted
    for old, new in zip(before.routes, to_solution(night, routes).routes, strict=True):
        assert [visit for visit in new if visit in old] == list(old)


def test_a_visit_that_a_neighbour_made_cheaper_follows_it() -> None:
    table = [[0, 90, 100, 30], [90, 0, 10, 110], [100, 10, 0, 120], [30, 110, 120, 0]]
    tasks = [([(1, 1, 20)], {"worth": (90,)}), ([(2, 2, 20)], {"worth": (80,)}), ([(3, 3, 20)], {"worth": (30,)})]
    problem = hand_made(table, tasks, [{"shift": (0, 270)}])
    night = arrays(problem, 2)  # alone they earn 90 in 200 s, 80 in 220 s and 30 in 80 s; after the first, 80 in 40 s
    routes, working = empty_routes(night), make_workspace(night)
    cap_at_shift(routes, working)
    insert_greedily(night, routes, working, list_unserved(routes, working), NEARBY, make_rng(0))
    assert routes.served.route.tolist() == [0, 0, -1]


def greedily(night: ProblemArrays, routes: Routes, table: Workspace, waiting: int, seed: int) -> int:
    return insert_greedily(night, routes, table, waiting, NEARBY, make_rng(seed))


def thoroughly(night: ProblemArrays, routes: Routes, table: Workspace, waiting: int, seed: int) -> int:
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    return insert_greedily(night, routes, table, waiting, THOROUGH, make_rng(seed))


def in_order(night: ProblemArrays, routes: Routes, table: Workspace, waiting: int, seed: int) -> int:
    return insert_in_order(night, routes, table, waiting, NEARBY, make_rng(seed))


Insert = Callable[[ProblemArrays, Routes, Workspace, int, int], int]


@pytest.mark.parametrize("insert", [greedily, thoroughly, in_order])
@pytest.mark.parametrize("by_cost", [False, True])
@settings(max_examples=100, deadline=None)
@given(problem=nights(), seed=st.integers(0, 999), blink=st.sampled_from([0, 10, 900]), cap=st.integers(0, 1500))
def test_inserting_keeps_rules_and_caps_and_says_how_many(  # noqa: PLR0917 - hypothesis and pytest fill them by name
    insert: Insert, problem: Instance, by_cost: bool, seed: int, blink: int, cap: int
) -> None:
    night = arrays(problem, 5)
    routes, table = empty_routes(night), make_workspace(night)
    cap_at_shift(routes, table)
    table.cache.cap[:] = np.minimum(table.cache.cap, np.maximum(cap, night.crew.start_s))
    table.cache.pricing.blink, table.cache.pricing.is_by_cost = blink, by_cost
    waiting = list_unserved(routes, table)
    assert waiting == wanted_slots(night)
    inserted = insert(night, routes, table, waiting, seed)
    assert inserted == (routes.served.route[:waiting] >= 0).sum()
    assert_sound(problem, night, routes)
    assert (routes.route.end_s <= table.cache.cap).all()
    absent = table.absent[:waiting]
    assert sorted(absent[absent >= 0]) == np.flatnonzero(routes.served.route < 0).tolist()


@pytest.mark.parametrize("insert", [greedily, in_order])
@pytest.mark.parametrize(("changed", "route"), [(None, -1), (1, 1)])
def test_a_tied_visit_goes_only_into_changed_routes(insert: Insert, changed: int | None, route: int) -> None:
    problem = hand_made([[0, 5], [5, 0]], [([(1, 1, 5)], {})], [{}, {"shift": (0, 1001)}])
    night = arrays(problem, 1)
    routes, table = empty_routes(night), make_workspace(night)
    waiting = list_unserved(routes, table)
    table.is_loose[:] = False
    if changed is not None:
        table.cache.changed[changed] = True
    insert(night, routes, table, waiting, 0)
    assert routes.served.route.tolist() == [route]


def test_a_tied_visit_may_follow_a_loose_one_into_a_route() -> None:
    table = [[0, 5, 6, 90], [5, 0, 1, 90], [6, 1, 0, 90], [90, 90, 90, 0]]
    problem = hand_made(table, [([(node, node, 9)], {}) for node in (1, 2, 3)], [{}])
    night = arrays(problem, 1)
    assert night.near[0].tolist() == [1]  # the third is near nobody
    routes, working = empty_routes(night), make_workspace(night)
    waiting = list_unserved(routes, working)
    working.is_loose[:] = [True, False, False]
    assert insert_greedily(night, routes, working, waiting, NEARBY, make_rng(0)) == 3


def test_a_required_task_comes_before_any_prize() -> None:
    dear = {"kind": "hotspot", "worth": (10**9,), "prize": 10**9}
    cheap = {"kind": "hotspot", "worth": (1,), "prize": 1, "required": True}
    problem = hand_made([[0]], [([(0, 0, 1)], dear), ([(0, 0, 900)], cheap)], [{"shift": (0, 900)}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    complete(night, routes, make_workspace(night), make_rng(0))
    assert routes.served.route.tolist() == [-1, 0]


def test_a_second_visit_of_a_required_task_has_no_such_right() -> None:
    twice = {"worth": (10, 4), "slices": ((0, 50), (50, 100)), "starts": (((0, 50),), ((50, 100),)), "required": True}
    problem = hand_made([[0]], [([(0, 0, 40)], twice), ([(0, 0, 40)], {"worth": (5,)})], [{"shift": (0, 90)}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    complete(night, routes, make_workspace(night), make_rng(0))
    assert routes.served.route.tolist() == [0, -1, 0]


@settings(max_examples=200, deadline=None)
@given(nights())
def test_hopeless_is_what_fits_nowhere_in_an_empty_night(problem: Instance) -> None:
    night = arrays(problem, 5)
    fitting = {visit[:2] for _, _, visit in what_fits_slowly(problem, Solution.empty(len(night.crew)))}
    marks = find_hopeless(night)
    assert not marks[wanted_slots(night) :].any()
    hopeless = {visit_of(night, slot, 0)[:2] for slot in np.flatnonzero(marks).tolist()}
    assert hopeless == {visit_of(night, slot, 0)[:2] for slot in range(wanted_slots(night))} - fitting


def test_what_a_crew_cannot_carry_is_not_given_to_it_beside_a_neighbour_either() -> None:
    table = [[0, 50, 51], [50, 0, 1], [51, 1, 0]]
    tasks = [([(1, 1, 9)], {"load": 2, "worth": (20,)}), ([(2, 2, 9)], {"load": 2})]
    night = arrays(hand_made(table, tasks, [{"capacity": 3}]), 5)
    for thorough in (NEARBY, THOROUGH):
        routes, working = empty_routes(night), make_workspace(night)
        cap_at_shift(routes, working)
        find_room(night, routes, 0)
        assert insert_greedily(night, routes, working, list_unserved(routes, working), thorough, make_rng(0)) == 1
        assert routes.served.route.tolist() == [0, -1]


def test_a_visit_that_lost_its_place_to_a_nearer_one_finds_another_route() -> None:
    table = [[0, 10], [10, 0]]
    tasks = [([(1, 1, 30)], {"worth": (20,)}), ([(1, 1, 30)], {})]
    night = arrays(hand_made(table, tasks, [{"shift": (0, 60)}, {"shift": (0, 70)}]), 5)
    routes, working = empty_routes(night), make_workspace(night)
    cap_at_shift(routes, working)
    assert insert_greedily(night, routes, working, list_unserved(routes, working), NEARBY, make_rng(0)) == 2
    assert routes.served.route.tolist() == [0, 1]

"""Overfilling and cutting back, and exchange between crews: no visit is lost or doubled, and every rule holds after."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.jit import ZERO, make_rng
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import arrays
from patrolroute.search.insertion import THOROUGH, cap_at_shift, insert_greedily
from patrolroute.search.routes import NOWHERE, Routes, empty_routes, find_room, insert
from patrolroute.search.ruin import relax, repair, swap_tails
from patrolroute.search.workspace import list_unserved, make_workspace
from tests.search.made_up import hand_made, nights
from tests.search.slow import assert_sound, assert_sound_but_for_breaks, random_routes


def served(routes: Routes) -> set[int]:
    return set(np.flatnonzero(routes.served.route != NOWHERE).tolist())


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.integers(1, 1000), st.sampled_from([0, 7, 4000]), st.sampled_from([0, 5]))
def test_overfilled_routes_are_cut_back_to_their_budgets(
    problem: Instance, seed: int, excess: int, by_load: int, by_worth: int
) -> None:
    night = arrays(problem, 40)
    routes, table = random_routes(night, seed), make_workspace(night)
    table.cache.changed[:] = True
    table.cache.pricing.load_s, table.cache.pricing.mean_worth = by_load, by_worth
    relax(night, routes, table, excess)
    cap_at_shift(routes, table)
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    insert_greedily(night, routes, table, list_unserved(routes, table), THOROUGH, make_rng(seed))
    before = served(routes)
    table.is_listed[:] = False
    waiting = repair(night, routes, table, ZERO)
    gone = table.absent[:waiting].tolist()
    assert len(set(gone)) == waiting
    assert set(gone) == before - served(routes)
    assert routes.route.until_s.tolist() == night.crew.end_s.tolist()
    assert routes.route.carries.tolist() == night.crew.capacity.tolist()
    assert_sound_but_for_breaks(problem, night, routes)


def test_cutting_back_drops_what_is_worth_least_for_its_time_and_keeps_what_is_required() -> None:
    table = [[0, 10, 10, 10], [10, 0, 10, 10], [10, 10, 0, 10], [10, 10, 10, 0]]
    tasks = [
        ([(1, 1, 30)], {"worth": (30,)}),
        ([(2, 2, 30)], {"worth": (90,)}),
        ([(3, 3, 90)], {"worth": (1,), "required": True}),
    ]
    problem = hand_made(table, tasks, [{"shift": (0, 150)}])  # all three take 190 s, any two of the long one 150 s
    night = arrays(problem, 5)
    routes, working = empty_routes(night), make_workspace(night)
    working.cache.changed[:] = True
    relax(night, routes, working, 500)
    cap_at_shift(routes, working)
    find_room(night, routes, 0)
    assert insert_greedily(night, routes, working, list_unserved(routes, working), THOROUGH, make_rng(0)) == 3
    assert repair(night, routes, working, ZERO) == 1
    assert routes.served.route.tolist() == [-1, 0, 0]


@settings(max_examples=300, deadline=None)
@given(nights(), st.integers(0, 999))
def test_exchange_changes_two_routes_and_drops_only_what_it_says(problem: Instance, seed: int) -> None:
    night = arrays(problem, 40)
    routes, table = random_routes(night, seed), make_workspace(night)
    before, where = served(routes), routes.served.route.copy()
    waiting = swap_tails(night, routes, table, seed % len(night.slot), make_rng(seed))
    assert set(table.absent[:waiting].tolist()) == before - served(routes)
    assert table.cache.changed.sum() in (0, 2)
    moved = {slot for slot in served(routes) if routes.served.route[slot] != where[slot]}
    swapped = set(np.flatnonzero(table.cache.changed).tolist())
    assert {int(where[slot]) for slot in moved} <= swapped
    assert_sound(problem, night, routes)


def test_two_routes_that_cross_are_uncrossed() -> None:
    far = [[0, 10, 20, 10, 20], [10, 0, 10, 50, 50], [20, 10, 0, 50, 50], [10, 50, 50, 0, 10], [20, 50, 50, 10, 0]]
    tasks = [([(row, row, 5)], {}) for row in (1, 2, 3, 4)]
    night = arrays(hand_made(far, tasks, [{"shift": (0, 200)}, {"shift": (0, 200)}]), 5)
    routes, working = empty_routes(night), make_workspace(night)
    for place, slot in (((0, 1), 0), ((0, 2), 3), ((1, 1), 2), ((1, 2), 1)):
        insert(night, routes, place, slot, 0)
    longest = max(routes.route.end_s)
    for seed in range(20):
        if swap_tails(night, routes, working, 0, make_rng(seed)) == 0 and max(routes.route.end_s) < longest:
            break
    assert routes.served.route.tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])

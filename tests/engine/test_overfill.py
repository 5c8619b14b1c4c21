"""Overfilling and cutting back, and exchange between crews: no visit is lost or doubled, and every rule holds after."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.compiled import ZERO
from patrolroute.dice import dice
from patrolroute.engine.arrays import arrays
from patrolroute.engine.edit import put
from patrolroute.engine.exchange import exchange
from patrolroute.engine.insert import THOROUGH, cap_at_shift, desk, insert_greedily, list_unserved
from patrolroute.engine.overfill import stretch, trim
from patrolroute.engine.price import BY_LOAD, BY_WORTH
from patrolroute.engine.routes import NOWHERE, Routes, empty_routes, find_room
from patrolroute.problem.model import PatrolProblem
from tests.engine.made_up import hand_made, nights
from tests.engine.slow import assert_sound, assert_sound_but_for_breaks, random_routes


def served(routes: Routes) -> set[int]:
    return set(np.flatnonzero(routes.served.route != NOWHERE).tolist())


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.integers(1, 1000), st.sampled_from([0, 7, 4000]), st.sampled_from([0, 5]))
def test_overfilled_routes_are_cut_back_to_their_budgets(
    problem: PatrolProblem, seed: int, excess: int, by_load: int, by_worth: int
) -> None:
    night = arrays(problem, 40)
    routes, table = random_routes(night, seed), desk(night)
    table.market.changed[:] = True
    table.market.terms[BY_LOAD], table.market.terms[BY_WORTH] = by_load, by_worth
    stretch(night, routes, table, excess)
    cap_at_shift(routes, table)
    for route in range(len(routes.route)):
        find_room(night, routes, route)
    insert_greedily(night, routes, table, list_unserved(routes, table), THOROUGH, dice(seed))
    before = served(routes)
    table.is_listed[:] = False
    waiting = trim(night, routes, table, ZERO)
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
    routes, working = empty_routes(night), desk(night)
    working.market.changed[:] = True
    stretch(night, routes, working, 500)
    cap_at_shift(routes, working)
    find_room(night, routes, 0)
    assert insert_greedily(night, routes, working, list_unserved(routes, working), THOROUGH, dice(0)) == 3
    assert trim(night, routes, working, ZERO) == 1
    assert routes.served.route.tolist() == [-1, 0, 0]


@settings(max_examples=300, deadline=None)
@given(nights(), st.integers(0, 999))
def test_exchange_changes_two_routes_and_drops_only_what_it_says(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, 40)
    routes, table = random_routes(night, seed), desk(night)
    before, where = served(routes), routes.served.route.copy()
    waiting = exchange(night, routes, table, seed % len(night.copy), dice(seed))
    assert set(table.absent[:waiting].tolist()) == before - served(routes)
    assert table.market.changed.sum() in (0, 2)
    moved = {copy for copy in served(routes) if routes.served.route[copy] != where[copy]}
    swapped = set(np.flatnonzero(table.market.changed).tolist())
    assert {int(where[copy]) for copy in moved} <= swapped
    assert_sound(problem, night, routes)


def test_two_routes_that_cross_are_uncrossed() -> None:
    far = [[0, 10, 20, 10, 20], [10, 0, 10, 50, 50], [20, 10, 0, 50, 50], [10, 50, 50, 0, 10], [20, 50, 50, 10, 0]]
    tasks = [([(row, row, 5)], {}) for row in (1, 2, 3, 4)]
    night = arrays(hand_made(far, tasks, [{"shift": (0, 200)}, {"shift": (0, 200)}]), 5)
    routes, working = empty_routes(night), desk(night)
    for place, copy in (((0, 1), 0), ((0, 2), 3), ((1, 1), 2), ((1, 2), 1)):
        put(night, routes, place, copy, 0)
    longest = max(routes.route.end_s)
    for seed in range(20):
        if exchange(night, routes, working, 0, dice(seed)) == 0 and max(routes.route.end_s) < longest:
            break
    assert routes.served.route.tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])

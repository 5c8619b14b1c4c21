"""The pool of routes and the choice among them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest

from patrolroute.search.arrays import ProblemArrays, arrays
from patrolroute.search.construction import from_pool
from patrolroute.search.pool import (
    ROWS,
    PooledRoute,
    crew_kinds,
    distinct,
    make_pool,
    pool_add,
    pooled,
    routes_of,
    set_covering,
)
from patrolroute.search.routes import empty_routes, insert
from tests.search.made_up import hand_made, made_up_night
from tests.search.slow import random_routes


def route(crew: int, *visits: int, drive_s: int = 10, share: int = 1000) -> PooledRoute:
    return PooledRoute(crew, visits, (0,) * len(visits), drive_s, share)


def street_of(worths: list[tuple[int, ...]], crews: int, required: tuple[int, ...] = ()):
    """Make a night of tasks at one place, which only counts what is chosen."""
    tasks = [
        ([(0, 0, 10)], {"worth": worth, "required": number in required, "starts": (((0, 1000),),) * len(worth)})
        for number, worth in enumerate(worths)
    ]
    return arrays(hand_made([[0]], tasks, [{"shift": (0, 100)}] * crews), 5)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_added_comes_out_again_the_oldest_first(seed: int) -> None:
    night = arrays(made_up_night(seed, tasks=12, crews=3), 5)
    pool, expected = make_pool(night), []
    for number in range(ROWS + 50):
        routes = random_routes(night, number % 7)
        crew = number % 3
        pool_add(night, routes, pool, crew)
        stop = routes.stop[crew, 1 : routes.route[crew].stops + 1]
        expected.append((crew, tuple(stop.slot.tolist()), tuple(stop.direction.tolist())))
    assert [pooled_route[:3] for pooled_route in pooled(pool)] == expected[-ROWS:]


def test_a_small_pool_forgets_the_oldest_visits_and_never_mixes_routes() -> None:
    night = arrays(made_up_night(1, tasks=12, crews=3), 5)
    full = make_pool(night)
    pool = full._replace(slot=full.slot[:17].copy(), direction=full.direction[:17].copy())
    known = set()
    for number in range(200):
        routes = random_routes(night, number % 7)
        known.update(routes_of(night, routes))
        for crew in range(3):
            pool_add(night, routes, pool, crew)
        assert {driven for driven in pooled(pool) if driven.visits} <= known
    assert list(pooled(pool))


def test_of_equal_routes_by_equal_crews_the_better_one_is_kept() -> None:
    night = street_of([(1,), (1,)], crews=2)
    assert crew_kinds(night) == [0, 0]
    kept = distinct(night, [route(0, 0, 1, drive_s=9), route(1, 1, 0, drive_s=8), route(0, 0), route(1)])
    assert kept == [route(1, 1, 0, drive_s=8), route(0, 0)]


def test_most_points_are_chosen_and_a_visit_in_two_routes_counts_once() -> None:
    night = street_of([(5,), (6,), (7,), (1,)], crews=2)
    best = [route(0, 0), route(1, 1)]
    chosen = set_covering(night, [route(0, 0, 1), route(1, 1, 2), route(0, 2), route(1, 1, 3)], best, share=None)
    assert chosen is not None
    assert {one.visits for one in chosen} in ({(0, 1), (1, 2)}, {(0, 1), (2,)})


def test_a_required_task_counts_more_than_all_points() -> None:
    night = street_of([(500,), (1,), (400,)], crews=1, required=(1,))
    chosen = set_covering(night, [route(0, 0, 2), route(0, 1)], [route(0, 0)], share=None)
    assert chosen == [route(0, 1)]


def test_further_visits_of_a_task_count_less() -> None:
    night = street_of([(10, 2), (5,), (4,)], crews=1)
    offers = [route(0, 0, 1), route(0, 1, 2), route(0, 2, 3)]  # 12, 15 whichever visit of the first comes, 9
    assert set_covering(night, offers, [route(0, 0)], share=None) == [route(0, 1, 2)]
    night = street_of([(10, 2), (5,), (8,)], crews=1)
    offers = [route(0, 0, 1), route(0, 2, 3)]  # 12 and 13, or 20 if the second visit counted like the first
    assert set_covering(night, offers, [route(0, 0)], share=None) == [route(0, 2, 3)]


def test_where_everything_is_served_driving_and_the_longest_route_fall() -> None:
    night = street_of([(1,), (1,), (1,)], crews=2)
    best = [route(0, 0, drive_s=50, share=900_000), route(1, 1, 2, drive_s=60, share=900_000)]
    other = [route(0, 0, 1, drive_s=70, share=500_000), route(1, 2, drive_s=45, share=500_000)]
    assert set_covering(night, [*other, route(0, 2, drive_s=99)], best, share=100) == other
    assert set_covering(night, other[:1], best, share=100) is None


def test_nothing_better_is_none() -> None:
    night = street_of([(1,), (1,)], crews=2)
    assert set_covering(night, [route(0, 1)], [route(0, 0), route(1, 1)], share=None) is None
    assert set_covering(night, [], [route(0, 0)], share=None) is None
    assert set_covering(night, [route(0, 1)], [], share=None) is None


@pytest.mark.parametrize("seed", range(8))
def test_the_choice_is_as_good_as_the_best_of_all_sets(seed: int) -> None:
    problem = made_up_night(seed, tasks=8, crews=2, budget_s=1500)
    night = arrays(problem, 5)
    routes = distinct(night, [one for number in range(12) for one in routes_of(night, random_routes(night, number))])
    best = routes_of(night, random_routes(night, 99))
    chosen = set_covering(night, routes, best, share=None)
    every = [
        union_of(night, pair)
        for size in (1, 2)
        for pair in itertools.combinations([*best, *routes], size)
        if len({one.crew for one in pair}) == size
    ]
    assert union_of(night, best if chosen is None else chosen) == max(every)


def union_of(night: ProblemArrays, routes: Iterable[PooledRoute]) -> tuple[int, int]:
    """Count required tasks served, and points, of all visits in some routes together."""
    visits = sorted({visit for one in routes for visit in one.visits})
    tasks = [int(night.slot[visit].task) for visit in visits]
    served = sum(bool(night.task[task].required) for task in set(tasks))
    firsts = [(task, tasks.count(task)) for task in set(tasks)]
    worth = sum(int(night.slot[night.task[task].first_slot + n].worth) for task, count in firsts for n in range(count))
    return served, worth


def test_routes_are_laid_on_crews_like_the_one_that_drove_them() -> None:
    problem = hand_made([[0]], [([(0, 0, 10)], {}), ([(0, 0, 10)], {})], [{"shift": (0, 10)}] * 2)
    night = arrays(problem, 5)
    laid = from_pool(night, [route(0, 0), route(0, 1)])
    assert sorted(laid.served.route.tolist()) == [0, 1]
    empty = empty_routes(night)
    insert(night, empty, (0, 1), 0, 0)
    assert routes_of(night, empty) == [PooledRoute(0, (0,), (0,), int(empty.route.drive_s[0]), 1_000_000)]

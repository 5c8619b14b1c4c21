"""Pricing: what a place is said to cost is what evaluating before and after says, and no cheaper place is missed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.jit import make_rng
from patrolroute.problem.evaluate import Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import ProblemArrays, arrays
from patrolroute.search.construction import to_solution
from patrolroute.search.insertion import complete
from patrolroute.search.pricing import search_all, search_near
from patrolroute.search.routes import NEVER, Routes, empty_routes, find_room, gain, insert, visits
from patrolroute.search.workspace import make_workspace
from tests.search.made_up import hand_made, nights
from tests.search.priced import FAR, cheapest, opened, try_one
from tests.search.slow import (
    assert_sound,
    crews_of,
    driven_s,
    insertions,
    random_routes,
    size_of,
    unserved_slots,
    visit_of,
)

Prices = dict[tuple[int, int], int]


def priced_slowly(
    problem: Instance, solution: Solution, crew: int, visit: Visit, *, cap: int = FAR, by_cost: bool = False
) -> Prices:
    """Return the price of a visit at each place (counted from 1) and in each way: busy seconds added, or the delay.

    By cost it is what the driving costs more; the seconds of the visit itself do not count.
    """
    before, busy = evaluate(problem, solution).routes[crew], driven_s(problem, solution, crew)
    prices = {}
    for place, way, after in insertions(problem, solution, crew, visit):
        service = problem.way(crew, visit._replace(direction=way))[2]
        times = evaluate(problem, after).routes[crew]
        price = max(driven_s(problem, after, crew) - busy + service, times.end_s - before.end_s)
        if by_cost:
            street = problem.tasks[visit.task].kind == "street"
            price = times.driving_s - before.driving_s - (service if street else 0)
        if times.end_s <= cap:
            prices[place + 1, way] = price
    return prices


def is_shadowed(night: ProblemArrays, routes: Routes, crew: int) -> bool:
    """Whether the same crew, just as idle, is looked at instead."""
    twin = int(night.crew.twin[crew])
    return twin >= 0 and visits(night, routes, crew) == visits(night, routes, twin) == 0


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.sampled_from([FAR, 800, 1200]), st.booleans())
def test_the_priced_place_is_the_cheapest_and_costs_what_it_says(
    problem: Instance, seed: int, cap: int, by_cost: bool
) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=12)
    solution = to_solution(night, routes)
    for slot in unserved_slots(routes)[:6]:
        visit = visit_of(night, slot, 0)
        for crew in crews_of(problem):
            prices = priced_slowly(problem, solution, crew, visit, cap=cap, by_cost=by_cost)
            price, place, way = cheapest(night, routes, slot, crew, cap=cap, by_cost=by_cost)
            if is_shadowed(night, routes, crew):
                assert price == NEVER
                continue
            assert price == min(prices.values(), default=NEVER)
            assert price == NEVER or prices[place, way] == price


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.booleans())
def test_each_single_place_has_its_own_price(problem: Instance, seed: int, by_cost: bool) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=12)
    solution, table = to_solution(night, routes), opened(night, routes, by_cost=by_cost)
    for slot in unserved_slots(routes)[:4]:
        for crew in crews_of(problem):
            prices = priced_slowly(problem, solution, crew, visit_of(night, slot, 0), by_cost=by_cost)
            for place in range(1, size_of(routes, crew) + 2):
                try_one(night, routes, table, slot, (crew, place), make_rng(0))
                here = [price for (where, _), price in prices.items() if where == place]
                if not is_shadowed(night, routes, crew):
                    assert table.place.price[0] == min(here, default=NEVER)
                    assert table.place.route[0] == (crew if here else -1)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_what_is_priced_can_be_put_and_gains_what_it_says(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=12)
    for slot in unserved_slots(routes):
        table, before = opened(night, routes), evaluate(problem, to_solution(night, routes))
        search_all(night, routes, table, 0, slot, make_rng(0))
        route, position, way = (int(table.place[name][0]) for name in ("route", "position", "direction"))
        if route >= 0:
            gained, end = gain(night, routes, slot), int(routes.route.end_s[route])
            assert insert(night, routes, (route, position), slot, way)
            after = assert_sound(problem, night, routes)
            assert after.prize_collected - before.prize_collected == gained
            assert int(routes.route.end_s[route]) - end <= table.place.price[0]


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_twins_are_skipped_only_where_they_change_nothing(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=6)
    solution = to_solution(night, routes)
    for crew, twin in enumerate(night.crew.twin.tolist()):
        if twin >= 0:
            assert (night.allowed[twin, : len(problem.tasks)] == night.allowed[crew, : len(problem.tasks)]).all()
        if is_shadowed(night, routes, crew):
            for slot in unserved_slots(routes)[:6]:
                visit = visit_of(night, slot, 0)
                same = [priced_slowly(problem, solution, one, visit) for one in (crew, twin)]
                assert same[0] == same[1]


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_the_room_of_a_route_is_never_below_what_can_be_added(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=12)
    solution = to_solution(night, routes)
    for crew in crews_of(problem):
        find_room(night, routes, crew)
        for slot in unserved_slots(routes):
            visit = visit_of(night, slot, 0)
            for _, way, _ in insertions(problem, solution, crew, visit):
                kind, task = night.crew.kind[crew], visit.task
                assert night.direction.least_s[kind, task, way] <= routes.route.room_s[crew]


def nearby(problem: Instance, night: ProblemArrays, routes: Routes, slot: int) -> Iterator[tuple[int, int]]:
    """Yield the places beside a slot's nearest tasks, by the depot of idle crews, and of crews to which it is near."""
    task = int(night.slot.task[slot])
    near = set(night.near[task].tolist()) - {-1}
    for crew in crews_of(problem):
        size = size_of(routes, crew)
        if visits(night, routes, crew) == 0 or night.is_by_depot[crew, task]:
            yield from ((crew, 1), (crew, size + 1))
        for position in range(1, size + 1):
            if int(night.slot.task[routes.stop.slot[crew, position]]) in near:
                yield from ((crew, position), (crew, position + 1))


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.integers(1, 6), st.booleans(), st.booleans())
def test_a_search_nearby_finds_the_cheapest_of_the_places_nearby(
    problem: Instance, seed: int, neighbours: int, tied: bool, by_cost: bool
) -> None:  # fmt: skip
    night = arrays(problem, neighbours)
    routes = random_routes(night, seed, tries=12)
    table, one = opened(night, routes, by_cost=by_cost), opened(night, routes, by_cost=by_cost)
    table.changed[::2] = True
    for slot in unserved_slots(routes)[:6]:
        prices = []
        for crew, place in set(nearby(problem, night, routes, slot)):
            try_one(night, routes, one, slot, (crew, place), make_rng(0))
            if one.place.route[0] >= 0 and (table.changed[crew] or not tied):
                prices.append(int(one.place.price[0]))
        search_near(night, routes, table, 0, slot, tied, make_rng(0))
        assert table.place.price[0] == min(prices, default=NEVER)
        assert (table.place.route[0] >= 0) == bool(prices)
        search_all(night, routes, one, 0, slot, make_rng(0))
        assert one.place.price[0] <= table.place.price[0]


@settings(max_examples=200, deadline=None)
@given(nights(plain=True), st.integers(0, 999))
def test_a_search_nearby_finds_all_that_there_is_if_everybody_is_near(problem: Instance, seed: int) -> None:
    night = arrays(problem, len(problem.tasks))
    routes = random_routes(night, seed, tries=12)
    near, everywhere = opened(night, routes), opened(night, routes)
    for slot in unserved_slots(routes):
        search_near(night, routes, near, 0, slot, False, make_rng(0))
        search_all(night, routes, everywhere, 0, slot, make_rng(0))
        assert near.place.price[0] == everywhere.place.price[0]


def test_of_equal_prices_the_first_route_place_and_way_are_taken() -> None:
    problem = hand_made([[0, 5], [5, 0]], [([(0, 1, 9), (1, 0, 9)], {})], [{}, {"shift": (0, 1001)}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    assert [cheapest(night, routes, 0, crew) for crew in (0, 1)] == [(14, 1, 0), (14, 1, 0)]
    complete(night, routes, make_workspace(night), make_rng(0))
    assert to_solution(night, routes) == Solution(((Visit(0),), ()))


def test_the_better_direction_is_chosen_while_pricing() -> None:
    table = [[0, 10, 90], [90, 0, 90], [10, 90, 0]]  # out is quick to 1, home is quick from 2
    problem = hand_made(table, [([(2, 1, 20), (1, 2, 30)], {})], [{}])
    night = arrays(problem, 1)
    assert cheapest(night, empty_routes(night), 0, 0) == (10 + 30 + 10, 1, 1)


def test_waiting_that_a_visit_fills_costs_only_its_driving_and_service() -> None:
    late = {"kind": "hotspot", "starts": (((500, 500),),)}
    problem = hand_made([[0, 5], [5, 0]], [([(0, 0, 50)], late), ([(1, 1, 100)], {})], [{}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    assert cheapest(night, routes, 1, 0) == (110, 1, 0)
    assert cheapest(night, routes, 1, 0, cap=550) == (110, 1, 0)
    assert cheapest(night, routes, 1, 0, cap=549)[0] == NEVER


@pytest.mark.parametrize(("opens", "fits"), [(110, True), (109, False)])
def test_a_visit_before_a_window_fits_to_the_last_second(opens: int, fits: bool) -> None:
    once = {"kind": "hotspot", "starts": (((opens, opens),),)}
    problem = hand_made([[0, 5], [5, 0]], [([(0, 0, 50)], once), ([(1, 1, 100)], {"starts": (((0, 5),),)})], [{}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    assert (cheapest(night, routes, 1, 0)[0] < NEVER) == fits
    assert cheapest(night, routes, 1, 0)[1] == (1 if fits else -1)


@pytest.mark.parametrize(("last", "fits"), [(155, True), (154, False)])
def test_a_visit_after_another_fits_if_its_window_is_still_open(last: int, fits: bool) -> None:
    problem = hand_made([[0, 5], [5, 0]], [([(1, 1, 150)], {}), ([(1, 1, 1)], {"starts": (((100, last),),)})], [{}])
    night = arrays(problem, 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    assert cheapest(night, routes, 1, 0) == (1, 2, 0) if fits else (96, 1, 0)


def test_waiting_that_a_visit_causes_is_part_of_its_price() -> None:
    problem = hand_made([[0]], [([(0, 0, 50)], {"kind": "hotspot", "starts": (((400, 400),),)})], [{}])
    assert cheapest(arrays(problem, 1), empty_routes(arrays(problem, 1)), 0, 0)[0] == 450


def test_a_better_place_is_overlooked_as_often_as_blinks_say() -> None:
    problem = hand_made([[0]], [([(0, 0, 50)], {})], [{}])
    night, rng = arrays(problem, 1), make_rng(3)
    routes = empty_routes(night)
    seen = sum(cheapest(night, routes, 0, 0, blink=300, rng=rng)[0] == 50 for _ in range(2000))
    assert 1300 < seen < 1500  # 1,400 are expected; the bounds are nearly five standard deviations away


def test_a_break_before_the_place_moves_along_or_stays_behind_whatever_is_asked() -> None:
    rest = 60, ((200, 300),)
    problem = hand_made([[0, 50], [50, 0]], [([(1, 1, 100)], {})], [{"break_": rest}])
    night = arrays(problem, 1)
    routes, table = empty_routes(night), opened(night, empty_routes(night))
    assert (size_of(routes, 0), routes.route.break_at[0], routes.route.end_s[0]) == (1, 1, 0)
    try_one(night, routes, table, 0, (0, 1), make_rng(0))  # out 50, serve 150, wait 200, rest 260, home 310
    assert table.place.price[0] == 310
    try_one(night, routes, table, 0, (0, 2), make_rng(0))  # rest 200 to 260 at the depot, out 310, serve 410, home 460
    assert table.place.price[0] == 460


@pytest.mark.parametrize(("closes", "fits"), [(150, True), (149, False)])
def test_a_visit_before_a_break_fits_if_the_break_can_still_begin(closes: int, fits: bool) -> None:
    problem = hand_made(
        [[0, 50], [50, 0]], [([(1, 1, 100)], {})], [{"break_": (60, ((0, closes),)), "shift": (0, 260)}]
    )
    night = arrays(problem, 1)
    routes, table = empty_routes(night), opened(night, empty_routes(night))
    try_one(night, routes, table, 0, (0, 1), make_rng(0))
    assert (table.place.price[0] == 260) == fits


@pytest.mark.parametrize(("capacity", "fits"), [(None, True), (5, True), (4, False), (0, False)])
def test_a_crew_carries_up_to_its_capacity(capacity: int | None, fits: bool) -> None:
    tasks = [([(0, 0, 5)], {"load": 2}), ([(0, 0, 5)], {"load": 3})]
    night = arrays(hand_made([[0]], tasks, [{"capacity": capacity}]), 1)
    routes = empty_routes(night)
    assert insert(night, routes, (0, 1), 0, 0) == (capacity is None or capacity >= 2)
    assert (cheapest(night, routes, 1, 0)[0] < NEVER) == fits
    assert insert(night, routes, (0, 1), 1, 0) == fits


def test_by_cost_the_dear_road_is_avoided_even_where_it_is_quick() -> None:
    table = [[0, 10, 10], [10, 0, 10], [10, 10, 0]]
    costs = [[0, 5, 900], [7, 0, 900], [900, 900, 0]]
    problem = hand_made(table, [([(1, 2, 20), (1, 1, 90)], {})], [{}], costs=costs)
    night = arrays(problem, 1)
    assert cheapest(night, empty_routes(night), 0, 0) == (40, 1, 0)
    assert cheapest(night, empty_routes(night), 0, 0, by_cost=True) == (5 + 7, 1, 1)

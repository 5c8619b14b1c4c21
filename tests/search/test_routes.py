"""Routes in the making: every time kept with them is what going through the route says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.jit import make_rng, randint
from patrolroute.problem.evaluate import earliest_start, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import arrays
from patrolroute.search.construction import to_solution
from patrolroute.search.routes import (
    NEVER,
    NOWHERE,
    Routes,
    adopt,
    earliest,
    empty_routes,
    end_after,
    insert,
    latest,
    longest_share,
    remove,
    update_times,
)
from tests.search.made_up import hand_made, nights
from tests.search.slow import (
    assert_sound,
    assert_sound_but_for_breaks,
    crews_of,
    finish,
    kept,
    random_routes,
    size_of,
    stops_of,
    visit_of,
    wanted_slots,
)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_visits_put_and_taken_back_leave_every_sum_right(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed)
    score = assert_sound(problem, night, routes).score
    assert longest_share(night, routes) == score.longest_route
    for crew in crews_of(problem):
        while size := len(to_solution(night, routes).routes[crew]):
            place = 1 + seed % size
            remove(night, routes, crew, place + (0 < routes.route.break_at[crew] <= place))
            update_times(night, routes, crew)
            assert_sound_but_for_breaks(problem, night, routes)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_a_visit_put_in_by_the_difference_leaves_what_going_through_the_route_says(
    problem: Instance, seed: int
) -> None:
    night = arrays(problem, 5)
    routes, rng = empty_routes(night), make_rng(seed)
    for _ in range(25):
        crew, slot = randint(rng, len(routes.route)), randint(rng, wanted_slots(night))
        place = 1 + randint(rng, size_of(routes, crew) + 1)
        if routes.served.route[slot] != NOWHERE or not night.allowed[crew, night.slot.task[slot]]:
            continue
        fits = insert(
            night, routes, (crew, place), slot, randint(rng, int(night.task.directions[night.slot.task[slot]]))
        )
        assert fits == (evaluate(problem, to_solution(night, routes)).routes[crew].faults == ())
        before = kept(routes, crew)
        assert update_times(night, routes, crew) == fits
        assert kept(routes, crew) == before or not fits
        if not fits:
            remove(night, routes, crew, place)
            update_times(night, routes, crew)
        assert_sound(problem, night, routes)


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_latest_arrivals_are_the_last_from_which_the_rest_fits(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed)
    solution = to_solution(night, routes)
    for crew in crews_of(problem):
        stops = stops_of(problem, solution, crew)
        for place in range(len(stops) + 1):
            bound = int(routes.stop.latest_s[crew, place + 1])
            if solution.routes[crew] or place == len(stops):
                assert finish(problem, crew, stops, place, bound) is not None
                assert finish(problem, crew, stops, place, bound + 1) is None


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999), st.integers(0, 300))
def test_the_end_after_a_delay_is_what_driving_on_says(problem: Instance, seed: int, early: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed)
    solution = to_solution(night, routes)
    for crew in crews_of(problem):
        stops = stops_of(problem, solution, crew)
        for place in range(len(stops) + 1):
            bound = int(routes.stop.latest_s[crew, place + 1])
            for arrival in (bound, bound - early):
                if solution.routes[crew] or place == len(stops):
                    after = finish(problem, crew, stops, place, arrival)
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
def test_earliest_starts_are_those_of_the_evaluator(problem: Instance, ready: int) -> None:
    night = arrays(problem, 5)
    for slot in range(wanted_slots(night)):
        task, number, _ = visit_of(night, slot, 0)
        expected = earliest_start(problem.tasks[task].starts[number], ready)
        assert earliest(night, slot, ready) == (NEVER if expected is None else expected)


def test_a_route_is_refused_one_second_after_its_shift() -> None:
    ways = [(1, 1, 40)]
    for end, fits in ((100, True), (99, False)):
        night = arrays(hand_made([[0, 30], [30, 0]], [(ways, {})], [{"shift": (0, end)}]), 1)
        routes = empty_routes(night)
        assert insert(night, routes, (0, 1), 0, 0) is fits
        assert routes.route.end_s[0] == 100


def test_a_crew_without_a_visit_stays_even_where_it_would_end_elsewhere() -> None:
    night = arrays(hand_made([[0, 30], [30, 0]], [([(1, 1, 40)], {})], [{"end_depot": 1, "shift": (7, 500)}]), 1)
    routes = empty_routes(night)
    assert (routes.route.end_s[0], routes.route.drive_s[0], routes.route.busy_s[0]) == (7, 0, 0)
    insert(night, routes, (0, 1), 0, 0)
    remove(night, routes, 0, 1)
    update_times(night, routes, 0)
    assert (routes.route.end_s[0], routes.route.drive_s[0], routes.route.busy_s[0]) == (7, 0, 0)


def test_a_second_visit_adds_the_second_worth_whichever_slot_it_is_in() -> None:
    twice = {"worth": (10, 4), "slices": ((0, 50), (50, 100)), "starts": (((0, 50),), ((50, 100),)), "required": True}
    night = arrays(hand_made([[0]], [([(0, 0, 5)], twice)], [{}]), 1)
    routes = empty_routes(night)
    assert routes.total.item() == (1, 0)
    insert(night, routes, (0, 1), 1, 0)
    assert routes.total.item() == (0, 10)
    insert(night, routes, (0, 1), 0, 0)
    assert routes.total.item() == (0, 14)
    remove(night, routes, 0, 2)
    assert routes.total.item() == (0, 10)


@pytest.mark.parametrize("seed", range(5))
def test_adopting_the_changed_routes_makes_two_solutions_equal(seed: int) -> None:
    problem = hand_made([[0, 3], [3, 0]], [([(0, 1, 9), (1, 0, 9)], {}) for _ in range(8)], [{}, {}, {}])
    night = arrays(problem, 3)
    one, other = (random_routes(night, number) for number in (seed, seed + 100))
    adopt(night, one, other, np.ones(3, dtype=np.bool_))
    assert to_solution(night, other) == to_solution(night, one)
    assert_sound(problem, night, other)
    remove(night, one, 1, 1)
    update_times(night, one, 1)
    adopt(night, one, other, np.array([False, True, False]))
    assert to_solution(night, other) == to_solution(night, one)
    assert_sound(problem, night, other)


def everything(routes: Routes) -> list[object]:
    """Return all that two solutions must agree in to be one."""
    stops = [kept(routes, crew) for crew in range(len(routes.route))]
    where = [(one.route, one.position if one.route != NOWHERE else None) for one in routes.served]
    return [stops, where, routes.done.tolist(), routes.total.item()]


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_adopting_what_changed_is_as_good_as_a_whole_copy(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    one, other, rng = random_routes(night, seed), random_routes(night, seed + 1000), make_rng(seed)
    adopt(night, one, other, np.ones(len(one.route), dtype=np.bool_))
    assert everything(one) == everything(other)
    changed = np.zeros(len(one.route), dtype=np.bool_)
    for _ in range(8):
        slot, crew = randint(rng, wanted_slots(night)), randint(rng, len(one.route))
        if (here := int(one.served.route[slot])) >= 0:
            remove(night, one, here, int(one.served.position[slot]))
            update_times(night, one, here)
            changed[here] = True
        elif night.allowed[crew, night.slot.task[slot]]:
            insert(night, one, (crew, 1 + randint(rng, size_of(one, crew) + 1)), slot, 0)
            changed[crew] = True
    adopt(night, one, other, changed)
    assert everything(one) == everything(other)


def test_a_crew_with_a_break_and_no_visit_neither_drives_nor_waits() -> None:
    rest = {"break_": (50, ((100, 200),)), "end_depot": 1}
    night = arrays(hand_made([[0, 30], [30, 0]], [([(0, 0, 5)], {})], [rest]), 1)
    routes = empty_routes(night)
    assert (routes.route.end_s[0], routes.route.drive_s[0], routes.route.break_at[0]) == (0, 0, 1)
    assert routes.total.item() == (0, 0)
    assert insert(night, routes, (0, 2), 0, 0)
    assert routes.route.end_s[0] == 100 + 50 + 5 + 30
    assert (routes.route.drive_s[0], routes.route.busy_s[0]) == (5 + 30, 50 + 5 + 30)


@pytest.mark.parametrize(("closes", "fits"), [(70, True), (69, False)])
def test_a_break_lies_where_the_visit_before_it_ends_and_starts_within_its_spans(closes: int, fits: bool) -> None:
    rest = {"break_": (50, ((0, 10), (60, closes)))}
    night = arrays(hand_made([[0, 30], [40, 0]], [([(1, 1, 40)], {})], [rest]), 1)
    routes = empty_routes(night)
    assert insert(night, routes, (0, 1), 0, 0) is fits
    assert routes.route.break_at[0] == 2
    if fits:
        assert routes.stop.leave_s[0, 1:3].tolist() == [70, 120]
        assert (routes.route.end_s[0], routes.stop.into[0, 2], routes.stop.out[0, 2]) == (160, 1, 1)


def test_loads_are_added_and_taken_away() -> None:
    tasks = [([(0, 0, 5)], {"load": load}) for load in (2, 0, 7)]
    night = arrays(hand_made([[0]], tasks, [{"capacity": 8}]), 1)
    routes = empty_routes(night)
    assert [insert(night, routes, (0, 1), slot, 0) for slot in range(3)] == [True, True, False]
    assert routes.route.load[0] == 9
    remove(night, routes, 0, 3)
    assert update_times(night, routes, 0)
    assert routes.route.load[0] == 7


def test_driving_costs_what_the_table_of_costs_says() -> None:
    problem = hand_made([[0, 30], [30, 0]], [([(1, 1, 40)], {}), ([(1, 1, 5)], {"kind": "hotspot"})], [{}],
                        costs=[[0, 7], [100, 1]])  # fmt: skip
    night = arrays(problem, 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    assert (routes.route.drive_s[0], routes.route.busy_s[0]) == (7 + 40 + 100, 100)
    insert(night, routes, (0, 1), 1, 0)
    assert (routes.route.drive_s[0], routes.route.busy_s[0]) == (7 + 1 + 40 + 100, 105)

"""All directions of a route at once: never worse, and as early as any choice of directions can be."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.problem.evaluate import evaluate, route_times
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import arrays
from patrolroute.search.construction import to_solution
from patrolroute.search.directions import make_labels, move_break, set_directions
from patrolroute.search.routes import empty_routes, insert, remove, update_times
from tests.search.made_up import hand_made, nights
from tests.search.slow import assert_sound, random_routes


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_no_choice_of_directions_ends_earlier(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=25)
    solution = to_solution(night, routes)
    for crew, visits in enumerate(solution.routes):
        before = int(routes.route.end_s[crew]), int(routes.route.drive_s[crew])
        is_better = set_directions(night, routes, crew, make_labels(night))
        after = int(routes.route.end_s[crew]), int(routes.route.drive_s[crew])
        assert (after < before) == is_better
        assert after <= before
        assert_sound(problem, night, routes)
        choices = product(*(range(problem.tasks[visit.task].ways) for visit in visits))
        turned = [
            tuple(visit._replace(direction=way) for visit, way in zip(visits, ways, strict=True)) for ways in choices
        ]
        rest = solution.break_before(crew)
        assert after[0] == min(
            times.end_s for route in turned if not (times := route_times(problem, crew, route, rest)).faults
        )


def test_a_street_is_turned_round() -> None:
    table = [[0, 10, 90], [90, 0, 90], [10, 90, 0]]
    night = arrays(hand_made(table, [([(2, 1, 20), (1, 2, 20)], {})], [{}]), 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    assert set_directions(night, routes, 0, make_labels(night))
    assert (routes.stop.direction[0, 1], routes.route.end_s[0]) == (1, 40)
    assert not set_directions(night, routes, 0, make_labels(night))


def test_of_two_equally_early_ways_the_one_with_less_driving_is_taken() -> None:
    table = [[0, 10, 50], [10, 0, 50], [50, 50, 0]]
    wait = {"kind": "hotspot", "starts": (((500, 500),),)}
    night = arrays(hand_made(table, [([(2, 1, 20), (1, 2, 20)], {}), ([(1, 1, 5)], wait)], [{}]), 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 1)
    insert(night, routes, (0, 2), 1, 0)
    assert (routes.route.end_s[0], routes.route.drive_s[0]) == (515, 10 + 20 + 50 + 10)
    assert set_directions(night, routes, 0, make_labels(night))
    assert (routes.route.end_s[0], routes.route.drive_s[0]) == (515, 50 + 20 + 0 + 10)


def test_leaving_early_comes_before_driving_little() -> None:
    table = [[0, 10, 90], [10, 0, 10], [90, 10, 0]]
    late = {"starts": (((500, 500),),)}  # from 1 it is near and slow, from 2 far and quick; either way one waits
    night = arrays(hand_made(table, [([(1, 1, 60), (2, 1, 20)], late), ([(1, 1, 5)], {})], [{}]), 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    insert(night, routes, (0, 2), 1, 0)
    assert (routes.route.end_s[0], routes.route.drive_s[0]) == (575, 10 + 60 + 5 + 10)
    assert set_directions(night, routes, 0, make_labels(night))
    assert (routes.route.end_s[0], routes.route.drive_s[0]) == (535, 90 + 20 + 5 + 10)


def test_an_empty_route_stays_as_it_is() -> None:
    night = arrays(hand_made([[0]], [([(0, 0, 5)], {})], [{}]), 1)
    assert not set_directions(night, empty_routes(night), 0, make_labels(night))


def test_a_street_is_turned_round_across_a_break() -> None:
    table = [[0, 10, 90], [90, 0, 90], [10, 90, 0]]
    rest = {"break_": (30, ((0, 500),))}
    night = arrays(hand_made(table, [([(2, 1, 20), (1, 2, 20)], {})], [rest]), 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 0, 0)
    assert set_directions(night, routes, 0, make_labels(night))
    assert (routes.route.end_s[0], routes.stop.direction[0, 1:3].tolist()) == (10 + 20 + 30 + 10, [1, 0])


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_a_break_is_moved_to_where_the_route_ends_earliest(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=25)
    for crew, visits in enumerate(to_solution(night, routes).routes):
        before = int(routes.route.end_s[crew])
        is_better = move_break(night, routes, crew)
        after = int(routes.route.end_s[crew])
        assert_sound(problem, night, routes)
        assert to_solution(night, routes).routes[crew] == visits
        assert (after < before) == is_better
        if visits and problem.crews[crew].break_:
            ends = [route_times(problem, crew, visits, rest) for rest in range(len(visits) + 1)]
            assert after == min(times.end_s for times in ends if not times.faults)


@settings(max_examples=100, deadline=None)
@given(nights(), st.integers(0, 999))
def test_a_break_that_makes_a_route_too_late_is_moved_to_where_it_fits(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=25)
    solution = to_solution(night, routes)
    for crew, visits in enumerate(solution.routes):
        rest = int(night.crew.break_slot[crew])
        if visits and rest >= 0:
            for place in range(1, len(visits) + 2):
                remove(night, routes, crew, int(routes.route.break_at[crew]))
                update_times(night, routes, crew)
                insert(night, routes, (crew, place), rest, 0)
                move_break(night, routes, crew)
                assert evaluate(problem, to_solution(night, routes)).is_feasible


def test_a_break_fills_the_time_before_a_window_opens() -> None:
    late = {"kind": "hotspot", "starts": (((200, 300),),)}
    rest = {"break_": (100, ((0, 900),))}
    night = arrays(hand_made([[0, 10], [10, 0]], [([(1, 1, 20)], {}), ([(1, 1, 5)], late)], [rest]), 1)
    routes = empty_routes(night)
    insert(night, routes, (0, 1), 1, 0)
    insert(night, routes, (0, 1), 0, 0)
    assert (routes.route.break_at[0], routes.route.end_s[0]) == (3, 200 + 5 + 100 + 10)
    assert move_break(night, routes, 0)
    assert (routes.route.break_at[0], routes.route.end_s[0]) == (1, 200 + 5 + 10)
    assert not move_break(night, routes, 0)

"""All directions of a route at once: never worse, and as early as any choice of directions can be."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.engine.arrays import arrays
from patrolroute.engine.routes import empty_routes, put
from patrolroute.engine.start import to_solution
from patrolroute.engine.turn import labels, turn
from patrolroute.problem.evaluate import route_times
from patrolroute.problem.model import PatrolProblem
from tests.engine.made_up import hand_made, nights
from tests.engine.slow import assert_sound, random_routes


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_no_choice_of_directions_ends_earlier(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, 5)
    routes = random_routes(night, seed, tries=25)
    for crew, visits in enumerate(to_solution(night, routes).routes):
        before = int(routes.end_s[crew]), int(routes.drive_s[crew])
        is_better = turn(night, routes, crew, labels(night))
        after = int(routes.end_s[crew]), int(routes.drive_s[crew])
        assert (after < before) == is_better
        assert after <= before
        assert_sound(problem, night, routes)
        choices = product(*(range(problem.tasks[visit.task].ways) for visit in visits))
        turned = [tuple(visit._replace(way=way) for visit, way in zip(visits, ways, strict=True)) for ways in choices]
        assert after[0] == min(
            times.end_s for route in turned if not (times := route_times(problem, crew, route)).faults
        )


def test_a_street_is_turned_round() -> None:
    table = [[0, 10, 90], [90, 0, 90], [10, 90, 0]]
    night = arrays(hand_made(table, [([(2, 1, 20), (1, 2, 20)], {})], [{}]), 1)
    routes = empty_routes(night)
    put(night, routes, (0, 1), 0, 0)
    assert turn(night, routes, 0, labels(night))
    assert (routes.way[0, 1], routes.end_s[0]) == (1, 40)
    assert not turn(night, routes, 0, labels(night))


def test_of_two_equally_early_ways_the_one_with_less_driving_is_taken() -> None:
    table = [[0, 10, 50], [10, 0, 50], [50, 50, 0]]
    wait = {"kind": "hotspot", "starts": (((500, 500),),)}
    night = arrays(hand_made(table, [([(2, 1, 20), (1, 2, 20)], {}), ([(1, 1, 5)], wait)], [{}]), 1)
    routes = empty_routes(night)
    put(night, routes, (0, 1), 0, 1)
    put(night, routes, (0, 2), 1, 0)
    assert (routes.end_s[0], routes.drive_s[0]) == (515, 10 + 20 + 50 + 10)
    assert turn(night, routes, 0, labels(night))
    assert (routes.end_s[0], routes.drive_s[0]) == (515, 50 + 20 + 0 + 10)


def test_leaving_early_comes_before_driving_little() -> None:
    table = [[0, 10, 90], [10, 0, 10], [90, 10, 0]]
    late = {"starts": (((500, 500),),)}  # from 1 it is near and slow, from 2 far and quick; either way one waits
    night = arrays(hand_made(table, [([(1, 1, 60), (2, 1, 20)], late), ([(1, 1, 5)], {})], [{}]), 1)
    routes = empty_routes(night)
    put(night, routes, (0, 1), 0, 0)
    put(night, routes, (0, 2), 1, 0)
    assert (routes.end_s[0], routes.drive_s[0]) == (575, 10 + 60 + 5 + 10)
    assert turn(night, routes, 0, labels(night))
    assert (routes.end_s[0], routes.drive_s[0]) == (535, 90 + 20 + 5 + 10)


def test_an_empty_route_stays_as_it_is() -> None:
    night = arrays(hand_made([[0]], [([(0, 0, 5)], {})], [{}]), 1)
    assert not turn(night, empty_routes(night), 0, labels(night))

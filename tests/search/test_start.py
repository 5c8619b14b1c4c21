"""Where a search starts: built from nothing, or from a solution that may be broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.problem.evaluate import Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import arrays
from patrolroute.search.construction import construct, fill, find_hopeless, to_solution, warm_start
from tests.search.fits import what_still_fits
from tests.search.made_up import hand_made, made_up_night, nights, with_more_time
from tests.search.slow import assert_sound, crews_of, random_routes, size_of, what_fits_slowly


@settings(max_examples=100, deadline=None)
@given(nights())
def test_what_is_constructed_keeps_the_rules_and_leaves_no_room(problem: Instance) -> None:
    night = arrays(problem, 5)
    routes = construct(night, find_hopeless(night))
    assert_sound(problem, night, routes)
    assert what_still_fits(problem, to_solution(night, routes)) == []


@settings(max_examples=100, deadline=None)
@given(nights(), st.integers(0, 999))
def test_a_feasible_start_is_kept_and_never_worse(problem: Instance, seed: int) -> None:
    night = arrays(problem, 5)
    start = to_solution(night, random_routes(night, seed))
    filled = fill(problem, start)
    assert evaluate(problem, filled).is_feasible
    assert evaluate(problem, filled).score <= evaluate(problem, start).score
    assert what_fits_slowly(problem, filled) == set()
    for crew, (before, after) in enumerate(zip(start.routes, filled.routes, strict=True)):
        assert [visit for visit in after if visit in before] == list(before)
        if before and problem.crews[crew].break_:
            assert filled.break_before(crew) is not None


@settings(max_examples=100, deadline=None)
@given(nights(), st.integers(0, 999))
def test_a_warm_start_loses_no_visit_of_a_feasible_solution_whatever_becomes_of_its_breaks(
    problem: Instance, seed: int
) -> None:
    night = arrays(problem, 5)
    start = to_solution(night, random_routes(night, seed))
    kept = evaluate(problem, start)
    assert kept.is_feasible
    untold = Solution(start.routes)
    for solution in (start, untold):
        routes = warm_start(night, solution)
        assert_sound(problem, night, routes)
        for before, after in zip(start.routes, to_solution(night, routes).routes, strict=True):
            assert [visit for visit in after if visit in before] == list(before)


@settings(max_examples=60, deadline=None)
@given(nights(), st.sampled_from([1, 60, 900]))
def test_more_time_for_the_same_tasks_is_never_worse_from_the_same_start(problem: Instance, more_s: int) -> None:
    night = arrays(problem, 5)
    before = to_solution(night, construct(night, find_hopeless(night)))
    longer = with_more_time(problem, more_s)
    after = fill(longer, before)
    assert evaluate(longer, after).score[:2] <= evaluate(problem, before).score[:2]


@st.composite
def wild_solutions(draw: st.DrawFn, problem: Instance) -> Solution:
    """Draw visits and breaks with numbers that may not exist, too many, in any order, for too few or too many crews."""
    number = st.integers(-3, 20)
    visits = st.lists(st.builds(Visit, number, st.integers(-2, 4), st.integers(-2, 3)), max_size=12)
    crews = len(crews_of(problem))
    routes = tuple(tuple(draw(visits)) for _ in range(draw(st.integers(0, crews + 1))))
    return Solution(routes, tuple(draw(st.lists(st.none() | st.integers(0, 20), max_size=crews + 1))))


@settings(max_examples=150, deadline=None)
@given(st.data(), nights())
def test_a_broken_start_is_repaired(data: st.DataObject, problem: Instance) -> None:
    night = arrays(problem, 5)
    routes = warm_start(night, data.draw(wild_solutions(problem)))
    assert_sound(problem, night, routes)
    assert what_still_fits(problem, to_solution(night, routes)) == []


def test_only_what_breaks_a_rule_is_dropped() -> None:
    late = {"kind": "hotspot", "starts": (((0, 10),),)}
    problem = hand_made(
        [[0, 5], [5, 0]], [([(1, 1, 20)], {}), ([(0, 0, 5)], late), ([(1, 1, 20)], {})], [{}], [[True, True, False]]
    )
    start = Solution(((Visit(0), Visit(1), Visit(0), Visit(2), Visit(7)),))
    night = arrays(problem, 5)
    assert to_solution(night, warm_start(night, start)).routes == ((Visit(1), Visit(0)),)  # the late one fits first


def test_a_visit_counts_for_the_crew_that_is_named_first() -> None:
    problem = hand_made([[0]], [([(0, 0, 5)], {})], [{}, {}])
    assert fill(problem, Solution(((Visit(0),), (Visit(0),)))).routes == ((Visit(0),), ())


@pytest.mark.parametrize("seed", range(3))
def test_equal_crews_share_what_fits_evenly(seed: int) -> None:
    problem = made_up_night(seed, tasks=40, crews=4, budget_s=30_000, plain=True)
    night = arrays(problem, 10)
    routes = construct(night, find_hopeless(night))
    assert (routes.served.route >= 0).all()
    assert min(size_of(routes, crew) for crew in range(4)) > 0
    assert routes.route.end_s.max() < 2 * routes.route.end_s.min()


def test_what_cannot_be_reached_does_not_keep_the_rest_from_being_balanced() -> None:
    far = 2**29
    table = [[0, 10, far], [10, 0, far], [far, far, 0]]
    tasks = [([(1, 1, 100)], {}) for _ in range(8)] + [([(2, 2, 100)], {"required": True})]
    night = arrays(hand_made(table, tasks, [{"shift": (0, 2000)}] * 4), 5)
    routes = construct(night, find_hopeless(night))
    assert [size_of(routes, crew) for crew in range(4)] == [2, 2, 2, 2]


@pytest.mark.parametrize("rest", [0, 1, 2, None, 9])
def test_a_break_is_where_it_stood_or_where_it_fits(rest: int | None) -> None:
    early = {"kind": "hotspot", "starts": (((0, 20),),)}
    tasks = [([(0, 0, 10)], early), ([(0, 0, 10)], {})]
    problem = hand_made([[0]], tasks, [{"break_": (50, ((0, 500),))}])
    filled = fill(problem, Solution(((Visit(0), Visit(1)),), (rest,)))
    assert filled.routes == ((Visit(0), Visit(1)),)
    assert evaluate(problem, filled).is_feasible
    assert filled.break_before(0) in {1, 2}


def test_a_crew_without_a_visit_is_given_no_break() -> None:
    rest = {"break_": (50, ((0, 500),))}
    problem = hand_made([[0]], [([(0, 0, 10)], {}), ([(0, 0, 10)], {})], [rest, rest], [[False] * 2, [True] * 2])
    night = arrays(problem, 1)
    solution = to_solution(night, construct(night, find_hopeless(night)))
    assert [len(route) for route in solution.routes] == [0, 2]
    assert solution.breaks[0] is None
    assert solution.breaks[1] is not None
    assert evaluate(problem, solution).is_feasible


def test_a_break_is_laid_once_when_everything_is_constructed() -> None:
    rest = {"break_": (50, ((0, 500),)), "shift": (0, 2000)}
    night = arrays(hand_made([[0, 5], [5, 0]], [([(1, 1, 10)], {}) for _ in range(4)], [rest, rest]), 4)
    routes = construct(night, find_hopeless(night))
    assert [size_of(routes, crew) for crew in range(2)] == [3, 3]
    assert (routes.done == 1).all()


def test_too_heavy_a_start_drops_what_cannot_be_carried() -> None:
    tasks = [([(0, 0, 10)], {"load": load}) for load in (3, 3, 2)]
    problem = hand_made([[0]], tasks, [{"capacity": 5}])
    assert fill(problem, Solution(((Visit(0), Visit(1), Visit(2)),))).routes == ((Visit(0), Visit(2)),)

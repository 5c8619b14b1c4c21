"""Where a search starts: built from nothing, or from a solution that may be broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.engine.arrays import arrays
from patrolroute.engine.fill import fill
from patrolroute.engine.start import construct, find_hopeless, to_solution, warm
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.fits import what_still_fits
from tests.engine.made_up import hand_made, made_up_night, nights, with_more_time
from tests.engine.slow import assert_sound, crews_of, random_routes, what_fits_slowly


@settings(max_examples=100, deadline=None)
@given(nights())
def test_what_is_constructed_keeps_the_rules_and_leaves_no_room(problem: PatrolProblem) -> None:
    night = arrays(problem, 5)
    routes = construct(night, find_hopeless(night))
    assert_sound(problem, night, routes)
    assert what_still_fits(problem, to_solution(night, routes)) == []


@settings(max_examples=100, deadline=None)
@given(nights(), st.integers(0, 999))
def test_a_feasible_start_is_kept_and_never_worse(problem: PatrolProblem, seed: int) -> None:
    night = arrays(problem, 5)
    start = to_solution(night, random_routes(night, seed))
    filled = fill(problem, start)
    assert evaluate(problem, filled).is_feasible
    assert evaluate(problem, filled).score <= evaluate(problem, start).score
    assert what_fits_slowly(problem, filled) == set()
    for before, after in zip(start.routes, filled.routes, strict=True):
        assert [visit for visit in after if visit in before] == list(before)


@settings(max_examples=60, deadline=None)
@given(nights(), st.sampled_from([1, 60, 900]))
def test_more_time_for_the_same_tasks_is_never_worse_from_the_same_start(problem: PatrolProblem, more_s: int) -> None:
    night = arrays(problem, 5)
    before = to_solution(night, construct(night, find_hopeless(night)))
    longer = with_more_time(problem, more_s)
    after = fill(longer, before)
    assert evaluate(longer, after).score[:2] <= evaluate(problem, before).score[:2]


@st.composite
def wild_solutions(draw: st.DrawFn, problem: PatrolProblem) -> Solution:
    """Draw visits with numbers that may not exist, too many, in any order, for too few or too many crews."""
    number = st.integers(-3, 20)
    visits = st.lists(st.builds(Visit, number, st.integers(-2, 4), st.integers(-2, 3)), max_size=12)
    crews = len(crews_of(problem))
    return Solution(tuple(tuple(draw(visits)) for _ in range(draw(st.integers(0, crews + 1)))))


@settings(max_examples=150, deadline=None)
@given(st.data(), nights())
def test_a_broken_start_is_repaired(data: st.DataObject, problem: PatrolProblem) -> None:
    night = arrays(problem, 5)
    routes = warm(night, data.draw(wild_solutions(problem)))
    assert_sound(problem, night, routes)
    assert what_still_fits(problem, to_solution(night, routes)) == []


def test_only_what_breaks_a_rule_is_dropped() -> None:
    late = {"kind": "hotspot", "starts": (((0, 10),),)}
    problem = hand_made(
        [[0, 5], [5, 0]], [([(1, 1, 20)], {}), ([(0, 0, 5)], late), ([(1, 1, 20)], {})], [{}], [[True, True, False]]
    )
    start = Solution(((Visit(0), Visit(1), Visit(0), Visit(2), Visit(7)),))
    night = arrays(problem, 5)
    assert to_solution(night, warm(night, start)).routes == ((Visit(1), Visit(0)),)  # the late one fits first


def test_a_visit_counts_for_the_crew_that_is_named_first() -> None:
    problem = hand_made([[0]], [([(0, 0, 5)], {})], [{}, {}])
    assert fill(problem, Solution(((Visit(0),), (Visit(0),)))).routes == ((Visit(0),), ())


@pytest.mark.parametrize("seed", range(3))
def test_equal_crews_share_what_fits_evenly(seed: int) -> None:
    problem = made_up_night(seed, tasks=40, crews=4, budget_s=30_000, plain=True)
    night = arrays(problem, 10)
    routes = construct(night, find_hopeless(night))
    assert (routes.route_of >= 0).all()
    assert routes.size.min() > 0
    assert routes.end_s.max() < 2 * routes.end_s.min()


def test_what_cannot_be_reached_does_not_keep_the_rest_from_being_balanced() -> None:
    far = 2**29
    table = [[0, 10, far], [10, 0, far], [far, far, 0]]
    tasks = [([(1, 1, 100)], {}) for _ in range(8)] + [([(2, 2, 100)], {"required": True})]
    night = arrays(hand_made(table, tasks, [{"shift": (0, 2000)}] * 4), 5)
    routes = construct(night, find_hopeless(night))
    assert sorted(routes.size) == [2, 2, 2, 2]

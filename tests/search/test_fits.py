"""The independent check of what still fits agrees with trying everything."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.problem.instance import Instance
from patrolroute.search.arrays import arrays
from patrolroute.search.construction import to_solution
from tests.search.fits import Fit, what_still_fits
from tests.search.made_up import hand_made, nights
from tests.search.slow import random_routes, what_fits_slowly


@settings(max_examples=200, deadline=None)
@given(nights(), st.integers(0, 999))
def test_what_still_fits_is_what_trying_everything_finds(problem: Instance, seed: int) -> None:
    solution = to_solution(arrays(problem, 5), random_routes(arrays(problem, 5), seed, tries=10))
    fits = what_still_fits(problem, solution)
    assert len(set(fits)) == len(fits)
    assert {tuple(fit) for fit in fits} == what_fits_slowly(problem, solution)


def test_a_visit_fits_to_the_last_second_and_no_later() -> None:
    way = (1, 1, 30)
    spot = {"kind": "hotspot", "starts": (((35, 35),),)}
    just = hand_made([[0, 35], [35, 0]], [([way], spot)], [{"shift": (0, 100)}])
    assert what_still_fits(just, Solution.empty(1)) == [Fit(0, 0, Visit(0))]
    late = hand_made([[0, 36], [35, 0]], [([way], spot)], [{"shift": (0, 101)}])
    assert what_still_fits(late, Solution.empty(1)) == []
    long = hand_made([[0, 35], [36, 0]], [([way], spot)], [{"shift": (0, 100)}])
    assert what_still_fits(long, Solution.empty(1)) == []

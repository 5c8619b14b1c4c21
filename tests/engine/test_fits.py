"""The checker of what still fits agrees with trying every place by the slow evaluation."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.fits import Place, random_solution, what_still_fits, with_visit
from tests.engine.made_up import made_up_night

PICKS = st.lists(st.tuples(*[st.integers(0, 40)] * 5), max_size=15)


def by_trying(problem: PatrolProblem, solution: Solution) -> list[Place]:
    found = []
    served = {(visit.task, visit.slot) for visit in solution.visits()}
    for crew, route in enumerate(solution.routes):
        for number, task in enumerate(problem.tasks):
            for slot in set(range(task.visits_wanted)) - {slot for one, slot in served if one == number}:
                for position in range(len(route) + 1):
                    for way in range(task.ways):
                        longer = with_visit(solution, crew, position, Visit(number, slot, way))
                        if evaluate(problem, longer).is_feasible:
                            found.append((crew, number, slot, position, way))
    return sorted(found)


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), plain=st.booleans(), budget_s=st.sampled_from([500, 1500, 4000]), picks=PICKS)
def test_what_fits_is_what_may_be_inserted(
    seed: int, plain: bool, budget_s: int, picks: list[tuple[int, int, int, int, int]]
) -> None:
    problem = made_up_night(seed, tasks=7, crews=2, budget_s=budget_s, plain=plain)
    solution = random_solution(problem, picks)
    assert sorted(what_still_fits(problem, solution)) == by_trying(problem, solution)


def test_much_fits_into_an_empty_night_and_some_of_it_in_both_directions() -> None:
    problem = made_up_night(1, tasks=7, crews=2, budget_s=4000)
    found = what_still_fits(problem, Solution.empty(2))
    assert {crew for crew, *_ in found} == {0, 1}
    assert {way for *_, way in found} == {0, 1}

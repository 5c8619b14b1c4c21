"""Whatever the night, the search's answer is feasible, priced right, and nothing more fits into it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.engine.engine import Engine
from patrolroute.engine.fill import fill
from patrolroute.engine.params import SearchParams
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution, Visit
from tests.engine.fits import random_solution, what_still_fits
from tests.engine.made_up import made_up_night

NIGHTS = st.builds(
    made_up_night,
    st.integers(0, 10_000),
    tasks=st.integers(1, 30),
    crews=st.integers(1, 4),
    budget_s=st.sampled_from([120, 700, 1500, 6000]),
    plain=st.booleans(),
    spots=st.sampled_from([0.0, 0.3, 1.0]),
)
PARAMS = st.sampled_from(
    [
        {},
        {"first_cycle": 20, "threshold": 5_000},
        {"blink": 900, "greedy": 0},
        {"neighbours": 1, "invitations": 0, "greedy": 1000},
        {"mean_removed": 100, "longest_string": 100},
    ]
)


def check(problem: PatrolProblem, engine: Engine) -> None:
    """Compare an engine's best with the slow evaluation and the independent search for what still fits."""
    solution = engine.best
    evaluation = evaluate(problem, solution)
    assert evaluation.faults == ()
    assert evaluation.score == engine.score
    assert max(Counter((visit.task, visit.slot) for visit in solution.visits()).values(), default=1) == 1
    for crew, times in enumerate(evaluation.routes):
        assert times.end_s <= problem.shift_s(crew)[1]
    assert what_still_fits(problem, solution) == []


@settings(max_examples=80)
@given(problem=NIGHTS, settings_given=PARAMS, work=st.integers(0, 300))
def test_the_best_is_feasible_priced_right_and_nothing_more_fits(
    problem: PatrolProblem, settings_given: dict[str, Any], work: int
) -> None:
    engine = Engine(problem, seed=3, start=None, params=SearchParams(**settings_given))
    engine.run(work)
    assert engine.work == work
    check(problem, engine)


@settings(max_examples=30)
@given(problem=NIGHTS)
def test_the_score_never_becomes_worse(problem: PatrolProblem) -> None:
    engine = Engine(problem, seed=5, start=None, params=SearchParams(first_cycle=50))
    seen = [engine.score]
    for _ in range(20):
        engine.run(20)
        seen.append(engine.score)
    assert seen == sorted(seen, reverse=True)
    check(problem, engine)


@settings(max_examples=40)
@given(problem=NIGHTS, picks=st.lists(st.tuples(*[st.integers(0, 40)] * 5), max_size=15))
def test_filling_leaves_no_place_for_any_visit_and_never_makes_a_solution_worse(
    problem: PatrolProblem, picks: list[tuple[int, int, int, int, int]]
) -> None:
    given_solution = random_solution(problem, picks)
    full = fill(problem, given_solution)
    assert set(given_solution.visits()) <= set(full.visits())
    assert evaluate(problem, full).is_feasible
    assert what_still_fits(problem, full) == []
    before, after = evaluate(problem, given_solution).score, evaluate(problem, full).score
    assert after[:2] <= before[:2]


@pytest.mark.parametrize("budget_s", [900, 1600, 4000])
@pytest.mark.parametrize("seed", range(4))
def test_a_search_finds_the_optimum_of_a_night_small_enough_to_try_everything(seed: int, budget_s: int) -> None:
    problem = made_up_night(seed, tasks=5, crews=1, budget_s=budget_s, plain=True)
    engine = Engine(problem, seed=0, start=None, params=SearchParams())
    engine.run(500)
    assert engine.score == _best_of_all(problem, Solution.empty(1))


def _best_of_all(problem: PatrolProblem, solution: Solution) -> tuple[int, ...]:
    """Try every order of visits in every direction."""
    evaluation = evaluate(problem, solution)
    if not evaluation.is_feasible:
        return (len(problem.tasks) + 1,)
    best: tuple[int, ...] = evaluation.score
    for task in set(range(len(problem.tasks))) - {visit.task for visit in solution.visits()}:
        for way in range(problem.tasks[task].ways):
            longer = Solution(((*solution.routes[0], Visit(task, 0, way)),))
            best = min(best, _best_of_all(problem, longer))
    return best

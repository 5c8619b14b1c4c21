"""What limits, callbacks and starts promise, whatever the goal."""

from __future__ import annotations

import math
import pickle
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import unexplained
from patrolroute.plan.seen import presence_score
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from patrolroute.search.stopping import Progress, Stopwatch
from tests.search.grid import crew, market, streets, town


def evening(*crews: Any, **wishes: Any) -> PatrolProblem:
    network = town(5)
    spots = [market(network, 1, 310, 200, dwell_s=300, windows=("20:05-20:45",))]
    return PatrolProblem(network, [*streets(network, **wishes), *spots], crews or [crew("P1"), crew("P2", (600, 600))])


def short_of_time() -> PatrolProblem:
    return evening(crew("P1", end="20:20"), visits=3, headway_s=120)


def levels_of(problem: PatrolProblem, result: Any) -> Any:
    return presence_score(unexplained(problem, result.solution, settings={"goal": "presence"}))


def test_progress_never_goes_back_and_names_its_phase() -> None:
    told = list[Progress]()
    result = solve(evening(), goal="presence", work_limit=1500, callback=told.append)
    phases = [progress.phase for progress in told]
    assert list(dict.fromkeys(phases)) == ["points", "tours", "presence"]
    assert all(first.work <= later.work and first.seconds <= later.seconds for first, later in pairwise(told))
    assert {progress.seen is None for progress in told if progress.phase == "presence"} == {False}
    assert told[-1].work <= result.work == told[-1].work
    assert result.seconds >= told[-1].seconds


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_a_time_limit_holds_for_all_of_it(goal: Any) -> None:
    problem = evening()
    solve(problem, goal=goal, work_limit=500)  # compiled
    began = time.perf_counter()
    result = solve(problem, goal=goal, time_limit=2)
    taken = time.perf_counter() - began
    assert result.stopped_by == "time_limit"
    assert result.seconds == pytest.approx(taken, abs=0.3)
    assert taken < 4  # two seconds, on a computer with much else to do


def test_a_stopwatch_leaves_out_what_it_does_not_see() -> None:
    watch = Stopwatch()
    with watch.stopped():
        time.sleep(0.2)
    assert watch.seconds < 0.15
    watch.leave_out(-5)
    assert 5 <= watch.seconds < 5.15
    assert watch.left(6.0) == pytest.approx(1, abs=0.2)
    assert (watch.left(None), watch.left(2.0)) == (None, 0.0)


def test_reasons_are_worked_out_when_somebody_asks() -> None:
    plan = solve(short_of_time(), goal="points", work_limit=50).plan
    assert {task.left_out for task in plan.tasks} == {None}
    asked = plan.left_out
    assert len(asked) > 10
    assert None not in {task.left_out for task in asked}
    assert plan.explained.explained is plan.explained
    assert plan.audit() == ()
    again: PatrolPlan = pickle.loads(pickle.dumps(plan))  # noqa: S301 - our own
    assert again.left_out == asked


@pytest.mark.parametrize("work", [0, 60, 600])
def test_a_start_that_is_seen_is_never_worsened(work: int) -> None:
    problem = evening()
    first = solve(problem, goal="presence", work_limit=1000)
    again = solve(problem, goal="presence", work_limit=work, start=first.solution)
    assert levels_of(problem, again) <= levels_of(problem, first) == first.presence


def test_the_score_is_that_of_the_solution() -> None:
    problem = evening()
    result = solve(problem, goal="presence", work_limit=300)
    assert result.score == evaluate(problem, result.solution).score


def test_numbers_of_numpy_and_endless_limits_are_numbers() -> None:
    problem = evening()
    plain = solve(problem, goal="presence", work_limit=300, seed=5).solution
    assert solve(problem, goal="presence", work_limit=300, seed=np.int64(5), time_limit=math.inf).solution == plain  # type: ignore[arg-type]
    crews = [crew("P1", range_km=60)]
    assert PatrolProblem(problem.network, problem.demand, crews).crews[0].range_km == 60.0
    assert isinstance(crews[0].range_km, float)


@pytest.mark.parametrize("goal", ["points", "presence", "auto"])
def test_without_any_time_there_is_a_plan_all_the_same(goal: Any) -> None:
    result = solve(evening(), goal=goal, time_limit=0)
    assert result.stopped_by == "time_limit"
    assert result.plan.audit() == ()
    assert any(route.legs for route in result.plan.routes)

"""When a search ends, and what it says about it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from patrolroute.engine.engine import Engine
from patrolroute.engine.params import SearchParams
from patrolroute.engine.solve import default_work, solve
from patrolroute.engine.stop import Progress
from patrolroute.errors import ProblemError
from patrolroute.night.load import night_from
from patrolroute.night.run import NightRun
from patrolroute.problem.model import PatrolProblem
from tests.night.nights import small_night

ROOT = Path(__file__).resolve().parents[2]

LONG_SOLVE = """
from pathlib import Path
from patrolroute.engine.solve import solve
from patrolroute.night.load import night_from
from patrolroute.night.run import NightRun
from tests.night.nights import small_night

def tell(progress):
    if progress.work:
        print("searching", flush=True)

result = solve(NightRun(night_from(small_night()), Path()).problem(), time_limit=100, callback=tell)
print(result.stopped_by, result.work > 0, result.seconds < 100, len(result.plan.audit()), len(result.plan.routes))
"""


@pytest.fixture(scope="module")
def problem() -> PatrolProblem:
    return NightRun(night_from(small_night()), Path()).problem()


@pytest.mark.parametrize("work", [0, 1, 15, 16, 17, 400])
def test_a_work_limit_is_met_exactly(problem: PatrolProblem, work: int) -> None:
    result = solve(problem, work_limit=work)
    assert (result.work, result.stopped_by, result.plan.work) == (work, "work_limit", work)


def test_a_time_limit_stops_soon_after_it(problem: PatrolProblem) -> None:
    result = solve(problem, time_limit=0.4)
    assert result.stopped_by == "time_limit"
    assert 0.4 <= result.seconds < 1.5
    assert result.work > 0


def test_no_time_at_all_gives_the_constructed_plan(problem: PatrolProblem) -> None:
    result = solve(problem, time_limit=0)
    assert (result.work, result.stopped_by) == (0, "time_limit")
    assert result.solution == Engine(problem, seed=0, start=None, params=SearchParams()).best
    assert result.plan.audit() == ()


@pytest.mark.parametrize("patience", [1, 40])
def test_the_search_ends_a_number_of_iterations_after_the_last_improvement(
    problem: PatrolProblem, patience: int
) -> None:
    result = solve(problem, no_improvement=patience, seed=2)
    assert result.stopped_by == "no_improvement"
    assert result.work == result.trace[-1].work + patience


def test_a_callback_sees_the_progress_and_stops_by_returning_true(problem: PatrolProblem) -> None:
    seen: list[Progress] = []

    def enough(progress: Progress) -> bool:
        seen.append(progress)
        return progress.work >= 100

    result = solve(problem, callback=enough)
    assert result.stopped_by == "callback"
    assert [one.work for one in seen] == sorted({one.work for one in seen})
    assert (seen[0].work, seen[-1].work, seen[-1].score) == (0, result.work, result.score)
    assert [one.score for one in seen] == sorted((one.score for one in seen), reverse=True)


def test_only_true_stops_not_whatever_a_callback_happens_to_return(problem: PatrolProblem) -> None:
    assert solve(problem, work_limit=60, callback=lambda progress: progress.work + 1).stopped_by == "work_limit"


def test_ctrl_c_in_a_callback_gives_the_best_so_far(problem: PatrolProblem) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.work >= 100:
            raise KeyboardInterrupt

    result = solve(problem, callback=interrupt)
    assert result.stopped_by == "interrupted"
    assert result.work >= 100
    assert result.solution == solve(problem, work_limit=result.work).solution
    assert result.plan.audit() == ()


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        ({"work_limit": 30, "time_limit": 100, "no_improvement": 10**9}, "work_limit"),
        ({"work_limit": 10**9, "time_limit": 100, "no_improvement": 1}, "no_improvement"),
        ({"work_limit": 10**9, "time_limit": 0.2, "no_improvement": 10**9}, "time_limit"),
        ({"work_limit": 10**9, "time_limit": 100, "callback": lambda progress: progress.work > 0}, "callback"),
        ({"work_limit": 0, "time_limit": 0, "callback": lambda _: True}, "work_limit"),
    ],
)
def test_the_first_limit_that_is_reached_stops_the_search(
    problem: PatrolProblem, limits: dict[str, Any], word: str
) -> None:
    assert solve(problem, **limits).stopped_by == word


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"time_limit": -0.1}, "solve: time_limit -0.1 is not at least 0"),
        ({"time_limit": float("nan")}, "solve: time_limit nan is not at least 0"),
        ({"time_limit": "20"}, "solve: time_limit '20' is not a number"),
        ({"work_limit": -1}, "solve: work_limit -1 is not at least 0"),
        ({"work_limit": 1.5}, "solve: work_limit 1.5 is not a whole number"),
        ({"work_limit": True}, "solve: work_limit True is not a whole number"),
        ({"no_improvement": 0}, "solve: no_improvement 0 is not at least 1"),
    ],
)
def test_a_limit_that_is_no_number_or_too_small_is_refused(
    problem: PatrolProblem, limits: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        solve(problem, **limits)
    assert caught.value.complaints == (sentence,)


def test_all_bad_limits_are_told_together(problem: PatrolProblem) -> None:
    with pytest.raises(ProblemError) as caught:
        solve(problem, time_limit=-1, work_limit=-1, no_improvement=-1)
    assert len(caught.value.complaints) == 3


def test_without_any_limit_the_work_grows_with_the_wanted_visits(problem: PatrolProblem) -> None:
    assert default_work(problem) == 20_000 + 20 * 2 * len(problem.tasks)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_on_the_terminal_gives_the_best_so_far() -> None:
    child = subprocess.Popen([sys.executable, "-c", LONG_SOLVE], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "searching\n"
        child.send_signal(signal.SIGINT)
        last = child.stdout.read().splitlines()[-1]
    assert child.returncode == 0
    assert last == "interrupted True True 0 3"

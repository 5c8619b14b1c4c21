"""`solve` from door to door: what stops it, what it gives back, and what comes from a start."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import Goal
from patrolroute.demand.hours import ClockWindow
from patrolroute.problem.crew import Break
from patrolroute.problem.evaluate import AT_HOME, SHARE_UNIT, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from patrolroute.search.construction import fill
from patrolroute.search.params import SearchParams
from patrolroute.search.points import default_work
from patrolroute.search.solve import Result, solve
from tests.plan.hand_made import at
from tests.problem.nights import crew, market, night, street
from tests.search.fits import what_still_fits
from tests.search.grid import crew as crew_of_town
from tests.search.grid import small_problem, streets, town

PROBLEM = small_problem()
ROOT = Path(__file__).resolve().parents[2]


def assert_whole(result: Result) -> None:
    """Check that plan, solution and score say the same, nothing is broken, and nothing more fits."""
    evaluation = evaluate(PROBLEM, result.solution)
    assert evaluation.is_feasible
    assert evaluation.score == result.score == result.plan.objective.levels
    assert result.plan.work == result.work
    assert {violation.rule for violation in audit(result.plan)} <= {"required_served"}
    assert what_still_fits(PROBLEM.instance, result.solution) == []
    assert result.trace[-1].score == result.score
    scores = [improvement.score for improvement in result.trace]
    assert scores == sorted(set(scores), reverse=True)


@pytest.mark.parametrize("work", [0, 1, 15, 16, 17, 1000])
def test_a_work_limit_is_met_exactly(work: int) -> None:
    result = solve(PROBLEM, work_limit=work, goal="points")
    assert (result.work, result.stopped_by) == (work, "work_limit")
    assert_whole(result)


def test_no_time_gives_the_constructed_plan() -> None:
    result = solve(PROBLEM, time_limit=0, goal="points")
    assert (result.work, result.stopped_by) == (0, "time_limit")
    assert result.solution == solve(PROBLEM, work_limit=0, seed=7, goal="points").solution
    assert_whole(result)


def test_a_time_limit_stops_soon_after_it() -> None:
    began = time.perf_counter()
    result = solve(PROBLEM, time_limit=0.5, goal="points")
    assert result.stopped_by == "time_limit"
    assert 0.5 <= result.seconds <= time.perf_counter() - began
    assert result.seconds < 1.5  # a slice more at most, and patience for a busy machine
    assert result.work > 0
    assert_whole(result)


@pytest.mark.parametrize("patience", [1, 20, 200])
def test_the_search_stops_when_nothing_became_better_for_so_long(patience: int) -> None:
    result = solve(PROBLEM, no_improvement=patience, goal="points")
    assert result.stopped_by == "no_improvement"
    assert result.work == result.trace[-1].work + patience
    assert_whole(result)
    assert solve(PROBLEM, no_improvement=patience, goal="points").solution == result.solution


def test_a_callback_sees_the_progress_and_stops_the_search() -> None:
    seen: list[Any] = []

    def look(progress: Any) -> bool:
        seen.append(progress)
        return len(seen) == 4

    result = solve(PROBLEM, callback=look, work_limit=10**9, goal="points")
    assert (result.stopped_by, result.work) == ("callback", seen[-1].work)
    assert [one.work for one in seen] == sorted({one.work for one in seen})
    assert seen[0].work == 0
    assert result.score == seen[-1].score
    assert_whole(result)


def test_whichever_rule_comes_first_stops_the_search() -> None:
    limits: dict[str, Any] = {"time_limit": 60, "work_limit": 300, "no_improvement": 10**6}
    assert solve(PROBLEM, **limits, goal="points").stopped_by == "work_limit"
    assert solve(PROBLEM, **limits | {"time_limit": 0}, goal="points").stopped_by == "time_limit"
    assert solve(PROBLEM, **limits | {"no_improvement": 1}, goal="points").stopped_by == "no_improvement"
    assert solve(PROBLEM, **limits, callback=lambda _: True, goal="points").stopped_by == "callback"


def test_an_interrupt_gives_the_best_so_far() -> None:
    def interrupt(progress: Any) -> None:
        if progress.work > 100:
            raise KeyboardInterrupt

    result = solve(PROBLEM, callback=interrupt, goal="points")
    assert result.stopped_by == "interrupted"
    assert solve(PROBLEM, work_limit=result.work, goal="points").solution == result.solution
    assert_whole(result)


INTERRUPTED = """
from tests.search.grid import small_problem
from patrolroute.search.solve import solve
def ready(progress):
    if progress.work > 1000 and not said:
        said.append(print("ready", flush=True))
said = []
result = solve(small_problem(), time_limit=100, callback=ready, goal="points")
print(result.stopped_by, result.work > 1000, len(result.plan.routes))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_gives_the_best_so_far_within_a_slice() -> None:
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        began = time.perf_counter()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted True 2\n"
        assert time.perf_counter() - began < 5  # 0.2 s and the plan on a machine with nothing else to do
    assert process.returncode == 0


def test_an_error_in_a_callback_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        solve(PROBLEM, callback=lambda _: 1 / 0, goal="points")


def test_without_any_limit_the_search_ends_by_itself() -> None:
    assert default_work(PROBLEM.instance) == 20_000 + 20 * 82
    result = solve(PROBLEM, goal="points")
    assert (result.work, result.stopped_by) == (default_work(PROBLEM.instance), "work_limit")


def test_negative_limits_are_refused_before_anything_is_done() -> None:
    with pytest.raises(ProblemError, match="time_limit -1 is not at least 0"):
        solve(PROBLEM, time_limit=-1, goal="points")


def test_settings_out_of_range_are_told_together() -> None:
    with pytest.raises(ProblemError) as raised:
        SearchParams(neighbours=0, blink=1000, noise=-1, threshold=2.5)  # type: ignore[arg-type]
    for word in ("neighbours: 0", "blink: 1000", "noise: -1", "threshold: 2.5"):
        assert word in str(raised.value)
    SearchParams(neighbours=1, blink=999, noise=0, threshold=10_000)


def test_a_plan_records_seed_work_and_settings() -> None:
    plan = solve(PROBLEM, work_limit=5, seed=3, params=SearchParams(blink=20), goal="points").plan
    assert (plan.seed, plan.work, plan.settings["blink"]) == (3, 5, 20)


@pytest.mark.parametrize("seed", range(3))
def test_a_start_is_never_made_worse(seed: int) -> None:
    start = solve(PROBLEM, work_limit=300, seed=seed, goal="points")
    for work in (0, 200):
        assert solve(PROBLEM, work_limit=work, start=start.solution, seed=seed + 1, goal="points").score <= start.score
    assert fill(PROBLEM, start.solution) == start.solution


def test_a_broken_start_is_repaired() -> None:
    good = solve(PROBLEM, work_limit=100, goal="points").solution.routes
    broken = Solution(((*good[0], Visit(999), Visit(0, 9), *good[1]), good[1][::-1]))
    assert not evaluate(PROBLEM, Solution((good[0] + good[1], good[1]))).is_feasible
    assert_whole(solve(PROBLEM, start=broken, work_limit=0, goal="points"))


def test_more_time_and_more_crews_from_the_smaller_nights_answer_are_never_worse() -> None:
    smaller = solve(small_problem("20:20"), work_limit=300, goal="points")
    for ends in (("20:20", "20:12"), ("20:20", "20:13"), ("20:20",) * 2, ("20:20",) * 3, ("20:20",) * 4):
        start = Solution(smaller.solution.routes + ((),) * (len(ends) - len(smaller.solution.routes)))
        larger = solve(small_problem(*ends), work_limit=300, start=start, goal="points")
        assert larger.score[:2] <= smaller.score[:2]
        smaller = larger
    assert smaller.score.prize_forgone == 0


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_a_crew_whose_break_ends_its_shift_takes_it_at_the_depot(goal: Goal) -> None:
    ends = Break(1200, (ClockWindow.parse("21:40-22:00"),))
    problem = night(street("s12"), street("s35"), market("21:20-22:00"), crews=(crew(break_=ends),))
    result = solve(problem, goal=goal, work_limit=60, seed=1)
    assert result.plan.objective.prize_collected == problem.prize_total
    assert result.solution.breaks == (AT_HOME,)
    last = result.plan.routes[0].legs[-1]
    assert (last.kind, last.depart, last.arrive) == ("break", at("21:40"), at("22:00"))
    assert last.street in {"1-2", "1-4"}
    assert last.coordinates == (problem.crews[0].depot,)
    assert audit(result.plan) == ()
    assert evaluate(problem, result.solution).is_feasible
    assert goal == "presence" or evaluate(problem, result.solution).score == result.score == result.trace[-1].score


def test_a_start_in_which_such_a_crew_rests_on_its_way_keeps_its_visits() -> None:
    ends = Break(1200, (ClockWindow.parse("21:39-22:00"),))
    problem = night(street("s12"), market(), crews=(crew(break_=ends),))
    start = Solution(((Visit(1), Visit(0)),), (2,))
    assert evaluate(problem, start).is_feasible
    result = solve(problem, start=start, work_limit=0, goal="points")
    assert {visit.task for visit in result.solution.routes[0]} == {0, 1}
    assert result.score <= evaluate(problem, start).score


def test_a_start_that_leaves_such_a_crew_at_home_all_night_is_not_worsened() -> None:
    """By the score its route is as long as its shift, whatever it does; the search shares the work all the same."""
    ends, network = Break(600, (ClockWindow.parse("20:50-21:00"),)), town(4)
    others = [crew_of_town(f"P{number}", (400, 400)) for number in (1, 2)]
    problem = PatrolProblem(network, streets(network), [crew_of_town("P0", (400, 400), break_=ends), *others])
    alone = solve(PatrolProblem(network, streets(network), others), work_limit=300, goal="points")
    start = Solution(((), *alone.solution.routes), (None,) * 3)
    result = solve(problem, work_limit=300, start=start, goal="points")
    assert result.score <= evaluate(problem, start).score == alone.score
    assert result.score == evaluate(problem, result.solution).score
    free = solve(problem, work_limit=300, goal="points")
    assert free.score.longest_route == SHARE_UNIT
    assert min(map(len, free.solution.routes)) > 0


def test_filling_up_leaves_such_a_crew_at_home_for_its_break() -> None:
    ends = Break(1200, (ClockWindow.parse("21:40-22:00"),))
    problem = night(street("s12"), street("s35"), crews=(crew(break_=ends),))
    filled = fill(problem, Solution.empty(1))
    assert (len(filled.routes[0]), filled.breaks) == (2, (AT_HOME,))
    assert evaluate(problem, filled).is_feasible

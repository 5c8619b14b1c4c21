"""`solve`: from a problem to a good plan, within limits."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from patrolroute.engine.engine import Engine
from patrolroute.engine.params import SearchParams
from patrolroute.engine.stop import Callback, Progress, StoppedBy, StopRule, stop_rules
from patrolroute.plan.schedule import schedule
from patrolroute.problem.evaluate import Score

if TYPE_CHECKING:
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution

SLICE_S = 0.1
"""Seconds between two looks at the stop rules: half of the 0.2 s within which Ctrl-C must work, for slices are guessed."""

FIRST_SLICE = 16
"""Iterations before the first look: a few milliseconds even on large nights."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """A better solution than before: after how much work, how many seconds, and its score."""

    work: int
    seconds: float
    score: Score


@dataclass(frozen=True, eq=False, slots=True)
class Result:
    """What `solve` found.

    Parameters
    ----------
    plan
        The plan with clock times.
    solution
        The decisions behind it.
    score
        What it is worth; see `patrolroute.problem.evaluate.Score`.
    work
        Iterations done. ``solve`` with the same seed and ``work_limit=work`` finds exactly the same plan.
    seconds
        Seconds from the call to the end of the search.
    stopped_by
        ``work_limit``, ``time_limit``, ``no_improvement``, ``callback`` or ``interrupted``.
    trace
        The improvements that were seen at the end of a slice, the start first.
    """

    plan: PatrolPlan
    solution: Solution
    score: Score
    work: int
    seconds: float
    stopped_by: StoppedBy
    trace: tuple[Improvement, ...]


def default_work(problem: PatrolProblem) -> int:
    """Give the work limit if no limit is given: 20,000 iterations and 20 more for each wanted visit."""
    return 20_000 + 20 * sum(task.visits_wanted for task in problem.tasks)


def solve(
    problem: PatrolProblem,
    *,
    time_limit: float | None = None,
    work_limit: int | None = None,
    no_improvement: int | None = None,
    seed: int = 0,
    start: Solution | None = None,
    callback: Callback | None = None,
    params: SearchParams | None = None,
) -> Result:
    """Search for a good plan until the first limit is reached.

    Parameters
    ----------
    problem
        The night.
    time_limit
        Seconds, at least 0: a guard. The result records its ``work``, which repeats it exactly.
    work_limit
        Iterations of ruin and recreate, at least 0. The same seed and work limit give the same plan. If no limit at all is
        given, `default_work`: some ten seconds on a night of a thousand visits.
    no_improvement
        Iterations without a better solution, at least 1.
    seed
        Of the search's random numbers.
    start
        A solution to start from, never worsened; visits in it that break a rule are dropped.
    callback
        Called some ten times a second with a `Progress`; stops the search by returning True.
    params
        Settings of the search.

    Returns
    -------
    Result
        The best plan found, also after Ctrl-C. Not being able to serve everything is a result.

    Raises
    ------
    ProblemError
        If a limit is negative.
    """
    began, params = time.perf_counter(), params or SearchParams()
    if time_limit is None and work_limit is None and no_improvement is None:
        work_limit = default_work(problem)
    rules = stop_rules(time_limit=time_limit, work_limit=work_limit, no_improvement=no_improvement, callback=callback)
    engine = Engine(problem, seed=seed, start=start, params=params)
    trace = [Improvement(0, time.perf_counter() - began, engine.score)]
    stopped_by = _run(engine, rules, began, trace)
    seconds, solution = time.perf_counter() - began, engine.best
    plan = schedule(problem, solution, seed=seed, work=engine.work, settings=asdict(params))
    return Result(plan, solution, engine.score, engine.work, seconds, stopped_by, tuple(trace))


def _run(engine: Engine, rules: list[StopRule], began: float, trace: list[Improvement]) -> StoppedBy:
    """Search in slices until a rule stops it, noting improvements."""
    slice_size = FIRST_SLICE
    try:
        while True:
            progress = Progress(
                engine.work, time.perf_counter() - began, engine.score, last_improvement=engine.last_improvement
            )
            if progress.score < trace[-1].score:
                trace.append(Improvement(progress.last_improvement, progress.seconds, progress.score))
            rooms = [(rule.room(progress), rule.word) for rule in rules]
            for room, word in rooms:
                if room == 0:
                    return word
            slice_began = time.perf_counter()
            size = min([slice_size, *(room for room, _ in rooms if room is not None)])
            engine.run(size)
            slice_size = _next_size(size, slice_size, time.perf_counter() - slice_began)
    except KeyboardInterrupt:
        return "interrupted"


def _next_size(size: int, planned: int, seconds: float) -> int:
    """Guess a slice of `SLICE_S` from the last one, at most doubling; only what is looked at when depends on it."""
    if size < planned:
        return planned
    return max(1, min(2 * planned, int(planned * SLICE_S / max(seconds, 1e-6))))

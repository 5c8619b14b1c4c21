"""`search`: from tasks and crews to decisions, within limits. It asks a problem for numbers, never for a map."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

from patrolroute.engine.engine import Engine
from patrolroute.engine.pace import Pace
from patrolroute.engine.params import SearchParams
from patrolroute.engine.prepare import prepare
from patrolroute.engine.stop import Callback, StoppedBy, ask, stop_rules
from patrolroute.engine.trace import Improvement, Trace
from patrolroute.errors import ProblemError
from patrolroute.problem.evaluate import Score

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution
    from patrolroute.problem.tables import TableProblem


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What `search` found.

    Parameters
    ----------
    solution
        The decisions.
    score
        What they are worth; see `patrolroute.problem.evaluate.Score`.
    work
        Iterations done. The same seed and ``work_limit=work`` find exactly the same solution, unless the run was
        interrupted in the middle of a slice.
    seconds
        Seconds from the start to the end of the search, compiling aside.
    stopped_by
        ``work_limit``, ``time_limit``, ``no_improvement``, ``callback`` or ``interrupted``.
    trace
        The improvements that were seen at the end of a slice, the start first.
    """

    solution: Solution
    score: Score
    work: int
    seconds: float
    stopped_by: StoppedBy
    trace: tuple[Improvement, ...]


def default_work(problem: PatrolProblem | TableProblem) -> int:
    """Give the work limit if no limit is given: 20,000 iterations and 20 more for each wanted visit."""
    return 20_000 + 20 * sum(task.visits_wanted for task in problem.tasks)


def _cores(threads: int | None) -> int:
    """Give the number of threads to use."""
    if threads is None:
        return os.cpu_count() or 1
    if not isinstance(threads, Integral) or isinstance(threads, bool) or threads < 1:
        raise ProblemError([f"threads: {threads!r} is not a whole number from 1"])
    return int(threads)


def search(
    problem: PatrolProblem | TableProblem,
    *,
    time_limit: float | None = None,
    work_limit: int | None = None,
    no_improvement: int | None = None,
    seed: int = 0,
    start: Solution | None = None,
    callback: Callback | None = None,
    params: SearchParams | None = None,
    threads: int | None = None,
) -> Found:
    """Search for good decisions until the first limit is reached; `patrolroute.solve` tells what each limit means."""
    limits = time_limit, work_limit, no_improvement
    rules = stop_rules(
        time_limit=time_limit,
        work_limit=default_work(problem) if limits == (None, None, None) else work_limit,
        no_improvement=no_improvement,
        callback=callback,
    )
    cores = _cores(threads)
    params = params or SearchParams()
    prepare()
    began = time.perf_counter()
    engine = Engine(problem, seed=seed, start=start, params=params, threads=cores)
    pace, trace = Pace(), Trace()
    stopped_by: StoppedBy | None = None
    try:
        while stopped_by is None:
            progress = engine.progress(time.perf_counter() - began)
            trace.note(progress)
            stopped_by, room = ask(rules, progress)
            pace.run(engine.run, room)
    except KeyboardInterrupt:
        stopped_by = "interrupted"
    engine.finish()
    seconds, solution = time.perf_counter() - began, engine.best
    trace.note(engine.progress(seconds))
    return Found(solution, engine.score, engine.work, seconds, stopped_by, trace.improvements)

"""The search for points within limits, the same for a night, a part of it, and the tours that presence begins with."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import MAX_SEED
from patrolroute.problem.evaluate import evaluate
from patrolroute.search.engine import Engine, warm_up
from patrolroute.search.params import SearchParams
from patrolroute.search.settle import settled
from patrolroute.search.stopping import (
    Callback,
    Improvement,
    SliceTimer,
    StoppedBy,
    StopRule,
    TimeLimit,
    Trace,
    ask,
    require_time_limit,
    stop_rules,
)

if TYPE_CHECKING:
    from patrolroute.problem.evaluate import Score, Solution
    from patrolroute.problem.instance import Instance


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


def default_work(instance: Instance) -> int:
    """Return the work limit if no limit is given: 20,000 iterations and 20 more for each wanted visit."""
    return 20_000 + 20 * sum(task.visits_wanted for task in instance.tasks)


def cores(threads: int | None) -> int:
    """Return the number of threads to use."""
    if threads is None:
        return os.cpu_count() or 1
    if not isinstance(threads, Integral) or isinstance(threads, bool) or threads < 1:
        raise ProblemError([f"threads: {threads!r} is not a whole number from 1"])
    return int(threads)


def require_seed(seed: int, asked_by: str = "solve") -> None:
    """Refuse a seed that no plan can name; see `patrolroute.base.vocabulary.MAX_SEED`."""
    if not isinstance(seed, Integral) or isinstance(seed, bool) or not 0 <= seed <= MAX_SEED:
        raise ProblemError([f"{asked_by}: seed {seed!r} is not a whole number from 0 to {MAX_SEED}"])


def search(
    instance: Instance,
    *,
    time_limit: float | None = None,
    work_limit: int | None = None,
    no_improvement: int | None = None,
    seed: int = 0,
    start: Solution | None = None,
    callback: Callback | None = None,
    params: SearchParams | None = None,
    threads: int | None = None,
    enough: StopRule | None = None,
    reserve: float = 0.0,
) -> Found:
    """Search for good decisions until the first limit is reached.

    Parameters
    ----------
    instance
        The night.
    time_limit, work_limit, no_improvement, seed, start, callback, params, threads
        As for `patrolroute.solve`.
    enough
        One more reason to stop.
    reserve
        Of the time limit so much is left for what follows, as a multiple of the seconds until the first plan stood.
    """
    limits = time_limit, work_limit, no_improvement
    require_time_limit(time_limit)
    rules = stop_rules(
        time_limit=None,
        work_limit=default_work(instance) if limits == (None, None, None) else work_limit,
        no_improvement=no_improvement,
        callback=callback,
    )
    rules += [] if enough is None else [enough]
    count = cores(threads)
    require_seed(seed)
    params = params or SearchParams()
    warm_up()
    began = time.perf_counter()
    engine = Engine(instance, seed=seed, start=start, params=params, threads=count)
    if time_limit is not None:
        rules.append(TimeLimit(time_limit - reserve * (time.perf_counter() - began)))
    timer, trace = SliceTimer(), Trace()
    stopped_by: StoppedBy | None = None
    try:
        while stopped_by is None:
            progress = engine.progress(time.perf_counter() - began)
            trace.note(progress)
            stopped_by, room = ask(rules, progress)
            timer.run(engine.run, room)
    except KeyboardInterrupt:
        stopped_by = "interrupted"
    engine.finish()
    best = engine.best
    seconds, solution = time.perf_counter() - began, settled(instance, best)
    trace.note(engine.progress(seconds))
    score = engine.score if solution is best else evaluate(instance, solution).score
    return Found(solution, score, engine.work, seconds, stopped_by, trace.improvements)

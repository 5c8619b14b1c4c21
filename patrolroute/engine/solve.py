"""`solve`: from a problem to a good plan, within limits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from patrolroute.engine.params import SearchParams
from patrolroute.engine.run import Found, default_work, search
from patrolroute.engine.stop import Callback
from patrolroute.plan.schedule import schedule

if TYPE_CHECKING:
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution


__all__ = ["Result", "default_work", "solve"]


@dataclass(frozen=True, eq=False, slots=True)
class Result(Found):
    """What `solve` found: what `search` finds, and its plan.

    Parameters
    ----------
    plan
        The plan with clock times.
    """

    plan: PatrolPlan


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
    threads: int | None = None,
) -> Result:
    """Search for a good plan until the first limit is reached.

    Parameters
    ----------
    problem
        The night.
    time_limit
        Seconds, at least 0: a guard, looked at some ten times a second; compiling, once after an installation,
        does not count. The first plan is always finished, which takes some seconds on a night of thousands of
        visits. The result records its ``work``, which repeats it exactly.
    work_limit
        Iterations of ruin and recreate, of all chains together, at least 0. The same seed and work limit give the same
        plan. If no limit at all is given, `default_work`: some ten seconds on a night of a thousand visits.
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
    threads
        Processor cores to use, at least 1; None for all. The plan does not depend on it, only the time that it takes.
        More than ``params.chains`` are of no use.

    Returns
    -------
    Result
        The best plan found, also after Ctrl-C once there is one. Not being able to serve everything is a result.

    Raises
    ------
    ProblemError
        If a limit is negative or not a number, or ``threads`` not a whole number from 1.
    """
    params = params or SearchParams()
    found = search(
        problem, time_limit=time_limit, work_limit=work_limit, no_improvement=no_improvement, seed=seed, start=start,
        callback=callback, params=params, threads=threads,
    )  # fmt: skip
    plan = schedule(problem, found.solution, seed=seed, work=found.work, settings=asdict(params))
    return Result(
        found.solution, found.score, found.work, found.seconds, found.stopped_by, found.trace, plan=plan
    )  # fmt: skip

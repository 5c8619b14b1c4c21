"""`solve`: from a problem to a good plan, within limits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from patrolroute.engine.params import SearchParams
from patrolroute.engine.run import Found, default_work, search
from patrolroute.engine.stop import Callback, stop_rules
from patrolroute.errors import ProblemError
from patrolroute.plan.schedule import schedule
from patrolroute.presence.improve import Presence, improve
from patrolroute.problem.evaluate import evaluate
from patrolroute.proof.idleness import idleness_bound
from patrolroute.words import GOALS, Goal

if TYPE_CHECKING:
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution


__all__ = ["Result", "default_work", "solve"]

STOPS_ALL = ("callback", "interrupted")
"""Somebody wants no more: presence is not looked at either."""


@dataclass(frozen=True, eq=False, slots=True)
class Result(Found):
    """What `solve` found: what `search` finds, and its plan.

    Parameters
    ----------
    plan
        The plan with clock times; with ``goal="presence"`` its objective holds `idleness_bound` as well.
    presence
        The levels that ``goal="presence"`` looks at, after that goal; else None.
    """

    plan: PatrolPlan
    presence: Presence | None = None


def solve(  # noqa: PLR0913 - one option for each limit, and what a search needs
    problem: PatrolProblem,
    *,
    goal: Goal = "prize",
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
    goal
        ``prize``: points, then short routes. ``presence``: points first as well, and then what time they leave over
        goes to the streets that wait longest, by priority, and to those where somebody is least likely to see a car.
        Half of the limits are for points, the other half for presence; ``params.prize_work`` draws the line elsewhere.
    time_limit
        Seconds, at least 0: a guard, looked at some ten times a second; compiling, once after an installation,
        does not count. The first plan is always finished, which takes some seconds on a night of thousands of
        visits. The result records its ``work``, which repeats it exactly; with ``goal="presence"`` together with
        ``prize_work`` in ``plan.settings``.
    work_limit
        Iterations of ruin and recreate, of all chains together, at least 0. The same seed and work limit give the same
        plan. If no limit at all is given, `default_work`: some ten seconds on a night of a thousand visits; with
        ``goal="presence"`` twice as much.
    no_improvement
        Iterations without a better solution, at least 1.
    seed
        Of the search's random numbers.
    start
        A solution to start from, never worsened; visits in it that break a rule, and those that don't count, are
        dropped.
    callback
        Called some ten times a second with a `Progress`; stops the search by returning True.
    params
        Settings of the search.
    threads
        Processor cores to use, at least 1; None for all. The plan does not depend on it, only the time that it takes.
        More than ``params.chains`` are of no use; presence takes one.

    Returns
    -------
    Result
        The best plan found, also after Ctrl-C once there is one. Not being able to serve everything is a result.

    Raises
    ------
    ProblemError
        If the goal is not one of these, a limit is negative or not a number, or ``threads`` not a whole number from 1.
    """
    params = params or SearchParams()
    if goal not in GOALS:
        raise ProblemError([f"solve: goal {goal!r} is not one of {', '.join(GOALS)}"])
    limits: dict[str, Any] = {"time_limit": time_limit, "work_limit": work_limit, "no_improvement": no_improvement}
    common: dict[str, Any] = {"seed": seed, "start": start, "callback": callback, "params": params, "threads": threads}
    if goal == "prize":
        found = search(problem, **limits, **common)
        settings = asdict(params) | {"goal": goal}
        plan = schedule(problem, found.solution, seed=seed, work=found.work, settings=settings)
        return Result(**_fields(found), plan=plan)
    return _solve_for_presence(problem, limits, common)


def _solve_for_presence(problem: PatrolProblem, limits: Mapping[str, Any], common: Mapping[str, Any]) -> Result:
    """Search for points within the first part of the limits, for presence within the rest."""
    params, seed, began = common["params"], common["seed"], time.perf_counter()
    stop_rules(**limits, callback=None)  # complain before anything is halved
    work = limits["work_limit"]
    if all(limit is None for limit in limits.values()):
        work = 2 * default_work(problem)
    first = params.prize_work or (None if work is None else work // 2)
    half = None if limits["time_limit"] is None else limits["time_limit"] / 2
    first_limits: dict[str, Any] = {"work_limit": first if work is None else min(first or 0, work), "time_limit": half}
    found = search(problem, **{**limits, **first_limits}, **common)
    left = {
        "work_limit": None if work is None else work - found.work,
        "time_limit": None if half is None else max(0.0, limits["time_limit"] - found.seconds),
        "no_improvement": limits["no_improvement"],
    }
    if found.stopped_by in STOPS_ALL:
        left["work_limit"] = 0
    better = improve(problem, found.solution, stop_rules(**left, callback=common["callback"]), seed=seed)
    settings = asdict(replace(params, prize_work=found.work)) | {"goal": "presence"}
    total = found.work + better.work
    plan = schedule(problem, better.solution, seed=seed, work=total, settings=settings)
    plan = replace(plan, objective=replace(plan.objective, idleness_bound_s=idleness_bound(problem)))
    stopped_by = found.stopped_by if found.stopped_by in STOPS_ALL else better.stopped_by
    facts = _fields(found) | {
        "solution": better.solution, "score": evaluate(problem, better.solution).score, "work": total,
        "seconds": time.perf_counter() - began, "stopped_by": stopped_by,
    }  # fmt: skip
    return Result(**facts, plan=plan, presence=better.presence)


def _fields(found: Found) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Found.__dataclass_fields__}

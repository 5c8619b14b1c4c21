"""`solve`: from a problem to a good plan, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any, Literal, overload

from patrolroute.base.arguments import checked
from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import GOALS, OLD_GOALS, Goal
from patrolroute.plan.decisions import decisions_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.schedule import Explanation, unexplained
from patrolroute.plan.seen import PresenceScore
from patrolroute.problem.evaluate import Solution, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.problem.resume import Dropped, carried_over
from patrolroute.proof.bound import idleness_bound
from patrolroute.search.engine import warm_up
from patrolroute.search.params import SearchParams
from patrolroute.search.points import Found, default_work, search
from patrolroute.search.presence.improve import Improved, default_windows
from patrolroute.search.presence.seek import Laid, seek_presence
from patrolroute.search.stopping import (
    STOPS_ALL,
    Callback,
    Plentiful,
    StopRule,
    Stopwatch,
    is_plentiful,
    stop_rules,
)
from patrolroute.search.together import Together, search_together

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


RESERVE = 0.8
"""The plan of what is found takes about as long as the first plan did, or a little less."""

PLENTY_MILLE, PLENTY_STEP = 950, 500
"""A night is plentiful where so many thousandths of its points fit; looked at every so many iterations."""


@dataclass(frozen=True, eq=False, slots=True)
class Result(Found):
    """What `solve` found: what `search` finds, and its plan.

    Parameters
    ----------
    plan
        The plan with clock times; its ``objective.goal`` says what it was made for. Why tasks are left out it works
        out when somebody first asks, see `patrolroute.PatrolPlan.explained`.
    presence
        The levels of the goal presence, where the plan was made for it; else None.
    dropped
        Visits of the start that are not in this night, or not possible in it; see `patrolroute.Dropped`.
    """

    plan: PatrolPlan
    presence: PresenceScore | None = None
    dropped: tuple[Dropped, ...] = ()


@overload
def solve(
    problem: PatrolProblem,
    *,
    goal: Goal = "auto",
    time_limit: float | None = None,
    work_limit: int | None = None,
    no_improvement: int | None = None,
    seed: int = 0,
    start: PatrolPlan | Solution | None = None,
    callback: Callback | None = None,
    params: SearchParams | None = None,
    threads: int | None = None,
) -> Result: ...
@overload
def solve(
    problem: Instance,
    *,
    goal: Literal["auto", "points"] = "auto",
    time_limit: float | None = None,
    work_limit: int | None = None,
    no_improvement: int | None = None,
    seed: int = 0,
    start: Solution | None = None,
    callback: Callback | None = None,
    params: SearchParams | None = None,
    threads: int | None = None,
) -> Found: ...
@checked(but=("start",))
def solve(
    problem: PatrolProblem | Instance,
    *,
    goal: Goal = "auto",
    time_limit: float | None = None,
    work_limit: int | None = None,
    no_improvement: int | None = None,
    seed: int = 0,
    start: PatrolPlan | Solution | None = None,
    callback: Callback | None = None,
    params: SearchParams | None = None,
    threads: int | None = None,
) -> Result | Found:
    """Search for a good plan until the first limit is reached.

    Parameters
    ----------
    problem
        The night; or numbers alone, as `Instance.from_matrix` makes them, for which there is a solution and no plan.
    goal
        ``points``: points, then short routes. ``presence``: what is required, the hotspots' points, and then that those
        who stay a quarter of an hour on a wanted street see a car. ``auto``: points first; where at least 95 % of them
        fit, presence for the rest of the limits, unless a street is required within windows. The plan's
        ``objective.goal`` says which was used.
    time_limit
        Seconds, at least 0: a guard, looked at some ten times a second; compiling, once after an installation,
        does not count. The first plan is always finished, which takes some seconds on a night of thousands of
        visits. The result records its ``work``, which repeats it exactly; with presence together with ``prize_work``
        and ``tour_work`` in ``plan.settings``.
    work_limit
        Iterations of ruin and recreate, of all chains together, and for presence windows looked at, at least 0. The
        same seed and work limit give the same plan. If no limit at all is given, `default_work`, and for presence
        `patrolroute.search.presence.improve.default_windows`: some ten and some forty seconds on a night of two
        dozen crews.
    no_improvement
        Iterations without a better solution, at least 1.
    seed
        Of the search's random numbers; a whole number from 0, below 2⁶³.
    start
        A plan or a solution to start from, never worsened, also one of another night: crews and tasks are found by
        their ids. Visits that are not in this night or would break a rule are dropped, see ``dropped`` of the result,
        and for points those that don't count.
    callback
        Called some ten times a second with a `Progress`; stops the search by returning True.
    params
        Settings of the search.
    threads
        Processor cores to use, at least 1; None for all. The plan does not depend on it, only the time that it takes.
        More than ``params.chains`` are of no use; presence takes one.

    Returns
    -------
    Result or Found
        The best plan found, for numbers alone the best solution, also after Ctrl-C once there is one; ``trace`` holds
        the improvements of the search for points. Not being able to serve everything is a result.

    Raises
    ------
    ProblemError
        If the goal is not one of these, or presence without a map, a limit is negative or not a number, ``seed`` not
        a whole number from 0, ``threads`` not one from 1, the callback cannot be called or is ``async``, or the start
        is no plan or solution or has no crew or no task of this night.
    """
    params = params or SearchParams()
    goal = OLD_GOALS.get(goal, goal)
    if goal not in GOALS:
        raise ProblemError([f"solve: goal {goal!r} is not one of {', '.join(GOALS)}"])
    timed = [] if isinstance(problem, Instance) else _required_in_windows(problem)
    if timed and goal == "presence":
        rule = "is required within windows, which goal 'presence' does not promise"
        raise ProblemError([
            f"solve: street {timed[0]!r} {rule}; choose points, or leave out required or the windows"
        ])  # fmt: skip
    if isinstance(problem, Instance) and goal == "presence":
        raise ProblemError(["solve: goal 'presence' asks for streets to be seen; a night without a map has none"])
    time_limit = None if time_limit == inf else time_limit
    limits: dict[str, Any] = {"time_limit": time_limit, "work_limit": work_limit, "no_improvement": no_improvement}
    stop_rules(**limits, callback=callback)  # complain before anything is shared out
    watch = Stopwatch()
    begin, dropped = _begin(problem, start)
    with watch.stopped():
        warm_up()
    common: dict[str, Any] = {
        "seed": seed, "start": begin, "callback": callback, "params": params, "threads": threads,
    }  # fmt: skip
    if isinstance(problem, Instance):
        return search(problem, **limits, **common)
    held = _search_together(problem, goal, limits, common) if problem.instance.joint else None
    found = _search_points(problem, goal, limits, common) if held is None else held.found
    has_streets = any(task.kind == "street" for task in problem.tasks)
    is_plenty = is_plentiful(found.score, problem.prize_total, PLENTY_MILLE) and not timed
    if not has_streets or goal == "points" or (goal == "auto" and not is_plenty):
        settings = asdict(params) | {"goal": "points"}
        plan = unexplained(problem, found.solution, seed=seed, work=found.work, settings=settings)
        plan = replace(plan, explain=Explanation(problem, found.solution))
        named = replace(found.solution, names=problem.names)
        return Result(**_fields(found) | {"solution": named, "seconds": watch.seconds}, plan=plan, dropped=dropped)
    left = _limits_left(problem, limits, found, watch)
    laid, better = _seek_presence(problem, found, held, left, watch, common)
    total = found.work + better.work
    settings = asdict(replace(params, prize_work=found.work, tour_work=laid.work)) | {"goal": "presence"}
    objective = replace(better.plan.objective, idleness_bound_s=idleness_bound(problem))
    plan = replace(
        better.plan, seed=seed, work=total, settings=settings, objective=objective,
        explain=Explanation(problem, better.solution),
    )  # fmt: skip
    facts = _fields(found) | {
        "solution": replace(better.solution, names=problem.names), "work": total, "seconds": watch.seconds,
        "score": evaluate(problem, better.solution).score,
        "stopped_by": next((one.stopped_by for one in (found, laid) if one.stopped_by in STOPS_ALL), better.stopped_by),
    }  # fmt: skip
    return Result(**facts, plan=plan, presence=better.score, dropped=dropped)


def _seek_presence(
    problem: PatrolProblem, found: Found, held: Together | None, left: Mapping[str, Any], watch: Stopwatch,
    common: Mapping[str, Any],
) -> tuple[Laid, Improved]:  # fmt: skip
    """Go on for presence; members of meetings are required tasks meanwhile, so that meetings stay whole."""
    if held is None:
        return seek_presence(problem, found, left, watch, **common)
    stage, start = problem.with_numbers(held.apart.instance), common["start"]
    parted = replace(found, solution=held.apart.parted(found.solution))
    own = {**common, "start": None if start is None else held.apart.parted(start)}
    laid, better = seek_presence(stage, parted, left, watch, **own)
    solution = held.apart.joined(better.solution, held.meetings)
    plan = unexplained(problem, solution, settings={"goal": "presence"})
    score = PresenceScore(*plan.objective.levels)
    return laid, replace(better, solution=solution, plan=plan, score=score)


def _search_together(
    problem: PatrolProblem, goal: Goal, limits: Mapping[str, Any], common: Mapping[str, Any]
) -> Together:
    """Search for points in a night with joint stops; limits are shared out as in `_search_points`."""
    params, work, seconds = common["params"], limits["work_limit"], limits["time_limit"]
    enough: StopRule | None = None
    if all(limit is None for limit in limits.values()):
        work = default_work(problem.instance)
    if params.prize_work and goal != "points":
        work = params.prize_work if work is None else min(work, params.prize_work)
    elif goal != "points":
        work, seconds = (None if limit is None else limit / 2 for limit in (work, seconds)) if goal == "presence" else (
            work, seconds)  # fmt: skip
        work = None if work is None else int(work)
        enough = Plentiful(problem.prize_total, PLENTY_MILLE, PLENTY_STEP)
    own = {"work_limit": work, "time_limit": seconds, "no_improvement": limits["no_improvement"], "enough": enough}
    return search_together(problem.instance, **own, **common)


def _required_in_windows(problem: PatrolProblem) -> list[str]:
    """Return the names of required streets with windows: presence knows no hour at which a patrol is due."""
    return [task.name or task.id for task in problem.tasks if task.kind == "street" and task.required and task.windows]


def _begin(
    problem: PatrolProblem | Instance, start: PatrolPlan | Solution | None
) -> tuple[Solution | None, tuple[Dropped, ...]]:
    """Return what to start from in this night's numbers, and what had to be dropped."""
    if start is None:
        return None, ()
    if isinstance(problem, Instance):  # its crews and tasks have numbers alone
        if not isinstance(start, Solution):
            raise ProblemError([f"solve: start is a {type(start).__name__}, not a solution"])
        return start, ()
    if isinstance(start, Solution):
        return carried_over(problem, start)
    if not isinstance(start, PatrolPlan):
        raise ProblemError([f"solve: start is a {type(start).__name__}, not a plan or a solution"])
    return carried_over(problem, decisions_of(start, problem))


def _search_points(problem: PatrolProblem, goal: Goal, limits: Mapping[str, Any], common: Mapping[str, Any]) -> Found:
    """Search for points: within all limits, or where presence may follow until the night is seen to be plentiful."""
    if goal == "points":
        return search(problem.instance, **limits, **common, reserve=RESERVE)
    params, work, seconds = common["params"], limits["work_limit"], limits["time_limit"]
    if params.prize_work:
        first = params.prize_work if work is None else min(work, params.prize_work)
        return search(problem.instance, work_limit=first, time_limit=seconds, **common)
    if goal == "presence":
        work, seconds = (None if limit is None else limit / 2 for limit in (work, seconds))
        work = None if work is None else int(work)
    if all(limit is None for limit in limits.values()):
        work = default_work(problem.instance)
    enough = Plentiful(problem.prize_total, PLENTY_MILLE, PLENTY_STEP)
    own = {"work_limit": work, "time_limit": seconds, "no_improvement": limits["no_improvement"]}
    return search(problem.instance, enough=enough, **own, **common)


def _limits_left(problem: PatrolProblem, limits: Mapping[str, Any], found: Found, watch: Stopwatch) -> dict[str, Any]:
    """Return what the search for points left over of the limits."""
    work, seconds = limits["work_limit"], limits["time_limit"]
    if all(limit is None for limit in limits.values()):
        work = found.work + default_windows(problem)
    left = {
        "work_limit": None if work is None else max(0, work - found.work),
        "time_limit": watch.left(seconds),
        "no_improvement": limits["no_improvement"],
    }
    return left | {"work_limit": 0} if found.stopped_by in STOPS_ALL else left


def _fields(found: Found) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Found.__dataclass_fields__}

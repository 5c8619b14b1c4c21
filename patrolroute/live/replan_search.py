"""The search for the rest of a night: from what was planned for it to what is best now, within limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from patrolroute.problem.evaluate import Solution, evaluate
from patrolroute.search.engine import Engine, warm_up
from patrolroute.search.params import SearchParams
from patrolroute.search.points import cores
from patrolroute.search.points import default_work as points_work
from patrolroute.search.presence.improve import Night
from patrolroute.search.stopping import UNLIMITED, Progress, SliceTimer, StoppedBy, StopRule, Stopwatch, ask

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import LongArray
    from patrolroute.live.replan_night import Rest
    from patrolroute.plan.records import PlanGoal
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found: decisions for the rest, the best of which the plan tells, windows or iterations, why it ended."""

    found: tuple[Solution, ...]
    work: int
    stopped_by: StoppedBy


WINDOWS_AN_HOUR = 90
"""Windows for each hour that a crew has left, if no limit is given."""

LEAST_WINDOWS = 60
"""At least."""

AT_NIGHTFALL, LESS_AN_HOUR, MOST_LONG = 1900, 14, 900
"""At most so many, less so many for each hour that a crew has left, but not fewer than the last: the longer the rest of
the night, the longer a window takes. On a night of two dozen crews that is some nine seconds at any time."""


def default_work(problem: PatrolProblem, goal: PlanGoal) -> int:
    """Return the work limit if no limit is given.

    Parameters
    ----------
    problem
        The rest of the night.
    goal
        What it is planned for.
    """
    if goal == "points":
        return points_work(problem.instance)
    hours = sum(end - start for start, end in (crew.shift_s for crew in problem.instance.crews)) / 3600
    most = max(MOST_LONG, AT_NIGHTFALL - int(LESS_AN_HOUR * hours))
    return min(most, max(LEAST_WINDOWS, int(WINDOWS_AN_HOUR * hours)))


@dataclass(frozen=True, eq=False, slots=True)
class Few:
    """What counts as a change, and how many there may be.

    Parameters
    ----------
    planned
        How often each crew was to come by each task, shape ``(crews, tasks)``.
    most
        So many tasks may be changed at most.
    """

    planned: LongArray
    most: int = UNLIMITED


def seek(  # noqa: PLR0913 - what a search is given
    rest: Rest,
    start: Solution,
    rules: Sequence[StopRule],
    *,
    few: Few,
    seed: int,
    watch: Stopwatch,
    threads: int | None = None,
) -> Sought:
    """Search for the rest of a night, by the goal of its plan.

    Parameters
    ----------
    rest, start
        The rest of the night, and feasible decisions for it.
    rules
        When to stop.
    few
        How many changes there may be.
    seed
        Of the search's random numbers.
    watch
        Stands still while the search is compiled.
    threads
        For points: how many chains run at once; the plan is the same with any number.
    """
    if not rest.night.tasks:
        return Sought((start,), 0, "work_limit")
    has_streets = any(task.kind == "street" for task in rest.night.tasks)
    if rest.plan.objective.goal == "presence" and has_streets:
        return seek_presence(rest, start, rules, few=few, seed=seed, watch=watch)
    return seek_points(rest.night, start, rules, seed=seed, watch=watch, threads=threads)


def seek_points(  # noqa: PLR0913 - what a search is given
    problem: PatrolProblem,
    start: Solution,
    rules: Sequence[StopRule],
    *,
    seed: int,
    watch: Stopwatch,
    threads: int | None = None,
) -> Sought:
    """Go on with the search for points from what was planned.

    Parameters
    ----------
    problem, start, rules, seed, watch, threads
        As for `seek`.
    """
    with watch.stopped():
        warm_up()
    engine = Engine(problem.instance, seed=seed, start=start, params=SearchParams(), threads=cores(threads))
    timer, stopped_by = SliceTimer(), cast("StoppedBy | None", None)
    try:
        while stopped_by is None:
            stopped_by, room = ask(rules, engine.progress(watch.seconds))
            timer.run(engine.run, room)
    except KeyboardInterrupt:
        stopped_by = "interrupted"
    engine.finish()
    return Sought((engine.best,), engine.work, stopped_by)


def seek_presence(  # noqa: PLR0913 - what a search is given
    rest: Rest, start: Solution, rules: Sequence[StopRule], *, few: Few, seed: int, watch: Stopwatch
) -> Sought:
    """Go on with the search for presence from what was planned, with what was seen before.

    Parameters
    ----------
    rest, start, rules, few, seed, watch
        As for `seek`.
    """
    night = Night(
        rest.night, max(map(len, start.routes)), seed=seed, seen=rest.seen, planned=few.planned, most_changed=few.most
    )
    with watch.stopped():
        night.warm_up()
    before = night.begin(start)
    if few.most < UNLIMITED:  # before changes are spent on anything else
        night.insist_on_required()
    score, timer = evaluate(rest.night, start).score, SliceTimer()
    stopped_by: StoppedBy | None = None
    try:
        while stopped_by is None:
            now = Progress(night.work, watch.seconds, score, night.improved, night.share, "presence")
            stopped_by, room = ask(rules, now)
            timer.run(night.run, room)
    except KeyboardInterrupt:
        stopped_by = "interrupted"
    night.finish()
    if night.sound is not None:  # all that is asked for is seen; since then less idleness is sought
        return Sought((night.sound, night.solution), night.work, stopped_by)
    return Sought((night.solution if night.levels <= before else start,), night.work, stopped_by)

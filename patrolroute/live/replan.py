"""`replan`: the rest of a night planned anew while it is under way; what was driven stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.demand.model import Hotspot
from patrolroute.live.changes import Changes, changes_between
from patrolroute.live.frozen import driven_at
from patrolroute.live.replan_asked import Asked, asked_of
from patrolroute.live.replan_drives import Roads, answered, out_of_closed
from patrolroute.live.replan_legs import Laid, whole_plan
from patrolroute.live.replan_night import Rest, rest_of
from patrolroute.live.replan_places import Call, with_calls, with_hotspots
from patrolroute.live.replan_reasons import LateReasons
from patrolroute.live.replan_search import Few, default_work, seek
from patrolroute.live.replan_start import start_of
from patrolroute.plan.passes import roads_at
from patrolroute.search.stopping import UNLIMITED, Callback, StoppedBy, Stopwatch, TimeLimit, stop_rules

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Mode
    from patrolroute.network.road import RoadNetwork
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.evaluate import Solution


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Replan:
    """What `replan` found.

    Parameters
    ----------
    plan
        The plan of the whole night: what was driven, and what comes now.
    before
        The plan before.
    at
        From when on it is new.
    changes
        What is different from then on, crew by crew and task by task.
    work
        Windows or iterations of the search; the same seed and ``work_limit=work`` find the same plan.
    seconds
        Seconds that it took, compiling aside.
    stopped_by
        Why the search ended.
    """

    plan: PatrolPlan
    before: PatrolPlan
    at: dt.datetime
    changes: Changes
    work: int
    seconds: float
    stopped_by: StoppedBy


@checked
def replan(  # noqa: PLR0913 - a word for everything that can happen
    plan: PatrolPlan,
    *,
    at: str | dt.datetime,
    out_of_service: Collection[str] = (),
    close: Sequence[str] = (),
    slow: Mapping[str, float] | None = None,
    calls: Sequence[Call] = (),
    new_hotspots: Sequence[Hotspot] = (),
    end: str | dt.datetime | Mapping[str, str | dt.datetime] | None = None,
    most_changed: float | None = None,
    time_limit: float | None = None,
    work_limit: int | None = None,
    seed: int = 0,
    callback: Callback | None = None,
) -> Replan:
    """Plan the rest of a night anew; what was driven before stays as it was.

    Parameters
    ----------
    plan
        The plan by which crews drive: any that is sound, also one that was planned anew before.
    at
        From when on: a clock time of the night such as ``22:00``, or an aware datetime.
    out_of_service
        Ids of crews that do nothing more, wherever they are.
    close
        Streets that are closed from then on, by name: a street, its sections, or ``龙湖路：国庆中路至舜耕中路``.
    slow
        Streets on which one drives at a share of the usual speed from then on, 0.05 to 1, by name.
    calls
        Crews that are called away, each with where to and until when; a stay or break under way ends at once then.
    new_hotspots
        More hotspots, their places snapped on ``plan.networks``.
    end
        When shifts end instead: a clock time or moment for all crews, or for some by their ids.
    most_changed
        So many tasks may be changed at most, of those that crews still in service were to come by: a whole number, or
        a share below 1; see `Changes`. What must change (streets that are closed, crews that are called away) counts
        as well; where that alone is more, nothing else is changed. Any number if not given: then fewer changes decide
        between plans that are equal otherwise.
    time_limit, work_limit, seed, callback
        As for `patrolroute.solve`.

    Returns
    -------
    Replan
        The plan and what is different. Where nothing happens the plan stays as it is.

    Raises
    ------
    ProblemError, PlaceError
        With everything that is wrong with what is asked for, or naming the crews that cannot get home any more.
    """
    time_limit = None if time_limit == inf else time_limit
    rules = stop_rules(time_limit=None, work_limit=work_limit, no_improvement=None, callback=callback)
    watch = Stopwatch()
    asked = asked_of(
        plan, at=at, out_of_service=out_of_service, close=close, slow=slow or {}, end=end, calls=calls,
        new_hotspots=new_hotspots,
    )  # fmt: skip
    if asked.is_nothing:
        return Replan(
            plan=plan, before=plan, at=asked.at, changes=changes_between(plan, plan, asked.at), work=0,
            seconds=watch.seconds, stopped_by="work_limit",
        )  # fmt: skip
    rest, before = _rest(asked)
    if rest.problem is None:
        found, work, solution = whole_plan(rest, None, asked.at), 0, None
        stopped_by: StoppedBy = "work_limit"
    else:
        start, kept = start_of(rest, before)
        if time_limit is not None:
            rules.append(TimeLimit(time_limit - RESERVE * watch.seconds))
        elif work_limit is None:
            rules += stop_rules(
                time_limit=None, work_limit=default_work(rest.night, asked.plan.objective.goal),
                no_improvement=None, callback=None,
            )  # fmt: skip
        few = Few(rest.planned(plan, asked.at), _most(most_changed, plan, rest, asked.at))
        sought = seek(rest, start, rules, few=few, seed=seed, watch=watch)
        laid = [Laid(one, _unchanged(one, start, kept)) for one in sought.found]
        found, solution = min(
            ((whole_plan(rest, one, asked.at), one.solution) for one in laid), key=lambda pair: pair[0].objective.levels
        )
        work, stopped_by = sought.work, sought.stopped_by
    found = replace(found, seed=seed, work=work, explain=LateReasons(rest, solution, asked.at))
    return Replan(
        plan=found, before=plan, at=asked.at, changes=changes_between(plan, found, asked.at), work=work,
        seconds=watch.seconds, stopped_by=stopped_by,
    )  # fmt: skip


def _unchanged(solution: Solution, start: Solution, kept: frozenset[int]) -> frozenset[int]:
    """Return the crews of which a solution has what was planned for them."""
    return frozenset(
        crew
        for crew in kept
        if solution.routes[crew] == start.routes[crew] and solution.break_before(crew) == start.break_before(crew)
    )


def _most(most_changed: float | None, plan: PatrolPlan, rest: Rest, at: dt.datetime) -> int:
    """Return how many tasks may be changed."""
    if most_changed is None:
        return UNLIMITED
    if most_changed >= 1:
        return int(most_changed)
    return int(most_changed * changes_between(plan, replace(plan, crews=rest.plan.crews), at).planned)


RESERVE = 0.6
"""The whole plan takes so many times the seconds that it took to begin."""


def _rest(asked: Asked) -> tuple[Rest, Mapping[Mode, RoadNetwork]]:
    """Return the rest of the night, and the roads before anything changed.

    Crews have driven out of what was closed around them, and have gone where they are called to.
    """
    at, complaints = asked.at, Complaints()
    plan = with_hotspots(asked.plan, asked.hotspots, at)
    plan, called = with_calls(plan, asked.calls, {mode: roads_at(plan, mode, at) for mode in plan.networks})
    already = plan.road_changes[: len(asked.before.road_changes)]
    before = {mode: roads_at(replace(plan, road_changes=already), mode, at) for mode in plan.networks}
    now = {mode: roads_at(plan, mode, at) for mode in plan.networks}
    calls = {call.crew: call for call in called}
    driven = [driven_at(plan, route, at, is_called=route.crew in calls) for route in plan.routes]
    driven = list(out_of_closed(driven, Roads(plan, before), Roads(plan, now)))
    for number, one in enumerate(driven):
        if one.crew.id in calls:
            roads = Roads(plan, now)
            answer = complaints.attempt(partial(answered, one, calls[one.crew.id], roads))
            if answer is not None:
                driven[number], task = answer
                plan = replace(plan, tasks=(*plan.tasks, task))
    complaints.raise_as(ProblemError)
    return rest_of(plan, driven, at, only={}), before

"""`replan`: the rest of a night planned anew while it is under way; what was driven stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.base.arguments import checked
from patrolroute.base.errors import ProblemError, short
from patrolroute.base.vocabulary import Lang
from patrolroute.demand.model import Hotspot
from patrolroute.live.changes import Changes, changes_between
from patrolroute.live.replan_asked import asked_of
from patrolroute.live.replan_begun import Begun, with_locks
from patrolroute.live.replan_goal import as_if_for
from patrolroute.live.replan_legs import whole_plan
from patrolroute.live.replan_locks import NO_LOCKS, Locks, require_locks, reserved_tasks
from patrolroute.live.replan_night import Rest, rest_of
from patrolroute.live.replan_places import Call
from patrolroute.live.replan_positions import Positions
from patrolroute.live.replan_reasons import LateReasons
from patrolroute.live.replan_search import default_work
from patrolroute.live.replan_within import Found, Within
from patrolroute.search.points import cores, require_seed
from patrolroute.search.stopping import Callback, StoppedBy, StopRule, Stopwatch, TimeLimit, stop_rules

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlanGoal

SHARES = (0.05, 0.1, 0.2, 0.4)
"""Caps of a curve between what must change and any number, as shares of the tasks that were planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """What so many changes buy.

    Parameters
    ----------
    most
        So many tasks might be changed; None for any number.
    tasks, crews
        So many tasks and crews are.
    levels
        What the plan is worth; see `Objective`.
    worth
        The share of the streets' weight and time at which somebody is seen within 15 minutes, or of a plan for points
        the share of the points: 0 to 1, of the whole night.
    """

    most: int | None
    tasks: int
    crews: int
    levels: tuple[int, ...]
    worth: float


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
    curve
        What k changes buy, the fewest first; empty where nobody asked.
    """

    plan: PatrolPlan
    before: PatrolPlan
    at: dt.datetime
    changes: Changes
    work: int
    seconds: float
    stopped_by: StoppedBy
    curve: tuple[CurvePoint, ...] = ()

    def curve_text(self, lang: Lang = "zh") -> str:
        """Return what k changes buy, a line for each cap; empty where nobody asked.

        Parameters
        ----------
        lang
            ``zh`` or ``en``.
        """
        from patrolroute.live.replan_words import curve_text

        return curve_text(self, lang)

    def save_changes(self, folder: str | Path, *, lang: Lang = "zh", pdf: bool = False) -> tuple[Path, ...]:
        """Write ``changes.html``: old and new on one map, and a slip of one page for each crew with changes.

        Parameters
        ----------
        folder
            Where to.
        lang
            ``zh`` or ``en``.
        pdf
            Whether to print it as ``changes.pdf`` as well, for which this computer needs a browser.

        Raises
        ------
        InputError
            If there is no such language.
        OutputError
            If the folder cannot be written, or there is no browser for the PDF.
        """
        from patrolroute.live.replan_words import save_changes

        return save_changes(self, folder, lang=lang, pdf=pdf)


@checked(but=("positions", "goal"))
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
    positions: Positions | None = None,
    locks: Locks = NO_LOCKS,
    goal: PlanGoal | None = None,
    most_changed: float | None = None,
    curve: bool = False,
    time_limit: float | None = None,
    work_limit: int | None = None,
    seed: int = 0,
    threads: int | None = None,
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
    positions
        Where crews are, by their ids: longitude and latitude, a crossing in words, a `Position` with the heading, or a
        `Track`, whose last fix counts; or tracks alone, which name their crews. Who is not named, and who is within a
        minute of it, is where the plan's clock has it. See `docs/howto/replan.md` for what is taken as driven then.
    locks
        What stays for which crews.
    goal
        For what the rest is planned, if not for what the plan was: ``points`` or ``presence``.
    most_changed
        So many tasks may be changed at most, of those that crews still in service were to come by: a whole number, or
        a share below 1; see `Changes`. What must change (streets that are closed, crews that are called away) counts
        as well; where that alone is more, nothing else is changed. Any number if not given: then fewer changes decide
        between plans for presence that are equal otherwise.
    curve
        Whether to plan with several caps as well, each with these limits: what k changes buy.
    time_limit, work_limit, seed, threads, callback
        As for `patrolroute.solve`. A cap on a plan for points takes up to five searches, which share a time limit;
        ``work`` is that of the search that found the plan.

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
    limits = Limits(time_limit, work_limit, callback)
    watch = limits.watch
    cores(threads)
    require_seed(seed, "replan")
    _require_cap(most_changed)
    if goal not in (None, "points", "presence"):
        raise ProblemError(f"replan: goal {short(goal)} is not one of points, presence")
    if plan.road_hours:
        raise ProblemError("replan: a night with travel times by hour cannot be planned anew while it is under way")
    asked = asked_of(
        plan, at=at, out_of_service=out_of_service, close=close, slow=slow or {}, end=end, calls=calls,
        new_hotspots=new_hotspots,
    )  # fmt: skip
    require_locks(asked.plan, locks, [call.crew for call, _ in asked.calls])
    if goal is not None and goal != plan.objective.goal:
        asked = replace(asked, plan=as_if_for(asked.plan, goal), is_nothing=False)
    begun = Begun(asked, {} if positions is None else positions)
    if asked.is_nothing and not begun.displaced:
        same = changes_between(plan, plan, asked.at)
        return Replan(
            plan=plan, before=plan, at=asked.at, changes=same, work=0, seconds=watch.seconds, stopped_by="work_limit",
            curve=(_point(None, plan, same),) if curve else (),
        )  # fmt: skip
    only = reserved_tasks(plan, locks, asked.at)
    rest = with_locks(begun, rest_of(begun.plan, begun.driven, asked.at, only=only), locks, only)
    if rest.problem is None:
        whole = whole_plan(rest, None, asked.at)
        found = Found(whole, changes_between(plan, whole, asked.at), rest, None)
        every: list[tuple[int | None, Found]] = [(None, found)] if curve else []
    else:
        within = Within(
            plan, rest, begun.roads_before, asked.at, only, limits.rules, seed=seed, watch=watch, threads=threads
        )
        most = None if most_changed is None else _most(most_changed, within)
        found = within.found(most)
        every = _curve(within, most, found) if curve else []
    settings = {name: value for name, value in found.plan.settings.items() if name != "search" or not found.work}
    new = replace(
        found.plan,
        settings=settings,
        seed=seed,
        work=found.work,
        explain=LateReasons(found.rest, found.solution, asked.at),
    )
    return Replan(
        plan=new, before=plan, at=asked.at, changes=found.changes, work=found.work, seconds=watch.seconds,
        stopped_by=found.stopped_by, curve=tuple(_point(cap, one.plan, one.changes) for cap, one in every),
    )  # fmt: skip


class Limits:
    """When searches end, and the watch that they share.

    Parameters
    ----------
    time_limit, work_limit, callback
        As for `replan`.
    """

    def __init__(self, time_limit: float | None, work_limit: int | None, callback: Callback | None) -> None:
        self._always = stop_rules(time_limit=time_limit, work_limit=work_limit, no_improvement=None, callback=callback)
        self._has_work, self._limit, self.watch = work_limit is not None, time_limit, Stopwatch()
        self._always = [rule for rule in self._always if not isinstance(rule, TimeLimit)]
        self._begun_s: float | None = None

    def rules(self, rest: Rest, searches: int) -> list[StopRule]:
        """Return the rules of the next of some searches for the rest of a night."""
        if self._limit is None:
            usual = [] if self._has_work else stop_rules(
                time_limit=None, work_limit=default_work(rest.night, rest.plan.objective.goal), no_improvement=None,
                callback=None,
            )  # fmt: skip
            return [*self._always, *usual]
        if self._begun_s is None:
            self._begun_s = self.watch.seconds
        left_s = self._limit - RESERVE * self._begun_s - self.watch.seconds
        return [*self._always, TimeLimit(self.watch.seconds + left_s / searches)]


RESERVE = 0.6
"""The whole plan takes so many times the seconds that it took to begin."""


def _require_cap(most_changed: float | None) -> None:
    """Refuse a cap that is neither a share nor a number of tasks."""
    if most_changed is None or 0 <= most_changed < 1:
        return
    if not (most_changed >= 1 and isfinite(most_changed) and float(most_changed).is_integer()):
        raise ProblemError(
            f"replan: most_changed {most_changed} is neither a share from 0 to below 1 nor a whole number of tasks"
        )


def _most(most_changed: float, within: Within) -> int:
    """Return how many tasks may be changed."""
    return int(most_changed if most_changed >= 1 else most_changed * within.least.changes.planned)


def _curve(within: Within, most: int | None, found: Found) -> list[tuple[int | None, Found]]:
    """Return the plans with several caps, the least first; what is found with a lower cap keeps a higher one."""
    planned = within.least.changes.planned
    caps = {int(share * planned) for share in SHARES} | ({most} if most is not None else set())
    every: list[tuple[int | None, Found]] = [(len(within.least.changes.tasks), within.least)]
    for cap in [*sorted(cap for cap in caps if cap > len(within.least.changes.tasks)), None]:
        one = found if cap == most else within.found(cap)
        every.append((cap, min([every[-1][1], one], key=lambda each: each.levels)))
    return every


def _point(most: int | None, plan: PatrolPlan, changes: Changes) -> CurvePoint:
    objective = plan.objective
    share = objective.prize_collected / objective.prize_total if objective.prize_total else 0.0
    worth = share if objective.seen is None else objective.seen
    return CurvePoint(
        most=most,
        tasks=len(changes.tasks),
        crews=len(changes.changed_crews),
        levels=tuple(objective.levels),
        worth=worth,
    )

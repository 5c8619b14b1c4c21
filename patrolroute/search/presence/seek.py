"""From a plan for points to one that is seen: tours of a quarter of an hour, a night of rounds, then windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from patrolroute.search.points import Found, search
from patrolroute.search.presence.improve import TOUR_WORK_A_STREET, Improved, default_tour_work, improve
from patrolroute.search.presence.rounds import rounds
from patrolroute.search.presence.tally import weights
from patrolroute.search.presence.tours import Quarter, moved, quarter_of, tours_of
from patrolroute.search.stopping import STOPS_ALL, Progress, StoppedBy, stop_rules

if TYPE_CHECKING:
    from patrolroute.problem.evaluate import Solution
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem


def seek_presence(
    problem: PatrolProblem, found: Found, left: Mapping[str, Any], **common: Any
) -> tuple[Laid, Improved]:
    """Go on for presence from what was found for points: lay a night of rounds, and improve what is seen.

    Parameters
    ----------
    problem, found
        The night, and what was found for points.
    left
        The limits for it: ``work_limit``, ``time_limit`` and ``no_improvement``, None where there is none.
    common
        ``seed``, ``start``, ``callback``, ``params`` and ``threads``, as for `solve`.
    """
    left, laid = dict(left), _rounds(problem, found, left, common)
    if left["time_limit"] is not None:
        left["time_limit"] = max(0.0, left["time_limit"] - laid.seconds)
    if laid.stopped_by in STOPS_ALL:
        left["work_limit"] = 0
    rules = stop_rules(**left, callback=common["callback"])
    return laid, improve(problem, found.solution, rules, seed=common["seed"], begin=laid.begin)


class Laid(NamedTuple):
    """A night of rounds, None if there is none; iterations and seconds that its tours took, and why they ended."""

    begin: Solution | None = None
    work: int = 0
    seconds: float = 0.0
    stopped_by: StoppedBy = "work_limit"


def _rounds(problem: PatrolProblem, found: Found, left: Mapping[str, Any], common: Mapping[str, Any]) -> Laid:
    """Make a night of rounds to begin with, unless somebody gave a start or the limits leave no room for it."""
    windows, seconds, work = left["work_limit"], left["time_limit"], common["params"].tour_work
    if work < 0:
        work = 0 if common["start"] is not None else default_tour_work(problem, windows, seconds)
    is_asked = work and windows != 0
    quarter = quarter_of(near_home(problem), weights(problem), seed=common["seed"]) if is_asked else None
    if quarter is None:
        return Laid()
    quarter, laid = _tours(quarter, work, seconds, dict(common), found)
    begin = None if laid.stopped_by in STOPS_ALL else rounds(problem, tours_of(quarter, laid.solution))
    return Laid(begin, laid.work, laid.seconds, laid.stopped_by)


def _tours(
    quarter: Quarter, work: int, seconds: float | None, common: dict[str, Any], found: Found
) -> tuple[Quarter, Found]:
    """Lay tours of a quarter of an hour, from other beginnings after every so many iterations."""
    callback, seed, done, taken = common["callback"], common["seed"], 0, 0.0

    def told(now: Progress) -> object:
        all_s = found.seconds + taken + now.seconds
        return callback(Progress(found.work + done + now.work, all_s, found.score, found.work))

    common |= {"start": None, "callback": None if callback is None else told}
    while True:
        part = min(work - done, TOUR_WORK_A_STREET * len(quarter.streets))
        rest = None if seconds is None else max(0.0, seconds - taken)
        laid = search(quarter.instance, work_limit=part, time_limit=rest, **common)
        done, taken = done + laid.work, taken + laid.seconds
        if laid.stopped_by != "work_limit" or done >= work:
            return quarter, replace(laid, work=done, seconds=taken)
        quarter, common["start"] = moved(quarter, laid.solution, seed=seed + done)


def near_home(problem: PatrolProblem) -> Instance:
    """Return a night in which crews keep to the streets of their own part where others are to cost something.

    Streets that are nobody's stay everybody's. This is a start: windows leave a crew's own part where that pays.
    """
    instance, asked = problem.instance, problem.near_home
    if asked is None or not asked.hundredths:
        return instance
    own = instance.allowed & ~problem.away
    return replace(instance, allowed=own | (instance.allowed & ~own.any(axis=0)))

"""From a plan for points to one that is seen: tours of a quarter of an hour, a night of rounds, then windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from patrolroute.problem.evaluate import evaluate
from patrolroute.search.points import Found, search
from patrolroute.search.presence.improve import TOUR_WORK_A_STREET, Improved, default_tour_work, improve
from patrolroute.search.presence.rounds import rounds
from patrolroute.search.presence.tally import weights
from patrolroute.search.presence.tours import Quarter, drawn_anew, moved, quarter_of, tours_of
from patrolroute.search.stopping import STOPS_ALL, StoppedBy, Stopwatch, stop_rules

if TYPE_CHECKING:
    from patrolroute.problem.evaluate import Solution
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem


DRAWN_ANEW = (5, 9)
"""Pieces of the search for tours after which the parts of the town are drawn anew: some draws lead nowhere."""

MOST_OF_TOURS = 0.4
"""So much of the time that is left goes to tours at most, however slow the computer is."""


def seek_presence(
    problem: PatrolProblem, found: Found, left: Mapping[str, Any], watch: Stopwatch, **common: Any
) -> tuple[Laid, Improved]:
    """Go on for presence from what was found for points: lay a night of rounds, and improve what is seen.

    Parameters
    ----------
    problem, found
        The night, and what was found for points.
    left
        The limits for it: ``work_limit``, ``time_limit`` and ``no_improvement``, None where there is none.
    watch
        Shows the seconds since all began.
    common
        ``seed``, ``start``, ``callback``, ``params`` and ``threads``, as for `solve`.
    """
    before_s, callback = watch.seconds, common["callback"]
    told = watch.staged(callback, "tours", found.work, counts=False)
    laid, seconds = _rounds(problem, left, common | {"callback": told}), left["time_limit"]
    rules = stop_rules(
        time_limit=None,
        work_limit=0 if laid.stopped_by in STOPS_ALL else left["work_limit"],
        no_improvement=left["no_improvement"],
        callback=watch.staged(callback, "presence", found.work),
    )
    if seconds is not None:
        seconds = max(0.0, seconds - (watch.seconds - before_s))
    start = common["start"]
    known = () if start is None or evaluate(problem, start).faults else (start,)
    own = {"time_limit": seconds, "seed": common["seed"], "watch": watch, "known": known}
    return laid, improve(problem, found.solution, rules, begin=laid.begin, **own)


class Laid(NamedTuple):
    """A night of rounds, None if there is none; iterations that its tours took, and why they ended."""

    begin: Solution | None = None
    work: int = 0
    stopped_by: StoppedBy = "work_limit"


def _rounds(problem: PatrolProblem, left: Mapping[str, Any], common: Mapping[str, Any]) -> Laid:
    """Make a night of rounds to begin with, unless somebody gave a start or the limits leave no room for it."""
    windows, seconds, work = left["work_limit"], left["time_limit"], common["params"].tour_work
    if work < 0:
        work = 0 if common["start"] is not None else default_tour_work(problem, windows, seconds)
    is_asked = work and windows != 0
    quarter = quarter_of(kept_near_home(problem), weights(problem), seed=common["seed"]) if is_asked else None
    if quarter is None:
        return Laid()
    quarter, laid = _tours(quarter, work, None if seconds is None else MOST_OF_TOURS * seconds, dict(common))
    begin = None if laid.stopped_by in STOPS_ALL else rounds(problem, tours_of(quarter, laid.solution))
    return Laid(begin, laid.work, laid.stopped_by)


def _tours(quarter: Quarter, work: int, seconds: float | None, common: dict[str, Any]) -> tuple[Quarter, Found]:
    """Lay tours of a quarter of an hour, piece by piece; return the best.

    After each piece of so many iterations the tours go on from other beginnings, or, now and then, the parts of the
    town are drawn anew. Which of these depends on nothing but the pieces done, so that the same work repeats.
    """
    seed, done, taken, piece = common["seed"], 0, 0.0, 0
    common["start"], best = None, None
    while True:
        part = min(work - done, TOUR_WORK_A_STREET * len(quarter.streets))
        rest = None if seconds is None else max(0.0, seconds - taken)
        laid = search(quarter.instance, work_limit=part, time_limit=rest, **common)
        done, taken, piece = done + laid.work, taken + laid.seconds, piece + 1
        if best is None or laid.score < best[1].score:
            best = quarter, laid
        if laid.stopped_by != "work_limit" or done >= work:
            return best[0], replace(best[1], work=done, stopped_by=laid.stopped_by)
        if piece in DRAWN_ANEW:
            quarter, common["start"] = drawn_anew(quarter, seed=seed + done), None
        else:
            quarter, common["start"] = moved(quarter, laid.solution, seed=seed + done)


def kept_near_home(problem: PatrolProblem) -> Instance:
    """Return a night in which crews keep to the streets of their own part where others are to cost something.

    Streets that are nobody's stay everybody's. This is a start: windows leave a crew's own part where that pays.
    """
    instance, asked = problem.instance, problem.near_home
    if asked is None or not asked.hundredths:
        return instance
    own = instance.allowed & ~problem.away
    return replace(instance, allowed=own | (instance.allowed & ~own.any(axis=0)))

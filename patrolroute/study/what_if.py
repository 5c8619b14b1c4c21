"""What if there were another car, what if the night were half an hour longer: one solve for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, ProblemError
from patrolroute.base.text import later
from patrolroute.base.vocabulary import GOALS, OLD_GOALS, Goal
from patrolroute.demand.model import not_whole
from patrolroute.plan.schedule import schedule, unexplained
from patrolroute.plan.seen import PresenceScore, presence_score
from patrolroute.problem.crew import MAX_FLEET
from patrolroute.problem.evaluate import Solution, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.params import SearchParams
from patrolroute.search.points import Found, default_work, search
from patrolroute.search.presence.improve import default_windows
from patrolroute.search.presence.seek import seek_presence
from patrolroute.search.solve import PLENTY_MILLE
from patrolroute.search.stopping import STOPS_ALL, Callback, Stopwatch, is_plentiful
from patrolroute.study.fleets import ending_later, fleet, minutes_later
from patrolroute.study.variants import Variant, WhatIf, WhyGoal, measured


class HasProblem(Protocol):
    """What gives a problem when it is asked, as `NightRun` does."""

    def problem(self) -> PatrolProblem:
        """Return the problem."""


@checked(but=("crews", "ends", "near_home"))
def what_if(  # noqa: PLR0913 - the grid, and how it is solved
    night: PatrolProblem | HasProblem,
    *,
    crews: Iterable[int] | None = None,
    ends: Iterable[int | str | dt.datetime] = (0,),
    near_home: Iterable[float] | None = None,
    goal: Goal = "auto",
    work_limit: int | None = None,
    seed: int = 0,
    params: SearchParams | None = None,
    threads: int | None = None,
    progress: Callable[[Variant], None] | None = None,
    callback: Callback | None = None,
) -> WhatIf:
    """Solve a night for several sizes of the fleet and several ends.

    Each fleet starts from the plan of the next smaller one, and of the same one on the next shorter night where that
    is better, so that with more crews a plan is never worse, level by level. A longer night holds the plan of a
    shorter one as well, unless opening hours or breaks forbid what it moves. Where presence is the goal the same holds
    for it: more crews are seen no less.

    Parameters
    ----------
    night
        The problem, or what has one, such as a `NightRun`.
    crews
        Sizes of the fleet, 1 to 1,000; the night's own if not given. Fewer than it has are its crews in an order that
        keeps the mix of depots, shifts and kinds; more are copies of them. What is reserved to a crew that stays at
        home is served by nobody.
    ends
        By how many minutes every shift ends later (below 0: sooner); or when the last one is to end, as a clock time
        or an aware datetime, all others being moved alike.
    near_home
        Weights of near home (`patrolroute.NearHome`) with which the night's own fleet (or the largest) is solved as
        well, until the night's own end (or the last one): what keeping near home costs and buys. Not given: 0 and the
        night's own weight, where the night has one. Without the goal presence it counts for nothing and is left out.
    goal
        As in `solve`; ``auto`` decides for each variant.
    work_limit
        Iterations for each variant, `default_work` if not given, for presence twice as many, of which half go to
        points: the same limit gives the same table.
    seed, params, threads
        As in `solve`.
    progress
        Called with each variant as it is done.
    callback
        As in `solve`, called while each variant is solved; returning True ends it all with what is done by then.

    Returns
    -------
    WhatIf
        After Ctrl-C, or where the callback stops it, with what is done by then.

    Raises
    ------
    ProblemError
        If a size or an end is not possible: each complaint says with how many crews and which end. Also if one
        stands where a list should, the goal is unknown, or weights of near home are given for a night without it.

    References
    ----------
    Fleet sizes by marginal worth: Archetti et al. 2014 (doi:10.1287/trsc.2012.0446) solve the team orienteering arc
    routing problem for two to four vehicles.
    """
    _require_lists(crews=crews, ends=ends, near_home=near_home)
    goal = OLD_GOALS.get(goal, goal)
    if goal not in GOALS:
        raise ProblemError(f"what if: goal {goal!r} is not one of {', '.join(GOALS)}")
    problem = night if isinstance(night, PatrolProblem) else night.problem()
    last = max(crew.end for crew in problem.crews)
    sizes, shifts = _sizes(problem, crews), minutes_later(list(ends), last, problem.timezone)
    longest = {minutes: _with_fleet(problem, max(sizes), minutes) for minutes in shifts}
    way = _Way(goal, work_limit, seed, params or SearchParams(), threads, callback)
    weights = _weights(problem, near_home)
    home = (len(problem.crews) if len(problem.crews) in sizes else max(sizes), 0 if 0 in shifts else max(shifts))
    found, shorter, homes = list[Variant](), dict[int, _Solved](), tuple[Variant, ...]()
    for minutes, whole in longest.items():
        smaller: _Solved | None = None
        for size in sizes:
            fewer = whole.select(crews=range(size))
            done = way.solved(fewer, smaller and smaller.grown(size), shorter.get(size))
            smaller = shorter[size] = done
            plan = schedule(fewer, done.solution, seed=seed, work=done.work, settings=way.settings(done))
            score = evaluate(fewer, done.solution).score
            found.append(measured(plan, score, later(last, 60 * minutes), minutes, why_goal=way.why(fewer, done)))
            if progress is not None:
                progress(found[-1])
            if done.is_interrupted:
                return WhatIf(tuple(found), len(problem.crews))
            if (size, minutes) == home and weights and done.is_for_presence:
                homes = _homes(way, fewer, done, found[-1], weights)
    if progress is not None:
        for one in homes:
            if one not in found:
                progress(one)
    return WhatIf(tuple(found), len(problem.crews), homes)


def _weights(problem: PatrolProblem, near_home: Iterable[float] | None) -> list[float]:
    """Return the weights of near home that are to be tried, ascending, each once."""
    own = problem.near_home
    if near_home is None:
        return [] if own is None else sorted({0.0, own.weight})
    if own is None:
        raise ProblemError("what if: the night does not ask to be near home; give it near_home with metres")
    return sorted({replace(own, weight=weight).weight for weight in near_home})


def _homes(
    way: _Way, problem: PatrolProblem, done: _Solved, own: Variant, weights: Sequence[float]
) -> tuple[Variant, ...]:
    """Return a variant of the night with each weight of near home.

    Each begins from what was found before, and what was found before stays where it is better by its own weight.
    """
    homes, before = list[Variant](), done
    for weight in weights:
        if weight == own.near_home:
            homes.append(own)
            continue
        other = problem.with_home_weight(weight)
        before = way.solved(other, before, None)
        plan = schedule(other, before.solution, seed=way.seed, work=before.work, settings=way.settings(before))
        score, why = evaluate(other, before.solution).score, way.why(other, before)
        homes.append(measured(plan, score, own.end, own.minutes, why_goal=why))
        if before.is_interrupted:
            break
    return tuple(homes)


@dataclass(frozen=True, slots=True)
class _Solved:
    """What was found for one fleet: by the search for points, and after the search for presence where that is asked."""

    for_points: Solution
    solution: Solution
    work: int
    is_interrupted: bool
    is_for_presence: bool = False

    def grown(self, size: int) -> _Solved:
        """Add empty routes."""
        return replace(self, for_points=_grown(self.for_points, size), solution=_grown(self.solution, size))


@dataclass(frozen=True, slots=True)
class _Way:
    """How each variant is solved."""

    goal: Goal
    work_limit: int | None
    seed: int
    params: SearchParams
    threads: int | None
    callback: Callback | None

    def settings(self, done: _Solved) -> dict[str, object]:
        """Return what a plan keeps of it."""
        return asdict(self.params) | {"goal": "presence" if done.is_for_presence else "points"}

    def why(self, problem: PatrolProblem, done: _Solved) -> WhyGoal:
        """Return why a variant is made for its goal."""
        if self.goal != "auto":
            return "asked"
        if done.is_for_presence:
            return "fits"
        return "missed" if evaluate(problem, done.for_points).score.required_missed else "short"

    def solved(self, problem: PatrolProblem, smaller: _Solved | None, shorter: _Solved | None) -> _Solved:
        """Solve a variant from the best of what was found for a smaller fleet and for a shorter night.

        Presence begins from points, where all crews share the work: a crew that had nothing to do yet would come by
        early only, since nobody waits for a street. What was found before stays where it is better.

        Parameters
        ----------
        problem
            The variant.
        smaller, shorter
            What was found for the next smaller fleet, and for the next shorter night; None where there is none.
        """
        known = [solved for solved in (smaller, shorter) if solved is not None]
        work = default_work(problem.instance) if self.work_limit is None else self.work_limit
        windows = default_windows(problem) if self.work_limit is None else work - work // 2
        if self.goal == "presence" and self.work_limit is not None:
            work //= 2
        found = self._for_points(problem, known, work)
        is_wanted = self.goal == "presence" or is_plentiful(found.score, problem.prize_total, PLENTY_MILLE)
        is_interrupted = found.stopped_by in STOPS_ALL
        if is_interrupted or self.goal == "points" or not is_wanted:
            return _Solved(found.solution, found.solution, found.work, is_interrupted)
        limits = {"work_limit": windows, "time_limit": None, "no_improvement": None}
        common = {
            "seed": self.seed, "params": self.params, "threads": self.threads, "start": None, "callback": self.callback,
        }  # fmt: skip
        laid, better = seek_presence(problem, found, limits, Stopwatch(), **common)
        lively = [
            solved.solution
            for solved in known
            if solved.is_for_presence and evaluate(problem, solved.solution).is_feasible
        ]
        best = min((better.solution, *lively), key=lambda solution: _rank(problem, solution))
        work = found.work + better.work
        is_interrupted = any(one.stopped_by in STOPS_ALL for one in (laid, better))
        return _Solved(found.solution, best, work, is_interrupted, is_for_presence=True)

    def _for_points(self, problem: PatrolProblem, known: Sequence[_Solved], work: int) -> Found:
        starts = [_fitting(problem, solved.for_points) for solved in known]
        start = min(starts, key=lambda solution: evaluate(problem, solution).score, default=None)
        return search(
            problem.instance, work_limit=work, seed=self.seed, start=start, params=self.params, threads=self.threads,
            callback=self.callback,
        )  # fmt: skip


def _rank(problem: PatrolProblem, solution: Solution) -> PresenceScore:
    """Return the levels of presence."""
    return presence_score(unexplained(problem, solution, settings={"goal": "presence"}))


def _require_lists(**wishes: object) -> None:
    """Complain of a single number, clock time or moment: the letters of ``"22:30"`` are no ends of a night."""
    complaints = Complaints()
    for name, wish in wishes.items():
        if isinstance(wish, (int, float, str, dt.datetime)):
            complaints.add(f"what if: {name} {wish!r} is not a list; write [{wish!r}]")
    complaints.raise_as(ProblemError)


def _sizes(problem: PatrolProblem, crews: Iterable[int] | None) -> list[int]:
    """Return the sizes of the fleet, ascending, each once."""
    wanted = [len(problem.crews)] if crews is None else list(crews)
    complaints = Complaints()
    for size in wanted:
        complaints.extend(not_whole("what if: number of crews", size, 1, MAX_FLEET))
    if not wanted:
        complaints.add("what if: the list of numbers of crews is empty")
    complaints.raise_as(ProblemError)
    return sorted({int(size) for size in wanted})


def _with_fleet(problem: PatrolProblem, size: int, minutes: int) -> PatrolProblem:
    """Return the night with a fleet of at least its own size, whose shifts end later."""
    own = fleet(problem.crews, max(size, len(problem.crews)))
    try:
        return replace(problem, crews=ending_later(own, minutes))
    except InputError as error:
        raise ProblemError(item.about(f"what if, {minutes:+d} min") for item in error.items) from error


def _grown(solution: Solution, size: int) -> Solution:
    """Add empty routes."""
    more = size - len(solution.routes)
    return Solution((*solution.routes, *((),) * more), (*solution.breaks, *(None,) * more) if solution.breaks else ())


def _fitting(problem: PatrolProblem, solution: Solution) -> Solution:
    """Leave out what no longer fits, as what a longer night moves out of its opening hours."""
    if evaluate(problem, solution).is_feasible:
        return solution
    return search(problem.instance, work_limit=0, start=solution, params=SearchParams(), threads=1).solution

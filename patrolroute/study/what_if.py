"""What if there were another car, what if the night were half an hour longer: one solve for each, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from patrolroute.demand.wishes import not_whole
from patrolroute.engine.params import SearchParams
from patrolroute.engine.run import default_work, search
from patrolroute.engine.stop import stop_rules
from patrolroute.errors import Complaints, InputError, ProblemError
from patrolroute.plan.metrics.levels import presence_levels
from patrolroute.plan.schedule import schedule
from patrolroute.presence.improve import improve
from patrolroute.problem.crew import MAX_FLEET
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.fewer import first_crews
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.solution import Solution
from patrolroute.study.fleets import ending_later, fleet, minutes_later
from patrolroute.study.variants import Variant, WhatIf, measured
from patrolroute.words import GOALS, Goal


class HasProblem(Protocol):
    """What gives a problem when it is asked, as `NightRun` does."""

    def problem(self) -> PatrolProblem:
        """Give the problem."""


def what_if(  # noqa: PLR0913 - the grid, and how it is solved
    night: PatrolProblem | HasProblem,
    *,
    crews: Iterable[int] | None = None,
    ends: Iterable[int | str | dt.datetime] = (0,),
    goal: Goal = "prize",
    work_limit: int | None = None,
    seed: int = 0,
    params: SearchParams | None = None,
    threads: int | None = None,
    progress: Callable[[Variant], None] | None = None,
) -> WhatIf:
    """Solve a night for several sizes of the fleet and several ends.

    Each fleet starts from the plan of the next smaller one, and of the same one on the next shorter night where that
    is better, so that with more crews a plan is never worse, level by level. A longer night holds the plan of a
    shorter one as well, unless opening hours or breaks forbid what it moves. With ``goal="presence"`` the same holds
    for presence: where more crews collect no more points, streets are left alone no longer, by priority.

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
    goal
        As in `solve`. ``presence`` where every fleet collects nearly all points: what does a further crew buy then?
    work_limit
        Iterations for each variant, `default_work` if not given, for presence twice as many, of which half go to
        points: the same limit gives the same table.
    seed, params, threads
        As in `solve`.
    progress
        Called with each variant as it is done.

    Returns
    -------
    WhatIf
        After Ctrl-C with what is done by then.

    Raises
    ------
    ProblemError
        If a size or an end is not possible: each complaint says with how many crews and which end. Also if one
        stands where a list should, or the goal is unknown.

    References
    ----------
    Fleet sizes by marginal worth: Archetti et al. 2014 (doi:10.1287/trsc.2012.0446) solve the team orienteering arc
    routing problem for two to four vehicles.
    """
    _require_lists(crews=crews, ends=ends)
    if goal not in GOALS:
        raise ProblemError(f"what if: goal {goal!r} is not one of {', '.join(GOALS)}")
    problem = night if isinstance(night, PatrolProblem) else night.problem()
    last = max(crew.end for crew in problem.crews)
    sizes, shifts = _sizes(problem, crews), minutes_later(list(ends), last, problem.timezone)
    longest = {minutes: _with_fleet(problem, max(sizes), minutes) for minutes in shifts}
    way = _Way(goal, work_limit, seed, params or SearchParams(), threads)
    found, shorter = list[Variant](), dict[int, _Solved]()
    for minutes, whole in longest.items():
        smaller: _Solved | None = None
        for size in sizes:
            fewer = first_crews(whole, size)
            done = way.solved(fewer, smaller and smaller.grown(size), shorter.get(size))
            smaller = shorter[size] = done
            plan = schedule(fewer, done.solution, seed=seed, work=done.work, settings=way.settings())
            score = evaluate(fewer, done.solution).score
            found.append(measured(plan, score, last + dt.timedelta(minutes=minutes), minutes))
            if progress is not None:
                progress(found[-1])
            if done.is_interrupted:
                return WhatIf(tuple(found), len(problem.crews))
    return WhatIf(tuple(found), len(problem.crews))


@dataclass(frozen=True, slots=True)
class _Solved:
    """What was found for one fleet: by the search for points, and after the search for presence where that is asked."""

    for_points: Solution
    solution: Solution
    work: int
    is_interrupted: bool

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

    def settings(self) -> dict[str, object]:
        """Give what a plan keeps of it."""
        return asdict(self.params) | {"goal": self.goal}

    def solved(self, problem: PatrolProblem, smaller: _Solved | None, shorter: _Solved | None) -> _Solved:
        """Solve a variant from the best of what was found for a smaller fleet and for a shorter night.

        Presence begins from points, where all crews share the work: a crew that had nothing to do yet would come by
        early only, since nobody waits for a street. What was found before stays where it is better.
        """
        known = [one for one in (smaller, shorter) if one is not None]
        work = default_work(problem) if self.work_limit is None else self.work_limit
        if self.goal == "prize":
            return self._for_points(problem, known, work)
        whole = 2 * work if self.work_limit is None else work
        found = self._for_points(problem, known, whole // 2)
        if found.is_interrupted:
            return found
        rules = stop_rules(work_limit=whole - whole // 2, time_limit=None, no_improvement=None, callback=None)
        better = improve(problem, found.solution, rules, seed=self.seed)
        lively = [one.solution for one in known if evaluate(problem, one.solution).is_feasible]
        best = min((better.solution, *lively), key=lambda one: _rank(problem, one))
        return _Solved(found.for_points, best, found.work + better.work, better.stopped_by == "interrupted")

    def _for_points(self, problem: PatrolProblem, known: Sequence[_Solved], work: int) -> _Solved:
        starts = [_fitting(problem, one.for_points) for one in known]
        start = min(starts, key=lambda one: evaluate(problem, one).score, default=None)
        found = search(problem, work_limit=work, seed=self.seed, start=start, params=self.params, threads=self.threads)
        return _Solved(found.solution, found.solution, found.work, found.stopped_by == "interrupted")


def _rank(problem: PatrolProblem, solution: Solution) -> tuple[tuple[int, ...], tuple[int, int]]:
    """Order solutions by what must be served and by points, then by presence."""
    return evaluate(problem, solution).score[:2], presence_levels(schedule(problem, solution))


def _require_lists(**wishes: object) -> None:
    """Complain of a single number, clock time or moment: the letters of ``"22:30"`` are no ends of a night."""
    complaints = Complaints()
    for name, wish in wishes.items():
        if isinstance(wish, (int, str, dt.datetime)):
            complaints.add(f"what if: {name} {wish!r} is not a list; write [{wish!r}]")
    complaints.raise_as(ProblemError)


def _sizes(problem: PatrolProblem, crews: Iterable[int] | None) -> list[int]:
    """Give the sizes of the fleet, ascending, each once."""
    wanted = [len(problem.crews)] if crews is None else list(crews)
    complaints = Complaints()
    for size in wanted:
        complaints.extend(not_whole("what if: number of crews", size, 1, MAX_FLEET))
    if not wanted:
        complaints.add("what if: the list of numbers of crews is empty")
    complaints.raise_as(ProblemError)
    return sorted({int(size) for size in wanted})


def _with_fleet(problem: PatrolProblem, size: int, minutes: int) -> PatrolProblem:
    """Give the night with a fleet of at least its own size, whose shifts end later."""
    own = fleet(problem.crews, max(size, len(problem.crews)))
    try:
        return replace(problem, crews=ending_later(own, minutes))
    except InputError as error:
        raise ProblemError([f"what if, {minutes:+d} min: {said}" for said in error.complaints]) from error


def _grown(solution: Solution, size: int) -> Solution:
    """Add empty routes."""
    more = size - len(solution.routes)
    return Solution((*solution.routes, *((),) * more), (*solution.breaks, *(None,) * more) if solution.breaks else ())


def _fitting(problem: PatrolProblem, solution: Solution) -> Solution:
    """Leave out what no longer fits, as what a longer night moves out of its opening hours."""
    if evaluate(problem, solution).is_feasible:
        return solution
    return search(problem, work_limit=0, start=solution, params=SearchParams(), threads=1).solution

"""What if there were another car, what if the night were half an hour longer: one solve for each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from numbers import Integral
from typing import Protocol

from patrolroute.base.errors import Complaints, InputError, ProblemError
from patrolroute.base.text import later
from patrolroute.base.vocabulary import GOALS, OLD_GOALS, Goal
from patrolroute.demand.hours import parse_clock
from patrolroute.demand.model import not_whole
from patrolroute.plan.schedule import schedule, unexplained
from patrolroute.plan.seen import PresenceScore, presence_score
from patrolroute.problem.clock import zone
from patrolroute.problem.crew import MAX_FLEET, Crew
from patrolroute.problem.evaluate import Solution, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.params import SearchParams
from patrolroute.search.points import Found, default_work, search
from patrolroute.search.presence.improve import default_windows
from patrolroute.search.presence.seek import seek_presence
from patrolroute.search.solve import PLENTY_MILLE
from patrolroute.search.stopping import Stopwatch, is_plentiful
from patrolroute.study.variants import Variant, WhatIf, WhyGoal, measured

NUMBER = re.compile(r"\d+$")


def fleet(crews: Sequence[Crew], size: int) -> tuple[Crew, ...]:
    """Put crews in an order whose every beginning keeps the mix of depots, shifts and kinds, with copies at the end.

    Crews that differ in nothing but their id are a group. The next crew is always of the group that is shortest of its
    share, the first of equals: the seats of Webster 1832 and Sainte-Laguë 1910, which give each group exactly its own
    crews before the first copy.

    Parameters
    ----------
    crews
        The night's own crews.
    size
        How many are wanted; beyond those that there are, copies with ids of their own are added.

    Examples
    --------
    >>> from patrolroute.problem.crew import Crew
    >>> night = {"start": "20:30", "end": "23:45", "date": "2026-05-08"}
    >>> crews = [*Crew.fleet(4, depot=(117.0, 32.6), **night), *Crew.fleet(2, depot=(117.1, 32.6), prefix="S", **night)]
    >>> " ".join(crew.id for crew in fleet(crews, 8))
    'P01 S01 P02 P03 S02 P04 P05 S03'
    """
    groups: list[list[Crew]] = []
    for crew in crews:
        alike = next((group for group in groups if replace(crew, id=group[0].id) == group[0]), None)
        if alike is None:
            groups.append([crew])
        else:
            alike.append(crew)
    taken, used, ordered = [0] * len(groups), {crew.id for crew in crews}, list[Crew]()
    while len(ordered) < size:
        number = max(range(len(groups)), key=lambda one: (len(groups[one]) / (2 * taken[one] + 1), -one))
        own = groups[number]
        crew = own[taken[number]] if taken[number] < len(own) else replace(own[0], id=_next_id(own[-1].id, used))
        used.add(crew.id)
        taken[number] += 1
        ordered.append(crew)
    return tuple(ordered)


def ending_later(crews: Sequence[Crew], minutes: int) -> tuple[Crew, ...]:
    """Let every shift end so many minutes later, or sooner if they are below 0.

    Raises
    ------
    ProblemError
        If a shift becomes too short or too long, naming each.
    """
    found, wrong = list[Crew](), Complaints()
    for crew in crews:
        end = later(crew.end, 60 * minutes)
        try:
            found.append(replace(crew, end=end))
        except ProblemError as error:
            wrong.extend(error.items)
    wrong.raise_as(ProblemError)
    return tuple(found)


def minutes_later(ends: Sequence[int | str | dt.datetime], last: dt.datetime, timezone: str) -> list[int]:
    """Return by how many minutes each wish moves the end of the last shift, ascending, each once.

    Parameters
    ----------
    ends
        Minutes; or when the last shift is to end: a clock time, the one nearest to its end, or an aware datetime.
    last
        When the last shift ends now.
    timezone
        Of clock times.

    Raises
    ------
    ProblemError
        With every wish that cannot be read.
    """
    found, wrong = set[int](), Complaints()
    for wish in ends:
        try:
            found.add(_minutes(wish, last.astimezone(zone(timezone))))
        except InputError as error:
            wrong.extend(error.items)
    if not ends:
        wrong.add("ends: the list is empty; give [0] for the night as it is")
    wrong.raise_as(ProblemError)
    return sorted(found)


def _minutes(wish: object, last: dt.datetime) -> int:
    if isinstance(wish, Integral) and not isinstance(wish, bool):
        return int(wish)
    if isinstance(wish, str):
        clock = dt.datetime.combine(last.date(), parse_clock(wish), tzinfo=last.tzinfo)
        moment = min((clock + dt.timedelta(days=days) for days in (-1, 0, 1)), key=lambda one: abs(one - last))
    elif isinstance(wish, dt.datetime) and wish.utcoffset() is not None:
        moment = wish
    else:
        raise ProblemError(f"end {wish!r} is neither minutes, a clock time such as '23:15' nor an aware datetime")
    seconds = (moment.astimezone(dt.UTC) - last.astimezone(dt.UTC)).total_seconds()
    if seconds % 60:
        raise ProblemError(f"end {wish!r} is not a whole number of minutes from {last:%H:%M:%S}, when the night ends")
    return int(seconds // 60)


def _next_id(last: str, used: set[str]) -> str:
    """Count an id on: ``P09`` becomes ``P10``, and ``north`` becomes ``north 2``."""
    return next(name for name in _counted_on(last) if name not in used)


def _counted_on(last: str) -> Iterator[str]:
    digits = NUMBER.search(last)
    stem, number, width = f"{last} ", 1, 1
    if digits is not None:
        stem, number, width = last[: digits.start()], int(digits[0]), len(digits[0])
    yield from (f"{stem}{one:0{width}d}" for one in count(number + 1))


class HasProblem(Protocol):
    """What gives a problem when it is asked, as `NightRun` does."""

    def problem(self) -> PatrolProblem:
        """Return the problem."""


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

    Returns
    -------
    WhatIf
        After Ctrl-C with what is done by then.

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
    way = _Way(goal, work_limit, seed, params or SearchParams(), threads)
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
        is_interrupted = found.stopped_by == "interrupted"
        if is_interrupted or self.goal == "points" or not is_wanted:
            return _Solved(found.solution, found.solution, found.work, is_interrupted)
        limits = {"work_limit": windows, "time_limit": None, "no_improvement": None}
        common = {"seed": self.seed, "params": self.params, "threads": self.threads, "start": None, "callback": None}
        _, better = seek_presence(problem, found, limits, Stopwatch(), **common)
        lively = [
            solved.solution
            for solved in known
            if solved.is_for_presence and evaluate(problem, solved.solution).is_feasible
        ]
        best = min((better.solution, *lively), key=lambda solution: _rank(problem, solution))
        work = found.work + better.work
        return _Solved(found.solution, best, work, better.stopped_by == "interrupted", is_for_presence=True)

    def _for_points(self, problem: PatrolProblem, known: Sequence[_Solved], work: int) -> Found:
        starts = [_fitting(problem, solved.for_points) for solved in known]
        start = min(starts, key=lambda solution: evaluate(problem, solution).score, default=None)
        return search(
            problem.instance, work_limit=work, seed=self.seed, start=start, params=self.params, threads=self.threads
        )


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

"""One slow, plain, obviously right score of a solution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from patrolroute.errors import Complaints, ProblemError
from patrolroute.problem.solution import DRIVE_BY, EXTRA
from patrolroute.units import INFINITE_S, Points, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution, Visit

SHARE_UNIT = 1_000_000
"""Shares of a time budget are compared as whole millionths, so that no rounding decides."""


class Score(NamedTuple):
    """The levels, compared left to right; smaller is better.

    Parameters
    ----------
    required_missed
        Required tasks without a counted visit.
    prize_forgone
        Points of wanted visits that were not made.
    longest_route
        Longest route, waits included, in millionths of its crew's time budget.
    driving_s
        Seconds of driving, patrolling included, over all crews.
    """

    required_missed: int
    prize_forgone: Points
    longest_route: int
    driving_s: Seconds


@dataclass(frozen=True, slots=True)
class RouteTimes:
    """When a crew does what.

    Parameters
    ----------
    starts
        Second at which each visit starts; a street's once the turn into it is done.
    end_s
        Second at which the crew is at its end depot.
    driving_s
        What driving costs (its seconds, unless the problem says otherwise), and the seconds of patrolling.
    faults
        Rules that the order of visits breaks, in words.
    break_s
        Second at which the break starts; None if there is none.
    """

    starts: tuple[Seconds, ...]
    end_s: Seconds
    driving_s: Seconds
    faults: tuple[str, ...]
    break_s: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a solution is worth, and every rule that it breaks (empty if it is feasible)."""

    score: Score
    prize_collected: Points
    routes: tuple[RouteTimes, ...]
    faults: tuple[str, ...]

    @property
    def is_feasible(self) -> bool:
        """Whether no rule is broken; missed required tasks are a matter of the score."""
        return not self.faults


def evaluate(problem: PatrolProblem, solution: Solution) -> Evaluation:
    """Score a solution, and say which rules it breaks.

    Raises
    ------
    ProblemError
        If the solution has not one route for each crew, or visits a task, slice or direction that there is none of.
    """
    _check_numbers(problem, solution)
    routes = tuple(
        route_times(problem, crew, route, solution.break_before(crew)) for crew, route in enumerate(solution.routes)
    )
    faults = [fault for route in routes for fault in route.faults]
    times_made = Counter((visit.task, visit.slot) for visit in solution.counted())
    for (task, slot), times in sorted(times_made.items()):
        if times > 1:
            faults.append(f"task {problem.tasks[task].id}: visit {slot + 1} is made {times} times")
    done = Counter(task for task, _ in times_made)
    collected = sum(sum(problem.tasks[task].worth[:count]) for task, count in done.items())
    missed = sum(1 for index, task in enumerate(problem.tasks) if task.required and not done[index])
    shares = (route_share(problem, crew, times) for crew, times in enumerate(routes))
    longest = max(shares, default=0) if problem.balance else 0
    score = Score(missed, problem.prize_total - collected, longest, sum(route.driving_s for route in routes))
    return Evaluation(score, collected, routes, tuple(faults))


def _check_numbers(problem: PatrolProblem, solution: Solution) -> None:
    """Raise every number of a solution that means nothing in this problem."""
    complaints = Complaints()
    if len(solution.routes) != len(problem.crews):
        complaints.add(f"solution: {len(solution.routes)} routes for {len(problem.crews)} crews")
    complaints.extend(_wrong_breaks(problem, solution))
    for visit in solution.visits():
        if not 0 <= visit.task < len(problem.tasks):
            complaints.add(f"solution: there is no task {visit.task}; there are {len(problem.tasks)}, counted from 0")
            continue
        task = problem.tasks[visit.task]
        is_extra = visit.slot in (EXTRA, DRIVE_BY) and task.kind == "street"
        slot = ("slice", 0 if is_extra else visit.slot, task.visits_wanted)
        for word, number, count in (slot, ("direction", visit.way, task.ways)):
            if not 0 <= number < count:
                complaints.add(f"solution: task {task.id} has no {word} {number}; it has {count}, counted from 0")
    complaints.raise_as(ProblemError)


def _wrong_breaks(problem: PatrolProblem, solution: Solution) -> Iterator[str]:
    if solution.breaks and len(solution.breaks) != len(problem.crews):
        yield f"solution: {len(solution.breaks)} breaks for {len(problem.crews)} crews; None stands for no break"
        return
    for crew, (route, before) in enumerate(zip(solution.routes, solution.breaks, strict=False)):
        if route and before is not None and not 0 <= before <= len(route):
            name = problem.crews[crew].id
            yield f"solution: crew {name!r} cannot rest after {before} visits; it makes {len(route)}"


def route_share(problem: PatrolProblem, crew: int, times: RouteTimes) -> int:
    """Give a route's length in millionths of the crew's budget."""
    start, end = problem.shift_s(crew)
    return (times.end_s - start) * SHARE_UNIT // (end - start)


def route_times(
    problem: PatrolProblem, crew: int, route: tuple[Visit, ...], break_before: int | None = None
) -> RouteTimes:
    """Drive through one crew's visits, each as early as possible, and take the break after so many of them.

    A crew without a visit stays at its depot, break or not.
    """
    trip = _Trip(problem, crew)
    if not route:
        return RouteTimes((), trip.clock, 0, ())
    for number, visit in enumerate(route):
        if number == break_before:
            trip.rest()
        trip.serve(visit)
    if len(route) == break_before:
        trip.rest()
    trip.go_home()
    load = sum(problem.tasks[visit.task].load for visit in route)
    trip.faults.extend(_wrong_load(problem, crew, load))
    if problem.break_of(crew) is not None and break_before is None:
        trip.faults.append(f"{trip.thing}: its break is missing")
    return RouteTimes(tuple(trip.starts), trip.clock, trip.driving, tuple(trip.faults), trip.break_s)


def _wrong_load(problem: PatrolProblem, crew: int, load: int) -> Iterator[str]:
    capacity = problem.crews[crew].capacity
    if capacity is not None and load > capacity:
        yield f"crew {problem.crews[crew].id!r}: its visits load {load}, more than its capacity {capacity}"


class _Trip:
    """One crew on its way: where it is, what time it is, what went wrong."""

    def __init__(self, problem: PatrolProblem, crew: int) -> None:
        self.problem, self.crew = problem, crew
        self.thing = f"crew {problem.crews[crew].id!r}"
        self.clock, self.shift_end = problem.shift_s(crew)
        self.position = problem.depot_node(crew)
        self.travel = problem.travel_matrix(crew)
        self.driving = 0
        self.starts: list[Seconds] = []
        self.faults: list[str] = []
        self.break_s: Seconds | None = None

    def serve(self, visit: Visit) -> None:
        """Drive to a visit, wait until it may start, serve; a visit that nobody could make is noted and skipped."""
        task = self.problem.tasks[visit.task]
        thing = f"{self.thing}, task {task.id}"
        entry, leave, service_s = self.problem.way(self.crew, visit)
        drive = self.travel.seconds(self.position, entry)
        if not self.problem.is_allowed(self.crew, visit.task):
            self.faults.append(f"{thing}: the crew may not serve it")
            return
        if drive >= INFINITE_S:
            self.faults.append(f"{thing}: cannot be reached")
            return
        ready = self.clock + drive
        begin = ready if visit.slot < 0 else earliest_start(task.starts[visit.slot], ready)
        if begin is None:
            self.faults.append(f"{thing}: visit {visit.slot + 1} comes too late")
            begin = ready
        self.starts.append(begin)
        self.driving += self.travel.cost(self.position, entry) + (service_s if task.kind == "street" else 0)
        self.clock, self.position = begin + service_s, leave

    def rest(self) -> None:
        """Wait where the crew stands until the break may start, then take it."""
        rest = self.problem.break_of(self.crew)
        if rest is None:
            self.faults.append(f"{self.thing}: has no break to take")
            return
        length_s, spans = rest
        begin = earliest_start(spans, self.clock)
        if begin is None:
            self.faults.append(f"{self.thing}: its break comes too late")
            begin = self.clock
        self.break_s, self.clock = begin, begin + length_s

    def go_home(self) -> None:
        """Drive to the end depot."""
        home = self.problem.home_node(self.crew)
        drive = self.travel.seconds(self.position, home)
        if drive >= INFINITE_S:
            self.faults.append(f"{self.thing}: no way home")
        self.clock, self.driving = self.clock + drive, self.driving + self.travel.cost(self.position, home)
        if self.clock > self.shift_end:
            self.faults.append(f"{self.thing}: home {self.clock - self.shift_end} s after the shift's end")


def earliest_start(spans: tuple[tuple[Seconds, Seconds], ...], ready: Seconds) -> Seconds | None:
    """Give the first allowed second at or after ``ready``, or None if it is too late.

    Examples
    --------
    >>> earliest_start(((10, 20), (30, 40)), 5), earliest_start(((10, 20), (30, 40)), 25), earliest_start(((1, 2),), 3)
    (10, 30, None)
    """
    return next((max(first, ready) for first, last in spans if ready <= last), None)

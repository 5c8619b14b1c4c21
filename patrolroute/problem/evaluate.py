"""One slow, plain, obviously right score of a solution."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from patrolroute.errors import Complaints, ProblemError
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
        Second at which each visit starts.
    end_s
        Second at which the crew is at its end depot.
    driving_s
        Seconds of driving, patrolling included.
    faults
        Rules that the order of visits breaks, in words.
    """

    starts: tuple[Seconds, ...]
    end_s: Seconds
    driving_s: Seconds
    faults: tuple[str, ...]


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
    routes = tuple(route_times(problem, crew, route) for crew, route in enumerate(solution.routes))
    faults = [fault for route in routes for fault in route.faults]
    times_made = Counter((visit.task, visit.slot) for visit in solution.visits())
    for (task, slot), times in sorted(times_made.items()):
        if times > 1:
            faults.append(f"task {problem.tasks[task].id}: visit {slot + 1} is made {times} times")
    done = Counter(task for task, _ in times_made)
    collected = sum(sum(problem.tasks[task].worth[:count]) for task, count in done.items())
    missed = sum(1 for index, task in enumerate(problem.tasks) if task.required and not done[index])
    longest = max((route_share(problem, crew, times) for crew, times in enumerate(routes)), default=0)
    score = Score(missed, problem.prize_total - collected, longest, sum(route.driving_s for route in routes))
    return Evaluation(score, collected, routes, tuple(faults))


def _check_numbers(problem: PatrolProblem, solution: Solution) -> None:
    """Raise every number of a solution that means nothing in this problem."""
    complaints = Complaints()
    if len(solution.routes) != len(problem.crews):
        complaints.add(f"solution: {len(solution.routes)} routes for {len(problem.crews)} crews")
    for visit in solution.visits():
        if not 0 <= visit.task < len(problem.tasks):
            complaints.add(f"solution: there is no task {visit.task}; there are {len(problem.tasks)}, counted from 0")
            continue
        task = problem.tasks[visit.task]
        for word, number, count in (("slice", visit.slot, task.visits_wanted), ("direction", visit.way, task.ways)):
            if not 0 <= number < count:
                complaints.add(f"solution: task {task.id} has no {word} {number}; it has {count}, counted from 0")
    complaints.raise_as(ProblemError)


def route_share(problem: PatrolProblem, crew: int, times: RouteTimes) -> int:
    """Give a route's length in millionths of the crew's budget."""
    start, end = problem.shift_s(crew)
    return (times.end_s - start) * SHARE_UNIT // (end - start)


def route_times(problem: PatrolProblem, crew: int, route: tuple[Visit, ...]) -> RouteTimes:
    """Drive through one crew's visits, each as early as possible."""
    start, shift_end = problem.shift_s(crew)
    faults: list[str] = []
    if not route:
        return RouteTimes((), start, 0, ())
    travel = problem.travel_matrix(crew)
    clock, node, driving, starts = start, problem.depot_node(crew), 0, []
    for visit in route:
        task = problem.tasks[visit.task]
        thing = f"crew {problem.crews[crew].id!r}, task {task.id}"
        if not problem.is_allowed(crew, visit.task):
            faults.append(f"{thing}: the crew may not serve it")
            continue
        entry, leave, service_s = problem.way(crew, visit)
        drive = travel.seconds(node, entry)
        if drive >= INFINITE_S:
            faults.append(f"{thing}: cannot be reached")
            continue
        begin = earliest_start(task.starts[visit.slot], clock + drive)
        if begin is None:
            faults.append(f"{thing}: visit {visit.slot + 1} comes too late")
            begin = clock + drive
        starts.append(begin)
        driving += drive + (service_s if task.kind == "street" else 0)
        clock, node = begin + service_s, leave
    drive = travel.seconds(node, problem.home_node(crew))
    if drive >= INFINITE_S:
        faults.append(f"crew {problem.crews[crew].id!r}: no way home")
    clock, driving = clock + drive, driving + drive
    if clock > shift_end:
        faults.append(f"crew {problem.crews[crew].id!r}: home {clock - shift_end} s after the shift's end")
    return RouteTimes(tuple(starts), clock, driving, tuple(faults))


def earliest_start(spans: tuple[tuple[Seconds, Seconds], ...], ready: Seconds) -> Seconds | None:
    """Give the first allowed second at or after ``ready``, or None if it is too late.

    Examples
    --------
    >>> earliest_start(((10, 20), (30, 40)), 5), earliest_start(((10, 20), (30, 40)), 25), earliest_start(((1, 2),), 3)
    (10, 30, None)
    """
    return next((max(first, ready) for first, last in spans if ready <= last), None)

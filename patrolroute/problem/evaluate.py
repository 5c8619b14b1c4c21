"""`Solution`: decisions and nothing else; and one slow, plain, obviously right score of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from patrolroute.base.arguments import checked, checked_fields
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import INFINITE_S, Mode, Points, Seconds
from patrolroute.problem.directions import broken_directions, partners, same_way

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem


__all__ = [
    "AT_HOME", "DRIVE_BY", "EXTRA", "SHARE_UNIT", "Evaluation", "Names", "RouteTimes", "Score", "Solution", "Trip",
    "Visit", "earliest_start", "evaluate", "partners", "route_share", "route_times", "same_way",
]  # fmt: skip
"""By the same door: which tasks count only together, and which visits go the way of the one before."""

EXTRA, DRIVE_BY = -1, -2
"""Stand for a slice: one more patrol of a street, at any time, that counts in none; and a mere drive through it."""


AT_HOME = -1
"""Stands for the place of a break: at the end depot, after the drive home."""


class Visit(NamedTuple):
    """One decision: serve a task in one of its slices, in one of its directions.

    Parameters
    ----------
    task
        Index into ``problem.tasks``.
    slot
        Index of the slice that the visit counts in, or, for streets, `EXTRA` or `DRIVE_BY`: the crew is seen at any
        time, patrolling or driving through, and nothing is counted.
    direction
        A street: index of the direction in which it is driven. A hotspot: index into its ``stops``, the positions in
        which a crew may stand there, which differ in the arc that it came by; one on a network without turns.
    """

    task: int
    slot: int = 0
    direction: int = 0


class Meeting(NamedTuple):
    """An agreed second: when the members of a joint stop's meeting start to stand there.

    Parameters
    ----------
    task
        Index into ``problem.tasks``, of a joint stop.
    number
        Of its meeting, from 0.
    at_s
        The second, on the night's clock.
    """

    task: int
    number: int
    at_s: Seconds


class Names(NamedTuple):
    """What the numbers in a solution stand for.

    Parameters
    ----------
    fingerprint
        Of the night that it was made for; see `patrolroute.PatrolProblem.fingerprint`.
    crews, tasks
        The ids, in the order in which the solution counts them.
    """

    fingerprint: str
    crews: tuple[str, ...]
    tasks: tuple[str, ...]


@checked_fields
@dataclass(frozen=True, slots=True)
class Solution:
    """One order of visits for each crew, in the order of ``problem.crews``.

    Any solver, or a person with a pencil, can make one; `patrolroute.problem.evaluate.evaluate` says what
    it is worth and `patrolroute.plan.schedule.schedule` turns it into a plan.

    Parameters
    ----------
    routes
        The visits of each crew, in order.
    breaks
        For each crew the number of visits made before its break: 0 at the depot before the first drive, as many as
        the route has before the drive home; `AT_HOME` at the end depot after it; None for no break. Empty: nobody
        takes one. A crew without a visit stays at its depot and needs no break; a number given for it means nothing.
    names
        What the numbers stand for, by which it can start the search of another night; those of `patrolroute.solve` have
        them. Solutions that differ in nothing else are equal.
    meetings
        The agreed seconds of joint stops: at each all members of a meeting start. Empty where hours leave no choice.
    """

    routes: tuple[tuple[Visit, ...], ...]
    breaks: tuple[int | None, ...] = ()
    names: Names | None = field(default=None, compare=False, repr=False)
    meetings: tuple[Meeting, ...] = ()

    def break_before(self, crew: int) -> int | None:
        """Return the number of visits that a crew makes before its break, `AT_HOME`, or None if it takes none."""
        return self.breaks[crew] if self.breaks else None

    def visits(self) -> Iterator[Visit]:
        """Go through all visits, crew by crew."""
        return (visit for route in self.routes for visit in route)

    def counted(self) -> Iterator[Visit]:
        """Go through the visits that count in a slice."""
        return (visit for visit in self.visits() if visit.slot >= 0)

    @classmethod
    def empty(cls, crews: int) -> Solution:
        """Leave every crew at its depot."""
        return cls(((),) * crews)


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
        Longest route, waits included, in millionths of its crew's time budget; with several modes the sum of the
        longest of each, so that a walk and a drive do not hide each other.
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
        Second at which the crew is at its end depot, its break over if it takes that there.
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


@checked
def evaluate(problem: PatrolProblem | Instance, solution: Solution) -> Evaluation:
    """Score a solution, and say which rules it breaks.

    Parameters
    ----------
    problem
        The night, or its numbers alone.
    solution
        The decisions for it.

    Raises
    ------
    ProblemError
        If the solution has not one route for each crew, or visits a task, slice or direction that there is none of.
    """
    _check_numbers(problem.instance, solution)
    instance = problem.instance.agreed(solution.meetings)
    routes = tuple(
        route_times(instance, crew, route, solution.break_before(crew)) for crew, route in enumerate(solution.routes)
    )
    faults = [fault for route in routes for fault in route.faults]
    times_made = Counter((visit.task, visit.slot) for visit in solution.counted())
    for (task, slot), times in sorted(times_made.items()):
        if times > 1:
            faults.append(f"task {instance.tasks[task].id}: visit {slot + 1} is made {times} times")
    faults.extend(broken_directions(instance.tasks, solution))
    done, broken = _done(instance, solution, routes)
    faults += broken
    collected = sum(sum(instance.tasks[task].worth[:count]) for task, count in done.items())
    missed = sum(1 for index, task in enumerate(instance.tasks) if task.required and not done[index])
    shares = ((instance.class_of(crew).mode, route_share(instance, crew, times)) for crew, times in enumerate(routes))
    longest = sum_of_longest(shares) if instance.balance else 0
    score = Score(missed, instance.prize_total - collected, longest, sum(route.driving_s for route in routes))
    return Evaluation(score, collected, routes, tuple(faults))


def _done(instance: Instance, solution: Solution, routes: Sequence[RouteTimes]) -> tuple[Counter[int], list[str]]:
    """Return how many visits of each task count, and what is wrong with meetings: one that is not whole counts nothing.

    Parameters
    ----------
    instance, solution, routes
        The night's numbers, the decisions, and when their visits start.
    """
    starts: dict[tuple[int, int], list[Seconds]] = {}
    members: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for crew, (route, times) in enumerate(zip(solution.routes, routes, strict=True)):
        # of a route with a visit that nobody could make the seconds are told by nothing, and it has a fault anyway
        seconds = times.starts if len(times.starts) == len(route) else (0,) * len(route)
        for visit, start in zip(route, seconds, strict=True):
            if visit.slot >= 0:
                place = visit.task, visit.slot // instance.tasks[visit.task].crews
                starts.setdefault(place, []).append(start)
                members.setdefault(place, set()).add((crew, visit.slot))
    done, faults = Counter[int](), list[str]()
    for (task, number), made in sorted(members.items()):
        wanted, thing = instance.tasks[task].crews, f"task {instance.tasks[task].id}: meeting {number + 1}"
        there = len({crew for crew, _ in made})
        if wanted > 1 and not there == len(made) == wanted:
            faults.append(f"{thing} has {there} of {wanted} crews")
        elif wanted > 1 and len(set(starts[task, number])) > 1:
            faults.append(f"{thing} starts at {len(set(starts[task, number]))} different seconds")
        else:
            done[task] += wanted
    return done, faults


def sum_of_longest(shares: Iterable[tuple[Mode, int]]) -> int:
    """Return the sum over modes of the longest route of each.

    Parameters
    ----------
    shares
        The mode and the length of each route.

    Examples
    --------
    >>> sum_of_longest([("car", 700), ("bicycle", 200), ("car", 900)]), sum_of_longest([])
    (1100, 0)
    """
    longest: dict[Mode, int] = {}
    for mode, share in shares:
        longest[mode] = max(longest.get(mode, 0), share)
    return sum(longest.values())


def _check_numbers(instance: Instance, solution: Solution) -> None:
    """Raise every number of a solution that means nothing in this instance."""
    complaints = Complaints()
    if len(solution.routes) != len(instance.crews):
        complaints.add(f"solution: {len(solution.routes)} routes for {len(instance.crews)} crews")
    complaints.extend(_wrong_breaks(instance, solution))
    complaints.extend(_wrong_meetings(instance, solution))
    for visit in solution.visits():
        if not 0 <= visit.task < len(instance.tasks):
            complaints.add(f"solution: there is no task {visit.task}; there are {len(instance.tasks)}, counted from 0")
            continue
        task = instance.tasks[visit.task]
        is_extra = visit.slot in (EXTRA, DRIVE_BY) and task.kind == "street"
        slot = ("slice", 0 if is_extra else visit.slot, task.visits_wanted)
        for word, number, count in (slot, ("direction", visit.direction, task.ways)):
            if not 0 <= number < count:
                complaints.add(f"solution: task {task.id} has no {word} {number}; it has {count}, counted from 0")
    complaints.raise_as(ProblemError)


def _wrong_meetings(instance: Instance, solution: Solution) -> Iterator[str]:
    for task, number, at_s in solution.meetings:
        if not 0 <= task < len(instance.tasks):
            yield f"solution: there is no task {task}; there are {len(instance.tasks)}, counted from 0"
            continue
        own = instance.tasks[task]
        meetings = own.visits_wanted // own.crews if own.crews > 1 else 0
        if not 0 <= number < meetings:
            yield f"solution: task {own.id} has no meeting {number}; it has {meetings}, counted from 0"
        elif not any(first <= at_s <= last for first, last in own.starts[number * own.crews]):
            yield f"solution: meeting {number + 1} of task {own.id} cannot start at second {at_s}"


def _wrong_breaks(instance: Instance, solution: Solution) -> Iterator[str]:
    if solution.breaks and len(solution.breaks) != len(instance.crews):
        yield f"solution: {len(solution.breaks)} breaks for {len(instance.crews)} crews; None stands for no break"
        return
    for crew, (route, before) in enumerate(zip(solution.routes, solution.breaks, strict=False)):
        if route and before not in (None, AT_HOME) and not 0 <= before <= len(route):
            name = instance.crews[crew].id
            yield f"solution: crew {name!r} cannot take its break after {before} visits; it makes {len(route)}"


def route_share(instance: Instance, crew: int, times: RouteTimes) -> int:
    """Return a route's length in millionths of the crew's budget.

    Parameters
    ----------
    instance, crew
        The night's numbers and whose route it is.
    times
        When the crew does what.
    """
    start, end = instance.crews[crew].shift_s
    return (times.end_s - start) * SHARE_UNIT // (end - start)


def route_times(instance: Instance, crew: int, route: tuple[Visit, ...], break_before: int | None = None) -> RouteTimes:
    """Drive through one crew's visits, each as early as possible, and take the break after so many of them.

    A crew without a visit stays at its depot, break or not.

    Parameters
    ----------
    instance, crew
        The night's numbers and who drives.
    route
        The crew's visits, in order.
    break_before
        Number of visits made before the break, `AT_HOME`, None for no break.
    """
    trip = Trip(instance, crew)
    if not route:
        return RouteTimes((), trip.clock, 0, ())
    for number, visit in enumerate(route):
        if number == break_before:
            trip.take_break()
        trip.serve(visit)
    if len(route) == break_before:
        trip.take_break()
    trip.drive_home()
    if break_before == AT_HOME:
        trip.take_break()
    trip.end_shift()
    if instance.crews[crew].break_ is not None and break_before is None:
        trip.faults.append(f"{trip.thing}: its break is missing")
    return RouteTimes(tuple(trip.starts), trip.clock, trip.driving, tuple(trip.faults), trip.break_s)


class Trip:
    """One crew on its way: where it is, what time it is, how far it has driven, what went wrong."""

    def __init__(self, instance: Instance, crew: int) -> None:
        self.instance, self.crew = instance, crew
        self.thing = f"crew {instance.crews[crew].id!r}"
        self.clock, self.shift_end = instance.crews[crew].shift_s
        self.row = instance.crews[crew].depot
        self.travel, self._hours = instance.travel(crew), instance.class_of(crew).clock
        self.driving = self.length_m = self.load = 0
        self.starts: list[Seconds] = []
        self.faults: list[str] = []
        self.break_s: Seconds | None = None

    def serve(self, visit: Visit) -> None:
        """Drive to a visit, wait until it may start, serve; a visit that nobody could make is noted and skipped."""
        task = self.instance.tasks[visit.task]
        self.load += task.load if visit.slot != DRIVE_BY else 0
        thing = f"{self.thing}, task {task.id}"
        if not self.instance.is_allowed(self.crew, visit.task):
            self.faults.append(f"{thing}: the crew may not serve it")
            return
        way = self.instance.way(self.crew, visit)
        drive = self._drive_s(way.entry)
        if drive >= INFINITE_S:
            self.faults.append(f"{thing}: cannot be reached")
            return
        ready = self.clock + drive
        begin = ready if visit.slot < 0 else earliest_start(task.starts[visit.slot], ready)
        if begin is None:
            self.faults.append(f"{thing}: visit {visit.slot + 1} comes too late")
            begin = ready
        self.starts.append(begin)
        self._measure(way.entry, way.length_m)
        service_s = self._service_s(visit, way.service_s, begin)
        cost = int(self.travel.cost[self.row, way.entry]) if self._hours is None else drive
        self.driving += cost + (service_s if task.kind == "street" else 0)
        self.clock, self.row = begin + service_s, way.leave

    def _drive_s(self, row: int) -> Seconds:
        """Return the seconds of the drive to a row that begins now."""
        slowest_s = int(self.travel.seconds[self.row, row])
        if self._hours is None or slowest_s >= INFINITE_S:
            return slowest_s
        return self._hours.drive_s((self.row, row), self.clock, slowest_s)

    def _service_s(self, visit: Visit, slowest_s: Seconds, begin_s: Seconds) -> Seconds:
        """Return the seconds of a visit that begins at a second, the turn into a street done."""
        chain = self.instance.tasks[visit.task].chain(visit.direction)
        if self._hours is None or not chain:
            return slowest_s
        return self._hours.along(chain, begin_s, -1, patrols=visit.slot != DRIVE_BY)

    def ready_s(self, visit: Visit) -> Seconds:
        """Return when the crew would come to a visit if it drove there now."""
        return self.clock + self._drive_s(self.instance.way(self.crew, visit).entry)

    def _measure(self, row: int, length_m: int = 0) -> None:
        """Add up the metres of the drive to a row, and of a street from there on, where they are limited."""
        if self.instance.crews[self.crew].range_m is not None:
            self.length_m += int(self.travel.metres[self.row, row]) + length_m

    def take_break(self) -> None:
        """Wait where the crew stands until the break may start, then take it."""
        laid = self.instance.crews[self.crew].break_
        if laid is None:
            self.faults.append(f"{self.thing}: has no break to take")
            return
        begin = earliest_start(laid.starts, self.clock)
        if begin is None:
            self.faults.append(f"{self.thing}: its break comes too late")
            begin = self.clock
        self.break_s, self.clock = begin, begin + laid.length_s

    def drive_home(self) -> None:
        """Drive to the end depot."""
        end_depot = self.instance.crews[self.crew].end_depot
        drive = self._drive_s(end_depot)
        if drive >= INFINITE_S:
            self.faults.append(f"{self.thing}: no way home")
        self._measure(end_depot)
        cost = int(self.travel.cost[self.row, end_depot]) if self._hours is None else drive
        self.clock, self.driving = self.clock + drive, self.driving + cost

    def end_shift(self) -> None:
        """Note how late the crew is, and what it carried or drove too much."""
        one = self.instance.crews[self.crew]
        if self.clock > self.shift_end:
            self.faults.append(f"{self.thing}: home {self.clock - self.shift_end} s after the shift's end")
        if one.capacity is not None and self.load > one.capacity:
            self.faults.append(f"{self.thing}: its visits load {self.load}, more than its capacity {one.capacity}")
        if one.range_m is not None and self.length_m > one.range_m:
            self.faults.append(f"{self.thing}: drives {self.length_m} m, more than its range of {one.range_m} m")

    def ahead(self) -> Trip:
        """Return the same crew to look ahead with, without what it did before."""
        trip = copy(self)
        trip.starts, trip.faults = [], []
        return trip


def earliest_start(spans: tuple[tuple[Seconds, Seconds], ...], ready: Seconds) -> Seconds | None:
    """Return the first allowed second at or after ``ready``, or None if it is too late.

    Examples
    --------
    >>> earliest_start(((10, 20), (30, 40)), 5), earliest_start(((10, 20), (30, 40)), 25), earliest_start(((1, 2),), 3)
    (10, 30, None)
    """
    return next((max(first, ready) for first, last in spans if ready <= last), None)

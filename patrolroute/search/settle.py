"""What the search found made to keep what it does not know: both directions or none, another direction each time.

The search prices visits one by one: a visit in one direction alone is worth half to it, and of two visits in the same
direction it knows no harm. So, once it is over, each visit that lacks the other direction gets it where it fits
soonest, or is left out; and visits that go the way of the one before are turned round, or left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.evaluate import Solution, Visit, partners, route_times, same_way
from patrolroute.problem.instance import Instance

TRIED = 12
"""So many places with the shortest detours are tried for a visit."""


def settled(instance: Instance, solution: Solution) -> Solution:
    """Return decisions in which every rule of directions is kept; the same ones where there is none.

    Parameters
    ----------
    instance
        The night.
    solution
        Decisions that break no other rule.
    """
    if not instance.fast and not any(task.pair is not None or task.alternate for task in instance.tasks):
        return solution
    work = _Routes(instance, solution)
    pair = partners(instance.tasks)
    for half in sorted(work.halves(pair), key=lambda one: _worth_first(instance, one)):
        if not work.insert(half._replace(task=pair[half.task])):
            work.remove(*work.place_of(half))
    for task in sorted({task for task, _, _ in same_way(instance.tasks, work.solution)}):
        work.turn(task)
    if instance.fast:
        work.fill()
    return work.solution


def _worth_first(instance: Instance, half: Visit) -> tuple[bool, int, int, int]:
    task = instance.tasks[half.task]
    return not task.required, -task.prize, half.task, half.slot


class _Routes:
    """Decisions that change, route by route; each change keeps every rule of its route."""

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.routes = [list(route) for route in solution.routes]
        self.breaks: list[int | None] = list(solution.breaks) or [None] * len(self.routes)
        self._names = solution.names

    @property
    def solution(self) -> Solution:
        """The decisions as they are now."""
        breaks = tuple(self.breaks)
        rests = breaks if any(before is not None for before in breaks) else ()
        return Solution(tuple(map(tuple, self.routes)), rests, self._names)

    def halves(self, pair: dict[int, int]) -> list[Visit]:
        """Return the visits that count and lack the one in the other direction."""
        made = {(visit.task, visit.slot): visit for visit in self.solution.counted()}
        return [visit for (task, slot), visit in made.items() if task in pair and (pair[task], slot) not in made]

    def place_of(self, visit: Visit) -> tuple[int, int]:
        """Return the crew and the place of a visit."""
        return next((crew, route.index(visit)) for crew, route in enumerate(self.routes) if visit in route)

    def insert(self, visit: Visit) -> bool:
        """Make one more visit where the detour is shortest; return whether it fits anywhere."""
        for _, crew, place, way in sorted(self._detours(visit.task))[:TRIED]:
            route, before = list(self.routes[crew]), self.breaks[crew]
            route.insert(place, visit._replace(direction=way))
            if before is not None and place < before:  # `AT_HOME` is below every place
                before += 1
            if self._is_sound(crew, route, before):
                self.routes[crew], self.breaks[crew] = route, before
                return True
        return False

    def fill(self) -> None:
        """Make more visits in the time that hours with quick roads leave over, those that are worth most first."""
        made, tasks = {(visit.task, visit.slot) for visit in self.solution.counted()}, self.instance.tasks
        missing = [
            Visit(number, slot) for number, task in enumerate(tasks)
            if task.pair is None and not task.alternate
            for slot in range(task.visits_wanted) if (number, slot) not in made
        ]  # fmt: skip
        for visit in sorted(missing, key=lambda one: _worth_first(self.instance, one)):
            self.insert(visit)

    def _detours(self, task: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield seconds of detour, crew, place and way of each place where a visit might be made."""
        for crew, route in enumerate(self.routes):
            if not self.instance.is_allowed(crew, task) or (not route and self.instance.crews[crew].break_ is not None):
                continue
            seconds, own = self.instance.travel(crew).seconds, self.instance.crews[crew]
            made = [self.instance.way(crew, visit) for visit in route]
            rows = [(own.depot, own.depot), *((one.entry, one.leave) for one in made), (own.end_depot, own.end_depot)]
            for way, one in enumerate(self.instance.ways(crew, task)):
                for place in range(len(route) + 1):
                    there, on = int(seconds[rows[place][1], one.entry]), int(seconds[one.leave, rows[place + 1][0]])
                    if max(there, on) < INFINITE_S:
                        direct = int(seconds[rows[place][1], rows[place + 1][0]])
                        yield there + one.service_s + on - direct, crew, place, way

    def remove(self, crew: int, place: int) -> None:
        """Leave a visit out; where the rest breaks a rule without it, as metres may, the crew stays at its depot."""
        route, before = self.routes[crew], self.breaks[crew]
        left = route[:place] + route[place + 1 :]
        if before is not None and place < before:
            before -= 1
        if not self._is_sound(crew, left, before):
            left = []
        self.routes[crew], self.breaks[crew] = left, before

    def turn(self, task: int) -> None:
        """Let the visits of a task go in turns: begin with the direction that keeps more of them."""
        routes, breaks, found = self.routes, self.breaks, []
        for first in (0, 1):
            self.routes, self.breaks = [list(route) for route in routes], list(breaks)
            lost = self._turned(task, first)
            found.append((lost, first, self.routes, self.breaks))
        _, _, self.routes, self.breaks = min(found, key=lambda one: one[:2])

    def _turned(self, task: int, direction: int) -> int:
        """Turn visits round, slot by slot, the first into a direction; return how many had to be left out."""
        lost, own = 0, self.instance.tasks[task]
        visits = sorted((visit for visit in self.solution.counted() if visit.task == task), key=lambda one: one.slot)
        for visit in visits:
            if own.direction_of(visit.direction) == direction or self._turn_round(visit, direction):
                direction = 1 - direction
            else:
                self.remove(*self.place_of(visit))
                lost += 1
        return lost

    def _turn_round(self, visit: Visit, direction: int) -> bool:
        """Let a visit go in a direction; return whether it can."""
        crew, place = self.place_of(visit)
        for way in self.instance.tasks[visit.task].ways_in(direction):
            route = list(self.routes[crew])
            route[place] = visit._replace(direction=way)
            if self._is_sound(crew, route, self.breaks[crew]):
                self.routes[crew] = route
                return True
        return False

    def _is_sound(self, crew: int, route: list[Visit], before: int | None) -> bool:
        return not route_times(self.instance, crew, tuple(route), before).faults

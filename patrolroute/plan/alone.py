"""Whether a crew could make a visit if it had nothing else to do all night."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from patrolroute.problem.evaluate import route_times
from patrolroute.problem.solution import Visit
from patrolroute.units import INFINITE_S, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

Verdict: TypeAlias = Literal["fits", "late", "long"]


class Alone:
    """Asks once for all crews that are alike: same mode, speed, depots, shift and break."""

    def __init__(self, problem: PatrolProblem) -> None:
        self.problem = problem
        self._loops: dict[tuple[int, int], Seconds] = {}
        self._verdicts: dict[tuple[int, int, int], Verdict] = {}

    def loop_s(self, crew: int, task: int) -> Seconds:
        """Give the seconds of serving a task alone by its quickest way, without the break."""
        key = self._twin[crew], task
        if key not in self._loops:
            self._loops[key] = min(_loops(self.problem, *key))
        return self._loops[key]

    def fits(self, crew: int, task: int, slot: int) -> Verdict:
        """Say whether one visit alone fits into a crew's shift: ``fits``, ``late`` (its hours) or ``long``.

        The crew may serve the task and has the capacity.
        """
        key = self._twin[crew], task, slot
        if key not in self._verdicts:
            self._verdicts[key] = self._try(crew, task, slot)
        return self._verdicts[key]

    @cached_property
    def _twin(self) -> tuple[int, ...]:
        """The first crew that is like each crew."""
        first: dict[object, int] = {}
        return tuple(
            first.setdefault(kind_of(self.problem, number), number) for number in range(len(self.problem.crews))
        )

    def _try(self, crew: int, task: int, slot: int) -> Verdict:
        problem = self.problem
        start, end = problem.shift_s(crew)
        verdict: Verdict = "long"
        for way, loop_s in enumerate(_loops(problem, crew, task)):
            if loop_s + break_s(problem, crew) > end - start:
                continue
            places = (None,) if problem.break_of(crew) is None else (0, 1)
            if any(not route_times(problem, crew, (Visit(task, slot, way),), place).faults for place in places):
                return "fits"
            verdict = "late"
        return verdict


def kind_of(problem: PatrolProblem, crew: int) -> tuple[object, ...]:
    """Give what decides how a crew's clock runs: mode, speed, depots, shift and break."""
    one, ends = problem.crews[crew], (problem.depot_node(crew), problem.home_node(crew))
    return one.mode, one.speed_factor, ends, problem.shift_s(crew), problem.break_of(crew)


def break_s(problem: PatrolProblem, crew: int) -> Seconds:
    """Give the length of a crew's break, 0 if it has none."""
    rest = problem.break_of(crew)
    return 0 if rest is None else rest[0]


def _loops(problem: PatrolProblem, crew: int, task: int) -> Iterator[Seconds]:
    """Give the seconds of the loop for each way to serve a task alone."""
    travel, depot, home = problem.travel_matrix(crew), problem.depot_node(crew), problem.home_node(crew)
    for entry, leave, service_s in problem.ways(crew, task):
        there, back = travel.seconds(depot, entry), travel.seconds(leave, home)
        yield min(INFINITE_S, there + service_s + back)

"""The last step: drives through become patrols where the clock allows, and patrols count where a visit is wanted."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from patrolroute.compiled import kernel
from patrolroute.engine.arrays import Night
from patrolroute.presence.arrays import Streets
from patrolroute.presence.memory import Memory, is_better, keep_best
from patrolroute.presence.tally import write_levels
from patrolroute.presence.walk import DRIVE_BY, EXTRA, follow, settle, taken_s
from patrolroute.problem.evaluate import route_times
from patrolroute.problem.solution import EXTRA as ONE_MORE
from patrolroute.problem.solution import Solution, Visit

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@kernel
def slow_down(night: Night, streets: Streets, memory: Memory) -> None:
    """Let crews patrol the streets that they drive through on purpose, one after the other, if no level gets worse."""
    walks = memory.walks
    for route in range(len(walks.route)):
        for place in range(walks.route[route].items):
            one = walks.item[route, place]
            if one.copy == DRIVE_BY:
                one.copy = EXTRA
                one.service_s = taken_s(night, night.crew[route].kind, one.task, one.way, one.copy)
                is_kept = follow(night, streets, walks, memory.tally, route)
                settle(streets, walks, memory.tally)
                write_levels(streets, memory.tally, memory.now)
                if not is_kept or is_better(memory.levels, memory.now):
                    one.copy = DRIVE_BY
                    one.service_s = taken_s(night, night.crew[route].kind, one.task, one.way, one.copy)
                    follow(night, streets, walks, memory.tally, route)
                    settle(streets, walks, memory.tally)
    write_levels(streets, memory.tally, memory.now)
    keep_best(memory)


def count_what_counts(problem: PatrolProblem, solution: Solution) -> Solution:
    """Count patrols that were extra in slices in which a visit is still wanted: nothing but the points changes."""
    made: dict[int, set[int]] = defaultdict(set)
    for visit in solution.counted():
        made[visit.task].add(visit.slot)
    routes = []
    for crew, route in enumerate(solution.routes):
        starts = route_times(problem, crew, route, solution.break_before(crew)).starts
        routes.append(tuple(_counted(problem, visit, at, made) for visit, at in zip(route, starts, strict=True)))
    return Solution(tuple(routes), solution.breaks)


def _counted(problem: PatrolProblem, visit: Visit, at: int, made: dict[int, set[int]]) -> Visit:
    if visit.slot != ONE_MORE:
        return visit
    for slot, spans in enumerate(problem.tasks[visit.task].starts):
        if slot not in made[visit.task] and any(first <= at <= last for first, last in spans):
            made[visit.task].add(slot)
            return visit._replace(slot=slot)
    return visit

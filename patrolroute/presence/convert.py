"""Decisions turned into walks, and back."""

from __future__ import annotations

from patrolroute.engine.arrays import Night
from patrolroute.presence.walk import Walks, place_item
from patrolroute.problem.solution import Solution, Visit


def lay(night: Night, walks: Walks, solution: Solution) -> None:
    """Lay a feasible solution out, the break of a crew as one of its visits."""
    walks.route.items = 0
    for crew, visits in enumerate(solution.routes):
        rest, before = int(night.crew[crew].rest), solution.break_before(crew)
        for number, visit in enumerate(visits):
            if number == before and rest >= 0:
                _append(night, walks, crew, int(night.copy[rest].task), 0, rest)
            copy = visit.slot if visit.slot < 0 else int(night.task[visit.task].first_copy) + visit.slot
            _append(night, walks, crew, visit.task, visit.way, copy)
        if visits and rest >= 0 and before == len(visits):
            _append(night, walks, crew, int(night.copy[rest].task), 0, rest)


def _append(night: Night, walks: Walks, crew: int, *item: int) -> None:
    place_item(night, walks, crew, int(walks.route[crew].items), *item)


def to_solution(night: Night, walks: Walks) -> Solution:
    """Give walks as decisions."""
    routes, breaks = [], []
    for crew in range(len(walks.route)):
        items = walks.item[crew, : walks.route[crew].items]
        rests = [
            place for place, copy in enumerate(items["copy"].tolist()) if copy >= 0 and copy == night.crew[crew].rest
        ]
        kept = [one for place, one in enumerate(items) if place not in rests]
        routes.append(tuple(_visit(night, one) for one in kept))
        breaks.append(rests[0] if rests else None)
    return Solution(tuple(routes), tuple(breaks) if any(place is not None for place in breaks) else ())


def _visit(night: Night, one: object) -> Visit:
    task, way, copy = int(one["task"]), int(one["way"]), int(one["copy"])  # type: ignore[index]
    slot = copy if copy < 0 else copy - int(night.task[task].first_copy)
    return Visit(task, slot, way)

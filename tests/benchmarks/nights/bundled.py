"""The bundled night or a part of it, and any night with a promise for every street."""

from __future__ import annotations

from dataclasses import replace

from patrolroute.demand.model import PriorityStreet
from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.problem.model import PatrolProblem


def night(streets: int | None, visits: int | None, crews: int | None = None) -> PatrolProblem:
    """Make the bundled night, or a part of it.

    Parameters
    ----------
    streets
        Keep the first so many segments, and no hotspots; all if not given.
    visits
        Ask for every street so often; as the night has it if not given.
    crews
        Send out the first so many; all if not given.
    """
    path = bundled_night()
    problem = NightRun(read_night(path), path.parent).problem()
    left, demand = streets if streets is not None else len(problem.tasks), []
    for item in problem.demand:
        if isinstance(item, PriorityStreet):
            kept = item.segments[:left]
            left -= len(kept)
            if kept:
                prize = None if item.prize is None else item.prize[: len(kept)]
                demand.append(replace(item, segments=kept, prize=prize, visits=visits or item.visits))
        elif streets is None:
            demand.append(item)
    hours = problem.key_hours if streets is None else ()
    return PatrolProblem(problem.network, demand, problem.crews[:crews], key_hours=hours)


def promised(problem: PatrolProblem, minutes: float) -> PatrolProblem:
    """Return the same night with a promise for every street: nobody comes by for ``minutes / priority`` at most."""
    demand = [
        replace(item, max_gap_min=minutes / item.priority) if isinstance(item, PriorityStreet) else item
        for item in problem.demand
    ]
    return PatrolProblem(problem.network, demand, problem.crews, timezone=problem.timezone, key_hours=problem.key_hours)

"""The same night with its first crews alone: nothing else changes, so that what fewer can do more can do as well."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from patrolroute.demand.wishes import not_whole
from patrolroute.errors import ProblemError

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


def first_crews(problem: PatrolProblem, count: int) -> PatrolProblem:
    """Leave all crews but the first ones at home.

    Tasks, slices, networks and the night's first and last second stay those of all crews, and what is reserved to a
    crew that stays at home is served by nobody. So a solution of this problem, with empty routes added, is one of the
    whole and has the same score.

    Parameters
    ----------
    problem
        The night with all crews.
    count
        How many go out, 1 to all.

    Raises
    ------
    ProblemError
        If there are not so many.
    """
    if wrong := list(not_whole("number of crews", count, 1, len(problem.crews))):
        raise ProblemError(wrong)
    fewer = copy(problem)
    kept: dict[str, Any] = {
        "crews": tuple(problem.crews[:count]),
        "depots": problem.depots[:count],
        "night": problem.night,
        "allowed": problem.allowed[:count],
        "reservations": problem.reservations,
        "_breaks": tuple(problem.break_of(crew) for crew in range(count)),
    }
    for name, value in kept.items():
        object.__setattr__(fewer, name, value)  # also what the problem works out but once, as if it had been
    return fewer

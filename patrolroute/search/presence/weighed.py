"""One more night for presence from another one, by what the seconds of each street are made to weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.search.presence.improve import Night, stripped

if TYPE_CHECKING:
    from collections.abc import Callable

    from patrolroute.problem.evaluate import Solution
    from patrolroute.problem.model import PatrolProblem

SLICE = 100
"""Windows between two looks whether somebody wants to stop: half a second or so."""


def improved_by_hours(
    problem: PatrolProblem,
    start: Solution,
    *,
    windows: int,
    seed: int,
    is_over: Callable[[], bool] = bool,
) -> Solution:
    """Return decisions by which more is seen of what weighs, from others that may be seen of everything else.

    `patrolroute.search.presence.improve.improve` compares plans by their key hours; here nothing is compared, for what
    the seconds weigh (`patrolroute.problem.model.PatrolProblem.with_hour_weights`) need not be any planner's wish.

    Parameters
    ----------
    problem, start
        The night, and feasible decisions for it. Of what is required and hotspots nothing that they serve is lost.
    windows
        How many are looked at (`patrolroute.search.presence.window`).
    seed
        Of the search's random numbers.
    is_over
        Looked at every `SLICE` windows; True ends the search.
    """
    begin = stripped(problem, start)
    night = Night(problem, max(len(route) for route in begin.routes), seed=seed)
    night.warm_up()
    night.begin(begin)
    for done in range(0, windows, SLICE):
        if is_over():
            break
        night.run(min(SLICE, windows - done))
    night.finish()
    return night.solution

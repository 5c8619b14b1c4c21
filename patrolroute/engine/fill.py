"""The last step of a solution: deadheads become patrol where the clock allows and a visit is still wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.engine.arrays import arrays
from patrolroute.engine.start import to_solution, warm

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution


def fill(problem: PatrolProblem, solution: Solution) -> Solution:
    """Insert visits still wanted until none fits at any position of any allowed route, in any direction and slot.

    Required tasks come first, then the best worth per added second. A deadhead that runs along a street that is
    still wanted becomes a patrol of that street, if the crew has the time to drive it at patrol speed.
    `solve` does this by itself; benchmarks do it to every baseline's answer.

    Parameters
    ----------
    problem, solution
        The night, and decisions for it, made by any solver or by hand. Visits that break a rule are dropped.

    Returns
    -------
    Solution
        Feasible; no single visit can be added to it. Not worse than ``solution`` if that is feasible.
    """
    night = arrays(problem, 1)
    return to_solution(night, warm(night, solution))

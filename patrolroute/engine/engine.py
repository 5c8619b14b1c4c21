"""`Engine`: the compiled search behind a small door. `solve` knows this and nothing of the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.engine.arrays import arrays
from patrolroute.engine.dice import dice
from patrolroute.engine.search import begin, search
from patrolroute.engine.start import construct, to_solution, warm
from patrolroute.problem.evaluate import Score

if TYPE_CHECKING:
    from patrolroute.engine.params import SearchParams
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution


class Engine:
    """One search: how it goes on depends on the seed and the iterations done, never on how they were cut into slices.

    Parameters
    ----------
    problem
        The night.
    seed
        Of the search's random numbers.
    start
        A solution to start from; what breaks a rule in it is dropped. None constructs one.
    params
        Settings.
    """

    def __init__(self, problem: PatrolProblem, *, seed: int, start: Solution | None, params: SearchParams) -> None:
        self._prize_total = problem.prize_total
        self._night = arrays(problem, params.neighbours)
        self._knobs = params.knobs()
        routes = construct(self._night) if start is None else warm(self._night, start)
        self._memory = begin(self._night, routes, params, dice(seed))

    def run(self, iterations: int) -> None:
        """Go on for some iterations."""
        search(self._night, self._memory, self._knobs, iterations)

    @property
    def work(self) -> int:
        """Iterations done."""
        return int(self._memory.clock[0])

    @property
    def last_improvement(self) -> int:
        """Iteration in which the best was found."""
        return int(self._memory.clock[1])

    @property
    def score(self) -> Score:
        """Score of the best solution."""
        missed, points, longest, driving = (int(level) for level in self._memory.levels)
        return Score(missed, self._prize_total + points, longest, driving)

    @property
    def best(self) -> Solution:
        """The best solution: feasible, and nothing more fits into it."""
        return to_solution(self._night, self._memory.best)

"""`Engine`: the compiled search behind a small door. `solve` knows this and nothing of the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.engine.accept import write_levels
from patrolroute.engine.arrays import arrays
from patrolroute.engine.dice import dice
from patrolroute.engine.insert import complete
from patrolroute.engine.search import IMPROVED, WORK, begin, search
from patrolroute.engine.start import construct, find_hopeless, to_solution, warm
from patrolroute.engine.stop import Progress
from patrolroute.problem.evaluate import Score

if TYPE_CHECKING:
    from patrolroute.engine.params import SearchParams
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution
    from patrolroute.problem.tables import TableProblem


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

    def __init__(
        self, problem: PatrolProblem | TableProblem, *, seed: int, start: Solution | None, params: SearchParams
    ) -> None:
        self._prize_total = problem.prize_total
        self._night = arrays(problem, params.neighbours)
        self._knobs = params.knobs()
        hopeless = find_hopeless(self._night)
        routes = construct(self._night, hopeless) if start is None else warm(self._night, start)
        self._memory = begin(self._night, routes, hopeless, params, dice(seed))

    def run(self, iterations: int) -> None:
        """Go on for some iterations."""
        search(self._night, self._memory, self._knobs, iterations)

    def finish(self) -> None:
        """Add to the best solution what still fits anywhere; the search itself looks only nearby."""
        complete(self._night, self._memory.best, self._memory.desk, dice(0))
        write_levels(self._night, self._memory.best, self._memory.levels)

    @property
    def work(self) -> int:
        """Iterations done."""
        return int(self._memory.clock[WORK])

    def progress(self, seconds: float) -> Progress:
        """Say how far the search has come."""
        return Progress(self.work, seconds, self.score, last_improvement=int(self._memory.clock[IMPROVED]))

    @property
    def score(self) -> Score:
        """Score of the best solution."""
        missed, points, longest, driving = (int(level) for level in self._memory.levels)
        return Score(missed, self._prize_total + points, longest, driving)

    @property
    def best(self) -> Solution:
        """The best solution: feasible; after `finish` nothing more fits into it."""
        return to_solution(self._night, self._memory.best)

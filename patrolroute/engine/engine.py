"""`Engine`: the compiled search behind a small door. `solve` knows this and nothing of the kernels."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from patrolroute.dice import dice
from patrolroute.engine.accept import beats, write_levels
from patrolroute.engine.arrays import arrays
from patrolroute.engine.insert import complete
from patrolroute.engine.memory import (
    BEGAN,
    GAINED,
    IMPROVED,
    IS_SHARING,
    LASTS,
    WORK,
    Search,
    begin,
    cool_anew,
    take_over,
)
from patrolroute.engine.pack import EFFORT, EFFORT_PER_ITERATION, FEWEST_ROUTES, distinct, pack
from patrolroute.engine.pool import PooledRoute, pooled, routes_of
from patrolroute.engine.search import search
from patrolroute.engine.start import construct, find_hopeless, lay, to_solution, warm
from patrolroute.engine.stop import Progress
from patrolroute.problem.evaluate import Score

if TYPE_CHECKING:
    from patrolroute.engine.params import SearchParams
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.solution import Solution
    from patrolroute.problem.tables import TableProblem


CHAIN_SEED = 0x632BE59BD9B4E019
"""Sets the random numbers of one chain apart from those of the next."""


class Engine:
    """Several chains of one search, merged whenever a cooling is over.

    How they go on depends on the seed and the iterations done, never on how they were cut into slices, nor on the
    number of threads: all chains do the same number of iterations before anything is exchanged.

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
    threads
        Chains that run side by side.
    """

    def __init__(
        self,
        problem: PatrolProblem | TableProblem,
        *,
        seed: int,
        start: Solution | None,
        params: SearchParams,
        threads: int = 1,
    ) -> None:
        self._prize_total = problem.prize_total
        self._night = night = arrays(problem, params.neighbours)
        self._knobs = params.knobs()
        hopeless = find_hopeless(night)
        first = construct(night, hopeless) if start is None else warm(night, start)
        solution = to_solution(night, first)
        self._chains = [
            begin(night, warm(night, solution) if number else first, hopeless, params, dice(seed + number * CHAIN_SEED))
            for number in range(params.chains)
        ]
        self._executor = ThreadPoolExecutor(threads) if threads > 1 and params.chains > 1 else None
        self._known: list[PooledRoute] = []

    def run(self, iterations: int) -> None:
        """Go on for some iterations, all chains together."""
        while iterations > 0:
            chains, clock = len(self._chains), self._chains[0].clock
            step = min(iterations, chains * int(clock[BEGAN] + clock[LASTS]) - self.work)
            target = self.work + step
            self._go_on([(target + chains - 1 - number) // chains for number in range(chains)])
            iterations -= step
            if target == chains * int(clock[BEGAN] + clock[LASTS]):
                self._merge()

    def _go_on(self, targets: list[int]) -> None:
        """Let each chain go on until it has done so many iterations."""
        jobs = [
            (self._night, chain, self._knobs, target - int(chain.clock[WORK]))
            for chain, target in zip(self._chains, targets, strict=True)
        ]
        if self._executor is None:
            for job in jobs:
                search(*job)
        else:
            futures = list[Future[None]]()
            try:
                futures.extend(self._executor.submit(search, *job) for job in jobs)
                for future in futures:
                    future.result()
            finally:
                wait(futures)  # also after Ctrl-C: nothing is read while a chain still writes

    def _merge(self) -> None:
        """Share the best, look for a better set of routes, and let all chains cool anew.

        Where not everything fits, a cooling in which no chain gained a point is followed by one that balances routes.
        """
        leader = self._leader
        self._pack(leader)
        gained = any(chain.clock[GAINED] > chain.clock[BEGAN] for chain in self._chains)
        is_sharing = not (leader.clock[IS_SHARING] or gained)
        for chain in self._chains:
            if beats(self._night, leader.best, chain.levels):
                take_over(self._night, leader.best, chain)
                chain.clock[IMPROVED] = leader.clock[IMPROVED]
            cool_anew(self._night, chain, is_sharing)

    def _pack(self, leader: Search) -> None:
        """Look for a better set of routes in what all chains put by."""
        night = self._night
        self._known = distinct(night, [*self._known, *(one for chain in self._chains for one in pooled(chain.pool))])
        for chain in self._chains:
            chain.pool.total[:] = 0
        if len(self._known) < FEWEST_ROUTES * len(night.crew):
            return
        best = routes_of(night, leader.best)
        share = leader.rates.share if leader.clock[IS_SHARING] else None
        effort = min(EFFORT, EFFORT_PER_ITERATION * int(leader.clock[LASTS]))
        chosen = pack(night, self._known, best, share=share, effort=effort)
        if chosen is not None:
            routes = lay(night, chosen)
            if beats(night, routes, leader.levels):
                take_over(night, routes, leader)

    @property
    def _leader(self) -> Search:
        """The chain with the best solution, the first of equals."""
        return min(self._chains, key=lambda chain: tuple(chain.levels.tolist()))

    def finish(self) -> None:
        """Add to the best solution what still fits anywhere; the search itself looks only nearby."""
        leader = self._leader
        complete(self._night, leader.best, leader.desk, dice(0))
        write_levels(self._night, leader.best, leader.levels)

    @property
    def work(self) -> int:
        """Iterations done, of all chains together."""
        return sum(int(chain.clock[WORK]) for chain in self._chains)

    def progress(self, seconds: float) -> Progress:
        """Say how far the search has come."""
        improved = len(self._chains) * int(self._leader.clock[IMPROVED])
        return Progress(self.work, seconds, self.score, last_improvement=improved)

    @property
    def score(self) -> Score:
        """Score of the best solution."""
        missed, points, longest, driving = (int(level) for level in self._leader.levels)
        return Score(missed, self._prize_total + points, longest, driving)

    @property
    def best(self) -> Solution:
        """The best solution: feasible; after `finish` nothing more fits into it."""
        return to_solution(self._night, self._leader.best)

"""`Engine`: the compiled search behind a small door, several chains of it; and its compiling ahead of time."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache

from patrolroute.base.jit import make_rng
from patrolroute.problem.evaluate import Score, Solution, Visit, evaluate
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from patrolroute.search.arrays import ProblemArrays, arrays
from patrolroute.search.construction import construct, find_hopeless, from_pool, to_solution, warm_start
from patrolroute.search.insertion import complete
from patrolroute.search.loop import search
from patrolroute.search.params import SearchParams
from patrolroute.search.pool import (
    EFFORT,
    EFFORT_PER_ITERATION,
    FEWEST_ROUTES,
    PooledRoute,
    distinct,
    pooled,
    routes_of,
    set_covering,
)
from patrolroute.search.routes import Routes, remove
from patrolroute.search.state import Search, is_better, restart_cooling, set_best, start_search, write_levels
from patrolroute.search.stopping import Progress

CHAIN_SEED = 0x632BE59BD9B4E019
"""Sets the random numbers of one chain apart from those of the next."""


class Engine:
    """Several chains of one search, merged whenever a cooling is over.

    How they go on depends on the seed and the iterations done, never on how they were cut into slices, nor on the
    number of threads: all chains do the same number of iterations before anything is exchanged.

    Parameters
    ----------
    instance
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
        instance: Instance,
        *,
        seed: int,
        start: Solution | None,
        params: SearchParams,
        threads: int = 1,
    ) -> None:
        self._prize_total = instance.prize_total
        self._instance = instance
        self._data = data = arrays(instance.searched, params.neighbours)
        self._knobs = params.knobs()
        hopeless = find_hopeless(data)
        first = construct(data, hopeless) if start is None else warm_start(data, start)
        solution = to_solution(data, first)
        self._given = None if start is None else instance.rested(solution)
        starts = [first, *(Routes(*(part.copy() for part in first)) for _ in range(1, params.chains))]
        self._chains = [
            start_search(data, routes, hopeless, params, make_rng(seed + number * CHAIN_SEED))
            for number, routes in enumerate(starts)
        ]
        self._executor = ThreadPoolExecutor(threads) if threads > 1 and params.chains > 1 else None
        self._known: list[PooledRoute] = []

    def run(self, iterations: int) -> None:
        """Go on for some iterations, all chains together."""
        while iterations > 0:
            chains, state = len(self._chains), self._chains[0].state
            step = min(iterations, chains * int(state.began + state.lasts) - self.work)
            target = self.work + step
            self._go_on([(target + chains - 1 - number) // chains for number in range(chains)])
            iterations -= step
            if target == chains * int(state.began + state.lasts):
                self._merge()

    def _go_on(self, targets: list[int]) -> None:
        """Let each chain go on until it has done so many iterations."""
        jobs = [
            (self._data, chain, self._knobs, target - int(chain.state.work))
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
        """Share the best, look for a better set of routes, and restart all coolings.

        Where not everything fits, a cooling in which no chain gained a point is followed by one that balances routes.
        """
        leader = self._leader
        self._choose_from_pools(leader)
        gained = any(chain.state.gained > chain.state.began for chain in self._chains)
        is_balancing = not (leader.state.is_balancing or gained)
        for chain in self._chains:
            if is_better(self._data, leader.best, chain.levels):
                set_best(self._data, leader.best, chain)
                chain.state.improved = leader.state.improved
            restart_cooling(self._data, chain, is_balancing)

    def _choose_from_pools(self, leader: Search) -> None:
        """Look for a better set of routes in the pools of all chains."""
        data = self._data
        self._known = distinct(data, [*self._known, *(route for chain in self._chains for route in pooled(chain.pool))])
        for chain in self._chains:
            chain.pool.added.routes = chain.pool.added.slots = 0
        if len(self._known) < FEWEST_ROUTES * len(data.crew):
            return
        best = routes_of(data, leader.best)
        share = leader.rates.share if leader.state.is_balancing else None
        effort = min(EFFORT, EFFORT_PER_ITERATION * int(leader.state.lasts))
        chosen = set_covering(data, self._known, best, share=share, effort=effort)
        if chosen is not None:
            routes = from_pool(data, chosen)
            if is_better(data, routes, leader.levels):
                set_best(data, routes, leader)

    @property
    def _leader(self) -> Search:
        """The chain with the best solution, the first of equals."""
        return min(self._chains, key=lambda chain: tuple(chain.levels.item()))

    def finish(self) -> None:
        """Add to the best solution what still fits anywhere; the search itself looks only nearby."""
        leader = self._leader
        complete(self._data, leader.best, leader.workspace, make_rng(0))
        write_levels(self._data, leader.best, leader.levels)

    @property
    def work(self) -> int:
        """Iterations done, of all chains together."""
        return sum(int(chain.state.work) for chain in self._chains)

    def progress(self, seconds: float) -> Progress:
        """Return how far the search has come."""
        improved = len(self._chains) * int(self._leader.state.improved)
        return Progress(self.work, seconds, self.score, last_improvement=improved)

    @property
    def score(self) -> Score:
        """Score of the best solution."""
        if self._instance.home_rests:  # the search ends their routes before the break
            return evaluate(self._instance, self.best).score
        levels = self._leader.levels
        forgone = self._prize_total + int(levels.minus_points)
        return Score(int(levels.missed), forgone, int(levels.longest_share), int(levels.driving_s))

    @property
    def best(self) -> Solution:
        """The best solution: feasible; after `finish` nothing more fits into it.

        Of a crew that rests at home the search does not see how long its route is with the rest, so what was given to
        start from may be better by the score; then it stays.
        """
        found = self._instance.rested(to_solution(self._data, self._leader.best))
        if self._given is None or not self._instance.home_rests:
            return found
        return min(found, self._given, key=lambda solution: evaluate(self._instance, solution).score)


_log = logging.getLogger(__name__)


@cache
def warm_up() -> None:
    """Compile the engine, or load what was compiled before; once in a process.

    `solve` does it by itself. A service may call it when it starts, so that the first request need not wait.
    """
    _log.info("loading the engine; the first time after an installation it is compiled, which takes up to a minute")
    data, params = tiny_problem(), SearchParams()
    hopeless = find_hopeless(data)
    memory = start_search(data, construct(data, hopeless), hopeless, params, make_rng(0))
    search(data, memory, params.knobs(), 1)
    if not is_better(data, memory.best, memory.levels):
        set_best(data, memory.best, memory)
    restart_cooling(data, memory, False)
    routes_of(data, memory.best)
    remove(data, warm_start(data, Solution(((Visit(0),),))), 0, 1)  # a start that was given, and one to be repaired


def tiny_problem() -> ProblemArrays:
    """Make a problem of one hotspot at the depot and one crew."""
    night = Instance.from_matrix([[0]], [MatrixTask(((0, 0, 1),), prize=1)], [MatrixCrew(0, 9)])
    return arrays(night, neighbours=1)

"""The baselines of presence, each the best of what its strategy can do: cyclic tours, greedy nights, PyVRP's plan."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from solvers import whole_night

from nights.cyclic import MANNERS, Round, cyclic, parts, streets_from, tour
from nights.greedy import Greedy
from nights.measure import Limit
from nights.spare import along_tour
from nights.stops import Appointment, appointments, stops
from nights.watch import Watch
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.model import PatrolProblem

PRIORITIES = (1, 2, 3)
"""The least priority of the streets that are toured."""

NOISES = (0.0, 0.1, 0.2, 0.4)
"""Noise of greedy nights, one after another; without noise the first alone would be found again and again."""


@dataclass(frozen=True)
class Rival:
    """What one baseline does: its figure's name, what it is, its decisions, the processor's seconds for all tries."""

    key: str
    name: str
    solution: Solution
    cpu_s: float


@dataclass(frozen=True)
class Tours:
    """One tour for each group of crews, and how they were found."""

    rounds: tuple[Round, ...]
    groups: int
    priority: int
    seed: int
    is_patrol: bool
    cpu_s: float

    def __str__(self) -> str:
        return f"{sum(one.round_s for one in self.rounds) / 3600:.1f} h, priority {self.priority}+"


@dataclass
class Rivals:
    """All baselines of one night.

    Parameters
    ----------
    problem
        The night.
    tour_works, tour_seeds
        Iterations of the search for tours, each tried, and how many seeds of each.
    groups
        In how many groups crews go round, each number tried.
    tries
        Greedy nights at most.
    limit
        Of all tries of one greedy baseline together, and of PyVRP.
    """

    problem: PatrolProblem
    tour_works: Sequence[int]
    tour_seeds: int
    groups: Sequence[int]
    tries: int
    limit: Limit

    def __post_init__(self) -> None:
        self.watch = Watch(self.problem)
        self.stops: list[list[Appointment]] = stops(self.problem)
        self._tours: list[Tours] = []

    def cost(self, solution: Solution) -> tuple[int, int]:
        """Return required tasks missed, and what all streets miss."""
        self.watch.follow(solution)
        return self.watch.missed(solution), self.watch.unseen()

    def tours(self, *, is_patrol: bool) -> list[Tours]:
        """Return all tours, found once."""
        if not any(one.is_patrol == is_patrol for one in self._tours):
            seeds = range(1, self.tour_seeds + 1)
            for groups, priority, work, seed in product(self.groups, PRIORITIES, self.tour_works, seeds):
                streets = streets_from(self.problem, priority)
                began = time.process_time()
                if groups <= min(len(self.problem.crews), len(streets)):
                    rounds = tuple(
                        tour(self.problem, part, is_patrol=is_patrol, work=work, seed=seed)
                        for part in parts(self.problem, streets, groups, seed)
                    )
                    cpu_s = time.process_time() - began
                    self._tours.append(Tours(rounds, groups, priority, seed, is_patrol, cpu_s))
        return [one for one in self._tours if one.is_patrol == is_patrol]

    def cyclic(self) -> Iterator[Rival]:
        """Yield the best cyclic night of each manner and number of groups, and the best one that also stands."""
        for manner in MANNERS:
            for groups in self.groups:
                if some := [one for one in self.tours(is_patrol=manner == "patrol") if one.groups == groups]:
                    yield self._best_cyclic(f"cyclic_{manner}", f"cyclic, {manner}, tours: {groups}", some, manner, ())
        name = "cyclic, once, stops"
        yield self._best_cyclic("cyclic_stops", name, self.tours(is_patrol=False), "once", self.stops)

    def _best_cyclic(
        self, key: str, name: str, some: Sequence[Tours], manner: str, ahead: Sequence[Sequence[Appointment]]
    ) -> Rival:
        began = time.process_time()
        nights = [(cyclic(self.problem, one.rounds, manner, ahead), one) for one in some]
        best, tours = min(nights, key=lambda night: self.cost(night[0]))
        return Rival(key, f"{name}, {tours}", best, sum(one.cpu_s for one in some) + time.process_time() - began)

    def greedy(self) -> Iterator[Rival]:
        """Yield the best greedy nights: seen alone; with what is required patrolled; with stops, too."""
        yield self._best_greedy("greedy", "greedy", None, required_first=False)
        yield self._best_greedy("greedy_required", "greedy, required first", None, required_first=True)
        yield self._best_greedy("greedy_stops", "greedy, required first, stops", self.stops, required_first=True)

    def _best_greedy(
        self, key: str, name: str, ahead: list[list[Appointment]] | None, *, required_first: bool
    ) -> Rival:
        began, is_over, tried = time.process_time(), self.limit.begin(), 0
        best: tuple[tuple[int, int], Solution] | None = None
        while best is None or (tried < self.tries and not is_over()):
            noise = NOISES[tried % len(NOISES)] if tried else 0.0
            night = Greedy(self.watch, required_first=required_first, noise=noise, seed=tried).night(ahead)
            cost = self.cost(night)
            if not required_first:
                cost = 0, cost[1]
            if best is None or cost < best[0]:
                best = cost, night
            tried += 1
        return Rival(key, f"{name}, best of {tried}", best[1], time.process_time() - began)

    def pyvrp(self, seed: int) -> Iterator[Rival]:
        """Yield PyVRP's plan for points, and its plan for duties alone, each with its spare time put to use."""
        if importlib.util.find_spec("pyvrp") is None:
            print("pyvrp is left out: it is not installed; it comes with the extra 'bench'")
            return
        for word, only_duties in (("points", False), ("duties", True)):
            if only_duties and not whole_night.duties(self.problem):
                continue
            began = time.process_time()
            found = whole_night.solve(self.problem, self.limit.begin(), seed, only_duties=only_duties)
            searched_s = time.process_time() - began
            name = f"pyvrp, {word}"
            yield Rival(f"pyvrp_{word}", f"{name}, seed {seed}", self.plain(found), searched_s)
            yield from self.spare(f"pyvrp_{word}", name, found, seed, searched_s)

    def spare(self, key: str, name: str, solution: Solution, seed: int, searched_s: float) -> Iterator[Rival]:
        """Yield decisions with their spare time driven along the best of the tours, and greedily."""
        ways: dict[str, Callable[[], Solution]] = {
            "tour": lambda: min(
                (along_tour(self.problem, solution, one.rounds, is_spaced=is_spaced)
                 for one in self.tours(is_patrol=False) for is_spaced in (True, False)), key=self.cost,
            ),
            "greedy": lambda: Greedy(self.watch).night(appointments(self.problem, solution)),
        }  # fmt: skip
        for word, make in ways.items():
            began = time.process_time()
            made = make()
            cpu_s = searched_s + time.process_time() - began
            yield Rival(f"{key}_{word}", f"{name}, spare {word}, seed {seed}", made, cpu_s)

    def plain(self, solution: Solution) -> Solution:
        """Return decisions whose patrols count by time."""
        kept = appointments(self.problem, solution)
        return Solution(tuple(tuple(one.visit for one in route) for route in kept))

"""Rural postmen of several depots, vehicles of which break down: published scenarios, planned, played, planned anew.

A vehicle's trip lasts at most the capacity, from a depot to a depot; after it the vehicle recharges. What is minimised
is when the last vehicle is back. What the files leave open, and what was chosen here:

- vehicle k begins at the k-th depot, and ends a trip at the depot nearest to the last edge of it;
- trips are planned round by round: in each the vehicles that are left serve as much as they can (by the time of the
  edges), each within the capacity; one that finds nothing to serve moves to the depot nearest to what is left;
- a trip that ends when its vehicle fails, or before, is done; any other of that vehicle is not;
- a trip that has begun when another vehicle fails goes on as planned, and all others are planned anew then; who knew
  sends a failing vehicle on no trip that it would not finish.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.problem.evaluate import Visit
from patrolroute.problem.instance import Instance
from patrolroute.problem.matrix import MatrixCrew, MatrixTask
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search

PRIZE = 10
"""Points of a unit of time of an edge."""

MOST_ROUNDS = 200

STUCK = 12
"""After so many rounds in which nobody serves anything there is no way."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip.

    Parameters
    ----------
    edges
        Numbers of the required edges that it serves.
    begin, end
        When.
    ends_at
        The depot at its end.
    """

    edges: tuple[int, ...]
    begin: int
    end: int
    ends_at: int


Trips = dict[int, tuple[Trip, ...]]
"""Of each vehicle, in order."""

State = dict[int, tuple[int, int]]
"""Of each vehicle that is left, at which depot it is, and from when on it can leave."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A published scenario.

    Parameters
    ----------
    name
        As in the file.
    edges
        Required edges: ends from 0, and time.
    seconds
        Quickest ways between all vertices, shape ``(n, n)``.
    depots
        Of each vehicle.
    capacity, recharge
        Longest trip, and what lies between two.
    failures
        When each vehicle fails that does, by its number from 0.
    """

    name: str
    edges: tuple[tuple[int, int, int], ...]
    seconds: np.ndarray
    depots: tuple[int, ...]
    capacity: int
    recharge: int
    failures: Mapping[int, int]


def read(path: Path) -> Scenario:
    """Read a scenario; times are whole tenths where a file has tenths."""
    text = path.read_text("utf-8")
    facts = dict(re.findall(r"^([A-Z _]+): *(\S+)$", text, re.MULTILINE))
    required, rest = text.split("LIST_NON_REQUIRED_EDGES:")
    listed = [
        [(int(u) - 1, int(v) - 1, float(w)) for u, v, w in re.findall(r"\((\d+),(\d+)\) edge weight ([\d.]+)", part)]
        for part in (required, rest)
    ]
    fails = re.findall(r"Vehicle (\d+) will fail in ([\d.]+) time units", text)
    numbers = [*(w for part in listed for *_, w in part), *(float(t) for _, t in fails)]
    scale = 1 if all(number == int(number) for number in numbers) else 10
    nodes = int(facts["NUMBER OF VERTICES"])
    table = np.full((nodes, nodes), np.inf)
    for u, v, w in (*listed[0], *listed[1]):
        table[u, v] = table[v, u] = min(table[u, v], round(scale * w))
    ways = dijkstra(csr_array(np.where(np.isfinite(table), table, 0.0)), directed=False)
    return Scenario(
        facts["NAME"], tuple((u, v, round(scale * w)) for u, v, w in listed[0]), ways.astype(np.int64),
        tuple(int(node) - 1 for node in facts["DEPOT"].split(",")), round(scale * float(facts["VEHICLE CAPACITY"])),
        round(scale * float(facts["RECHARGE TIME"])), {int(k) - 1: round(scale * float(t)) for k, t in fails},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans trips.

    Parameters
    ----------
    scenario
        What is planned for.
    work
        Iterations of a search for each edge that is left.
    """

    scenario: Scenario
    work: int

    def plan(self, tasks: Sequence[int], state: State, *, knows: bool) -> Trips | None:
        """Return trips that serve some edges; None if no way was found.

        Parameters
        ----------
        tasks
            Numbers of the edges.
        state
            Where the vehicles are.
        knows
            Whether failures are known.
        """
        left, state, trips, idle = list(tasks), dict(state), Trips(), 0
        for _ in range(MOST_ROUNDS):
            if not left:
                return trips
            made = self._round(left, state, knows=knows)
            served = {edge for trip in made.values() for edge in trip.edges}
            idle = 0 if served else idle + 1
            left = [task for task in left if task not in served]
            for vehicle in state:
                trip = made.get(vehicle) or (self._moved(vehicle, state, left, knows=knows) if left else None)
                if trip is not None:
                    trips[vehicle] = (*trips.get(vehicle, ()), trip)
                    state[vehicle] = trip.ends_at, trip.end + self.scenario.recharge
            if idle > STUCK:
                return None
        return None

    def _budget(self, vehicle: int, ready: int, *, knows: bool) -> int:
        fails = self.scenario.failures.get(vehicle) if knows else None
        return self.scenario.capacity if fails is None else min(self.scenario.capacity, fails - ready)

    def _round(self, left: Sequence[int], state: State, *, knows: bool) -> dict[int, Trip]:
        """Return a trip of each vehicle that serves something."""
        budgets = {vehicle: self._budget(vehicle, ready, knows=knows) for vehicle, (_, ready) in state.items()}
        vehicles = [vehicle for vehicle in sorted(state) if budgets[vehicle] > 0]
        if not vehicles:
            return {}
        table = self._table()
        crews = [MatrixCrew(0, budgets[vehicle], state[vehicle][0], len(table) - 1) for vehicle in vehicles]
        edges = [self.scenario.edges[task] for task in left]
        wanted = [MatrixTask(((u, v, w), (v, u, w)), prize=PRIZE * w) for u, v, w in edges]
        instance = Instance.from_matrix(table, wanted, crews)
        one = SearchParams(chains=1)
        found = search(instance, work_limit=self.work * len(left), seed=1, threads=1, params=one).solution
        return {
            vehicle: self._trip([left[visit.task] for visit in route], route, *state[vehicle])
            for vehicle, route in zip(vehicles, found.routes, strict=True)
            if route
        }

    def _table(self) -> np.ndarray:
        """Return the quickest ways, and to the nearest depot as one place more."""
        ways, depots = self.scenario.seconds, list(self.scenario.depots)
        table = np.full((len(ways) + 1, len(ways) + 1), self.scenario.capacity + 1, dtype=np.int64)
        table[:-1, :-1] = ways
        table[:-1, -1] = ways[:, depots].min(axis=1)
        table[-1, -1] = 0
        return table

    def _trip(self, edges: Sequence[int], route: Sequence[Visit], depot: int, ready: int) -> Trip:
        ways, here, now = self.scenario.seconds, depot, ready
        for edge, visit in zip(edges, route, strict=True):
            u, v, w = self.scenario.edges[edge]
            first, last = (u, v) if visit.direction == 0 else (v, u)
            now += int(ways[here, first]) + w
            here = last
        ends_at = min(self.scenario.depots, key=lambda node: (int(ways[here, node]), node))
        end = now + int(ways[here, ends_at])
        if end - ready > self.scenario.capacity:
            raise AssertionError(f"{self.scenario.name}: a trip lasts longer than it may")
        return Trip(tuple(edges), ready, end, ends_at)

    def _moved(self, vehicle: int, state: State, left: Sequence[int], *, knows: bool) -> Trip | None:
        """Return the trip of a vehicle to the depot nearest to what is left; None if it is there, or comes to none."""
        ways, (here, ready) = self.scenario.seconds, state[vehicle]
        room = self._budget(vehicle, ready, knows=knows)
        ends = [self.scenario.edges[task][:2] for task in left]

        def away(depot: int) -> tuple[int, int]:
            return min(min(int(ways[depot, u]), int(ways[depot, v])) for u, v in ends), depot

        best = min((depot for depot in self.scenario.depots if ways[here, depot] <= room), key=away, default=here)
        if away(best) >= away(here):
            return None
        return Trip((), ready, ready + int(ways[here, best]), best)


def makespan(trips: Trips) -> int:
    """Return when the last vehicle is back that serves anything."""
    return max((trip.end for every in trips.values() for trip in every if trip.edges), default=0)


@dataclass(slots=True)
class Outcome:
    """What came of a scenario.

    Parameters
    ----------
    scenario
        Which.
    free, anew, knew
        Makespans: planned without failures, planned anew after each, planned by who knew them.
    moved
        Edges of vehicles that don't fail which other vehicles serve in the end.
    cpu_s
        CPU seconds of each re-plan.
    """

    scenario: Scenario
    free: int
    anew: int
    knew: int
    moved: int
    cpu_s: list[float] = field(default_factory=list)


def run(scenario: Scenario, work: int) -> Outcome | str:
    """Plan, play, plan anew at each failure; and once by who knew. Return why not, where no way was found."""
    planner, every = Planner(scenario, work), range(len(scenario.edges))
    begin: State = {vehicle: (depot, 0) for vehicle, depot in enumerate(scenario.depots)}
    trips, knew = (planner.plan(every, begin, knows=knows) for knows in (False, True))
    if trips is None or knew is None:
        return "no plan was found"
    before, outcome = who(trips), Outcome(scenario, makespan(trips), 0, makespan(knew), 0)
    alive = dict(enumerate(scenario.depots))
    for failing, moment in sorted(scenario.failures.items(), key=lambda item: (item[1], item[0])):
        began = time.process_time()
        del alive[failing]
        again = anew(planner, trips, moment=moment, alive=alive)
        if again is None:
            return "no plan was found after a failure"
        trips = again
        outcome.cpu_s.append(time.process_time() - began)
    after = who(trips)
    if sorted(after) != list(every):
        raise AssertionError(f"{scenario.name}: not every edge is served")
    outcome.anew = makespan(trips)
    outcome.moved = sum(after[edge] != before[edge] and before[edge] not in scenario.failures for edge in every)
    return outcome


def who(trips: Trips) -> dict[int, int]:
    """Return which vehicle serves each edge."""
    return {edge: vehicle for vehicle, every in trips.items() for trip in every for edge in trip.edges}


def anew(planner: Planner, trips: Trips, *, moment: int, alive: Mapping[int, int]) -> Trips | None:
    """Return trips after a failure: those that are done or under way stay, all others are planned anew.

    Parameters
    ----------
    planner, trips
        Who plans, and what was planned.
    moment
        When a vehicle fails.
    alive
        The vehicles that are left, and where each began.
    """
    kept, state = Trips(), State()
    for vehicle in sorted({*trips, *alive}):
        every = trips.get(vehicle, ())
        fails = planner.scenario.failures.get(vehicle, 0)
        kept[vehicle] = tuple(
            trip for trip in every if (trip.begin < moment if vehicle in alive else trip.end <= fails)
        )
        if vehicle in alive:
            last = kept[vehicle][-1] if kept[vehicle] else None
            ready = 0 if last is None else last.end + planner.scenario.recharge
            state[vehicle] = alive[vehicle] if last is None else last.ends_at, max(ready, moment)
    done = {edge for every in kept.values() for trip in every for edge in trip.edges}
    left = [edge for edge in range(len(planner.scenario.edges)) if edge not in done]
    found = planner.plan(left, state, knows=False)
    return None if found is None else {vehicle: kept.get(vehicle, ()) + found.get(vehicle, ()) for vehicle in kept}

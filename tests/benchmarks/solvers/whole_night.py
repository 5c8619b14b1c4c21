"""PyVRP for a night as people ask for it: several depots, several visits in slices, some tasks required.

Every wanted visit is a group of clients that exclude each other, one for each direction of its street, within its
slice. A location is a direction; later visits in turn have another one, for from a location to itself no way leads but
0 s. A required task's first visit is worth more than all else that a crew could collect instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.clock import Span
from patrolroute.problem.evaluate import EXTRA, Solution, Visit, earliest_start
from patrolroute.problem.instance import Instance
from patrolroute.problem.model import PatrolProblem

DRIVING_COST = 1
"""Cost of a second of driving, where a point costs `POINT`: points come first."""

POINT = 5

REQUIRED_POINTS = 50_000
"""More than the points of all visits that the shift of a crew has room for, on average."""

NEIGHBOURS = 20
"""As for nights of one depot; see `solvers.with_pyvrp`."""

COPIES = 2
"""Locations of a direction, taken in turn by the visits of its street."""

FAR_S = 10**6
"""Where no way leads."""


def solve(problem: PatrolProblem, is_over: Callable[[], bool], seed: int, *, only_duties: bool = False) -> Solution:
    """Search until a limit is reached, and return the decisions; a visit that would come too late is dropped.

    Parameters
    ----------
    problem
        The night; every crew is a car without a break and may go anywhere.
    is_over
        Asked after each iteration. The first takes longest.
    seed
        Of the search.
    only_duties
        Whether only hotspots and one patrol of each required street are asked for, the patrol at any time.
    """
    import pyvrp
    from pyvrp.search import NeighbourhoodParams

    data, clients, fleets = _model(problem, only_duties=only_duties)
    params = pyvrp.SolveParams(neighbourhood=NeighbourhoodParams(num_neighbours=NEIGHBOURS))
    best = pyvrp.solve(data, lambda _: is_over(), seed=seed, collect_stats=False, params=params).best
    routes: list[list[Visit]] = [[] for _ in problem.crews]
    free = {kind: list(crews) for kind, crews in enumerate(fleets)}
    for route in best.routes():
        crew = free[route.vehicle_type()].pop(0)
        routes[crew] = _kept(problem, crew, [clients[stop.idx] for stop in route if stop.is_client()])
    return Solution(tuple(map(tuple, routes)))


def duties(problem: PatrolProblem) -> list[int]:
    """Return the tasks that are left where only duties are asked for."""
    return [number for number, task in enumerate(problem.tasks) if task.kind == "hotspot" or task.required]


def _model(problem: PatrolProblem, *, only_duties: bool) -> tuple[Any, list[Visit], list[list[int]]]:
    """Return the data, the decision of each client, and the crews of each type of vehicle."""
    import pyvrp

    numbers = problem.instance
    fleets = defaultdict(list)
    for crew, own in enumerate(numbers.crews):
        fleets[own.depot, own.end_depot, own.start_s, own.end_s].append(crew)
    depot_rows = sorted({row for fleet in fleets for row in fleet[:2]})
    entry, leave = list(depot_rows), list(depot_rows)
    visits, clients, groups = list[Visit](), list[Any](), list[Any]()
    for task, wanted in enumerate(numbers.tasks):
        ways = numbers.ways(0, task)
        first = len(entry)
        for _ in range(min(COPIES, wanted.visits_wanted)):
            entry += [way.entry for way in ways]
            leave += [way.leave for way in ways]
        for slot, spans in _slots(numbers, task, only_duties=only_duties):
            opens, closes = max(spans, key=lambda span: span[1] - span[0])
            points = wanted.worth[max(0, slot)] + (REQUIRED_POINTS if wanted.required and slot <= 0 else 0)
            group = len(groups)
            groups.append(pyvrp.ClientGroup(list(range(len(clients), len(clients) + len(ways))), required=False))
            for number, way in enumerate(ways):
                place = first + max(0, slot) % COPIES * len(ways) + number
                clients.append(pyvrp.Client(
                    place, [], [], way.service_s, opens, closes, prize=POINT * points, required=False, group=group,
                ))  # fmt: skip
                visits.append(Visit(task, slot, number))
    seconds = numbers.travel(0).seconds[np.ix_(leave, entry)].astype(np.int64)
    seconds[seconds >= INFINITE_S] = FAR_S
    np.fill_diagonal(seconds, 0)
    types = [
        pyvrp.VehicleType(
            len(crews), [], depot_rows.index(depot), depot_rows.index(home), tw_early=start_s, tw_late=end_s,
            start_late=start_s, unit_distance_cost=DRIVING_COST,
        ) for (depot, home, start_s, end_s), crews in fleets.items()
    ]  # fmt: skip
    places = [pyvrp.Location(0, 0) for _ in entry]
    depots = [pyvrp.Depot(number) for number in range(len(depot_rows))]
    data = pyvrp.ProblemData(places, clients, depots, types, [seconds], [seconds], groups)
    return data, visits, list(fleets.values())


def _slots(numbers: Instance, task: int, *, only_duties: bool) -> list[tuple[int, Sequence[Span]]]:
    """Return the slots of a task that are asked for, and when each may begin."""
    wanted = numbers.tasks[task]
    if not only_duties or wanted.kind == "hotspot":
        return [(slot, spans) for slot, spans in enumerate(wanted.starts) if spans]
    return [(EXTRA, (numbers.night,))] if wanted.required else []


def _kept(problem: PatrolProblem, crew: int, visits: list[Visit]) -> list[Visit]:
    """Return the visits that can be made in time."""
    numbers = problem.instance
    own, seconds = numbers.crews[crew], numbers.travel(crew).seconds
    clock, row, kept = own.start_s, own.depot, list[Visit]()
    for visit in visits:
        way = numbers.way(crew, visit)
        ready = clock + int(seconds[row, way.entry])
        begin = ready if visit.slot < 0 else earliest_start(numbers.tasks[visit.task].starts[visit.slot], ready)
        if begin is None or begin + way.service_s + int(seconds[way.leave, own.end_depot]) > own.end_s:
            continue
        kept.append(visit)
        clock, row = begin + way.service_s, way.leave
    return kept

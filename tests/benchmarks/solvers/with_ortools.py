"""OR-Tools routing: two nodes for a two-way segment in one disjunction, guided local search."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

from solvers.sites import FIRST, HOME, START, Sites, lay_sites

PACKAGES = ("ortools",)

DRIVING_COST = 3
"""Cost of a second of driving, where a point costs one; see docs/benchmarks for what others did."""

FIRST_STRATEGIES = ("PARALLEL_CHEAPEST_INSERTION", "PATH_CHEAPEST_ARC")
"""Neither is better on every map: both are tried, and the search goes on from the better one."""

TRIAL_SHARE = 0.15
"""Of the time, for each first strategy."""

PLENTIFUL_PRIZE_SCALE = 1_000
"""Cost of a point where everything fits: no driving is worth leaving anything out."""

SPAN_COST = 10
"""Cost of a second of the longest route, where everything fits."""


def warm_up() -> None:
    """Load the library."""
    from ortools.constraint_solver import pywrapcp  # noqa: F401


def run(problem: Any, seconds: float, seed: int, variant: str) -> Any:
    """Search for the given seconds; the solver has no seed, so runs differ by timing only."""
    from ortools.constraint_solver import pywrapcp

    assert seed >= 0
    until = time.perf_counter() + seconds
    sites = lay_sites(problem)
    manager = pywrapcp.RoutingIndexManager(len(sites), sites.crews, [START] * sites.crews, [HOME] * sites.crews)
    routing = pywrapcp.RoutingModel(manager)
    _add_driving(routing, sites)
    clock = _add_clock(routing, manager, sites)
    _add_prizes(routing, manager, sites, PLENTIFUL_PRIZE_SCALE if variant == "plentiful" else 1)
    if variant == "plentiful":
        clock.SetGlobalSpanCostCoefficient(SPAN_COST)
    routing.CloseModelWithParameters(_parameters(1.0, FIRST_STRATEGIES[0]))
    return sites.solution(_search(routing, manager, sites, until))


def _search(routing: Any, manager: Any, sites: Sites, until: float) -> list[list[int]]:
    """Try each first strategy for a share of the time, and go on from the best."""
    share_s = TRIAL_SHARE * (until - time.perf_counter())
    found: list[tuple[int, Any]] = []
    for strategy in FIRST_STRATEGIES:
        answer = routing.SolveWithParameters(_parameters(share_s, strategy))
        if answer:
            found.append((answer.ObjectiveValue(), routing.solver().Assignment(answer)))
    if not found:
        return []
    best = min(found, key=lambda one: one[0])[1]
    left = _parameters(until - time.perf_counter(), FIRST_STRATEGIES[0])
    better = routing.SolveFromAssignmentWithParameters(best, left)
    return _routes(routing, manager, better or best, sites.crews)


def _add_driving(routing: Any, sites: Sites) -> None:
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix((DRIVING_COST * sites.seconds).tolist()))


def _add_clock(routing: Any, manager: Any, sites: Sites) -> Any:
    """Add the time: serving and driving on, waiting where a place is not open yet."""
    import numpy as np

    total = sites.seconds + np.array(sites.service_s)[:, None]
    shift = sites.end_s - sites.begin_s
    routing.AddDimension(routing.RegisterTransitMatrix(total.tolist()), shift, shift, True, "clock")
    clock = routing.GetDimensionOrDie("clock")
    for site in range(FIRST, len(sites)):
        spans = [(first - sites.begin_s, last - sites.begin_s) for first, last in sites.spans[site]]
        if spans == [(0, shift)]:
            continue
        start = clock.CumulVar(manager.NodeToIndex(site))
        start.SetRange(spans[0][0], spans[-1][1])
        for before, after in pairwise(spans):
            start.RemoveInterval(before[1] + 1, after[0] - 1)
    return clock


def _add_prizes(routing: Any, manager: Any, sites: Sites, scale: int) -> None:
    for members in sites.of_task:
        nodes = [manager.NodeToIndex(site) for site in members]
        routing.AddDisjunction(nodes, sites.prize[members[0]] * scale, 1)


def _parameters(seconds: float, strategy: str) -> Any:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = getattr(routing_enums_pb2.FirstSolutionStrategy, strategy)
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(max(1, int(1000 * seconds)))
    return parameters


def _routes(routing: Any, manager: Any, found: Any, crews: int) -> list[list[int]]:
    routes = []
    for crew in range(crews):
        index, route = found.Value(routing.NextVar(routing.Start(crew))), []
        while not routing.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        routes.append(route)
    return routes

"""PyVRP: a two-way segment is a group of two clients that exclude each other, one for each direction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from solvers.sites import FIRST, HOME, START, Sites, lay_sites

PACKAGES = ("pyvrp",)

DRIVING_COST = 5
"""Cost of a second of driving, where a point costs one: without a price of time it wastes time; see docs/benchmarks."""

NEIGHBOURS = 20
"""Fewer than its 50 by default: more iterations, and better ones on these nights."""

TRIALS = 8
"""The time is cut into this many trials of a shorter shift; those that succeed early leave time for more."""

CLOSE_S = 10
"""Where the bisection has come this close, it tries 2 % less again."""

INFEASIBLE = 2**60
"""PyVRP's cost of a solution that breaks a rule is far above this, any other far below."""

OPTIONS: dict[str, Any] = {}
"""Further settings of the search, for trials."""


def warm_up() -> None:
    """Load the library."""
    import pyvrp  # noqa: F401


def run(problem: Any, seconds: float, seed: int, variant: str) -> Any:
    """Search for the given seconds; where everything fits, shorten the shift again and again within them."""
    until = time.perf_counter() + seconds
    sites = lay_sites(problem)
    if variant == "plentiful" and (routes := _shortest_shift(sites, until, seed)):
        return sites.solution(routes)
    return sites.solution(_routes(_search(model(sites, sites.end_s), until, seed)))


def _shortest_shift(sites: Sites, until: float, seed: int) -> list[list[int]]:
    """Bisect the end of the shift by which everything is served; nothing if even the whole shift is too short.

    Each trial starts from the best routes and stops when it serves everything, or when its share of the time is over.
    """
    best: list[list[int]] = []
    least = sum(min(sites.service_s[site] for site in members) for members in sites.of_task) // sites.crews
    low, high, trial_end = sites.begin_s + least, sites.end_s, sites.end_s
    began = time.perf_counter()
    share_s = (until - began) / TRIALS
    while time.perf_counter() < until:
        data = model(sites, trial_end, serve_all=True)
        ends = until if not best else min(until, time.perf_counter() + share_s)
        found = _search(data, ends, seed, start=best, enough=lambda cost: cost < INFEASIBLE)
        if found.is_feasible():
            best = _routes(found)
            high = max(route.end_time() for route in found.routes())
        elif not best:
            break
        else:
            low = trial_end
        if high - low <= CLOSE_S:
            low = sites.begin_s + (high - sites.begin_s) * 49 // 50
        trial_end = (low + high) // 2
    return best


def model(sites: Sites, end_s: int, *, unit_cost: int = DRIVING_COST, scale: int = 1, serve_all: bool = False) -> Any:
    """Return the data for crews that are home at ``end_s``."""
    import pyvrp

    groups, clients = [], []
    for members in sites.of_task:
        group = None
        if len(members) > 1:
            group = len(groups)
            groups.append(pyvrp.ClientGroup([site - FIRST for site in members], required=serve_all))
        needed = serve_all and group is None
        clients += [_client(sites, site, group, prize=sites.prize[site] * scale, needed=needed) for site in members]
    fleet = pyvrp.VehicleType(
        sites.crews, [], START, HOME, tw_early=sites.begin_s, tw_late=end_s, start_late=sites.begin_s,
        unit_distance_cost=unit_cost,
    )  # fmt: skip
    places = [pyvrp.Location(0, 0) for _ in range(len(sites))]
    depots = [pyvrp.Depot(START), pyvrp.Depot(HOME)]
    return pyvrp.ProblemData(places, clients, depots, [fleet], [sites.seconds], [sites.seconds], groups)


def _client(sites: Sites, site: int, group: int | None, *, prize: int, needed: bool) -> Any:
    """Make a client of a site; a client has one window, so of several opening hours the longest is taken."""
    import pyvrp

    first, last = max(sites.spans[site], key=lambda span: span[1] - span[0])
    service_s = sites.service_s[site]
    return pyvrp.Client(site, [], [], service_s, first, last, prize=prize, required=needed, group=group)


def _search(
    data: Any,
    until: float,
    seed: int,
    *,
    start: Sequence[Sequence[int]] = (),
    enough: Callable[[int], bool] = lambda _: False,
) -> Any:
    """Return the best solution found until a moment, or until the cost is low enough."""
    import pyvrp
    from pyvrp.search import NeighbourhoodParams

    clients = [[site - FIRST for site in route] for route in start if route]
    return pyvrp.solve(
        data,
        lambda cost: time.perf_counter() >= until or enough(cost),
        seed=seed,
        collect_stats=False,
        params=pyvrp.SolveParams(**{"neighbourhood": NeighbourhoodParams(num_neighbours=NEIGHBOURS), **OPTIONS}),
        initial_solution=pyvrp.Solution(data, clients) if clients else None,
    ).best


def _routes(solution: Any) -> list[list[int]]:
    return [[stop.idx + FIRST for stop in route if stop.is_client()] for route in solution.routes()]

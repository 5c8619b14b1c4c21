"""VROOM: directions fixed beforehand, once each way, the better of two; prizes as priorities."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from solvers.sites import FIRST, HOME, START, Sites, lay_sites

PACKAGES = ("pyvroom",)

MOST = 100
"""The highest priority that VROOM knows."""

LEVEL = 1
"""Of its levels 0 to 5 the one that does best within a minute; see docs/benchmarks."""


def warm_up() -> None:
    """Load the library."""
    import vroom  # noqa: F401


def run(problem: Any, seconds: float, seed: int, variant: str) -> Any:
    """Solve with every street in its first direction, then in its last, and keep what collects more.

    VROOM has no seed. It stops when it is done, or at the latest when its half of the time is over.
    """
    assert seed >= 0
    assert variant
    return better_of_two(problem, level=LEVEL, limit_s=seconds / 2)


def better_of_two(problem: Any, *, level: int, limit_s: float | None) -> Any:
    """Solve both ways; ``limit_s`` is for each."""
    found = []
    for way in (0, 1):
        until = None if limit_s is None else time.perf_counter() + limit_s
        found.append(_solve(lay_sites(problem, [way] * len(problem.tasks)), level, until))
    return max(found, key=lambda one: one[0])[1]


def _solve(sites: Sites, level: int, until: float | None) -> tuple[tuple[int, int], Any]:
    """Return what is collected, less driving where that is equal, and the decisions."""
    import vroom

    night = vroom.Input()
    night.set_durations_matrix("car", sites.seconds)
    shift = vroom.TimeWindow(sites.begin_s, sites.end_s)
    night.add_vehicle([vroom.Vehicle(crew, START, HOME, time_window=shift) for crew in range(sites.crews)])
    top = max(sites.prize)
    night.add_job([_job(sites, site, top) for site in range(FIRST, len(sites))])
    left = None if until is None else timedelta(seconds=max(0.1, until - time.perf_counter()))
    answer = night.solve(level, nb_threads=1, timeout=left)
    routes: list[list[int]] = [[] for _ in range(sites.crews)]
    steps = answer.routes
    for crew, kind, job in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == "job":
            routes[int(crew)].append(int(job))
    prize = sum(sites.prize[site] for route in routes for site in route)
    return (prize, -int(answer.summary.duration)), sites.solution(routes)


def _job(sites: Sites, site: int, top: int) -> Any:
    import vroom

    windows = [vroom.TimeWindow(first, last) for first, last in sites.spans[site]]
    priority = max(1, round(MOST * sites.prize[site] / top))
    return vroom.Job(site, site, default_service=sites.service_s[site], priority=priority, time_windows=windows)

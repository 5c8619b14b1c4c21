"""A small town for whole solves: a grid of streets, one square 200 m wide, some night markets, a few crews."""

from __future__ import annotations

import datetime as dt
from typing import Any

from patrolroute.demand.model import ClockWindow, Demand, Hotspot, PriorityStreet, StreetSegment
from patrolroute.network.places import nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from tests.network.by_hand import Road, build, lonlat

SQUARE_M = 200.0
ZONE = dt.timezone(dt.timedelta(hours=8))


def at(clock: str) -> dt.datetime:
    return dt.datetime.combine(dt.date(2026, 5, 8), dt.time.fromisoformat(clock), tzinfo=ZONE)


def town(side: int) -> RoadNetwork:
    """Lay out streets between ``side`` times ``side`` junctions: 20 s to drive one, 40 s to patrol it."""
    nodes = {row * side + column: (column * SQUARE_M, row * SQUARE_M) for row in range(side) for column in range(side)}
    roads = [Road(node, node + 1, f"row {node // side}") for node in nodes if (node + 1) % side]
    roads += [Road(node, node + side, f"column {node % side}") for node in nodes if node + side in nodes]
    return build(nodes, roads)


def streets(network: RoadNetwork, *, every: int = 1, **wishes: Any) -> list[Demand]:
    """Ask for every street, or every second, third, … one."""
    pairs = [arc for arc in sorted(network.arc_index) if arc[0] < arc[1]][::every]
    segments = tuple(
        StreetSegment(f"s{tail}-{head}", "", (((tail, head, 0),), ((head, tail, 0),))) for tail, head, _ in pairs
    )
    return [PriorityStreet("streets", segments, **wishes)]


def market(network: RoadNetwork, number: int, east: float, north: float, **wishes: Any) -> Hotspot:
    windows = tuple(ClockWindow.parse(text) for text in wishes.pop("windows", ()))
    place = nearest_places(network, [lonlat(east, north)])[0]
    return Hotspot(f"m{number}", f"market {number}", place, windows=windows, **wishes)


def crew(
    name: str = "P1", depot: tuple[float, float] = (0, 0), start: str = "20:00", end: str = "21:00", **more: Any
) -> Crew:
    return Crew(name, lonlat(*depot), at(start), at(end), **more)


def small_problem(*ends: str) -> PatrolProblem:
    """Make a night of 40 streets and 2 markets, with a crew for each end of a shift.

    In 20 minutes two crews, if nothing else is said, cover about half of it.
    """
    network = town(5)
    markets = [
        market(network, 1, 310, 200, dwell_s=180, windows=("20:05-20:30",), required=True),
        market(network, 2, 610, 600, dwell_s=120, windows=("18:00-20:08", "20:10-02:00")),
    ]
    team = [
        crew(f"P{number}", (800, 800) if number % 2 else (0, 0), end=end)
        for number, end in enumerate(ends or ("20:20", "20:20"))
    ]
    return PatrolProblem(network, [*streets(network, visits=2, headway_s=60), *markets], team)

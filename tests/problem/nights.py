"""Small nights for the tests of the problem's rooms: on the ring that is worked out on paper, and random ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.demand.model import ClockWindow, Demand, Hotspot, PriorityStreet, StreetSegment
from patrolroute.demand.streets import by_name
from patrolroute.network.places import nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import street_segments
from patrolroute.problem.crew import Break, Crew
from patrolroute.problem.evaluate import AT_HOME, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from tests.network.by_hand import Road, build, lonlat, networks, turning_networks
from tests.plan.hand_made import arcs, at, place, ring_network

RING = ring_network()
STREETS = {"s12": ((1, 2), (2, 1)), "s234": ((2, 3, 4), (4, 3, 2)), "s41": ((4, 1),), "s35": ((3, 5), (5, 3))}
HALF_WAY = (place(1)[0] + 0.00265, place(1)[1])
"""Half-way between the nodes 1 and 2 of the ring: 30 s to drive and 50 s to patrol from either."""

ALLEY = build({1: (0, 0), 2: (500, 0), 3: (500, 90)}, [Road(1, 2, "步道"), Road(2, 3, "里弄")], mode="foot")
"""A path and a lane for those on foot."""

FAR_M = 1000.0
"""Farther than any node of a random network lies from a street."""


def street(name: str, **wishes: Any) -> PriorityStreet:
    segment = StreetSegment(name, name, tuple(arcs(*walk) for walk in STREETS[name]))
    return PriorityStreet(name, (segment,), **wishes)


def market(*windows: str, point: tuple[float, float] = place(5), name: str = "m5", **wishes: Any) -> Hotspot:
    hours = tuple(ClockWindow.parse(one) for one in windows)
    return Hotspot(name, name, nearest_places(RING, [point])[0], kind="night_market", windows=hours, **wishes)


def crew(name: str = "A", start: str = "20:00", end: str = "22:00", **options: Any) -> Crew:
    return Crew(**{"id": name, "depot": place(1), "start": at(start), "end": at(end)} | options)


def night(*demand: Demand, crews: tuple[Crew, ...] = (), **options: Any) -> PatrolProblem:
    return PatrolProblem(RING, demand, crews or (crew(),), **options)


def solution(*routes: list[Visit | int]) -> Solution:
    """Return the decisions; a bare number is the first visit of that task in its first direction."""
    return Solution(tuple(tuple(one if isinstance(one, Visit) else Visit(one) for one in route) for route in routes))


@st.composite
def nights(draw: st.DrawFn, *, is_free: bool = False) -> PatrolProblem:
    """Draw a night on a random network, some streets of which may lead nowhere.

    Where it is free, no crew has a break or a range.
    """
    network = draw(st.one_of(networks(), turning_networks()))
    demand: list[Demand] = []
    for segment in draw(st.lists(st.sampled_from(street_segments(network)), unique=True, min_size=1, max_size=4)):
        demand += by_name(network, [segment], **draw(_wishes()))
    for number in range(draw(st.sampled_from([0, 1, 2, 2]))):
        demand.append(draw(_hotspot(network, f"h{number}")))
    names = [one.id for item in demand for one in getattr(item, "segments", (item,))]
    crews = [draw(_crew(network, f"c{number}", names)) for number in range(draw(st.integers(1, 2)))]
    if is_free:
        crews = [replace(one, break_=None, range_km=None) for one in crews]
    try:
        return PatrolProblem(network, demand, crews, snap_m=FAR_M)
    except ProblemError:
        return night(street("s12"), market())


def _wishes() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "visits": st.integers(1, 3),
            "priority": st.integers(1, 5),
            "required": st.booleans(),
            "headway_s": st.sampled_from([None, 0, 100]),
            "load": st.sampled_from([0, 1, 3]),
        }
    )


@st.composite
def _hotspot(draw: st.DrawFn, network: RoadNetwork, name: str) -> Hotspot:
    point = lonlat(draw(st.integers(0, 400)), draw(st.integers(0, 400)))
    hours = draw(st.sampled_from([(), ("19:00-20:20",), ("20:05-20:10", "20:30-02:00")]))
    windows = tuple(ClockWindow.parse(one) for one in hours)
    dwell_s = draw(st.sampled_from([30, 300]))
    return Hotspot(name, name, nearest_places(network, [point])[0], dwell_s=dwell_s, windows=windows, **draw(_wishes()))


BREAKS = (
    None, Break(60), Break(45, (ClockWindow.parse("20:01-20:05"),)),
    Break(90, (ClockWindow.parse("19:50-20:04:30"), ClockWindow.parse("20:06-20:20"))),
)  # fmt: skip
"""None, at any time, in one window, in one of two of which the first begins before the shift."""


def agreements(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what a crew agrees to: a capacity, a break, a range, what is reserved to it."""
    some = st.sets(st.sampled_from(names), max_size=1)
    kept = st.tuples(some, some).map(lambda pair: (pair[0], pair[1] - pair[0]))
    return st.builds(
        lambda capacity, rest, both, range_km: {
            "capacity": capacity, "break_": rest, "reserved": both[0], "forbidden": both[1], "range_km": range_km,
        },
        st.sampled_from([None, 3, 4]), st.sampled_from(BREAKS), st.one_of(st.just((set(), set())), kept),
        st.sampled_from([None, None, 0.5, 1.2]),
    )  # fmt: skip


def grown(problem: PatrolProblem, data: st.DataObject, most: int = 6) -> Solution:
    """Put random visits at random places, each crew's break too, and keep what breaks no rule."""
    routes: list[list[Visit]] = [[] for _ in problem.crews]
    breaks: list[int | None] = [None for _ in problem.crews]
    for _ in range(data.draw(st.sampled_from([most, most, most // 2, 0]))):
        crew = data.draw(st.integers(0, len(routes) - 1))
        task = data.draw(st.integers(0, len(problem.tasks) - 1))
        slot = data.draw(st.integers(0, problem.tasks[task].visits_wanted - 1))
        way = data.draw(st.integers(0, problem.tasks[task].ways - 1))
        place, before = data.draw(st.integers(0, len(routes[crew]))), breaks[crew]
        routes[crew].insert(place, Visit(task, slot, way))
        if problem.crews[crew].break_ is not None:
            breaks[crew] = data.draw(st.sampled_from([*range(len(routes[crew]) + 1), AT_HOME]))
        if not evaluate(problem, Solution(tuple(map(tuple, routes)), tuple(breaks))).is_feasible:
            routes[crew].pop(place)
            breaks[crew] = before
    return Solution(tuple(map(tuple, routes)), tuple(breaks))


@st.composite
def _crew(draw: st.DrawFn, network: RoadNetwork, name: str, names: list[str]) -> Crew:
    ends = st.integers(0, network.node_count - 1).map(network.node_lonlat)
    kinds = st.sampled_from([None, None, frozenset({"street"}), frozenset({"hotspot"})])
    return crew(
        name,
        draw(st.sampled_from(["20:00", "20:03:07"])),
        draw(st.sampled_from(["20:10", "21:00", "22:00"])),
        depot=draw(ends),
        end_depot=draw(st.one_of(st.none(), ends)),
        speed_factor=draw(st.sampled_from([1.0, 0.7, 1.3])),
        kinds=draw(kinds),
        **draw(agreements(names)),
    )

"""How a problem is laid out: points become split nodes, wishes become tasks, clock times become seconds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from patrolroute.demand.model import Demand, Hotspot, PriorityStreet, StreetSegment
from patrolroute.demand.wishes import DEFAULT_HEADWAY_S
from patrolroute.errors import Complaints, PlaceError, ProblemError
from patrolroute.network.places import Place, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from patrolroute.problem.crew import Crew
from patrolroute.problem.task import Span, Task, cut, falling_worth, start_spans
from patrolroute.problem.windows import clip, spans_of
from patrolroute.units import Arc, LonLat, Points, Seconds, scaled_seconds, whole
from patrolroute.words import STREET_KIND, Mode

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Networks with every hotspot and depot as a node, and where they are."""

    networks: Mapping[Mode, RoadNetwork]
    depots: tuple[tuple[int, int], ...]
    hotspot_node: Mapping[str, int]
    chains: Mapping[Mode, Mapping[int, tuple[int, ...]]]
    arc_index: Mapping[Mode, Mapping[Arc, int]]


def broken_rules(
    networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew]
) -> Iterator[str]:
    """Say what keeps network, demand and crews from being a problem together."""
    if not crews:
        yield "problem: there is no crew"
    if not demand:
        yield "problem: there is nothing to cover, neither street nor hotspot"
    for mode, network in networks.items():
        if network.mode != mode:
            yield f"problem: the network given for mode {mode!r} is one for {network.mode!r}"
    for crew in crews:
        if crew.mode not in networks:
            yield f"crew {crew.id!r}: no network for mode {crew.mode!r}"
    ids = Counter(crew.id for crew in crews)
    yield from (f"crew {name!r}: the id is used {times} times" for name, times in ids.items() if times > 1)
    ids = Counter(task_id for item in demand for task_id in _ids(item))
    for name, times in ids.items():
        if times > 1:
            yield f"task {name!r}: is asked for {times} times; combine_streets() merges selections that overlap"
    for item in demand:
        if item.mode not in networks:
            yield f"{_thing(item)}: no network for mode {item.mode!r}"
        elif lost := _unknown_arcs(networks[item.mode], item):
            yield f"{_thing(item)}: arc {lost[0]} is not on the network; choose streets on the network of the problem"


def lay_out(
    networks: Mapping[Mode, RoadNetwork], demand: Sequence[Demand], crews: Sequence[Crew], snap_m: float
) -> LaidOut:
    """Snap depots, split the networks at every stop.

    Raises
    ------
    PlaceError
        Naming every depot that lies off the network.
    """
    split: dict[Mode, RoadNetwork] = {}
    chains: dict[Mode, Mapping[int, tuple[int, ...]]] = {}
    node_of: dict[str, int] = {}
    depot_nodes: dict[str, tuple[int, int]] = {}
    complaints = Complaints()
    for mode, network in networks.items():
        team = [crew for crew in crews if crew.mode == mode]
        spots = [item for item in demand if isinstance(item, Hotspot) and item.mode == mode]
        points = [(f"depot of crew {crew.id!r}", crew.depot) for crew in team]
        points += [(f"end depot of crew {crew.id!r}", crew.home) for crew in team]
        try:
            places = _snap_once(network, points, snap_m)
        except PlaceError as error:
            complaints.extend(error.complaints)
            continue
        split[mode], nodes, chains[mode] = split_at(network, [*places, *(spot.place for spot in spots)])
        for number, crew in enumerate(team):
            depot_nodes[crew.id] = nodes[number], nodes[len(team) + number]
        node_of |= {spot.id: node for spot, node in zip(spots, nodes[2 * len(team) :], strict=True)}
    complaints.raise_as(PlaceError)
    depots = tuple(depot_nodes[crew.id] for crew in crews)
    return LaidOut(split, depots, node_of, chains, {mode: network.arc_index for mode, network in networks.items()})


def _snap_once(network: RoadNetwork, points: list[tuple[str, LonLat]], snap_m: float) -> list[Place]:
    """Snap each point once, so that a depot that many crews share is complained of once."""
    first = {lonlat: thing for thing, lonlat in reversed(points)}
    places = snap_all(network, [(thing, lonlat) for lonlat, thing in first.items()], snap_m=snap_m)
    by_point = dict(zip(first, places, strict=True))
    return [by_point[lonlat] for _, lonlat in points]


def make_tasks(
    laid: LaidOut, demand: Sequence[Demand], night: Span, origin: dt.datetime, decay: float
) -> tuple[Task, ...]:
    """Turn wishes into tasks, streets and hotspots in the order given.

    Raises
    ------
    ProblemError
        Naming every window that meets no shift and every slice shorter than its headway.
    """
    complaints = Complaints()
    tasks: list[Task] = []
    for item in demand:
        if isinstance(item, Hotspot):
            tasks.append(_hotspot_task(laid, item, night, origin, decay, complaints))
        else:
            tasks.extend(_street_tasks(laid, item, night, decay, complaints))
    complaints.raise_as(ProblemError)
    return tuple(tasks)


def _hotspot_task(
    laid: LaidOut, spot: Hotspot, night: Span, origin: dt.datetime, decay: float, complaints: Complaints
) -> Task:
    windows, lost = spans_of(spot.windows, night, origin)
    for window in lost:
        complaints.add(f"hotspot {spot.name!r}: the window {window} never meets any shift")
    opened = clip(windows, night)
    hull = (opened[0][0], opened[-1][1]) if opened else night
    headway = _headway(spot)
    slices = cut(hull, spot.visits)
    starts = tuple(start_spans(one, headway, windows, spot.dwell_s) for one in slices)
    if not lost:
        complaints.extend(_bad_slices(_thing(spot), slices, headway, starts, f"a dwell of {spot.dwell_s} s"))
    node = laid.hotspot_node[spot.id]
    prize = spot.prize or spot.priority * spot.dwell_s
    return Task(
        spot.id, "hotspot", spot.kind, spot.name, spot.mode, spot.priority, spot.required, prize, headway,
        falling_worth(prize, spot.visits, decay), slices, starts, (), node, spot.dwell_s, windows,
        laid.networks[spot.mode].node_lonlat(node),
    )  # fmt: skip


def _street_tasks(
    laid: LaidOut, street: PriorityStreet, night: Span, decay: float, complaints: Complaints
) -> Iterator[Task]:
    network, headway = laid.networks[street.mode], _headway(street)
    slices = cut(night, street.visits)
    starts = tuple(start_spans(one, headway, (), 0) for one in slices)
    complaints.extend(_bad_slices(_thing(street), slices, headway, starts, "a start"))
    for number, segment in enumerate(street.segments):
        chains = tuple(_rechain(laid, street.mode, chain) for chain in segment.directions)
        prize = street.prize[number] if street.prize else street_prize(network, chains, street.priority)
        yield Task(
            segment.id, "street", STREET_KIND, street.name, street.mode, street.priority, street.required, prize,
            headway, falling_worth(prize, street.visits, decay), slices, starts, chains, -1, 0, (),
            midpoint(network, chains[0]),
        )  # fmt: skip


def street_prize(network: RoadNetwork, chains: Sequence[Sequence[int]], priority: int) -> Points:
    """Give the default prize: priority × planned service seconds, the mean over the directions."""
    seconds = [int(network.patrol_s[list(chain)].sum()) for chain in chains]
    return priority * whole(sum(seconds) / len(seconds))


def midpoint(network: RoadNetwork, chain: Sequence[int]) -> LonLat:
    """Give the point half-way along a chain of arcs."""
    point = shapely.LineString(network.path_shape(list(chain))).interpolate(0.5, normalized=True)
    return float(point.x), float(point.y)


def ways(task: Task, network: RoadNetwork, factor: float) -> tuple[tuple[int, int, Seconds], ...]:
    """Give entry node, leaving node and service seconds for each way to serve a task."""
    if task.kind == "hotspot":
        return ((task.node, task.node, task.dwell_s),)
    return tuple(
        (
            int(network.tail[chain[0]]),
            int(network.head[chain[-1]]),
            int(scaled_seconds(network.patrol_s[list(chain)], factor).sum()),
        )
        for chain in task.directions
    )


def nodes_that_matter(problem: PatrolProblem, mode: Mode) -> tuple[int, ...]:
    """Give, ascending, the nodes of a mode where a crew starts, ends, or enters or leaves a task."""
    network, nodes = problem.networks[mode], set[int]()
    for crew, depots in zip(problem.crews, problem.depots, strict=True):
        if crew.mode == mode:
            nodes.update(depots)
    for task in problem.tasks:
        if task.mode == mode:
            nodes.update(node for entry, leave, _ in ways(task, network, 1.0) for node in (entry, leave))
    return tuple(sorted(nodes))


def allowed_tasks(crew: Crew, tasks: Sequence[Task]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say for each task whether the crew may serve it."""
    fits = np.array([task.mode == crew.mode for task in tasks], dtype=np.bool_)
    if crew.kinds is not None:
        fits &= np.array([task.kind in crew.kinds or task.category in crew.kinds for task in tasks], dtype=np.bool_)
    if crew.area is not None:
        points = np.array([task.midpoint for task in tasks])
        fits &= shapely.intersects_xy(crew.area, points[:, 0], points[:, 1])
    return fits


def hopeless_crews(problem: PatrolProblem) -> Iterator[str]:
    """Name the crews that cannot serve any task, however short, and come home in time."""
    for index, crew in enumerate(problem.crews):
        candidates = np.flatnonzero(problem.allowed[index])
        if not len(candidates):
            yield f"crew {crew.id!r}: there is no task of its mode, kinds and patrol area"
            continue
        cheapest = min(_loop_s(problem, index, int(task)) for task in candidates)
        if cheapest > crew.budget_s:
            yield (
                f"crew {crew.id!r}: a time budget of {crew.budget_s // 60} min {crew.budget_s % 60} s is too short "
                f"for any task; the shortest loop takes {-(-cheapest // 60)} min"
            )


def _loop_s(problem: PatrolProblem, crew: int, task: int) -> Seconds:
    """Give the seconds from depot over a task to the end depot, windows aside."""
    travel, depot, home = problem.travel_matrix(crew), problem.depot_node(crew), problem.home_node(crew)
    return min(
        travel.seconds(depot, entry) + service + travel.seconds(leave, home)
        for entry, leave, service in problem.ways(crew, task)
    )


def _rechain(laid: LaidOut, mode: Mode, chain: Sequence[Arc]) -> tuple[int, ...]:
    """Follow a chain of arcs of the given network on the split one."""
    old = (laid.arc_index[mode][arc] for arc in chain)
    return tuple(new for index in old for new in laid.chains[mode][index])


def _headway(item: Demand) -> Seconds:
    if item.headway_s is not None:
        return item.headway_s
    return DEFAULT_HEADWAY_S if item.visits > 1 else 0


def _bad_slices(
    thing: str, slices: Sequence[Span], headway_s: Seconds, starts: Sequence[Sequence[Span]], need: str
) -> Iterator[str]:
    shortest = min(last - first for first, last in slices)
    if shortest < headway_s:
        yield (
            f"{thing}: {len(slices)} visits leave a slice of {shortest // 60} min, shorter than the headway of "
            f"{headway_s // 60} min; ask for fewer visits or a shorter headway"
        )
        return
    for number, spans in enumerate(starts, start=1):
        if not spans:
            yield f"{thing}: visit {number} of {len(slices)} has no room for {need} inside its opening hours"


def _thing(item: Demand) -> str:
    return f"{'hotspot' if isinstance(item, Hotspot) else 'street'} {item.name or 'without a name'!r}"


def _ids(item: Demand) -> list[str]:
    return [item.id] if isinstance(item, Hotspot) else [segment.id for segment in item.segments]


def _unknown_arcs(network: RoadNetwork, item: Demand) -> list[Arc]:
    segments: tuple[StreetSegment, ...] = () if isinstance(item, Hotspot) else item.segments
    arcs = [item.place.arc] if isinstance(item, Hotspot) else []
    arcs += [arc for segment in segments for chain in segment.directions for arc in chain]
    return [arc for arc in arcs if arc not in network.arc_index]

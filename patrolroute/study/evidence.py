"""What a diagnosis goes by: how far stops, depots and promises are from what they should be, measured on the night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.base.vocabulary import DATUMS, FloatArray, LonLat, Mode, Seconds
from patrolroute.demand.model import Hotspot
from patrolroute.network.coordinates import to_wgs84
from patrolroute.network.places import Place, nearest_places, open_streets, to_plane
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from patrolroute.problem.crew import Crew

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


SHIFTED_M = 25.0
DATUM_GAIN = 0.4
FEWEST_POINTS = 5
"""Points look shifted if they lie this far from streets on the median, and 0.4 of that or less in another datum."""

NEAR_M = (50.0, 400.0)
DETOUR, LONG_M = 6.0, 1500.0
"""A depot lies behind a barrier if the streets around it are reached over six times their distance and 1.5 km."""

ACROSS, ACROSS_M, APART_M = 10.0, 500.0, 15.0
"""A stop that lies farther than this from its street may be on the wrong side of a river if the nearest street on its
other side is 500 m away by road, and ten times as far as both streets together from the stop."""


AT_M = 0.5
"""A place so near to the end of its arc lies on the junction."""


class Across(NamedTuple):
    """A stop that may have been moved across a river: the street on its other side, and the metres to there by road."""

    spot: Hotspot
    other: Place
    arc: int
    road_m: float


def stops_across(problem: PatrolProblem) -> Iterator[Across]:
    """Yield stops that are moved across what nobody crosses, by the streets alone: a map of streets has no rivers.

    The nearest street lies on one side of the stop, another one on its other side and at most twice as far; the way by
    road from one to the other is far longer than over the stop.
    """
    nodes = {task.id: task.node for task in problem.tasks if task.kind == "hotspot"}
    for spot in problem.demand:
        if not isinstance(spot, Hotspot) or spot.place.distance_m <= APART_M:
            continue
        crew = next((number for number, crew in enumerate(problem.crews) if crew.mode == spot.mode), None)
        network, place = problem.networks[spot.mode], spot.place
        other = open_streets(network).across(place)
        if crew is None or other is None:
            continue
        arc = network.arc_index[other.arc]
        road_m = _metres_by_road(problem.paths_of(crew).times, nodes[spot.id], arc, other.fraction)
        if road_m > max(ACROSS_M, ACROSS * (place.distance_m + other.distance_m)):
            yield Across(spot, other, arc, road_m)


def _metres_by_road(times: TravelTimes, node: int, arc: int, fraction: float) -> float:
    """Return the metres of the quickest way from a node to a point on an arc, in whichever direction it is reached."""
    network, found = times.network, times.metres_from(node)
    ways = [(arc, fraction)] + ([(int(network.reverse[arc]), 1.0 - fraction)] if network.reverse[arc] >= 0 else [])
    return min(float(found[network.tail[one]]) + part * float(network.length_m[one]) for one, part in ways)


class SnappedDepot(NamedTuple):
    """A depot and where it was put: what people call it, else the names of its crews; its street."""

    name: str
    mode: Mode
    place: Place
    street: str
    crews: tuple[str, ...]


def snapped_depots(problem: PatrolProblem) -> list[SnappedDepot]:
    """Return each place where crews start or end once for each mode, in the order of the crews."""
    given = problem.network if isinstance(problem.network, Mapping) else {problem.network.mode: problem.network}
    crews = dict[tuple[Mode, LonLat, str], list[str]]()
    for crew in problem.crews:
        ends = {(crew.depot, crew.depot_name), (crew.end_place, crew.end_name)}
        for point, name in sorted(ends, key=lambda end: end[0] != crew.depot):
            crews.setdefault((crew.mode, point, name), []).append(crew.id)
    found = []
    for (mode, point, name), ids in crews.items():
        network = given[mode]
        (place,) = nearest_places(network, [point])
        found.append(SnappedDepot(name or ", ".join(ids[:3]), mode, place, street_at(network, place), tuple(ids)))
    return found


def street_at(network: RoadNetwork, place: Place) -> str:
    """Return the name of the street at a place, of a junction the names of all that meet there; empty for no name."""
    arc = network.arc_index[place.arc]
    along_m = place.fraction * float(network.length_m[arc])
    ends = ((along_m, network.tail[arc]), (float(network.length_m[arc]) - along_m, network.head[arc]))
    for metres, node in ends:
        if metres < AT_M:
            at_node = np.flatnonzero((network.tail == node) | (network.head == node)).tolist()
            return "/".join(sorted({network.names[one] for one in at_node} - {""}))
    return network.names[arc]


def is_on_bridge(network: RoadNetwork, place: Place) -> bool:
    """Return whether a place lies on a part of its arc that is a bridge or an elevated road."""
    arc = network.arc_index[place.arc]
    begin, end = int(network.shape_start[arc]), int(network.shape_start[arc + 1])
    marked = network.no_stop[begin : end - 1]
    if not marked.any():
        return False
    points = to_plane(network, np.column_stack((network.shape_lon[begin:end], network.shape_lat[begin:end])))
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    part = int(np.searchsorted(along[1:-1], place.fraction * along[-1], side="right"))
    return bool(marked[part])


def fitting_datum(network: RoadNetwork, points: Sequence[LonLat], datum: str) -> str | None:
    """Return in which other datum points fit the streets much better; None if they fit as they are read.

    Parameters
    ----------
    network
        The streets.
    points
        Coordinates as given.
    datum
        In which they are read: ``wgs84``, ``gcj02`` or ``bd09``.
    """
    if len(points) < FEWEST_POINTS:
        return None
    streets = open_streets(network)
    lon, lat = np.array(points, dtype=np.float64).T
    metres: dict[str, float] = {
        other: float(np.median(streets.distance_m(np.column_stack(to_wgs84(lon, lat, other))))) for other in DATUMS
    }
    best = min(metres, key=lambda other: metres[other])
    return best if metres[datum] > SHIFTED_M and metres[best] <= DATUM_GAIN * metres[datum] else None


def behind_barriers(problem: PatrolProblem) -> Iterator[tuple[Crew, int]]:
    """Yield crews from whose depot the streets around it are far by road, with the metres, once for each place."""
    seen = set[tuple[str, int]]()
    for number, crew in enumerate(problem.crews):
        node = problem.depots[number][0]
        if (crew.mode, node) in seen:
            continue
        seen.add((crew.mode, node))
        times = problem.paths_of(number).times
        straight = _metres_from(problem.networks[crew.mode], crew.depot)
        near = np.flatnonzero((straight >= NEAR_M[0]) & (straight <= NEAR_M[1]))
        driven = times.metres_from(node)[near]
        detour = (driven > DETOUR * straight[near]) & (driven > LONG_M)
        if len(near) and detour.mean() > 1 / 2:
            yield crew, int(np.median(driven))


def _metres_from(network: RoadNetwork, point: LonLat) -> FloatArray:
    """Return the straight metres from a point to each node."""
    nodes = to_plane(network, np.column_stack((network.lon, network.lat)))
    return np.asarray(np.hypot(*(nodes - to_plane(network, np.array([point]))).T))


def least_gap_s(problem: PatrolProblem, task: int) -> Seconds:
    """Return for how many seconds a street is left alone at least, whatever crews do; the night's length at most.

    Nobody is there before the first crew can be, from the night's first second on, nor after the last one that still
    comes home in time.
    """
    begin_s, until_s = problem.night
    first_s, last_s = until_s, begin_s
    for number, crew in enumerate(problem.instance.crews):
        seconds = problem.instance.travel(number).seconds
        for way in problem.instance.ways(number, task):
            arrives_s = crew.start_s + int(seconds[crew.depot, way.entry])
            leaves_s = crew.end_s - way.through_s - int(seconds[way.leave, crew.end_depot])
            if arrives_s <= leaves_s:
                first_s, last_s = min(first_s, arrives_s), max(last_s, leaves_s)
    return max(first_s - begin_s, until_s - last_s)


def least_kept_s(problem: PatrolProblem, team: Sequence[int], promised: Sequence[int]) -> Seconds:
    """Return how long a team drives at least along streets to keep all promises; streets that share arcs count once.

    Parameters
    ----------
    problem
        The night.
    team
        Indices of the crews of one mode.
    promised
        Indices of the streets of that mode for which a longest gap was promised.

    Returns
    -------
    int
        Seconds of all crews together.
    """
    needed_s, counted = 0, set[int]()
    night_s = problem.night[1] - problem.night[0]
    for number in promised:
        task = problem.tasks[number]
        arcs = {arc for chain in task.directions for arc in chain}
        ways = [way.through_s for crew in team for way in problem.instance.ways(crew, number)]
        if ways and not arcs & counted:
            counted |= arcs
            needed_s += (-(-night_s // (task.longest_gap_s or night_s)) - 1) * min(ways)
    return needed_s

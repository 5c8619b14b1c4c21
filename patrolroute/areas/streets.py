"""The streets of a night as units: junctions with the streets that belong to them, few enough to be put into areas.

A street between two junctions belongs to one of them, the one on the smaller road: so a great road's junctions have
nothing of its side streets, and the edge of an area runs along it. Two carriageways are one street, and the junctions
at one end of both are one unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from patrolroute.areas.contraction import Groups, Link, contract
from patrolroute.areas.units import Units
from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import BoolArray, FloatArray, IntArray, LongArray, LonLat, whole
from patrolroute.demand.model import Demand, Hotspot
from patrolroute.network.coordinates import half_way
from patrolroute.network.places import Place, flat
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import Segment, street_segments

RANKS = {"motorway": 5, "trunk": 4, "primary": 3, "secondary": 2, "tertiary": 1}
"""How great a road is; all others are 0."""

METRES_A_SECOND = 10
"""Metres of any street that weigh as much as a second of work: areas are compact where nothing is asked for, too."""


@dataclass(frozen=True, slots=True)
class Edges:
    """What an area is not to reach across without need.

    Parameters
    ----------
    classes
        Of great roads: whoever crosses one is so many metres farther, whoever drives along it is not.
    lines
        Rivers, railways, ridges, in degrees.
    metres
        What a crossing counts.
    """

    classes: tuple[str, ...] = ()
    lines: tuple[Any, ...] = ()
    metres: int = 0


@dataclass(frozen=True, eq=False)
class StreetUnits:
    """Units of a street network.

    Parameters
    ----------
    network
        The map.
    units
        The pieces.
    segments
        All streets between two junctions.
    unit
        The unit of each of them, shape ``(len(segments),)``.
    unit_of_node
        The unit of each junction.
    work
        What each street asks for in seconds, its hotspots included, shape ``(len(segments),)``.
    stops
        Longitude and latitude of stations and then hotspots where they were put on streets, and the unit of each.
    """

    network: RoadNetwork
    units: Units
    segments: tuple[Segment, ...]
    unit: IntArray
    unit_of_node: IntArray
    work: LongArray
    stops: tuple[tuple[LonLat, int], ...]

    @cached_property
    def midpoints(self) -> FloatArray:
        """Longitude and latitude half-way along each street, where a crew's area is asked about it."""
        return midpoints(self.network, self.segments)

    def moved(self, lost: BoolArray, inside: IntArray, area: IntArray) -> StreetUnits:
        """Return the same with some streets belonging to the nearest unit of the area that they lie in.

        Parameters
        ----------
        lost
            Which streets.
        inside
            The area that each street lies in.
        area
            The area of each unit.
        """
        places, unit = flat(self.network).to_plane(self.midpoints), self.unit.copy()
        for street in np.flatnonzero(lost).tolist():
            near = np.flatnonzero(~lost & (area[self.unit] == inside[street]))
            if len(near):
                unit[street] = self.unit[near[np.argmin(np.hypot(*(places[near] - places[street]).T))]]
        count = len(self.units)
        work = np.bincount(unit, weights=self.work, minlength=count).astype(np.int64)
        metres = np.bincount(unit, weights=self.length_m, minlength=count).astype(np.int64)
        units = replace(self.units, work=work, weight=np.maximum(work + metres // METRES_A_SECOND, 1))
        return replace(self, units=units, unit=unit)

    @cached_property
    def length_m(self) -> LongArray:
        """Metres of each street."""
        return lengths(self.network, self.segments)


def midpoints(network: RoadNetwork, segments: Sequence[Segment]) -> FloatArray:
    """Return longitude and latitude half-way along the first direction of each street."""
    return np.array([half_way(network.path_shape(list(segment.directions[0]))) for segment in segments])


def lengths(network: RoadNetwork, segments: Sequence[Segment]) -> LongArray:
    """Return the metres of each street, the mean of its directions."""
    chains = ([int(network.length_m[list(chain)].sum()) for chain in segment.directions] for segment in segments)
    return np.array([whole(sum(metres) / len(metres)) for metres in chains], dtype=np.int64)


def street_units(  # noqa: PLR0913 - a word for each
    network: RoadNetwork,
    demand: Sequence[Demand],
    edges: Edges,
    *,
    stations: Sequence[Place] = (),
    cells: Sequence[Any] = (),
    most_units: int,
) -> StreetUnits:
    """Return the streets of a network as units.

    Parameters
    ----------
    network
        The map.
    demand
        What is asked for there.
    edges
        What is not to be crossed without need.
    stations
        Where stations are.
    cells
        Polygons in degrees: what lies in one of them stays together. Of several that overlap the first counts.
    most_units
        Units that lie close to each other become one until there are so few.

    Raises
    ------
    ProblemError
        If something asked for does not lie on the network.
    """
    segments = street_segments(network)
    of_arc = np.zeros(network.arc_count, dtype=np.int32)
    for number, segment in enumerate(segments):
        of_arc[list(segment.arcs)] = number
    work = _work(network, demand, of_arc)
    places = [*stations, *(item.place for item in demand if isinstance(item, Hotspot))]
    on = [int(of_arc[network.arc_index[place.arc]]) for place in places]
    groups, owner = _grouped(network, segments, cells)
    weight = np.bincount(
        owner, weights=work + lengths(network, segments) // METRES_A_SECOND, minlength=network.node_count
    )
    links = _links(network, edges)
    contract(groups, weight.astype(np.int64), links, most=most_units, apart=owner[on[: len(stations)]].tolist())
    unit_of_node = groups.numbers()
    unit = unit_of_node[owner]
    stops = tuple((_foot(network, place), int(unit[segment])) for place, segment in zip(places, on, strict=True))
    return StreetUnits(
        network, _units(network, links, (unit, work), unit_of_node), segments, unit, unit_of_node, work, stops
    )


def _work(network: RoadNetwork, demand: Sequence[Demand], of_arc: IntArray) -> LongArray:
    """Return what is asked of each street: seconds of service or dwell, times the visits wanted."""
    work = np.zeros(int(of_arc.max()) + 1, dtype=np.int64)
    complaints = Complaints()
    for item in demand:
        if isinstance(item, Hotspot):
            if (arc := network.arc_index.get(item.place.arc)) is None:
                complaints.add(f"hotspot {item.id!r}: arc {item.place.arc} is not on the network")
            else:
                work[of_arc[arc]] += item.visits * item.dwell_s
            continue
        for street in item.segments:
            chains = [[network.arc_index.get(arc, -1) for arc in chain] for chain in street.directions]
            if any(arc < 0 for chain in chains for arc in chain):
                complaints.add(f"street {street.id!r}: is not on the network")
            else:
                seconds = [int(network.patrol_s[chain].sum()) for chain in chains]
                work[of_arc[chains[0][0]]] += item.visits * whole(sum(seconds) / len(seconds))
    complaints.raise_as(ProblemError)
    return work


def _grouped(network: RoadNetwork, segments: Sequence[Segment], cells: Sequence[Any]) -> tuple[Groups, IntArray]:
    """Return the junctions that must stay together, and the junction that each street belongs to."""
    of_node = _cells(np.column_stack((network.lon, network.lat)), cells)
    of_street = _cells(midpoints(network, segments), cells) if cells else np.full(len(segments), -1, dtype=np.int32)
    rank = _ranks(network)
    groups, owner = Groups.of(network.node_count), np.zeros(len(segments), dtype=np.int32)
    for number, segment in enumerate(segments):
        first, last = _ends(network, segment)
        inside = [int(network.tail[arc]) for chain in segment.directions for arc in chain[1:]]
        mine = min(
            (of_node[end[0]] != of_street[number], min(rank[node] for node in end), end) for end in (first, last)
        )[2]
        owner[number] = mine[0]
        groups.join([*mine, *inside])
    for cell in range(len(cells)):
        together = [*np.flatnonzero(of_node == cell).tolist(), *owner[of_street == cell].tolist()]
        if together:
            groups.join(together)
    return groups, owner


def _cells(points: FloatArray, cells: Sequence[Any]) -> IntArray:
    """Return the first of some polygons that each point lies in, -1 where it lies in none."""
    found = np.full(len(points), -1, dtype=np.int32)
    for number, cell in enumerate(cells):
        found[(found < 0) & shapely.intersects_xy(cell, points[:, 0], points[:, 1])] = number
    return found


def _ranks(network: RoadNetwork) -> list[int]:
    """Return the rank of the greatest road at each junction."""
    rank = np.zeros(network.node_count, dtype=np.int32)
    of_arc = np.array([rank_of(highway) for highway in network.highways], dtype=np.int32)
    np.maximum.at(rank, network.tail, of_arc)
    np.maximum.at(rank, network.head, of_arc)
    return [int(value) for value in rank]


def rank_of(highway: str) -> int:
    """Return how great a road of a class is."""
    return RANKS.get(highway.removesuffix("_link"), 0)


def _ends(network: RoadNetwork, segment: Segment) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the junctions at either end of a street, of each carriageway one."""
    there, *back = segment.directions
    first, last = [int(network.tail[there[0]])], [int(network.head[there[-1]])]
    for chain in back:
        first.append(int(network.head[chain[-1]]))
        last.append(int(network.tail[chain[0]]))
    return tuple(first), tuple(last)


def _links(network: RoadNetwork, edges: Edges) -> list[Link]:
    """Return the streets between junctions, each once, with what it counts farther.

    Where one street passes over another one, one of both joins nothing, unless something hangs together by it alone:
    areas that hang together on the plane can be drawn.
    """
    great = np.array([highway.removesuffix("_link") in edges.classes for highway in network.highways], dtype=np.bool_)
    at_great = np.zeros(network.node_count, dtype=np.int32)
    at_great[network.tail[great]] = at_great[network.head[great]] = 1
    extra = np.where(great, 0, (at_great[network.tail] + at_great[network.head]) * edges.metres / 2)
    if edges.lines:
        rivers = shapely.union_all([flat(network).flat(line) for line in edges.lines])
        extra += edges.metres * shapely.intersects(flat(network).lines, rivers)
    arcs = [arc for arc, back in enumerate(network.reverse.tolist()) if back < 0 or arc <= back]
    over = passing_over(network)
    ends = network.tail.tolist(), network.head.tolist()
    kept, groups = [arc for arc in arcs if arc not in over], Groups.of(network.node_count)
    for arc in kept:
        groups.join((ends[0][arc], ends[1][arc]))
    for arc in sorted(over, key=lambda arc: (extra[arc], arc)):
        if groups.find(ends[0][arc]) != groups.find(ends[1][arc]):
            groups.join((ends[0][arc], ends[1][arc]))
            kept.append(arc)
    return [Link(ends[0][arc], ends[1][arc], float(network.length_m[arc]), float(extra[arc])) for arc in kept]


def passing_over(network: RoadNetwork) -> frozenset[int]:
    """Return of each pair of arcs that cross without a junction one: that on a bridge, else of the smaller road."""
    lines = flat(network).lines
    arcs = np.flatnonzero((network.reverse < 0) | (np.arange(network.arc_count) <= network.reverse))
    one, two = shapely.STRtree(lines[arcs]).query(lines[arcs], predicate="crosses")
    starts = network.shape_start.tolist()

    def order(arc: int) -> tuple[bool, int, int]:
        is_bridge = bool(network.no_stop[starts[arc] : starts[arc + 1]].any())
        return not is_bridge, rank_of(network.highways[arc]), arc

    ends = np.column_stack((network.tail, network.head)).tolist()
    pairs = ((first, second) for first, second in zip(arcs[one].tolist(), arcs[two].tolist(), strict=True))
    return frozenset(
        min(first, second, key=order)
        for first, second in pairs
        if first < second and set(ends[first]).isdisjoint(ends[second])
    )


def _units(
    network: RoadNetwork, links: Sequence[Link], streets: tuple[IntArray, LongArray], unit_of_node: IntArray
) -> Units:
    """Return the units: as far apart as the middles of their streets along links, crossings counted."""
    unit, work = streets
    count = int(unit_of_node.max()) + 1
    length = lengths(network, street_segments(network))
    middles = flat(network).to_plane(midpoints(network, street_segments(network)))
    load = np.bincount(unit, weights=work, minlength=count).astype(np.int64)
    streets_m = np.bincount(unit, weights=length, minlength=count)
    nodes = flat(network).to_plane(np.column_stack((network.lon, network.lat)))
    place = np.empty((count, 2))
    for axis in range(2):
        alone = np.bincount(unit_of_node, weights=nodes[:, axis], minlength=count) / np.bincount(unit_of_node)
        mean = np.bincount(unit, weights=length * middles[:, axis], minlength=count) / np.maximum(streets_m, 1)
        place[:, axis] = np.where(streets_m > 0, mean, alone)
    best: dict[tuple[int, int], float] = {}
    for link in links:
        one, two = sorted((int(unit_of_node[link.one]), int(unit_of_node[link.two])))
        if one != two:
            metres = float(np.hypot(*(place[one] - place[two]))) + link.extra + 1
            best[one, two] = min(metres, best.get((one, two), metres))
    weight = np.maximum(load + streets_m.astype(np.int64) // METRES_A_SECOND, 1)
    return Units.along(load, weight, list(best), list(best.values()))


def _foot(network: RoadNetwork, place: Place) -> LonLat:
    """Return where on its street a place was put."""
    line = flat(network).lines[network.arc_index[place.arc]]
    foot = shapely.line_interpolate_point(line, place.fraction, normalized=True)
    lon, lat = flat(network).to_degrees(np.array([[foot.x, foot.y]]))[0].tolist()
    return lon, lat

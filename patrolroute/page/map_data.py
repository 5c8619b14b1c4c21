"""A network as the page draws it, where a point snaps to, and the section of a street between two clicks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

import networkx as nx
import numpy as np
import shapely

from patrolroute.base.vocabulary import LonLat
from patrolroute.network.names import base_name
from patrolroute.network.places import Place, flat, nearest_places, where_one_stops
from patrolroute.network.road import RoadNetwork

STEP_DEG = 1e-6
"""Coordinates are whole multiples of it, a tenth of a metre: a map of 13,000 points is 200 kB."""

KEPT = 4
"""Networks whose crossings are kept."""

OFF_STREET = 4.0
"""A metre of another street counts so much on the way between two clicks on one street."""


def map_of(network: RoadNetwork) -> dict[str, Any]:
    """Return a network for the page: arcs in arc order, each a line; a reverse arc is not drawn twice.

    Returns
    -------
    dict
        ``names`` and ``classes`` are lists that ``name`` and ``class`` number by arc; ``lines`` holds the longitudes
        and latitudes in turn as whole multiples of `STEP_DEG` from ``origin``, each point from the one before; arc
        ``a`` owns the points from ``start[a]`` to ``start[a + 1]``; ``twin`` is the arc that runs backwards, or -1;
        ``stops`` says where one may stop: points snap nowhere else.
    """
    names, classes = sorted(set(network.names)), sorted(set(network.highways))
    of_name = {name: number for number, name in enumerate(names)}
    of_class = {name: number for number, name in enumerate(classes)}
    origin = float(np.min(network.shape_lon)), float(np.min(network.shape_lat))
    points = np.column_stack((network.shape_lon - origin[0], network.shape_lat - origin[1]))
    steps = np.diff(np.round(points / STEP_DEG).astype(np.int64), axis=0, prepend=0)
    return {
        "mode": network.mode,
        "origin": origin,
        "step": STEP_DEG,
        "names": names,
        "classes": classes,
        "name": [of_name[name] for name in network.names],
        "class": [of_class[name] for name in network.highways],
        "twin": network.reverse.tolist(),
        "stops": where_one_stops(network).astype(int).tolist(),
        "start": network.shape_start.tolist(),
        "lines": steps.ravel().tolist(),
        "attribution": network.attribution,
        "notice": network.notice or "",
    }


def line_of(network: RoadNetwork, arc: int) -> list[LonLat]:
    """Return an arc's line in WGS-84 degrees."""
    begin, end = int(network.shape_start[arc]), int(network.shape_start[arc + 1])
    return list(zip(network.shape_lon[begin:end].tolist(), network.shape_lat[begin:end].tolist(), strict=True))


def place_shown(network: RoadNetwork, place: Place) -> dict[str, Any]:
    """Return where a point snaps to: the street, how many metres away, and the foot on it."""
    arc = network.arc_index[place.arc]
    line = line_of(network, arc)
    plane = flat(network)
    foot = shapely.line_interpolate_point(plane.lines[arc], place.fraction, normalized=True)
    # back to degrees along the piece of the line that holds the foot: the plane has no way back of its own
    metres = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(plane.to_plane(line), axis=0).T))))
    at = shapely.line_locate_point(plane.lines[arc], foot)
    lon, lat = (float(np.interp(at, metres, axis)) for axis in np.array(line).T)
    return {
        "lon": place.lon, "lat": place.lat, "street": network.names[arc], "metres": round(place.distance_m, 1),
        "foot": [lon, lat], "arc": arc,
    }  # fmt: skip


def snapped(network: RoadNetwork, point: LonLat) -> dict[str, Any]:
    """Return where a click snaps to, however far it is.

    Parameters
    ----------
    network
        The streets.
    point
        Longitude and latitude, WGS-84 degrees.

    Raises
    ------
    PlaceError
        If nobody can stop anywhere.
    """
    (place,) = nearest_places(network, [point])
    return place_shown(network, place)


def section(network: RoadNetwork, first: LonLat, second: LonLat, *, reach_m: float = 0.0) -> dict[str, Any]:
    """Return the section of a street between two clicks, whole segments at both ends.

    Where both clicks are on one street it keeps to that street as far as it can; where they are not, it is the shortest
    way. Directions do not matter: a section is what is patrolled, not how.

    Parameters
    ----------
    network
        The streets.
    first, second
        The clicks, WGS-84 degrees.
    reach_m
        How far off the second click may be: within it the street of the first goes before a nearer one.

    Returns
    -------
    dict
        ``line``, a list of longitudes and latitudes; ``name`` of the street; ``ends``, the names of both cross
        streets, empty where none is known; ``metres``. ``line`` is empty where no street joins the clicks.
    """
    places = nearest_places(network, [first, second])
    begin, end = (network.arc_index[place.arc] for place in places)
    name = network.names[begin]
    end = _of_street(network, name, second, reach_m, end)
    arcs = _between(network, begin, end)
    if not arcs:
        return {"line": [], "name": name, "ends": ["", ""], "metres": 0}
    line = _joined([line_of(network, arc) for arc in arcs])
    chosen = max({network.names[arc] for arc in arcs}, key=lambda one: _metres_of(network, arcs, one))
    metres = int(network.length_m[arcs].sum())
    return {"line": line, "name": chosen, "ends": list(ends_of(network, arcs, chosen)), "metres": metres}


def ends_of(network: RoadNetwork, arcs: Sequence[int], street: str) -> tuple[str, str]:
    """Return the streets that cross at both ends of a section, empty where none with a name does.

    Parameters
    ----------
    network
        The streets.
    arcs
        The section, in the order in which it is driven.
    street
        Its name; its own other sections (朝阳中路, 朝阳东路) cross nowhere.
    """
    own = base_name(street)
    nodes = int(network.tail[arcs[0]]), int(network.head[arcs[-1]])
    first, last = ("/".join(sorted(one for one in _names_at(network)[node] if base_name(one) != own)) for node in nodes)
    return first, last


@lru_cache(maxsize=KEPT)
def _names_at(network: RoadNetwork) -> tuple[frozenset[str], ...]:
    """Return the names of the streets that meet at each node."""
    found: list[set[str]] = [set() for _ in range(network.node_count)]
    for name, tail, head in zip(network.names, network.tail.tolist(), network.head.tolist(), strict=True):
        if name:
            found[tail].add(name)
            found[head].add(name)
    return tuple(map(frozenset, found))


def _of_street(network: RoadNetwork, name: str, point: LonLat, reach_m: float, usual: int) -> int:
    """Return the arc of a street that is nearest to a click within some metres, else the usual one."""
    plane = flat(network)
    here = shapely.Point(plane.to_plane([point])[0])
    near = [
        (float(here.distance(plane.lines[arc])), int(arc))
        for arc in plane.tree.query(here, predicate="dwithin", distance=reach_m)
        if name and base_name(network.names[arc]) == base_name(name)
    ]
    return min(near)[1] if near else usual


def _metres_of(network: RoadNetwork, arcs: list[int], name: str) -> int:
    return sum(int(network.length_m[arc]) for arc in arcs if network.names[arc] == name)


def _between(network: RoadNetwork, begin: int, end: int) -> list[int]:
    """Return the arcs from one to the other, both included, each as the way goes where it may be driven so."""
    if end in (begin, int(network.reverse[begin])):
        return [begin]
    own = base_name(network.names[begin])
    graph: Any = nx.MultiGraph()
    for arc, (tail, head) in enumerate(zip(network.tail.tolist(), network.head.tolist(), strict=True)):
        is_own = own != "" and base_name(network.names[arc]) == own
        graph.add_edge(tail, head, arc, cost=int(network.length_m[arc]) * (1.0 if is_own else OFF_STREET))
    for arc in (begin, end):  # both are to be driven whole: taken out, and the ways lead between their far ends
        graph.remove_edge(int(network.tail[arc]), int(network.head[arc]), arc)
        if (back := int(network.reverse[arc])) >= 0:
            graph.remove_edge(int(network.tail[back]), int(network.head[back]), back)
    best: tuple[float, list[int]] = (np.inf, [])
    costs: Any
    ways: Any
    for start in (int(network.tail[begin]), int(network.head[begin])):
        costs, ways = nx.single_source_dijkstra(graph, start, weight=_cheapest)
        for goal in (int(network.tail[end]), int(network.head[end])):
            if costs.get(goal, np.inf) < best[0]:
                best = costs[goal], ways[goal]
    if best[0] == np.inf:
        return []
    way = best[1]
    inner = [_arc_between(graph, network, *pair) for pair in pairwise(way)]
    return [_turned(network, begin, way[0], comes=True), *inner, _turned(network, end, way[-1], comes=False)]


def _cheapest(_tail: int, _head: int, edges: Any) -> float:
    return float(min(edge["cost"] for edge in edges.values()))


def _arc_between(graph: Any, network: RoadNetwork, tail: int, head: int) -> int:
    """Return the cheapest arc between two nodes, that of the way's own direction where there are both."""
    edges = graph[tail][head]
    return int(min(edges, key=lambda arc: (edges[arc]["cost"], network.tail[arc] != tail, arc)))


def _turned(network: RoadNetwork, arc: int, node: int, *, comes: bool) -> int:
    """Return an arc or its reverse, whichever ends at a node, or begins there."""
    at = network.head if comes else network.tail
    back = int(network.reverse[arc])
    return arc if int(at[arc]) == node or back < 0 else back


def _joined(lines: list[list[LonLat]]) -> list[LonLat]:
    """Put lines one after the other, each turned so that it goes on where the one before ends."""
    if len(lines) > 1 and lines[0][0] in (lines[1][0], lines[1][-1]):
        lines[0] = lines[0][::-1]
    whole = list(lines[0])
    for line in lines[1:]:
        whole += line[1:] if line[0] == whole[-1] else line[::-1][1:]
    return list(chain(whole))

"""The crossing of two streets: the junction that a text means, or what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from patrolroute.base.errors import Complaint, PlaceError, short
from patrolroute.base.vocabulary import FloatArray, LongArray, LonLat
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.coordinates import not_on_earth, to_wgs84
from patrolroute.network.places import METRES_A_DEGREE, flat, to_plane
from patrolroute.network.street_names import base_name, sections, unknown_name
from patrolroute.network.words.grammar import SIDES, Crossing, crossings_in, lonlat_in

FAR_M = 100.0
"""Junction nodes of two streets that lie nearer to one another than this are one crossing, as of two divided roads."""

NEAR_M = 40.0
"""Streets that share no junction cross where their junctions come as near as this: over a nameless link or a bridge."""

MOST_NAMED = 8
"""Streets or crossings that a complaint names."""

_whole: WeakKeyDictionary[RoadArrays, RoadArrays] = WeakKeyDictionary()
_arcs: WeakKeyDictionary[RoadArrays, dict[str, LongArray]] = WeakKeyDictionary()


def keep_whole(network: RoadArrays, before: RoadArrays) -> None:
    """Remember what a network was before streets were closed: words mean the same on either."""
    _whole[network] = whole_of(before)


def whole_of(network: RoadArrays) -> RoadArrays:
    """Return the network with all that is closed tonight, the network itself if nothing is."""
    return _whole.get(network, network)


@dataclass(frozen=True, slots=True)
class Junction:
    """A crossing of two streets on a map.

    Parameters
    ----------
    first, second
        The streets as they were named.
    nodes
        The junction nodes of both, by index.
    node
        The one nearest to their middle, by index; of equally near ones that with the lowest id.
    lonlat
        Where that lies.
    apart_m
        Metres between the streets where they share no junction.
    """

    first: str
    second: str
    nodes: tuple[int, ...]
    node: int
    lonlat: LonLat
    apart_m: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place in words that was found: the point that is meant, WGS-84, and its crossing; None for coordinates."""

    text: str
    lonlat: LonLat
    junction: Junction | None = None


def arcs_of(name: str, network: RoadArrays) -> LongArray:
    """Return the arcs of a street by name, or of its sections; none if it is not on the map."""
    known = _arcs.get(network)
    if known is None:  # a text may be read in many ways, and each asks for its names
        names, number = np.unique(np.array(network.names), return_inverse=True)
        order = np.argsort(number, kind="stable")
        groups = np.split(order, np.cumsum(np.bincount(number, minlength=len(names)))[:-1])
        known = {str(name): np.sort(group) for name, group in zip(names, groups, strict=True)}
        by_base: dict[str, list[LongArray]] = {}
        for own in sorted(known.keys() - {""}):
            by_base.setdefault(base_name(own), []).append(known[own])
        known = {base: np.sort(np.concatenate(parts)) for base, parts in by_base.items()} | known
        _arcs[network] = known
    return known.get(name, np.zeros(0, dtype=np.int64)) if name else np.zeros(0, dtype=np.int64)


def nodes_of(arcs: LongArray, network: RoadArrays) -> LongArray:
    """Return the nodes at the ends of arcs, each once."""
    return np.unique(np.concatenate((network.tail[arcs], network.head[arcs]))).astype(np.int64)


def place_in_words(text: str, network: RoadArrays, *, crs: str = "wgs84") -> FoundPlace:
    """Find the point that a text means: the crossing of two streets, or a longitude and latitude.

    Parameters
    ----------
    text
        Such as ``朝阳中路与龙湖路口``.
    network
        The map; streets that are closed tonight are on it all the same.
    crs
        Datum of coordinates; a crossing lies where the map has it.

    Raises
    ------
    PlaceError
        If a street is not on the map, the two do not meet, or meet at several places.
    """
    if (given := lonlat_in(text)) is not None:
        if wrong := not_on_earth(*given):
            raise PlaceError(wrong)
        lon, lat = to_wgs84(*given, crs)
        return FoundPlace(text, (float(lon), float(lat)))
    readings = crossings_in(text)
    if not readings:
        raise PlaceError(
            f"place {short(text, 60)} is neither two streets that cross, such as 'A Road & B Road', nor a longitude "
            "and a latitude"
        )
    network = whole_of(network)
    known = [one for one in readings if len(arcs_of(one.first, network)) and len(arcs_of(one.second, network))]
    one = (known or [max(readings, key=lambda one: _names_known(one, network))])[0]
    junction = junction_of(one.first, one.second, network, side="" if one.metres else one.side)
    return FoundPlace(text, _moved(junction.lonlat, one), junction)


def _names_known(one: Crossing, network: RoadArrays) -> int:
    """Return how many of the two names are on the map."""
    return sum(bool(len(arcs_of(name, network))) for name in (one.first, one.second))


def _moved(lonlat: LonLat, one: Crossing) -> LonLat:
    """Return a point so many metres from a crossing, in the direction that is told."""
    if not one.metres:
        return lonlat
    step = np.array(SIDES[one.side], dtype=np.float64)
    east, north = step / np.hypot(*step) * one.metres / METRES_A_DEGREE
    return float(lonlat[0] + east / np.cos(np.radians(lonlat[1]))), float(lonlat[1] + north)


def junction_of(first: str, second: str, network: RoadArrays, *, side: str = "") -> Junction:
    """Return the one crossing of two streets.

    Parameters
    ----------
    first, second
        Names on the map, or such as mean sections.
    network
        The map.
    side
        Which of several: the one farthest in that direction.

    Raises
    ------
    PlaceError
        Naming what is not on the map, with near matches and the streets that do cross; or the several crossings.
    """
    lost = [name for name in (first, second) if not len(arcs_of(name, network))]
    if len(lost) > 1:
        raise PlaceError(dict.fromkeys(unknown_name(name, network) for name in lost))
    if lost:
        (other,) = (name for name in (first, second) if name not in lost)
        said, names = unknown_name(lost[0], network).sentence, crossed(other, network)
        raise PlaceError(Complaint(f"{said}; {other!r} is crossed by {names}", "unknown_name"))
    if set(sections(first, network)) & set(sections(second, network)):
        raise PlaceError(f"streets {first!r} and {second!r} are one street on the map; name two that cross")
    found = junctions(first, second, network)
    if not found:
        metres = apart_m(first, second, network)
        raise PlaceError(
            Complaint(
                f"streets {first!r} and {second!r} do not meet; at the nearest they are {metres:.0f} m apart; the "
                f"first is crossed by {crossed(first, network)}; the second by {crossed(second, network)}",
                "unknown_name",
            )
        )
    if len(found) == 1:
        return found[0]
    if side:
        step = np.array(SIDES[side], dtype=np.float64)
        return max(found, key=lambda one: (float(step @ to_plane(network, np.array([one.lonlat]))[0]), -one.node))
    places = "; ".join(f"{one.lonlat[0]:.5f}, {one.lonlat[1]:.5f}" for one in found[:MOST_NAMED])
    raise PlaceError(
        Complaint(
            f"streets {first!r} and {second!r} meet at {len(found)} places: {places}; give the coordinates of one of "
            "them, or say behind the names which is meant, such as (north)",
            "unknown_name",
        )
    )


def junctions(first: str, second: str, network: RoadArrays) -> list[Junction]:
    """Return the crossings of two streets, those with the most westerly middle first; none if they never meet."""
    one, two = (arcs_of(name, network) for name in (first, second))
    nodes, apart_m = _shared(one, two, network), 0.0
    if not len(nodes):
        nodes, apart_m = _nearest(nodes_of(one, network), nodes_of(two, network), network)
    if not len(nodes):
        return []
    plane = _plane(network, nodes)
    ends = cKDTree(plane).query_pairs(FAR_M, output_type="ndarray")
    graph = csr_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
    count, part = connected_components(graph, directed=False)
    groups = [np.flatnonzero(part == number) for number in range(count)]
    found = []
    for group in groups:
        away = np.hypot(*(plane[group] - plane[group].mean(axis=0)).T)
        order = np.lexsort((network.node_id[nodes[group]], np.round(away, 3)))
        node = int(nodes[group][order[0]])
        found.append(Junction(first, second, tuple(nodes[group].tolist()), node, network.node_lonlat(node), apart_m))
    return sorted(found, key=lambda junction: junction.lonlat)


def _shared(one: LongArray, two: LongArray, network: RoadArrays) -> LongArray:
    """Return the nodes at which both streets end or pass; of a roundabout that both enter those of its arcs."""
    nodes_one, nodes_two = nodes_of(one, network), nodes_of(two, network)
    shared = [np.intersect1d(nodes_one, nodes_two)]
    rings = np.flatnonzero(network.roundabout)
    if len(rings):
        size = len(network.node_id)
        ends = network.tail[rings], network.head[rings]
        graph = csr_array((np.ones(len(rings), dtype=np.int8), ends), shape=(size, size))
        part = connected_components(graph, directed=False)[1]
        on_ring = np.unique(np.concatenate(ends))
        of_one, of_two = (part[np.intersect1d(on_ring, nodes)] for nodes in (nodes_one, nodes_two))
        shared.append(on_ring[np.isin(part[on_ring], np.intersect1d(of_one, of_two))].astype(np.int64))
    return np.unique(np.concatenate(shared)).astype(np.int64)


def _nearest(one: LongArray, two: LongArray, network: RoadArrays) -> tuple[LongArray, float]:
    """Return the nodes of the first street that lie near to one of the second, and the metres of the nearest."""
    metres = np.asarray(cKDTree(_plane(network, two)).query(_plane(network, one))[0])
    near = metres <= NEAR_M
    return one[near], float(metres.min()) if near.any() else 0.0


def _plane(network: RoadArrays, nodes: LongArray) -> FloatArray:
    return to_plane(network, np.column_stack((network.lon[nodes], network.lat[nodes])))


def crossed(name: str, network: RoadArrays) -> str:
    """Return which streets cross one, those with the most arcs there first, for a complaint."""
    own = set(sections(name, network))
    found: dict[str, int] = {}
    for arc in np.flatnonzero(np.isin(network.tail, nodes_of(arcs_of(name, network), network))).tolist():
        if network.names[arc] and network.names[arc] not in own:
            found[network.names[arc]] = found.get(network.names[arc], 0) + 1
    names = sorted(found, key=lambda other: (-found[other], other))
    listed = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return listed or "no named street"


def apart_m(first: str, second: str, network: RoadArrays) -> float:
    """Return the metres between two streets where they come nearest."""
    lines = flat(network).lines
    one, two = (shapely.union_all(lines[arcs_of(name, network)]) for name in (first, second))
    return float(one.distance(two))

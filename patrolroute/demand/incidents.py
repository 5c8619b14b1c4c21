"""Points of demand, and streets weighed by them: each point counts for the segment that it lies on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import TableError
from patrolroute.base.shapes import Inline
from patrolroute.base.vocabulary import MAX_ROWS, Seconds
from patrolroute.demand.columns import ASIDE_OF_INCIDENTS, INCIDENTS
from patrolroute.demand.model import MAX_PRIZE, PRIORITY_MAX, PriorityStreet, broken_request, not_whole
from patrolroute.demand.sheets import Sheet, in_memory
from patrolroute.demand.streets import by_name
from patrolroute.network.places import SNAP_M, Incident, Place
from patrolroute.network.road import RoadNetwork
from patrolroute.network.segments import Segment, street_segments

CLASSES = 5
"""One for each priority."""

WEIGHT_MAX = float(MAX_PRIZE)
"""Of one point; a larger one is a slip, such as a telephone number in the wrong column."""


@checked(but=("crs", "snap_m"))
def read_incidents(
    path: str | Path, network: RoadNetwork, *, crs: str | None = None, snap_m: float = SNAP_M
) -> list[Incident]:
    """Read a table of points, to measure how soon a crew could be there.

    Parameters
    ----------
    path
        CSV or workbook with columns lon, lat and optionally weight (0 to 10⁹; 1 if missing), or GeoJSON points.
    network
        The streets that the points must lie beside.
    crs
        Datum of the coordinates; WGS-84 if neither this nor the file says anything.
    snap_m
        The farthest that a point may lie from a street, metres.

    Raises
    ------
    TableError
        With every complaint about the file, points too far from every street included.
    """
    return _incidents(path, network, crs=crs, snap_m=snap_m)


@checked(but=("crs", "data", "snap_m"))
def incidents_from(
    data: Any, network: RoadNetwork, *, crs: str | None = None, snap_m: float = SNAP_M
) -> list[Incident]:
    """Take points of demand from data in memory, as `read_incidents` reads them from a file.

    Parameters
    ----------
    data
        Rows with lon, lat and optionally weight, or points with that as a property; see `patrolroute.hotspots_from`.
    network
        The streets that the points must lie beside.
    crs
        See `patrolroute.hotspots_from`.
    snap_m
        The farthest that a point may lie from a street, metres.

    Raises
    ------
    TableError
        With every complaint about the data, points too far from every street included.

    Examples
    --------
    >>> import patrolroute as pr
    >>> incidents_from([{"经度": 117.0035, "纬度": 32.6249, "权重": 2}], pr.RoadNetwork.huainan())
    [Incident(lon=117.0035, lat=32.6249, weight=2.0)]
    """
    return _incidents(in_memory(data, "incidents"), network, crs=crs, snap_m=snap_m)


def _incidents(given: str | Path | Inline, network: RoadNetwork, *, crs: str | None, snap_m: float) -> list[Incident]:
    sheet = Sheet.of(given, crs=crs, headers=INCIDENTS, aside=ASIDE_OF_INCIDENTS)
    weights = [row.number_in("weight", 1.0, low=0.0, high=WEIGHT_MAX) for row in sheet.rows]
    places = sheet.snapped(network, snap_m=snap_m)
    return [Incident(place.lon, place.lat, weight) for place, weight in zip(places, weights, strict=True)]


@checked(but=("crs", "points", "snap_m"))
def streets_from_incidents(  # noqa: PLR0913 - each request is one word of a planner's
    points: Any,
    network: RoadNetwork,
    *,
    crs: str | None = None,
    snap_m: float = SNAP_M,
    top: int | None = None,
    required: bool = False,
    visits: int = 1,
    headway_s: Seconds | None = None,
    load: int = 0,
) -> list[PriorityStreet]:
    """Turn points into priority streets.

    Segments are ranked by weight; of n weighted segments, the fifth with the most weight gets priority 5,
    and so on down to 1; equal weights get the higher of their priorities. A divided road is one segment.

    Parameters
    ----------
    points
        CSV with columns lon, lat and optionally weight (0 to 10⁹; 1 if missing), or GeoJSON points; or data in memory,
        as `incidents_from` takes them.
    network
        The streets that the points must lie beside.
    crs
        Datum of the coordinates; WGS-84 if neither this nor the data say anything.
    snap_m
        The farthest that a point may lie from a street, metres.
    top
        Keep only so many segments, the heaviest (more if the last ones weigh the same).
    required, visits, headway_s, load
        As in `PriorityStreet`.

    Raises
    ------
    TableError
        With every complaint about the points, those too far from every street included.
    """
    given = points if isinstance(points, str | Path) else in_memory(points, "incidents")
    options: dict[str, Any] = {"required": required, "visits": visits, "headway_s": headway_s, "load": load}
    return streets_of(given, network, crs=crs, snap_m=snap_m, top=top, **options)


def streets_of(  # noqa: PLR0913 - as `streets_from_incidents`, and what the night says of lists that say nothing
    given: str | Path | Inline,
    network: RoadNetwork,
    *,
    crs: str | None,
    snap_m: float,
    top: int | None = None,
    usual: str | None = None,
    **options: Any,
) -> list[PriorityStreet]:
    """Turn points into priority streets; see `streets_from_incidents`.

    Parameters
    ----------
    given
        The points.
    network, crs, snap_m, top
        As there.
    usual
        Datum of lists that say nothing, None where nobody has said so.
    options
        ``required``, ``visits``, ``headway_s`` and ``load``, as there.
    """
    request: dict[str, Any] = options | {"mode": network.mode}
    sheet = Sheet.of(given, crs=crs, usual=usual, headers=INCIDENTS, aside=ASIDE_OF_INCIDENTS)
    sheet.complaints.extend(broken_request("streets", SimpleNamespace(priority=PRIORITY_MAX, **request)))
    if top is not None:
        sheet.complaints.extend(not_whole("streets: top", top, 1, MAX_ROWS))
    weights = [row.number_in("weight", 1.0, low=0.0, high=WEIGHT_MAX) for row in sheet.rows]
    places = sheet.snapped(network, snap_m=snap_m)
    segments = street_segments(network)
    ranked = _by_priority(_weight_of_segments(network, segments, places, weights), top)
    if not ranked:
        source = given.source if isinstance(given, Inline) else given
        raise TableError(f"{source}: no point has a weight above 0")
    streets: list[PriorityStreet] = []
    for priority, numbers in sorted(ranked.items(), reverse=True):
        streets += by_name(network, [segments[number] for number in sorted(numbers)], priority=priority, **request)
    return streets


def _weight_of_segments(
    network: RoadNetwork, segments: Sequence[Segment], places: Sequence[Place], weights: Sequence[float]
) -> dict[int, float]:
    """Add up the points on each segment; the order of the table does not matter."""
    segment_of = {arc: number for number, segment in enumerate(segments) for arc in segment.arcs}
    points: dict[int, list[float]] = defaultdict(list)
    for place, weight in zip(places, weights, strict=True):
        points[segment_of[network.arc_index[place.arc]]].append(weight)
    return {number: math.fsum(found) for number, found in points.items()}


def _by_priority(weight: Mapping[int, float], top: int | None) -> dict[int, list[int]]:
    """Share segments out over the priorities by rank of weight, equal weights together."""
    weighed = (segment for segment in weight if weight[segment] > 0)
    ranked = sorted(weighed, key=lambda segment: (-weight[segment], segment))
    classes: dict[int, list[int]] = defaultdict(list)
    first = 0
    for rank, segment in enumerate(ranked):
        if weight[segment] != weight[ranked[first]]:
            first = rank
        if top is not None and first >= top:
            break
        classes[CLASSES - CLASSES * first // len(ranked)].append(segment)
    return classes

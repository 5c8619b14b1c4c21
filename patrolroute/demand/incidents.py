"""Streets weighed by points: each point counts for the segment that it lies on."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from patrolroute.demand.model import PriorityStreet
from patrolroute.demand.streets import by_name
from patrolroute.demand.tables import read_rows
from patrolroute.errors import PlaceError, TableError
from patrolroute.network.crs import to_wgs84
from patrolroute.network.pairs import street_segments
from patrolroute.network.places import SNAP_M, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.units import Seconds

CLASSES = 5
"""One for each priority."""


def streets_from_incidents(  # noqa: PLR0913 - each wish is one word of a planner's
    path: str | Path,
    network: RoadNetwork,
    *,
    crs: str = "wgs84",
    snap_m: float = SNAP_M,
    top: int | None = None,
    required: bool = False,
    visits: int = 1,
    headway_s: Seconds | None = None,
) -> list[PriorityStreet]:
    """Turn a table of points into priority streets.

    Segments are ranked by weight; of n weighted segments, the fifth with the most weight gets priority 5,
    and so on down to 1; equal weights get the higher of their priorities.

    Parameters
    ----------
    path
        CSV with columns lon, lat and optionally weight (at least 0; 1 if missing).
    crs
        Datum of the coordinates.
    snap_m
        The farthest that a point may lie from a street, metres.
    top
        Keep only so many segments, the heaviest (more if the last ones weigh the same).
    required, visits, headway_s
        As in `PriorityStreet`.

    Raises
    ------
    TableError
        With every complaint about the file, points too far from every street included.
    """
    rows, complaints = read_rows(path, needs=("lon", "lat"))
    places = [row.lonlat() for row in rows]
    weights = [row.number_in("weight", 1.0, low=0) for row in rows]
    points = []
    for row, place in zip(rows, places, strict=True):
        if place is not None:
            lon, lat = to_wgs84(*place, crs)
            points.append((row.thing, (float(lon), float(lat))))
    try:
        snapped = snap_all(network, points, snap_m=snap_m)
    except PlaceError as error:
        complaints.extend(error.complaints)
    complaints.raise_as(TableError)
    segments = street_segments(network)
    segment_of = {arc: number for number, segment in enumerate(segments) for arc in segment.arcs}
    weight: dict[int, float] = defaultdict(float)
    for point, points_weight in zip(snapped, weights, strict=True):
        weight[segment_of[network.arc_index[point.arc]]] += points_weight
    wish = {"required": required, "visits": visits, "headway_s": headway_s}
    streets: list[PriorityStreet] = []
    for priority, numbers in sorted(_by_priority(weight, top).items(), reverse=True):
        streets += by_name(network, [segments[number] for number in sorted(numbers)], priority=priority, **wish)
    if not streets:
        raise TableError(f"{path}: no point has a weight above 0")
    return streets


def _by_priority(weight: dict[int, float], top: int | None) -> dict[int, list[int]]:
    """Share segments out over the priorities by rank of weight, equal weights together."""
    ranked = sorted((one for one in weight if weight[one] > 0), key=lambda one: (-weight[one], one))
    classes: dict[int, list[int]] = defaultdict(list)
    first = 0
    for rank, one in enumerate(ranked):
        if weight[one] != weight[ranked[first]]:
            first = rank
        if top is not None and first >= top:
            break
        classes[CLASSES - CLASSES * first // len(ranked)].append(one)
    return classes

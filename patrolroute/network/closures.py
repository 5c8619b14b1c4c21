"""Streets that are closed tonight leave the network before anything is chosen or routed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from patrolroute.errors import Complaints, MapError
from patrolroute.network.geometry import flat
from patrolroute.network.names import sections, unknown_name
from patrolroute.network.road import RoadNetwork
from patrolroute.network.strong import keep_strong
from patrolroute.units import BoolArray

REACH_M = 25.0
"""A line drawn by hand lies this close to the street that it means, both carriageways included."""

WET_M = 1.0
"""A street that enters a closed area by more than this cannot be driven through."""


def close_streets(
    network: RoadNetwork,
    *,
    names: Sequence[str] = (),
    lines: Sequence[Any] = (),
    polygons: Sequence[Any] = (),
    reach_m: float = REACH_M,
) -> RoadNetwork:
    """Take closed streets out of a network, and what can no longer be reached without them.

    Parameters
    ----------
    names
        Street names; one that is not on the map means its sections (朝阳路: 朝阳西路, 中路, 东路).
    lines
        Shapely lines in WGS-84 degrees, drawn along closed streets. A street that merely crosses stays.
    polygons
        Shapely polygons in WGS-84 degrees; every street that enters one by more than a metre is closed.
    reach_m
        How close a street lies to a line that means it.

    Raises
    ------
    MapError
        Naming every street that is not on the map, and every line or polygon that meets no street; or if
        nothing is left to drive.
    """
    return keep_strong(network, ~closed_arcs(network, names=names, lines=lines, polygons=polygons, reach_m=reach_m))


def closed_arcs(
    network: RoadNetwork,
    *,
    names: Sequence[str] = (),
    lines: Sequence[Any] = (),
    polygons: Sequence[Any] = (),
    reach_m: float = REACH_M,
) -> BoolArray:
    """Mark the arcs that `close_streets` takes out, shape ``(arcs,)``."""
    if isinstance(names, str):
        raise MapError(f"closure: names {names!r} is one text; give a list of names")
    complaints = Complaints()
    meant = {name: sections(name, network) for name in names}
    complaints.extend(f"closure: {unknown_name(name, network)}" for name, found in meant.items() if not found)
    closed = np.isin(np.array(network.names), [one for found in meant.values() for one in found])
    picture = flat(network)
    for number, line in enumerate(lines, start=1):
        if said := _unusable(line, "LineString"):
            complaints.add(f"closure: line {number} {said}")
            continue
        along = picture.runs_along([line], reach_m)
        if not along.any():
            complaints.add(f"closure: line {number} runs along no street within {reach_m:.0f} m")
        closed |= along
    for number, area in enumerate(polygons, start=1):
        if said := _unusable(area, "Polygon"):
            complaints.add(f"closure: polygon {number} {said}")
            continue
        wet = picture.inside([area]) * picture.length_m > WET_M
        if not wet.any():
            complaints.add(f"closure: polygon {number} meets no street")
        closed |= wet
    complaints.raise_as(MapError)
    return np.asarray(closed)


def _unusable(shape: Any, kind: str) -> str | None:
    """Say why a drawn shape cannot be used, None if it can."""
    if not shapely.is_geometry(shape) or not shape.geom_type.endswith(kind):
        return f"is a {getattr(shape, 'geom_type', type(shape).__name__)}, not a {kind}"
    if shape.is_empty:
        return "is empty"
    return None if shape.is_valid else f"is not valid: {shapely.is_valid_reason(shape)}"

"""Streets that are closed or slow tonight: a closed one leaves the network before anything is chosen or routed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import shapely

from patrolroute.errors import Complaints, MapError
from patrolroute.network.dead_ends import keep_driven
from patrolroute.network.geometry import flat
from patrolroute.network.names import sections, unknown_name
from patrolroute.network.road import RoadNetwork
from patrolroute.units import BoolArray, whole_array

REACH_M = 25.0
"""A line drawn by hand lies this close to the street that it means, both carriageways included."""

SLOWEST = 0.05
"""Of the usual speed: slower is closed."""

WET_M = 1.0
"""A street that enters a closed area by more than this cannot be driven through."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Streets that are meant by name or by drawing.

    Parameters
    ----------
    names
        Street names; one that is not on the map means its sections (朝阳路: 朝阳西路, 中路, 东路).
    lines
        Shapely lines in WGS-84 degrees, drawn along streets. A street that merely crosses is not meant.
    polygons
        Shapely polygons in WGS-84 degrees; every street that enters one by more than a metre is meant.
    reach_m
        How close a street lies to a line that means it.
    """

    names: Sequence[str] = ()
    lines: Sequence[Any] = ()
    polygons: Sequence[Any] = ()
    reach_m: float = REACH_M

    def arcs(self, network: RoadNetwork, thing: str) -> BoolArray:
        """Mark the arcs that are meant, shape ``(arcs,)``; ``thing`` begins each complaint.

        Raises
        ------
        MapError
            Naming every street that is not on the map, and every line or polygon that meets no street.
        """
        if isinstance(self.names, str):
            raise MapError(f"{thing}: names {self.names!r} is one text; give a list of names")
        complaints = Complaints()
        meant = {name: sections(name, network) for name in self.names}
        complaints.extend(f"{thing}: {unknown_name(name, network)}" for name, found in meant.items() if not found)
        marked = np.isin(np.array(network.names), [one for found in meant.values() for one in found])
        picture = flat(network)
        for number, line in enumerate(self.lines, start=1):
            if said := _unusable(line, "LineString"):
                complaints.add(f"{thing}: line {number} {said}")
                continue
            along = picture.runs_along([line], self.reach_m)
            if not along.any():
                complaints.add(f"{thing}: line {number} runs along no street within {self.reach_m:.0f} m")
            marked |= along
        for number, area in enumerate(self.polygons, start=1):
            if said := _unusable(area, "Polygon"):
                complaints.add(f"{thing}: polygon {number} {said}")
                continue
            wet = picture.inside([area]) * picture.length_m > WET_M
            if not wet.any():
                complaints.add(f"{thing}: polygon {number} meets no street")
            marked |= wet
        complaints.raise_as(MapError)
        return np.asarray(marked)


def close_streets(
    network: RoadNetwork,
    *,
    names: Sequence[str] = (),
    lines: Sequence[Any] = (),
    polygons: Sequence[Any] = (),
    reach_m: float = REACH_M,
) -> RoadNetwork:
    """Take closed streets out of a network, and what can no longer be reached without them.

    Where a street ends at a closed one a car may turn round.

    Parameters
    ----------
    names, lines, polygons, reach_m
        Which streets are closed; see `Drawn`.

    Raises
    ------
    MapError
        Naming every street that is not on the map, and every line or polygon that meets no street; or if
        nothing is left to drive.
    """
    return keep_driven(network, ~Drawn(names, lines, polygons, reach_m).arcs(network, "closure"))


def slow_streets(
    network: RoadNetwork,
    factor: float,
    *,
    names: Sequence[str] = (),
    lines: Sequence[Any] = (),
    polygons: Sequence[Any] = (),
) -> RoadNetwork:
    """Let some streets take longer to drive.

    Parameters
    ----------
    factor
        Share of the usual driving speed, 0.05 to 1. A patrol goes no faster than one drives.
    names, lines, polygons
        Which streets are slow; see `Drawn`.

    Raises
    ------
    MapError
        Naming every street that is not on the map, and every line or polygon that meets no street; or if the factor
        is out of range.
    """
    if isinstance(factor, bool) or not isinstance(factor, Real) or not SLOWEST <= float(factor) <= 1:
        raise MapError(f"slow streets: factor {factor!r} is not a share of the usual speed from {SLOWEST} to 1")
    return slowed(network, Drawn(names, lines, polygons).arcs(network, "slow streets"), factor)


def slowed(network: RoadNetwork, slow: BoolArray, factor: float) -> RoadNetwork:
    """Let the marked arcs take longer; a patrol goes no faster than one drives."""
    travel = np.where(slow, whole_array(network.travel_s / factor), network.travel_s).astype(np.int32)
    return replace(network, travel_s=travel, patrol_s=np.maximum(network.patrol_s, travel))


def _unusable(shape: Any, kind: str) -> str | None:
    """Say why a drawn shape cannot be used, None if it can."""
    if not shapely.is_geometry(shape) or not shape.geom_type.endswith(kind):
        return f"is a {getattr(shape, 'geom_type', type(shape).__name__)}, not a {kind}"
    if shape.is_empty:
        return "is empty"
    return None if shape.is_valid else f"is not valid: {shapely.is_valid_reason(shape)}"

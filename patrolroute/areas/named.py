"""Areas as people see them: names, polygons, neighbours, bounding streets, made of units in areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely import Polygon

from patrolroute.areas.area import PatrolArea
from patrolroute.areas.bounding import NamedStreets, bounding_streets
from patrolroute.areas.layout import Layout
from patrolroute.areas.model import PatrolAreas
from patrolroute.areas.polygons import area_polygons, roundness
from patrolroute.areas.streets import StreetUnits
from patrolroute.base.vocabulary import IntArray, LonLat
from patrolroute.network.places import flat

TOUCH_M = 20.0
"""Neighbours share an edge of so many metres: a corner is none."""

BAND_M = 1_000.0
"""Areas are numbered from north to south in bands of this height, from west to east in each."""


class Settled(NamedTuple):
    """The polygon of each area on the plane, and the area of each street: that in whose polygon its middle lies."""

    flats: tuple[Polygon, ...]
    inside: IntArray


def settle(streets: StreetUnits, layout: Layout) -> Settled:
    """Return the areas of a layout as they lie on the map."""
    flats = area_polygons(streets, layout.area)
    return Settled(flats, _inside(streets, flats, layout))


def named_areas(  # noqa: PLR0913 - a word for each
    streets: StreetUnits,
    layout: Layout,
    settled: Settled,
    *,
    prefix: str,
    stations: Sequence[tuple[str, LonLat]],
    last: PatrolAreas | None,
) -> tuple[PatrolArea, ...]:
    """Return the areas of a layout in the order of their names.

    Parameters
    ----------
    streets
        Streets as units.
    layout
        Which unit is in which area.
    settled
        How that lies on the map.
    prefix
        First letters of names.
    stations
        Names and places; each lies in the area of its number.
    last
        Last time's areas, whose names stay.
    """
    flats, inside = settled
    names = _names(flats, prefix, _overlap(streets, inside, last), last)
    touching = _touching(flats)
    known = NamedStreets(streets.network)
    found = []
    for number, polygon in enumerate(flats):
        mine = np.flatnonzero(inside == number)
        station, place = stations[number] if number < len(stations) else ("", None)
        found.append(
            PatrolArea(
                names[number],
                _in_degrees(streets, polygon),
                segments=tuple(streets.segments[at].id for at in mine.tolist()),
                work_s=int(streets.work[mine].sum()),
                length_m=int(streets.length_m[mine].sum()),
                station=station,
                neighbours=tuple(sorted(names[other] for other in touching[number])),
                bounds=bounding_streets(polygon, known),
                centre=_centre(streets, layout, number),
                spread_m=_spread_m(layout, number),
                roundness=roundness(polygon),
                station_place=place,
            )
        )
    return tuple(sorted(found, key=lambda area: area.name))


def _inside(streets: StreetUnits, flats: Sequence[Polygon], layout: Layout) -> IntArray:
    """Return the area of each street: that in whose polygon its middle lies, which crews are held to.

    It is the area of its unit, but where roads pass over one another a polygon may have to give way.
    """
    middles = flat(streets.network).to_plane(streets.midpoints)
    area = layout.area[streets.unit].copy()
    holds = np.array([shapely.intersects_xy(polygon, *middles.T) for polygon in flats])
    lost = ~holds[area, np.arange(len(area))] & holds.any(axis=0)
    area[lost] = holds[:, lost].argmax(axis=0)
    return area


def _overlap(streets: StreetUnits, inside: IntArray, last: PatrolAreas | None) -> Any:
    """Return the metres of streets that each area has of each of last time's."""
    if last is None:
        return np.zeros((int(inside.max()) + 1, 0))
    found = np.zeros((int(inside.max()) + 1, len(last)))
    for number, area in enumerate(last):
        was = shapely.intersects_xy(area.polygon, *streets.midpoints.T)
        np.add.at(found[:, number], inside[was], streets.length_m[was])
    return found


def _names(flats: Sequence[Polygon], prefix: str, overlap: Any, last: PatrolAreas | None) -> list[str]:
    """Return a name for each area: that of last time's with which it shares most, else the next number."""
    names = [""] * len(flats)
    if last is not None:
        rows, columns = linear_sum_assignment(-overlap)
        for number, was in zip(rows.tolist(), columns.tolist(), strict=True):
            names[number] = last.areas[was].name if overlap[number, was] else ""
    taken, width = {name for name in names if name}, max(2, len(str(len(flats))))
    free = (name for k in range(1, 2 * len(flats) + 1) if (name := f"{prefix}{k:0{width}d}") not in taken)
    top = max(polygon.centroid.y for polygon in flats)

    def place(number: int) -> tuple[int, float]:
        middle = flats[number].centroid
        return int((top - middle.y) // BAND_M), middle.x

    for number in sorted(range(len(flats)), key=place):
        names[number] = names[number] or next(free)
    return names


def _touching(flats: Sequence[Polygon]) -> list[list[int]]:
    tree = shapely.STRtree(list(flats))
    found: list[list[int]] = []
    for number, polygon in enumerate(flats):
        near = [int(at) for at in tree.query(polygon, predicate="intersects") if at != number]
        found.append([at for at in near if shapely.intersection(polygon, flats[at]).length >= TOUCH_M])
    return found


def _in_degrees(streets: StreetUnits, polygon: Polygon) -> Polygon:
    return shapely.transform(polygon, flat(streets.network).to_degrees)


def _centre(streets: StreetUnits, layout: Layout, number: int) -> LonLat:
    """Return where the middle piece of an area lies: the middle of its longest street, else its first junction."""
    centre = layout.centres[number]
    mine = np.flatnonzero(streets.unit == centre)
    if len(mine):
        lon, lat = streets.midpoints[mine[int(np.argmax(streets.length_m[mine]))]].tolist()
        return lon, lat
    return streets.network.node_lonlat(int(np.flatnonzero(streets.unit_of_node == centre)[0]))


def _spread_m(layout: Layout, number: int) -> float:
    units, mine = layout.task.units, layout.members[number]
    weight = units.weight[mine]
    return float(weight @ units.metres[mine, layout.centres[number]] / weight.sum())

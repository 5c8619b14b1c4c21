"""`snap`: points that lie anywhere moved onto the streets of a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import shapely

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, InputError, PlaceError, short
from patrolroute.base.shapes import is_drawn, point_of, shapes_of
from patrolroute.base.vocabulary import DATUMS, LonLat
from patrolroute.network.arrays import RoadArrays
from patrolroute.network.coordinates import not_on_earth, to_wgs84
from patrolroute.network.places import Place, nearest_places, snap_all
from patrolroute.network.words.crossings import FoundPlace, place_in_words


@checked(but=("crs", "points", "snap_m"))
def snap(network: RoadArrays, points: Any, *, crs: str | None = None, snap_m: float | None = None) -> list[Place]:
    """Move points onto the nearest streets where somebody can stop.

    No tunnel, motorway or motorway link is taken, and a street on the ground goes before a bridge that is about as
    near.

    Parameters
    ----------
    network
        The streets.
    points
        Several points: pairs of longitude and latitude, an array of shape ``(n, 2)``, shapely points, GeoJSON, a
        GeoSeries or GeoDataFrame, in any mixture but the last two; or crossings in words, such as
        ``朝阳中路与龙湖路口`` and ``A Road & B Road``, which lie where the map has them, whatever the datum.
    crs
        Datum of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``; WGS-84 if neither this nor the points say anything.
        What a GeoSeries or GeoDataFrame says of its own CRS is obeyed, and must not be contradicted.
    snap_m
        The farthest that a point may lie from a street, metres; any distance if not given.

    Returns
    -------
    list of Place
        In the order given, each with its ``distance_m``; ``lon`` and ``lat`` are those of the point, in WGS-84.

    Raises
    ------
    PlaceError
        Naming every point that is none, lies nowhere on earth or farther than ``snap_m``, and every crossing that is
        not on the map or not the only one of its streets; or if nobody can stop anywhere.
    InputError
        If the datum is not known, or contradicts that of the points; or if ``snap_m`` is no number from 0.

    Examples
    --------
    >>> import patrolroute as pr
    >>> network = pr.RoadNetwork.huainan()
    >>> [place] = pr.snap(network, [(117.0035, 32.6249)])
    >>> network.names[network.arc_index[place.arc]], round(place.distance_m)
    ('惠利路', 10)
    >>> pr.snap(network, [])
    []
    """
    complaints = Complaints()
    lonlats, named = _points(points, crs, complaints, network)
    datum = named or ("wgs84" if crs is None else str(crs))
    if datum.lower() not in DATUMS:
        raise InputError(f"crs {crs!r} is not one of {', '.join(DATUMS)}")
    if snap_m is not None and not (isinstance(snap_m, Real) and snap_m >= 0):
        raise InputError(f"snap_m {snap_m!r} is not a number of metres of at least 0")
    degrees = [
        (float(lon), float(lat))
        for lon, lat in (
            lonlat.lonlat if isinstance(lonlat, FoundPlace) else to_wgs84(*lonlat, datum) for lonlat in lonlats
        )
    ]
    things = [f"point {number}" for number in range(1, len(degrees) + 1)]
    if len(complaints) == 0 and snap_m is not None:
        return snap_all(network, list(zip(things, degrees, strict=True)), snap_m=snap_m)
    wrong = ((thing, not_on_earth(*lonlat)) for thing, lonlat in zip(things, degrees, strict=True))
    complaints.extend(f"{thing}: {said}" for thing, said in wrong if said)
    complaints.raise_as(PlaceError)
    return nearest_places(network, degrees)


def _points(
    points: Any, crs: str | None, complaints: Complaints, network: RoadArrays
) -> tuple[list[LonLat | FoundPlace], str | None]:
    """Return longitudes and latitudes as they stand, crossings, and the datum in which the points say they are."""
    named: str | None = None
    if isinstance(points, Mapping) or (is_drawn(points) and not isinstance(points, list | tuple)):
        shapes, named = shapes_of(points, "points", complaints, crs=crs)
        items: list[Any] = [part for drawn in shapes for part in _parts(drawn.geometry)]
    elif isinstance(points, str) or not isinstance(points, Iterable):
        raise PlaceError(f"points: {short(points)} is not a list of points")
    else:
        items = list(points)
    found = [
        _in_words(number, item, network, crs, complaints) if isinstance(item, str) else point_of(item)
        for number, item in enumerate(items, start=1)
    ]
    complaints.extend(
        f"point {number}: {short(item)} is not a longitude and a latitude in degrees"
        for number, (item, lonlat) in enumerate(zip(items, found, strict=True), start=1)
        if lonlat is None and not isinstance(item, str)
    )
    return [(0.0, 0.0) if lonlat is None else lonlat for lonlat in found], named


def _in_words(
    number: int, text: str, network: RoadArrays, crs: str | None, complaints: Complaints
) -> FoundPlace | None:
    """Return a place in words; what is wrong with it is noted."""
    try:
        return place_in_words(text, network, crs=crs or "wgs84")
    except PlaceError as error:
        complaints.extend(item.about(f"point {number}") for item in error.items)
        return None


def _parts(geometry: Any) -> list[Any]:
    """Return the points of a MultiPoint, anything else as it is."""
    return list(shapely.get_parts(geometry)) if geometry.geom_type == "MultiPoint" else [geometry]

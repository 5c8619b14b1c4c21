"""A plan in the coordinates of a Chinese map: only on the way out, and always stamped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

import numpy as np

from patrolroute.errors import InputError
from patrolroute.network.crs import from_wgs84, to_wgs84
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Leg, PlannedCrew, Spot
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import LonLat
from patrolroute.words import DATUMS, Datum

AMAP = "https://uri.amap.com/marker?position={lon:.6f},{lat:.6f}&name={name}&coordinate=gaode"
"""AMap's form of a link to a point (https://lbs.amap.com/api/uri-api/guide/mobile-web/point); gaode is GCJ-02."""


def require_datum(datum: str) -> None:
    """Refuse a datum that is none.

    Raises
    ------
    InputError
        Naming those that there are.
    """
    if datum not in DATUMS:
        raise InputError(f"crs {datum!r} is not one of {', '.join(DATUMS)}")


def in_datum(plan: PatrolPlan, datum: Datum) -> PatrolPlan:
    """Give a plan whose coordinates are those of a datum: of legs, depots and streets.

    For writing files only; ``plan.json`` and everything inside is WGS-84.

    Raises
    ------
    InputError
        If there is no such datum.
    """
    require_datum(datum)
    if datum == "wgs84":
        return plan
    return replace(
        plan,
        networks={mode: _network(network, datum) for mode, network in plan.networks.items()},
        crews=tuple(_crew(crew, datum) for crew in plan.crews),
        routes=tuple(replace(route, legs=tuple(_leg(leg, datum) for leg in route.legs)) for route in plan.routes),
    )


def amap_link(lonlat: LonLat, name: str, datum: Datum = "wgs84") -> str:
    """Give a link that shows a point in AMap, on a telephone or in a browser; opening it needs a network.

    Examples
    --------
    >>> amap_link((117.0, 32.63), "龙湖路")
    'https://uri.amap.com/marker?position=117.005428,32.627952&name=%E9%BE%99%E6%B9%96%E8%B7%AF&coordinate=gaode'
    """
    lon, lat = from_wgs84(*to_wgs84(*lonlat, datum), "gcj02")
    return AMAP.format(lon=float(lon), lat=float(lat), name=quote(name, safe=""))


def _network(network: RoadNetwork, datum: Datum) -> RoadNetwork:
    lon, lat = from_wgs84(network.lon, network.lat, datum)
    shape_lon, shape_lat = from_wgs84(network.shape_lon, network.shape_lat, datum)
    return replace(network, lon=lon, lat=lat, shape_lon=shape_lon, shape_lat=shape_lat)


def _crew(crew: PlannedCrew, datum: Datum) -> PlannedCrew:
    return replace(crew, depot=_spot(crew.depot, datum), end_depot=_spot(crew.end_depot, datum))


def _spot(spot: Spot, datum: Datum) -> Spot:
    (moved,) = _moved([(spot.lon, spot.lat)], datum)
    return replace(spot, lon=moved[0], lat=moved[1])


def _leg(leg: Leg, datum: Datum) -> Leg:
    return replace(leg, coordinates=_moved(leg.coordinates, datum))


def _moved(points: Sequence[LonLat], datum: Datum) -> tuple[LonLat, ...]:
    if not points:
        return ()
    lon, lat = np.array(points, dtype=np.float64).T
    return tuple(zip(*(axis.tolist() for axis in from_wgs84(lon, lat, datum)), strict=True))

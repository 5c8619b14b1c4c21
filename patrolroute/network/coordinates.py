"""WGS-84, GCJ-02 and BD-09: only at the edges, WGS-84 inside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import DATUMS, LAT_MAX, LON_MAX, BoolArray, Datum, FloatArray, LongArray

Pair: TypeAlias = tuple[FloatArray, FloatArray]

AXIS_M = 6378245.0
"""Semi-major axis of the Krasovsky ellipsoid."""

ECCENTRICITY2 = 0.00669342162296594323
BAIDU_PI = np.pi * 3000.0 / 180.0
ROUNDS = 12
"""Each round shrinks the error of the inverse some thousandfold at first, then tenfold; twelve are plenty."""

CHINA = (72.004, 137.8347, 0.8293, 55.8271)
"""West, east, south, north, edges included: the published box outside which GCJ-02 is WGS-84."""


def to_wgs84(lon: float | FloatArray, lat: float | FloatArray, crs: str) -> Pair:
    """Turn coordinates of a Chinese map into WGS-84.

    Parameters
    ----------
    lon, lat
        Degrees, numbers or arrays of one shape.
    crs
        ``wgs84``, ``gcj02`` or ``bd09``, in any case.

    Raises
    ------
    InputError
        If the datum is none of these.

    Examples
    --------
    >>> lon, lat = to_wgs84(117.0089, 32.6228, "gcj02")
    >>> round(float(lon), 3), round(float(lat), 3)
    (117.003, 32.625)
    """
    return _convert(lon, lat, crs, inverse=True)


def from_wgs84(lon: float | FloatArray, lat: float | FloatArray, crs: str) -> Pair:
    """Turn WGS-84 into the coordinates of a Chinese map; the inverse of `to_wgs84`.

    Parameters
    ----------
    lon, lat
        Degrees, numbers or arrays of one shape.
    crs
        ``wgs84``, ``gcj02`` or ``bd09``, in any case.
    """
    return _convert(lon, lat, crs, inverse=False)


def moved(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Return a shapely geometry in WGS-84 whose coordinates are in some datum; see `to_wgs84`."""
    if crs.lower() == "wgs84":
        return geometry
    there: BaseGeometry = shapely.transform(geometry, lambda at: np.column_stack(to_wgs84(at[:, 0], at[:, 1], crs)))
    return there


def require_datum(crs: str) -> Datum:
    """Return a datum, or refuse a word that is none."""
    if not isinstance(crs, str) or crs.lower() not in DATUMS:
        raise InputError(f"crs {crs!r} is not one of {', '.join(DATUMS)}")
    return cast("Datum", crs.lower())


def _convert(lon: float | FloatArray, lat: float | FloatArray, crs: str, *, inverse: bool) -> Pair:
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    match crs.lower():
        case "wgs84":
            return x, y
        case "gcj02":
            return _solve(x, y) if inverse else _gcj02(x, y)
        case "bd09":
            return _solve(*_from_baidu(x, y)) if inverse else _to_baidu(*_gcj02(x, y))
    raise InputError(f"crs {crs!r} is not one of {', '.join(DATUMS)}")


def _solve(lon: FloatArray, lat: FloatArray) -> Pair:
    """Find the WGS-84 point whose GCJ-02 is the given one, by fixed point."""
    x, y = lon, lat
    for _ in range(ROUNDS):
        shifted_lon, shifted_lat = _gcj02(x, y)
        x, y = x + lon - shifted_lon, y + lat - shifted_lat
    return x, y


def _gcj02(lon: FloatArray, lat: FloatArray) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * (np.sin(6.0 * x * np.pi) + np.sin(2.0 * x * np.pi))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (ripple + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north = north + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (ripple + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east = east + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(lat)
    bend = 1.0 - ECCENTRICITY2 * np.sin(radians) ** 2
    degrees_north = np.degrees(north / (AXIS_M * (1.0 - ECCENTRICITY2) / (bend * np.sqrt(bend))))
    degrees_east = np.degrees(east / (AXIS_M / np.sqrt(bend) * np.cos(radians)))
    west, eastern, south, northern = CHINA
    inside = (lon >= west) & (lon <= eastern) & (lat >= south) & (lat <= northern)
    return np.where(inside, lon + degrees_east, lon), np.where(inside, lat + degrees_north, lat)


def _to_baidu(lon: FloatArray, lat: FloatArray) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _from_baidu(lon: FloatArray, lat: FloatArray) -> Pair:
    x, y = lon - 0.0065, lat - 0.006
    for _ in range(ROUNDS):
        baidu_lon, baidu_lat = _to_baidu(x, y)
        x, y = x + lon - baidu_lon, y + lat - baidu_lat
    return x, y


def near_lon(lon: float | FloatArray, reference: float) -> FloatArray:
    """Return longitudes within half a turn of another one, which may lie beyond ±180°; those that do stay as they are.

    Parameters
    ----------
    lon
        Degrees.
    reference
        A longitude of the same place, degrees.

    Examples
    --------
    >>> near_lon(np.array([-179.5, 179.5]), 179.0).tolist(), near_lon(np.array([117.0]), 116.0).tolist()
    ([180.5, 179.5], [117.0])
    """
    return np.asarray(lon - TURN_DEG * np.round((lon - reference) / TURN_DEG))


def near_lonlat(points: FloatArray, reference: float) -> FloatArray:
    """Return points, shape ``(n, 2)``, with longitudes within half a turn of another one; see `near_lon`."""
    return np.column_stack((near_lon(points[:, 0], reference), points[:, 1]))


def inside(area: Any, points: FloatArray) -> BoolArray:
    """Return which points lie in a polygon or on its edge, one that lies across ±180° of longitude included.

    Parameters
    ----------
    area
        A shapely polygon in degrees; beyond ±180° its longitudes may go on or jump.
    points
        Longitude and latitude, shape ``(n, 2)``.
    """
    reference = float(area.exterior.coords[0][0])
    whole = shapely.transform(area, lambda corners: near_lonlat(corners, reference))
    moved = near_lonlat(points, float(whole.centroid.x))
    return np.asarray(shapely.intersects_xy(whole, moved[:, 0], moved[:, 1]))


EARTH_M = 6_371_000.0
"""Mean radius of the earth."""


def metres_between(place: tuple[float, float], points: FloatArray) -> LongArray:
    """Return how far some points are from a place, along a great circle, in whole metres (haversine formula).

    Parameters
    ----------
    place
        Longitude and latitude, degrees.
    points
        The same, shape ``(n, 2)``.

    Examples
    --------
    >>> metres_between((117.0, 32.6), np.array([[117.0, 32.61], [117.0, 32.6]])).tolist()
    [1112, 0]
    """
    lon, lat = np.radians(place)
    lons, lats = np.radians(points).T
    half = np.sin((lats - lat) / 2) ** 2 + np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    metres: LongArray = np.rint(2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, half)))).astype(np.int64)
    return metres


def cut_at_180(line: Sequence[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Return the parts of a line that lie on either side of ±180° of longitude (RFC 7946, 3.1.9), mostly one.

    Examples
    --------
    >>> cut_at_180([(179.5, 0.0), (-179.5, 1.0)])
    [[(179.5, 0.0), (180.0, 0.5)], [(-180.0, 0.5), (-179.5, 1.0)]]
    >>> cut_at_180([(117.0, 32.6), (117.1, 32.6)])
    [[(117.0, 32.6), (117.1, 32.6)]]
    """
    parts = [[line[0]]]
    for (west, south), (east, north) in pairwise(line):
        if abs(east - west) > TURN_DEG / 2:
            side = math.copysign(LON_MAX, west)
            across = east + math.copysign(TURN_DEG, west)
            share = (side - west) / (across - west) if across != west else 0.0
            lat = south + share * (north - south)
            parts[-1].append((side, lat))
            parts.append([(-side, lat)])
        parts[-1].append((east, north))
    clean = [[point for number, point in enumerate(part) if number == 0 or point != part[number - 1]] for part in parts]
    return [part for part in clean if len(part) > 1] or [list(line)]


def half_way(line: FloatArray) -> tuple[float, float]:
    """Return the longitude and latitude of the point half-way along a line of two points or more, in degrees."""
    point = shapely.LineString(near_lonlat(line, float(line[0, 0]))).interpolate(0.5, normalized=True)
    return float(near_lon(point.x, 0.0)), float(point.y)


TURN_DEG = 360.0

ID_MAX = 2**63 - 1
"""The largest id that fits into 64 bits, as OpenStreetMap keeps them; editors number what is new downwards from -1."""


def is_on_earth(lon: float, lat: float) -> bool:
    """Return whether two numbers are a longitude and a latitude in degrees.

    Examples
    --------
    >>> is_on_earth(117.0, 32.6), is_on_earth(32.6, 117.0), is_on_earth(float("nan"), 32.6)
    (True, False, False)
    """
    return abs(lon) <= LON_MAX and abs(lat) <= LAT_MAX


def not_on_earth(lon: float, lat: float) -> str | None:
    """Return what is wrong with two numbers that are no longitude and latitude; None if nothing is.

    Examples
    --------
    >>> not_on_earth(117.0, 32.6) is None
    True
    >>> not_on_earth(32.6, 117.0)
    '32.6, 117.0 is not a longitude and a latitude in degrees; longitude and latitude look swapped'
    """
    if is_on_earth(lon, lat):
        return None
    swapped = "; longitude and latitude look swapped" if is_on_earth(lat, lon) else ""
    return f"{lon}, {lat} is not a longitude and a latitude in degrees{swapped}"

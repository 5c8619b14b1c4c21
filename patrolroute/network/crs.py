"""WGS-84, GCJ-02 and BD-09: only at the edges, WGS-84 inside.

Chinese maps print coordinates in GCJ-02 (AMap, Tencent) or BD-09 (Baidu), some 300 to 700 m off WGS-84. The
forward formula is the published one (an elliptic series on the Krasovsky ellipsoid); the inverse is found by
fixed point to better than a millimetre. Outside China GCJ-02 is WGS-84.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from patrolroute.errors import InputError
from patrolroute.units import FloatArray
from patrolroute.words import DATUMS

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
    """Turn WGS-84 into the coordinates of a Chinese map; the inverse of `to_wgs84`."""
    return _convert(lon, lat, crs, inverse=False)


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

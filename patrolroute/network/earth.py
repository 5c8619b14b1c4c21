"""What numbers of a map may be: longitude, latitude, ids."""

from __future__ import annotations

LON_MAX, LAT_MAX = 180.0, 90.0
"""Degrees, either way."""

ID_MAX = 2**63 - 1
"""The largest id that fits into 64 bits, as OpenStreetMap keeps them; editors number what is new downwards from -1."""


def is_on_earth(lon: float, lat: float) -> bool:
    """Say whether two numbers are a longitude and a latitude in degrees.

    Examples
    --------
    >>> is_on_earth(117.0, 32.6), is_on_earth(32.6, 117.0), is_on_earth(float("nan"), 32.6)
    (True, False, False)
    """
    return abs(lon) <= LON_MAX and abs(lat) <= LAT_MAX


def not_on_earth(lon: float, lat: float) -> str | None:
    """Say what is wrong with two numbers that are no longitude and latitude; None if nothing is.

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

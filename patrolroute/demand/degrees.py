"""Longitudes and latitudes as planners copy them: in decimals, with minutes and seconds, both in one cell."""

from __future__ import annotations

import math
import re

from patrolroute.base.vocabulary import LonLat

MINUTES = 60.0

_EAST_WEST = ("e", "w", "东经", "西经", "经度", "lng", "lon", "longitude")
_NORTH_SOUTH = ("n", "s", "北纬", "南纬", "纬度", "lat", "latitude")
_NEGATIVE = ("w", "s", "西经", "南纬")
_BEFORE = "|".join(sorted((*_EAST_WEST, *_NORTH_SOUTH), key=len, reverse=True))
_ONE = (
    rf"(?P<before{{0}}>{_BEFORE})?\s*[:=]?\s*(?P<degrees{{0}}>[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)"
    r"(?:\s*[°度]\s*(?:(?P<minutes{0}>\d+\.?\d*)\s*['′’分]\s*(?:(?P<seconds{0}>\d+\.?\d*)\s*(?:\"|″|”|秒|''|′′)\s*)?)?)?"
    r"\s*(?P<after{0}>[ewns])?"
)
_SINGLE = re.compile(_ONE.format("1"), re.ASCII)
_PAIR = re.compile(
    rf"(?:point)?\s*[(\[{{]?\s*{_ONE.format('1')}\s*[,;、/&\s]\s*{_ONE.format('2')}\s*[)\]}}]?",
    re.ASCII,
)


def degrees(text: str) -> float | None:
    """Read a longitude or latitude; None if it is none.

    Examples
    --------
    >>> degrees("117.0012"), degrees("E117.0012"), degrees("117.5°"), degrees("东经117°30′"), degrees("117°30′36″E")
    (117.0012, 117.0012, 117.5, 117.5, 117.51)
    >>> degrees("117,0012") is None, degrees("nan") is None
    (True, True)
    """
    found = _SINGLE.fullmatch(text.strip().lower())
    return None if found is None else _value(found, 1)


def pair(text: str) -> LonLat | None:
    """Read a longitude and a latitude that stand in one cell, in this order unless they are named; None if it is none.

    Examples
    --------
    >>> pair("116.99,32.63"), pair("(116.99, 32.63)"), pair("116.99 32.63"), pair("N32.63 E116.99")
    ((116.99, 32.63), (116.99, 32.63), (116.99, 32.63), (116.99, 32.63))
    >>> pair("经度:116.99,纬度:32.63"), pair("32.63,116.99"), pair("龙湖路口")
    ((116.99, 32.63), (32.63, 116.99), None)
    """
    found = _PAIR.fullmatch(text.strip().lower())
    if found is None:
        return None
    first, second = _value(found, 1), _value(found, 2)
    if first is None or second is None:
        return None
    is_north_first = {found["before1"], found["after1"]} & set(_NORTH_SOUTH)
    is_east_last = {found["before2"], found["after2"]} & set(_EAST_WEST)
    return (second, first) if is_north_first or is_east_last else (first, second)


def _value(found: re.Match[str], number: int) -> float | None:
    """Add up degrees, minutes and seconds."""
    whole, minutes, seconds = (found[f"{part}{number}"] for part in ("degrees", "minutes", "seconds"))
    value = float(whole)
    if minutes is not None:
        parts = float(minutes) / MINUTES, float(seconds or 0) / MINUTES**2
        if max(float(minutes), float(seconds or 0)) >= MINUTES:
            return None
        value = math.copysign(round(abs(value) + sum(parts), 9), value)
    sign = -1.0 if {found[f"before{number}"], found[f"after{number}"]} & set(_NEGATIVE) else 1.0
    return sign * value if math.isfinite(value) else None

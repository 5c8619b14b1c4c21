"""Links that open a leg in AMap; making them needs no network, opening them does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from patrolroute.network.crs import from_wgs84
from patrolroute.output.sheets.orders import Order, joined
from patrolroute.units import LonLat
from patrolroute.words import Mode

NAVIGATION = "https://uri.amap.com/navigation"
"""AMap's link to a way (https://lbs.amap.com/api/uri-api/guide/travel/route): from, to and one point between them."""

WAYS: dict[Mode, tuple[str, ...]] = {"car": (), "foot": ("mode=walk",), "bicycle": ("mode=ride",)}
"""How AMap calls the modes; a car is what it takes if none is named."""

DEGREE_DIGITS = 5
"""About a metre, and two digits fewer in each number of a code."""


def leg_link(order: Order, mode: Mode) -> str | None:
    """Give AMap's link to the way of an order: from where the crew is before it to where it ends.

    The one point between is where a patrol begins, so that the crew is led to the right end of the street, or the
    middle of the line where the crew is there already. Only coordinates are told, in GCJ-02, no names.

    Returns
    -------
    str or None
        None if the plan has no coordinates of the order.
    """
    way, own = joined(order.all_legs), order.path
    if not way:
        return None
    leads_there = order.approach and len(own) > 1 and own[0] != way[0]
    begin, between, end = _points((way[0], own[0] if leads_there else way[len(way) // 2], way[-1]))
    parts = [f"to={end}"] if len(way) == 1 else [f"from={begin}", f"to={end}"]
    if mode == "car" and between not in (begin, end):
        parts.append(f"via={between}")
    return "&".join((f"{NAVIGATION}?{parts[0]}", *parts[1:], *WAYS[mode], "coordinate=gaode", "callnative=1"))


def _points(places: Sequence[LonLat]) -> list[str]:
    east, north = np.array(places, dtype=np.float64).T
    lon, lat = from_wgs84(east, north, "gcj02")
    return [f"{x:.{DEGREE_DIGITS}f},{y:.{DEGREE_DIGITS}f}" for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]

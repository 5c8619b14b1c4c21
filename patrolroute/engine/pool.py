"""The pool of routes: what the search drove past and may be part of a better plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from patrolroute.compiled import kernel
from patrolroute.engine.arrays import Night
from patrolroute.engine.records import Records, records
from patrolroute.engine.routes import Routes, share_of
from patrolroute.units import IntArray, LongArray

ROWS = 1024
"""Routes that a pool holds at most."""

MOST_VISITS = 2**20
"""Visits that a pool holds at most: 8 MB. Fewer routes of a large night are held than of a small one."""


class RoutePool(NamedTuple):
    """The routes that were put by last; a new one takes the place of the oldest.

    Parameters
    ----------
    row
        ``crew``, ``begin``, ``stops``: whose route it is, and where its visits are. ``drive_s``, ``share``: what it
        adds to driving, and its share of the budget in millionths. Shape ``(ROWS,)``.
    visit, way
        Visits of all routes one after the other, round and round; shape ``(V,)``.
    total
        Routes, and visits, put by so far; shape ``(2,)``.
    """

    row: Records
    visit: IntArray
    way: IntArray
    total: LongArray


def route_pool(night: Night) -> RoutePool:
    """Make an empty pool."""
    copies, crews = len(night.copy), len(night.crew)
    space = max(copies, min(MOST_VISITS, ROWS * (8 + 2 * copies // crews)))
    visit, way = np.zeros((2, space), dtype=np.int32)
    rows = records(ROWS, "crew", "begin", "stops", "drive_s", "share")
    return RoutePool(rows, visit, way, np.zeros(2, dtype=np.int64))


@kernel
def put_by(night: Night, routes: Routes, pool: RoutePool, route: int) -> None:
    """Put a route by."""
    space, stops = len(pool.visit), routes.route[route].stops
    begin = pool.total[1]
    if begin % space + stops > space:
        begin += space - begin % space
    row = pool.row[pool.total[0] % len(pool.row)]
    row.crew, row.begin, row.stops = route, begin, stops
    row.drive_s, row.share = routes.route[route].drive_s, share_of(night, routes, route)
    for position in range(stops):
        stop = routes.stop[route, position + 1]
        pool.visit[begin % space + position], pool.way[begin % space + position] = stop.visit, stop.way
    pool.total[0] += 1
    pool.total[1] = begin + stops


class PooledRoute(NamedTuple):
    """A route from the pool: whose it is, what it visits in which directions, and what it takes."""

    crew: int
    visits: tuple[int, ...]
    ways: tuple[int, ...]
    drive_s: int
    share: int


def pooled(pool: RoutePool) -> Iterator[PooledRoute]:
    """Give the routes that are still there, the oldest first."""
    put, written = (int(number) for number in pool.total)
    space = len(pool.visit)
    for number in range(max(0, put - len(pool.row)), put):
        row = pool.row[number % len(pool.row)]
        begin, stops = int(row.begin), int(row.stops)
        if begin >= written - space:
            inside = slice(begin % space, begin % space + stops)
            visits, ways = tuple(pool.visit[inside].tolist()), tuple(pool.way[inside].tolist())
            yield PooledRoute(int(row.crew), visits, ways, int(row.drive_s), int(row.share))


def routes_of(night: Night, routes: Routes) -> list[PooledRoute]:
    """Give the routes of a solution that are driven."""
    pool = route_pool(night)
    for route in range(len(night.crew)):
        put_by(night, routes, pool, route)
    return [route for route in pooled(pool) if route.visits]


def crew_kinds(night: Night) -> list[int]:
    """Give for each crew the first one that is the same in all that counts."""
    kinds = list[int]()
    for crew, twin in enumerate(night.crew.twin.tolist()):
        kinds.append(crew if twin < 0 else kinds[twin])
    return kinds

"""`waiting_places`: where crews wait so that as many places as possible are near one, with a proven optimum.

The maximal covering location problem (Church & ReVelle 1974, doi:10.1007/BF01942293) where there are too few crews, the
set covering one (Toregas et al. 1971, doi:10.1287/opre.19.6.1363) where there are enough; among equal answers the one
with less way to the places. Solved by HiGHS as 0-1 programmes (Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.vocabulary import BoolArray, FloatArray, LongArray, Seconds, scaled_seconds
from patrolroute.demand.response import MAX_WITHIN_S
from patrolroute.network.places import nearest_places, where_one_stops
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import seconds_to

MOST_NODES = 2_000
"""Of the search tree: the same on every machine; beyond, the answer is good and its bound valid."""

FAR, MOST_ROUNDS, ROUND = 1e7, 20, 1e-6

MOST_CREWS = 10_000


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A junction at which a crew waits.

    Parameters
    ----------
    node
        Its id.
    lon, lat
        WGS-84 degrees.
    places
        Indices of the places that are nearest to it of all that are covered.
    """

    node: int
    lon: float
    lat: float
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WaitingPlaces:
    """Where crews wait, and what is near.

    Parameters
    ----------
    posts
        The junctions.
    seconds
        For each place from the nearest post, turns free; None if nobody can come.
    within_s
        What was asked for.
    covered, uncovered
        Indices of the places.
    weight, bound
        What is covered weighs, and what no choice of as many posts exceeds; equal where the optimum is proven.
    fewest
        Where any number was allowed: no fewer cover as much; as many as there are where that is proven. Else 0.
    """

    posts: tuple[WaitingPlace, ...]
    seconds: tuple[int | None, ...]
    within_s: Seconds
    covered: tuple[int, ...]
    uncovered: tuple[int, ...]
    weight: int
    bound: int
    fewest: int = 0

    @property
    def worst_s(self) -> int | None:
        """The longest way to a place, seconds; None without places, or if nobody can come to one."""
        known = [one for one in self.seconds if one is not None]
        return max(known) if known and len(known) == len(self.seconds) else None

    @property
    def is_optimal(self) -> bool:
        """Whether no choice of as many posts covers more."""
        return self.weight == self.bound


@checked(but=("places", "weights"))
def waiting_places(
    network: RoadNetwork,
    places: Iterable[tuple[float, float]],
    *,
    crews: int | None = None,
    within_s: Seconds = 180,
    weights: Sequence[int] | None = None,
    speed_factor: float = 1.0,
) -> WaitingPlaces:
    """Return the junctions at which crews wait so that the weight of the places in reach is greatest.

    Parameters
    ----------
    network
        The roads of the crews' mode.
    places
        ``(lon, lat)`` in WGS-84 degrees; each is met at the nearest junction by road of its nearest street.
    crews
        How many crews may wait, at least 0; None for as few as reach all that anybody can reach.
    within_s
        Whole seconds, 1 to 7,200.
    weights
        Whole numbers of at least 1, one for each place; all 1 if not given.
    speed_factor
        Of the crews, above 0.

    Raises
    ------
    ProblemError
        With every number that is out of its range, and places that lie on no street of the network.
    """
    points = list(places)
    _check(points, crews, within_s, weights, speed_factor)
    met = [_met_at(network, one) for one in nearest_places(network, points)] if points else []
    travel_s = scaled_seconds(network.travel_s, speed_factor)
    given = np.ones(len(points), np.int64) if weights is None else np.array(weights, np.int64)
    return chosen_posts(network, seconds_to(network, travel_s, met), given, crews=crews, within_s=within_s)


def _met_at(network: RoadNetwork, place: Any) -> list[int]:
    arc = network.arc_index[place.arc]
    near = network.tail[arc] if place.fraction < 1 / 2 else network.head[arc]
    return [int(near)]


def _check(points: list[Any], crews: Any, within_s: Any, weights: Any, speed_factor: Any) -> None:
    complaints = Complaints()
    if crews is not None and not 0 <= crews <= MOST_CREWS:
        complaints.add(f"waiting places: crews {crews} is not between 0 and {MOST_CREWS:,}")
    if not 1 <= within_s <= MAX_WITHIN_S:
        complaints.add(f"waiting places: within_s {within_s} is not between 1 and {MAX_WITHIN_S:,}")
    if not 0 < speed_factor < np.inf:
        complaints.add(f"waiting places: speed_factor {speed_factor:g} is not above 0")
    if weights is not None:
        if len(weights) != len(points):
            complaints.add(f"waiting places: {len(weights)} weights for {len(points)} places")
        for one in weights:
            if isinstance(one, bool) or not isinstance(one, int | np.integer) or not 1 <= one <= 10**6:
                complaints.add(f"waiting places: weight {short(one)} is not a whole number between 1 and {10**6:,}")
    complaints.raise_as(ProblemError)


def chosen_posts(
    network: RoadNetwork, seconds: FloatArray, weights: LongArray, *, crews: int | None, within_s: Seconds | LongArray
) -> WaitingPlaces:
    """Return the best posts by what crews take from each node to each place.

    Parameters
    ----------
    network
        The roads.
    seconds
        From every node to each place, shape ``(places, nodes)``.
    weights
        Of the places.
    crews, within_s
        As for `waiting_places`; seconds may differ from place to place.
    """
    limit = np.broadcast_to(np.asarray(within_s), (len(seconds),))
    near = (seconds <= limit[:, None]) & may_stop(network)
    nodes = _worth_asking(near, seconds)
    answer = cover(near[:, nodes], np.minimum(seconds[:, nodes], 10**7), weights, crews)
    posts = nodes[answer.chosen]
    way = seconds[:, posts].min(axis=1) if len(posts) else np.full(len(seconds), np.inf)
    owner = seconds[:, posts].argmin(axis=1) if len(posts) else np.zeros(len(seconds), np.int64)
    is_near = way <= limit
    covered = np.flatnonzero(is_near).tolist()
    found = tuple(
        WaitingPlace(
            int(network.node_id[node]), float(network.lon[node]), float(network.lat[node]),
            tuple(place for place in covered if owner[place] == number),
        )
        for number, node in enumerate(posts.tolist())
    )  # fmt: skip
    told = tuple(int(one) if np.isfinite(one) else None for one in way)
    most = int(np.max(limit, initial=0))
    weight = int(weights[is_near].sum())
    outside = tuple(np.flatnonzero(~is_near).tolist())
    return WaitingPlaces(found, told, most, tuple(covered), outside, weight, answer.bound, answer.fewest)


def may_stop(network: RoadNetwork) -> BoolArray:
    """Return at which nodes a crew may wait: ends of streets outside tunnels, bridges and motorways, ``(nodes,)``."""
    slow = where_one_stops(network)
    if len(network.no_stop):
        slow &= ~np.asarray(network.no_stop, dtype=np.bool_)[network.shape_start[:-1]]
    marks = np.zeros(network.node_count, dtype=np.bool_)
    marks[network.tail[slow]] = True
    return marks


def _worth_asking(near: BoolArray, seconds: FloatArray) -> LongArray:
    """Return one node, that with the least way, for each set of places that is in reach of any and of no larger one."""
    way = np.where(near, seconds, 0).sum(axis=0)
    best: dict[bytes, int] = {}
    for node in np.flatnonzero(near.any(axis=0)).tolist():
        key = np.packbits(near[:, node]).tobytes()
        if key not in best or way[node] < way[best[key]]:
            best[key] = node
    nodes = np.array(sorted(best.values()), dtype=np.int64)
    sets = near[:, nodes].T.astype(np.float64)  # whole numbers far below 2⁵³, for the sake of a quick product
    shared = sets @ sets.T
    size = sets.sum(axis=1)
    smaller = (shared == size[:, None]) & (size[:, None] < size[None, :])
    return nodes[~smaller.any(axis=1)] if len(nodes) else nodes


class Cover(NamedTuple):
    """Columns that are chosen; the weight that no choice of as many exceeds; the number below which none covers it."""

    chosen: LongArray
    bound: int
    fewest: int


def cover(near: BoolArray, seconds: FloatArray, weights: LongArray, most: int | None) -> Cover:
    """Choose columns that cover the greatest weight of rows; where any number may be chosen, as few as do.

    Parameters
    ----------
    near
        Which column covers which row, shape ``(rows, columns)``.
    seconds
        The way from each column to each row: among as good choices those with less of it are taken.
    weights
        Of the rows.
    most
        How many columns may be chosen; None for any number.
    """
    some = near.any(axis=1)
    near, seconds, weights = near[some], seconds[some], weights[some]
    rows, columns = near.shape
    if not rows or most == 0:
        return Cover(np.zeros(0, np.int64), 0, 0)
    if most is None:
        found = _solved(np.ones(columns), _Rows(csr_array(near, dtype=np.float64), 1), integral=columns)
        chosen, fewest, bound = found.chosen, found.bound, int(weights.sum())
    else:
        hits = np.concatenate((np.zeros(columns), -weights.astype(np.float64)))
        table = hstack((csr_array(near, dtype=np.float64), -eye_array(rows)), format="csr")
        found = _solved(hits, _Rows(table, 0), integral=columns, most=most)
        chosen, fewest, bound = found.chosen, 0, -found.bound
    return Cover(_nearer(near, seconds, weights, chosen), bound, fewest)


class _Rows(NamedTuple):
    table: Any
    least: float


class _Found(NamedTuple):
    chosen: LongArray
    bound: int


def _solved(cost: FloatArray, rows: _Rows, *, integral: int, most: int | None = None) -> _Found:
    """Solve ``min cost · x``, the first so many columns 0 or 1, with a bound in whole numbers."""
    limits = [LinearConstraint(rows.table, rows.least, np.inf)]
    if most is not None:
        limits.append(LinearConstraint((np.arange(len(cost)) < integral).astype(np.float64)[None, :], 0, most))
    whole = (np.arange(len(cost)) < integral).astype(np.int64)
    found = milp(cost, integrality=whole, bounds=Bounds(0, 1), constraints=limits, options={"node_limit": MOST_NODES})
    bound = (
        int(np.ceil(found.mip_dual_bound - ROUND)) if found.mip_dual_bound is not None else int(cost[cost < 0].sum())
    )
    if found.x is None:
        chosen = _greedy(rows.table[:, :integral].toarray() > 0, -cost[integral:] if most is not None else None, most)
        return _Found(chosen, bound)
    return _Found(np.flatnonzero(found.x[:integral] > 1 / 2), bound)


def _greedy(near: BoolArray, weights: FloatArray | None, most: int | None) -> LongArray:
    """Take the column that covers the most of what is left, until all is covered or no more may be taken."""
    left = np.ones(len(near)) if weights is None else weights.copy()
    chosen: list[int] = []
    while left.any() and (most is None or len(chosen) < most):
        chosen.append(int((near * left[:, None]).sum(axis=0).argmax()))
        left = np.where(near[:, chosen[-1]], 0, left)
    return np.array(sorted(chosen), np.int64)


def _nearer(near: BoolArray, seconds: FloatArray, weights: LongArray, chosen: LongArray) -> LongArray:
    """Exchange columns one by one as long as as much is covered with less way to it (Teitz & Bart 1968).

    doi:10.1287/opre.16.5.955.
    """
    chosen, ways = chosen.copy(), np.where(near, seconds, FAR)
    for _ in range(MOST_ROUNDS):
        before = chosen.copy()
        for place in range(len(chosen)):
            chosen[place] = _exchanged(ways, weights, chosen, place)
        if (before == chosen).all():
            break
    return np.sort(chosen)


def _exchanged(ways: FloatArray, weights: LongArray, chosen: LongArray, place: int) -> int:
    """Return the column that covers as much in place of one of those chosen, with the least way; itself if none is."""
    others = ways[:, np.delete(chosen, place)].min(axis=1, initial=FAR)
    after = np.minimum(others[:, None], ways)
    covered = ((after < FAR) * weights[:, None]).sum(axis=0)
    cost = np.where(after < FAR, after, 0).sum(axis=0)
    here = int(chosen[place])
    equal = np.flatnonzero(covered == covered[here]).tolist()
    best = min(equal, key=lambda one: (cost[one], one))
    return int(best) if cost[best] < cost[here] else here

"""`waiting_places`: where crews wait so that as many places as possible are near one, with a proven optimum.

The maximal covering location problem (Church & ReVelle 1974, doi:10.1007/BF01942293) where there are too few crews, the
set covering one (Toregas et al. 1971, doi:10.1287/opre.19.6.1363) where there are enough; among equal answers the one
with the least way to the places (Hakimi 1964, doi:10.1287/opre.12.3.450, on what is covered). Solved by CP-SAT.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.vocabulary import BoolArray, FloatArray, LongArray, Seconds, scaled_seconds
from patrolroute.demand.response import MAX_WITHIN_S
from patrolroute.network.node_times import seconds_to
from patrolroute.network.places import nearest_places, where_one_stops
from patrolroute.network.road import RoadNetwork

MOST_EFFORT = 30.0
"""CP-SAT's deterministic seconds for each of its two questions: the same on every machine."""

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
        No choice of fewer posts covers as much; as many as there are where that is proven.
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
        WaitingPlace(int(network.node_id[node]), *map(float, network.node_lonlat(node)),
                     tuple(place for place in covered if owner[place] == number))
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
        slow &= ~network.no_stop[network.shape_start[:-1]]
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
    """Columns that are chosen, the weight that no choice of as many exceeds, the number with which none covers as much."""

    chosen: LongArray
    bound: int
    fewest: int


def cover(near: BoolArray, seconds: FloatArray, weights: LongArray, most: int | None) -> Cover:
    """Choose columns that cover the greatest weight of rows; of these as few as do, with the least way to the rows.

    Parameters
    ----------
    near
        Which column covers which row, shape ``(rows, columns)``.
    seconds
        The way from each column to each row.
    weights
        Of the rows.
    most
        How many columns may be chosen; None for any number.
    """
    model, on, hit = _covering(near, most)
    weight = sum(int(one) * var for one, var in zip(weights, hit, strict=True))
    first = _solved(model, weight, is_most=True)
    if first is None:
        return Cover(np.zeros(0, np.int64), int(weights.sum()), 0)
    solver, bound = first
    reached = sum(int(one) * int(solver.value(var)) for one, var in zip(weights, hit, strict=True))
    chosen = [column for column, var in enumerate(on) if solver.value(var)]
    model, on, hit = _covering(near, most)
    model.add(sum(int(one) * var for one, var in zip(weights, hit, strict=True)) >= reached)
    dear = int(seconds.max(initial=1)) * max(1, len(seconds)) + 1
    way = _ways(model, near, seconds, on, hit)
    second, fewest = _solved(model, dear * sum(on) + way, is_most=False), 0
    if second is not None:
        chosen = [column for column, var in enumerate(on) if second[0].value(var)]
        fewest = max(0, second[1]) // dear
    return Cover(np.array(chosen, np.int64), bound, fewest)


def _covering(near: BoolArray, most: int | None) -> tuple[Any, list[Any], list[Any]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    on = [model.new_bool_var("") for _ in range(near.shape[1])]
    hit = [model.new_bool_var("") for _ in range(near.shape[0])]
    for row, var in enumerate(hit):
        model.add(sum(on[column] for column in np.flatnonzero(near[row]).tolist()) >= var)
    if most is not None:
        model.add(sum(on) <= most)
    return model, on, hit


def _ways(model: Any, near: BoolArray, seconds: FloatArray, on: Sequence[Any], hit: Sequence[Any]) -> Any:
    """Return the seconds from the nearest chosen column to each row that is covered, as a term of the model."""
    terms: list[Any] = []
    for row, var in enumerate(hit):
        columns = np.flatnonzero(near[row]).tolist()
        own = [model.new_bool_var("") for _ in columns]
        for one, column in zip(own, columns, strict=True):
            model.add_implication(one, on[column])
        if columns:
            model.add(sum(own) >= var)
        terms += [int(seconds[row, column]) * one for one, column in zip(own, columns, strict=True)]
    return sum(terms) if terms else 0


def _solved(model: Any, goal: Any, *, is_most: bool) -> tuple[Any, int] | None:
    """Return the solver with its answer, and its bound; None if it found none."""
    from ortools.sat.python import cp_model

    if is_most:
        model.maximize(goal)
    else:
        model.minimize(goal)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = MOST_EFFORT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    bound = solver.best_objective_bound
    return solver, int(np.floor(bound + 1e-6) if is_most else np.ceil(bound - 1e-6))

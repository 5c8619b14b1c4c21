"""Every pass of every task, read from the legs, and how long nobody comes: whoever comes by is seen, serving or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from patrolroute.base.vocabulary import Arc, LonLat, Mode, Seconds, elapsed_s, scaled_seconds
from patrolroute.network.coordinates import half_way
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg, PlannedCrew, PlannedTask, Route
from patrolroute.plan.under_way import (
    Roads,
    arc_begins,
    digest_of,
    driven_of,
    in_force,
    last_arc,
    roads_at,
    roads_in_time,
)

__all__ = [
    "TAU_S", "Journey", "Move", "Pass", "Roads", "Span", "all_passes", "arc_begins", "digest_of", "direction_length_m",
    "driven_of", "gaps_between", "in_force", "journeys", "last_arc", "midpoint", "open_spans", "overlap", "roads_at",
    "roads_in_time", "union", "unseen_s",
]  # fmt: skip
"""When streets are seen, and, by the same door, how roads change while a night is under way."""


@dataclass(frozen=True, slots=True)
class Move:
    """One arc driven, or one stop.

    Parameters
    ----------
    arc
        Index of the arc driven, -1 while standing.
    node
        Index of the node at the arc's head, or of the node where the crew stands.
    begin_s, end_s
        Seconds since the plan's window began.
    leg
        The leg that it is part of.
    """

    arc: int
    node: int
    begin_s: Seconds
    end_s: Seconds
    leg: Leg


@dataclass(frozen=True, slots=True)
class Journey:
    """A crew's night, arc by arc; ``depot`` is the index of the node where it starts."""

    crew: PlannedCrew
    network: RoadNetwork
    depot: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """Somebody comes by a task.

    Parameters
    ----------
    task, crew
        Ids.
    begin_s, end_s
        Seconds since the plan's window began: over the segment, or standing at the hotspot.
    is_service
        Whether it is a visit, a patrol or dwell that carries the task; a deadhead is not.
    """

    task: str
    crew: str
    begin_s: Seconds
    end_s: Seconds
    is_service: bool


_Chain: TypeAlias = tuple[str, tuple[int, ...]]
"""A task and one of its directions."""


def journeys(plan: PatrolPlan) -> tuple[Journey, ...]:
    """Read every crew's night from its legs; what is not on the map is left out."""
    crews = {crew.id: crew for crew in plan.crews}
    found = []
    for route in plan.routes:
        crew = crews.get(route.crew)
        network = None if crew is None else plan.networks.get(crew.mode)
        if crew is not None and network is not None and crew.depot.node in network.node_index:
            depot = network.node_index[crew.depot.node]
            found.append(Journey(crew, network, depot, tuple(_moves(plan, crew, network, route))))
    return tuple(found)


def all_passes(plan: PatrolPlan, nights: tuple[Journey, ...] | None = None) -> dict[str, tuple[Pass, ...]]:
    """Find every pass of every task.

    A street segment is passed when one of its directions is driven unbroken, patrolling or deadheading, within
    one leg or over legs that follow each other without a stop. A hotspot is passed when a crew dwells there for it.

    Parameters
    ----------
    plan
        The plan.
    nights
        Its `journeys`, if they are known already.

    Returns
    -------
    dict
        Task id to its passes in the order of their begin; a task that nobody passes has none.
    """
    chains = _chains(plan)
    passes: dict[str, list[Pass]] = {task.id: [] for task in plan.tasks}
    for journey in journeys(plan) if nights is None else nights:
        for one in (*_street_passes(journey, chains[journey.crew.mode]), *_dwells(plan, journey)):
            passes[one.task].append(one)
    return {task: tuple(sorted(some, key=lambda one: (one.begin_s, one.crew))) for task, some in passes.items()}


def _moves(plan: PatrolPlan, crew: PlannedCrew, network: RoadNetwork, route: Route) -> Iterator[Move]:
    zero, node, last, roads = plan.window[0], network.node_index[crew.depot.node], -1, roads_in_time(plan, crew.mode)
    for leg in route.legs:
        clock, now = elapsed_s(zero, leg.depart), in_force(roads, leg)
        if not leg.arcs:
            yield Move(-1, node, clock, elapsed_s(zero, leg.arrive), leg)
            continue
        known = [arc for arc in leg.arcs if arc in now.arc_index and arc in network.arc_index]
        driven, arcs = ([one.arc_index[arc] for arc in known] for one in (now, network))
        table = now.patrol_s if leg.kind == "patrol" else now.travel_s
        before = -1 if last < 0 else now.arc_index.get(network.arc(last), -1)
        for arc, here, taken in zip(
            arcs, driven, scaled_seconds(table[driven], crew.speed_factor).tolist(), strict=True
        ):
            clock += max(0, now.turn_seconds((here,), before))
            node, last, before = int(network.head[arc]), arc, here
            yield Move(arc, node, clock, clock + taken, leg)
            clock += taken


def _chains(plan: PatrolPlan) -> dict[Mode, dict[int, list[_Chain]]]:
    """Sort the directions of all streets by their first arc."""
    chains: dict[Mode, dict[int, list[_Chain]]] = {mode: defaultdict(list) for mode in plan.networks}
    for task in plan.tasks:
        index = plan.networks[task.mode].arc_index if task.mode in plan.networks else {}
        for chain in task.directions:
            if chain and all(arc in index for arc in chain):
                arcs = tuple(index[arc] for arc in chain)
                chains[task.mode][arcs[0]].append((task.id, arcs))
    return chains


def _street_passes(journey: Journey, chains: dict[int, list[_Chain]]) -> Iterator[Pass]:
    moves = journey.moves
    driven = [move.arc for move in moves]
    for place, arc in enumerate(driven):
        for task, chain in chains.get(arc, ()):
            last = place + len(chain)
            if tuple(driven[place:last]) == chain:
                leg = moves[place].leg
                is_service = leg.kind == "patrol" and leg.task == task
                yield Pass(task, journey.crew.id, moves[place].begin_s, moves[last - 1].end_s, is_service)


def _dwells(plan: PatrolPlan, journey: Journey) -> Iterator[Pass]:
    for move in journey.moves:
        task = plan.task.get(move.leg.task or "")
        if move.leg.kind == "dwell" and task is not None and task.kind == "hotspot":
            yield Pass(task.id, journey.crew.id, move.begin_s, move.end_s, is_service=True)


def midpoint(task: PlannedTask, network: RoadNetwork | None) -> LonLat | None:
    """Return a hotspot's node, or the point half-way along a street's first direction; None if no map tells."""
    if network is None:
        return None
    if task.kind == "hotspot":
        return network.node_lonlat(network.node_index[task.node]) if task.node in network.node_index else None
    chain = task.directions[0] if task.directions else ()
    if not chain or any(arc not in network.arc_index for arc in chain):
        return None
    return half_way(network.path_shape([network.arc_index[arc] for arc in chain]))


def direction_length_m(network: RoadNetwork, directions: tuple[tuple[Arc, ...], ...]) -> float:
    """Return the metres of a segment: the mean of its directions, 0 if none is on the network."""
    index = network.arc_index
    metres = [
        int(network.length_m[[index[arc] for arc in chain]].sum())
        for chain in directions
        if chain and all(arc in index for arc in chain)
    ]
    return float(np.mean(metres)) if metres else 0.0


Span: TypeAlias = tuple[Seconds, Seconds]
"""First and last second since the plan's window began."""

TAU_S: Seconds = 900
"""Somebody who spends a quarter of an hour on a street is the one who does or doesn't see a car."""


def unseen_s(gaps: Sequence[Seconds], tau_s: Seconds = TAU_S) -> Seconds:
    """Return the seconds at which somebody who comes for ``tau_s`` sees no car: Σ max(0, d − τ).

    Examples
    --------
    >>> unseen_s((50, 50), 10), unseen_s((100,), 10), unseen_s((50, 50), 50)
    (80, 90, 0)
    """
    return sum(max(0, gap - tau_s) for gap in gaps)


def open_spans(plan: PatrolPlan, task: PlannedTask) -> tuple[Span, ...]:
    """Return when a task is looked at: in its opening hours within the plan's window, or all night."""
    zero, until = plan.window[0], elapsed_s(*plan.window)
    if not task.windows:
        return ((0, until),)
    spans = [(elapsed_s(zero, opens), elapsed_s(zero, closes)) for opens, closes in task.windows]
    return union((max(0, opens), min(until, closes)) for opens, closes in spans)


def gaps_between(spans: Sequence[Span], present: Sequence[Span]) -> tuple[Seconds, ...]:
    """Return the seconds of what of each span lies before, between and after presence.

    Examples
    --------
    >>> gaps_between([(0, 100)], [(20, 20), (50, 60)]), gaps_between([(0, 100)], [])
    ((20, 30, 40), (100,))
    """
    gaps: list[Seconds] = []
    for begin, end in spans:
        inside = [span for span in present if begin <= span[0] and span[1] <= end]
        marks = [(begin, begin), *inside, (end, end)]
        gaps.extend(two[0] - one[1] for one, two in pairwise(marks))
    return tuple(gaps)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that touch or overlap; empty ones vanish.

    Examples
    --------
    >>> union([(5, 9), (0, 3), (3, 4), (8, 8), (10, 2)])
    ((0, 4), (5, 9))
    """
    joined: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return tuple(joined)


def overlap(some: Iterable[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Return the parts of spans that lie in others.

    Examples
    --------
    >>> overlap([(0, 5), (8, 12)], [(3, 9)])
    ((3, 5), (8, 9))
    """
    return union((max(one[0], two[0]), min(one[1], two[1])) for one in some for two in others)

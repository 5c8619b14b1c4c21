"""Every pass of every task, read from the legs: whoever comes by is seen, whether it serves or not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely

from patrolroute.network.positions import turn_seconds
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import Leg, PlannedCrew, PlannedTask, Route
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import Arc, LonLat, Seconds, scaled_seconds
from patrolroute.words import Mode


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


def seconds_between(first: dt.datetime, last: dt.datetime) -> Seconds:
    """Give the whole seconds from one aware datetime to another, whatever their offsets."""
    return round((last.astimezone(dt.UTC) - first.astimezone(dt.UTC)).total_seconds())


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
    zero, node, before = plan.window[0], network.node_index[crew.depot.node], -1
    for leg in route.legs:
        clock = seconds_between(zero, leg.depart)
        if not leg.arcs:
            yield Move(-1, node, clock, seconds_between(zero, leg.arrive), leg)
            continue
        arcs = [network.arc_index[arc] for arc in leg.arcs if arc in network.arc_index]
        table = network.patrol_s if leg.kind == "patrol" else network.travel_s
        for arc, taken in zip(arcs, scaled_seconds(table[arcs], crew.speed_factor).tolist(), strict=True):
            clock += max(0, turn_seconds(network, (arc,), before))
            node, before = int(network.head[arc]), arc
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
    """Give a hotspot's node, or the point half-way along a street's first direction; None if no map tells."""
    if network is None:
        return None
    if task.kind == "hotspot":
        return network.node_lonlat(network.node_index[task.node]) if task.node in network.node_index else None
    chain = task.directions[0] if task.directions else ()
    if not chain or any(arc not in network.arc_index for arc in chain):
        return None
    line = shapely.LineString(network.path_shape([network.arc_index[arc] for arc in chain]))
    point = line.interpolate(0.5, normalized=True)
    return float(point.x), float(point.y)


def direction_length_m(network: RoadNetwork, directions: tuple[tuple[Arc, ...], ...]) -> float:
    """Give the metres of a segment: the mean of its directions, 0 if none is on the network."""
    index = network.arc_index
    metres = [
        int(network.length_m[[index[arc] for arc in chain]].sum())
        for chain in directions
        if chain and all(arc in index for arc in chain)
    ]
    return float(np.mean(metres)) if metres else 0.0

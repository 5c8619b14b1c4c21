"""A night that is planned anew while it is under way: which roads are open when, and what had been driven by then."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

from patrolroute.base.errors import MapError
from patrolroute.base.vocabulary import Arc, Mode, Seconds, scaled_seconds
from patrolroute.network.names import changed
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.codec import moment_text
from patrolroute.plan.records import DRIVING, DrivenRoute, RoadChange

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg, Route


def roads_at(plan: PatrolPlan, mode: Mode, moment: dt.datetime) -> RoadNetwork:
    """Return a mode's network with everything that is closed or slow at a moment.

    Raises
    ------
    MapError
        If nothing is left to drive.
    """
    closed, slow = set[Arc](), dict[Arc, float]()
    for change in plan.road_changes:
        if change.mode == mode and change.since <= moment:
            if change.factor is None:
                closed.update(change.arcs)
            else:
                slow |= {arc: min(change.factor, slow.get(arc, 1.0)) for arc in change.arcs}
    return changed(plan.networks[mode], closed=closed, slow=slow)


Roads: TypeAlias = tuple[tuple[dt.datetime | None, RoadNetwork], ...]
"""The roads of a mode: those of the night's begin, and those from each moment on at which some are closed or slow."""


def roads_in_time(plan: PatrolPlan, mode: Mode) -> Roads:
    """Return the roads of a mode as they change; a change that would leave nothing to drive is none."""
    network, changes = plan.networks[mode], tuple(change for change in plan.road_changes if change.mode == mode)
    known = _known.setdefault(network, {})
    if changes not in known:
        later = list[tuple[dt.datetime | None, RoadNetwork]]()
        for moment in sorted({change.since for change in changes}):
            with suppress(MapError):
                later.append((moment, roads_at(plan, mode, moment)))
        known.clear()  # those of the last plan are enough
        known[changes] = tuple(later)
    return (None, network), *known[changes]


_known: WeakKeyDictionary[RoadNetwork, dict[tuple[RoadChange, ...], Roads]] = WeakKeyDictionary()
"""Roads as they change, by the network that they change from; it is not among them, so that nothing keeps it."""


def in_force(roads: Roads, leg: Leg) -> RoadNetwork:
    """Return the roads that a leg is on: those that are open when it departs.

    A leg that has arcs which are closed then is one of a crew that drives out of them, or a fault: it is on the last
    roads that have all of its arcs.
    """
    for since, network in reversed(roads[1:]):
        if since is not None and since <= leg.depart and all(arc in network.arc_index for arc in leg.arcs):
            return network
    return roads[0][1]


def digest_of(legs: Iterable[Leg]) -> str:
    """Return a digest of what legs are: what is done, for whom, from where to where and when.

    Whether a visit counts is no part of it, nor are the arcs between: a stop that is added splits them.
    """
    rows = [
        (
            leg.kind,
            leg.task,
            moment_text(leg.depart.astimezone(dt.UTC)),
            moment_text(leg.arrive.astimezone(dt.UTC)),
            leg.turn_s,
            leg.length_m,
            (leg.arcs[0][0], leg.arcs[-1][1]) if leg.arcs else (),
        )
        for leg in legs
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def driven_of(route: Route, legs: int) -> DrivenRoute:
    """Return what is said of the first legs of a route that had been driven."""
    return DrivenRoute(route.crew, legs, digest_of(route.legs[:legs]))


def arc_begins(leg: Leg, network: RoadNetwork, *, speed_factor: float, before: Arc | None) -> list[Seconds]:
    """Return how many seconds after a leg departs each of its arcs is begun: when the one before it has been driven.

    Parameters
    ----------
    leg, network
        The leg, and roads that have its arcs.
    speed_factor
        Of the crew.
    before
        The arc that was driven before; None if it is the first.
    """
    index = network.arc_index
    table = network.patrol_s if leg.kind == "patrol" else network.travel_s
    chain = [index[arc] for arc in leg.arcs]
    came, now, begins = -1 if before is None else index.get(before, -1), 0, list[Seconds]()
    for arc, drive_s in zip(chain, scaled_seconds(table[chain], speed_factor).tolist(), strict=True):
        begins.append(now)
        now += drive_s + network.turn_seconds([arc], came)
        came = arc
    return begins


def last_arc(legs: Sequence[Leg]) -> Arc | None:
    """Return the arc that was driven last; None if none was."""
    return next((leg.arcs[-1] for leg in reversed(legs) if leg.kind in DRIVING and leg.arcs), None)

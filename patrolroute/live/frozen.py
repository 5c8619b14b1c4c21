"""What of a plan has been driven at a moment of its night, and where every crew is when it can decide again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.base.vocabulary import Arc, elapsed_s
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from patrolroute.plan.legs import main_street
from patrolroute.plan.passes import arc_begins, in_force, last_arc, roads_in_time
from patrolroute.plan.records import DEGREE_DIGITS, DRIVING, Leg

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlannedCrew, Route

STANDING = ("dwell", "break")
"""Kinds of legs on which a crew stays to the end, unless it is called away."""


@dataclass(frozen=True, slots=True)
class Driven:
    """What of a crew's route is driven or under way at a moment, and what would have come then.

    Parameters
    ----------
    crew
        Whose route it is.
    legs
        What is driven, up to the next place where the crew can decide.
    rest
        The legs planned from there on.
    free
        When it can decide: where its legs end, at the moment itself if it stands, or when its shift starts.
    """

    crew: PlannedCrew
    legs: tuple[Leg, ...]
    rest: tuple[Leg, ...]
    free: dt.datetime

    @property
    def is_home(self) -> bool:
        """Whether the crew is where its route ends, or stays where it starts, and nothing was planned from there on."""
        came = last_arc(self.legs)
        return not self.rest and (came is None or came[1] == self.crew.end_depot.node)


def driven_at(plan: PatrolPlan, route: Route, at: dt.datetime, *, is_called: bool = False) -> Driven:
    """Return what of a route is driven at a moment.

    A street under way is patrolled or passed to its end; on the way elsewhere the crew can decide at the next junction;
    a stay is finished, but whoever waits, and whoever is called away, leaves at once.

    Parameters
    ----------
    plan, route
        The plan, and a route of it.
    at
        The moment.
    is_called
        Whether the crew is called away, so that a stay ends now.
    """
    crew = next(one for one in plan.crews if one.id == route.crew)
    legs = [leg for leg in route.legs if leg.arrive <= at]
    now = next((leg for leg in route.legs[len(legs) :] if leg.depart < at), None)
    rest = list(route.legs[len(legs) :])
    free = max(at, crew.start)
    if now is not None:
        network, came = in_force(roads_in_time(plan, crew.mode), now), last_arc(legs)
        options: dict[str, Any] = {"speed_factor": crew.speed_factor, "came": came, "is_called": is_called}
        cut, left = _cut(network, now, at, **options)
        legs.append(cut)
        rest = [*left, *rest[1:]]
        free = cut.arrive
    return Driven(crew, tuple(legs), tuple(rest), free)


def _cut(  # noqa: PLR0913 - what a crew is doing
    network: RoadNetwork, now: Leg, at: dt.datetime, *, speed_factor: float, came: Arc | None, is_called: bool
) -> tuple[Leg, tuple[Leg, ...]]:
    """Return what is driven of a leg that is under way, and what is left of it."""
    if now.kind == "wait" or (now.kind in STANDING and is_called):
        # No name: what it waits for, or stands at, may be none of its tasks any more.
        stood = replace(now, kind="wait", task=None, visit=None, counted=False, arrive=at, street="")
        left = (replace(now, depart=at),) if now.kind == "wait" else ()
        return stood, left
    if now.kind != "deadhead":
        return now, ()
    begins = arc_begins(now, network, speed_factor=speed_factor, before=came)
    gone_s = elapsed_s(now.depart, at)
    count = sum(begin_s < gone_s for begin_s in begins)
    if count == len(now.arcs):
        return now, ()
    arrive = now.depart + dt.timedelta(seconds=begins[count])
    before_arc = -1 if came is None else network.arc_index.get(came, -1)
    first = part_of_leg(network, now, slice(0, count), before_arc, (now.depart, arrive))
    second = part_of_leg(network, now, slice(count, None), network.arc_index[now.arcs[count - 1]], (arrive, now.arrive))
    return first, (second,)


def part_of_leg(
    network: RoadNetwork, leg: Leg, arcs: slice, before: int, times: tuple[dt.datetime, dt.datetime]
) -> Leg:
    """Return a part of a drive.

    Parameters
    ----------
    network, leg
        The drive, and roads that have its arcs.
    arcs
        Which of them are the part.
    before
        The number of the arc that was driven before them, -1 for none.
    times
        When the part begins and ends.
    """
    path = [network.arc_index[arc] for arc in leg.arcs[arcs]]
    return replace(
        leg,
        arcs=leg.arcs[arcs],
        depart=times[0],
        arrive=times[1],
        turn_s=network.turn_seconds(path, before),
        length_m=int(network.length_m[path].sum()),
        street=main_street(network, path),
        coordinates=tuple(map(tuple, np.round(network.path_shape(path), DEGREE_DIGITS).tolist())),
    )


def position_of(one: Driven, times: TravelTimes) -> int | None:
    """Return the position where a crew is on a network; None where it is on none of its streets.

    Parameters
    ----------
    one
        The crew, and what it has driven.
    times
        Of the network.
    """
    positions, network, found = times.positions, times.network, list[int]()
    came = last_arc(one.legs)
    if came is None:
        return network.node_index.get(one.crew.depot.node)
    for arc in reversed([arc for leg in one.legs if leg.kind in DRIVING for arc in leg.arcs]):
        if arc not in network.arc_index:
            break
        found.append(network.arc_index[arc])
    if found:
        return positions.standing(found[::-1])
    return network.node_index.get(came[1]) if network.turns is None else None

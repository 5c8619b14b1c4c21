"""Drives of crews outside the search: out of what was closed around them, and to where they are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.base.errors import ProblemError
from patrolroute.base.text import clock_text
from patrolroute.base.vocabulary import INFINITE_S, Mode, Seconds, scaled_seconds
from patrolroute.live.frozen import Driven, position_of
from patrolroute.live.replan_places import Called, task_of_call
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from patrolroute.plan.legs import StreetChains, cut_at_chains, main_street
from patrolroute.plan.passes import last_arc
from patrolroute.plan.records import DEGREE_DIGITS, Leg

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlannedCrew, PlannedTask


def chains_on(plan: PatrolPlan, mode: Mode, network: RoadNetwork) -> StreetChains:
    """Return the directions of a plan's streets on a network, by their first arc."""
    index, found = network.arc_index, dict[int, tuple[tuple[tuple[int, ...], str], ...]]()
    for task in plan.tasks:
        for chain in task.directions:
            if task.mode == mode and all(arc in index for arc in chain):
                arcs = tuple(index[arc] for arc in chain)
                found[arcs[0]] = (*found.get(arcs[0], ()), (arcs, task.id))
    return found


class Roads:
    """Roads on which crews of a plan drive, whatever their mode and speed.

    Parameters
    ----------
    plan
        Its streets are passed on the way.
    networks
        The roads of each mode.
    """

    def __init__(self, plan: PatrolPlan, networks: Mapping[Mode, RoadNetwork]) -> None:
        self.plan, self.networks = plan, networks
        self._times: dict[tuple[Mode, float], TravelTimes] = {}
        self._chains = {mode: chains_on(plan, mode, network) for mode, network in networks.items()}

    def times(self, crew: PlannedCrew) -> TravelTimes:
        """Return the driving of a crew."""
        key = crew.mode, crew.speed_factor
        if key not in self._times:
            self._times[key] = TravelTimes(self.networks[crew.mode], speed_factor=crew.speed_factor)
        return self._times[key]

    def standing(self, one: Driven) -> int | None:
        """Return the position where a crew is, None where it is on no street of these."""
        return position_of(one, self.times(one.crew))

    def nearest(self, one: Driven, targets: Sequence[int]) -> tuple[Seconds, int]:
        """Return how long a crew drives to the nearest of some positions, `INFINITE_S` if to none, and which it is."""
        here = self.standing(one)
        if here is None:
            return INFINITE_S, targets[0]
        seconds = self.times(one.crew).matrix([here], targets)[0]
        number = int(np.argmin(seconds))
        return int(seconds[number]), targets[number]

    def drive(self, one: Driven, target: int, *, then: Sequence[int] = ()) -> tuple[Leg, ...]:
        """Return the legs of a crew's quickest way to a position, and along arcs from there; it leaves when free."""
        network, times = self.networks[one.crew.mode], self.times(one.crew)
        here = self.standing(one)
        path = () if here is None else (*times.path(here, target), *then)
        came = last_arc(one.legs)
        before = -1 if came is None else network.arc_index.get(came, -1)
        legs, now = list[Leg](), one.free
        for part, task in cut_at_chains(self._chains[one.crew.mode], path):
            leg = _leg(network, part, now, before=before, factor=one.crew.speed_factor, task=task)
            legs.append(leg)
            now, before = leg.arrive, part[-1]
        return tuple(legs)


def _leg(  # noqa: PLR0913 - what a drive is
    network: RoadNetwork, path: Sequence[int], depart: dt.datetime, *, before: int, factor: float, task: str | None
) -> Leg:
    """Return a drive along arcs."""
    turn_s = network.turn_seconds(path, before)
    seconds = int(scaled_seconds(network.travel_s[list(path)], factor).sum()) + turn_s
    marks: dict[str, Any] = {} if task is None else {"task": task}
    return Leg(
        "deadhead" if task is None else "pass",
        depart,
        depart + dt.timedelta(seconds=seconds),
        arcs=network.arcs(path),
        turn_s=turn_s,
        length_m=int(network.length_m[list(path)].sum()),
        street=main_street(network, path),
        coordinates=tuple(map(tuple, np.round(network.path_shape(path), DEGREE_DIGITS).tolist())),
        **marks,
    )


def standing_leg(one: Driven, kind: Any, until: dt.datetime, network: RoadNetwork, **facts: Any) -> Leg:
    """Return a leg on the spot from when a crew is free until some moment."""
    came = last_arc(one.legs)
    node = one.crew.depot.node if came is None else came[1]
    lon, lat = network.node_lonlat(network.node_index[node])
    street = "" if came is None else network.names[network.arc_index[came]]
    place = (round(lon, DEGREE_DIGITS), round(lat, DEGREE_DIGITS))
    return Leg(kind, one.free, until, **({"street": street, "coordinates": (place,)} | facts))


def out_of_closed(driven: Sequence[Driven], before: Roads, after: Roads) -> Iterator[Driven]:
    """Yield crews as they are once those whom a closure caught have driven out of it, to the nearest open street."""
    for one in driven:
        network, old = after.networks[one.crew.mode], before.networks[one.crew.mode]
        is_caught = after.standing(one) is None
        if not is_caught or one.crew.out_of_service is not None or one.is_home:
            yield one
            continue
        here = before.times(one.crew).positions
        targets = [here.arrival(old.arc_index[network.arc(arc)]) for arc in range(network.arc_count)]
        seconds, target = before.nearest(one, targets)
        if seconds >= INFINITE_S:
            yield one
            continue
        legs = before.drive(one, target)
        yield Driven(one.crew, (*one.legs, *legs), one.rest, legs[-1].arrive if legs else one.free)


def settled(one: Driven, network: RoadNetwork) -> Driven:
    """Return a crew that stands behind a wait until it is free."""
    last = one.legs[-1].arrive if one.legs else one.crew.start
    if last >= one.free:
        return one
    return replace(one, legs=(*one.legs, standing_leg(replace(one, free=last), "wait", one.free, network)))


def answered(one: Driven, call: Called, roads: Roads) -> tuple[Driven, PlannedTask]:
    """Return a crew that goes where it is called to and stays there, and the call as a task.

    Raises
    ------
    ProblemError
        If no open way leads there, or it would come too late.
    """
    network, times = roads.networks[one.crew.mode], roads.times(one.crew)
    thing = f"replan: call of crew {one.crew.id!r}"
    if call.node not in network.node_index:
        raise ProblemError(f"{thing}: no open way leads to {call.name}")
    node = network.node_index[call.node]
    seconds, target = roads.nearest(one, times.positions.stops(node, starts_here=True))
    if seconds >= INFINITE_S:
        raise ProblemError(f"{thing}: no open way leads to {call.name}")
    one = settled(one, network)
    legs = roads.drive(one, target)
    there = legs[-1].arrive if legs else one.free
    if there >= call.until:
        raise ProblemError(f"{thing}: it is there {clock_text(there)}, not before {clock_text(call.until)}")
    task = task_of_call(roads.plan, call, one.crew.mode, (there, call.until))
    gone = replace(one, legs=(*one.legs, *legs), free=there)
    marks = {"task": task.id, "visit": 1, "counted": True, "street": task.name}
    stay = standing_leg(gone, "dwell", call.until, network, **marks)
    return replace(gone, legs=(*gone.legs, stay), free=call.until), task

"""New stops in a night that is under way: hotspots that are added, and places to which crews are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import Complaints, InputError, ProblemError, short
from patrolroute.base.shapes import point_of
from patrolroute.base.vocabulary import CALL_KIND, LonLat, Mode, elapsed_s, scaled_seconds, whole_array
from patrolroute.demand.model import Hotspot, headway_of
from patrolroute.network.names import place_in_words
from patrolroute.network.places import SNAP_M, Place, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from patrolroute.plan.records import DEGREE_DIGITS, PlannedTask
from patrolroute.problem.clock import clip, spans_of
from patrolroute.problem.model import DECAY
from patrolroute.problem.task import cut, falling_worth, start_spans

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Chain


@checked_fields(but=("place",))
@dataclass(frozen=True, slots=True)
class Call:
    """A crew that is called away (出警).

    Parameters
    ----------
    crew
        Its id.
    place
        Where to: longitude and latitude in WGS-84 degrees, or a crossing in words such as ``朝阳中路与龙湖路口``.
    until
        Until when it is there: a clock time of the night, or an aware datetime.
    """

    crew: str
    place: LonLat | str
    until: str | dt.datetime


@dataclass(frozen=True, slots=True)
class Called:
    """A call that is understood.

    Parameters
    ----------
    crew
        Id of the crew.
    node
        Id of the node where it is called to.
    name
        What the place is called.
    until
        Until when it is there.
    """

    crew: str
    node: int
    name: str
    until: dt.datetime


def with_places(plan: PatrolPlan, mode: Mode, places: Sequence[Place]) -> tuple[PatrolPlan, list[int]]:
    """Return a plan whose network is split at places, and the ids of their nodes.

    What is driven takes the same seconds: a place at which a split would cost one is moved to the nearest junction.

    Parameters
    ----------
    plan, mode
        The plan, and which of its networks.
    places
        On that network.
    """
    network = plan.networks[mode]
    split, nodes, chains = split_at(network, places)
    if not _takes_as_long(plan, mode, split, chains):
        moved = [replace(place, fraction=float(round(place.fraction))) for place in places]
        split, nodes, chains = split_at(network, moved)
    parts = {network.arc(old): split.arcs(new) for old, new in chains.items() if split.arcs(new) != (network.arc(old),)}

    def anew(arcs: Chain) -> Chain:
        return tuple(part for arc in arcs for part in parts.get(arc, (arc,))) if parts else arcs

    return _rechained(plan, mode, split, anew), [int(split.node_id[node]) for node in nodes]


def _takes_as_long(plan: PatrolPlan, mode: Mode, split: RoadNetwork, chains: dict[int, tuple[int, ...]]) -> bool:
    """Return whether every arc takes any crew as long as its parts together."""
    network = plan.networks[mode]
    factors = {crew.speed_factor for crew in plan.crews if crew.mode == mode}
    slow = {1.0, *(change.factor for change in plan.road_changes if change.factor is not None)}
    cuts = [(old, list(new)) for old, new in chains.items() if len(new) > 1]
    for share, factor in product(slow, factors):
        one, two = _seconds(network, share, factor), _seconds(split, share, factor)
        for table, parts in zip(one, two, strict=True):
            if any(int(table[old]) != int(parts[new].sum()) for old, new in cuts):
                return False
    return True


def _seconds(network: RoadNetwork, share: float, factor: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what driving and patrolling each arc takes."""
    travel = network.travel_s if share == 1.0 else whole_array(network.travel_s / share)
    patrol = np.maximum(network.patrol_s, travel)
    return scaled_seconds(travel, factor), scaled_seconds(patrol, factor)


def _rechained(plan: PatrolPlan, mode: Mode, split: RoadNetwork, anew: Callable[[Chain], Chain]) -> PatrolPlan:
    """Return a plan on a network that is split, arcs put together of their parts."""
    crews = {crew.id for crew in plan.crews if crew.mode == mode}
    return replace(
        plan,
        networks={**plan.networks, mode: split},
        tasks=tuple(
            replace(task, directions=tuple(map(anew, task.directions))) if task.mode == mode else task
            for task in plan.tasks
        ),
        road_changes=tuple(
            replace(change, arcs=anew(change.arcs)) if change.mode == mode else change for change in plan.road_changes
        ),
        routes=tuple(
            replace(route, legs=tuple(replace(leg, arcs=anew(leg.arcs)) if leg.arcs else leg for leg in route.legs))
            if route.crew in crews
            else route
            for route in plan.routes
        ),
    )


def with_hotspots(plan: PatrolPlan, spots: Sequence[Hotspot], at: dt.datetime) -> PatrolPlan:
    """Return a plan in which more hotspots are wanted from some moment on.

    Parameters
    ----------
    plan
        The plan.
    spots
        Their places lie on its networks.
    at
        From when on they are wanted.

    Raises
    ------
    ProblemError
        With everything that is wrong with them.
    """
    complaints, known = Complaints(), {task.id for task in plan.tasks}
    for spot in spots:
        if spot.id in known:
            complaints.add(f"replan: hotspot {short(spot.id, 40)} is a task of the plan already")
        known.add(spot.id)
        if spot.mode not in plan.networks:
            complaints.add(f"replan: hotspot {short(spot.name, 40)}: the plan has no network for mode {spot.mode!r}")
        elif spot.place.arc not in plan.networks[spot.mode].arc_index:
            complaints.add(
                f"replan: hotspot {short(spot.name, 40)}: its place is not on the plan's network; "
                "snap it on plan.networks"
            )
    complaints.raise_as(ProblemError)
    for mode in dict.fromkeys(spot.mode for spot in spots):
        own = [spot for spot in spots if spot.mode == mode]
        plan, nodes = with_places(plan, mode, [spot.place for spot in own])
        tasks = tuple(complaints.attempt(_Planned(plan, spot, node, at)) for spot, node in zip(own, nodes, strict=True))
        complaints.raise_as(ProblemError)
        plan = replace(plan, tasks=(*plan.tasks, *(task for task in tasks if task is not None)))
    return plan


@dataclass(frozen=True, slots=True)
class _Planned:
    """Makes a hotspot a task of a plan whose network has its node."""

    plan: PatrolPlan
    spot: Hotspot
    node: int
    at: dt.datetime

    def __call__(self) -> PlannedTask:
        """Return the task.

        Raises
        ------
        ProblemError
            If it is not open any more, or its visits have no room.
        """
        spot, origin = self.spot, self.plan.window[0]
        thing = f"replan: hotspot {short(spot.name, 40)}"
        now_s, night = elapsed_s(origin, self.at), (0, elapsed_s(*self.plan.window))
        shifts = [(elapsed_s(origin, crew.start), elapsed_s(origin, crew.end)) for crew in self.plan.crews]
        windows, _ = spans_of(spot.windows, shifts, origin) if spot.windows else ((night,), [])
        opened = clip(windows, (now_s, night[1]))
        if not opened:
            raise ProblemError(f"{thing}: is not open in what is left of the night")
        slices = cut((opened[0][0], opened[-1][1]), spot.visits)
        headway = headway_of(spot)
        if not all(start_spans(one, headway, windows, spot.dwell_s) for one in slices):
            raise ProblemError(f"{thing}: there is no room for its visits in what is left of the night")
        prize = spot.prize or spot.priority * spot.dwell_s
        lon, lat = self._place()
        return PlannedTask(
            id=spot.id, kind="hotspot", category=spot.kind, name=spot.name, mode=spot.mode, priority=spot.priority,
            required=spot.required, prize=prize, worth=falling_worth(prize, spot.visits, DECAY),
            visits_done=0, headway_s=headway, slices=tuple(self._moments(span) for span in slices), load=spot.load,
            node=self.node, lon=lon, lat=lat, dwell_s=spot.dwell_s,
            windows=tuple(self._moments(span) for span in windows) if spot.windows else (),
        )  # fmt: skip

    def _place(self) -> LonLat:
        network = self.plan.networks[self.spot.mode]
        lon, lat = network.node_lonlat(network.node_index[self.node])
        return round(lon, DEGREE_DIGITS), round(lat, DEGREE_DIGITS)

    def _moments(self, span: tuple[int, int]) -> tuple[dt.datetime, dt.datetime]:
        first, last = (moment_at(self.plan, second) for second in span)
        return first, last


def moment_at(plan: PatrolPlan, second: int) -> dt.datetime:
    """Return the moment so many seconds after a plan's night began, in its time zone."""
    begins = plan.window[0]
    return (begins.astimezone(dt.UTC) + dt.timedelta(seconds=second)).astimezone(begins.tzinfo)


def with_calls(
    plan: PatrolPlan, calls: Sequence[tuple[Call, dt.datetime]], networks: dict[Mode, RoadNetwork]
) -> tuple[PatrolPlan, tuple[Called, ...]]:
    """Return a plan whose networks have a node for each call, and the calls by them.

    Parameters
    ----------
    plan
        The plan.
    calls
        Each with the moment until which it lasts; their crews are the plan's.
    networks
        The roads of each mode that are open: crews are called to the nearest open street.

    Raises
    ------
    ProblemError
        Naming every place that is not understood, or too far from any street.
    """
    complaints, places = Complaints(), list[tuple[Mode, Place] | None]()
    modes = {crew.id: crew.mode for crew in plan.crews}
    for call, _ in calls:
        mode = modes[call.crew]
        try:
            places.append((mode, snapped(networks[mode], call.place)))
        except InputError as error:
            complaints.extend(item.about(f"replan: call of crew {call.crew!r}") for item in error.items)
            places.append(None)
    complaints.raise_as(ProblemError)
    found = dict[int, Called]()
    for mode in dict.fromkeys(one[0] for one in places if one is not None):
        own = [(number, one[1]) for number, one in enumerate(places) if one is not None and one[0] == mode]
        plan, nodes = with_places(plan, mode, [place for _, place in own])
        for (number, place), node in zip(own, nodes, strict=True):
            call, until = calls[number]
            said = call.place if isinstance(call.place, str) else f"{place.lon:.5f}, {place.lat:.5f}"
            found[number] = Called(call.crew, node, said, until)
    return plan, tuple(found[number] for number in range(len(calls)))


def snapped(network: RoadNetwork, place: LonLat | str) -> Place:
    """Return where somebody can stop nearest to a place."""
    return snap_all(network, [("place", lonlat_of(place, network))], snap_m=SNAP_M)[0]


def lonlat_of(place: LonLat | str, network: RoadNetwork) -> LonLat:
    """Return where a place is: a point as it is given, or one in words.

    Raises
    ------
    InputError
        If it is no point, or the words are not understood.
    """
    if isinstance(place, str):
        return place_in_words(place, network).lonlat
    point = point_of(place)
    if point is None:
        raise ProblemError([f"{short(place)} is not a longitude and a latitude in degrees"])
    return point


def task_of_call(plan: PatrolPlan, call: Called, mode: Mode, times: tuple[dt.datetime, dt.datetime]) -> PlannedTask:
    """Return a call as a task of its own, required and worth next to nothing.

    Parameters
    ----------
    plan
        Its network has the call's node.
    call, mode
        The call, and the mode of its crew.
    times
        From when until when its crew is there.
    """
    known = {task.id for task in plan.tasks}
    number = next(n for n in range(1, len(known) + 2) if f"{CALL_KIND}-{n}" not in known)
    network = plan.networks[mode]
    lon, lat = network.node_lonlat(network.node_index[call.node])
    return PlannedTask(
        id=f"{CALL_KIND}-{number}", kind="hotspot", category=CALL_KIND, name=call.name, mode=mode, priority=1,
        required=True, prize=1, worth=(1,), visits_done=1, headway_s=0, slices=(times,), node=call.node,
        lon=round(lon, DEGREE_DIGITS), lat=round(lat, DEGREE_DIGITS), dwell_s=elapsed_s(*times), windows=(times,),
    )  # fmt: skip

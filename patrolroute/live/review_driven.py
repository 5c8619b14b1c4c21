"""The driven night as a plan: legs with real times on the plan's own networks, for its crews and tasks."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from patrolroute.base import __version__
from patrolroute.base.errors import InputError
from patrolroute.base.text import local
from patrolroute.base.vocabulary import LegKind, LonLat, Mode, Seconds, scaled_seconds
from patrolroute.live.review_way import Drive, Stay, Way
from patrolroute.network.coordinates import metres_between
from patrolroute.network.road import RoadNetwork
from patrolroute.network.travel import TravelTimes
from patrolroute.plan.legs import cut_at_chains, lonlat_of, main_street
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import DEGREE_DIGITS, Leg, PlannedCrew, PlannedTask, Route
from patrolroute.plan.seen import count_by_time, seen_share
from patrolroute.rules.context import AuditContext
from patrolroute.rules.worth import recomputed

NEAR_HOTSPOT_M = 80
"""Who stands within so many metres of a hotspot's node is there: stalls line a street, and fixes are off."""

WAIT_S: Seconds = 180
"""Whoever stands for less, not at a hotspot, is held up by traffic; that is a part of driving."""

FULL = 0.9
"""A dwell of so much of the wanted time is a visit; the measures tell how many dwell in full."""

PATROL_SHARE = {True: 0.3, False: 0.6}
"""From which share of the seconds between driving and patrol speed on a street counts as patrolled: a street that the
crew was told to patrol sooner than any other, for a short one is driven between two fixes or three."""

LONGEST_DOUBT_S = 60.0
"""By so much at most a dwell that seems too short is taken for full: by two fixes nobody can tell."""

HOME_M = 300
"""Who ends so near to the end depot is home."""

LOOK = 6
"""Arcs before and after a stay among which the hotspot's node is looked for."""

Chains: TypeAlias = Mapping[int, Sequence[tuple[tuple[int, ...], str]]]
"""By its first arc, each direction of a street and the street's id."""


@dataclass(frozen=True, slots=True)
class DrivenNight:
    """The driven night, and which of its legs are weak evidence: numbers of legs, from 0, by crew."""

    plan: PatrolPlan
    weak: Mapping[str, frozenset[int]]


@dataclass(slots=True)
class _Piece:
    """Drives in a row that become one leg."""

    first: int
    last: int
    task: str | None


@dataclass(frozen=True, slots=True)
class _Spot:
    """A hotspot where crews of a mode may dwell."""

    task: PlannedTask
    place: LonLat
    node: int


def driven_night(plan: PatrolPlan, ways: Mapping[str, Way]) -> DrivenNight:
    """Return the driven night.

    Parameters
    ----------
    plan
        What was planned.
    ways
        What each crew did, by its id; one without a way has a route without legs.
    """
    routes, weak = list[Route](), dict[str, frozenset[int]]()
    chains = {mode: chains_of(plan, mode) for mode in plan.networks}
    for crew in plan.crews:
        way = ways.get(crew.id)
        if way is None or not way.drives:
            routes.append(Route(crew.id, crew.start, crew.start))
            continue
        laid = _Night(plan, crew, chains[crew.mode]).lay(way)
        routes.append(laid.route)
        weak[crew.id] = laid.weak
    return DrivenNight(_counted(plan, tuple(routes)), weak)


def chains_of(plan: PatrolPlan, mode: Mode) -> Chains:
    """Return the directions of a mode's streets by their first arcs."""
    found: dict[int, list[tuple[tuple[int, ...], str]]] = defaultdict(list)
    index = plan.networks[mode].arc_index
    for task in plan.tasks:
        for chain in task.directions if task.mode == mode else ():
            arcs = tuple(index[arc] for arc in chain)
            found[arcs[0]].append((arcs, task.id))
    return found


def _counted(plan: PatrolPlan, routes: tuple[Route, ...]) -> PatrolPlan:
    """Return the plan with other routes: which visits count, and what that is worth."""
    bare = replace(
        plan,
        created_with=f"patrolroute {__version__}",
        seed=None,
        work=None,
        settings={**plan.settings, "driven": True},
        routes=routes,
        tasks=tuple(replace(task, visits_done=0, left_out=None) for task in plan.tasks),
        conflicts=None,
        read_as=None,
        explain=None,
    )
    is_presence = plan.objective.goal == "presence"
    made = count_by_time(bare) if is_presence else _in_slices(bare)
    made = _dwells_counted(made) if is_presence else made
    context = AuditContext(made)
    worth = recomputed(context)
    bounds: dict[str, Any] = dict.fromkeys(
        ("upper_bound", "bound_method", "driving_bound_s", "longest_route_bound_s", "idleness_bound_s", "seen_bound")
    )
    seen = seen_share(made, context.seen) if is_presence else None
    return replace(made, objective=replace(plan.objective, **bounds, **worth, seen=seen))


def _in_slices(plan: PatrolPlan) -> PatrolPlan:
    return _dwells_counted(plan, kinds=("patrol", "dwell"))


def _dwells_counted(plan: PatrolPlan, kinds: Sequence[str] = ("dwell",)) -> PatrolPlan:
    """Count in each slice of a task the first visit that begins in it, a headway before it ends at the latest."""
    order = sorted(
        (leg.depart, route, place)
        for route, one in enumerate(plan.routes)
        for place, leg in enumerate(one.legs)
        if leg.kind in kinds and leg.task in plan.task
    )
    made: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for _, route, place in order:
        leg = plan.routes[route].legs[place]
        task = plan.task[leg.task or ""]
        if leg.kind == "dwell" and leg.duration_s < FULL * task.dwell_s:
            continue
        slices = task.slices or ((plan.window[0], plan.window[1] + dt.timedelta(seconds=task.headway_s)),)
        for number, (first, last) in enumerate(slices, start=1):
            if first <= leg.depart <= last - dt.timedelta(seconds=task.headway_s) and number not in made[task.id]:
                made[task.id][number] = route, place
                break
    numbers = {spot: number for visits in made.values() for number, spot in visits.items()}
    routes = tuple(
        replace(
            route,
            legs=tuple(
                replace(leg, visit=numbers.get((at, place)), counted=(at, place) in numbers)
                if leg.kind in kinds
                else leg
                for place, leg in enumerate(route.legs)
            ),
        )
        for at, route in enumerate(plan.routes)
    )
    tasks = tuple(replace(task, visits_done=len(made[task.id])) if task.id in made else task for task in plan.tasks)
    return replace(plan, routes=routes, tasks=tasks)


@dataclass(frozen=True, slots=True)
class _LaidRoute:
    route: Route
    weak: frozenset[int]


class _Night:
    """Lays one crew's legs."""

    def __init__(self, plan: PatrolPlan, crew: PlannedCrew, chains: Chains) -> None:
        self._plan, self._crew, self._chains = plan, crew, chains
        self._network: RoadNetwork = plan.networks[crew.mode]
        self._times = TravelTimes(self._network, speed_factor=crew.speed_factor)
        self._patrol_s = scaled_seconds(self._network.patrol_s, crew.speed_factor)
        self._spots = [
            _Spot(task, place, task.node)
            for task in plan.tasks
            if task.kind == "hotspot" and task.mode == crew.mode and task.node in self._network.node_index
            for place in [self._network.node_lonlat(self._network.node_index[task.node])]
        ]
        self._legs: list[Leg] = []
        self._weak: set[int] = set()
        told = next((route.legs for route in plan.routes if route.crew == crew.id), ())
        self._told = {leg.task for leg in told if leg.kind == "patrol"}
        self._before = -1
        self._clock = self._owed = 0.0
        self._spacing_s = 0.0

    def lay(self, way: Way) -> _LaidRoute:
        """Return the route of a crew."""
        self._spacing_s = way.spacing_s
        drives, stays = self._from_depot_to_depot(way)
        dwells, waits = self._sorted(drives, stays)
        pieces = self._pieces(drives, sorted(dwells), waits)
        self._clock = min(drives[0].begin_s, *(stay.begin_s for stay in stays if stay.after == 0), math.inf)
        kept = {id(stay) for found in (dwells, waits) for some in found.values() for stay, _ in some}
        idle = [stay for stay in stays if id(stay) not in kept]
        for piece in pieces:
            self._stand(piece.first, dwells, waits)
            held_s = sum(stay.length_s for stay in idle if piece.first < stay.after <= piece.last)
            self._drive(drives[piece.first : piece.last], piece.task, held_s)
        self._stand(len(drives), dwells, waits)
        legs = tuple(self._legs)
        return _LaidRoute(Route(self._crew.id, legs[0].depart, legs[-1].arrive, legs), frozenset(self._weak))

    def _from_depot_to_depot(self, way: Way) -> tuple[list[Drive], list[Stay]]:
        """Return what stands in the way from arc to arc, from the depot and back to it by the quickest way."""
        number = np.cumsum([0, *(drive.is_whole for drive in way.drives)])
        drives = [drive for drive in way.drives if drive.is_whole]
        stays = [replace(stay, after=int(number[stay.after])) for stay in way.stays]
        stays += [
            Stay(drive.begin_s, drive.end_s, self._middle(drive), int(number[place]))
            for place, drive in enumerate(way.drives)
            if not drive.is_whole
        ]
        stays.sort(key=lambda stay: (stay.after, stay.begin_s))
        if not drives:
            return drives, stays
        out = self._quickest(self._node(self._crew.depot.node), self._times.positions.entry([drives[0].arc]))
        begin = min(drives[0].begin_s, *(stay.begin_s for stay in stays if stay.after == 0), math.inf)
        clock = begin - sum(seconds for _, seconds in out)
        led = list[Drive]()
        for arc, seconds in out:
            led.append(Drive(arc, clock, clock + seconds, is_strong=False))
            clock += seconds
        home = self._quickest(self._times.positions.after(drives[-1].arc), self._node(self._crew.end_depot.node))
        clock = max(drives[-1].end_s, *(stay.end_s for stay in stays), 0.0)
        back = list[Drive]()
        for arc, seconds in home:
            back.append(Drive(arc, clock, clock + seconds, is_strong=False))
            clock += seconds
        return [*led, *drives, *back], [replace(stay, after=stay.after + len(led)) for stay in stays]

    def _middle(self, drive: Drive) -> LonLat:
        lon, lat = self._network.shape(drive.arc).mean(axis=0).tolist()
        return lon, lat

    def _node(self, node: int) -> int:
        return self._network.node_index[node]

    def _quickest(self, source: int, target: int) -> list[tuple[int, float]]:
        try:
            path = self._times.path(source, target)
        except InputError:
            return []
        return [(arc, float(self._times.arc_s[arc])) for arc in path]

    def _sorted(
        self, drives: Sequence[Drive], stays: Sequence[Stay]
    ) -> tuple[dict[int, list[tuple[Stay, str | None]]], dict[int, list[tuple[Stay, str | None]]]]:
        """Return the stays at hotspots and the others that are long, by how many drives come before them."""
        dwells: dict[int, list[tuple[Stay, str | None]]] = defaultdict(list)
        waits: dict[int, list[tuple[Stay, str | None]]] = defaultdict(list)
        for stay in stays:
            found = self._spot_of(drives, stay) if stay.is_strong else None
            if found is not None:
                spot, place = found
                dwells[place].append((stay, spot.task.id))
            elif stay.length_s >= WAIT_S or not stay.is_strong:
                waits[stay.after].append((stay, None))
        return dwells, waits

    def _spot_of(self, drives: Sequence[Drive], stay: Stay) -> tuple[_Spot, int] | None:
        """Return the hotspot where a crew stood, the one that is open and nearest, and between which drives."""
        near = sorted(
            (
                not _is_open(spot.task, stay),
                int(metres_between(stay.place, np.array([spot.place]))[0]),
                spot.task.id,
                spot,
            )
            for spot in self._spots
        )[:1]
        if not near or near[0][1] > NEAR_HOTSPOT_M:
            return None
        spot = near[0][3]
        node = self._node(spot.node)
        places = range(max(0, stay.after - LOOK), min(len(drives), stay.after + LOOK) + 1)
        here = [place for place in places if self._at(drives, place) == node]
        return spot, min(here, key=lambda place: abs(place - stay.after), default=stay.after)

    def _at(self, drives: Sequence[Drive], place: int) -> int:
        """Return the node at which a crew is after so many drives."""
        if place < len(drives):
            return int(self._network.tail[drives[place].arc])
        return int(self._network.head[drives[-1].arc])

    def _pieces(
        self, drives: Sequence[Drive], hard: Sequence[int], waits: dict[int, list[tuple[Stay, str | None]]]
    ) -> list[_Piece]:
        """Return the drives as they become legs; a wait in the middle of a street moves to the nearer end of it."""
        pieces, cuts = list[_Piece](), sorted({0, *hard, len(drives)})
        for first, last in pairwise(cuts):
            place = first
            for path, task in cut_at_chains(self._chains, [drive.arc for drive in drives[first:last]]):
                pieces.append(_Piece(place, place + len(path), task))
                place += len(path)
        for at in sorted(waits):
            number = next((number for number, one in enumerate(pieces) if one.first < at < one.last), None)
            if number is None:
                continue
            piece = pieces[number]
            if piece.task is None:
                pieces[number : number + 1] = [_Piece(piece.first, at, None), _Piece(at, piece.last, None)]
            else:
                end = piece.first if at - piece.first < piece.last - at else piece.last
                waits.setdefault(end, []).extend(waits.pop(at))
        return pieces

    def _stand(
        self,
        place: int,
        dwells: Mapping[int, Sequence[tuple[Stay, str | None]]],
        waits: Mapping[int, Sequence[tuple[Stay, str | None]]],
    ) -> None:
        """Add the stays before a drive; those at one hotspot are one."""
        here = sorted([*dwells.get(place, ()), *waits.get(place, ())], key=lambda one: one[0].begin_s)
        merged = list[tuple[list[Stay], str | None]]()
        for stay, task in here:
            if merged and merged[-1][1] == task:
                merged[-1][0].append(stay)
            else:
                merged.append(([stay], task))
        for some, task in merged:
            seconds = sum(stay.length_s for stay in some)
            name = "" if task is None else self._plan.task[task].name
            short_s = 0.0 if task is None else self._plan.task[task].dwell_s - seconds
            if 0 < short_s <= min(2 * self._spacing_s, LONGEST_DOUBT_S):
                seconds, self._owed = seconds + short_s, self._owed + short_s
            self._add("wait" if task is None else "dwell", seconds, task=task, street=name, coordinates=(self._here(),))
            if not all(stay.is_strong for stay in some):
                self._weak.add(len(self._legs) - 1)

    def _here(self) -> LonLat:
        network = self._network
        node = int(network.head[self._before]) if self._before >= 0 else self._node(self._crew.depot.node)
        return lonlat_of(network, node)

    def _drive(self, drives: Sequence[Drive], task: str | None, held_s: float) -> None:
        network, arcs = self._network, [drive.arc for drive in drives]
        seconds = sum(drive.end_s - drive.begin_s for drive in drives)
        kind, paid_s = self._kind(arcs, task, seconds), min(self._owed, seconds)
        self._owed -= paid_s
        self._add(
            kind,
            seconds + held_s - paid_s,
            task=task,
            arcs=network.arcs(arcs),
            turn_s=max(0, network.turn_seconds(arcs, self._before)),
            length_m=int(network.length_m[arcs].sum()),
            street=main_street(network, arcs),
            coordinates=tuple(map(tuple, np.round(network.path_shape(arcs), DEGREE_DIGITS).tolist())),
        )
        weak_m = sum(int(network.length_m[drive.arc]) for drive in drives if not drive.is_strong)
        if weak_m * 2 > int(network.length_m[arcs].sum()):
            self._weak.add(len(self._legs) - 1)
        self._before = arcs[-1]

    def _kind(self, arcs: Sequence[int], task: str | None, seconds: float) -> LegKind:
        """Return whether a street was patrolled: driven about as slowly as patrol speed has it."""
        if task is None:
            return "deadhead"
        quick, slow = int(self._times.arc_s[arcs].sum()), int(self._patrol_s[arcs].sum())
        return "patrol" if seconds >= quick + PATROL_SHARE[task in self._told] * (slow - quick) else "pass"

    def _add(self, kind: LegKind, seconds: float, **facts: Any) -> None:
        begin, self._clock = self._clock, self._clock + max(0.0, seconds)
        self._legs.append(Leg(kind, self._moment(begin), self._moment(self._clock), **facts))

    def _moment(self, seconds: float) -> dt.datetime:
        return local(dt.datetime.fromtimestamp(round(seconds), tz=dt.UTC), self._plan.timezone)


def _is_open(task: PlannedTask, stay: Stay) -> bool:
    moment = dt.datetime.fromtimestamp((stay.begin_s + stay.end_s) / 2, tz=dt.UTC)
    return not task.windows or any(opens <= moment <= closes for opens, closes in task.windows)

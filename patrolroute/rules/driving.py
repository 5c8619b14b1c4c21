"""Audit rules about driving: where the legs lead, and every second of a route accounted for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely

from patrolroute.base.vocabulary import LonLat, Seconds, whole
from patrolroute.network.coordinates import near_lonlat
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.turns import FORBIDDEN
from patrolroute.plan.document import LONG
from patrolroute.plan.records import DRIVING
from patrolroute.rules.context import (
    NEAR_M,
    SERVING,
    AuditContext,
    Step,
    apart_by,
    clock,
    joins,
    metres_between,
    named,
    second,
)
from patrolroute.rules.findings import Finding, metres_off, seconds_off

LONGER = 0.01
"""A line that goes back and forth is longer than its road; one that somebody has drawn with fewer points is shorter."""

FEW = 3


def starts_with_shift(context: AuditContext) -> Iterator[Finding]:
    """Every route starts when its crew's shift starts; whoever leaves later has a wait first."""
    for crew, route in context.routes:
        if gap := second(route.start) - second(crew.start):
            message = f"its route starts {clock(route.start)}, its shift {clock(crew.start)}"
            yield context.of_crew(crew, message, seconds_off(gap), at=route.start)


def route_spans_legs(context: AuditContext) -> Iterator[Finding]:
    """Every route starts when its first leg departs and ends when its last arrives; without legs it ends at once."""
    for crew, route in context.routes:
        begins, ends = (route.legs[0].depart, route.legs[-1].arrive) if route.legs else (route.start, route.start)
        if gap := second(begins) - second(route.start):
            message = f"its route starts {clock(route.start)}, its first leg {clock(begins)}"
            yield context.of_crew(crew, message, seconds_off(gap), at=route.start)
        if gap := second(ends) - second(route.end):
            message = f"its route ends {clock(route.end)}, its last leg {clock(ends)}"
            yield context.of_crew(crew, message, seconds_off(gap), at=route.end)


def within_shift(context: AuditContext) -> Iterator[Finding]:
    """Every crew is home when its shift ends: no route is longer than the time budget."""
    for crew, route in context.routes:
        late = second(route.end) - second(crew.end)
        if late > 0:
            message = f"home {clock(route.end)}, {late} s after the shift's end {clock(crew.end)}"
            yield context.of_crew(crew, message, seconds_off(late), at=route.end)


def times_run_forward(context: AuditContext) -> Iterator[Finding]:
    """No leg arrives before it departs."""
    for step in context.steps:
        if step.arrives_s < step.departs_s:
            yield step.found(
                f"arrives {clock(step.leg.arrive)}, before it departs", seconds_off(step.departs_s - step.arrives_s)
            )


def no_hole(context: AuditContext) -> Iterator[Finding]:
    """No time is missing between two legs: each departs the second that the one before arrives."""
    for before, after, between_s in _pairs(context):
        if between_s > 0:
            yield after.found(f"the leg before arrives {clock(before.leg.arrive)}", seconds_off(between_s))


def on_time(context: AuditContext) -> Iterator[Finding]:
    """Nobody is late: no leg departs before the one before it has arrived."""
    for before, after, between_s in _pairs(context):
        if between_s < 0:
            yield after.found(
                f"the crew is there {clock(before.leg.arrive)}, {-between_s} s late", seconds_off(between_s)
            )


def _pairs(context: AuditContext) -> Iterator[tuple[Step, Step, Seconds]]:
    """Yield each leg, the next one, and the seconds from one's arrival to the other's departure."""
    for journey in context.journeys:
        for before, after in pairwise(journey):
            yield before, after, after.departs_s - before.arrives_s


def duration_exact(context: AuditContext) -> Iterator[Finding]:
    """Depart, plus the arcs' seconds for this crew and the turns, or the dwell, is arrive, exactly."""
    for step in context.steps:
        needed = _needed(context, step)
        taken = step.arrives_s - step.departs_s
        if needed is not None and taken != needed:
            yield step.found(f"takes {taken} s; it must take {needed} s", seconds_off(taken - needed))


def _needed(context: AuditContext, step: Step) -> Seconds | None:
    """Return the seconds that a leg must take, None if it may take any or cannot be worked out."""
    if step.leg.kind == "dwell":
        task = context.tasks.get(step.leg.task or "")
        return None if task is None or task.kind != "hotspot" else task.dwell_s
    if step.leg.kind in ("wait", "break") or step.arcs is None:
        return None
    patrols, factor = step.leg.kind == "patrol", step.crew.speed_factor
    if hours := context.hours[step.crew.mode]:
        turns_s = _turns_into(context, step)
        taken = hours.driven(step.network, step.leg, step.arcs, turns_s=turns_s, factor=factor)
        return sum(taken) + step.leg.turn_s
    table = step.network.patrol_s if patrols else step.network.travel_s
    return sum(whole(int(table[arc]) / factor) for arc in step.arcs) + step.leg.turn_s


def _turns_into(context: AuditContext, step: Step) -> list[Seconds]:
    """Return the seconds of the turn into each arc of a leg, the first from the arc that was driven before."""
    before, turns = context.came_by[step.crew.id, step.number], step.network.turns
    chain = (*before, *(step.arcs or ()))
    known = {} if turns is None else turns.known
    taken = [max(0, known.get(turn, 0)) for turn in pairwise(chain)]
    return taken if before else [0, *taken]


CLOCK_RULES = named((
    starts_with_shift, route_spans_legs, within_shift, times_run_forward, no_hole, on_time, duration_exact,
))  # fmt: skip


def arcs_exist(context: AuditContext) -> Iterator[Finding]:
    """Every arc is on the network of the crew's mode."""
    for step in context.steps:
        for arc in step.leg.arcs:
            if arc not in step.network.arc_index:
                yield step.found(f"arc {arc} is not on the {step.crew.mode} network")


def driving_has_arcs(context: AuditContext) -> Iterator[Finding]:
    """Every deadhead or patrol drives at least one arc; a dwell, wait or break drives none."""
    for step in context.steps:
        if (step.leg.kind in DRIVING) != bool(step.leg.arcs):
            yield step.found(f"has {len(step.leg.arcs)} arcs")


def starts_at_depot(context: AuditContext) -> Iterator[Finding]:
    """Every route's first arc leaves the crew's depot."""
    for journey in context.journeys:
        first = next((step for step in journey if step.leg.arcs), None)
        if first is None:
            continue
        leaves, depot = first.leg.arcs[0][0], first.crew.depot.node
        if leaves != depot:
            yield first.found(f"leaves node {leaves}, not the depot {depot}", apart_by(first.network, leaves, depot))


def ends_at_depot(context: AuditContext) -> Iterator[Finding]:
    """Every route's last leg ends at the end depot; a crew without legs, or out of service, stays where it is."""
    for journey in context.journeys:
        if journey and journey[0].crew.out_of_service is None:
            last = journey[-1]
            node = last.leg.arcs[-1][1] if last.leg.arcs else last.node
            home = last.crew.end_depot.node
            if node != home:
                yield last.found(
                    f"ends at node {node}, not at the end depot {home}", apart_by(last.network, node, home)
                )


def legs_join(context: AuditContext) -> Iterator[Finding]:
    """Each arc's head is the tail of the next, within a leg and from leg to leg."""
    for journey in context.journeys:
        has_driven = False
        for step in journey:
            if not joins(step.leg.arcs):
                yield step.found("its arcs do not follow one another")
            if has_driven and step.leg.arcs and step.leg.arcs[0][0] != step.node:
                begins = step.leg.arcs[0][0]
                message = f"begins at node {begins}; the leg before ended at {step.node}"
                yield step.found(message, apart_by(step.network, begins, step.node))
            has_driven = has_driven or bool(step.leg.arcs)


def turns_allowed(context: AuditContext) -> Iterator[Finding]:
    """No forbidden turn is made, within a leg or from leg to leg, whatever the crew did in between."""
    for journey in context.journeys:
        driven: list[int] = []
        for before, step in zip((None, *journey), journey, strict=False):
            driven = _on_roads_of(step, before, driven)
            for arc in step.arcs or ():
                driven.append(arc)
                if message := _forbidden(step, driven):
                    yield step.found(message)


def _on_roads_of(step: Step, before: Step | None, driven: list[int]) -> list[int]:
    """Return arcs by their indices on the roads of a leg; -1 for those that are closed by then."""
    if before is None or before.network is step.network:
        return driven
    index = step.network.arc_index
    return [index.get(before.network.arc(arc), -1) if arc >= 0 else -1 for arc in driven]


def _forbidden(step: Step, driven: list[int]) -> str | None:
    """Return which forbidden turn the last arc of those driven completes."""
    turns, network = step.network.turns, step.network
    if turns is None or not driven[1:]:  # the first arc turns from nowhere
        return None
    before, after = driven[-2:]
    if (before, after) in turns.known and turns.known[before, after] == FORBIDDEN:
        return f"turns from {network.arc(before)} into {network.arc(after)}, which is forbidden"
    for chain in turns.chains_by(-1).get(after, ()):
        if tuple(driven[-len(chain) :]) == chain:
            over = f"over {len(chain) - 2} arcs"
            return f"turns from {network.arc(chain[0])} {over} into {network.arc(after)}, which is forbidden"
    return None


def turns_take_their_time(context: AuditContext) -> Iterator[Finding]:
    """Every leg's seconds of turning are those of the turn into its first arc and of the turns inside."""
    for journey in context.journeys:
        before: tuple[int, ...] | None = ()  # the last arc; None if there is no such arc
        for last, step in zip((None, *journey), journey, strict=False):
            before = None if before is None else tuple(_on_roads_of(step, last, [*before]))
            driven = None if before is None or step.arcs is None else (*before, *step.arcs)
            known = {} if step.network.turns is None else step.network.turns.known
            needed = sum(max(0, known.get(turn, 0)) for turn in pairwise(driven or ()))
            if driven is not None and step.leg.turn_s != needed:
                yield step.found(
                    f"turn_s is {step.leg.turn_s}; its turns take {needed} s", seconds_off(step.leg.turn_s - needed)
                )
            before = step.arcs[-1:] or before if step.arcs is not None else None


def length_right(context: AuditContext) -> Iterator[Finding]:
    """Every leg's metres are the metres of its arcs."""
    for step in context.steps:
        if step.arcs is None:
            continue
        driven = int(step.network.length_m[list(step.arcs)].sum())
        if step.leg.length_m != driven:
            message = f"says {step.leg.length_m} m; its arcs have {driven} m"
            yield step.found(message, metres_off(step.leg.length_m - driven))


def line_on_road(context: AuditContext) -> Iterator[Finding]:
    """Every leg's line runs along its arcs from end to end; a standing leg is one point where the crew stands."""
    for step in context.steps:
        ends = _ends(step)
        if ends is None:
            continue
        line = step.leg.coordinates
        if not line or (not step.leg.arcs and len(line) != 1):
            yield step.found(f"its line has {len(line)} points")
            continue
        strays = [
            (off, f"its line {word} at {given[0]}, {given[1]}, {off:.0f} m off")
            for word, given, node in (("begins", line[0], ends[0]), ("ends", line[-1], ends[1]))
            if (off := metres_between(given, node)) > NEAR_M
        ]
        if not strays and step.arcs and (off := _off_road_m(step)) > NEAR_M:
            strays = [(off, f"its line leaves the road by {off:.0f} m on the way")]
        for off, message in strays:
            yield step.found(message, metres_off(off))


def _off_road_m(step: Step) -> float:
    """Return by how many metres a leg's line strays from its arcs, or misses some of them, or is longer than they are.

    A line may have fewer or more points than the arcs have.
    """
    road = np.asarray(step.network.path_shape(step.arcs or ()))
    line, road = (near_lonlat(line, road[0, 0]) for line in (np.array(step.leg.coordinates), road))
    scale = METRES_A_DEGREE * np.array([math.cos(math.radians(road[0, 1])), 1.0])
    if line.shape == road.shape and (off := float(np.hypot(*((line - road) * scale).T).max())) <= NEAR_M:
        return off
    here, there = (shapely.linestrings(points * scale if len(points) > 1 else np.repeat(points, 2, axis=0) * scale)
                   for points in (line, road))  # fmt: skip
    apart = max(shapely.distance(shapely.points(shapely.get_coordinates(one)), other).max()
                for one, other in ((here, there), (there, here)))  # fmt: skip
    longer = float(shapely.length(here) - shapely.length(there))
    return max(float(apart), longer if longer > LONGER * shapely.length(there) else 0.0)


def streets_named(context: AuditContext) -> Iterator[Finding]:
    """Every leg that names a street names that of most of its metres, or while standing one that is there."""
    for journey in context.journeys:
        for number, step in enumerate(journey):
            named = step.leg.street
            if not named or step.arcs is None:
                continue
            known = _along(step) if step.arcs else _around(context, journey, number)
            if named not in known:
                where = ", ".join(repr(name[:LONG]) for name in list(known)[:FEW]) or "a road without a name"
                yield step.found(f"names the street {named[:LONG]!r}; it is on {where}")


def _along(step: Step) -> list[str]:
    """Return the name of the street with most metres of a leg, of several with as many each."""
    on_street: Counter[str] = Counter()
    for arc in step.arcs or ():
        if step.network.names[arc]:
            on_street[step.network.names[arc]] += int(step.network.length_m[arc])
    most = max(on_street.values(), default=0)
    return [name for name, length_m in on_street.items() if length_m == most]


def _around(context: AuditContext, journey: tuple[Step, ...], number: int) -> list[str]:
    """Return what a crew may be said to stand at: what it serves before and next, and the streets of the place."""
    step = journey[number]
    if step.leg.kind == "dwell":
        task = context.tasks.get(step.leg.task or "")
        return [] if task is None else [task.name]
    sides = (journey[:number][::-1], journey[number:])
    served = [next((one.leg.task for one in side if one.leg.kind in SERVING), None) for side in sides]
    names = [context.tasks[task].name for task in served if task in context.tasks]
    node = step.network.node_index.get(step.node, -1)
    here = np.flatnonzero((step.network.head == node) | (step.network.tail == node)).tolist()
    return [*names, *dict.fromkeys(step.network.names[arc] for arc in here)]


def _ends(step: Step) -> tuple[LonLat, LonLat] | None:
    """Return where a leg's line must begin and end; None if the network does not say."""
    if step.arcs:
        first, last = step.network.shape(step.arcs[0])[0], step.network.shape(step.arcs[-1])[-1]
        return (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))
    if step.arcs is None or step.node not in step.network.node_index:
        return None
    place = step.network.node_lonlat(step.network.node_index[step.node])
    return place, place


ROAD_RULES = named((
    arcs_exist, driving_has_arcs, starts_at_depot, ends_at_depot, legs_join, turns_allowed, turns_take_their_time,
    length_right, line_on_road, streets_named,
))  # fmt: skip

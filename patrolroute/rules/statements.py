"""Audit rules about what the plan says of itself: crews, tasks, hours, what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from patrolroute.network.road import RoadNetwork
from patrolroute.plan.records import LeftOut, PlannedTask
from patrolroute.rules.context import NEAR_M, AuditContext, clock, joins, metres_between, named, second
from patrolroute.rules.findings import Amount, Finding, metres_off, points_off, seconds_off, visits_off

MAX_DIRECTIONS = 2


def unique_ids(context: AuditContext) -> Iterator[Finding]:
    """No two crews and no two tasks share an id."""
    for name, times in Counter(crew.id for crew in context.plan.crews).items():
        if times > 1:
            yield context.of_crew(context.crews[name], f"the id is used {times} times")
    for name, times in Counter(task.id for task in context.plan.tasks).items():
        if times > 1:
            yield context.of_task(context.tasks[name], f"the id is used {times} times")


def one_route_per_crew(context: AuditContext) -> Iterator[Finding]:
    """Every crew has exactly one route, and nobody else has any."""
    times = Counter(route.crew for route in context.plan.routes)
    for name, crew in context.crews.items():
        if times[name] != 1:
            yield context.of_crew(crew, f"has {times[name]} routes, not one")
    for route in context.plan.routes:
        if route.crew not in context.crews:
            thing = f"route of crew {route.crew!r}"
            yield Finding(thing, "the plan knows no such crew", at=route.start, crew=route.crew)


def mode_has_network(context: AuditContext) -> Iterator[Finding]:
    """Every crew and every task names a mode that has a network."""
    for crew in context.plan.crews:
        if crew.mode not in context.plan.networks:
            yield context.of_crew(crew, f"there is no network for its mode {crew.mode!r}")
    for task in context.plan.tasks:
        if task.mode not in context.plan.networks:
            yield context.of_task(task, f"there is no network for its mode {task.mode!r}")


def depots_on_network(context: AuditContext) -> Iterator[Finding]:
    """Every depot is a node of the crew's network, and lies where that node lies."""
    for crew in context.plan.crews:
        network = context.plan.networks.get(crew.mode)
        for word, spot in (("depot", crew.depot), ("end depot", crew.end_depot)):
            if network is None:
                continue
            if spot.node not in network.node_index:
                yield context.of_crew(crew, f"{word}: node {spot.node} is not on the network")
                continue
            if (off := _metres_off(network, spot.node, spot.lon, spot.lat)) > NEAR_M:
                message = f"{word}: {spot.lon}, {spot.lat} is not where node {spot.node} lies"
                yield context.of_crew(crew, message, metres_off(off))


def _metres_off(network: RoadNetwork, node: int, lon: float, lat: float) -> float:
    """Return how far a place is from the node where it is said to be."""
    return metres_between((lon, lat), network.node_lonlat(network.node_index[node]))


def window_spans_shifts(context: AuditContext) -> Iterator[Finding]:
    """Every plan's window runs from the first start to the last end of a shift."""
    first, last = context.plan.window
    if not context.plan.crews:
        yield Finding("plan", "has no crew", at=first)
        return
    starts, ends = ([second(getattr(crew, word)) for crew in context.plan.crews] for word in ("start", "end"))
    if off := abs(second(first) - min(starts)) + abs(second(last) - max(ends)):
        message = f"window {clock(first)} to {clock(last)} is not from the first start to the last end of a shift"
        yield Finding("plan", message, seconds_off(off), at=first)


def tasks_on_network(context: AuditContext) -> Iterator[Finding]:
    """Every street has one or two unbroken directions, a hotspot one node, where it lies, all on its mode's network."""
    for task in context.plan.tasks:
        network = context.plan.networks.get(task.mode)
        if network is not None:
            faults = _street_faults(task, network) if task.kind == "street" else _hotspot_faults(task, network)
            yield from (context.of_task(task, message) for message in faults)


def _street_faults(task: PlannedTask, network: RoadNetwork) -> Iterator[str]:
    if not 1 <= len(task.directions) <= MAX_DIRECTIONS:
        yield f"a street has one or two directions, not {len(task.directions)}"
    if task.node is not None or task.dwell_s:
        yield "a street has neither node nor dwell"
    if task.windows and task.max_gap_s is not None:
        yield "a street with windows is promised no longest gap"
    for chain in task.directions:
        if not chain or not joins(chain):
            yield "a direction is not a chain of arcs driven unbroken"
        for arc in chain:
            if arc not in network.arc_index:
                yield f"arc {arc} is not on the network"


def _hotspot_faults(task: PlannedTask, network: RoadNetwork) -> Iterator[str]:
    if task.directions:
        yield "a hotspot has no directions"
    if task.node not in network.node_index:
        yield f"node {task.node} is not on the network"
    elif task.lon is not None and task.lat is not None and _metres_off(network, task.node, task.lon, task.lat) > NEAR_M:
        yield f"{task.lon}, {task.lat} is not where node {task.node} lies"


def worth_falls(context: AuditContext) -> Iterator[Finding]:
    """Every task's worth has one entry for each wanted visit: first the prize, positive, never rising."""
    for task in context.plan.tasks:
        if not task.worth or task.worth[0] * task.crews != task.prize:
            yield context.of_task(task, f"worth {task.worth} does not begin with the prize {task.prize}")
        elif task.worth[-1] < 1 or list(task.worth) != sorted(task.worth, reverse=True):
            yield context.of_task(task, f"worth {task.worth} rises or falls below 1")


def slices_in_order(context: AuditContext) -> Iterator[Finding]:
    """Every task has one slice for each wanted visit, in order, inside the night, none shorter than the headway.

    With the goal presence visits of streets count by their times, and streets have no slices.
    """
    for task in context.plan.tasks:
        spans = [(second(first), second(last)) for first, last in task.slices]
        wanted = 0 if context.is_for_presence and task.kind == "street" else task.visits_wanted
        if len(spans) != wanted:
            yield context.of_task(
                task, f"has {len(spans)} slices for {wanted} wanted visits", visits_off(len(spans) - wanted)
            )
        night = [second(moment) for moment in context.plan.window]
        if context.plan.replanned:  # it may have been asked for when the night was to be longer
            night[1] = max([night[1], *(last for _, last in spans)])
        if off := max((max(night[0] - first, last - night[1], 0) for first, last in spans), default=0):
            yield context.of_task(task, "a slice lies outside the night", seconds_off(off))
        if any(end > start for (_, end), (start, _) in pairwise(spans[:: max(1, task.crews)])):
            yield context.of_task(task, "its slices overlap or are out of order")
        if any(last - first < task.headway_s for first, last in spans):
            yield context.of_task(task, f"a slice is shorter than the headway of {task.headway_s} s")


def visits_done_right(context: AuditContext) -> Iterator[Finding]:
    """Every task's ``visits_done`` is the number of its slices that have a counted visit."""
    for task in context.plan.tasks:
        if task.visits_done != (done := context.done[task.id]):
            yield context.of_task(
                task, f"says {task.visits_done} visits; the legs have {done}", visits_off(task.visits_done - done)
            )


def left_out_explained(context: AuditContext) -> Iterator[Finding]:
    """Every task short of its visits says why, and no other does."""
    for task in context.plan.tasks:
        left = task.visits_wanted - task.visits_done
        if left > 0 and task.left_out is None:
            yield context.of_task(
                task, f"{task.visits_done} of {task.visits_wanted} visits, and no reason why", visits_off(left)
            )
        elif left <= 0 and task.left_out is not None:
            yield context.of_task(task, f"has all its visits, yet is left out as {task.left_out.reason!r}")
        elif task.left_out is not None:
            yield from (context.of_task(task, *fault) for fault in _wrong_remedy(context, task.left_out))


def _wrong_remedy(context: AuditContext, left_out: LeftOut) -> Iterator[tuple[str] | tuple[str, Amount]]:
    """Yield what cannot be in what one more visit would take."""
    overtime, give_way = left_out.overtime, left_out.give_way
    extra_s = None if overtime is None else overtime.extra_s
    for word, needed_s in (("need", left_out.needs_s), ("take overtime of", extra_s)):
        if needed_s is not None and needed_s < 0:
            yield f"would {word} {needed_s} s, less than none", seconds_off(needed_s)
    if give_way is not None and give_way.worth < 0:
        yield f"would cost {give_way.worth} points, less than none", points_off(give_way.worth)
    crews = {crew.id for crew in context.plan.crews}
    named = (overtime and overtime.crew, give_way and give_way.crew, left_out.extra_crew)
    yield from (
        (f"would be served by crew {crew!r}, which there is not",) for crew in named if crew not in {None, *crews}
    )
    lost = () if give_way is None else give_way.tasks
    yield from ((f"would take a visit from {task!r}, which is no task",) for task in lost if task not in context.tasks)


TASK_RULES = named((
    unique_ids, one_route_per_crew, mode_has_network, depots_on_network, window_spans_shifts, tasks_on_network,
    worth_falls, slices_in_order, visits_done_right, left_out_explained,
))  # fmt: skip

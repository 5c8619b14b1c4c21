"""Audit rules about directions: both of a street before it counts, another one each time, the side of a road."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from patrolroute.base.vocabulary import Arc
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.records import PlannedTask, RoadPart
from patrolroute.rules.context import AuditContext, Step, clock, named, second
from patrolroute.rules.findings import Finding, visits_off


def both_directions_counted(context: AuditContext) -> Iterator[Finding]:
    """Every visit of a street wanted in both directions counts together with that of the other, by their numbers.

    With the goal presence visits have no slices, and each direction counts for itself. What had been driven when a
    night was planned anew is as it was.
    """
    if context.is_for_presence or context.plan.replanned:
        return
    made = {(task.id, visit) for _, task, visit in context.counted}
    for step, task, visit in context.counted:
        if task.pair in context.tasks and (task.pair, visit) not in made:
            yield step.found(f"visit {visit} of {task.id!r} counts without that of {task.pair!r}", visits_off(1))


def directions_alternate(context: AuditContext) -> Iterator[Finding]:
    """Every counted visit of a street whose directions alternate goes in another direction than the one before."""
    if context.is_for_presence:
        return
    made: dict[str, dict[int, Step]] = defaultdict(dict)
    for step, task, visit in context.counted:
        if task.alternate:
            made[task.id][visit] = step
    for name, steps in made.items():
        for one, two in pairwise(sorted(steps)):
            if steps[one].leg.arcs == steps[two].leg.arcs and not _was_driven(context):
                yield steps[two].found(f"visits {one} and {two} of {name!r} go in the same direction", visits_off(1))


def _was_driven(context: AuditContext) -> bool:
    """Return whether the night was planned anew, so that some visits were made as they were planned before."""
    return bool(context.plan.replanned)


def stops_on_its_side(context: AuditContext) -> Iterator[Finding]:
    """Every dwell at a place on a side of its road comes after one of the arcs that have it there."""
    for journey in context.journeys:
        last: Step | None = None
        for step in journey:
            last = step if step.leg.arcs else last
            task = context.tasks.get(step.leg.task or "") if step.leg.kind == "dwell" else None
            if last is not None and task is not None and _is_across(last, task):
                yield step.found(f"comes to {task.id!r} by {last.leg.arcs[-1]}, on the other side of the road")


def _is_across(last: Step, task: PlannedTask) -> bool:
    return task.arrive_by is not None and last.leg.arcs[-1] not in task.arrive_by


def road_hours_sane(context: AuditContext) -> Iterator[Finding]:
    """Every part of the night with travel times of its own has arcs of its network, which take no longer than there.

    Parts of one mode do not overlap.
    """
    last: dict[str, RoadPart] = {}
    for number, part in enumerate(sorted(context.plan.road_hours, key=lambda one: second(one.since)), start=1):
        thing, network = f"road hours {number}", context.plan.networks.get(part.mode)
        if second(part.until) <= second(part.since):
            yield Finding(thing, f"ends {clock(part.until)}, not after it begins")
        if part.mode in last and second(part.since) < second(last[part.mode].until):
            yield Finding(thing, f"begins {clock(part.since)}, before the one before ends")
        last[part.mode] = part
        if network is None or any(arc not in network.arc_index for arc in part.arcs):
            yield Finding(thing, f"has arcs that are not on the {part.mode} network")
        elif not len(part.arcs) == len(part.travel_s) == len(part.patrol_s):
            yield Finding(thing, f"has {len(part.travel_s)} and {len(part.patrol_s)} seconds for {len(part.arcs)} arcs")
        elif wrong := _wrong_seconds(network, part):
            yield Finding(thing, f"arc {wrong} takes longer than on its network, or no time")


def _wrong_seconds(network: RoadNetwork, part: RoadPart) -> Arc | None:
    rows = zip(part.arcs, part.travel_s, part.patrol_s, strict=True)
    for arc, drive_s, look_s in rows:
        here = network.arc_index[arc]
        if not (1 <= drive_s <= network.travel_s[here] and 1 <= look_s <= network.patrol_s[here]):
            return arc
    return None


DIRECTION_RULES = named((both_directions_counted, directions_alternate, stops_on_its_side))

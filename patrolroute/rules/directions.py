"""Audit rules about directions: both of a street before it counts, another one each time, the side of a road."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from patrolroute.plan.records import PlannedTask
from patrolroute.rules.context import AuditContext, Step, named
from patrolroute.rules.findings import Finding, visits_off


def both_directions_counted(context: AuditContext) -> Iterator[Finding]:
    """Every visit of a street wanted in both directions counts together with that of the other, by their numbers.

    With the goal presence visits have no slices, and each direction counts for itself. What had been driven when a
    night was planned anew is as it was.
    """
    for task in context.plan.tasks:
        other = None if task.pair is None else context.tasks.get(task.pair)
        if task.pair is not None and (other is None or other.pair != task.id or task.kind != "street"):
            yield context.of_task(task, f"its other direction {task.pair!r} is none of the plan")
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


DIRECTION_RULES = named((both_directions_counted, directions_alternate, stops_on_its_side))

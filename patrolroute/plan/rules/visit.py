"""Audit rules about visits: who serves what, where, when, and what counts."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import shapely

from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import PlannedCrew, PlannedTask
from patrolroute.plan.passes import midpoint
from patrolroute.plan.rules.book import SERVING, Book, Step, apart, clock, fits_kind, named, outside, second
from patrolroute.plan.rules.finding import Finding, seconds, visits
from patrolroute.words import label


def right_task(book: Book) -> Iterator[Finding]:
    """A patrol carries a street of the plan, a dwell a hotspot, any other leg nothing."""
    for step in book.steps:
        leg = step.leg
        if leg.kind not in SERVING:
            if leg.task is not None:
                yield step.found(f"carries task {leg.task!r}; only a patrol or dwell serves")
        elif leg.task is None:
            yield step.found("serves no task")
        elif leg.task not in book.tasks:
            yield step.found(f"the plan knows no task {leg.task!r}")
        elif not fits_kind(leg, book.tasks[leg.task]):
            yield step.found(f"task {leg.task!r} is a {book.tasks[leg.task].kind}")


def patrols_a_direction(book: Book) -> Iterator[Finding]:
    """A patrol drives exactly one of its street's directions."""
    for step, task in book.services:
        if task.kind == "street" and step.leg.arcs not in task.directions:
            yield step.found(f"its arcs are no direction of street {task.id!r}")


def dwells_at_hotspot(book: Book) -> Iterator[Finding]:
    """A dwell stands at its hotspot's node."""
    for step, task in book.services:
        if task.kind == "hotspot" and step.node != task.node:
            yield step.found(
                f"stands at node {step.node}; hotspot {task.id!r} is at {task.node}",
                apart(step.network, step.node, task.node),
            )


def dwells_while_open(book: Book) -> Iterator[Finding]:
    """A dwell lies wholly inside one opening window of its hotspot."""
    for step, task in book.services:
        if task.kind != "hotspot" or not task.windows:
            continue
        if off := outside(step, task.windows):
            said = f"hotspot {task.id!r} is not open from {clock(step.leg.depart)} to {clock(step.leg.arrive)}"
            yield step.found(said, seconds(off))


def visit_numbered(book: Book) -> Iterator[Finding]:
    """A counted visit serves a task and has a number from 1 to the visits wanted; nothing else has a number."""
    for step in book.steps:
        leg, task = step.leg, book.tasks.get(step.leg.task or "")
        if not leg.counted:
            if leg.visit is not None:
                yield step.found(f"is not counted, yet is visit {leg.visit}")
        elif leg.kind not in SERVING or leg.task is None:
            yield step.found("is counted, yet serves nothing")
        elif leg.visit is None:
            yield step.found("is counted, yet has no number")
        elif task is not None and not 1 <= leg.visit <= task.visits_wanted:
            yield step.found(f"visit {leg.visit} is not one of the {task.visits_wanted} wanted of {task.id!r}")


def visit_in_slice(book: Book) -> Iterator[Finding]:
    """A counted visit starts in its slice, at least the headway before the slice ends."""
    for step, task, visit in book.counted:
        first, last = (second(moment) for moment in task.slices[visit - 1])
        if off := max(first - step.departs_s, step.departs_s - last + task.headway_s, 0):
            span = " to ".join(clock(moment) for moment in task.slices[visit - 1])
            said = f"visit {visit} of {task.id!r} starts outside {span} less a headway of {task.headway_s} s"
            yield step.found(said, seconds(off))


def one_visit_per_slice(book: Book) -> Iterator[Finding]:
    """At most one visit is counted in each slice of a task."""
    made: Counter[tuple[str, int]] = Counter()
    for step, task, visit in book.counted:
        made[task.id, visit] += 1
        if made[task.id, visit] > 1:
            yield step.found(f"visit {visit} of {task.id!r} has been counted already", visits(1))


def headway_kept(book: Book) -> Iterator[Finding]:
    """Counted visits of a task, by any crews, start at least the headway apart."""
    starts: dict[str, list[Step]] = defaultdict(list)
    for step, task, _ in book.counted:
        starts[task.id].append(step)
    for name, steps in starts.items():
        steps.sort(key=lambda step: step.departs_s)
        for one, two in pairwise(steps):
            gap = two.departs_s - one.departs_s
            if (short := book.tasks[name].headway_s - gap) > 0:
                yield two.found(f"task {name!r} was visited only {gap} s before", seconds(short))


def crew_allowed(book: Book) -> Iterator[Finding]:
    """A crew serves only tasks of its mode, its kinds and its patrol area."""
    for step, task in book.services:
        crew = step.crew
        if task.mode != crew.mode:
            yield step.found(f"task {task.id!r} is for the mode {task.mode!r}", visits(1), label(task.mode))
        if crew.kinds is not None and task.kind not in crew.kinds and task.category not in crew.kinds:
            kinds = ", ".join(crew.kinds) or "none"
            kinds_zh = "、".join(map(label, crew.kinds)) or "任何类型"
            yield step.found(f"task {task.id!r} is none of the crew's kinds, {kinds}", visits(1), f"不属于{kinds_zh}")
        if crew.area is not None and not _inside(crew, task, book.plan.networks.get(task.mode)):
            yield step.found(f"task {task.id!r} lies outside the crew's patrol area", visits(1), "在巡区之外")


def _inside(crew: PlannedCrew, task: PlannedTask, network: RoadNetwork | None) -> bool:
    """Say whether a task's midpoint lies in a crew's area, its edge included; yes where no map tells."""
    place = None if network is None else midpoint(task, network)
    if place is None or crew.area is None:
        return True
    return bool(shapely.intersects_xy(shapely.Polygon(crew.area[0], crew.area[1:]), *place))


RULES = named((
    right_task, patrols_a_direction, dwells_at_hotspot, dwells_while_open, visit_numbered, visit_in_slice,
    one_visit_per_slice, headway_kept, crew_allowed,
))  # fmt: skip

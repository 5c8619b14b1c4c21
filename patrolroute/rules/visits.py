"""Audit rules about visits: who serves what, where, when, what counts, and what a crew agreed to."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely

from patrolroute.base.text import label, local
from patrolroute.base.vocabulary import CALL_KIND, Arc
from patrolroute.network.coordinates import inside as lies_inside
from patrolroute.plan.document import LONG
from patrolroute.plan.passes import midpoint
from patrolroute.plan.records import PlannedCrew, PlannedTask
from patrolroute.plan.seen import counted_legs, matters_at
from patrolroute.rules.context import SERVING, AuditContext, Step, apart_by, clock, fits_kind, named, outside, second
from patrolroute.rules.findings import Amount, Finding, load_off, metres_off, seconds_off, visits_off

EARLIEST_HOUR, LAST_HOUR = dt.time(6), dt.time(22)
"""Nobody is visited at home at other hours."""

CARRYING = (*SERVING, "pass")
"""Kinds of legs that carry a task."""

PASSED = ("pass", "street")


def right_task(context: AuditContext) -> Iterator[Finding]:
    """Every patrol or pass carries a street of the plan, a dwell a hotspot, any other leg nothing."""
    for step in context.steps:
        leg = step.leg
        if leg.kind not in CARRYING:
            if leg.task is not None:
                yield step.found(f"carries task {leg.task!r}; only a patrol, pass or dwell does")
        elif leg.task is None:
            yield step.found("serves no task")
        elif leg.task not in context.tasks:
            yield step.found(f"the plan knows no task {leg.task!r}")
        elif not fits_kind(leg, context.tasks[leg.task]) and (leg.kind, context.tasks[leg.task].kind) != PASSED:
            yield step.found(f"task {leg.task!r} is a {context.tasks[leg.task].kind}")


def patrols_a_direction(context: AuditContext) -> Iterator[Finding]:
    """Every patrol or pass drives exactly one of its street's directions."""
    for step, task in (*context.services, *context.passes):
        if task.kind == "street" and step.leg.arcs not in task.directions:
            yield step.found(f"its arcs are no direction of street {task.id!r}")


def passes_named(context: AuditContext) -> Iterator[Finding]:
    """No deadhead drives a street from end to end that is wanted, with the goal presence: that is a pass and counts."""
    if not context.is_for_presence:
        return
    wanted: dict[str, dict[Arc, list[tuple[tuple[Arc, ...], str]]]] = defaultdict(lambda: defaultdict(list))
    for task in context.plan.tasks:
        for chain in task.directions:
            if chain:
                wanted[task.mode][chain[0]].append((chain, task.id))
    for step in context.steps:
        if step.leg.kind != "deadhead":
            continue
        known, arcs = wanted[step.crew.mode], step.leg.arcs
        for place, arc in enumerate(arcs):
            for chain, name in known.get(arc, ()):
                if arcs[place : place + len(chain)] == chain:
                    yield step.found(f"drives street {name!r} from end to end, which is a pass")


def dwells_at_hotspot(context: AuditContext) -> Iterator[Finding]:
    """Every dwell stands at its hotspot's node."""
    for step, task in context.services:
        if task.kind == "hotspot" and step.node != task.node:
            yield step.found(
                f"stands at node {step.node}; hotspot {task.id!r} is at {task.node}",
                apart_by(step.network, step.node, task.node),
            )


def dwells_while_open(context: AuditContext) -> Iterator[Finding]:
    """Every dwell lies wholly inside one opening window of its hotspot."""
    for step, task in context.services:
        if task.kind != "hotspot" or not task.windows:
            continue
        if off := outside(step, task.windows):
            message = f"hotspot {task.id!r} is not open from {clock(step.leg.depart)} to {clock(step.leg.arrive)}"
            yield step.found(message, seconds_off(off))


def visits_in_windows(context: AuditContext) -> Iterator[Finding]:
    """Every counted visit of a street with windows starts inside one of them."""
    legs = context.passes if context.is_for_presence else ()
    for step, task in (*context.services, *legs):
        if task.kind != "street" or not step.leg.counted or matters_at(task, step.leg.depart):
            continue
        at_s, spans = step.departs_s, [(second(opens), second(closes)) for opens, closes in task.windows]
        off = min(max(opens - at_s, at_s - closes) for opens, closes in spans)
        hours = ", ".join(f"{clock(opens)} to {clock(closes)}" for opens, closes in task.windows)
        yield step.found(f"counts for {task.id!r} at {clock(step.leg.depart)}, outside {hours}", seconds_off(off))


def households_by_22(context: AuditContext) -> Iterator[Finding]:
    """Every stay at a household lies between 06:00 and 22:00 of one day, local time."""
    for step, task in context.services:
        if not task.household:
            continue
        begin, end = (local(moment, context.plan.timezone) for moment in (step.leg.depart, step.leg.arrive))
        first, last = (begin.replace(hour=hour, minute=0, second=0) for hour in (EARLIEST_HOUR.hour, LAST_HOUR.hour))
        if off := max(second(first) - second(begin), second(end) - second(last), 0):
            yield step.found(f"is at household {task.id!r} until {clock(step.leg.arrive)}", seconds_off(off))


def visit_numbered(context: AuditContext) -> Iterator[Finding]:
    """Every counted visit serves a task and has a number from 1 to the visits wanted; nothing else has a number."""
    for step in context.steps:
        leg, task = step.leg, context.tasks.get(step.leg.task or "")
        if not leg.counted:
            if leg.visit is not None:
                yield step.found(f"is not counted, yet is visit {leg.visit}")
        elif leg.task is None or leg.kind not in (CARRYING if context.is_for_presence else SERVING):
            yield step.found("is counted, yet serves nothing")
        elif leg.visit is None:
            yield step.found("is counted, yet has no number")
        elif task is not None and not 1 <= leg.visit <= task.visits_wanted:
            yield step.found(f"visit {leg.visit} is not one of the {task.visits_wanted} wanted of {task.id!r}")


def visit_in_slice(context: AuditContext) -> Iterator[Finding]:
    """Every counted visit starts in its slice, at least the headway before the slice ends."""
    for step, task, visit in context.counted:
        if not task.slices:
            continue
        first, last = (second(moment) for moment in task.slices[visit - 1])
        if off := max(first - step.departs_s, step.departs_s - last + task.headway_s, 0):
            span = " to ".join(clock(moment) for moment in task.slices[visit - 1])
            message = f"visit {visit} of {task.id!r} starts outside {span} less a headway of {task.headway_s} s"
            yield step.found(message, seconds_off(off))


def counts_by_time(context: AuditContext) -> Iterator[Finding]:
    """Every pass or patrol counts in order of time with the goal presence, a headway after the last that did."""
    if not context.is_for_presence:
        return
    due = counted_legs(context.plan)
    places = {route.crew: number for number, route in enumerate(context.plan.routes)}
    for step, task in (*context.services, *context.passes):
        number = due.get((places[step.crew.id], step.number - 1))
        if task.kind == "street" and number != (step.leg.visit if step.leg.counted else None):
            said = f"is visit {step.leg.visit}" if step.leg.counted else "does not count"
            yield step.found(f"{said}; by the times of {task.id!r} it {f'is visit {number}' if number else 'does not'}")


def one_visit_per_slice(context: AuditContext) -> Iterator[Finding]:
    """At most one visit is counted in each slice of a task."""
    made: Counter[tuple[str, int]] = Counter()
    for step, task, visit in context.counted:
        made[task.id, visit] += 1
        if made[task.id, visit] > 1:
            yield step.found(f"visit {visit} of {task.id!r} has been counted already", visits_off(1))


def headway_kept(context: AuditContext) -> Iterator[Finding]:
    """Any two counted visits of a task, by whatever crews, start at least the headway apart."""
    starts: dict[str, list[Step]] = defaultdict(list)
    for step, task, _ in context.counted:
        starts[task.id].append(step)
    for name, steps in starts.items():
        steps.sort(key=lambda step: step.departs_s)
        for earlier, later in pairwise(steps):
            if _meet(earlier, later, context.tasks[name].crews):
                continue
            apart_s = later.departs_s - earlier.departs_s
            if (short_s := context.tasks[name].headway_s - apart_s) > 0:
                yield later.found(f"task {name!r} was visited only {apart_s} s before", seconds_off(short_s))


def _meet(one: Step, other: Step, crews: int) -> bool:
    """Return whether two counted visits are of one meeting."""
    numbers = [(step.leg.visit or 1) - 1 for step in (one, other)]
    return crews > 1 and numbers[0] // crews == numbers[1] // crews


def together(context: AuditContext) -> Iterator[Finding]:
    """Every meeting of a joint stop has all its crews, each another one, and all start to stand at the same second."""
    meetings: dict[tuple[str, int], list[Step]] = defaultdict(list)
    for step, task, visit in context.counted:
        if task.crews > 1:
            meetings[task.id, (visit - 1) // task.crews].append(step)
    for (name, number), steps in sorted(meetings.items()):
        task, first = context.tasks[name], min(step.departs_s for step in steps)
        there = len({step.crew.id for step in steps})
        if not there == len(steps) == task.crews:
            zh = f"应到 {task.crews} 个车组，实到 {there} 个"
            message = f"meeting {number + 1} of {name!r} has {there} of its {task.crews} crews"
            yield steps[0].found(message, visits_off(abs(task.crews - there) or 1), zh)
        for step in steps:
            if off := step.departs_s - first:
                message = f"meeting {number + 1} of {name!r} has begun without it"
                yield step.found(message, seconds_off(off), "未与其他车组同时到")


def crew_allowed(context: AuditContext) -> Iterator[Finding]:
    """Every crew serves only calls and tasks of its mode, kinds and patrol area, streets outside it if it may."""
    for step, task in context.services:
        crew = step.crew
        if task.category == CALL_KIND:
            continue
        if task.mode != crew.mode:
            yield step.found(f"task {task.id!r} is for the mode {task.mode!r}", visits_off(1), label(task.mode))
        if crew.kinds is not None and task.kind not in crew.kinds and task.category not in crew.kinds:
            kinds = ", ".join(crew.kinds) or "none"
            kinds_zh = "、".join(map(label, crew.kinds)) or "任何类型"
            yield step.found(
                f"task {task.id!r} is none of the crew's kinds, {kinds}", visits_off(1), f"不属于{kinds_zh}"
            )
        if task.languages and not {*task.languages} & {*crew.languages}:
            spoken, said_zh = ", ".join(task.languages), f"须会{'、'.join(task.languages)}"
            yield step.found(f"task {task.id!r} asks for one of {spoken}", visits_off(1), said_zh)
        if crew.area is not None and not inside(context, crew, task):
            yield step.found(f"task {task.id!r} lies outside the crew's patrol area", visits_off(1), "在巡区之外")


def inside(context: AuditContext, crew: PlannedCrew, task: PlannedTask) -> bool:
    """Return whether a task's midpoint lies in a crew's area, its edge included, or is a street and the crew may leave.

    Yes where no map tells.

    Parameters
    ----------
    context
        The plan.
    crew, task
        Of the plan.
    """
    near_home, network = context.plan.near_home, context.plan.networks.get(task.mode)
    if near_home is not None and near_home.leave_areas and task.kind == "street":
        return True
    place = None if network is None else midpoint(task, network)
    if place is None or crew.area is None:
        return True
    return bool(lies_inside(shapely.Polygon(crew.area[0], crew.area[1:]), np.array([place]))[0])


VISIT_RULES = named((
    right_task, patrols_a_direction, passes_named, dwells_at_hotspot, dwells_while_open, visits_in_windows,
    households_by_22, visit_numbered, visit_in_slice, counts_by_time, one_visit_per_slice, headway_kept, together,
    crew_allowed,
))  # fmt: skip


def break_taken(context: AuditContext) -> Iterator[Finding]:
    """Every crew that goes out and stays in service takes its break if one was agreed, once; nobody else does."""
    for journey in context.journeys:
        breaks = _breaks(journey)
        agreed = 1 if journey and journey[0].crew.break_ is not None else 0
        for step in breaks[agreed:]:
            yield step.found("no such break was agreed", seconds_off(step.arrives_s - step.departs_s))
        if agreed > len(breaks) and journey[0].crew.out_of_service is None:
            yield context.of_crew(journey[0].crew, "the break that was agreed is missing", _agreed(journey[0].crew))


def break_length(context: AuditContext) -> Iterator[Finding]:
    """Every break is as long as was agreed."""
    for step in (step for journey in context.journeys for step in _breaks(journey)):
        agreed, taken = step.crew.break_, step.arrives_s - step.departs_s
        if agreed is not None and taken != agreed.length_s:
            yield step.found(f"takes {taken} s; {agreed.length_s} s were agreed", seconds_off(taken - agreed.length_s))


def break_in_window(context: AuditContext) -> Iterator[Finding]:
    """Every break lies wholly inside one of its windows."""
    for step in (step for journey in context.journeys for step in _breaks(journey)):
        windows = () if step.crew.break_ is None else step.crew.break_.windows
        off = outside(step, windows)
        if off:
            agreed = ", ".join(f"{clock(opens)} to {clock(closes)}" for opens, closes in windows)
            yield step.found(
                f"lasts until {clock(step.leg.arrive)}; it lies in none of the windows {agreed}", seconds_off(off)
            )


def capacity_kept(context: AuditContext) -> Iterator[Finding]:
    """All loads of a route's visits together stay within the crew's capacity."""
    loads: Counter[str] = Counter()
    for step, task in context.services:
        loads[step.crew.id] += task.load
    for crew in context.plan.crews:
        if crew.capacity is not None and loads[crew.id] > crew.capacity:
            message = f"its visits load {loads[crew.id]}, more than its capacity {crew.capacity}"
            yield context.of_crew(crew, message, load_off(loads[crew.id] - crew.capacity))


def officer_in_team(context: AuditContext) -> Iterator[Finding]:
    """Every team with volunteers has at least one officer, where it is said who goes out."""
    for crew in context.plan.crews:
        if crew.staff is not None and crew.staff.volunteer_count > 0 and not crew.staff.officer_count:
            yield context.of_crew(crew, f"{crew.staff.volunteer_count} volunteers without an officer")


def range_kept(context: AuditContext) -> Iterator[Finding]:
    """Every crew drives no farther than its range."""
    for journey in context.journeys:
        crew = journey[0].crew if journey else None
        if crew is None or crew.range_km is None:
            continue
        driven_m, range_m = sum(step.leg.length_m for step in journey), round(crew.range_km * 1000)
        if driven_m > range_m:
            message = f"drives {driven_m} m, more than its range of {range_m} m"
            yield context.of_crew(crew, message, metres_off(driven_m - range_m))


def reservations_kept(context: AuditContext) -> Iterator[Finding]:
    """Every crew serves no task that is forbidden to it, and none that is reserved to others alone; each is a task."""
    owners = context.owners
    for crew in context.plan.crews:
        for word, ids in (("reserved", crew.reserved), ("forbidden", crew.forbidden)):
            if unknown := [task for task in dict.fromkeys(ids) if task not in context.tasks]:
                yield context.of_crew(crew, f"{word} {_few(unknown)}, which the plan does not know", _faults(unknown))
        if both := [task for task in dict.fromkeys(crew.reserved) if task in set(crew.forbidden)]:
            yield context.of_crew(crew, f"{_few(both)} is both reserved to it and forbidden to it", _faults(both))
    for step, served in context.services:
        if served.id in step.crew.forbidden:
            yield step.found(f"task {served.id!r} is forbidden to it", visits_off(1), "禁止该车组巡逻")
        elif served.id in owners and step.crew.id not in owners[served.id]:
            kept = sorted(owners[served.id])
            message = f"task {served.id!r} is reserved to {', '.join(kept)}"
            yield step.found(message, visits_off(1), f"专属车组 {'、'.join(kept)}")


def _few(ids: list[str]) -> str:
    """Name the first of some tasks, and how many there are."""
    more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
    return f"task {ids[0][:LONG]!r}{more}"


def _faults(ids: list[str]) -> Amount:
    return Amount(len(ids), "faults")


def _agreed(crew: PlannedCrew) -> Amount:
    return seconds_off(0 if crew.break_ is None else crew.break_.length_s)


def _breaks(journey: tuple[Step, ...]) -> list[Step]:
    return [step for step in journey if step.leg.kind == "break"]


AGREEMENT_RULES = named(
    (break_taken, break_length, break_in_window, capacity_kept, officer_in_team, range_kept, reservations_kept)
)

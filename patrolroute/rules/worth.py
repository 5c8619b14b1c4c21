"""Audit rules about what a plan is worth, what was proven of that, and what its file says that follows from both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from patrolroute.base import __version__
from patrolroute.base.text import label, later
from patrolroute.base.vocabulary import Points
from patrolroute.plan.document import LONG
from patrolroute.plan.records import DRIVING, Objective, PlannedTask
from patrolroute.plan.seen import (
    broken_promises,
    broken_responses,
    out_of_reach,
    presence_levels,
    presence_score,
    seen_share,
    worst_span,
)
from patrolroute.rules.context import AuditContext, clock, named, second
from patrolroute.rules.findings import ONE, Amount, Finding, points_off, seconds_off, visits_off

SHARE_UNIT = 1_000_000
"""The longest route is a share of its crew's time budget in whole millionths, rounded down."""

DIGITS_OFF = 2e-5
"""Measures have six digits; the last of them may be another on another machine."""

SEEN_OFF = 1e-9
"""What is seen is a sum of floating point numbers."""

GAP_OFF = 1e-6
"""A gap that somebody has rounded to six digits is still that gap."""

_UNITS = {
    "required_missed": "visits", "prize_collected": "points", "prize_total": "points", "longest_route_s": "s",
    "driving_s": "s",
}  # fmt: skip
"""Units of the numbers of an objective; its levels have several."""


def required_served(context: AuditContext) -> Iterator[Finding]:
    """Every required task has a counted visit; with the goal presence any patrol serves a street, a pass none."""
    for task in context.plan.tasks:
        if task.required and task.id not in context.served:
            why, why_zh = _why(context, task)
            message = f"{task.name or task.id} is required and not visited{why}"
            deadline = task.slices[-1][1] if task.slices else None
            yield context.of_task(task, message, visits_off(1), at=deadline, detail_zh=why_zh)


def gap_promised(context: AuditContext) -> Iterator[Finding]:
    """Every street with a promised longest gap is never left alone for longer, from the night's first second on."""
    for name, (begin_s, length_s) in broken_promises(context.plan).items():
        task = context.tasks[name]
        over_s, most_s = length_s - (task.max_gap_s or 0), task.max_gap_s
        begin = later(context.plan.window[0], begin_s)
        message = f"nobody comes by {task.name or name} for {length_s} s from {clock(begin)}; {most_s} s were promised"
        yield context.of_task(
            task, message, seconds_off(over_s), at=begin, detail_zh=f"{clock(begin)} 起 {length_s // 60} 分钟无人巡逻"
        )


def response_promised(context: AuditContext) -> Iterator[Finding]:
    """Every place with a promised response is at no time farther than that from a crew on duty, second by second."""
    plan = context.plan
    for one in out_of_reach(plan):
        task, promise = context.tasks[one.task], plan.responses[one.promise]
        begin_s, end_s = worst_span(one)
        begin, end = later(plan.window[0], begin_s), later(plan.window[0], end_s)
        message = (
            f"{task.name or one.task} is out of reach for {one.seconds} s, the longest from {clock(begin)} to "
            f"{clock(end)}; a crew within {promise.within_s} s was promised"
        )
        whole = f"最长一段 {clock(begin)}—{clock(end)}，合计 {-(-one.seconds // 60)} 分钟"
        zh = f"{promise.within_s / 60:g} 分钟内到不了，{whole}"
        yield context.of_task(task, message, seconds_off(one.seconds), at=begin, detail_zh=zh)


def _why(context: AuditContext, task: PlannedTask) -> tuple[str, str]:
    """Return why a task has no visit: those that were made count in none of its slices, or it was left out."""
    if made := [clock(step.leg.depart) for step, served in context.services if served.id == task.id]:
        return f" in a slice of it; the visit at {', '.join(made)} counts in none", "已到过，但不在计次时段内，不计次"
    if task.left_out:
        return f", left out as {task.left_out.reason!r}", label(task.left_out.reason)
    return "", ""


def objective_recomputed(context: AuditContext) -> Iterator[Finding]:
    """All that the plan says of its worth is what its legs are worth."""
    stated = context.plan.objective
    for name, value in recomputed(context).items():
        if getattr(stated, name) != value and not (name == "levels" and stated.levels == _levels_before(context)):
            given = getattr(stated, name)
            yield Finding(
                "objective", f"{name} is given as {given}; the legs make it {value}", _off(name, given, value)
            )


def _off(name: str, given: Any, value: Any) -> Amount:
    """Return by how much a number of the objective is off, in its unit."""
    unit = _UNITS.get(name)
    return ONE if unit is None else Amount(abs(given - value), unit)


def recomputed(context: AuditContext) -> dict[str, Any]:
    """Work out from the legs what a plan must say of its worth: fields of `Objective` and their values."""
    total = sum(sum(task.worth) for task in context.plan.tasks)
    missed = sum(task.required and task.id not in context.served for task in context.plan.tasks)
    if context.is_for_presence:
        missed += len(broken_promises(context.plan)) + broken_responses(context.plan)
    routes = [(second(route.end) - second(route.start), crew) for crew, route in context.routes]
    driving = sum(step.arrives_s - step.departs_s for step in context.steps if step.leg.kind in DRIVING)
    collected = _collected(context)
    return {
        "required_missed": missed,
        "prize_collected": collected,
        "prize_total": total,
        "longest_route_s": max((taken for taken, _ in routes), default=0),
        "driving_s": driving,
        "levels": _levels(context, missed, total - collected, sum(_longest(context).values()), driving),
    }


def _longest(context: AuditContext) -> dict[str, int]:
    """Return the longest route of each mode, as a share of its crew's time budget."""
    longest: dict[str, int] = {}
    for crew, route in context.routes:
        share = (second(route.end) - second(route.start)) * SHARE_UNIT // (second(crew.end) - second(crew.start))
        longest[crew.mode] = max(longest.get(crew.mode, 0), share)
    return longest


def _levels_before(context: AuditContext) -> tuple[int, ...] | None:
    """Return the levels that a file of several modes has which was written when they had one longest route."""
    if context.plan.stated is None or context.is_for_presence:
        return None
    missed, forgone, *between, _, driving = recomputed(context)["levels"]
    return missed, forgone, *between, max(_longest(context).values(), default=0), driving


def _levels(context: AuditContext, missed: int, forgone: Points, longest: int, driving: int) -> tuple[int, ...]:
    """Return the score by the plan's goal."""
    if context.is_for_presence:
        return tuple(presence_score(context.plan, context.seen))
    return missed, forgone, *_old_levels(context), longest, driving


def _old_levels(context: AuditContext) -> tuple[int, ...]:
    """Return the two levels that plans before schema 2.0 had for the goal presence between points and routes."""
    if context.plan.settings.get("goal") != "presence":
        return ()
    return presence_levels(context.plan)


def _collected(context: AuditContext) -> Points:
    """Return the points of all counted visits: the n-th of a task adds the n-th entry of its worth."""
    return sum(sum(task.worth[: context.done[task.id]]) for task in context.tasks.values())


def bound_holds(context: AuditContext) -> Iterator[Finding]:
    """No bound is beaten by the legs, negative, beyond what there is, or at odds with another, its method or gap."""
    stated = context.plan.objective
    yield from _points_bound_holds(context, stated)
    yield from _time_bounds_hold(context, stated)
    least = stated.idleness_bound_s
    if least is not None and least < 0:
        yield Finding("objective", f"the bound {least} s on idleness is negative", seconds_off(least))
    elif least is not None and (idle := presence_levels(context.plan)[0]) < least:
        message = f"the worst weighted idleness of the legs is {idle} s, below the bound {least} s that no plan beats"
        yield Finding("objective", message, seconds_off(least - idle))


def seen_as_stated(context: AuditContext) -> Iterator[Finding]:
    """Every figure of what is seen is what the legs make it, and no more than the bound that no plan beats."""
    stated = context.plan.objective
    share = seen_share(context.plan, context.seen) if context.is_for_presence else None
    if not _is_near(stated.seen, share, SEEN_OFF):
        yield Finding("objective", f"seen is given as {stated.seen}; the legs make it {share}")
    bound = stated.seen_bound
    if bound is not None and not 0 <= bound <= 1:
        yield Finding("objective", f"the bound {bound} on what is seen is no share")
    elif bound is not None and share is not None and share > bound + SEEN_OFF:
        yield Finding("objective", f"{share:.6f} of the night is seen, more than the bound {bound} of such plans")


def _points_bound_holds(context: AuditContext, stated: Objective) -> Iterator[Finding]:
    most, file = stated.upper_bound, context.plan.stated
    if file is not None and not _is_near(file.gap, stated.gap, GAP_OFF):
        yield Finding("objective", f"gap is given as {file.gap}; points and upper bound make it {stated.gap}")
    if most is None:
        if stated.bound_method:
            yield Finding("objective", f"says how a bound was proven, {stated.bound_method[:LONG]!r}, but gives none")
        return
    if not stated.bound_method:
        yield Finding("objective", f"the upper bound {most} does not say how it was proven")
    if (collected := _collected(context)) > most:
        message = f"the legs collect {collected} points, more than the upper bound {most}"
        yield Finding("objective", message, points_off(collected - most))
    if (total := sum(sum(task.worth) for task in context.plan.tasks)) < most:
        message = f"the upper bound {most} is more than all {total} points of the night"
        yield Finding("objective", message, points_off(most - total))


def _time_bounds_hold(context: AuditContext, stated: Objective) -> Iterator[Finding]:
    """Yield what is wrong with the bounds on plans that collect all points: driving, and the longest route."""
    if stated.driving_bound_s is None and stated.longest_route_bound_s is None:
        return
    shifts = [second(crew.end) - second(crew.start) for crew in context.plan.crews]
    now, total = recomputed(context), sum(sum(task.worth) for task in context.plan.tasks)
    for word, least, taken, most in (
        ("driving", stated.driving_bound_s, now["driving_s"], sum(shifts)),
        ("the longest route", stated.longest_route_bound_s, now["longest_route_s"], max(shifts, default=0)),
    ):
        if least is None:
            continue
        if least < 0:
            yield Finding("objective", f"the bound {least} s on {word} is negative", seconds_off(least))
        elif least > most:
            message = f"the bound {least} s on {word} is more than the {most} s that the shifts have"
            yield Finding("objective", message, seconds_off(least - most))
        elif now["prize_collected"] == total and taken < least:
            message = f"{word} takes {taken} s, less than the bound {least} s that no plan beats"
            yield Finding("objective", message, seconds_off(least - taken))
        elif stated.upper_bound is not None and stated.upper_bound < total:
            message = f"a bound on {word} where all points are collected, which the upper bound says nobody can"
            yield Finding("objective", message, points_off(total - stated.upper_bound))


def measures_recomputed(context: AuditContext) -> Iterator[Finding]:
    """Every measure in the file is what the legs make it, and none is missing."""
    from patrolroute.metrics import measure

    stated = context.plan.stated
    if stated is None:
        return
    is_ours = stated.created_with == f"patrolroute {__version__}"
    for name, value in measure(context.plan).items():
        if name not in stated.metrics:
            if is_ours:  # what other programs and versions measure is theirs to say
                yield Finding("metrics", f"{name} is missing; the legs make it {value}")
        elif not _is_near(given := stated.metrics[name], value, DIGITS_OFF * abs(value or 0)):
            yield Finding("metrics", f"{name} is given as {given}; the legs make it {value}")


def _is_near(one: float | None, two: float | None, off: float) -> bool:
    return one == two if one is None or two is None else abs(one - two) <= off


def map_credited(context: AuditContext) -> Iterator[Finding]:
    """Whose map it is, and what must be said of it, is in the file as in its networks."""
    plan, stated = context.plan, context.plan.stated
    for name in ("attribution", "notice") if stated is not None else ():
        given, value = getattr(stated, name), getattr(plan, name)
        if given != value:
            yield Finding("plan", f"{name} is given as {repr(given)[:LONG]}; its networks say {repr(value)[:LONG]}")


def asked_as_before(context: AuditContext) -> Iterator[Finding]:
    """Crews and tasks are those that the plan was made for: nobody has changed what was asked for in the file."""
    stated = context.plan.stated
    if stated is not None and stated.asked_sha256 not in (None, context.plan.asked_sha256):
        yield Finding("plan", "crews or tasks are not those that it was made for: asked_sha256 is another")


WORTH_RULES = named(
    (required_served, gap_promised, response_promised, objective_recomputed, bound_holds, seen_as_stated)
)

FILE_RULES = named((measures_recomputed, map_credited, asked_as_before))

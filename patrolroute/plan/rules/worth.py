"""Audit rules about worth: what is required, what the plan says it is worth, what was proven."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from patrolroute.plan.metrics.levels import presence_levels
from patrolroute.plan.parts import PlannedTask
from patrolroute.plan.rules.book import DRIVING, Book, clock, named, second
from patrolroute.plan.rules.finding import ONE, Amount, Finding, points, seconds, visits
from patrolroute.units import Points
from patrolroute.words import label

SHARE_UNIT = 1_000_000
"""The longest route is a share of its crew's time budget in whole millionths, rounded down."""


_UNITS = {
    "required_missed": "visits", "prize_collected": "points", "prize_total": "points", "longest_route_s": "s",
    "driving_s": "s",
}  # fmt: skip
"""Units of the numbers of an objective; its levels have several."""


def required_served(book: Book) -> Iterator[Finding]:
    """Every required task has a counted visit."""
    for task in book.plan.tasks:
        if task.required and not book.done[task.id]:
            why, why_zh = _why(book, task)
            said = f"{task.name or task.id} is required and not visited{why}"
            deadline = task.slices[-1][1] if task.slices else None
            yield book.of_task(task, said, visits(1), at=deadline, detail_zh=why_zh)


def _why(book: Book, task: PlannedTask) -> tuple[str, str]:
    """Say why a task has no visit: those that were made count in none of its slices, or it was left out."""
    if made := [clock(step.leg.depart) for step, served in book.services if served.id == task.id]:
        return f" in a slice of it; the visit at {', '.join(made)} counts in none", "已到过，但不在计次时段内，不计次"
    if task.left_out:
        return f", left out as {task.left_out.reason!r}", label(task.left_out.reason)
    return "", ""


def objective_recomputed(book: Book) -> Iterator[Finding]:
    """What the plan says of its worth is what its legs are worth."""
    said = book.plan.objective
    for name, value in recomputed(book).items():
        if getattr(said, name) != value:
            given = getattr(said, name)
            yield Finding(
                "objective", f"{name} is given as {given}; the legs make it {value}", _off(name, given, value)
            )


def _off(name: str, given: Any, value: Any) -> Amount:
    """Give by how much a number of the objective is off, in its unit."""
    unit = _UNITS.get(name)
    return ONE if unit is None else Amount(abs(given - value), unit)


def recomputed(book: Book) -> dict[str, Any]:
    """Work out from the legs what a plan must say of its worth: fields of `Objective` and their values."""
    total = sum(sum(task.worth) for task in book.plan.tasks)
    missed = sum(task.required and not book.done[task.id] for task in book.plan.tasks)
    routes = [(second(route.end) - second(route.start), crew) for crew, route in book.routes]
    shares = [taken * SHARE_UNIT // (second(crew.end) - second(crew.start)) for taken, crew in routes]
    driving = sum(step.arrives_s - step.departs_s for step in book.steps if step.leg.kind in DRIVING)
    collected = _collected(book)
    return {
        "required_missed": missed,
        "prize_collected": collected,
        "prize_total": total,
        "longest_route_s": max((taken for taken, _ in routes), default=0),
        "driving_s": driving,
        "levels": (missed, total - collected, *_presence(book), max(shares, default=0), driving),
    }


def _presence(book: Book) -> tuple[int, ...]:
    """Give the two levels of presence, where the plan was made for them."""
    return presence_levels(book.plan) if book.plan.settings.get("goal") == "presence" else ()


def bound_holds(book: Book) -> Iterator[Finding]:
    """No proven bound is beaten by the points or the idleness of the legs, and the one on points names its method."""
    said = book.plan.objective
    yield from _idleness_bound_holds(book)
    if said.upper_bound is None:
        return
    if not said.bound_method:
        yield Finding("objective", f"the upper bound {said.upper_bound} does not say how it was proven")
    if _collected(book) > said.upper_bound:
        message = f"the legs collect {_collected(book)} points, more than the upper bound {said.upper_bound}"
        yield Finding("objective", message, points(_collected(book) - said.upper_bound))


def _idleness_bound_holds(book: Book) -> Iterator[Finding]:
    least = book.plan.objective.idleness_bound_s
    if least is not None and (idle := presence_levels(book.plan)[0]) < least:
        message = f"the worst weighted idleness of the legs is {idle} s, below the bound {least} s that no plan beats"
        yield Finding("objective", message, seconds(least - idle))


def _collected(book: Book) -> Points:
    """Give the points of all counted visits: the n-th of a task adds the n-th entry of its worth."""
    return sum(sum(task.worth[: book.done[task.id]]) for task in book.tasks.values())


RULES = named((required_served, objective_recomputed, bound_holds))

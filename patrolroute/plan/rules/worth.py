"""Audit rules about worth: what is required, what the plan says it is worth, what was proven."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from patrolroute.plan.rules.book import DRIVING, Book, Finding, named, second
from patrolroute.units import Points

SHARE_UNIT = 1_000_000
"""The longest route is a share of its crew's time budget in whole millionths, rounded down."""


def required_served(book: Book) -> Iterator[Finding]:
    """Every required task has a counted visit."""
    for task in book.plan.tasks:
        if task.required and not book.done[task.id]:
            why = f", left out as {task.left_out.reason!r}" if task.left_out else ""
            yield f"task {task.id!r}", f"{task.name or task.id} is required and not visited{why}"


def objective_recomputed(book: Book) -> Iterator[Finding]:
    """What the plan says of its worth is what its legs are worth."""
    said = book.plan.objective
    for name, value in recomputed(book).items():
        if getattr(said, name) != value:
            yield "objective", f"{name} is given as {getattr(said, name)}; the legs make it {value}"


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
        "levels": (missed, total - collected, max(shares, default=0), driving),
    }


def bound_holds(book: Book) -> Iterator[Finding]:
    """A proven upper bound names its method, and the points that the legs collect do not beat it."""
    said = book.plan.objective
    if said.upper_bound is None:
        return
    if not said.bound_method:
        yield "objective", f"the upper bound {said.upper_bound} does not say how it was proven"
    if _collected(book) > said.upper_bound:
        yield "objective", f"the legs collect {_collected(book)} points, more than the upper bound {said.upper_bound}"


def _collected(book: Book) -> Points:
    """Give the points of all counted visits: the n-th of a task adds the n-th entry of its worth."""
    return sum(sum(task.worth[: book.done[task.id]]) for task in book.tasks.values())


RULES = named((required_served, objective_recomputed, bound_holds))

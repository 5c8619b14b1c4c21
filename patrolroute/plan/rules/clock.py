"""Audit rules about time: every second of a route accounted for."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patrolroute.plan.rules.book import Book, Finding, Step, clock, named, second
from patrolroute.units import Seconds, whole


def starts_with_shift(book: Book) -> Iterator[Finding]:
    """A route starts when its crew's shift starts; whoever leaves later has a wait first."""
    for crew, route in book.routes:
        if second(route.start) != second(crew.start):
            yield f"crew {crew.id!r}", f"its route starts {clock(route.start)}, its shift {clock(crew.start)}"


def route_spans_legs(book: Book) -> Iterator[Finding]:
    """A route starts when its first leg departs and ends when its last arrives; without legs it ends at once."""
    for crew, route in book.routes:
        begins, ends = (route.legs[0].depart, route.legs[-1].arrive) if route.legs else (route.start, route.start)
        if second(begins) != second(route.start):
            yield f"crew {crew.id!r}", f"its route starts {clock(route.start)}, its first leg {clock(begins)}"
        if second(ends) != second(route.end):
            yield f"crew {crew.id!r}", f"its route ends {clock(route.end)}, its last leg {clock(ends)}"


def within_shift(book: Book) -> Iterator[Finding]:
    """A crew is home when its shift ends: no route is longer than the time budget."""
    for crew, route in book.routes:
        late = second(route.end) - second(crew.end)
        if late > 0:
            yield f"crew {crew.id!r}", f"home {clock(route.end)}, {late} s after the shift's end {clock(crew.end)}"


def times_run_forward(book: Book) -> Iterator[Finding]:
    """No leg arrives before it departs."""
    for step in book.steps:
        if step.arrives_s < step.departs_s:
            yield step.thing, f"arrives {clock(step.leg.arrive)}, before it departs"


def no_hole(book: Book) -> Iterator[Finding]:
    """Each leg departs the second that the one before arrives."""
    for journey in book.journeys:
        for one, two in pairwise(journey):
            if two.departs_s != one.arrives_s:
                yield two.thing, f"the leg before arrives {clock(one.leg.arrive)}"


def duration_exact(book: Book) -> Iterator[Finding]:
    """Depart, plus the arcs' seconds for this crew and the turns, or the dwell, is arrive, exactly."""
    for step in book.steps:
        needed = _needed(book, step)
        if needed is not None and step.arrives_s - step.departs_s != needed:
            yield step.thing, f"takes {step.arrives_s - step.departs_s} s; it must take {needed} s"


def _needed(book: Book, step: Step) -> Seconds | None:
    """Give the seconds that a leg must take, None if it may take any or cannot be worked out."""
    if step.leg.kind == "dwell":
        task = book.tasks.get(step.leg.task or "")
        return None if task is None or task.kind != "hotspot" else task.dwell_s
    if step.leg.kind in ("wait", "break") or step.arcs is None:
        return None
    table = step.network.patrol_s if step.leg.kind == "patrol" else step.network.travel_s
    factor = step.crew.speed_factor
    return sum(whole(int(table[arc]) / factor) for arc in step.arcs) + step.leg.turn_s


RULES = named((
    starts_with_shift, route_spans_legs, within_shift, times_run_forward, no_hole, duration_exact,
))  # fmt: skip

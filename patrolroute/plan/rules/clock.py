"""Audit rules about time: every second of a route accounted for."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patrolroute.plan.rules.book import Book, Step, clock, named, second
from patrolroute.plan.rules.finding import Finding, seconds
from patrolroute.units import Seconds, whole


def starts_with_shift(book: Book) -> Iterator[Finding]:
    """A route starts when its crew's shift starts; whoever leaves later has a wait first."""
    for crew, route in book.routes:
        if gap := second(route.start) - second(crew.start):
            said = f"its route starts {clock(route.start)}, its shift {clock(crew.start)}"
            yield book.of_crew(crew, said, seconds(gap), at=route.start)


def route_spans_legs(book: Book) -> Iterator[Finding]:
    """A route starts when its first leg departs and ends when its last arrives; without legs it ends at once."""
    for crew, route in book.routes:
        begins, ends = (route.legs[0].depart, route.legs[-1].arrive) if route.legs else (route.start, route.start)
        if gap := second(begins) - second(route.start):
            said = f"its route starts {clock(route.start)}, its first leg {clock(begins)}"
            yield book.of_crew(crew, said, seconds(gap), at=route.start)
        if gap := second(ends) - second(route.end):
            said = f"its route ends {clock(route.end)}, its last leg {clock(ends)}"
            yield book.of_crew(crew, said, seconds(gap), at=route.end)


def within_shift(book: Book) -> Iterator[Finding]:
    """A crew is home when its shift ends: no route is longer than the time budget."""
    for crew, route in book.routes:
        late = second(route.end) - second(crew.end)
        if late > 0:
            said = f"home {clock(route.end)}, {late} s after the shift's end {clock(crew.end)}"
            yield book.of_crew(crew, said, seconds(late), at=route.end)


def times_run_forward(book: Book) -> Iterator[Finding]:
    """No leg arrives before it departs."""
    for step in book.steps:
        if step.arrives_s < step.departs_s:
            yield step.found(
                f"arrives {clock(step.leg.arrive)}, before it departs", seconds(step.departs_s - step.arrives_s)
            )


def no_hole(book: Book) -> Iterator[Finding]:
    """No time is missing between two legs: each departs the second that the one before arrives."""
    for one, two, gap in _gaps(book):
        if gap > 0:
            yield two.found(f"the leg before arrives {clock(one.leg.arrive)}", seconds(gap))


def on_time(book: Book) -> Iterator[Finding]:
    """Nobody is late: no leg departs before the one before it has arrived."""
    for one, two, gap in _gaps(book):
        if gap < 0:
            yield two.found(f"the crew is there {clock(one.leg.arrive)}, {-gap} s late", seconds(gap))


def _gaps(book: Book) -> Iterator[tuple[Step, Step, Seconds]]:
    """Give each leg, the next one, and the seconds from one's arrival to the other's departure."""
    for journey in book.journeys:
        for one, two in pairwise(journey):
            yield one, two, two.departs_s - one.arrives_s


def duration_exact(book: Book) -> Iterator[Finding]:
    """Depart, plus the arcs' seconds for this crew and the turns, or the dwell, is arrive, exactly."""
    for step in book.steps:
        needed = _needed(book, step)
        taken = step.arrives_s - step.departs_s
        if needed is not None and taken != needed:
            yield step.found(f"takes {taken} s; it must take {needed} s", seconds(taken - needed))


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
    starts_with_shift, route_spans_legs, within_shift, times_run_forward, no_hole, on_time, duration_exact,
))  # fmt: skip

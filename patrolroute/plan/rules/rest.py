"""Audit rules about what a crew agreed to: its break, its capacity, what is reserved to it or forbidden."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from patrolroute.plan.parts import PlannedCrew
from patrolroute.plan.rules.book import Book, Step, clock, named, outside
from patrolroute.plan.rules.finding import Amount, Finding, load, seconds, visits


def break_taken(book: Book) -> Iterator[Finding]:
    """A crew that goes out takes its break if one was agreed, once, and nobody else takes any."""
    for journey in book.journeys:
        breaks = _breaks(journey)
        agreed = 1 if journey and journey[0].crew.rest is not None else 0
        for step in breaks[agreed:]:
            yield step.found("no such break was agreed", seconds(step.arrives_s - step.departs_s))
        if agreed > len(breaks):
            yield book.of_crew(journey[0].crew, "the break that was agreed is missing", _agreed(journey[0].crew))


def break_length(book: Book) -> Iterator[Finding]:
    """A break is as long as was agreed."""
    for step in (step for journey in book.journeys for step in _breaks(journey)):
        rest, taken = step.crew.rest, step.arrives_s - step.departs_s
        if rest is not None and taken != rest.length_s:
            yield step.found(f"takes {taken} s; {rest.length_s} s were agreed", seconds(taken - rest.length_s))


def break_in_window(book: Book) -> Iterator[Finding]:
    """A break lies wholly inside one of its windows."""
    for step in (step for journey in book.journeys for step in _breaks(journey)):
        windows = () if step.crew.rest is None else step.crew.rest.windows
        off = outside(step, windows)
        if off:
            said = ", ".join(f"{clock(opens)} to {clock(closes)}" for opens, closes in windows)
            yield step.found(
                f"lasts until {clock(step.leg.arrive)}; it lies in none of the windows {said}", seconds(off)
            )


def capacity_kept(book: Book) -> Iterator[Finding]:
    """The loads of the visits of a route stay within the crew's capacity."""
    loads: Counter[str] = Counter()
    for step, task in book.services:
        loads[step.crew.id] += task.load
    for crew in book.plan.crews:
        if crew.capacity is not None and loads[crew.id] > crew.capacity:
            said = f"its visits load {loads[crew.id]}, more than its capacity {crew.capacity}"
            yield book.of_crew(crew, said, load(loads[crew.id] - crew.capacity))


def reservations_kept(book: Book) -> Iterator[Finding]:
    """A crew serves no task that is forbidden to it, and none that is reserved to others alone."""
    owners: dict[str, set[str]] = defaultdict(set)
    for crew in book.plan.crews:
        for task in crew.reserved:
            owners[task].add(crew.id)
    for step, served in book.services:
        if served.id in step.crew.forbidden:
            yield step.found(f"task {served.id!r} is forbidden to it", visits(1), "禁止该车组巡逻")
        elif served.id in owners and step.crew.id not in owners[served.id]:
            kept = sorted(owners[served.id])
            said = f"task {served.id!r} is reserved to {', '.join(kept)}"
            yield step.found(said, visits(1), f"专属车组 {'、'.join(kept)}")


def _agreed(crew: PlannedCrew) -> Amount:
    return seconds(0 if crew.rest is None else crew.rest.length_s)


def _breaks(journey: tuple[Step, ...]) -> list[Step]:
    return [step for step in journey if step.leg.kind == "break"]


RULES = named((break_taken, break_length, break_in_window, capacity_kept, reservations_kept))

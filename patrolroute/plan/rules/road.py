"""Audit rules about the road: where the legs lead, whether anyone could drive them."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections.abc import Iterator

from patrolroute.plan.rules.book import DRIVING, NEAR_M, Book, Finding, Step, joins, metres_between, named
from patrolroute.units import LonLat


def arcs_exist(book: Book) -> Iterator[Finding]:
    """Every arc is on the network of the crew's mode."""
    for step in book.steps:
        for arc in step.leg.arcs:
            if arc not in step.network.arc_index:
                yield step.thing, f"arc {arc} is not on the {step.crew.mode} network"


def driving_has_arcs(book: Book) -> Iterator[Finding]:
    """A deadhead or patrol drives at least one arc; a dwell, wait or break drives none."""
    for step in book.steps:
        if (step.leg.kind in DRIVING) != bool(step.leg.arcs):
            yield step.thing, f"has {len(step.leg.arcs)} arcs"


def starts_at_depot(book: Book) -> Iterator[Finding]:
    """The first arc of a route leaves the crew's depot."""
    for journey in book.journeys:
        first = next((step for step in journey if step.leg.arcs), None)
        if first is not None and first.leg.arcs[0][0] != first.crew.depot.node:
            yield first.thing, f"leaves node {first.leg.arcs[0][0]}, not the depot {first.crew.depot.node}"


def ends_at_depot(book: Book) -> Iterator[Finding]:
    """The last leg of a route ends at the crew's end depot; a crew without legs stays where it is."""
    for journey in book.journeys:
        if journey:
            last = journey[-1]
            node = last.leg.arcs[-1][1] if last.leg.arcs else last.node
            if node != last.crew.end_depot.node:
                yield last.thing, f"ends at node {node}, not at the end depot {last.crew.end_depot.node}"


def legs_join(book: Book) -> Iterator[Finding]:
    """The head of each arc is the tail of the next, within a leg and from leg to leg."""
    for journey in book.journeys:
        has_driven = False
        for step in journey:
            if not joins(step.leg.arcs):
                yield step.thing, "its arcs do not follow one another"
            if has_driven and step.leg.arcs and step.leg.arcs[0][0] != step.node:
                yield step.thing, f"begins at node {step.leg.arcs[0][0]}; the leg before ended at {step.node}"
            has_driven = has_driven or bool(step.leg.arcs)


def turns_cost_nothing(book: Book) -> Iterator[Finding]:
    """No leg has seconds of turning, for there is no table of turns."""
    for step in book.steps:
        if step.leg.turn_s != 0:
            yield step.thing, f"turn_s is {step.leg.turn_s}, and the plan has no table of turns"


def length_right(book: Book) -> Iterator[Finding]:
    """A leg's metres are the metres of its arcs."""
    for step in book.steps:
        if step.arcs is None:
            continue
        metres = int(step.network.length_m[list(step.arcs)].sum())
        if step.leg.length_m != metres:
            yield step.thing, f"says {step.leg.length_m} m; its arcs have {metres} m"


def line_on_road(book: Book) -> Iterator[Finding]:
    """A leg's line begins and ends where its arcs do; a standing leg is one point where the crew stands."""
    for step in book.steps:
        ends = _ends(step)
        if ends is None:
            continue
        line = step.leg.coordinates
        if not line or (not step.leg.arcs and len(line) != 1):
            yield step.thing, f"its line has {len(line)} points"
            continue
        for word, given, node in (("begins", line[0], ends[0]), ("ends", line[-1], ends[1])):
            if metres_between(given, node) > NEAR_M:
                yield step.thing, f"its line {word} at {given[0]}, {given[1]}, {metres_between(given, node):.0f} m off"


def _ends(step: Step) -> tuple[LonLat, LonLat] | None:
    """Give where a leg's line must begin and end; None if the network does not say."""
    if step.arcs:
        first, last = step.network.shape(step.arcs[0])[0], step.network.shape(step.arcs[-1])[-1]
        return (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))
    if step.arcs is None or step.node not in step.network.node_index:
        return None
    place = step.network.node_lonlat(step.network.node_index[step.node])
    return place, place


RULES = named((
    arcs_exist, driving_has_arcs, starts_at_depot, ends_at_depot, legs_join, turns_cost_nothing, length_right,
    line_on_road,
))  # fmt: skip

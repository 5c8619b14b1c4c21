"""Audit rules about the road: where the legs lead, whether anyone could drive them."""

# ruff: noqa: D401 - the first line of a rule is the rule itself, a statement

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patrolroute.network.turntable import FORBIDDEN
from patrolroute.plan.rules.book import DRIVING, NEAR_M, Book, Step, apart, joins, metres_between, named
from patrolroute.plan.rules.finding import Finding, metres, seconds
from patrolroute.units import LonLat


def arcs_exist(book: Book) -> Iterator[Finding]:
    """Every arc is on the network of the crew's mode."""
    for step in book.steps:
        for arc in step.leg.arcs:
            if arc not in step.network.arc_index:
                yield step.found(f"arc {arc} is not on the {step.crew.mode} network")


def driving_has_arcs(book: Book) -> Iterator[Finding]:
    """A deadhead or patrol drives at least one arc; a dwell, wait or break drives none."""
    for step in book.steps:
        if (step.leg.kind in DRIVING) != bool(step.leg.arcs):
            yield step.found(f"has {len(step.leg.arcs)} arcs")


def starts_at_depot(book: Book) -> Iterator[Finding]:
    """The first arc of a route leaves the crew's depot."""
    for journey in book.journeys:
        first = next((step for step in journey if step.leg.arcs), None)
        if first is None:
            continue
        leaves, depot = first.leg.arcs[0][0], first.crew.depot.node
        if leaves != depot:
            yield first.found(f"leaves node {leaves}, not the depot {depot}", apart(first.network, leaves, depot))


def ends_at_depot(book: Book) -> Iterator[Finding]:
    """The last leg of a route ends at the crew's end depot; a crew without legs stays where it is."""
    for journey in book.journeys:
        if journey:
            last = journey[-1]
            node = last.leg.arcs[-1][1] if last.leg.arcs else last.node
            home = last.crew.end_depot.node
            if node != home:
                yield last.found(f"ends at node {node}, not at the end depot {home}", apart(last.network, node, home))


def legs_join(book: Book) -> Iterator[Finding]:
    """The head of each arc is the tail of the next, within a leg and from leg to leg."""
    for journey in book.journeys:
        has_driven = False
        for step in journey:
            if not joins(step.leg.arcs):
                yield step.found("its arcs do not follow one another")
            if has_driven and step.leg.arcs and step.leg.arcs[0][0] != step.node:
                begins = step.leg.arcs[0][0]
                said = f"begins at node {begins}; the leg before ended at {step.node}"
                yield step.found(said, apart(step.network, begins, step.node))
            has_driven = has_driven or bool(step.leg.arcs)


def turns_allowed(book: Book) -> Iterator[Finding]:
    """No forbidden turn is made, within a leg or from leg to leg, whatever the crew did in between."""
    for journey in book.journeys:
        driven: list[int] = []
        for step in journey:
            for arc in step.arcs or ():
                driven.append(arc)
                if said := _forbidden(step, driven):
                    yield step.found(said)


def _forbidden(step: Step, driven: list[int]) -> str | None:
    """Say which forbidden turn the last arc of those driven completes."""
    turns, network = step.network.turns, step.network
    if turns is None or len(driven) < len(("before", "after")):
        return None
    before, after = driven[-2:]
    if (before, after) in turns.known and turns.known[before, after] == FORBIDDEN:
        return f"turns from {network.arc(before)} into {network.arc(after)}, which is forbidden"
    for chain in turns.chains_by(-1).get(after, ()):
        if tuple(driven[-len(chain) :]) == chain:
            over = f"over {len(chain) - 2} arcs"
            return f"turns from {network.arc(chain[0])} {over} into {network.arc(after)}, which is forbidden"
    return None


def turns_take_their_time(book: Book) -> Iterator[Finding]:
    """A leg's seconds of turning are those of the turn into its first arc and of the turns inside."""
    for journey in book.journeys:
        before: tuple[int, ...] | None = ()  # the last arc; None if there is no such arc
        for step in journey:
            driven = None if before is None or step.arcs is None else (*before, *step.arcs)
            known = {} if step.network.turns is None else step.network.turns.known
            needed = sum(max(0, known.get(turn, 0)) for turn in pairwise(driven or ()))
            if driven is not None and step.leg.turn_s != needed:
                yield step.found(
                    f"turn_s is {step.leg.turn_s}; its turns take {needed} s", seconds(step.leg.turn_s - needed)
                )
            before = step.arcs[-1:] or before if step.arcs is not None else None


def length_right(book: Book) -> Iterator[Finding]:
    """A leg's metres are the metres of its arcs."""
    for step in book.steps:
        if step.arcs is None:
            continue
        driven = int(step.network.length_m[list(step.arcs)].sum())
        if step.leg.length_m != driven:
            said = f"says {step.leg.length_m} m; its arcs have {driven} m"
            yield step.found(said, metres(step.leg.length_m - driven))


def line_on_road(book: Book) -> Iterator[Finding]:
    """A leg's line begins and ends where its arcs do; a standing leg is one point where the crew stands."""
    for step in book.steps:
        ends = _ends(step)
        if ends is None:
            continue
        line = step.leg.coordinates
        if not line or (not step.leg.arcs and len(line) != 1):
            yield step.found(f"its line has {len(line)} points")
            continue
        for word, given, node in (("begins", line[0], ends[0]), ("ends", line[-1], ends[1])):
            if (off := metres_between(given, node)) > NEAR_M:
                yield step.found(f"its line {word} at {given[0]}, {given[1]}, {off:.0f} m off", metres(off))


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
    arcs_exist, driving_has_arcs, starts_at_depot, ends_at_depot, legs_join, turns_allowed, turns_take_their_time,
    length_right, line_on_road,
))  # fmt: skip

"""Audit rules about nights that were planned anew while they were under way: closures, crews lost, what was driven."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from patrolroute.base.vocabulary import Arc, Seconds
from patrolroute.network.names import SLOWEST
from patrolroute.plan.passes import arc_begins, digest_of
from patrolroute.rules.context import AuditContext, Step, clock, named, second
from patrolroute.rules.findings import Finding, seconds_off


def changes_sane(context: AuditContext) -> Iterator[Finding]:
    """Every change of the roads names arcs of its mode's network, a moment of the night, and a share of speed."""
    first, last = (second(moment) for moment in context.plan.window)
    for number, change in enumerate(context.plan.road_changes, start=1):
        thing, network = f"road change {number}", context.plan.networks.get(change.mode)
        if network is None:
            yield Finding(thing, f"there is no network for its mode {change.mode!r}")
            continue
        if unknown := [arc for arc in change.arcs if arc not in network.arc_index]:
            yield Finding(thing, f"arc {unknown[0]} is not on the {change.mode} network")
        if off := max(first - second(change.since), second(change.since) - last, 0):
            message = f"holds from {clock(change.since)}, which is not within the night"
            yield Finding(thing, message, seconds_off(off), at=change.since)
        if change.factor is not None and not SLOWEST <= change.factor <= 1:
            yield Finding(thing, f"factor {change.factor} is not a share of the usual speed from {SLOWEST} to 1")


def replanned_sane(context: AuditContext) -> Iterator[Finding]:
    """Every moment at which a night was planned anew lies within it, in order of time, and is of crews of the plan."""
    first, last = (second(moment) for moment in context.plan.window)
    moments = [second(one.at) for one in context.plan.replanned]
    for one, at in zip(context.plan.replanned, moments, strict=True):
        if off := max(first - at, at - last, 0):
            message = f"was planned anew {clock(one.at)}, which is not within the night"
            yield Finding("plan", message, seconds_off(off), at=one.at)
        if unknown := [driven.crew for driven in one.driven if driven.crew not in context.crews]:
            yield Finding(
                "plan", f"crew {unknown[0]!r} had driven when it was planned anew; the plan knows no such crew"
            )
    if any(two < one for one, two in pairwise(moments)):
        yield Finding("plan", "the moments at which it was planned anew are not in order of time")


def driven_unchanged(context: AuditContext) -> Iterator[Finding]:
    """Nothing that had been driven when a night was planned anew is other than it was planned then."""
    routes = {route.crew: route for route in context.plan.routes}
    for one in context.plan.replanned:
        for driven in one.driven:
            route, crew = routes.get(driven.crew), context.crews.get(driven.crew)
            if route is None or crew is None:
                continue
            if not 0 <= driven.legs <= len(route.legs):
                message = f"{driven.legs} legs had been driven or begun by {clock(one.at)}; it has {len(route.legs)}"
                yield context.of_crew(crew, message, at=one.at)
            elif digest_of(route.legs[: driven.legs]) != driven.sha256:
                message = f"its first {driven.legs} legs are not those that had been driven or begun by {clock(one.at)}"
                yield context.of_crew(crew, message, at=one.at)
            elif (rest := route.legs[driven.legs :]) and (off := second(one.at) - second(rest[0].depart)) > 0:
                departs = f"leg {driven.legs + 1} departs {clock(rest[0].depart)}"
                message = f"{departs}, before {clock(one.at)}, yet is none of those that had been driven"
                yield context.of_crew(crew, message, seconds_off(off), at=rest[0].depart)


def closures_kept(context: AuditContext) -> Iterator[Finding]:
    """Nobody enters a street from the moment on from which it is closed; who is on it by then drives out of it."""
    closed: dict[str, dict[Arc, Seconds]] = {}
    for change in context.plan.road_changes:
        if change.factor is None:
            own = closed.setdefault(change.mode, {})
            own.update({arc: min(second(change.since), own.get(arc, second(change.since))) for arc in change.arcs})
    for journey in context.journeys:
        if journey and journey[0].crew.mode in closed:
            yield from _entered(journey, closed[journey[0].crew.mode])


def _entered(journey: tuple[Step, ...], closed: dict[Arc, Seconds]) -> Iterator[Finding]:
    """Yield the legs of a route that enter what is closed."""
    before: Arc | None = None
    open_s: Seconds | None = None  # when the last arc was begun that was open then
    for step in journey:
        leg = step.leg
        if step.arcs is None or not leg.arcs:
            continue
        begins = arc_begins(leg, step.network, speed_factor=step.crew.speed_factor, before=before)
        for arc, after_s in zip(leg.arcs, begins, strict=True):
            begin_s = step.departs_s + after_s
            since_s = closed.get(arc)
            if since_s is None or begin_s < since_s:
                open_s = begin_s
            elif open_s is not None and open_s >= since_s:
                yield step.found(f"enters arc {arc}, closed since", seconds_off(begin_s - since_s), step.leg.street)
                break
        before = leg.arcs[-1]


def out_does_nothing(context: AuditContext) -> Iterator[Finding]:
    """No crew that is out of service begins anything from then on."""
    for crew, route in context.routes:
        if crew.out_of_service is None:
            continue
        for leg in route.legs:
            if (late := second(leg.depart) - second(crew.out_of_service)) >= 0:
                message = f"begins a leg {clock(leg.depart)}; it is out of service from {clock(crew.out_of_service)}"
                yield context.of_crew(crew, message, seconds_off(late), at=leg.depart)
                break


UNDER_WAY_RULES = named((changes_sane, replanned_sane, driven_unchanged, closures_kept, out_does_nothing))

"""How much earlier or later than planned a crew may be: read from the plan's legs alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from patrolroute.plan.parts import Leg, Moments, PlannedCrew, PlannedTask, Route, elapsed_s
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import Seconds


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Whole seconds by which something may begin before and after its planned time; None if nothing forbids it."""

    early_s: Seconds | None
    late_s: Seconds | None


@dataclass(frozen=True, slots=True)
class Margin:
    """What one leg allows.

    Parameters
    ----------
    own
        How far its own begin may move: a counted visit stays in its slice and keeps the headway before the slice's
        end, a dwell stays in its opening hours, a break in its window.
    ahead_s
        How many seconds late the crew may be at its begin so that every dwell and break from here on and the end of
        the shift are still kept when everything is driven as planned; waits on the way are used up.
    """

    own: Tolerance
    ahead_s: Seconds


def margins(plan: PatrolPlan, route: Route) -> tuple[Margin, ...]:
    """Give the margin of each leg of a route.

    Street visits ahead do not bind ``ahead_s``: on a full night some street is always at its last minute, and a
    crew that is late there has lost that one count, not the night. The line of that street says it.
    """
    crew = next((one for one in plan.crews if one.id == route.crew), None)
    slack = elapsed_s(route.end, crew.end) if crew is not None else 0
    found = []
    for leg in reversed(route.legs):
        own = narrowest(_own(plan.task.get(leg.task or ""), crew, leg))
        slack += leg.duration_s if leg.kind == "wait" else 0
        if leg.kind in ("dwell", "break") and own.late_s is not None:
            slack = min(slack, own.late_s)
        found.append(Margin(own, slack))
    return tuple(reversed(found))


def tolerance(some: Sequence[Margin]) -> Tolerance:
    """Give the tolerance of the begin of margins in a row without a wait between them."""
    if not some:
        return Tolerance(None, None)
    own = narrowest(one.own for one in some)
    return Tolerance(own.early_s, least((own.late_s, some[0].ahead_s)))


def narrowest(some: Iterable[Tolerance]) -> Tolerance:
    """Give what all of them allow.

    Examples
    --------
    >>> narrowest([Tolerance(60, None), Tolerance(90, 30)])
    Tolerance(early_s=60, late_s=30)
    """
    known = tuple(some)
    return Tolerance(least(one.early_s for one in known), least(one.late_s for one in known))


def least(some: Iterable[Seconds | None]) -> Seconds | None:
    """Give the least of those that are given, None if none is."""
    return min((one for one in some if one is not None), default=None)


def _own(task: PlannedTask | None, crew: PlannedCrew | None, leg: Leg) -> Iterator[Tolerance]:
    if task is not None and leg.counted and leg.visit is not None and 0 < leg.visit <= len(task.slices):
        first, last = task.slices[leg.visit - 1]
        yield Tolerance(elapsed_s(first, leg.depart), elapsed_s(leg.depart, last) - task.headway_s)
    if task is not None and leg.kind == "dwell":
        yield from _inside(task.windows, leg)
    if crew is not None and crew.rest is not None and leg.kind == "break":
        yield from _inside(crew.rest.windows, leg)


def _inside(windows: Sequence[Moments], leg: Leg) -> Iterator[Tolerance]:
    """Say how far a leg may move inside the windows that hold it; nothing if none does."""
    holding = [(opens, closes) for opens, closes in windows if opens <= leg.depart and leg.arrive <= closes]
    if holding:
        yield Tolerance(
            max(elapsed_s(opens, leg.depart) for opens, _ in holding),
            max(elapsed_s(leg.arrive, closes) for _, closes in holding),
        )

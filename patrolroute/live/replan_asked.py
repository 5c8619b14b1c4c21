"""What happens to a night that is under way, as people say it, put into its plan: crews lost, streets closed, hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.errors import Complaints, InputError, PlaceError, ProblemError, short
from patrolroute.base.text import clock_text
from patrolroute.demand.clocks import read_clock
from patrolroute.live.replan_places import Call
from patrolroute.network.names import SLOWEST, marked_by_name
from patrolroute.plan.records import RoadChange
from patrolroute.problem.clock import zone

if TYPE_CHECKING:
    from patrolroute.demand.model import Hotspot
    from patrolroute.plan.model import PatrolPlan


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """The plan with what happens in it; its routes are those planned before.

    Parameters
    ----------
    plan
        The plan.
    at
        From when on.
    is_nothing
        Whether nothing happens at all.
    before
        The plan before.
    calls
        Crews that are called away, each with the moment until which it is.
    hotspots
        More hotspots.
    """

    plan: PatrolPlan
    at: dt.datetime
    is_nothing: bool
    before: PatrolPlan
    calls: tuple[tuple[Call, dt.datetime], ...] = ()
    hotspots: tuple[Hotspot, ...] = ()


def asked_of(  # noqa: PLR0913 - a word for everything that can happen
    plan: PatrolPlan,
    *,
    at: str | dt.datetime,
    out_of_service: Collection[str],
    close: Sequence[str],
    slow: Mapping[str, float],
    end: str | dt.datetime | Mapping[str, str | dt.datetime] | None,
    calls: Sequence[Call] = (),
    new_hotspots: Sequence[Hotspot] = (),
) -> Asked:
    """Put what happens into a plan; the parameters are those of `patrolroute.replan`.

    Raises
    ------
    ProblemError
        With everything that is wrong with it.
    """
    complaints = Complaints()
    moment = complaints.attempt(lambda: moment_of(plan, at))
    complaints.raise_as(ProblemError)
    assert moment is not None  # noqa: S101 - it is, where nothing was complained of
    if plan.replanned and moment < plan.replanned[-1].at:
        last = clock_text(plan.replanned[-1].at)
        raise ProblemError(f"replan: {clock_text(moment)} is before {last}, when the night was planned anew already")
    known = {crew.id for crew in plan.crews}
    ends = end if isinstance(end, Mapping) else {} if end is None else dict.fromkeys(known, end)
    for word, names in (("out_of_service", [out_of_service] if isinstance(out_of_service, str) else out_of_service),
                        ("end", ends)):  # fmt: skip
        for name in names:
            if name not in known:
                complaints.add(f"replan: {word}: the plan knows no crew {short(name, 40)}")
    changes = [*plan.road_changes]
    for name, factor in [*((name, None) for name in close), *slow.items()]:
        if factor is not None and not SLOWEST <= factor <= 1:
            complaints.add(
                f"replan: slow: {name!r}: factor {factor} is not a share of the usual speed from {SLOWEST} to 1"
            )
            continue
        changes += complaints.attempt(lambda name=name, factor=factor: _changes(plan, name, factor, moment)) or []  # type: ignore[misc]
    shifts = {
        crew.id: complaints.attempt(lambda crew=crew: _end_of(plan, crew.id, ends[crew.id], moment))  # type: ignore[misc]
        for crew in plan.crews
        if crew.id in ends
    }
    called = _called(plan, calls, moment, {*out_of_service}, complaints)
    complaints.raise_as(ProblemError)
    lost = {crew.id for crew in plan.crews if crew.id in set(out_of_service) and crew.out_of_service is None}
    crews = tuple(
        replace(
            crew, out_of_service=moment if crew.id in lost else crew.out_of_service, end=shifts.get(crew.id) or crew.end
        )
        for crew in plan.crews
    )
    if not any(crew.out_of_service is None for crew in crews):
        raise ProblemError("replan: every crew is out of service; nobody is left to plan for")
    window = plan.window[0], max(crew.end for crew in crews)
    is_same = crews == plan.crews and tuple(changes) == plan.road_changes
    asked = replace(plan, crews=crews, window=window, road_changes=tuple(changes))
    return Asked(asked, moment, is_same and not called and not new_hotspots, plan, called, tuple(new_hotspots))


def _called(
    plan: PatrolPlan, calls: Sequence[Call], at: dt.datetime, lost: set[str], complaints: Complaints
) -> tuple[tuple[Call, dt.datetime], ...]:
    """Return calls with the moments until which they last; what is wrong with them is noted."""
    crews, found = {crew.id: crew for crew in plan.crews}, list[tuple[Call, dt.datetime]]()
    for call in calls:
        thing = f"replan: call of crew {short(call.crew, 40)}"
        crew = crews.get(call.crew)
        if crew is None:
            complaints.add(f"{thing}: the plan knows no such crew")
        elif crew.out_of_service is not None or crew.id in lost:
            complaints.add(f"{thing}: the crew is out of service")
        elif any(one.crew == call.crew for one, _ in found):
            complaints.add(f"{thing}: the crew is called twice; give one call for each crew")
        else:
            latest = crew.start + LONGEST_NIGHT
            until = complaints.attempt(lambda call=call, latest=latest: moment_of(plan, call.until, latest=latest))  # type: ignore[misc]
            if until is not None and until <= at:
                complaints.add(f"{thing}: it lasts until {clock_text(until)}, not after {clock_text(at)}")
            elif until is not None:
                found.append((call, until))
    return tuple(found)


def moment_of(
    plan: PatrolPlan, at: str | dt.datetime, *, latest: dt.datetime | None = None, asked_by: str = "replan"
) -> dt.datetime:
    """Return the moment of the night that a clock time means, or a moment itself.

    Raises
    ------
    ProblemError
        If it is none, or not within the night.
    """
    first, last = plan.window[0], latest or plan.window[1]
    if isinstance(at, dt.datetime):
        if at.utcoffset() is None:
            raise ProblemError(f"{asked_by}: time {at} has no offset; give an aware datetime")
        moment = at.astimezone(zone(plan.timezone)).replace(microsecond=0)
    else:
        try:
            clock, days = read_clock(at)
        except InputError as error:
            raise ProblemError(item.about(asked_by) for item in error.items) from error
        day = first.date() + dt.timedelta(days=days)
        moment = dt.datetime.combine(day, clock, tzinfo=zone(plan.timezone))
        if moment < first and not days:
            moment += dt.timedelta(days=1)
    if not first <= moment <= last:
        span = f"{clock_text(first)} to {clock_text(last)}"
        raise ProblemError(f"{asked_by}: {clock_text(moment)} is not within the night, {span}")
    return moment


LONGEST_NIGHT = dt.timedelta(hours=16)
"""No shift is longer."""


def _end_of(plan: PatrolPlan, name: str, end: str | dt.datetime, at: dt.datetime) -> dt.datetime:
    """Return when a crew's shift ends instead."""
    crew = next(crew for crew in plan.crews if crew.id == name)
    moment = moment_of(plan, end, latest=crew.start + LONGEST_NIGHT)
    if moment < at:
        raise ProblemError(f"replan: end: {clock_text(moment)} of crew {name!r} is before {clock_text(at)}")
    return moment


def _changes(plan: PatrolPlan, name: str, factor: float | None, at: dt.datetime) -> list[RoadChange]:
    """Return the change of the roads that a name means, one for each mode on whose network it is."""
    found, wrong = list[RoadChange](), list[PlaceError]()
    for mode, network in plan.networks.items():
        try:
            marks = marked_by_name(name, network)
        except PlaceError as error:
            wrong.append(error)
            continue
        found.append(RoadChange(mode, at, network.arcs(np.flatnonzero(marks).tolist()), factor, names=(name,)))
    if not found:
        raise ProblemError(item.about("replan") for item in wrong[0].items)
    return found

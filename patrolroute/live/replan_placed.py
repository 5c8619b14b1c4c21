"""Crews that are not where their plan says: how they came there, as legs that keep to the roads and to the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import INFINITE_S, Arc, elapsed_s, scaled_seconds
from patrolroute.live.frozen import Driven, part_of_leg
from patrolroute.live.replan_drives import Roads, standing_leg
from patrolroute.live.replan_positions import Nearby
from patrolroute.plan.passes import arc_begins, in_force, last_arc, roads_in_time
from patrolroute.plan.records import DRIVING, Leg, Route

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan

ON_TIME_S = 60
"""A crew on an arc on which the plan has it so much earlier or later is where the plan says."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An arc of a route.

    Parameters
    ----------
    leg, place
        The number of its leg, and its place in the leg.
    arc
        The arc.
    begins, driven
        From when until when the crew drives it, the turn into it included.
    ends
        When it leaves its end: later where it stands there.
    """

    leg: int
    place: int
    arc: Arc
    begins: dt.datetime
    driven: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, eq=False, slots=True)
class Placing:
    """Puts crews where they are.

    Parameters
    ----------
    plan
        The plan; its routes are those planned before.
    roads
        The roads that are open.
    at
        The moment.
    """

    plan: PatrolPlan
    roads: Roads
    at: dt.datetime

    def placed(self, one: Driven, nearby: Sequence[Nearby]) -> Driven | None:
        """Return a crew as it is, given where it is; None where it is as the plan says.

        What the plan says until then is taken as driven as far as that can be. A crew that came by where it is now has
        lost the time since: it waited before the leg that it is on. Any other left its plan after the last leg from
        which the quickest way comes to where it is in time, waited, and drove there; where no way is quick enough it is
        there as soon as the quickest one is. It is on an arc, and can decide at its end.

        Parameters
        ----------
        one
            What it has driven by the plan's clock.
        nearby
            The arcs on which it may be, the nearest first.

        Raises
        ------
        ProblemError
            If no open way leads there.
        """
        route = next(route for route in self.plan.routes if route.crew == one.crew.id)
        network = self.roads.networks[one.crew.mode]
        arcs = {network.arc(each.arc): each for each in reversed(nearby)}
        begun, slack = self._begun(one, route), dt.timedelta(seconds=ON_TIME_S)
        if any(each.begins - slack <= self.at <= each.ends + slack and each.arc in arcs for each in begun):
            return None
        is_muster = any(one.crew.depot.node in arc[:2] for arc in arcs)
        if is_muster and (not begun or self.at <= begun[0].begins + slack):
            return None
        late = [each for each in begun if each.arc in arcs and each.leg >= self._fixed(one) and each.begins <= self.at]
        if late:
            there = self.at + self._left(one, arcs[late[-1].arc])
            return self._delayed(route, one, late[-1], max(dt.timedelta(0), there - late[-1].driven))
        return self._strayed(route, one, nearby)

    def _begun(self, one: Driven, route: Route) -> list[Begun]:
        """Return the arcs of a route, in order of time."""
        roads, came, found = roads_in_time(self.plan, one.crew.mode), last_arc(()), list[Begun]()
        for number, leg in enumerate(route.legs):
            if leg.kind not in DRIVING or not leg.arcs:
                continue
            begins = arc_begins(leg, in_force(roads, leg), speed_factor=one.crew.speed_factor, before=came)
            moments = [leg.depart + dt.timedelta(seconds=second) for second in begins]
            ends = [*moments[1:], leg.arrive]
            for place, (arc, first, last) in enumerate(zip(leg.arcs, moments, ends, strict=True)):
                found.append(Begun(number, place, arc, first, last, last))
            came = leg.arcs[-1]
        last = max([self.at, route.end])
        nexts = [*(each.begins for each in found[1:]), last][: len(found)]
        return [replace(each, ends=max(each.driven, then)) for each, then in zip(found, nexts, strict=True)]

    def _fixed(self, one: Driven) -> int:
        """Return how many legs had been driven or begun when the night was planned anew last."""
        for again in reversed(self.plan.replanned):
            return next((driven.legs for driven in again.driven if driven.crew == one.crew.id), 0)
        return 0

    def _left(self, one: Driven, nearby: Nearby) -> dt.timedelta:
        """Return how long a crew drives to the end of the arc on which it is."""
        network = self.roads.networks[one.crew.mode]
        seconds = int(scaled_seconds(network.travel_s[[nearby.arc]], one.crew.speed_factor)[0])
        return dt.timedelta(seconds=round(seconds * nearby.share_left))

    def _delayed(self, route: Route, one: Driven, on: Begun, late: dt.timedelta) -> Driven:
        """Return a crew that is late on its way: it stood before the leg that it is on."""
        leg, before = route.legs[on.leg], route.legs[: on.leg]
        legs = [*before, *self._waited(before, one, late)]
        if leg.kind == "deadhead":
            network, came = in_force(roads_in_time(self.plan, one.crew.mode), leg), last_arc(before)
            before_arc = -1 if came is None else network.arc_index.get(came, -1)
            leg = part_of_leg(network, leg, slice(0, on.place + 1), before_arc, (leg.depart, on.driven))
        leg = replace(leg, depart=leg.depart + late, arrive=leg.arrive + late)
        if not self._still_counts(leg):
            leg = replace(leg, visit=None, counted=False)
        return Driven(one.crew, (*legs, leg), route.legs[on.leg + 1 :], leg.arrive)

    def _waited(self, before: Sequence[Leg], one: Driven, long: dt.timedelta) -> tuple[Leg, ...]:
        """Return the wait of a crew after some legs."""
        if not long:
            return ()
        here = Driven(one.crew, tuple(before), (), before[-1].arrive if before else one.crew.start)
        return (standing_leg(here, "wait", here.free + long, self.plan.networks[one.crew.mode]),)

    def _still_counts(self, leg: Leg) -> bool:
        """Return whether a visit begins within its slice."""
        task = self.plan.task.get(leg.task or "")
        if task is None or leg.visit is None or not task.slices:
            return True
        first, last = task.slices[leg.visit - 1]
        return first <= leg.depart <= last - dt.timedelta(seconds=task.headway_s)

    def _strayed(self, route: Route, one: Driven, nearby: Sequence[Nearby]) -> Driven:
        """Return a crew that left its plan."""
        times, fixed = self.roads.times(one.crew), self._fixed(one)
        over = max([fixed, *(number for number, leg in enumerate(route.legs, start=1) if leg.arrive <= self.at)])
        left = [self._after(route, one, number) for number in range(fixed, over + 1)]
        sources = [self.roads.standing(each) for each in left]
        kept = [(each, source) for each, source in zip(left, sources, strict=True) if source is not None]
        ways = [(each, entry) for each in nearby for entry, _ in times.positions.passages((each.arc,))]
        if not kept:
            raise ProblemError(f"replan: position of crew {one.crew.id!r}: no open way leads there")
        seconds = times.matrix([source for _, source in kept], [entry for _, entry in ways])
        choices = list[tuple[bool, int, int, int, int]]()
        for row, (each, _) in enumerate(kept):
            for column, (where, _) in enumerate(ways):
                drive_s, due = int(seconds[row, column]), self.at + self._left(one, where)
                if drive_s < INFINITE_S:
                    drive_s += int(times.arc_s[where.arc])
                    early_s = elapsed_s(each.free, due) - drive_s
                    choices.append((early_s < 0, max(0, -early_s), -row if early_s >= 0 else row, column, early_s))
        if not choices:
            raise ProblemError(f"replan: position of crew {one.crew.id!r}: no open way leads there")
        _, _, row, column, early_s = min(choices)
        each = kept[abs(row)][0]
        legs = (*each.legs, *self._waited(each.legs, one, dt.timedelta(seconds=max(0, early_s))))
        gone = Driven(one.crew, legs, each.rest, legs[-1].arrive if legs else each.free)
        where, entry = ways[column]
        drive = self.roads.drive(gone, entry, then=(where.arc,))
        return Driven(one.crew, (*legs, *drive), each.rest, drive[-1].arrive if drive else gone.free)

    def _after(self, route: Route, one: Driven, number: int) -> Driven:
        """Return a crew after some legs of its route."""
        legs = route.legs[:number]
        return Driven(one.crew, legs, route.legs[number:], legs[-1].arrive if legs else one.crew.start)

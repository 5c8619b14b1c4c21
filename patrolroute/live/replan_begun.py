"""The night as it stands when it is planned anew: who has driven what, who is where, and what must stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.live.frozen import Driven, driven_at
from patrolroute.live.replan_drives import Roads, answered, out_of_closed
from patrolroute.live.replan_legs import Laid, legs_to_come
from patrolroute.live.replan_locks import Locks, require_kept
from patrolroute.live.replan_placed import Placing
from patrolroute.live.replan_places import with_calls, with_hotspots
from patrolroute.live.replan_positions import Positions, positions_of
from patrolroute.live.replan_start import start_of
from patrolroute.live.replan_within import with_fixed
from patrolroute.plan.passes import roads_at

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Mode
    from patrolroute.live.replan_asked import Asked
    from patrolroute.live.replan_night import Rest
    from patrolroute.network.road import RoadNetwork
    from patrolroute.plan.model import PatrolPlan


class Begun:
    """The night as it stands when it is planned anew: what is driven, and where everybody is.

    Crews have driven out of what was closed around them, and have gone where they are called to.

    Parameters
    ----------
    asked
        What happens.
    positions
        Where crews are.
    """

    def __init__(self, asked: Asked, positions: Positions) -> None:
        at = asked.at
        plan = with_hotspots(asked.plan, asked.hotspots, at)
        plan, called = with_calls(plan, asked.calls, {mode: roads_at(plan, mode, at) for mode in plan.networks})
        already = plan.road_changes[: len(asked.before.road_changes)]
        self.roads_before: Mapping[Mode, RoadNetwork] = {
            mode: roads_at(replace(plan, road_changes=already), mode, at) for mode in plan.networks
        }
        now = {mode: roads_at(plan, mode, at) for mode in plan.networks}
        calls, before = {call.crew: call for call in called}, Roads(plan, self.roads_before)
        driven = [driven_at(plan, route, at, is_called=route.crew in calls) for route in plan.routes]
        self.displaced = self._place(plan, driven, positions, before, at)
        driven = list(out_of_closed(driven, before, Roads(plan, now)))
        complaints = Complaints()
        for number, one in enumerate(driven):
            if one.crew.id in calls:
                roads = Roads(plan, now)
                answer = complaints.attempt(partial(answered, one, calls[one.crew.id], roads))
                if answer is not None:
                    driven[number], task = answer
                    plan = replace(plan, tasks=(*plan.tasks, task))
        complaints.raise_as(ProblemError)
        self.plan, self.driven, self.at = plan, driven, at

    def _place(
        self, plan: PatrolPlan, driven: list[Driven], positions: Positions, roads: Roads, at: dt.datetime
    ) -> bool:
        """Put crews where they are; return whether any is not where the plan says."""
        complaints, is_displaced = Complaints(), False
        nearby, placing = positions_of(plan, positions, at, self.roads_before), Placing(plan, roads, at)
        for number, one in enumerate(driven):
            if one.crew.id in nearby:
                there = complaints.attempt(partial(placing.placed, one, nearby[one.crew.id]))
                if there is not None:
                    driven[number], is_displaced = there, True
        complaints.raise_as(ProblemError)
        return is_displaced


def with_locks(begun: Begun, rest: Rest, locks: Locks, only: Mapping[str, frozenset[str]]) -> Rest:
    """Return the rest of a night in which crews whose rest or order stays do what was planned for them."""
    going = {number: rest.plan.crews[number].id for number in rest.crews}
    locked = [number for number, name in going.items() if name in locks.fixed]
    if not locked:
        return rest
    start, kept = start_of(rest, begun.roads_before)
    numbers = {crew: rest.plan.crews[number].id for crew, number in enumerate(rest.crews)}
    require_kept(locks, numbers, kept, begun.at)
    legs = legs_to_come(rest, Laid(start, kept))
    return with_fixed(rest, {number: legs[number] for number in locked}, begun.at, only=only)

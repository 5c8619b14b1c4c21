"""What was planned for the rest of a night as decisions from which to go on, without what is not possible any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from patrolroute.base.vocabulary import Mode
from patrolroute.network.road import RoadNetwork
from patrolroute.plan.decisions import decisions_of
from patrolroute.problem.evaluate import Solution
from patrolroute.problem.resume import Dropped, carried_over

if TYPE_CHECKING:
    from patrolroute.live.replan_night import Rest
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg


def start_of(rest: Rest, before: Mapping[Mode, RoadNetwork]) -> tuple[Solution, frozenset[int]]:
    """Return what was planned for the rest of the night as decisions that break no rule.

    Parameters
    ----------
    rest
        The rest of the night.
    before
        The roads of each mode before anything changed.

    Returns
    -------
    start
        The decisions.
    kept
        Numbers of the problem's crews that may do leg by leg what was planned for them.
    """
    problem = rest.night
    start, dropped = Solution.empty(len(problem.crews)), tuple[Dropped, ...]()
    if problem.tasks:
        start, dropped = carried_over(problem, decisions_of(_planned(rest), problem))
    short = {one.crew for one in dropped}
    kept = frozenset(
        number
        for number, crew in enumerate(problem.crews)
        if crew.id not in short and _is_possible(rest, number, problem.networks[crew.mode], before[crew.mode])
    )
    return start, kept


def _planned(rest: Rest) -> PatrolPlan:
    """Return the plan of what was planned for the crews that go on: their legs from where they are free, open streets.

    A crew that comes too late to what was planned first goes on with what is planned for when it comes.
    """
    index = {mode: network.arc_index for mode, network in rest.night.networks.items()}
    tasks = tuple(
        replace(
            task,
            directions=tuple(chain for chain in task.directions if all(arc in index[task.mode] for arc in chain)),
        )
        for task in rest.plan.tasks
    )
    routes = tuple(
        replace(rest.plan.routes[crew], legs=tuple(_numbered(rest, _from_then(rest, crew)))) for crew in rest.crews
    )
    crews = tuple(rest.plan.crews[crew] for crew in rest.crews)
    return replace(rest.plan, tasks=tasks, crews=crews, routes=routes)


def _from_then(rest: Rest, crew: int) -> Sequence[Leg]:
    """Return what was planned for a crew from when it is free; its break is still to be taken."""
    one = rest.driven[crew]
    return [leg for leg in one.rest if leg.depart >= one.free or leg.kind == "break"]


def _numbered(rest: Rest, legs: Sequence[Leg]) -> Iterator[Leg]:
    """Yield legs whose visits are numbered by the slices that are left."""
    for leg in legs:
        number = rest.night.task_index.get(leg.task or "")
        if number is None or leg.visit is None:
            yield leg
            continue
        slots = rest.slots[number]
        is_left = leg.visit - 1 in slots
        visit = slots.index(leg.visit - 1) + 1 if is_left else None
        yield replace(leg, visit=visit, counted=leg.counted and is_left)


def _is_possible(rest: Rest, number: int, now: RoadNetwork, before: RoadNetwork) -> bool:
    """Return whether a crew can do leg by leg what was planned for it."""
    one = rest.driven[rest.crews[number]]
    if not one.rest:
        return one.is_home
    if one.rest[0].depart != one.free or one.rest[-1].arrive > one.crew.end:
        return False
    for arc in {arc for leg in one.rest for arc in leg.arcs}:
        here, there = now.arc_index.get(arc), before.arc_index.get(arc)
        if here is None or there is None:
            return False
        if (now.travel_s[here], now.patrol_s[here]) != (before.travel_s[there], before.patrol_s[there]):
            return False
    return True

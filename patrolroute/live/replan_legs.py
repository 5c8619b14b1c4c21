"""The whole plan again: what was driven, what comes now, and what the night is worth by all of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from patrolroute.base import __version__
from patrolroute.live.replan_drives import standing_leg
from patrolroute.plan.legs import RoadTrip, legs_of
from patrolroute.plan.passes import driven_of
from patrolroute.plan.records import DRIVING, Objective, Replanned, Route
from patrolroute.plan.seen import count_by_time, missed_required, presence_score, seen_share
from patrolroute.problem.evaluate import SHARE_UNIT, Solution, evaluate, sum_of_longest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patrolroute.live.frozen import Driven
    from patrolroute.live.replan_night import Rest
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class Laid:
    """What the crews that go on do: decisions, and which of them do what was planned for them, leg by leg."""

    solution: Solution
    unchanged: frozenset[int]


def whole_plan(rest: Rest, laid: Laid | None, at: dt.datetime) -> PatrolPlan:
    """Return the plan of the whole night: what was driven before, and what comes then.

    Parameters
    ----------
    rest
        The rest of the night.
    laid
        What the crews that go on do; None where nobody does.
    at
        When the night was planned anew.
    """
    legs = {} if laid is None else legs_to_come(rest, laid)
    routes, driven = list[Route](), []
    for number, (old, one) in enumerate(zip(rest.plan.routes, rest.driven, strict=True)):
        own = (*one.legs, *legs.get(number, ()))
        route = Route(old.crew, old.start, own[-1].arrive if own else old.start, own)
        routes.append(route)
        driven.append(driven_of(route, sum(leg.depart < at for leg in own)))
    plan = replace(
        rest.plan,
        routes=tuple(routes),
        replanned=(*_as_it_was(rest, routes), Replanned(at, tuple(driven))),
        created_with=f"patrolroute {__version__}",
        conflicts=None,
        read_as=None,
        explain=None,
    )
    return weighed(plan)


def _as_it_was(rest: Rest, routes: Sequence[Route]) -> Iterator[Replanned]:
    """Yield when the night was planned anew before; a leg that was under way then, and is cut short now, as it is now.

    A stay that a call ends, or a drive that ends at a junction on its way, had been begun then and is driven in part.
    """
    old, new = ({route.crew: route for route in some} for some in (rest.plan.routes, routes))
    for one in rest.plan.replanned:
        driven = [
            driven_of(new[each.crew], each.legs)
            if each.crew in new and _is_cut(old[each.crew].legs[: each.legs], new[each.crew].legs[: each.legs])
            else each
            for each in one.driven
        ]
        yield replace(one, driven=tuple(driven))


def _is_cut(before: Sequence[Leg], now: Sequence[Leg]) -> bool:
    """Return whether legs differ in nothing but that the last one ends earlier."""
    if not before or len(before) != len(now) or before[:-1] != now[:-1]:
        return False
    return before[-1].depart == now[-1].depart and now[-1].arrive < before[-1].arrive


def legs_to_come(rest: Rest, laid: Laid) -> dict[int, tuple[Leg, ...]]:
    """Return what comes for each crew that goes on, by its number in the plan."""
    problem = rest.night
    times, found = evaluate(problem, laid.solution).routes, {}
    for crew, number in enumerate(rest.crews):
        one, visits = rest.driven[number], laid.solution.routes[crew]
        if crew in laid.unchanged:
            found[number] = one.rest
            continue
        if visits:
            before = laid.solution.break_before(crew)
            legs = legs_of(problem, crew, visits, times[crew], break_before=before)
        else:
            legs = _homeward(problem, crew, one)
        found[number] = _waited(rest, one, tuple(_renumbered(rest, legs)))
    return found


def _homeward(problem: PatrolProblem, crew: int, one: Driven) -> tuple[Leg, ...]:
    """Return the legs of a crew that does nothing but drive home; its break is taken where it is, else at home."""
    trip, own = RoadTrip(problem, crew), problem.instance.crews[crew]
    if not one.is_home:
        trip.deadhead(own.end_depot)
    if own.break_ is None or not one.legs:
        return tuple(trip.legs)
    length_s, starts = own.break_
    home_s = trip.clock - own.start_s
    here = next((max(first, own.start_s) for first, last in starts if last >= own.start_s), own.end_s)
    if here + length_s + home_s <= own.end_s and not one.is_home:
        trip = RoadTrip(problem, crew)
        trip.take_break(here)
        trip.deadhead(own.end_depot)
        return tuple(trip.legs)
    at_home = next((max(first, trip.clock) for first, last in starts if last >= trip.clock), None)
    if at_home is not None:
        trip.stand_at_home()
        trip.take_break(at_home)
    return tuple(trip.legs)


def _waited(rest: Rest, one: Driven, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """Return legs behind a wait where the crew was at rest before it is free."""
    last = one.legs[-1].arrive if one.legs else one.crew.start
    if not legs or last >= one.free:
        return legs
    network = rest.plan.networks[one.crew.mode]
    return standing_leg(replace(one, free=last), "wait", one.free, network), *legs


def _renumbered(rest: Rest, legs: tuple[Leg, ...]) -> list[Leg]:
    """Return legs whose visits are numbered by the slices of the whole night."""
    index = rest.night.task_index
    return [
        leg if leg.visit is None else replace(leg, visit=rest.slots[index[leg.task or ""]][leg.visit - 1] + 1)
        for leg in legs
    ]


def weighed(plan: PatrolPlan) -> PatrolPlan:
    """Return a plan with what its legs are worth: visits that count, points, levels."""
    is_presence = plan.objective.goal == "presence"
    made = {
        (leg.task, leg.visit)
        for route in plan.routes
        for leg in route.legs
        if leg.counted and leg.task is not None and (leg.kind == "dwell" or not is_presence)
    }
    done = Counter(task for task, _ in made)
    tasks = tuple(replace(task, visits_done=done[task.id], left_out=None) for task in plan.tasks)
    plan = replace(plan, tasks=tasks)
    plan = count_by_time(plan) if is_presence else plan
    crews = {crew.id: crew for crew in plan.crews}
    total = sum(sum(task.worth) for task in plan.tasks)
    collected = sum(sum(task.worth[: task.visits_done]) for task in plan.tasks)
    shares = [
        (crews[route.crew].mode, route.duration_s * SHARE_UNIT // crews[route.crew].budget_s) for route in plan.routes
    ]
    driving_s = sum(leg.duration_s for route in plan.routes for leg in route.legs if leg.kind in DRIVING)
    missed = len(missed_required(plan))
    objective = Objective(
        goal=plan.objective.goal,
        required_missed=missed,
        prize_collected=collected,
        prize_total=total,
        levels=(missed, total - collected, sum_of_longest(shares), driving_s),
        longest_route_s=max((route.duration_s for route in plan.routes), default=0),
        driving_s=driving_s,
    )
    if is_presence:
        score = presence_score(plan)
        objective = replace(
            objective, required_missed=score.required_missed, levels=tuple(score), seen=seen_share(plan)
        )
    return replace(plan, objective=objective)

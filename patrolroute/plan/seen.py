"""What people see of a night, read from the legs of its plan: passes that count, and the score of the goal presence."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

import numpy as np
import shapely

from patrolroute.base.vocabulary import USUAL_WEIGHT, BoolArray, FloatArray, Points, Seconds, elapsed_s
from patrolroute.network.coordinates import inside, metres_between
from patrolroute.plan.in_reach import broken_responses, out_of_reach, promised_s, response_kept, worst_span
from patrolroute.plan.passes import (
    TAU_S,
    Pass,
    all_passes,
    direction_length_m,
    gaps_between,
    midpoint,
    open_spans,
    unseen_s,
)
from patrolroute.plan.records import SEEN

__all__ = [
    "Passes", "PresenceScore", "Weighed", "away_cost", "broken_promises", "broken_responses", "count_by_time",
    "counted_legs", "direction_length_m", "key_hours_share", "matters_at", "missed_required", "out_of_reach",
    "patrolled", "presence_levels", "presence_score", "promised_s", "response_kept", "seen_share", "share_away",
    "street_gaps", "street_marks", "street_share", "streets_away", "unfinished", "unseen_of", "unserved",
    "worst_span",
]  # fmt: skip

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlannedCrew, PlannedNearHome, PlannedTask


class PresenceScore(NamedTuple):
    """The levels of the goal presence, compared left to right; smaller is better.

    Parameters
    ----------
    required_missed
        Required tasks that nobody serves: streets without a patrol, hotspots without a dwell; streets that are
        left alone for longer than was promised; and each place that is out of reach although the contrary was promised,
        once for every quarter of an hour of it, begun ones included.
    points_forgone
        Points of wanted visits of hotspots that were not made.
    unseen
        Σ priority · metres · seconds at which somebody may come to the street who sees no car within 15 minutes, each
        as often as its key hours weigh, and what passes away from home cost (`patrolroute.NearHome`), in the same
        unit; rounded to whole numbers.
    worst_idleness
        Longest time that a street is left alone, times its priority: max w·d.
    visits_short
        Visits of streets that are wanted and do not count.
    driving_s
        Seconds of driving, patrolling included, over all crews.
    """

    required_missed: int
    points_forgone: Points
    unseen: int
    worst_idleness: Seconds
    visits_short: int
    driving_s: Seconds


def count_by_time(plan: PatrolPlan) -> PatrolPlan:
    """Return a plan in which passes and patrols of streets count by their times, as the goal presence has it.

    In order of time each counts that begins at least the headway after the last one that counted, up to the visits
    wanted; its number is its place among them. What hotspots got stays as it is.
    """
    numbers = counted_legs(plan)
    routes = tuple(
        replace(
            route,
            legs=tuple(
                leg
                if leg.kind not in SEEN
                else replace(leg, visit=numbers.get((crew, place)), counted=(crew, place) in numbers)
                for place, leg in enumerate(route.legs)
            ),
        )
        for crew, route in enumerate(plan.routes)
    )
    done: dict[str, int] = defaultdict(int)
    for crew, place in numbers:
        done[plan.routes[crew].legs[place].task or ""] += 1
    tasks = tuple(
        replace(task, visits_done=done[task.id], slices=()) if task.kind == "street" else task for task in plan.tasks
    )
    return replace(plan, routes=routes, tasks=tasks)


def counted_legs(plan: PatrolPlan) -> dict[tuple[int, int], int]:
    """Return the legs on streets that count, by route and place, and the number of each among its street's."""
    legs: dict[str, list[tuple[Seconds, int, int]]] = defaultdict(list)
    for crew, route in enumerate(plan.routes):
        for place, leg in enumerate(route.legs):
            if leg.kind in SEEN and leg.task in plan.task and matters_at(plan.task[leg.task], leg.depart):
                legs[leg.task].append((elapsed_s(plan.window[0], leg.depart), crew, place))
    numbers: dict[tuple[int, int], int] = {}
    for name, found in legs.items():
        task, last, made = plan.task[name], None, 0
        for begin_s, crew, place in sorted(found):
            if made < task.visits_wanted and (last is None or begin_s - last >= task.headway_s):
                made, last = made + 1, begin_s
                numbers[crew, place] = made
    return numbers


def patrolled(plan: PatrolPlan) -> set[str]:
    """Return the ids of streets that somebody patrols at their hours, and of hotspots with a visit that counts."""
    return {
        leg.task
        for route in plan.routes
        for leg in route.legs
        if leg.task is not None
        and (
            (leg.kind == "patrol" and (leg.task not in plan.task or matters_at(plan.task[leg.task], leg.depart)))
            or (leg.kind == "dwell" and leg.counted)
        )
    }


def matters_at(task: PlannedTask, moment: dt.datetime) -> bool:
    """Return whether a task without windows, or with one that holds a moment, both ends of it allowed."""
    return not task.windows or any(opens <= moment <= closes for opens, closes in task.windows)


def missed_required(plan: PatrolPlan) -> list[PlannedTask]:
    """Return the required tasks that nobody serves; with the goal presence a street is served by a patrol alone."""
    required = [task for task in plan.tasks if task.required]
    if plan.objective.goal != "presence":
        return [task for task in required if not task.visits_done]
    served = patrolled(plan)
    return [task for task in required if task.id not in served]


def unfinished(plan: PatrolPlan) -> tuple[PlannedTask, ...]:
    """Return what is required and passed as often as wanted, but never patrolled; then the tasks short of visits."""
    passed = [task for task in missed_required(plan) if task.visits_done >= task.visits_wanted]
    return (*passed, *plan.left_out)


def presence_score(plan: PatrolPlan, passes: Passes | None = None) -> PresenceScore:
    """Work out from the legs what a plan is worth by the goal presence.

    Parameters
    ----------
    plan
        The plan.
    passes
        Its passes, if they are known already.
    """
    served = patrolled(plan)
    spots = [task for task in plan.tasks if task.kind == "hotspot"]
    passes = all_passes(plan) if passes is None else passes
    streets = [task for task in plan.tasks if task.kind == "street"]
    marks = street_marks(plan, passes)
    unseen = away_cost(plan, passes) + sum(
        task.priority
        * direction_length_m(plan.networks[task.mode], task.directions)
        * Weighed.of(plan, task.id).unseen(marks[task.id])
        for task in streets
    )
    return PresenceScore(
        sum(task.required and task.id not in served for task in plan.tasks)
        + len(_broken(plan, marks))
        + broken_responses(plan),
        sum(sum(task.worth[task.visits_done :]) for task in spots),
        round(unseen / USUAL_WEIGHT),
        max((task.priority * _longest(plan, task, marks[task.id]) for task in streets), default=0),
        sum(max(0, task.visits_wanted - task.visits_done) for task in streets),
        sum(route.driving_s for route in plan.routes),
    )


Passes: TypeAlias = Mapping[str, Sequence[Pass]]
"""The passes of each task, by its id, as `all_passes` finds them."""


def away_cost(plan: PatrolPlan, passes: Passes) -> float:
    """Return what passes away from home cost: Σ weight · priority · metres · τ, in hundredths; 0 without `near_home`.

    Parameters
    ----------
    plan, passes
        The plan and its passes.
    """
    if plan.near_home is None:
        return 0.0
    away, weight = streets_away(plan), round(100 * plan.near_home.weight)
    return sum(
        weight * TAU_S * task.priority * direction_length_m(plan.networks[task.mode], task.directions) * many
        for task in plan.tasks
        if (many := sum((one.crew, task.id) in away for one in passes[task.id]))
    )


def share_away(plan: PatrolPlan, passes: Passes) -> float | None:
    """Return the share of the passes of streets that crews make away from home; None if nobody asked, or for no pass.

    Parameters
    ----------
    plan, passes
        The plan and its passes.
    """
    if plan.near_home is None:
        return None
    away = streets_away(plan)
    found = [(one.crew, task.id) in away for task in plan.tasks if task.kind == "street" for one in passes[task.id]]
    return sum(found) / len(found) if found else None


def streets_away(plan: PatrolPlan) -> frozenset[tuple[str, str]]:
    """Return the crews and streets that lie away from their own part, by their ids; none without `near_home`.

    A crew's own part is its patrol area if it has one, else all within so many metres of its depots.
    """
    near_home, found = plan.near_home, set[tuple[str, str]]()
    if near_home is None:
        return frozenset()
    places = {
        task.id: (task.mode, place)
        for task in plan.tasks
        if task.kind == "street" and (place := midpoint(task, plan.networks.get(task.mode))) is not None
    }
    for mode in dict.fromkeys(crew.mode for crew in plan.crews):
        names = [name for name, (there, _) in places.items() if there == mode]
        points = np.array([places[name][1] for name in names]).reshape(-1, 2)
        for crew in plan.crews:
            if crew.mode == mode and names:
                is_away = _is_away(near_home, crew, points)
                found.update((crew.id, name) for name, away in zip(names, is_away, strict=True) if away)
    return frozenset(found)


def _is_away(near_home: PlannedNearHome, crew: PlannedCrew, points: FloatArray) -> BoolArray:
    """Return which points lie away from a crew's own part."""
    if crew.area is not None:
        return ~inside(shapely.Polygon(crew.area[0], crew.area[1:]), points)
    if near_home.metres is None:
        return np.zeros(len(points), dtype=np.bool_)
    far_m = [metres_between((home.lon, home.lat), points) for home in (crew.depot, crew.end_depot)]
    return np.asarray(np.minimum(*far_m) > near_home.metres)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the seconds of a night weigh on one street: spans that follow each other, and their weights in hundredths.

    Parameters
    ----------
    pieces
        From, until, weight in hundredths, in seconds since the plan's window began.
    """

    pieces: tuple[tuple[Seconds, Seconds, int], ...]

    @classmethod
    def of(cls, plan: PatrolPlan, task: str, *, only_key_hours: bool = False) -> Self:
        """Read the key hours that hold for a task; where several hold the greatest weight counts.

        Outside the windows of a street all weighs nothing.

        Parameters
        ----------
        plan, task
            The plan and the id of a task.
        only_key_hours
            Whether all other hours weigh nothing.
        """
        until, usual = elapsed_s(*plan.window), 0 if only_key_hours else USUAL_WEIGHT
        spans = [
            (*(min(until, max(0, elapsed_s(plan.window[0], one))) for one in window), round(100 * hours.weight))
            for hours in plan.key_hours
            if hours.tasks is None or task in hours.tasks
            for window in hours.windows
        ]
        planned = plan.task.get(task)
        matters = open_spans(plan, planned) if planned is not None and planned.kind == "street" else ((0, until),)
        ends = (second for begin, end, *_ in (*spans, *matters) for second in (begin, end))
        cuts = sorted({0, until, *ends})
        pieces = []
        for first, last in pairwise(cuts):
            held = [weight for begin, end, weight in spans if begin <= first and last <= end]
            is_in = any(begin <= first and last <= end for begin, end in matters)
            pieces.append((first, last, max(held, default=usual) if is_in else 0))
        return cls(tuple(pieces))

    def between(self, begin_s: Seconds, end_s: Seconds) -> int:
        """Return what the seconds from one to another weigh, in hundredths."""
        return sum(max(0, min(end_s, last) - max(begin_s, first)) * weight for first, last, weight in self.pieces)

    def unseen(self, marks: Sequence[Seconds]) -> int:
        """Return what the seconds weigh at which somebody may come who sees nobody within 15 minutes.

        Parameters
        ----------
        marks
            When somebody comes by, ascending, with the first and the last second of the night.

        Examples
        --------
        >>> Weighed(((0, 1000, 100), (1000, 3000, 250))).unseen((0, 2000, 3000)) == 1000 * 100 + 100 * 250 + 100 * 250
        True
        """
        return sum(self.between(one, max(one, two - TAU_S)) for one, two in pairwise(marks))


def street_marks(plan: PatrolPlan, passes: Passes | None = None) -> Mapping[str, tuple[Seconds, ...]]:
    """Return when somebody comes by each street, and both ends of the night, in seconds since it began.

    Parameters
    ----------
    plan
        The plan.
    passes
        Its passes, if they are known already.
    """
    passes, until = all_passes(plan) if passes is None else passes, elapsed_s(*plan.window)
    return {
        task.id: (0, *(one.begin_s for one in passes[task.id] if 0 <= one.begin_s <= until), until)
        for task in plan.tasks
        if task.kind == "street"
    }


def street_gaps(plan: PatrolPlan, passes: Passes | None = None) -> Mapping[str, tuple[Seconds, ...]]:
    """Return the seconds between all passes of each street, both ends of the night, or of its hours, included."""
    marks = street_marks(plan, passes)
    return {name: _gaps(plan, plan.task[name], found) for name, found in marks.items()}


def broken_promises(plan: PatrolPlan) -> Mapping[str, tuple[Seconds, Seconds]]:
    """Return the streets that are left alone for longer than was promised: the second from which, and how long."""
    return _broken(plan, street_marks(plan)) if any(task.max_gap_s is not None for task in plan.tasks) else {}


def _broken(plan: PatrolPlan, marks: Mapping[str, Sequence[Seconds]]) -> dict[str, tuple[Seconds, Seconds]]:
    """Return the longest gap of each street whose promise is broken."""
    broken = {}
    for task in plan.tasks:
        if task.kind == "street" and task.max_gap_s is not None:
            length_s, begin_s = max((two - one, -one) for one, two in pairwise(marks[task.id]))
            if length_s > task.max_gap_s:
                broken[task.id] = (-begin_s, length_s)
    return broken


def _longest(plan: PatrolPlan, task: PlannedTask, marks: Sequence[Seconds]) -> Seconds:
    return max(_gaps(plan, task, marks), default=0)


def _gaps(plan: PatrolPlan, task: PlannedTask, marks: Sequence[Seconds]) -> tuple[Seconds, ...]:
    """Return the seconds between the moments of `street_marks`, inside the windows of the street if it has some."""
    if not task.windows:
        return tuple(two - one for one, two in pairwise(marks))
    return gaps_between(open_spans(plan, task), [(at, at) for at in marks[1:-1]])


def unserved(plan: PatrolPlan) -> int:
    """Return how many required tasks nobody serves, as the plan says of itself; broken promises aside."""
    goal = plan.objective
    broken = len(broken_promises(plan)) + broken_responses(plan) if goal.goal == "presence" else 0
    return goal.required_missed - broken


def key_hours_share(plan: PatrolPlan) -> float | None:
    """Return the sighting probability of the streets in their key hours, by priority, length and the hours' weight.

    None without a street that has key hours in which somebody may come 15 minutes before the night ends.
    """
    if not plan.key_hours:
        return None
    marks, until = street_marks(plan), elapsed_s(*plan.window)
    unseen = whole = 0.0
    for task in plan.tasks:
        if task.kind == "street" and task.mode in plan.networks:
            hours = Weighed.of(plan, task.id, only_key_hours=True)
            weight = task.priority * direction_length_m(plan.networks[task.mode], task.directions)
            unseen += weight * hours.unseen(marks[task.id])
            whole += weight * hours.between(0, until - TAU_S)
    return 1 - unseen / whole if whole > 0 else None


def presence_levels(plan: PatrolPlan) -> tuple[Seconds, Seconds]:
    """Return the worst weighted idleness of the streets, max w·d, and their worst unseen time, max w·Σ max(0, d − τ).

    Gaps d are those between all passes, both ends of the window included; τ is 15 minutes, w the priority. Zeros
    without streets. Plans before schema 2.0 had them as levels of the goal presence.
    """
    gaps = street_gaps(plan)
    streets = [(task.priority, gaps[task.id]) for task in plan.tasks if task.kind == "street"]
    idle = max((priority * max(some, default=0) for priority, some in streets), default=0)
    return idle, max((priority * unseen_s(some) for priority, some in streets), default=0)


def seen_share(plan: PatrolPlan, passes: Passes | None = None) -> float | None:
    """Return the sighting probability (见警率) of the streets by priority and length; None if it is undefined.

    Parameters
    ----------
    plan
        The plan.
    passes
        Its passes, if they are known already.
    """
    weights = {
        task.id: task.priority * direction_length_m(plan.networks[task.mode], task.directions)
        for task in plan.tasks
        if task.kind == "street"
    }
    whole = sum(weights.values()) * (elapsed_s(*plan.window) - TAU_S)
    if whole <= 0:
        return None
    gaps, marks = street_gaps(plan, passes), street_marks(plan, passes)
    if not any(plan.task[name].windows for name in weights):
        return 1 - sum(weight * unseen_s(gaps[name]) for name, weight in weights.items()) / whole
    shares = {name: street_share(plan, plan.task[name], marks[name]) for name in weights}
    return sum(weight * shares[name] for name, weight in weights.items()) / sum(weights.values())


def street_share(plan: PatrolPlan, task: PlannedTask, marks: Sequence[Seconds]) -> float:
    """Return the sighting probability of a street, inside its windows if it has some.

    Parameters
    ----------
    plan, task
        The plan and a street of it.
    marks
        When somebody comes by; see `street_marks`.
    """
    unseen, looked_at = unseen_of(plan, task, marks)
    return 1 - unseen / looked_at if looked_at > 0 else float(len(marks) > 2)  # noqa: PLR2004 - both ends


def unseen_of(plan: PatrolPlan, task: PlannedTask, marks: Sequence[Seconds]) -> tuple[Seconds, Seconds]:
    """Return at how many seconds somebody may come to a street and see nobody for 15 minutes, and come at all.

    Parameters
    ----------
    plan, task
        The plan and a street of it.
    marks
        When somebody comes by; see `street_marks`.
    """
    until = elapsed_s(*plan.window)
    if not task.windows:
        return unseen_s(_gaps(plan, task, marks)), until - TAU_S
    hours = Weighed(tuple((begin, end, 1) for begin, end in open_spans(plan, task)))
    return hours.unseen(marks), hours.between(0, max(0, until - TAU_S))

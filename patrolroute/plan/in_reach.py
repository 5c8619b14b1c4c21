"""Where and when a promise of response is broken: the exact function of time, not a grid of moments.

While a crew drives an arc that it leaves at second e, it is e − t seconds and the quickest way from there away from a
place; while it stands, just the way. So it is in reach from some second of each arc to the arc's end, or not at all,
and both are known to the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patrolroute.base.vocabulary import FloatArray, Seconds, elapsed_s, scaled_seconds
from patrolroute.network.travel import seconds_to
from patrolroute.plan.passes import TAU_S, Journey, Span, journeys, overlap, union

if TYPE_CHECKING:
    from patrolroute.network.road import RoadNetwork
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import PlannedResponse, PlannedTask


class OutOfReach(NamedTuple):
    """When a place is out of reach although the contrary is promised.

    Parameters
    ----------
    promise
        Index into the plan's ``responses``.
    task
        Id of the place.
    spans
        From which second to which, since the plan's window began, ascending; none: the promise is kept there.
    """

    promise: int
    task: str
    spans: tuple[Span, ...]

    @property
    def seconds(self) -> Seconds:
        """How long it is out of reach."""
        return sum(end - begin for begin, end in self.spans)


def response_kept(plan: PatrolPlan, nights: Sequence[Journey] | None = None) -> tuple[OutOfReach, ...]:
    """Return for each promise of response and each of its places the spans in which no crew is near enough.

    Parameters
    ----------
    plan
        The plan.
    nights
        Its journeys, if they are known already.

    References
    ----------
    Covered or not within a time: Church & ReVelle 1974 (doi:10.1007/BF01942293).
    """
    if not plan.responses:
        return ()
    nights = journeys(plan) if nights is None else nights
    asked = [
        (number, plan.task[name])
        for number, promise in enumerate(plan.responses)
        for name in promise.tasks
        if name in plan.task
    ]
    times = _ways(plan, nights, [task for _, task in asked])
    return tuple(
        OutOfReach(number, task.id, _broken(plan, plan.responses[number], _near(plan, nights, times, (number, task))))
        for number, task in asked
    )


def out_of_reach(plan: PatrolPlan, nights: Sequence[Journey] | None = None) -> tuple[OutOfReach, ...]:
    """Return only where a promise of response is broken; see `response_kept`."""
    return tuple(one for one in response_kept(plan, nights) if one.spans)


def broken_responses(plan: PatrolPlan, nights: Sequence[Journey] | None = None) -> int:
    """Return what broken promises of response count for beside what is required and missed.

    Each place counts once for every quarter of an hour, begun ones included, that it is out of reach in all.
    """
    return sum(-(-one.seconds // TAU_S) for one in out_of_reach(plan, nights))


_Ways = Mapping[tuple[str, float, str], FloatArray]
"""Seconds from every node to a place, by mode, speed factor and the id of its task."""


def _ways(plan: PatrolPlan, nights: Sequence[Journey], places: Sequence[PlannedTask]) -> _Ways:
    found: dict[tuple[str, float, str], FloatArray] = {}
    for mode, factor in sorted({(night.crew.mode, night.crew.speed_factor) for night in nights}):
        network = plan.networks[mode]
        own = list({task.id: task for task in places if task.mode == mode}.values())
        rows = seconds_to(network, scaled_seconds(network.travel_s, factor), [doors(one, network) for one in own])
        found.update({(mode, factor, task.id): row for task, row in zip(own, rows, strict=True)})
    return found


def doors(task: PlannedTask, network: RoadNetwork) -> list[int]:
    """Return the nodes where a task is met: a hotspot's node, or where a street's directions begin."""
    nodes = [task.node] if task.kind == "hotspot" else [chain[0][0] for chain in task.directions if chain]
    return [network.node_index[node] for node in nodes if node in network.node_index]


def _near(
    plan: PatrolPlan, nights: Sequence[Journey], times: _Ways, asked: tuple[int, PlannedTask]
) -> list[tuple[FloatArray, FloatArray]]:
    """Return for each crew from when to when it is near enough, piece by piece."""
    number, task = asked
    return [
        _near_of(plan, night, way, plan.responses[number].within_s)
        for night in nights
        if (way := times.get((night.crew.mode, night.crew.speed_factor, task.id))) is not None
    ]


def _near_of(plan: PatrolPlan, night: Journey, way: FloatArray, within_s: Seconds) -> tuple[FloatArray, FloatArray]:
    moves, crew = night.moves, night.crew
    first, last = (elapsed_s(plan.window[0], moment) for moment in (crew.start, crew.out_of_service or crew.end))
    node = np.array([*(move.node for move in moves), moves[-1].node if moves else night.depot], dtype=np.int64)
    is_driving = np.array([*(move.arc >= 0 for move in moves), False], dtype=np.bool_)
    ends = np.array([*(move.end_s for move in moves), max(last, moves[-1].end_s if moves else first)], dtype=np.float64)
    begins = np.concatenate(([min(first, ends[0])], ends[:-1]))
    seconds = way[node]
    driven = np.maximum(begins, ends + seconds - within_s)
    near = np.where(is_driving, driven, np.where(seconds <= within_s, begins, ends))
    near, ends = np.maximum(near, first), np.minimum(ends, last)
    kept = near < ends
    return near[kept], ends[kept]


def _broken(
    plan: PatrolPlan, promise: PlannedResponse, near: Sequence[tuple[FloatArray, FloatArray]]
) -> tuple[Span, ...]:
    """Return what of a promise's hours lies in nobody's reach."""
    until = elapsed_s(*plan.window)
    begins = np.concatenate([np.zeros(0), *(one[0] for one in near)])
    ends = np.concatenate([np.zeros(0), *(one[1] for one in near)])
    order = np.argsort(begins, kind="stable")
    begins, ends = begins[order], np.maximum.accumulate(ends[order]) if len(order) else ends
    gap = begins[1:] > ends[:-1]
    holes = zip(ends[:-1][gap].astype(int).tolist(), begins[1:][gap].astype(int).tolist(), strict=True)
    edge = [(0, int(begins[0])), (int(ends[-1]), until)] if len(order) else [(0, until)]
    return overlap([*holes, *edge], _hours(plan, promise))


def _hours(plan: PatrolPlan, promise: PlannedResponse) -> tuple[Span, ...]:
    until = elapsed_s(*plan.window)
    hours = [(elapsed_s(plan.window[0], one), elapsed_s(plan.window[0], two)) for one, two in promise.windows]
    return union((max(0, one), min(until, two)) for one, two in hours) if hours else ((0, until),)


def promised_s(plan: PatrolPlan, promise: PlannedResponse) -> Seconds:
    """Return for how many seconds of the night a promise holds.

    Parameters
    ----------
    plan, promise
        The plan and one of its ``responses``.
    """
    return sum(end - begin for begin, end in _hours(plan, promise))


def worst_span(one: OutOfReach) -> Span:
    """Return the longest span of a place that is out of reach, the first of several."""
    return max(one.spans, key=lambda span: (span[1] - span[0], -span[0]))

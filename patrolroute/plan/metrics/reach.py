"""Seconds from the nearest crew to every task, at every half minute of the night."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from patrolroute.network.road import RoadNetwork
from patrolroute.plan.parts import PlannedTask
from patrolroute.plan.passes import Journey, seconds_between
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import FloatArray, IntArray, LongArray, scaled_seconds

STEP_S = 30
"""Half a minute: in it a car at 30 km/h drives 250 m."""

CHUNK = 256
"""Moments at a time, so that a long night on a large map stays within some hundred megabytes."""


@dataclass(frozen=True, eq=False, slots=True)
class ResponseTable:
    """How long the nearest crew takes.

    Parameters
    ----------
    at_s
        Moments in seconds since the plan's window began, shape ``(moments,)``.
    tasks
        The plan's tasks, in its order.
    seconds
        Shape ``(moments, tasks)``; infinite where no crew on duty can come.
    """

    at_s: LongArray
    tasks: tuple[PlannedTask, ...]
    seconds: FloatArray

    def only(self, wanted: Callable[[PlannedTask], bool]) -> ResponseTable:
        """Give the table of a class of places, ``table.only(lambda task: task.category == "night_market")``."""
        chosen = [number for number, task in enumerate(self.tasks) if wanted(task)]
        return ResponseTable(self.at_s, tuple(self.tasks[number] for number in chosen), self.seconds[:, chosen])


def response_table(plan: PatrolPlan, nights: Sequence[Journey], *, step_s: int = STEP_S) -> ResponseTable:
    """Work out response times on a grid of moments.

    A crew on duty drives on to the end of the arc that it is on, then the quickest way at its travel speed to the
    task: to a hotspot's node, or the nearest entry of a street. Crews respond to tasks of their own mode.

    Parameters
    ----------
    plan, nights
        The plan and its journeys, or those of one tier of force.
    step_s
        Seconds between two moments.
    """
    at_s = np.arange(0, max(0, seconds_between(*plan.window)), step_s, dtype=np.int64)
    seconds = np.full((len(at_s), len(plan.tasks)), np.inf)
    for mode, network in plan.networks.items():
        numbers = [number for number, task in enumerate(plan.tasks) if task.mode == mode]
        entries = [_entries(plan.tasks[number], network) for number in numbers]
        for factor in sorted({night.crew.speed_factor for night in nights if night.crew.mode == mode}):
            team = [night for night in nights if (night.crew.mode, night.crew.speed_factor) == (mode, factor)]
            reach = _reach(plan, team, at_s, entries)
            seconds[:, numbers] = np.minimum(seconds[:, numbers], reach)
    return ResponseTable(at_s, plan.tasks, seconds)


def _entries(task: PlannedTask, network: RoadNetwork) -> list[int]:
    """Give the nodes where a task is met: a hotspot's node, or where a street's directions begin."""
    nodes = [task.node] if task.kind == "hotspot" else [chain[0][0] for chain in task.directions if chain]
    return [network.node_index[node] for node in nodes if node in network.node_index]


def _reach(plan: PatrolPlan, team: Sequence[Journey], at_s: LongArray, entries: Sequence[Sequence[int]]) -> FloatArray:
    """Give the seconds from the nearest of a team of equals to every task, moment by moment."""
    network, factor = team[0].network, team[0].crew.speed_factor
    travel_s = scaled_seconds(network.travel_s, factor)
    places = [_whereabouts(plan, journey, at_s) for journey in team]
    nodes, left_s = np.array([place[0] for place in places]), np.array([place[1] for place in places])
    flat = np.array([node for some in entries for node in some], dtype=np.int64)
    owner = np.repeat(np.arange(len(entries)), [len(some) for some in entries])
    reach = np.full((len(entries), len(at_s)), np.inf)
    for first in range(0, len(at_s), CHUNK):
        part = slice(first, first + CHUNK)
        times = _nearest(network, travel_s, nodes[:, part], left_s[:, part])
        np.minimum.at(reach[:, part], owner, times[:, flat].T)
    return reach.T


def _whereabouts(plan: PatrolPlan, journey: Journey, at_s: LongArray) -> tuple[LongArray, LongArray]:
    """Give the node that a crew is at or heading to, and the seconds until it is there; -1 s while off duty."""
    moves, crew = journey.moves, journey.crew
    last = moves[-1].node if moves else journey.depot
    nodes = np.array([*(move.node for move in moves), last], dtype=np.int64)
    ends = np.array([move.end_s for move in moves], dtype=np.int64)
    left = np.array([*((move.end_s if move.arc >= 0 else -1) for move in moves), -1], dtype=np.int64)
    now = np.searchsorted(ends, at_s, side="right")
    left_s = np.where(left[now] < 0, 0, np.maximum(0, left[now] - at_s))
    on_duty = (at_s >= seconds_between(plan.window[0], crew.start)) & (at_s < seconds_between(plan.window[0], crew.end))
    return nodes[now], np.where(on_duty, left_s, -1)


def _nearest(network: RoadNetwork, travel_s: IntArray, nodes: LongArray, left_s: LongArray) -> FloatArray:
    """Run Dijkstra's algorithm once a moment, from a node of its own that leads to where all crews are.

    Links to the crews cost a second more than they take, for a link that costs nothing would be no link.
    """
    moments, count = nodes.shape[1], network.node_count
    crew, moment = np.nonzero(left_s >= 0)
    tail = np.concatenate((network.tail, count + moment))
    head = np.concatenate((network.head, nodes[crew, moment]))
    cost = np.concatenate((travel_s, left_s[crew, moment] + 1)).astype(np.float64)
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    cheapest = np.ones(len(order), dtype=np.bool_)
    cheapest[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    size = count + moments
    graph: Any = csr_array((cost[cheapest], (tail[cheapest], head[cheapest])), shape=(size, size))
    return np.asarray(dijkstra(graph, indices=np.arange(count, size))[:, :count] - 1, dtype=np.float64)

"""The task graph of one mode: every drive between tasks as a path over few links, all times exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.units import INFINITE_S, BoolArray, IntArray, LongArray

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.words import Mode

NEAREST = 256
"""Ways that are tried as a stop on the way from one end to another; more would leave fewer links."""


@dataclass(frozen=True, slots=True)
class TaskGraph:
    """Ways of tasks, and the links between them.

    Each way has an entry and a leaving vertex, joined by two edges: serving it and driving through. A link leads from a
    start (a depot, or the leaving vertex of a way) to a goal (the entry of a way, or an end depot). A drive
    that is as long as two others with a drive through a way between them is no link: it is those.

    Parameters
    ----------
    task, service_s, passing_s
        Of each way, shape ``(w,)``: its task, the seconds of serving it and of driving through.
    source, target, seconds
        Of each link, shape ``(l,)``. Sources from ``w`` on are depots, targets from ``w`` on end depots.
    earliest_s, latest_s
        First second at which a way can be entered, and last second at which it can be left, shape ``(w,)``.
    entry_node, leave_node
        Junction at which a way is entered and left, shape ``(w,)``.
    starts, ends
        For each depot, and for each end depot: how many crews there are, and the first and last second of their shifts.
    """

    task: LongArray
    service_s: LongArray
    passing_s: LongArray
    source: LongArray
    target: LongArray
    seconds: LongArray
    earliest_s: LongArray
    latest_s: LongArray
    entry_node: LongArray
    leave_node: LongArray
    starts: tuple[tuple[int, int, int], ...]
    ends: tuple[tuple[int, int, int], ...]

    @property
    def ways(self) -> int:
        """Number of ways."""
        return len(self.task)


def task_graph(problem: PatrolProblem, mode: Mode) -> TaskGraph:
    """Make the task graph of a mode for its fastest crew: nobody is quicker anywhere."""
    team = [number for number, crew in enumerate(problem.crews) if crew.mode == mode]
    fastest = max(team, key=lambda number: problem.crews[number].speed_factor)
    travel = problem.travel_matrix(fastest)
    row, table = travel.row, travel.table.astype(np.int64)
    of_task, entry, leave, service, passing, begins, goes_on = [], [], [], [], [], [], []
    for task in np.flatnonzero(problem.allowed[team].any(axis=0)).tolist():
        through = problem.passing_s(fastest, task)
        for way, (into, out, seconds) in enumerate(problem.ways(fastest, task)):
            of_task.append(task)
            entry.append(row[into])
            leave.append(row[out])
            service.append(seconds)
            passing.append(through[way])
            begins.append(travel.times.positions.target_node(into))
            goes_on.append(travel.times.positions.source_node(out))
    depots, homes = (sorted({row[end(number)] for number in team}) for end in (problem.depot_node, problem.home_node))
    sources, targets = np.array(leave + depots), np.array(entry + homes)
    drive = table[np.ix_(sources, targets)]
    through_s = np.array(passing, dtype=np.int64)
    kept = _links(drive, through_s, is_street=np.array([problem.tasks[task].kind == "street" for task in of_task]))
    source, target = np.nonzero(kept)
    shifts = [problem.shift_s(number) for number in team]
    starts = _shifts([row[problem.depot_node(number)] for number in team], shifts, depots)
    ends = _shifts([row[problem.home_node(number)] for number in team], shifts, homes)
    count = len(of_task)
    out_s = np.array([first for _, first, _ in starts])
    home_s = np.array([last for _, _, last in ends])
    return TaskGraph(
        task=np.array(of_task, dtype=np.int64),
        service_s=np.array(service, dtype=np.int64),
        passing_s=through_s,
        source=source,
        target=target,
        seconds=drive[source, target],
        earliest_s=(drive[count:, :count] + out_s[:, None]).min(axis=0),
        latest_s=(home_s[None, :] - drive[:count, count:]).max(axis=1),
        entry_node=np.array(begins, dtype=np.int64),
        leave_node=np.array(goes_on, dtype=np.int64),
        starts=starts,
        ends=ends,
    )


def _shifts(at: list[int], shifts: list[tuple[int, int]], places: list[int]) -> tuple[tuple[int, int, int], ...]:
    """Give for each place the crews there, and the first and last second of their shifts."""
    found = []
    for place in places:
        own = [span for where, span in zip(at, shifts, strict=True) if where == place]
        found.append((len(own), min(first for first, _ in own), max(last for _, last in own)))
    return tuple(found)


def _links(drive: IntArray, through_s: LongArray, is_street: BoolArray) -> BoolArray:
    """Mark the drives that are not two others with a drive through a way between them.

    Both parts must be shorter than the whole, so that what is left out is made of links in the end.
    """
    ways = len(through_s)
    kept = drive < INFINITE_S
    onward = drive[:ways]
    for source in range(len(drive)):
        to = drive[source, :ways]
        near = np.argsort(to + through_s, kind="stable")[:NEAREST]
        near = near[(to[near] < INFINITE_S) & (is_street[near] | (to[near] > 0))]
        over = (to[near] + through_s[near])[:, None] + onward[near]
        shorter = onward[near] < drive[source][None, :]
        shorter &= to[near][:, None] < drive[source][None, :]
        kept[source] &= ~((over <= drive[source][None, :]) & shorter).any(axis=0)
    return kept

"""The task graph of one mode: every drive between tasks as a path over few edges, all times exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.proof.vertices import OUTSIDE, Fleet, Vertices, lay_out
from patrolroute.units import INFINITE_S, BoolArray, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.words import Mode

NEAREST = (8, 32, 128)
"""So many stops on the way are tried for each vertex, the nearest, few first; more would leave fewer drives."""


@dataclass(frozen=True, slots=True)
class TaskGraph:
    """Vertices, the drives between them, and the ways of tasks, which are served.

    A vertex is a position where streets begin or end, or one side of a stop at a hotspot; the depots come after them,
    and then the end depots. Edges are drives first, services last, one for each way of a task. A drive that is as long
    as two others one after the other is none: it is those.

    Parameters
    ----------
    tail, head, seconds
        Of each edge, shape ``(e,)``: the vertices that it joins, and what it takes.
    early, late
        First and last second at which each edge can be begun on a way home in time, shape ``(e,)``.
    task
        Task of each way, shape ``(w,)``.
    outward_s, homeward_s
        Of each vertex, shape ``(v,)``: seconds from the nearest depot, and to the nearest end depot.
    place
        Node of each vertex, shape ``(v,)``; `patrolroute.proof.vertices.OUTSIDE` for depots.
    starts, ends
        For each depot, and for each end depot: how many crews there are, and the first and last second of their shifts.
    """

    tail: LongArray
    head: LongArray
    seconds: LongArray
    early: LongArray
    late: LongArray
    task: LongArray
    outward_s: LongArray
    homeward_s: LongArray
    place: LongArray
    starts: Fleet
    ends: Fleet

    @property
    def ways(self) -> int:
        """Number of ways."""
        return len(self.task)

    @property
    def drives(self) -> int:
        """Number of drives; services come after them."""
        return len(self.tail) - self.ways

    @property
    def inner(self) -> int:
        """Number of vertices that are no depots."""
        return int(np.count_nonzero(self.place != OUTSIDE))


def task_graph(problem: PatrolProblem, mode: Mode, longest_s: Seconds = INFINITE_S) -> TaskGraph:
    """Make the task graph of a mode for its fastest crew: nobody is quicker anywhere; no route is longer than that."""
    laid = lay_out(problem, mode, longest_s)
    times = problem.travel_matrix(laid.fastest).table[np.ix_(laid.row, laid.row)].astype(np.int64)
    source, target = np.nonzero(_kept(laid, times))
    tail = np.concatenate((source, laid.passing[:, 0], laid.entry))
    head = np.concatenate((target, laid.passing[:, 1], laid.leave))
    seconds = np.concatenate((times[source, target], laid.passing[:, 2], laid.service_s))
    ways = slice(len(tail) - len(laid.task), len(tail))
    spans = [problem.tasks[task].starts for task in laid.task.tolist()]
    opens = np.full(len(tail), -INFINITE_S, dtype=np.int64)
    shuts = np.full(len(tail), INFINITE_S, dtype=np.int64)
    opens[ways] = [min((span[0] for one in some for span in one), default=INFINITE_S) for some in spans]
    shuts[ways] = [max((span[1] for one in some for span in one), default=-INFINITE_S) for some in spans]
    first, last = _reach(laid, times)
    behind, before = ~laid.is_target[head], ~laid.is_source[tail]
    np.minimum.at(first, head[behind], np.maximum(first[tail], opens)[behind] + seconds[behind])
    np.maximum.at(last, tail[before], np.minimum(last[head] - seconds, shuts)[before])
    early, late = np.maximum(first[tail], opens), np.minimum(last[head] - seconds, shuts)
    depots, homes = laid.at_ends()
    outward, homeward = times[depots].min(axis=0), times[:, homes].min(axis=1)
    return TaskGraph(tail, head, seconds, early, late, laid.task, outward, homeward, laid.place, laid.starts, laid.ends)


def _reach(laid: Vertices, times: LongArray) -> tuple[LongArray, LongArray]:
    """Give the first second at which vertices are reached from a depot, and the last at which a way home is taken.

    Vertices that no drive reaches, or leaves, are behind a way, and not known yet.
    """
    depots, homes = laid.at_ends()
    begin, close = np.array([span[1] for span in laid.starts]), np.array([span[2] for span in laid.ends])
    first = np.where(laid.is_target, (times[depots] + begin[:, None]).min(axis=0), INFINITE_S)
    last = np.where(laid.is_source, (close[None, :] - times[:, homes]).max(axis=1), -INFINITE_S)
    first[depots], last[homes] = begin, close
    return first, last


def _kept(laid: Vertices, times: LongArray) -> BoolArray:
    """Mark the drives that are not two others, with a drive along a street between them where turns count.

    Both parts must be shorter than the whole, so that what is left out is made of drives in the end. For that a drive
    from or to a point counts as longer by a hair: it is never part of one as long as it is.
    """
    hair = 1 + 2 * int(laid.is_point.any())
    entry, leave, through = laid.vias.T
    weight = hair * times + laid.is_point[:, None] + laid.is_point[None, :]
    kept = (times < INFINITE_S) & laid.is_source[:, None] & laid.is_target[None, :]
    np.fill_diagonal(kept, val=False)
    onward, order = weight[leave], np.argsort(weight[:, entry] + hair * through, axis=1, kind="stable")
    done = 0
    for nearest in NEAREST:
        for source in np.flatnonzero(kept.any(axis=1)).tolist():
            via, goals = order[source, done:nearest], np.flatnonzero(kept[source])
            whole, into = weight[source, goals], weight[source, entry[via]][:, None]
            rest = onward[np.ix_(via, goals)]
            is_two = (into + hair * through[via][:, None] + rest <= whole) & (into < whole) & (rest < whole)
            kept[source, goals[is_two.any(axis=0)]] = False
        done = nearest
    return kept

"""The task graph of one mode: vertices where streets and stops begin and end, drives as paths over few edges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, BoolArray, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.base.vocabulary import Mode
    from patrolroute.problem.instance import Instance


OUTSIDE = -1
"""Place of a depot: routes come from there, whatever else stands at its node."""


class Role(Flag):
    """What a vertex is for: drives lead from it, or to it; it is a depot or a side of a hotspot."""

    SOURCE = auto()
    TARGET = auto()
    POINT = auto()


Fleet = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Vertices:
    """Vertices, depots after the others and end depots last, and the ways of tasks between them.

    Parameters
    ----------
    fastest
        Number of the crew whose seconds count.
    row, place
        Of each vertex: its row in the travel matrix, and its node, ``OUTSIDE`` for depots.
    is_source, is_target, is_point
        Whether drives lead from a vertex, whether drives lead to it, and whether it is a depot or a side of a hotspot.
    vias
        What may lie on the way from one vertex to another, shape ``(n, 3)``: where it is entered and left, seconds.
    passing
        Drives along a street that are in no travel matrix, shape ``(n, 3)``: tail, head, seconds.
    task, entry, leave, service_s
        Of each way.
    starts, ends
        For each depot, and for each end depot: how many crews there are, and the first and last second of their shifts.
    """

    fastest: int
    row: LongArray
    place: LongArray
    is_source: BoolArray
    is_target: BoolArray
    is_point: BoolArray
    vias: LongArray
    passing: LongArray
    task: LongArray
    entry: LongArray
    leave: LongArray
    service_s: LongArray
    starts: Fleet
    ends: Fleet

    def at_ends(self) -> tuple[LongArray, LongArray]:
        """Return the vertices of depots, and those of end depots."""
        count, first_home = len(self.row), len(self.row) - len(self.ends)
        return np.arange(first_home - len(self.starts), first_home), np.arange(first_home, count)


def lay_out(instance: Instance, mode: Mode, longest_s: Seconds) -> Vertices:
    """Lay out the vertices of a mode for its fastest crew.

    Without turns a position is one vertex, where streets end and others begin. With turns a street about to be driven
    and the same street driven are two, and so are the two sides of a hotspot anywhere: only service leads from one to
    the other. No shift is longer than ``longest_s``.

    Parameters
    ----------
    instance
        The night's numbers.
    mode
        Whose tasks and crews are laid out.
    longest_s
        Seconds that no shift is longer than.
    """
    team = instance.team(mode)
    fastest = max(team, key=lambda crew: instance.class_of(crew).speed_factor)
    maker = _Maker(instance, fastest)
    for task in np.flatnonzero(instance.allowed[team].any(axis=0)).tolist():
        maker.add(task)
    crews = [instance.crews[crew] for crew in team]
    shifts = [(crew.start_s, min(crew.end_s, crew.start_s + longest_s)) for crew in crews]
    starts = maker.depots([crew.depot for crew in crews], shifts, Role.SOURCE)
    ends = maker.depots([crew.end_depot for crew in crews], shifts, Role.TARGET)
    return maker.made(starts, ends)


class _Maker:
    """Numbers vertices as they come."""

    def __init__(self, instance: Instance, fastest: int) -> None:
        self.instance, self.fastest, self.travel = instance, fastest, instance.travel(fastest)
        self.number: dict[tuple[object, ...], int] = {}
        self.facts: list[tuple[int, int, Role]] = []
        self.ways: list[tuple[int, int, int, int]] = []
        self.vias: list[tuple[int, int, int]] = []
        self.passing: list[tuple[int, int, int]] = []

    def add(self, task: int) -> None:
        """Add the ways of a task, and the vertices that they need."""
        is_street = self.instance.tasks[task].kind == "street"
        node_from, node_to = self.travel.source_node, self.travel.target_node
        for number, way in enumerate(self.instance.ways(self.fastest, task)):
            into, out = way.entry, way.leave
            if not is_street:
                entry = self._vertex(("in", task, number), into, int(node_to[into]), Role.TARGET | Role.POINT)
                leave = self._vertex(("out", task, number), out, int(node_from[out]), Role.SOURCE | Role.POINT)
            elif self.travel.has_turns:
                entry = self._vertex(("in", into), into, int(node_to[into]), Role.TARGET)
                leave = self._vertex(("out", out), out, int(node_from[out]), Role.SOURCE)
                self.passing.append((entry, leave, way.passing_s))
                self.vias.append((entry, leave, way.passing_s))
            else:
                both = Role.SOURCE | Role.TARGET
                entry, leave = (self._vertex((end,), end, int(node_to[end]), both) for end in (into, out))
            self.ways.append((task, entry, leave, way.service_s))

    def _vertex(self, key: tuple[object, ...], row: int, node: int, role: Role) -> int:
        if key not in self.number:
            self.number[key] = len(self.facts)
            self.facts.append((row, node, role))
            if Role.SOURCE | Role.TARGET in role:
                self.vias.append((self.number[key], self.number[key], 0))
        return self.number[key]

    def depots(self, at: list[int], shifts: list[tuple[int, int]], role: Role) -> Fleet:
        """Add a vertex for each depot, and count the crews there and the first and last second of their shifts.

        Parameters
        ----------
        at
            Row of each crew's depot.
        shifts
            First and last second of each crew.
        role
            `Role.SOURCE` for depots, `Role.TARGET` for end depots.
        """
        found = []
        for where in sorted(set(at)):
            own = [span for here, span in zip(at, shifts, strict=True) if here == where]
            found.append((len(own), min(first for first, _ in own), max(last for _, last in own)))
            self.facts.append((where, OUTSIDE, role | Role.POINT))
        return tuple(found)

    def made(self, starts: Fleet, ends: Fleet) -> Vertices:
        """Return all that was added."""
        rows, places, roles = zip(*self.facts, strict=True)
        is_source, is_target, is_point = np.array([[one in role for role in roles] for one in Role], dtype=np.bool_)
        task, entry, leave, service_s = np.array(self.ways, dtype=np.int64).reshape(-1, 4).T
        return Vertices(
            fastest=self.fastest,
            row=np.array(rows, dtype=np.int64),
            place=np.array(places, dtype=np.int64),
            is_source=is_source,
            is_target=is_target,
            is_point=is_point,
            vias=np.array(self.vias, dtype=np.int64).reshape(-1, 3),
            passing=np.unique(np.array(self.passing, dtype=np.int64).reshape(-1, 3), axis=0),
            task=task,
            entry=entry,
            leave=leave,
            service_s=service_s,
            starts=starts,
            ends=ends,
        )


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
        Node of each vertex, shape ``(v,)``; `patrolroute.proof.graph.OUTSIDE` for depots.
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


def task_graph(instance: Instance, mode: Mode, longest_s: Seconds = INFINITE_S) -> TaskGraph:
    """Make the task graph of a mode for its fastest crew: nobody is quicker anywhere; no route is longer than that.

    Parameters
    ----------
    instance
        The night's numbers.
    mode
        Whose tasks and crews it shows.
    longest_s
        Seconds that no route is longer than.
    """
    laid = lay_out(instance, mode, longest_s)
    times = instance.travel(laid.fastest).seconds[np.ix_(laid.row, laid.row)].astype(np.int64)
    source, target = np.nonzero(_kept(laid, times))
    tail = np.concatenate((source, laid.passing[:, 0], laid.entry))
    head = np.concatenate((target, laid.passing[:, 1], laid.leave))
    seconds = np.concatenate((times[source, target], laid.passing[:, 2], laid.service_s))
    ways = slice(len(tail) - len(laid.task), len(tail))
    spans = [instance.tasks[task].starts for task in laid.task.tolist()]
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
    """Return the first second at which vertices are reached from a depot, and the last at which a way home is taken.

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

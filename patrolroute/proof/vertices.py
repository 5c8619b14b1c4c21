"""Vertices of the task graph: where streets begin and end, both sides of each stop at a hotspot, depots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.units import BoolArray, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.words import Mode

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
        """Give the vertices of depots, and those of end depots."""
        count, first_home = len(self.row), len(self.row) - len(self.ends)
        return np.arange(first_home - len(self.starts), first_home), np.arange(first_home, count)


def lay_out(problem: PatrolProblem, mode: Mode, longest_s: Seconds) -> Vertices:
    """Lay out the vertices of a mode for its fastest crew.

    Without turns a position is one vertex, where streets end and others begin. With turns a street about to be driven
    and the same street driven are two, and so are the two sides of a hotspot anywhere: only service leads from one to
    the other. No shift is longer than ``longest_s``.
    """
    team = [number for number, crew in enumerate(problem.crews) if crew.mode == mode]
    fastest = max(team, key=lambda number: problem.crews[number].speed_factor)
    maker = _Maker(problem, fastest)
    for task in np.flatnonzero(problem.allowed[team].any(axis=0)).tolist():
        maker.add(task)
    shifts = [(first, min(last, first + longest_s)) for first, last in map(problem.shift_s, team)]
    starts = maker.depots([problem.depot_node(number) for number in team], shifts, Role.SOURCE)
    ends = maker.depots([problem.home_node(number) for number in team], shifts, Role.TARGET)
    return maker.made(starts, ends)


class _Maker:
    """Numbers vertices as they come."""

    def __init__(self, problem: PatrolProblem, fastest: int) -> None:
        self.problem, self.fastest = problem, fastest
        self.row = problem.travel_matrix(fastest).row
        positions = problem.travel_matrix(fastest).times.positions
        self.node_from: Callable[[int], int] = positions.source_node
        self.node_to: Callable[[int], int] = positions.target_node
        self.has_turns = positions.network.turns is not None
        self.number: dict[tuple[object, ...], int] = {}
        self.facts: list[tuple[int, int, Role]] = []
        self.ways: list[tuple[int, int, int, int]] = []
        self.vias: list[tuple[int, int, int]] = []
        self.passing: list[tuple[int, int, int]] = []

    def add(self, task: int) -> None:
        """Add the ways of a task, and the vertices that they need."""
        is_street = self.problem.tasks[task].kind == "street"
        through = self.problem.passing_s(self.fastest, task)
        for way, (into, out, seconds) in enumerate(self.problem.ways(self.fastest, task)):
            if not is_street:
                entry = self._vertex(("in", task, way), into, self.node_to(into), Role.TARGET | Role.POINT)
                leave = self._vertex(("out", task, way), out, self.node_from(out), Role.SOURCE | Role.POINT)
            elif self.has_turns:
                entry = self._vertex(("in", into), into, self.node_to(into), Role.TARGET)
                leave = self._vertex(("out", out), out, self.node_from(out), Role.SOURCE)
                self.passing.append((entry, leave, through[way]))
                self.vias.append((entry, leave, through[way]))
            else:
                both = Role.SOURCE | Role.TARGET
                entry, leave = (self._vertex((end,), end, self.node_to(end), both) for end in (into, out))
            self.ways.append((task, entry, leave, seconds))

    def _vertex(self, key: tuple[object, ...], position: int, node: int, role: Role) -> int:
        if key not in self.number:
            self.number[key] = len(self.facts)
            self.facts.append((self.row[position], node, role))
            if Role.SOURCE | Role.TARGET in role:
                self.vias.append((self.number[key], self.number[key], 0))
        return self.number[key]

    def depots(self, at: list[int], shifts: list[tuple[int, int]], role: Role) -> Fleet:
        """Add a vertex for each depot, and count the crews there and the first and last second of their shifts."""
        found = []
        for where in sorted(set(at)):
            own = [span for here, span in zip(at, shifts, strict=True) if here == where]
            found.append((len(own), min(first for first, _ in own), max(last for _, last in own)))
            self.facts.append((self.row[where], OUTSIDE, role | Role.POINT))
        return tuple(found)

    def made(self, starts: Fleet, ends: Fleet) -> Vertices:
        """Give all that was added."""
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

"""`Night`: streets, crews and what must be served of one mode, as the ceiling of being seen looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain as joined
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, BoolArray, LongArray, Mode, Points, Seconds
from patrolroute.network.travel import TravelTimes
from patrolroute.plan.passes import TAU_S
from patrolroute.problem.clock import Span

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


@dataclass(frozen=True, slots=True)
class Shift:
    """Crews that start and end alike: how many there are, their depots as nodes, first and last second."""

    crews: int
    depot: int
    end_depot: int
    start_s: Seconds
    end_s: Seconds


class Fleet:
    """The crews of one mode and speed factor, and the roads as they drive them.

    Parameters
    ----------
    times
        Seconds of arcs and turns.
    shifts
        When and where they start and end.
    """

    def __init__(self, times: TravelTimes, shifts: Sequence[Shift]) -> None:
        self.times, self.shifts = times, tuple(shifts)
        self.states = times.states
        self.arc_s = times.arc_s.astype(np.int64)
        self.patrol_s = times.patrol_s.astype(np.int64)

    def turns_inside(self, chain: Sequence[int]) -> list[Seconds]:
        """Return the seconds of the turns inside a chain of arcs, 0 for one that is forbidden."""
        turns = self.times.network.turns
        return [0 if turns is None else max(0, turns.of(*pair)) for pair in pairwise(chain)]


@dataclass(frozen=True, slots=True)
class Around:
    """A set of nodes, and what leads into it and out of it.

    Parameters
    ----------
    nodes
        The nodes, without a depot among them.
    inward, outward, inner
        Arcs that lead into the set, out of it, and those inside.
    streets
        Numbers of the streets each direction of which crosses once, on arcs that no other street shares.
    """

    nodes: tuple[int, ...]
    inward: tuple[int, ...]
    outward: tuple[int, ...]
    inner: tuple[int, ...]
    streets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A hotspot: its node, how long a dwell takes, when one may start, and what its visits are worth.

    Parameters
    ----------
    node
        Node index.
    dwell_s
        Seconds of a dwell.
    starts
        Spans in which a dwell that counts may start, both ends allowed.
    worth
        Points of the first, second, … dwell.
    """

    node: int
    dwell_s: Seconds
    starts: tuple[Span, ...]
    worth: tuple[Points, ...]


class Night:
    """The streets and crews of one mode, as numbers.

    Parameters
    ----------
    problem
        The whole night.
    mode
        Whose streets and crews these are.

    Attributes
    ----------
    weight
        w of each street in parts of a metre, of which ``share`` make one.
    ways, chains
        Number of the street and arcs of each way to drive one; the ways of each street.
    lasting
        The first and the last second, ends excluded, at which somebody may come to each street and see a car at all.
    required
        Numbers of the streets that must be patrolled.
    spots
        The hotspots.
    """

    def __init__(self, problem: PatrolProblem, mode: Mode) -> None:
        numbers = [n for n, task in enumerate(problem.tasks) if task.kind == "street" and task.mode == mode]
        tasks = [problem.tasks[number] for number in numbers]
        self.network = problem.networks[mode]
        self.night_s = problem.night[1]
        self.chains = [task.directions for task in tasks]
        self.share = lcm(*(max(1, len(chains)) for chains in self.chains))
        self.weight = [
            task.priority * sum(int(self.network.length_m[list(chain)].sum()) for chain in task.directions)
            * (self.share // max(1, len(task.directions))) for task in tasks
        ]  # fmt: skip
        self.fleets = list(_fleets(problem, mode))
        self.ways = [(street, chain) for street, chains in enumerate(self.chains) for chain in chains]
        self.street_of_arc = _owners(self.ways, self.network.arc_count)
        ends = {node for fleet in self.fleets for one in fleet.shifts for node in (one.depot, one.end_depot)}
        self.depots = frozenset(ends)
        self.lasting = [_lasting(problem, number) for number in numbers]
        self.required = [street for street, task in enumerate(tasks) if task.required]
        self.spots = [
            Spot(task.node, task.dwell_s, tuple(joined(*task.starts)), task.worth)
            for task in problem.instance.loosened.tasks if task.kind == "hotspot" and task.mode == mode
        ]  # fmt: skip

    @property
    def open_s(self) -> Seconds:
        """T − τ: the seconds at which somebody may come to a street and stay for τ, at least 0."""
        return max(0, self.night_s - TAU_S)

    def lit(self, begin_s: Seconds = 0, end_s: Seconds | None = None) -> LongArray:
        """Return g(t), the seconds of a phase at which a pass at t is seen, for each second of the night.

        Parameters
        ----------
        begin_s, end_s
            The phase's ends; the whole night if they are left out.

        Returns
        -------
        LongArray
            Shape ``(T + 1,)``.
        """
        clock, end_s = np.arange(self.night_s + 1, dtype=np.int64), self.open_s if end_s is None else end_s
        found: LongArray = np.clip(clock, begin_s, end_s) - np.clip(clock - TAU_S, begin_s, end_s)
        return found

    def slower_s(self, street: int) -> Seconds:
        """Return by how many seconds patrolling a street takes longer than driving through, at the least."""
        slower = (fleet.patrol_s - fleet.arc_s for fleet in self.fleets)
        return min((int(more[list(chain)].sum()) for more in slower for chain in self.chains[street]), default=0)

    def around(self, nodes: Sequence[int]) -> Around:
        """Return what leads into a set of nodes and out of it."""
        network, inside = self.network, np.zeros(self.network.node_count, dtype=np.bool_)
        inside[list(nodes)] = True
        tail, head = inside[network.tail], inside[network.head]
        crossing = tail != head
        found = []
        for street in dict.fromkeys(self.street_of_arc[np.flatnonzero(crossing)].tolist()):
            chains = self.chains[street] if street >= 0 else ()
            if chains and all(int(crossing[list(chain)].sum()) == 1 for chain in chains):
                found.append(street)
        return Around(
            tuple(nodes),
            tuple(np.flatnonzero(head & ~tail).tolist()),
            tuple(np.flatnonzero(tail & ~head).tolist()),
            tuple(np.flatnonzero(tail & head).tolist()),
            tuple(found),
        )

    def until_end(self, fleet: Fleet, arc_s: LongArray) -> LongArray:
        """Return for each arc the seconds from the start of the pass that it is part of to its own end.

        ``arc_s`` are the seconds of each arc for the fleet, driving or patrolling.
        """
        seconds = arc_s.copy()
        for _, chain in self.ways:
            turns, passed = [0, *fleet.turns_inside(chain)], 0
            for arc, turn_s in zip(chain, turns, strict=True):
                passed += turn_s + int(arc_s[arc])
                seconds[arc] = max(seconds[arc], passed)
        return seconds

    def behind(self, fleet: Fleet) -> tuple[BoolArray, Seconds]:
        """Mark the arcs that are not the first of their pass, and tell how much earlier it began at the most."""
        is_late, longest = np.zeros(self.network.arc_count, dtype=np.bool_), 0
        for _, chain in self.ways:
            is_late[list(chain[1:])] = True
            passed = int(fleet.patrol_s[list(chain[:-1])].sum()) + sum(fleet.turns_inside(chain))
            longest = max(longest, passed)
        return is_late, longest


def _fleets(problem: PatrolProblem, mode: Mode) -> Iterator[Fleet]:
    """Yield the fleets of a mode."""
    for (of_mode, factor), paths in problem.paths.items():
        if of_mode != mode:
            continue
        counted: dict[tuple[int, int, Seconds, Seconds], int] = {}
        for crew, ends in zip(problem.crews, problem.depots, strict=True):
            if (crew.mode, crew.speed_factor) == (mode, factor):
                key = (*ends, problem.seconds(crew.start), problem.seconds(crew.end))
                counted[key] = counted.get(key, 0) + 1
        if counted:
            yield Fleet(paths.times, [Shift(crews, *key) for key, crews in counted.items()])


def _lasting(problem: PatrolProblem, street: int) -> Span:
    """Return from when until when a street can be seen at all.

    Nobody is there before the way there is driven, nor so late that no time is left to drive along it and home.
    """
    instance, open_s = problem.instance, max(0, problem.night[1] - TAU_S)
    first, last = INFINITE_S, -INFINITE_S
    for number, crew in enumerate(instance.crews):
        driving = instance.travel(number).seconds
        for way in instance.ways(number, street):
            there, back = int(driving[crew.depot, way.entry]), int(driving[way.leave, crew.end_depot])
            if max(there, back) < INFINITE_S:
                first = min(first, crew.start_s + there)
                last = max(last, crew.end_s - back - way.through_s)
    return (max(0, first - TAU_S), min(last, open_s)) if first <= last else (0, 0)


def _owners(ways: Sequence[tuple[int, tuple[int, ...]]], arcs: int) -> LongArray:
    """Return the street of each arc, -1 where there is none, or where more than one drive along streets uses it.

    A street that shares an arc with another, or drives one twice, has none of its own.
    """
    used = np.zeros(arcs, dtype=np.int64)
    for _, chain in ways:
        np.add.at(used, list(chain), 1)
    owner = np.full(arcs, -1, dtype=np.int64)
    shared = {street for street, chain in ways if (used[list(chain)] > 1).any()}
    for street, chain in ways:
        if street not in shared:
            owner[list(chain)] = street
    return owner

"""Prices of being seen, and what a night is worth at them: any prices give a ceiling that no plan exceeds.

A street of weight w (priority times metres) that is passed at t is seen by whoever is there in [t − τ, t], as far as
that lies in [0, T − τ]; those are g(t) seconds. So the seconds y at which it is seen are at most the sum of g over its
passes, and at most T − τ. At a price c for each of these seconds nobody can have more than Σ (w − c)⁺·(T − τ) and what
the crews collect, each of which gets c·g(t) for a pass, repeats paid again: crews do not depend on each other any more,
and the best night of each is a longest path in time.

Round junctions where an odd number of streets meets more can be said. Somebody who drives in drives out, so that where
all of them are passed within τ, one is passed twice, or another street is driven, but for crews that come by just when
τ begins or ends. With x the sum of g over all that crosses into a set of nodes or out of it, s the seconds from the
start of the pass that leads in to that of the pass that leads out, and F an odd number of streets that cross:

    x + 2·s >= 2·Σ y(F) − (|F| − 1)·(T − τ)

That is an odd co-circuit (Belenguer & Benavent 1998, doi:10.1023/A:1018316919294) for each instant, summed up over the
night. It has a price, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, BoolArray, LongArray, Mode, Seconds
from patrolroute.network.travel import TravelTimes
from patrolroute.plan.passes import TAU_S
from patrolroute.proof.presence_sweep import SECONDS, STATE, TURN_S, sweep

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem


NEVER = -(2**62)
"""Worth of what cannot be done: far below all else, and twice of it still fits."""

SLICE_S = 500
"""Seconds of the night between two looks at whether somebody wants to stop."""

UNIT = 2**8
"""Prices are whole parts of priority times metres; so fine that rounding costs nothing that anybody would see."""


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
        The seconds at which each street can be seen at all.
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

    @property
    def open_s(self) -> Seconds:
        """T − τ: the seconds at which somebody may come to a street and stay for τ, at least 0."""
        return max(0, self.night_s - TAU_S)

    def lit(self) -> LongArray:
        """Return g(t), the seconds at which a pass at t is seen, for each second of the night; shape ``(T + 1,)``."""
        clock = np.arange(self.night_s + 1, dtype=np.int64)
        return np.minimum(clock, self.open_s) - np.maximum(0, clock - TAU_S)

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


def _lasting(problem: PatrolProblem, street: int) -> Seconds:
    """Return the seconds at which a street can be seen at all.

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
    return max(0, min(last, open_s) - max(0, first - TAU_S)) if first <= last else 0


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


@dataclass(frozen=True, slots=True)
class Prices:
    """What is paid for being seen, in whole numbers from 0.

    Parameters
    ----------
    along
        For each way to drive a street (`Night.ways`) the price on each of its arcs; a pass pays their sum.
    junctions
        Sets of nodes, an odd number of streets that cross each, and the price of what is to cross them.
    """

    along: tuple[tuple[int, ...], ...]
    junctions: tuple[tuple[Around, tuple[int, ...], int], ...] = ()


def worth(night: Night, prices: Prices) -> int:
    """Return the most that the streets of a night can be seen, in ``Night.share * UNIT`` parts of w·s, rounded up.

    Parameters
    ----------
    night
        Streets and crews of a mode.
    prices
        Any prices.
    """
    total = sum(price * (len(odd) - 1) for _, odd, price in prices.junctions) * night.open_s
    left = [UNIT * weight for weight in night.weight]
    for _, odd, price in prices.junctions:
        for street in odd:
            left[street] -= 2 * price
    cheapest: dict[int, int] = {}
    for (street, _), along in zip(night.ways, prices.along, strict=True):
        cheapest[street] = min(cheapest.get(street, sum(along)), sum(along))
    total += sum(max(0, part - cheapest.get(street, part)) * night.lasting[street] for street, part in enumerate(left))
    for fleet in night.fleets:
        paid = Paid(night, fleet, prices)
        total += sum(shift.crews * paid.best(shift) for shift in fleet.shifts)
    return total


class Paid:
    """What a fleet is paid for each move at given prices.

    Parameters
    ----------
    night, fleet
        Streets, and crews with their roads.
    prices
        What is paid.
    """

    def __init__(self, night: Night, fleet: Fleet, prices: Prices) -> None:
        network, states = night.network, fleet.states
        self.night, self.fleet = night, fleet
        gain, fixed, into = np.zeros((3, network.arc_count), dtype=np.int64)
        slow = np.zeros(network.node_count, dtype=np.int64)
        for (_, chain), along in zip(night.ways, prices.along, strict=True):
            np.add.at(gain, list(chain), along)
        until_end = night.until_end(fleet, fleet.arc_s)
        for around, _, price in prices.junctions:
            inward, outward, inner = list(around.inward), list(around.outward), list(around.inner)
            gain[inward] += price
            gain[outward] += price
            into[inward] += price
            fixed[inward] += price * until_end[inward]
            fixed[inner] += price * fleet.arc_s[inner]
            slow[list(around.nodes)] += price
        standing = slow[network.head] + self._later_on(into)
        is_late, longest = night.behind(fleet)
        lit = night.lit()
        later = lit.copy()
        for back in range(1, min(longest, night.night_s) + 1):
            later[back:] = np.maximum(later[back:], lit[:-back])
        self.lit = np.stack((lit, later, self._edges(fixed > 0)))
        if network.turns is None:
            self.waiting = slow.copy()
            np.maximum.at(self.waiting, network.head, standing)
        else:
            self.waiting = standing[states.state_arc]
        alone = np.arange(network.arc_count), network.head if network.turns is None else np.arange(network.arc_count)
        pairs = np.column_stack((states.arc, states.target)), np.column_stack(alone)
        drives, drive = np.unique(np.concatenate(pairs).astype(np.int64), axis=0, return_inverse=True)
        arc = drives[:, 0]
        about = drives[:, 1], fleet.arc_s[arc], gain[arc], fixed[arc], is_late[arc].astype(np.int64)
        self.drives = np.column_stack(about)
        turn_s = states.turn_s.astype(np.int64)
        pays = turn_s * slow[network.tail[states.arc]]
        self.turns = np.column_stack((drive.reshape(-1)[: len(turn_s)], turn_s, pays))
        self.first = np.searchsorted(states.source, np.arange(states.count + 1))
        self.drive_arc = arc

    def _later_on(self, into: LongArray) -> LongArray:
        """Return for each arc what is paid for a second on it by the junctions that the rest of its pass leads into."""
        found = np.zeros_like(into)
        for _, chain in self.night.ways:
            for place, arc in enumerate(chain[:-1]):
                found[arc] += int(into[list(chain[place + 1 :])].sum())
        return found

    def _edges(self, is_paid: BoolArray) -> LongArray:
        """Return how many quarters of an hour may begin or end near each second: 1 in the first and the last, else 2.

        What is paid for the seconds of a drive may be for some before it, back to where its pass began, or after it.
        """
        night, fleet = self.night, self.fleet
        near = int(night.until_end(fleet, fleet.patrol_s)[is_paid].max(initial=0))
        near += int(fleet.states.turn_s.max(initial=0))
        clock = np.arange(night.night_s + 1)
        return 1 + ((clock + near >= TAU_S) & (clock - near <= night.open_s)).astype(np.int64)

    def best(self, shift: Shift) -> int:
        """Return the most that a crew of a shift collects from its start to its end.

        A second by which a drive takes longer than it must is paid as one of standing after it.
        """
        network, states = self.night.network, len(self.first) - 1
        ahead = np.full((states, int(self.drives[:, SECONDS].max(initial=1)) + 1), NEVER, dtype=np.int64)
        about = np.full((len(self.drives), int(self.turns[:, TURN_S].max(initial=0)) + 1), NEVER, dtype=np.int64)
        ahead[self._states_at(shift.end_depot), shift.end_s % ahead.shape[1]] = 0
        begun = np.array([0 if shift.depot == shift.end_depot else NEVER])
        is_first = network.tail[self.drive_arc] == shift.depot
        if network.turns is not None:
            is_first &= self.drives[:, STATE] == self.drive_arc
        out = np.flatnonzero(is_first)
        for until in range(shift.end_s, shift.start_s, -SLICE_S):
            clocks = np.array([until, max(shift.start_s, until - SLICE_S)])
            sweep(
                clocks, self.waiting, self.drives, self.first, self.turns, out, self.lit, ahead, about, begun
            )  # fmt: skip
        return int(begun[0])

    def _states_at(self, node: int) -> LongArray:
        """Return the states of a crew that is at a node, however it came."""
        if self.night.network.turns is None:
            return np.array([node])
        return np.flatnonzero(self.night.network.head[self.fleet.states.state_arc] == node)

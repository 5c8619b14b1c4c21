"""What crews can do at all, tried out arc by arc: slow, plain, and without a table of travel times or positions.

Everything that the audit allows is tried: any way, not only the quickest; a break at any junction; a street that is
begun before the turn into it. What was driven is kept as a list of arcs, and restrictions are looked up in it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from patrolroute.network.speeds import FORBIDDEN
from patrolroute.problem.model import PatrolProblem

Slot = tuple[int, int]
"""A task and one of its slices."""

State = tuple[tuple[int, ...], frozenset[Slot], bool]
"""The arcs driven last, or the node where there are none; what was served; whether the crew has rested."""


@dataclass
class Crew:
    """One crew's night, tried out; ``slots`` are the visits that are looked at."""

    problem: PatrolProblem
    number: int
    slots: tuple[Slot, ...]
    best: dict[State, list[tuple[int, int]]] = field(default_factory=dict)
    queue: list[tuple[int, int, int, State]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        crew = self.problem.crews[self.number]
        self.own = self.problem.instance.crews[self.number]
        self.network = self.problem.networks[crew.mode]
        self.travel_s, self.patrol_s = (
            np.maximum(1, np.floor(table / crew.speed_factor + 0.5)).astype(int).tolist()
            for table in (self.network.travel_s, self.network.patrol_s)
        )
        self.depot, self.home = self.problem.depots[self.number]
        self.chains = () if self.network.turns is None else self.network.turns.chains
        self.memory = max([1, *(len(chain) - 1 for chain in self.chains)])
        self.out = [np.flatnonzero(self.network.tail == node).tolist() for node in range(self.network.node_count)]
        self.limit_m = self.own.range_m if self.own.range_m is not None else 2**40

    def servable(self) -> set[frozenset[Slot]]:
        """Return every set of visits that the crew can make and be home in time."""
        self._reach(self.own.start_s, 0, ((), frozenset(), self.own.break_ is None))
        found = {frozenset[Slot]()}
        while self.queue:
            clock, metres, _, state = heapq.heappop(self.queue)
            if (clock, metres) not in self.best[state]:
                continue
            driven, served, has_rested = state
            if driven and self._node(driven) == self.home and has_rested:
                found.add(served)
            self._go_on(clock, metres, state)
        return found

    def _node(self, driven: tuple[int, ...]) -> int:
        return int(self.network.head[driven[-1]]) if driven else self.depot

    def _reach(self, clock: int, metres: int, state: State) -> None:
        """Note a state unless the crew can be in it as early with as few metres."""
        if clock > self.own.end_s or metres > self.limit_m:
            return
        metres = 0 if self.own.range_m is None else metres
        known = self.best.setdefault(state, [])
        if any(one[0] <= clock and one[1] <= metres for one in known):
            return
        known[:] = [one for one in known if one[0] < clock or one[1] < metres] + [(clock, metres)]
        heapq.heappush(self.queue, (clock, metres, next(self.order), state))

    def _go_on(self, clock: int, metres: int, state: State) -> None:
        driven, served, has_rested = state
        for arc in self.out[self._node(driven)]:
            if (turn_s := self._turn(driven, arc)) is not None:
                after = (*driven, arc)[-self.memory :]
                length_m = metres + int(self.network.length_m[arc])
                self._reach(clock + turn_s + self.travel_s[arc], length_m, (after, served, has_rested))
        if not has_rested and self.own.break_ is not None:
            for first, last in self.own.break_.starts:
                if clock <= last:
                    self._reach(max(first, clock) + self.own.break_.length_s, metres, (driven, served, True))
        for slot in self.slots:
            if slot not in served and self._may_add(served, slot[0]):
                self._serve(clock, metres, state, slot)

    def _serve(self, clock: int, metres: int, state: State, slot: Slot) -> None:
        driven, served, has_rested = state
        task = self.problem.tasks[slot[0]]
        first, last = task.slices[slot[1]]
        last -= task.headway_s
        if task.kind == "hotspot":
            if self._node(driven) != task.node:
                return
            for opens, closes in task.windows or ((first, last + task.dwell_s),):
                begin = max(clock, first, opens)
                if begin <= min(last, closes - task.dwell_s):
                    self._reach(begin + task.dwell_s, metres, (driven, served | {slot}, has_rested))
            return
        begin = max(clock, first)
        if begin > last:
            return
        for chain in task.directions:
            done = driven
            then, length_m = begin, metres
            for arc in chain:
                turn_s = self._turn(done, arc) if self.network.tail[arc] == self._node(done) else None
                if turn_s is None:
                    break
                then += turn_s + self.patrol_s[arc]
                length_m += int(self.network.length_m[arc])
                done = (*done, arc)[-self.memory :]
            else:
                self._reach(then, length_m, (done, served | {slot}, has_rested))

    def _turn(self, driven: tuple[int, ...], arc: int) -> int | None:
        """Return the seconds of a turn, None if it may not be made after what was driven."""
        turns = self.network.turns
        if turns is None or not driven:
            return 0
        seconds = turns.of(driven[-1], arc)
        whole = (*driven, arc)
        if seconds == FORBIDDEN or any(whole[-len(chain) :] == chain for chain in self.chains):
            return None
        return seconds

    def _may_add(self, served: frozenset[Slot], task: int) -> bool:
        if not self.problem.instance.is_allowed(self.number, task):
            return False
        load = self.problem.tasks[task].load + sum(self.problem.tasks[one].load for one, _ in served)
        return self.own.capacity is None or load <= self.own.capacity


def made_together(problem: PatrolProblem, slots: tuple[Slot, ...]) -> set[frozenset[Slot]]:
    """Return every set of these visits that all crews together can make."""
    shared = {frozenset[Slot]()}
    for number in range(len(problem.crews)):
        able = Crew(problem, number, slots).servable()
        shared = {one | other for one in shared for other in able}
    return shared


def worth(problem: PatrolProblem, visits: frozenset[Slot]) -> int:
    """Return the points of a set of visits."""
    made = [task for task, _ in visits]
    return sum(sum(task.worth[: made.count(number)]) for number, task in enumerate(problem.tasks))

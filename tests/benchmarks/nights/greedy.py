"""The greedy baseline: whoever is free first drives on to the street with the most to gain per second, home in time.

What is gained is what the measure counts, on the street itself and along the way there (`nights.watch`), with all that
the others will have done by then. Crews may have appointments, decisions that are kept: they are free in between.
With ``required_first`` a required street that nobody has patrolled is patrolled and counts as not seen for a quarter of
an hour more; from half the night on such streets alone are driven to as long as there are any.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from nights.stops import Appointment
from nights.watch import Watch
from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.evaluate import DRIVE_BY, EXTRA, Solution, Visit, earliest_start
from patrolroute.problem.model import PatrolProblem

HURRY_SHARE = 0.5
"""From this part of the night on what is required comes before all else, with ``required_first``."""


@dataclass
class Car:
    """A crew on its way."""

    clock: int
    row: int
    visits: list[Visit] = field(default_factory=list)
    ahead: list[Appointment] = field(default_factory=list)


class Choices(NamedTuple):
    """The ways to drive the streets that a crew may serve, one entry for each, as arrays of equal length."""

    task: np.ndarray
    way: np.ndarray
    entry: np.ndarray
    leave: np.ndarray
    through_s: np.ndarray
    service_s: np.ndarray


class Greedy:
    """One greedy night.

    Parameters
    ----------
    watch
        Of the night; what it has noted is forgotten.
    required_first
        Whether required streets are patrolled.
    noise
        Each offer is worth less by a random share up to this one.
    seed
        Of these.
    """

    def __init__(self, watch: Watch, *, required_first: bool = False, noise: float = 0.0, seed: int = 0) -> None:
        self.watch, self.problem, self.instance = watch, watch.problem, watch.problem.instance
        self.noise, self.rng = noise, np.random.default_rng(seed)
        self.choices = [_choices(self.problem, crew) for crew in range(len(self.instance.crews))]
        self.due = np.zeros(len(self.problem.tasks), dtype=np.bool_)
        if required_first:
            self.due[[n for n, task in enumerate(self.problem.tasks) if task.kind == "street" and task.required]] = True

    def night(self, appointments: list[list[Appointment]] | None = None) -> Solution:
        """Return what the crews do."""
        self.watch.clear()
        own = self.instance.crews
        self.cars = [Car(crew.start_s, crew.depot) for crew in own]
        for car, ahead in zip(self.cars, appointments or [[] for _ in own], strict=True):
            car.ahead = list(ahead)
            for visit, by_s in ahead:
                self.due[visit.task] &= visit.slot == DRIVE_BY
                if self.watch.weight[visit.task]:
                    self.watch.add(visit.task, by_s)
        free = [(car.clock, number) for number, car in enumerate(self.cars)]
        heapq.heapify(free)
        while free:
            _, number = heapq.heappop(free)
            if self._go_on(number):
                heapq.heappush(free, (self.cars[number].clock, number))
        return Solution(tuple(tuple(car.visits) for car in self.cars))

    def _go_on(self, crew: int) -> bool:
        """Drive to the best street, else to the next appointment, else home; False once home."""
        car, own = self.cars[crew], self.instance.crews[crew]
        found = self._best(crew)
        if found is not None:
            self._drive(crew, found)
            return True
        if car.ahead:
            visit, by_s = car.ahead.pop(0)
            if self.watch.weight[visit.task]:
                self.watch.drop(visit.task, by_s)
            self._drive(crew, visit)
            return True
        if car.visits:
            for task, at in self.watch.along(own.kind, car.row, own.end_depot, car.clock):
                self.watch.add(task, at)
        return False

    def _drive(self, crew: int, visit: Visit) -> None:
        """Note a visit and whom the crew passes by on its way there."""
        car, way, kind = self.cars[crew], self.instance.way(crew, visit), self.instance.crews[crew].kind
        for task, at in self.watch.along(kind, car.row, way.entry, car.clock):
            self.watch.add(task, at)
        ready = car.clock + int(self.instance.travel(crew).seconds[car.row, way.entry])
        begin = ready if visit.slot < 0 else earliest_start(self.instance.tasks[visit.task].starts[visit.slot], ready)
        if begin is None:
            raise SystemExit("greedy: an appointment is missed")
        if self.watch.weight[visit.task]:
            self.watch.add(visit.task, begin)
        if visit.slot != DRIVE_BY:
            self.due[visit.task] = False
        car.visits.append(visit)
        car.clock, car.row = begin + way.service_s, way.leave

    def _best(self, crew: int) -> Visit | None:
        """Return the street with the most to gain per second, None if none can be driven in time."""
        car, own, some = self.cars[crew], self.instance.crews[crew], self.choices[crew]
        seconds = self.instance.travel(crew).seconds
        target, by_s = own.end_depot, own.end_s
        if car.ahead:
            target, by_s = self.instance.way(crew, car.ahead[0].visit).entry, car.ahead[0].by_s
        is_due = self.due[some.task]
        drive = seconds[car.row, some.entry].astype(np.int64)
        taken = np.maximum(1, drive + np.where(is_due, some.service_s, some.through_s))
        can = (drive < INFINITE_S) & (car.clock + taken + seconds[some.leave, target] <= by_s)
        if car.clock >= HURRY_SHARE * self.watch.window_s and (can & is_due).any():
            can &= is_due
        here = np.flatnonzero(can)
        if not len(here):
            return None
        alone = self.watch.gains(some.task[here], car.clock + drive[here])
        extra = np.where(is_due[here], self.watch.weight[some.task[here]] * self.watch.tau_s * 100, 0)
        gain = alone + extra + self._along(own.kind, car, some, here)
        rate = gain / taken[here] * (1 - self.noise * self.rng.random(len(here)))
        best, best_rate = -1, -1.0
        for place in np.argsort(-rate, kind="stable").tolist():
            if rate[place] <= best_rate:
                break
            number = int(here[place])
            twice = self._twice(own.kind, car, some, number, alone=int(alone[place]))
            exact = rate[place] * (1 - twice / max(1, int(gain[place])))
            if exact > best_rate:
                best, best_rate = number, exact
        slot = EXTRA if is_due[best] else DRIVE_BY
        return Visit(int(some.task[best]), slot, int(some.way[best]))

    def _along(self, kind: int, car: Car, some: Choices, here: np.ndarray) -> np.ndarray:
        """Return what is gained on the ways to choices."""
        ways, seconds = self.watch.ways, self.instance.classes[kind].travel.seconds
        entry = np.maximum(ways.chain_entry[kind], 0)
        there = seconds[car.row, entry].astype(np.int64)
        can = (ways.chain_entry[kind] >= 0) & (there < INFINITE_S)
        gain = np.where(can, self.watch.gains(ways.chain_task, np.where(can, car.clock + there, 0)), 0)
        before = ways.last[kind, car.row, entry].astype(np.int64)
        while (before >= 0).any():
            gain = gain + np.where(before >= 0, gain[before], 0)
            before = np.where(before >= 0, before[before], -1)
        last = ways.last[kind, car.row, some.entry[here]]
        return np.where(last >= 0, gain[last], 0)

    def _twice(self, kind: int, car: Car, some: Choices, number: int, *, alone: int) -> int:
        """Return what was counted too much because streets are driven along twice on the way to a choice."""
        passed = list(self.watch.along(kind, car.row, int(some.entry[number]), car.clock))
        if not passed:
            return 0
        tasks = np.array([task for task, _ in passed])
        gains = self.watch.gains(tasks, np.array([at for _, at in passed]))
        most = {int(some.task[number]): alone}
        for task, one in zip(tasks.tolist(), gains.tolist(), strict=True):
            most[task] = max(most.get(task, 0), one)
        return int(gains.sum()) + alone - sum(most.values())


def _choices(problem: PatrolProblem, crew: int) -> Choices:
    """Lay out the ways to drive the streets that a crew may serve."""
    instance = problem.instance
    rows = [
        (number, way, one.entry, one.leave, one.through_s, one.service_s)
        for number, task in enumerate(problem.tasks)
        if task.kind == "street" and instance.is_allowed(crew, number)
        for way, one in enumerate(instance.ways(crew, number))
    ]
    return Choices(*np.array(rows, dtype=np.int64).T)

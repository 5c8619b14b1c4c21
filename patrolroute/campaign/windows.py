"""Streets and windows: what somebody sees of a night who comes to a street and stays for some minutes.

A *street* (重点路段) is all segments of one name and priority; those without a name are one, too. Somebody who comes to
a segment at an instant x and stays for m minutes sees a car if one comes by in [x, x + m]. The *chance* of a street in
a step of the night, five minutes for example, is that of somebody who comes to a random place of it at a random instant
of the step: the share of its metres times instants at which who comes then sees a car. For one plan that is a share of
length and time; for plans that are drawn it is the mean of theirs by their chances, so it is linear in these.

A step counts for a street if everything in it was possible: all of its windows begin after a car can have come to each
of the street's segments, driving there at once, and end before the last one must have left each to be home in time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.base.errors import Complaints, ProblemError
from patrolroute.base.vocabulary import INFINITE_S, BoolArray, FloatArray, LongArray, Seconds
from patrolroute.plan.passes import all_passes
from patrolroute.problem.model import HourWeights

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem

STEP_S = 300
"""A step of the night. In five minutes a car drives through a street; finer steps ask for nothing else, with more of
them."""


@dataclass(frozen=True, slots=True)
class Street:
    """A street of a night: segments of one name and priority.

    Parameters
    ----------
    name, priority
        As the night has them.
    tasks
        Numbers of its segments among the night's tasks.
    metres
        Twice the metres of each segment, the mean of its directions.
    wanted
        How much it is to be seen beside others, above 0.
    begin_s, end_s
        Somebody can have come to each segment by the first, and must have left each at the second, in seconds since the
        night began.
    """

    name: str
    priority: int
    tasks: tuple[int, ...]
    metres: tuple[int, ...]
    wanted: float
    begin_s: Seconds
    end_s: Seconds


def usually_wanted(priority: int, highest: int) -> float:
    """Return how much a street is to be seen by its priority: the root of its share of the night's highest one.

    Beside a street of priority 5, which wants 1, one of 4 wants 0.89, of 3 0.77, of 2 0.63, of 1 0.45. Without any
    weight all streets are seen alike, and nights are no longer seen where it matters; by the priority itself a
    by-street would be seen a fifth as much.
    """
    return math.sqrt(priority / highest)


@dataclass(frozen=True, eq=False)
class Windows:
    """The streets of a night, and the steps in which windows of some minutes begin.

    Parameters
    ----------
    streets
        The streets, in the order of the night's tasks.
    minutes
        How long somebody stays: m, at least 1.
    night_s
        Seconds of the night.
    step_s
        Seconds of a step.
    tasks
        How many tasks the night has.
    """

    streets: tuple[Street, ...]
    minutes: int
    night_s: Seconds
    step_s: Seconds
    tasks: int

    @classmethod
    def of(
        cls,
        problem: PatrolProblem,
        *,
        minutes: int = 15,
        wanted: Mapping[int, float] | None = None,
        step_s: Seconds = STEP_S,
    ) -> Windows:
        """Return the streets of a night and its windows.

        Parameters
        ----------
        problem
            The night.
        minutes
            How long somebody stays, 1 to 120.
        wanted
            How much streets of each priority are to be seen beside each other, above 0; `usually_wanted` for those that
            are not named.
        step_s
            Seconds of a step, 1 to 3,600.

        Raises
        ------
        ProblemError
            If a number is out of its range, or no window of any street lies in the night.
        """
        _check(problem, minutes, dict(wanted or {}), step_s)
        spans = _spans(problem)
        grouped: dict[tuple[str, str, int], list[int]] = {}
        for number, task in enumerate(problem.tasks):
            if task.kind == "street":
                name = "" if task.name == task.id else task.name
                grouped.setdefault((name, task.mode, task.priority), []).append(number)
        streets, highest = [], max(priority for _, _, priority in grouped)
        for (name, mode, priority), numbers in grouped.items():
            length_m = problem.networks[mode].length_m  # type: ignore[index]
            metres = []
            for number in numbers:
                lengths = [int(length_m[list(chain)].sum()) for chain in problem.tasks[number].directions]
                metres.append(2 * sum(lengths) // max(1, len(lengths)))
            begins, ends = zip(*(spans[number] for number in numbers), strict=True)
            weight = (wanted or {}).get(priority, usually_wanted(priority, highest))
            streets.append(Street(name, priority, tuple(numbers), tuple(metres), weight, max(begins), min(ends)))
        found = cls(tuple(streets), minutes, problem.night[1], step_s, len(problem.tasks))
        if not found.counts.any():
            raise ProblemError([f"mix: no window of {minutes} minutes of any street lies in the night"])
        return found

    @property
    def stay_s(self) -> Seconds:
        """M in seconds."""
        return 60 * self.minutes

    @property
    def steps(self) -> int:
        """Number of whole steps in which windows begin that end with the night."""
        return max(0, self.night_s - self.stay_s) // self.step_s

    @cached_property
    def begins(self) -> LongArray:
        """The first second of each step, shape ``(steps,)``."""
        found: LongArray = np.arange(self.steps, dtype=np.int64) * self.step_s
        return found

    @cached_property
    def counts(self) -> BoolArray:
        """Which steps count for which street, shape ``(streets, steps)``."""
        begin = np.array([street.begin_s for street in self.streets])[:, None]
        end = np.array([street.end_s for street in self.streets])[:, None]
        metres = np.array([sum(street.metres) for street in self.streets])[:, None]
        found: BoolArray = (self.begins >= begin) & (self.begins + self.step_s + self.stay_s <= end) & (metres > 0)
        return found

    @cached_property
    def wanted(self) -> FloatArray:
        """How much each street is to be seen, shape ``(streets,)``."""
        return np.array([street.wanted for street in self.streets], dtype=np.float64)

    @cached_property
    def row(self) -> LongArray:
        """The street of each task, 0 for hotspots, shape ``(tasks,)``."""
        found = np.zeros(self.tasks, dtype=np.int64)
        for number, street in enumerate(self.streets):
            found[list(street.tasks)] = number
        return found

    def seen(self, marks: Sequence[Iterable[Seconds]]) -> FloatArray:
        """Return the chance of each segment in each step, shape ``(tasks, steps)``; 0 for hotspots.

        Parameters
        ----------
        marks
            For each task the seconds at which somebody comes by.
        """
        found, until = np.zeros((self.tasks, self.steps)), self.steps * self.step_s
        for number in [task for street in self.streets for task in street.tasks]:
            edges = np.zeros(until + 1, dtype=np.int64)
            for at in marks[number]:
                if at > 0 and at - self.stay_s < until:
                    edges[max(0, at - self.stay_s)] += 1
                    edges[min(until, at)] -= 1
            lit = edges[:until].cumsum() > 0
            found[number] = lit.reshape(self.steps, self.step_s).mean(axis=1) if self.steps else 0
        return found

    def chances(self, seen: FloatArray) -> FloatArray:
        """Return the chance of each street in each step, from those of segments, shape ``(streets, steps)``."""
        found = np.zeros((len(self.streets), self.steps))
        for number, street in enumerate(self.streets):
            metres = np.array(street.metres, dtype=np.float64)
            found[number] = metres @ seen[list(street.tasks)] / max(1.0, metres.sum())
        return found

    def of_plan(self, plan: PatrolPlan) -> FloatArray:
        """Return the chance of each segment in each step with one plan, read from its legs."""
        passes = all_passes(plan)
        return self.seen([[one.begin_s for one in passes[task.id]] for task in plan.tasks])

    def least(self, chances: FloatArray) -> float:
        """Return the least weighted chance: that of a street in a step that counts, by how much it is wanted.

        Parameters
        ----------
        chances
            Of streets in steps, shape ``(streets, steps)``.
        """
        weighted = chances / self.wanted[:, None]
        return float(weighted[self.counts].min())

    def least_segment(self, segments: FloatArray) -> float:
        """Return the least chance of any segment in a step that counts for its street.

        Parameters
        ----------
        segments
            Chances of segments in steps, shape ``(tasks, steps)``.
        """
        least = 1.0
        for number, street in enumerate(self.streets):
            steps = self.counts[number]
            if steps.any():
                least = min(least, float(segments[list(street.tasks)][:, steps].min()))
        return least

    def hours(self, prices: FloatArray, usual: float) -> HourWeights:
        """Return weights of seconds by which a search sees what has prices.

        Parameters
        ----------
        prices
            Of a street's chance in a step, from 0, shape ``(streets, steps)``; some above 0.
        usual
            The share of all weights that is spread as ever, by priority and metres: from 0 to 1.
        """
        weight = np.array([street.priority * sum(street.metres) for street in self.streets], dtype=np.float64)
        rates = prices / np.maximum(1.0, weight)[:, None]
        mean = float((rates * weight[:, None]).sum() / (weight.sum() * max(1, self.steps)))
        rates = 100 * (usual + (1 - usual) * rates / mean)
        whole = np.clip(np.rint(rates), 0, MOST_RATE).astype(np.int64)
        seconds = np.full((len(self.streets), self.night_s), round(100 * usual), dtype=np.int64)
        seconds[:, : self.steps * self.step_s] = np.repeat(whole, self.step_s, axis=1)
        sums = np.concatenate((np.zeros((len(seconds), 1), dtype=np.int64), seconds.cumsum(axis=1)), axis=1)
        return HourWeights(self.row, sums)


MOST_RATE = 20_000
"""Hundredths of the usual weight: a step that weighs two hundred times as much outweighs all others near it."""


def _check(problem: PatrolProblem, minutes: int, wanted: Mapping[int, float], step_s: Seconds) -> None:
    complaints = Complaints()
    if not 1 <= minutes <= LONGEST_MINUTES:
        complaints.add(f"mix: minutes is {minutes}; it must be 1 to {LONGEST_MINUTES}")
    if not 1 <= step_s <= LONGEST_STEP_S:
        complaints.add(f"mix: step_s is {step_s}; it must be 1 to {LONGEST_STEP_S}")
    for priority, weight in wanted.items():
        if not (weight > 0 and math.isfinite(weight)):
            complaints.add(f"mix: priority {priority} is wanted {weight:g}; it must be above 0")
    if not any(task.kind == "street" for task in problem.tasks):
        complaints.add("mix: the night has no streets")
    complaints.raise_as(ProblemError)


LONGEST_MINUTES, LONGEST_STEP_S = 120, 3600


def _spans(problem: PatrolProblem) -> dict[int, tuple[Seconds, Seconds]]:
    """Return for each street segment when somebody can have come by first, and last so as to be home in time."""
    instance, found = problem.instance, dict[int, tuple[Seconds, Seconds]]()
    for number, task in enumerate(problem.tasks):
        if task.kind != "street":
            continue
        first, last = INFINITE_S, -1
        for crew, own in enumerate(instance.crews):
            driving = instance.travel(crew).seconds
            for way in instance.ways(crew, number):
                there, back = int(driving[own.depot, way.entry]), int(driving[way.leave, own.end_depot])
                if max(there, back) < INFINITE_S:
                    first = min(first, own.start_s + there)
                    last = max(last, own.end_s - back - way.through_s)
        found[number] = first, last
    return found

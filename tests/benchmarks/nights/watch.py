"""What is seen of a night while it is made: passes of every street, and what one more would add.

The same tally as the measure has: key hours, promises and a quarter of an hour as in `patrolroute.plan.seen`, and
streets along quickest ways count as those driven on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from patrolroute.problem.evaluate import DRIVE_BY, Solution, evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.arrays import arrays
from patrolroute.search.presence.tally import TAU_S, streets_of
from patrolroute.search.presence.walk import ways_of

COLUMNS = 16
"""Passes of a street that there is room for at first; the room doubles as it is needed."""


class Watch:
    """Passes of every street, and what all streets miss.

    Parameters
    ----------
    problem
        The night.
    """

    def __init__(self, problem: PatrolProblem) -> None:
        data = arrays(problem.instance.searched, 1)
        self.problem, self.ways, self.streets = problem, ways_of(problem, data), streets_of(problem, data)
        self.tau_s, self.window_s = int(TAU_S), int(self.streets.window_s)
        self.weight = self.streets.weight[: len(problem.tasks)]
        self.clear()

    def clear(self) -> None:
        """Forget all passes."""
        self.at = np.full((len(self.weight), COLUMNS), self.window_s, dtype=np.int64)
        self.passes = np.zeros(len(self.weight), dtype=np.int64)

    def add(self, task: int, at: int) -> None:
        """Note that somebody comes by."""
        if self.passes[task] + 1 >= self.at.shape[1]:
            self.at = np.concatenate((self.at, np.full_like(self.at, self.window_s)), axis=1)
        count = int(self.passes[task])
        self.at[task, count] = at
        self.passes[task] = count + 1
        self.at[task, : count + 1].sort()

    def drop(self, task: int, at: int) -> None:
        """Forget that somebody comes by."""
        count = int(self.passes[task])
        place = int(np.searchsorted(self.at[task, :count], at))
        self.at[task, place:-1] = self.at[task, place + 1 :]
        self.passes[task] = count - 1

    def gains(self, tasks: Any, at: Any) -> Any:
        """Return how much less streets would miss if somebody came by, each alone.

        Parameters
        ----------
        tasks, at
            Streets, and the second at each, shape ``(n,)``.
        """
        passes, clock = self.at[tasks], at[:, None]
        before = np.where(passes <= clock, passes, 0).max(axis=1)
        until = np.where(passes > clock, passes, self.window_s).min(axis=1)
        first, last = np.maximum(before, at - self.tau_s), np.minimum(at, until - self.tau_s)
        hours, weighed = self.streets.hours[tasks], self.streets.weighed_s
        inside = np.clip(last, 0, self.window_s), np.clip(first, 0, self.window_s)
        gain = self.weight[tasks] * np.where(
            last > first, weighed[hours, inside[0]] - weighed[hours, inside[1]], 0
        )  # fmt: skip
        longest = self.streets.longest_s[tasks]
        beyond = np.maximum(0, until - before - longest)
        left = np.maximum(0, at - before - longest) + np.maximum(0, until - at - longest)
        gain = gain + self.streets.strict * np.maximum(0, beyond - left)
        return np.where(at < self.window_s, gain, 0)

    def along(self, kind: int, source: int, target: int, clock: int) -> Iterator[tuple[int, int]]:
        """Yield streets that a drive runs along and when, the last one first."""
        seconds = self._seconds(kind)
        chain = int(self.ways.last[kind, source, target])
        while chain >= 0:
            entry = int(self.ways.chain_entry[kind, chain])
            yield int(self.ways.chain_task[chain]), clock + int(seconds[source, entry])
            chain = int(self.ways.last[kind, source, entry])

    def _seconds(self, kind: int) -> Any:
        return self.problem.instance.classes[kind].travel.seconds

    def follow(self, solution: Solution) -> None:
        """Note all passes of a night, and no others."""
        self.clear()
        instance = self.problem.instance
        times = evaluate(self.problem, solution).routes
        for crew, (route, found) in enumerate(zip(solution.routes, times, strict=True)):
            own = instance.crews[crew]
            clock, row = own.start_s, own.depot
            for visit, begin_s in zip(route, found.starts, strict=True):
                way = instance.way(crew, visit)
                for task, at in self.along(own.kind, row, way.entry, clock):
                    self.add(task, at)
                if self.weight[visit.task]:
                    self.add(visit.task, begin_s)
                clock, row = begin_s + way.service_s, way.leave
            if route:
                for task, at in self.along(own.kind, row, own.end_depot, clock):
                    self.add(task, at)

    def unseen(self) -> int:
        """Return what all streets miss: weighted unseen time, and what broken promises cost."""
        marks = np.concatenate(
            (np.zeros((len(self.at), 1), dtype=np.int64), self.at, np.full((len(self.at), 1), self.window_s)), axis=1
        )
        begin, end = marks[:, :-1], marks[:, 1:]
        hours, weighed = self.streets.hours[: len(self.at), None], self.streets.weighed_s
        missed = weighed[hours, np.maximum(begin, end - self.tau_s)] - weighed[hours, begin]
        beyond = np.maximum(0, end - begin - self.streets.longest_s[: len(self.at), None])
        return int((self.weight * missed.sum(axis=1)).sum() + self.streets.strict * beyond.sum())

    def missed(self, solution: Solution) -> int:
        """Return how many required tasks nobody serves: a drive through serves none."""
        served = {visit.task for visit in solution.visits() if visit.slot != DRIVE_BY}
        return sum(task.required and number not in served for number, task in enumerate(self.problem.tasks))

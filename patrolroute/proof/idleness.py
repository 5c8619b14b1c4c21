"""`idleness_bound`: worst weighted idleness that no plan of a night can fall below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.units import INFINITE_S, BoolArray, LongArray, Seconds

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import Task
    from patrolroute.words import Mode


def idleness_bound(problem: PatrolProblem) -> Seconds:
    """Give a lower bound on the worst weighted idleness of the streets, max w·d.

    Where no gap of a street of priority w exceeds d = W/w, somebody comes by at least ⌈T/d⌉ − 1 times in a night of T
    seconds; nobody comes by before the way there is driven, nor so late that the way home is too long; and driving
    through all streets that often, of those that share an arc one, takes no more seconds than all crews have. W is the
    least number for which all this can be. It sharpens the argument that K crews leave some street alone for as long as
    one round takes them together (after Chevaleyre 2004, doi:10.1109/IAT.2004.1342951).

    Parameters
    ----------
    problem
        The night.

    Returns
    -------
    int
        Seconds times priority, from 0 to 5·T; 0 without streets. Every plan's ``idleness_worst_weighted_s`` is at
        least this.
    """
    modes = dict.fromkeys(task.mode for task in problem.tasks if task.kind == "street")
    return max((_Streets(problem, mode).least() for mode in modes), default=0)


class _Streets:
    """The streets of one mode: priority, the quickest way through, the first and last second of a pass."""

    def __init__(self, problem: PatrolProblem, mode: Mode) -> None:
        self.window_s = problem.night[1] - problem.night[0]
        self.team = [number for number, crew in enumerate(problem.crews) if crew.mode == mode]
        self.streets = [n for n, task in enumerate(problem.tasks) if task.kind == "street" and task.mode == mode]
        self.is_own = np.array(list(_share_no_arc([problem.tasks[number] for number in self.streets])), dtype=np.bool_)
        self.weight = np.array([problem.tasks[number].priority for number in self.streets], dtype=np.int64)
        shifts = [problem.shift_s(number) for number in self.team]
        self.budget_s = sum(end - start for start, end in shifts)
        self.through_s = np.full(len(self.streets), INFINITE_S, dtype=np.int64)
        self.first_s, self.last_s = self.through_s.copy(), -self.through_s
        for crew, (start, end) in zip(self.team, shifts, strict=True):
            self._look_at(problem, crew, start, end)

    def _look_at(self, problem: PatrolProblem, crew: int, start: Seconds, end: Seconds) -> None:
        """Note what a crew can do for each street; all drives are over the whole network, whoever may serve."""
        travel = problem.travel_matrix(crew)
        depot, home = travel.row[problem.depot_node(crew)], travel.row[problem.home_node(crew)]
        for number, street in enumerate(self.streets):
            through = problem.through_s(crew, street)
            for (entry, leave, _), seconds in zip(problem.ways(crew, street), through, strict=True):
                there, back = travel.table[depot, travel.row[entry]], travel.table[travel.row[leave], home]
                if there < INFINITE_S and back < INFINITE_S:
                    self.through_s[number] = min(self.through_s[number], seconds)
                    self.first_s[number] = min(self.first_s[number], start + int(there))
                    self.last_s[number] = max(self.last_s[number], end - int(back) - seconds)

    def least(self) -> Seconds:
        """Search for the least weighted idleness that is not impossible; nothing is, from a night without a pass on."""
        low, high = 0, int(self.weight.max()) * self.window_s
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._may_be(middle) else (middle + 1, high)
        return low

    def _may_be(self, worst: Seconds) -> bool:
        gap_s = worst // self.weight
        waits: BoolArray = gap_s < self.window_s
        if (gap_s[waits] < 1).any():
            return False
        late = (self.first_s > gap_s) | (self.window_s - self.last_s > gap_s)
        passes: LongArray = -(-self.window_s // np.maximum(1, gap_s)) - 1
        return not (late & waits).any() and int((passes * self.through_s)[waits & self.is_own].sum()) <= self.budget_s


def _share_no_arc(streets: Sequence[Task]) -> Iterator[bool]:
    """Mark streets of which none is driven through while another one is, nor twice at once: the first come, first."""
    seen: set[int] = set()
    for street in streets:
        arcs = [arc for chain in street.directions for arc in chain]
        is_own = len(set(arcs)) == len(arcs) and seen.isdisjoint(arcs)
        if is_own:
            seen.update(arcs)
        yield is_own

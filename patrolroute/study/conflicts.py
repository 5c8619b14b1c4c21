"""`conflicts`: which required tasks cannot all be served in one night, and whether that is proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from patrolroute.engine.params import SearchParams
from patrolroute.engine.run import search
from patrolroute.engine.stop import Progress
from patrolroute.plan.alone import Alone
from patrolroute.plan.parts import Conflict
from patrolroute.plan.reasons import bare_reasons
from patrolroute.problem.solution import Solution
from patrolroute.proof.bound import bound
from patrolroute.study.musts import can_serve_all, only

if TYPE_CHECKING:
    from patrolroute.problem.model import PatrolProblem

EXACT = 7
"""Tasks up to which every order is looked at: a tenth of a second for each sort of crew."""

LARGEST = 10
"""Tasks that a set may have so that somebody can do anything about it; a larger one is given as a whole."""

COMBINATIONS = 1_000
"""Sets of two and more tasks that are tried one by one, the small ones first: some seconds."""

WORK = 1_500
"""Iterations in which the engine tries to serve some tasks; where it can it rarely needs a tenth of them."""

BOUND_S = 20.0
"""Seconds for a proof that no plan serves a large set: a guard, as it is rarely needed."""


def conflicts(problem: PatrolProblem, *, work_limit: int = WORK) -> tuple[Conflict, ...]:
    """Find the smallest set of required tasks that cannot all be served in one night.

    First each task by itself: what no crew can serve alone in the night is a set of its own. Then pairs, sets of three
    and so on, of those that do not each get a crew of their own, as long as there are few enough. Then the engine tries
    to serve all that are left, without any other task. If it cannot, the set is cut down around a task that it missed,
    the nearest others kept, until it can be served without any one of them (as a set that cannot be satisfied is cut
    down to a minimal one; Junker 2004, QuickXplain). Up to seven tasks every order is looked at, which proves it; more
    are proven by `patrolroute.bound`, or not at all.

    Parameters
    ----------
    problem
        The night.
    work_limit
        Iterations of the engine for each set that it tries, at least 1.

    Returns
    -------
    tuple of Conflict
        One for each task that nobody can serve, then at most one set of several; empty if all can be served.
    """
    required = [index for index, task in enumerate(problem.tasks) if task.required]
    alone = bare_reasons(problem, Solution.empty(len(problem.crews)))
    hopeless = [index for index in required if alone[index].reason != "displaced"]
    found = [Conflict((problem.tasks[index].id,), 0, proven=True, smallest=True) for index in hopeless]
    rest = [index for index in required if alone[index].reason == "displaced"]
    together = _Together(problem, work_limit).conflict(rest)
    return (*found, together) if together else tuple(found)


@dataclass(frozen=True, slots=True)
class _Together:
    """Whether tasks that can each be served alone can be served together."""

    problem: PatrolProblem
    work_limit: int

    def conflict(self, tasks: Sequence[int]) -> Conflict | None:
        """Give the smallest set that cannot be served, as far as it can be found."""
        if len(tasks) <= 1:
            return None
        able = self._able(tasks)
        few, tried = self._few(tasks, able)
        if few is not None:
            return self._said(few, len(few) - 1, proven=True, smallest=True)
        missed = self._missed(tasks)
        if not missed:
            return None
        served = [task for task in tasks if task not in missed]
        first = min(missed, key=lambda task: (len(able[task]), task))
        core = self._cut_down(first, served) if len(able[first]) < LARGEST else None
        if core is None:
            most = bound(only(self.problem, tasks), time_limit=BOUND_S).prize
            proven = most < len(tasks)
            return self._said(tasks, most if proven else len(served), proven=proven, smallest=False)
        proven = len(core) <= EXACT or bound(only(self.problem, core), time_limit=BOUND_S).prize < len(core)
        return self._said(core, len(core) - 1, proven=proven, smallest=proven and len(core) == tried + 1)

    def _said(self, tasks: Sequence[int], most: int, *, proven: bool, smallest: bool) -> Conflict:
        return Conflict(tuple(self.problem.tasks[one].id for one in sorted(tasks)), most, proven, smallest)

    def _few(self, tasks: Sequence[int], able: dict[int, list[int]]) -> tuple[tuple[int, ...] | None, int]:
        """Try all small sets; give the first that conflicts, and up to which size none smaller does."""
        left = COMBINATIONS
        for size in range(2, min(EXACT, len(tasks)) + 1):
            for some in combinations(tasks, size):
                left -= 1
                if left < 0:
                    return None, size - 1
                if not _matched([able[task] for task in some]) and not can_serve_all(only(self.problem, some)):
                    return some, size - 1
        return None, min(EXACT, len(tasks))

    def _able(self, tasks: Sequence[int]) -> dict[int, list[int]]:
        """Give the crews that can serve each task if it is all that they do."""
        alone, crews = Alone(self.problem), range(len(self.problem.crews))
        return {task: [crew for crew in crews if self._is_able(alone, crew, task)] for task in tasks}

    def _is_able(self, alone: Alone, crew: int, index: int) -> bool:
        task, capacity = self.problem.tasks[index], self.problem.crews[crew].capacity
        if not self.problem.is_allowed(crew, index) or (capacity is not None and task.load > capacity):
            return False
        return any(alone.fits(crew, index, slot) == "fits" for slot in range(task.visits_wanted))

    def _missed(self, tasks: Sequence[int]) -> list[int]:
        """Give the tasks that the engine does not serve when it has nothing else to do."""
        found = search(
            only(self.problem, tasks), work_limit=self.work_limit, callback=_all_served, params=SearchParams(chains=1),
            threads=1,
        )  # fmt: skip
        served = {visit.task for visit in found.solution.visits()}
        return [task for number, task in enumerate(tasks) if number not in served]

    def _serves(self, tasks: Sequence[int]) -> bool:
        """Say whether a plan that serves them all is found; with few tasks, whether there is one."""
        if len(tasks) <= EXACT:
            return can_serve_all(only(self.problem, tasks))
        return not self._missed(tasks)

    def _cut_down(self, missed: int, served: Sequence[int]) -> list[int] | None:
        """Add to a missed task as few as possible of those that are served, the nearest first, so that it cannot be.

        Each round finds, by halving, how many of the nearest are too many: the last of them belongs to the set.
        None if the set becomes too large, or if the engine serves now what it could not before. A task that at least
        `LARGEST` crews can serve is in no small set: one of them would have nothing to do.
        """
        kept, near = [missed], self._by_nearness(missed, served)
        while len(kept) <= LARGEST:
            if not self._serves(kept):
                return kept
            if not near:
                return None
            fine, bad = 0, len(near)
            while bad - fine > 1:
                middle = (fine + bad) // 2
                if self._serves([*kept, *near[:middle]]):
                    fine = middle
                else:
                    bad = middle
            kept, near = [*kept, near[bad - 1]], near[: bad - 1]
        return None

    def _by_nearness(self, task: int, others: Sequence[int]) -> list[int]:
        """Sort tasks by the seconds from a task to their nearest end, over the ways of one crew that may serve both."""
        problem = self.problem

        def seconds(other: int) -> int:
            both = (crew for crew in range(len(problem.crews)) if problem.is_allowed(crew, task))
            crew = next((one for one in both if problem.is_allowed(one, other)), None)
            if crew is None:
                return problem.night[1] + 1
            travel = problem.travel_matrix(crew)
            return min(
                travel.seconds(leave, entry)
                for _, leave, _ in problem.ways(crew, task)
                for entry, _, _ in problem.ways(crew, other)
            )

        return sorted(others, key=lambda other: (seconds(other), other))


def _all_served(progress: Progress) -> bool:
    return progress.score.required_missed == 0


def _matched(able: Sequence[Sequence[int]]) -> bool:
    """Say whether each task can have a crew of its own."""
    taken: dict[int, int] = {}

    def place(task: int, seen: set[int]) -> bool:
        for crew in able[task]:
            if crew not in seen:
                seen.add(crew)
                if crew not in taken or place(taken[crew], seen):
                    taken[crew] = task
                    return True
        return False

    return all(place(task, set()) for task in range(len(able)))

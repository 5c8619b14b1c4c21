"""`conflicts`: which required tasks cannot all be served in one night, and whether that is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import INFINITE_S, Seconds
from patrolroute.explain.alone import Alone, kind_of, rested
from patrolroute.explain.reasons import bare_reasons
from patrolroute.plan.records import Conflict
from patrolroute.problem.evaluate import Solution, earliest_start
from patrolroute.proof.bound import bound
from patrolroute.search.params import SearchParams
from patrolroute.search.points import search
from patrolroute.search.stopping import Progress

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.matrix import MatrixCrew
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import LaidBreak


_State: TypeAlias = tuple[int, int, bool]
"""Tasks served, as bits; where the crew stands; whether it has rested."""

_Spent: TypeAlias = tuple[Seconds, int]
"""When a crew is done, and the metres that it has driven; 0 where its range is not limited."""


def only(problem: PatrolProblem, tasks: Sequence[int]) -> Instance:
    """Return the numbers of the same night with only some tasks, each wanted once and worth one point.

    As loose as any legal plan may take it: what cannot be served there cannot be served.
    """
    return problem.instance.loosened.select(tasks=tasks).wanted_once()


def can_serve_all(night: Instance) -> bool:
    """Return whether some plan serves every task of a small night: every order is looked at, so this is a proof.

    Crews are alike if they have the same mode, speed, depots, shift, break, range and capacity and may serve the same.
    For each sort of crew a dynamic programme over sets of tasks (after Held & Karp 1962, doi:10.1137/0110015) keeps the
    earliest times and fewest metres for what was served, where the crew stands and whether it has rested, which it may
    do anywhere on its way; a crew that is earlier and has driven less never does worse. Then sets are shared out among
    the crews.

    Parameters
    ----------
    night
        At most some eight tasks, each wanted once: the effort grows as 2 to the power of their number.
    """
    everything = (1 << len(night.tasks)) - 1
    sorts = Counter(_sort(night, crew) for crew in range(len(night.crews)))
    first = {_sort(night, crew): crew for crew in reversed(range(len(night.crews)))}
    shared = {0}
    for sort, many in sorts.items():
        able = _servable(night, first[sort])
        for _ in range(min(many, len(night.tasks))):
            shared |= {done | more for done in shared for more in able}
            if everything in shared:
                return True
    return False


def _sort(night: Instance, crew: int) -> tuple[object, ...]:
    return (*kind_of(night, crew), night.crews[crew].capacity, night.allowed[crew].tobytes())


def _servable(night: Instance, crew: int) -> set[int]:
    """Return the sets of tasks that one crew can serve and be home in time, within its range."""
    own, travel = night.crews[crew], night.travel(crew)
    best: dict[_State, list[_Spent]] = {}
    layer, able = [((0, own.depot, own.break_ is None), (own.start_s, 0))], set[int]()
    while layer:
        found = []
        for state, (clock, driven_m) in layer:
            served, place, has_rested = state
            home_m = 0 if own.range_m is None else driven_m + int(travel.metres[place, own.end_depot])
            home_s = int(travel.seconds[place, own.end_depot])
            home = clock + home_s if has_rested else _after_break(own.break_, clock, home_s)
            if home <= own.end_s and _within(own, home_m):
                able.add(served)
            for after, then in _onward(night, crew, state, (clock, driven_m)):
                others = best.get(after, [])
                if not any(other[0] <= then[0] and other[1] <= then[1] for other in others):
                    best[after] = [other for other in others if other[0] < then[0] or other[1] < then[1]] + [then]
                    found.append((after, then))
        layer = found
    return able


def _onward(night: Instance, crew: int, state: _State, spent: _Spent) -> Iterator[tuple[_State, _Spent]]:
    """Yield what a crew can do next, when it is done, and what it has driven then (0 where nobody limits it)."""
    served, place, has_rested = state
    own, travel, (clock, driven_m) = night.crews[crew], night.travel(crew), spent
    load = sum(task.load for number, task in enumerate(night.tasks) if served >> number & 1)
    for number, task in enumerate(night.tasks):
        if served >> number & 1 or not night.is_allowed(crew, number):
            continue
        if own.capacity is not None and load + task.load > own.capacity:
            continue
        for way in night.ways(crew, number):
            drive = int(travel.seconds[place, way.entry])
            on_m = 0 if own.range_m is None else driven_m + int(travel.metres[place, way.entry]) + way.length_m
            if drive >= INFINITE_S or not _within(own, on_m):
                continue
            arrivals = [(has_rested, clock + drive)]
            arrivals += [] if has_rested else [(True, _after_break(own.break_, clock, drive))]
            for rests, arrive in arrivals:
                if (begin := earliest_start(task.starts[0], arrive)) is not None:
                    yield (served | 1 << number, way.leave, rests), (begin + way.service_s, on_m)


def _after_break(break_: LaidBreak | None, clock: Seconds, drive_s: Seconds) -> Seconds:
    """Return when a crew is there that takes its break, if it has one, on the way."""
    return clock + drive_s if break_ is None else int(rested(break_, np.array(clock), np.array(drive_s)))


def _within(crew: MatrixCrew, driven_m: int) -> bool:
    return crew.range_m is None or driven_m <= crew.range_m


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


@checked
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

    Raises
    ------
    ProblemError
        If the limit is below 1.
    """
    if work_limit < 1:
        raise ProblemError(f"conflicts: work_limit {work_limit} is not at least 1")
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
        """Return the smallest set that cannot be served, as far as it can be found."""
        if len(tasks) <= 1:
            return None
        able = self._able(tasks)
        few, tried = self._few(tasks, able)
        if few is not None:
            return self._conflict(few, len(few) - 1, proven=True, smallest=True)
        missed = self._missed(tasks)
        if not missed:
            return None
        served = [task for task in tasks if task not in missed]
        first = min(missed, key=lambda task: (len(able[task]), task))
        core = self._cut_down(first, served) if len(able[first]) < LARGEST else None
        if core is None:
            most = bound(only(self.problem, tasks), time_limit=BOUND_S).prize
            proven = most < len(tasks)
            return self._conflict(tasks, most if proven else len(served), proven=proven, smallest=False)
        proven = len(core) <= EXACT or bound(only(self.problem, core), time_limit=BOUND_S).prize < len(core)
        return self._conflict(core, len(core) - 1, proven=proven, smallest=proven and len(core) == tried + 1)

    def _conflict(self, tasks: Sequence[int], most: int, *, proven: bool, smallest: bool) -> Conflict:
        return Conflict(tuple(self.problem.tasks[task].id for task in sorted(tasks)), most, proven, smallest)

    def _few(self, tasks: Sequence[int], able: dict[int, list[int]]) -> tuple[tuple[int, ...] | None, int]:
        """Try all small sets; give the first that conflicts, and up to which size none smaller does."""
        left = COMBINATIONS
        for size in range(2, min(EXACT, len(tasks)) + 1):
            for group in combinations(tasks, size):
                left -= 1
                if left < 0:
                    return None, size - 1
                if not _matched([able[task] for task in group]) and not can_serve_all(only(self.problem, group)):
                    return group, size - 1
        return None, min(EXACT, len(tasks))

    def _able(self, tasks: Sequence[int]) -> dict[int, list[int]]:
        """Return the crews that can serve each task if it is all that they do."""
        alone, crews = Alone(self.problem, tasks), range(len(self.problem.crews))
        return {task: [crew for crew in crews if self._is_able(alone, crew, task)] for task in tasks}

    def _is_able(self, alone: Alone, crew: int, index: int) -> bool:
        task, capacity = self.problem.tasks[index], self.problem.crews[crew].capacity
        if not self.problem.instance.is_allowed(crew, index) or (capacity is not None and task.load > capacity):
            return False
        return any(alone.fits(crew, index, slot) == "fits" for slot in range(task.visits_wanted))

    def _missed(self, tasks: Sequence[int]) -> list[int]:
        """Return the tasks that the engine does not serve when it has nothing else to do."""
        found = search(
            only(self.problem, tasks), work_limit=self.work_limit, callback=_all_served, params=SearchParams(chains=1),
            threads=1,
        )  # fmt: skip
        served = {visit.task for visit in found.solution.visits()}
        return [task for number, task in enumerate(tasks) if number not in served]

    def _serves(self, tasks: Sequence[int]) -> bool:
        """Return whether a plan that serves them all is found; with few tasks, whether there is one."""
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
        instance = self.problem.instance

        def seconds(other: int) -> int:
            able = np.flatnonzero(instance.allowed[:, task] & instance.allowed[:, other]).tolist()
            if not able:
                return instance.night[1] + 1
            leaves = [way.leave for way in instance.ways(able[0], task)]
            entries = [way.entry for way in instance.ways(able[0], other)]
            return int(instance.travel(able[0]).seconds[np.ix_(leaves, entries)].min())

        return sorted(others, key=lambda other: (seconds(other), other))


def _all_served(progress: Progress) -> bool:
    return progress.score.required_missed == 0


def _matched(able: Sequence[Sequence[int]]) -> bool:
    """Return whether each task can have a crew of its own."""
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

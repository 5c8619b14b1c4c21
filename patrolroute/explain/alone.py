"""Whether one visit, alone in the night, is possible at all: for each crew, in each slice, its break included.

What is called impossible must be so for every legal plan, not only for those that the search can find. So the night is
looked at as `patrolroute.problem.instance.Instance.loosened` has it, and the break may lie anywhere on the way. What is
called possible must be so as a solution has it: then the night is looked at as it is (``strictly``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from patrolroute.base.vocabulary import INFINITE_S, BoolArray, LongArray, Seconds
from patrolroute.explain.insertions import Offers, offers_of
from patrolroute.explain.slack import LATE

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.task import LaidBreak


Verdict: TypeAlias = Literal["fits", "break", "late", "long"]
"""It fits; it would without the crew's break; it is too late for its hours; it takes too long."""


class Alone:
    """Asks once for all crews that are alike: same mode, speed, depots, shift, break and range.

    Parameters
    ----------
    problem
        The night.
    tasks
        Indices of the tasks that are asked for; a crew is asked only for those that it may serve.
    strictly
        Whether what fits must fit as the evaluator drives it, instead of in any way.
    """

    def __init__(self, problem: PatrolProblem, tasks: Sequence[int], *, strictly: bool = False) -> None:
        self.instance, self._tasks = problem.instance if strictly else problem.instance.loosened, list(tasks)
        self._strictly = strictly
        self._loops: dict[int, dict[int, Seconds]] = {}
        self._verdicts: dict[int, dict[tuple[int, int], Verdict]] = {}

    def loop_s(self, crew: int, task: int) -> Seconds:
        """Return the seconds of serving a task alone by its quickest way, without the break."""
        return self._loops[self._known(crew)][task]

    def fits(self, crew: int, task: int, slot: int) -> Verdict:
        """Return whether one visit alone fits into a crew's shift, and if not, what is in the way.

        Parameters
        ----------
        crew, task
            Indices; the crew may serve the task and has the capacity.
        slot
            Slice of the visit.
        """
        return self._verdicts[self._known(crew)][task, slot]

    def _known(self, crew: int) -> int:
        """Return the crew that stands for all that are like it, once everything is known of it."""
        twin = self._twin[crew]
        if twin not in self._loops:
            self._look(twin)
        return twin

    @cached_property
    def _twin(self) -> tuple[int, ...]:
        """The first crew that is like each crew."""
        first, instance = dict[object, int](), self.instance
        return tuple(first.setdefault(kind_of(instance, number), number) for number in range(len(instance.crews)))

    def _look(self, twin: int) -> None:
        """Try every visit before and after the break of a crew without any other."""
        instance = self.instance
        alike = [crew for crew, other in enumerate(self._twin) if other == twin]
        wanted = [(task, range(instance.tasks[task].visits_wanted)) for task in self._tasks]
        offers = offers_of(instance, twin, wanted, np.any(instance.allowed[alike][:, self._tasks], axis=0))
        own, table = instance.crews[twin], instance.travel(twin).seconds
        out, back = table[own.depot, offers.entry].astype(np.int64), table[offers.leave, own.end_depot].astype(np.int64)
        loops = np.minimum(INFINITE_S, out + offers.service_s + back)
        is_near = _in_range(instance, twin, offers)
        is_short = is_near & (loops <= own.end_s - own.start_s)
        least: dict[int, Seconds] = {}
        found: dict[tuple[int, int], Verdict] = defaultdict(lambda: "long")
        sorts: tuple[tuple[Verdict, BoolArray], ...] = (
            ("fits", is_near & (self._home(twin, own.break_, offers, out, back) <= own.end_s)),
            ("break", is_near & (self._home(twin, None, offers, out, back) <= own.end_s)),
            ("late", is_short),
        )
        for number, (task, slot, loop_s) in enumerate(
            zip(offers.task.tolist(), offers.slot.tolist(), loops.tolist(), strict=True)
        ):
            least[task] = min(least.get(task, INFINITE_S), loop_s)
            held = [found[task, slot], *(verdict for verdict, holds in sorts if holds[number])]
            found[task, slot] = min(held, key=_ORDER.index)
        self._loops[twin], self._verdicts[twin] = least, found

    def _home(
        self,
        twin: int,
        break_: LaidBreak | None,
        offers: Offers,
        out: LongArray,
        back: LongArray,
    ) -> LongArray:
        """Return when a crew is home, its break over, from each visit alone; `LATE` or later if it cannot make it."""
        start = np.full(len(offers), self.instance.crews[twin].start_s, dtype=np.int64)

        def served(arrive: LongArray) -> LongArray:
            return np.asarray(offers.begin(arrive[:, None])[:, 0] + offers.service_s)

        if break_ is None:
            return np.asarray(served(start + out) + back)
        if self._strictly:
            first, last = rested(break_, start, 0 * out) + out, rested(break_, served(start + out), 0 * back) + back
        else:
            first, last = rested(break_, start, out), rested(break_, served(start + out), back)
        if self._strictly and twin in self.instance.home_rests:
            last = np.minimum(last, rested(break_, served(start + out) + back, 0 * back))
        return np.asarray(np.minimum(served(first) + back, last))


_ORDER: tuple[Verdict, ...] = ("fits", "break", "late", "long")


def _in_range(instance: Instance, crew: int, offers: Offers) -> BoolArray:
    """Return whether each visit alone, there and back, lies within a crew's range."""
    own = instance.crews[crew]
    if own.range_m is None:
        return np.ones(len(offers), dtype=np.bool_)
    metres = instance.travel(crew).metres.astype(np.int64)
    driven = metres[own.depot, offers.entry] + offers.length_m + metres[offers.leave, own.end_depot]
    return np.asarray(driven <= own.range_m)


def rested(break_: LaidBreak, ready: LongArray, drive_s: LongArray) -> LongArray:
    """Return when a crew is there that takes its break on the way: before, after or in the middle of a drive.

    Parameters
    ----------
    break_
        How long it is, and when it may start.
    ready, drive_s
        When the crew sets out, and the seconds of the drive.

    Returns
    -------
    array
        `LATE` or later where the break can no longer start.

    Examples
    --------
    Ready at 100, a minute to drive, a break of 300 s from 130 to 140: half of the way before it, half after it.

    >>> from patrolroute.problem.task import LaidBreak
    >>> rested(LaidBreak(300, ((130, 140),)), np.array([100]), np.array([60])).tolist()
    [460]
    """
    found = np.full(ready.shape, LATE, dtype=np.int64)
    for first, last in break_.starts:
        before = np.minimum(drive_s, last - ready)  # seconds driven before the break, as many as can be
        there = np.maximum(ready + drive_s, first + drive_s - before) + break_.length_s
        found = np.where(before >= 0, np.minimum(found, there), found)
    return np.asarray(found)


def kind_of(instance: Instance, crew: int) -> tuple[object, ...]:
    """Return what decides how a crew's clock runs: class, depots, shift, break and range."""
    own = instance.crews[crew]
    return own.kind, own.depot, own.end_depot, own.shift_s, own.break_, own.range_m

"""Directions that matter: a street wanted in both before it counts, or in the opposite one on each pass.

- *Both directions* (双向): a segment with two directions becomes two tasks, ``id>`` and ``id<``, of one direction and
  half the points each. A visit of the one counts only if the other has its visit of the same slice.
- *Opposite on the next pass* (下次反向): the visits of a segment that count, in the order of their slices, go in
  another direction each than the one before.

Both hold for the goal points. With presence visits have no slices: there the two tasks of a segment are streets of
their own, each seen for itself, and passes may go either way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patrolroute.problem.evaluate import Solution
    from patrolroute.problem.task import Task

FORWARD, BACK = ">", "<"
"""Behind the id of a segment that is wanted in both directions: the first of its directions, the second."""


def partners(tasks: Sequence[Task]) -> dict[int, int]:
    """Map each task that counts only together with another to that, by number; where both are there."""
    index = {task.id: number for number, task in enumerate(tasks)}
    return {number: index[task.pair] for number, task in enumerate(tasks) if task.pair in index and task.pair}


def broken_directions(tasks: Sequence[Task], solution: Solution) -> Iterator[str]:
    """Yield the visits that count without those in the other direction, and those that go the way of the one before.

    Parameters
    ----------
    tasks
        Of the night.
    solution
        Decisions for it, whose numbers mean something.
    """
    pair, turning = partners(tasks), [number for number, task in enumerate(tasks) if task.alternate]
    if not pair and not turning:
        return
    made = {(visit.task, visit.slot) for visit in solution.counted()}
    for task, slot in sorted(made):
        if task in pair and (pair[task], slot) not in made:
            yield f"task {tasks[task].id}: visit {slot + 1} counts without that of {tasks[task].pair}"
    for task, one, two in same_way(tasks, solution):
        yield f"task {tasks[task].id}: visits {one + 1} and {two + 1} go in the same direction"


def same_way(tasks: Sequence[Task], solution: Solution) -> Iterator[tuple[int, int, int]]:
    """Yield the tasks whose directions should alternate and don't: their number, and the slots of two visits."""
    slots: dict[int, dict[int, int]] = defaultdict(dict)
    for visit in solution.counted():
        if tasks[visit.task].alternate:
            slots[visit.task][visit.slot] = tasks[visit.task].direction_of(visit.direction)
    for task, directions in sorted(slots.items()):
        for one, two in pairwise(sorted(directions)):
            if directions[one] == directions[two]:
                yield task, one, two

"""Tasks reserved to crews or forbidden to them: names become tasks, and what contradicts itself is told."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from patrolroute.network.names import base_name
from patrolroute.problem.crew import Crew
from patrolroute.problem.task import Task
from patrolroute.units import BoolArray

NEAR = 3
"""So many near matches are shown for a name that means nothing."""

ALIKE = 0.5


@dataclass(frozen=True, eq=False)
class Reservations:
    """Which tasks the crews' lists of names mean.

    Parameters
    ----------
    crews, tasks
        Of one night.
    """

    crews: Sequence[Crew]
    tasks: Sequence[Task]

    def meant(self, name: str) -> tuple[int, ...]:
        """Give the tasks that a word means: by id; else by name; else the sections of that street."""
        for known in (self._by_id, self._by_name, self._by_base):
            if name in known:
                return tuple(known[name])
        return ()

    def marked(self, names: Collection[str]) -> BoolArray:
        """Mark the tasks that any of the words means, shape ``(tasks,)``."""
        marks = np.zeros(len(self.tasks), dtype=np.bool_)
        for name in names:
            marks[list(self.meant(name))] = True
        return marks

    def touches(self, task: int) -> bool:
        """Say whether a task is reserved or forbidden to anybody."""
        return bool(self.reserved[:, task].any() or self.forbidden[:, task].any())

    def ids(self, marks: BoolArray) -> tuple[str, ...]:
        """Give the ids of the tasks that are marked."""
        return tuple(self.tasks[index].id for index in np.flatnonzero(marks).tolist())

    @cached_property
    def reserved(self) -> BoolArray:
        """Which task is reserved to which crew, shape ``(crews, tasks)``."""
        return np.array([self.marked(crew.reserved) for crew in self.crews], dtype=np.bool_)

    @cached_property
    def forbidden(self) -> BoolArray:
        """Which task is forbidden to which crew, shape ``(crews, tasks)``."""
        return np.array([self.marked(crew.forbidden) for crew in self.crews], dtype=np.bool_)

    @cached_property
    def allowed(self) -> BoolArray:
        """Which crew may serve which task as far as reservations go, shape ``(crews, tasks)``."""
        kept = self.reserved.any(axis=0)
        return np.asarray((self.reserved | ~kept) & ~self.forbidden, dtype=np.bool_)

    def broken(self) -> Iterator[str]:
        """Say which words mean nothing, and which tasks are both reserved to a crew and forbidden to it."""
        for number, crew in enumerate(self.crews):
            for word, names in (("reserved", crew.reserved), ("forbidden", crew.forbidden)):
                for name in sorted(name for name in names if not self.meant(name)):
                    hint = self.hint(name)
                    yield f"crew {crew.id!r}: {word} {name!r} is no task, hotspot or street of the night{hint}"
            both = np.flatnonzero(self.reserved[number] & self.forbidden[number]).tolist()
            for name in dict.fromkeys(self.tasks[index].name or self.tasks[index].id for index in both):
                yield f"crew {crew.id!r}: {name!r} is both reserved to it and forbidden to it"

    def hint(self, name: str) -> str:
        """Say which names come close to one that means nothing, if any do."""
        known = [*self._by_name, *self._by_id]
        near = difflib.get_close_matches(name, known, n=NEAR, cutoff=ALIKE)
        near += [one for one in known if name and (name in one or one in name)][:NEAR]
        return f"; did you mean {', '.join(list(dict.fromkeys(near))[:NEAR])}?" if near else ""

    @cached_property
    def _by_id(self) -> dict[str, list[int]]:
        return {task.id: [index] for index, task in enumerate(self.tasks)}

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        return _grouped(task.name for task in self.tasks)

    @cached_property
    def _by_base(self) -> dict[str, list[int]]:
        return _grouped(base_name(task.name) if task.kind == "street" else "" for task in self.tasks)


def _grouped(names: Iterator[str]) -> dict[str, list[int]]:
    """Map each name that is not empty to the places where it stands."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name:
            places.setdefault(name, []).append(index)
    return places

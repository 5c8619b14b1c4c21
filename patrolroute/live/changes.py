"""What is different between two plans of a night from some moment on, crew by crew and task by task."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.plan.records import Leg

CARRYING = ("patrol", "pass", "dwell")
"""Kinds of legs that carry a task."""

SERVING = ("patrol", "dwell")
"""Kinds of legs that serve one."""


@dataclass(frozen=True, slots=True)
class CrewChange:
    """What is different for one crew.

    Parameters
    ----------
    crew
        Its id.
    is_out
        Whether it is out of service.
    lost, gained
        Ids of tasks that it comes by less often, or more often, than planned before.
    """

    crew: str
    is_out: bool
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything is different for it."""
        return bool(self.lost or self.gained)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from a moment on.

    A task is *changed* if a crew that is still in service comes by it more or less often than was planned; who goes
    there at another minute has nothing new to be told.

    Parameters
    ----------
    at
        The moment.
    crews
        Of each crew of the plan, in its order.
    tasks
        Ids of the tasks that are changed, in the plan's order.
    planned
        How many tasks crews still in service were to come by from then on.
    """

    at: dt.datetime
    crews: tuple[CrewChange, ...]
    tasks: tuple[str, ...]
    planned: int

    @property
    def changed_crews(self) -> tuple[str, ...]:
        """Ids of the crews in service for which anything is different."""
        return tuple(one.crew for one in self.crews if one.is_changed and not one.is_out)

    @property
    def share(self) -> float:
        """Changed tasks as a share of those that were planned."""
        return len(self.tasks) / self.planned if self.planned else float(bool(self.tasks))


def changes_between(before: PatrolPlan, after: PatrolPlan, at: dt.datetime) -> Changes:
    """Return what is different between two plans of a night from a moment on.

    Parameters
    ----------
    before, after
        The plans.
    at
        The moment: legs that depart from then on are compared.
    """
    old, new = _orders(before, at), _orders(after, at)
    out = {crew.id for crew in after.crews if crew.out_of_service is not None}
    changed, crews, planned = set[str](), list[CrewChange](), set[str]()
    for crew in after.crews:
        one, two = old.get(crew.id, Counter()), new.get(crew.id, Counter())
        lost = tuple(task for task, times in one.items() if two[task] < times)
        gained = tuple(task for task, times in two.items() if one[task] < times)
        crews.append(CrewChange(crew.id, crew.id in out, lost, gained))
        if crew.id not in out:
            changed.update(lost, gained)
            planned.update(one)
    return Changes(at, tuple(crews), tuple(task.id for task in after.tasks if task.id in changed), len(planned))


def planned_counts(before: PatrolPlan, done: Mapping[str, Sequence[Leg]], at: dt.datetime) -> dict[str, Counter[str]]:
    """Return how often each crew was to come by each task from a moment on, less what it is sure to do then.

    Parameters
    ----------
    before
        The plan before.
    done
        Legs of each crew that are sure, by its id.
    at
        The moment.
    """
    counts = _orders(before, at)
    for crew, legs in done.items():
        counts.setdefault(crew, Counter()).subtract(
            leg.task for leg in legs if leg.depart >= at and leg.kind in CARRYING and leg.task is not None
        )
    return counts


def _orders(plan: PatrolPlan, at: dt.datetime) -> dict[str, Counter[str]]:
    """Return how often each crew comes by each task from a moment on."""
    return {
        route.crew: Counter(
            leg.task for leg in route.legs if leg.depart >= at and leg.kind in CARRYING and leg.task is not None
        )
        for route in plan.routes
    }

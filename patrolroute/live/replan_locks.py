"""What of the rest of a night must stay: whole routes, the order of a crew's tasks, or who does them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patrolroute.base.arguments import checked_fields
from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.text import clock_text
from patrolroute.live.changes import SERVING

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan


@checked_fields
@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """What stays for which crews; the three are separate, and a crew may have one of them.

    Parameters
    ----------
    rest
        Ids of crews whose rest stays as it is, leg by leg.
    order
        Ids of crews that do what was planned for them, in the same order and nothing else; times may move, and what
        does not fit any more into the shift is left out.
    tasks
        Ids of crews whose tasks (patrols and dwells) stay theirs: nobody takes them over; in which order is free, and
        more may be added.

    Each may be one name alone, for one crew.
    """

    rest: Collection[str] | str = ()
    order: Collection[str] | str = ()
    tasks: Collection[str] | str = ()

    @property
    def by_word(self) -> dict[str, frozenset[str]]:
        """The crews by what stays; one name alone is one crew."""
        return {
            word: frozenset([given] if isinstance(given, str) else given)
            for word, given in (("rest", self.rest), ("order", self.order), ("tasks", self.tasks))
        }

    @property
    def fixed(self) -> frozenset[str]:
        """Ids of crews that the search leaves alone."""
        return self.by_word["rest"] | self.by_word["order"]


NO_LOCKS = Locks()
"""Nothing must stay."""


def require_locks(plan: PatrolPlan, locks: Locks, called: Collection[str]) -> None:
    """Refuse locks that cannot be.

    Parameters
    ----------
    plan
        The plan, with the crews that are out of service.
    locks
        What must stay.
    called
        Ids of crews that are called away.

    Raises
    ------
    ProblemError
        With everything that is wrong.
    """
    complaints, crews, seen = Complaints(), {crew.id: crew for crew in plan.crews}, dict[str, str]()
    for word, names in locks.by_word.items():
        for name in sorted(names, key=str):
            thing = f"replan: lock of {word} of crew {short(name, 40)}"
            if name not in crews:
                complaints.add(f"{thing}: the plan knows no such crew")
            elif crews[name].out_of_service is not None:
                complaints.add(f"{thing}: the crew is out of service")
            elif name in seen:
                complaints.add(f"{thing}: it has a lock of {seen[name]} already; give one lock for each crew")
            elif word == "rest" and name in called:
                complaints.add(f"{thing}: the crew is called away, so that its rest cannot stay as it is")
            seen.setdefault(name, word)
    complaints.raise_as(ProblemError)


def reserved_tasks(plan: PatrolPlan, locks: Locks, at: dt.datetime) -> dict[str, frozenset[str]]:
    """Return tasks that nobody else takes over, with the ids of the crews that were to do them.

    Parameters
    ----------
    plan, locks
        The plan before, and what must stay.
    at
        The moment from which it counts.
    """
    doing = dict[str, set[str]]()
    for route in plan.routes:
        for leg in route.legs:
            if leg.kind in SERVING and leg.task is not None and leg.depart >= at:
                doing.setdefault(leg.task, set()).add(route.crew)
    own = locks.by_word["tasks"]
    return {task: frozenset(crews) for task, crews in doing.items() if crews & own}


def require_kept(locks: Locks, names: Mapping[int, str], kept: Collection[int], at: dt.datetime) -> None:
    """Refuse to keep the rest of a crew that cannot do it any more.

    Parameters
    ----------
    locks
        What must stay.
    names
        Ids of the crews that go on, by their numbers.
    kept
        Numbers of those that can do leg by leg what was planned for them.
    at
        The moment.

    Raises
    ------
    ProblemError
        Naming every such crew.
    """
    complaints = Complaints()
    for name in _lost(locks, names, kept):
        complaints.add(
            f"replan: lock of rest of crew {short(name, 40)}: it cannot do leg by leg what was planned from "
            f"{clock_text(at)} on; roads, hours or its position are other than planned"
        )
    complaints.raise_as(ProblemError)


def _lost(locks: Locks, names: Mapping[int, str], kept: Collection[int]) -> Iterator[str]:
    rest = locks.by_word["rest"]
    yield from (name for number, name in names.items() if name in rest and number not in kept)

"""`Solution`: decisions and nothing else. Which task, which visit, which direction, in which order, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

EXTRA, DRIVE_BY = -1, -2
"""Stand for a slice: one more patrol of a street, at any time, that counts in none; and a mere drive through it."""


class Visit(NamedTuple):
    """One decision: serve a task in one of its slices, in one of its directions.

    Parameters
    ----------
    task
        Index into ``problem.tasks``.
    slot
        Index of the slice that the visit counts in, or, for streets, `EXTRA` or `DRIVE_BY`: the crew is seen at any
        time, patrolling or driving through, and nothing is counted.
    way
        Index of the direction; 0 for a hotspot.
    """

    task: int
    slot: int = 0
    way: int = 0


@dataclass(frozen=True, slots=True)
class Solution:
    """One order of visits for each crew, in the order of ``problem.crews``.

    Any solver, or a person with a pencil, can make one; `patrolroute.problem.evaluate.evaluate` says what
    it is worth and `patrolroute.plan.schedule.schedule` turns it into a plan.

    Parameters
    ----------
    routes
        The visits of each crew, in order.
    breaks
        For each crew the number of visits made before its break: 0 at the depot before the first drive, as many as
        the route has before the drive home; None for no break. Empty: nobody takes one. A crew without a visit
        stays at its depot and needs no break; a number given for it means nothing.
    """

    routes: tuple[tuple[Visit, ...], ...]
    breaks: tuple[int | None, ...] = ()

    def break_before(self, crew: int) -> int | None:
        """Give the number of visits that a crew makes before its break, None if it takes none."""
        return self.breaks[crew] if self.breaks else None

    def visits(self) -> Iterator[Visit]:
        """Go through all visits, crew by crew."""
        return (visit for route in self.routes for visit in route)

    def counted(self) -> Iterator[Visit]:
        """Go through the visits that count in a slice."""
        return (visit for visit in self.visits() if visit.slot >= 0)

    @classmethod
    def empty(cls, crews: int) -> Solution:
        """Leave every crew at its depot."""
        return cls(((),) * crews)

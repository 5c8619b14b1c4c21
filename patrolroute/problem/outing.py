"""`Outing`: a crew's night as it comes about, visit by visit, none of which breaks a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.base.vocabulary import Seconds
from patrolroute.problem.evaluate import Trip, Visit, earliest_start

if TYPE_CHECKING:
    from patrolroute.problem.instance import Instance


class Outing:
    """What a crew has done so far, and where it is by the evaluator's clock.

    Parameters
    ----------
    instance, crew
        The night as it is searched, see `patrolroute.problem.instance.Instance.searched`, and who drives.
    break_at
        The second from which the crew is to take its break; it does so sooner only where it could not do so later.
    """

    def __init__(self, instance: Instance, crew: int, break_at: Seconds = 0) -> None:
        self.trip, self._laid, self._break_at = Trip(instance, crew), instance.crews[crew].break_, break_at
        self.visits = list[Visit]()
        self._break_before: int | None = None

    def make(self, visit: Visit) -> bool:
        """Make a visit, after the break where it is time for that; False if it breaks a rule or home is too far."""
        self._rest(visit)
        ahead = self.trip.ahead()
        ahead.serve(visit)
        if self._is_break_due:
            ahead.take_break()
        ahead.drive_home()
        ahead.end_shift()
        if ahead.faults:
            return False
        self.trip.serve(visit)
        self.visits.append(visit)
        return True

    def arrival(self, visit: Visit, *, after: Visit) -> Seconds:
        """Return when the crew would come to a visit if it made another one before."""
        ahead = self.trip.ahead()
        ahead.serve(after)
        return ahead.ready_s(visit)

    @property
    def break_before(self) -> int | None:
        """The number of visits made before the break, all of them where it comes last; None for no break."""
        if not self.visits:
            return None
        return len(self.visits) if self._is_break_due else self._break_before

    @property
    def _is_break_due(self) -> bool:
        return self._laid is not None and self._break_before is None

    def _rest(self, visit: Visit) -> None:
        """Take the break when it is time for it, and at the latest when the visit would leave no time for it."""
        if self._laid is None or not self._is_break_due:
            return
        begin = earliest_start(self._laid.starts, self.trip.clock)
        if begin is None:
            return
        free_s = self.trip.ready_s(visit) + self.trip.instance.way(self.trip.crew, visit).service_s
        if begin == self.trip.clock >= self._break_at or earliest_start(self._laid.starts, free_s) is None:
            self._break_before = len(self.visits)
            self.trip.take_break()

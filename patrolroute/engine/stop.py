"""When the search ends: stop rules, progress, and the result's word for why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from patrolroute.errors import Complaints, ProblemError
from patrolroute.problem.evaluate import Score
from patrolroute.units import Points

StoppedBy: TypeAlias = Literal["work_limit", "time_limit", "no_improvement", "callback", "interrupted"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search has come.

    Parameters
    ----------
    work
        Iterations done.
    seconds
        Seconds since `solve` was called.
    score
        Score of the best solution found.
    bound
        Points that no solution can exceed, if known.
    last_improvement
        Iteration in which the best was found.
    """

    work: int
    seconds: float
    score: Score
    bound: Points | None = None
    last_improvement: int = 0


Callback: TypeAlias = Callable[[Progress], object]
"""Called a few times a second with the progress; stops the search by returning True."""


class StopRule(Protocol):
    """One reason to stop."""

    def room(self, progress: Progress) -> int | None:
        """Give how many more iterations may run before the rule must be asked again; 0 stops, None is no limit."""
        ...

    @property
    def word(self) -> StoppedBy:
        """What the result says if this rule stopped the search."""
        ...


@dataclass(frozen=True, slots=True)
class WorkLimit:
    """Stop after a number of iterations; repeats exactly."""

    work: int
    word: StoppedBy = "work_limit"

    def room(self, progress: Progress) -> int:
        """Give the iterations that are left."""
        return max(0, self.work - progress.work)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Stop after a number of seconds; a guard, not repeatable but by the ``work`` that the result records."""

    seconds: float
    word: StoppedBy = "time_limit"

    def room(self, progress: Progress) -> int | None:
        """Stop once the time is over."""
        return 0 if progress.seconds >= self.seconds else None


@dataclass(frozen=True, slots=True)
class NoImprovement:
    """Stop when the best has not become better for a number of iterations; repeats exactly."""

    work: int
    word: StoppedBy = "no_improvement"

    def room(self, progress: Progress) -> int:
        """Give the iterations that are left unless the best becomes better."""
        return max(0, progress.last_improvement + self.work - progress.work)


@dataclass(frozen=True, slots=True)
class Asked:
    """Stop when a callback returns True."""

    callback: Callback
    word: StoppedBy = "callback"

    def room(self, progress: Progress) -> int | None:
        """Ask."""
        return 0 if self.callback(progress) is True else None


def stop_rules(
    *, time_limit: float | None, work_limit: int | None, no_improvement: int | None, callback: Callback | None
) -> list[StopRule]:
    """Make the rules for the limits that are given.

    Raises
    ------
    ProblemError
        If a limit is negative, or ``no_improvement`` is not at least 1.
    """
    complaints = Complaints()
    for name, value, least in (
        ("time_limit", time_limit, 0),
        ("work_limit", work_limit, 0),
        ("no_improvement", no_improvement, 1),
    ):
        if value is not None and not value >= least:
            complaints.add(f"solve: {name} {value} is not at least {least}")
    complaints.raise_as(ProblemError)
    rules: list[StopRule] = [] if work_limit is None else [WorkLimit(work_limit)]
    if no_improvement is not None:
        rules.append(NoImprovement(no_improvement))
    if time_limit is not None:
        rules.append(TimeLimit(time_limit))
    if callback is not None:
        rules.append(Asked(callback))
    return rules

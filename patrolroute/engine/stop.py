"""When the search ends: stop rules, progress, and the result's word for why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Literal, Protocol, TypeAlias

from patrolroute.errors import Complaints, ProblemError
from patrolroute.problem.evaluate import Score
from patrolroute.units import Points

StoppedBy: TypeAlias = Literal["work_limit", "time_limit", "no_improvement", "callback", "interrupted"]

UNLIMITED = 2**62
"""Iterations that no search reaches."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search has come.

    Parameters
    ----------
    work
        Iterations done.
    seconds
        Seconds since the search began, compiling aside.
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
        return 0 if self.callback(progress) else None


def stop_rules(
    *, time_limit: float | None, work_limit: int | None, no_improvement: int | None, callback: Callback | None
) -> list[StopRule]:
    """Make the rules for the limits that are given.

    Raises
    ------
    ProblemError
        If a limit is not a number or too small, with all complaints.
    """
    complaints = Complaints()
    complaints.extend(_bad_limit("time_limit", time_limit, 0, Real))
    complaints.extend(_bad_limit("work_limit", work_limit, 0, Integral))
    complaints.extend(_bad_limit("no_improvement", no_improvement, 1, Integral))
    complaints.raise_as(ProblemError)
    rules: list[StopRule] = [] if work_limit is None else [WorkLimit(work_limit)]
    if no_improvement is not None:
        rules.append(NoImprovement(no_improvement))
    if time_limit is not None:
        rules.append(TimeLimit(time_limit))
    if callback is not None:
        rules.append(Asked(callback))
    return rules


def _bad_limit(name: str, value: float | None, least: int, kind: type) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, kind) or isinstance(value, bool):
        yield f"solve: {name} {value!r} is not a {'whole number' if kind is Integral else 'number'}"
    elif not value >= least:
        yield f"solve: {name} {value} is not at least {least}"


def ask(rules: Sequence[StopRule], progress: Progress) -> tuple[StoppedBy | None, int]:
    """Ask every rule: which is the first that stops the search, and how many iterations all of them allow."""
    answers = [(rule.room(progress), rule.word) for rule in rules]
    stopped_by = next((word for room, word in answers if room == 0), None)
    return stopped_by, min((room for room, _ in answers if room is not None), default=UNLIMITED)

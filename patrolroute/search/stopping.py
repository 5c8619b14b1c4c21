"""When the search ends: stop rules, progress, slices between looks at the clock, the result's word for why."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Final, Literal, Protocol, TypeAlias

from patrolroute.base.errors import Complaints, ProblemError, short
from patrolroute.base.vocabulary import MAX_WORK
from patrolroute.problem.evaluate import Score

StoppedBy: TypeAlias = Literal["work_limit", "time_limit", "no_improvement", "callback", "interrupted"]

STOPS_ALL: Final = ("callback", "interrupted")
"""Somebody wants no more: what would come next is not begun."""

Phase: TypeAlias = Literal["points", "tours", "presence"]
"""What a search is at: points, tours for presence to begin with, presence itself."""

UNLIMITED = 2**62
"""Iterations that no search reaches."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search has come.

    Parameters
    ----------
    work
        Iterations done for points, and windows looked at for presence.
    seconds
        Seconds since the search began, compiling aside.
    score
        Score of the best solution found.
    last_improvement
        Iteration in which the best was found.
    seen
        While crews are sent where they are seen: the sighting probability so far, key hours weighed; else None.
    phase
        What the search is at; while tours are laid the work stands still.
    """

    work: int
    seconds: float
    score: Score
    last_improvement: int = 0
    seen: float | None = None
    phase: Phase = "points"


Callback: TypeAlias = Callable[[Progress], object]
"""Called a few times a second with the progress; stops the search by returning True."""


class Stopwatch:
    """Seconds since it was made, less those that were spent on compiling."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """What it shows."""
        return time.perf_counter() - self._began

    def leave_out(self, seconds: float) -> None:
        """Show so many seconds less."""
        self._began += seconds

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stand still while something is compiled."""
        began = time.perf_counter()
        yield
        self.leave_out(time.perf_counter() - began)

    def left(self, limit: float | None) -> float | None:
        """Return the seconds that are left of a limit, None where there is none."""
        return None if limit is None else max(0.0, limit - self.seconds)

    def staged(self, callback: Callback | None, phase: Phase, work: int, *, counts: bool = True) -> Callback | None:
        """Return a callback for a stage that begins now, which tells of all seconds and of all work.

        Parameters
        ----------
        callback
            Whom it tells; None for nobody.
        phase
            The stage.
        work
            What was done before it.
        counts
            Whether the work of the stage counts.
        """

        def told(now: Progress) -> object:
            done, improved = (work + now.work, work + now.last_improvement) if counts else (work, work)
            return callback and callback(
                replace(now, phase=phase, seconds=self.seconds, work=done, last_improvement=improved)
            )

        return None if callback is None else told


class StopRule(Protocol):
    """One reason to stop."""

    def room(self, progress: Progress) -> int | None:
        """Return how many more iterations may run before the rule must be asked again; 0 stops, None is no limit."""
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
        """Return the iterations that are left."""
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
        """Return the iterations that are left unless the best becomes better."""
        return max(0, progress.last_improvement + self.work - progress.work)


@dataclass(frozen=True, slots=True)
class Plentiful:
    """Stop once nearly all points are collected; asked after every so many iterations, so that it repeats exactly.

    Parameters
    ----------
    total
        Points of the night.
    share
        How much of them is enough, in thousandths.
    step
        Iterations between two looks.
    """

    total: int
    share: int
    step: int
    word: StoppedBy = "work_limit"

    def room(self, progress: Progress) -> int:
        """Stop once there is enough and nothing required is missed; else go on until the next look."""
        left = self.step - progress.work % self.step
        return 0 if left == self.step and is_plentiful(progress.score, self.total, self.share) else left


def is_plentiful(score: Score, total: int, share: int) -> bool:
    """Return whether a solution collects nearly all points and misses nothing that is required.

    Parameters
    ----------
    score
        Of the solution.
    total
        Points of the night.
    share
        How much of them is enough, in thousandths.
    """
    return score.required_missed == 0 and 1000 * score.prize_forgone <= (1000 - share) * total


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

    Parameters
    ----------
    time_limit
        Seconds, at least 0.
    work_limit
        Iterations, from 0 to `patrolroute.base.vocabulary.MAX_WORK`.
    no_improvement
        Iterations without a better plan, from 1 to as many.
    callback
        Told of progress; the search ends when it returns True.

    Raises
    ------
    ProblemError
        If a limit is not a number, too small or too large, or the callback cannot be called or would have to be
        awaited; with all complaints.
    """
    complaints = Complaints()
    complaints.extend(_bad_limit("time_limit", time_limit, 0, Real))
    complaints.extend(_bad_limit("work_limit", work_limit, 0, Integral, MAX_WORK))
    complaints.extend(_bad_limit("no_improvement", no_improvement, 1, Integral, MAX_WORK))
    complaints.extend(_bad_callback(callback))
    complaints.raise_as(ProblemError)
    rules: list[StopRule] = [] if work_limit is None else [WorkLimit(work_limit)]
    if no_improvement is not None:
        rules.append(NoImprovement(no_improvement))
    if time_limit is not None:
        rules.append(TimeLimit(time_limit))
    if callback is not None:
        rules.append(Asked(callback))
    return rules


def require_time_limit(time_limit: float | None) -> None:
    """Refuse a time limit that is no number from 0.

    Raises
    ------
    ProblemError
        If it is not.
    """
    complaints = Complaints()
    complaints.extend(_bad_limit("time_limit", time_limit, 0, Real))
    complaints.raise_as(ProblemError)


def _bad_limit(name: str, value: float | None, least: int, kind: type, most: float = math.inf) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, kind) or isinstance(value, bool):
        yield f"solve: {name} {value!r} is not a {'whole number' if kind is Integral else 'number'}"
    elif not value >= least:
        yield f"solve: {name} {value} is not at least {least}"
    elif value > most:
        yield f"solve: {name} {short(value)} is more than {most}"


def _bad_callback(callback: object) -> Iterator[str]:
    if callback is None:
        return
    if not callable(callback):
        yield f"solve: callback {callback!r} cannot be called"
    elif any(map(inspect.iscoroutinefunction, (callback, type(callback).__call__))):
        name = getattr(callback, "__name__", type(callback).__name__)
        yield f"solve: callback {name!r} is async, so that nobody would wait for its answer; give a plain function"


def ask(rules: Sequence[StopRule], progress: Progress) -> tuple[StoppedBy | None, int]:
    """Ask every rule: which is the first that stops the search, and how many iterations all of them allow."""
    answers = [(rule.room(progress), rule.word) for rule in rules]
    stopped_by = next((word for room, word in answers if room == 0), None)
    return stopped_by, min((room for room, _ in answers if room is not None), default=UNLIMITED)


@dataclass(frozen=True, slots=True)
class Improvement:
    """A better solution than before: after how much work, how many seconds, and its score."""

    work: int
    seconds: float
    score: Score


class Trace:
    """Collects improvements, the start first."""

    def __init__(self) -> None:
        self._seen: list[Improvement] = []

    def note(self, progress: Progress) -> None:
        """Note the best if it is better than what was noted before."""
        if not self._seen or progress.score < self._seen[-1].score:
            self._seen.append(Improvement(progress.last_improvement, progress.seconds, progress.score))

    @property
    def improvements(self) -> tuple[Improvement, ...]:
        """What was noted."""
        return tuple(self._seen)


SLICE_S = 0.1
"""Seconds between two looks: half of the 0.2 s within which Ctrl-C must work, for slices are guessed."""

FIRST_SLICE = 16
"""Iterations before the first look: a few milliseconds even on large nights."""


class SliceTimer:
    """Guesses slices of `SLICE_S` from the slice before; only when the rules are looked at depends on it."""

    def __init__(self) -> None:
        self._size = FIRST_SLICE

    def run(self, go_on: Callable[[int], None], room: int) -> None:
        """Go on for a slice, or less if there is less room."""
        size = min(self._size, room)
        began = time.perf_counter()
        go_on(size)
        if size == self._size:
            seconds = max(time.perf_counter() - began, 1e-6)
            self._size = max(1, min(2 * size, int(size * SLICE_S / seconds)))

"""How a search rose until it stopped: whether more time would have bought more, as far as its own figures tell."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from patrolroute.base.vocabulary import Goal
from patrolroute.search.solve import Result
from patrolroute.search.stopping import Callback, Progress

EARLY = ("time_limit", "work_limit", "interrupted", "callback")
"""Reasons to stop after which a longer search might find more."""

LEAST_S = 1.0
"""A part of a search that is shorter tells nothing."""

MINUTE_S = 60.0

MOST_STEADY = 0.9
"""A search that rises from quarter to quarter by more than this share of the rise before cannot be carried on: nobody
knows when it levels off."""


class Watch:
    """A callback that keeps how a search rises, and hands its progress on.

    Parameters
    ----------
    prize_total
        Points of all that is wanted, above 0.
    told
        Who else wants to know of the progress.
    """

    def __init__(self, prize_total: int, told: Callback | None) -> None:
        self._prize_total, self._told = max(1, prize_total), told
        self._seen: list[tuple[float, float]] = []
        self._points: list[tuple[float, float]] = []

    def __call__(self, progress: Progress) -> object:
        """Keep how far the search has come; return what the other callback returns."""
        if progress.seen is not None:
            self._seen.append((progress.seconds, progress.seen))
        elif progress.phase == "points":
            self._points.append((progress.seconds, 1 - progress.score.prize_forgone / self._prize_total))
        return None if self._told is None else self._told(progress)

    def facts(self, result: Result) -> Mapping[str, Any]:
        """Return what a plan says of its search: nothing where it came to its own end.

        ``stopped_by`` is why it stopped. Only where a clock stopped it, for only then plans differ from run to run:
        ``seconds`` that it took; ``rose``, from what share to what share the points or, with the goal presence, the
        sighting probability rose in its last ``rose_s`` seconds; and ``a_minute_more``, what another minute may bring.
        """
        if result.stopped_by not in EARLY:
            return {}
        facts: dict[str, Any] = {"stopped_by": result.stopped_by}
        if result.stopped_by == "work_limit":
            return facts
        return facts | {"seconds": round(result.seconds, 1)} | self._rise(result.plan.objective.goal)

    def _rise(self, goal: Goal) -> dict[str, Any]:
        """Return how far the search rose in its last quarter; nothing of a search that is too short to tell."""
        steps = self._seen if goal == "presence" else self._points
        if not steps or steps[-1][0] - steps[0][0] < 4 * LEAST_S:
            return {}
        (begin_s, _), (end_s, last) = steps[0], steps[-1]
        quarter_s = (end_s - begin_s) / 4
        at = [max(value for second, value in steps if second <= end_s - back * quarter_s) for back in (2, 1)]
        facts = {"rose": [round(at[1], 5), round(max(last, at[1]), 5)], "rose_s": round(quarter_s, 1)}
        more = carried_on(at[1] - at[0], max(0.0, last - at[1]), MINUTE_S / quarter_s)
        return facts if more is None else facts | {"a_minute_more": round(min(more, 1 - last), 5)}


def carried_on(before: float, latest: float, steps: float) -> float | None:
    """Return what so many more steps bring if each falls short of the one before as the last two did.

    Parameters
    ----------
    before, latest
        By how much something rose in the last step but one and in the last.
    steps
        How many more, above 0.

    Returns
    -------
    float or None
        The sum of the geometric series; None where the last two steps do not tell that the rise levels off.

    Examples
    --------
    >>> carried_on(0.04, 0.02, 2), carried_on(0.04, 0.02, 100), carried_on(0.02, 0.02, 3)
    (0.015, 0.02, None)
    """
    if before <= 0 or not 0 < latest <= MOST_STEADY * before:
        return None
    ratio = latest / before
    return float(latest * ratio * (1 - ratio**steps) / (1 - ratio))


def can_be_told(callback: object) -> bool:
    """Return whether a callback is one; any other is for `solve` to refuse."""
    return callback is None or (callable(callback) and not inspect.iscoroutinefunction(callback))

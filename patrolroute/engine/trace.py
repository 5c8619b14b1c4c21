"""How the best became better while the search ran."""

from __future__ import annotations

from dataclasses import dataclass

from patrolroute.engine.stop import Progress
from patrolroute.problem.evaluate import Score


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

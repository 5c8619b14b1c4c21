"""The one job of a page: a plan or a what-if, in a thread of its own, with its progress, until it ends or is stopped.

The compiled search runs beside the thread that answers the browser. A second job is refused while one runs: both would
share the same cores, and a planner looks at one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from patrolroute.base.errors import Complaint, PatrolRouteError
from patrolroute.page.look import Shown, complaint_shown
from patrolroute.search.stopping import Progress

Kind = Literal["plan", "what_if"]
Stage = Literal["reading", "loading", "points", "tours", "presence", "drawing", "checking", "variants"]
State = Literal["running", "done", "stopped", "refused", "failed"]

EVERY_S = 0.2
"""Seconds between two reports of progress."""

MOST_POINTS = 400
"""Of the line that rises while a plan is searched for; a longer one is thinned to half."""

_log = logging.getLogger(__name__)


class BusyError(Exception):
    """A job is running already."""


@dataclass(eq=False)
class Job:
    """What is known of a job; written by its thread, read by the page.

    Parameters
    ----------
    kind
        What it makes.
    number
        Counts the jobs of a page.
    """

    kind: Kind
    number: int
    state: State = "running"
    stage: Stage = "reading"
    facts: Shown = field(default_factory=dict)
    rise: list[tuple[float, float]] = field(default_factory=list)
    complaints: list[Shown] = field(default_factory=list)
    result: Any = None
    version: int = 0
    _last: float = -1.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _began: float = field(default_factory=time.perf_counter)

    def at(self, stage: Stage, **facts: object) -> None:
        """Tell what it is doing."""
        self.stage = stage
        self.facts |= facts
        self.version += 1

    def watch(self, total: int) -> Callable[[Progress], bool]:
        """Return a callback that tells how the search comes on, and stops it once somebody asks for that.

        Parameters
        ----------
        total
            Points of the night.
        """

        def told(now: Progress) -> bool:
            if now.seconds < self._last or now.seconds - self._last >= EVERY_S or now.phase != self.stage:
                self._last = now.seconds
                share = 1 - now.score.prize_forgone / total if total else 1.0
                facts = {"share": share, "seen": now.seen, "missed": now.score.required_missed, "work": now.work}
                self.at(now.phase, seconds=self.seconds, **facts)
                self._rise(share if now.seen is None else now.seen, is_seen=now.seen is not None)
            return self._stop.is_set()

        return told

    def _rise(self, value: float, *, is_seen: bool) -> None:
        """Note a point of the line that rises; it begins anew when what is measured changes."""
        if is_seen and not self.facts.get("is_seen"):
            self.facts["is_seen"], self.rise = True, []
        points = [*self.rise, (round(self.seconds, 2), round(value, 5))]
        self.rise = points if len(points) <= MOST_POINTS else points[::2]

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self._began

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask it to stop; what it has found by then is kept."""
        self._stop.set()
        self.version += 1

    def shown(self) -> Shown:
        """Return what the page shows of it."""
        return {
            "kind": self.kind, "number": self.number, "state": self.state, "stage": self.stage,
            "is_stopping": self.is_stopped and self.state == "running", "facts": dict(self.facts),
            "rise": list(self.rise), "complaints": self.complaints, "result": self.result,
        }  # fmt: skip


class Jobs:
    """The jobs of a page, one at a time."""

    def __init__(self) -> None:
        self._lock, self._count = threading.Lock(), 0
        self.current: Job | None = None
        self._thread: threading.Thread | None = None

    def start(self, kind: Kind, work: Callable[[Job], Any]) -> Job:
        """Begin a job.

        Parameters
        ----------
        kind
            What it makes.
        work
            Makes it, in a thread of its own, and returns what the page is to know of the result.

        Raises
        ------
        BusyError
            If one is running.
        """
        with self._lock:
            if self.current is not None and self.current.state == "running":
                raise BusyError
            self._count += 1
            job = self.current = Job(kind, self._count)
            self._thread = threading.Thread(target=_run, args=(job, work), name=f"patrolroute-{kind}", daemon=True)
            self._thread.start()
        return job

    def stop(self) -> None:
        """Ask the job that runs to stop, if one does."""
        if self.current is not None:
            self.current.stop()

    def end(self, patience_s: float) -> None:
        """Stop, and wait for the thread for so many seconds: the page is being closed."""
        self.stop()
        if self._thread is not None:
            self._thread.join(patience_s)


def _run(job: Job, work: Callable[[Job], Any]) -> None:
    """Do a job, and note how it ended."""
    try:
        job.result = work(job)
        job.state = "stopped" if job.is_stopped else "done"
    except PatrolRouteError as error:
        job.complaints = [complaint_shown(item) for item in error.items]
        job.state = "refused"
    except Exception as error:  # noqa: BLE001 - the last door of a thread: an error of ours is told on the page
        _log.exception("a job of the page failed")
        sentence = f"{type(error).__name__}: {error}"
        job.complaints = [complaint_shown(Complaint(sentence, zh=f"内部错误：{sentence}"))]
        job.state = "failed"
    job.version += 1

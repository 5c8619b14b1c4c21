"""The queue: nights are planned beside one another by threads or by processes, and can be watched and cancelled.

Threads share one interpreter: the compiled search runs beside other threads, what is written in Python (the plan laid
out, its outputs) waits its turn. Processes have an interpreter each and are not slowed by one another; each loads the
library and its machine code once.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import MutableMapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from store import Store

import patrolroute as pr

OPEN = ("queued", "running")
"""States of a job that is not at its end, as clients see them."""

EVERY_S = 0.25
"""Seconds between two reports of progress: between processes each costs a message."""

FILES = ("plan.json", "map.html")
"""The outputs that are kept of a plan; with ``plan.json`` come its networks."""


@dataclass(frozen=True)
class Outcome:
    """What came of a job; of a size that goes between processes quickly."""

    state: str
    files: dict[str, bytes] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def plan_night(
    job: str, night: dict[str, Any], progress: MutableMapping[str, Any], cancelled: MutableMapping[str, bool]
) -> Outcome:
    """Plan a night in this thread or process, and tell how it goes.

    Parameters
    ----------
    job
        Under which progress is told and cancelling is asked for.
    night
        As in a night's file.
    progress, cancelled
        Shared with the service: what it shows, and what its clients ask for.
    """
    last = 0.0

    def watch(so_far: pr.Progress) -> bool:
        nonlocal last
        if so_far.seconds - last < EVERY_S:
            return False
        last = so_far.seconds
        progress[job] = {"phase": so_far.phase, "work": so_far.work, "seconds": round(so_far.seconds, 1)}
        return job in cancelled

    if job in cancelled:
        return Outcome("cancelled")
    try:
        run = pr.NightRun(pr.night_from(night, source="request"))
        result = run.solve(callback=watch, threads=1)
    except pr.InputError as error:
        return Outcome("refused", complaints=list(error.complaints))
    files: dict[str, bytes] = {}
    for name in FILES:
        files |= result.plan.to_files(name, lang=run.night.lang)
    return Outcome("cancelled" if result.stopped_by == "callback" else "done", files)


class Jobs:
    """Nights in a queue, the workers that plan them, and what is known of each.

    Parameters
    ----------
    store
        Keeps jobs and plans.
    workers
        How many nights are planned at once.
    pool
        By threads of this process or by processes.
    """

    def __init__(self, store: Store, *, workers: int = 2, pool: Literal["threads", "processes"] = "threads") -> None:
        self.store, self._lock, self._open = store, threading.Lock(), dict[str, Future[Outcome]]()
        spawn = multiprocessing.get_context("spawn")
        self._manager = spawn.Manager() if pool == "processes" else None
        self.progress: MutableMapping[str, Any] = self._manager.dict() if self._manager else {}
        self._cancelled: MutableMapping[str, bool] = self._manager.dict() if self._manager else {}
        self._pool: Executor
        if self._manager is None:
            pr.prepare()
            self._pool = ThreadPoolExecutor(workers)
        else:
            self._pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=pr.prepare)
        for job in store.open_jobs():  # the service ended while they were under way: they begin anew
            self._begin(job.id, job.night)

    def add(self, night: dict[str, Any]) -> str:
        """Put a night into the queue and return its job's id."""
        job = self.store.add(night)
        self._begin(job, night)
        return job

    def state(self, job: str) -> dict[str, Any] | None:
        """Return what clients see of a job; None if there is none."""
        found = self.store.find(job)
        if found is None:
            return None
        so_far = self.progress.get(job)
        state = "running" if found.state == "queued" and so_far else found.state
        return {"id": job, "state": state, "complaints": found.complaints, "progress": so_far}

    def cancel(self, job: str) -> bool:
        """Ask a job to stop, and return whether it was still open; the best plan so far is kept."""
        with self._lock:
            future = self._open.get(job)
            if future is None:
                return False
            self._cancelled[job] = True
        if future.cancel():  # it had not begun
            self._end(job, Outcome("cancelled"))
        return True

    def close(self) -> None:
        """Stop: what runs ends with its best plan so far, what waits begins anew with the next start."""
        with self._lock:
            running = [job for job, future in self._open.items() if not future.cancel()]
            for job in running:
                self._cancelled[job] = True
        self._pool.shutdown(wait=True)
        if self._manager is not None:
            self._manager.shutdown()
        self.store.close()

    def _begin(self, job: str, night: dict[str, Any]) -> None:
        with self._lock:
            future = self._pool.submit(plan_night, job, night, self.progress, self._cancelled)
            self._open[job] = future
        future.add_done_callback(lambda done: None if done.cancelled() else self._end(job, _outcome(done)))

    def _end(self, job: str, outcome: Outcome) -> None:
        """Store what came of a job, then forget all else of it: a service runs for months."""
        self.store.end(job, outcome.state, outcome.files, outcome.complaints)
        with self._lock:
            self._open.pop(job, None)
            self.progress.pop(job, None)
            self._cancelled.pop(job, None)


def _outcome(done: Future[Outcome]) -> Outcome:
    error = done.exception()
    return done.result() if error is None else Outcome("failed", complaints=[f"{type(error).__name__}: {error}"])

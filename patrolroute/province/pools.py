"""Who plans the nights: this process, processes of our own that are replaced when they die, or anybody's executor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from patrolroute.province.jobs import Job
from patrolroute.province.model import BureauNight, complaints_in_both
from patrolroute.province.work import lost_too_often, plan_bureau

LOOK_S = 0.5
"""Seconds after which Ctrl-C is seen at the latest."""


class Lanes(Protocol):
    """Where jobs run side by side."""

    def room(self) -> int:
        """Return how many more jobs may be handed out now."""
        ...

    def submit(self, job: Job) -> Future[BureauNight]:
        """Hand out a job."""
        ...

    def over(self, future: Future[BureauNight], *, died: bool) -> str:
        """Take note that a job is over; return who died over it, empty if that is not known."""
        ...

    def stop(self) -> None:
        """End what still runs, at once."""
        ...


@dataclass(slots=True)
class OwnProcesses:
    """Processes of our own, each in a pool of its own: one that dies takes no other job with it, and is replaced.

    Parameters
    ----------
    workers
        How many.
    """

    workers: int
    _free: list[ProcessPoolExecutor] = field(default_factory=list)
    _busy: dict[Future[BureauNight], ProcessPoolExecutor] = field(default_factory=dict)

    def room(self) -> int:
        """Return how many processes have nothing to do."""
        return self.workers - len(self._busy)

    def submit(self, job: Job) -> Future[BureauNight]:
        """Hand a job to a process that has nothing to do."""
        pool = self._free.pop() if self._free else _one_process()
        future = pool.submit(plan_bureau, job)
        self._busy[future] = pool
        return future

    def over(self, future: Future[BureauNight], *, died: bool) -> str:
        """Keep the process for the next job, or let go of one that died."""
        pool = self._busy.pop(future)
        if not died:
            self._free.append(pool)
            return ""
        pool.shutdown(wait=False, cancel_futures=True)
        return ""

    def stop(self) -> None:
        """End all processes at once: what they had written is whole, what they had not is planned another time."""
        for pool in (*self._free, *self._busy.values()):
            processes = list((pool._processes or {}).values())  # noqa: SLF001 - Python 3.14 has `kill_workers` for it
            if pool in self._busy.values():
                for process in processes:
                    process.kill()
            pool.shutdown(wait=True, cancel_futures=True)
        self._free.clear()
        self._busy.clear()


def _one_process() -> ProcessPoolExecutor:
    """Make a pool of one process that starts afresh: forked, it would inherit threads that it does not have."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=begin_worker)


def begin_worker() -> None:
    """Leave Ctrl-C to the process that started this one, and end with it, however it ends."""
    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    from multiprocessing.connection import wait as wait_for

    wait_for([sentinel])
    os._exit(1)


@dataclass(slots=True)
class Given:
    """Somebody's executor, which is left as it is: it may run what it likes where it likes.

    Parameters
    ----------
    executor
        Such as a ``ThreadPoolExecutor``, or Dask's ``Client.get_executor()``.
    most
        How many jobs may wait there at once.
    """

    executor: Executor
    most: int
    _out: set[Future[BureauNight]] = field(default_factory=set)

    def room(self) -> int:
        """Return how many more jobs may be handed out."""
        return self.most - len(self._out)

    def submit(self, job: Job) -> Future[BureauNight]:
        """Hand a job to the executor."""
        future = self.executor.submit(plan_bureau, job)
        self._out.add(future)
        return future

    def over(self, future: Future[BureauNight], *, died: bool) -> str:  # noqa: ARG002 - as `Lanes` has it
        """Forget a job."""
        self._out.discard(future)
        return ""

    def stop(self) -> None:
        """Take back what has not begun."""
        for future in self._out:
            future.cancel()


def run_here(jobs: Sequence[Job], tell: Callable[[BureauNight], bool]) -> bool:
    """Plan one night after the other in this process; return whether all were.

    Parameters
    ----------
    jobs
        The nights.
    tell
        Is told of each that is over; returns whether to go on.
    """
    for job in jobs:
        found = plan_bureau(job)
        if not tell(found) or found.status == "stopped":
            return False
    return True


def run_in(lanes: Lanes, jobs: Sequence[Job], tell: Callable[[BureauNight], bool]) -> bool:
    """Plan nights side by side; return whether all were.

    A job whose worker died goes to the end of the queue, until it has cost as many workers as it may.

    Parameters
    ----------
    lanes
        Where.
    jobs
        The nights.
    tell
        Is told of each that is over; returns whether to go on.
    """
    queue, running, died = deque(jobs), dict[Future[BureauNight], Job](), dict[str, int]()
    goes_on = True
    try:
        while goes_on and (queue or running):
            goes_on = _hand_out(lanes, queue, running, tell)
            for future in wait(running, timeout=LOOK_S, return_when=FIRST_COMPLETED).done:
                job = running.pop(future)
                found = _result(future)
                lanes.over(future, died=found is None)
                if found is None:
                    died[job.name] = died.get(job.name, 0) + 1
                    if died[job.name] < job.tries:
                        queue.append(job)
                        continue
                    found = _lost(job, died[job.name])
                goes_on = tell(found) and goes_on and found.status != "stopped"
    finally:
        lanes.stop()
    return goes_on


def _hand_out(
    lanes: Lanes, queue: deque[Job], running: dict[Future[BureauNight], Job], tell: Callable[[BureauNight], bool]
) -> bool:
    """Hand out as many jobs as there is room for; where nobody takes any more what is left is lost."""
    while queue and lanes.room() > 0:
        job = queue.popleft()
        try:
            running[lanes.submit(job)] = job
        except RuntimeError as error:  # a pool that is broken, or was shut down
            lost = _lost(job, 0, f"the executor takes no more nights: {error}", f"执行器不再接受任务：{error}")
            if not tell(lost):
                return False
    return True


def _result(future: Future[BureauNight]) -> BureauNight | None:
    """Return what became of a night, None if its worker died: workers raise nothing of their own."""
    try:
        found = future.result()
    except (Exception, CancelledError):  # noqa: BLE001 - whatever an executor says of a worker that died
        return None
    return found if isinstance(found, BureauNight) else None


def _lost(job: Job, times: int, said: str = "", zh: str = "") -> BureauNight:
    told = ((said, zh),) if said else complaints_in_both([lost_too_often(job.name, times)])
    return BureauNight(name=job.name, status="lost", complaints=told, seed=job.seed, asked=job.asked, folder=job.folder)


def all_in_order(names: Sequence[str], found: dict[str, BureauNight], jobs: Sequence[Job]) -> Iterator[BureauNight]:
    """Yield what became of each night in the order in which they were given; those left over were stopped."""
    told = {job.name: job for job in jobs}
    for name in names:
        if name in found:
            yield found[name]
        else:
            job = told[name]
            yield BureauNight(name=name, status="stopped", seed=job.seed, asked=job.asked, folder=job.folder)

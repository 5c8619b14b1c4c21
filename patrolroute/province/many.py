"""`solve_many`: many bureaus' nights at once, on any executor; what is done is kept, and not done again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, get_args

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaint, Complaints, InputError, OutputError
from patrolroute.base.files import take_lock
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import GOALS, MAX_SEED, MAX_WORK, OLD_GOALS, Goal, Lang
from patrolroute.plan.document import PLAN_FILE
from patrolroute.province.jobs import Job, JobMaker, NightOptions, Nights, Written, attempted, named
from patrolroute.province.maps import read_maps_once
from patrolroute.province.model import RECORD_FILE, BureauNight, Province, complaints_in_both
from patrolroute.province.pools import Given, OwnProcesses, all_in_order, run_here, run_in
from patrolroute.province.work import clear_tries
from patrolroute.search.prepare import prepare
from patrolroute.search.stopping import stop_rules

LOCK = "province.lock"

TRIES = 3
"""Workers that a night may cost: one may die by chance, or of another's hunger for memory; three do not."""

MOST_WAITING = 10_000
"""Nights that an executor is handed at once."""


@dataclass(frozen=True, slots=True)
class ProvinceProgress:
    """How far the nights of many bureaus are.

    Parameters
    ----------
    night
        What became of the one that is over.
    over, total
        How many are, and of how many.
    seconds
        Since the beginning.
    """

    night: BureauNight
    over: int
    total: int
    seconds: float


ProvinceCallback: TypeAlias = Callable[[ProvinceProgress], object]
"""Called whenever a night is over; returning True stops all others."""


@checked(but=("nights", "executor", "callback"))
def solve_many(  # noqa: PLR0913 - a word for each
    nights: Nights,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    seed: int = 1,
    work_limit: int | None = None,
    time_limit: float | None = None,
    goal: Goal | None = None,
    bound_s: float | None = None,
    write: Written = "plan",
    lang: Lang | None = None,
    tries: int = TRIES,
    callback: ProvinceCallback | None = None,
) -> Province:
    """Plan the nights of many bureaus side by side.

    Each night is searched by one thread, with a seed that follows from the bureau's name and ``seed``: the plans depend
    neither on the order nor on how many workers there are, nor on which of them died.

    Parameters
    ----------
    nights
        By the name of the bureau, or a list: files, nights, or problems (by name only). A file is sent to a worker as
        its name, a problem as a whole.
    executor
        Any of ``concurrent.futures``, Dask's ``Client.get_executor()`` among them; its workers must see the same files.
        It is not shut down. One whose pool breaks takes no more nights: those left are then lost.
    workers
        Processes of our own, where no executor is given: each takes one thread, and is replaced if it dies. None or 1:
        one night after the other, in this process. A script that asks for more needs
        ``if __name__ == "__main__":``.
    out
        Folder for the results, one folder for each bureau. Nights found done there are kept if neither their files nor
        the options changed. None: nothing is written, and plans are held in memory.
    seed
        Of all; a whole number from 0.
    work_limit
        Units of work for each; the night's own if None, else what its size suggests.
    time_limit
        Seconds for each: a guard, for what it cuts short does not repeat exactly. That of the night's file is not used.
    goal
        ``points``, ``presence`` or ``auto``; the night's own if None.
    bound_s
        Seconds for the proof of how good each plan could be at most; none if None.
    write
        ``plan``: ``plan.json`` with its networks, and a summary; ``all``: every output.
    lang
        Of what is written; the night's own if None.
    tries
        How many workers a night may cost, from 1.
    callback
        Told of each night that is over; stops the others by returning True.

    Returns
    -------
    Province
        What became of each, in the order given. A night that cannot be planned keeps no other from being planned: its
        complaints stand in its place. After Ctrl-C those not planned are ``stopped``.

    Raises
    ------
    InputError
        If something is no night, two have the same name, or an option is out of its range.
    OutputError
        If the folder cannot be written, or another program writes it.
    """
    began = time.monotonic()
    given = named(nights)
    _require(executor, workers, tries, seed, bound_s)
    _require_words(goal, write, lang)
    stop_rules(time_limit=time_limit, work_limit=work_limit, no_improvement=None, callback=None)
    if not given:
        return Province(())
    options = NightOptions(
        work_limit=work_limit, time_limit=time_limit, goal=goal, bound_s=bound_s, write=write, lang=lang
    )
    place = None if out is None else Path(out)
    with _writing(place):
        maker = JobMaker(options, seed, place, tries)
        jobs, found = list[Job](), dict[str, BureauNight]()
        desk = _Desk(found, len(given), began, callback)
        goes_on = True
        for name, night in given.items():
            job = attempted(maker, name, night)
            if isinstance(job, Job):
                jobs.append(job)
            else:
                wrong = BureauNight(name=name, status="wrong", complaints=complaints_in_both(job))
                goes_on = desk.tell(wrong) and goes_on
        wanted = list[Job]()
        for job in jobs:
            kept = _kept(job)
            if kept is None:
                wanted.append(job)
            else:
                goes_on = desk.tell(kept) and goes_on
        goes_on = goes_on and _run(wanted, desk, executor, workers)
        return Province(tuple(all_in_order(list(given), found, jobs)), stopped=not goes_on)


def _run(jobs: Sequence[Job], desk: _Desk, executor: Executor | None, workers: int | None) -> bool:
    """Plan what is left to plan; return whether all of it was."""
    if not jobs:
        return True
    for job in jobs:
        if job.folder is not None and job.folder.is_dir():
            clear_tries(job.folder)
    try:
        read_maps_once(jobs)
        if executor is None and (workers or 1) == 1:
            return run_here(jobs, desk.tell)
        prepare(goal=jobs[0].options.goal or "auto")  # once, for all find it compiled then
        lanes = OwnProcesses(min(workers or 1, len(jobs))) if executor is None else Given(executor, MOST_WAITING)
        return run_in(lanes, jobs, desk.tell)
    except KeyboardInterrupt:
        return False


@dataclass(slots=True)
class _Desk:
    """Takes in what became of nights."""

    found: dict[str, BureauNight]
    total: int
    began: float
    callback: ProvinceCallback | None

    def tell(self, night: BureauNight) -> bool:
        """Note a night; return whether to go on."""
        self.found[night.name] = night
        if self.callback is None:
            return True
        progress = ProvinceProgress(night, len(self.found), self.total, time.monotonic() - self.began)
        return self.callback(progress) is not True


def _kept(job: Job) -> BureauNight | None:
    """Return what became of a night that was planned before, with the same files and options; None otherwise."""
    if job.folder is None:
        return None
    try:
        found = BureauNight.from_dict(json.loads((job.folder / RECORD_FILE).read_bytes()), folder=job.folder)
        digest = hashlib.sha256((job.folder / PLAN_FILE).read_bytes()).hexdigest()
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    is_same = found.is_done and found.asked == job.asked and found.plan_sha256 == digest and found.name == job.name
    return replace(found, kept=True) if is_same else None


def _require(executor: Executor | None, workers: int | None, tries: int, seed: int, bound_s: float | None) -> None:
    """Refuse options that are out of their range, all at once."""
    complaints = Complaints()
    if executor is not None and not callable(getattr(executor, "submit", None)):
        complaints.add("solve_many: executor is none of concurrent.futures: it has no submit")
    if executor is not None and workers is not None:
        complaints.add("solve_many: executor and workers are both given; give one or the other")
    if workers is not None and not 1 <= workers <= MOST_WAITING:
        complaints.add(f"solve_many: workers {workers} is not between 1 and {MOST_WAITING}")
    if not 1 <= tries <= MOST_WAITING:
        complaints.add(f"solve_many: tries {tries} is not between 1 and {MOST_WAITING}")
    if not 0 <= seed <= MAX_SEED:
        complaints.add(f"solve_many: seed {seed} is not between 0 and {MAX_SEED}")
    if bound_s is not None and not 0 < bound_s <= MAX_WORK:
        complaints.add(f"solve_many: bound_s {bound_s} is not between 0 and {MAX_WORK}")
    complaints.raise_as(InputError)


def _require_words(goal: Goal | None, write: Written, lang: Lang | None) -> None:
    """Refuse words that nobody knows before any worker starts."""
    complaints = Complaints()
    if goal is not None and OLD_GOALS.get(goal, goal) not in GOALS:
        complaints.add(f"solve: goal {goal!r} is not one of {', '.join(GOALS)}")
    if write not in get_args(Written):
        complaints.add(f"solve_many: write {write!r} is not one of {', '.join(get_args(Written))}")
    complaints.raise_as(InputError)
    if lang is not None:
        require_lang(lang)


@contextmanager
def _writing(folder: Path | None) -> Iterator[None]:
    """Keep other programs from writing into the folder; a killed program lets go of it."""
    if folder is None:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+b")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    with file:
        if not take_lock(file.fileno()):
            raise InputError(Complaint(f"{folder}: another program plans into this folder; let it end first"))
        yield

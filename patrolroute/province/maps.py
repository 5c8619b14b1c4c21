"""The maps of many bureaus: those that are cut out of one file are read from it once, before workers start."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from patrolroute.base.errors import Complaints
from patrolroute.network.clip import keep_areas
from patrolroute.night.roads import Tonight
from patrolroute.problem.model import PatrolProblem
from patrolroute.province.jobs import Job
from patrolroute.province.work import run_of


def read_maps_once(jobs: Sequence[Job]) -> int:
    """Put the networks into the cache that several nights cut out of one map file; return how many were built.

    The file is read once for all of them: workers then load what each needs. What is wrong with a map is told when its
    night is planned. Without a cache nothing is done, and every worker reads the file.

    Parameters
    ----------
    jobs
        The nights.
    """
    wanted: dict[Path, list[dict[str, Any]]] = {}
    complaints, built = Complaints(), 0
    for job in jobs:
        for path, asked in complaints.attempt(partial(_asked, job)) or ():
            wanted.setdefault(path, []).append(asked)
    for path, areas in wanted.items():
        if len(areas) > 1:
            built += complaints.attempt(partial(keep_areas, path, areas)) or 0
    return built


def _asked(job: Job) -> list[tuple[Path, dict[str, Any]]]:
    """Return the map file of a night and what is cut out of it for each mode; nothing where nothing is cut out."""
    if isinstance(job.night, PatrolProblem):
        return []
    run = run_of(job)
    source, tonight = run.night.map, Tonight(run.night, run.folder)
    if source.file is None or source.area is None:
        return []
    path = (run.folder / source.file).resolve()
    return [(path, tonight.cut_out(mode)) for mode in tonight.modes]

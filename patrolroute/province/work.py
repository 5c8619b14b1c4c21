"""What a worker does: one bureau's night from its file to its files, and a small record of it."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from patrolroute.base.errors import Complaint, DownloadError, InputError, MissingExtraError, NightError, OutputError
from patrolroute.base.files import write_all, write_one
from patrolroute.base.vocabulary import LonLat
from patrolroute.metrics.context import PlanMeasures
from patrolroute.metrics.presence import sighting_probability
from patrolroute.night.run import NightRun, SolveOptions, read_night
from patrolroute.plan.document import PLAN_FILE
from patrolroute.plan.files import plan_files
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from patrolroute.province.jobs import Job
from patrolroute.province.model import RECORD_FILE, BureauNight, complaints_in_both
from patrolroute.search.solve import solve

TRY = ".try-"
"""A file that a worker leaves in the folder of a night while it is at it: if the worker dies, it tells so."""

SUMMARY = "summary.txt"

MB = 2**20
DIGITS = 6

CORNERS = 24
"""Of an outline: enough for a map of a province."""

LENT = "借"
"""Before the name of a crew that is lent."""


def worker_name() -> str:
    """Return what this process is called: ``host:process``."""
    return f"{socket.gethostname()}:{os.getpid()}"


def plan_bureau(job: Job) -> BureauNight:
    """Plan a bureau's night, write its files and return what became of it; nothing that goes wrong is raised.

    Parameters
    ----------
    job
        The night.
    """
    before = _begin(job)
    base = BureauNight(
        name=job.name, status="lost", seed=job.seed, asked=job.asked, worker=worker_name(), lost=before,
        folder=job.folder,
    )  # fmt: skip
    if len(before) >= job.tries:
        _end(job)
        return replace(base, worker="", complaints=complaints_in_both([lost_too_often(job.name, len(before))]))
    began = time.process_time()
    try:
        found = _planned(job, base)
    except (InputError, DownloadError, MissingExtraError, OutputError) as error:
        items = error.items if isinstance(error, InputError) else (Complaint(str(error)),)
        found = replace(base, status="wrong", complaints=complaints_in_both(items))
    except KeyboardInterrupt:
        found = replace(base, status="stopped")
    except Exception as error:  # noqa: BLE001 - one bureau's night must not take the others with it
        said = f"{type(error).__name__}: {error}"
        found = replace(base, status="broken", complaints=((said, f"内部错误：{said}"),))
    found = replace(found, cpu_s=round(time.process_time() - began, 2), peak_mb=_peak_mb())
    if job.folder is not None and found.status in ("done", "wrong"):
        with suppress(OutputError):
            write_one(job.folder / RECORD_FILE, found.record)
    _end(job)
    return found


def lost_too_often(name: str, times: int) -> Complaint:
    """Return what is said of a night over which workers died."""
    return Complaint(f"bureau {name!r}: {times} workers died over it; it may need more memory than there is")


def _begin(job: Job) -> tuple[str, ...]:
    """Leave a mark that this worker is at it; return which workers died over it before."""
    if job.folder is None:
        return ()
    try:
        job.folder.mkdir(parents=True, exist_ok=True)
        died = tuple(sorted(path.read_text(encoding="utf-8") for path in job.folder.glob(f"{TRY}*")))
        _mark(job.folder).write_text(worker_name(), encoding="utf-8")
    except OSError:  # told when the plan is to be written
        return ()
    return died


def _mark(folder: Path) -> Path:
    return folder / f"{TRY}{socket.gethostname()}-{os.getpid()}-{time.time_ns()}"


def clear_tries(folder: Path) -> None:
    """Remove the marks of workers; those of an earlier run say nothing of this one."""
    for path in folder.glob(f"{TRY}*"):
        path.unlink(missing_ok=True)


def _end(job: Job) -> None:
    if job.folder is not None:
        with suppress(OSError):
            clear_tries(job.folder)


def _planned(job: Job, base: BureauNight) -> BureauNight:
    """Plan the night and write it."""
    problem, result = _solved(job)
    if result.stopped_by == "interrupted":
        return replace(base, status="stopped")
    plan = result.plan.explained
    lang = job.options.lang or _lang(job)
    found = replace(base, **_figures(problem, plan), status="done", work=result.work, result=result_of(plan))
    if job.options.bound_s is not None:
        plan = _bounded(problem, plan, job.options.bound_s)
        share = plan.objective.seen_gap if plan.objective.goal == "presence" else plan.objective.gap
        found = replace(found, bound_share=share)
    if job.folder is None:
        return replace(found, plan=plan if job.sends else None)
    if job.options.write == "all":
        plan.save(job.folder, lang=lang, crs=_crs(job))
    else:
        summary = (plan.summary(lang) + "\n").encode("utf-8", "backslashreplace")
        write_all(job.folder, {SUMMARY: summary} | plan_files(plan))
    digest = hashlib.sha256((job.folder / PLAN_FILE).read_bytes()).hexdigest()
    return replace(found, plan_sha256=digest)


def _solved(job: Job) -> tuple[PatrolProblem, Any]:
    """Solve the night by one thread: workers share the processor already."""
    options = job.options
    limits: dict[str, Any] = {"work_limit": options.work_limit, "time_limit": options.time_limit, "goal": options.goal}
    given: SolveOptions = {"seed": job.seed, "threads": 1}
    if isinstance(job.night, PatrolProblem):
        stated = {name: value for name, value in limits.items() if value is not None}
        return job.night, solve(job.night, seed=job.seed, threads=1, **stated)
    run = run_of(job)
    given["work_limit"] = options.work_limit or run.night.solve.work_limit
    given["time_limit"] = options.time_limit  # the night's own is for a computer that does nothing else
    if options.goal is not None:
        given["goal"] = options.goal
    problem = run.problem()
    if job.extra:
        problem = _changed(problem, run, job.extra)
    if job.start is not None:
        given["start"] = PatrolPlan.from_json(job.start)
    return problem, run.solve(problem, **given)


def _changed(problem: PatrolProblem, run: NightRun, extra: int) -> PatrolProblem:
    """Return the problem with one crew more, like the first, or one less, the last.

    Raises
    ------
    NightError
        If no crew would be left.
    """
    crews = list(problem.crews)
    if extra > 0:
        crews.append(replace(crews[0], id=f"{LENT}{crews[0].id}", reserved=()))
    elif extra < 0:
        crews.pop()
    if not crews:
        raise NightError("there is only one crew, which cannot be lent")
    networks = run.networks()
    return run.problem_of(networks, run.demand(networks), crews)


def run_of(job: Job) -> NightRun:
    """Return the run of a job's night."""
    if isinstance(job.night, NightRun):
        return job.night
    path = Path(str(job.night))
    return NightRun.trusting(read_night(path), path.parent)


def _lang(job: Job) -> Any:
    return "zh" if isinstance(job.night, PatrolProblem) else run_of(job).night.lang


def _crs(job: Job) -> Any:
    return "wgs84" if isinstance(job.night, PatrolProblem) else run_of(job).night.out_crs


def _bounded(problem: PatrolProblem, plan: PatrolPlan, seconds: float) -> PatrolPlan:
    from patrolroute.proof.bound import bound
    from patrolroute.proof.presence import left_out

    left = left_out(plan)._asdict() if plan.objective.goal == "presence" else {}
    return bound(problem, goal=plan.objective.goal, time_limit=seconds, **left).on(plan)


def result_of(plan: PatrolPlan) -> str:
    """Return a hash of a plan's routes and of what they are worth: equal for equal plans."""
    document = plan.to_dict()
    told = [document["routes"], document["tasks"], document["objective"], document["seed"], document["work"]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def _figures(problem: PatrolProblem, plan: PatrolPlan) -> dict[str, Any]:
    """Return what a record says of a plan."""
    objective, depots = plan.objective, np.array([(crew.depot.lon, crew.depot.lat) for crew in plan.crews])
    seen = sighting_probability(PlanMeasures(plan))
    return {
        "night": str(plan.settings.get("night", "")),
        "begin": plan.window[0],
        "end": plan.window[1],
        "crews": len(plan.crews),
        "tasks": len(problem.tasks),
        "goal": objective.goal,
        "required_missed": objective.required_missed,
        "tasks_short": sum(task.visits_done < task.visits_wanted for task in plan.tasks),
        "prize_collected": objective.prize_collected,
        "prize_total": objective.prize_total,
        "seen": None if seen is None else round(seen, DIGITS),
        "driving_s": objective.driving_s,
        "length_m": sum(route.length_m for route in plan.routes),
        "place": tuple(round(float(value), DIGITS) for value in depots.mean(axis=0)) if len(depots) else None,
        "outline": _outline(list(_points(plan))),
        "notice": plan.notice or "",
        "attribution": plan.attribution,
    }


def _points(plan: PatrolPlan) -> Iterator[LonLat]:
    """Yield where tasks are: the junctions of streets, the places of hotspots."""
    for task in plan.tasks:
        network = plan.networks[task.mode]
        nodes = [arc[0] for arc in task.directions[0]] if task.directions else [] if task.node is None else [task.node]
        for node in nodes:
            yield network.node_lonlat(network.node_index[node])


def _outline(points: list[LonLat]) -> tuple[LonLat, ...]:
    """Return the corners of what lies around all points, few of them; none where that is no area."""
    hull = shapely.MultiPoint(points).convex_hull
    if not isinstance(hull, shapely.Polygon) or hull.is_empty:
        return ()
    corners = shapely.get_coordinates(hull.exterior)[:-1]
    step = max(1, -(-len(corners) // CORNERS))
    return tuple((round(float(lon), DIGITS), round(float(lat), DIGITS)) for lon, lat in corners[::step])


def _peak_mb() -> float:
    """Return the most memory that this process had used by now, 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (MB if sys.platform == "darwin" else 1024), 1)

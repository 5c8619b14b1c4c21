"""The plans of a page: made, kept while it is open, drawn on its map, compared, handed out as files."""

from __future__ import annotations

import io
import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from patrolroute.base.vocabulary import Lang, LonLat
from patrolroute.night.run import NightRun, night_from
from patrolroute.output.save import OUTPUTS
from patrolroute.page.jobs import Job
from patrolroute.page.look import Shown
from patrolroute.page.map_data import ends_of, line_of
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import DRIVING, SEEN, PlannedTask
from patrolroute.rules.audit import NOT_KEPT
from patrolroute.search.engine import warm_up
from patrolroute.study.compare import compare
from patrolroute.study.variants import Variant
from patrolroute.study.what_if import what_if

MOST_PLANS = 20
"""Kept at a time; the oldest goes first. A plan of two dozen crews takes some 20 MB once it has been looked at."""

MOST_FILES = 4
"""Outputs of a plan that are kept ready; a file of sheets is some megabytes."""

MAP = "map.html"

TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8", ".png": "image/png", ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".ics": "text/calendar",
    ".kml": "application/vnd.google-earth.kml+xml", ".geojson": "application/geo+json",
}  # fmt: skip
"""Media types of the outputs."""

VARIANT_WORK = 4000
"""Units of work for each fleet of a what-if of the page: a few seconds each, enough for two fleets to be told apart."""


@dataclass(eq=False)
class Kept:
    """A plan that was made on the page.

    Parameters
    ----------
    number
        Counts the plans of a page.
    plan
        The plan.
    crs
        Datum of its tables and tracks.
    label
        What a what-if made it for: crews and minutes later; None for the night as it is.
    """

    number: int
    plan: PatrolPlan
    crs: Any
    label: Shown | None = None
    stopped_by: str = ""
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def shown(self) -> Shown:
        """Return what the page's list shows of it."""
        plan, goal = self.plan, self.plan.objective
        start, end = (min(crew.start for crew in plan.crews), max(crew.end for crew in plan.crews))
        return {
            "number": self.number, "night": str(plan.settings.get("night", "")), "goal": goal.goal,
            "date": f"{start:%Y-%m-%d}", "from": f"{start:%H:%M}", "to": f"{end:%H:%M}",
            "crews": len(plan.crews), "out": sum(bool(route.legs) for route in plan.routes), "seen": goal.seen,
            "share": goal.prize_collected / goal.prize_total if goal.prize_total else None,
            "missed": goal.required_missed, "km": round(sum(route.length_m for route in plan.routes) / 1000, 1),
            "stopped_by": self.stopped_by, "label": self.label,
        }  # fmt: skip

    def content(self, name: str, lang: Lang) -> bytes:
        """Return an output of one file, written once.

        Parameters
        ----------
        name
            As `patrolroute outputs` lists it.
        lang
            Of its words.

        Raises
        ------
        InputError
            If there is no such output.
        """
        with self.lock:
            self._settle()
            if (name, lang) not in self.files:
                self.files[name, lang] = self.plan.to_bytes(name, lang=lang, crs=self.crs)
                while len(self.files) > MOST_FILES:
                    self.files.pop(next(iter(self.files)))
            return self.files[name, lang]

    def _settle(self) -> None:
        """Have every output's reasons worked out, and let the night's tables go that they came from: 40 MB a plan."""
        self.plan = self.plan.explained

    def zipped(self, lang: Lang) -> bytes:
        """Return every output, as `PatrolPlan.save` writes them, in one zip archive."""
        with self.lock, tempfile.TemporaryDirectory(prefix="patrolroute-page-") as folder:
            self._settle()
            paths = self.plan.save(Path(folder) / "out", lang=lang, crs=self.crs)
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in paths:
                    archive.write(path, path.relative_to(Path(folder) / "out").as_posix())
        return packed.getvalue()


class Plans:
    """The plans that are kept, by their numbers."""

    def __init__(self) -> None:
        self._kept: dict[int, Kept] = {}
        self._count, self._lock = 0, threading.Lock()

    def add(self, plan: PatrolPlan, crs: Any, **facts: Any) -> Kept:
        """Keep a plan, in place of the oldest where there are too many."""
        with self._lock:
            self._count += 1
            kept = self._kept[self._count] = Kept(self._count, plan, crs, **facts)
            for number in sorted(self._kept)[:-MOST_PLANS]:
                del self._kept[number]
        return kept

    def get(self, number: int) -> Kept | None:
        """Return a plan, None if there is none of that number."""
        return self._kept.get(number)

    def shown(self) -> list[Shown]:
        """Return the list of plans, the newest first."""
        return [kept.shown() for kept in sorted(self._kept.values(), key=lambda one: -one.number)]


def make_plan(job: Job, run: NightRun, plans: Plans) -> Shown:
    """Plan a night; stopping keeps the best plan so far.

    Parameters
    ----------
    job
        Is told how it goes.
    run
        The night.
    plans
        Where the plan is kept.

    Returns
    -------
    dict
        Its number, and the rules of the audit that it breaks: none, unless the library is at fault.
    """
    problem = run.problem()
    job.at("loading", tasks=len(problem.tasks), crews=len(problem.crews), limit=run.night.solve.time_limit_s)
    warm_up()
    result = run.solve(problem, callback=job.watch(problem.prize_total))
    job.at("drawing", seconds=job.seconds)
    kept = plans.add(result.plan, run.night.out_crs, stopped_by=result.stopped_by)
    kept.content(MAP, run.night.lang)
    job.at("checking", seconds=job.seconds, plan=kept.number)  # it is shown while it is checked
    broken = [violation for violation in kept.plan.audit() if violation.rule not in NOT_KEPT]
    job.at("checking", seconds=job.seconds)
    return {"plan": kept.number, "broken": [str(violation) for violation in broken]}


def make_what_if(  # noqa: PLR0913 - the grid, and how it is solved
    job: Job, run: NightRun, plans: Plans, *, crews: Sequence[int], ends: Sequence[int], work: int = VARIANT_WORK
) -> list[Shown]:
    """Plan a night for several fleets and ends; stopping keeps what is done by then.

    Parameters
    ----------
    job, run, plans
        As for `make_plan`.
    crews
        Sizes of the fleet.
    ends
        Minutes by which every shift ends later.
    work
        Units of work for each.

    Returns
    -------
    list
        What each would bring, and the number of its plan.
    """
    problem = run.problem()
    job.at("loading", tasks=len(problem.tasks), crews=len(problem.crews), variants=[], wanted=len(crews) * len(ends))
    warm_up()
    rows = list[Shown]()

    def note(variant: Variant) -> None:
        label = {"crews": variant.crews, "minutes": variant.minutes}
        kept = plans.add(variant.plan, run.night.out_crs, label=label, stopped_by="work_limit")
        rows.append(_variant_shown(variant) | {"plan": kept.number})
        job.at("variants", variants=list(rows), own=len(problem.crews), seconds=job.seconds)

    what_if(
        problem, crews=crews, ends=ends, near_home=[] if problem.near_home else None, work_limit=work,
        goal=run.night.solve.goal, seed=run.night.solve.seed, progress=note, callback=job.watch(problem.prize_total),
    )  # fmt: skip
    return rows


def _variant_shown(variant: Variant) -> Shown:
    return {
        "crews": variant.crews, "minutes": variant.minutes, "end": f"{variant.end:%H:%M}", "goal": variant.goal,
        "share": variant.prize_share, "seen": variant.sighting_probability, "missed": variant.required_missed,
        "coverage": variant.coverage_length, "hotspots": variant.hotspot_coverage,
        "idle_min": None if variant.idleness_worst_s is None else round(variant.idleness_worst_s / 60),
        "km": round(variant.driven_km, 1),
    }  # fmt: skip


def output_names(plan: PatrolPlan) -> list[Shown]:
    """Return the outputs of one file that this computer can write, with what they are in both languages."""
    alone = [output for output in OUTPUTS if "{crew}" not in output.name and not any(output.lacks)]
    return [{"name": output.shown, "zh": output.zh, "en": output.en} for output in alone if plan.routes]


def file_of(kept: Kept, name: str, lang: Lang) -> tuple[bytes, str] | None:
    """Return an output and its media type; None if the page hands out none of that name.

    Parameters
    ----------
    kept
        The plan.
    name
        Compared with the table of outputs: it is never a path.
    lang
        Of its words.
    """
    if name not in {output["name"] for output in output_names(kept.plan)}:
        return None
    return kept.content(name, lang), TYPES.get(Path(name).suffix, "application/octet-stream")


def routes_shown(plan: PatrolPlan) -> list[Shown]:
    """Return where each crew drives, for the page's map: lines of legs by kind, and where it stands."""
    return [
        {
            "crew": route.crew,
            "legs": [
                {"kind": leg.kind, "street": leg.street, "depart": f"{leg.depart:%H:%M}", "line": leg.coordinates}
                for leg in route.legs
                if leg.coordinates and (leg.kind in DRIVING or leg.kind == "dwell")
            ],
        }
        for route in plan.routes
    ]


def compared(before: PatrolPlan, after: PatrolPlan, lang: Lang) -> Shown:
    """Return two plans on one map: how often each street and place is seen in either, and what differs in words.

    Parameters
    ----------
    before, after
        The plans.
    lang
        Of the words.
    """
    seen = [_times_seen(plan) for plan in (before, after)]
    tasks = before.task | after.task
    rows = []
    for name, task in tasks.items():
        plan = after if name in after.task else before
        done = [one.task[name].visits_done if name in one.task else None for one in (before, after)]
        rows.append(
            {
                "id": name,
                "name": _called(plan, task, lang),
                "kind": task.kind,
                "priority": task.priority,
                "required": task.required,
                "seen": [times[name] for times in seen],
                "visits": done,
                "wanted": task.visits_wanted,
                **_lines_of(plan, task),
            }
        )
    rows.sort(key=lambda row: (-abs(row["seen"][1] - row["seen"][0]), -row["priority"], row["name"]))
    return {
        "words": compare(before, after).summary(lang),
        "tasks": rows,
        "routes": [routes_shown(before), routes_shown(after)],
    }


def _times_seen(plan: PatrolPlan) -> Counter[str]:
    """Return how often each street is driven along as wanted, and each place stayed at."""
    return Counter(leg.task for route in plan.routes for leg in route.legs if leg.task and leg.kind in (*SEEN, "dwell"))


def _called(plan: PatrolPlan, task: PlannedTask, lang: Lang) -> str:
    """Return what people call a task: a segment by its street and the streets that cross at its ends."""
    if task.kind == "hotspot" or not task.name or not task.directions:
        return task.name
    network = plan.networks[task.mode]
    ends = ends_of(network, [network.arc_index[arc] for arc in task.directions[0]], task.name)
    said = "—".join(dict.fromkeys(filter(None, ends)))
    return task.name + ({"zh": f"（{said}）", "en": f" ({said})"}[lang] if said else "")


def _lines_of(plan: PatrolPlan, task: PlannedTask) -> Shown:
    """Return a task's line in either carriageway, or its point."""
    if task.kind == "hotspot":
        network = plan.networks[task.mode]
        node = network.node_index[task.node] if task.node is not None else 0
        return {"point": [float(network.lon[node]), float(network.lat[node])], "lines": []}
    network = plan.networks[task.mode]
    lines: list[list[LonLat]] = []
    for chain in task.directions:
        arcs = [network.arc_index[arc] for arc in chain]
        lines.append([point for arc in arcs for point in line_of(network, arc)])
    return {"point": None, "lines": lines}


def run_of(data: Mapping[str, Any], folder: Path) -> NightRun:
    """Return the run of a night that came from the page: it reads its own folder and downloads nothing.

    Raises
    ------
    NightError
        With every rule that it breaks.
    """
    return NightRun(night_from(data, source="", files="folder", downloads=False), folder)

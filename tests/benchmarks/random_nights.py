"""Random small nights through everything: planned, judged, written as every output, read back and written again.

``python tests/benchmarks/random_nights.py [--nights 500] [--first-seed 0] [--minutes 30] [--network FILE …]`` draws a
night for each seed (see `nights.drawn`), plans it with a small work limit, audits the plan, writes every output but
PDF, in Chinese and English by turns, reads each of them with a parser of its format, reads the plan back, audits that,
and writes everything again: all files must be the same to the last byte. A warning counts as a failure. Each failure is
told with its seed, the others are still tried, and the exit code is 1 if there was any; ``--traces`` prints where it
happened. The last line gives figures as ``name=value``.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import logging
import os
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree.ElementTree import fromstring

from icalendar import Calendar
from nights.drawn import DrawnNight, drawn_night
from nights.streets import BUNDLED
from PIL import Image

from patrolroute.output.save import save
from patrolroute.plan.model import PatrolPlan
from patrolroute.rules.audit import NOT_KEPT, audit

READERS: Mapping[str, Callable[[bytes], object]] = {
    ".json": json.loads,
    ".geojson": json.loads,
    ".gpx": fromstring,
    ".kml": fromstring,
    ".graphml": fromstring,
    ".ics": lambda content: Calendar.from_ical(content.decode()),
    ".csv": lambda content: list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)),
    ".png": lambda content: Image.open(io.BytesIO(content)).load(),
    ".xlsx": lambda content: zipfile.ZipFile(io.BytesIO(content)).testzip(),
    ".html": lambda content: content.decode(),
    ".txt": lambda content: content.decode("utf-8-sig"),
}
"""What reads each kind of file."""


class NightFaultError(Exception):
    """What a night shows that must not be."""


@dataclass(slots=True)
class Stages:
    """Which stage a night is in, and how many seconds each took of all nights together."""

    now: str = ""
    seconds: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Count the seconds of a stage."""
        self.now, began = name, time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - began


def put_out(night: DrawnNight, folder: Path, stages: Stages) -> PatrolPlan:
    """Plan a night and write everything twice, the second time as it was read back.

    Raises
    ------
    NightFaultError
        If the audit finds anything but what could not be kept, or files are not as they were.
    """
    one, two, model = folder / "one", folder / "two", night.run.night
    with stages.of("solve"):
        plan = night.run.solve(night.problem, threads=1).plan
    with stages.of("audit"):
        require_sound(plan)
    with stages.of("save"):
        save(plan, one, lang=model.lang, crs=model.out_crs)
    with stages.of("parse"):
        files = contents(one)
        for name, content in files.items():
            READERS[Path(name).suffix](content)
    with stages.of("read"):
        again = PatrolPlan.from_json(one / "plan.json")
    with stages.of("audit of what was read"):
        require_sound(again)
    with stages.of("save again"):
        save(again, two, lang=model.lang, crs=model.out_crs)
    with stages.of("compare"):
        others = contents(two)
        if different := sorted(name for name in {*files, *others} if files.get(name) != others.get(name)):
            raise NightFaultError(f"not as before: {', '.join(different)}")
    return plan


def require_sound(plan: PatrolPlan) -> None:
    """Refuse a plan that breaks a rule; a short night may miss what is required or promised."""
    if found := [str(one) for one in audit(plan) if one.rule not in NOT_KEPT]:
        raise NightFaultError(f"{len(found)} broken rules, the first: {found[0]}")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def traits(night: DrawnNight, plan: PatrolPlan) -> Iterator[str]:
    """Yield what a night has of what nights may have."""
    crews, tasks, data = night.problem.crews, night.problem.tasks, night.data
    yield f"map_{night.map_name}"
    yield f"goal_{plan.objective.goal}"
    yield from {f"mode_{crew.mode}" for crew in crews}
    has: dict[str, Any] = {
        "one_street": len({task.name for task in tasks if task.kind == "street"}) == 1,
        "hotspots": any(task.kind == "hotspot" for task in tasks),
        "windows": any(task.windows for task in tasks),
        "several_visits": any(task.visits_wanted > 1 for task in tasks),
        "promises": any(task.max_gap_s is not None for task in plan.tasks),
        "breaks": any(crew.break_ for crew in crews),
        "capacity_0": any(crew.capacity == 0 for crew in crews),
        "ranges": any(crew.range_km for crew in crews),
        "kinds": any(crew.kinds for crew in crews),
        "areas": any(crew.area for crew in crews),
        "reserved": any(crew.reserved for crew in crews),
        "forbidden": any(crew.forbidden for crew in crews),
        "key_hours": plan.key_hours,
        "closures": data.get("closures"),
        "slow": data.get("slow"),
        "odd_streets": data["map"]["file"] == "map.graphml",
        "required_missed": plan.objective.required_missed,
        "idle_crews": any(not route.legs for route in plan.routes),
    }
    yield from (name for name, value in has.items() if value)


def tried(seed: int, maps: Sequence[Path], stages: Stages) -> tuple[DrawnNight, PatrolPlan]:
    """Draw a night and put it out, in folders that go."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "night").mkdir()
        with stages.of("draw"):
            night = drawn_night(seed, maps, Path(folder) / "night")
        return night, put_out(night, Path(folder), stages)


@contextmanager
def aside() -> Iterator[None]:
    """Keep maps in a cache that goes, let warnings fail, and what is only told be silent."""
    logging.getLogger("patrolroute").setLevel(logging.ERROR)
    with (
        tempfile.TemporaryDirectory() as cache,
        patch.dict(os.environ, {"PATROLROUTE_CACHE": cache}),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="osmnx")
        yield


def run(seeds: Sequence[int], maps: Sequence[Path], *, minutes: float, traces: bool) -> dict[str, float]:
    """Try a night for each seed, print each failure, and return the figures."""
    stages, had, figures = Stages(), Counter[str](), Counter[str]()
    began = time.perf_counter()
    for seed in seeds:
        if time.perf_counter() - began > 60 * minutes:
            break
        figures["nights"] += 1
        try:
            night, plan = tried(seed, maps, stages)
        except Exception as error:  # noqa: BLE001 - whatever a night fails of, the others are tried
            figures["failures"] += 1
            print(f"seed {seed}, {stages.now}: {type(error).__name__}: {error}", flush=True)
            if traces:
                traceback.print_exc(file=sys.stdout)
            continue
        figures["refused"] += night.refused
        figures["legs"] += sum(len(route.legs) for route in plan.routes)
        had.update(traits(night, plan))
    for name, count in sorted(had.items()):
        print(f"{name:<28}{count:>6}")
    print(", ".join(f"{name} {seconds:.0f} s" for name, seconds in stages.seconds.most_common()))
    told = {name: figures[name] for name in ("nights", "failures", "refused", "legs")}
    return told | {"traits": len(had), "seconds": round(time.perf_counter() - began, 1)}


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=500)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no night after so many")
    parser.add_argument("--network", type=Path, nargs="+", default=[BUNDLED], metavar="FILE", help="OSM or GraphML")
    parser.add_argument("--traces", action="store_true", help="print where each failure happened")
    args = parser.parse_args()
    seeds = range(args.first_seed, args.first_seed + args.nights)
    with aside():
        maps = [path.resolve() for path in args.network]
        figures = run(seeds, maps, minutes=args.minutes, traces=args.traces)
    print(" ".join(f"{name}={value}" for name, value in figures.items()))
    return int(figures["failures"] > 0)


if __name__ == "__main__":
    sys.exit(main())

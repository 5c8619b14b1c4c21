"""What each output of a plan costs: ``python tests/benchmarks/saving.py out/plan.json``, in seconds of CPU.

Each output is made twice in one process; the second time what it loads (fonts, libraries, crossings) is there already.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from patrolroute.output.calendar import ics_bytes
from patrolroute.output.kml import kml_bytes
from patrolroute.output.looks.clock import in_datum
from patrolroute.output.picture import picture_bytes
from patrolroute.output.sheets import sheet_files
from patrolroute.output.summary import summary
from patrolroute.output.tables import left_out_csv, stops_csv
from patrolroute.output.tracks import geojson_bytes, gpx_bytes
from patrolroute.output.web import map_bytes
from patrolroute.output.workbook import xlsx_bytes
from patrolroute.plan.files import plan_files
from patrolroute.plan.model import PatrolPlan


def outputs(plan: PatrolPlan, folder: Path) -> dict[str, Callable[[], object]]:
    """Return what makes each output, all of them together last."""
    return {
        "plan.json, network.graphml, turns.csv": lambda: plan_files(plan),
        "map.png": lambda: picture_bytes(plan),
        "map.html": lambda: map_bytes(plan),
        "sheets.html, commander.html": lambda: sheet_files(plan),
        "plan.xlsx": lambda: xlsx_bytes(plan),
        "gpx": lambda: [gpx_bytes(plan, route) for route in plan.routes if route.legs],
        "shifts.ics": lambda: ics_bytes(plan),
        "plan.kml, plan.geojson": lambda: (kml_bytes(plan), geojson_bytes(plan)),
        "stops.csv, left_out.csv, summary.txt": lambda: (stops_csv(plan), left_out_csv(plan), summary(plan)),
        "moving everything to another datum": lambda: in_datum(plan, "gcj02"),
        "plan.save": lambda: plan.save(folder),
    }


def measure(path: Path) -> dict[str, tuple[float, float]]:
    """Return the seconds of the first and the second time by output."""
    plan = PatrolPlan.from_json(path)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, make in outputs(plan, Path(folder)).items():
            found[name] = _seconds(make), _seconds(make)
    return found


def _seconds(make: Callable[[], object]) -> float:
    began = time.process_time()
    make()
    return time.process_time() - began


if __name__ == "__main__":
    for name, (first, again) in measure(Path(sys.argv[1])).items():
        print(f"| {name} | {first:.2f} | {again:.2f} |")

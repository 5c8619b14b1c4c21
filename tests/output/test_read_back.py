"""A plan that is saved, read and saved again: every output is the same to the last byte."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.hand_made.drive import fill_in
from patrolroute.hand_made.words import HandMadeRoute, HandMadeStop
from patrolroute.output.calendar import ics_bytes
from patrolroute.output.kml import kml_bytes
from patrolroute.output.looks.clock import in_datum
from patrolroute.output.tables import left_out_csv, stops_csv
from patrolroute.output.tracks import geojson_bytes, gpx_bytes
from patrolroute.output.workbook import xlsx_bytes
from patrolroute.plan.files import plan_files
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from tests.problem.nights import crew, grown, market, night, nights, street

THIRD = (117.0 + 0.0053 / 3, 32.6 + 1e-5 / 3)
"""A third of the way from node 1 to node 2 of the ring, with more digits than any file has, and as far from both."""


def read_back(plan: PatrolPlan) -> PatrolPlan:
    with tempfile.TemporaryDirectory() as folder:
        return PatrolPlan.from_json(plan.to_json(Path(folder) / "plan.json"))


def written(plan: PatrolPlan) -> list[bytes]:
    """Return what is quickly written, in two datums, and the plan itself."""
    found = list(plan_files(plan).values())
    for datum in ("wgs84", "gcj02"):
        moved = in_datum(plan, datum)
        found += [stops_csv(moved, "zh", datum), kml_bytes(moved, "zh", datum), geojson_bytes(moved, datum)]
        found += [ics_bytes(moved, "zh", datum), xlsx_bytes(moved, "zh", datum), left_out_csv(plan, "zh")]
        found += [gpx_bytes(moved, route, "zh", datum) for route in moved.routes if route.legs]
    return found


@settings(max_examples=8, deadline=None)
@given(nights(), st.data())
def test_any_plan_is_read_back_whole(problem: PatrolProblem, data: st.DataObject) -> None:
    plan = problem.plan(grown(problem, data))
    again = read_back(plan)
    assert (again.crews, again.tasks, again.routes) == (plan.crews, plan.tasks, plan.routes)
    assert written(again) == written(plan)


def test_every_file_of_a_plan_that_was_read_is_the_one_that_was_saved(tmp_path: Path) -> None:
    problem = night(street("s12"), street("s234"), market(point=THIRD), crews=(crew(depot=THIRD), crew("B")))
    plan = fill_in(problem, [HandMadeRoute("A", (HandMadeStop("s234"), HandMadeStop("m5")))])
    files = [path.relative_to(tmp_path / "one") for path in plan.save(tmp_path / "one")]
    PatrolPlan.from_json(tmp_path / "one" / "plan.json").save(tmp_path / "two")
    other = [file for file in files if (tmp_path / "one" / file).read_bytes() != (tmp_path / "two" / file).read_bytes()]
    assert len(files) >= len(("plan", "network", "map", "sheets"))
    assert other == []

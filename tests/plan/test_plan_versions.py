"""Plans of every version of the schema, kept as files: each is read, judged sound and fits the schema of today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from patrolroute.plan.declaration import FIRST, entries
from patrolroute.plan.model import SCHEMA_VERSION, PatrolPlan
from patrolroute.plan.records import GiveWay, LeftOut, Objective, Overtime, PlannedCrew, PlannedStaff, Spot

FOLDER = Path(__file__).parent / "plans"
VERSIONS = sorted(path.stem for path in FOLDER.glob("*.json"))
"""As kept in the folder; made by hand, so that no measure is asked of them that came later."""


def read(version: str) -> PatrolPlan:
    return PatrolPlan.from_json(FOLDER / f"{version}.json")


def values_of(version: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8")))


def test_a_plan_of_each_version_up_to_this_one_is_kept() -> None:
    assert VERSIONS[-1] == SCHEMA_VERSION
    assert len({version.partition(".")[0] for version in VERSIONS}) == int(SCHEMA_VERSION.partition(".")[0])
    assert [values_of(version)["schema_version"] for version in VERSIONS] == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_each_is_read_sound_and_fits_the_schema(version: str) -> None:
    plan = read(version)
    assert plan.audit() == ()
    assert (plan.routes, plan.window, plan.seed) == (read("1.4").routes, read("1.4").window, 7)
    jsonschema.validate(values_of(version), PatrolPlan.json_schema())


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_does_not_have_is_read_as_the_documents_say(version: str) -> None:
    plan = read(version)
    first = plan.crews[0]
    assert first.reserved == (() if version < "1.1" else ("m5", "s234", "s12"))
    assert first.range_km == (None if version < "1.5" else 50)
    assert first.staff == (None if version < "2.1" else PlannedStaff("皖D0000警", "01"))
    assert first.depot.name == ("" if version < "1.4" else "市局大院")
    assert plan.conflicts == (None if version < "1.3" else ())
    remedies = () if version < "1.3" else (Overtime("A", 61), GiveWay("B", ("s12",), 150), "A")
    detail = "one more takes at least 1 min of a crew's time"
    assert plan.task["s41"].left_out == LeftOut("displaced", 40, detail, *remedies)
    bounds = (plan.objective.driving_bound_s, plan.objective.longest_route_bound_s, plan.objective.idleness_bound_s)
    assert bounds == ((None, None, None) if version < "1.4" else (300, 1200, 60))
    assert plan.objective.upper_bound == 2750


def test_a_plan_of_this_version_is_written_as_it_stands_line_by_line(tmp_path: Path) -> None:
    kept, written = FOLDER / f"{SCHEMA_VERSION}.json", read(SCHEMA_VERSION).to_json(tmp_path / "plan.json")
    pairs = zip(kept.read_bytes().splitlines(), written.read_bytes().splitlines(), strict=True)
    assert [one[:12] for one, two in pairs if one != two and not one.startswith(b'"metrics"')] == []


def test_an_old_plan_that_is_written_again_is_one_of_today(tmp_path: Path) -> None:
    again = PatrolPlan.from_json(read("1.0").to_json(tmp_path / "plan.json"))
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["schema_version"] == SCHEMA_VERSION
    assert (again.crews, again.tasks, again.routes) == (read("1.0").crews, read("1.0").tasks, read("1.0").routes)


def test_a_key_may_be_missing_only_where_a_later_version_brought_it() -> None:
    for record in (PlannedCrew, Spot, Objective, LeftOut):
        for entry in entries(record):
            assert entry.key.since in VERSIONS
            assert (entry.default is ...) == (entry.key.since == FIRST)
    schema = PatrolPlan.json_schema()
    assert "overtime" not in schema["$defs"]["LeftOut"]["required"]
    assert "capacity" in schema["$defs"]["PlannedCrew"]["required"]

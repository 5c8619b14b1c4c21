"""GeoJSON and GeoDataFrames: every leg, depot and task, in WGS-84."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from patrolroute.output.looks.clock import plan_number
from patrolroute.output.tables import legs_frame, tasks_frame
from patrolroute.output.tracks import geojson_bytes
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed
from tests.plan.hand_made import place


def test_the_collection_holds_every_leg_depot_and_task() -> None:
    plan = drawn_plan()
    collection = json.loads(geojson_bytes(plan))
    kinds = [feature["properties"]["feature"] for feature in collection["features"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"leg": 9, "depot": 2, "task": 4}
    assert (collection["notice"], collection["attribution"]) == (NOTICE, "drawn")
    assert collection["created_with"] == f"patrolroute, plan {plan_number(plan)}"
    assert collection["window"] == ["2026-05-08T20:00:00+08:00", "2026-05-08T22:00:00+08:00"]
    leg = collection["features"][0]
    assert leg["geometry"] == {
        "type": "LineString",
        "coordinates": [[round(x, 7), round(y, 7)] for x, y in (place(1), place(2))],
    }
    assert leg["properties"]["depart"] == "2026-05-08T20:00:00+08:00"


def test_a_street_driven_both_ways_on_one_roadway_is_one_line() -> None:
    features = json.loads(geojson_bytes(drawn_plan()))["features"]
    tasks = {one["properties"]["id"]: one for one in features if one["properties"]["feature"] == "task"}
    assert len(tasks["s234"]["geometry"]["coordinates"]) == 1
    assert tasks["m5"]["geometry"]["type"] == "Point"
    assert tasks["s41"]["properties"]["left_out"] == "displaced"


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gives_valid_json(name: str) -> None:
    features = json.loads(geojson_bytes(renamed(drawn_plan(), name)))["features"]
    assert features[0]["properties"]["crew"] == name


def test_the_legs_frame_has_a_row_a_leg_with_aware_times() -> None:
    frame = legs_frame(drawn_plan())
    assert len(frame) == 9
    assert frame.crs.to_epsg() == 4326
    assert frame.depart.iloc[0].utcoffset().total_seconds() == 8 * 3600
    assert frame.groupby("crew").length_m.sum().to_dict() == {"A": 4000, "B": 1000}
    assert list(frame.geom_type[:5]) == ["LineString", "LineString", "LineString", "Point", "Point"]


def test_the_tasks_frame_says_what_was_asked_done_and_left_out() -> None:
    frame = tasks_frame(drawn_plan()).set_index("id")
    assert list(frame.visits_done) == [2, 1, 1, 0]
    assert frame.reason["s41"] == "displaced"
    assert frame.geometry["m5"].geom_type == "Point"


def test_a_plan_without_any_leg_gives_an_empty_frame_with_all_columns() -> None:
    plan = drawn_plan()
    idle = replace(plan, routes=tuple(replace(route, legs=(), end=route.start) for route in plan.routes))
    frame = idle.to_legs()
    assert len(frame) == 0
    assert {"crew", "kind", "depart", "geometry"} <= set(frame.columns)
    assert json.loads(geojson_bytes(idle))["features"][0]["properties"]["feature"] == "depot"

"""GPX: one track a crew with clock times, a waypoint for each stop, readable by any GPX reader."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise

import gpxpy
import pytest

from patrolroute.output.looks.clock import plan_number
from patrolroute.output.tracks import gpx_bytes
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan
from tests.plan.hand_made import at, place


def test_the_track_runs_from_depot_to_depot_in_time() -> None:
    plan = drawn_plan()
    gpx = gpxpy.parse(gpx_bytes(plan, plan.routes[0]).decode())
    points = gpx.tracks[0].segments[0].points
    assert (points[0].longitude, points[0].latitude) == pytest.approx(place(1))
    assert (points[-1].longitude, points[-1].latitude) == pytest.approx(place(1))
    times = [point.time for point in points if point.time is not None]
    assert (times[0], times[-1]) == (at("20:00"), at("20:23"))
    assert all(one <= two for one, two in pairwise(times))
    assert len(times) == len(points)


def test_a_point_half_way_along_a_leg_is_passed_half_way_through_its_time() -> None:
    plan = drawn_plan()
    points = gpxpy.parse(gpx_bytes(plan, plan.routes[0]).decode()).tracks[0].segments[0].points
    corner = points[3]  # leg 2 runs over 2, 3, 4; after the two points of leg 1
    assert (corner.longitude, corner.latitude) == pytest.approx(place(3))
    assert corner.time is not None
    assert abs(corner.time - at("20:03:20")) <= dt.timedelta(seconds=5)


def test_the_muster_point_each_order_and_each_wait_are_waypoints_with_their_times() -> None:
    plan = drawn_plan()
    waypoints = gpxpy.parse(gpx_bytes(plan, plan.routes[0], "zh").decode()).waypoints
    assert [point.name for point in waypoints] == [
        "集结点 1-2与1-4路口 20:00", "1 无名道路", "2 无名道路", "2 无名道路", "3 返回 1-2与1-4路口 20:23",
    ]  # fmt: skip
    said = [point.description for point in waypoints[1:4]]
    assert said == ["巡逻 20:00-20:05", "备勤 20:07-20:10", "驻点 20:10-20:20"]
    assert [point.time for point in waypoints] == [at("20:00"), at("20:00"), at("20:07"), at("20:10"), at("20:23")]
    assert (waypoints[1].longitude, waypoints[1].latitude) == pytest.approx(place(1))


def test_a_break_is_a_waypoint_and_the_track_stands_there() -> None:
    plan = resting_plan()
    gpx = gpxpy.parse(gpx_bytes(plan, plan.routes[0], "zh").decode())
    assert gpx.waypoints[2].description == "休息 20:07-20:10"
    assert at("20:07") in [point.time for point in gpx.tracks[0].segments[0].points]


def test_the_file_says_who_made_it_from_what_and_that_the_map_is_schematic() -> None:
    plan = drawn_plan()
    gpx = gpxpy.parse(gpx_bytes(plan, plan.routes[1]).decode())
    night = "夜巡方案 2026年5月8日 20:00–22:00 (Asia/Shanghai)"
    said = ["WGS-84", f"{night} · patrolroute, plan {plan_number(plan)}", NOTICE, "drawn"]
    assert (gpx.description or "").splitlines() == said
    assert gpx.time == at("20:00")


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gives_a_file_that_can_be_read(name: str) -> None:
    plan = renamed(drawn_plan(), name)
    gpx = gpxpy.parse(gpx_bytes(plan, plan.routes[0]).decode())
    assert gpx.tracks[0].name
    assert len(gpx.waypoints) == 5


def test_no_coordinate_pretends_to_be_finer_than_a_centimetre() -> None:
    plan = drawn_plan()
    plan = replace(
        plan, crews=tuple(replace(crew, depot=replace(crew.depot, lon=117.123456789)) for crew in plan.crews)
    )
    written = gpx_bytes(plan, plan.routes[0]).decode()
    digits = re.findall(r'(?:lat|lon)="-?\d+\.(\d+)"', written)
    assert len(digits) > 4
    assert max(map(len, digits)) == 7

"""Crews on foot and on bicycles, and plans made for points, reviewed like cars and plans for presence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import patrolroute as pr
from tests.live.judged import Judged
from tests.live.planted import KINDS, Night

MODES = ("foot", "bicycle")
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def mixed() -> pr.PatrolPlan:
    """Return a plan for points: a crew on foot and one on bicycles in the middle of the town, a car and a stall."""
    networks = {mode: pr.RoadNetwork.huainan(mode=mode) for mode in ("car", *MODES)}  # type: ignore[arg-type]
    streets = [
        street
        for mode, names in (("foot", ["龙湖路"]), ("bicycle", ["朝阳中路", "人民路"]), ("car", ["学院路", "国庆中路"]))
        for street in pr.select_streets(networks[mode], names=names, priority=3, visits=1)
    ]
    stall = {"name": "龙湖夜市", "lon": 117.0035, "lat": 32.6249, "windows": "18:00-02:00", "dwell_min": 15}
    spots = pr.hotspots_from([stall], networks["foot"], snap_m=1000)
    depot = (117.0035, 32.6249)
    shift = (dt.datetime(2026, 5, 8, 20, 30, tzinfo=ZONE), dt.datetime(2026, 5, 8, 22, 30, tzinfo=ZONE))
    crews = [
        pr.Crew(name, depot=depot, start=shift[0], end=shift[1], mode=mode)  # type: ignore[arg-type]
        for name, mode in (("步巡", "foot"), ("骑巡", "bicycle"), ("车巡", "car"))
    ]
    problem = pr.PatrolProblem(networks, [*streets, *spots], crews)
    return pr.solve(problem, goal="points", work_limit=300, seed=1, threads=1).plan


def test_each_crew_has_a_night(mixed: pr.PatrolPlan) -> None:
    assert mixed.objective.goal == "points"
    assert all(len(route.legs) > 3 for route in mixed.routes)
    assert {crew.mode for crew in mixed.crews} == {"foot", "bicycle", "car"}


@pytest.mark.parametrize(("every_s", "noise_m", "seed"), [(1, 5.0, 0), (10, 5.0, 1), (30, 8.0, 2)])
def test_a_night_of_all_modes_driven_as_planned_has_no_deviation(
    mixed: pr.PatrolPlan, every_s: float, noise_m: float, seed: int
) -> None:
    review = pr.review(mixed, Night(mixed, seed).tracks(every_s=every_s, noise_m=noise_m))
    told = [one for one in review.orders if one.status != "made"]
    assert len(told) <= 0.05 * len(review.orders), told
    assert review.violations == ()
    assert not review.doubts
    for crew in review.beside:
        assert crew.stood_min <= 3, crew
    for name in ("coverage_length", "required_served"):
        planned, driven, _ = review.measures[name]
        assert driven == pytest.approx(planned, abs=0.03), name
    collected = review.driven.objective.prize_collected
    assert collected >= 0.9 * mixed.objective.prize_collected


def test_what_is_planted_in_a_night_on_foot_and_on_bicycles_is_found(mixed: pr.PatrolPlan) -> None:
    judged = Judged()
    for seed, kinds in enumerate((("late", "standing"), ("silent", "late"), ("standing", "silent"))):
        night = Night(mixed, seed)
        for kind, crew in zip(kinds, ("步巡", "骑巡"), strict=True):
            KINDS[kind](night, crew)
        judged.take(night, pr.review(mixed, night.tracks(every_s=10, noise_m=5.0)))
    assert judged.found == judged.planted, judged.complaints
    assert judged.unseen == judged.stands == judged.doubts == 0, judged.complaints
    assert judged.false <= 0.05 * judged.judged, judged.complaints


def test_people_on_patrol_do_not_stand_while_they_walk(mixed: pr.PatrolPlan) -> None:
    (track,) = (one for one in Night(mixed).tracks(every_s=1, noise_m=4.0) if one.crew == "步巡")
    review = pr.review(mixed, [track])
    (route,) = (route for route in review.driven.routes if route.crew == "步巡")
    assert sum(leg.duration_s for leg in route.legs if leg.kind == "wait") <= 180
    assert sum(leg.duration_s for leg in route.legs if leg.kind == "patrol") > 600


def test_a_crew_on_foot_whose_track_is_a_cars_is_told(mixed: pr.PatrolPlan) -> None:
    (car,) = (one for one in Night(mixed).tracks() if one.crew == "车巡")
    review = pr.review(mixed, [replace(car, crew="步巡")])
    assert "too_fast" in {doubt.kind for doubt in review.doubts if doubt.crew == "步巡"}
    own = pr.review(mixed, [car])
    assert "too_fast" not in {doubt.kind for doubt in own.doubts}
    assert np.all(np.diff(car.seconds) > 0)

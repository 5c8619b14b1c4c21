"""From a night's file to a plan: crews, streets, hotspots, closures, each as the file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from patrolroute.base.errors import InputError, NightError
from patrolroute.demand.model import PriorityStreet
from patrolroute.night.run import NightRun, night_from
from tests.night.nights import BUREAU, small_night


def night_run(folder: Path = Path(), **changes: Any) -> NightRun:
    return NightRun(night_from(small_night(**changes)), folder)


def names(run: NightRun) -> set[str]:
    return {item.name for item in run.demand(run.networks()) if isinstance(item, PriorityStreet)}


def test_a_night_is_planned_to_the_end_and_audits_clean() -> None:
    plan = night_run().solve().plan
    assert plan.audit() == ()
    assert plan.objective.required_missed == 0
    assert plan.settings["night"] == "夜间巡逻"


def test_a_plan_that_misses_what_is_required_says_what_conflicts() -> None:
    streets = [{"names": ["龙湖路", "学院路"], "required": True}]
    run = night_run(shift={"start": "20:30", "end": "20:42"}, crews=[{"depot": "bureau", "count": 1}], streets=streets)
    plan = run.solve().plan
    assert plan.objective.required_missed
    assert plan.conflicts is None  # nobody has asked yet
    plan = plan.explained
    assert plan.conflicts
    assert {one for conflict in plan.conflicts for one in conflict.tasks} <= {task.id for task in plan.tasks}
    assert "必巡任务不能全部完成：" in plan.summary("zh")


def test_the_same_night_gives_the_same_plan() -> None:
    assert night_run().solve().plan.routes == night_run().solve().plan.routes


def test_crews_come_in_groups_with_their_own_shift_and_depot() -> None:
    other = BUREAU | {"id": "other", "lon": 117.02}
    run = night_run(
        depots=[BUREAU, other],
        crews=[
            {"depot": "bureau", "count": 2, "prefix": "B"},
            {
                "depot": "other",
                "id": "夜班",
                "start": "21:00",
                "end": "01:00",
                "end_depot": "bureau",
                "speed_factor": 0.9,
            },
        ],
    )
    crews = run.crews()
    assert [crew.id for crew in crews] == ["B01", "B02", "夜班"]
    assert (crews[2].start.hour, crews[2].budget_s, crews[2].end_place) == (21, 4 * 3600, (117.0035, 32.6249))


def test_depots_in_amap_coordinates_are_moved() -> None:
    lon, lat = night_run(crs="gcj02").crews()[0].depot
    assert lon == pytest.approx(117.0035 - 0.0054, abs=0.0005)
    assert lat == pytest.approx(32.6249 + 0.0021, abs=0.0005)


def test_an_unknown_depot_is_told_with_the_known_ones_for_every_group() -> None:
    with pytest.raises(NightError) as caught:
        night_run(crews=[{"depot": "x"}, {"depot": "bureau", "end_depot": "y"}]).crews()
    assert caught.value.complaints == (
        "crews[1]: depot 'x' is not among the depots: bureau",
        "crews[2]: depot 'y' is not among the depots: bureau",
    )


def test_a_depot_named_twice_is_told() -> None:
    with pytest.raises(NightError, match="depots: the id 'bureau' is used twice"):
        night_run(depots=[BUREAU, BUREAU]).crews()


def test_a_shift_over_16_hours_is_told_with_its_group() -> None:
    with pytest.raises(NightError, match=r"crews\[1\]: crew 'A01': shift of 17\.0 hours is longer than 16"):
        night_run(shift={"start": "08:00", "end": "01:00"}).crews()


def test_a_street_closed_tonight_is_left_out_and_named() -> None:
    run = night_run(closures={"names": ["学院路"]})
    assert "学院路" not in names(run)
    assert run.closed_names(run.networks()) == ("学院路",)
    plan = run.solve().plan
    assert plan.settings["closed"] == ["学院路"]
    assert "今晚封闭：学院路" in plan.summary("zh")
    assert not any("学院路" in network.names for network in plan.networks.values())


def test_if_every_street_of_a_wish_is_closed_the_others_are_planned() -> None:
    run = night_run(
        streets=[{"names": ["学院路"]}, {"names": ["龙湖路"]}],
        closures={"names": ["学院路"]},
    )
    assert names(run) == {"龙湖路"}


@pytest.mark.parametrize("wish", [{"within": "area.geojson"}, {"along": "line.geojson"}])
def test_a_wish_without_names_of_which_every_street_is_closed_keeps_no_other_from_being_planned(
    wish: dict[str, Any], tmp_path: Path
) -> None:
    whole = night_run().network()
    arc = next(arc for arc, name in enumerate(whole.names) if name == "学院路")
    line = shapely.LineString(whole.shape(arc))
    (tmp_path / "area.geojson").write_text(shapely.to_geojson(line.buffer(1e-4)))
    (tmp_path / "line.geojson").write_text(shapely.to_geojson(line))
    wish = wish | {"classes": [whole.highways[arc]]}
    assert names(night_run(tmp_path, streets=[wish])) == {"学院路"}
    closed = {"names": ["学院路"]}
    assert names(night_run(tmp_path, streets=[wish, {"names": ["龙湖路"]}], closures=closed)) == {"龙湖路"}
    with pytest.raises(NightError, match="nothing to cover: 学院路 is closed tonight"):
        night_run(tmp_path, streets=[wish], closures=closed).problem()
    with pytest.raises(NightError, match="龙胡路"):
        night_run(tmp_path, streets=[wish | {"names": ["龙胡路"]}], closures=closed).problem()


def test_a_drawn_line_and_area_close_streets(tmp_path: Path) -> None:
    whole = night_run().network()
    arc = whole.names.index("学院路")
    line = {"type": "LineString", "coordinates": whole.shape(arc).tolist()}
    (tmp_path / "line.geojson").write_text(json.dumps(line))
    lon, lat = whole.shape(arc).mean(axis=0)
    ring = [[lon + east * 2e-4, lat + north * 2e-4] for east, north in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    (tmp_path / "area.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    for closed in ({"lines": "line.geojson"}, {"polygons": "area.geojson"}):
        network = night_run(tmp_path, closures=closed).network()
        assert network.arc(0)
        assert whole.arc(arc) not in network.arc_index


def test_an_unknown_street_is_told_with_near_matches_and_with_what_else_is_wrong(tmp_path: Path) -> None:
    run = night_run(
        tmp_path,
        streets=[{"names": ["龙胡路"]}, {"names": ["学院路"], "within": "no.geojson"}],
        hotspots=[{"file": "no.csv"}],
    )
    with pytest.raises(InputError) as caught:
        run.problem()
    assert len(caught.value.complaints) == 3
    assert "street '龙胡路' is not on the map; did you mean 龙湖路" in caught.value.complaints[0]


def test_a_wrong_crew_a_wrong_closure_and_a_wrong_street_are_told_together() -> None:
    run = night_run(
        crews=[{"depot": "nowhere"}],
        closures={"names": ["鬼路"]},
        streets=[{"names": ["龙胡路"]}, {"names": ["龙湖路"]}],
    )
    with pytest.raises(NightError) as caught:
        run.problem()
    told = "\n".join(caught.value.complaints)
    assert len(caught.value.complaints) == 3
    for word in ("nowhere", "鬼路", "龙胡路"):
        assert word in told


def test_if_all_that_is_wanted_is_closed_the_closure_is_named() -> None:
    with pytest.raises(NightError, match="nothing to cover: 学院路 is closed tonight"):
        night_run(streets=[{"names": ["学院路"]}], closures={"names": ["学院路"]}).problem()


def test_a_work_limit_in_the_call_lifts_the_files_time_limit() -> None:
    run = night_run(solve={"time_limit_s": 0.001})
    assert run.solve(work_limit=9).work == 9
    assert run.solve(work_limit=9, time_limit=0).work == 0


def test_a_night_over_the_change_of_the_clocks_audits_clean() -> None:
    run = night_run(date="2026-10-24", timezone="Europe/Berlin", shift={"start": "23:00", "end": "04:00"})
    plan = run.solve().plan
    assert plan.crews[0].budget_s == 6 * 3600
    assert plan.audit() == ()


def test_speeds_of_the_night_replace_those_of_the_table() -> None:
    slow = night_run(speeds={"travel_kmh": {"primary": 10}, "patrol_kmh": {"primary": 5}}).network()
    plain = night_run().network()
    assert slow.travel_s.sum() > plain.travel_s.sum()


def test_what_is_given_in_the_call_overrides_the_file() -> None:
    assert night_run().solve(work_limit=7).work == 7


def test_what_the_file_says_of_crews_and_loads_reaches_the_problem(tmp_path: Path) -> None:
    (tmp_path / "spots.csv").write_text(
        "id,name,lon,lat,open,close,load\nH1,夜市,117.0035,32.6249,18:00,02:00,2\n", encoding="utf-8"
    )
    run = night_run(
        tmp_path,
        crews=[
            {"depot": "bureau", "id": "甲", "capacity": 4, "reserved": ["H1"],
             "break": {"minutes": 7.5, "windows": ["21:00-21:30"]}},
            {"depot": "bureau", "id": "乙", "forbidden": ["龙湖路"]},
        ],
        streets=[{"names": ["龙湖路", "学院路"], "load": 1}],
        hotspots=[{"file": "spots.csv"}],
    )  # fmt: skip
    problem = run.problem()
    assert [task.load for task in problem.tasks] == [1] * (len(problem.tasks) - 1) + [2]
    assert (problem.crews[0].capacity, problem.crews[1].capacity) == (4, None)
    assert tuple(crew.break_ for crew in problem.instance.crews) == ((450, ((1800, 3150),)), None)
    assert problem.instance.allowed[0].all()
    assert {task.name for task, may in zip(problem.tasks, problem.instance.allowed[1], strict=True) if not may} == {
        "龙湖路", "夜市",
    }  # fmt: skip


def test_a_break_that_has_no_room_and_an_unknown_street_are_told_together() -> None:
    with pytest.raises(InputError) as caught:
        night_run(
            crews=[
                {"depot": "bureau", "id": "甲", "break": {"minutes": 20, "windows": ["21:00-21:10"]}},
                {"depot": "bureau", "id": "乙", "reserved": ["龙胡路"]},
            ]
        ).problem()
    room, unknown = caught.value.complaints
    assert unknown.startswith(
        "crew '乙': reserved '龙胡路' is no task, hotspot or street of the night; did you mean 龙湖路"
    )
    assert room == "crew '甲': a break of 20 min in 21:00-21:10 has no room within its shift 20:30 to 22:00"

"""Cells of a grid: laid, read, and how a plan is seen in them, by hand and on random grids."""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.areas.cells_files import cell_lines, cells_geojson, save_cells
from patrolroute.base.errors import InputError, TableError
from patrolroute.cli.commands import main
from patrolroute.metrics.cells import Cell, lay_cells, letters, read_cells
from patrolroute.metrics.seen_in_cells import seen_in_cells
from patrolroute.output.plots.cells import draw_cells
from patrolroute.plan.seen import seen_share
from tests.plan.hand_made import LAT, LON, at, clean_plan, ring_network
from tests.search.grid import crew, market, streets, town

MIDDLE = LON + 0.0053 / 2
WEST = Cell("west", shapely.box(LON - 0.01, LAT - 0.01, MIDDLE, LAT + 0.01))
EAST = Cell("east", shapely.box(MIDDLE, LAT - 0.01, LON + 0.02, LAT + 0.01))
FAR = Cell("far", shapely.box(LON + 1, LAT, LON + 1.01, LAT + 0.01))


def test_streets_count_by_the_share_of_their_length_in_a_cell():
    west, east, far = seen_in_cells(clean_plan(), [WEST, EAST, FAR]).cells
    assert west.metres == pytest.approx(250 + 250 + 500, rel=2e-3)  # half of 1-2, a quarter of 2-3-4, 4-1
    assert east.metres == pytest.approx(250 + 750, rel=2e-3)
    assert west.weight == pytest.approx(3 * 250 + 2 * 250 + 500, rel=2e-3)
    assert (far.metres, far.seen, far.visits, far.present_s) == (0, None, 0, 0)


def test_a_cell_is_seen_by_what_its_own_streets_are_seen_by():
    plan = clean_plan()
    only = Cell("4-1", shapely.box(LON - 0.001, LAT + 0.001, LON + 0.001, LAT + 0.004))
    (found,) = seen_in_cells(plan, [only]).cells
    # 4-1 is driven at the end of the first route alone: from 20:22 on, and up to the quarter of an hour before it.
    assert found.metres == pytest.approx(500 * 0.003 / 0.0045, rel=1e-3)
    passes = [leg for route in plan.routes for leg in route.legs if (4, 1, 0) in leg.arcs or (1, 4, 0) in leg.arcs]
    assert found.seen == pytest.approx(seen_share_of_one(plan, "s41"))
    assert found.visits == len(passes) > 0


def seen_share_of_one(plan: pr.PatrolPlan, task: str) -> float:
    from dataclasses import replace

    share = seen_share(replace(plan, tasks=tuple(one for one in plan.tasks if one.id == task)))
    assert share is not None
    return share


def test_visits_are_told_apart_by_whether_the_crew_was_away():
    plan = clean_plan()
    seen = seen_in_cells(plan, [WEST, EAST])
    whole = seen_in_cells(plan, [Cell("all", shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1))])
    assert whole.cells[0].visits == sum(bool(route.legs) for route in plan.routes)
    assert [one.visits for one in seen.cells] == [sum(one.visits_by_hour) for one in seen.cells]
    night_s = sum((route.end - route.start).total_seconds() for route in plan.routes)
    assert whole.cells[0].present_s == night_s
    assert sum(one.present_s for one in seen.cells) == pytest.approx(night_s, abs=30)


@given(
    side=st.sampled_from([130.0, 333.0, 500.0, 2_000.0]), shape=st.sampled_from(["square", "hexagon"]),
    step_s=st.sampled_from([300, 1800, 3600, 86_400]),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_cells_that_hold_all_streets_are_seen_together_as_the_plan_is(side: float, shape: str, step_s: int):
    plan = clean_plan()
    seen = seen_in_cells(plan, lay_cells(plan, shape=shape, side_m=side), step_s=step_s)  # type: ignore[arg-type]
    assert seen.seen == pytest.approx(seen_share(plan))
    assert sum(one.metres for one in seen.cells) == pytest.approx(500 + 1000 + 500)
    for one in seen.cells:
        lasting = [max(0.0, (min(to, at("21:45")) - begin).total_seconds()) for begin, to in seen.hours]
        by_hour = sum(share * lasts for share, lasts in zip(one.by_hour, lasting, strict=True) if share is not None)
        if one.seen is not None:
            assert one.seen == pytest.approx(by_hour / sum(lasting))
    assert seen.hours[0][0] == plan.window[0]
    assert seen.hours[-1][1] == plan.window[1]
    assert {begin.minute * 60 % min(step_s, 3600) for begin, _ in seen.hours[1:]} <= {0}


@given(side=st.floats(60, 3_000), shape=st.sampled_from(["square", "hexagon"]))
@settings(max_examples=20, deadline=None)
def test_laid_cells_are_of_one_size_and_lie_nowhere_over_each_other(side: float, shape: str):
    cells = lay_cells(ring_network(), shape=shape, side_m=side)  # type: ignore[arg-type]
    metres = [one.polygon.area * 111_195**2 * 0.8425 for one in cells]
    assert metres == pytest.approx([side**2] * len(cells), rel=0.01)
    assert len({one.name for one in cells}) == len(cells)
    whole = shapely.union_all([one.polygon for one in cells])
    assert whole.area == pytest.approx(sum(one.polygon.area for one in cells), rel=1e-9)
    lines = [shapely.LineString(ring_network().path_shape([arc])) for arc in range(10)]
    assert all(whole.buffer(1e-9).covers(line) for line in lines)


def test_cells_are_called_as_in_a_workbook():
    names = [one.name for one in lay_cells(ring_network(), side_m=250)]
    assert names[0] in ("A1", "B1")
    assert all(name[0] in "ABCDEF" for name in names)
    assert [letters(number) for number in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_the_grid_of_a_place_stays_where_it_is_when_a_street_is_left_out():
    from dataclasses import replace

    plan = clean_plan()
    fewer = replace(plan, tasks=plan.tasks[:3])
    one, other = ({cell.polygon.wkt for cell in lay_cells(some, side_m=250)} for some in (plan, fewer))
    assert other < one


def test_unseen_and_short_cells_are_named():
    seen = seen_in_cells(clean_plan(), [WEST, EAST, FAR], wanted=3)
    assert [one.cell.name for one in seen.unseen] == ["far"]
    assert {one.cell.name for one in seen.short} == {one.cell.name for one in seen.cells if one.visits < 3}
    text = "\n".join(cell_lines(seen, "zh"))
    assert "无车组进入：far" in text
    assert "no crew comes into: far" in "\n".join(cell_lines(seen, "en"))
    assert seen.worst is not None
    assert seen.worst.seen == min(one.seen for one in seen.cells if one.seen is not None)


def grid_file(folder: Path, *names: object) -> Path:
    features = [
        {"type": "Feature", "properties": {"名称": name}, "geometry": shapely.geometry.mapping(cell.polygon)}
        for name, cell in zip(names, (WEST, EAST, FAR), strict=False)
    ]
    path = folder / "grid.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_given_cells_keep_their_names_and_numbers_stand_for_those_without(tmp_path: Path):
    cells = read_cells(grid_file(tmp_path, "2E22", "", 7))
    assert [one.name for one in cells] == ["2E22", "2", "7"]
    assert cells[0].polygon.equals(WEST.polygon)
    moved = read_cells([WEST.polygon], crs="gcj02")[0].polygon.centroid
    assert 300 < 111_195 * moved.distance(WEST.polygon.centroid) < 900


def test_everything_that_is_wrong_with_given_cells_is_named_at_once(tmp_path: Path):
    path = grid_file(tmp_path, "a", "a", "b")
    data = json.loads(path.read_text(encoding="utf-8"))
    data["features"][2]["geometry"] = {"type": "Point", "coordinates": [117, 32]}
    data["features"][1]["geometry"] = shapely.geometry.mapping(WEST.polygon.buffer(0.0005))
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_cells(path)
    text = str(caught.value)
    assert "the name 'a' is there twice" in text
    assert "lie over each other" in text
    assert "feature 3: is not a polygon that can be used as a cell" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"side_m": 10}, "side_m is 10; it must be at least 50"),
        ({"side_m": float("nan")}, "side_m is nan"),
        ({"side_m": float("inf")}, "side_m is inf; it must be at most 100000"),
        ({"side_m": 1e300}, "it must be at most 100000"),
        ({"shape": "circle"}, "shape 'circle' is not one of square, hexagon"),
    ],
)
def test_cells_that_cannot_be_laid_are_refused(wrong: dict[str, object], said: str):
    with pytest.raises(InputError, match=said):
        lay_cells(clean_plan(), **wrong)  # type: ignore[arg-type]


def test_more_cells_than_anybody_reads_are_refused():
    with pytest.raises(InputError, match="more than 10,000 cells"):
        lay_cells(pr.RoadNetwork.huainan(), side_m=60)


def test_what_cannot_be_counted_is_refused():
    plan = clean_plan()
    for wrong, said in (({"wanted": -1}, "wanted is -1"), ({"step_s": 90}, "step_s is 90"), ({"step_s": 0}, "step_s")):
        with pytest.raises(InputError, match=said):
            seen_in_cells(plan, [WEST], **wrong)
    with pytest.raises(InputError, match="there are none"):
        seen_in_cells(plan, [])
    with pytest.raises(InputError, match="same name"):
        seen_in_cells(plan, [WEST, WEST])


def test_all_files_of_cells_say_the_same(tmp_path: Path):
    openpyxl = pytest.importorskip("openpyxl")
    seen = seen_in_cells(clean_plan(), read_cells(grid_file(tmp_path, "2E22", "007", "=1+1")), wanted=2)
    written = save_cells(seen, tmp_path / "out", lang="en", datum="gcj02")
    assert [path.name for path in written] == ["cells.geojson", "cells.xlsx", "cells.png"]
    sheet = openpyxl.load_workbook(tmp_path / "out" / "cells.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["2E22", "007", "=1+1"]
    drawn = json.loads(cells_geojson(seen))
    assert [feature["properties"]["visits"] for feature in drawn["features"]] == [row[3] for row in rows[1:]]
    assert [feature["properties"]["seen"] for feature in drawn["features"]] == [
        None if row[2] is None else round(row[2], 4) for row in rows[1:]
    ]
    assert (tmp_path / "out" / "cells.png").read_bytes()[:4] == b"\x89PNG"
    moved = json.loads((tmp_path / "out" / "cells.geojson").read_text(encoding="utf-8"))
    assert moved["datum"] == "gcj02"
    assert moved["features"][0]["geometry"] != drawn["features"][0]["geometry"]


def test_cells_are_drawn_for_the_night_and_for_each_hour():
    seen = seen_in_cells(clean_plan(), lay_cells(clean_plan(), side_m=250), wanted=1)
    for hour in (None, 0, len(seen.hours) - 1):
        axes = draw_cells(seen, hour=hour, lang="en")
        file = BytesIO()
        axes.figure.savefig(file)
        assert file.getvalue()
    with pytest.raises(InputError, match="hour is 9"):
        draw_cells(seen, hour=9)


def test_the_command_says_and_writes_how_cells_are_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    clean_plan().to_json(tmp_path / "plan" / "plan.json")
    out = tmp_path / "cells"
    assert (
        main(["cells", str(tmp_path / "plan"), "-o", str(out), "--side", "250", "--visits", "2", "--lang", "zh"]) == 0
    )
    told = capsys.readouterr()
    assert "个网格：见警率" in told.out
    assert sorted(path.name for path in out.iterdir()) == ["cells.geojson", "cells.png", "cells.xlsx"]
    drawn = grid_file(tmp_path, "一", "二", "三")
    assert main(["cells", str(tmp_path / "plan"), "-o", str(out), "--grid", str(drawn), "--lang", "en"]) == 0
    assert "3 cells" in capsys.readouterr().out
    assert main(["cells", str(tmp_path / "plan"), "-o", str(out), "--grid", str(tmp_path / "no.geojson")]) == 2
    assert main(["cells", str(tmp_path / "plan"), "-o", str(out), "--side", "20"]) == 2


def test_a_night_that_is_shorter_than_anybody_stays_is_seen_by_nobody():
    from dataclasses import replace

    plan = clean_plan()
    short = replace(plan, window=(plan.window[0], plan.window[0] + dt.timedelta(minutes=10)), routes=())
    (found,) = seen_in_cells(short, [Cell("all", shapely.box(LON - 1, LAT - 1, LON + 1, LAT + 1))]).cells
    assert found.seen is None
    assert found.visits == 0


def night_of_cells(seed: int = 0) -> tuple[pr.PatrolProblem, pr.PatrolPlan]:
    network = town(7)
    demand = [*streets(network), market(network, 1, 310, 200, dwell_s=180, required=True)]
    problem = pr.PatrolProblem(network, demand, [crew("P1"), crew("P2")])
    return problem, pr.solve(problem, goal="presence", work_limit=40, seed=seed).plan


def test_cells_that_are_short_are_visited_more_and_nothing_required_is_lost():
    problem, plan = night_of_cells()
    cells = lay_cells(plan, side_m=150)
    wanted = 1 + min(one.visits for one in seen_in_cells(plan, cells).cells)
    before = seen_in_cells(plan, cells, wanted=wanted)
    made = pr.visit_cells(problem, plan, cells, wanted=wanted, most_less=0.2, rounds=4)
    after = seen_in_cells(made, cells, wanted=wanted)
    assert before.short
    assert sum(wanted - one.visits for one in after.short) < sum(wanted - one.visits for one in before.short)
    assert made.objective.required_missed <= plan.objective.required_missed
    assert made.audit() == ()
    assert (seen_share(made) or 0) >= (seen_share(plan) or 0) - 0.2
    assert pr.visit_cells(problem, plan, cells, wanted=wanted, most_less=0.2, rounds=4).routes == made.routes


def test_a_plan_by_which_no_cell_is_short_stays_as_it_is():
    problem, plan = night_of_cells()
    whole = [Cell("all", shapely.box(110, 20, 120, 40))]
    assert pr.visit_cells(problem, plan, whole, wanted=1) is plan


def test_the_command_plans_anew_for_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any):
    problem, plan = night_of_cells()
    monkeypatch.setattr("patrolroute.night.run.NightRun.problem", lambda _: problem)
    monkeypatch.setattr("patrolroute.areas.visited_cells.ROUNDS", 2)
    plan.to_json(tmp_path / "plan" / "plan.json")
    night = str(pr.bundled_night())
    called = ["cells", str(tmp_path / "plan"), "--side", "150", "--visits", "2", "--night", night, "--lang", "zh"]
    assert main([*called, "-o", str(tmp_path / "out")]) == 0
    assert "重排后不足的网格" in capsys.readouterr().err
    assert pr.PatrolPlan.from_json(tmp_path / "out" / "plan" / "plan.json").audit() == ()
    assert (tmp_path / "out" / "cells.xlsx").exists()


def test_cells_without_an_inside_are_refused():
    for polygon in (shapely.Polygon(), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])):
        with pytest.raises(InputError, match="'a' is no polygon that can be used"):
            Cell("a", polygon)


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "wgs84"])
def test_what_was_written_in_another_datum_is_read_back_where_it_was(tmp_path: Path, datum: Any):
    seen = seen_in_cells(clean_plan(), lay_cells(clean_plan(), side_m=250))
    save_cells(seen, tmp_path, datum=datum)
    again = seen_in_cells(clean_plan(), read_cells(tmp_path / "cells.geojson"))
    assert again.seen == pytest.approx(seen.seen, abs=1e-3)
    assert [one.metres for one in again.cells] == pytest.approx([one.metres for one in seen.cells], abs=2)

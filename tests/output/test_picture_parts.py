"""The parts of the picture: the map follows from the plan, the sheet has room, everybody tells colours apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text

from patrolroute.network.road import RoadNetwork
from patrolroute.output import picture
from patrolroute.output.looks import fonts
from patrolroute.output.looks.drawing import round_length, shifted
from patrolroute.output.looks.names import readable
from patrolroute.output.looks.scene import Scene
from patrolroute.output.looks.style import COLOURS, DPI, MISSED, PRIORITY_TONES, STRIPE, joined_ids, teams_of
from patrolroute.output.picture.canvas import (
    LEAST_PANEL,
    Canvas,
    Chart,
    Needs,
    Rect,
    Taken,
    lay_out,
    metres_a_point,
    panels,
)
from patrolroute.output.picture.map import write_names
from patrolroute.output.picture.panels import draw_list
from patrolroute.plan.records import PlannedCrew, Spot
from tests.plan.hand_made import agreed_plan, at, clean_plan, place, with_route, with_task

PLAN = clean_plan()


def written(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


# The scene


def test_states_follow_from_visits() -> None:
    scene = Scene(with_task(PLAN, "s12", visits_done=1))
    assert {one.task.id: one.state for one in scene.stretches} == {"s12": "short", "s234": "done", "s41": "missed"}
    assert {stop.task.id: stop.state for stop in scene.stops} == {"m5": "done"}
    assert [(crew, leg.depart) for crew, leg in scene.stops[0].dwells] == [("A", at("20:10"))]


def test_who_patrols_a_street_is_shown_and_who_only_drives_it_is_not() -> None:
    scene = Scene(PLAN)
    assert {one.task.id: one.teams for one in scene.stretches} == {"s12": (0, 1), "s234": (0,), "s41": ()}
    driven = {tuple(map(tuple, np.round(line - scene.plane([place(1)]), 0).tolist())) for line in scene.approaches()}
    ends = {frozenset(line) for line in driven}
    corner = [
        tuple(np.round(scene.plane([place(node)])[0] - scene.plane([place(1)])[0], 0).tolist()) for node in (1, 4, 3, 5)
    ]
    assert ends == {frozenset(corner[:2]), frozenset(corner[2:])}


def test_the_plane_is_true_at_this_latitude_and_the_map_is_not_stretched() -> None:
    scene = Scene(PLAN)
    step = scene.plane([place(2)]) - scene.plane([place(1)])
    assert step[0, 0] == pytest.approx(0.0053 * 111_195 * np.cos(np.radians(32.602)), rel=1e-4)
    page = lay_out(Needs(_aspect(scene), 0, 5, 1, 2))
    west, south, east, north = scene.frame
    assert (east - west) / page.map.width == pytest.approx((north - south) / page.map.height, rel=1e-9)
    assert west < scene.plane([place(1)])[0, 0] < east
    assert south < scene.plane([place(5)])[0, 1] < north


def _aspect(scene: Scene) -> float:
    west, south, east, north = scene.frame
    return (east - west) / (north - south)


def test_a_single_place_still_has_streets_around_it() -> None:
    scene = Scene(replace(PLAN, tasks=(), routes=(), crews=PLAN.crews[:1]))
    west, south, east, north = scene.frame
    assert east - west == pytest.approx(600)
    assert north - south == pytest.approx(600)


def test_tasks_and_crews_that_no_map_knows_are_not_drawn() -> None:
    plan = with_task(PLAN, "s12", directions=(((9, 8, 0),),))
    plan = with_task(plan, "m5", node=99)
    plan = with_route(plan, 1, crew="nobody")
    scene = Scene(replace(plan, tasks=(*plan.tasks, replace(plan.tasks[1], id="walk", mode="foot"))))
    assert [one.task.id for one in scene.stretches] == ["s234", "s41"]
    assert scene.stops == ()
    assert [route.crew for route in scene.routes] == ["A"]
    assert picture.picture_bytes(scene.plan).startswith(b"\x89PNG")


# The map


def lines_of(figure: Figure, colour: str) -> list[tuple[float, np.ndarray]]:
    """Return width and points of every line of a colour on the large map."""
    largest = max(figure.axes, key=lambda axes: axes.get_position().width * axes.get_position().height)
    wanted = mpl.colors.to_rgba(colour)
    return [
        (float(collection.get_linewidths()[0]), line)
        for collection in largest.findobj(PathCollection)
        if len(collection.get_edgecolors()) and tuple(collection.get_edgecolors()[0]) == wanted
        for path in collection.get_paths()
        for line in np.split(path.vertices, np.flatnonzero(path.codes == Path.MOVETO)[1:])
    ]


def test_two_crews_on_one_street_lie_side_by_side() -> None:
    sheet = picture._sheet(PLAN, "zh")
    scene = Scene(PLAN)
    one, two = (lines_of(sheet.figure, team.colour) for team in scene.teams)
    page = lay_out(Needs(_aspect(scene), 0, 6, 1, 2))
    (_, second), first = two[0], one[0][1]
    gap = shapely.LineString(first).distance(shapely.LineString(second))
    assert len(two) == 1
    assert gap == pytest.approx(STRIPE * metres_a_point(scene, page.map), rel=1e-6)


def test_a_missed_street_is_dashed_red_and_bolder_if_it_is_required() -> None:
    widths = []
    for required in (False, True):
        plan = with_task(PLAN, "s41", required=required)
        ((width, line),) = lines_of(picture.figure(plan), MISSED)
        expected = shapely.LineString(Scene(plan).plane([place(4), place(1)]))
        assert shapely.LineString(line).equals(expected)
        widths.append(width)
    assert widths[1] > widths[0]


def test_a_street_with_too_few_visits_has_red_dots_on_both_sides_and_a_full_one_none() -> None:
    plan = with_task(with_task(PLAN, "s41", visits_done=1), "s12", visits_done=1)
    one, two = (shapely.LineString(line) for _, line in lines_of(picture.figure(plan), MISSED))
    street = shapely.LineString(Scene(plan).plane([place(1), place(2)]))
    assert one.distance(street) == pytest.approx(two.distance(street))
    assert one.distance(two) == pytest.approx(2 * one.distance(street))
    assert lines_of(picture.figure(with_task(PLAN, "s41", visits_done=1)), MISSED) == []


def test_the_legend_explains_only_what_is_on_the_map() -> None:
    text = "\n".join(written(picture.figure(PLAN, lang="en")))
    assert "not patrolled at all (not required)" in text
    for absent in ("required, not patrolled", "fewer visits", "tunnel", "red edge", "barbecue"):
        assert absent not in text
    network = replace(PLAN.networks["car"], tunnel=np.ones(10, dtype=np.bool_))
    plan = with_task(with_task(PLAN, "s41", required=True), "m5", visits_done=0, category="barbecue")
    text = "\n".join(written(picture.figure(replace(plan, networks={"car": network}), lang="en")))
    for present in ("required, not patrolled", "tunnel", "red edge", "barbecue"):
        assert present in text


@pytest.mark.parametrize("has_font", [True, False])
def test_names_of_streets_touch_neither_each_other_nor_the_edge(
    has_font: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_font:
        monkeypatch.setattr(fonts, "find_chinese_font", lambda: None)
    plan = replace(PLAN, crews=(), routes=(), tasks=(), networks={"car": RoadNetwork.huainan()})
    scene, canvas = Scene(plan), Canvas(8, 8 / _aspect(Scene(plan)), "zh")
    rect = Rect(0, 0, canvas.width, canvas.height)
    axes = canvas.axes(rect, scene.frame)
    taken = Taken(scene.frame)
    count = write_names(Chart(canvas, axes, scene, metres_a_point(scene, rect), taken))
    assert count == len(taken.boxes) > 30
    assert not any(one.intersects(two) for one, two in combinations(taken.boxes, 2))
    paper: Any = canvas.paper
    for text, box in zip(axes.texts, taken.boxes, strict=True):
        extent = text.get_window_extent(paper.get_renderer()).transformed(axes.transData.inverted())
        drawn = shapely.box(extent.x0, extent.y0, extent.x1, extent.y1)
        assert drawn.centroid.distance(box.centroid) < 40
        assert scene.frame[0] <= extent.x0 <= extent.x1 <= scene.frame[2]


@settings(deadline=None)
@given(st.floats(-720, 720))
def test_text_along_a_street_is_never_upside_down(angle: float) -> None:
    turned = readable(angle)
    assert -90 < turned <= 90
    assert abs((turned - angle + 90) % 180 - 90) < 1e-6


@settings(deadline=None)
@given(st.floats(0.01, 1e6))
def test_the_scale_bar_is_round_and_as_long_as_may_be(longest: float) -> None:
    length = round_length(longest)
    assert longest / 2.5 * (1 - 1e-9) <= length <= longest
    assert f"{length:e}"[0] in "125"
    assert float(f"{length:.0e}") == pytest.approx(length)


def test_a_line_is_shifted_to_its_left_and_points_that_repeat_do_no_harm() -> None:
    line = np.array([[0.0, 0.0], [0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    moved = shifted(line, 1.0)
    assert moved[0].tolist() == [0, 1]
    assert moved[-1].tolist() == [9, 10]
    assert np.isfinite(moved).all()
    assert shifted(np.zeros((3, 2)), 1.0).tolist() == np.zeros((3, 2)).tolist()


# The sheet


@settings(deadline=None)
@given(st.floats(0.5, 2.2), st.integers(0, 6), st.integers(1, 14), st.integers(0, 300), st.integers(0, 96))
def test_the_parts_of_a_sheet_lie_inside_it_and_apart(
    aspect: float, notice: int, legend: int, stops: int, crews: int
) -> None:
    page = lay_out(Needs(aspect, notice, legend, stops, crews))
    parts = [page.head, page.map, page.legend, page.stops, page.crews, page.foot]
    for part in parts:
        assert part.width > 0
        assert part.height >= 0
        assert 0 <= part.left <= part.right <= page.width
        assert 0 <= part.bottom <= part.top <= page.height
    boxes = [shapely.box(part.left, part.bottom, part.right, part.top) for part in parts if part.height]
    assert all(one.intersection(two).area < 1e-9 for one, two in combinations(boxes, 2))
    assert page.map.width / page.map.height == pytest.approx(aspect)
    grid = panels(page.crews, aspect, crews)
    assert grid.columns * grid.rows >= crews
    assert grid.width >= LEAST_PANEL
    assert max(page.width, page.height) * DPI < 2**16


def test_two_dozen_crews_fit_an_a3_sheet() -> None:
    page = lay_out(Needs(0.77, 1, 9, 28, 24))
    assert (page.width, page.height) == (16.54, 11.69)


def test_hotspots_that_are_not_served_are_listed_before_those_that_are() -> None:
    market = PLAN.task["m5"]
    many = tuple(
        replace(market, id=f"m{n}", name=f"Market {n}", visits_done=int(n < 90), required=n == 0) for n in range(100)
    )
    canvas = Canvas(3.0, 5.0, "en")
    draw_list(canvas, Rect(0, 0, 3.0, 5.0), Scene(replace(PLAN, tasks=many)))
    texts = written(canvas.figure)
    assert {f"P{n + 1} Market {n}" for n in range(90, 100)} | {"P1 ★Market 0"} <= set(texts)
    assert "… and 85 more" in texts
    names = [text for text in texts if "Market" in text]
    assert all(int(one.split()[-1]) < int(two.split()[-1]) for one, two in pairwise(names))


# Teams


def crews_at(*names: str, corner: Spot | None = None) -> list[PlannedCrew]:
    spot = corner or PLAN.crews[0].depot
    return [replace(PLAN.crews[0], id=name, depot=spot) for name in names]


def test_few_crews_have_a_colour_each_and_many_share_one_by_name_or_place() -> None:
    eight = [f"P{n}" for n in range(8)]
    assert [team.crews for team in teams_of(crews_at(*eight))] == [(name,) for name in eight]
    nine = crews_at(*[f"P{n}" for n in range(5)], *[f"K{n}" for n in range(4)])
    assert [len(team.crews) for team in teams_of(nine)] == [5, 4]
    words = [chr(ord("a") + n) for n in range(9)]
    elsewhere = crews_at("x", corner=Spot(2, *place(2)))
    assert [len(team.crews) for team in teams_of([*crews_at(*words), *elsewhere])] == [9, 1]
    assert teams_of([]) == ()


def test_more_places_than_colours_use_colours_again() -> None:
    crews = [replace(PLAN.crews[0], id=chr(ord("a") + n), depot=Spot(n, 117 + n / 100, 32.6)) for n in range(10)]
    teams = teams_of(crews)
    assert len(teams) == 10
    assert teams[0].colour == teams[8].colour


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("P01市"), max_size=4), min_size=1, max_size=12), st.integers(8, 60))
def test_joined_ids_fit_and_name_the_first(ids: list[str], width: int) -> None:
    text = joined_ids(ids, width)
    assert fonts.width_of(text) <= width
    assert text.startswith(ids[0][:1])


# Colours, seen by people who lack one kind of cone (Machado et al. 2009, doi:10.1109/TVCG.2009.113, severity 1)

SIGHTS = {
    "all": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "no red": [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    "no green": [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
    "no blue": [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
}


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    values = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(sight @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("sight", SIGHTS)
def test_everybody_tells_the_colours_of_teams_apart(sight: str) -> None:
    seen = {
        colour: lab(colour, np.reshape(SIGHTS[sight], (3, 3)))
        for colour in (*COLOURS, *PRIORITY_TONES, MISSED, "white")
    }
    others = {*combinations(COLOURS, 2), *((one, two) for one in COLOURS for two in (*PRIORITY_TONES, MISSED, "white"))}
    assert min(float(np.linalg.norm(seen[one] - seen[two])) for one, two in others) >= 20


# Breaks


def test_a_break_is_written_over_the_crews_map_and_marked_with_a_square_that_is_explained() -> None:
    resting, plain = picture.figure(agreed_plan()), picture.figure(PLAN)
    assert any("休息 20:07–20:10" in text for text in written(resting))
    assert not any("休息" in text for text in written(plain))
    assert any("方块休息" in text for text in written(resting))
    squares = [[line for line in figure.findobj(Line2D) if line.get_marker() == "s"] for figure in (resting, plain)]
    assert (len(squares[0]) - len(squares[1]), len(written(resting)) >= len(written(plain))) == (1, True)

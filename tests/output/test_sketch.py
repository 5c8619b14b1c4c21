"""The map of a night to be: what it shows, alike each time, with nothing that could act or ask anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from patrolroute.base.errors import InputError
from patrolroute.network.road import RoadNetwork
from patrolroute.output.sketch import Line, Mark, Sketch, Zone, sketch_bytes, write_sketch
from patrolroute.output.sketch.page import draw as page_figure
from patrolroute.output.sketch.picture import draw
from tests.network.by_hand import Point, Road, build, lonlat

NODES: dict[int, Point] = {1: (0, 0), 2: (900, 0), 3: (900, 900), 4: (0, 900)}


def network() -> RoadNetwork:
    roads = [Road(1, 2, "南路", highway="primary"), Road(2, 3, "东路"), Road(3, 4, "北路"), Road(4, 1, "西路")]
    return build(NODES, roads)


def sketch(name: str = "市局") -> Sketch:
    def line(*points: Point) -> np.ndarray:
        return np.array([lonlat(*point) for point in points])

    square = shapely.Polygon([lonlat(*point) for point in ((-50, -50), (950, -50), (950, 950), (-50, 950))])
    return Sketch(
        {"car": network()}, f"一夜 {name}", (Line(line((0, 0), (900, 0)), "南路", 5, required=True),),
        (Line(line((900, 0), (900, 900)), "东路"),), (Line(line((900, 900), (0, 900)), "北路"),),
        (Zone(square, "A01–A04", "crew_area"),),
        (
            Mark(name, "depot", lonlat(450, 60), lonlat(450, 0), "南路", 60.0),
            Mark("夜市甲", "night_market", lonlat(30, 450), lonlat(0, 450), "西路", 30.0),
        ),
        (("warning", f"场所“{name}”离道路 60 米"),),
    )  # fmt: skip


def test_a_picture_names_what_it_shows_with_street_and_metres() -> None:
    figure = draw(sketch(), "zh")
    texts = {text.get_text() for axes in figure.axes for text in axes.texts}
    legend = {text.get_text() for text in figure.legends[0].get_texts()}
    if not any("市" in text for text in texts):
        pytest.skip("no font of this computer writes Chinese")
    assert "市局 → 南路（60 米）" in texts
    assert "夜市甲 → 西路（30 米）" in texts
    assert {"南路", "A01–A04"} <= texts
    assert {"重点路段 5 级", "封闭", "缓行", "巡区", "集结点", "夜市"} <= legend


def test_nothing_but_the_map_is_drawn_where_nothing_was_read() -> None:
    empty = Sketch({"car": network()}, "一夜")
    assert len(draw(empty, "en").axes) == 1
    assert b"Nothing is wrong" in sketch_bytes(empty, Path("map.html"), lang="en")


@pytest.mark.parametrize("name", ["map.html", "map.png"])
def test_the_same_sketch_is_the_same_file(name: str) -> None:
    assert sketch_bytes(sketch(), Path(name)) == sketch_bytes(sketch(), Path(name))


def test_no_name_can_act_in_a_page_and_nobody_is_asked() -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    text = sketch_bytes(sketch(hostile), Path("map.html")).decode()
    assert "alert(1)</script><img" not in text
    assert "<img" not in text
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert "http" not in policy[1]


def test_a_metre_is_as_long_across_as_up_and_all_is_in_the_frame() -> None:
    shown = sketch()
    west, south, east, north = shown.frame
    for mark in shown.marks:
        x, y = shown.plane(mark.given)[0]
        assert west < x < east
        assert south < y < north
    one, two = shown.plane(np.array([lonlat(0, 0), lonlat(900, 900)]))
    assert two - one == pytest.approx([900, 900], abs=1)
    plot = page_figure(shown, "zh")
    assert (plot.x_range.start, plot.x_range.end) == (west, east)
    far = replace(shown, marks=(*shown.marks, Mark("远", "depot", lonlat(3000, 0), lonlat(900, 0), "", 2100.0)))
    assert far.frame[2] > 3000


def test_other_forms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is not one of \.html, \.png"):
        write_sketch(sketch(), tmp_path / "map.svg")
    assert write_sketch(sketch(), tmp_path / "MAP.PNG").exists()

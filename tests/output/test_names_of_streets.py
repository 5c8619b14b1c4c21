"""The names of streets on the page of a sketch: none over another, and more of them the nearer one looks."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.output.sketch.names import ZOOMS, NameOfStreet, names_by_zoom
from patrolroute.output.sketch.page import draw
from tests.output.test_sketch import sketch

EVERY = st.floats(-2000, 2000, allow_nan=False, width=32)
LINES = st.lists(st.tuples(EVERY, EVERY), min_size=2, max_size=4, unique=True).map(shapely.LineString)
NAMES = st.text("东西南北路 ab", min_size=1, max_size=9)


@given(st.lists(st.tuples(NAMES, LINES), max_size=12), st.lists(st.tuples(NAMES, st.tuples(EVERY, EVERY)), max_size=3))
def test_no_name_is_written_over_another_at_any_magnification(
    named: list[tuple[str, shapely.LineString]], marks: list[tuple[str, tuple[float, float]]]
) -> None:
    tiers = names_by_zoom(named, [(text, np.array(place)) for text, place in marks], 10.0)
    shown = list[NameOfStreet]()
    for zoom, names in tiers:
        shown += names
        boxes = shapely.STRtree([name.box(10.0 / zoom) for name in shown])
        pairs = boxes.query(boxes.geometries, predicate="intersects")
        assert (pairs[0] == pairs[1]).all()
    assert [zoom for zoom, _ in tiers] == list(ZOOMS)
    assert len(shown) <= len(named)


def test_what_finds_no_room_appears_when_one_looks_nearer_and_the_first_goes_first() -> None:
    lines = [shapely.LineString([(0, 100 * step), (400, 100 * step)]) for step in (0, 1)]
    tiers = dict(names_by_zoom([("甲路", lines[0]), ("乙路", lines[1])], [], 10.0))
    assert [name.text for name in tiers[1]] == ["甲路"]
    assert [name.text for name in tiers[2]] == ["乙路"]


def test_a_name_steps_aside_for_the_name_of_a_depot() -> None:
    line = shapely.LineString([(0, 0), (4000, 0)])
    (_, (alone,)), *_ = names_by_zoom([("甲路", line)], [], 10.0)
    (_, (beside,)), *_ = names_by_zoom([("甲路", line)], [("市局", np.array([1990.0, 0.0]))], 10.0)
    assert (alone.x, beside.x) == (2000.0, 1400.0)


def test_the_page_shows_only_the_first_names_when_it_opens() -> None:
    tiers = [one for one in draw(sketch(), "zh").renderers if getattr(one.glyph, "text_baseline", "") == "middle"]
    assert [tier.visible for tier in tiers] == [True, False, False, False]
    texts = [text for tier in tiers for text in tier.data_source.data["text"]]
    assert sorted(texts) == sorted({"南路", "东路", "北路"})

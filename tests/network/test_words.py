"""Places in words on small grids: crossings, sections of streets, areas, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.base.errors import Complaints, InputError, PlaceError
from patrolroute.network.names import (
    Drawn,
    area_in_words,
    close_streets,
    is_area,
    marked_by_name,
    place_in_words,
    stretch_of,
)
from patrolroute.network.places import flat
from patrolroute.network.road import RoadNetwork
from patrolroute.network.street_names import sections
from patrolroute.network.words.crossings import arcs_of
from tests.network.by_hand import Point, Road, build, lonlat, metres_between

STEP_M = 300.0
"""Between two streets of the grid: farther than crossings that are one."""


def across(row: int) -> str:
    return f"横{row}路"


def up(column: int) -> str:
    return f"纵{column}路"


def node(row: int, column: int) -> int:
    return 100 * (row + 1) + column


def grid(rows: int = 4, columns: int = 5, *, without: frozenset[tuple[int, int]] = frozenset()) -> RoadNetwork:
    """Build streets 横0路, 横1路, … from west to east and 纵0路, 纵1路, … from south to north."""
    nodes: dict[int, Point] = {
        node(row, column): (column * STEP_M, row * STEP_M) for row in range(rows) for column in range(columns)
    }
    roads = [Road(node(r, c), node(r, c + 1), across(r)) for r in range(rows) for c in range(columns - 1)]
    roads += [Road(node(r, c), node(r + 1, c), up(c)) for r in range(rows - 1) for c in range(columns)]
    return build(nodes, [road for road in roads if (road.tail, road.head) not in without])


def divided(width_m: float = 30.0) -> RoadNetwork:
    """Build a divided 大道 along the x axis, crossed by a divided 东街 and by a plain 西街 and 中街."""
    nodes: dict[int, Point] = {}
    for number, x in enumerate((-900.0, -600.0, -300.0, 0.0, width_m, 600.0)):
        nodes[10 + number], nodes[20 + number] = (x, 0.0), (x, width_m)
    roads = [Road(10 + n, 11 + n, "大道", both=False) for n in range(5)]
    roads += [Road(21 + n, 20 + n, "大道", both=False) for n in range(5)]
    roads += [Road(10, 20, both=True), Road(15, 25, both=True)]
    for number, name in ((1, "西街"), (2, "中街")):
        nodes[30 + number], nodes[40 + number] = (nodes[10 + number][0], -300.0), (nodes[10 + number][0], 330.0)
        roads += [Road(30 + number, 10 + number, name), Road(10 + number, 20 + number, name)]
        roads += [Road(20 + number, 40 + number, name)]
    nodes |= {50: (0.0, -300.0), 51: (width_m, -300.0), 52: (0.0, 330.0), 53: (width_m, 330.0)}
    roads += [Road(52, 23, "东街", both=False), Road(23, 13, "东街", both=False), Road(13, 50, "东街", both=False)]
    roads += [Road(51, 14, "东街", both=False), Road(14, 24, "东街", both=False), Road(24, 53, "东街", both=False)]
    return build(nodes, [*roads, Road(31, 50, "南街"), Road(50, 51, "南街"), Road(52, 53)])


def complaint(step: Callable[[], object]) -> str:
    with pytest.raises(InputError) as raised:
        step()
    assert all(item.sentence_zh != item.sentence and item.code != "rule" for item in raised.value.items)
    return str(raised.value)


# Crossings


@given(row=st.integers(0, 3), column=st.integers(0, 4), form=st.integers(0, 16), turned=st.booleans())
def test_a_crossing_that_is_named_in_any_usual_form_is_its_junction(
    row: int, column: int, form: int, turned: bool
) -> None:
    network = GRID
    one, two = (across(row), up(column)) if turned else (up(column), across(row))
    text = (
        f"{one}与{two}口", f"{one}{two}交叉口", f"{one}/{two}", f"{one} & {two}", f"{one}和{two}路口",
        f"{one}、{two}交叉口", f" {one}　{two} ", f"corner of {one} and {two}", f"{one}与{two}交汇处",
        f"{one}-{two}路口", f"{one}-{two}", f"{one}（{two}口）", f"（{one}与{two}路口）", f"“{one}与{two}路口”",
        f"{one}与{two}路口附近", f"{one}与{two}口旁。", f"某某市某区{one}与{two}路口",
    )[form]  # fmt: skip
    found = place_in_words(text, network)
    assert found.junction is not None
    assert network.node_id[found.junction.node] == node(row, column)
    (place,) = pr.snap(network, [text])
    assert place.distance_m == pytest.approx(0, abs=0.01)
    assert metres_between((place.lon, place.lat), lonlat(column * STEP_M, row * STEP_M)) < 0.01


GRID = grid()


def test_four_nodes_of_two_divided_roads_are_one_crossing_and_the_same_one_each_time() -> None:
    network = divided()
    junction = place_in_words("大道与东街路口", network).junction
    assert junction is not None
    assert sorted(network.node_id[list(junction.nodes)].tolist()) == [13, 14, 23, 24]
    assert network.node_id[junction.node] == 13  # all four are equally near to the middle
    assert place_in_words("东街与大道路口", network).lonlat == junction.lonlat


def test_two_crossings_of_the_same_streets_are_an_error_that_says_how_to_choose() -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (300, 0), 3: (600, 0), 4: (300, 400)}
    roads = [Road(1, 2, "直路"), Road(2, 3, "直路"), Road(1, 4, "弯路"), Road(4, 3, "弯路")]
    network = build(nodes, roads)
    said = complaint(lambda: place_in_words("直路与弯路口", network))
    west, east = (", ".join(f"{value:.5f}" for value in lonlat(x, 0)) for x in (0, 600))
    assert f"meet at 2 places: {west}; {east}; give the coordinates of one of them" in said
    for text, x in (("直路与弯路口（东）", 600.0), ("直路与弯路口西侧", 0.0), ("直路 & 弯路 (east)", 600.0)):
        assert metres_between(place_in_words(text, network).lonlat, lonlat(x, 0)) < 0.01
    assert metres_between(place_in_words(west, network).lonlat, lonlat(0, 0)) < 2


@pytest.mark.parametrize(("apart_m", "number"), [(99.0, 1), (101.0, 2)])
def test_junctions_within_a_hundred_metres_are_one_crossing(apart_m: float, number: int) -> None:
    nodes: dict[int, Point] = {
        1: (0, 0),
        2: (300, 0),
        3: (300 + apart_m, 0),
        4: (900, 0),
        5: (300, 300),
        6: (400, -300),
    }
    roads = [Road(1, 2, "直路"), Road(2, 3, "直路"), Road(3, 4, "直路"), Road(5, 2, "错口路"), Road(3, 6, "错口路")]
    network = build(nodes, roads)
    if number == 1:
        assert place_in_words("直路与错口路口", network).junction is not None
    else:
        assert "meet at 2 places" in complaint(lambda: place_in_words("直路与错口路口", network))


def test_streets_that_enter_the_same_roundabout_cross_there() -> None:
    nodes: dict[int, Point] = {1: (-30, 0), 2: (0, -30), 3: (30, 0), 4: (0, 30), 5: (-400, 0), 6: (0, 400)}
    ring = [Road(1, 2, both=False), Road(2, 3, both=False), Road(3, 4, both=False), Road(4, 1, both=False)]
    roads = [*ring, Road(5, 1, "西路"), Road(4, 6, "北路")]
    plain = build(nodes, roads)
    assert "do not meet; at the nearest they are 42 m apart" in complaint(lambda: place_in_words("西路与北路口", plain))
    tails = plain.node_id[plain.tail]
    around = np.array([tail <= 4 and not name for tail, name in zip(tails.tolist(), plain.names, strict=True)])
    network = build(nodes, roads, roundabout=around)
    junction = place_in_words("西路与北路口", network).junction
    assert junction is not None
    assert junction.apart_m == 0
    assert set(network.node_id[list(junction.nodes)].tolist()) == {1, 2, 3, 4}


def test_a_place_beside_a_crossing_lies_so_many_metres_from_it() -> None:
    lon, lat = place_in_words("横1路与纵1路交叉口东北80米", GRID).lonlat
    east, north = lonlat(STEP_M + 80 / 2**0.5, STEP_M + 80 / 2**0.5)
    assert (lon, lat) == (pytest.approx(east, abs=1e-6), pytest.approx(north, abs=1e-6))
    assert place_in_words("横1路与纵1路交叉口东北角", GRID).lonlat == place_in_words("横1路/纵1路", GRID).lonlat


@pytest.mark.parametrize("way", ["往东80米", "以东80米处", "向东约80米", "东侧80米左右", " 80米东", "东方向 80 m"])
def test_so_many_metres_are_told_in_several_ways(way: str) -> None:
    text = f"横1路与纵1路口{way}"
    if way == " 80米东":
        assert "is not on the map" in complaint(lambda: place_in_words(text, GRID))
        return
    lon, lat = place_in_words(text, GRID).lonlat
    east, north = lonlat(STEP_M + 80, STEP_M)
    assert (lon, lat) == (pytest.approx(east, abs=1e-6), pytest.approx(north, abs=1e-6))


def test_a_name_that_begins_as_a_town_does_is_the_street_of_that_name_first() -> None:
    network = build({1: (0, 0), 2: (300, 0), 3: (300, 300), 4: (0, 300)},
                    [Road(1, 2, "老城区南路"), Road(2, 3, "横街"), Road(3, 4, "南路"), Road(4, 1, "竖街")])  # fmt: skip
    found = place_in_words("老城区南路与横街", network).junction
    assert found is not None
    assert (found.first, network.node_id[found.node]) == ("老城区南路", 2)
    other = place_in_words("淮南市老城区南路与竖街路口", network).junction
    assert other is not None
    assert network.node_id[other.node] in (1, 4)


@pytest.mark.parametrize("text", ["999,999", "32.6, 117.0", "117.0，99"])
def test_coordinates_that_are_none_are_refused_wherever_words_may_stand(text: str) -> None:
    for step in (place_in_words, area_in_words):
        given = text if step is place_in_words else f"{text};117,32.6;117,32.7"
        assert "is not a longitude and a latitude in degrees" in complaint(partial(step, given, GRID))


def test_a_long_text_is_repeated_in_part() -> None:
    said = complaint(lambda: place_in_words("横1路与" + "路口" * 150, GRID))
    assert len(said) < 400
    assert "…" in said


def test_a_crossing_that_is_none_says_why() -> None:
    said = complaint(lambda: place_in_words("横1路与横9路口", GRID))
    assert "street '横9路' is not on the map; did you mean 横" in said
    assert "'横1路' is crossed by 纵" in said
    apart = complaint(lambda: place_in_words("横1路与横3路口", GRID))
    assert "do not meet; at the nearest they are 600 m apart; the first is crossed by 纵" in apart
    assert "one street on the map" in complaint(lambda: place_in_words("横1路与横1路口", doubled()))
    assert "neither two streets" in complaint(lambda: place_in_words("湖滨公园", GRID))
    both = complaint(lambda: pr.snap(GRID, ["横1路与鬼路口", (lonlat(0, 0)), "神路/鬼路"]))
    assert "point 1: street '鬼路'" in both
    assert "point 3: street '神路'" in both


def doubled() -> RoadNetwork:
    """Build a street of two sections, 长东路 and 长西路, whose other sections do not exist."""
    nodes: dict[int, Point] = {1: (0, 0), 2: (300, 0), 3: (600, 0)}
    return build(nodes, [Road(1, 2, "横1路"), Road(2, 3, "横1路")])


def test_a_street_named_without_its_section_crosses_where_any_of_its_sections_does() -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (300, 0), 3: (600, 0), 4: (300, 300)}
    network = build(nodes, [Road(1, 2, "朝阳西路"), Road(2, 3, "朝阳东路"), Road(2, 4, "龙湖路")])
    junction = place_in_words("朝阳路与龙湖路口", network).junction
    assert junction is not None
    assert network.node_id[junction.node] == 2
    assert "one street" in complaint(lambda: place_in_words("朝阳路与朝阳东路口", network))


def test_a_name_that_holds_a_joining_word_is_read_as_the_map_has_it() -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (300, 0), 3: (600, 0), 4: (300, 300), 5: (300, -300)}
    network = build(nodes, [Road(1, 2, "和平路"), Road(2, 3, "和平路"), Road(4, 2, "及第路"), Road(2, 5, "及第路")])
    for text in ("和平路和及第路口", "及第路与和平路交叉口", "和平路及第路路口"):
        junction = place_in_words(text, network).junction
        assert junction is not None
        assert network.node_id[junction.node] == 2


# Sections of streets


def ends_of(network: RoadNetwork, marks: np.ndarray) -> set[tuple[int, int]]:
    tails, heads = network.node_id[network.tail[marks]], network.node_id[network.head[marks]]
    return set(zip(tails.tolist(), heads.tolist(), strict=True))


@given(
    row=st.integers(0, 3),
    ends=st.lists(st.integers(0, 4), min_size=2, max_size=2, unique=True),
    form=st.integers(0, 10),
)
def test_a_section_is_exactly_the_segments_between_its_ends(row: int, ends: list[int], form: int) -> None:
    street, one, two = across(row), up(ends[0]), up(ends[1])
    text = (
        f"{street}：{one}至{two}", f"{street}:{one}到{two}", f"{street}（{one}—{two}）", f"{street}({one}-{two}段)",
        f"{street}从{one}到{two}", f"{street}{one}至{two}路段", f"{street} from {one} to {two}",
        f"{street} {one}至{two}段", f"{one}至{two}之间的{street}", f"从{one}到{two}的{street}路段",
        f"{street}，{one}至{two}",
    )[form]  # fmt: skip
    low, high = sorted(ends)
    wanted = {(node(row, c), node(row, c + 1)) for c in range(low, high)}
    marks = marked_by_name(text, GRID)
    assert ends_of(GRID, marks) == wanted | {(head, tail) for tail, head in wanted}
    assert stretch_of(text, GRID).length_m == pytest.approx((high - low) * STEP_M, abs=high - low)


def test_both_carriageways_of_a_divided_road_are_in_its_section() -> None:
    network = divided()
    found = ends_of(network, marked_by_name("大道：西街至东街", network))
    assert found == {(11, 12), (12, 13), (23, 22), (22, 21)}
    streets = pr.select_streets(network, names=["大道：西街至中街"])
    assert [len(street.segments) for street in streets] == [1]
    assert len(streets[0].segments[0].directions) == 2


def test_the_other_carriageway_is_found_beside_where_it_has_a_gap() -> None:
    nodes: dict[int, Point] = {
        1: (0, 0),
        2: (300, 0),
        3: (600, 0),
        4: (0, 20),
        5: (250, 20),
        6: (350, 20),
        7: (600, 20),
    }
    roads = [Road(1, 2, "大道", both=False), Road(2, 3, "大道", both=False), Road(5, 4, "大道", both=False)]
    roads += [Road(6, 5, "大道桥", both=False), Road(7, 6, "大道", both=False)]
    roads += [Road(4, 1, "西街"), Road(3, 7, "东街")]
    network = build(nodes, roads)
    assert ends_of(network, marked_by_name("大道：西街至东街", network)) == {(1, 2), (2, 3), (5, 4), (7, 6)}


@pytest.mark.parametrize(("gap_m", "is_found"), [(190.0, True), (210.0, False)])
def test_a_street_may_be_interrupted_by_a_square_but_not_by_more(gap_m: float, is_found: bool) -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (300, 0), 3: (300 + gap_m, 0), 4: (900, 0), 5: (0, 300), 6: (900, 300)}
    roads = [Road(1, 2, "长路"), Road(2, 3, "广场"), Road(3, 4, "长路"), Road(1, 5, "西街"), Road(4, 6, "东街")]
    network = build(nodes, roads)
    if is_found:
        assert {(1, 2), (3, 4)} < ends_of(network, marked_by_name("长路：西街至东街", network))
    else:
        assert "is interrupted: 210 m" in complaint(lambda: stretch_of("长路：西街至东街", network))


def test_a_way_back_that_goes_round_is_not_in_a_section() -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (300, 0), 3: (300, 500), 4: (0, 500), 5: (-300, 0), 6: (600, 0)}
    roads = [Road(1, 2, "环路", both=False), Road(2, 3, "环路", both=False), Road(3, 4, "环路", both=False)]
    roads += [Road(4, 1, "环路", both=False), Road(5, 1, "西街"), Road(2, 6, "东街")]
    network = build(nodes, roads)
    assert ends_of(network, marked_by_name("环路：西街至东街", network)) == {(1, 2)}


def test_a_section_that_is_none_says_what_is_missing() -> None:
    assert "street '鬼路' is not on the map" in complaint(lambda: marked_by_name("横1路：纵1路至鬼路", GRID))
    said = complaint(lambda: pr.select_streets(GRID, names=["横1路：横3路至鬼路", "横2路：纵1路至纵1路"]))
    assert "do not meet" in said
    assert "street '鬼路' is not on the map" in said
    assert "begins and ends at the same crossing" in said
    assert "street '鬼路' is not on the map" in complaint(lambda: marked_by_name("鬼路：纵1路至纵2路", GRID))
    assert "closure: street '鬼路' is not" in complaint(lambda: close_streets(GRID, names=["横1路：鬼路至纵1路"]))


def test_a_name_of_the_map_that_looks_like_a_section_is_that_street() -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (300, 0), 3: (600, 0)}
    network = build(nodes, [Road(1, 2, "辅路(甲路-乙路)"), Road(2, 3, "甲路")])
    assert ends_of(network, marked_by_name("辅路(甲路-乙路)", network)) == {(1, 2), (2, 1)}


def test_closing_a_section_leaves_the_rest_and_words_still_mean_what_is_closed() -> None:
    closed = close_streets(GRID, names=["横1路：纵1路至纵2路", "纵3路"])
    assert (node(1, 1), node(1, 2), 0) not in closed.arc_index
    assert (node(1, 0), node(1, 1), 0) in closed.arc_index
    assert place_in_words("横1路与纵3路口", closed).lonlat == place_in_words("横1路与纵3路口", GRID).lonlat
    left = ends_of(closed, marked_by_name("横1路：纵0路至纵3路", closed))
    assert left == {(node(1, a), node(1, b)) for a, b in ((0, 1), (1, 0), (2, 3), (3, 2))}


# Areas


@settings(max_examples=40)
@given(
    rows=st.lists(st.integers(0, 3), min_size=2, max_size=2, unique=True),
    columns=st.lists(st.integers(0, 4), min_size=2, max_size=2, unique=True),
    form=st.integers(0, 3),
    order=st.permutations([0, 1, 2, 3]),
)
def test_an_area_holds_what_its_streets_enclose_and_these(
    rows: list[int], columns: list[int], form: int, order: list[int]
) -> None:
    (south, north), (west, east) = sorted(rows), sorted(columns)
    names = [("东", up(east)), ("南", across(south)), ("西", up(west)), ("北", across(north))]
    opposite = {"东": "西", "西": "东", "南": "北", "北": "南"}
    text = (
        "，".join(f"{names[n][0]}至{names[n][1]}" for n in order),
        "、".join(f"{names[n][1]}以{opposite[names[n][0]]}" for n in order),
        "；".join(f"{names[n][0]}临{names[n][1]}" for n in order),
        "、".join(name for _, name in names) + "合围区域",
    )[form]  # fmt: skip
    found = area_in_words(text, GRID)
    picture = flat(GRID)
    whole, inside = picture.flat(found.whole), picture.flat(found.inside)
    middles = [line.interpolate(0.5, normalized=True) for line in picture.lines]
    rectangle = shapely.box(west * STEP_M, south * STEP_M, east * STEP_M, north * STEP_M)
    corner = picture.to_plane([lonlat(0, 0)])[0]
    for middle in middles:
        here = shapely.Point(middle.x - corner[0], middle.y - corner[1])
        assert whole.contains(middle) == (rectangle.distance(here) < 1)
        assert inside.contains(middle) == rectangle.buffer(-1).contains(here)
    assert found.size_m2 == pytest.approx(picture.flat(found.whole).area, rel=0.01)


def test_three_streets_that_meet_enclose_a_triangle() -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (900, 0), 3: (450, 700), 4: (450, 200)}
    roads = [Road(1, 2, "南路"), Road(2, 3, "东路"), Road(3, 1, "西路"), Road(4, 1, "里弄")]
    network = build(nodes, roads)
    found = area_in_words("东至东路，南至南路，西至西路", network)
    assert found.size_m2 > 900 * 700 / 2
    assert flat(network).inside([found.whole]).min() > 0.99


def test_both_carriageways_of_a_bounding_street_lie_in_the_area() -> None:
    network = divided()
    found = area_in_words("西街、大道、东街、南街合围区域", network)
    held = ends_of(network, flat(network).inside([found.whole]) > 0.5)
    assert {(11, 12), (12, 13), (23, 22), (22, 21), (51, 14), (13, 50)} <= held
    assert not {(14, 15), (10, 11), (12, 42)} & held


@pytest.mark.parametrize(("gap_m", "is_found"), [(30.0, True), (140.0, True), (160.0, False)])
def test_sides_that_nearly_meet_are_joined_and_others_are_named(gap_m: float, is_found: bool) -> None:
    nodes: dict[int, Point] = {1: (0, 0), 2: (900, 0), 3: (900, 900), 4: (0, 900), 5: (0, gap_m)}
    roads = [Road(1, 2, "南路"), Road(2, 3, "东路"), Road(3, 4, "北路"), Road(4, 5, "西路")]
    network = build(nodes, roads)
    text = "东至东路，南至南路，西至西路，北至北路"
    if not is_found:
        assert f"these neighbours do not meet: 南路 – 西路 {gap_m:.0f} m" in complaint(
            lambda: area_in_words(text, network)
        )
        return
    found = area_in_words(text, network)
    assert found.size_m2 == pytest.approx(900 * 900, rel=0.1)
    assert [(one, two, round(metres)) for one, two, metres in found.joined] == (
        [("南路", "西路", round(gap_m))] if gap_m > 20 else []
    )


def test_an_area_that_is_none_says_why() -> None:
    lacking = complaint(lambda: area_in_words("东至纵3路，南至横0路，西至纵1路", GRID))
    assert "纵1路 – 纵3路 600 m" in lacking
    assert "nothing bounds it on the north side" in lacking
    turned = complaint(lambda: area_in_words("东至纵1路，南至横0路，西至纵3路，北至横2路", GRID))
    assert "street '纵1路' does not bound it on the east side, but on the opposite side" in turned
    assert "street '鬼路' is not on the map" in complaint(
        lambda: area_in_words("东至鬼路，南至横0路，西至纵1路，北至横2路", GRID)
    )
    assert "has 2 sides or corners; it needs 3 or more" in complaint(
        lambda: area_in_words("东至纵3路，南至横0路", GRID)
    )
    assert "is no area in words" in complaint(lambda: area_in_words("那一片", GRID))


def test_corners_are_joined_in_their_order_be_they_crossings_or_coordinates() -> None:
    corners = [lonlat(x, y) for x, y in ((0, 0), (600, 0), (600, 600))]
    told = "; ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in corners)
    found = area_in_words(told, GRID)
    assert found.size_m2 == pytest.approx(600 * 600 / 2, rel=0.01)
    assert is_area(told)
    assert is_area("116.99,32.63; 117.00,32.63; 117.00,32.64")  # the last decimals are no name of a file
    assert not any(map(is_area, ("116.99;32.63.geojson", "东至甲路，西至乙路.kml", "东至甲路，西至乙路.7z")))
    mixed = area_in_words(f"横0路与纵0路口；{corners[1][0]},{corners[1][1]}；横2路/纵2路", GRID)
    assert mixed.whole.symmetric_difference(found.whole).area < 1e-9
    bow = "; ".join(f"横{r}路与纵{c}路口" for r, c in ((0, 0), (2, 2), (0, 2), (2, 0)))
    assert "make no polygon" in complaint(lambda: area_in_words(bow, GRID))


def test_coordinates_among_corners_are_of_the_datum_that_is_told_and_crossings_are_not_moved() -> None:
    from patrolroute.network.coordinates import from_wgs84

    corners = [from_wgs84(*lonlat(x, y), "gcj02") for x, y in ((600, 0), (600, 600))]
    told = "横0路与纵0路口;" + ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in corners)
    assert area_in_words(told, GRID, crs="gcj02").size_m2 == pytest.approx(180_000, rel=0.01)


def test_an_area_that_is_closed_leaves_its_bounding_streets_open() -> None:
    text = "东至纵3路，南至横0路，西至纵1路，北至横2路"
    closed = ends_of(GRID, Drawn(polygons=[text]).arcs(GRID, "closure"))
    inner = {(node(1, 1), node(1, 2)), (node(1, 2), node(1, 3)), (node(0, 2), node(1, 2)), (node(1, 2), node(2, 2))}
    assert closed == inner | {(head, tail) for tail, head in inner}
    chosen = pr.select_streets(GRID, within=text)
    lengths = {street.name: len(street.segments) for street in chosen}
    assert lengths == {"横0路": 2, "横1路": 2, "横2路": 2, "纵1路": 2, "纵2路": 2, "纵3路": 2}


def test_a_place_error_is_raised_by_every_door_alike() -> None:
    for step in (
        lambda: place_in_words("横1路与鬼路口", GRID),
        lambda: stretch_of("横1路：鬼路至纵1路", GRID),
        lambda: area_in_words("东至鬼路，南至横0路，西至纵1路", GRID),
    ):
        with pytest.raises(PlaceError, match="鬼路"):
            step()


@settings(max_examples=60, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            ["横1路", "纵1路",
             "鬼路", "与", "和", "/", "口", "路口", "(北)", "：", "至", "到", "从", "-", "东至", "以西",
             "；", "，", "合围", " ", "between ", " and ", "116.9,32.6", "80米", "🚓"]
        ),
        max_size=14,
    ).map("".join)
)  # fmt: skip
def test_whatever_is_written_is_understood_or_refused_in_a_sentence(text: str) -> None:
    complaints = Complaints()
    for step in (place_in_words, stretch_of, area_in_words, marked_by_name):
        complaints.attempt(partial(step, text, GRID))
    assert all(item.sentence_zh != item.sentence for item in complaints.items)


def test_a_name_means_the_same_arcs_in_words_as_elsewhere() -> None:
    network = RoadNetwork.huainan()
    for name in {*network.names, "朝阳路", "国庆路", "鬼路"} - {""}:
        meant = sections(name, network)
        assert arcs_of(name, network).tolist() == [arc for arc, own in enumerate(network.names) if own in meant]


# A crew's places in words


def test_a_crew_may_be_given_its_places_in_words() -> None:
    area = "东至纵3路，南至横0路，西至纵1路，北至横2路"
    crews = pr.Crew.fleet(
        2, depot="横1路与纵1路口", start="20:30", end="22:00", date="2026-05-08", area=area, end_depot="横0路/纵0路",
        reserved=["横1路：纵1路至纵2路"],
    )  # fmt: skip
    streets = pr.select_streets(GRID, names=["横1路"])
    problem = pr.PatrolProblem(GRID, streets, crews)
    crew = problem.crews[0]
    assert metres_between(crew.depot, lonlat(STEP_M, STEP_M)) < 0.01
    assert metres_between(crew.end_place, lonlat(0, 0)) < 0.01
    assert isinstance(crew.area, shapely.Polygon)
    names = {task.id for task, kept in zip(problem.tasks, problem.reservations.reserved[0], strict=True) if kept}
    assert names == {f"横1路@{node(1, 1)}-{node(1, 2)}"}


def test_what_is_wrong_with_a_crews_words_is_told_with_the_crew() -> None:
    crews = pr.Crew.fleet(
        1, depot="横1路与鬼路口", start="20:30", end="22:00", date="2026-05-08", area="东至纵3路，南至鬼路，西至横0路"
    )
    said = complaint(lambda: pr.PatrolProblem(GRID, pr.select_streets(GRID, names=["横1路"]), crews))
    assert "depot of crew 'P01': street '鬼路' is not on the map" in said
    assert "area of crew 'P01': area" in said
    kept = pr.Crew.fleet(
        1, depot="横1路/纵1路", start="20:30", end="22:00", date="2026-05-08", reserved=["横1路：纵1路至鬼路"]
    )
    wrong = complaint(lambda: pr.PatrolProblem(GRID, pr.select_streets(GRID, names=["横1路"]), kept))
    assert "crew 'P01': reserved: street '鬼路' is not on the map" in wrong
    with pytest.raises(InputError, match="is neither a longitude and a latitude in degrees nor a crossing"):
        pr.Crew.fleet(1, depot="市局", start="20:30", end="22:00", date="2026-05-08")

"""Turn by turn, each class of turn worked out on a crossing whose streets leave at known angles."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.vocabulary import Arc, Lang
from patrolroute.network.road import RoadNetwork
from patrolroute.output.directions import POINTS, TURNS, Directions, Step, compass, distance, said, turn_of

LON, LAT = 117.0, 32.6
EAST, NORTH = 111_195.0 * math.cos(math.radians(LAT)), 111_195.0

Road = tuple[int, int, str, int]
"""From node, to node, name, metres; one way."""


def network(places: dict[int, tuple[float, float]], roads: list[Road], *, round_: str = "") -> RoadNetwork:
    """Return a network of straight one-way arcs between places in metres; two arcs between two nodes are one road."""
    known = sorted(roads)
    nodes = sorted(places)
    pairs = [(tail, head) for tail, head, _, _ in known]
    lonlat = {node: (LON + x / EAST, LAT + y / NORTH) for node, (x, y) in places.items()}
    points = [lonlat[node] for pair in pairs for node in pair]
    count = len(known)
    return RoadNetwork(
        node_id=np.array(nodes, dtype=np.int64),
        lon=np.array([lonlat[node][0] for node in nodes]),
        lat=np.array([lonlat[node][1] for node in nodes]),
        tail=np.array([nodes.index(tail) for tail, _ in pairs], dtype=np.int32),
        head=np.array([nodes.index(head) for _, head in pairs], dtype=np.int32),
        key=np.zeros(count, dtype=np.int32),
        length_m=np.array([metres for *_, metres in known], dtype=np.int32),
        travel_s=np.full(count, 60, dtype=np.int32),
        patrol_s=np.full(count, 60, dtype=np.int32),
        reverse=np.array([pairs.index((b, a)) if (b, a) in pairs else -1 for a, b in pairs], dtype=np.int32),
        names=tuple(name for *_, name, _ in known),
        highways=("secondary",) * count,
        tunnel=np.zeros(count, dtype=np.bool_),
        shape_lon=np.array([lon for lon, _ in points]),
        shape_lat=np.array([lat for _, lat in points]),
        shape_start=np.arange(0, 2 * count + 1, 2, dtype=np.int64),
        roundabout=np.array([bool(round_) and name == round_ for *_, name, _ in known]),
    )


def both(one: int, two: int, name: str, metres: int) -> list[Road]:
    return [(one, two, name, metres), (two, one, name, metres)]


def way(*nodes: int) -> list[Arc]:
    return [(one, two, 0) for one, two in pairwise(nodes)]


ANGLES = {
    "straight": 5, "slight_left": 30, "left": 90, "sharp_left": 150, "slight_right": -30, "right": -90,
    "sharp_right": -150,
}  # fmt: skip
AT = {turn: 10 + number for number, turn in enumerate(ANGLES)}


def star() -> RoadNetwork:
    """Come from the west on 朝阳中路 to node 1; a street 400 m long leaves at every angle."""
    places = {0: (-1200.0, 0.0), 1: (0.0, 0.0)}
    roads = both(0, 1, "朝阳中路", 1200)
    for turn, angle in ANGLES.items():
        places[AT[turn]] = (400 * math.cos(math.radians(angle)), 400 * math.sin(math.radians(angle)))
        roads += both(1, AT[turn], f"{turn}路", 400)
    return network(places, roads)


STAR = Directions(star())

WORDS = {
    "straight": ("直行进入", "straight on into", "向东", "east"),
    "slight_left": ("稍向左进入", "bear left into", "向东北", "northeast"),
    "left": ("左转进入", "turn left into", "向北", "north"),
    "sharp_left": ("向左后方转进入", "turn sharp left into", "向西北", "northwest"),
    "slight_right": ("稍向右进入", "bear right into", "向东南", "southeast"),
    "right": ("右转进入", "turn right into", "向南", "south"),
    "sharp_right": ("向右后方转进入", "turn sharp right into", "向西南", "southwest"),
}


@pytest.mark.parametrize("turn", ANGLES)
def test_each_turn_is_said_in_both_languages(turn: str) -> None:
    steps = STAR.steps(way(0, 1, AT[turn]))
    assert [(step.turn, step.street, step.length_m) for step in steps] == [
        ("start", "朝阳中路", 1200), (turn, f"{turn}路", 400),
    ]  # fmt: skip
    zh, en, towards, heading = WORDS[turn]
    assert said(steps, "zh") == f"沿朝阳中路向东 1.2 公里，{zh}{turn}路{towards} 400 米"
    assert said(steps, "en") == f"Along 朝阳中路 east 1.2 km, {en} {turn}路 {heading} 400 m"


def test_turning_round_is_a_step_although_the_street_stays() -> None:
    steps = STAR.steps(way(0, 1, 0))
    assert [(step.turn, step.same, step.heading) for step in steps] == [
        ("start", False, "east"), ("u_turn", True, "west"),
    ]  # fmt: skip
    assert said(steps) == "沿朝阳中路向东 1.2 公里，掉头，沿朝阳中路向西 1.2 公里"
    assert said(steps, "en") == "Along 朝阳中路 east 1.2 km, make a U-turn, go west 1.2 km on 朝阳中路"


def test_every_class_of_turn_is_tried() -> None:
    assert {*ANGLES, "start", "u_turn"} == set(TURNS)


def test_a_way_that_goes_on_from_another_begins_with_the_turn() -> None:
    steps = STAR.steps(way(1, AT["right"]), before=(0, 1, 0))
    assert said(steps) == "右转进入right路向南 400 米"
    assert said(STAR.steps(way(1, 0), before=(0, 1, 0))) == "掉头，沿朝阳中路向西 1.2 公里"


def test_parts_are_told_apart_although_the_street_goes_on() -> None:
    line = network({0: (0, 0), 1: (300, 0), 2: (700, 0)}, [*both(0, 1, "龙湖路", 300), *both(1, 2, "龙湖路", 400)])
    ways = Directions(line).ways((way(0, 1), way(1, 2)))
    assert [said(part) for part in ways] == ["沿龙湖路向东 300 米", "继续沿龙湖路向东 400 米"]
    assert [said(part, "en") for part in ways] == ["Along 龙湖路 east 300 m", "Continue on 龙湖路 east 400 m"]
    assert said(Directions(line).steps(way(0, 1, 2))) == "沿龙湖路向东 700 米"


def test_a_bend_without_a_choice_is_no_step_and_a_turn_with_one_is() -> None:
    places = {0: (0, 0), 1: (300, 0), 2: (300, 300), 3: (600, 0)}
    bend = [*both(0, 1, "龙湖路", 300), *both(1, 2, "龙湖路", 300)]
    assert said(Directions(network(places, bend)).steps(way(0, 1, 2))) == "沿龙湖路向东北 600 米"
    fork = network(places, [*bend, *both(1, 3, "学院路", 300)])
    assert said(Directions(fork).steps(way(0, 1, 2))) == "沿龙湖路向东 300 米，左转，沿龙湖路向北 300 米"


def divided(gap: float) -> RoadNetwork:
    """Return a divided road with two carriageways ``gap`` metres apart, joined by an unnamed piece."""
    places = {0: (0, 0), 1: (500, 0), 2: (500, gap), 3: (0, gap), 4: (900, 0), 5: (900, gap)}
    roads = [(0, 1, "广场路", 500), (1, 4, "广场路", 400), (5, 2, "广场路", 400), (2, 3, "广场路", 500)]
    return network(places, [*roads, *both(1, 2, "", round(gap))])


def test_crossing_the_median_of_a_divided_road_is_a_u_turn() -> None:
    assert said(Directions(divided(20)).steps(way(0, 1, 2, 3))) == "沿广场路向东 500 米，掉头，沿广场路向西 520 米"


def test_the_crossing_is_no_step_where_it_begins_a_part_either() -> None:
    ways = Directions(divided(20)).ways((way(0, 1, 2), way(2, 3)))
    assert [said(part) for part in ways] == ["沿广场路向东 500 米", "掉头，沿广场路向西 520 米"]
    ways = Directions(divided(20)).ways((way(1, 2), way(2, 3)), before=(0, 1, 0))
    assert [said(part) for part in ways] == ["", "掉头，沿广场路向西 520 米"]


def test_a_street_of_forty_metres_is_a_street() -> None:
    told = said(Directions(divided(40)).steps(way(0, 1, 2, 3)))
    assert told == "沿广场路向东 500 米，左转进入无名道路向北 40 米，左转进入广场路向西 500 米"
    assert "turn left into unnamed road north 40 m" in said(Directions(divided(40)).steps(way(0, 1, 2, 3)), "en")


def ring(*more: Road) -> Directions:
    """Return a roundabout driven counterclockwise, west, south, east, north; no arm leaves to the south.

    ``more`` are other arms; node 7 lies south of it.
    """
    places = {0: (-300, 0), 1: (-20, 0), 2: (0, -20), 3: (20, 0), 4: (0, 20), 5: (300, 0), 6: (0, 300)}
    if more:
        places |= {7: (0, -300), 8: (-150, -300)}
    circle = [(1, 2, "环", 31), (2, 3, "环", 31), (3, 4, "环", 31), (4, 1, "环", 31)]
    arms = [*both(0, 1, "惠利路", 280), *both(3, 5, "惠利路", 280), *both(4, 6, "龙湖路", 280)]
    rest = both(7, 8, "学院路", 150) if more else []
    return Directions(network(places, [*circle, *arms, *more, *rest], round_="环"))


def exits(told: Directions, *nodes: int) -> list[int]:
    return [step.exit_number for step in told.steps(way(*nodes))]


def test_the_exits_of_a_roundabout_are_counted_and_said_in_both_languages() -> None:
    first, second = ring().steps(way(0, 1, 2, 3, 5)), ring().steps(way(0, 1, 2, 3, 4, 6))
    assert said(first) == "沿惠利路向东 280 米，环岛第 1 出口驶出，继续沿惠利路向东 280 米"
    assert said(second) == "沿惠利路向东 280 米，环岛第 2 出口驶出，进入龙湖路向北 280 米"
    assert said(first, "en") == "Along 惠利路 east 280 m, at the roundabout take exit 1, on along 惠利路 east 280 m"
    assert said(second, "en") == "Along 惠利路 east 280 m, at the roundabout take exit 2 into 龙湖路 north 280 m"


def test_the_last_exit_is_that_of_the_arm_by_which_one_came() -> None:
    assert exits(ring(), 0, 1, 2, 3, 4, 1, 0) == [0, 3]
    assert exits(ring(), 5, 3, 4, 6) == [0, 1]
    assert exits(ring(), 5, 3, 4, 1, 2, 3, 5) == [0, 3]


def test_an_arm_that_only_leads_in_is_no_exit_and_one_that_leads_out_is() -> None:
    assert exits(ring((7, 2, "学院路", 280)), 0, 1, 2, 3, 5) == [0, 1]
    assert exits(ring((2, 7, "学院路", 280)), 0, 1, 2, 3, 5) == [0, 2]
    assert exits(ring(*both(2, 7, "学院路", 280)), 0, 1, 2, 7) == [0, 1]
    assert exits(ring(*both(2, 7, "学院路", 280)), 0, 1, 2, 3, 4, 6) == [0, 3]


def test_of_two_exits_at_one_junction_the_rightmost_comes_first() -> None:
    """Node 2 is reached going southeast: 学院路 to the southwest lies to the right of 广场路 to the south."""
    two = ring((2, 7, "广场路", 280), (2, 8, "学院路", 320))
    assert (exits(two, 0, 1, 2, 8), exits(two, 0, 1, 2, 7), exits(two, 0, 1, 2, 3, 5)) == ([0, 1], [0, 2], [0, 3])


def test_the_count_goes_on_over_the_end_of_a_part_but_not_of_a_way() -> None:
    ways = ring().ways((way(0, 1, 2), way(2, 3, 4, 6)))
    assert [said(part) for part in ways] == ["沿惠利路向东 280 米", "环岛第 2 出口驶出，进入龙湖路向北 280 米"]
    assert said(ring().steps(way(3, 5), before=(2, 3, 0))) == "经环岛进入惠利路向东 280 米"
    assert said(ring().steps(way(3, 4, 6), before=(2, 3, 0)), "en") == (
        "Through the roundabout into 龙湖路 north 280 m"
    )


def test_of_two_roundabouts_in_a_row_no_exits_are_counted_together() -> None:
    """An unnamed link of 20 m, a crossing for a driver, leads from the first to the second."""
    places = {0: (-300, 0), 1: (-20, 0), 2: (0, -20), 3: (20, 0), 4: (40, 0), 5: (60, -20), 6: (80, 0), 7: (300, 0)}
    circles = [
        (1, 2, "环", 31),
        (2, 3, "环", 31),
        (3, 1, "环", 60),
        (4, 5, "环", 31),
        (5, 6, "环", 31),
        (6, 4, "环", 60),
    ]
    roads = [*circles, *both(0, 1, "惠利路", 280), *both(3, 4, "", 20), *both(6, 7, "惠利路", 220)]
    last = Directions(network(places, roads, round_="环")).steps(way(0, 1, 2, 3, 4, 5, 6, 7))[-1]
    assert (last.roundabout, last.exit_number) == (True, 0)


def test_a_way_that_only_circles_has_a_step() -> None:
    assert [step.street for step in ring().steps(way(1, 2, 3, 4, 1))] == ["环"]


def test_nothing_driven_is_nothing_said_and_unknown_arcs_are_left_out() -> None:
    assert STAR.steps([]) == ()
    assert STAR.steps([(98, 99, 0)]) == ()
    assert STAR.ways(()) == ()


@pytest.mark.parametrize("name", ["{turn}", "%s", "<script>alert(1)</script>", "🚓"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_street_of_any_name_is_called_by_it(name: str, lang: Lang) -> None:
    assert name in said([Step("left", name, "east", 100)], lang)


@given(st.floats(-180, 180))
def test_turns_to_the_left_mirror_turns_to_the_right(angle: float) -> None:
    mirrored = turn_of(angle).replace("left", "x").replace("right", "left").replace("x", "right")
    assert turn_of(-angle) == mirrored


@given(st.floats(-1000, 1000))
def test_the_compass_is_at_most_an_eighth_of_a_circle_off(bearing: float) -> None:
    off = (POINTS.index(compass(bearing)) * 45 - bearing + 180) % 360 - 180
    assert abs(off) <= 22.5 + 1e-9


@given(st.integers(1, 100_000))
def test_a_distance_is_less_than_a_tenth_off_from_fifty_metres_on(metres: int) -> None:
    number, unit = distance(metres, "en").split()
    told = float(number) * (1000 if unit == "km" else 1)
    assert abs(told - metres) <= max(10, metres / 10)


def test_a_street_that_bends_back_is_told_by_how_it_begins() -> None:
    places = {0: (0, 0), 1: (300, 0), 2: (300, 300), 3: (0, 300), 4: (0, 10)}
    roads = [road for one in range(4) for road in both(one, one + 1, "环湖路", 300)]
    (step,) = Directions(network(places, roads)).steps(way(0, 1, 2, 3, 4))
    assert (step.heading, step.length_m) == ("east", 1200)

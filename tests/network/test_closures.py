"""Streets closed tonight: by name, by drawn line, by polygon; and what falls away with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from patrolroute.base.errors import MapError
from patrolroute.network import cache
from patrolroute.network.arrays import DroppedPart
from patrolroute.network.connectivity import keep_driven, strong_nodes
from patrolroute.network.graph import parse_graphml, to_graphml_bytes
from patrolroute.network.names import Drawn, close_streets, slow_streets
from patrolroute.network.places import Place
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import FORBIDDEN, TurnCosts, with_turns
from patrolroute.network.split import split_at
from patrolroute.network.turns import read_turns, to_turns_bytes
from tests.network.by_hand import Road, build, lonlat, networks

# A ladder 400 m wide: two long streets, three rungs; and a lane that hangs on the eastern rung.
NODES = {
    1: (0.0, 0.0), 2: (200.0, 0.0), 3: (400.0, 0.0),
    4: (0.0, 200.0), 5: (200.0, 200.0), 6: (400.0, 200.0), 7: (600.0, 200.0),
}  # fmt: skip
ROADS = [
    Road(1, 2, "朝阳西路"), Road(2, 3, "朝阳东路"), Road(4, 5, "国庆路"), Road(5, 6, "国庆路"),
    Road(1, 4, "人民路"), Road(2, 5, "学院路"), Road(3, 6, "龙湖路"), Road(6, 7, "林场路"),
]  # fmt: skip


def ladder() -> RoadNetwork:
    return build(NODES, ROADS)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([lonlat(*point) for point in points])


def area(*points: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([lonlat(*point) for point in points])


def names_of(network: RoadNetwork, mask: np.ndarray) -> set[str]:
    return {network.names[arc] for arc in np.flatnonzero(mask)}


def closed(**what: object) -> set[str]:
    return names_of(ladder(), Drawn(**what).arcs(ladder(), "closure"))


# ------------------------------------------------------------------------------------------------------- by name


def test_nothing_closed_leaves_the_network_as_it_is():
    network = ladder()
    assert not Drawn().arcs(network, "closure").any()
    assert close_streets(network).fingerprint == network.fingerprint


def test_a_street_closed_by_name_is_gone_both_ways():
    network = close_streets(ladder(), names=["学院路"])
    assert "学院路" not in network.names
    assert network.arc_count == ladder().arc_count - 2
    assert network.dropped == ()


def test_a_name_that_is_not_on_the_map_means_its_sections():
    assert closed(names=["朝阳路"]) == {"朝阳西路", "朝阳东路"}
    assert closed(names=["朝阳西路"]) == {"朝阳西路"}


def test_all_that_is_wrong_with_a_closure_is_said_at_once():
    with pytest.raises(MapError) as caught:
        close_streets(
            ladder(),
            names=["国庆道", "不存在"],
            lines=[line((0, 900), (400, 900))],
            polygons=[area((0, 900), (9, 900), (9, 909))],
        )
    assert caught.value.complaints == (
        "closure: street '国庆道' is not on the map; did you mean 国庆路?",
        "closure: street '不存在' is not on the map",
        "closure: line 1 runs along no street within 25 m",
        "closure: polygon 1 meets no street",
    )


def test_one_name_without_a_list_is_not_read_letter_by_letter():
    with pytest.raises(MapError, match="'学院路' is one text"):
        close_streets(ladder(), names="学院路")


# ------------------------------------------------------------------------------------------------ by drawn line


@pytest.mark.parametrize(("reach_m", "along"), [(24.0, False), (26.0, True)])
def test_a_line_means_the_streets_within_its_reach(reach_m: float, along: bool):
    drawn = line((0, -25), (400, -25))
    if along:
        assert closed(lines=[drawn], reach_m=reach_m) == {"朝阳西路", "朝阳东路"}
    else:
        with pytest.raises(MapError, match="line 1 runs along no street within 24 m"):
            closed(lines=[drawn], reach_m=reach_m)


@pytest.mark.parametrize(("end", "names"), [(65.0, {"朝阳西路"}), (85.0, {"朝阳西路", "朝阳东路"})])
def test_a_line_means_a_street_that_it_follows_for_half_of_its_length(end: float, names: set[str]):
    """The reach of 25 m goes on beyond the line's end, but the share along the line itself must be half, too."""
    assert closed(lines=[line((-10, 5), (200 + end, 5))]) >= {"朝阳西路"}
    followed = closed(lines=[line((-10, 5), (200 + end + 20, 5))])
    assert followed == names


def test_a_street_that_crosses_a_drawn_line_stays_open():
    assert closed(lines=[line((0, 100), (30, 100), (200, 0), (400, 0))]) == {"朝阳东路"}


def test_a_short_street_across_a_line_stays_open_though_it_lies_within_reach():
    nodes = {1: (0.0, 0.0), 2: (200.0, 0.0), 3: (200.0, 20.0), 4: (0.0, 20.0)}
    network = build(nodes, [Road(1, 2, "long"), Road(2, 3, "short"), Road(3, 4, "other"), Road(1, 4, "far")])
    mask = Drawn(lines=[line((-50, 0), (250, 0))]).arcs(network, "closure")
    assert names_of(network, mask) == {"long", "other"}


# --------------------------------------------------------------------------------------------------- by polygon


@pytest.mark.parametrize(("metres", "wet"), [(0.9, False), (1.1, True)])
def test_a_street_that_enters_a_polygon_by_more_than_a_metre_is_closed(metres: float, wet: bool):
    corner = area((400 - metres, -10), (450, -10), (450, 190), (400 - metres, 190))
    assert closed(polygons=[corner]) == ({"龙湖路", "朝阳东路"} if wet else {"龙湖路"})


def test_polygons_and_lines_and_names_add_up():
    mask = closed(
        names=["学院路"], lines=[line((0, 200), (400, 200))], polygons=[area((-9, 90), (9, 90), (9, 99), (-9, 99))]
    )
    assert mask == {"学院路", "国庆路", "人民路"}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"lines": [shapely.Point(117, 32.6)]}, "line 1 is a Point, not a LineString"),
        ({"lines": ["学院路"]}, "line 1 is a str, not a LineString"),
        ({"lines": [shapely.LineString()]}, "line 1 is empty"),
        ({"polygons": [shapely.LineString([(117, 32), (118, 33)])]}, "polygon 1 is a LineString, not a Polygon"),
        ({"polygons": [area((0, 0), (9, 9), (9, 0), (0, 9))]}, "polygon 1 is not valid: Self-intersection"),
    ],
)
def test_a_drawing_that_cannot_be_used_says_why(what: dict, said: str):
    with pytest.raises(MapError, match=said):
        close_streets(ladder(), **what)


# ------------------------------------------------------------------------------------------- what falls away


def test_what_cannot_be_reached_any_more_is_dropped_and_named():
    network = close_streets(ladder(), names=["国庆路", "龙湖路"])
    assert network.dropped == (DroppedPart("林场路", 400, gone_m=200),)
    assert network.node_id.tolist() == [1, 2, 3, 4, 5]


def test_what_was_dropped_before_stays_named_longest_first():
    once = close_streets(ladder(), names=["国庆路", "龙湖路"])
    twice = close_streets(once, names=["朝阳西路"])
    assert twice.node_id.tolist() == [2, 3, 5]
    assert twice.dropped == (DroppedPart("人民路", 400, gone_m=200), DroppedPart("林场路", 400, gone_m=200))
    three = close_streets(twice, names=["学院路"])
    assert three.node_id.tolist() == [2, 3]


def test_half_a_city_cut_off_is_still_a_network_and_all_of_it_is_named():
    network = build(
        {1: (0, 0), 2: (9, 0), 3: (99, 0), 4: (400, 0)}, [Road(1, 2, "a"), Road(2, 3, "bridge"), Road(3, 4, "b")]
    )
    left = close_streets(network, names=["bridge"])
    assert left.node_id.tolist() == [3, 4]
    assert left.dropped == (DroppedPart("a", 18, gone_m=9),)


def test_where_nothing_is_left_to_drive_it_is_an_error():
    network = build({1: (0, 0), 2: (200, 0)}, [Road(1, 2, "a")])
    with pytest.raises(MapError, match="no street is left that a crew could reach and leave again"):
        close_streets(network, names=["a"])


def test_an_arc_whose_reverse_is_gone_has_none():
    network = ladder()
    keep = np.ones(network.arc_count, dtype=np.bool_)
    keep[network.arc_index[1, 2, 0]] = False
    left = keep_driven(network, keep)
    assert left.reverse[left.arc_index[2, 1, 0]] == -1


def test_of_equally_large_parts_the_one_with_the_first_node_stays():
    ends = np.array([[2, 3], [3, 2], [0, 1], [1, 0]], dtype=np.int32)
    assert strong_nodes(ends[:, 0], ends[:, 1], np.full(4, 100), 4).tolist() == [True, True, False, False]


@given(networks(), st.data())
def test_the_largest_part_that_can_be_reached_and_left_stays(network: RoadNetwork, data: st.DataObject):
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=network.arc_count, max_size=network.arc_count)))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.node_count))
    graph.add_edges_from((int(network.tail[arc]), int(network.head[arc])) for arc in np.flatnonzero(keep))
    metres = {
        frozenset(part): sum(
            int(network.length_m[arc])
            for arc in np.flatnonzero(keep)
            if {int(network.tail[arc]), int(network.head[arc])} <= part
        )
        for part in nx.strongly_connected_components(graph)
    }
    largest = max(metres, key=lambda part: (metres[part], -min(part)))
    assume(any(one in largest and two in largest for one, two, _ in graph.edges))
    left = keep_driven(network, keep)
    assert left.node_id.tolist() == [int(network.node_id[node]) for node in sorted(largest)]
    kept = [network.arc(arc) for arc in np.flatnonzero(keep)]
    assert list(left.arcs(range(left.arc_count))) == [arc for arc in kept if set(arc[:2]) <= set(left.node_id.tolist())]
    for arc in range(left.arc_count):
        old = network.arc_index[left.arc(arc)]
        assert np.array_equal(left.shape(arc), network.shape(old))
        assert left.travel_s[arc] == network.travel_s[old]
        if left.reverse[arc] >= 0:
            assert left.reverse[left.reverse[arc]] == arc
    lost = Counter(part.name for part in left.dropped)
    assert max(lost.values(), default=1) == 1
    whole = sum(int(network.length_m[arc]) for arc in np.flatnonzero(keep))
    assert whole == int(left.length_m.sum()) + sum(part.length_m for part in left.dropped)


def signed() -> RoadNetwork:
    """The ladder, a sign where the northern street meets the eastern rung: who comes along it may not turn round."""
    bare = ladder()
    there, back = (bare.arc_index[ends] for ends in ((5, 6, 0), (6, 5, 0)))
    return with_turns(bare, TurnCosts(u_turns_at_junctions=False), forbidden=[(there, back)])


def rounds(network: RoadNetwork) -> set[tuple[int, int]]:
    """Return the ends of the arcs after which a car may turn round."""
    assert network.turns is not None
    pairs = enumerate(network.reverse.tolist())
    return {network.arc(arc)[:2] for arc, back in pairs if back >= 0 and network.turns.of(arc, back) != FORBIDDEN}


def again_from_graphml(network: RoadNetwork) -> RoadNetwork:
    bare = parse_graphml(to_graphml_bytes(network), Path("map.graphml"))
    return RoadNetwork.of(read_turns(bare, to_turns_bytes(network), Path("map.turns.csv")))


def again_from_graph(network: RoadNetwork) -> RoadNetwork:
    return RoadNetwork.from_graph(network.to_graph())


def again_from_the_cache(network: RoadNetwork) -> RoadNetwork:
    return RoadNetwork.of(cache._from_arrays(cache._to_arrays(network)))


def cut_in_the_middle(network: RoadNetwork) -> RoadNetwork:
    return split_at(network, [Place(*lonlat(300, 200), (5, 6, 0), 0.5, 0.0)])[0]


@pytest.mark.parametrize(
    "kept", [again_from_graphml, again_from_graph, again_from_the_cache, lambda network: network],
    ids=["GraphML", "graph", "cache", "as built"],
)  # fmt: skip
def test_a_sign_against_turning_round_holds_where_a_closed_street_makes_a_dead_end(
    kept: Callable[[RoadNetwork], RoadNetwork],
):
    closures = ["龙湖路", "林场路"]
    free = close_streets(kept(with_turns(ladder(), TurnCosts(u_turns_at_junctions=False))), names=closures)
    assert {(5, 6), (2, 3)} <= rounds(free)
    held = close_streets(kept(signed()), names=closures)
    assert (5, 6) not in held.arc_index  # nobody could leave it again
    assert (2, 3) in rounds(held)
    assert "国庆路" in {part.name for part in held.dropped}


def test_a_sign_stands_at_the_end_of_a_street_that_is_cut():
    cut = cut_in_the_middle(signed())
    marked = [cut.arc(arc)[:2] for arc in np.flatnonzero(cut.no_u_turn).tolist()]
    assert [head for _, head in marked] == [6]
    assert marked[0][0] not in NODES


# ---------------------------------------------------------------------------------------------------------- slow


def test_slow_streets_take_longer_and_are_patrolled_no_faster_than_driven():
    network = slow_streets(ladder(), 0.25, names=["学院路"])
    slow = [arc for arc in range(network.arc_count) if network.names[arc] == "学院路"]
    others = np.setdiff1d(np.arange(network.arc_count), slow)
    assert network.travel_s[slow].tolist() == [80, 80]  # 20 s at the usual speed
    assert network.patrol_s[slow].tolist() == [80, 80]  # 40 s at the usual speed
    assert np.array_equal(network.travel_s[others], ladder().travel_s[others])
    assert np.array_equal(network.patrol_s[others], ladder().patrol_s[others])


@pytest.mark.parametrize("factor", [0.0, 0.04, 1.01, float("nan")])
def test_a_share_of_the_speed_that_is_none_is_refused(factor: float):
    with pytest.raises(MapError, match=r"is not a share of the usual speed from 0\.05 to 1"):
        slow_streets(ladder(), factor, names=["学院路"])


def test_what_is_slow_and_not_on_the_map_is_named():
    with pytest.raises(MapError, match=r"slow streets: .*鬼路"):
        slow_streets(ladder(), 0.5, names=["鬼路"])


def test_where_a_street_ends_at_a_closed_one_a_car_may_turn_round():
    """Two streets meet at 2, so nobody turns round there; once the eastern one is closed, one does."""
    nodes = {1: (0.0, 0.0), 2: (200.0, 0.0), 3: (400.0, 0.0)}
    network = with_turns(build(nodes, [Road(1, 2, "西街"), Road(2, 3, "东街")]), TurnCosts())
    there, back = network.arc_index[1, 2, 0], network.arc_index[2, 1, 0]
    assert network.turns is not None
    assert network.turns.of(there, back) == FORBIDDEN
    left = close_streets(network, names=["东街"])
    assert left.turns is not None
    assert left.arc_count == 2
    assert left.turns.of(left.arc_index[1, 2, 0], left.arc_index[2, 1, 0]) == 20

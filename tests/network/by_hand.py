"""Small networks drawn in metres around the middle of Huainan, for the tests of the network's rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from patrolroute.base.vocabulary import LonLat
from patrolroute.network.arc_states import adjacent
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import FORBIDDEN, Turns

LON, LAT = 117.0, 32.6
Point = tuple[float, float]


@dataclass(frozen=True)
class Road:
    """A roadway between two nodes; ``via`` are the points between its ends, in metres."""

    tail: int
    head: int
    name: str = ""
    both: bool = True
    via: tuple[Point, ...] = ()
    travel_s: int | None = None
    patrol_s: int | None = None
    length_m: int | None = None
    back_s: int | None = None
    highway: str = "residential"
    tunnel: bool = False
    key: int = 0


def lonlat(x_m: float, y_m: float) -> LonLat:
    """Return the degrees of a point in metres east and north of the middle."""
    return LON + x_m / METRES_A_DEGREE / np.cos(np.radians(LAT)), LAT + y_m / METRES_A_DEGREE


def metres_between(one: LonLat, two: LonLat) -> float:
    east = (one[0] - two[0]) * np.cos(np.radians(LAT))
    return float(np.hypot(east, one[1] - two[1]) * METRES_A_DEGREE)


def build(nodes: Mapping[int, Point], roads: Iterable[Road], **marks: Any) -> RoadNetwork:
    """Lay out roads; what a road does not say follows from its line: 10 m a second, patrolled at half of it."""
    rows = []
    for number, road in enumerate(roads):
        line = [nodes[road.tail], *road.via, nodes[road.head]]
        length = road.length_m or max(1, round(sum(np.hypot(*np.diff(line, axis=0).T))))
        travel = road.travel_s or max(1, round(length / 10))
        patrol = road.patrol_s or 2 * travel
        rows.append((road.tail, road.head, road.key, number, road, line, length, travel, patrol))
        if road.both:
            key = road.key + (road.tail == road.head)
            back = road.back_s or travel
            rows.append((road.head, road.tail, key, number, road, line[::-1], length, back, max(back, patrol)))
    rows.sort(key=lambda row: row[:3])
    return RoadNetwork(**_nodes(nodes), **_arcs(sorted(nodes), rows), **marks)


def _nodes(nodes: Mapping[int, Point]) -> dict[str, Any]:
    places = np.array([lonlat(*nodes[node]) for node in sorted(nodes)])
    return {"node_id": np.array(sorted(nodes), dtype=np.int64), "lon": places[:, 0].copy(), "lat": places[:, 1].copy()}


def _arcs(ids: Sequence[int], rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    of_road: dict[int, list[int]] = {}
    for arc, row in enumerate(rows):
        of_road.setdefault(row[3], []).append(arc)
    reverse = [next((other for other in of_road[row[3]] if other != arc), -1) for arc, row in enumerate(rows)]
    points = np.array([lonlat(*point) for row in rows for point in row[5]])

    def whole(values: Iterable[int]) -> Any:
        return np.array(list(values), dtype=np.int32)

    return {
        "tail": whole(ids.index(row[0]) for row in rows),
        "head": whole(ids.index(row[1]) for row in rows),
        "key": whole(row[2] for row in rows),
        "length_m": whole(row[6] for row in rows),
        "travel_s": whole(row[7] for row in rows),
        "patrol_s": whole(row[8] for row in rows),
        "reverse": whole(reverse),
        "names": tuple(row[4].name for row in rows),
        "highways": tuple(row[4].highway for row in rows),
        "tunnel": np.array([row[4].tunnel for row in rows], dtype=np.bool_),
        "shape_lon": points[:, 0].copy(),
        "shape_lat": points[:, 1].copy(),
        "shape_start": np.concatenate(([0], np.cumsum([len(row[5]) for row in rows]))).astype(np.int64),
    }


@st.composite
def networks(draw: st.DrawFn, *, short: bool = False) -> RoadNetwork:
    """Draw a network of some nodes on a coarse grid with bent, parallel, one-way and looping roads."""
    count = draw(st.integers(2, 7))
    spot = st.tuples(st.integers(0, 4), st.integers(0, 4))
    spots = draw(st.lists(spot, min_size=count, max_size=count, unique=True))
    nodes = {10 + number: (east * 100.0, north * 100.0) for number, (east, north) in enumerate(spots)}
    seconds = st.integers(1, 4 if short else 60)
    keys: dict[tuple[int, int], int] = {}
    roads = []
    for _ in range(draw(st.integers(1, 12))):
        tail, head = draw(st.sampled_from(sorted(nodes))), draw(st.sampled_from(sorted(nodes)))
        ends = min(tail, head), max(tail, head)
        key = keys[ends] = keys.get(ends, -2) + 2
        via = draw(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=tail == head, max_size=2))
        travel = draw(seconds)
        roads.append(
            Road(
                tail,
                head,
                both=draw(st.booleans()),
                via=tuple((east + 7.0, north + 13.0) for east, north in via) if tail == head else tuple(via),
                travel_s=travel,
                patrol_s=travel + draw(st.integers(0, 30)),
                length_m=draw(st.integers(1, 5)) if short else None,
                back_s=draw(seconds),
                key=key,
            )
        )
    return build(nodes, roads)


@st.composite
def turning_networks(draw: st.DrawFn, *, short: bool = False) -> RoadNetwork:
    """Draw a network in which some turns take seconds, some are forbidden, and so are some chains of arcs."""
    network = draw(networks(short=short))
    before, after = adjacent(network)
    pairs = list(zip(before.tolist(), after.tolist(), strict=True))
    seconds = st.sampled_from([0, 0, 0, 1, 3, 20, FORBIDDEN])
    costs = draw(st.lists(seconds, min_size=len(pairs), max_size=len(pairs)))
    listed = [(*pair, cost) for pair, cost in zip(pairs, costs, strict=True) if cost]
    table = np.array(listed, dtype=np.int32).reshape(-1, 3)
    following: dict[int, list[int]] = {}
    for one, two in pairs:
        following.setdefault(one, []).append(two)
    chains = set()
    for _ in range(draw(st.integers(0, 3))):
        chain = [draw(st.integers(0, network.arc_count - 1))]
        for _ in range(draw(st.integers(2, 3))):
            if chain[-1] in following:
                chain.append(draw(st.sampled_from(following[chain[-1]])))
        if len(chain) > 2:
            chains.add(tuple(chain))
    round_s = draw(st.sampled_from([FORBIDDEN, 0, 7]))
    return replace(network, turns=Turns(table[:, 0], table[:, 1], table[:, 2], tuple(sorted(chains)), round_s))

"""Small problems for the tests of areas: grids of pieces, and every way to cut a tiny one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from hypothesis import strategies as st

from patrolroute.areas.layout import AreaTask, Layout
from patrolroute.areas.units import Units
from patrolroute.network.road import RoadNetwork
from tests.network.by_hand import Road, build

SIDE_M = 100


def grid(wide: int, high: int, work: list[int], missing: frozenset[int] = frozenset()) -> Units:
    """Return pieces in rows, each joined to those beside, above and below it; some links may be missing."""
    places = np.array([(x * SIDE_M, y * SIDE_M) for y in range(high) for x in range(wide)], dtype=np.float64)
    links = [(y * wide + x, y * wide + x + 1) for y in range(high) for x in range(wide - 1)]
    links += [(y * wide + x, y * wide + wide + x) for y in range(high - 1) for x in range(wide)]
    return Units.plain(work, places, [link for number, link in enumerate(links) if number not in missing])


@st.composite
def tasks(draw: st.DrawFn, *, most_wide: int = 6, most_high: int = 6, most_areas: int = 5) -> AreaTask:
    """Draw a grid with random work, links that are missing while all hangs together, areas, perhaps stations."""
    wide, high = draw(st.integers(1, most_wide)), draw(st.integers(1, most_high))
    size = wide * high
    work = draw(st.lists(st.integers(0, 30), min_size=size, max_size=size))
    missing = frozenset[int]()
    for link in draw(st.lists(st.integers(0, 2 * size), max_size=4)):
        if grid(wide, high, work, missing | {link}).parts.max() == 0:
            missing |= {link}
    count = draw(st.integers(1, min(most_areas, size)))
    stations = draw(st.lists(st.integers(0, size - 1), max_size=count, unique=True))
    balance = draw(st.sampled_from([0.05, 0.2, 0.5]))
    return AreaTask(grid(wide, high, work, missing), count, balance, tuple(stations))


def every_layout(task: AreaTask) -> Iterator[Layout]:
    """Yield every sound layout of a tiny task, alike ones under other numbers too."""
    for area in product(range(task.count), repeat=len(task.units)):
        if len(set(area)) == task.count:
            layout = Layout(task, np.array(area, dtype=np.int32))
            if layout.is_sound:
                yield layout


TOWN_ROADS = {"甲路": 0, "乙路": 500, "丙路": 1000, "丁路": 1500, "戊路": 2000}
"""Streets from west to east, by how many metres north of the first one they lie."""

CROSS_ROADS = {"子街": 0, "丑街": 500, "寅街": 1000, "卯街": 1500, "辰街": 2000}
"""Streets from south to north, by how many metres east of the first one they lie."""


def town(*, great: frozenset[str] = frozenset(), bridges: frozenset[str] | None = None) -> RoadNetwork:
    """Return a town of five streets each way, 500 m apart, all of them two-way.

    Parameters
    ----------
    great
        Streets that are primary roads; all others are residential.
    bridges
        Streets from south to north that go on from 乙路 to 丙路; all of them if not given.
    """
    rows, columns = list(TOWN_ROADS.items()), list(CROSS_ROADS.items())
    nodes = {10 * y + x + 1: (east, north) for y, (_, north) in enumerate(rows) for x, (_, east) in enumerate(columns)}
    roads = [
        _road(10 * y + x + 1, 10 * y + x + 2, name, great)
        for y, (name, _) in enumerate(rows)
        for x in range(len(columns) - 1)
    ]
    roads += [
        _road(10 * y + x + 1, 10 * y + 11 + x, name, great)
        for x, (name, _) in enumerate(columns)
        for y in range(len(rows) - 1)
        if y != 1 or bridges is None or name in bridges
    ]
    return build(nodes, roads)


def _road(one: int, two: int, name: str, great: frozenset[str]) -> Road:
    return Road(one, two, name, highway="primary" if name in great else "residential")

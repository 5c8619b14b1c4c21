"""Draw ``huainan.osm.gz`` from ``streets.csv`` and ``roundabouts.csv``; the same file each time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from patrolroute.data.draw.lanes import lanes
from patrolroute.data.draw.noding import node, reach_out
from patrolroute.data.draw.osmxml import osm_xml, packed
from patrolroute.data.draw.plane import Line
from patrolroute.data.draw.rings import read_rings, with_ring
from patrolroute.data.draw.table import HALF_GAP_M, lines_of, read_table
from patrolroute.units import FloatArray

FOLDER = Path(__file__).parents[1]
SEED = 508
"""The night of 8 May; any other draws other lanes."""

DIVIDED_END_M = 3 * HALF_GAP_M
"""Two carriageways of one street that end this close together end at the same place."""


def draw() -> bytes:
    """Draw the whole map and give the file."""
    streets = list(lines_of(read_table(FOLDER / "streets.csv")))
    for name, middle, radius_m in read_rings(FOLDER / "roundabouts.csv"):
        streets = with_ring(streets, name, middle, radius_m)
    streets = reach_out(streets)
    streets += _closing_links(streets)
    everything = reach_out([*streets, *lanes(streets, SEED)])
    return packed(osm_xml(*node(everything)))


def _closing_links(lines: Sequence[Line]) -> list[Line]:
    """Join the two carriageways where a divided road ends in the open, so that a car can turn there."""
    ends: list[tuple[str, FloatArray]] = []
    divided = [line for line in lines if line.tags.get("oneway") == "yes" and line.tags["highway"] == "primary"]
    for line in divided:
        ends += [(line.tags["name"], line.points[end]) for end in (0, -1) if _is_loose(line.points[end], lines)]
    return [
        Line(np.array([one, two]), {"highway": "primary_link", "lanes": "1"})
        for number, (name, one) in enumerate(ends)
        for other, two in ends[number + 1 :]
        if name == other and np.hypot(*(one - two)) < DIVIDED_END_M
    ]


def _is_loose(point: FloatArray, lines: Sequence[Line]) -> bool:
    """Say whether a line's end touches no other line."""
    import shapely

    place = shapely.Point(point)
    return sum(shapely.LineString(line.points).distance(place) < 0.5 for line in lines) <= 1


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "huainan.osm.gz"
    target.write_bytes(draw())

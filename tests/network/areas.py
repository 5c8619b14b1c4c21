"""What the tests of downloads share: an area, an answer, and how two networks differ."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from patrolroute.network.road import RoadNetwork
from tests.overpass import Answer

SAID_ELSEWHERE = {"source", "notice", "attribution"}
"""What a download and a file say of themselves differs; their streets do not."""

CENTRE = shapely.box(116.98, 32.61, 117.02, 32.65)


def differing(one: RoadNetwork, two: RoadNetwork) -> list[str]:
    """Name the fields in which two networks differ, what they say of themselves left aside."""
    return [
        item.name
        for item in fields(one)
        if item.name not in SAID_ELSEWHERE and not np.array_equal(getattr(one, item.name), getattr(two, item.name))
    ]


def around(network: RoadNetwork) -> Any:
    return shapely.box(
        network.shape_lon.min(), network.shape_lat.min(), network.shape_lon.max(), network.shape_lat.max()
    ).buffer(0.02)


def kept(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def json_answer(content: Any) -> Answer:
    return Answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

"""What the tests of demand share: a small town on paper, and files as planners save them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import InputError
from patrolroute.network.road import RoadNetwork
from tests.network.by_hand import Road, build, lonlat

TOWN = {
    1: (0.0, 0.0), 2: (500.0, 0.0), 3: (500.0, 500.0), 4: (0.0, 500.0),
    5: (1000.0, 0.0), 6: (1000.0, 20.0), 7: (500.0, 20.0),
}  # fmt: skip
"""A square west of a divided road of 500 m, whose carriageways lie 20 m apart."""


def town() -> RoadNetwork:
    """Lay out the town: 湖滨东路 and 湖滨西路 are sections of one street, 大道 is divided."""
    return build(
        TOWN,
        [
            Road(1, 2, "湖滨西路", highway="secondary"),
            Road(3, 4, "湖滨东路", highway="secondary"),
            Road(2, 7, "学院路"),
            Road(7, 3, "学院路"),
            Road(4, 1, ""),
            Road(2, 5, "大道", both=False, highway="primary"),
            Road(5, 6, "学院路"),
            Road(6, 7, "大道", both=False, highway="primary"),
        ],
    )


def degrees(east_m: float, north_m: float) -> str:
    """Write a point as two cells of a CSV file."""
    lon, lat = lonlat(east_m, north_m)
    return f"{lon:.6f},{lat:.6f}"


def csv_file(folder: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    """Write the lines of a table into a file."""
    path = folder / "table.csv"
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def geojson(folder: Path, *geometries: dict[str, Any], **properties: Any) -> Path:
    """Write a FeatureCollection; all features have the same properties."""
    features = [{"type": "Feature", "properties": properties, "geometry": one} for one in geometries]
    return text_file(folder, json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))


def text_file(folder: Path, text: str) -> Path:
    path = folder / "drawing.geojson"
    path.write_text(text, encoding="utf-8")
    return path


def line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [lonlat(*point) for point in points]}


def ring(west: float, south: float, east: float, north: float) -> list[Sequence[float]]:
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return [lonlat(*corner) for corner in corners]


def excel(*parts: int) -> dt.datetime:
    """Return a moment as Excel keeps it, which knows no zones."""
    return dt.datetime(*parts)  # noqa: DTZ001 - that is the point


def complaints_of(call: Callable[[], Any]) -> tuple[str, ...]:
    """Call what must fail, and give its complaints: one line each, none said twice."""
    with pytest.raises(InputError) as caught:
        call()
    complaints = caught.value.complaints
    assert all(one.strip() and "\n" not in one for one in complaints)
    assert len(set(complaints)) == len(complaints)
    return complaints

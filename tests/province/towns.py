"""Small nights of many bureaus, each on its own part of the bundled map."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

MAP = Path(str(files("patrolroute") / "data" / "huainan.osm.gz"))
CENTRES = ((117.0035, 32.6249), (117.0170, 32.6370), (117.0130, 32.5960), (116.9930, 32.6390))
HALF_LON, HALF_LAT = 0.012, 0.010


def town(number: int, **changes: Any) -> dict[str, Any]:
    """Return a night of two crews on the streets around one of four centres, moved a little for each number."""
    lon, lat = CENTRES[number % len(CENTRES)]
    lon += 0.0002 * (number // len(CENTRES))
    ring = [
        [lon - HALF_LON, lat - HALF_LAT], [lon + HALF_LON, lat - HALF_LAT],
        [lon + HALF_LON, lat + HALF_LAT], [lon - HALF_LON, lat + HALF_LAT], [lon - HALF_LON, lat - HALF_LAT],
    ]  # fmt: skip
    night: dict[str, Any] = {
        "name": f"第{number}所",
        "date": "2026-05-08",
        "map": {"file": str(MAP), "area": {"type": "Polygon", "coordinates": [ring]}},
        "shift": {"start": "20:30", "end": "21:30"},
        "depots": [{"id": "d", "name": "所里", "lon": lon, "lat": lat}],
        "crews": [{"depot": "d", "count": 2}],
        "streets": [{"classes": ["primary", "secondary"], "priority": 3, "visits": 1}],
        "snap_m": 1500,
        "solve": {"work_limit": 60, "seed": 1, "goal": "points"},
    }
    return night | changes


def province(folder: Path, count: int = 4, **changes: Any) -> dict[str, Path]:
    """Write nights into folders of a folder, and return their files by name."""
    found = {}
    for number in range(count):
        path = folder / f"所{number}" / "night.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(town(number, **changes), ensure_ascii=False), encoding="utf-8")
        found[path.parent.name] = path
    return found

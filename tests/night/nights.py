"""A small night on the bundled map, as a dictionary that tests change and write to a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BUREAU = {"id": "bureau", "name": "市局", "lon": 117.0035, "lat": 32.6249}


def small_night(**changes: Any) -> dict[str, Any]:
    """Return a night of three crews on three streets, solved by a small work limit."""
    night: dict[str, Any] = {
        "date": "2026-05-08",
        "map": {"source": "bundled"},
        "shift": {"start": "20:30", "end": "22:00"},
        "depots": [BUREAU],
        "crews": [{"depot": "bureau", "count": 3, "prefix": "A"}],
        "streets": [{"names": ["龙湖路", "学院路", "广场路"], "priority": 5, "required": True, "visits": 2}],
        "solve": {"work_limit": 300, "seed": 1, "goal": "points"},
    }
    return night | changes


def written(folder: Path, **changes: Any) -> Path:
    """Write the small night into a folder."""
    path = folder / "night.json"
    path.write_text(json.dumps(small_night(**changes), ensure_ascii=False, default=str), encoding="utf-8")
    return path

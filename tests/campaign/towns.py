"""A campaign in a town of nine junctions, written into a folder: planned at once, issued in a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from patrolroute.campaign.course import Course
from patrolroute.campaign.folder import CampaignFolder
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.reading import campaign_from
from patrolroute.campaign.state import CampaignState
from patrolroute.campaign.themed import ThemedNights
from patrolroute.network.graph import to_graphml_bytes
from tests.network.by_hand import lonlat
from tests.search.grid import town

MAP = "town.graphml"
STREETS = ("row 0", "row 1", "row 2", "column 0", "column 1", "column 2")


def depot(name: str, east: float, north: float) -> dict[str, Any]:
    lon, lat = lonlat(east, north)
    return {"id": name, "lon": lon, "lat": lat}


def base_night(**changes: Any) -> dict[str, Any]:
    """Return a night of four crews at two depots on five of six streets."""
    night: dict[str, Any] = {
        "date": "2026-05-08",
        "map": {"file": MAP},
        "shift": {"start": "20:00", "end": "21:00"},
        "depots": [depot("west", 0, 0), depot("east", 400, 400)],
        "crews": [{"depot": "west", "count": 2, "prefix": "W"}, {"depot": "east", "count": 2, "prefix": "E"}],
        "streets": [
            {"names": ["row 0", "row 1"], "priority": 4, "required": True, "visits": 2, "headway_min": 10},
            {"names": ["row 2", "column 0", "column 1"], "priority": 2},
        ],
        "solve": {"work_limit": 40, "goal": "points"},
    }
    return night | changes


def entries(**changes: Any) -> dict[str, Any]:
    """Return the entries of a campaign from May to July without holidays."""
    campaign: dict[str, Any] = {
        "name": "半月", "first": "2026-05-08", "last": "2026-07-31", "country": "", "night": base_night()
    }  # fmt: skip
    return campaign | changes


def campaign(**changes: Any) -> Campaign:
    return campaign_from(entries(**changes))


def course(state: CampaignState | None = None, today: Any = None, **changes: Any) -> Course:
    """Return a campaign under way of which nothing needs a map."""
    found = campaign(**changes)
    return Course.of(found, ThemedNights.of(found, Path()), state or CampaignState(), today=today)


def placed(folder: Path, **changes: Any) -> CampaignFolder:
    """Write a campaign with its map into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MAP).write_bytes(to_graphml_bytes(town(3)))
    edited(folder, **changes)
    return CampaignFolder.at(folder)


def edited(folder: Path, **changes: Any) -> None:
    """Write the campaign's file anew."""
    text = json.dumps(entries(**changes), ensure_ascii=False, default=str)
    (folder / "campaign.json").write_text(text, encoding="utf-8")

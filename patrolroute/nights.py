"""The parts of a night's file as types: what `patrolroute.Night` consists of.

A night is read with `patrolroute.read_night` or made of a dictionary with `patrolroute.night_from`; these names are for
programs that look into it or put one together piece by piece.
"""

from __future__ import annotations

from patrolroute.night.entries import AnyText, Clock, Hours, Text
from patrolroute.night.inline import DrawnArea, DrawnShapes, GeoJson, Given, Listed
from patrolroute.night.model import (
    Closures,
    CrewBreak,
    Crews,
    Depot,
    Highway,
    Hotspots,
    Incidents,
    KeyHoursEntry,
    MapSource,
    NearHomeEntry,
    Night,
    Shift,
    Slow,
    Solve,
    SpeedPart,
    Speeds,
    Streets,
    Turns,
    TurnSeconds,
)
from patrolroute.night.run import NightRun, bundled_night, night_from, read_night

__all__ = [
    "AnyText", "Clock", "Closures", "CrewBreak", "Crews", "Depot", "DrawnArea", "DrawnShapes", "GeoJson", "Given",
    "Highway", "Hotspots", "Hours", "Incidents", "KeyHoursEntry", "Listed", "MapSource", "NearHomeEntry", "Night",
    "NightRun", "Shift", "Slow", "Solve", "SpeedPart", "Speeds", "Streets", "Text", "TurnSeconds", "Turns",
    "bundled_night", "night_from", "read_night",
]  # fmt: skip

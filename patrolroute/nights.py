"""The parts of a night's file as types: what `patrolroute.Night` consists of.

A night is read with `patrolroute.read_night` or made of a dictionary with `patrolroute.night_from`; these names are for
programs that look into it or put one together piece by piece.
"""

from __future__ import annotations

from patrolroute.night.entries import AnyText, Clock, Date, Hours, Minutes, Priority, SaidDatum, Text, YesNo
from patrolroute.night.inline import DrawnArea, DrawnShapes, FilePath, GeoJson, Given, Listed
from patrolroute.night.model import (
    CellsEntry,
    Closures,
    CrewBreak,
    Crews,
    CrewStaff,
    Depot,
    Highway,
    Hotspots,
    Incidents,
    KeyHoursEntry,
    MapSource,
    NearHomeEntry,
    Night,
    ResponseEntry,
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
    "AnyText", "CellsEntry", "Clock", "Closures", "CrewBreak", "CrewStaff", "Crews", "Date", "Depot", "DrawnArea",
    "DrawnShapes", "FilePath", "GeoJson", "Given", "Highway", "Hotspots", "Hours", "Incidents", "KeyHoursEntry",
    "Listed", "MapSource", "Minutes", "NearHomeEntry", "Night", "NightRun", "Priority", "ResponseEntry", "SaidDatum",
    "Shift", "Slow", "Solve", "SpeedPart", "Speeds", "Streets", "Text", "TurnSeconds", "Turns", "YesNo",
    "bundled_night", "night_from", "read_night",
]  # fmt: skip

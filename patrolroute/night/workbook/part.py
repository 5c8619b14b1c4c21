"""A night's sheets as a part of a larger workbook: the one door for workbooks that hold more than a night."""

from __future__ import annotations

from patrolroute.night.workbook.cells import NightCells
from patrolroute.night.workbook.declaration import BOOK, CAMPAIGN, GUIDE, HOTSPOTS, KEY_HOURS, STREETS
from patrolroute.night.workbook.laying import laid, rows_of, said
from patrolroute.night.workbook.reading import read_part, read_table

__all__ = [
    "BOOK", "CAMPAIGN", "GUIDE", "HOTSPOTS", "KEY_HOURS", "STREETS", "NightCells", "laid", "read_part", "read_table",
    "rows_of", "said",
]  # fmt: skip

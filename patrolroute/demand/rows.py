"""One line of a planner's table: cells read as numbers, minutes, yes or no, places; every complaint with its row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from patrolroute.base.errors import Complaints, short
from patrolroute.base.vocabulary import LAT_MAX, LON_MAX, LonLat, Seconds
from patrolroute.demand.amounts import MINUTE_S, minutes, number, yes_or_no

NAME_MOST = 60
"""Letters of a name that a complaint shows."""


@dataclass(slots=True)
class Row:
    """One line of a table; reading a bad cell notes a complaint and gives the fallback.

    Parameters
    ----------
    where
        The file and the row, as Excel counts, the header being row 1.
    cells
        Column name to text, spaces and full-width forms removed.
    titles
        Column name to what the file calls it.
    complaints
        Where complaints of the whole file are gathered.
    """

    where: str
    cells: Mapping[str, str]
    titles: Mapping[str, str] = field(repr=False)
    complaints: Complaints = field(repr=False)

    @property
    def thing(self) -> str:
        """The row as a complaint names it."""
        name = self.cells.get("name") or self.cells.get("id") or ""
        return f"{self.where}{f' ({name[:NAME_MOST]})' if name else ''}"

    def complain(self, sentence: str) -> None:
        """Note what is wrong with this row."""
        self.complaints.add(f"{self.thing}: {sentence}")

    def title(self, column: str) -> str:
        """Name a column as the file does."""
        return self.titles.get(column, column)

    def text(self, column: str, fallback: str = "") -> str:
        """Return a cell's text, the fallback if it is empty or missing."""
        return self.cells.get(column, "") or fallback

    def needed(self, column: str) -> str:
        """Return a cell's text, and complain if it is empty."""
        if not self.text(column):
            self.complain(f"{self.title(column)} is empty")
        return self.text(column)

    def number_in(self, column: str, fallback: float, *, low: float, high: float) -> float:
        """Read a number within bounds; an empty cell is the fallback.

        Parameters
        ----------
        column
            The library's name of the column.
        fallback
            For an empty cell, and for one that is complained of.
        low, high
            The bounds, both allowed.
        """
        text = self.text(column)
        if not text:
            return fallback
        value = number(text)
        if value is None or not low <= value <= high:
            self._refuse(column, f"a number between {low:,.10g} and {high:,.10g}")
            return fallback
        return value

    def whole_in(self, column: str, fallback: int, *, low: int, high: int) -> int:
        """Read a whole number within bounds; an empty cell is the fallback.

        Parameters
        ----------
        column
            The library's name of the column.
        fallback
            For an empty cell, and for one that is complained of.
        low, high
            The bounds, both allowed.
        """
        text = self.text(column)
        if not text:
            return fallback
        value = number(text)
        if value is None or not low <= value <= high or value != int(value):
            self._refuse(column, f"a whole number between {low:,} and {high:,}")
            return fallback
        return int(value)

    def seconds_in(self, column: str, fallback: Seconds, *, low: Seconds, high: Seconds) -> Seconds:
        """Read minutes and return whole seconds within bounds; an empty cell is the fallback.

        Parameters
        ----------
        column
            The library's name of the column.
        fallback
            For an empty cell, and for one that is complained of, in seconds.
        low, high
            The bounds in seconds, both allowed.
        """
        text = self.text(column)
        if not text:
            return fallback
        value = minutes(text)
        if value is None or not -1 <= value <= high or not low <= math.floor(value * MINUTE_S + 0.5) <= high:
            self._refuse(column, f"a number of minutes, {low} s at least and {high // MINUTE_S} min at most")
            return fallback
        return math.floor(value * MINUTE_S + 0.5)

    def yes(self, column: str) -> bool:
        """Read a yes or no; an empty cell is a no."""
        answer = yes_or_no(self.text(column))
        if answer is None:
            self._refuse(column, "a yes or no (是 or 否)")
        return bool(answer)

    def lonlat(self) -> LonLat | None:
        """Read the two coordinates, or complain and return None."""
        lon, lat = (number(self.needed(column)) for column in ("lon", "lat"))
        if lon is not None and lat is not None and abs(lon) <= LAT_MAX < abs(lat) <= LON_MAX:
            shown = ", ".join(f"{self.title(column)} {self.text(column)}" for column in ("lon", "lat"))
            self.complain(f"{shown}: longitude and latitude look swapped")
            return None
        fits = True
        for column, value, most in (("lon", lon, LON_MAX), ("lat", lat, LAT_MAX)):
            if value is None or abs(value) > most:
                fits = False
                if self.text(column):
                    self._refuse(column, f"a number of degrees between {-most:g} and {most:g}")
        return (lon, lat) if fits and lon is not None and lat is not None else None

    def _refuse(self, column: str, rule: str) -> None:
        text = self.text(column)
        self.complain(f"{self.title(column)} {_shown(text)} is not {rule}")


def _shown(text: str) -> str:
    """Show a number as it stands, anything else in quotation marks, both cut where they are long."""
    return text if number(text) is not None and len(text) <= NAME_MOST else short(text)

"""One line of a planner's table: cells read as numbers, minutes, yes or no, places; every complaint with its row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from patrolroute.base.amounts import MINUTE_S, counted, minutes, number, priority, yes_or_no
from patrolroute.base.errors import Complaints, short
from patrolroute.base.vocabulary import LAT_MAX, LON_MAX, LonLat, Seconds
from patrolroute.demand.degrees import degrees, pair
from patrolroute.network.names import is_place

NAME_MOST = 60
"""Letters of a name that a complaint shows."""

UNITS: Mapping[str, str] = {"visits": "次遍趟回", "prize": "分", "weight": "次起件宗个"}
"""Units that may stand behind the numbers of a column."""


@dataclass(slots=True)
class Row:
    """One line of a table; reading a bad cell notes a complaint and gives the fallback.

    Parameters
    ----------
    where
        The file and the row, as Excel counts; of a workbook the sheet and a cell of the row.
    cells
        Column name to text, spaces and full-width forms removed.
    titles
        Column name to what the file calls it.
    complaints
        Where complaints of the whole file are gathered.
    spots
        Column name to where its cell stands, in a workbook.
    """

    where: str
    cells: Mapping[str, str]
    titles: Mapping[str, str] = field(repr=False)
    complaints: Complaints = field(repr=False)
    spots: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def thing(self) -> str:
        """The row as a complaint names it."""
        return self.thing_at("")

    def thing_at(self, column: str) -> str:
        """Return a cell of the row as a complaint names it; without a name of its own it is the row."""
        name = self.cells.get("name") or self.cells.get("id") or ""
        return f"{self.spots.get(column, self.where)}{f' ({name[:NAME_MOST]})' if name else ''}"

    def complain(self, sentence: str, column: str = "") -> None:
        """Note what is wrong with this row, or with its cell in a column."""
        self.complaints.add(f"{self.thing_at(column)}: {sentence}")

    def title(self, column: str) -> str:
        """Name a column as the file does."""
        return self.titles.get(column, column)

    def text(self, column: str, fallback: str = "") -> str:
        """Return a cell's text, the fallback if it is empty or missing."""
        return self.cells.get(column, "") or fallback

    def needed(self, column: str) -> str:
        """Return a cell's text, and complain if it is empty."""
        if not self.text(column):
            self.complain(f"{self.title(column)} is empty", column)
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
        value = counted(text, UNITS.get(column, ""))
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
        rule = f"a whole number between {low:,} and {high:,}"
        return self._whole(column, fallback, (low, high), rule, lambda text: counted(text, UNITS.get(column, "")))

    def priority_in(self, column: str, fallback: int, *, low: int, high: int) -> int:
        """Read a priority, in numbers or words; an empty cell is the fallback.

        Parameters
        ----------
        column
            The library's name of the column.
        fallback
            For an empty cell, and for one that is complained of.
        low, high
            The bounds, both allowed; the high one is the most urgent.
        """
        text = self.text(column)
        is_number = counted(text) is not None or priority(text) is not None
        rule = f"a whole number between {low:,} and {high:,}" + ("" if is_number else ", or 高, 中, 低")
        return self._whole(column, fallback, (low, high), rule, priority)

    def _whole(
        self, column: str, fallback: int, bounds: tuple[int, int], rule: str, read: Callable[[str], float | None]
    ) -> int:
        text = self.text(column)
        if not text:
            return fallback
        value = read(text)
        if value is None or not bounds[0] <= value <= bounds[1] or value != int(value):
            self._refuse(column, rule)
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

    def minutes_in(self, column: str, fallback: float, *, low: float, high: float) -> float:
        """Read minutes within bounds; an empty cell is the fallback.

        Parameters
        ----------
        column
            The library's name of the column.
        fallback
            For an empty cell, and for one that is complained of.
        low, high
            The bounds in minutes, both allowed.
        """
        text = self.text(column)
        if not text:
            return fallback
        value = minutes(text)
        if value is None or not low <= value <= high:
            self._refuse(column, f"a number between {low:,.10g} and {high:,.10g}")
            return fallback
        return value

    def yes(self, column: str) -> bool:
        """Read a yes or no; an empty cell is a no."""
        answer = yes_or_no(self.text(column))
        if answer is None:
            self._refuse(column, "a yes or no (是 or 否)")
        return bool(answer)

    def lonlat(self) -> LonLat | None:
        """Read the coordinates, from two cells or from one; complain and return None if there are none."""
        column = next((one for one in ("place", "latlon") if one in self.titles or one in self.cells), "")
        if column and not (self.text("lon") and self.text("lat") and pair(self.text(column)) is None):
            return self._pair(column)
        lon, lat = (degrees(self.needed(column)) for column in ("lon", "lat"))
        if lon is not None and lat is not None and look_swapped(lon, lat):
            return lon, lat
        fits = True
        for column, value, most in (("lon", lon, LON_MAX), ("lat", lat, LAT_MAX)):
            if value is None or abs(value) > most:
                fits = False
                if self.text(column):
                    self._refuse(column, f"a number of degrees between {-most:g} and {most:g}")
        return (lon, lat) if fits and lon is not None and lat is not None else None

    @property
    def words(self) -> str:
        """The words that tell the place of a row without coordinates, such as a crossing; empty if there are none."""
        text = self.text("place")
        is_told = bool(text) and pair(text) is None and is_place(text)
        return text if is_told and not (self.text("lon") and self.text("lat")) else ""

    def _pair(self, column: str) -> LonLat | None:
        """Read both coordinates from one cell."""
        text = self.needed(column)
        both = pair(text)
        if both is None:
            if text and column == "place":
                self.complain(
                    f"{self.title(column)} {_shown(text)} is neither a longitude and a latitude, such as 116.99,32.63, "
                    "nor a crossing, such as A Road & B Road",
                    column,
                )
            elif text:
                self._refuse(column, "a longitude and a latitude, such as 116.99,32.63")
            return None
        lon, lat = both if column == "place" else both[::-1]
        if not look_swapped(lon, lat) and (abs(lon) > LON_MAX or abs(lat) > LAT_MAX):
            self._refuse(column, "a longitude and a latitude, such as 116.99,32.63")
            return None
        return lon, lat

    def shown_place(self) -> str:
        """Return the coordinates as the row has them, with their titles."""
        columns = [column for column in ("place", "latlon", "lon", "lat") if self.text(column)]
        return ", ".join(f"{self.title(column)} {self.text(column)}" for column in columns)

    def _refuse(self, column: str, rule: str) -> None:
        text = self.text(column)
        self.complain(f"{self.title(column)} {_shown(text)} is not {rule}", column)


def look_swapped(lon: float, lat: float) -> bool:
    """Return whether a longitude could only be a latitude, and the other way round."""
    return abs(lon) <= LAT_MAX < abs(lat) <= LON_MAX


def _shown(text: str) -> str:
    """Show a number as it stands, anything else in quotation marks, both cut where they are long."""
    return text if number(text) is not None and len(text) <= NAME_MOST else short(text)

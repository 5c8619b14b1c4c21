"""One line of a planner's table: cells read as numbers, minutes, yes or no, places; every complaint with its row."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from patrolroute.base.errors import Complaints, short
from patrolroute.base.vocabulary import LAT_MAX, LON_MAX, LonLat, Seconds

NAME_MOST = 60
"""Letters of a name that a complaint shows."""

MINUTE_S = 60
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
YES = frozenset({"yes", "y", "true", "1", "是", "必巡", "√", "✓"})
NO = frozenset({"no", "n", "false", "0", "否", "非必巡", "×", ""})


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
        minutes = number(text)
        if minutes is None or not -1 <= minutes <= high or not low <= math.floor(minutes * MINUTE_S + 0.5) <= high:
            self._refuse(column, f"a number of minutes, {low} s at least and {high // MINUTE_S} min at most")
            return fallback
        return math.floor(minutes * MINUTE_S + 0.5)

    def yes(self, column: str) -> bool:
        """Read a yes or no; an empty cell is a no."""
        text = self.text(column).lower()
        if text not in YES and text not in NO:
            self._refuse(column, "a yes or no (是 or 否)")
        return text in YES

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


def number(text: str) -> float | None:
    """Read a finite number, None if it is none.

    Examples
    --------
    >>> number("12.5"), number("-3"), number("nan"), number("1e999"), number("1_000"), number("十")
    (12.5, -3.0, None, None, None, None)
    """
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def clean(cell: str) -> str:
    """Strip spaces, and turn full-width digits and punctuation into plain ones.

    Examples
    --------
    >>> clean(" １８：００ ")
    '18:00'
    """
    return tidy(unicodedata.normalize("NFKC", cell))


def tidy(cell: str) -> str:
    r"""Put a text on one line: line ends and what cannot be printed become spaces, spaces in a row become one.

    Marks without width, such as Windows puts before a number that is copied out of a window, are left out.

    Examples
    --------
    >>> tidy(" 龙湖路\n夜市 "), tidy("\u202a117.0012\u200b")
    ('龙湖路 夜市', '117.0012')
    """
    seen = (letter for letter in cell if unicodedata.category(letter) != _WITHOUT_WIDTH)
    printable = (letter if unicodedata.category(letter) not in _UNPRINTED else " " for letter in seen)
    return " ".join("".join(printable).split())


_WITHOUT_WIDTH = "Cf"
"""Unicode's category of format characters: joiners, marks of writing direction, byte order marks."""

_UNPRINTED = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Unicode's categories of control characters, halves of surrogate pairs, private and unassigned code points."""

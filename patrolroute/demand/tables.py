"""Tables as planners save them: CSV in UTF-8 or GBK, Chinese or English headers, every complaint with its row."""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from patrolroute.errors import Complaints, TableError
from patrolroute.network.textfile import read_bytes

HEADERS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "序号", "标识"),
    "name": ("名称", "名字", "地点"),
    "kind": ("类型", "类别", "种类"),
    "lon": ("经度", "longitude", "lng", "x"),
    "lat": ("纬度", "latitude", "y"),
    "open": ("开始", "开始时间", "营业开始", "opens"),
    "close": ("结束", "结束时间", "营业结束", "closes"),
    "windows": ("营业时间", "时段", "hours", "opening_hours"),
    "dwell_min": ("驻点分钟", "驻点时间", "停留分钟", "dwell"),
    "priority": ("优先级", "等级"),
    "required": ("必巡", "是否必巡"),
    "visits": ("次数", "巡逻次数"),
    "headway_min": ("间隔分钟", "巡逻间隔", "headway"),
    "prize": ("分值", "得分"),
    "weight": ("权重", "数量"),
    "note": ("备注", "说明"),
}
"""Column names that mean the same, after the library's own."""

PRINTED = frozenset({"id", "name", "note"})
"""Columns that come out again as they went in."""

YES = frozenset({"yes", "y", "true", "1", "是", "必巡", "√", "✓"})
NO = frozenset({"no", "n", "false", "0", "否", "非必巡", "×", ""})


@dataclass(slots=True)
class Row:
    """One line of a table; reading a bad cell notes a complaint and gives the fallback.

    Parameters
    ----------
    number
        As Excel counts, the header being row 1.
    cells
        Column name to text, spaces and full-width forms removed.
    complaints
        Where complaints of the whole file are gathered.
    """

    source: str
    number: int
    cells: Mapping[str, str]
    complaints: Complaints = field(repr=False)

    @property
    def thing(self) -> str:
        """The row as a complaint names it."""
        name = self.cells.get("name") or self.cells.get("id") or ""
        return f"{self.source}: row {self.number}{f' ({name})' if name else ''}"

    def complain(self, sentence: str) -> None:
        """Note what is wrong with this row."""
        self.complaints.add(f"{self.thing}: {sentence}")

    def text(self, column: str, fallback: str = "") -> str:
        """Give a cell's text, the fallback if it is empty or missing."""
        return self.cells.get(column, "") or fallback

    def number_in(self, column: str, fallback: float | None, *, low: float, high: float = math.inf) -> float:
        """Read a number within bounds; an empty cell is the fallback, or a complaint if there is none."""
        text = self.text(column)
        if not text:
            if fallback is None:
                self.complain(f"{column} is empty")
            return fallback if fallback is not None else low
        try:
            value = float(text)
        except ValueError:
            self.complain(f"{column} {text!r} is not a number")
            return fallback if fallback is not None else low
        if not low <= value <= high:
            rule = f"between {low:g} and {high:g}" if math.isfinite(high) else f"at least {low:g}"
            self.complain(f"{column} {text} is not {rule}")
            return fallback if fallback is not None else low
        return value

    def whole_in(self, column: str, fallback: int, *, low: int, high: float = math.inf) -> int:
        """Read a whole number within bounds."""
        value = self.number_in(column, fallback, low=low, high=high)
        if value != int(value):
            self.complain(f"{column} {self.text(column)} is not a whole number")
        return int(value)

    def yes(self, column: str, *, fallback: bool = False) -> bool:
        """Read a yes or no."""
        if column not in self.cells:
            return fallback
        text = self.text(column).lower()
        if text not in YES and text not in NO:
            self.complain(f"{column} {text!r} is neither yes nor no (是, 否)")
        return text in YES if text else fallback

    def lonlat(self) -> tuple[float, float] | None:
        """Read the two coordinates, or complain and give None."""
        before = len(self.complaints)
        lon = self.number_in("lon", None, low=-180, high=180)
        swapped = self._looks_swapped()
        if swapped:
            self.complain(f"lon {self.text('lon')}, lat {self.text('lat')}: longitude and latitude look swapped")
            return None
        lat = self.number_in("lat", None, low=-90, high=90)
        return (lon, lat) if len(self.complaints) == before else None

    def _looks_swapped(self) -> bool:
        try:
            lon, lat = float(self.text("lon")), float(self.text("lat"))
        except ValueError:
            return False
        return abs(lon) <= 90 < abs(lat) <= 180


@dataclass(frozen=True, slots=True)
class Depot:
    """A muster point as a table gives it."""

    id: str
    name: str
    lon: float
    lat: float


def read_rows(path: str | Path, *, needs: Sequence[str]) -> tuple[list[Row], Complaints]:
    """Read a CSV file: separator, encoding and header names are found out.

    Parameters
    ----------
    needs
        Columns that must be there.

    Returns
    -------
    rows
        Lines that are not empty.
    complaints
        Where their readers note what is wrong; raise it when all rows are read.

    Raises
    ------
    TableError
        If the file is missing, empty, not text, has no row or lacks columns.
    """
    path = Path(path)
    lines = list(csv.reader(io.StringIO(_text(path)), delimiter=_separator(_text(path))))
    filled = [(number, line) for number, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)]
    if not filled:
        raise TableError(f"{path}: the file is empty")
    header = [_column(cell) for cell in filled[0][1]]
    if missing := [name for name in needs if name not in header]:
        named = ", ".join(f"{name} ({HEADERS[name][0]})" for name in missing)
        there = ", ".join(cell.strip() for cell in filled[0][1] if cell.strip())
        raise TableError(f"{path}: columns {named} are missing; there are {there}")
    if len(filled) == 1:
        raise TableError(f"{path}: there is a header but no row below it")
    complaints = Complaints()
    rows = [Row(str(path), number, _cells(header, line), complaints) for number, line in filled[1:]]
    return rows, complaints


def twice(rows: Sequence[Row], ids: Sequence[str]) -> Iterator[str]:
    """Say which ids are used by more than one row."""
    first: dict[str, int] = {}
    for row, name in zip(rows, ids, strict=True):
        if name in first:
            yield f"{row.source}: row {row.number}: the id {name!r} is that of row {first[name]} too"
        first.setdefault(name, row.number)


def read_depots(path: str | Path) -> list[Depot]:
    """Read muster points: columns id, lon, lat, optionally name.

    Raises
    ------
    TableError
        With every complaint.
    """
    rows, complaints = read_rows(path, needs=("id", "lon", "lat"))
    depots = []
    for row in rows:
        lonlat = row.lonlat()
        if not row.text("id"):
            row.complain("id is empty")
        if lonlat is not None:
            depots.append(Depot(row.text("id"), row.text("name"), *lonlat))
    complaints.extend(twice(rows, [row.text("id") for row in rows]))
    complaints.raise_as(TableError)
    return depots


def _text(path: Path) -> str:
    """Decode a file: UTF-8 with or without a mark, else GBK as Chinese Excel saves it."""
    content = read_bytes(path, error=TableError)
    if content.startswith(b"PK"):
        raise TableError(f"{path}: is an Excel workbook; save it as CSV UTF-8")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError(f"{path}: is neither UTF-8 nor GBK text; save it as CSV UTF-8")


def _separator(text: str) -> str:
    """Take the separator that the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=lambda mark: (first.count(mark), mark == ","))


def _column(cell: str) -> str:
    """Give the library's name of a column, or the cell itself."""
    name = _clean(cell).lower()
    return next((own for own, others in HEADERS.items() if name == own or name in others), name)


def _cells(header: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    """Clean a line's cells; names stay as they are written."""
    return {
        column: cell.strip() if column in PRINTED else _clean(cell) for column, cell in zip(header, line, strict=False)
    }


def _clean(cell: str) -> str:
    """Strip spaces, and turn full-width digits and punctuation into plain ones."""
    return unicodedata.normalize("NFKC", cell).strip()

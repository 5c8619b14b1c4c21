"""Tables as planners save them: any separator, Chinese or English headers, all complaints about a file together."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from patrolroute.base.errors import Complaints, PlaceError, TableError, short
from patrolroute.base.files import read_text
from patrolroute.base.vocabulary import DATUMS, Datum, LonLat
from patrolroute.demand.model import is_number
from patrolroute.demand.rows import Row, clean, tidy
from patrolroute.network.coordinates import to_wgs84
from patrolroute.network.places import Place, snap_all
from patrolroute.network.road import RoadNetwork

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
    "load": ("载荷", "占用", "负荷"),
    "weight": ("权重", "数量"),
    "note": ("备注", "说明"),
}
"""Column names that mean the same, after the library's own."""

PRINTED = frozenset({"id", "name", "note", "crew", "from", "to"})
"""Columns whose full-width letters are meant."""

SEPARATORS = ",;\t，"
_NAMED_SEPARATOR = re.compile(r"\"?sep=([^\r\n\"\w])\"?[,;\t ]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
"""The first line with which Excel is told the separator: ``sep=;``."""

MAX_ROWS = 200_000
"""Enough for years of incidents; more was given by mistake."""

MAX_CELL = 2_000
"""Letters; a longer cell has swallowed its neighbours."""

MOST_COMPLAINTS = 100
"""A file with more than so many faults has one fault, many times."""

ALIKE = 0.8
"""Likeness from which an unknown column is taken for a slip of the pen."""


@dataclass(frozen=True, slots=True)
class DepotRow:
    """A muster point as a table gives it."""

    id: str
    name: str
    lon: float
    lat: float


def read_rows(
    path: str | Path, *, needs: Sequence[str], headers: Mapping[str, tuple[str, ...]] = HEADERS
) -> tuple[list[Row], Complaints]:
    """Read a CSV file: separator, encoding and header names are found out.

    Parameters
    ----------
    path
        The file.
    needs
        Columns that must be there.
    headers
        The table's columns, and what else they may be called.

    Returns
    -------
    rows
        Lines that are not empty.
    complaints
        Where their readers note what is wrong; `raise_gathered` when all rows are read.

    Raises
    ------
    TableError
        If the file is missing, empty, not text, has no row, lacks columns or has the same one twice.
    """
    path = Path(path)
    lines = _lines(path)
    if not lines:
        raise TableError(f"{path}: the file is empty")
    titles = [tidy(cell) for cell in lines[0][1]]
    columns = [column_of(title, headers) for title in titles]
    heads = Complaints()
    heads.extend(f"{path}: {fault}" for fault in _wrong_header(titles, columns, needs, headers))
    if len(lines) == 1:
        heads.add(f"{path}: there is a header but no row below it")
    heads.raise_as(TableError)
    complaints = Complaints()
    said_as = dict(zip(columns, titles, strict=True))
    rows = [_row(f"{path}: row {number}", line, columns, said_as, complaints) for number, line in lines[1:]]
    return rows, complaints


def raise_gathered(complaints: Complaints) -> None:
    """Raise what was gathered, if anything was; of very many complaints the first.

    Raises
    ------
    TableError
        With the first hundred complaints and how many more there are.
    """
    try:
        complaints.raise_as(TableError)
    except TableError as error:
        more = len(error.complaints) - MOST_COMPLAINTS
        if more <= 0:
            raise
        raise TableError([*error.items[:MOST_COMPLAINTS], f"and {more:,} more complaints"]) from None


def column_of(title: str, headers: Mapping[str, tuple[str, ...]] = HEADERS) -> str:
    """Return the library's name of a column, or the title itself in small letters.

    Examples
    --------
    >>> column_of("经度"), column_of("Lat"), column_of("电话")
    ('lon', 'lat', '电话')
    """
    name = clean(title).lower()
    return next((own for own, others in headers.items() if name == own or name in others), name)


def twice(rows: Sequence[Row], ids: Sequence[str]) -> Iterator[str]:
    """Yield which ids are used by more than one row; empty ones are not compared."""
    first: dict[str, Row] = {}
    for row, name in zip(rows, ids, strict=True):
        if name and name in first:
            yield f"{row.thing}: the id {short(name)} is also that of {first[name].where.rpartition(': ')[2]}"
        first.setdefault(name, row)


def read_depots(path: str | Path) -> list[DepotRow]:
    """Read muster points: columns id, lon, lat, optionally name.

    Raises
    ------
    TableError
        With every complaint.
    """
    rows, complaints = read_rows(path, needs=("id", "lon", "lat"))
    depots = []
    for row in rows:
        name, lonlat = row.needed("id"), row.lonlat()
        if lonlat is not None:
            depots.append(DepotRow(name, row.text("name"), *lonlat))
    complaints.extend(twice(rows, [row.text("id") for row in rows]))
    raise_gathered(complaints)
    return depots


def cells_of(texts: Mapping[str, str]) -> dict[str, str]:
    """Clean cells by column; names keep their full-width letters."""
    return {column: tidy(text) if column in PRINTED else clean(text) for column, text in texts.items()}


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Read the lines that are not empty, numbered as Excel counts."""
    text = read_text(path)
    named = _NAMED_SEPARATOR.match(text)
    separator = _separator(text) if named is None else named[1]
    text = text if named is None else text[named.end() :]  # Excel does not show this line, and counts from the next
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, line in enumerate(reader, start=1):
            if any(cell.strip() for cell in line):
                lines.append((number, line))
            if len(lines) > MAX_ROWS + 1:
                raise TableError(f"{path}: has more than {MAX_ROWS:,} rows; at most so many are read")
    except csv.Error as error:
        raise TableError(f"{path}: line {reader.line_num}: {_plainly(error)}") from error
    return lines


def _plainly(error: csv.Error) -> str:
    """Return in plain words what the csv library found."""
    text = str(error)
    if "field larger" in text:
        return f"a cell is far longer than {MAX_CELL:,} letters; a quotation mark may be missing its partner"
    if "end of data" in text or "expected after" in text:
        return 'a quotation mark (") is opened and not closed, or closed too early'
    return text


def _separator(text: str) -> str:
    """Take the separator that the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: (first.count(mark), -SEPARATORS.index(mark)))


def _wrong_header(
    titles: Sequence[str], columns: Sequence[str], needs: Sequence[str], headers: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Yield which columns are missing, there twice, or misspelt."""
    named = [title for title in titles if title]
    if missing := [name for name in needs if name not in columns]:
        wanted = ", ".join(f"{name} ({headers[name][0]})" for name in missing)
        if any(name in headers for name in columns):
            yield f"the header lacks {wanted}; it has {short(', '.join(named), most=200)}"
        else:  # another file than was meant: nothing of it is repeated
            yield f"the header lacks {wanted}; none of its columns is known"
    for column, times in Counter(filter(None, columns)).items():
        if times > 1:
            same = ", ".join(title for title, name in zip(titles, columns, strict=True) if name == column)
            yield f"columns {same} mean the same; keep one of them"
    for column in columns:
        close = [] if column in headers else difflib.get_close_matches(column, headers, n=1, cutoff=ALIKE)
        if close and close[0] not in columns:
            yield f"column {short(column)} is not known; did you mean {close[0]}?"


def _row(
    where: str, line: Sequence[str], columns: Sequence[str], titles: Mapping[str, str], complaints: Complaints
) -> Row:
    row = Row(where, cells_of(dict(zip(columns, line, strict=False))), titles, complaints)
    if extra := [cell for cell in line[len(columns) :] if cell.strip()]:
        row.complain(
            f"has {len(line)} cells under {len(columns)} columns; {short(extra[0])} is too many (a name with a comma "
            f"stands in quotation marks)"
        )
    for column, cell in row.cells.items():
        if len(cell) > MAX_CELL:
            row.complain(f"{row.title(column)} is {len(cell):,} letters long; at most {MAX_CELL:,} are read")
    return row


@dataclass(slots=True)
class Sheet:
    """A list of places as a file gives it: rows, where each lies (None where that cannot be read), complaints.

    ``datum`` is the one that the file names, and goes before what a caller believes.
    """

    rows: list[Row]
    places: list[LonLat | None]
    complaints: Complaints
    datum: Datum | None = None

    @classmethod
    def listed(cls, path: str | Path, *, needs: Sequence[str]) -> Sheet:
        """Read a CSV file that has at least these columns, lon and lat among them.

        Raises
        ------
        TableError
            If the file is missing, empty, not text, has no row or lacks columns.
        """
        rows, complaints = read_rows(path, needs=needs)
        return cls(rows, [row.lonlat() for row in rows], complaints)

    def snapped(self, network: RoadNetwork, *, crs: str, snap_m: float) -> list[Place]:
        """Move the places onto the network, and raise all complaints, those about far points included.

        Parameters
        ----------
        network
            The streets that the places must lie beside.
        crs
            Datum of the coordinates, unless the file names it: ``wgs84``, ``gcj02`` or ``bd09``.
        snap_m
            The farthest that a place may lie from a street, metres.

        Raises
        ------
        TableError
            With every complaint about the file.
        """
        if wrong := list(_broken_options(crs, snap_m)):
            self.complaints.extend(wrong)
            raise_gathered(self.complaints)
        points = [
            (row.thing, _wgs84(place, self.datum or crs))
            for row, place in zip(self.rows, self.places, strict=True)
            if place is not None
        ]
        found: list[Place] = []
        try:
            found = snap_all(network, points, snap_m=snap_m)
        except PlaceError as error:
            self.complaints.extend(error.items)
        raise_gathered(self.complaints)
        return found


def _broken_options(crs: str, snap_m: float) -> Iterator[str]:
    if str(crs).lower() not in DATUMS:
        yield f"crs {crs!r} is not one of {', '.join(DATUMS)}"
    if not is_number(snap_m) or not snap_m >= 0:
        yield f"snap_m {snap_m!r} is not a number of metres of at least 0"


def _wgs84(place: LonLat, crs: str) -> LonLat:
    lon, lat = to_wgs84(place[0], place[1], crs)
    return float(lon), float(lat)

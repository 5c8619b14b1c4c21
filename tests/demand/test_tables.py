"""Tables of depots, and rows whatever bytes a file holds."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.amounts import number
from patrolroute.base.errors import TableError
from patrolroute.base.text import clean, tidy
from patrolroute.demand.columns import HEADERS, column_of
from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.lines import MAX_CELL
from patrolroute.demand.sheets import read_depots
from patrolroute.demand.tables import read_rows
from tests.demand.files import complaints_of, csv_file, degrees, town

TOWN = town()


def test_depots_are_read_with_or_without_names(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "编号,名称,经度,纬度", "bureau,市局,117.0035,32.6249", encoding="gbk", end="\r\n")
    (depot,) = read_depots(path)
    assert (depot.id, depot.name, depot.lon, depot.lat) == ("bureau", "市局", 117.0035, 32.6249)
    (depot,) = read_depots(csv_file(tmp_path, "id;lon;lat", "a;117.5;32.5"))
    assert (depot.id, depot.name) == ("a", "")


def test_all_complaints_about_depots_come_together(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id,lon,lat", "a,117,32.6", ",117,32.6", "a,32.6,117", "b,one,32.6")
    assert complaints_of(lambda: read_depots(path)) == (
        f"{path}: row 5 (b): lon 'one' is not a number of degrees between -180 and 180",
        f"{path}: row 4 (a): lon 32.6, lat 117: longitude and latitude look swapped",
        f"{path}: row 3: id is empty",
        f"{path}: row 4 (a): the id 'a' is also that of row 2",
    )


def test_every_title_means_one_column() -> None:
    titles = [title for column, others in HEADERS.items() for title in (column, *others)]
    assert len(titles) == len(set(titles))
    assert all(column_of(title) == column for column, others in HEADERS.items() for title in (column, *others))


def test_a_cell_that_swallowed_its_neighbours_is_named(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "name,lon,lat", f"{'长' * (MAX_CELL + 1)},{degrees(0, 0)}")
    (said,) = complaints_of(lambda: read_hotspots(path, TOWN))
    assert said.endswith("name is 2,001 letters long; at most 2,000 are read")
    assert len(said) < 300


def test_rows_after_empty_lines_keep_the_number_that_excel_shows(tmp_path: Path) -> None:
    rows, _ = read_rows(csv_file(tmp_path, "lon,lat", "", "1,2", ",", "3,4"), needs=("lon",))
    assert [row.where.rpartition(": ")[2] for row in rows] == ["row 3", "row 5"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_read_as_python_writes_it(value: float) -> None:
    assert number(repr(value)) == value


@given(st.text(max_size=12))
def test_what_is_read_as_a_number_is_one(text: str) -> None:
    value = number(text)
    assert value is None or (math.isfinite(value) and value == float(text))


@given(st.text())
def test_a_tidy_cell_is_one_line_and_stays_as_it_is(text: str) -> None:
    assert len(tidy(text).splitlines()) <= 1
    assert tidy(tidy(text)) == tidy(text)
    assert clean(clean(text)) == clean(text)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(max_size=80).map(lambda text: ("name,lon,lat\n" + text).encode("utf-8", "surrogatepass")),
        st.lists(
            st.sampled_from(["夜市", '"', ",", "\n", "117", "32.6", "nan", "-", "\t", "1e9", " "]), max_size=20
        ).map(lambda parts: ("name,lon,lat,priority\n" + "".join(parts)).encode()),
    ),
    st.sampled_from([".csv", ".geojson"]),
)
def test_whatever_a_file_holds_the_answer_is_hotspots_or_complaints_in_one_line_each(content: bytes, end: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{end}"
        path.write_bytes(content)
        said = found_or_said(path)
    assert said
    assert all("\n" not in one and len(one) < 600 for one in said)


def found_or_said(path: Path) -> tuple[str, ...]:
    """Return the names of the hotspots of a file, or the complaints about it."""
    try:
        return tuple(spot.name for spot in read_hotspots(path, TOWN, snap_m=1e9))
    except TableError as error:
        return error.complaints


@pytest.mark.parametrize("name", ["a\0b.csv", "no/such/folder.csv"])
def test_a_name_that_is_none_of_a_file_is_said_so(name: str) -> None:
    (said,) = complaints_of(lambda: read_hotspots(name, TOWN))
    assert "cannot be read" in said or "there is no such file" in said

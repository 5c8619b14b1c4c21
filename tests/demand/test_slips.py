"""Slips of whoever calls the library: the wrong kind of thing where a list, a text or a number is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.incidents import streets_from_incidents
from patrolroute.demand.model import DatedWindow, PriorityStreet
from patrolroute.demand.streets import select_streets
from patrolroute.network.coordinates import from_wgs84
from tests.demand.files import complaints_of, csv_file, degrees, town
from tests.network.by_hand import lonlat

TOWN = town()
(COLLEGE,) = select_streets(TOWN, names=["学院路"])
HEADER = "name,lon,lat"


@pytest.mark.parametrize(
    ("criteria", "sentence"),
    [
        ({"names": ["学院路", float("nan")]}, "names: nan is not a text"),
        ({"names": [3]}, "names: 3 is not a text"),
        ({"names": 3}, "names: 3 is not a list"),
        ({"names": [""]}, "street '' is not on the map"),
        ({"classes": [None]}, "class None is not on the map; there are primary, residential, secondary"),
        ({"classes": 1}, "classes: 1 is not a list"),
        ({"within": [None]}, "drawing: feature 1: None is not a shapely geometry or GeoJSON"),
    ],
)
def test_a_criterion_of_the_wrong_kind_is_one_clear_sentence(criteria: dict[str, Any], sentence: str) -> None:
    assert complaints_of(lambda: select_streets(TOWN, **criteria)) == (sentence,)


def test_names_may_come_from_any_library_and_in_any_collection() -> None:
    for names in (("学院路",), {"学院路"}, np.array(["学院路"]), iter(["学院路"])):
        assert select_streets(TOWN, names=names) == [COLLEGE]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"prize": 5}, "prize 5 is not a list; give one for each segment"),
        ({"prize": "567"}, "prize '567' is not a list; give one for each segment"),
        ({"prize": (5, 6)}, "2 prizes for 3 segments; give one for each"),
        ({"prize": (5, 6, 7.5)}, "prize 7.5 is not a whole number between 1 and 1,000,000,000"),
        ({"segments": ("s1",)}, "segment 's1' is not a StreetSegment"),
        ({"segments": None}, "segments None is not a list"),
    ],
)
def test_a_street_of_the_wrong_parts_is_one_clear_sentence(fields: dict[str, Any], rule: str) -> None:
    given = {"name": "学院路", "segments": COLLEGE.segments} | fields
    assert complaints_of(lambda: PriorityStreet(**given)) == (f"street '学院路': {rule}",)


def test_prizes_may_be_an_array() -> None:
    street = PriorityStreet("学院路", COLLEGE.segments, prize=np.array([5, 6, 7]))  # type: ignore[arg-type]
    assert street.prize == (5, 6, 7)


def test_a_dated_window_of_texts_is_refused_at_both_ends() -> None:
    assert complaints_of(lambda: DatedWindow("20:00", None)) == (  # type: ignore[arg-type]
        "window opens '20:00': give a datetime.datetime",
        "window closes None: give a datetime.datetime",
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"crs": 7}, "crs 7 is not one of wgs84, gcj02, bd09"),
        ({"crs": "EPSG:3857"}, "crs 'EPSG:3857' is not one of wgs84, gcj02, bd09"),
        ({"snap_m": "100"}, "snap_m '100' is not a number of metres of at least 0"),
        ({"snap_m": None}, "snap_m None is not a number of metres of at least 0"),
    ],
)
def test_an_option_of_the_wrong_kind_is_one_clear_sentence(
    tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    path = csv_file(tmp_path, HEADER, f"夜市,{degrees(250, 0)}")
    assert complaints_of(lambda: read_hotspots(path, TOWN, **options)) == (sentence,)
    assert complaints_of(lambda: streets_from_incidents(path, TOWN, **options)) == (sentence,)


def test_wrong_options_and_wrong_rows_are_told_together(tmp_path: Path) -> None:
    path = csv_file(tmp_path, f"{HEADER},priority", f"夜市,{degrees(250, 0)},9")
    assert complaints_of(lambda: read_hotspots(path, TOWN, crs="mercator", snap_m=-1)) == (
        f"{path}: row 2 (夜市): priority 9 is not a whole number between 1 and 5",
        "crs 'mercator' is not one of wgs84, gcj02, bd09",
        "snap_m -1 is not a number of metres of at least 0",
    )


@pytest.mark.parametrize(("crs", "name"), [("gcj02", "AMap (GCJ-02)"), ("bd09", "Baidu (BD-09)")])
def test_coordinates_of_a_chinese_map_given_as_wgs84_say_what_they_would_fit_as(
    tmp_path: Path, crs: str, name: str
) -> None:
    lon, lat = (round(float(value), 5) for value in from_wgs84(*lonlat(250, 0), crs))
    path = csv_file(tmp_path, HEADER, f"夜市,{lon},{lat}")
    (said,) = complaints_of(lambda: read_hotspots(path, TOWN))
    assert said.startswith(f"{path}: row 2 (夜市): {lon:.5f}, {lat:.5f} lies ")
    assert said.endswith(f' m from the nearest street, more than 100 m; it would fit as coordinates of {name}: '
                         f'give crs="{crs}"')  # fmt: skip
    assert len(read_hotspots(path, TOWN, crs=crs)) == 1

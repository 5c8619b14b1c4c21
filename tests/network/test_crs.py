"""The datums of Chinese maps: published points, the shift at Huainan, and there and back again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.errors import InputError
from patrolroute.network.coordinates import CHINA, DATUMS, from_wgs84, to_wgs84

METRES_A_DEGREE = 111_320.0
MILLIMETRE_DEG = 0.001 / METRES_A_DEGREE
# The datum ends with a jump at the edges of its box; a point that far inside is unambiguous.
INSIDE_LON = st.floats(CHINA[0] + 0.02, CHINA[1] - 0.02)
INSIDE_LAT = st.floats(CHINA[2] + 0.02, CHINA[3] - 0.02)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_the_published_points_of_gcj02_are_met(wgs84: tuple[float, float], gcj02: tuple[float, float]):
    assert from_wgs84(*wgs84, "gcj02") == pytest.approx(gcj02, abs=1e-9)
    assert to_wgs84(*gcj02, "gcj02") == pytest.approx(wgs84, abs=MILLIMETRE_DEG)


def test_the_published_point_of_bd09_is_met():
    gcj02, bd09 = (116.404, 39.915), (116.41036949371029, 39.92133699351021)
    assert from_wgs84(*to_wgs84(*gcj02, "gcj02"), "bd09") == pytest.approx(bd09, abs=MILLIMETRE_DEG)


def test_at_huainan_gcj02_lies_east_and_south_of_wgs84():
    lon, lat = from_wgs84(117.0, 32.625, "gcj02")
    assert lon - 117.0 == pytest.approx(0.0054, abs=0.0001)
    assert lat - 32.625 == pytest.approx(-0.0021, abs=0.0001)
    east = (lon - 117.0) * METRES_A_DEGREE * np.cos(np.radians(32.625))
    assert 540 <= np.hypot(east, (lat - 32.625) * METRES_A_DEGREE) <= 575


@given(INSIDE_LON, INSIDE_LAT, st.sampled_from(DATUMS))
def test_there_and_back_again_is_off_by_less_than_a_millimetre(lon: float, lat: float, crs: str):
    back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
    assert back == pytest.approx((lon, lat), abs=MILLIMETRE_DEG)
    there = from_wgs84(*to_wgs84(lon, lat, crs), crs)
    assert there == pytest.approx((lon, lat), abs=MILLIMETRE_DEG)


@pytest.mark.parametrize(
    "lonlat", [(2.35, 48.86), (72.0039, 30.0), (137.8348, 30.0), (100.0, 0.8292), (100.0, 55.8272)]
)
def test_outside_china_gcj02_is_wgs84(lonlat: tuple[float, float]):
    assert from_wgs84(*lonlat, "gcj02") == lonlat
    assert to_wgs84(*lonlat, "gcj02") == lonlat


@pytest.mark.parametrize("lonlat", [(72.004, 30.0), (137.8347, 30.0), (100.0, 0.8293), (100.0, 55.8271)])
def test_on_the_edge_of_china_gcj02_is_already_shifted(lonlat: tuple[float, float]):
    assert from_wgs84(*lonlat, "gcj02") != lonlat


def test_the_name_of_a_datum_is_read_in_any_case():
    assert from_wgs84(117.0, 32.6, "GCJ02") == from_wgs84(117.0, 32.6, "gcj02")


def test_an_unknown_datum_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="crs 'cgcs2000' is not one of wgs84, gcj02, bd09"):
        to_wgs84(117.0, 32.6, "cgcs2000")


@pytest.mark.parametrize("crs", DATUMS)
def test_arrays_are_turned_point_by_point_and_stay_as_they_are(crs: str):
    lon, lat = np.array([117.0, 2.35, 105.0]), np.array([32.6, 48.86, 35.0])
    before = lon.copy(), lat.copy()
    together = np.column_stack(from_wgs84(lon, lat, crs))
    alone = [from_wgs84(x, y, crs) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    assert np.allclose(together, alone, rtol=0, atol=1e-12)
    assert np.array_equal(before, (lon, lat))


def test_no_points_are_no_points():
    lon, lat = to_wgs84(np.array([]), np.array([]), "bd09")
    assert lon.shape == lat.shape == (0,)

"""AMap's link to each leg, and a code that a telephone reads back as the same link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import segno

from patrolroute.network.crs import to_wgs84
from patrolroute.output.sheets.codes import BLOCKS, HEADER_OCTETS, MASK, code_path, matrix
from patrolroute.output.sheets.links import leg_link
from patrolroute.output.sheets.orders import Order
from patrolroute.units import LonLat
from patrolroute.words import Mode
from tests.output.test_sheets_orders import named_plan, night
from tests.plan.hand_made import place, with_leg

MODULE = 4
"""Pixels of a module when a code is drawn."""


def asked(link: str | None) -> dict[str, str]:
    assert link is not None
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "uri.amap.com", "/navigation")
    return {key: value for key, (value,) in parse_qs(parts.query, strict_parsing=True).items()}


def where(text: str) -> LonLat:
    lon, lat = to_wgs84(*map(float, text.split(",")), "gcj02")
    return float(lon), float(lat)


def link(order: Order, mode: Mode = "car") -> dict[str, str]:
    return asked(leg_link(order, mode))


def test_a_street_is_led_from_its_begin_over_its_middle_to_its_end() -> None:
    told = link(night(named_plan())[1])  # 2, 3, 4
    assert where(told["from"]) == pytest.approx(place(2), abs=1e-5)
    assert where(told["via"]) == pytest.approx(place(3), abs=1e-5)
    assert where(told["to"]) == pytest.approx(place(4), abs=1e-5)
    assert told["coordinate"] == "gaode"


def test_the_coordinates_are_those_of_amap_not_of_gps() -> None:
    lon, lat = map(float, link(night(named_plan())[1])["to"].split(","))
    assert (lon, lat) != pytest.approx(place(4), abs=1e-3)


def test_a_way_to_a_street_is_led_over_the_streets_begin() -> None:
    plan = with_leg(named_plan(), 0, 1, kind="deadhead", task=None, visit=None, counted=False)
    plan = with_leg(plan, 0, 2, kind="patrol", street="3-5", task="s234")  # 4, 3, 5 after 2, 3, 4
    told = link(night(plan)[1])
    assert [where(told[key]) for key in ("from", "via", "to")] == [
        pytest.approx(place(node), abs=1e-5) for node in (2, 4, 5)
    ]


def test_only_a_car_is_led_over_a_point_for_amap_knows_it_for_cars_alone() -> None:
    order = night(named_plan())[1]
    assert [link(order, mode).get("mode") for mode in ("car", "foot", "bicycle")] == [None, "walk", "ride"]
    assert "via" not in link(order, "foot")


def test_a_stop_where_the_crew_is_already_is_led_to_from_wherever_it_is() -> None:
    market = night(named_plan())[2]
    order = Order("dwell", (), market.legs, market.tasks, market.allowed)
    assert set(link(order)) == {"to", "coordinate", "callnative"}


def test_without_coordinates_there_is_no_link() -> None:
    plan = named_plan()
    bare = with_leg(plan, 0, 0, coordinates=())
    assert leg_link(night(bare)[0], "car") is None


def drawn(text: str) -> np.ndarray:
    """Draw a code's path as a picture, reading the SVG path itself: ``M4 4.5m1 0h7`` is a dark run of 7 in row 4."""
    path, width = code_path(text)
    dark = np.zeros((width, width), dtype=bool)
    x = y = 0
    for pen, one, two in re.findall(r"([Mmh])(\d+)(?: (\d+)(?:\.5)?)?", path):
        if pen == "M":
            x, y = int(one), int(two)
        else:
            dark[y, x : x + int(one)] = pen == "h"
            x += int(one)
    return np.kron(np.where(dark, 0, 255).astype(np.uint8), np.ones((MODULE, MODULE), dtype=np.uint8))


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_reader_reads_the_link_out_of_its_code(number: int) -> None:
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads the codes; it is part of the test extra")
    text = leg_link(night(named_plan())[number], "car")
    assert text is not None
    assert [found.text for found in zxingcpp.read_barcodes(drawn(text))] == [text]


def test_a_code_is_small_enough_for_a_line_of_the_sheet() -> None:
    text = leg_link(night(named_plan())[1], "car")
    assert text is not None
    _, width = code_path(text)
    assert 15 / width > 0.3  # millimetres of a module on paper, from 15 mm


def by_segno(text: str) -> list[list[int]]:
    code = segno.make_qr(text, error="l", mode="byte", boost_error=False, mask=MASK)
    return [list(row) for row in code.matrix]


@pytest.mark.parametrize("version", [*BLOCKS, max(BLOCKS) + 1])
def test_a_code_is_module_by_module_that_of_a_library_that_knows_all_codes(version: int) -> None:
    many, data, _ = BLOCKS.get(version, (1, 240, 0))
    most = many * data - HEADER_OCTETS
    least = 1 if version == 1 else BLOCKS[version - 1][0] * BLOCKS[version - 1][1] - HEADER_OCTETS + 1
    letters = [chr(32 + number * number % 95) for number in range(most)]
    for length in (least, (least + most) // 2, most):
        text = "".join(letters[:length])
        assert len(matrix(text)) == 17 + 4 * version
        assert matrix(text).tolist() == by_segno(text)


def test_a_text_beyond_ascii_has_a_code_too() -> None:
    assert matrix("朝阳中路").tolist() == by_segno("朝阳中路")

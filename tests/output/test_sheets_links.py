"""AMap's link to each leg, and a code that a telephone reads back as the same link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import segno

from patrolroute.base.vocabulary import LonLat, Mode
from patrolroute.network.coordinates import to_wgs84
from patrolroute.output.itinerary import Order
from patrolroute.output.sheets.crew import BORDER, MASK, code_path, leg_link
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
    order = Order(3, "dwell", (), market.legs, market.tasks, market.allowed)
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


@pytest.mark.parametrize("length", [1, 17, 18, 78, 106, 107, 134, 230, 400])
def test_a_path_draws_every_dark_module_of_the_code_and_no_other(length: int) -> None:
    text = "".join(chr(32 + number * number % 95) for number in range(length))
    code = segno.make_qr(text, error="l", mode="byte", boost_error=False, mask=MASK)
    bordered = np.pad(np.array(code.matrix), BORDER).astype(bool)
    assert code_path(text)[1] == len(bordered)
    assert ((drawn(text)[::MODULE, ::MODULE] == 0) == bordered).all()


@pytest.mark.parametrize("text", ["x", "朝阳中路", "https://uri.amap.com/" + "7" * 300])
def test_a_reader_reads_short_long_and_chinese_texts(text: str) -> None:
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads the codes; it is part of the test extra")
    assert [found.text for found in zxingcpp.read_barcodes(drawn(text))] == [text]


def test_a_code_of_a_link_that_was_drawn_before_is_kept() -> None:
    text = leg_link(night(named_plan())[1], "car")
    assert text is not None
    assert code_path(text) is code_path(text)

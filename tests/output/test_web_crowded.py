"""Ten crews on one map, and a map on a telephone: told apart without colours, and not hidden by names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patrolroute.output.looks.style import COLOURS
from patrolroute.plan.model import PatrolPlan
from tests.output.pages import Opened, chromium, opened, written
from tests.output.plans import drawn_plan

TELEPHONE = {"width": 390, "height": 844}


def crowded(number: int) -> PatrolPlan:
    """Return the drawn night with its first crew so many times, each under a name of its own."""
    plan = drawn_plan()
    (crew,), (route,) = plan.crews[:1], plan.routes[:1]
    ids = [f"巡{n:02d}" for n in range(1, number + 1)]
    return replace(
        plan,
        crews=tuple(replace(crew, id=name) for name in ids),
        routes=tuple(replace(route, crew=name) for name in ids),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def ten(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The map of ten crews that drive the same streets."""
    seen = opened(browser, written(crowded(10), tmp_path_factory.mktemp("ten")))
    yield seen
    assert seen.errors == []


def looks(seen: Opened) -> list[tuple[str, tuple[int, ...]]]:
    """Return the looks of all lines that are drawn, each once: colour and dashes."""
    lines = seen.data("routes")
    return sorted({(colour, tuple(dash)) for colour, dash in zip(lines["colour"], lines["dash"], strict=True)})


def test_ten_crews_have_ten_looks_and_colours_that_come_again_are_dashed(ten: Opened) -> None:
    ten.reset()
    found = looks(ten)
    assert len(found) == 10 > len(COLOURS)
    dashed = [colour for colour, dash in found if dash]
    assert len(dashed) == 10 - len(COLOURS)
    assert all((colour, ()) in found for colour in dashed)


def test_crews_are_named_on_their_streets_so_that_nobody_needs_colours(ten: Opened) -> None:
    ten.reset()
    assert len(set(ten.data("numbers")["text"])) >= 2
    assert set(ten.data("numbers")["text"]) <= {f"巡{n:02d}" for n in range(1, 11)}


def test_the_legend_shows_the_dashes_of_a_colour_that_comes_again(ten: Opened) -> None:
    ten.reset()
    ten.page.locator("[data-tab=legend]").click()
    rows = ten.page.locator("#tab-legend li").filter(has_text="巡10")
    assert rows.locator("line").get_attribute("stroke-dasharray") == "16 5"
    assert ten.page.locator("#tab-legend li").filter(has_text="巡01").locator("line").get_attribute(
        "stroke-dasharray"
    ) in ("", None)


def test_a_crew_that_is_shown_alone_is_numbered_by_its_orders_as_on_its_sheet(ten: Opened) -> None:
    ten.reset()
    ten.page.locator("#crews li", has_text="巡09").locator(".only").click()
    assert all(text.isdecimal() for text in ten.data("numbers")["text"])
    assert all(not dash for dash in ten.data("routes")["dash"])


def test_more_crews_than_have_a_look_each_share_their_teams_colour_and_keep_their_names(
    browser: Any, tmp_path: Path
) -> None:
    seen = opened(browser, written(crowded(13), tmp_path))
    assert len(looks(seen)) == 1
    assert len(set(seen.data("numbers")["text"])) >= 2


def texts(seen: Opened, layer: str) -> list[Any]:
    return seen.data(layer)["text"]


def test_on_a_telephone_fewer_and_smaller_names_stand_and_stops_are_smaller(ten: Opened) -> None:
    ten.reset()
    wide = {layer: seen_sizes(ten, layer) for layer in ("stops", "street_names")}
    assert texts(ten, "depot_names")
    ten.page.set_viewport_size(TELEPHONE)
    ten.page.wait_for_function("patrolMap.bokeh.plot.inner_width < 400")
    ten.page.wait_for_function("patrolMap.bokeh.data('depot_names').data.text.length === 0")
    assert all(small < large for small, large in zip(seen_sizes(ten, "stops"), wide["stops"], strict=True))
    width, height = ten.page.evaluate("() => [patrolMap.bokeh.plot.inner_width, patrolMap.bokeh.plot.inner_height]")
    assert len(texts(ten, "street_names")) <= width * height / 9000 + 1
    assert max(seen_sizes(ten, "street_names"), default=0) < max(wide["street_names"])
    assert all(text.isdecimal() for text in texts(ten, "stop_numbers"))


def test_on_a_telephone_stops_keep_their_word_beside_numbers_of_orders(ten: Opened) -> None:
    ten.reset()
    ten.page.set_viewport_size(TELEPHONE)
    ten.page.wait_for_function("patrolMap.bokeh.plot.inner_width < 400")
    ten.page.locator("#crews li", has_text="巡09").locator(".only").click()
    assert all(text.startswith("场") for text in texts(ten, "stop_numbers"))


def seen_sizes(seen: Opened, layer: str) -> list[float]:
    """Return the sizes of a layer's marks or texts, in pixels."""
    return [float(str(size).removesuffix("px")) for size in seen.data(layer)["size"]]

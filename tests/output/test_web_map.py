"""The map in one file, in a real Chromium: no request, a clock that tells the truth, switches that work."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from PIL import Image

from patrolroute.base.errors import InputError
from patrolroute.base.text import label
from patrolroute.base.vocabulary import Lang
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.output.web import map_bytes, script_json
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.passes import all_passes
from tests.output.pages import Opened, chromium, opened, written
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, resting_plan
from tests.plan.hand_made import at, place, with_route
from tests.plan.test_passed_only import passed_only

SECONDS = (0, 50, 100, 150, 200, 250, 300, 360, 420, 700, 1200, 1290, 1380, 3600, 3640, 3680, 3700, 3720, 7200)
NASTY = '<img src=x onerror="window.hacked=1">'
PLAN = drawn_plan()
START = at("20:00")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def map_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(PLAN, tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def small_night(browser: Any, map_file: Path) -> Opened:
    return opened(browser, map_file)


@pytest.fixture
def seen(small_night: Opened, map_file: Path) -> Iterator[Opened]:
    """The map of the small night in Chinese; whatever a test does, nothing is asked for and nothing goes wrong."""
    small_night.reset()
    yield small_night
    assert small_night.asked() == [map_file.as_uri()]
    assert small_night.errors == []


def test_it_opens_by_double_click_without_a_request_or_an_error(seen: Opened) -> None:
    assert seen.page.title().startswith("夜巡方案图")
    assert seen.page.locator("#broken").count() == 0
    assert len(seen.cars()) == 2


def test_the_browser_itself_refuses_what_the_page_could_ask_for(seen: Opened) -> None:
    refused = seen.page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
    assert refused == "refused"
    assert all("Content Security Policy" in text or "Refused" in text for text in seen.errors)
    seen.errors.clear()


@pytest.mark.parametrize("crew", ["A", "B"])
def test_the_slider_moves_crews_to_where_the_plan_file_says_they_are(seen: Opened, tmp_path: Path, crew: str) -> None:
    plan = json.loads(PLAN.to_json(tmp_path / "plan.json").read_text(encoding="utf-8"))
    (route,) = [one for one in plan["routes"] if one["crew"] == crew]
    home = in_metres(*place(1))
    seen.page.locator("#clock").fill("0")
    zero = seen.cars()[crew]
    for second in SECONDS:
        seen.page.locator("#clock").fill(str(second))
        drawn = seen.cars()[crew]
        east, north = in_metres(*expected(route, second, plan["crews"]))
        assert drawn[0] - zero[0] == pytest.approx(east - home[0], abs=3.0), second
        assert drawn[1] - zero[1] == pytest.approx(north - home[1], abs=3.0), second


def test_the_slider_reaches_the_last_second_of_any_night(browser: Any, tmp_path: Path) -> None:
    begin, end = PLAN.window
    one = opened(browser, written(replace(PLAN, window=(begin, end + dt.timedelta(seconds=7))), tmp_path))
    one.page.locator("#clock").press("End")
    assert one.page.evaluate("patrolMap.state.second") == 7207
    one.page.context.close()


def in_metres(lon: float, lat: float) -> tuple[float, float]:
    return lon * METRES_A_DEGREE * math.cos(math.radians(32.602)), lat * METRES_A_DEGREE


def expected(route: dict[str, Any], second: float, crews: list[dict[str, Any]]) -> tuple[float, float]:
    """Work out from the legs of plan.json where a crew is: all streets of this night are equally fast."""
    here = next((one["depot"]["lon"], one["depot"]["lat"]) for one in crews if one["id"] == route["crew"])
    for leg in route["legs"]:
        begin, end = (seconds(leg[name]) for name in ("depart", "arrive"))
        points = leg["coordinates"]
        if begin <= second < end:
            share = (second - begin) / (end - begin) * (len(points) - 1)
            first = min(int(share), len(points) - 1)
            last = min(first + 1, len(points) - 1)
            rest = share - first
            lon, lat = (points[first][axis] * (1 - rest) + points[last][axis] * rest for axis in (0, 1))
            return lon, lat
        if begin <= second:
            here = tuple(points[-1])
    return here


def seconds(moment: str) -> float:
    return (dt.datetime.fromisoformat(moment) - START).total_seconds()


def test_the_clock_shows_chinese_time_and_play_moves_it_until_pause(seen: Opened) -> None:
    seen.page.locator("#clock").fill("4380")
    assert seen.page.locator("#time").inner_text() == "21:13"
    seen.page.locator("#play").click()
    seen.wait_for("() => patrolMap.state.second > 4380")
    seen.page.locator("#play").click()
    stopped = seen.page.evaluate("patrolMap.state.second")
    seen.page.wait_for_timeout(200)
    assert seen.page.evaluate("patrolMap.state.second") == stopped


def test_crews_are_switched_off_and_on(seen: Opened) -> None:
    routes = len(seen.data("routes")["x"])
    seen.page.locator("#crews input").first.uncheck()
    assert set(seen.cars()) == {"B"}
    assert 0 < len(seen.data("routes")["x"]) < routes
    seen.page.locator("#none").click()
    assert seen.cars() == {}
    assert seen.data("routes")["x"] == []
    seen.page.locator("#all").click()
    assert set(seen.cars()) == {"A", "B"}
    assert len(seen.data("routes")["x"]) == routes
    seen.page.locator("#crews .only").nth(1).click()
    assert set(seen.cars()) == {"B"}


def test_a_search_finds_crews_and_all_and_none_mean_those_that_are_found(seen: Opened) -> None:
    seen.page.locator("#search").fill("b")
    assert seen.page.locator("#crews li:visible").count() == 1
    seen.page.locator("#none").click()
    assert set(seen.cars()) == {"A"}
    seen.page.locator("#search").fill("nobody")
    assert "没有符合的车组" in seen.page.locator("#shown").inner_text()


def test_routes_and_deadheads_and_names_can_be_switched(seen: Opened) -> None:
    assert seen.data("street_names")["text"]
    seen.page.locator("#show-names").uncheck()
    assert seen.data("street_names")["text"] == []
    assert seen.data("arrows")["x"]
    assert seen.data("numbers")["text"]
    seen.page.locator("#show-routes").uncheck()
    assert seen.data("routes")["x"] == []
    assert seen.data("numbers")["text"] == []


def test_a_click_on_a_street_tells_every_pass_of_it(seen: Opened) -> None:
    (number,) = [index for index, task in enumerate(PLAN.tasks) if task.id == "s12"]
    seen.page.locator("#clock").fill("1000")
    xs, ys = seen.page.evaluate("index => patrolMap.night.tasks[index].line", number)
    seen.page.mouse.click(*seen.at((xs[0] + xs[-1]) / 2, (ys[0] + ys[-1]) / 2))
    seen.settle()
    told = seen.page.locator("#tab-detail").inner_text()
    assert told.startswith("s12")
    passes = all_passes(PLAN)["s12"]
    rows = seen.page.locator("#tab-detail tr")
    assert rows.count() == len(passes) == 3
    assert [re.split(r"\s+", text)[:2] for text in rows.all_inner_texts()] == [
        ["20:00:00", "A"], ["21:00:00", "B"], ["21:01:20", "B"],
    ]  # fmt: skip
    assert "2 / 2" in told
    rows.nth(1).click()
    assert seen.page.locator("#time").inner_text() == "21:00"


def test_a_click_on_a_stop_tells_hours_dwell_and_who_dwells(seen: Opened) -> None:
    _, x, y = seen.page.evaluate("patrolMap.night.tasks.find((task) => task.stop).spot")
    seen.page.mouse.click(*seen.at(x, y))
    seen.settle()
    told = seen.page.locator("#tab-detail").inner_text()
    for part in ("m5", "夜市", "20:10–21:30", "10 分钟", "20:10:00", "1/1"):
        assert part in told


def test_a_click_on_a_crew_tells_its_night_and_marks_what_it_does_now(seen: Opened) -> None:
    seen.page.locator("#clock").fill("200")
    seen.page.mouse.click(*seen.at(*seen.cars()["A"]))
    seen.settle()
    told = seen.page.locator("#tab-detail").inner_text()
    for part in ("20:00–20:23", "驻点", "20:10:00", "4 公里"):
        assert part in told
    assert "20:00:00" in seen.page.locator("#tab-detail tr.now").inner_text()


def test_what_is_left_out_is_listed_with_its_reason_and_found_on_the_map(seen: Opened) -> None:
    seen.page.locator("[data-tab=left-out]").click()
    told = seen.page.locator("#tab-left-out").inner_text()
    assert "s41" in told
    assert "因时间不够未安排" in told
    seen.page.locator("#tab-left-out tr").first.press("Enter")
    seen.settle()
    assert "无人经过" not in seen.page.locator("#tab-detail").inner_text()
    assert len(seen.data("chosen")["x"]) == 1


@pytest.mark.parametrize(
    ("lang", "why", "legend"),
    [
        ("zh", "仅以正常车速经过，未巡逻", "必巡而一次也未巡"),
        ("en", "only passed, and not patrolled", "required, not patrolled at all"),
    ],
)
def test_a_required_street_that_is_only_passed_is_drawn_and_listed_as_missed(
    browser: Any, tmp_path: Path, lang: Lang, why: str, legend: str
) -> None:
    page = opened(browser, written(passed_only(), tmp_path, lang=lang)).page
    edges = page.evaluate("() => { const all = patrolMap.bokeh.data('edges').data; return [...all.dash.map(String)] }")
    assert edges == ["6,3", "6,3"]
    page.locator("[data-tab=left-out]").click()
    assert why in page.locator("#tab-left-out td.bad").inner_text()
    page.locator("#tab-left-out tr").first.click()
    assert page.locator("#tab-detail .bad").inner_text() == "1 / 1"
    page.locator("[data-tab=legend]").click()
    assert legend in page.locator("#tab-legend").inner_text()


def test_who_only_passes_is_listed_in_the_words_of_the_tables(browser: Any, tmp_path: Path) -> None:
    page = opened(browser, written(passed_only(), tmp_path, lang="zh")).page
    page.locator("[data-tab=left-out]").click()
    page.locator("#tab-left-out tr").first.click()
    assert page.locator("#tab-detail table").inner_text().endswith(f"{label('pass')} 1/1")


def test_notice_and_attribution_are_seen(seen: Opened) -> None:
    assert seen.page.locator("#notice").inner_text() == NOTICE
    assert "drawn" in seen.page.locator("#credit").inner_text()


def test_zooming_and_resizing_keep_the_scale_equal_across_and_up(seen: Opened) -> None:
    scales = """() => {
        const { x_range: x, y_range: y, inner_width: w, inner_height: h } = patrolMap.bokeh.plot;
        return [(x.end - x.start) / w, (y.end - y.start) / h];
    }"""
    first = seen.page.evaluate(scales)[0]
    seen.page.mouse.move(400, 300)
    seen.page.mouse.wheel(0, -300)
    seen.settle()
    across, up = seen.page.evaluate(scales)
    assert across == pytest.approx(up, rel=0.01)
    assert across < first
    seen.page.set_viewport_size({"width": 900, "height": 700})
    seen.settle()
    seen.settle()
    after, up = seen.page.evaluate(scales)
    assert after == pytest.approx(up, rel=0.01)
    assert after == pytest.approx(across, rel=0.05)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 640), (640, 360)])
def test_on_a_telephone_map_controls_and_list_are_all_in_sight(seen: Opened, width: int, height: int) -> None:
    seen.page.set_viewport_size({"width": width, "height": height})
    seen.settle()
    shown = seen.page.locator("#map").bounding_box()
    assert shown["width"] >= (0.95 if height > width else 0.55) * width
    for name in ("#notice", "#map", "#play", "#clock", "#speed", "#show-routes", "#print", "#tabs"):
        box = seen.page.locator(name).bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width + 1, name
        assert box["y"] + min(box["height"], 20) <= height, name
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        assert seen.page.evaluate(
            "([x, y, name]) => document.elementFromPoint(x, y).closest(name) !== null", [*middle, name]
        ), name
    assert shown["height"] >= 0.3 * height
    seen.reset()


def test_it_prints_on_one_sheet_without_the_controls(seen: Opened) -> None:
    sheet = seen.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    seen.page.emulate_media(media="print")
    for name in ("#bar", "aside", "#map"):
        assert not seen.page.locator(name).is_visible()
    for name in ("#notice", "#credit", "#paper-map", "#paper"):
        assert seen.page.locator(name).is_visible()
    assert seen.page.evaluate("document.getElementById('paper-map').naturalWidth") > 2000


def test_the_map_is_painted_in_the_colours_of_streets_and_crews(seen: Opened) -> None:
    box = seen.page.locator("#map").bounding_box()
    shown = Image.open(io.BytesIO(seen.page.screenshot(clip=box))).convert("RGB")
    colours = {colour for _, colour in shown.getcolors(1 << 24)}
    for wanted in ((0xF7, 0xDC, 0x86), (0x00, 0x00, 0xE6), (0xD1, 0x1A, 0x1A)):
        assert min(math.dist(wanted, colour) for colour in colours) < 60, wanted


def test_a_browser_of_2021_shows_it(browser: Any, map_file: Path) -> None:
    one = opened(browser, map_file, before="delete Array.prototype.at; delete String.prototype.at; " + LATER)
    assert len(one.cars()) == 2
    assert one.errors == []
    one.page.context.close()


LATER = """
delete Object.getPrototypeOf(Int8Array).prototype.at;
delete Object.hasOwn; delete window.structuredClone; delete Object.groupBy; delete Map.groupBy;
delete Array.fromAsync; delete Promise.withResolvers; delete window.Iterator;
for (const name of ["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]) {
  delete Array.prototype[name];
}
for (const name of ["union", "intersection", "difference", "isSubsetOf"]) delete Set.prototype[name];
"""
"""Takes away what Chromium 90 did not have yet."""


def night_of(names: list[str]) -> PatrolPlan:
    """Call a crew, a hotspot and a street by each of these names, and the night, the notice and what is closed too."""
    network, route, market = PLAN.networks["car"], PLAN.routes[0], PLAN.task["m5"]
    stops = tuple(replace(market, id=f"m{number}", name=name) for number, name in enumerate(names, start=10))
    called = tuple(names[number % len(names)] for number in range(network.arc_count))
    legs = tuple(replace(leg, street=names[number % len(names)]) for number, leg in enumerate(route.legs))
    return replace(
        PLAN,
        networks={"car": replace(network, names=called, notice="\n".join(names), attribution=" ".join(names))},
        crews=tuple(replace(PLAN.crews[0], id=name) for name in names),
        routes=tuple(replace(route, crew=name, legs=legs) for name in names),
        tasks=tuple(replace(task, name=names[0]) for task in PLAN.tasks) + stops,
        settings={"night": " ".join(names), "closed": names},
    )


def test_a_name_of_any_kind_acts_nowhere_and_breaks_nothing(browser: Any, tmp_path: Path) -> None:
    names = [NASTY, *HOSTILE, "__proto__", "{{7*7}}", "p1", "@title{safe}", "${1}", "$notice", "\ud800x", "--><!--"]
    one = opened(browser, written(night_of(names), tmp_path))
    assert len(one.data("cars")["x"]) == len(names)
    for tab in ("left-out", "legend", "crews"):
        one.page.locator(f"[data-tab={tab}]").click()
    assert one.page.locator("#crews .name").all_text_contents() == names
    for number in range(len(names)):
        one.page.evaluate("number => patrolMap.choose('crew', number)", number)
        one.page.evaluate("number => patrolMap.choose('task', number + 4)", number)
    assert NASTY in one.page.locator("#told").inner_text()
    x, y = one.at(*one.page.evaluate("patrolMap.night.tasks.find((task) => task.stop).spot.slice(1)"))
    one.page.mouse.move(x - 20, y)
    one.page.mouse.move(x, y, steps=4)
    one.page.locator(".bk-tooltip-content").filter(has_text=NASTY).first.wait_for()
    one.page.mouse.click(x, y)
    one.settle()
    assert NASTY in one.page.locator("#tab-detail").inner_text()
    assert one.page.evaluate("window.hacked") is None
    assert one.page.locator("img").count() == 1  # the sheet's own
    assert one.page.locator("script").count() == 5
    assert (one.errors, len(one.asked())) == ([], 1)
    one.page.context.close()


@pytest.mark.parametrize(
    "plan",
    [
        resting_plan(),
        replace(PLAN, crews=(), routes=()),
        replace(PLAN, crews=(), routes=(), tasks=()),
        with_route(PLAN, 0, legs=(), end=START),
    ],
    ids=["a crew rests", "no crews", "nothing but streets", "a crew stays"],
)
def test_any_night_becomes_a_map(browser: Any, tmp_path: Path, plan: PatrolPlan) -> None:
    one = opened(browser, written(plan, tmp_path, lang="en"))
    assert len(one.cars()) == len(plan.crews)
    assert "Crews" in one.page.locator("#tabs").inner_text()
    one.page.locator("#clock").fill("600")
    for tab in ("detail", "left-out", "legend"):
        one.page.locator(f"[data-tab={tab}]").click()
    assert one.errors == []
    one.page.context.close()


@pytest.fixture
def tiled(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    """The map of the small night with the tiles of a folder below it; as yet it has none."""
    one = opened(browser, written(PLAN, tmp_path, tiles=f"{tmp_path.as_uri()}/{{Z}}/{{X}}/{{Y}}.png"))
    one.wait_for_request(rf"{tmp_path.as_uri()}/\d+/.*")
    yield one
    one.page.context.close()


def test_tiles_are_asked_for_only_where_they_are_wanted_and_lie_where_the_streets_are(
    tiled: Opened, tmp_path: Path
) -> None:
    tiles = [re.fullmatch(rf"{tmp_path.as_uri()}/(\d+)/(\d+)/(\d+)\.png", url) for url in tiled.asked()[1:]]
    assert all(tiles)
    zoom, column, row = map(int, tiles[0].groups())  # type: ignore[union-attr]
    lon, lat = place(1)
    assert column == pytest.approx((lon + 180) / 360 * 2**zoom, abs=3)
    assert row == pytest.approx((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom, abs=3)


def test_a_tile_that_is_not_there_is_not_asked_for_again(tiled: Opened) -> None:
    tiled.page.wait_for_timeout(1000)
    assert len(tiled.asked()) == len(set(tiled.asked())) > 1


@pytest.mark.parametrize(("allowed", "most"), [(True, 1), (False, 2)])
def test_a_tile_server_is_asked_once_more_only_if_it_may_mind_copies(
    browser: Any, tmp_path: Path, allowed: bool, most: int
) -> None:
    """Every second tile is missing; a server that lets pages copy its tiles says so with each."""
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(url := route.request.url)
        if int(url.split("/")[-2]) % 2:
            route.fulfill(status=404)
        else:
            leave = {"Access-Control-Allow-Origin": "*"} if allowed else {}
            route.fulfill(status=200, body=TILE, content_type="image/png", headers=leave)

    path = written(PLAN, tmp_path, tiles="https://tiles.example/{Z}/{X}/{Y}.png")
    one = opened(browser, path, answers={"https://tiles.example/**": answer})
    one.wait_for_request(r"https://tiles\.example/\d+/.*")
    one.page.wait_for_timeout(1000)
    counts = Counter(asked)
    assert max(counts.values()) <= 2
    assert sum(many > most for many in counts.values()) <= FIRST_TILES
    one.errors.clear()
    one.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    one.wait_for("() => document.getElementById('paper-map').naturalWidth > 2000")
    assert [said for said in one.errors if "Failed to load" not in said] == []  # those tiles may come late
    one.page.context.close()


def png(colour: tuple[int, int, int]) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(content, "PNG")
    return content.getvalue()


GREEN = (0, 200, 100)
TILE = png(GREEN)
FIRST_TILES = 30
"""So many may be on their way before the first answer tells that the server lets pages copy."""


def test_tiles_of_this_computer_are_painted_on_the_screen_and_the_sheet_prints_without_them(tiled: Opened) -> None:
    tiled.page.wait_for_timeout(1000)
    for url in tiled.asked()[1:]:
        tile = Path(url2pathname(urlsplit(url).path))
        tile.parent.mkdir(parents=True, exist_ok=True)
        tile.write_bytes(TILE)
    tiled.page.reload()
    tiled.page.wait_for_selector("body[data-ready]", state="attached")
    tiled.page.wait_for_timeout(1000)
    corner = tiled.page.locator("#map").bounding_box()
    shown = Image.open(io.BytesIO(tiled.page.screenshot(clip=corner))).convert("RGB")
    painted, colour = max(shown.getcolors(1 << 24))
    assert painted > shown.width * shown.height / 2
    assert colour[1] > colour[2] > colour[0]
    tiled.errors.clear()
    tiled.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tiled.wait_for("() => document.getElementById('paper-map').naturalWidth > 2000")
    assert tiled.errors == []


@pytest.mark.parametrize(
    ("tiles", "credit"),
    [
        ("osm", "© OpenStreetMap contributors"),
        ("https://tiles.example/{Z}/{X}/{Y}.png", "tiles.example"),
        ("file:///our-maps/{Z}/{X}/{Y}.png", "/our-maps/"),
    ],
)
def test_whose_tiles_they_are_is_said(tiles: str, credit: str) -> None:
    assert credit in map_bytes(PLAN, tiles=tiles).decode()
    assert credit not in map_bytes(PLAN).decode()


@pytest.mark.parametrize("tiles", ["", "javascript:alert(1)", "https://tiles.example/{Z}/{X}.png", "amap"])
def test_tiles_that_are_no_address_are_refused(tiles: str) -> None:
    with pytest.raises(InputError, match="tiles"):
        map_bytes(PLAN, tiles=tiles)


def test_the_same_plan_is_the_same_file() -> None:
    assert map_bytes(PLAN) == map_bytes(PLAN)


def test_no_name_ends_the_script_that_holds_it() -> None:
    text = script_json({"</script><!--": "&\u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"</script><!--": "&\u2028"}


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="fr"):
        map_bytes(PLAN, lang="fr")  # type: ignore[arg-type]

"""The page in a real Chromium: from an empty page to a plan, by mouse and by keyboard; it asks its server alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest

from patrolroute.plan.model import PatrolPlan
from tests.output.pages import PATIENCE_MS, SCREEN, chromium
from tests.page.served import Client, served, small_night

STATIC = files("patrolroute.page").joinpath("static")


@dataclass
class Seen:
    """The page in a browser, all addresses that it asked for, and all that went wrong."""

    page: Any
    client: Client
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where on the screen a place of the map is."""
        script = """async ([lon, lat]) => {
          const { map } = await import('/static/map.js');
          const box = document.getElementById('map').getBoundingClientRect();
          const [left, top] = map.view.pixel(map.network.world([lon, lat]));
          return [left + box.left, top + box.top];
        }"""
        left, top = self.page.evaluate(script, [lon, lat])
        return left, top

    def click(self, lon: float, lat: float) -> None:
        """Click on the map, and wait until the server has answered."""
        left, top = self.at(lon, lat)
        self.page.mouse.move(left, top)
        self.page.mouse.click(left, top)

    def rows(self, listed: str, number: int) -> None:
        """Wait until a list has so many rows."""
        self.page.click(f"[data-list={listed}]")
        self.page.wait_for_selector(f"[data-cell^='{listed}/0/{number - 1}/']")

    def begins(self, night: dict[str, Any]) -> Any:
        """Put a night on the page, and return it."""
        self.client.put(night)
        self.page.reload()
        self.page.wait_for_selector("body[data-ready]")
        return self.page

    def typed(self, cell: str, text: str) -> None:
        """Type into a cell, and leave it."""
        self.page.fill(f"[data-cell='{cell}']", text)
        self.page.press(f"[data-cell='{cell}']", "Tab")

    def saved(self, *path: Any, is_now: Any) -> None:
        """Wait until the server holds a value."""
        held: Any = None
        for _ in range(200):
            held = self.client.desk.editor.data
            for step in path:
                held = held.get(step) if isinstance(held, dict) else held[step]
            if held == is_now:
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"{path}: {held!r}, not {is_now!r}")

    def checked(self) -> None:
        """Wait until the doctor has nothing to say."""
        self.page.wait_for_selector("#problems[data-state=checked]")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def seen(browser: Any) -> Iterator[Seen]:
    with served() as client:
        context = browser.new_context(viewport=SCREEN, locale="zh-CN")
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        found = Seen(page, client)
        context.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda said: found.errors.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: found.errors.append(str(error)))
        page.goto(f"http://127.0.0.1:{client.port}/?token={client.token}")
        page.wait_for_selector("body[data-ready]")
        yield found
        context.close()


def test_a_night_is_planned_from_an_empty_page_and_nobody_else_is_asked(seen: Seen):
    page = seen.page
    assert "token" not in page.url
    assert page.get_by_text("还需要：集结点").is_visible()
    assert page.locator("#plan").is_disabled()
    page.fill("#seconds", "3")
    page.press("#seconds", "Tab")

    page.click("[data-tool=depot]")
    seen.click(117.0035, 32.6249)
    seen.rows("depots", 1)
    page.wait_for_selector("td.fact:has-text('惠利路')")
    page.click("[data-tool=hotspot]")
    seen.click(117.0136, 32.6387)
    seen.rows("hotspots", 1)
    page.click("[data-tool=street]")
    seen.click(117.0133, 32.6400)
    seen.rows("streets", 1)
    assert page.input_value("[data-cell='streets/0/0/what']") == "学院路"
    page.click("[data-tool=section]")
    seen.click(116.9800, 32.6145)
    page.wait_for_selector("#hint:has-text('终点')")
    seen.click(116.9900, 32.6142)
    seen.rows("streets", 2)
    assert page.input_value("[data-cell='streets/0/1/what']").startswith("洞山")
    page.click("[data-tool=close-area]")
    for corner in ((116.985, 32.640), (116.990, 32.640), (116.990, 32.644), (116.985, 32.644)):
        seen.click(*corner)
    page.click("#finish-area")
    seen.rows("closures", 1)

    seen.checked()
    page.click("#plan")
    page.wait_for_selector("[data-view=plan][aria-selected=true]")
    frame = page.frame_locator("#clock-map")
    frame.locator("body[data-ready]").wait_for(state="attached")
    assert frame.locator("h1").inner_text().startswith("夜巡方案图")
    with page.expect_download() as download:
        page.get_by_text("下载全部文件（zip）").click()
    assert download.value.suggested_filename == "plan-1.zip"

    plan: PatrolPlan = seen.client.desk.plans.get(1).plan  # type: ignore[union-attr]
    assert plan.audit() == ()
    assert {task.name for task in plan.task.values()} >= {"学院路", "场所1"}
    assert plan.settings["closed"] == ["封闭区域"]
    own = f"127.0.0.1:{seen.client.port}"
    elsewhere = [
        url for url in seen.requests if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own
    ]
    assert (elsewhere, seen.errors) == ([], [])
    assert len(seen.requests) > 20


def test_the_browser_itself_lets_the_page_ask_nobody_else(seen: Seen):
    script = "async address => { try { await fetch(address); return 'asked'; } catch (error) { return 'refused'; } }"
    assert seen.page.evaluate(script, "/words") == "asked"
    for address in ("http://example.invalid/", f"http://127.0.0.2:{seen.client.port}/", "http://127.0.0.1:9/"):
        assert seen.page.evaluate(script, address) == "refused"
    assert sum("Content Security Policy" in error for error in seen.errors) >= 3


def test_a_night_is_typed_without_a_mouse(seen: Seen):
    page = seen.page
    page.focus("#map")
    page.keyboard.press("d")
    assert page.get_attribute("[data-tool=depot]", "aria-pressed") == "true"
    left, top = seen.at(117.0035, 32.6249)
    box = page.locator("#map").bounding_box()
    for key, metres in (
        ("ArrowLeft", box["x"] + box["width"] / 2 - left),
        ("ArrowDown", top - box["y"] - box["height"] / 2),
    ):
        other = {"ArrowLeft": "ArrowRight", "ArrowDown": "ArrowUp"}[key]
        for _ in range(round(abs(metres) / 10)):
            page.keyboard.press(f"Shift+{key if metres > 0 else other}")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-cell='depots/0/0/id']")
    page.focus("[data-list=streets]")
    page.keyboard.press("Enter")
    page.focus("#new-name")
    page.keyboard.type("龙湖路")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-cell='streets/0/0/what']")
    page.focus("[data-cell='streets/0/0/priority']")
    page.keyboard.press("Control+A")
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-cell='streets/0/0/priority'][aria-invalid=true]")
    assert page.evaluate("document.activeElement.dataset.cell") == "streets/0/0/required"
    wrong = page.locator("#problems .error button")
    assert wrong.inner_text() == "路段 龙湖路 优先级：9：不应大于 5"
    wrong.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.cell") == "streets/0/0/priority"
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    seen.checked()
    assert seen.client.desk.editor.data["streets"][0]["priority"] == 5
    page.focus("#map")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#problems[data-state=wrong]")
    assert seen.errors == []


def test_a_row_and_what_it_is_on_the_map_are_chosen_together(seen: Seen):
    night = small_night(hotspots=[{"data": [{"name": "夜市", "lon": 117.0136, "lat": 32.6387}]}])
    seen.client.put(night)
    page = seen.page
    page.reload()
    page.wait_for_selector("body[data-ready]")
    seen.click(117.0136, 32.6387)
    page.wait_for_selector("tr.on [data-cell='hotspots/0/0/name']")
    seen.click(117.0003, 32.6456)
    page.wait_for_selector("tr.on [data-cell='streets/0/0/what']")
    page.click("[data-list=depots]")
    page.focus("[data-cell='depots/0/0/name']")
    selected = "async () => (await import('/static/store.js')).store.selected"
    assert page.evaluate(selected) == {"list": "depots", "table": None, "row": 0}
    seen.click(117.0136, 32.6387)  # a place that is selected is carried by the mouse
    page.wait_for_selector("tr.on [data-cell='hotspots/0/0/name']")
    page.mouse.move(*seen.at(117.0136, 32.6387))
    page.mouse.down()
    page.mouse.move(*seen.at(117.0100, 32.6300), steps=4)
    page.mouse.up()
    page.wait_for_selector("#undo:not([disabled])")
    for _ in range(100):
        moved = seen.client.desk.editor.data["hotspots"][0]["data"][0]
        if abs(moved["lat"] - 32.6300) < 0.001:
            break
        page.wait_for_timeout(50)
    assert abs(moved["lon"] - 117.0100) < 0.001
    assert seen.errors == []


def test_two_plans_and_other_fleets_are_looked_at(seen: Seen):
    page = seen.page
    for count in (1, 3):
        seen.client.put(small_night(crews=[{"depot": "A", "count": count}]))
        seen.client.ask("POST", "/job/plan", {})
        assert seen.client.finished()["state"] == "done"
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.click("[data-view=compare]")
    page.wait_for_selector("#compare-crew")
    assert re.search(r"\d+ 处不同", page.inner_text("#compare-found"))
    page.select_option("#compare-crew", "P01")
    page.locator("#compare-found tr.acts").first.click()
    page.wait_for_selector("#compare-found tr.on")
    page.click("[data-view=what-if]")
    for name in ("fewer", "more"):
        page.fill(f"[data-asked={name}]", "1")
        page.press(f"[data-asked={name}]", "Tab")
    page.click("#what-if-start")
    page.wait_for_selector("#what-if-start:not([disabled])")
    page.wait_for_selector("#slide-crews")
    page.focus("#slide-crews")
    page.keyboard.press("End")
    assert "4 车" in page.inner_text("#what-if")
    page.get_by_text("看这个方案").click()
    page.frame_locator("#clock-map").locator("body[data-ready]").wait_for(state="attached")
    page.click("#lang")
    assert page.get_by_text("All files (zip)").is_visible()
    assert seen.errors == []


def test_breaks_and_speeds_of_crews_are_typed_in_columns_that_come_when_they_are_wanted(seen: Seen):
    page = seen.begins(small_night())
    page.click("[data-list=crews]")
    assert page.locator("[data-cell='crews/0/0/break.minutes']").count() == 0
    page.click("[data-add=more_columns]")
    seen.typed("crews/0/0/break.minutes", "20")
    seen.typed("crews/0/0/break.windows", "21:00-21:20，21：05-21:25")
    seen.typed("crews/0/0/speed_factor", "1.2")
    seen.saved("crews", 0, "break", is_now={"minutes": 20, "windows": ["21:00-21:20", "21：05-21:25"]})
    seen.saved("crews", 0, "speed_factor", is_now=1.2)
    page.click("[data-add=fewer_columns]")
    assert page.locator("[data-cell='crews/0/0/break.minutes']").input_value() == "20"
    assert page.locator("[data-cell='crews/0/0/range_km']").count() == 0
    seen.typed("crews/0/0/break.windows", "")
    seen.typed("crews/0/0/break.minutes", "")
    seen.saved("crews", 0, "break", is_now=None)
    assert seen.errors == []


def test_kinds_are_words_and_new_groups_of_cars_have_names_of_their_own(seen: Seen):
    row = {"name": "夜市", "kind": "barbecue", "lon": 117.0136, "lat": 32.6387}
    page = seen.begins(small_night(hotspots=[{"data": [row]}]))
    page.click("[data-list=crews]")
    page.click("[data-add=add_crews]")
    page.click("[data-add=add_crews]")
    page.wait_for_selector("[data-cell='crews/0/2/prefix']")
    assert len({page.input_value(f"[data-cell='crews/0/{row}/prefix']") for row in range(3)}) == 3
    page.click("[data-list=hotspots]")
    assert page.input_value("[data-cell='hotspots/0/0/kind']") == "烧烤"
    seen.typed("hotspots/0/0/kind", "夜市")
    seen.saved("hotspots", 0, "data", 0, "kind", is_now="night_market")
    page.click("#lang")
    assert page.input_value("[data-cell='hotspots/0/0/kind']") == "night_market"
    seen.checked()
    assert seen.errors == []


def test_settings_are_typed_and_what_is_emptied_is_as_usual_again(seen: Seen):
    page = seen.begins(small_night(decay=0.6))
    page.click("[data-list=basics]")
    assert "decay" in page.inner_text("#adding")
    seen.typed("basics/0/0/near_home.metres", "800")
    seen.typed("basics/0/0/police_access", "内部道路、公交专用道")
    page.check("[data-cell='basics/0/0/near_home.leave_areas']")
    seen.saved("near_home", is_now={"metres": 800, "leave_areas": True})
    seen.saved("police_access", is_now=["private", "bus"])
    seen.typed("basics/0/0/solve.work_limit", "1" + 400 * "0")
    page.wait_for_selector("[data-cell='basics/0/0/solve.work_limit'][aria-invalid=true]")
    assert page.locator("#problems .error button").inner_text().startswith("计算步数：")
    seen.typed("basics/0/0/solve.work_limit", "50")
    page.uncheck("[data-cell='basics/0/0/near_home.leave_areas']")
    seen.typed("basics/0/0/near_home.metres", "")
    seen.saved("near_home", is_now=None)
    seen.checked()
    assert seen.errors == []


EVIL = "<img src=x onerror=alert(1)>\"'`${alert(2)}</script><svg onload=alert(3)>\\u003cb>&lt;i&gt;"


def test_names_that_are_markup_stay_names_wherever_the_page_shows_them(seen: Seen):
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        if dialog.type != "beforeunload":  # which asks before a night is left that was not saved
            asked.append(dialog.message)
        dialog.accept()

    seen.page.on("dialog", answer)
    spot = {"name": EVIL, "kind": EVIL, "note": EVIL, "lon": 117.0136, "lat": 32.6387}
    ring = [[116.985, 32.640], [116.990, 32.640], [116.990, 32.644], [116.985, 32.640]]
    drawn = {"type": "Feature", "properties": {"name": EVIL}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    night = small_night(
        name=EVIL,
        depots=[{"id": EVIL, "name": EVIL, "lon": 117.0035, "lat": 32.6249}],
        crews=[{"depot": EVIL, "prefix": EVIL, "count": 2, "staff": {"officers": [EVIL], "call_sign": EVIL}}],
        hotspots=[{"data": [spot]}],
        closures=[{"polygons": drawn}],
    )
    page, client = seen.page, seen.client
    for count in (2, 1):
        night["crews"][0]["count"] = count
        assert client.put(night)["complaints"] == []
        client.ask("POST", "/job/plan", {})
        assert client.finished()["state"] == "done"
    page.reload()
    page.wait_for_selector("body[data-ready]")
    for listed in ("depots", "crews", "hotspots", "closures", "basics"):
        page.click(f"[data-list={listed}]")
        page.wait_for_timeout(50)
    page.click("[data-list=crews]")
    page.click("[data-add=more_columns]")
    assert page.input_value("[data-cell='crews/0/0/prefix']") == EVIL
    for place in ((117.0136, 32.6387), (117.0035, 32.6249)):
        page.mouse.move(*seen.at(*place))
        page.wait_for_timeout(50)
    seen.checked()
    page.click("[data-tool=area]")
    wrong = night | {"streets": [{"names": [EVIL], "priority": 3}], "hotspots": [{"data": [spot | {"priority": EVIL}]}]}
    client.put(wrong)
    page.reload()
    page.wait_for_selector("#problems .error")
    page.click("[data-view=plan]")
    page.locator("#plan-list tr.acts").first.click()
    frame = page.frame_locator("#clock-map")
    frame.locator("body[data-ready]").wait_for(state="attached")
    assert frame.locator("img[src=x], svg[onload]").count() == 0
    page.click("[data-view=compare]")
    page.wait_for_selector("#compare-crew")
    page.locator("#compare-found tr.acts").first.click()
    for name in ("map.html", "sheets.html", "commander.html"):
        for lang in ("zh", "en"):
            page.goto(f"http://127.0.0.1:{client.port}/plans/1/{name}?lang={lang}")
            page.wait_for_timeout(200)
            assert page.locator("img[src=x], svg[onload]").count() == 0, name
    refused = [error for error in seen.errors if "Content Security Policy" in error]
    assert (asked, refused) == ([], [])


NEWER = {
    r"\?\?=|\|\|=|&&=": "assignment by a condition (2021)",
    r"\.replaceAll\(|\.at\(|structuredClone|\.findLast": "methods of 2021 and later",
    r"Object\.hasOwn|\.toSorted|\.group(By)?\(": "methods of 2022 and later",
    r"^\s*#\w+|static \{|\d_\d": "private fields, static blocks, separated digits",
    r"<dialog|\binert\b|popover": "elements of 2022 and later",
}
NEWER_STYLES = {
    r":has\(|@layer|@container|@scope|@property": "selectors and rules of 2022 and later",
    r"\b(dvh|svh|lvh|cqw)\b|color-mix|oklch|inset:|text-wrap|accent-color": "values of 2021 and later",
    r"^\s+&": "nesting",
}


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.iterdir()))
def test_the_page_needs_no_browser_newer_than_2021(name: str):
    text = STATIC.joinpath(name).read_text(encoding="utf-8")
    for pattern, what in (NEWER_STYLES if name.endswith(".css") else NEWER).items():
        found = re.search(pattern, text, re.MULTILINE)
        assert found is None, f"{name}: {what}: {found}"
    assert not re.search(r"https?://(?!www\.w3\.org)", text)

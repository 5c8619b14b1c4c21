"""How quick the planner's page is, in a real Chromium: ``python -m tests.benchmarks.page [--pictures FOLDER]``.

Tells the milliseconds to the first paint, the seconds until the page can be used, until an edit of the bundled night is
answered and until its plan is shown; with a folder it takes the pictures of docs/howto/page.md.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

from patrolroute.night.run import bundled_night
from tests.output.pages import SCREEN, chromium
from tests.page.served import served

LOADS = 5
PATIENCE_MS = 300_000
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
CELL = "[data-cell='depots/0/0/name']"


def opened(browser: Any, address: str) -> Any:
    """Open the page and wait until it can be used."""
    page = browser.new_context(viewport=SCREEN, locale="zh-CN", device_scale_factor=1).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    return page


def loads(page: Any) -> tuple[float, float]:
    """Return the milliseconds to the first paint and the seconds until the page can be used, of several loads."""
    paints, ready = [], []
    for _ in range(LOADS):
        began = time.perf_counter()
        page.reload()
        page.wait_for_selector("body[data-ready]")
        ready.append(time.perf_counter() - began)
        paints.append(page.evaluate(PAINT))
    return statistics.median(paints), statistics.median(ready)


def edits(page: Any) -> float:
    """Return the seconds until an edit is answered, of several."""
    found, own = [], page.input_value(CELL)
    for name in (*(f"集结点{number}" for number in range(LOADS)), own):
        began = time.perf_counter()
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            page.fill(CELL, name)
            page.press(CELL, "Enter")
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def planned(page: Any, seconds: int) -> float:
    """Return the seconds from the click until the plan is shown on the clock map."""
    page.fill("#seconds", str(seconds))
    page.press("#seconds", "Tab")
    page.wait_for_selector("#problems[data-state=checked]")
    began = time.perf_counter()
    page.click("#plan")
    page.wait_for_selector("[data-view=plan][aria-selected=true]")
    page.frame_locator("#clock-map").locator("body[data-ready]").wait_for(state="attached")
    return time.perf_counter() - began


def main() -> None:
    """Measure, and take pictures if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--seconds", type=int, default=10)
    args = parser.parse_args()
    with chromium() as browser, served(night=bundled_night()) as client:
        page = opened(browser, f"http://127.0.0.1:{client.port}/?token={client.token}")
        paint, ready = loads(page)
        print(f"first paint {paint:.0f} ms, usable {ready:.2f} s, edit answered {edits(page):.2f} s")
        page.click("[data-list=streets]")
        page.click("tr[data-row='0/0'] td.fact")
        page.wait_for_selector("#problems[data-state=checked]")
        if args.pictures:
            page.screenshot(path=args.pictures / "page-edit-zh.png")
        shown = planned(page, args.seconds)
        print(f"plan shown {shown:.1f} s after the click, {args.seconds} s of them searching")
        if args.pictures:
            page.wait_for_timeout(500)
            page.screenshot(path=args.pictures / "page-plan-zh.png")
            page.wait_for_selector("#plan:not([disabled])")
            client.put(client.desk.editor.data | {"shift": {"start": "20:30", "end": "23:00"}})
            client.ask("POST", "/job/plan", {})
            client.finished()
            page.reload()
            page.click("[data-view=compare]")
            page.wait_for_selector("#compare-crew")
            page.wait_for_timeout(500)
            page.screenshot(path=args.pictures / "page-compare-zh.png")


if __name__ == "__main__":
    main()

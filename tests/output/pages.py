"""A real Chromium that opens the map, writes down what it asks for and what it complains of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from patrolroute.plan.model import PatrolPlan

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
"""Containers give a browser little shared memory (``/dev/shm``), and a page that needs more ends; files are enough."""
PATIENCE_MS = 150_000
"""Far more than anything on a page takes; on a computer with other work it takes seconds."""
SCREEN = {"width": 1366, "height": 625}
"""A 1366x768 screen without the browser's own bars."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser; skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this computer")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page that was opened, all that it asked for, and all that went wrong."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def data(self, layer: str) -> dict[str, list[Any]]:
        """Return what a layer of the map shows."""
        return self.page.evaluate("name => patrolMap.bokeh.data(name).data", layer)

    def cars(self) -> dict[str, tuple[float, float]]:
        """Return where each crew is drawn."""
        shown = self.data("cars")
        return dict(zip(shown["title"], zip(shown["x"], shown["y"], strict=True), strict=True))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place on the screen of a point of the map."""
        box = self.page.locator("#map").bounding_box()
        left, right, low, high = self.page.evaluate(
            "() => { const { x_range: x, y_range: y } = patrolMap.bokeh.plot; return [x.start, x.end, y.start, y.end] }"
        )
        return (
            box["x"] + (x - left) / (right - left) * box["width"],
            box["y"] + (high - y) / (high - low) * box["height"],
        )

    def asked(self) -> list[str]:
        """Return the addresses that were asked for; what the page holds itself is no request."""
        return [url for url in self.requests if not url.startswith("data:")]

    def reset(self) -> None:
        """Set every control back, as when the page was opened."""
        page = self.page
        page.emulate_media(media="screen")
        page.set_viewport_size(SCREEN)
        page.locator("[data-tab=crews]").click()
        page.locator("#search").fill("")
        page.locator("#all").click()
        for name in ("#show-routes", "#show-names"):
            page.locator(name).check()
        page.locator("#clock").fill("0")
        self.settle()
        page.locator("#fit").click()
        self.settle()

    def settle(self) -> None:
        """Wait until the map is laid anew after a movement."""
        self.page.wait_for_timeout(300)
        self.wait_for("() => patrolMap.isSettled()")

    def wait_for(self, statement: str, value: Any = None) -> None:
        """Wait until a statement in JavaScript is true of the page, a function of ``value`` if that is given."""
        self.page.wait_for_function(statement, arg=value, timeout=PATIENCE_MS)

    def wait_for_request(self, pattern: str) -> None:
        """Wait until an address that fits a pattern is asked for, unless it was already."""
        if not any(re.fullmatch(pattern, url) for url in self.requests):
            self.page.wait_for_event(
                "request", predicate=lambda request: re.fullmatch(pattern, request.url), timeout=PATIENCE_MS
            )


def opened(
    browser: Any, path: Path, before: str = "", answers: Mapping[str, Callable[[Any], None]] | None = None
) -> Opened:
    """Open a file by its ``file://`` address and wait until the map stands; ``answers`` stand in for servers."""
    context = browser.new_context(viewport=SCREEN)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    seen = Opened(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda said: seen.errors.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("dialog", lambda dialog: (seen.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
    for addresses, answer in (answers or {}).items():
        page.route(addresses, answer)
    if before:
        page.add_init_script(before)
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]", state="attached", timeout=PATIENCE_MS)
    seen.settle()
    return seen


def written(plan: PatrolPlan, folder: Path, **options: Any) -> Path:
    return plan.to_html(folder / "map.html", **options)

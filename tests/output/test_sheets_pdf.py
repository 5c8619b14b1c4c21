"""PDF through the Chromium of this computer: two pages a crew at most, codes that can be read, no request."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from patrolroute.base.errors import OutputError
from patrolroute.output.sheets import pages as room
from patrolroute.output.sheets.pages import find_browser, pdf_of, sheets_html
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import HOSTILE, NOTICE, renamed
from tests.output.test_sheets_orders import named_plan
from tests.plan.hand_made import drive, with_route

needs_browser = pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge on this computer")


def pages(content: bytes) -> list[str]:
    """Return the text of each page."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the PDF; it is part of the test extra")
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def long_night() -> PatrolPlan:
    """Return a night of 44 orders for crew A: round and round the ring, more than any crew of the bundled night has."""
    legs, clock = [], 20 * 3600
    for number in range(44):
        begin, end = (
            f"{second // 3600:02}:{second % 3600 // 60:02}:{second % 60:02}" for second in (clock, clock + 100)
        )
        one, two, name = [(1, 2, "1-2"), (2, 3, "2-3"), (3, 4, "3-4"), (4, 1, "1-4")][number % 4]
        legs.append(drive("patrol", begin, end, one, two, street=name, task="s12"))
        clock += 100
    last = legs[-1].arrive
    return with_route(named_plan(), 0, legs=tuple(legs), end=last)


@needs_browser
def test_a_long_night_takes_two_pages_and_each_page_says_whose_it_is() -> None:
    text = pages(pdf_of(sheets_html(long_night())))
    assert len(text) == 3
    assert "45" in text[1]
    assert all(NOTICE.replace(" ", "") in page.replace(" ", "").replace("\n", "") for page in text)
    assert [f"第{number}页，共3页" in page.replace(" ", "") for number, page in enumerate(text, start=1)] == [True] * 3


@needs_browser
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "x" * 300, "车组🚓"])
def test_a_hostile_name_breaks_no_page(name: str) -> None:
    assert name in HOSTILE
    assert len(pages(pdf_of(sheets_html(renamed(named_plan(), name))))) == 2


@needs_browser
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm draws the page; it is not on this computer")
def test_codes_are_read_from_the_printed_page(tmp_path: Path) -> None:
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads the codes; it is part of the test extra")
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "page.pdf").write_bytes(pdf_of(sheets_html(named_plan())))
    subprocess.run(
        ["pdftoppm", "-r", "200", "-png", "-f", "1", "-l", "1", "page.pdf", "page"], cwd=tmp_path, check=True
    )
    (picture,) = tmp_path.glob("page*.png")
    read = {found.text for found in zxingcpp.read_barcodes(image.open(picture))}
    page = sheets_html(named_plan()).decode().replace("&amp;", "&").split("</section>")[0]
    assert len(read) == 4
    assert all(link in page for link in read)


@needs_browser
def test_opening_a_page_asks_nobody_for_anything(tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright watches the requests")
    asked: list[str] = []
    alerts: list[str] = []
    files = renamed(named_plan(), "<script>alert(1)</script>").to_sheets(tmp_path)
    with playwright.sync_playwright() as door:
        browser = door.chromium.launch(executable_path=find_browser(), args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: alerts.append(dialog.message))
        for file in files:
            page.goto(file.as_uri())
        browser.close()
    assert asked == [file.as_uri() for file in files]
    assert alerts == []


@needs_browser
def test_the_door_writes_the_pdf_beside_the_pages(tmp_path: Path) -> None:
    written = named_plan().to_sheets(tmp_path, pdf=True, lang="en")
    assert [path.name for path in written] == ["sheets.html", "commander.html", "sheets.pdf", "commander.pdf"]
    assert written[2].read_bytes().startswith(b"%PDF")


def test_without_a_browser_it_says_so_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "find_browser", lambda: None)
    with pytest.raises(OutputError, match="no Chromium, Chrome or Edge found on this computer; open the HTML page"):
        named_plan().to_sheets(tmp_path / "out", pdf=True)
    assert not (tmp_path / "out").exists()


def browser(folder: Path, script: str) -> str:
    """Return a browser that does what a shell script says."""
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo cannot open display >&2; exit 1", "printed nothing: cannot open display"),
        ("exit 0", "printed nothing: it gave no reason"),
        ("exec sleep 9", "did not end within 0.2 s"),
    ],
)
@pytest.mark.skipif(shutil.which("sh") is None, reason="the browser of this test is a shell script")
def test_a_browser_that_fails_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    monkeypatch.setattr(room, "find_browser", lambda: browser(tmp_path, script))
    monkeypatch.setattr(room, "PATIENCE_S", 0.2 if "sleep" in script else 60)
    with pytest.raises(OutputError, match=said):
        pdf_of(b"<p>")


def test_a_browser_that_cannot_be_started_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "find_browser", lambda: str(tmp_path / "gone"))
    with pytest.raises(OutputError, match="cannot be started"):
        pdf_of(b"<p>")


def test_the_search_path_comes_first_then_where_windows_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MACOS", ())
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/msedge" if name == "msedge" else None)
    assert find_browser() == "/bin/msedge"
    monkeypatch.setattr(shutil, "which", lambda _: None)
    for variable in room.WINDOWS_ROOTS:
        monkeypatch.delenv(variable, raising=False)
    assert find_browser() is None
    edge = tmp_path / room.WINDOWS[0]
    edge.parent.mkdir(parents=True)
    edge.touch()
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    assert find_browser() == str(edge)

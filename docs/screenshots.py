"""Takes the pictures of `gallery.md` and cuts its excerpts: ``python docs/screenshots.py FOLDER [--scripts COPIES]``.

FOLDER is what ``examples/gallery.py`` wrote. It needs Chromium, pdftoppm (poppler-utils) and LibreOffice, which renders
the workbook. ``explore.html`` fetches scripts from public servers; COPIES is a folder that holds them for a computer
without a network.
"""

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import excerpts
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parent / "pictures"
WIDTH = 1400
"""Points across of the widest picture."""

COLOURS = 224
"""Of the palette; chosen so that thin red lines keep their red."""
ABOVE_FOOT = 0.92
"""The page's part above its number."""

BEFORE_PLACES = 0.681
"""The table's part left of the coordinates, which are the last four columns."""

SCREEN = {"width": 1366, "height": 700}
READY = "body[data-ready]"
HALF_PAST_NINE_S = 3600
CREW = "市局03"

DRAWN = {
    "picture-zh": ("zh/map.png", 1300),
    "routes-zh": ("zh/plots/routes.png", 900),
    "gantt-zh": ("zh/plots/gantt.png", 900),
    "idleness-zh": ("zh/plots/idleness.png", 900),
    "coverage-en": ("en/plots/coverage.png", 900),
    "response-en": ("en/plots/response.png", 900),
    "what-if-zh": ("zh/what_if.png", 900),
}
"""Pictures that the example draws itself, and how wide they are shown."""


def keep(image: Image.Image, name: str, width: int = WIDTH, colours: int = COLOURS) -> None:
    """Write a picture, made small."""
    if image.width > width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    small = image.convert("RGB").quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)


def trimmed(image: Image.Image, edge: int = 20) -> Image.Image:
    """Cut the empty paper round what is printed."""
    image = image.convert("RGB")
    left, top, right, low = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    return image.crop((max(0, left - edge), max(0, top - edge), right + edge, low + edge))


def paper(pdf: Path, page: int, dots: int) -> Image.Image:
    """Return a page of a PDF as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        number = str(page)
        command = [
            "pdftoppm",
            "-png",
            "-singlefile",
            "-r",
            str(dots),
            "-f",
            number,
            "-l",
            number,
            str(pdf),
            f"{folder}/page",
        ]
        subprocess.run(command, check=True)  # noqa: S603 - a list, no shell
        with Image.open(f"{folder}/page.png") as image:
            return image.copy()


def beside(pages: list[Image.Image]) -> Image.Image:
    """Return pages beside each other."""
    sheet = Image.new("RGB", (sum(page.width for page in pages), max(page.height for page in pages)), "white")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width
    return sheet


@contextmanager
def browser() -> Iterator[Any]:
    """Start Chromium."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


def shot(page: Any, name: str, **options: Any) -> None:
    """Keep what a page shows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        page.wait_for_timeout(500)
        page.screenshot(path=path, **options)
        with Image.open(path) as image:
            keep(image, name)


def web_map(chromium: Any, folder: Path) -> None:
    """Show the whole night, one crew's night, who comes to a stop, and the printed map."""
    for lang in ("zh", "en"):
        page = chromium.new_page(viewport=SCREEN)
        page.goto((folder / lang / "map.html").resolve().as_uri())
        page.wait_for_selector(READY, state="attached")
        page.locator("#clock").fill(str(HALF_PAST_NINE_S))
        if lang == "zh":
            shot(page, "map-zh")
            page.pdf(path=folder / "map.pdf", prefer_css_page_size=True)
            keep(paper(folder / "map.pdf", 1, 120), "map-paper-zh")
        page.locator("#crews li", has_text=CREW).locator("button").last.click()
        page.locator("#crews li", has_text=CREW).get_by_text(CREW).click()
        shot(page, f"map-crew-{lang}")
        page.close()


def explored(chromium: Any, folder: Path, copies: Path | None) -> None:
    """Show the notebook's map; its scripts come from the network, or from copies of them."""
    page = chromium.new_page(viewport={"width": 1000, "height": 640})

    def answer(route: Any) -> None:
        known = None if copies is None else copies / route.request.url.rsplit("/", 1)[-1]
        if route.request.url.startswith("file:") or known is None:
            route.continue_()
        elif known.is_file():
            route.fulfill(path=known)
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto((folder / "zh" / "explore.html").resolve().as_uri())
    page.wait_for_timeout(3000)
    shot(page, "explore-zh")


def workbook(folder: Path) -> None:
    """Show the first sheet of the workbook as LibreOffice prints it, without the coordinates."""
    with tempfile.TemporaryDirectory() as place:
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", place, str(folder / "zh" / "plan.xlsx")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - a list, no shell
        page = paper(Path(place) / "plan.pdf", 1, 200)
        table = trimmed(page.crop((0, 0, page.width, round(page.height * ABOVE_FOOT))))
        keep(table.crop((0, 0, round(table.width * BEFORE_PLACES), table.height)), "workbook-zh", colours=16)


def main() -> None:
    """Take every picture and cut every excerpt."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--scripts", type=Path)
    args = asked.parse_args()
    folder: Path = args.folder
    PICTURES.mkdir(exist_ok=True)
    with browser() as chromium:
        web_map(chromium, folder)
        explored(chromium, folder, args.scripts)
    for lang in ("zh", "en"):
        keep(paper(folder / lang / "sheets.pdf", 5, 110), f"sheet-{lang}", width=1000)
        keep(paper(folder / lang / "commander.pdf", 1, 100), f"commander-{lang}", width=900)
    keep(beside([paper(folder / "zh" / "changes.pdf", page, 90) for page in (1, 2)]), "changes-zh", width=1300)
    for name, (file, width) in DRAWN.items():
        keep(Image.open(folder / file), name, width)
    workbook(folder)
    excerpts.write(folder)


if __name__ == "__main__":
    main()

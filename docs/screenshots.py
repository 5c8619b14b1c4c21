"""Takes the pictures of `gallery.md` and cuts its excerpts: ``python docs/screenshots.py FOLDER [--scripts COPIES]``.

FOLDER is what ``examples/gallery.py`` wrote, with what ``examples/review_night.py`` wrote in its folder ``review``; a
campaign is played in it in part if there is none yet, with little work for each night, which takes some minutes. With
``--only-campaign`` or ``--only-review`` only the pictures of that are taken. It needs Chromium, pdftoppm
(poppler-utils) and LibreOffice, which renders the workbooks. ``explore.html`` fetches scripts from public servers;
COPIES is a folder that holds them for a computer without a network.
"""

import argparse
import datetime as dt
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import excerpts
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

import patrolroute as pr
from patrolroute import campaigns
from patrolroute.base.vocabulary import LANGS
from patrolroute.campaign.starter import example_campaign
from patrolroute.campaign.workbook.turning import campaign_bytes
from patrolroute.campaigns import CampaignFolder, Days, Quota

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
LATE = "市局01"
"""Who leaves late in the review."""

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


def reviewed(chromium: Any, folder: Path) -> None:
    """Show what was driven beside the plan: the report's first page, and a crew planned and driven on one clock."""
    page = chromium.new_page(viewport={"width": 1100, "height": 1000})
    page.goto((folder / "report.html").resolve().as_uri())
    shot(page, "review-zh")
    page.set_viewport_size(SCREEN)
    page.goto((folder / "map.html").resolve().as_uri())
    page.wait_for_selector(READY, state="attached")
    page.locator("#clock").fill(str(HALF_PAST_NINE_S))
    page.locator("#none").click()
    for box in page.locator("#crews li", has_text=LATE).locator("input").all():
        box.check()
    page.locator("#search").fill(LATE)
    shot(page, "review-map-zh")
    page.close()


def workbook(folder: Path) -> None:
    """Show the first sheet of the workbook as LibreOffice prints it, without the coordinates."""
    with tempfile.TemporaryDirectory() as place:
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", place, str(folder / "zh" / "plan.xlsx")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - a list, no shell
        page = paper(Path(place) / "plan.pdf", 1, 200)
        table = trimmed(page.crop((0, 0, page.width, round(page.height * ABOVE_FOOT))))
        keep(table.crop((0, 0, round(table.width * BEFORE_PLACES), table.height)), "workbook-zh", colours=16)


TODAY = dt.date(2026, 8, 3)
NIGHTS, RAIN, SHORT, WORK = 7, 2, 3, 40
"""So many nights are issued; the third is rained out, two streets are missed in the fourth, of the last nobody told."""


def played(folder: Path) -> None:
    """Play a campaign in part; what is made of a night is its plan alone."""
    folder.mkdir(parents=True)
    quotas = [Quota(name="龙湖路", each_period=6), Quota(name="学院路", each_period=2)]
    off = [Days(first=dt.date(2026, 10, 1), last=dt.date(2026, 10, 7), why="国庆安保")]
    terms = example_campaign(None, "zh").model_copy(update={"quotas": quotas, "off": off})
    (folder / "campaign.xlsx").write_bytes(campaign_bytes(terms, ".xlsx"))
    place = CampaignFolder.at(folder)

    def write(plan: Any, target: Path, _: object) -> None:
        plan.to_json(target / "plan.json")

    for number in range(NIGHTS):
        planner = partial(campaigns.solved, limits={"work_limit": WORK})
        night = campaigns.issue(place, planner=planner, write=write).night
        if number == RAIN:
            campaigns.cancelled(place, night.date, "暴雨")
        elif number < NIGHTS - 1:
            driven = campaigns.as_planned(night)
            missed = sorted(driven.visits)[:2] if number == SHORT else []
            campaigns.recorded(place, night.date, replace(driven, visits=driven.visits | dict.fromkeys(missed, 0)))


def campaign(chromium: Any, folder: Path) -> None:
    """Show the campaign's own workbook, its calendar, coverage, the commander's page and the plot."""
    place = CampaignFolder(folder / "campaign" / "campaign.xlsx")
    if not place.file.exists():
        played(place.folder)
    course = place.course(today=TODAY)
    calendar = campaigns.calendar_of(course)
    for lang in LANGS:
        out = place.folder / lang
        campaigns.save_report(course, calendar, out, lang=lang)
        page = chromium.new_page(viewport={"width": 900, "height": 560})
        page.goto((out / "report.html").resolve().as_uri())
        shot(page, f"campaign-{lang}", full_page=True)
        page.close()
    page = chromium.new_page(viewport={"width": 1400, "height": 620})
    page.goto((place.folder / "zh" / "coverage.html").resolve().as_uri())
    shot(page, "campaign-coverage-zh")
    page.close()
    plot = place.folder / "periods.png"
    pr.plots.draw_periods(campaigns.visits_by_period(course)).figure.savefig(plot)
    keep(Image.open(plot), "campaign-periods-zh", 900)
    sheet(place.folder / "zh" / "report.xlsx", 1, "campaign-calendar-zh")
    sheet(place.file, 2, "campaign-workbook-zh")


def sheet(book: Path, number: int, name: str) -> None:
    """Show a page of a workbook as LibreOffice prints it."""
    with tempfile.TemporaryDirectory() as place:
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", place, str(book)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - a list, no shell
        page = paper(Path(place) / f"{book.stem}.pdf", number, 130)
        keep(trimmed(page.crop((0, 0, page.width, round(page.height * ABOVE_FOOT)))), name, 1000, colours=16)


def main() -> None:
    """Take every picture and cut every excerpt."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--scripts", type=Path)
    asked.add_argument("--only-campaign", action="store_true")
    asked.add_argument("--only-review", action="store_true")
    args = asked.parse_args()
    folder: Path = args.folder
    PICTURES.mkdir(exist_ok=True)
    with browser() as chromium:
        if not args.only_review:
            campaign(chromium, folder)
        if not args.only_campaign:
            reviewed(chromium, folder / "review")
        if args.only_campaign or args.only_review:
            return
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

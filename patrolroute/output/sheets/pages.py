"""The pages in HTML and PDF: whole in themselves, nothing is fetched, nothing acts."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import OutputError
from patrolroute.base.extras import require
from patrolroute.base.text import day, label, local, require_lang
from patrolroute.base.vocabulary import LANGS, LEG_KINDS, Datum, Lang
from patrolroute.output.directions import distance
from patrolroute.output.looks.clock import hours
from patrolroute.output.looks.duty import night_name, titled
from patrolroute.output.looks.fonts import FAMILIES, fitted, one_line, shortened
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene, closed_lines
from patrolroute.output.looks.style import NOTICE_GROUND, SHEET_TONES, THIN_LANE_GREY, THIN_ROAD_GREY
from patrolroute.output.sheets.chart import Atlas
from patrolroute.output.sheets.commander import Board
from patrolroute.output.sheets.crew import Desk, Sheet
from patrolroute.plan.model import PatrolPlan

if TYPE_CHECKING:
    import jinja2

LATIN = ("Arial", "Helvetica Neue", "Liberation Sans")
"""Fonts for figures and Latin letters, narrower than those of Chinese fonts."""

FOOT_NAME = 18
"""Half-width letters of a crew's name beside the page number."""

COUNTERS = ("page", "pages")
"""What CSS calls the number of the page and of all pages."""


def sheets_html(plan: PatrolPlan, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Return the order sheets of all crews as one page of HTML in UTF-8.

    Parameters
    ----------
    plan
        The plan, in WGS-84.
    lang
        Of the words.
    datum
        In which the places of muster are printed, which it names.

    Raises
    ------
    InputError
        If there is no such language.
    MissingExtraError
        If what the extra ``sheets`` brings is not installed.
    """
    require_lang(lang)
    require("sheets.html", "jinja2", "segno")
    atlas = Atlas(Scene(plan))
    sheets = list(Desk(plan, lang, atlas, datum).sheets())
    return rendered(
        "sheets.html.jinja",
        plan,
        lang,
        title=titled("sheet_title", plan, lang),
        titles={own: titled("sheet_title", plan, own) for own in LANGS},
        say=lambda own: partial(phrase, lang=own),
        sheets=sheets,
        page_of={sheet.number: css_string(_foot_name(sheet, len(sheets))) for sheet in sheets},
        main_roads=atlas.main_roads,
        lanes=atlas.lanes,
        far=lambda metres: distance(metres, lang),
    )


def commander_html(plan: PatrolPlan, lang: Lang = "zh") -> bytes:
    """Return the commander's sheet as one page of HTML in UTF-8.

    Raises
    ------
    InputError
        If there is no such language.
    MissingExtraError
        If what the extra ``sheets`` brings is not installed.
    """
    require_lang(lang)
    require("commander.html", "jinja2")
    begin, end = plan.window
    return rendered(
        "commander.html.jinja",
        plan,
        lang,
        title=titled("commander_title", plan, lang),
        board=Board(plan, lang),
        when=f"{day(local(begin, plan.timezone), lang)} {hours(begin, end, plan.timezone)}",
        kinds=LEG_KINDS,
    )


def css_string(text: str) -> str:
    r"""Write a text as a string of CSS of which no letter can end the string or the style.

    Examples
    --------
    >>> css_string('a"</style>')
    '"a\\22 \\3c \\2f style\\3e "'
    """
    letters = (letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):x} " for letter in text)
    return f'"{"".join(letters)}"'


def _foot_name(sheet: Sheet, crews: int) -> str:
    return f"{shortened(sheet.crew, FOOT_NAME)}  {sheet.number}/{crews}\n"


def rendered(template: str, plan: PatrolPlan, lang: Lang, **values: Any) -> bytes:
    """Return a page of a plan from its template, with what every page says.

    Parameters
    ----------
    template
        Its file in this folder.
    plan, lang
        The plan, and the language.
    **values
        What the template shows besides.
    """
    # The foot of each printed page stands in CSS, which numbers the pages.
    notice = [one_line(line) for line in (plan.notice or "").splitlines()]
    credits_ = [phrase("map_data", lang, whose=one_line(plan.attribution)), one_line(plan.created_with)]
    foot = [phrase("secret", lang), *notice, *credits_]
    page = filter(None, phrase("page", lang, page="\0page\0", pages="\0pages\0").split("\0"))
    text = (
        _templates()
        .get_template(template)
        .render(
            lang=lang,
            p=partial(phrase, lang=lang),
            label=label,
            night=fitted(night_name(plan)),
            notice=notice,
            closed=list(closed_lines(plan, lang, fitted)),
            is_sweeping=plan.objective.goal == "presence",
            credits=[line for line in credits_ if line],
            foot_css=css_string("  ".join(line for line in foot if line)),
            page_css=" ".join(
                f"counter({part})" if part in ("page", "pages") else css_string(part) for part in page if part
            ),
            tones=SHEET_TONES,
            road_grey=THIN_ROAD_GREY,
            lane_grey=THIN_LANE_GREY,
            notice_ground=NOTICE_GROUND,
            fonts=", ".join(f'"{family}"' for family in (*LATIN, *FAMILIES)) + ", sans-serif",
            **values,
        )
    )
    return text.encode("utf-8", errors="replace")


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    loader = jinja2.PackageLoader("patrolroute.output.sheets", ".")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
"""What the browsers are called on the search path."""

WINDOWS = (
    "Microsoft/Edge/Application/msedge.exe", "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
)  # fmt: skip
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps", "--no-pings",
    "--disable-domain-reliability", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
    "--disable-dev-shm-usage",
)  # fmt: skip
"""Without a window, and without a request to anybody: no name of a host can be looked up.
Containers give little shared memory (``/dev/shm``), so that files are used instead."""

PATIENCE_S = 300
"""A hundred sheets take some twenty seconds; a browser that takes longer than this hangs."""


def find_browser() -> str | None:
    """Look for a browser that prints PDF: on the search path, then where Windows and macOS keep it; None if none."""
    known = (shutil.which(name) for name in NAMES)
    return next((found for found in known if found), None) or next(
        (str(path) for path in _usual_places() if path.is_file()), None
    )


def pdf_of(page: bytes) -> bytes:
    """Print a page of HTML as PDF.

    Raises
    ------
    OutputError
        If there is no such browser or it fails; the page itself can still be printed from any browser.
    """
    browser = find_browser()
    if browser is None:
        raise OutputError(
            "pdf: no Chromium, Chrome or Edge found on this computer; "
            "open the HTML page in any browser and print it, or save it as PDF there"
        )
    with tempfile.TemporaryDirectory(prefix="patrolroute-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_bytes(page)
        last = _run([browser, *_flags(folder / "profile"), f"--print-to-pdf={target}", source.as_uri()])
        if not target.is_file():
            raise OutputError(f"pdf: {browser} printed nothing: {last or 'it gave no reason'}")
        return target.read_bytes()


def _run(command: list[str]) -> str:
    """Run a command and return the last line that it wrote."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)  # noqa: S603 - a list, no shell
    except subprocess.TimeoutExpired as error:
        raise OutputError(f"pdf: {command[0]} did not end within {PATIENCE_S} s") from error
    except OSError as error:
        raise OutputError(f"pdf: {command[0]} cannot be started: {error.strerror or error}") from error
    lines = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _flags(profile: Path) -> Iterator[str]:
    yield from FLAGS
    yield f"--user-data-dir={profile}"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield "--no-sandbox"  # a Chromium that runs as root refuses to start with its sandbox


def _usual_places() -> Iterator[Path]:
    roots = [root for variable in WINDOWS_ROOTS if (root := os.environ.get(variable))]
    yield from (Path(root) / place for place in WINDOWS for root in roots)
    yield from map(Path, MACOS)

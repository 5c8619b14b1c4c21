"""The pages in HTML: whole in themselves, nothing is fetched, nothing acts, whatever a crew or a street is called."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import jinja2

from patrolroute.dates import day
from patrolroute.output.directions_words import distance
from patrolroute.output.fonts import FAMILIES, one_line, shortened
from patrolroute.output.picture.list import local
from patrolroute.output.picture.scene import Scene
from patrolroute.output.sheets.board import Board
from patrolroute.output.sheets.chart import Atlas
from patrolroute.output.sheets.crews import Desk, Sheet
from patrolroute.output.sheets.words import phrase, plain
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import LEG_KINDS, Lang, label, require_lang

LATIN = ("Arial", "Helvetica Neue", "Liberation Sans")
"""Fonts for figures and Latin letters, narrower than those of Chinese fonts."""

FOOT_NAME = 18
"""Half-width letters of a crew's name beside the page number."""

COUNTERS = ("page", "pages")
"""What CSS calls the number of the page and of all pages."""


def sheets_html(plan: PatrolPlan, lang: Lang = "zh") -> bytes:
    """Give the order sheets of all crews as one page of HTML in UTF-8.

    Raises
    ------
    InputError
        If there is no such language.
    """
    require_lang(lang)
    atlas = Atlas(Scene(plan))
    sheets = list(Desk(plan, lang, atlas).sheets())
    return _rendered(
        "sheets.html.jinja",
        plan,
        lang,
        sheets=sheets,
        page_of={sheet.number: css_string(_foot_name(sheet, len(sheets))) for sheet in sheets},
        main_roads=atlas.main_roads,
        lanes=atlas.lanes,
        far=lambda metres: distance(metres, lang),
    )


def commander_html(plan: PatrolPlan, lang: Lang = "zh") -> bytes:
    """Give the commander's sheet as one page of HTML in UTF-8.

    Raises
    ------
    InputError
        If there is no such language.
    """
    require_lang(lang)
    closed = plan.settings.get("closed")
    names = map(plain, map(str, closed if isinstance(closed, (list, tuple)) else ()))
    begin, end = (local(moment, plan.timezone) for moment in plan.window)
    return _rendered(
        "commander.html.jinja",
        plan,
        lang,
        board=Board(plan, lang),
        when=f"{day(begin, lang)} {begin:%H:%M}–{end:%H:%M}",
        closed=", ".join(names),
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


def _rendered(template: str, plan: PatrolPlan, lang: Lang, **values: Any) -> bytes:
    said = partial(phrase, lang=lang)
    notice = [one_line(line) for line in (plan.notice or "").splitlines()]
    credits_ = [phrase("map_data", lang, whose=one_line(plan.attribution)), one_line(plan.created_with)]
    foot = [phrase("secret", lang), *notice, *credits_]
    page = filter(None, phrase("page", lang, page="\0page\0", pages="\0pages\0").split("\0"))
    text = (
        _templates()
        .get_template(template)
        .render(
            lang=lang,
            p=said,
            label=label,
            night=plain(str(plan.settings.get("night") or "")),
            notice=notice,
            credits=[line for line in credits_ if line],
            foot_css=css_string("  ".join(line for line in foot if line)),
            page_css=" ".join(
                f"counter({part})" if part in ("page", "pages") else css_string(part) for part in page if part
            ),
            fonts=", ".join(f'"{family}"' for family in (*LATIN, *FAMILIES)) + ", sans-serif",
            **values,
        )
    )
    return text.encode("utf-8", errors="replace")


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.PackageLoader("patrolroute.output.sheets", ".")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

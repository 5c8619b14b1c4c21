"""A review in words, and as a page that opens by double click."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

from patrolroute.base.text import span, width_of
from patrolroute.base.vocabulary import Lang
from patrolroute.live.review_tables import (
    Table,
    besides_table,
    cell_text,
    crew_table,
    doubt_table,
    is_sure,
    measure_table,
    notes,
    notice_of,
    order_table,
    orders_line,
    others,
    street_rows,
)
from patrolroute.live.review_words import WORDS

if TYPE_CHECKING:
    from patrolroute.live.review import Review

MOST_LINES = 40
"""Orders and streets that the text names; page and workbook have all."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Content Security Policy: the page asks nobody for anything, and runs nothing."""

STYLE = """
body { font: 15px/1.5 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif;
  margin: 24px auto; max-width: 1100px; padding: 0 16px; color: #222; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 28px; border-bottom: 2px solid #1f3a5f; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { background: #1f3a5f; color: #fff; text-align: left; font-weight: normal; }
th, td { border: 1px solid #ccc; padding: 3px 6px; }
tr.weak td { color: #666; font-style: italic; }
tr.missed td { background: #fde8e4; } tr.partly td { background: #fff4d6; }
p.notice { background: #fff4d6; padding: 4px 8px; } li { margin: 2px 0; }
@media print { body { max-width: none; margin: 0; } tr { break-inside: avoid; } }
"""


def heading(review: Review, lang: Lang) -> str:
    """Return what is reviewed."""
    plan = review.plan
    zone = plan.window[0].tzinfo
    return f"{WORDS.say('title', lang)}  {span(plan.window[0], plan.window[1].astimezone(zone), lang)}"


def summary(review: Review, lang: Lang) -> str:
    """Return a review in words."""
    return "\n".join(_lines(review, lang))


def _lines(review: Review, lang: Lang) -> Iterator[str]:
    yield heading(review, lang)
    yield ""
    yield orders_line(review, lang)
    for table in (measure_table(review, lang), crew_table(review, lang), order_table(review, lang, only_others=True)):
        yield ""
        yield f"— {WORDS.say(table.key, lang)} —"
        yield from _as_text(table, lang) if table.rows else [WORDS.say("all_made", lang)]
    besides = besides_table(review, lang)
    yield ""
    yield f"— {WORDS.say('besides', lang)} —"
    yield from _as_text(besides, lang) if besides.rows else [WORDS.say("no_besides", lang)]
    yield ""
    yield f"— {WORDS.say('doubts', lang)} —"
    doubts = doubt_table(review, lang)
    yield from (f"{crew}：{said}" if lang == "zh" else f"{crew}: {said}" for crew, said in doubts.rows)
    if not doubts.rows:
        yield WORDS.say("no_doubts", lang)
    yield ""
    yield from notes(review, lang)
    yield from notice_of(review.plan)


def _as_text(table: Table, lang: Lang) -> Iterator[str]:
    """Yield the lines of a table, its columns below one another."""
    shown = [[*table.titles]]
    shown += [[cell_text(cell, is_share=at in table.shares) for at, cell in enumerate(row)] for row in table.rows]
    more = len(shown) - 1 - MOST_LINES
    shown = shown[: MOST_LINES + 1]
    widths = [max(width_of(row[at]) for row in shown) for at in range(len(table.titles))]
    for row in shown:
        yield "  ".join(cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
    if more > 0:
        yield WORDS.say("more", lang, n=more)


def page(review: Review, lang: Lang) -> str:
    """Return a review as one HTML file that asks nobody for anything."""
    body = "\n".join(_parts(review, lang))
    name = html.escape(heading(review, lang))
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n{body}\n</body>\n</html>\n"
    )


def _parts(review: Review, lang: Lang) -> Iterator[str]:
    for line in notice_of(review.plan)[:1] if review.plan.notice else ():
        yield f'<p class="notice">{html.escape(line)}</p>'
    yield f"<p>{html.escape(orders_line(review, lang))}</p>"
    yield from _as_html(measure_table(review, lang), lang)
    yield from _as_html(crew_table(review, lang), lang)
    kinds = [one.status if is_sure(one) else "weak" for one in others(review)]
    yield from _as_html(order_table(review, lang, only_others=True), lang, kinds=kinds, empty="all_made")
    yield from _as_html(besides_table(review, lang), lang, empty="no_besides")
    yield from _as_html(doubt_table(review, lang), lang, empty="no_doubts")
    yield from _as_html(street_rows(review, lang), lang)
    yield f"<h2>{html.escape(WORDS.say('notes', lang))}</h2>\n<ul>"
    for line in (*notes(review, lang), *notice_of(review.plan)):
        yield f"<li>{html.escape(line)}</li>"
    yield "</ul>"


def _as_html(table: Table, lang: Lang, *, kinds: list[str] | None = None, empty: str = "") -> Iterator[str]:
    yield f"<h2>{html.escape(WORDS.say(table.key, lang))}</h2>"
    if not table.rows and empty:
        yield f"<p>{html.escape(WORDS.say(empty, lang))}</p>"
        return
    yield "<table>\n<tr>" + "".join(f"<th>{html.escape(title)}</th>" for title in table.titles) + "</tr>"
    for number, row in enumerate(table.rows):
        cells = (html.escape(cell_text(cell, is_share=at in table.shares)) for at, cell in enumerate(row))
        look = "" if kinds is None else f' class="{kinds[number]}"'
        yield f"<tr{look}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</table>"

"""One overview of a province's night: words, table, workbook, page."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.base.extras import is_missing
from patrolroute.base.files import write_all
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import STAMPS, Datum, Lang
from patrolroute.network.coordinates import from_wgs84
from patrolroute.output.tables import Cell, csv_bytes
from patrolroute.output.workbook import Sheet, workbook_bytes
from patrolroute.province.drawing import drawing
from patrolroute.province.words import WORDS

if TYPE_CHECKING:
    from patrolroute.province.lend import Lending
    from patrolroute.province.model import BureauNight, Province

TABLE, BOOK, PAGE, TEXT = "province.csv", "province.xlsx", "province.html", "province.txt"
"""Names of the files."""

MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When a workbook says that it was made: always the same, so that equal nights give equal files."""

KM = 1000

COLUMNS = (
    "bureau", "status", "night", "begin", "end", "crews", "tasks", "required_missed", "short", "seen", "points", "gap",
    "km", "lon", "lat", "folder", "remark",
)  # fmt: skip
SHARES = frozenset({"seen", "points", "gap", "seen_lender", "seen_borrower", "points_lender", "points_borrower"})
LEND_COLUMNS = (
    "lender", "borrower", "required_change", "seen_lender", "seen_borrower", "points_lender", "points_borrower",
)  # fmt: skip

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Content Security Policy: the page asks nobody for anything, and runs nothing."""

STYLE = """
body { font: 15px/1.5 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif;
  margin: 24px auto; max-width: 1200px; padding: 0 16px; color: #222; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 28px; border-bottom: 2px solid #1f3a5f; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { background: #1f3a5f; color: #fff; text-align: left; font-weight: normal; }
th, td { border: 1px solid #ccc; padding: 3px 6px; }
tr.missed td { background: #fde8e4; } tr.not td { background: #eee; color: #555; }
p.notice { background: #fff4d6; padding: 4px 8px; } svg { width: 100%; height: auto; border: 1px solid #ccc; }
@media print { body { max-width: none; margin: 0; } tr { break-inside: avoid; } }
"""


def save(
    province: Province, folder: Path, *, lang: Lang = "zh", crs: Datum = "wgs84", lending: Sequence[Lending] = ()
) -> tuple[Path, ...]:
    """Write every file of the overview, all of them or none; see `Province.save`."""
    require_lang(lang)
    rows = [[cell for cell, _ in row] for row in _rows(province, lang, crs)]
    files = {
        TEXT: (summary(province, lang, lending) + "\n").encode("utf-8", "backslashreplace"),
        TABLE: csv_bytes([_titles(COLUMNS, lang, crs), *rows], _foot(province, crs)),
        PAGE: page(province, lang, lending).encode("utf-8", "backslashreplace"),
    }
    if not is_missing("xlsxwriter"):
        files[BOOK] = _workbook(province, lang, crs, lending)
    return write_all(folder, files)


def summary(province: Province, lang: Lang, lending: Sequence[Lending] = ()) -> str:
    """Return the province's night in words."""
    return "\n".join([WORDS.say("title", lang), *_lines(province, lang, lending)])


def _lines(province: Province, lang: Lang, lending: Sequence[Lending]) -> Iterator[str]:
    yield from heading(province, lang)
    yield ""
    for night in province.done:
        yield WORDS.say(
            "line", lang, name=night.name, crews=night.crews, seen=share(night.seen),
            points=share(night.points_share), missed=night.required_missed,
        )  # fmt: skip
    yield from _not_done(province, lang)
    yield from _lent(lending, lang)
    yield ""
    yield from _foot(province)


def heading(province: Province, lang: Lang) -> Iterator[str]:
    """Yield the lines about all nights together."""
    done = province.done
    yield WORDS.say("total", lang, n=len(province), done=len(done), failed=len(province.failed))
    if province.stopped:
        yield WORDS.say("stopped_early", lang)
    if not done:
        return
    weights = [(night.crews, night.seen) for night in done if night.seen is not None]
    crews = sum(crew for crew, _ in weights)
    seen = sum(crew * value for crew, value in weights) / crews if crews else None
    km = f"{sum(night.length_m for night in done) / KM:.0f}"
    yield WORDS.say("sums", lang, crews=sum(night.crews for night in done), km=km, seen=share(seen))
    missed = [night for night in done if night.required_missed]
    if missed:
        names = WORDS.say("comma", lang).join(night.name for night in missed)
        yield WORDS.say("missed", lang, n=sum(night.required_missed for night in missed), bureaus=names)
    else:
        yield WORDS.say("none_missed", lang)
    for night in done:
        if night.lost:
            yield WORDS.say("died", lang, name=night.name, n=len(night.lost))


def _not_done(province: Province, lang: Lang) -> Iterator[str]:
    if province.failed:
        yield ""
        yield f"— {WORDS.say('not_done', lang)} —"
    for night in province.failed:
        why = WORDS.say("semicolon", lang).join(night.said(lang))
        yield WORDS.say(
            "why", lang, name=night.name, status=WORDS.say(night.status, lang),
            why=why and WORDS.say("colon", lang) + why,
        )  # fmt: skip


def _lent(lending: Sequence[Lending], lang: Lang) -> Iterator[str]:
    if not lending:
        return
    yield ""
    yield f"— {WORDS.say('lend_title', lang)} —"
    yield WORDS.say("lend_how", lang)
    for row in lending:
        yield WORDS.say(
            "lend_line", lang, lender=row.lender, borrower=row.borrower, required=f"{row.required_change:+d}",
            a=share(row.seen_lender, sign=True), b=share(row.seen_borrower, sign=True),
        )  # fmt: skip


def share(value: float | None, *, sign: bool = False) -> str:
    """Return a share as people read it; changes with their sign, in points of a hundredth."""
    if value is None:
        return WORDS.say("no_figure", "zh")
    return f"{100 * value:+.1f}%" if sign else f"{100 * value:.1f}%"


def _titles(columns: Sequence[str], lang: Lang, crs: Datum = "wgs84") -> list[str]:
    return [WORDS.say(name, lang).format(datum=STAMPS[crs]) for name in columns]


def _rows(province: Province, lang: Lang, crs: Datum) -> Iterator[list[tuple[Cell, str]]]:
    """Yield a row for each night: cells with their looks in a workbook."""
    for night in province:
        lon, lat = (None, None) if night.place is None else _in_datum(night.place, crs)
        remark = WORDS.say("semicolon", lang).join(night.said(lang))
        done = night.is_done
        cells: tuple[tuple[Cell, str], ...] = (
            (night.name, "text"), (WORDS.say(night.status, lang), "text"), (night.night, "text"),
            (night.begin, "moment"), (night.end, "moment"), (night.crews if done else None, "count"),
            (night.tasks if done else None, "count"), (night.required_missed if done else None, "count"),
            (night.tasks_short if done else None, "count"), (night.seen, "share"), (night.points_share, "share"),
            (night.bound_share, "share"), (night.length_m / KM if done else None, "kilometres"), (lon, "degrees"),
            (lat, "degrees"), (_below(night), "text"), (remark, "text"),
        )  # fmt: skip
        yield list(cells)


def _below(night: BureauNight) -> str:
    """Return the folder of a night, as it is called below that of the province."""
    return "" if night.folder is None else night.folder.name


def _in_datum(place: tuple[float, float], crs: Datum) -> tuple[float, float]:
    lon, lat = from_wgs84(place[0], place[1], crs)
    return round(float(lon), 6), round(float(lat), 6)


def _foot(province: Province, crs: Datum | None = None) -> list[str]:
    """Return what all that is handed out says of itself."""
    said = dict.fromkeys(line for night in province.done for line in (*night.notice.splitlines(), night.attribution))
    return [*filter(None, said), *([] if crs is None else [STAMPS[crs]])]


def _workbook(province: Province, lang: Lang, crs: Datum, lending: Sequence[Lending]) -> bytes:
    rows = [[value if value is None else (value, look) for value, look in row] for row in _rows(province, lang, crs)]
    sheets = [Sheet(WORDS.say("sheet", lang), _titles(COLUMNS, lang, crs), rows)]
    if lending:
        lent = [
            [(value, "share") if name in SHARES and value is not None else value for name, value in _lend_cells(row)]
            for row in lending
        ]
        sheets.append(Sheet(WORDS.say("lend_sheet", lang), _titles(LEND_COLUMNS, lang), lent, 2))
    about = _foot(province, crs)
    return workbook_bytes(sheets, title=WORDS.say("title", lang), about=about, made=MADE)


def _lend_cells(row: Lending) -> list[tuple[str, str | int | float | None]]:
    return [(name, getattr(row, name)) for name in LEND_COLUMNS]


def page(province: Province, lang: Lang, lending: Sequence[Lending] = ()) -> str:
    """Return the overview as one HTML file that asks nobody for anything."""
    name, body = html.escape(WORDS.say("title", lang)), "\n".join(_parts(province, lang, lending))
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n{body}\n</body>\n</html>\n"
    )


def _parts(province: Province, lang: Lang, lending: Sequence[Lending]) -> Iterator[str]:
    for line in _foot(province):
        yield f'<p class="notice">{html.escape(line)}</p>'
    for line in heading(province, lang):
        yield f"<p>{html.escape(line)}</p>"
    drawn = drawing(province.done)
    if drawn:
        yield drawn
        yield f"<p>{html.escape(WORDS.say('legend', lang))}</p>"
    kinds = ["" if night.is_done and not night.required_missed else "missed" if night.is_done else "not"
             for night in province]  # fmt: skip
    shown = [name for name in COLUMNS if name not in ("lon", "lat", "folder")]
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(province, lang, "wgs84")]
    yield _table(_titles(shown, lang), [[_shown(*row[name]) for name in shown] for row in rows], kinds)
    if lending:
        yield f"<h2>{html.escape(WORDS.say('lend_title', lang))}</h2>"
        yield f"<p>{html.escape(WORDS.say('lend_how', lang))}</p>"
        cells = [
            [_changed(value) if name in SHARES else str(value) for name, value in _lend_cells(row)] for row in lending
        ]
        yield _table(_titles(LEND_COLUMNS, lang), cells, [""] * len(cells))


def _changed(value: str | float | None) -> str:
    """Return a change of a share as the page shows it."""
    return share(None if value is None else float(value), sign=True)


def _shown(value: Cell, look: str) -> str:
    """Return a cell as the page shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%m-%d %H:%M}"
    if look == "share":
        return f"{100 * float(str(value)):.1f}%"
    return f"{float(str(value)):.1f}" if look == "kilometres" else str(value)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]], kinds: Sequence[str]) -> str:
    head = "".join(f"<th>{html.escape(title)}</th>" for title in titles)
    body = "\n".join(
        f'<tr class="{kind}">' + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row, kind in zip(rows, kinds, strict=True)
    )
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"

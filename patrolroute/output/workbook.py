"""The night as one workbook that Excel opens: crews, stops, streets and how they are seen, what is left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from patrolroute.base.extras import require
from patrolroute.base.files import write_one
from patrolroute.base.text import clock_text, is_repeated, label, later, plain, require_lang, width_of
from patrolroute.base.vocabulary import LEG_KINDS, Datum, Lang
from patrolroute.metrics import METRICS
from patrolroute.metrics.context import PlanMeasures
from patrolroute.metrics.presence import sighting
from patrolroute.output.looks.clock import in_datum, stamp
from patrolroute.output.looks.duty import dated
from patrolroute.output.looks.names import PlaceNames, junction_names
from patrolroute.output.streets import StreetSeen, StreetTable, street_table
from patrolroute.output.tables import LEFT_OUT, STOPS, YES, left_out_rows, stop_rows, stop_titles, with_datum
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Route

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from patrolroute.metrics.context import Metric
    from patrolroute.plan.records import PlannedCrew, PlannedTask


Value: TypeAlias = str | int | float | dt.datetime | dt.timedelta | None
Cell: TypeAlias = Value | tuple[Value, str]

LONGEST_TEXT = 32_767
"""Letters that a cell holds."""

NARROWEST, WIDEST = 6, 48
"""Half-width letters of a column; what is longer is seen when the cell is chosen."""

FONT = "Microsoft YaHei"
"""Comes with every Chinese Windows; elsewhere the office program takes its own."""

A4 = 9
"""Excel's number of the paper size."""

LOOKS = {
    "text": "@",
    "count": "0",
    "minutes": "0.0",
    "kilometres": "0.00",
    "degrees": "0.000000",
    "share": "0.0%",
    "ratio": "0.00",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "duration": "[h]:mm:ss",
}
"""Number formats by what a column holds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    name
        At most 31 letters.
    titles
        Of the columns.
    rows
        Their cells; moments are aware and written as the clock of their zone shows them. A cell may bring one of
        `LOOKS`, ``(value, look)``, else its type tells.
    fixed
        Columns that stay in view when the sheet is scrolled sideways.
    """

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    fixed: int = 1


def workbook_bytes(sheets: Sequence[Sheet], *, title: str, about: Sequence[str], made: dt.datetime) -> bytes:
    """Write a workbook.

    Parameters
    ----------
    sheets
        In their order; a filter and frozen titles on each.
    title
        Of the file's properties.
    about
        Lines of the file's stamp, put into its properties.
    made
        Aware moment for the file's properties; the same one gives the same bytes.
    """
    require("a workbook", "xlsxwriter")
    from xlsxwriter import Workbook

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(file, options)
    book.set_properties(
        {"title": plain(title), "comments": "\n".join(about), "created": made.astimezone(dt.UTC).replace(tzinfo=None)}
    )
    formats = _formats(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return file.getvalue()


def _formats(book: Workbook) -> dict[str, Any]:
    plain_look = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
    formats = {look: book.add_format(plain_look | {"num_format": code}) for look, code in LOOKS.items()}
    head = {"bold": True, "bg_color": "#1f3a5f", "font_color": "#ffffff", "border": 1, "border_color": "#ffffff"}
    return formats | {"title": book.add_format(plain_look | head | {"text_wrap": True})}


def _write(page: Worksheet, sheet: Sheet, formats: dict[str, Any]) -> None:
    for column, title in enumerate(sheet.titles):
        page.write_string(0, column, title, formats["title"])
        cells = [_with_look(row[column]) for row in sheet.rows]
        for number, (value, look) in enumerate(cells, start=1):
            _cell(page, (number, column), value, formats[look])
        widest = max((_width(value, look) for value, look in cells), default=0)
        page.set_column(column, column, min(WIDEST, max(NARROWEST, widest, width_of(title)) + 2))
    page.autofilter(0, 0, len(sheet.rows), len(sheet.titles) - 1)
    page.freeze_panes(1, sheet.fixed)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _with_look(cell: Cell) -> tuple[Value, str]:
    match cell:
        case tuple():
            return cell
        case dt.datetime():
            return cell, "moment"
        case dt.timedelta():
            return cell, "duration"
        case float():
            return cell, "minutes"
        case int():
            return cell, "count"
    return cell, "text"


def _cell(page: Worksheet, place: tuple[int, int], value: Value, look: Any) -> None:
    """Write one cell by its type; a text stays a text whatever it begins with."""
    match value:
        case None:
            page.write_blank(*place, None, look)
        case str():
            page.write_string(*place, plain(value)[:LONGEST_TEXT], look)
        case dt.datetime() if is_repeated(value):
            page.write_string(*place, clock_text(value, "%Y-%m-%d %H:%M:%S"), look)
        case dt.datetime():
            page.write_datetime(*place, value.replace(tzinfo=None), look)
        case dt.timedelta():
            page.write_datetime(*place, value, look)
        case _:
            page.write_number(*place, value, look)


def _width(value: Value, look: str) -> int:
    """Return the half-width letters that a cell takes."""
    match value:
        case None:
            return 0
        case str():
            return max(map(width_of, value.split("\n")))
        case dt.datetime() | dt.timedelta():
            return len(LOOKS[look].strip("[]"))
    return 1 + len(f"{value:.{LOOKS[look].count('0') - 1}f}")


NAMES: dict[Lang, tuple[str, ...]] = {
    "zh": ("车组", "路线", "路段与场所", "各街见警", "指标", "未完成", "说明"),
    "en": ("crews", "stops", "streets", "streets seen", "measures", "left out", "about"),
}
"""Of the sheets, in their order."""

CREWS: dict[Lang, tuple[str, ...]] = {
    "zh": (
        "车组", "方式", "班次开始", "班次结束", "出发", "返回", "公里", "途中", "巡逻（正常车速）", "巡逻", "驻点",
        "备勤", "休息", "计次巡逻", "集结点经度({datum})", "集结点纬度({datum})", "返回点经度({datum})",
        "返回点纬度({datum})", "集结点", "返回点",
    ),
    "en": (
        "crew", "mode", "shift begins", "shift ends", "leaves", "returns", "km", "deadhead", "pass", "patrol", "dwell",
        "wait", "break", "counted visits", "depot longitude ({datum})", "depot latitude ({datum})",
        "end longitude ({datum})", "end latitude ({datum})", "depot", "end",
    ),
}  # fmt: skip

STREETS: dict[Lang, tuple[str, ...]] = {
    "zh": (
        "名称", "任务", "类型", "优先级", "必巡", "米", "要求次数", "完成次数", "经过次数", "首次经过", "末次经过",
        "最长空档", "15分钟见警率", "停靠道路",
    ),
    "en": (
        "name", "task", "kind", "priority", "required", "metres", "visits wanted", "visits done", "passes",
        "first pass", "last pass", "worst idleness", "seen within 15 min",
        "stops on",
    ),
}  # fmt: skip

SEEN: dict[Lang, tuple[str, ...]] = {
    "zh": (
        "道路", "优先级", "必巡", "段数", "公里", "见警率", "最长空档", "空档开始", "空档结束", "空档所在路段",
        "补巡趟数", "补巡行车", "全程无人路段",
    ),
    "en": (
        "street", "priority", "required", "sections", "km", "seen within 15 min", "longest alone", "alone from",
        "alone until", "section left alone", "further drives", "their driving", "sections never passed",
    ),
}  # fmt: skip

SEEN_FROM: dict[Lang, tuple[str, str]] = {
    "zh": ("{clock} 起巡经次数", "{clock} 起最长空档"),
    "en": ("passes from {clock}", "longest alone from {clock}"),
}
"""Titles of two columns for each half hour: passes of each spot, on average, and the longest gap that reaches into it.
"""

MEASURES: dict[Lang, tuple[str, ...]] = {
    "zh": ("指标", "数值", "较好", "名", "公式"),
    "en": ("measure", "value", "better", "name", "formula"),
}

BETTER = {"zh": {"higher": "越高越好", "lower": "越低越好"}, "en": {"higher": "higher", "lower": "lower"}}

UNIT_LOOKS = {"share": "share", "s": "duration", "min": "duration", "km": "kilometres"}
"""How a measure is shown by its unit; any other is a ratio."""


def write_xlsx(plan: PatrolPlan, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
    """Write the workbook, whole or not at all.

    Parameters
    ----------
    plan
        The plan.
    path, lang, crs
        As in `patrolroute.PatrolPlan.to_xlsx`.

    Raises
    ------
    InputError
        If there is no such language or datum.
    OutputError
        If the file cannot be written.
    """
    require_lang(lang)
    return write_one(Path(path), xlsx_bytes(in_datum(plan, crs), lang, crs))


def xlsx_bytes(plan: PatrolPlan, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Return the workbook.

    Parameters
    ----------
    plan
        The plan, in the coordinates of ``datum``; see `patrolroute.output.looks.clock.in_datum`.
    lang
        Of the words.
    datum
        Of the coordinates; the titles of their columns name it.
    """
    night = PlanMeasures(plan)
    crews, stops, streets, seen, measures, left_out, about = NAMES[lang]
    table = street_table(plan)
    lines = stamp(plan, lang, datum)
    sheets = [
        Sheet(crews, [*with_datum(CREWS[lang], datum), *_staff_titles(plan, lang)], list(_crews(plan, lang))),
        Sheet(stops, stop_titles(lang, datum), list(_stops(plan, lang, datum)), fixed=2),
        Sheet(streets, STREETS[lang], [list(_street(night, task, lang)) for task in plan.tasks]),
        Sheet(seen, _seen_titles(table, lang), [list(_seen(table, street, lang)) for street in table.streets]),
        Sheet(measures, MEASURES[lang], list(_measures(plan, lang))),
        Sheet(left_out, LEFT_OUT[lang], list(left_out_rows(plan, lang)), fixed=2),
        Sheet(about, [about], [[line] for text in lines for line in text.split("\n")], fixed=0),
    ]
    return workbook_bytes(sheets, title=dated(plan, lang), about=lines, made=plan.window[0])


def _crews(plan: PatrolPlan, lang: Lang) -> Iterator[list[Cell]]:
    routes, musters = {route.crew: route for route in plan.routes}, PlaceNames(plan, lang)
    for crew in plan.crews:
        route = routes.get(crew.id, Route(crew.id, crew.start, crew.start))
        own = {} if crew.staff is None else crew.staff.by_word
        listed = {"zh": "、", "en": ", "}[lang]
        staff = [listed.join(own.get(word, ())) for word in _staff_words(plan)]
        yield [*_crew(crew, route, lang), *musters.ends(crew), *staff]


def _staff_titles(plan: PatrolPlan, lang: Lang) -> list[str]:
    return [label(word, lang) for word in _staff_words(plan)]


def _staff_words(plan: PatrolPlan) -> list[str]:
    """Return what was said of who goes out with any crew."""
    return list(dict.fromkeys(word for crew in plan.crews if crew.staff is not None for word in crew.staff.by_word))


def _crew(crew: PlannedCrew, route: Route, lang: Lang) -> Iterator[Cell]:
    yield crew.id
    yield label(crew.mode, lang)
    yield crew.start
    yield crew.end
    yield route.start if route.legs else None
    yield route.end if route.legs else None
    yield route.length_m / 1000, "kilometres"
    for kind in LEG_KINDS:
        yield dt.timedelta(seconds=sum(leg.duration_s for leg in route.legs if leg.kind == kind))
    yield sum(leg.counted for leg in route.legs)
    for spot in (crew.depot, crew.end_depot):
        yield round(spot.lon, 6), "degrees"
        yield round(spot.lat, 6), "degrees"


def _stops(plan: PatrolPlan, lang: Lang, datum: Datum) -> Iterator[list[Cell]]:
    """Yield the rows of ``stops.csv`` with a number format where the type does not tell."""
    looks = {"km": "kilometres", "end longitude ({datum})": "degrees", "end latitude ({datum})": "degrees"}
    columns = {STOPS["en"].index(title): look for title, look in looks.items()}
    for row in stop_rows(plan, lang, datum):
        yield [(cell, columns[number]) if number in columns else cell for number, cell in enumerate(row)]


def _street(night: PlanMeasures, task: PlannedTask, lang: Lang) -> Iterator[Cell]:
    passes, gaps = night.passes[task.id], night.gaps[task.id]
    begin = night.plan.window[0]
    yield task.name or label("unnamed", lang)
    yield task.id
    yield label(task.category, lang)
    yield task.priority
    yield YES[lang] if task.required else ""
    yield round(night.length_m[task.id]) if task.kind == "street" else None
    yield task.visits_wanted
    yield task.visits_done
    yield len(passes)
    yield later(begin, passes[0].begin_s) if passes else None
    yield later(begin, passes[-1].begin_s) if passes else None
    yield dt.timedelta(seconds=max(gaps)) if gaps else None
    seen = task.kind == "street" and gaps and night.window_s > 0
    yield (sighting(gaps, night.window_s), "share") if seen else None
    network = night.plan.networks.get(task.mode)
    if network is None or task.node is None:
        yield None
    else:
        yield junction_names(network).streets_at(task.node) or label("unnamed", lang)


def _seen_titles(table: StreetTable, lang: Lang) -> list[str]:
    clocks = list(table.titles())
    return [*SEEN[lang], *(title.format(clock=clock) for title in SEEN_FROM[lang] for clock in clocks)]


def _seen(table: StreetTable, street: StreetSeen, lang: Lang) -> Iterator[Cell]:
    longest = street.longest
    yield street.name(lang)
    yield street.priority
    yield YES[lang] if street.is_required else ""
    yield len(street.tasks)
    yield street.length_m / 1000, "kilometres"
    yield street.seen, "share"
    yield None if longest is None else dt.timedelta(seconds=longest.length_s)
    yield None if longest is None else table.moment(longest.begin_s)
    yield None if longest is None else table.moment(longest.end_s)
    yield "" if longest is None else table.ends(longest.task, lang)
    yield street.missing
    yield dt.timedelta(seconds=street.extra_s)
    yield len(street.never)
    yield from ((passes, "minutes") for passes in street.passes)
    yield from (dt.timedelta(seconds=alone) for alone in street.alone)


def _measures(plan: PatrolPlan, lang: Lang) -> Iterator[list[Cell]]:
    for name, metric in METRICS.items():
        formula = " ".join(metric.formula.split())
        value = _measured(metric, plan.metrics.get(name))
        yield [metric.label(lang), value, BETTER[lang][metric.better], name, formula]


def _measured(metric: Metric, value: float | None) -> Cell:
    seconds = {"s": 1, "min": 60}.get(metric.unit)
    shown: Value = dt.timedelta(seconds=value * seconds) if value is not None and seconds else value
    return shown, UNIT_LOOKS.get(metric.unit, "ratio")

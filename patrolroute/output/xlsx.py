"""The night as one workbook: crews, stops, streets, measures, what is left out, and which plan it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.dates import date
from patrolroute.output.datum import in_datum
from patrolroute.output.files import write_one
from patrolroute.output.muster import Musters
from patrolroute.output.stamp import stamp
from patrolroute.output.tables import LEFT_OUT, STOPS, YES, left_out_rows, stop_rows, stop_titles
from patrolroute.output.workbook import Cell, Sheet, Value, workbook_bytes
from patrolroute.plan.metrics import METRICS
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.metrics.presence import sighting
from patrolroute.plan.parts import Route
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import LEG_KINDS, STAMPS, Datum, Lang, label, require_lang

if TYPE_CHECKING:
    from patrolroute.plan.metrics.book import Metric
    from patrolroute.plan.parts import PlannedCrew, PlannedTask

NAMES: dict[Lang, tuple[str, ...]] = {
    "zh": ("车组", "路线", "路段与场所", "指标", "未完成", "说明"),
    "en": ("crews", "stops", "streets", "measures", "left out", "about"),
}
"""Of the sheets, in their order."""

CREWS: dict[Lang, tuple[str, ...]] = {
    "zh": (
        "车组", "方式", "班次开始", "班次结束", "出发", "返回", "公里", "空驶", "巡逻", "驻点", "等候", "休息",
        "计次巡逻", "集结点经度({datum})", "集结点纬度({datum})", "返回点经度({datum})", "返回点纬度({datum})",
        "集结点", "返回点",
    ),
    "en": (
        "crew", "mode", "shift begins", "shift ends", "leaves", "returns", "km", "deadhead", "patrol", "dwell", "wait",
        "break", "counted visits", "depot longitude ({datum})", "depot latitude ({datum})",
        "end longitude ({datum})", "end latitude ({datum})", "depot", "end",
    ),
}  # fmt: skip

STREETS: dict[Lang, tuple[str, ...]] = {
    "zh": (
        "名称", "任务", "类型", "优先级", "必巡", "米", "要求次数", "完成次数", "经过次数", "首次经过", "末次经过",
        "最长空窗", "15分钟见警率",
    ),
    "en": (
        "name", "task", "kind", "priority", "required", "metres", "visits wanted", "visits done", "passes",
        "first pass", "last pass", "worst idleness", "seen within 15 min",
    ),
}  # fmt: skip

MEASURES: dict[Lang, tuple[str, ...]] = {
    "zh": ("指标", "数值", "较好", "名", "公式"),
    "en": ("measure", "value", "better", "name", "formula"),
}

BETTER = {"zh": {"higher": "越高越好", "lower": "越低越好"}, "en": {"higher": "higher", "lower": "lower"}}

UNIT_LOOKS = {"share": "share", "s": "duration", "min": "duration", "km": "kilometres"}
"""How a measure is shown by its unit; any other is a ratio."""


def write_xlsx(plan: PatrolPlan, path: str | Path, *, lang: Lang = "zh", crs: Datum = "wgs84") -> Path:
    """Write the workbook, whole or not at all.

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
    """Give the workbook; the plan is in the coordinates of ``datum``, which titles of columns name."""
    night = Night(plan)
    crews, stops, streets, measures, left_out, about = NAMES[lang]
    said = stamp(plan, lang, datum)
    sheets = [
        Sheet(crews, [title.format(datum=STAMPS[datum]) for title in CREWS[lang]], list(_crews(plan, lang))),
        Sheet(stops, stop_titles(lang, datum), list(_stops(plan, lang, datum)), fixed=2),
        Sheet(streets, STREETS[lang], [list(_street(night, task, lang)) for task in plan.tasks]),
        Sheet(measures, MEASURES[lang], list(_measures(plan, lang))),
        Sheet(left_out, LEFT_OUT[lang], list(left_out_rows(plan, lang)), fixed=2),
        Sheet(about, [about], [[line] for text in said for line in text.split("\n")], fixed=0),
    ]
    title = f"{label('plan', lang)} {date(plan.window[0], lang)}"
    return workbook_bytes(sheets, title=title, said=said, made=plan.window[0])


def _crews(plan: PatrolPlan, lang: Lang) -> Iterator[list[Cell]]:
    routes, musters = {route.crew: route for route in plan.routes}, Musters(plan, lang)
    for crew in plan.crews:
        route = routes.get(crew.id, Route(crew.id, crew.start, crew.start))
        places = (musters.name(spot, crew.mode) for spot in (crew.depot, crew.end_depot))
        yield [*_crew(crew, route, lang), *places]


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
    """Give the rows of ``stops.csv`` with a number format where the type does not tell."""
    looks = {"km": "kilometres", "end longitude ({datum})": "degrees", "end latitude ({datum})": "degrees"}
    columns = {STOPS["en"].index(title): look for title, look in looks.items()}
    for row in stop_rows(plan, lang, datum):
        yield [(cell, columns[number]) if number in columns else cell for number, cell in enumerate(row)]


def _street(night: Night, task: PlannedTask, lang: Lang) -> Iterator[Cell]:
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
    yield _after(begin, passes[0].begin_s) if passes else None
    yield _after(begin, passes[-1].begin_s) if passes else None
    yield dt.timedelta(seconds=max(gaps)) if gaps else None
    seen = task.kind == "street" and gaps and night.window_s > 0
    yield (sighting(gaps, night.window_s), "share") if seen else None


def _after(begin: dt.datetime, seconds: int) -> dt.datetime:
    """Give the moment some seconds later, as the clocks of the place show it."""
    return (begin.astimezone(dt.UTC) + dt.timedelta(seconds=seconds)).astimezone(begin.tzinfo)


def _measures(plan: PatrolPlan, lang: Lang) -> Iterator[list[Cell]]:
    for name, metric in METRICS.items():
        formula = " ".join(metric.formula.split())
        value = _measured(metric, plan.metrics.get(name))
        yield [metric.label(lang), value, BETTER[lang][metric.better], name, formula]


def _measured(metric: Metric, value: float | None) -> Cell:
    seconds = {"s": 1, "min": 60}.get(metric.unit)
    shown: Value = dt.timedelta(seconds=value * seconds) if value is not None and seconds else value
    return shown, UNIT_LOOKS.get(metric.unit, "ratio")

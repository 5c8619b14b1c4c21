"""Tables that open in Excel by double click, and frames for people who live in notebooks."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import shapely
import shapely.geometry

from patrolroute.base.extras import require
from patrolroute.base.text import clock_text, label, plain
from patrolroute.base.vocabulary import STAMPS, Datum, Lang
from patrolroute.output.itinerary import Entry, itinerary
from patrolroute.output.looks.clock import amap_link, stamp
from patrolroute.output.reasons import given_up, reason, why
from patrolroute.output.streets import StreetSeen, street_table
from patrolroute.output.tracks import task_shape
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Leg
from patrolroute.plan.seen import unfinished

if TYPE_CHECKING:
    import geopandas

    from patrolroute.plan.records import PlannedTask


Cell: TypeAlias = str | int | float | dt.datetime | None

ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins like this is a formula to a spreadsheet."""

STOPS: dict[Lang, list[str]] = {
    "zh": [
        "车组", "序号", "动作", "路段或场所", "从路口", "到路口", "开始", "结束", "分钟", "公里", "必巡", "第几次",
        "要求次数", "终点经度({datum})", "终点纬度({datum})", "高德地图链接",
    ],
    "en": [
        "crew", "number", "action", "street or place", "from junction", "to junction", "begins", "ends", "minutes",
        "km", "required", "visit", "visits wanted", "end longitude ({datum})", "end latitude ({datum})", "AMap link",
    ],
}  # fmt: skip

LEFT_OUT: dict[Lang, list[str]] = {
    "zh": [
        "任务", "名称", "类型", "优先级", "必巡", "要求次数", "完成次数", "未完成分值", "原因", "还需分钟", "加班车组",
        "加班分钟", "让出车组", "让出任务", "让出分值", "可增派（同此车组）", "说明",
    ],
    "en": [
        "task", "name", "kind", "priority", "required", "visits wanted", "visits done", "points forgone", "reason",
        "minutes needed", "crew for overtime", "minutes of overtime", "crew to give up visits", "visits to give up",
        "points to give up", "one more crew like", "detail",
    ],
}  # fmt: skip

YES = {"zh": "是", "en": "yes"}


def stops_csv(plan: PatrolPlan, lang: Lang = "zh", datum: Datum = "wgs84") -> bytes:
    """Return each crew's night, line by line; clock times are in the plan's time zone.

    Parameters
    ----------
    plan
        The plan, in the coordinates of ``datum``; see `patrolroute.output.looks.clock.in_datum`.
    lang
        Of the words.
    datum
        Of the coordinates; the titles of their columns name it.
    """
    return csv_bytes((stop_titles(lang, datum), *stop_rows(plan, lang, datum)), stamp(plan, lang, datum))


def left_out_csv(plan: PatrolPlan, lang: Lang = "zh") -> bytes:
    """Return the tasks that are short of their visits, required ones first, then by worth: why, and what it takes."""
    return csv_bytes((LEFT_OUT[lang], *left_out_rows(plan, lang)), stamp(plan, lang))


def streets_seen(plan: PatrolPlan) -> tuple[StreetSeen, ...]:
    """Return how each street is seen, the one first that is left alone longest, times its priority."""
    return street_table(plan).streets


def stop_titles(lang: Lang, datum: Datum) -> list[str]:
    """Return the titles of `stop_rows`."""
    return with_datum(STOPS[lang], datum)


def with_datum(titles: Iterable[str], datum: Datum) -> list[str]:
    """Return titles of columns; those of coordinates name the datum."""
    return [title.format(datum=STAMPS[datum]) for title in titles]


def stop_rows(plan: PatrolPlan, lang: Lang, datum: Datum) -> Iterator[list[Cell]]:
    """Yield the rows of each crew's night; see `stops_csv`.

    Parameters
    ----------
    plan
        The plan, in the coordinates of ``datum``.
    lang
        Of the words.
    datum
        Of the coordinates.
    """
    nights = itinerary(plan)
    for route in plan.routes:
        for entry in nights.entries(route.crew):
            yield list(_stop(entry, lang, datum))


def left_out_rows(plan: PatrolPlan, lang: Lang) -> Iterator[list[Cell]]:
    """Yield the rows of tasks that are short of their visits."""
    for task in unfinished(plan):
        yield list(_short(plan, task, lang))


def _stop(entry: Entry, lang: Lang, datum: Datum) -> Iterator[Cell]:
    yield entry.crew
    yield entry.number
    yield label(entry.kind, lang)
    yield entry.street(lang)
    yield entry.begins.at
    yield entry.ends.at
    yield entry.depart
    yield entry.arrive
    yield round(entry.minutes, 1)
    yield round(entry.length_m / 1000, 2)
    yield YES[lang] if entry.is_required else ""
    yield from entry.count or (None, None)
    lon, lat = entry.end or (None, None)
    yield None if lon is None else round(lon, 6)
    yield None if lat is None else round(lat, 6)
    yield None if entry.end is None else amap_link(entry.end, entry.street(lang), datum)


def _short(plan: PatrolPlan, task: PlannedTask, lang: Lang) -> Iterator[Cell]:
    yield task.id
    yield task.name or label("unnamed", lang)
    yield label(task.category, lang)
    yield task.priority
    yield YES[lang] if task.required else ""
    yield task.visits_wanted
    yield task.visits_done
    yield sum(task.worth[task.visits_done :])
    left_out = task.left_out
    yield reason(left_out, lang) if left_out else ""
    yield None if left_out is None or left_out.needs_s is None else round(left_out.needs_s / 60, 1)
    yield from _remedies(plan, task, lang)
    yield why(plan, task, lang)


def _remedies(plan: PatrolPlan, task: PlannedTask, lang: Lang) -> Iterator[Cell]:
    left_out = task.left_out
    overtime, give_way = (None, None) if left_out is None else (left_out.overtime, left_out.give_way)
    yield from (None, None) if overtime is None else (overtime.crew, math.ceil(overtime.extra_s / 6) / 10)
    yield from (None,) * 3 if give_way is None else (give_way.crew, given_up(plan, give_way, lang), give_way.worth)
    yield None if left_out is None else left_out.extra_crew


def csv_bytes(rows: Iterable[Iterable[Cell]], foot: Iterable[str]) -> bytes:
    """Write rows, then what the file says of itself, one line a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_written(cell) for cell in row] for row in rows)
    writer.writerows([_written(line)] for line in foot)
    return text.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str | int | float | None:
    """Write a cell as a spreadsheet reads it, and so that it does nothing there."""
    match cell:
        case dt.datetime():
            return clock_text(cell, "%Y-%m-%d %H:%M:%S")
        case str():
            return harmless(plain(cell))
    return cell


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("龙湖路")
    ("'=1+1", '龙湖路')
    """
    return f"'{text}" if text.startswith(ACTING) else text


CRS = "EPSG:4326"


def legs_frame(plan: PatrolPlan) -> geopandas.GeoDataFrame:
    """Return one row a leg, in the order of routes; a leg while standing is a point.

    Returns
    -------
    GeoDataFrame
        Columns ``crew``, ``leg``, ``order`` (as the order sheet numbers it, the way there included), ``kind``,
        ``street``, ``task``, ``visit``, ``counted``, ``depart``, ``arrive`` (aware), ``duration_s``, ``length_m``,
        ``geometry`` (WGS-84). Without any leg it has no row.
    """
    rows = [
        (route.crew, number, order, leg)
        for route in plan.routes
        for number, (order, leg) in enumerate(itinerary(plan).legs(route.crew), start=1)
    ]
    names = ("kind", "street", "task", "visit", "counted", "depart", "arrive", "duration_s", "length_m")
    columns: dict[str, list[Any]] = {
        "crew": [crew for crew, _, _, _ in rows],
        "leg": [number for _, number, _, _ in rows],
        "order": [order for _, _, order, _ in rows],
        **{name: [getattr(leg, name) for *_, leg in rows] for name in names},
    }
    return _frame(columns, [_shape(leg) for *_, leg in rows])


def tasks_frame(plan: PatrolPlan) -> geopandas.GeoDataFrame:
    """Return one row a task: its line or point, what was asked for, what was done, why it is left out.

    Returns
    -------
    GeoDataFrame
        Columns ``id``, ``kind``, ``category``, ``name``, ``mode``, ``priority``, ``required``, ``prize``,
        ``visits_wanted``, ``visits_done``, ``reason`` (None if all visits are made), ``geometry`` (WGS-84).
    """
    names = (
        "id", "kind", "category", "name", "mode", "priority", "required", "prize", "visits_wanted", "visits_done",
    )  # fmt: skip
    columns: dict[str, list[Any]] = {name: [getattr(task, name) for task in plan.tasks] for name in names}
    columns["reason"] = [task.left_out.reason if task.left_out else None for task in plan.explained.tasks]
    shapes = [task_shape(plan, task) for task in plan.tasks]
    lines = [None if shape is None else shapely.geometry.shape(shape) for shape in shapes]
    return _frame(columns, lines)


def _frame(columns: dict[str, list[Any]], shapes: list[Any]) -> geopandas.GeoDataFrame:
    """Make a frame of columns and shapes."""
    require("a frame", "geopandas")
    import geopandas

    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def _shape(leg: Leg) -> Any:
    if not leg.coordinates:
        return None
    return shapely.Point(leg.coordinates[0]) if len(leg.coordinates) == 1 else shapely.LineString(leg.coordinates)

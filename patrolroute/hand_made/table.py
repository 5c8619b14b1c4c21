"""A hand-made plan from a file: a CSV as Excel saves it, or TOML or JSON of the same form."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.arguments import checked
from patrolroute.base.errors import Complaints, TableError, short
from patrolroute.base.files import read_text
from patrolroute.base.text import clean
from patrolroute.demand.columns import ASIDE, column_of, nearest
from patrolroute.demand.tables import Row, cells_of, read_rows
from patrolroute.hand_made.drive import filled_in
from patrolroute.hand_made.words import HandMadeRoute, HandMadeStop

if TYPE_CHECKING:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem


HEADERS: Mapping[str, tuple[str, ...]] = {
    "crew": ("车组", "车组编号", "班组", "车辆"),
    "name": ("街道或场所", "what", "路段或场所", "街道", "路段", "场所", "任务", "地点", "street", "street or place",
             "hotspot", "task", "place"),
    "from": ("从", "从路口", "起", "起点", "from junction"),
    "to": ("到", "到路口", "止", "终点", "to junction"),
    "direction": ("方向", "towards"),
    "time": ("到达时间", "到达", "开始", "开始时间", "时间", "arrive", "begins"),
    "leave": ("离开时间", "离开", "结束", "结束时间", "ends"),
    "action": ("动作",),
    "number": ("序号", "顺序"),
    "note": ("备注", "说明"),
}  # fmt: skip
"""Column names that mean the same, after the library's own; those of ``stops.csv`` among them."""

ASIDE_OF_STOPS = ASIDE | {
    "分钟", "公里", "必巡", "第几次", "要求次数", "终点经度", "终点纬度", "高德地图链接", "驾驶员", "带班领导", "车牌",
    "minutes", "km", "required", "visit", "visits wanted", "end longitude", "end latitude", "amap link", "driver",
}  # fmt: skip
"""What a ``stops.csv`` and order sheets have besides: worked out anew, or no part of a plan."""

FILLED_IN = frozenset(map(clean, ("deadhead", "途中", "空驶", "pass", "巡逻（正常车速）", "wait", "备勤", "等候")))
"""Actions of a ``stops.csv`` that are worked out anew, as cells are read: with plain brackets."""

BREAK = frozenset({"break", "休息"})

ROUTE_ENTRIES = ("crew", "stops")

FORM = "give a list `routes`, each with a `crew` and a list of `stops`"


@checked
def read_hand_made(
    path: str | Path, problem: PatrolProblem, *, settings: Mapping[str, Any] | None = None
) -> PatrolPlan:
    """Read a hand-made plan and fill in its legs; see `patrolroute.fill_in`.

    Parameters
    ----------
    path
        A CSV (UTF-8, GBK or UTF-16, any separator) or a workbook with one line for each stop, in order: columns
        ``crew`` (车组) and ``name`` (街道或场所), and if wanted ``from`` (从), ``to`` (到), ``direction`` (方向),
        ``time`` (到达时间), ``leave`` (离开), ``note`` (备注). An empty ``crew`` means the one above. Or TOML or
        JSON: a list ``routes``, each with a ``crew`` and a list of ``stops``: names, or tables with the same entries.
    problem
        The night.
    settings
        Written into the plan.

    Raises
    ------
    TableError
        With every complaint about the file: row, value, rule.
    """
    routes, complaints = read_routes(path)
    return filled_in(problem, routes, settings or {}, complaints)


def read_routes(path: str | Path) -> tuple[list[HandMadeRoute], Complaints]:
    """Read what a file says, before any of it is looked up; and what is wrong with it already.

    Each run of lines that name one crew is a route, so that a crew keeps the order of its lines however it is spelt.

    Raises
    ------
    TableError
        If the file is missing, empty, not text, has no row, or lacks columns.
    """
    path = Path(path)
    if path.suffix.lower() in (".toml", ".json"):
        complaints = Complaints()
        rows = list(_listed(path, complaints))
    else:
        rows, complaints = read_rows(path, needs=("crew", "name"), headers=HEADERS, aside=ASIDE_OF_STOPS)
    lines: list[tuple[str, HandMadeStop | None]] = []
    crew = ""
    for row in _without_foot(rows):
        crew = row.text("crew") or crew
        if not crew:
            row.complain(f"{row.title('crew')} is empty, and there is no row above it that names one")
            continue
        lines.append((crew, _stop(row)))
    runs = groupby(lines, key=itemgetter(0))
    return [HandMadeRoute(name, tuple(stop for _, stop in run if stop is not None)) for name, run in runs], complaints


def _without_foot(rows: Sequence[Row]) -> Sequence[Row]:
    """Leave out the lines below the last stop: what a table says of its map and date."""
    last = max((number for number, row in enumerate(rows, start=1) if row.text("name")), default=len(rows))
    return rows[:last]


def _stop(row: Row) -> HandMadeStop | None:
    """Read one line; None where it only names the crew, or what is filled in anyway."""
    action = row.text("action").lower()
    if action in FILLED_IN:
        return None
    what = "break" if action in BREAK else row.text("name")
    if not what:
        if any(row.text(column) for column in ("from", "to", "direction", "time", "leave")):
            row.needed("name")
        return None
    return HandMadeStop(
        what,
        begins_at=row.text("from"),
        ends_at=row.text("to"),
        towards=row.text("direction"),
        arrive=row.text("time") or None,
        leave=row.text("leave") or None,
        said_in=row.thing,
    )


def _listed(path: Path, complaints: Complaints) -> Iterator[Row]:
    """Read the stops of a TOML or JSON file as if they were lines of a table."""
    text = read_text(path)
    try:
        data = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TableError(f"{path}: is not valid {path.suffix[1:].upper()}: {error}") from error
    routes = data.get("routes") if isinstance(data, dict) else None
    if not isinstance(routes, list) or not routes:
        raise TableError(f"{path}: names no routes; {FORM}")
    if "schema_version" in data:
        raise TableError(
            f"{path}: is a plan.json, not a plan made by hand; leave out the night, or use PatrolPlan.from_json"
        )
    for number, route in enumerate(routes, start=1):
        where = f"{path}: routes[{number}]"
        stops = route.get("stops", []) if isinstance(route, dict) else None
        if not isinstance(stops, list) or not isinstance(route.get("crew"), str):
            complaints.add(f"{where}: {short(route)} is no route; {FORM}")
            continue
        complaints.extend(f"{where}: no such entry: {short(one)}; {FORM}" for one in route if one not in ROUTE_ENTRIES)
        yield _entry(where, {"crew": route["crew"]}, complaints)
        for place, stop in enumerate(stops, start=1):
            entries = {"name": stop} if isinstance(stop, str) else stop
            yield _entry(f"{where}.stops[{place}]", entries, complaints)


def _entry(where: str, entries: Any, complaints: Complaints) -> Row:
    """Read a stop's entries as the cells of a row."""
    if not isinstance(entries, dict):
        complaints.add(f"{where}: {short(entries)} is neither a name nor a table of entries")
        entries = {}
    texts = {column_of(title, HEADERS): str(value) for title, value in entries.items()}
    for title in (title for title in entries if column_of(title, HEADERS) not in HEADERS):
        near = nearest(title, HEADERS)
        hint = f"; did you mean {near}?" if near else ""
        complaints.add(f"{where}: no such entry: {short(title)}{hint}")
    return Row(where, cells_of(texts), {}, complaints)

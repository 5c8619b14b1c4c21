"""The list of hotspots beside the map: number, name, visits, who dwells there and when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from patrolroute.output.picture.canvas import INK, POINTS_AN_INCH, Canvas, Rect
from patrolroute.output.picture.page import LINE, LIST_COLUMN, SECTION_HEAD, list_size
from patrolroute.output.picture.scene import Scene, Stop
from patrolroute.output.picture.stops import Marker
from patrolroute.output.picture.streets import MISSED
from patrolroute.output.picture.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_AT, VISITS_AT, DWELLS_AT = 0.2, 1.33, 1.56
"""Inches from a row's begin to its texts."""

TEXT_SIZE, MARKER_SIZE = 6.8, 8.5


def draw_list(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Write as many hotspots as there is room for; those that are short of visits are never cut off before others."""
    if not scene.stops:
        return
    columns, rows = list_size(rect.width, len(scene.stops))
    room = columns * rows
    shown = scene.stops
    if len(shown) > room:
        urgent = sorted(shown, key=lambda stop: (stop.state == "done", not stop.task.required, stop.number))
        shown = tuple(sorted(urgent[: room - 1], key=lambda stop: stop.number))
    axes = canvas.axes(rect)
    canvas.text(axes, (0, rect.height - SECTION_HEAD / 2), phrase("hotspots", canvas.said_in), size=9.0)
    lines = [
        (place // rows * rect.width / columns, rect.height - SECTION_HEAD - LINE * (place % rows + 0.5))
        for place in range(room)
    ]
    for place, stop in zip(lines, shown, strict=False):
        _row(canvas, axes, place, stop, scene)
    if more := len(scene.stops) - len(shown):
        x, y = lines[len(shown)]
        canvas.text(axes, (x + 0.2, y), phrase("hotspots_more", canvas.said_in, n=more), size=7.0)


def _row(canvas: Canvas, axes: Axes, place: tuple[float, float], stop: Stop, scene: Scene) -> None:
    task, (x, y) = stop.task, place
    ink = MISSED if stop.state == "missed" else INK
    Marker(task.category, stop.state, str(stop.number), MARKER_SIZE).draw(canvas, axes, (x + 0.08, y))
    label = canvas.lettering.spell(task.name, otherwise=phrase("hotspot_n", canvas.said_in, n=stop.number))
    texts = (
        (NAME_AT, VISITS_AT, f"{'★' if task.required else ''}{label}"),
        (VISITS_AT, DWELLS_AT, f"{task.visits_done}/{task.visits_wanted}"),
        (DWELLS_AT, LIST_COLUMN, _dwells(canvas, stop, scene)),
    )
    for begin, end, text in texts:
        look = {"size": TEXT_SIZE, "color": ink, "va": "baseline"}
        canvas.cut(
            canvas.text(axes, (x + begin, y - TEXT_SIZE * 0.36 / POINTS_AN_INCH), text, **look), end - begin - 0.05
        )


def _dwells(canvas: Canvas, stop: Stop, scene: Scene) -> str:
    if not stop.dwells:
        return phrase("not_served", canvas.said_in)
    crew, leg = stop.dwells[0]
    more = f" +{len(stop.dwells) - 1}" if len(stop.dwells) > 1 else ""
    return f"{clock(leg.depart, scene.plan.timezone)} {canvas.crew_name(crew, scene)}{more}"


def clock(moment: dt.datetime, timezone: str) -> str:
    """Give hours and minutes in the plan's time zone."""
    return local(moment, timezone).strftime("%H:%M")


def local(moment: dt.datetime, timezone: str) -> dt.datetime:
    """Move a moment into a time zone; it stays as it is if nobody knows the zone."""
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment

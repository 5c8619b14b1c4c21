"""Panels beside the map: one small map a crew, and the list of hotspots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patrolroute.base.vocabulary import FloatArray, LegKind
from patrolroute.output.looks.clock import clock, hours
from patrolroute.output.looks.drawing import draw_depot, draw_frame, draw_lines
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene, Stop
from patrolroute.output.looks.style import INK, MISSED, POINTS_AN_INCH, QUIET_INK, joined_ids
from patrolroute.output.picture.canvas import (
    LINE,
    LIST_COLUMN,
    MOST_PANELS,
    PANEL_GAP,
    PANEL_HEAD,
    SECTION_HEAD,
    Canvas,
    Rect,
    list_size,
    panels,
)
from patrolroute.output.picture.map import Marker
from patrolroute.plan.records import SEEN, Route

if TYPE_CHECKING:
    from matplotlib.axes import Axes


NAME_AT, VISITS_AT, DWELLS_AT = 0.2, 1.33, 1.56
"""Inches from a row's begin to its texts."""

TEXT_SIZE, MARKER_SIZE = 6.8, 8.5


def draw_list(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Write as many hotspots as there is room for; those that are short of visits are never cut off before others.

    Parameters
    ----------
    canvas
        The sheet.
    rect
        The part of the sheet, in inches.
    scene
        What is shown.
    """
    if not scene.stops:
        return
    columns, rows = list_size(rect.width, len(scene.stops))
    room = columns * rows
    shown = scene.stops
    if len(shown) > room:
        urgent = sorted(shown, key=lambda stop: (stop.state == "done", not stop.task.required, stop.number))
        shown = tuple(sorted(urgent[: room - 1], key=lambda stop: stop.number))
    axes = canvas.axes(rect)
    canvas.text(axes, (0, rect.height - SECTION_HEAD / 2), phrase("hotspots_required", canvas.said_in), size=9.0)
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
    Marker(task.category, stop.state, size=MARKER_SIZE).draw(canvas, axes, (x + 0.08, y))
    mark = phrase("hotspot_mark", canvas.said_in, n=stop.number)
    label = canvas.lettering.spell(task.name, otherwise=canvas.word("hotspot"))
    texts = (
        (NAME_AT, VISITS_AT, f"{mark} {'★' if task.required else ''}{label}"),
        (VISITS_AT, DWELLS_AT, f"{task.visits_done}/{task.visits_wanted}"),
        (DWELLS_AT, LIST_COLUMN, _listed_dwells(canvas, stop, scene)),
    )
    for begin, end, text in texts:
        look = {"size": TEXT_SIZE, "color": ink, "va": "baseline"}
        canvas.cut(
            canvas.text(axes, (x + begin, y - TEXT_SIZE * 0.36 / POINTS_AN_INCH), text, **look), end - begin - 0.05
        )


def _listed_dwells(canvas: Canvas, stop: Stop, scene: Scene) -> str:
    if not stop.dwells:
        return phrase("not_served", canvas.said_in)
    crew, leg = stop.dwells[0]
    more = f" +{len(stop.dwells) - 1}" if len(stop.dwells) > 1 else ""
    return f"{clock(leg.depart, scene.plan.timezone)} {canvas.crew_name(crew, scene)}{more}"


MOST_NAMES = 24
"""Crews that are named one by one; more are named by series."""

_MARKS: dict[LegKind, dict[str, Any]] = {
    "dwell": {"marker": "o", "markersize": 4.0, "markerfacecolor": INK, "markeredgecolor": "white", "zorder": 25},
    "break": {"marker": "s", "markersize": 6.5, "markerfacecolor": "white", "markeredgecolor": INK, "zorder": 24},
}
"""A dot where a crew dwells, and a larger square, seen around a dot, where it rests."""


def draw_crews(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Draw every crew that leaves its depot, and name those that don't.

    Parameters
    ----------
    canvas
        The sheet.
    rect
        The part of the sheet, in inches.
    scene
        What is shown.
    """
    axes = canvas.axes(rect)
    y = rect.height - SECTION_HEAD / 2
    canvas.text(axes, (0, y), phrase(_heading(scene), canvas.said_in), size=9.0)
    west, south, east, north = scene.frame
    routes = scene.routes[:MOST_PANELS]
    grid = panels(rect, (east - west) / (north - south), len(routes))
    backdrop = [stretch.line for stretch in scene.stretches]
    for number, route in enumerate(routes):
        x = number % grid.columns * rect.width / grid.columns
        y = rect.height - SECTION_HEAD - number // grid.columns * (grid.height + PANEL_HEAD + PANEL_GAP)
        head = canvas.axes(Rect(rect.left + x, rect.bottom + y - PANEL_HEAD, rect.width / grid.columns, PANEL_HEAD))
        _head(canvas, head, route, scene)
        bottom = rect.bottom + y - PANEL_HEAD - grid.height
        _panel(canvas, Rect(rect.left + x, bottom, grid.width, grid.height), route, scene, backdrop)
    if more := len(scene.routes) - len(routes):
        text = phrase("crews_more", canvas.said_in, n=more)
        canvas.text(axes, (rect.width, rect.height - SECTION_HEAD / 2), text, size=8.0, ha="right")


def idle_line(canvas: Canvas, scene: Scene) -> str:
    """Return which crews stay at their depot, "" if none does."""
    names = [canvas.crew_name(crew, scene) for crew in scene.idle]
    crews = ", ".join(names) if len(names) <= MOST_NAMES else joined_ids(names)
    return phrase("crews_home", canvas.said_in, crews=crews) if names else ""


def _heading(scene: Scene) -> str:
    """Choose what stands above the maps: squares are explained where a crew rests."""
    if not scene.routes:
        return "no_crews"
    return "crew_maps_with_breaks" if any(route.breaks for route in scene.routes) else "crew_maps"


def _head(canvas: Canvas, axes: Axes, route: Route, scene: Scene) -> None:
    """Write crew, hours, kilometres, break and dwells over the crew's map."""
    width, top = axes.get_xlim()[1] - PANEL_GAP, PANEL_HEAD
    zone = scene.plan.timezone
    colour = scene.teams[scene.team_of[route.crew]].colour
    km = phrase("km_driven", canvas.said_in, km=round(route.length_m / 1000))
    # Third line: breaks, then dwells; hidden where there are none, so that all crews' maps stand on one line.
    breaks = [hours(leg.depart, leg.arrive, zone) for leg in route.breaks]
    dwells = " ".join(map(str, _dwells(route, scene)))
    stays = [phrase("break_hours", canvas.said_in, hours=when) for when in breaks]
    stops = phrase("hotspot_mark", canvas.said_in, n=dwells)
    stays += [phrase("dwells_at", canvas.said_in, stops=stops)] if dwells else []
    texts = (
        canvas.text(axes, (0, top - 0.1), canvas.crew_name(route.crew, scene), size=8.5, color=colour),
        canvas.text(axes, (0, top - 0.24), f"{hours(route.start, route.end, zone)}  {km}", size=6.4, color=QUIET_INK),
        canvas.text(axes, (0, top - 0.36), "  ".join(stays), size=6.4, color=QUIET_INK),
    )
    canvas.cut(texts[0], width)
    canvas.narrow(texts[1:2], width)
    canvas.cut(texts[2], width)
    texts[2].set_visible(bool(stays))


def _dwells(route: Route, scene: Scene) -> list[int]:
    """Return the numbers of the hotspots where a crew dwells, in the order of its night."""
    numbers = {stop.task.id: stop.number for stop in scene.stops}
    return [numbers[leg.task] for leg in route.legs if leg.kind == "dwell" and leg.task in numbers]


def _panel(canvas: Canvas, rect: Rect, route: Route, scene: Scene, backdrop: list[FloatArray]) -> None:
    axes = canvas.axes(rect, scene.frame)
    draw_frame(axes, scene, colors="#cfcfcf", linewidths=0.6, zorder=0)
    draw_lines(axes, backdrop, colors="#e2e2e2", linewidths=0.9, zorder=1)
    colour = scene.teams[scene.team_of[route.crew]].colour
    driven = [leg for leg in route.legs if len(leg.coordinates) > 1]
    away = [scene.plane(leg.coordinates) for leg in driven if leg.kind not in SEEN]
    patrolled = [scene.plane(leg.coordinates) for leg in driven if leg.kind in SEEN]
    draw_lines(axes, away, colors="#444444", linewidths=0.5, linestyles=[(0.0, (2.0, 1.5))], capstyle="butt", zorder=2)
    draw_lines(axes, patrolled, colors=colour, linewidths=1.2, zorder=3)
    crew = scene.crew[route.crew]
    for spot in dict.fromkeys(((crew.depot.lon, crew.depot.lat), (crew.end_depot.lon, crew.end_depot.lat))):
        place = scene.plane([spot])[0]
        draw_depot(axes, (float(place[0]), float(place[1])), 4.0)
    for leg in route.legs:
        if leg.kind in _MARKS and leg.coordinates:
            x, y = scene.plane(leg.coordinates[:1])[0].tolist()
            axes.plot(
                x, y, linestyle="none", scalex=False, scaley=False, markeredgewidth=0.5, **_MARKS[leg.kind],
            )  # fmt: skip

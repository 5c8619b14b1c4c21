"""One small map a crew: where it patrols, where it only drives, where it dwells, where it rests, when it is out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.output.picture.canvas import INK, QUIET_INK, Canvas, Rect
from patrolroute.output.picture.list import clock
from patrolroute.output.picture.page import MOST_PANELS, PANEL_GAP, PANEL_HEAD, SECTION_HEAD, panels
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.stops import draw_depot
from patrolroute.output.picture.streets import draw_lines
from patrolroute.output.picture.teams import joined_ids
from patrolroute.output.picture.words import phrase
from patrolroute.plan.parts import Route
from patrolroute.units import FloatArray
from patrolroute.words import LegKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NAMES = 24
"""Crews that are named one by one; more are named by series."""

_MARKS: dict[LegKind, dict[str, Any]] = {
    "dwell": {"marker": "o", "markersize": 4.0, "markerfacecolor": INK, "markeredgecolor": "white", "zorder": 25},
    "break": {"marker": "s", "markersize": 6.5, "markerfacecolor": "white", "markeredgecolor": INK, "zorder": 24},
}
"""A dot where a crew dwells, and a larger square, seen around a dot, where it rests."""


def draw_crews(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Draw every crew that leaves its depot, and name those that don't."""
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
    """Say which crews stay at their depot, "" if none does."""
    names = [canvas.crew_name(crew, scene) for crew in scene.idle]
    crews = ", ".join(names) if len(names) <= MOST_NAMES else joined_ids(names)
    return phrase("idle", canvas.said_in, crews=crews) if names else ""


def _heading(scene: Scene) -> str:
    """Choose what stands above the maps: squares are explained where a crew rests."""
    if not scene.routes:
        return "no_crews"
    return "crews_resting" if any(route.breaks for route in scene.routes) else "crews"


def _head(canvas: Canvas, axes: Axes, route: Route, scene: Scene) -> None:
    """Write crew, hours, kilometres, break and dwells over the crew's map."""
    width, top = axes.get_xlim()[1] - PANEL_GAP, PANEL_HEAD
    zone = scene.plan.timezone
    colour = scene.teams[scene.team_of[route.crew]].colour
    hours = f"{clock(route.start, zone)}–{clock(route.end, zone)}"
    facts = phrase("crew_facts", canvas.said_in, km=round(route.length_m / 1000))
    dwells = " ".join(map(str, _dwells(route, scene)))
    said = [phrase("crew_rests", canvas.said_in, hours=f"{clock(one.depart, zone)}–{clock(one.arrive, zone)}")
            for one in route.breaks]  # fmt: skip
    said += [phrase("crew_dwells", canvas.said_in, stops=dwells)] if dwells else []
    texts = (
        canvas.text(axes, (0, top - 0.1), canvas.crew_name(route.crew, scene), size=8.5, color=colour),
        canvas.text(axes, (0, top - 0.24), f"{hours}  {facts}", size=6.4, color=QUIET_INK),
        canvas.text(axes, (0, top - 0.36), "  ".join(said), size=6.4, color=QUIET_INK),
    )
    canvas.cut(texts[0], width)
    canvas.narrow(texts[1:2], width)
    canvas.cut(texts[2], width)
    texts[2].set_visible(bool(said))


def _dwells(route: Route, scene: Scene) -> list[int]:
    """Give the numbers of the hotspots where a crew dwells, in the order of its night."""
    numbers = {stop.task.id: stop.number for stop in scene.stops}
    return [numbers[leg.task] for leg in route.legs if leg.kind == "dwell" and leg.task in numbers]


def _panel(canvas: Canvas, rect: Rect, route: Route, scene: Scene, backdrop: list[FloatArray]) -> None:
    axes = canvas.axes(rect, scene.frame)
    _border(axes, scene)
    draw_lines(axes, backdrop, colors="#e2e2e2", linewidths=0.9, zorder=1)
    colour = scene.teams[scene.team_of[route.crew]].colour
    driven = [leg for leg in route.legs if len(leg.coordinates) > 1]
    away = [scene.plane(leg.coordinates) for leg in driven if leg.kind != "patrol"]
    patrolled = [scene.plane(leg.coordinates) for leg in driven if leg.kind == "patrol"]
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


def _border(axes: Axes, scene: Scene) -> None:
    west, south, east, north = scene.frame
    corners = np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
    draw_lines(axes, [corners], colors="#cfcfcf", linewidths=0.6, zorder=0)

"""The large map: streets, patrols, what is missing, hotspots, depots, names, scale and north."""

from __future__ import annotations

import math

import numpy as np
import shapely

from patrolroute.output.picture.canvas import INK, Canvas, Rect
from patrolroute.output.picture.chart import Chart, Taken
from patrolroute.output.picture.names import write_names
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.stops import draw_depots, draw_stops
from patrolroute.output.picture.streets import (
    draw_background,
    draw_lines,
    draw_missing,
    draw_patrols,
    draw_priorities,
    draw_tunnels,
    metres_a_point,
)
from patrolroute.output.picture.words import phrase

KILOMETRE = 1000.0
SCALE_SHARE = 0.25
"""The scale bar is at most this share of the map's width."""


def draw_map(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Draw the large map into its part of the sheet."""
    axes = canvas.axes(rect, scene.frame)
    point_m = metres_a_point(scene, rect)
    draw_background(axes, scene)
    draw_priorities(axes, scene)
    draw_patrols(axes, scene, point_m)
    draw_missing(axes, scene, point_m)
    draw_tunnels(axes, scene, 4.0 * point_m)
    chart = Chart(canvas, axes, scene, point_m, Taken(scene.frame))
    _scale_and_north(chart)
    draw_stops(chart)
    draw_depots(chart)
    write_names(chart)
    west, south, east, north = scene.frame
    edge = np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
    draw_lines(axes, [edge], colors="#9a9a9a", linewidths=1.2, zorder=40)


def round_length(longest_m: float) -> float:
    """Give the greatest of 1, 2, 5, 10, 20, … metres that is not longer.

    Examples
    --------
    >>> round_length(2900), round_length(5000), round_length(149)
    (2000.0, 5000.0, 100.0)
    """
    power = 10.0 ** math.floor(math.log10(longest_m))
    return next(step * power for step in (5.0, 2.0, 1.0, 0.5) if step * power <= longest_m)


def _scale_and_north(chart: Chart) -> None:
    """Draw a bar of a round length and an arrow to the north, in the corner where they hide least."""
    scene, axes, point_m = chart.scene, chart.axes, chart.point_m
    west, south, east, north = scene.frame
    length = round_length((east - west) * SCALE_SHARE)
    wide, high = length + 62 * point_m, 40 * point_m
    corners = [(x, y) for y in (south, north - high) for x in (west, east - wide)]
    lines = shapely.union_all([shapely.LineString(one.line) for one in scene.stretches if len(one.line) > 1])
    boxes = [shapely.box(x, y, x + wide, y + high) for x, y in corners]
    place = min(range(len(boxes)), key=lambda one: (shapely.intersection(lines, boxes[one]).length, one))
    chart.taken.take(boxes[place])
    axes.fill(*boxes[place].exterior.xy, facecolor="white", alpha=0.85, edgecolor="none", zorder=15)
    x, y = corners[place][0] + 14 * point_m, corners[place][1] + 14 * point_m
    for part, colour in enumerate((INK, "white")):
        begin, end = x + part * length / 2, x + (part + 1) * length / 2
        axes.fill(
            [begin, end, end, begin], [y, y, y + 4 * point_m, y + 4 * point_m], facecolor=colour, edgecolor=INK,
            linewidth=0.8, zorder=16,
        )  # fmt: skip
    unit = phrase("kilometres" if length >= KILOMETRE else "metres", chart.canvas.said_in)
    number = length / KILOMETRE if length >= KILOMETRE else length
    for end, text in ((x, "0"), (x + length, f"{number:g} {unit}")):
        chart.canvas.text(axes, (end, y + 11 * point_m), text, size=7.5, ha="center")
    _north(chart, (x + length + 32 * point_m, y))


def _north(chart: Chart, foot: tuple[float, float]) -> None:
    (x, y), point_m = foot, chart.point_m
    arrow = [(x - 5 * point_m, y), (x, y + 4 * point_m), (x + 5 * point_m, y), (x, y + 15 * point_m)]
    chart.axes.fill(*zip(*arrow, strict=True), facecolor=INK, edgecolor="none", zorder=16)
    chart.canvas.text(chart.axes, (x, y + 20 * point_m), phrase("north", chart.canvas.said_in), size=7.5, ha="center")

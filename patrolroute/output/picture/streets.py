"""The streets of the picture: quiet background, priority streets, who patrols them, what is missing, tunnels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely

from patrolroute.output.picture.canvas import POINTS_AN_INCH, Rect
from patrolroute.output.picture.scene import Scene
from patrolroute.units import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROADS = {"motorway": 2.4, "trunk": 2.4, "primary": 2.0, "secondary": 1.5, "tertiary": 1.0}
"""Points of width of the background's main classes; all others are lanes."""

LANE = 0.5
ROAD_GREY = "#dcdcdc"
LANE_GREY = "#ececec"

PRIORITY_TONES = ("#fbf3d5", "#fae9b0", "#f7dc86", "#f2ca56", "#e9b12a")
"""Priority 1 to 5, from pale to strong; wide enough to be seen beside the lines on them."""

MISSED = "#d11a1a"
STRIPE, STRIPES = 1.8, 5.4
"""Points of width of one team's stripe, and of all together: the band of a priority street is wider."""
Look: TypeAlias = dict[str, Any]
REQUIRED_LOOK: Look = {"colors": MISSED, "linewidths": 2.0, "linestyles": [(0.0, (3.0, 1.6))], "capstyle": "butt"}
MISSED_LOOK: Look = {"colors": MISSED, "linewidths": 0.9, "linestyles": [(0.0, (4.0, 3.0))], "capstyle": "butt"}
SHORT_LOOK: Look = {"colors": MISSED, "linewidths": 1.3, "linestyles": [(0.0, (0.6, 1.8))]}
APPROACH_LOOK: Look = {"colors": "#6b6b6b", "linewidths": 0.8, "linestyles": [(0.0, (2.0, 2.0))], "capstyle": "butt"}
TUNNEL_LOOK: Look = {"colors": "#4d4d4d", "linewidths": 0.9, "linestyles": [(0.0, (2.5, 1.5))], "capstyle": "butt"}


def metres_a_point(scene: Scene, rect: Rect) -> float:
    """Give the metres that one point of the picture shows."""
    west, _, east, _ = scene.frame
    return (east - west) / (rect.width * POINTS_AN_INCH)


def priority_width(priority: int) -> float:
    """Give the width in points of a priority street: the higher, the wider."""
    return 2.9 + 1.3 * min(max(priority, 1), len(PRIORITY_TONES))


def priority_tone(priority: int) -> str:
    """Give the colour of a priority street."""
    return PRIORITY_TONES[min(max(priority, 1), len(PRIORITY_TONES)) - 1]


def draw_lines(axes: Axes, lines: Iterable[FloatArray], **look: Any) -> None:
    """Draw many lines that look the same; nothing if there are none."""
    from matplotlib.collections import LineCollection

    if known := [line for line in lines if len(line) > 1]:
        plain: Look = {"antialiaseds": True, "capstyle": "round", "joinstyle": "round", "linestyles": "solid"}
        axes.add_collection(LineCollection(known, **(plain | look)), autolim=False)


def draw_background(axes: Axes, scene: Scene) -> None:
    """Draw every street in quiet grey, main ones wider."""
    groups: dict[float, list[FloatArray]] = {}
    for road in scene.roads:
        groups.setdefault(ROADS.get(road.highway, LANE), []).append(road.line)
    for width in sorted(groups):
        grey = LANE_GREY if width == LANE else ROAD_GREY
        draw_lines(axes, groups[width], colors=grey, linewidths=width, zorder=1 + width / 10)


def draw_tunnels(axes: Axes, scene: Scene, gap_m: float) -> None:
    """Draw dashed walls on both sides of what runs in a tunnel, ``gap_m`` from its middle."""
    walls = [shifted(road.line, side * gap_m) for road in scene.roads if road.tunnel for side in (-1, 1)]
    draw_lines(axes, walls, **TUNNEL_LOOK, zorder=6)


def draw_priorities(axes: Axes, scene: Scene) -> None:
    """Lay a broad band under every priority street, the higher its priority the broader and stronger."""
    for priority in sorted({stretch.task.priority for stretch in scene.stretches}):
        lines = [stretch.line for stretch in scene.stretches if stretch.task.priority == priority]
        look = {"colors": priority_tone(priority), "linewidths": priority_width(priority)}
        draw_lines(axes, lines, zorder=3 + priority / 100, **look)


def draw_patrols(axes: Axes, scene: Scene, point_m: float) -> None:
    """Draw one stripe a team on each street that it patrols, side by side, and what is only driven dashed."""
    draw_lines(axes, scene.approaches(), **APPROACH_LOOK, zorder=2)
    stripes: dict[tuple[int, float], list[FloatArray]] = {}
    for stretch in scene.stretches:
        line, width = eastward(stretch.line), min(STRIPE, STRIPES / max(1, len(stretch.teams)))
        for place, team in enumerate(stretch.teams):
            offset = (place - (len(stretch.teams) - 1) / 2) * width * point_m
            stripes.setdefault((team, width), []).append(shifted(line, offset))
    for (team, width), lines in sorted(stripes.items(), key=lambda item: item[0]):
        draw_lines(axes, lines, colors=scene.teams[team].colour, linewidths=width * 0.9, capstyle="butt", zorder=4)


def draw_missing(axes: Axes, scene: Scene, point_m: float) -> None:
    """Mark what is not patrolled with red dashes, what is patrolled too seldom with red dots on both sides."""
    optional = joined(one.line for one in scene.stretches if one.state == "missed" and not one.task.required)
    required = joined(one.line for one in scene.stretches if one.state == "missed" and one.task.required)
    draw_lines(axes, optional, **MISSED_LOOK, zorder=5)
    for priority in sorted({one.task.priority for one in scene.stretches if one.state == "short"}):
        lines = joined(one.line for one in scene.stretches if (one.state, one.task.priority) == ("short", priority))
        aside = (priority_width(priority) / 2 + 0.4) * point_m
        edges = [shifted(line, side * aside) for line in lines for side in (-1, 1)]
        draw_lines(axes, edges, **SHORT_LOOK, zorder=5.1)
    draw_lines(axes, required, colors="white", linewidths=3.2, capstyle="butt", zorder=5.2)
    draw_lines(axes, required, **REQUIRED_LOOK, zorder=5.3)


def joined(lines: Iterable[FloatArray]) -> list[FloatArray]:
    """Join lines that meet, so that dashes run on over junctions."""
    merged = shapely.line_merge(shapely.union_all([shapely.LineString(line) for line in lines if len(line) > 1]))
    return [np.array(part.coords) for part in shapely.get_parts(merged) if part.geom_type == "LineString"]


def eastward(line: FloatArray) -> FloatArray:
    """Turn a line so that it runs east, or north if it is steep: neighbours then agree which side is which."""
    east, north = line[-1] - line[0]
    return line if east + north > 0 or (east + north == 0 and east > 0) else line[::-1]


def shifted(line: FloatArray, offset: float) -> FloatArray:
    """Move a line sideways, to the left of its direction by ``offset``.

    Examples
    --------
    >>> shifted(np.array([[0.0, 0.0], [10.0, 0.0]]), 2.0).tolist()
    [[0.0, 2.0], [10.0, 2.0]]
    """
    steps = np.diff(line, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    keep = lengths > 0
    if offset == 0 or not keep.any():
        return line
    points = np.vstack((line[:1], line[1:][keep]))
    left = np.column_stack((-steps[keep, 1], steps[keep, 0])) / lengths[keep, None]
    both = np.vstack((left[:1], left)) + np.vstack((left, left[-1:]))
    size = np.maximum(np.hypot(both[:, 0], both[:, 1]), 1e-9)[:, None]
    return np.asarray(points + offset * both / size)

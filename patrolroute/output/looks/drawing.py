"""What pictures and plots draw alike with matplotlib: streets, patrols, what is missing, depots, and lines aside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from patrolroute.base.text import label
from patrolroute.base.vocabulary import FloatArray, Lang
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene
from patrolroute.output.looks.style import (
    APPROACH_LOOK,
    HOUSE,
    INK,
    MISSED_LOOK,
    REQUIRED_LOOK,
    SHORT_LOOK,
    STRIPE,
    STRIPES,
    TUNNEL_LOOK,
    Look,
    priority_tone,
    priority_width,
    road_grey,
    road_width,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg


KILOMETRE = 1000.0
SCALE_SHARE = 0.25
"""A scale bar is at most this share of the map's width."""

DEPOT_SIZE = 9.0
"""Points across a depot's marker."""


def draw_lines(axes: Axes, lines: Iterable[FloatArray], **look: Any) -> None:
    """Draw many lines that look the same; nothing if there are none.

    Parameters
    ----------
    axes
        In any unit.
    lines
        Each of shape ``(n, 2)``, in that unit; what has fewer than two points is left out.
    **look
        How they look, as matplotlib's ``LineCollection`` takes it; ends and corners are round if nothing else is said.
    """
    from matplotlib.collections import LineCollection, PathCollection

    if known := [line for line in lines if len(line) > 1]:
        plain: Look = {"antialiaseds": True, "capstyle": "round", "joinstyle": "round", "linestyles": "solid"}
        if any(isinstance(look.get(name), list) and len(look[name]) > 1 for name in ("colors", "linewidths")):
            axes.add_collection(LineCollection(known, **(plain | look)), autolim=False)
            return
        edge: Look = {"edgecolors": look.pop("colors", INK), "facecolors": "none"}
        paths = [_path(known[first : first + A_PATH]) for first in range(0, len(known), A_PATH)]
        axes.add_collection(PathCollection(paths, **(plain | edge | look)), autolim=False)


A_PATH = 100
"""So many lines are one path: with a path for each matplotlib takes five times as long, with one for all too much."""


def _path(lines: Sequence[FloatArray]) -> Any:
    """Return lines as one path of as many pieces."""
    from matplotlib.path import Path

    ends = np.cumsum([len(line) for line in lines])
    codes = np.full(ends[-1], Path.LINETO, dtype=Path.code_type)
    codes[[0, *ends[:-1]]] = Path.MOVETO
    return Path(np.concatenate(lines), codes)


def draw_frame(axes: Axes, scene: Scene, **look: Any) -> None:
    """Draw the edge of what is shown; how it looks as in `draw_lines`."""
    west, south, east, north = scene.frame
    corners = np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
    draw_lines(axes, [corners], **look)


def draw_background(axes: Axes, scene: Scene) -> None:
    """Draw every street in quiet grey, main ones wider."""
    groups: dict[float, list[FloatArray]] = {}
    for road in scene.roads:
        groups.setdefault(road_width(road.highway), []).append(road.line)
    for width in sorted(groups):
        draw_lines(axes, groups[width], colors=road_grey(width), linewidths=width, zorder=1 + width / 10)


def draw_tunnels(axes: Axes, scene: Scene, gap_m: float) -> None:
    """Draw dashed walls on both sides of what runs in a tunnel.

    Parameters
    ----------
    axes
        In metres on the scene's plane.
    scene
        What is shown.
    gap_m
        Metres from the middle of the street to a wall.
    """
    walls = [shifted(road.line, side * gap_m) for road in scene.roads if road.tunnel for side in (-1, 1)]
    draw_lines(axes, walls, **TUNNEL_LOOK, zorder=6)


def draw_priorities(axes: Axes, scene: Scene) -> None:
    """Lay a broad band under every priority street, the higher its priority the broader and stronger."""
    for priority in sorted({stretch.task.priority for stretch in scene.stretches}):
        lines = [stretch.line for stretch in scene.stretches if stretch.task.priority == priority]
        look = {"colors": priority_tone(priority), "linewidths": priority_width(priority)}
        draw_lines(axes, lines, zorder=3 + priority / 100, **look)


def draw_patrols(axes: Axes, scene: Scene, point_m: float) -> None:
    """Draw one stripe a team on each street that it patrols, side by side, and what is only driven dashed.

    Parameters
    ----------
    axes
        In metres on the scene's plane.
    scene
        What is shown.
    point_m
        Metres that a point of the picture shows.
    """
    draw_lines(axes, scene.approaches(), **APPROACH_LOOK, zorder=2)
    # Stripes of one team and width are one collection: many streets at one stroke.
    stripes: dict[tuple[int, float], list[FloatArray]] = {}
    for stretch in scene.stretches:
        line, width = eastward(stretch.line), min(STRIPE, STRIPES / max(1, len(stretch.teams)))
        for place, team in enumerate(stretch.teams):
            offset = (place - (len(stretch.teams) - 1) / 2) * width * point_m
            stripes.setdefault((team, width), []).append(shifted(line, offset))
    for (team, width), lines in sorted(stripes.items(), key=lambda item: item[0]):
        draw_lines(axes, lines, colors=scene.teams[team].colour, linewidths=width * 0.9, capstyle="butt", zorder=4)


def draw_missing(axes: Axes, scene: Scene, point_m: float) -> None:
    """Mark what is not patrolled with red dashes, what is patrolled too seldom with red dots on both sides.

    Parameters
    ----------
    axes
        In metres on the scene's plane.
    scene
        What is shown.
    point_m
        Metres that a point of the picture shows.
    """
    missed = [stretch for stretch in scene.stretches if stretch.state == "missed"]
    short = [stretch for stretch in scene.stretches if stretch.state == "short"]
    draw_lines(axes, joined(stretch.line for stretch in missed if not stretch.task.required), **MISSED_LOOK, zorder=5)
    # Dots lie just outside the band, which is as wide as the priority is high.
    for priority in sorted({stretch.task.priority for stretch in short}):
        aside = (priority_width(priority) / 2 + 0.4) * point_m
        lines = joined(stretch.line for stretch in short if stretch.task.priority == priority)
        draw_lines(axes, [shifted(line, side * aside) for line in lines for side in (-1, 1)], **SHORT_LOOK, zorder=5.1)
    # What is required lies on white, above all else.
    required = joined(stretch.line for stretch in missed if stretch.task.required)
    draw_lines(axes, required, colors="white", linewidths=3.2, capstyle="butt", zorder=5.2)
    draw_lines(axes, required, **REQUIRED_LOOK, zorder=5.3)


def draw_depot(axes: Axes, place: tuple[float, float], size: float = DEPOT_SIZE) -> None:
    """Draw a depot: a white house with a dark edge.

    Parameters
    ----------
    axes
        In any unit.
    place
        Where, in that unit.
    size
        Points across.
    """
    axes.plot(
        *place, marker=HOUSE, markersize=size * 1.4, markerfacecolor="white", markeredgecolor=INK, markeredgewidth=1.6,
        linestyle="none", zorder=22, scalex=False, scaley=False,
    )  # fmt: skip


def png_bytes(paper: FigureCanvasAgg) -> bytes:
    """Return a figure as a PNG file, without date or names of programs: the same figure is the same bytes.

    The file says at how many dots an inch the figure is drawn, so that it is printed in its size.
    """
    file, writer = BytesIO(), cast("Any", paper)
    writer.print_png(file, metadata={"Software": None})
    return file.getvalue()


def round_length(longest_m: float) -> float:
    """Return the greatest of 1, 2, 5, 10, 20, … metres that is not longer.

    Examples
    --------
    >>> round_length(2900), round_length(5000), round_length(149)
    (2000.0, 5000.0, 100.0)
    """
    power = 10.0 ** math.floor(math.log10(longest_m))
    return next(step * power for step in (5.0, 2.0, 1.0, 0.5) if step * power <= longest_m)


def length_text(length_m: float, lang: Lang) -> str:
    """Write the length of a scale bar.

    Examples
    --------
    >>> length_text(500.0, "en"), length_text(2000.0, "zh")
    ('500 m', '2 公里')
    """
    if length_m < KILOMETRE:
        return f"{length_m:g} {label('m', lang)}"
    return f"{length_m / KILOMETRE:g} {phrase('km', lang)}"


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
    # At each point the line moves along the mean of the normals before and after it.
    left = np.column_stack((-steps[keep, 1], steps[keep, 0])) / lengths[keep, None]
    both = np.vstack((left[:1], left)) + np.vstack((left, left[-1:]))
    size = np.maximum(np.hypot(both[:, 0], both[:, 1]), 1e-9)[:, None]
    return np.asarray(points + offset * both / size)

"""The ground of a map plot: quiet streets, a scale bar, depots; metres on the scene's plane, north up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patrolroute.output.picture.canvas import INK
from patrolroute.output.picture.map import KILOMETRE, SCALE_SHARE, round_length
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.stops import draw_depot
from patrolroute.output.picture.streets import draw_background
from patrolroute.output.picture.words import phrase
from patrolroute.output.plots.paper import Paper, paper
from patrolroute.words import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONG_SIDE_IN = 9.0
ABOVE_AND_BELOW_IN = 1.0
"""Inches for title and foot."""

DEPOT_SIZE = 7.0


def ground(scene: Scene, axes: Axes | None, lang: Lang, *, beside_in: float) -> Paper:
    """Make axes show the scene's frame with its streets, in the proportions of the ground.

    ``beside_in`` are the inches that a legend or colour bar takes beside new axes.
    """
    west, south, east, north = scene.frame
    scale = LONG_SIDE_IN / max(east - west, north - south)
    sheet = paper(axes, lang, ((east - west) * scale + beside_in, (north - south) * scale + ABOVE_AND_BELOW_IN))
    sheet.axes.set_axis_off()
    sheet.axes.set_aspect("equal")
    sheet.axes.set_xlim(west, east, auto=False)
    sheet.axes.set_ylim(south, north, auto=False)
    draw_background(sheet.axes, scene)
    _scale_bar(sheet, scene)
    return sheet


def draw_depots(sheet: Paper, scene: Scene) -> None:
    """Draw every depot, on top of all else."""
    for depot in scene.depots:
        draw_depot(sheet.axes, (float(depot.place[0]), float(depot.place[1])), DEPOT_SIZE)


def point_m(sheet: Paper, scene: Scene) -> float:
    """Give the metres that one point of the plot shows, about."""
    west, south, east, north = scene.frame
    wide, high = sheet.size
    return max((east - west) / wide, (north - south) / high)


def _scale_bar(sheet: Paper, scene: Scene) -> None:
    """Draw a bar of a round length in the lower left corner."""
    west, south, east, north = scene.frame
    length = round_length((east - west) * SCALE_SHARE)
    x, y = west + (east - west) * 0.02, south + (north - south) * 0.02
    sheet.axes.plot([x, x + length], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", zorder=30)
    unit = phrase("kilometres" if length >= KILOMETRE else "metres", sheet.said_in)
    said = f"{length / KILOMETRE if length >= KILOMETRE else length:g} {unit}"
    written = sheet.text((x, y + (north - south) * 0.008), said, size=8.5, va="bottom", zorder=30)
    written.set_bbox({"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.0})

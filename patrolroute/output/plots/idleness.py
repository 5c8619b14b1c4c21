"""The idleness map: how long each street and hotspot is without a car at worst, or how likely one is seen there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from patrolroute.dates import date
from patrolroute.errors import InputError
from patrolroute.output.picture.canvas import INK
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.streets import MISSED, draw_lines, priority_width
from patrolroute.output.plots.ground import draw_depots, ground
from patrolroute.output.plots.paper import WORDS, Paper
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.metrics.presence import sighting
from patrolroute.plan.parts import PlannedTask
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

By: TypeAlias = Literal["idleness", "sighting"]

MINUTES = 0, 15, 30, 60, 120, 240, 480
"""Limits of the classes of idleness; few classes are easier to read off a print than a gradient."""

NARROWEST = 1.2
"""The last class ends with the night, so much later than it begins."""

SHARES = 0.0, 0.2, 0.4, 0.6, 0.8, 1.0
COLOURS = {"idleness": "YlGnBu", "sighting": "YlGnBu_r"}
"""Dark is bad: brightness alone carries it, so people who see no red or no green read it, and a grey print does."""

HOTSPOT_SIZE = 55


def worst_of(night: Night, task: PlannedTask, by: By) -> float | None:
    """Give a task's longest time without anybody in minutes, or the chance to see a car within a quarter of an hour.

    None where it is undefined: a hotspot that is never open, the chance to see a car at a hotspot.
    """
    gaps = night.gaps[task.id]
    if not gaps or night.window_s <= 0 or (by == "sighting" and task.kind != "street"):
        return None
    return max(gaps) / 60 if by == "idleness" else sighting(gaps, night.window_s)


def draw_idleness(plan: PatrolPlan, ax: Axes | None = None, *, by: By = "idleness", lang: Lang = "zh") -> Axes:
    """Draw each street in the colour of its worst idleness, or of the chance to see a car there.

    Every pass counts, deadheads too; see the measures ``idleness_worst_s`` and ``sighting_probability``. Dark is bad;
    streets that nobody passes all night are dashed in red besides. Hotspots are dots, inside their opening hours.

    Parameters
    ----------
    plan
        The plan.
    ax
        Matplotlib axes to draw on; if not given, those of a new figure, ``ax.figure``, that pyplot does not know.
        A colour bar takes some of their room.
    by
        ``idleness`` or ``sighting``.
    lang
        Of the words; English where no font of this computer writes Chinese.

    Returns
    -------
    Axes
        ``ax``, or the new ones; in metres on a plane, north up.

    Raises
    ------
    InputError
        If there is no such language or measure.
    """
    if by not in COLOURS:
        raise InputError(f"draw_idleness: by {by!r} is not one of {', '.join(COLOURS)}")
    night, scene = Night(plan), Scene(plan)
    sheet = ground(scene, ax, lang, beside_in=1.5)
    _colour_bar(sheet, _streets(sheet, night, scene, by), by)
    draw_depots(sheet, scene)
    sheet.title(f"{sheet.say(by)}  {date(plan.window[0], sheet.said_in)}")
    sheet.legend(_handles(sheet, night, scene), loc="lower right", framealpha=0.95)
    sheet.foot(plan, below=6)
    return sheet.axes


def _streets(sheet: Paper, night: Night, scene: Scene, by: By) -> Any:
    """Draw streets and hotspots and give what maps values to colours."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm

    limits = _limits(night, by)
    colour_map = colormaps[COLOURS[by]].resampled(256)
    shade = ScalarMappable(BoundaryNorm(limits, colour_map.N), colour_map)
    known = [(one, value) for one in scene.stretches if (value := worst_of(night, one.task, by)) is not None]
    known.sort(key=lambda pair: pair[1], reverse=by == "sighting")
    widths = [0.6 + priority_width(stretch.task.priority) / 2.4 for stretch, _ in known]
    lines = [stretch.line for stretch, _ in known]
    if known:
        draw_lines(sheet.axes, lines, colors="#4d4d4d", linewidths=[width + 0.9 for width in widths], zorder=4)
        colours = shade.to_rgba(np.array([value for _, value in known]))
        draw_lines(sheet.axes, lines, colors=colours, linewidths=widths, zorder=5)
    never = [one.line for one in scene.stretches if not night.passes[one.task.id]]
    draw_lines(sheet.axes, never, colors=MISSED, linewidths=1.1, linestyles=[(0.0, (3.0, 2.0))], zorder=6)
    for stop in scene.stops:
        value = worst_of(night, stop.task, by)
        if value is not None:
            colour = shade.to_rgba(np.array([value]))
            east, north = float(stop.place[0]), float(stop.place[1])
            sheet.axes.scatter(east, north, s=HOTSPOT_SIZE, color=colour, edgecolors=INK, linewidths=1.0, zorder=20)
    return shade


def _limits(night: Night, by: By) -> Sequence[float]:
    """Give the limits of the classes: those of idleness end with the night."""
    if by == "sighting":
        return SHARES
    minutes = max(1.0, night.window_s / 60)
    return [*(limit for limit in MINUTES if limit * NARROWEST < minutes), minutes]


def _colour_bar(sheet: Paper, shade: Any, by: By) -> None:
    figure = sheet.axes.get_figure()
    bar: Any = figure.colorbar(shade, ax=sheet.axes, shrink=0.6, pad=0.02, spacing="uniform") if figure else None
    if bar is not None:
        said = [f"{limit:.0%}" if by == "sighting" else f"{limit:.0f}" for limit in bar.norm.boundaries]
        bar.set_ticks(bar.norm.boundaries, labels=said)
        bar.ax.tick_params(labelsize=WORDS)
        bar.set_label(sheet.say(f"{by}_axis"), fontproperties=sheet.lettering.at(WORDS), color=INK)


def _handles(sheet: Paper, night: Night, scene: Scene) -> list[Any]:
    from matplotlib.lines import Line2D

    handles = []
    if any(not night.passes[one.task.id] for one in scene.stretches):
        handles.append(Line2D([], [], color=MISSED, linewidth=1.3, linestyle=(0, (3, 2)), label=sheet.say("never")))
    if scene.stops:
        dot: dict[str, Any] = {"marker": "o", "markersize": 7, "markerfacecolor": "white", "markeredgecolor": INK}
        handles.append(Line2D([], [], linestyle="none", label=sheet.say("hotspot"), **dot))
    return handles

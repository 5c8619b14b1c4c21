"""The map of cells: how each is seen, all night or in one of its hours, and which nobody comes into."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import InputError
from patrolroute.base.text import clock_text
from patrolroute.base.vocabulary import FloatArray, Lang
from patrolroute.metrics.seen_in_cells import SeenCell, SeenInCells
from patrolroute.output.looks.scene import Scene
from patrolroute.output.looks.style import INK, MISSED
from patrolroute.output.plots.axes import WORDS, Paper, draw_depots, ground, paper, point_m

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARES = 0.0, 0.2, 0.4, 0.6, 0.8, 1.0
COLOURS = "YlGnBu_r"
"""Dark is seen little: brightness alone carries it, on a grey print too."""

SEE_THROUGH = 0.62
DARK = 0.2
"""Names of cells that are seen less are white."""

NARROWEST_PT, NAME_PT, SMALLEST_PT = 9.0, 6.0, 3.2
"""Points: cells that are narrower on paper go without a name; of a name, at most and at least."""

MOST_COLUMNS, PANEL_IN, SHEET_DPI = 3, 5.0, 220


@checked
def draw_cells(seen: SeenInCells, ax: Axes | None = None, *, hour: int | None = None, lang: Lang = "zh") -> Axes:
    """Draw each cell in the colour of its 见警率; cells without wanted streets by their edge alone.

    Cells into which no crew comes are hatched in red; those that are visited less often than wanted have a red edge.

    Parameters
    ----------
    seen
        From `patrolroute.seen_in_cells`.
    ax
        Matplotlib axes to draw on; if not given, those of a new figure, ``ax.figure``, that pyplot does not know.
    hour
        The number of one of its ``hours``, from 0; if not given, the whole night.
    lang
        Of the words; English where no font of this computer writes Chinese.

    Returns
    -------
    Axes
        ``ax``, or the new ones; in metres on a plane, north up.

    Raises
    ------
    InputError
        If there is no such hour or language.
    """
    if hour is not None and not 0 <= hour < len(seen.hours):
        raise InputError(f"draw_cells: hour is {hour}; it must be 0 to {len(seen.hours) - 1}")
    scene = Scene(seen.plan)
    sheet = ground(scene, ax, lang, beside_in=1.5)
    shade = _draw(sheet, scene, seen, hour)
    _colour_bar(sheet, shade)
    draw_depots(sheet, scene)
    _legend(sheet, seen, hour)
    sheet.title("plot_cells", seen.plan) if hour is None else sheet.text(
        (0, 1.01), _span(seen, hour), transform=sheet.axes.transAxes, va="bottom"
    )
    sheet.foot(seen.plan, below=6)
    return sheet.axes


def cells_png(seen: SeenInCells, lang: Lang = "zh") -> bytes:
    """Return the map of cells as a PNG: the whole night, then every hour that people can come in."""
    scene = Scene(seen.plan)
    hours = [None, *(n for n in range(len(seen.hours)) if any(one.by_hour[n] is not None for one in seen.cells))]
    columns = min(MOST_COLUMNS, len(hours))
    rows = -(-len(hours) // columns)
    west, south, east, north = scene.frame
    from matplotlib.figure import Figure

    high = PANEL_IN * (north - south) / (east - west)
    paper(None, lang, (1, 1))
    figure = Figure(
        (PANEL_IN * columns + 1, (high + 0.4) * rows + 1), SHEET_DPI, facecolor="white", layout="constrained"
    )
    sheets = list[Paper]()
    for number, hour in enumerate(hours, start=1):
        sheet = ground(scene, figure.add_subplot(rows, columns, number), lang, beside_in=0)
        shade = _draw(sheet, scene, seen, hour)
        draw_depots(sheet, scene)
        above = sheet.say("all_night") if hour is None else _span(seen, hour)
        sheet.text((0, 1.01), above, transform=sheet.axes.transAxes, va="bottom", size=WORDS + 1)
        sheets.append(sheet)
    bar: Any = figure.colorbar(
        shade, ax=[sheet.axes for sheet in sheets], alpha=SEE_THROUGH, shrink=0.5, aspect=30, pad=0.01
    )
    _dress_bar(sheets[0], bar)
    _legend(sheets[0], seen, None)
    sheets[0].around("plot_cells", seen.plan)
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _span(seen: SeenInCells, hour: int) -> str:
    return "–".join(clock_text(moment) for moment in seen.hours[hour])


def _value(one: SeenCell, hour: int | None) -> float | None:
    return one.seen if hour is None else one.by_hour[hour]


def _visits(one: SeenCell, hour: int | None) -> int:
    return one.visits if hour is None else one.visits_by_hour[hour]


def _draw(sheet: Paper, scene: Scene, seen: SeenInCells, hour: int | None) -> Any:
    """Draw the cells and return what maps shares to colours."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import BoundaryNorm

    colours = colormaps[COLOURS].resampled(256)
    shade = ScalarMappable(BoundaryNorm(SHARES, colours.N), colours)
    for one in seen.cells:
        rings = [scene.plane(ring) for ring in _rings(one)]
        value = _value(one, hour)
        face = "none" if value is None else (*shade.to_rgba(np.array([value]))[0][:3], SEE_THROUGH)
        sheet.axes.add_collection(
            PolyCollection(rings, facecolors=[face], edgecolors="#8a8a8a", linewidths=0.5, zorder=4), autolim=False
        )
        if hour is None and one.visits < seen.wanted:
            sheet.axes.add_collection(
                PolyCollection(rings, facecolors="none", edgecolors=MISSED, linewidths=1.4, zorder=6), autolim=False
            )
        if not _visits(one, hour):
            look: dict[str, Any] = {"hatch": "////", "edgecolors": MISSED, "linewidths": 0.4}
            sheet.axes.add_collection(PolyCollection(rings, facecolors="none", zorder=5, **look), autolim=False)
        is_dark = value is not None and value < DARK
        _name(sheet, scene, one, is_dark=is_dark)
    return shade


def _rings(one: SeenCell) -> list[FloatArray]:
    parts = getattr(one.cell.polygon, "geoms", [one.cell.polygon])
    return [np.asarray(part.exterior.coords) for part in parts]


def _name(sheet: Paper, scene: Scene, one: SeenCell, *, is_dark: bool) -> None:
    """Write a cell's name into it where there is room."""
    (west, south, east, north), middle = one.cell.polygon.bounds, one.cell.polygon.representative_point()
    low, high, place = scene.plane([(west, south), (east, north), (middle.x, middle.y)])
    wide = float((high - low)[0]) / point_m(sheet, scene)
    if wide >= NARROWEST_PT:
        sheet.text(
            (float(place[0]), float(place[1])), one.cell.name, size=min(NAME_PT, max(SMALLEST_PT, wide / 3)),
            ha="center", va="center", zorder=8, clip_on=True, color="white" if is_dark else INK,
        )  # fmt: skip


def _colour_bar(sheet: Paper, shade: Any) -> None:
    figure = sheet.axes.get_figure()
    if figure is not None:
        _dress_bar(sheet, figure.colorbar(shade, ax=sheet.axes, alpha=SEE_THROUGH, shrink=0.6, pad=0.02))


def _dress_bar(sheet: Paper, bar: Any) -> None:
    bar.set_ticks(SHARES, labels=[f"{share:.0%}" for share in SHARES])
    bar.ax.tick_params(labelsize=WORDS)
    bar.set_label(sheet.say("sighting_axis"), fontproperties=sheet.lettering.at(WORDS), color=INK)


def _legend(sheet: Paper, seen: SeenInCells, hour: int | None) -> None:
    from matplotlib.patches import Patch

    handles = []
    if any(not _visits(one, hour) for one in seen.cells):
        unseen = sheet.say("nobody_comes_in")
        handles.append(Patch(facecolor="white", edgecolor=MISSED, hatch="////", linewidth=0.4, label=unseen))
    if hour is None and seen.short:
        short = sheet.say("fewer_visits", wanted=seen.wanted)
        handles.append(Patch(facecolor="none", edgecolor=MISSED, linewidth=1.4, label=short))
    if any(_value(one, hour) is None for one in seen.cells):
        none = sheet.say("no_priority_street")
        handles.append(Patch(facecolor="none", edgecolor="#8a8a8a", linewidth=0.5, label=none))
    sheet.legend(handles, loc="lower right", framealpha=0.95)

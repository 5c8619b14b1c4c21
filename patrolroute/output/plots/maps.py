"""Maps of a plan: who patrols which street, how long streets are without a car, and one to explore."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.errors import InputError
from patrolroute.base.extras import require
from patrolroute.base.text import clock_text, label, require_lang
from patrolroute.base.vocabulary import Lang
from patrolroute.metrics.context import PlanMeasures
from patrolroute.metrics.presence import sighting
from patrolroute.output.looks.clock import stamp
from patrolroute.output.looks.drawing import draw_lines, draw_missing, draw_patrols, draw_priorities
from patrolroute.output.looks.duty import duty
from patrolroute.output.looks.scene import Scene
from patrolroute.output.looks.style import (
    APPROACH_LOOK,
    HOUSE,
    INK,
    MARKERS,
    MISSED,
    MISSED_LOOK,
    OTHER_MARKER,
    PRIORITY_TONES,
    SHORT_LOOK,
    STATE_LOOKS,
    STRIPE,
    Team,
    colours_of,
    joined_ids,
    priority_width,
)
from patrolroute.output.plots.axes import DEPOT_SIZE, LONGEST_NAME, WORDS, Paper, draw_depots, ground, point_m
from patrolroute.output.tables import legs_frame
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedTask

if TYPE_CHECKING:
    import folium
    import geopandas
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


def worst_of(night: PlanMeasures, task: PlannedTask, by: By) -> float | None:
    """Return a task's longest time without anybody in minutes, or the chance to see a car within a quarter of an hour.

    Parameters
    ----------
    night
        The measures of the plan.
    task
        One of its tasks.
    by
        ``idleness`` or ``sighting``.

    Returns
    -------
    float or None
        None where it is undefined: a hotspot that is never open, the chance to see a car at a hotspot.
    """
    gaps = night.gaps[task.id]
    if not gaps or night.window_s <= 0 or (by == "sighting" and task.kind != "street"):
        return None
    return max(gaps) / 60 if by == "idleness" else sighting(gaps, night.window_s)


@checked
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
    night, scene = PlanMeasures(plan), Scene(plan)
    sheet = ground(scene, ax, lang, beside_in=1.5)
    _colour_bar(sheet, _streets(sheet, night, scene, by), by)
    draw_depots(sheet, scene)
    sheet.title(f"plot_{by}", plan)
    sheet.legend(_handles(sheet, night, scene), loc="lower right", framealpha=0.95)
    sheet.foot(plan, below=6)
    return sheet.axes


def _streets(sheet: Paper, night: PlanMeasures, scene: Scene, by: By) -> Any:
    """Draw streets and hotspots and return what maps values to colours."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm

    limits = _limits(night, by)
    colour_map = colormaps[COLOURS[by]].resampled(256)
    shade = ScalarMappable(BoundaryNorm(limits, colour_map.N), colour_map)
    # The worst streets come last and lie on top, each with a dark edge.
    known = [
        (stretch, value) for stretch in scene.stretches if (value := worst_of(night, stretch.task, by)) is not None
    ]
    known.sort(key=lambda pair: pair[1], reverse=by == "sighting")
    widths = [0.6 + priority_width(stretch.task.priority) / 2.4 for stretch, _ in known]
    lines = [stretch.line for stretch, _ in known]
    if known:
        draw_lines(sheet.axes, lines, colors="#4d4d4d", linewidths=[width + 0.9 for width in widths], zorder=4)
        colours = shade.to_rgba(np.array([value for _, value in known]))
        draw_lines(sheet.axes, lines, colors=colours, linewidths=widths, zorder=5)
    # Red dashes where nobody comes all night, dots for hotspots.
    never = [stretch.line for stretch in scene.stretches if not night.passes[stretch.task.id]]
    draw_lines(sheet.axes, never, colors=MISSED, linewidths=1.1, linestyles=[(0.0, (3.0, 2.0))], zorder=6)
    for stop in scene.stops:
        value = worst_of(night, stop.task, by)
        if value is not None:
            colour = shade.to_rgba(np.array([value]))
            east, north = float(stop.place[0]), float(stop.place[1])
            sheet.axes.scatter(east, north, s=HOTSPOT_SIZE, color=colour, edgecolors=INK, linewidths=1.0, zorder=20)
    return shade


def _limits(night: PlanMeasures, by: By) -> Sequence[float]:
    """Return the limits of the classes: those of idleness end with the night."""
    if by == "sighting":
        return SHARES
    minutes = max(1.0, night.window_s / 60)
    return [*(limit for limit in MINUTES if limit * NARROWEST < minutes), minutes]


def _colour_bar(sheet: Paper, shade: Any, by: By) -> None:
    figure = sheet.axes.get_figure()
    bar: Any = figure.colorbar(shade, ax=sheet.axes, shrink=0.6, pad=0.02, spacing="uniform") if figure else None
    if bar is not None:
        texts = [f"{limit:.0%}" if by == "sighting" else f"{limit:.0f}" for limit in bar.norm.boundaries]
        bar.set_ticks(bar.norm.boundaries, labels=texts)
        bar.ax.tick_params(labelsize=WORDS)
        bar.set_label(sheet.say(f"{by}_axis"), fontproperties=sheet.lettering.at(WORDS), color=INK)


def _handles(sheet: Paper, night: PlanMeasures, scene: Scene) -> list[Any]:
    from matplotlib.lines import Line2D

    handles = []
    if any(not night.passes[stretch.task.id] for stretch in scene.stretches):
        handles.append(Line2D([], [], color=MISSED, linewidth=1.3, linestyle=(0, (3, 2)), label=sheet.say("never")))
    if scene.stops:
        dot: dict[str, Any] = {"marker": "o", "markersize": 7, "markerfacecolor": "white", "markeredgecolor": INK}
        handles.append(Line2D([], [], linestyle="none", label=sheet.word("hotspot"), **dot))
    return handles


MARKER_SIZE = 6.5


@checked
def draw_routes(plan: PatrolPlan, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
    """Draw the route map: a stripe in each crew's colour on the streets that it patrols.

    The sheet to print is ``plan.to_png``; this one goes into a report or a notebook.

    Parameters
    ----------
    plan
        The plan.
    ax
        Matplotlib axes to draw on; if not given, those of a new figure, ``ax.figure``, that pyplot does not know.
    lang
        Of the words; English where no font of this computer writes Chinese.

    Returns
    -------
    Axes
        ``ax``, or the new ones; in metres on a plane, north up.

    Raises
    ------
    InputError
        If there is no such language.
    """
    scene = Scene(plan)
    sheet = ground(scene, ax, lang, beside_in=2.8)
    metres = point_m(sheet, scene)
    draw_priorities(sheet.axes, scene)
    draw_patrols(sheet.axes, scene, metres)
    draw_missing(sheet.axes, scene, metres)
    for stop in scene.stops:
        fill, edge, _ = STATE_LOOKS[stop.state]
        sheet.axes.plot(
            *stop.place, marker=MARKERS.get(stop.task.category, OTHER_MARKER), markersize=MARKER_SIZE,
            markerfacecolor=fill, markeredgecolor=edge, linestyle="none", zorder=20, scalex=False, scaley=False,
        )  # fmt: skip
    draw_depots(sheet, scene)
    sheet.title(f"plot_routes_{duty(plan)}", plan)
    sheet.legend(_route_handles(sheet, scene), loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    sheet.foot(plan, below=6)
    return sheet.axes


def _route_handles(sheet: Paper, scene: Scene) -> list[Any]:
    """Return the legend's entries, only for what is on the map."""
    states = {stretch.state for stretch in scene.stretches}
    entries: list[tuple[str, dict[str, Any]]] = [
        (_crews(sheet, scene, team), {"color": team.colour, "linewidth": STRIPE * 1.3}) for team in scene.teams
    ]
    if scene.teams:
        entries.append((sheet.say("approach"), _look(APPROACH_LOOK)))
    if scene.stretches:
        entries.append((sheet.say("band"), {"color": PRIORITY_TONES[-1], "linewidth": 6.0}))
    known = ("short", SHORT_LOOK), ("missed", MISSED_LOOK)
    entries += [(sheet.say(state), _look(look)) for state, look in known if state in states]
    for key, states_of in (("served", {"done", "short"}), ("not_served", {"missed"})):
        there = sorted({stop.state for stop in scene.stops} & states_of)
        if there:
            fill, edge, _ = STATE_LOOKS[there[0]]
            entries.append((f"{sheet.word('hotspot')} · {sheet.say(key)}", _dot("o", MARKER_SIZE, fill, edge)))
    entries.append((sheet.word("depot"), _dot(HOUSE, DEPOT_SIZE * 1.4, "white", INK)))
    from matplotlib.lines import Line2D

    return [Line2D([], [], label=text, **look) for text, look in entries]


def _crews(sheet: Paper, scene: Scene, team: Team) -> str:
    numbers = {crew: number for number, crew in enumerate(scene.crew, start=1)}
    return joined_ids([sheet.crew_name(crew, numbers[crew]) for crew in team.crews], LONGEST_NAME)


def _look(look: dict[str, Any]) -> dict[str, Any]:
    """Return the look of many lines as that of one."""
    return {"color": look["colors"], "linewidth": look["linewidths"], "linestyle": look["linestyles"][0]}


def _dot(marker: Any, size: float, fill: str, edge: str) -> dict[str, Any]:
    look = {"markerfacecolor": fill, "markeredgecolor": edge, "markeredgewidth": 1.2}
    return {"linestyle": "none", "marker": marker, "markersize": size, **look}


COLUMNS = ("crew", "order", "kind", "street", "depart", "arrive", "length_m")
TITLES: dict[Lang, tuple[str, ...]] = {
    "zh": ("车组", "序号", "动作", "路段或场所", "开始", "结束", "米"),
    "en": ("crew", "number", "action", "street or place", "begins", "ends", "metres"),
}
LINE_WIDTH = 4

NEEDED = ("folium", "mapclassify", "geopandas")
"""What these maps are made with; geopandas asks for the other two whatever is drawn."""


def explore(plan: PatrolPlan, *, lang: Lang = "zh", tiles: str | folium.TileLayer | None = None) -> folium.Map:
    """Return the legs as an interactive map, coloured by crew, with a tooltip for each.

    The page that folium makes fetches its scripts from public servers (CDN) when it is shown, so it needs a network
    and tells those servers that somebody looks; nothing of the plan is sent. For a map that opens anywhere use
    ``plan.save``.

    Parameters
    ----------
    plan
        The plan.
    lang
        Of the words.
    tiles
        A background as `geopandas.GeoDataFrame.explore` takes it, such as ``"OpenStreetMap"``. None by default: a
        tile server learns which places are looked at.

    Returns
    -------
    folium.Map
        Shown by a notebook when it is a cell's last value; ``.save("map.html")`` writes it. Coordinates are WGS-84.

    Raises
    ------
    InputError
        If there is no such language.
    MissingExtraError
        If a library of the extra ``notebook`` is not installed.
    """
    require_lang(lang)
    require("plan.explore()", *NEEDED)
    import folium

    frame = _frame(plan, lang)
    known = {html.escape(crew): colour for crew, colour in colours_of(plan.crews).items()}
    crews = list(dict.fromkeys(frame[TITLES[lang][0]]))
    colours = [known[crew] for crew in crews]
    drawn: folium.Map = folium.Map(tiles=tiles) if frame.empty else frame.explore(
        column=TITLES[lang][0], categories=crews, cmap=colours, categorical=True, tiles=tiles,
        tooltip=list(TITLES[lang]), style_kwds={"weight": LINE_WIDTH}, marker_kwds={"radius": LINE_WIDTH},
    )  # fmt: skip
    page: Any = drawn.get_root()
    page.html.add_child(folium.Element(_stamp(plan, lang)))
    return drawn


def _frame(plan: PatrolPlan, lang: Lang) -> geopandas.GeoDataFrame:
    """Return the legs with places, in words; what would act in a page is escaped."""
    frame = legs_frame(plan)
    frame = frame[frame.geometry.notna()][[*COLUMNS, "geometry"]]
    for name in ("crew", "street"):
        frame[name] = [html.escape(text) for text in frame[name]]
    frame["kind"] = [label(kind, lang) for kind in frame["kind"]]
    for name in ("depart", "arrive"):
        frame[name] = [clock_text(moment, "%H:%M:%S") for moment in frame[name]]
    return frame.rename(columns=dict(zip(COLUMNS, TITLES[lang], strict=True)))


def _stamp(plan: PatrolPlan, lang: Lang) -> str:
    lines = "<br>".join(html.escape(line) for line in stamp(plan, lang, "wgs84"))
    return f'<p style="font: 12px sans-serif; margin: 4px">{lines}</p>'

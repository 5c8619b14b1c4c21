"""A sketch as a PNG picture: streets, areas, depots and hotspots with their names, and a legend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from patrolroute.base.text import label, width_of, wrapped
from patrolroute.base.vocabulary import FloatArray, Lang
from patrolroute.output.looks.drawing import DEPOT_SIZE, draw_depot, draw_lines, length_text, png_bytes, round_length
from patrolroute.output.looks.fonts import Lettering, lettering, load_matplotlib, shortened
from patrolroute.output.looks.names import RIGHT_ANGLE, STEEP, TALLEST, readable, straight_at
from patrolroute.output.looks.style import (
    DPI,
    HOUSE,
    INK,
    MARKERS,
    MISSED,
    NOTICE_GROUND,
    OTHER_MARKER,
    POINTS_AN_INCH,
    QUIET_INK,
    priority_tone,
    priority_width,
    road_grey,
    road_width,
)
from patrolroute.output.sketch.model import WORDS, Mark, Sketch

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LONG_IN, SIDE_IN, HEAD_IN, FOOT_IN = 12.0, 2.9, 0.75, 0.55
"""Inches of the map's longer side, of the legend beside it, of the head and of the foot."""

SLOW_LOOK: dict[str, Any] = {"colors": "#8a5a00", "linewidths": 2.0, "linestyles": [(0.0, (1.0, 1.6))]}
CLOSED_LOOK: dict[str, Any] = {"colors": MISSED, "linewidths": 2.4, "linestyles": [(0.0, (2.6, 1.6))]}
ZONES: dict[str, tuple[str, tuple[float, float]]] = {
    "within": ("#1c6f9c", (1.2, 1.2)), "crew_area": ("#56008f", (7.0, 4.0)), "area_closed": (MISSED, (4.0, 2.0)),
}  # fmt: skip
"""Colour and dashes of the edges of areas by what they are for, the lowest first."""

FAINT, FULL = 0.06, 0.3
"""How much of the map an area hides, and one of several side by side."""

STOP_SIZE = 8.0
NAME_SIZE, STREET_SIZE = 7.5, 7.0
LONGEST_NAME, LONGEST_TITLE = 30, 70
REQUIRED_BESIDE = 1.6
"""Points that a required street's edge is wider than its band."""


def picture_bytes(sketch: Sketch, lang: Lang) -> bytes:
    """Return a sketch as a PNG file; the same night and fonts give the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = draw(sketch, lang)
    return png_bytes(FigureCanvasAgg(figure))


def draw(sketch: Sketch, lang: Lang) -> Figure:
    """Return a sketch as a matplotlib figure that pyplot does not know."""
    load_matplotlib()
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    west, south, east, north = sketch.frame
    wide, high = east - west, north - south
    map_in = np.array([wide, high]) * LONG_IN / max(wide, high)
    size = float(map_in[0] + SIDE_IN), float(map_in[1] + HEAD_IN + FOOT_IN)
    figure = Figure(figsize=size, dpi=DPI, facecolor="white")
    figure.set_layout_engine("none")
    share = (0.15 / size[0], FOOT_IN / size[1], float(map_in[0]) / size[0], float(map_in[1]) / size[1])
    axes = Axes(figure, share)
    figure.add_axes(axes)
    axes.set_axis_off()
    axes.set_xlim(west, east, auto=False)
    axes.set_ylim(south, north, auto=False)
    sheet = _Sheet(axes, lang, lettering(), wide / (float(map_in[0]) * POINTS_AN_INCH))
    _lines(sheet, sketch)
    _zones(sheet, sketch)
    _marks(sheet, sketch)
    _street_names(sheet, sketch)
    _around(sheet, sketch, figure, size)
    return figure


class _Sheet:
    """The map's axes with a font, the metres of a point, and where something is written already."""

    def __init__(self, axes: Axes, lang: Lang, letters: Lettering, point_m: float) -> None:
        self.axes, self.letters, self.point_m = axes, letters, point_m
        self.lang = letters.words_in(lang)
        self._taken: list[Any] = []

    def say(self, key: str, **values: object) -> str:
        return WORDS.say(key, self.lang, **values)

    def write(self, place: tuple[float, float], text: str, *, size: float = NAME_SIZE, **look: Any) -> Any:
        """Write a text as it is, on a white edge so that lines below do not hide it."""
        from matplotlib.patheffects import withStroke

        known: dict[str, Any] = {"color": INK, "ha": "center", "va": "center", "zorder": 30}
        known["path_effects"] = [withStroke(linewidth=2.2, foreground="white", alpha=0.9)]
        spelt = "\n".join(map(self.letters.spell, text.split("\n")))
        written = self.axes.text(*place, spelt, parse_math=False, **(known | look))
        written.set_fontproperties(self.letters.at(size))
        return written

    def take(self, place: FloatArray, wide_m: float, high_m: float, *, always: bool = False) -> bool:
        """Take the room around a point if it is free, or in any case; return whether it was."""
        box = shapely.box(place[0] - wide_m / 2, place[1] - high_m / 2, place[0] + wide_m / 2, place[1] + high_m / 2)
        free = not any(box.intersects(other) for other in self._taken)
        if free or always:
            self._taken.append(box)
        return free


def _lines(sheet: _Sheet, sketch: Sketch) -> None:
    """Draw the background, chosen streets by priority, what is closed and what is slow."""
    groups: dict[float, list[FloatArray]] = {}
    for highway, _, line in sketch.roads:
        groups.setdefault(road_width(highway), []).append(line)
    for width in sorted(groups):
        draw_lines(sheet.axes, groups[width], colors=road_grey(width), linewidths=width, zorder=1 + width / 10)
    for priority in sorted({line.priority for line in sketch.streets}):
        lines = [line for line in sketch.streets if line.priority == priority]
        width = priority_width(priority)
        must = [sketch.plane(line.points) for line in lines if line.required]
        draw_lines(sheet.axes, must, colors=INK, linewidths=width + REQUIRED_BESIDE, zorder=3 + priority / 100)
        every = [sketch.plane(line.points) for line in lines]
        draw_lines(sheet.axes, every, colors=priority_tone(priority), linewidths=width, zorder=3.5 + priority / 100)
    draw_lines(sheet.axes, [line for _, line in sketch.merged(sketch.slow)], **SLOW_LOOK, capstyle="butt", zorder=5)
    draw_lines(sheet.axes, [line for _, line in sketch.merged(sketch.closed)], **CLOSED_LOOK, capstyle="butt", zorder=6)


def _zones(sheet: _Sheet, sketch: Sketch) -> None:
    """Draw the areas with their names inside."""
    for zone in sorted(sketch.zones, key=lambda zone: list(ZONES).index(zone.kind)):
        colour, dashes = ZONES[zone.kind]
        for part in shapely.get_parts(zone.shape):
            edge = sketch.plane(shapely.get_coordinates(part.exterior))
            fill: dict[str, Any] = {"facecolor": zone.colour or colour, "alpha": FULL if zone.colour else FAINT}
            sheet.axes.fill(*edge.T, edgecolor="none", zorder=2, **fill)
            draw_lines(sheet.axes, [edge], colors=colour, linewidths=1.8, linestyles=[(0.0, dashes)], zorder=7)
    for zone in sorted(sketch.zones, key=lambda zone: zone.kind != "crew_area"):
        place = sketch.plane(zone.shape.representative_point().coords[0])[0]
        name = shortened(zone.name, LONGEST_NAME)
        _name(sheet, place, name, color=ZONES[zone.kind][0], size=NAME_SIZE + 1)


def _marks(sheet: _Sheet, sketch: Sketch) -> None:
    """Draw depots and hotspots where their points lie, with a line to where on the streets they were put."""
    for mark in sketch.marks:
        given, foot = sketch.plane(mark.given)[0], sketch.plane(mark.foot)[0]
        draw_lines(sheet.axes, [np.array([given, foot])], colors="#0000e6", linewidths=1.4, zorder=20)
        sheet.axes.plot(*foot, marker="o", markersize=3.2, color="#0000e6", zorder=21, scalex=False, scaley=False)
        if mark.kind == "depot":
            draw_depot(sheet.axes, (float(given[0]), float(given[1])))
        else:
            sheet.axes.plot(
                *given, marker=MARKERS.get(mark.kind, OTHER_MARKER), markersize=STOP_SIZE, markerfacecolor="#ffd34d",
                markeredgecolor=INK, linestyle="none", zorder=22, scalex=False, scaley=False,
            )  # fmt: skip
        sheet.take(given, STOP_SIZE * 1.4 * sheet.point_m, STOP_SIZE * 1.4 * sheet.point_m, always=True)
    for mark in sorted(sketch.marks, key=lambda mark: mark.kind != "depot"):
        _name(sheet, sketch.plane(mark.given)[0], _told(sheet, mark), aside=STOP_SIZE)


def _told(sheet: _Sheet, mark: Mark) -> str:
    if mark.given == mark.foot:  # nothing was put anywhere
        return shortened(mark.name, LONGEST_NAME)
    street = shortened(mark.street or sheet.say("unnamed"), LONGEST_NAME)
    return f"{shortened(mark.name, LONGEST_NAME)} → {sheet.say('at', street=street, metres=mark.metres)}"


def _name(sheet: _Sheet, place: FloatArray, text: str, *, aside: float = 0.0, **look: Any) -> None:
    """Write a name on the first free side of a point; on none if all are taken, for a page tells it too."""
    size = look.get("size", NAME_SIZE)
    wide = width_of(text) * 0.55 * size * sheet.point_m
    high, away = size * 1.35 * sheet.point_m, aside * sheet.point_m
    steps = [(0, 0), (0, -high), (0, high)] if not aside else [
        (wide / 2 + away, 0), (-wide / 2 - away, 0), (0, high / 2 + away), (0, -high / 2 - away),
        (wide / 2 + away, high), (wide / 2 + away, -high), (-wide / 2 - away, high), (-wide / 2 - away, -high),
    ]  # fmt: skip
    (west, east), (south, north) = sheet.axes.get_xlim(), sheet.axes.get_ylim()
    for step in steps:
        spot = place + np.array(step)
        inside = west < spot[0] - wide / 2 and spot[0] + wide / 2 < east and south < spot[1] < north
        if inside and sheet.take(spot, wide, high):
            sheet.write((float(spot[0]), float(spot[1])), text, **look)
            return


def _street_names(sheet: _Sheet, sketch: Sketch) -> None:
    """Write each street's name once along its longest line."""
    for name, line in sketch.named:
        _along(sheet, name, line)


def _along(sheet: _Sheet, name: str, line: Any) -> None:
    size_m = STREET_SIZE * sheet.point_m
    long_m = width_of(name) * 0.55 * size_m
    if line.length < long_m:
        return
    for begin in sorted(np.linspace(0, line.length - long_m, 9), key=lambda at: abs(at - (line.length - long_m) / 2)):
        found = straight_at(line, float(begin), float(begin) + long_m)
        if found is None:
            continue
        place, angle = found
        turn = np.radians(readable(angle))
        wide = abs(np.cos(turn)) * long_m + abs(np.sin(turn)) * size_m * 1.3
        high = abs(np.sin(turn)) * long_m + abs(np.cos(turn)) * size_m * 1.3
        if sheet.take(place, wide, high):
            shown = readable(angle)
            look = {"rotation": shown, "rotation_mode": "anchor", "color": "#333333", "zorder": 12, "linespacing": 0.95}
            if stands := abs(shown) > STEEP and len(name) <= TALLEST and width_of(name) > 1.5 * len(name):
                look["rotation"] = float(shown - np.copysign(RIGHT_ANGLE, shown))
            sheet.write(
                (float(place[0]), float(place[1])), "\n".join(name) if stands else name, size=STREET_SIZE, **look
            )
            return


def _around(sheet: _Sheet, sketch: Sketch, figure: Figure, size: tuple[float, float]) -> None:
    """Write title and notice above the map, the legend beside it, scale and whose data below."""
    letters = sheet.letters

    def line(x_in: float, y_in: float, text: str, points: float, **look: Any) -> None:
        written = figure.text(x_in / size[0], y_in / size[1], letters.without_boxes(text), **({"color": INK} | look))
        written.set_fontproperties(letters.at(points))

    line(0.15, size[1] - 0.3, letters.spell(shortened(sketch.headed(sheet.lang), LONGEST_TITLE)), 13)
    if sketch.notice:
        ground = {"facecolor": NOTICE_GROUND, "edgecolor": "none", "pad": 2}
        line(0.17, size[1] - 0.6, " ".join(sketch.notice.split()), 8.5, bbox=ground)
    west, south, east, north = sketch.frame
    bar = round_length((east - west) / 5)
    x, y = west + 12 * sheet.point_m, south + 12 * sheet.point_m
    draw_lines(sheet.axes, [np.array([[x, y], [x + bar, y]])], colors=INK, linewidths=2.5, capstyle="butt", zorder=40)
    sheet.write((x + bar / 2, y + 9 * sheet.point_m), length_text(bar, sheet.lang), zorder=40)
    draw_lines(
        sheet.axes, [np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])],
        colors="#9a9a9a", linewidths=1.2, zorder=41,
    )  # fmt: skip
    line(0.15, 0.2, sheet.say("whose", whose=letters.spell(sketch.attribution)), 7, color=QUIET_INK)
    handles = list(_handles(sheet, sketch))
    box = figure.legend(
        handles=handles, loc="upper left", frameon=False, prop=letters.at(8.5),
        bbox_to_anchor=((size[0] - SIDE_IN + 0.25) / size[0], (size[1] - HEAD_IN) / size[1]),
    )  # fmt: skip
    for entry in box.get_texts():
        entry.set_fontproperties(letters.at(8.5))
    faults = [said for level, said in sketch.told if level != "note"]
    lines = [part for said in faults[:12] for part in wrapped(f"! {said}", 38)]
    for number, text in enumerate(lines[:40]):
        line(
            size[0] - SIDE_IN + 0.3,
            size[1] - HEAD_IN - 0.3 - 0.19 * len(handles) - 0.15 * number,
            text,
            7,
            color=MISSED,
        )


def _handles(sheet: _Sheet, sketch: Sketch) -> Iterator[Any]:
    """Yield the legend's entries, only of what is on the map."""
    from matplotlib.lines import Line2D

    def entry(text: str, **look: Any) -> Any:
        return Line2D([], [], label=text, **look)

    for priority in sorted({line.priority for line in sketch.streets}, reverse=True):
        yield entry(
            sheet.say("priority", n=priority), color=priority_tone(priority), linewidth=priority_width(priority)
        )
    if any(line.required for line in sketch.streets):
        yield entry(sheet.say("required"), color=INK, linewidth=1.0)
    for key, lines, look in (("closed", sketch.closed, CLOSED_LOOK), ("slow", sketch.slow, SLOW_LOOK)):
        if lines:
            style = {"color": look["colors"], "linewidth": look["linewidths"], "linestyle": look["linestyles"][0]}
            yield entry(sheet.say(key), **style)
    for kind in dict.fromkeys(zone.kind for zone in sketch.zones):
        colour, dashes = ZONES[kind]
        yield entry(sheet.say(kind), color=colour, linewidth=1.8, linestyle=(0.0, dashes))
    dot: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK}
    if any(mark.kind == "depot" for mark in sketch.marks):
        yield entry(sheet.say("depot"), marker=HOUSE, markersize=DEPOT_SIZE * 1.3, markerfacecolor="white", **dot)
    for spot in dict.fromkeys(mark.kind for mark in sketch.marks if mark.kind != "depot"):
        text = label(spot, sheet.lang)
        yield entry(
            text, marker=MARKERS.get(spot, OTHER_MARKER), markersize=STOP_SIZE, markerfacecolor="#ffd34d", **dot
        )
    if any(mark.given != mark.foot for mark in sketch.marks):
        yield entry(sheet.say("snapped"), color="#0000e6", linewidth=1.4, marker="o", markersize=3)

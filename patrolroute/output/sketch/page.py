"""A sketch as one HTML page that opens by double click and asks nobody for anything, drawn by Bokeh."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from patrolroute.base.text import label
from patrolroute.base.vocabulary import FloatArray, Lang
from patrolroute.output.looks.offline import OFFLINE, bokeh_script, load_bokeh, model_json, script_json
from patrolroute.output.looks.style import (
    INK,
    MISSED,
    NOTICE_GROUND,
    PAGE_MARKERS,
    priority_tone,
    priority_width,
    road_grey,
    road_width,
)
from patrolroute.output.sketch.model import WORDS, Line, Sketch
from patrolroute.output.sketch.names import names_by_zoom

if TYPE_CHECKING:
    from bokeh.plotting import figure

FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif'
SNAP_COLOUR = "#0000e6"
ZONES = {"crew_area": "#56008f", "within": "#1c6f9c", "area_closed": MISSED}
FAINT, FULL = 0.07, 0.3
"""How much of the map an area hides, and one of several side by side."""

SLACK_M = 1.0
"""A line may be moved by so much to save points."""

_PAGE = Template("""<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="data:,">
<style>
body { margin: 0; font: 14px $font; color: $ink; display: flex; flex-direction: column; height: 100vh; }
header { padding: 6px 12px; }
h1 { font-size: 18px; margin: 4px 0; }
#notice { background: $ground; padding: 2px 6px; margin: 0; }
#notice:empty { display: none; }
main { flex: 1; display: flex; min-height: 0; }
#map { flex: 1; min-width: 0; }
aside { width: 340px; overflow: auto; padding: 0 12px; border-left: 1px solid #ccc; }
h2 { font-size: 15px; }
ul { padding-left: 18px; }
li { margin: 4px 0; overflow-wrap: anywhere; }
.error { color: $bad; font-weight: bold; }
.warning { color: $bad; }
footer { padding: 4px 12px; font-size: 12px; color: #5c5c5c; }
@media (max-width: 800px) { main { flex-direction: column; } aside { width: auto; height: 35vh; } }
@media print { aside { display: none; } }
</style>
</head>
<body>
<header><h1>$title</h1><p id="notice">$notice</p></header>
<main><div id="map"><p id="broken">$broken</p></div>
<aside><h2>$found</h2><ul>$told</ul></aside></main>
<footer>$credit · $hint</footer>
<script type="application/json" id="model">$model</script>
<script>
$bokeh
</script>
<script>
Bokeh.embed.embed_item(JSON.parse(document.getElementById("model").textContent), "map").then(function () {
  document.getElementById("broken").remove();
});
</script>
</body>
</html>
""")


def page_bytes(sketch: Sketch, lang: Lang) -> bytes:
    """Return a sketch as an HTML file; the same night and Bokeh give the same bytes."""
    load_bokeh("doctor --map")
    title = sketch.headed(lang)
    text = _PAGE.substitute(
        lang=lang, policy=html.escape(OFFLINE), title=html.escape(title), font=FONT, ink=INK, bad=MISSED,
        ground=NOTICE_GROUND, notice=html.escape(sketch.notice).replace("\n", "<br>"),
        broken=html.escape(WORDS.say("broken", lang)), found=html.escape(sketch.about or WORDS.say("found", lang)),
        told="".join(_told(sketch, lang)), hint=html.escape(WORDS.say("hint", lang)),
        credit=html.escape(WORDS.say("whose", lang, whose=sketch.attribution)),
        model=script_json(model_json(draw(sketch, lang))), bokeh=bokeh_script(),
    )  # fmt: skip
    return text.encode("utf-8", "replace")


def _told(sketch: Sketch, lang: Lang) -> Iterator[str]:
    for level, said in sketch.told:
        yield f'<li class="{level}">{html.escape(said)}</li>'
    if not sketch.told:
        yield f"<li>{html.escape(WORDS.say('nothing', lang))}</li>"


def draw(sketch: Sketch, lang: Lang) -> figure:
    """Return a sketch as a Bokeh figure."""
    from bokeh.models import Range1d
    from bokeh.plotting import figure

    west, south, east, north = sketch.frame
    plot = figure(
        name="plot", sizing_mode="stretch_both", tools="pan,wheel_zoom,reset", active_scroll="wheel_zoom",
        toolbar_location=None, x_range=Range1d(start=west, end=east),
        y_range=Range1d(start=south, end=north), min_border=0, outline_line_color=None,
    )  # fmt: skip
    plot.axis.visible = False
    plot.grid.visible = False
    _roads(plot, sketch)
    hovered = [*_zones(plot, sketch, lang), *_streets(plot, sketch, lang), *_marks(plot, sketch, lang)]
    _names(plot, sketch)
    _tools(plot, hovered)
    _keep_aspect(plot, sketch)
    return plot


def _axes(line: FloatArray) -> tuple[list[float], list[float]]:
    """Return a line as easts and norths to a decimetre, without points that nobody would miss."""
    if len(line) > 2:  # noqa: PLR2004 - a line of two points has none to spare
        line = np.array(shapely.LineString(line).simplify(SLACK_M, preserve_topology=False).coords)
    return np.round(line[:, 0], 1).tolist(), np.round(line[:, 1], 1).tolist()


def _lines(plot: figure, lines: Sequence[FloatArray], texts: Sequence[str], **look: Any) -> Any:
    from bokeh.models import ColumnDataSource

    pairs = [_axes(line) for line in lines]
    data: dict[str, Any] = {"x": [pair[0] for pair in pairs], "y": [pair[1] for pair in pairs], "title": list(texts)}
    known: dict[str, Any] = {"line_cap": "round", "line_join": "round"}
    return plot.multi_line("x", "y", source=ColumnDataSource(data), **(known | look))


def _roads(plot: figure, sketch: Sketch) -> None:
    groups: dict[float, list[FloatArray]] = {}
    for highway, _, line in sketch.roads:
        groups.setdefault(road_width(highway), []).append(line)
    for width in sorted(groups):
        lines = groups[width]
        _lines(plot, lines, [""] * len(lines), line_color=road_grey(width), line_width=width)


def _streets(plot: figure, sketch: Sketch, lang: Lang) -> Iterator[Any]:
    """Draw chosen streets by priority, then what is slow and closed."""
    for priority in sorted({line.priority for line in sketch.streets}):
        lines = [line for line in sketch.streets if line.priority == priority]
        width, entry = priority_width(priority) + 1, WORDS.say("priority", lang, n=priority)
        must = [sketch.plane(line.points) for line in lines if line.required]
        if must:
            _lines(plot, must, [""] * len(must), line_color=INK, line_width=width + 2, legend_label=entry)
        yield _lines(
            plot, [sketch.plane(line.points) for line in lines], [_street(line, lang) for line in lines],
            line_color=priority_tone(priority), line_width=width, legend_label=entry,
        )  # fmt: skip
    for key, lines_of, dash, colour in (
        ("slow", sketch.slow, "dotted", "#8a5a00"),
        ("closed", sketch.closed, "dashed", MISSED),
    ):
        if lines_of:
            merged, entry = sketch.merged(lines_of), WORDS.say(key, lang)
            texts = [f"{entry} {name or WORDS.say('unnamed', lang)}" for name, _ in merged]
            look = {"line_color": colour, "line_width": 3, "line_dash": dash, "legend_label": entry}
            yield _lines(plot, [line for _, line in merged], texts, **look | {"line_cap": "butt"})


def _street(line: Line, lang: Lang) -> str:
    must = f" · {WORDS.say('must', lang)}" if line.required else ""
    name = line.name or WORDS.say("unnamed", lang)
    return WORDS.say("street", lang, name=name, priority=line.priority, must=must)


def _zones(plot: figure, sketch: Sketch, lang: Lang) -> Iterator[Any]:
    from bokeh.models import ColumnDataSource

    for kind in dict.fromkeys(zone.kind for zone in sketch.zones):
        parts = [(zone, part) for zone in sketch.zones if zone.kind == kind for part in shapely.get_parts(zone.shape)]
        pairs = [_axes(sketch.plane(shapely.get_coordinates(part.exterior))) for _, part in parts]
        data: dict[str, Any] = {
            "x": [p[0] for p in pairs],
            "y": [p[1] for p in pairs],
            "title": [zone.name for zone, _ in parts],
            "fill": [zone.colour or ZONES[kind] for zone, _ in parts],
            "alpha": [FULL if zone.colour else FAINT for zone, _ in parts],
        }
        look: dict[str, Any] = {
            "fill_color": "fill",
            "fill_alpha": "alpha",
            "line_color": ZONES[kind],
            "line_dash": "dashed",
        }
        entry = WORDS.say(kind, lang)
        yield plot.patches("x", "y", source=ColumnDataSource(data), line_width=2, legend_label=entry, **look)


def _marks(plot: figure, sketch: Sketch, lang: Lang) -> Iterator[Any]:
    """Draw the line from each point to where it was put, then depots, hotspots and their names."""
    if not sketch.marks:
        return
    places = [(sketch.plane(mark.given)[0], sketch.plane(mark.foot)[0]) for mark in sketch.marks]
    told = [_told_mark(mark.name, mark.street, mark.metres, lang) for mark in sketch.marks]
    snapped = WORDS.say("snapped", lang)
    ends = [np.array(pair) for pair in places]
    _lines(plot, ends, told, line_color=SNAP_COLOUR, line_width=2, legend_label=snapped)
    feet = np.array([foot for _, foot in places])
    plot.scatter(feet[:, 0], feet[:, 1], size=5, color=SNAP_COLOUR, legend_label=snapped)
    depots = [n for n, mark in enumerate(sketch.marks) if mark.kind == "depot"]
    if depots:
        yield _spots(
            plot, [(places[n][0], told[n]) for n in depots], marker="square", fill_color="white", line_width=3,
            legend_label=WORDS.say("depot", lang),
        )  # fmt: skip
    for kind in dict.fromkeys(mark.kind for mark in sketch.marks if mark.kind != "depot"):
        chosen = [n for n, mark in enumerate(sketch.marks) if mark.kind == kind]
        yield _spots(
            plot, [(places[n][0], told[n]) for n in chosen], marker=PAGE_MARKERS.get(kind, "diamond"),
            fill_color="#ffd34d", legend_label=label(kind, lang),
        )  # fmt: skip
    given = np.array([one for one, _ in places])
    names = {"x": given[:, 0].tolist(), "y": given[:, 1].tolist(), "text": [mark.name for mark in sketch.marks]}
    _texts(plot, names, x_offset=9, y_offset=-7, text_font_size="12px", background_fill_alpha=0.75)


def _spots(plot: figure, spots: Sequence[tuple[FloatArray, str]], **look: Any) -> Any:
    from bokeh.models import ColumnDataSource

    points = np.array([place for place, _ in spots])
    data = {
        "x": points[:, 0].round(1).tolist(),
        "y": points[:, 1].round(1).tolist(),
        "title": [text for _, text in spots],
    }
    return plot.scatter("x", "y", source=ColumnDataSource(data), size=12, line_color=INK, **look)


def _texts(plot: figure, data: dict[str, Any], **look: Any) -> Any:
    """Write texts at points, over all else."""
    from bokeh.core.properties import value
    from bokeh.models import ColumnDataSource
    from bokeh.models.glyphs import Text

    glyph: Any = Text(x="x", y="y", text="text", text_font=value(FONT), background_fill_color="white", **look)
    return plot.add_glyph(ColumnDataSource(data), glyph)


def _told_mark(name: str, street: str, metres: float, lang: Lang) -> str:
    return f"{name} → {WORDS.say('at', lang, street=street or WORDS.say('unnamed', lang), metres=metres)}"


FIRST_LOOK_PX = (780, 640)
"""About the room of the map on a usual screen: what the names that are shown first must fit into."""

_NEARER = """
if (!(plot.inner_width > 0)) { return; }
const unit = (plot.x_range.end - plot.x_range.start) / plot.inner_width;
tiers.forEach((tier, at) => { tier.visible = unit <= units[at]; });
"""
"""Shows the names of streets that find room when a pixel is so many metres."""


def _names(plot: figure, sketch: Sketch) -> None:
    """Write each street's name once in the middle of its longest line, none over another: the nearer, the more."""
    from bokeh.models import CustomJS

    west, south, east, north = sketch.frame
    metres_px = max((east - west) / FIRST_LOOK_PX[0], (north - south) / FIRST_LOOK_PX[1])
    marks = [(mark.name, sketch.plane(mark.given)[0]) for mark in sketch.marks]
    tiers, units = [], []
    for zoom, names in names_by_zoom(sketch.named, marks, metres_px):
        columns = zip(*names, strict=True) if names else ((), (), (), ())
        data = {key: list(cells) for key, cells in zip(("text", "x", "y", "angle"), columns, strict=True)}
        tier = _texts(
            plot, data, angle="angle", text_align="center",
            text_baseline="middle",  text_font_size="11px", text_color="#333333", background_fill_alpha=0.6,
        )  # fmt: skip
        tier.visible = zoom == 1
        if zoom > 1:
            tiers.append(tier)
            units.append(metres_px / zoom)
    nearer = CustomJS(args={"plot": plot, "tiers": tiers, "units": units}, code=_NEARER)
    plot.x_range.js_on_change("start", nearer)
    plot.x_range.js_on_change("end", nearer)


_FIT = """
const across = plot.inner_width, up = plot.inner_height;
if (!(across > 0 && up > 0)) { return; }
const unit = Math.max(wide / across, high / up);
plot.x_range.setv({start: east - unit * across / 2, end: east + unit * across / 2});
plot.y_range.setv({start: north - unit * up / 2, end: north + unit * up / 2});
"""
"""Shows the whole frame, a metre as long across as up, whenever the page changes its size."""


def _keep_aspect(plot: figure, sketch: Sketch) -> None:
    from bokeh.models import CustomJS

    west, south, east, north = sketch.frame
    frame = {"wide": east - west, "high": north - south, "east": (west + east) / 2, "north": (south + north) / 2}
    fit = CustomJS(args={"plot": plot, **frame}, code=_FIT)
    plot.js_on_change("inner_width", fit)
    plot.js_on_change("inner_height", fit)


def _tools(plot: figure, hovered: Sequence[Any]) -> None:
    """Say what is under the pointer, let the legend hide what is clicked, draw a scale."""
    from bokeh.models import HoverTool
    from bokeh.models.annotations import ScaleBar

    plot.add_tools(HoverTool(renderers=list(hovered), tooltips="@title", line_policy="interp", limit=4))
    for legend in list(plot.legend):
        plot.center.remove(legend)  # beside the map, not on it
        plot.add_layout(legend, "left")
        legend.click_policy = "hide"
        legend.label_text_font = FONT
        legend.background_fill_alpha = 0.85
    plot.add_layout(
        ScaleBar(
            range=plot.x_range, unit="m", location="bottom_left",
            orientation="horizontal", bar_length=0.15, background_fill_alpha=0.8, border_line_color=None,
            label_text_font=FONT, label_text_font_size="12px",
        )
    )  # fmt: skip

"""The map as a Bokeh figure: its plane, layers and tools, and online tiles where somebody asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import shapely

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import FloatArray, Lang
from patrolroute.network.places import METRES_A_DEGREE
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Frame, Scene
from patrolroute.output.looks.style import CHOSEN, INK, LANE, MISSED, ROADS, road_grey

if TYPE_CHECKING:
    from bokeh.plotting import figure


EARTH_RADIUS_M = 6378137.0
"""Of the sphere of Web Mercator (EPSG:3857)."""

SLACK_M = 0.5
"""A line may be moved by so much to save points: less than a lane's width."""

DIGITS = 1
"""Decimetres: what a screen shows at its largest scale."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Turns the scene's metres into those of the page.

    Parameters
    ----------
    scene
        What is shown.
    is_mercator
        Whether the page is in Web Mercator (EPSG:3857), as tiles are; else in metres from the frame's corner.
    """

    scene: Scene
    is_mercator: bool = False

    @cached_property
    def _east(self) -> float:
        """Return the scene's metres in a degree of longitude."""
        return self.scene.east_m

    @property
    def unit_m(self) -> float:
        """Metres on the ground of one unit of the page, in the middle of the frame."""
        return self._east / METRES_A_DEGREE if self.is_mercator else 1.0

    def place(self, points: FloatArray) -> FloatArray:
        """Turn points of the scene's plane into points of the page."""
        if not self.is_mercator:
            west, south, _, _ = self.scene.frame
            return np.asarray(points - np.array([west, south]))
        lon, lat = np.radians(points / np.array([self._east, METRES_A_DEGREE])).T
        north = np.log(np.tan(np.pi / 4 + lat / 2))
        return np.asarray(EARTH_RADIUS_M * np.column_stack((lon, north)))

    @cached_property
    def frame(self) -> Frame:
        """West, south, east and north of what is shown first."""
        west, south, east, north = self.scene.frame
        corners = self.place(np.array([[west, south], [east, north]]))
        return float(corners[0, 0]), float(corners[0, 1]), float(corners[1, 0]), float(corners[1, 1])

    def line(self, points: FloatArray) -> tuple[list[float], list[float]]:
        """Return a line of the scene as the page's easts and norths, without points that nobody would miss."""
        placed = self.place(points)
        if len(placed) > 2:  # noqa: PLR2004 - a line of two points has none to spare
            placed = np.array(shapely.LineString(placed).simplify(SLACK_M, preserve_topology=False).coords)
        return axis(placed[:, 0]), axis(placed[:, 1])

    def spot(self, point: FloatArray) -> tuple[float, float]:
        """Return one point of the scene as a point of the page."""
        placed = self.place(np.asarray(point, dtype=np.float64).reshape(1, 2))
        return axis(placed[:, 0])[0], axis(placed[:, 1])[0]


def axis(values: Any) -> list[float]:
    """Round to what is written into the page."""
    return [round(value, DIGITS) for value in values.tolist()]


KNOWN = {"osm": "https://tile.openstreetmap.org/{Z}/{X}/{Y}.png"}
"""Tiles by a short name. Whoever uses them keeps to https://operations.osmfoundation.org/policies/tiles/."""

OSM_CREDIT = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where tiles come from, in Web Mercator: an address with ``{X}``, ``{Y}`` and ``{Z}``."""

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https", "file") or not all(f"{{{axis}}}" in self.url for axis in "XYZ"):
            rule = f"must be {', '.join(KNOWN)} or an http, https or file address with {{X}}, {{Y}} and {{Z}}"
            raise InputError(f"tiles {self.url!r}: {rule}")

    def credit(self, lang: Lang) -> str:
        """Return whose tiles they are."""
        if self.url == KNOWN["osm"]:
            return OSM_CREDIT
        parts = urlsplit(self.url)
        return phrase("tiles_by", lang, host=parts.netloc or parts.path.partition("{")[0])


def tiles_of(tiles: str | None) -> Tiles | None:
    """Return the tiles of a short name or an address; None for none.

    Raises
    ------
    InputError
        If it is neither.

    Examples
    --------
    >>> tiles_of(None), tiles_of("https://tiles.example/{Z}/{X}/{Y}.png").credit("en")
    (None, 'Base map: tiles.example')
    """
    return None if tiles is None else Tiles(KNOWN.get(tiles, tiles))


FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif'
"""Fonts of the reader's computer: none is loaded."""

LINES: dict[str, dict[str, Any]] = {
    "bands": {"line_width": "width", "line_color": "colour", "line_cap": "round", "line_join": "round"},
    "deadheads": {"line_width": "width", "line_color": "colour", "line_dash": [5, 4], "line_alpha": 0.9},
    "routes": {
        "line_width": "width",
        "line_color": "colour",
        "line_cap": "butt",
        "line_join": "round",
        "line_dash": "dash",
    },
    "edges": {"line_width": "width", "line_color": MISSED, "line_dash": "dash"},
    "trails": {"line_width": 5, "line_color": "colour", "line_alpha": 0.5, "line_cap": "round"},
    "chosen": {"line_width": 12, "line_color": CHOSEN, "line_alpha": 0.45, "line_cap": "round"},
}
"""Layers of lines."""

AREAS: dict[str, dict[str, Any]] = {"depots": {"fill_color": "white", "line_color": INK, "line_width": 2}}
MARKS: dict[str, dict[str, Any]] = {
    "arrows": {"marker": "triangle", "size": "size", "angle": "angle", "fill_color": "colour", "line_color": "white"},
    "stops": {"marker": "marker", "size": "size", "fill_color": "fill", "line_color": "edge", "line_width": 1.5},
    "cars": {
        "marker": "circle", "size": "size", "fill_color": "colour", "fill_alpha": "alpha", "line_color": "edge",
        "line_width": 2, "line_alpha": "alpha",
    },
}  # fmt: skip

_BOX = {"background_fill_color": "white", "background_fill_alpha": 0.85, "padding": 2, "border_radius": 3}
TEXTS: dict[str, dict[str, Any]] = {
    "street_names": {
        "angle": "angle", "angle_units": "deg", "text_color": "#333333", "text_font_size": "size",
        "text_line_height": 1.0, **(_BOX | {"background_fill_alpha": 0.65, "padding": 0}),
    },
    "numbers": {
        "text_color": "colour", "text_font_size": "11px", **_BOX, "background_fill_alpha": 1.0,
        "border_line_color": "colour",
    },
    "stop_numbers": {"text_color": "ink", "text_font_size": "size"},
    "stop_names": {"text_color": INK, "text_font_size": "12px", "y_offset": 20, **_BOX},
    "depot_names": {"text_color": INK, "text_font_size": "12px", "y_offset": 21, **_BOX, "border_line_color": INK},
    "car_names": {"text_color": "colour", "text_font_size": "12px", "y_offset": -17, **_BOX},
}  # fmt: skip
"""Layers of text, in the column ``text``."""

LAYERS = (
    "bands", "deadheads", "routes", "edges", "arrows", "street_names", "numbers", "depots", "depot_names", "stops",
    "stop_numbers", "stop_names", "chosen", "trails", "cars", "car_names",
)  # fmt: skip
"""All layers, the lowest first."""

WIDTHS = sorted({LANE, *ROADS.values()})
"""Points of width of the background's streets."""

COLUMNS = (
    "x", "y", "text", "title", "detail", "width", "colour", "dash", "size", "angle", "marker", "fill", "edge", "ink",
    "alpha",
)  # fmt: skip

HOVERED: dict[Any, tuple[str, ...]] = {
    "left": ("bands",),
    "below": ("deadheads", "routes"),
    "right": ("depots", "stops"),
    "above": ("cars",),
}
"""On which side of the pointer ``title`` and ``detail`` of which layers are told, so that none covers another."""

MOVING = ("chosen", "trails", "cars", "car_names")
"""Layers on a canvas of their own: while the clock runs, the rest of the map need not be painted again."""


def draw(ground: Ground, tiles: Tiles | None) -> figure:
    """Return the figure with all its layers, the moving ones still empty."""
    from bokeh.models import Range1d
    from bokeh.plotting import figure

    west, south, east, north = ground.frame
    plot = figure(
        name="plot", sizing_mode="stretch_both", tools="", toolbar_location=None, x_range=Range1d(start=west, end=east),
        y_range=Range1d(start=south, end=north), min_border=0, outline_line_color=None, background_fill_color="white",
        border_fill_color="white", lod_threshold=None,
    )  # fmt: skip
    plot.axis.visible = False
    plot.grid.visible = False
    if tiles is not None:
        _tiles(plot, tiles)
    _roads(plot)
    _layers(plot)
    _tools(plot)
    _scale(plot, ground)
    return plot


def _roads(plot: figure) -> None:
    """Add a layer for each width of the background, the narrowest below."""
    from bokeh.models import ColumnDataSource, MultiLine

    for width in WIDTHS:
        look: dict[str, Any] = {"line_color": road_grey(width), "line_width": width}
        glyph = MultiLine(xs="x", ys="y", **look)
        plot.add_glyph(ColumnDataSource({"x": [], "y": []}), glyph, name=f"roads-{width:g}", tags=["road", width])


def _layers(plot: figure) -> None:
    """Add every layer of `LAYERS` with an empty source that has every column that some layer reads."""
    from bokeh.models import ColumnDataSource

    for name in LAYERS:
        source = ColumnDataSource({key: [] for key in COLUMNS})
        plot.add_glyph(source, _glyph(name), name=name, level="overlay" if name in MOVING else "glyph")


def _glyph(name: str) -> Any:
    from bokeh.core.properties import value
    from bokeh.models.glyphs import MultiLine, Patches, Scatter, Text

    if name in LINES:
        return MultiLine(xs="x", ys="y", **LINES[name])
    if name in AREAS:
        return Patches(xs="x", ys="y", **AREAS[name])
    if name in MARKS:
        return Scatter(x="x", y="y", **MARKS[name])
    plain: dict[str, Any] = {"text_align": "center", "text_baseline": "middle", "text_font": value(FONT)}
    return Text(x="x", y="y", text="text", **(plain | TEXTS[name]))


def _tools(plot: figure) -> None:
    """Let the reader drag and scroll, and say what is under the pointer."""
    from bokeh.models import CustomJS, HoverTool, PanTool, WheelZoomTool

    drag, wheel = PanTool(), WheelZoomTool(zoom_on_axis=False)
    look: dict[str, Any] = {"tooltips": "<b>@title</b><br>@detail", "line_policy": "interp", "limit": 4}
    layers: dict[str | None, Any] = {layer.name: layer for layer in plot.renderers}
    hovers = [
        HoverTool(renderers=[layers[name] for name in names], attachment=side, **look)
        for side, names in HOVERED.items()
    ]
    plot.add_tools(drag, wheel, *hovers)
    plot.toolbar.active_drag, plot.toolbar.active_scroll = drag, wheel
    moved = CustomJS(code="window.patrolMap && window.patrolMap.moved()")
    for axis in (plot.x_range, plot.y_range):
        axis.js_on_change("start", moved)
        axis.js_on_change("end", moved)
    plot.js_on_change("inner_width", moved)
    plot.js_on_change("inner_height", moved)
    plot.js_on_event("tap", CustomJS(code="window.patrolMap && window.patrolMap.tapped(cb_obj.x, cb_obj.y)"))


def _scale(plot: figure, ground: Ground) -> None:
    """Draw a bar of a round length on a range of its own, in metres on the ground, which the page keeps in step."""
    from bokeh.models import Range1d
    from bokeh.models.annotations import ScaleBar

    west, _, east, _ = ground.frame
    plot.add_layout(
        ScaleBar(
            range=Range1d(start=0, end=(east - west) * ground.unit_m, name="metres"), unit="m", location="bottom_left",
            orientation="horizontal", bar_length=0.15, background_fill_alpha=0.8, label_text_font=FONT,
            label_text_font_size="12px", border_line_color=None, margin=6, padding=4,
        )
    )  # fmt: skip


def _tiles(plot: figure, tiles: Tiles) -> None:
    from bokeh.models import WMTSTileSource

    plot.add_tile(WMTSTileSource(url=tiles.url), name="tiles", level="image", alpha=0.6)

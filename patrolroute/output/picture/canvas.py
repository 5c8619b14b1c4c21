"""A sheet of paper with a font, where everything stands on it, and the large map while it is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from patrolroute.base.text import label
from patrolroute.base.vocabulary import BoolArray, Lang
from patrolroute.output.looks.drawing import png_bytes
from patrolroute.output.looks.duty import mode_mark
from patrolroute.output.looks.fonts import Lettering, lettering, load_matplotlib
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Frame, Scene
from patrolroute.output.looks.style import DPI, INK, POINTS_AN_INCH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Transform


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of the sheet in inches, from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.bottom + self.height

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width


@dataclass(frozen=True, eq=False)
class Canvas:
    """The sheet that a picture is drawn on.

    Parameters
    ----------
    width, height
        Inches.
    lang
        Language that was asked for.
    lettering
        The font; the one of this computer if not given.
    """

    width: float
    height: float
    lang: Lang
    lettering: Lettering = field(default_factory=lettering)

    @cached_property
    def figure(self) -> Figure:
        """The figure, with its own canvas; pyplot knows nothing of it."""
        load_matplotlib()
        from matplotlib.figure import Figure

        size = self.width, self.height
        figure = Figure(figsize=size, dpi=DPI, facecolor="white", edgecolor="white", linewidth=0)
        figure.set_layout_engine("none")
        return figure

    @property
    def said_in(self) -> Lang:
        """The language of the words: English if no font here writes Chinese."""
        return self.lettering.words_in(self.lang)

    def word(self, word: str) -> str:
        """Return a word of the library."""
        return label(word, self.said_in)

    def crew_name(self, crew: str, scene: Scene) -> str:
        """Spell a crew's id, and how it goes where not all go by car; a number if this font lacks its letters."""
        number = list(scene.crew).index(crew) + 1
        name = self.lettering.spell(crew, otherwise=phrase("crew_n", self.said_in, n=number))
        return f"{name}{mode_mark(scene.plan, crew, self.said_in)}"

    def axes(self, rect: Rect, view: tuple[float, float, float, float] | None = None) -> Axes:
        """Make room to draw in: ``view`` are west, south, east, north; inches if not given."""
        from matplotlib.axes import Axes

        share = (rect.left / self.width, rect.bottom / self.height, rect.width / self.width, rect.height / self.height)
        axes = Axes(self.figure, share)
        self.figure.add_axes(axes)
        axes.set_axis_off()
        west, south, east, north = view or (0.0, 0.0, rect.width, rect.height)
        axes.set_xlim(west, east, auto=False)
        axes.set_ylim(south, north, auto=False)
        return axes

    def text(self, axes: Axes, place: tuple[float, float], text: str, **look: Any) -> Text:
        """Write a text as it is: no formulas, no second language for signs.

        Parameters
        ----------
        axes
            In any unit.
        place
            Where, in that unit.
        text
            What; signs that the font lacks are left out.
        **look
            As matplotlib's ``text`` takes it; ``size`` in points is 8 if not given.
        """
        size = look.pop("size", 8.0)
        known: dict[str, Any] = {"color": INK, "ha": "left", "va": "center", "linespacing": 1.2, "zorder": 30}
        written = axes.text(
            *place, self.lettering.without_boxes(text), parse_math=False, usetex=False, **(known | look)
        )
        written.set_fontproperties(self.lettering.at(size))
        return written

    def extent(self, text: Text) -> tuple[float, float]:
        """Return the width and height of a written text in inches, as if it lay level."""
        turned = text.get_rotation()
        text.set_rotation(0)
        box = text.get_window_extent(self._renderer)
        text.set_rotation(turned)
        return float(box.width / DPI), float(box.height / DPI)

    def cut(self, text: Text, width: float) -> None:
        """Shorten a text until it is no wider than so many inches."""
        whole = text.get_text()
        letters = len(whole)
        while letters > 1 and (taken := self.extent(text)[0]) > width:
            letters = max(1, min(letters - 1, int(letters * width / taken)))
            text.set_text(self.lettering.without_boxes(f"{whole[:letters].rstrip()}…"))

    def lower(self, points: float) -> Transform:
        """Return the step that moves something down by so many points."""
        from matplotlib.transforms import ScaledTranslation

        return ScaledTranslation(0, -points / POINTS_AN_INCH, self.figure.dpi_scale_trans)

    def narrow(self, texts: Sequence[Text], width: float) -> None:
        """Make texts smaller until together they are no wider than so many inches."""
        taken = sum(self.extent(text)[0] for text in texts)
        for text in texts if taken > width else ():
            text.set_fontsize(float(text.get_fontsize()) * width / taken)

    @cached_property
    def paper(self) -> FigureCanvasAgg:
        """What the figure is drawn on."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        return FigureCanvasAgg(self.figure)

    @property
    def _renderer(self) -> Any:
        paper: Any = self.paper
        return paper.get_renderer()

    def png(self) -> bytes:
        """Return the sheet as a PNG file; see `patrolroute.output.looks.drawing.png_bytes`."""
        return png_bytes(self.paper)


@dataclass(frozen=True, eq=False)
class Taken:
    """The parts of the map on which something is written or marked already."""

    frame: Frame
    boxes: list[Any] = field(default_factory=list)

    def is_free(self, box: Any) -> bool:
        """Return whether a box lies inside the frame and touches nothing."""
        return bool(self.are_free([box])[0])

    def are_free(self, boxes: Sequence[Any]) -> BoolArray:
        """Return which of some boxes lie inside the frame and touch nothing."""
        free = np.asarray(shapely.contains(shapely.box(*self.frame), boxes))
        touching = shapely.STRtree(boxes).query(self.boxes, predicate="intersects")[1] if self.boxes else []
        free[touching] = False
        return free

    def take(self, box: Any) -> None:
        """Note that something is there."""
        self.boxes.append(box)


@dataclass(frozen=True, slots=True)
class Chart:
    """One map on a sheet; ``point_m`` are the metres that a point of the picture shows."""

    canvas: Canvas
    axes: Axes
    scene: Scene
    point_m: float
    taken: Taken


def metres_a_point(scene: Scene, rect: Rect) -> float:
    """Return the metres that one point of the picture shows where the scene fills a part of the sheet."""
    west, _, east, _ = scene.frame
    return (east - west) / (rect.width * POINTS_AN_INCH)


# Where everything stands: head, map, legend, list of hotspots, one small map a crew, foot

LONG_SIDE, SHORT_SIDE = 16.54, 11.69
"""Inches of an A3 sheet; on A4 everything is 0.71 times as large and still to be read."""

MARGIN = 0.35
GAP = 0.22
HEAD = 0.72
FOOT = 0.2
LINE = 0.155
"""Inches from one line of small text to the next."""

WIDE = 1.15
"""Width by height of the frame above which the map stands on top of an upright sheet."""

LEAST_PANEL = 0.85
"""Least width in inches of a crew's small map; the sheet grows when there are too many for it."""

GOOD_PANEL = 1.8
"""Width in inches of a crew's small map for which a sheet smaller than A3 is large enough."""

MOST_PANELS = 96
PANEL_HEAD = 0.44
PANEL_GAP = 0.08
SECTION_HEAD = 0.26
LIST_COLUMN = 2.5
MOST_ROWS = 16


@dataclass(frozen=True, slots=True)
class Grid:
    """Panels in columns and rows; ``width`` and ``height`` of one panel's map in inches."""

    columns: int
    rows: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Page:
    """Size of the sheet and its parts in inches."""

    width: float
    height: float
    head: Rect
    map: Rect
    legend: Rect
    stops: Rect
    crews: Rect
    foot: Rect


@dataclass(frozen=True, slots=True)
class Needs:
    """What asks for room: the frame's width by height, lines of notice and legend, numbers of stops and crews."""

    aspect: float
    notice_lines: int
    legend_lines: int
    stops: int
    crews: int


def lay_out(needs: Needs) -> Page:
    """Find the parts of the smallest sheet on which every crew's map is large enough."""
    page = _upright(needs, 0.0)
    for step in range(200):
        page = _upright(needs, step * 0.5) if needs.aspect > WIDE else _lying(needs, step * 0.5)
        panel = panels(page.crews, needs.aspect, needs.crews).width
        if panel >= (LEAST_PANEL if max(page.width, page.height) >= LONG_SIDE else GOOD_PANEL):
            break
    return page


def inner_width(aspect: float) -> float:
    """Return the inches between the margins of the smallest sheet for a frame of that width by height."""
    return (SHORT_SIDE if aspect > WIDE else LONG_SIDE) - 2 * MARGIN


def panels(rect: Rect, aspect: float, count: int) -> Grid:
    """Find the columns and rows that give the largest panels.

    Parameters
    ----------
    rect
        The part of the sheet for all of them.
    aspect
        Width of a panel by its height.
    count
        Of panels; none makes one of a good size.
    """
    if count == 0 and rect.height > 0:
        return Grid(1, 1, GOOD_PANEL, GOOD_PANEL)
    grids = []
    for columns in range(1, max(count, 1) + 1):
        rows = max(1, math.ceil(count / columns))
        across = rect.width / columns - PANEL_GAP
        high = (rect.height - SECTION_HEAD) / rows - PANEL_HEAD - PANEL_GAP
        width = min(across, high * aspect)
        grids.append(Grid(columns, rows, width, width / aspect))
    return max(grids, key=lambda grid: (round(grid.width, 3), -grid.columns))


def list_size(width: float, stops: int) -> tuple[int, int]:
    """Return columns and rows of the list of hotspots."""
    columns = max(1, int(width / LIST_COLUMN))
    return columns, min(MOST_ROWS, math.ceil(stops / columns))


def _lying(needs: Needs, more: float) -> Page:
    """Put the map on the left, everything else on its right; the sheet grows to the right."""
    width, height = LONG_SIDE + more, SHORT_SIDE
    head, foot, body = _frame(needs, width, height)
    chart = Rect(MARGIN, body.bottom, body.height * needs.aspect, body.height)
    side = Rect(chart.right + GAP, body.bottom, body.right - chart.right - GAP, body.height)
    return Page(width, height, head, chart, *_stacked(needs, side), foot)


def _upright(needs: Needs, more: float) -> Page:
    """Put the map on top, everything else below; the sheet grows downwards."""
    width, height = SHORT_SIDE, SHORT_SIDE * 0.8 + more
    head, foot, body = _frame(needs, width, height)
    high = body.width / needs.aspect
    chart = Rect(MARGIN, body.top - high, body.width, high)
    below = Rect(MARGIN, body.bottom, body.width, body.height - high - GAP)
    return Page(width, height, head, chart, *_stacked(needs, below), foot)


def _frame(needs: Needs, width: float, height: float) -> tuple[Rect, Rect, Rect]:
    inner = width - 2 * MARGIN
    high = HEAD + needs.notice_lines * 0.22 + (0.12 if needs.notice_lines else 0)
    head = Rect(MARGIN, height - MARGIN - high, inner, high)
    foot = Rect(MARGIN, MARGIN - 0.12, inner, FOOT)
    body = Rect(MARGIN, foot.top + 0.08, inner, head.bottom - foot.top - 0.16)
    return head, foot, body


def _stacked(needs: Needs, side: Rect) -> tuple[Rect, Rect, Rect]:
    """Cut a part of the sheet into legend, list of hotspots and crews, from the top."""
    high = SECTION_HEAD + needs.legend_lines * LINE
    legend = Rect(side.left, side.top - high, side.width, high)
    _, rows = list_size(side.width, needs.stops)
    high = SECTION_HEAD + rows * LINE if needs.stops else 0.0
    stops = Rect(side.left, legend.bottom - GAP * 0.7 - high, side.width, high)
    return legend, stops, Rect(side.left, side.bottom, side.width, stops.bottom - GAP * 0.7 - side.bottom)

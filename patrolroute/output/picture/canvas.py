"""A sheet of paper with a font: text and axes in inches, independent of matplotlib's global settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

from patrolroute.output.fonts import Lettering, lettering
from patrolroute.output.picture.words import phrase
from patrolroute.words import Lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

    from patrolroute.output.picture.scene import Scene

DPI = 200
"""Dots an inch: sharp on paper, and an A3 sheet stays below 8 million dots."""

POINTS_AN_INCH = 72
INK = "#1a1a1a"
QUIET_INK = "#5c5c5c"


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
        from matplotlib.figure import Figure

        size = self.width, self.height
        figure = Figure(figsize=size, dpi=DPI, facecolor="white", edgecolor="white", linewidth=0)
        figure.set_layout_engine("none")
        return figure

    @property
    def said_in(self) -> Lang:
        """The language of the words: English if no font here writes Chinese."""
        return self.lang if self.lettering.is_chinese else "en"

    def word(self, word: str) -> str:
        """Say a word of the library."""
        return label(word, self.said_in)

    def crew_name(self, crew: str, scene: Scene) -> str:
        """Spell a crew's id; a number if this font lacks its letters."""
        number = list(scene.crew).index(crew) + 1
        return self.lettering.spell(crew, otherwise=phrase("crew_n", self.said_in, n=number))

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
        """Write a text as it is: no formulas, no second language for signs."""
        size = look.pop("size", 8.0)
        known: dict[str, Any] = {"color": INK, "ha": "left", "va": "center", "linespacing": 1.2, "zorder": 30}
        written = axes.text(
            *place, self.lettering.without_boxes(text), parse_math=False, usetex=False, **(known | look)
        )
        written.set_fontproperties(self.lettering.at(size))
        return written

    def extent(self, text: Text) -> tuple[float, float]:
        """Give the width and height of a written text in inches, as if it lay level."""
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
        """Give the step that moves something down by so many points."""
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
        """Give the sheet as a PNG file, without date or names of programs: the same sheet is the same bytes."""
        file = BytesIO()
        paper: Any = self.paper
        paper.print_png(file, metadata={"Software": None}, pil_kwargs={"dpi": (DPI, DPI)})
        return file.getvalue()

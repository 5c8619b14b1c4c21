"""The axes that a plot is drawn on, in letters that this computer has; matplotlib's settings stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patrolroute.output.fonts import Lettering, lettering, shortened, wrapped
from patrolroute.output.picture.canvas import INK, POINTS_AN_INCH, QUIET_INK
from patrolroute.output.plots.words import phrase
from patrolroute.output.stamp import made_by
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang, label, require_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DPI = 150
TITLE, WORDS, SMALL = 12.0, 9.5, 7.5
"""Points of titles, of words and of the foot: to be read on paper."""

LONGEST_NAME = 24
"""Half-width letters of a name beside an axis."""


@dataclass(frozen=True, eq=False)
class Paper:
    """Axes with a font; words are English where no font here writes Chinese."""

    axes: Axes
    lang: Lang
    lettering: Lettering

    @property
    def said_in(self) -> Lang:
        """The language of the words."""
        return self.lang if self.lettering.is_chinese else "en"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the axes in points, before the figure is laid out."""
        box: Any = self.axes.get_window_extent()
        point = self.axes.figure.dpi / POINTS_AN_INCH
        return box.width / point, box.height / point

    def say(self, key: str, **values: object) -> str:
        """Say a phrase of the plots."""
        return phrase(key, self.said_in, **values)

    def word(self, word: str) -> str:
        """Say a word of the library."""
        return label(word, self.said_in)

    def name(self, name: str, otherwise: str) -> str:
        """Spell a name in letters that the font has, no longer than a label may be."""
        return shortened(self.lettering.spell(name, otherwise), LONGEST_NAME)

    def title(self, text: str, *, above: float = 6.0) -> None:
        """Write the title, so many points above the axes."""
        self._dress(self.axes.set_title(text, loc="left", pad=above, color=INK), TITLE)

    def labels(self, across: str = "", up: str = "") -> None:
        """Name the axes."""
        self._dress(self.axes.set_xlabel(across, color=INK), WORDS)
        self._dress(self.axes.set_ylabel(up, color=INK), WORDS)
        self.axes.tick_params(labelsize=WORDS, colors=INK)

    def text(self, place: tuple[float, float], text: str, *, size: float = WORDS, **look: Any) -> Any:
        """Write a text as it is, without formulas."""
        written = self.axes.text(*place, self.lettering.without_boxes(text), **({"color": INK} | look))
        self._dress(written, size)
        return written

    def legend(self, handles: Sequence[Any], **look: Any) -> None:
        """Draw the legend; none if there is nothing to tell."""
        if handles:
            box = self.axes.legend(handles=handles, prop=self.lettering.at(WORDS - 1), **look)
            for text in box.get_texts():
                self._dress(text, WORDS - 1)

    def foot(self, plan: PatrolPlan, *, below: float) -> None:
        """Say below the axes what must be said of the map, whose data it is and which plan."""
        letters = int(self.size[0] / (SMALL / 2))
        said = " ".join((plan.notice or "").split("\n"))
        lines = [*wrapped(said, letters), *wrapped(f"{self._whose(plan)} · {made_by(plan)}", letters)]
        written = self.axes.annotate(
            "\n".join(map(self.lettering.without_boxes, lines)), (0, 0), (0, -below), xycoords="axes fraction",
            textcoords="offset points", va="top", ha="left", color=QUIET_INK, annotation_clip=False,
        )  # fmt: skip
        self._dress(written, SMALL)

    def nothing(self) -> None:
        """Say that there is nothing to show."""
        self.text((0.5, 0.5), self.say("nothing"), transform=self.axes.transAxes, ha="center", va="center")

    def quiet(self) -> None:
        """Leave the frame open at the top and on the right."""
        self.axes.spines[["top", "right"]].set_visible(False)

    def _whose(self, plan: PatrolPlan) -> str:
        return self.say("map_data", whose=self.lettering.spell(plan.attribution))

    def _dress(self, text: Any, size: float) -> None:
        text.set_text(self.lettering.without_boxes(text.get_text()))
        text.set_parse_math(False)
        text.set_usetex(False)
        text.set_fontproperties(self.lettering.at(size))


def paper(axes: Axes | None, lang: Lang, size: tuple[float, float]) -> Paper:
    """Take axes, or make some in a figure of their own of that size in inches, which pyplot does not know.

    Raises
    ------
    InputError
        If there is no such language.
    """
    require_lang(lang)
    if axes is None:
        from matplotlib.figure import Figure

        axes = Figure(figsize=size, dpi=DPI, facecolor="white", layout="constrained").add_subplot()
    return Paper(axes, lang, lettering())

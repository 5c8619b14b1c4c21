"""The axes that a plot is drawn on: paper, a clock in the plan's own zone, the ground of a map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patrolroute.base.text import clock_text, date, label, require_lang, wrapped
from patrolroute.base.vocabulary import Lang
from patrolroute.output.looks.clock import clock_ticks, made_by
from patrolroute.output.looks.drawing import SCALE_SHARE, draw_background, draw_depot, length_text, round_length
from patrolroute.output.looks.fonts import Lettering, lettering, load_matplotlib, shortened
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene
from patrolroute.output.looks.style import INK, POINTS_AN_INCH, QUIET_INK, Look
from patrolroute.plan.model import PatrolPlan

if TYPE_CHECKING:
    from matplotlib.axes import Axes


DPI = 150
TITLE, WORDS, SMALL = 12.0, 9.5, 7.5
"""Points of titles, of words and of the foot: to be read on paper."""

GRID_LOOK: Look = {"color": "#dddddd", "linewidth": 0.6}

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
        return self.lettering.words_in(self.lang)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the axes in points, before the figure is laid out."""
        box: Any = self.axes.get_window_extent()
        point = self.axes.figure.dpi / POINTS_AN_INCH
        return box.width / point, box.height / point

    def say(self, key: str, **values: object) -> str:
        """Return a phrase."""
        return phrase(key, self.said_in, **values)

    def word(self, word: str) -> str:
        """Return a word of the library."""
        return label(word, self.said_in)

    def crew_name(self, crew: str, number: int) -> str:
        """Spell a crew's id no longer than a label may be; its number if the font lacks its letters."""
        return shortened(self.lettering.spell(crew, self.say("crew_n", n=number)), LONGEST_NAME)

    def title(self, key: str, plan: PatrolPlan, *, above: float = 6.0) -> None:
        """Write what the plot shows and of which night.

        Parameters
        ----------
        key
            The phrase that says what it shows.
        plan
            Whose night.
        above
            Points above the axes.
        """
        self._head(f"{self.say(key)}  {date(plan.window[0], self.said_in)}", above)

    def heading(self, key: str) -> None:
        """Write what a plot shows that is of no single night."""
        self._head(self.say(key), 6.0)

    def _head(self, text: str, above: float) -> None:
        self._dress(self.axes.set_title(text, loc="left", pad=above, color=INK), TITLE)

    def labels(self, across: str = "", up: str = "") -> None:
        """Name the axes."""
        self._dress(self.axes.set_xlabel(across, color=INK), WORDS)
        self._dress(self.axes.set_ylabel(up, color=INK), WORDS)
        self.axes.tick_params(labelsize=WORDS, colors=INK)

    def shares(self) -> None:
        """Let the axis up show shares, from nothing to a little above all."""
        from matplotlib.ticker import PercentFormatter

        self.axes.set_ylim(0, 1.03)
        self.axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        self.axes.grid(**GRID_LOOK)

    def text(self, place: tuple[float, float], text: str, *, size: float = WORDS, **look: Any) -> Any:
        """Write a text as it is, without formulas.

        Parameters
        ----------
        place
            Where, in the unit of the axes or of ``transform``.
        text
            What; signs that the font lacks are left out.
        size
            Points.
        **look
            As matplotlib's ``text`` takes it.
        """
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
        """Report below the axes what must be said of the map, whose data it is and which plan."""
        written = self.axes.annotate(
            self._credits(plan, self.size[0]), (0, 0), (0, -below), xycoords="axes fraction",
            textcoords="offset points", va="top", ha="left", color=QUIET_INK, annotation_clip=False,
        )  # fmt: skip
        self._dress(written, SMALL)

    def around(self, key: str, plan: PatrolPlan) -> None:
        """Write title and foot of a figure of several axes, of which these are one.

        Parameters
        ----------
        key
            The phrase that says what it shows.
        plan
            Whose night.
        """
        figure: Any = self.axes.figure
        title = f"{self.say(key)}  {date(plan.window[0], self.said_in)}"
        self._dress(figure.suptitle(title, x=0.01, ha="left", color=INK), 1.3 * TITLE)
        wide = figure.get_figwidth() * POINTS_AN_INCH
        self._dress(figure.supxlabel(self._credits(plan, wide), x=0.01, ha="left", color=QUIET_INK), SMALL)

    def _credits(self, plan: PatrolPlan, wide: float) -> str:
        """Return what must be said of the map, whose data it is and which plan, for so many points."""
        letters = int(wide / (SMALL / 2))
        notice = " ".join((plan.notice or "").split("\n"))
        whose = self.say("map_data", whose=self.lettering.spell(plan.attribution))
        lines = [*wrapped(notice, letters), *wrapped(f"{whose} · {made_by(plan)}", letters)]
        return "\n".join(map(self.lettering.without_boxes, lines))

    def nothing(self) -> None:
        """Report that there is nothing to show."""
        self.text((0.5, 0.5), self.say("nothing"), transform=self.axes.transAxes, ha="center", va="center")

    def quiet(self) -> None:
        """Leave the frame open at the top and on the right."""
        self.axes.spines[["top", "right"]].set_visible(False)

    def _dress(self, text: Any, size: float) -> None:
        text.set_text(self.lettering.without_boxes(text.get_text()))
        text.set_parse_math(False)
        text.set_usetex(False)
        text.set_fontproperties(self.lettering.at(size))


def paper(axes: Axes | None, lang: Lang, size: tuple[float, float]) -> Paper:
    """Take axes, or make some in a figure of their own, which pyplot does not know.

    Parameters
    ----------
    axes
        What somebody gave; None to make some.
    lang
        Of the words.
    size
        Width and height of the figure that is made, in inches.

    Raises
    ------
    InputError
        If there is no such language.
    """
    require_lang(lang)
    load_matplotlib()
    if axes is None:
        from matplotlib.figure import Figure

        axes = Figure(figsize=size, dpi=DPI, facecolor="white", layout="constrained").add_subplot()
    return Paper(axes, lang, lettering())


FEWEST_TICKS, MOST_TICKS = 5, 12
MINUTE = 1 / (24 * 60)
"""In days, as matplotlib counts."""


def clock_axis(paper: Paper, plan: PatrolPlan) -> None:
    """Let the axis across run over the plan's window and show its clock, both hours where one comes twice."""
    dates = _dates()
    (begin, end), axis = plan.window, paper.axes.xaxis
    axis.set_major_locator(dates.AutoDateLocator(tz=begin.tzinfo, minticks=FEWEST_TICKS, maxticks=MOST_TICKS))
    if begin.utcoffset() != end.utcoffset():  # which the locator does not see: it counts by the clock on the wall
        axis.set_ticks([day_number(begin) + second * MINUTE / 60 for second, _ in clock_ticks(plan)])
    axis.set_major_formatter(lambda number, _: _tick(dates.num2date(number, tz=begin.tzinfo)))
    paper.axes.set_xlim(day_number(begin), max(day_number(end), day_number(begin) + MINUTE))


def _tick(moment: dt.datetime) -> str:
    """Return a moment's clock; its offset, where it is shown twice, stands below: there is no room beside it."""
    return clock_text(moment).replace(" ", "\n")


def day_number(moment: dt.datetime) -> float:
    """Return a moment as matplotlib counts: days since 1970, UTC."""
    return float(_dates().date2num(moment.astimezone(dt.UTC)))


def _dates() -> Any:
    """Return matplotlib's dates, which have no types."""
    from matplotlib import dates

    return dates


LONG_SIDE_IN = 9.0
ABOVE_AND_BELOW_IN = 1.0
"""Inches for title and foot."""

DEPOT_SIZE = 7.0


def ground(scene: Scene, axes: Axes | None, lang: Lang, *, beside_in: float) -> Paper:
    """Make axes show the scene's frame with its streets, in the proportions of the ground.

    Parameters
    ----------
    scene
        What is shown.
    axes
        What somebody gave; None to make some.
    lang
        Of the words.
    beside_in
        Inches that a legend or colour bar takes beside new axes.
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
    """Return the metres that one point of the plot shows, about."""
    west, south, east, north = scene.frame
    wide, high = sheet.size
    return max((east - west) / wide, (north - south) / high)


def _scale_bar(sheet: Paper, scene: Scene) -> None:
    """Draw a bar of a round length in the lower left corner."""
    west, south, east, north = scene.frame
    length = round_length((east - west) * SCALE_SHARE)
    x, y = west + (east - west) * 0.02, south + (north - south) * 0.02
    sheet.axes.plot([x, x + length], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", zorder=30)
    text = length_text(length, sheet.said_in)
    written = sheet.text((x, y + (north - south) * 0.008), text, size=8.5, va="bottom", zorder=30)
    written.set_bbox({"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.0})

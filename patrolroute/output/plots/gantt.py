"""What each crew does when: one row a crew, patrols, deadheads, dwells, waits and breaks as bars on a clock."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from patrolroute.dates import date
from patrolroute.output.picture.canvas import INK
from patrolroute.output.plots.clock import clock_axis, day_number
from patrolroute.output.plots.paper import WORDS, Paper, paper
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import LEG_KINDS, Lang, LegKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patrolroute.plan.parts import Route

LOOKS: dict[LegKind, dict[str, Any]] = {
    "patrol": {"facecolor": "#00528a", "edgecolor": "none"},
    "deadhead": {"facecolor": "#c9c9c9", "edgecolor": "none"},
    "dwell": {"facecolor": "#ffc20a", "edgecolor": INK, "linewidth": 0.8},
    "wait": {"facecolor": "white", "edgecolor": "#7a7a7a", "hatch": "....", "linewidth": 0.6},
    "break": {"facecolor": "white", "edgecolor": "#7b3294", "hatch": "////", "linewidth": 0.8},
}
"""Dark, light, bright and two hatches: told apart without colours too, and in a copy without grey."""

ROW_IN = 0.3
BAR = 0.66


def draw_gantt(plan: PatrolPlan, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
    """Draw what each crew does when.

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
        ``ax``, or the new ones. Crews run from the top in the plan's order; a thin line is the shift.
        Neighbouring legs of one kind are one bar.

    Raises
    ------
    InputError
        If there is no such language.
    """
    sheet = paper(ax, lang, (10.0, 1.7 + ROW_IN * max(1, len(plan.crews))))
    routes = {route.crew: route for route in plan.routes}
    for row, crew in enumerate(plan.crews):
        sheet.axes.plot([day_number(crew.start), day_number(crew.end)], [row, row], color=INK, linewidth=0.7, zorder=1)
        if crew.id in routes:
            _bars(sheet.axes, row, routes[crew.id])
    _rows(sheet, plan)
    clock_axis(sheet, plan)
    sheet.quiet()
    sheet.title(f"{sheet.say('gantt')}  {date(plan.window[0], sheet.said_in)}", above=26)
    sheet.labels(sheet.say("clock", zone=plan.timezone))
    sheet.legend(_handles(sheet, plan), loc="lower left", bbox_to_anchor=(0, 1), ncols=6, frameon=False,
                 handlelength=1.6, borderaxespad=0.2)  # fmt: skip
    sheet.foot(plan, below=38)
    return sheet.axes


def _bars(axes: Axes, row: int, route: Route) -> None:
    for kind, spans in _spans(route):
        axes.broken_barh(spans, (row - BAR / 2, BAR), zorder=2, **LOOKS[kind])


def _spans(route: Route) -> Iterator[tuple[LegKind, list[tuple[float, float]]]]:
    """Give the begin and length of each bar by kind."""
    runs = [(kind, list(run)) for kind, run in groupby(route.legs, key=lambda leg: leg.kind)]
    for kind in LEG_KINDS:
        ends = [(day_number(run[0].depart), day_number(run[-1].arrive)) for own, run in runs if own == kind]
        if ends:
            yield kind, [(begin, end - begin) for begin, end in ends]


def _rows(sheet: Paper, plan: PatrolPlan) -> None:
    """Name the rows; the first is at the top."""
    count = len(plan.crews)
    names = [sheet.name(crew.id, f"{sheet.word('crew')} {row}") for row, crew in enumerate(plan.crews, start=1)]
    font = sheet.lettering.at(WORDS)
    sheet.axes.set_yticks(range(count), names, fontproperties=font, parse_math=False)
    sheet.axes.set_ylim(max(count, 1) - 0.5, -0.5)
    sheet.axes.grid(axis="x", color="#dddddd", linewidth=0.6, zorder=0)
    sheet.axes.set_axisbelow(True)


def _handles(sheet: Paper, plan: PatrolPlan) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    there = {leg.kind for route in plan.routes for leg in route.legs}
    kinds: tuple[LegKind, ...] = ("patrol", "deadhead", "dwell", "wait", "break")
    patches = [Patch(label=sheet.word(kind), **LOOKS[kind]) for kind in kinds if kind in there]
    return [*patches, Line2D([], [], color=INK, linewidth=0.7, label=sheet.say("shift"))]

"""The plot of a campaign's visits, period by period: wanted, made, not told yet, and what is owed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from patrolroute.base.arguments import checked
from patrolroute.base.text import label
from patrolroute.base.vocabulary import Lang
from patrolroute.output.looks.style import INK
from patrolroute.output.plots.axes import GRID_LOOK, WORDS, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, PALE, RED = "#00528a", "#9ecae1", "#b2182b"
WIDTH = 0.7
"""Of a period's bar; the gap between two is 1 less it."""

MOST_UPRIGHT = 6
"""Names of periods beyond which they stand aslant, so that none lies on the next."""


@checked
def draw_periods(
    rows: Mapping[str, tuple[int, int, int, int | None]], ax: Axes | None = None, *, lang: Lang = "zh"
) -> Axes:
    """Draw a campaign's visits: a bar for each period, a mark for what was wanted, a line for what is owed by its end.

    Parameters
    ----------
    rows
        For each period, by its name, in order: visits wanted, made, of these those that nobody told yet, and owed: None
        in periods that did not begin. `patrolroute.campaigns.visits_by_period` returns them from the record.
    ax
        Matplotlib axes to draw on; if not given, those of a new figure, ``ax.figure``, that pyplot does not know.
    lang
        Of the words; English where no font of this computer writes Chinese.

    Returns
    -------
    Axes
        ``ax``, or the new ones.

    Raises
    ------
    InputError
        If there is no such language.
    """
    sheet = paper(ax, lang, (9.0, 4.2))
    at = range(len(rows))
    wanted, made, not_told, owed = zip(*rows.values(), strict=True) if rows else ((), (), (), ())
    told = [done - open_ for done, open_ in zip(made, not_told, strict=True)]
    axes: Any = sheet.axes
    bars = [
        axes.bar(at, told, WIDTH, color=BLUE, label=sheet.say("visits_told")),
        axes.bar(at, not_told, WIDTH, bottom=told, color=PALE, hatch="//", edgecolor=BLUE,
                 label=sheet.say("visits_not_told")),
    ]  # fmt: skip
    marks = axes.plot(at, wanted, "_", color=INK, markersize=26, markeredgewidth=2.2, label=sheet.say("visits_wanted"))
    line = axes.plot(
        at,
        [math.nan if left is None else left for left in owed],
        "o--",
        color=RED,
        markersize=4.5,
        linewidth=1.4,
        label=sheet.say("visits_owed"),
    )
    axes.set_ylim(0, 1.25 * max([*wanted, *made, *(left or 0 for left in owed), 1]))
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.grid(axis="y", **GRID_LOOK)
    axes.set_axisbelow(True)
    sheet.quiet()
    sheet.heading("plot_periods")
    sheet.labels(up=label("visits", sheet.said_in))
    _name(sheet, list(rows))
    sheet.legend([*bars, *marks, *line], loc="upper left", ncols=4, frameon=False)
    if not rows:
        sheet.nothing()
    return sheet.axes


def _name(sheet: Any, names: list[str]) -> None:
    """Write the names of the periods below their bars."""
    aslant = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"} if len(names) > MOST_UPRIGHT else {}
    spelt = [sheet.lettering.without_boxes(sheet.lettering.spell(name)) for name in names]
    sheet.axes.set_xticks(range(len(names)), spelt, **aslant)
    for text in sheet.axes.get_xticklabels():
        text.set_fontproperties(sheet.lettering.at(WORDS))
        text.set_parse_math(False)

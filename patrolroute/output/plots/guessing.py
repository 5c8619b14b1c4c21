"""The plot of how hard nights are to guess, against what is seen of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from patrolroute.base.arguments import checked
from patrolroute.base.vocabulary import Lang
from patrolroute.output.plots.axes import paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKS = (("o", "#00528a"), ("s", "#b2182b"), ("^", "#8a6d00"), ("D", "#1b7837"), ("v", "#762a83"), ("P", "#4d4d4d"))
"""Sign and colour of each way to draw nights: told apart without colours too."""


@checked
def draw_guessing(
    rows: Mapping[str, Sequence[tuple[float, float]]], ax: Axes | None = None, *, lang: Lang = "zh"
) -> Axes:
    """Draw how uncertain it is where a crew is, against the share that is seen: the upper right corner is best.

    Parameters
    ----------
    rows
        For each way to draw nights, by its name, points of entropy in bits and 见警率 from 0 to 1, joined by a line;
        see `patrolroute.campaign.guessing`.
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
    sheet = paper(ax, lang, (8.0, 4.8))
    lines: list[Any] = []
    for number, (name, points) in enumerate(rows.items()):
        mark, colour = MARKS[number % len(MARKS)]
        across, up = zip(*points, strict=True) if points else ((), ())
        lines += sheet.axes.plot(
            across, up, marker=mark, color=colour, markersize=7, markeredgecolor="white", linewidth=1.2,
            label=sheet.lettering.spell(name),
        )  # fmt: skip
    sheet.axes.set_xlim(left=0)
    sheet.shares()
    sheet.quiet()
    sheet.heading("plot_guessing")
    sheet.labels(sheet.say("guessing_axis"), sheet.say("seen_axis"))
    sheet.legend(lines, loc="lower right", framealpha=0.95)
    if not lines:
        sheet.nothing()
    return sheet.axes

"""Response curve: the share of the demand that the nearest crew reaches within so many minutes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from patrolroute.dates import date
from patrolroute.output.plots.paper import Paper, paper
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.records import PatrolPlan
from patrolroute.units import FloatArray
from patrolroute.words import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKS_MIN = 1, 3, 5
"""The response rings that are asked for (1、3、5分钟快反圈)."""

SHOWN = 0.99
"""The axis ends where so much of what can be reached is, so that one far place does not squeeze the rest."""

LEAST_MIN, MOST_MIN = 6, 60


def response_curve(plan: PatrolPlan) -> tuple[FloatArray, FloatArray]:
    """Give the seconds at which the share rises, ascending, and the share reached within them.

    Demand is every task, weighted by priority, at every half minute of the window, as in the measures
    ``response_p50_s`` to ``response_within_5_min``. The last share is below 1 where no crew on duty can come; both are
    empty where there is nothing to reach.
    """
    table = Night(plan).response
    priorities = np.array([task.priority for task in table.tasks], dtype=np.float64)
    weights = np.broadcast_to(priorities, table.seconds.shape).ravel()
    seconds = table.seconds.ravel()
    if not weights.sum():
        return np.zeros(0), np.zeros(0)
    known = np.isfinite(seconds)
    moments, place = np.unique(seconds[known], return_inverse=True)
    return moments, np.cumsum(np.bincount(place, weights=weights[known])) / weights.sum()


def draw_response(plan: PatrolPlan, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
    """Draw the response curve, with the shares within 1, 3 and 5 minutes; see `response_curve`.

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
        ``ax``, or the new ones.

    Raises
    ------
    InputError
        If there is no such language.
    """
    from matplotlib.ticker import PercentFormatter

    sheet = paper(ax, lang, (8.0, 4.8))
    seconds, shares = response_curve(plan)
    if len(seconds):
        _curve(sheet, seconds, shares)
    else:
        sheet.nothing()
    sheet.axes.set_ylim(0, 1.03)
    sheet.axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    sheet.axes.grid(color="#dddddd", linewidth=0.6)
    sheet.quiet()
    sheet.title(f"{sheet.say('response')}  {date(plan.window[0], sheet.said_in)}")
    sheet.labels(sheet.say("response_x"), sheet.say("response_y"))
    sheet.foot(plan, below=38)
    return sheet.axes


def _curve(sheet: Paper, seconds: FloatArray, shares: FloatArray) -> None:
    last = float(seconds[np.searchsorted(shares, SHOWN * shares[-1])]) / 60
    width = min(MOST_MIN, max(LEAST_MIN, math.ceil(last)))
    across = np.concatenate(([0.0], seconds / 60, [max(width, seconds[-1] / 60)]))
    up = np.concatenate(([0.0], shares, shares[-1:]))
    sheet.axes.step(across, up, where="post", color="#00528a", linewidth=2.2, zorder=3)
    for minutes in MARKS_MIN:
        reached = float(up[np.searchsorted(across, minutes, side="right") - 1])
        sheet.axes.vlines(minutes, 0, reached, color="#b2182b", linewidth=1.2, linestyle="--", zorder=2)
        sheet.axes.plot(minutes, reached, "o", color="#b2182b", markersize=5.5, zorder=4)
        said = sheet.say("within", minutes=minutes, share=f"{reached:.0%}")
        is_high = reached > 0.9  # noqa: PLR2004 - the words of a high point stand below it
        sheet.text((minutes + width * 0.012, reached - 0.03 if is_high else reached), said,
                   va="top" if is_high else "center", zorder=5)  # fmt: skip
    sheet.axes.set_xlim(0, width)

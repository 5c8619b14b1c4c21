"""A time axis in the plan's own zone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from patrolroute.output.plots.paper import Paper
from patrolroute.plan.records import PatrolPlan

FEWEST_TICKS, MOST_TICKS = 5, 12
MINUTE = 1 / (24 * 60)
"""In days, as matplotlib counts."""


def clock_axis(paper: Paper, plan: PatrolPlan) -> None:
    """Let the axis across run over the plan's window and show its clock."""
    dates = _dates()
    (begin, end), axis = plan.window, paper.axes.xaxis
    axis.set_major_locator(dates.AutoDateLocator(tz=begin.tzinfo, minticks=FEWEST_TICKS, maxticks=MOST_TICKS))
    axis.set_major_formatter(dates.DateFormatter("%H:%M", tz=begin.tzinfo))
    paper.axes.set_xlim(day_number(begin), max(day_number(end), day_number(begin) + MINUTE))


def day_number(moment: dt.datetime) -> float:
    """Give a moment as matplotlib counts: days since 1970, UTC."""
    return float(_dates().date2num(moment.astimezone(dt.UTC)))


def _dates() -> Any:
    """Give matplotlib's dates, which have no types."""
    from matplotlib import dates

    return dates

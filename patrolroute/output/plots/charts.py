"""Charts against time: coverage, response, and what each crew does when."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from patrolroute.base.arguments import checked
from patrolroute.base.vocabulary import LEG_KINDS, FloatArray, Lang, LegKind
from patrolroute.metrics.context import PlanMeasures
from patrolroute.output.looks.duty import mode_mark
from patrolroute.output.looks.style import INK, KIND_LOOKS
from patrolroute.output.plots.axes import GRID_LOOK, WORDS, Paper, clock_axis, day_number, paper
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedTask

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from patrolroute.plan.records import Route


Steps: TypeAlias = list[tuple[dt.datetime, float]]
"""Moments at which a share rises, and the share from then on."""

RED, BLUE = "#b2182b", "#00528a"

LOOKS = {
    "required": (RED, "-", 2.6),
    "length": (BLUE, "-", 1.9),
    "priority": ("#56b4e9", "--", 1.9),
    "hotspots": ("#8a6d00", "-.", 1.9),
}
"""Colour, line and width: told apart without colours too."""


def coverage_steps(plan: PatrolPlan) -> dict[str, Steps]:
    """Work out how coverage rises, exactly: a step when a counted visit ends.

    ``length``, ``priority``, ``hotspots`` and ``required`` end at the measures ``coverage_length``,
    ``coverage_priority``, ``hotspot_coverage`` and ``required_served``; a measure that is undefined is left out.
    """
    night = PlanMeasures(plan)
    visits = _visits(plan)
    streets = {task.id: night.weight(task) for task in night.streets}
    kinds: dict[str, tuple[dict[str, float], Gain]] = {
        "required": ({task.id: 1.0 for task in plan.tasks if task.required}, _once),
        "length": (night.length_m, _once),
        "priority": (streets, _each),
        "hotspots": ({task.id: float(task.priority) for task in night.hotspots}, _each),
    }
    return {
        kind: _steps(plan, visits, weights, gain) for kind, (weights, gain) in kinds.items() if sum(weights.values())
    }


@checked
def draw_coverage(plan: PatrolPlan, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
    """Draw coverage against time, as steps at the ends of counted visits; see `coverage_steps`.

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
    sheet = paper(ax, lang, (8.0, 4.8))
    lines = []
    for kind, steps in coverage_steps(plan).items():
        colour, style, width = LOOKS[kind]
        points = [(plan.window[0], 0.0), *steps, (plan.window[1], steps[-1][1] if steps else 0.0)]
        moments, shares = [day_number(moment) for moment, _ in points], [share for _, share in points]
        name = f"{sheet.say(f'share_{kind}')} {shares[-1]:.0%}"
        lines += sheet.axes.step(
            moments, shares, where="post", color=colour, linestyle=style, linewidth=width, label=name
        )
    clock_axis(sheet, plan)
    sheet.shares()
    sheet.quiet()
    sheet.title("plot_coverage", plan)
    sheet.labels(sheet.say("clock_axis", zone=plan.timezone), sheet.say("share_axis"))
    sheet.legend(lines, loc="lower right", framealpha=0.95)
    if not lines:
        sheet.nothing()
    sheet.foot(plan, below=38)
    return sheet.axes


Gain: TypeAlias = Callable[[PlannedTask, int], float]
"""The share of a task that its n-th visit adds."""


def _once(_task: PlannedTask, number: int) -> float:
    return float(number == 1)


def _each(task: PlannedTask, number: int) -> float:
    return 1 / task.visits_wanted if number <= task.visits_wanted else 0.0


def _visits(plan: PatrolPlan) -> list[tuple[dt.datetime, str]]:
    """Return the end of each counted visit and its task, in time; at most one in a slice."""
    ends: dict[tuple[str, int | None], dt.datetime] = {}
    for route in plan.routes:
        for leg in route.legs:
            if leg.counted and leg.task in plan.task:
                key = leg.task, leg.visit
                ends[key] = min(leg.arrive, ends.get(key, leg.arrive))
    return sorted(((end, task) for (task, _), end in ends.items()), key=lambda visit: (visit[0].timestamp(), visit[1]))


def _steps(plan: PatrolPlan, visits: list[tuple[dt.datetime, str]], weights: dict[str, float], gain: Gain) -> Steps:
    whole, covered, made = sum(weights.values()), 0.0, Counter[str]()
    steps: Steps = []
    for end, task in visits:
        made[task] += 1
        more = weights.get(task, 0.0) * gain(plan.task[task], made[task])
        if more:
            covered += more
            steps.append((end, covered / whole))
    return steps


MARKS_MIN = 1, 3, 5
"""The response rings that are asked for (1、3、5分钟快反圈)."""

SHOWN = 0.99
"""The axis ends where so much of what can be reached is, so that one far place does not squeeze the rest."""

LEAST_MIN, MOST_MIN = 6, 60


def response_curve(plan: PatrolPlan) -> tuple[FloatArray, FloatArray]:
    """Return the seconds at which the share rises, ascending, and the share reached within them.

    Demand is every task, weighted by priority, at every half minute of the window, as in the measures
    ``response_p50_s`` to ``response_within_5_min``. The last share is below 1 where no crew on duty can come; both are
    empty where there is nothing to reach.
    """
    table = PlanMeasures(plan).response
    priorities = np.array([task.priority for task in table.tasks], dtype=np.float64)
    weights = np.broadcast_to(priorities, table.seconds.shape).ravel()
    seconds = table.seconds.ravel()
    if not weights.sum():
        return np.zeros(0), np.zeros(0)
    known = np.isfinite(seconds)
    moments, place = np.unique(seconds[known], return_inverse=True)
    return moments, np.cumsum(np.bincount(place, weights=weights[known])) / weights.sum()


@checked
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
    sheet = paper(ax, lang, (8.0, 4.8))
    seconds, shares = response_curve(plan)
    if len(seconds):
        _curve(sheet, seconds, shares)
    else:
        sheet.nothing()
    sheet.shares()
    sheet.quiet()
    sheet.title("plot_response", plan)
    sheet.labels(sheet.say("response_axis"), sheet.say("reached_axis"))
    sheet.foot(plan, below=38)
    return sheet.axes


def _curve(sheet: Paper, seconds: FloatArray, shares: FloatArray) -> None:
    last = float(seconds[np.searchsorted(shares, SHOWN * shares[-1])]) / 60
    width = min(MOST_MIN, max(LEAST_MIN, math.ceil(last)))
    across = np.concatenate(([0.0], seconds / 60, [max(width, seconds[-1] / 60)]))
    up = np.concatenate(([0.0], shares, shares[-1:]))
    sheet.axes.step(across, up, where="post", color=BLUE, linewidth=2.2, zorder=3)
    for minutes in MARKS_MIN:
        reached = float(up[np.searchsorted(across, minutes, side="right") - 1])
        sheet.axes.vlines(minutes, 0, reached, color=RED, linewidth=1.2, linestyle="--", zorder=2)
        sheet.axes.plot(minutes, reached, "o", color=RED, markersize=5.5, zorder=4)
        text = sheet.say("within", minutes=minutes, share=f"{reached:.0%}")
        is_high = reached > 0.9  # noqa: PLR2004 - the words of a high point stand below it
        sheet.text((minutes + width * 0.012, reached - 0.03 if is_high else reached), text,
                   va="top" if is_high else "center", zorder=5)  # fmt: skip
    sheet.axes.set_xlim(0, width)


ROW_IN = 0.3
BAR = 0.66


@checked
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
    sheet.title("plot_gantt", plan, above=26)
    sheet.labels(sheet.say("clock_axis", zone=plan.timezone))
    sheet.legend(_handles(sheet, plan), loc="lower left", bbox_to_anchor=(0, 1), ncols=6, frameon=False,
                 handlelength=1.6, borderaxespad=0.2)  # fmt: skip
    sheet.foot(plan, below=38)
    return sheet.axes


def _bars(axes: Axes, row: int, route: Route) -> None:
    for kind, spans in _spans(route):
        axes.broken_barh(spans, (row - BAR / 2, BAR), zorder=2, **KIND_LOOKS[kind])


def _spans(route: Route) -> Iterator[tuple[LegKind, list[tuple[float, float]]]]:
    """Yield the begin and length of each bar by kind."""
    runs = [(kind, list(run)) for kind, run in groupby(route.legs, key=lambda leg: leg.kind)]
    for kind in LEG_KINDS:
        ends = [(day_number(run[0].depart), day_number(run[-1].arrive)) for own, run in runs if own == kind]
        if ends:
            yield kind, [(begin, end - begin) for begin, end in ends]


def _rows(sheet: Paper, plan: PatrolPlan) -> None:
    """Name the rows; the first is at the top."""
    count = len(plan.crews)
    names = [
        f"{sheet.crew_name(crew.id, row)}{mode_mark(plan, crew.id, sheet.said_in)}"
        for row, crew in enumerate(plan.crews, start=1)
    ]
    font = sheet.lettering.at(WORDS)
    sheet.axes.set_yticks(range(count), names, fontproperties=font, parse_math=False)
    sheet.axes.set_ylim(max(count, 1) - 0.5, -0.5)
    sheet.axes.grid(axis="x", zorder=0, **GRID_LOOK)
    sheet.axes.set_axisbelow(True)


def _handles(sheet: Paper, plan: PatrolPlan) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    there = {leg.kind for route in plan.routes for leg in route.legs}
    kinds: tuple[LegKind, ...] = ("patrol", "pass", "deadhead", "dwell", "wait", "break")
    patches = [Patch(label=sheet.word(kind), **KIND_LOOKS[kind]) for kind in kinds if kind in there]
    return [*patches, Line2D([], [], color=INK, linewidth=0.7, label=sheet.say("shift_line"))]

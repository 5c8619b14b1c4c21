"""Coverage against time: what share of the streets, the hotspots and the required tasks was visited by when."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from patrolroute.dates import date
from patrolroute.output.plots.clock import clock_axis, day_number
from patrolroute.output.plots.paper import paper
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.parts import PlannedTask
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Steps: TypeAlias = list[tuple[dt.datetime, float]]
"""Moments at which a share rises, and the share from then on."""

LOOKS = {
    "required": ("#b2182b", "-", 2.6),
    "length": ("#00528a", "-", 1.9),
    "priority": ("#56b4e9", "--", 1.9),
    "hotspots": ("#8a6d00", "-.", 1.9),
}
"""Colour, line and width: told apart without colours too."""


def coverage_steps(plan: PatrolPlan) -> dict[str, Steps]:
    """Work out how coverage rises, exactly: a step when a counted visit ends.

    ``length``, ``priority``, ``hotspots`` and ``required`` end at the measures ``coverage_length``,
    ``coverage_priority``, ``hotspot_coverage`` and ``required_served``; a measure that is undefined is left out.
    """
    night = Night(plan)
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
    from matplotlib.ticker import PercentFormatter

    sheet = paper(ax, lang, (8.0, 4.8))
    lines = []
    for kind, steps in coverage_steps(plan).items():
        colour, style, width = LOOKS[kind]
        points = [(plan.window[0], 0.0), *steps, (plan.window[1], steps[-1][1] if steps else 0.0)]
        moments, shares = [day_number(moment) for moment, _ in points], [share for _, share in points]
        said = f"{sheet.say(kind)} {shares[-1]:.0%}"
        lines += sheet.axes.step(
            moments, shares, where="post", color=colour, linestyle=style, linewidth=width, label=said
        )
    clock_axis(sheet, plan)
    sheet.axes.set_ylim(0, 1.03)
    sheet.axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    sheet.axes.grid(color="#dddddd", linewidth=0.6)
    sheet.quiet()
    sheet.title(f"{sheet.say('coverage')}  {date(plan.window[0], sheet.said_in)}")
    sheet.labels(sheet.say("clock", zone=plan.timezone), sheet.say("share"))
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
    """Give the end of each counted visit and its task, in time; at most one in a slice."""
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

"""The route map: who patrols which street, what is driven only, what is missed, hotspots and depots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patrolroute.dates import date
from patrolroute.output.picture.canvas import INK
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.stops import HOUSE, LOOKS, MARKERS, OTHER_MARKER
from patrolroute.output.picture.streets import (
    APPROACH_LOOK,
    MISSED_LOOK,
    PRIORITY_TONES,
    SHORT_LOOK,
    STRIPE,
    draw_missing,
    draw_patrols,
    draw_priorities,
)
from patrolroute.output.picture.teams import Team, joined_ids
from patrolroute.output.plots.ground import DEPOT_SIZE, draw_depots, ground, point_m
from patrolroute.output.plots.paper import LONGEST_NAME, Paper
from patrolroute.plan.records import PatrolPlan
from patrolroute.words import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKER_SIZE = 6.5


def draw_routes(plan: PatrolPlan, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
    """Draw the route map: a stripe in each crew's colour on the streets that it patrols.

    The sheet to print is ``plan.to_png``; this one goes into a report or a notebook.

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
        ``ax``, or the new ones; in metres on a plane, north up.

    Raises
    ------
    InputError
        If there is no such language.
    """
    scene = Scene(plan)
    sheet = ground(scene, ax, lang, beside_in=2.8)
    metres = point_m(sheet, scene)
    draw_priorities(sheet.axes, scene)
    draw_patrols(sheet.axes, scene, metres)
    draw_missing(sheet.axes, scene, metres)
    for stop in scene.stops:
        fill, edge, _ = LOOKS[stop.state]
        sheet.axes.plot(
            *stop.place, marker=MARKERS.get(stop.task.category, OTHER_MARKER), markersize=MARKER_SIZE,
            markerfacecolor=fill, markeredgecolor=edge, linestyle="none", zorder=20, scalex=False, scaley=False,
        )  # fmt: skip
    draw_depots(sheet, scene)
    sheet.title(f"{sheet.say('routes')}  {date(plan.window[0], sheet.said_in)}")
    sheet.legend(_handles(sheet, scene), loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    sheet.foot(plan, below=6)
    return sheet.axes


def _handles(sheet: Paper, scene: Scene) -> list[Any]:
    """Give the legend's entries, only for what is on the map."""
    states = {stretch.state for stretch in scene.stretches}
    entries: list[tuple[str, dict[str, Any]]] = [
        (_crews(sheet, scene, team), {"color": team.colour, "linewidth": STRIPE * 1.3}) for team in scene.teams
    ]
    if scene.teams:
        entries.append((sheet.say("approach"), _look(APPROACH_LOOK)))
    if scene.stretches:
        entries.append((sheet.say("band"), {"color": PRIORITY_TONES[-1], "linewidth": 6.0}))
    known = ("short", SHORT_LOOK), ("missed", MISSED_LOOK)
    entries += [(sheet.say(state), _look(look)) for state, look in known if state in states]
    for said, states_of in (("served", {"done", "short"}), ("not_served", {"missed"})):
        there = sorted({stop.state for stop in scene.stops} & states_of)
        if there:
            fill, edge, _ = LOOKS[there[0]]
            entries.append((f"{sheet.say('hotspot')} · {sheet.say(said)}", _dot("o", MARKER_SIZE, fill, edge)))
    entries.append((sheet.say("depot"), _dot(HOUSE, DEPOT_SIZE * 1.4, "white", INK)))
    from matplotlib.lines import Line2D

    return [Line2D([], [], label=text, **look) for text, look in entries]


def _crews(sheet: Paper, scene: Scene, team: Team) -> str:
    numbers = {crew: number for number, crew in enumerate(scene.crew, start=1)}
    return joined_ids([sheet.name(crew, f"{sheet.word('crew')} {numbers[crew]}") for crew in team.crews], LONGEST_NAME)


def _look(look: dict[str, Any]) -> dict[str, Any]:
    """Give the look of many lines as that of one."""
    return {"color": look["colors"], "linewidth": look["linewidths"], "linestyle": look["linestyles"][0]}


def _dot(marker: Any, size: float, fill: str, edge: str) -> dict[str, Any]:
    look = {"markerfacecolor": fill, "markeredgecolor": edge, "markeredgewidth": 1.2}
    return {"linestyle": "none", "marker": marker, "markersize": size, **look}

"""The legend: what each line, band and marker means, only for those that are on the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.output.picture.canvas import Canvas, Rect
from patrolroute.output.picture.page import LINE, SECTION_HEAD
from patrolroute.output.picture.scene import Scene, State, Stretch
from patrolroute.output.picture.stops import Marker, draw_depot
from patrolroute.output.picture.streets import (
    APPROACH_LOOK,
    MISSED_LOOK,
    REQUIRED_LOOK,
    ROAD_GREY,
    SHORT_LOOK,
    STRIPE,
    TUNNEL_LOOK,
    Look,
    draw_lines,
    priority_tone,
    priority_width,
)
from patrolroute.output.picture.teams import joined_ids
from patrolroute.output.picture.words import phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Drawing: TypeAlias = Callable[["Axes", float], None]
SWATCH = 0.36
"""Inches of a sample line."""

COLUMNS = 3
MOST_TEAMS = 8
STATES: tuple[State, ...] = ("done", "short", "missed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend: how its sample is drawn at a height, and what it means. A heading has no sample."""

    text: str
    sample: Drawing | None = None


def legend_columns(canvas: Canvas, scene: Scene) -> tuple[list[Entry], ...]:
    """Give the entries column by column."""
    return _teams(canvas, scene), _streets(canvas, scene), _stops(canvas, scene)


def draw_legend(canvas: Canvas, rect: Rect, columns: tuple[list[Entry], ...]) -> None:
    """Draw the legend into its part of the sheet."""
    axes = canvas.axes(rect)
    for number, entries in enumerate(columns):
        inner = canvas.axes(
            Rect(rect.left + number * rect.width / COLUMNS, rect.bottom, rect.width / COLUMNS, rect.height)
        )
        y = rect.height - SECTION_HEAD / 2
        for entry in entries:
            if entry.sample is None:
                canvas.text(inner, (0, y), entry.text, size=9.0)
                y -= SECTION_HEAD / 2 + LINE / 2
            else:
                entry.sample(inner, y)
                canvas.text(inner, (SWATCH + 0.1, y), entry.text, size=7.5)
                y -= LINE
    axes.plot([0, rect.width], [0, 0], color="#cccccc", linewidth=0.6, scalex=False, scaley=False)


def _teams(canvas: Canvas, scene: Scene) -> list[Entry]:
    lang = canvas.said_in
    entries = [Entry(phrase("patrolled_by" if scene.teams else "legend", lang))]
    for team in scene.teams[:MOST_TEAMS]:
        names = [canvas.crew_name(crew, scene) for crew in team.crews]
        entries.append(Entry(joined_ids(names, 30), _plain(team.colour, STRIPE * 1.3)))
    if more := sum(len(team.crews) for team in scene.teams[MOST_TEAMS:]):
        entries.append(Entry(phrase("crews_more", lang, n=more), _nothing))
    if scene.teams:
        entries.append(Entry(phrase("approach", lang), _line(APPROACH_LOOK)))
    if scene.depots:
        entries.append(Entry(phrase("depot", lang), lambda axes, y: draw_depot(axes, (SWATCH / 2, y), 7.0)))
    return entries


def _streets(canvas: Canvas, scene: Scene) -> list[Entry]:
    lang = canvas.said_in
    entries = []
    if priorities := sorted({stretch.task.priority for stretch in scene.stretches}, reverse=True):
        entries.append(Entry(phrase("priority", lang)))
        entries += [
            Entry(phrase("priority_n", lang, n=n), _plain(priority_tone(n), priority_width(n))) for n in priorities
        ]
    missing = (
        ("missed_required", REQUIRED_LOOK, (), any(_is_missed(one, required=True) for one in scene.stretches)),
        ("missed", MISSED_LOOK, (), any(_is_missed(one, required=False) for one in scene.stretches)),
        ("short", SHORT_LOOK, (-0.04, 0.04), any(one.state == "short" for one in scene.stretches)),
    )
    entries += [
        Entry(phrase(word, lang), _line(look, *heights)) for word, look, heights, is_there in missing if is_there
    ]
    if not priorities:
        entries.append(Entry(phrase("legend", lang)))
    entries.append(Entry(phrase("road", lang), _plain(ROAD_GREY, 2.0)))
    if any(road.tunnel for road in scene.roads):
        entries.append(Entry(phrase("tunnel", lang), _line(TUNNEL_LOOK, -0.035, 0.035)))
    return entries


def _stops(canvas: Canvas, scene: Scene) -> list[Entry]:
    if not scene.stops:
        return []
    kinds = dict.fromkeys(stop.task.category for stop in scene.stops)
    entries = [Entry(phrase("stops_head", canvas.said_in))]
    entries += [
        Entry(
            canvas.lettering.spell(canvas.word(kind), otherwise=canvas.word("hotspot")), _marker(canvas, kind, "done")
        )
        for kind in kinds
    ]
    states = {stop.state for stop in scene.stops}
    entries += [
        Entry(phrase(f"stop_{state}", canvas.said_in), _marker(canvas, next(iter(kinds)), state))
        for state in STATES
        if state in states
    ]
    return entries


def _is_missed(stretch: Stretch, *, required: bool) -> bool:
    return stretch.state == "missed" and stretch.task.required == required


def _line(look: Look, *heights: float) -> Drawing:
    def draw(axes: Axes, y: float) -> None:
        for height in heights or (0.0,):
            line = np.array([[0.0, y + height], [SWATCH, y + height]])
            draw_lines(axes, [line], **({"capstyle": "butt"} | look))

    return draw


def _plain(colour: str, width: float) -> Drawing:
    return _line({"colors": colour, "linewidths": width})


def _marker(canvas: Canvas, kind: str, state: State) -> Drawing:
    return lambda axes, y: Marker(kind, state, size=8.0).draw(canvas, axes, (SWATCH / 2, y))


def _nothing(_axes: Axes, _y: float) -> None:
    """Draw no sample."""

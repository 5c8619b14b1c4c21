"""Head, foot and legend: what night it is, what each line and marker means, whose data it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from patrolroute.base.text import wrapped
from patrolroute.output.looks.drawing import draw_depot, draw_lines
from patrolroute.output.looks.duty import duty, night_name
from patrolroute.output.looks.fonts import one_line, pinyin, shortened
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene, Stretch, closed_tonight, figures, title
from patrolroute.output.looks.style import (
    APPROACH_LOOK,
    INK,
    MISSED,
    MISSED_LOOK,
    NOTICE_GROUND,
    QUIET_INK,
    REQUIRED_LOOK,
    ROAD_GREY,
    SHORT_LOOK,
    STATES,
    STRIPE,
    TUNNEL_LOOK,
    Look,
    State,
    joined_ids,
    priority_tone,
    priority_width,
)
from patrolroute.output.picture.canvas import LINE, SECTION_HEAD, Canvas, Rect
from patrolroute.output.picture.map import Marker
from patrolroute.output.picture.panels import idle_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes


NOTICE_LETTERS = 11
"""Half-width letters of the notice an inch."""

LEAST_SIZE = 5.0
"""Points below which nobody reads: what is longer is cut."""

BETWEEN = 0.22
"""Inches between two figures."""

NOTICE_LINE = 0.22


def draw_head(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Write title, figures and notice.

    Parameters
    ----------
    canvas
        The sheet.
    rect
        The part of the sheet, in inches.
    scene
        What is shown.
    """
    axes = canvas.axes(rect)
    name = title(scene.plan, canvas.said_in, shown_night(canvas, scene))
    head = canvas.text(axes, (0, rect.height - 0.18), name, size=17.0)
    canvas.narrow([head], rect.width)
    # The figures stand side by side on one line.
    look = {"size": 9.5, "va": "baseline"}
    texts = [
        canvas.text(axes, (0, 0), text, color=MISSED if bad else INK, **look)
        for text, bad in figures(scene, canvas.said_in)
    ]
    canvas.narrow(texts, rect.width - BETWEEN * len(texts))
    x = 0.0
    for text in texts:
        text.set_position((x, rect.height - 0.56))
        x += canvas.extent(text)[0] + BETWEEN
    if lines := notice_lines(canvas, scene, rect.width):
        _banner(canvas, axes, rect, lines)


def shown_night(canvas: Canvas, scene: Scene) -> str:
    """Return the night's name; a Chinese one is left out where no font writes it."""
    name = one_line(night_name(scene.plan))
    is_shown = canvas.lettering.is_chinese or pinyin(name) == name
    return shortened(canvas.lettering.spell(name), 40) if is_shown else ""


def notice_lines(canvas: Canvas, scene: Scene, width: float) -> list[str]:
    """Return the notice of the map in lines of so many inches.

    Without a Chinese font the Chinese sentences of a notice in two languages are left out: nobody reads a sentence in
    pinyin. A notice in Chinese alone is written in pinyin all the same.

    Parameters
    ----------
    canvas
        The sheet, whose font decides what is shown.
    scene
        What is shown.
    width
        Inches.
    """
    notice = (scene.plan.notice or "").splitlines()
    sentences = [re.split("(?<=。)", line) for line in notice]
    known = ["".join(part for part in parts if canvas.lettering.can_write(one_line(part))) for parts in sentences]
    shown = known if any(letter.isalpha() for letter in "".join(known)) else notice
    return [line for part in shown for line in wrapped(canvas.lettering.spell(part), int(width * NOTICE_LETTERS))]


def draw_foot(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Write whose data the map is, what made the plan, and which crews stay at home.

    Parameters
    ----------
    canvas
        The sheet.
    rect
        The part of the sheet, in inches.
    scene
        What is shown.
    """
    axes = canvas.axes(rect)
    spell = canvas.lettering.spell
    whose = phrase("map_data", canvas.said_in, whose=spell(scene.plan.attribution))
    parts = [whose, spell(scene.plan.created_with)]
    if not canvas.lettering.is_chinese:
        parts.append(phrase("no_font", "en"))
    right = "    ".join(part for part in parts if part)
    credit = canvas.text(axes, (rect.width, rect.height / 2), right, size=7.0, color=QUIET_INK, ha="right")
    canvas.narrow([credit], rect.width)
    told = "    ".join(part for part in (idle_line(canvas, scene), closed_line(canvas, scene)) if part)
    left = canvas.text(axes, (0, rect.height / 2), told, size=7.5)
    room = max(rect.width - canvas.extent(credit)[0] - BETWEEN, rect.width / 4)
    canvas.narrow([left], room)
    if float(left.get_fontsize()) < LEAST_SIZE:
        left.set_fontsize(LEAST_SIZE)
        canvas.cut(left, room)


def closed_line(canvas: Canvas, scene: Scene) -> str:
    """Return what is closed tonight, "" if nothing is."""
    names = [canvas.lettering.spell(name, otherwise="?") for name in closed_tonight(scene.plan)]
    return phrase(f"closed_{duty(scene.plan)}", canvas.said_in, names=", ".join(names)) if names else ""


def _banner(canvas: Canvas, axes: Axes, rect: Rect, lines: list[str]) -> None:
    high = len(lines) * NOTICE_LINE + 0.08
    axes.fill([0, rect.width, rect.width, 0], [0, 0, high, high], facecolor=NOTICE_GROUND, edgecolor="none", zorder=1)
    for number, line in enumerate(lines):
        y = high - 0.04 - (number + 0.5) * NOTICE_LINE
        canvas.text(axes, (rect.width / 2, y), line, size=10.0, ha="center")


Drawing: TypeAlias = Callable[["Axes", float], None]
SWATCH = 0.36
"""Inches of a sample line."""

COLUMNS = 3
MOST_TEAMS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend: how its sample is drawn at a height, and what it means. A heading has no sample."""

    text: str
    sample: Drawing | None = None


def legend_columns(canvas: Canvas, scene: Scene) -> tuple[list[Entry], ...]:
    """Return the entries column by column."""
    return _teams(canvas, scene), _streets(canvas, scene), _stops(canvas, scene)


def draw_legend(canvas: Canvas, rect: Rect, columns: tuple[list[Entry], ...]) -> None:
    """Draw the legend into its part of the sheet.

    Parameters
    ----------
    canvas
        The sheet.
    rect
        The part of the sheet, in inches.
    columns
        The entries column by column, see `legend_columns`.
    """
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
        entries.append(Entry(phrase("depot_start_end", lang), lambda axes, y: draw_depot(axes, (SWATCH / 2, y), 7.0)))
    return entries


def _streets(canvas: Canvas, scene: Scene) -> list[Entry]:
    lang = canvas.said_in
    entries = []
    if priorities := sorted({stretch.task.priority for stretch in scene.stretches}, reverse=True):
        entries.append(Entry(phrase("priorities", lang)))
        entries += [Entry(phrase("level", lang, n=n), _plain(priority_tone(n), priority_width(n))) for n in priorities]
    missing = (
        ("missed_required", REQUIRED_LOOK, (), any(_is_missed(stretch, required=True) for stretch in scene.stretches)),
        ("missed_optional", MISSED_LOOK, (), any(_is_missed(stretch, required=False) for stretch in scene.stretches)),
        ("short", SHORT_LOOK, (-0.04, 0.04), any(stretch.state == "short" for stretch in scene.stretches)),
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
    entries = [Entry(phrase("hotspots", canvas.said_in))]
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

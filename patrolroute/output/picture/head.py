"""Head and foot of the sheet: what night it is, how good the plan is, what the map is, whose data it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from patrolroute.dates import span
from patrolroute.output.fonts import one_line, pinyin, shortened, wrapped
from patrolroute.output.picture.canvas import INK, QUIET_INK, Canvas, Rect
from patrolroute.output.picture.crews import idle_line
from patrolroute.output.picture.list import local
from patrolroute.output.picture.scene import Scene
from patrolroute.output.picture.streets import MISSED
from patrolroute.output.picture.words import phrase
from patrolroute.plan.metrics.book import Night
from patrolroute.plan.metrics.coverage import coverage_length
from patrolroute.plan.metrics.effort import deadhead_share, driven_km, dwelt_min
from patrolroute.words import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTICE_LETTERS = 11
"""Half-width letters of the notice an inch."""

LEAST_SIZE = 5.0
"""Points below which nobody reads: what is longer is cut."""

BETWEEN = 0.22
"""Inches between two figures."""

NOTICE_LINE = 0.22
NOTICE_GROUND = "#ffe08a"


def draw_head(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Write title, figures and notice."""
    axes = canvas.axes(rect)
    head = canvas.text(axes, (0, rect.height - 0.18), title(canvas, scene), size=17.0)
    canvas.narrow([head], rect.width)
    told = list(figures(canvas.said_in, scene))
    look = {"size": 9.5, "va": "baseline"}
    texts = [canvas.text(axes, (0, 0), text, color=MISSED if bad else INK, **look) for text, bad in told]
    canvas.narrow(texts, rect.width - BETWEEN * len(texts))
    x = 0.0
    for text in texts:
        text.set_position((x, rect.height - 0.56))
        x += canvas.extent(text)[0] + BETWEEN
    if lines := notice_lines(canvas, scene, rect.width):
        _banner(canvas, axes, rect, lines)


def title(canvas: Canvas, scene: Scene) -> str:
    """Say what it is and which night; a Chinese name of the night is left out where no font writes it."""
    plan = scene.plan
    begin, end = (local(moment, plan.timezone) for moment in plan.window)
    night = one_line(str(plan.settings.get("night") or ""))
    night = canvas.lettering.spell(night) if canvas.lettering.is_chinese or pinyin(night) == night else ""
    parts = (phrase("title", canvas.said_in), shortened(night, 40), span(begin, end, canvas.said_in))
    return "  ".join(part for part in parts if part)


def figures(lang: Lang, scene: Scene) -> Iterator[tuple[str, bool]]:
    """Say in figures how good the plan is, what is required first; and whether it must not stay so."""
    plan, night = scene.plan, Night(scene.plan)
    required = [task for task in plan.tasks if task.required]
    done = sum(task.visits_done > 0 for task in required)
    yield phrase("required" if required else "no_required", lang, done=done, all=len(required)), done < len(required)
    if (share := coverage_length(night)) is not None:
        yield phrase("coverage", lang, share=f"{share:.1%}"), False
    made = sum(min(task.visits_done, task.visits_wanted) for task in plan.tasks)
    yield phrase("visits", lang, done=made, all=sum(task.visits_wanted for task in plan.tasks)), False
    if scene.stops:
        yield phrase("stops", lang, done=sum(stop.state == "done" for stop in scene.stops), all=len(scene.stops)), False
    yield phrase("crews_out", lang, out=len(scene.routes), all=len(plan.crews)), False
    yield phrase("driven", lang, km=f"{driven_km(night) or 0:.0f}", share=f"{deadhead_share(night) or 0:.0%}"), False
    yield phrase("dwelt", lang, minutes=f"{dwelt_min(night) or 0:.0f}"), False


def notice_lines(canvas: Canvas, scene: Scene, width: float) -> list[str]:
    """Give the notice of the map in lines of so many inches.

    Without a Chinese font the Chinese sentences of a notice in two languages are left out: nobody reads a sentence in
    pinyin. A notice in Chinese alone is written in pinyin all the same.
    """
    notice = (scene.plan.notice or "").splitlines()
    sentences = [re.split("(?<=。)", line) for line in notice]
    known = ["".join(part for part in parts if canvas.lettering.can_write(one_line(part))) for parts in sentences]
    shown = known if any(letter.isalpha() for letter in "".join(known)) else notice
    return [line for part in shown for line in wrapped(canvas.lettering.spell(part), int(width * NOTICE_LETTERS))]


def draw_foot(canvas: Canvas, rect: Rect, scene: Scene) -> None:
    """Write whose data the map is, what made the plan, and which crews stay at home."""
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
    """Say what is closed tonight, "" if nothing is."""
    closed = scene.plan.settings.get("closed")
    names = [
        canvas.lettering.spell(str(name), otherwise="?")
        for name in (closed if isinstance(closed, (list, tuple)) else ())
    ]
    return phrase("closed", canvas.said_in, names=", ".join(names)) if names else ""


def _banner(canvas: Canvas, axes: Axes, rect: Rect, lines: list[str]) -> None:
    high = len(lines) * NOTICE_LINE + 0.08
    axes.fill([0, rect.width, rect.width, 0], [0, 0, high, high], facecolor=NOTICE_GROUND, edgecolor="none", zorder=1)
    for number, line in enumerate(lines):
        y = high - 0.04 - (number + 0.5) * NOTICE_LINE
        canvas.text(axes, (rect.width / 2, y), line, size=10.0, ha="center")

"""The map of a night's plan as a picture: one sheet that a planner can print and pin to the wall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.output.looks.scene import Scene
from patrolroute.output.picture.canvas import MOST_PANELS, Canvas, Needs, inner_width, lay_out
from patrolroute.output.picture.legend import draw_foot, draw_head, draw_legend, legend_columns, notice_lines
from patrolroute.output.picture.map import draw_map
from patrolroute.output.picture.panels import draw_crews, draw_list
from patrolroute.plan.model import PatrolPlan

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(plan: PatrolPlan, path: str | Path, *, lang: Lang = "zh") -> Path:
    """Draw the map of the night into a PNG file, whole or not at all.

    Parameters
    ----------
    plan
        The plan.
    path
        Where to.
    lang
        Of the words; English where no font of this computer writes Chinese.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    from patrolroute.base.files import write_one

    return write_one(Path(path), picture_bytes(plan, lang=lang))


def picture_bytes(plan: PatrolPlan, *, lang: Lang = "zh") -> bytes:
    """Return the map of the night as a PNG file; the same plan, fonts and matplotlib give the same bytes."""
    return _sheet(plan, lang).png()


def figure(plan: PatrolPlan, *, lang: Lang = "zh") -> Figure:
    """Return the map of the night as a matplotlib figure, for people who live in notebooks.

    Nothing of matplotlib's global state is used or changed: pyplot does not know the figure.
    """
    return _sheet(plan, lang).figure


def _sheet(plan: PatrolPlan, lang: Lang) -> Canvas:
    if lang not in LANGS:
        raise InputError(f"picture: language {lang!r} is not one of {', '.join(LANGS)}")
    scene = Scene(plan)
    draft = Canvas(1.0, 1.0, lang)
    west, south, east, north = scene.frame
    aspect = (east - west) / (north - south)
    needs = Needs(
        aspect=aspect,
        notice_lines=len(notice_lines(draft, scene, inner_width(aspect))),
        legend_lines=max(len(column) for column in legend_columns(draft, scene)),
        stops=len(scene.stops),
        crews=min(len(scene.routes), MOST_PANELS),
    )
    page = lay_out(needs)
    canvas = Canvas(page.width, page.height, lang, draft.lettering)
    draw_head(canvas, page.head, scene)
    draw_map(canvas, page.map, scene)
    draw_legend(canvas, page.legend, legend_columns(canvas, scene))
    draw_list(canvas, page.stops, scene)
    draw_crews(canvas, page.crews, scene)
    draw_foot(canvas, page.foot, scene)
    return canvas

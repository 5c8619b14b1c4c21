"""The map of a night in one file that opens by double click and asks nobody for anything: page, script and facts."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from patrolroute.base.files import write_one
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Datum, Lang
from patrolroute.output.looks.clock import in_datum
from patrolroute.output.looks.duty import night_name
from patrolroute.output.looks.offline import OFFLINE, bokeh_script, load_bokeh, model_json, script_json
from patrolroute.output.looks.phrases import phrase
from patrolroute.output.looks.scene import Scene, closed_lines, figures, title
from patrolroute.output.looks.style import INK, MISSED, NOTICE_GROUND, joined_ids
from patrolroute.output.web.facts import facts, page_words
from patrolroute.output.web.layers import Ground, Tiles, draw, tiles_of
from patrolroute.plan.model import PatrolPlan

SCRIPTS = (
    "night.js", "lanes.js", "names.js", "layers.js", "tiles.js", "clock.js", "panel.js", "crews.js", "paper.js",
    "start.js",
)  # fmt: skip
"""The page's script, part by part; each is one idea, and all share one scope."""


def write_map(
    plan: PatrolPlan, path: str | Path, *, lang: Lang = "zh", tiles: str | None = None, crs: Datum = "wgs84"
) -> Path:
    """Write the map of the night as one HTML file, whole or not at all.

    Parameters
    ----------
    plan
        The plan.
    path, lang, tiles, crs
        As in `patrolroute.PatrolPlan.to_html`.

    Raises
    ------
    InputError
        If there is no such language or datum, or the tiles have no address.
    OutputError
        If the file cannot be written.
    """
    return write_one(Path(path), map_bytes(plan, lang=lang, tiles=tiles, crs=crs))


def map_bytes(
    plan: PatrolPlan, *, lang: Lang = "zh", tiles: str | None = None, crs: Datum = "wgs84", head: Sequence[str] = ()
) -> bytes:
    """Return the map of the night as an HTML file; the same plan and Bokeh give the same bytes.

    Parameters
    ----------
    plan, lang, tiles, crs
        See `write_map`.
    head
        Its title and the lines below it, in place of the plan's own title and figures.

    Raises
    ------
    InputError
        If there is no such language or datum, or the tiles have no address.
    """
    require_lang(lang)
    return page(Scene(in_datum(plan, crs)), lang, tiles_of(tiles), head).encode("utf-8", "replace")


def page(scene: Scene, lang: Lang, tiles: Tiles | None, head: Sequence[str] = ()) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    scene
        The plan, in the datum of the tiles.
    lang
        Of the words.
    tiles
        An online base layer, None for none.
    head
        As in `map_bytes`.
    """
    load_bokeh("map.html")
    ground = Ground(scene, is_mercator=tiles is not None)
    return Template(_part("page.html")).substitute(
        lang=lang,
        policy=html.escape(OFFLINE if tiles is None else f"{OFFLINE} http: https: file:"),
        title=html.escape(head[0] if head else title(scene.plan, lang, night_name(scene.plan))),
        told="".join(f"<li>{html.escape(line)}</li>" for line in head[1:]) if head else "".join(_figures(scene, lang)),
        notice=html.escape(scene.plan.notice or "").replace("\n", "<br>"),
        credit=html.escape(" · ".join(_credits(scene, lang, tiles))),
        ink=INK,
        missed=MISSED,
        notice_ground=NOTICE_GROUND,
        style=_part("page.css"),
        model=script_json(model_json(draw(ground, tiles))),
        night=script_json(facts(scene, ground, lang)),
        old=_part("old.js"),
        bokeh=bokeh_script(),
        script="\n".join(_part(name) for name in SCRIPTS),
        **{f"word_{key}": html.escape(str(word)) for key, word in page_words(lang).items()},
    )


def _figures(scene: Scene, lang: Lang) -> Iterator[str]:
    """Yield in figures how good the plan is, who stays at home, what is closed."""
    rows = [*figures(scene, lang)]
    if scene.idle:
        rows.append((phrase("crews_home", lang, crews=joined_ids(scene.idle)), False))
    rows.extend((line, False) for line in closed_lines(scene.plan, lang))
    for text, is_bad in rows:
        yield f"<li{' class=bad' if is_bad else ''}>{html.escape(text)}</li>"


def _credits(scene: Scene, lang: Lang, tiles: Tiles | None) -> Iterator[str]:
    """Yield whose data the map is, whose tiles, and what made the plan."""
    yield phrase("map_data", lang, whose=scene.plan.attribution)
    if tiles is not None:
        yield tiles.credit(lang)
    if scene.plan.created_with:
        yield scene.plan.created_with


def _part(name: str) -> str:
    return files("patrolroute.output.web").joinpath("page", name).read_text(encoding="utf-8")

"""The map of a night in one file that opens by double click and asks nobody for anything: page, script and facts."""

from __future__ import annotations

import html
import json
import os
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from patrolroute.base.extras import require
from patrolroute.base.files import write_one
from patrolroute.base.text import require_lang
from patrolroute.base.vocabulary import Datum, Lang
from patrolroute.output.looks.clock import in_datum
from patrolroute.output.looks.duty import night_name
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

OFFLINE = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""Content Security Policy: the browser itself refuses every request. Bokeh compiles its callbacks (``unsafe-eval``)."""


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


def map_bytes(plan: PatrolPlan, *, lang: Lang = "zh", tiles: str | None = None, crs: Datum = "wgs84") -> bytes:
    """Return the map of the night as an HTML file; the same plan and Bokeh give the same bytes.

    Parameters
    ----------
    plan, lang, tiles, crs
        See `write_map`.

    Raises
    ------
    InputError
        If there is no such language or datum, or the tiles have no address.
    """
    require_lang(lang)
    return page(Scene(in_datum(plan, crs)), lang, tiles_of(tiles)).encode("utf-8", "replace")


def page(scene: Scene, lang: Lang, tiles: Tiles | None) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    scene
        The plan, in the datum of the tiles.
    lang
        Of the words.
    tiles
        An online base layer, None for none.
    """
    _load_bokeh()
    ground = Ground(scene, is_mercator=tiles is not None)
    return Template(_part("page.html")).substitute(
        lang=lang,
        policy=html.escape(OFFLINE if tiles is None else f"{OFFLINE} http: https: file:"),
        title=html.escape(title(scene.plan, lang, night_name(scene.plan))),
        told="".join(_figures(scene, lang)),
        notice=html.escape(scene.plan.notice or "").replace("\n", "<br>"),
        credit=html.escape(" · ".join(_credits(scene, lang, tiles))),
        ink=INK,
        missed=MISSED,
        notice_ground=NOTICE_GROUND,
        style=_part("page.css"),
        model=script_json(_model(draw(ground, tiles))),
        night=script_json(facts(scene, ground, lang)),
        old=_part("old.js"),
        bokeh=_bokeh(),
        script="\n".join(_part(name) for name in SCRIPTS),
        **{f"word_{key}": html.escape(str(word)) for key, word in page_words(lang).items()},
    )


def script_json(value: Any) -> str:
    """Write JSON that no name can break out of: ``<``, ``>`` and ``&`` as their numbers.

    Examples
    --------
    >>> "<" in script_json(["</script>", 1.0]), json.loads(script_json(["</script>", 1.0]))
    (False, ['</script>', 1.0])
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


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


def _load_bokeh() -> None:
    """Load Bokeh, which looks for settings in the user's home folder and fails for a user who has none."""
    require("map.html", "bokeh")
    has_home = os.path.expanduser("~") != "~"  # noqa: PTH111 - Path.expanduser fails where this leaves the name as it is
    if not has_home:
        os.environ["HOME"] = tempfile.gettempdir()
    try:
        import bokeh.settings  # noqa: F401
    finally:
        if not has_home:
            del os.environ["HOME"]


def _bokeh() -> str:
    """Return BokehJS as it is in the package: the core alone, no widgets, no tables, no WebGL."""
    from bokeh.resources import Resources

    (core,) = Resources(mode="inline", components=["bokeh"]).js_raw[:1]
    return core.replace("</script", "<\\/script")


def _model(plot: Any) -> Any:
    """Return the figure as BokehJS reads it, its parts numbered from 1: the same plan is the same file."""
    from bokeh.embed import json_item

    return _renumbered(json_item(plot), {})


def _renumbered(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, (list, tuple)):
        return [_renumbered(part, known) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: known.setdefault(part, f"p{len(known) + 1}") if key in ("id", "root_id") and isinstance(part, str)
        else _renumbered(part, known)
        for key, part in value.items()
    }  # fmt: skip

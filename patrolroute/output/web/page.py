"""The one file: page, style, script, Bokeh's own script and the night's facts, with nothing left to fetch."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from importlib.resources import files
from string import Template
from typing import Any

from patrolroute.output.picture.scene import Scene
from patrolroute.output.web.facts import facts, title, told
from patrolroute.output.web.ground import Ground
from patrolroute.output.web.layers import draw
from patrolroute.output.web.tiles import Tiles
from patrolroute.output.web.words import page_words
from patrolroute.words import Lang

SCRIPTS = (
    "night.js", "lanes.js", "names.js", "layers.js", "tiles.js", "clock.js", "panel.js", "crews.js", "paper.js",
    "start.js",
)  # fmt: skip
"""The page's script, part by part; each is one idea, and all share one scope."""

OFFLINE = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""Content Security Policy: the browser itself refuses every request. Bokeh compiles its callbacks (``unsafe-eval``)."""


def page(scene: Scene, lang: Lang, tiles: Tiles | None) -> str:
    """Give the page as HTML."""
    ground = Ground(scene, is_mercator=tiles is not None)
    return Template(_part("page.html")).substitute(
        lang=lang,
        policy=html.escape(OFFLINE if tiles is None else f"{OFFLINE} http: https: file:"),
        title=html.escape(title(scene, lang)),
        told="".join(_figures(scene, lang)),
        notice=html.escape(scene.plan.notice or "").replace("\n", "<br>"),
        credit=html.escape(" · ".join(_credits(scene, lang, tiles))),
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
    for text, is_bad in told(scene, lang):
        yield f"<li{' class=bad' if is_bad else ''}>{html.escape(text)}</li>"


def _credits(scene: Scene, lang: Lang, tiles: Tiles | None) -> Iterator[str]:
    from patrolroute.output.picture.words import phrase

    yield phrase("map_data", lang, whose=scene.plan.attribution)
    if tiles is not None:
        yield tiles.credit(lang)
    if scene.plan.created_with:
        yield scene.plan.created_with


def _part(name: str) -> str:
    return files("patrolroute.output.web").joinpath("page", name).read_text(encoding="utf-8")


def _bokeh() -> str:
    """Give BokehJS as it is in the package: the core alone, no widgets, no tables, no WebGL."""
    from bokeh.resources import Resources

    (core,) = Resources(mode="inline", components=["bokeh"]).js_raw[:1]
    return core.replace("</script", "<\\/script")


def _model(plot: Any) -> Any:
    """Give the figure as BokehJS reads it, its parts numbered from 1: the same plan is the same file."""
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

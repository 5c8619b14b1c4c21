"""What pages need that open by double click and ask nobody for anything: Bokeh inside the file, a policy, safe JSON."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

from patrolroute.base.extras import require

OFFLINE = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""Content Security Policy: the browser itself refuses every request. Bokeh compiles its callbacks (``unsafe-eval``)."""


def script_json(value: Any) -> str:
    """Write JSON that no name can break out of: ``<``, ``>`` and ``&`` as their numbers.

    Examples
    --------
    >>> "<" in script_json(["</script>", 1.0]), json.loads(script_json(["</script>", 1.0]))
    (False, ['</script>', 1.0])
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def load_bokeh(thing: str) -> None:
    """Load Bokeh for something, which looks for settings in the home folder and fails for a user who has none."""
    require(thing, "bokeh")
    has_home = os.path.expanduser("~") != "~"  # noqa: PTH111 - Path.expanduser fails where this leaves the name as it is
    if not has_home:
        os.environ["HOME"] = tempfile.gettempdir()
    try:
        import bokeh.settings  # noqa: F401
    finally:
        if not has_home:
            del os.environ["HOME"]


def bokeh_script() -> str:
    """Return BokehJS as it is in the package: the core alone, no widgets, no tables, no WebGL."""
    from bokeh.resources import Resources

    (core,) = Resources(mode="inline", components=["bokeh"]).js_raw[:1]
    return core.replace("</script", "<\\/script")


def model_json(plot: Any) -> Any:
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

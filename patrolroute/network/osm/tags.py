"""What OSM tags hold: texts, lists of values, limits; who may use a street stands in `access`."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from typing import Any

KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
"""Of the units that ``maxspeed`` may name; without one it is km/h."""

ROUNDABOUT = ("roundabout", "circular")
"""Values of ``junction`` that make a street a roundabout."""

NO_BRIDGE = ("", "no", "false", "low_water_crossing")
"""Values of ``bridge`` that lift no street off the ground."""

LEAST_KMH = 1.0
"""A limit below it is a slip of the pen."""

_LIMIT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*([a-z/]*)", re.ASCII)
_UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Letters that XML cannot hold, and ends of lines."""


def first_text(value: Any) -> str:
    """Return a tag's text; of several values, which OSMnx keeps as a list in no fixed order, the first as sorted.

    Examples
    --------
    >>> first_text("学院路"), first_text(["b", "a"]), first_text("['b', 'a']"), first_text(None)
    ('学院路', 'a', 'a', '')
    """
    value = _listed(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):
        return min((text for one in value if (text := one_line(one))), default="")
    return one_line(value)


def forbids_stopping(tags: Mapping[str, Any]) -> bool:
    """Return whether nobody stops on a street while another one is about as near: bridges and roads for fast traffic.

    A bridge without a layer lies on the first one; ``motorroad=yes`` is for motor vehicles that are fast.

    Examples
    --------
    >>> forbids_stopping({"bridge": "yes", "layer": "1"}), forbids_stopping({"bridge": "viaduct"})
    (True, True)
    >>> forbids_stopping({"bridge": "yes", "layer": "0"}), forbids_stopping({"motorroad": "yes"}), forbids_stopping({})
    (False, True, False)
    """
    if first_text(tags.get("motorroad")).lower() == "yes":
        return True
    return first_text(tags.get("bridge")).lower() not in NO_BRIDGE and _layer(first_text(tags.get("layer"))) >= 1


def _layer(text: str) -> float:
    """Return the layer of a bridge, the first if it says none that is a number."""
    match = re.match(r"[+-]?\d{1,3}(\.\d+)?", text, re.ASCII)
    return float(match[0]) if match else 1.0


def maxspeed_kmh(value: Any) -> float | None:
    """Read a posted limit: ``50``, ``50 km/h``, ``30 mph``; of several values the lowest; None if unknown.

    Examples
    --------
    >>> maxspeed_kmh("50"), maxspeed_kmh(["60", "40"]), maxspeed_kmh("60;40"), round(maxspeed_kmh("30 mph"))
    (50.0, 40.0, 40.0, 48)
    >>> maxspeed_kmh("CN:urban"), maxspeed_kmh("none"), maxspeed_kmh(None)
    (None, None, None)
    """
    value = _listed(value)
    parts = list(value) if isinstance(value, (list, tuple, set, frozenset)) else re.split("[;|]", str(value))
    return min((limit for part in parts if (limit := _limit(str(part))) is not None), default=None)


def _limit(text: str) -> float | None:
    match = _LIMIT.fullmatch(text.strip().lower())
    if match is None or match[2] not in KMH:
        return None
    limit = float(match[1]) * KMH[match[2]]
    return limit if limit >= LEAST_KMH else None


def _listed(value: Any) -> Any:
    """Turn the text of a list, as GraphML keeps it, into the list."""
    if not (isinstance(value, str) and value.startswith("[") and value.endswith("]")):
        return value
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return value


def one_line(value: Any) -> str:
    """Return a value as a text on one line, without letters that no file could hold or no terminal should see."""
    if value is None:
        return ""
    return " ".join(_UNPRINTED.sub(" ", str(value)).split())

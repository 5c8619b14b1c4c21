"""A server's answer is looked at before OSMnx sees it: status, JSON, a remark that part is missing, the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from patrolroute.network.earth import ID_MAX, is_on_earth
from patrolroute.network.server import NOMINATIM, OVERPASS, failure
from patrolroute.network.tags import one_line

STATUS = {429: "429, too many requests: wait some minutes", 504: "504, it is overloaded"}
"""OSMnx waits 55 s after these and asks again, for ever; a planner would rather know."""

LONGEST = 200
"""Letters of what a server says of itself; some send pages."""


def checker(name: str, url: str) -> Callable[..., None]:
    """Make a hook for the ``requests`` library that turns a bad answer into a `DownloadError`."""
    judge = {OVERPASS: _wrong_map, NOMINATIM: _wrong_places}[name]

    def check(response: Any, *_: Any, **__: Any) -> None:
        if reason := _wrong(response, judge):
            response.close()
            raise failure(name, url, one_line(reason)[:LONGEST])

    return check


def _wrong(response: Any, judge: Callable[[Any], str | None]) -> str | None:
    """Say what is wrong with a response."""
    if response.is_redirect:  # followed nowhere: only the server that was named is asked
        return f"it answered {response.status_code}, moved to {response.headers['location']}"
    if not response.ok:
        status = STATUS.get(response.status_code, f"{response.status_code} {response.reason}".strip())
        return f"it answered {status}"
    try:
        answer = response.json()
    except ValueError:
        return "the answer is not JSON, or was cut off"
    return judge(answer)


def _wrong_map(answer: Any) -> str | None:
    """Say what is wrong with an answer of Overpass."""
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        return "the answer is not a map"
    if "remark" in answer:  # the server ran out of time or memory and sent what it had
        return f"the answer is incomplete: {answer['remark']}"
    elements = answer["elements"]
    if not all(_is_sound(element) for element in elements):
        return "the answer is a damaged map"
    known = {element["id"] for element in elements if element["type"] == "node"}
    if any(node not in known for element in elements if element["type"] == "way" for node in element["nodes"]):
        return "the answer is incomplete: nodes of streets are missing"
    return None


def _is_sound(element: Any) -> bool:
    """Say whether an element has what OSMnx reads of it."""
    match element:
        case {"type": "node", "id": int() as one, "lon": float() | int() as lon, "lat": float() | int() as lat}:
            return abs(one) <= ID_MAX and is_on_earth(lon, lat) and _has_tags(element)
        case {"type": "way", "id": int(), "nodes": list() as nodes}:
            return all(isinstance(node, int) for node in nodes) and _has_tags(element)
        case {"type": str() as kind}:
            return kind not in ("node", "way")
    return False


def _has_tags(element: Mapping[str, Any]) -> bool:
    """Say whether an element's tags are texts by text; it may have none."""
    tags = element.get("tags", {})
    return isinstance(tags, dict) and all(isinstance(value, str) for value in tags.values())


def _wrong_places(answer: Any) -> str | None:
    """Say what is wrong with an answer of Nominatim."""
    return None if isinstance(answer, list) and all(map(_is_result, answer)) else "the answer is not a list of places"


def _is_result(one: Any) -> bool:
    """Say whether a result has what OSMnx reads of it."""
    match one:
        case {
            "importance": float() | int(),
            "lat": str() | float() | int(),
            "lon": str() | float() | int(),
            "boundingbox": [_, _, _, _],
            "geojson": {"type": str(), "coordinates": list()},
        }:
            return True
    return False

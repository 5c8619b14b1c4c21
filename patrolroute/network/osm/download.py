"""Maps from servers: streets from Overpass, areas by name through OSMnx, every answer looked at first."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import shapely
from urllib3.exceptions import LocationParseError

from patrolroute.base.errors import Complaints, DownloadError, MapError
from patrolroute.base.extras import require
from patrolroute.base.vocabulary import Mode, PoliceAccess
from patrolroute.network.osm.answer import data_of, query_of, wrong_map
from patrolroute.network.osm.conditional import Hours
from patrolroute.network.osm.model import OsmMap
from patrolroute.network.osm.tags import one_line

_log = logging.getLogger(__name__)

_OR_ELSE = "or read a map file with RoadNetwork.from_file, or use the bundled map, RoadNetwork.huainan()"
OVERPASS, NOMINATIM = "PATROLROUTE_OVERPASS", "PATROLROUTE_NOMINATIM"
INSTEAD = {
    OVERPASS: f"set {OVERPASS} to a mirror's address, {_OR_ELSE}",
    NOMINATIM: f"set {NOMINATIM} to a mirror's address, or draw the area and use RoadNetwork.from_polygon, {_OR_ELSE}",
}
"""What to do when a server fails, by the environment variable that names the server."""

REASONS = (
    ("timed out", "the answer did not come in time"),
    ("refused", "connection refused"),
    ("resolve", "its name cannot be looked up"),
    ("certificate", "its certificate is not accepted"),
    ("IncompleteRead", "the answer was cut off"),
    ("without response", "it hung up without an answer"),
    ("reset", "it hung up"),
)
"""What the text of a network error holds, and what that means to a planner."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to download from.

    Parameters
    ----------
    overpass_url, nominatim_url
        Addresses of the servers' interfaces, such as ``https://overpass-api.de/api``; OSMnx' own if not given.
        The environment variables ``PATROLROUTE_OVERPASS`` and ``PATROLROUTE_NOMINATIM`` stand in.
    timeout_s
        Seconds of silence after which a server is given up, above 0.

    Raises
    ------
    MapError
        If an address is not one of http or https, or the timeout is not above 0.
    """

    overpass_url: str | None = None
    nominatim_url: str | None = None
    timeout_s: int = 180

    def __post_init__(self) -> None:
        complaints = Complaints()
        for name, address in ((OVERPASS, self.overpass), (NOMINATIM, self.nominatim)):
            if address is not None and not _is_address(address):
                complaints.add(f"{name} {address!r}: is not an address that begins with http:// or https://")
        if not self.timeout_s > 0:
            complaints.add(f"timeout {self.timeout_s} s is not above 0")
        complaints.raise_as(MapError)

    @property
    def overpass(self) -> str | None:
        """The Overpass server to ask."""
        return (self.overpass_url or os.environ.get(OVERPASS, "")).strip() or None

    @property
    def nominatim(self) -> str | None:
        """The Nominatim server to ask."""
        return (self.nominatim_url or os.environ.get(NOMINATIM, "")).strip() or None


def failure(name: str, url: str, reason: str) -> DownloadError:
    """Return that a server failed, why, and what to do instead.

    Parameters
    ----------
    name
        The environment variable that names the server.
    url
        Its address; a password in it is left out.
    reason
        In a few words.
    """
    return DownloadError(f"download from {_host(url)} failed ({reason}): {INSTEAD[name]}")


@contextmanager
def failures_told(name: str, url: str) -> Iterator[None]:
    """Turn whatever a network does to a download into a sentence.

    Raises
    ------
    DownloadError
        With what to do instead.
    """
    try:
        yield
    except (OSError, UnicodeError, LocationParseError) as error:  # a host's name may be no name
        raise failure(name, url, _reason(error)) from error


def _reason(error: Exception) -> str:
    text = str(error)
    return next((reason for sign, reason in REASONS if sign in text), type(error).__name__)


def _host(url: str) -> str:
    """Return what an address names, without the password that it may hold."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


STATUS = {429: "429, too many requests: wait some minutes", 504: "504, it is overloaded"}
"""OSMnx waits 55 s after these and asks again, for ever; a planner would rather know."""

LONGEST = 200
"""Letters of what a server says of itself; some send pages."""


def checker(name: str, url: str) -> Callable[..., None]:
    """Make a hook for the ``requests`` library that turns a bad answer into a `DownloadError`."""
    judge = {OVERPASS: wrong_map, NOMINATIM: _wrong_places}[name]

    def check(response: Any, *_: Any, **__: Any) -> None:
        if reason := _wrong(response, judge):
            response.close()
            raise failure(name, url, one_line(reason)[:LONGEST])

    return check


def _wrong(response: Any, judge: Callable[[Any], str | None]) -> str | None:
    """Return what is wrong with a response."""
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


def _wrong_places(answer: Any) -> str | None:
    """Return what is wrong with an answer of Nominatim."""
    return None if isinstance(answer, list) and all(map(_is_result, answer)) else "the answer is not a list of places"


def _is_result(one: Any) -> bool:
    """Return whether a result has what OSMnx reads of it."""
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


_DRAW = "give a district or a town, such as 田家庵区, 淮南市, 安徽省, or draw the area and use from_polygon"
"""What to do about a place that is no area."""

_alone = threading.RLock()
"""OSMnx' settings are one for all threads: whoever borrows them is alone."""


def map_from_polygon(
    polygon: Any,
    *,
    mode: Mode,
    server: Server,
    police: Collection[PoliceAccess] = (),
    night: Hours | None = None,
) -> OsmMap:
    """Download the streets that a mode may use inside a polygon, their barriers and the turn restrictions there.

    Streets end at the first node outside.

    Parameters
    ----------
    polygon
        In WGS-84 degrees.
    mode
        ``car``, ``foot`` or ``bicycle``.
    server
        Whom to ask.
    police
        What the police may use besides: ``private``, ``bus``.
    night
        For which conditional tags are read; none are if not given.

    Raises
    ------
    DownloadError
        With what to do instead.
    """
    rings = [shapely.get_coordinates(part.exterior) for part in shapely.get_parts(polygon)]
    with _borrowed() as osmnx:
        url = _ask(osmnx, OVERPASS, server.overpass, server)
        settings = osmnx.settings
        with failures_told(OVERPASS, url):
            answer = requests.post(
                f"{url.rstrip('/')}/interpreter",
                data={"data": query_of(rings, mode, police, int(settings.requests_timeout))},
                timeout=settings.requests_timeout,
                headers={"User-Agent": settings.http_user_agent, "Referer": settings.http_referer},
                **settings.requests_kwargs,
            )
            elements = answer.json()["elements"]
    try:
        data = data_of(elements)
        if sentence := data.not_read(mode, night):
            _log.warning("%s: %s", _host(url), sentence)
        return OsmMap.of(data, mode, police, night).within(polygon, "answer")
    except MapError as error:  # the answer was sound, so this says that nothing of it lies inside
        raise failure(OVERPASS, url, "it knows no street in that area") from error


def polygon_of(places: Sequence[str], *, server: Server) -> Any:
    """Ask Nominatim for the areas of named places and join them.

    Raises
    ------
    MapError
        Naming every place that the server does not know, or knows as a point or a line.
    DownloadError
        If the server cannot be asked.
    """
    complaints, areas = Complaints(), []
    with _borrowed() as osmnx:
        url = _ask(osmnx, NOMINATIM, server.nominatim, server)
        for place in places:
            try:
                with failures_told(NOMINATIM, url):
                    areas.append(shapely.make_valid(osmnx.geocoder.geocode_to_gdf(place).geometry.iloc[0]))
            except osmnx._errors.InsufficientResponseError:  # noqa: SLF001 - raised in public, named in private
                complaints.add(f"place {place!r}: Nominatim knows no such place; {_DRAW}")
            except TypeError:
                complaints.add(f"place {place!r}: Nominatim knows a point or a line, not an area; {_DRAW}")
            except (ValueError, shapely.errors.ShapelyError) as error:
                raise failure(NOMINATIM, url, f"the area of {place!r} is damaged") from error
    complaints.raise_as(MapError)
    area = _polygons_of(shapely.union_all(areas))
    if area.is_empty:
        raise failure(NOMINATIM, url, f"the area of {', '.join(places)} is damaged")
    return area


def _polygons_of(area: Any) -> Any:
    """Leave out the lines and points that mending an area may leave behind."""
    return shapely.union_all([part for part in shapely.get_parts(area) if isinstance(part, shapely.Polygon)])


def _ask(osmnx: Any, name: str, url: str | None, server: Server) -> str:
    """Point OSMnx at a server, answers checked; give the server's address."""
    setting = {OVERPASS: "overpass_url", NOMINATIM: "nominatim_url"}[name]
    if url:
        setattr(osmnx.settings, setting, url)
    address = str(getattr(osmnx.settings, setting))
    given = dict(osmnx.settings.requests_kwargs)
    hooks = dict(given.get("hooks") or {})
    own = hooks.get("response") or []
    hooks["response"] = [*(own if isinstance(own, (list, tuple)) else [own]), checker(name, address)]
    osmnx.settings.requests_kwargs = {**given, "hooks": hooks, "allow_redirects": False}
    osmnx.settings.requests_timeout = server.timeout_s
    return address


@contextmanager
def _borrowed() -> Iterator[Any]:
    """Borrow OSMnx with settings of our own; its user's and the name look-up that it patches are given back."""
    require("a download", "osmnx")
    import osmnx

    settings = osmnx.settings
    with _alone:
        before = {name: getattr(settings, name) for name in settings.__annotations__}
        look_up = socket.getaddrinfo
        vars(settings).update(_OUR_SETTINGS)
        try:
            yield osmnx
        finally:
            vars(settings).update(before)
            socket.getaddrinfo = look_up


_OUR_SETTINGS: Mapping[str, Any] = {
    "cache_only_mode": False,
    "doh_url_template": None,  # no name look-up at a third party's server
    "log_console": False,
    "log_file": False,
    "use_cache": False,  # whole networks are kept instead, checked when they load
}

"""Where maps are downloaded from, and one sentence on what to do when that fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from patrolroute.errors import Complaints, DownloadError, MapError

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
    """Say that a server failed, why, and what to do instead."""
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
    except (OSError, UnicodeError) as error:  # every error of requests is an OSError; a host's name may be no name
        raise failure(name, url, _reason(error)) from error


def _reason(error: Exception) -> str:
    text = str(error)
    return next((reason for sign, reason in REASONS if sign in text), type(error).__name__)


def _host(url: str) -> str:
    """Give what an address names, without the password that it may hold."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False

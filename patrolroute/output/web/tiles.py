"""Online base layers, only where somebody asks for one: then, and only then, the page makes requests."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from patrolroute.errors import InputError
from patrolroute.output.web.words import say
from patrolroute.words import Lang

KNOWN = {"osm": "https://tile.openstreetmap.org/{Z}/{X}/{Y}.png"}
"""Tiles by a short name. Whoever uses them keeps to https://operations.osmfoundation.org/policies/tiles/."""

OSM_CREDIT = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where tiles come from, in Web Mercator: an address with ``{X}``, ``{Y}`` and ``{Z}``."""

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https", "file") or not all(f"{{{axis}}}" in self.url for axis in "XYZ"):
            rule = f"must be {', '.join(KNOWN)} or an http, https or file address with {{X}}, {{Y}} and {{Z}}"
            raise InputError(f"tiles {self.url!r}: {rule}")

    def credit(self, lang: Lang) -> str:
        """Say whose tiles they are."""
        if self.url == KNOWN["osm"]:
            return OSM_CREDIT
        parts = urlsplit(self.url)
        return say("tiles_by", lang).format(host=parts.netloc or parts.path.partition("{")[0])


def tiles_of(tiles: str | None) -> Tiles | None:
    """Give the tiles of a short name or an address; None for none.

    Raises
    ------
    InputError
        If it is neither.

    Examples
    --------
    >>> tiles_of(None), tiles_of("https://tiles.example/{Z}/{X}/{Y}.png").credit("en")
    (None, 'Base map: tiles.example')
    """
    return None if tiles is None else Tiles(KNOWN.get(tiles, tiles))

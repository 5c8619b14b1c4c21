"""OSM XML written by hand for the tests: a few nodes in metres, a few ways with tags; and reading it."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from patrolroute.network.road import RoadNetwork
from tests.network.by_hand import Point, lonlat

SQUARE: Mapping[int, Point] = {1: (0, 0), 2: (500, 0), 3: (500, 500), 4: (0, 500)}


@dataclass(frozen=True)
class Way:
    """A way: the nodes that it names, and its tags."""

    nodes: tuple[object, ...]
    tags: Mapping[str, str] = field(default_factory=lambda: {"highway": "residential"})


def street(*nodes: object, **tags: str) -> Way:
    """Return a residential street, with more tags."""
    return Way(nodes, {"highway": "residential", **tags})


def osm_xml(nodes: Mapping[int, Point], ways: Iterable[Way], *, more: str = "") -> str:
    """Write a map; ``more`` is put behind its ways as it is."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="by hand">']
    for node, point in nodes.items():
        lon, lat = lonlat(*point)
        lines.append(f'<node id="{node}" lat="{lat:.7f}" lon="{lon:.7f}"/>')
    for number, way in enumerate(ways, start=100):
        refs = "".join(f'<nd ref="{node}"/>' for node in way.nodes)
        tags = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in way.tags.items())
        lines.append(f'<way id="{number}">{refs}{tags}</way>')
    return "\n".join([*lines, more, "</osm>"])


RING = [street(1, 2, 3, 4, 1, name="环路")]
SQUARE_MAP = osm_xml(SQUARE, RING)

PACKED: dict[str, Callable[[bytes], bytes]] = {".osm": bytes, ".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}


def read(folder: Path, text: str | bytes, name: str = "map.osm", **options: Any) -> RoadNetwork:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return RoadNetwork.from_file(path, **options)


def ends(network: RoadNetwork) -> list[tuple[int, int]]:
    return [network.arc(arc)[:2] for arc in range(network.arc_count)]


def corners(*extra: Way) -> list[Way]:
    """Return dead ends at the corners, so that each stays a node, and more ways."""
    return [street(1, 11), street(2, 12), street(3, 13), street(4, 14), *extra]


CORNERS = {**SQUARE, 11: (-50, -50), 12: (550, -50), 13: (550, 550), 14: (-50, 550)}

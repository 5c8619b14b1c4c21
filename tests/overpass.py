"""A small map server on loopback that speaks Overpass' and Nominatim's JSON from an OSM file; it can misbehave too."""

from __future__ import annotations

import bz2
import gzip
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import fromstring

import shapely

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "patrolroute" / "data"
BUNDLED = DATA / "huainan.osm.gz"
EXTRACTS = ROOT / ".." / "shared" / "data" / "osm"
DISTRICT, NEW_AREA, STATION = "田家庵区", "山南新区", "淮南站"

STATUS = """Connected as: 2130706433
Current time: 2026-05-08T12:30:00Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""
NO_SENSE = "<html><body><p><strong>Error</strong>: line 1: parse error: Unknown type</p></body></html>"
QUERY = re.compile(
    r"\[out:json\]\[timeout:\d+\];(?:\((?P<squares>(?:relation(?:\[[^\]]*\])+\(poly:\"[-\d. ]+\"\);)+)\)->\.q;)?"
    r"\((?P<ways>(?:way(?:\[[^\]]*\])+\(poly:\"[-\d. ]+\"\);)+)(?(squares)way\(r\.q\);)\)->\.s;"
    r"node\(w\.s\)->\.n;\(\.s;\.n;(?(squares)\.q;)way\[\"barrier\"\]\(bn\.n\);"
    r"relation\[\"type\"~\"\^restriction\"\]\(bw\.s\);\);out;"
)
THINGS = re.compile(r'(?:way|relation)((?:\[[^\]]*\])+)\(poly:"([-\d. ]+)"\);')
TAG = re.compile(r'\[(~?)"([^"]+)"(?:(!~|~|=)"([^"]*)")?\]')


@dataclass(frozen=True)
class Answer:
    """What a server sends: status, body, headers; ``cut`` leaves the last bytes out, ``after_s`` lets one wait."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    after_s: float = 0.0


class OsmData:
    """Nodes and ways of an OSM file, by id."""

    def __init__(self, path: Path) -> None:
        stored = path.read_bytes()
        content = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(path.suffix, bytes)(stored)
        root = fromstring(content)  # noqa: S314 - the repository's own maps
        self.nodes = {
            int(node.get("id")): (float(node.get("lon")), float(node.get("lat"))) for node in root.iter("node")
        }
        self.ways = {int(way.get("id")): self._way(way) for way in root.iter("way")}
        self.node_tags = {int(node.get("id")): self._tags(node) for node in root.iter("node") if len(node)}
        self.relations = [self._relation(relation) for relation in root.iter("relation")]

    @staticmethod
    def _way(way: Any) -> tuple[list[int], dict[str, str]]:
        nodes = [int(node.get("ref")) for node in way.iter("nd")]
        return nodes, OsmData._tags(way)

    @staticmethod
    def _tags(element: Any) -> dict[str, str]:
        return {tag.get("k"): tag.get("v") for tag in element.iter("tag")}

    @staticmethod
    def _relation(relation: Any) -> dict[str, Any]:
        members = [
            {"type": one.get("type"), "ref": int(one.get("ref")), "role": one.get("role")}
            for one in relation.iter("member")
        ]
        tags = OsmData._tags(relation)
        return {"type": "relation", "id": int(relation.get("id")), "members": members, "tags": tags}

    @cached_property
    def lines(self) -> dict[int, Any]:
        """The line of each way of two nodes or more."""
        found = {}
        for way, (nodes, _) in self.ways.items():
            points = [self.nodes[node] for node in nodes if node in self.nodes]
            if len(points) > 1:
                found[way] = shapely.LineString(points)
        return found

    def answer(self, query: str) -> Answer:
        """Answer a query: ways by tags that come near a ring, all their nodes, the restrictions that name them."""
        match = QUERY.fullmatch(query)
        if match is None:
            return Answer(400, NO_SENSE.encode(), {"Content-Type": "text/html"})
        asked = THINGS.findall(match["ways"])
        chosen = {way for rules, ring in asked for way in self._ways(TAG.findall(rules), _polygon(ring))}
        squares = [
            one
            for rules, ring in THINGS.findall(match["squares"] or "")
            for one in self._squares(TAG.findall(rules), _polygon(ring))
        ]
        edges = {way for one in squares for way in _members(one) if way in self.ways}
        elements = [*self._elements(sorted(chosen | edges)), *squares]
        return _sent({"version": 0.6, "generator": "loopback", "osm3s": {}, "elements": elements})

    def _ways(self, rules: list[tuple[str, str, str, str]], area: Any) -> Iterator[int]:
        shapely.prepare(area)
        for way, line in self.lines.items():
            if all(_fits(self.ways[way][1], *rule) for rule in rules) and shapely.intersects(area, line):
                yield way

    def _squares(self, rules: list[tuple[str, str, str, str]], area: Any) -> Iterator[dict[str, Any]]:
        for one in self.relations:
            lines = [self.lines[way] for way in _members(one) if way in self.lines]
            if all(_fits(one["tags"], *rule) for rule in rules) and shapely.intersects(area, lines).any():
                yield one

    def _elements(self, ways: list[int]) -> list[dict[str, Any]]:
        used = sorted({node for way in ways for node in self.ways[way][0] if node in self.nodes})
        crossed = [
            way for way, (nodes, tags) in self.ways.items() if "barrier" in tags and not set(nodes).isdisjoint(used)
        ]
        return [
            *map(self._node, used),
            *(
                {"type": "way", "id": way, "nodes": self.ways[way][0], "tags": self.ways[way][1]}
                for way in sorted({*ways, *crossed})
            ),
            *(one for one in self.relations if self._is_restriction_of(one, set(ways))),
        ]

    def _node(self, node: int) -> dict[str, Any]:
        lon, lat = self.nodes[node]
        tags = {"tags": self.node_tags[node]} if node in self.node_tags else {}
        return {"type": "node", "id": node, "lat": lat, "lon": lon, **tags}

    @staticmethod
    def _is_restriction_of(relation: dict[str, Any], ways: set[int]) -> bool:
        is_one = relation["tags"].get("type", "").startswith("restriction")
        return is_one and not set(_members(relation)).isdisjoint(ways)


def _members(relation: dict[str, Any]) -> list[int]:
    """Return the ways that a relation names."""
    return [one["ref"] for one in relation["members"] if one["type"] == "way"]


def _polygon(text: str) -> Any:
    """Read a ring as Overpass is told it: latitude and longitude by turns."""
    degrees = [float(number) for number in text.split()]
    return shapely.Polygon(zip(degrees[1::2], degrees[::2], strict=True))


def _fits(tags: Mapping[str, str], is_pattern: str, tag: str, sign: str, value: str) -> bool:
    """Return whether tags meet one condition of Overpass' language; a tilde before the key makes it a pattern."""
    if is_pattern:
        return any(re.search(tag, key) and re.search(value, tags[key]) for key in tags)
    if not sign:
        return tag in tags
    if sign == "=":
        return tags.get(tag) == value
    return (sign == "~") == bool(tag in tags and re.search(value, tags[tag]))


def _sent(content: Any) -> Answer:
    return Answer(200, json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def study_areas() -> dict[str, Any]:
    """Return the polygons of the bundled study areas by their names."""
    features = json.loads((DATA / "study_areas.geojson").read_text(encoding="utf-8"))["features"]
    return {one["properties"]["name"]: shapely.geometry.shape(one["geometry"]) for one in features}


def known_places() -> dict[str, Any]:
    """Return what the server knows by name: two areas and a point."""
    areas = study_areas()
    return {
        DISTRICT: shapely.union_all(list(areas.values())),
        NEW_AREA: areas[NEW_AREA],
        STATION: shapely.Point(117.0, 32.65),
    }


def found_place(name: str) -> list[dict[str, Any]]:
    """Answer a search as Nominatim does: a list, empty for an unknown name."""
    area = known_places().get(name.partition(",")[0].strip())
    if area is None:
        return []
    west, south, east, north = area.bounds
    middle = area.centroid
    one = {
        "place_id": 1,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
        "osm_type": "node" if area.geom_type == "Point" else "relation",
        "osm_id": 1,
        "lat": str(middle.y),
        "lon": str(middle.x),
        "category": "boundary",
        "type": "administrative",
        "importance": 0.4,
        "name": name,
        "display_name": name,
        "boundingbox": [str(south), str(north), str(west), str(east)],
        "geojson": shapely.geometry.mapping(area),
    }
    return [one]


class MapServer(ThreadingHTTPServer):
    """The server; ``misbehave`` replaces every answer, ``asked`` lists what was asked."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data = OsmData(path)
        self.misbehave: Answer | None = None
        self.asked: list[tuple[str, str]] = []
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def overpass(self) -> str:
        return f"{self.address}/api"

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up while it is answered is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: MapServer

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        self._reply(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _reply(self, query: str) -> None:
        door = urlsplit(self.path).path
        values = {name: found[0] for name, found in parse_qs(query).items()}
        self.server.asked.append((self.command, door))
        answer = self.server.misbehave or self._answer(door, values)
        self.server.released.wait(answer.after_s)
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) - answer.cut])

    def _answer(self, door: str, values: Mapping[str, str]) -> Answer:
        if door == "/api/interpreter":
            return self.server.data.answer(values.get("data", ""))
        if door == "/api/status":
            return Answer(200, STATUS.encode(), {"Content-Type": "text/plain"})
        if door == "/search" and values.get("format") == "json":
            return _sent(found_place(values.get("q", "")))
        return Answer(404, b"<html>not here</html>")


@contextmanager
def serving(path: Path = BUNDLED) -> Iterator[MapServer]:
    """Serve an OSM file as long as the block runs."""
    with MapServer(path) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()

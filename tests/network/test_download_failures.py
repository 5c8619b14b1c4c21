"""Downloads that go wrong: one sentence, at once, that says what to do instead."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import DownloadError, MapError
from patrolroute.network import constructors
from patrolroute.network.osm.download import Server
from patrolroute.network.road import RoadNetwork
from tests.network.areas import CENTRE, json_answer, kept
from tests.overpass import DISTRICT, STATION, Answer, MapServer

NODE = {"type": "node", "id": 1, "lat": 32.63, "lon": 117.0}

HIGHWAY = {"type": "way", "id": 1, "nodes": [1, 2], "tags": {"highway": "primary"}}

WRONG: dict[str, tuple[Answer, str]] = {
    "too many requests": (Answer(429, b"slow down"), "429, too many requests: wait some minutes"),
    "overloaded": (Answer(504, b"<html>Gateway Timeout</html>"), "504, it is overloaded"),
    "no service": (Answer(503), "it answered 503 Service Unavailable"),
    "no sense": (Answer(400, b"<html>parse error</html>"), "it answered 400 Bad Request"),
    "forbidden": (Answer(403, b'{"elements": []}'), "it answered 403 Forbidden"),
    "an unknown status": (Answer(599), "it answered 599"),
    "moved away": (
        Answer(301, headers={"Location": "https://elsewhere.org/api"}),
        "it answered 301, moved to https://elsewhere.org/api",
    ),
    "moved round in circles": (Answer(307, headers={"Location": "/api/interpreter"}), "307, moved to /api/interpreter"),
    "a page": (Answer(200, b"<html>welcome to the hotel</html>", {"Content-Type": "text/html"}), "not JSON"),
    "nothing": (Answer(200), "not JSON"),
    "garbage": (Answer(200, bytes(range(256))), "not JSON"),
    "half of a JSON": (Answer(200, b'{"elements": [{"type": "no'), "not JSON, or was cut off"),
    "a hang-up in the middle": (Answer(200, b'{"elements": []}' * 9, cut=50), "the answer was cut off"),
    "a list": (json_answer([]), "the answer is not a map"),
    "no elements": (json_answer({}), "the answer is not a map"),
    "elements that are none": (json_answer({"elements": 3}), "the answer is not a map"),
    "an element that is none": (json_answer({"elements": [3]}), "damaged map"),
    "an element without a type": (json_answer({"elements": [{"id": 1}]}), "damaged map"),
    "a node without a place": (json_answer({"elements": [{"type": "node", "id": 1}]}), "damaged map"),
    "a node beyond the earth": (json_answer({"elements": [{**NODE, "lat": 132.63}]}), "damaged map"),
    "a node nowhere": (Answer(200, b'{"elements": [{"type": "node", "id": 1, "lat": NaN, "lon": 1}]}'), "damaged map"),
    "a node with a giant's id": (json_answer({"elements": [{**NODE, "id": 2**70}]}), "damaged map"),
    "a node at a text": (json_answer({"elements": [{**NODE, "lat": "32.63"}]}), "damaged map"),
    "tags that are no texts": (
        json_answer({"elements": [{**HIGHWAY, "tags": {"highway": ["primary"]}}]}),
        "damaged map",
    ),
    "a way without nodes": (json_answer({"elements": [{"type": "way", "id": 1}]}), "damaged map"),
    "a way whose nodes are missing": (json_answer({"elements": [NODE, HIGHWAY]}), "nodes of streets are missing"),
    "a remark": (
        json_answer({"elements": [NODE], "remark": "runtime error: Query timed out"}),
        "incomplete: runtime error",
    ),
    "a remark of many lines": (
        json_answer({"elements": [], "remark": "one\n\x1b[31mtwo" + "!" * 999}),
        "one [31mtwo!!!!",
    ),
    "an empty map": (json_answer({"elements": []}), "it knows no street in that area"),
    "nodes and no ways": (json_answer({"elements": [NODE, {**NODE, "id": 2}]}), "it knows no street in that area"),
    "streets elsewhere": (
        json_answer({"elements": [{**NODE, "lon": 1.0}, {**NODE, "id": 2, "lon": 1.1}, HIGHWAY]}),
        "it knows no street in that area",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_download_that_goes_wrong_says_what_to_do_instead(
    name: str, server: MapServer, pauses: list[float], cache_folder: Path
):
    server.misbehave, reason = WRONG[name]
    with pytest.raises(DownloadError) as caught:
        RoadNetwork.from_polygon(CENTRE)
    said = str(caught.value)
    assert said.startswith(f"download from {server.address.removeprefix('http://')} failed (")
    assert reason in said
    for way_out in ("PATROLROUTE_OVERPASS", "RoadNetwork.from_file", "RoadNetwork.huainan()"):
        assert way_out in said
    assert said.isprintable()
    assert len(said) < 600
    assert server.asked == [("POST", "/api/interpreter")], "nothing is asked twice"
    assert sum(pauses) == 0
    assert kept(cache_folder) == []


@pytest.mark.parametrize("status", [429, 504])
def test_a_busy_server_is_reported_within_seconds(status: int, server: MapServer):
    """OSMnx would sleep 55 seconds and ask again, for ever."""
    server.misbehave = Answer(status)
    began = time.perf_counter()
    with pytest.raises(DownloadError, match=str(status)):
        RoadNetwork.from_polygon(CENTRE)
    with pytest.raises(DownloadError, match=str(status)):
        RoadNetwork.from_place(DISTRICT)
    assert time.perf_counter() - began < 5


def test_after_a_failure_the_next_download_is_as_good_as_ever(server: MapServer):
    server.misbehave = Answer(504)
    with pytest.raises(DownloadError):
        RoadNetwork.from_polygon(CENTRE)
    server.misbehave = None
    assert RoadNetwork.from_polygon(CENTRE).arc_count > 100


def test_a_server_that_is_silent_is_given_up(server: MapServer):
    server.misbehave = Answer(200, after_s=20)
    began = time.perf_counter()
    with pytest.raises(DownloadError, match=r"failed \(the answer did not come in time\)"):
        constructors.from_polygon(CENTRE, server=Server(timeout_s=1))
    assert time.perf_counter() - began < 5


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_server_that_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch):
    address = f"127.0.0.1:{closed_port()}"
    monkeypatch.setenv("PATROLROUTE_OVERPASS", f"http://{address}/api")
    with pytest.raises(DownloadError, match=rf"download from {address} failed \(connection refused\)"):
        RoadNetwork.huainan(source="osm")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take the network away: no name is known."""
    asked: list[str] = []

    def unknown(host: Any, *_: Any, **__: Any) -> Any:
        asked.append(str(host))
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for name in ("getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, unknown)
    monkeypatch.setattr("osmnx._http._original_getaddrinfo", unknown)
    return asked


def test_without_a_network_a_planner_hears_so_at_once(
    offline: list[str], pauses: list[float], connected: list[Any], monkeypatch: pytest.MonkeyPatch
):
    """OSMnx would ask a stranger for the server's address, and sleep a minute."""
    for variable in ("PATROLROUTE_OVERPASS", "PATROLROUTE_NOMINATIM"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(DownloadError, match=r"download from overpass-api\.de failed \(its name cannot be looked up\)"):
        RoadNetwork.huainan(source="osm")
    with pytest.raises(DownloadError, match=r"nominatim.*failed \(its name cannot be looked up\): set PATROLROUTE_NOM"):
        RoadNetwork.from_place(DISTRICT)
    assert set(offline) == {"overpass-api.de", "nominatim.openstreetmap.org"}
    assert connected == []
    assert sum(pauses) <= 1


@pytest.mark.parametrize("host", ["a" * 70 + ".org", "exa mple.org", "[::1", "..", "a..b"])
def test_an_address_that_is_none_is_an_error_and_not_a_traceback(host: str):
    with pytest.raises((DownloadError, MapError), match="PATROLROUTE_OVERPASS"):
        constructors.from_polygon(CENTRE, server=Server(overpass_url=f"http://{host}/api", timeout_s=2))


@pytest.mark.parametrize(
    "address", ["overpass.org/api", "ftp://overpass.org", "http://", "file:///etc/passwd", "http://h:x/"]
)
def test_an_address_must_be_one_of_http(address: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATROLROUTE_OVERPASS", address)
    monkeypatch.setenv("PATROLROUTE_NOMINATIM", address)
    with pytest.raises(MapError, match="begins with http:// or https://") as caught:
        RoadNetwork.from_polygon(CENTRE)
    assert [one.split(" ")[0] for one in caught.value.complaints] == ["PATROLROUTE_OVERPASS", "PATROLROUTE_NOMINATIM"]


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_timeout_is_above_zero(seconds: float):
    with pytest.raises(MapError, match="is not above 0"):
        Server(timeout_s=seconds)  # type: ignore[arg-type]


def test_a_password_in_an_address_is_not_printed(bundled_server: MapServer):
    bundled_server.misbehave = Answer(403)
    address = bundled_server.overpass.replace("http://", "http://planner:secret@")
    with pytest.raises(DownloadError, match="403") as caught:
        constructors.from_polygon(CENTRE, server=Server(overpass_url=address))
    assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("pauses")
def test_places_that_are_unknown_or_no_areas_are_named_together(server: MapServer, cache_folder: Path):
    with pytest.raises(MapError) as caught:
        RoadNetwork.from_place([STATION, DISTRICT, "亚特兰蒂斯"])
    first, second = caught.value.complaints
    assert first.startswith(f"place '{STATION}': Nominatim knows a point or a line, not an area; give a district")
    assert second.startswith("place '亚特兰蒂斯': Nominatim knows no such place; give a district")
    assert {door for _, door in server.asked} == {"/search"}
    assert kept(cache_folder) == []


@pytest.mark.parametrize("places", ["", " ", [], ["", DISTRICT]])
def test_a_place_has_a_name(places: str | list[str]):
    with pytest.raises(MapError, match="give at least one name"):
        RoadNetwork.from_place(places)


BADLY_FOUND: dict[str, tuple[Answer, str]] = {
    "busy": (Answer(429), "429, too many requests"),
    "a page": (Answer(200, b"<html>"), "not JSON"),
    "an object": (json_answer({"error": "no"}), "not a list of places"),
    "numbers": (json_answer([3]), "not a list of places"),
    "no shape": (json_answer([{"importance": 1.0, "lat": "1", "lon": "1", "boundingbox": [1, 2, 3, 4]}]), "not a list"),
    "a shape of no points": (
        json_answer(
            [
                {
                    "importance": 1.0,
                    "lat": "1",
                    "lon": "1",
                    "boundingbox": [1, 2, 3, 4],
                    "geojson": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
                }
            ]
        ),
        "is damaged",
    ),
}


@pytest.mark.usefixtures("pauses")
@pytest.mark.parametrize("name", BADLY_FOUND)
def test_a_search_that_goes_wrong_says_what_to_do_instead(name: str, server: MapServer):
    server.misbehave, reason = BADLY_FOUND[name]
    with pytest.raises(DownloadError) as caught:
        RoadNetwork.from_place(DISTRICT)
    said = str(caught.value)
    assert reason in said
    for way_out in ("PATROLROUTE_NOMINATIM", "RoadNetwork.from_polygon", "RoadNetwork.from_file"):
        assert way_out in said

"""OSMnx' settings are borrowed, and given back as they were."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import osmnx
import pytest

from patrolroute.base.errors import DownloadError
from patrolroute.network import constructors
from patrolroute.network.osm.download import Server
from patrolroute.network.road import RoadNetwork
from tests.network.areas import CENTRE, differing
from tests.overpass import BUNDLED, Answer, MapServer


@pytest.mark.usefixtures("server")
def test_threads_that_download_at_once_do_not_disturb_each_other():
    """OSMnx' settings are one for all threads; each download here asks with settings of its own."""
    areas = [CENTRE.buffer(-0.002 * number) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda area: constructors.from_polygon(area, server=Server(timeout_s=60)), areas))
    assert [one.fingerprint for one in together] == [RoadNetwork.from_polygon(area).fingerprint for area in areas]
    assert len({one.fingerprint for one in together}) == 4


def settings() -> dict[str, Any]:
    return {name: getattr(osmnx.settings, name) for name in osmnx.settings.__annotations__}


@pytest.mark.parametrize("misbehave", [None, Answer(504), Answer(200, b"<html>")])
@pytest.mark.parametrize("ask", [lambda: RoadNetwork.from_polygon(CENTRE), lambda: RoadNetwork.from_file(BUNDLED)])
def test_settings_and_name_look_up_are_given_back(misbehave: Answer | None, ask: Callable[[], Any], server: MapServer):
    before, look_up = settings(), socket.getaddrinfo
    server.misbehave = misbehave
    try:
        ask()
    except DownloadError:
        assert misbehave is not None
    assert settings() == before
    assert socket.getaddrinfo is look_up


@pytest.mark.usefixtures("server")
def test_settings_of_the_user_do_not_change_the_map(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    usual = RoadNetwork.from_polygon(CENTRE)
    odd = {
        "all_oneway": True,
        "bidirectional_network_types": ["drive"],
        "default_access": '["access"~"never"]',
        "cache_only_mode": True,
        "use_cache": True,
        "cache_folder": tmp_path / "osmnx",
        "useful_tags_way": [],
        "useful_tags_node": ["highway"],
        "overpass_settings": "[out:xml]",
        "doh_url_template": "http://127.0.0.1:9/{hostname}",
    }
    for name, value in odd.items():
        monkeypatch.setattr(osmnx.settings, name, value)
    assert differing(RoadNetwork.from_polygon(CENTRE.buffer(1e-12)), usual) == []
    assert not (tmp_path / "osmnx").exists()


def test_what_the_user_says_of_connections_is_kept(server: MapServer, monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    own = {"hooks": {"response": lambda response, *_, **__: seen.append(response.status_code)}, "verify": False}
    monkeypatch.setattr(osmnx.settings, "requests_kwargs", own)
    RoadNetwork.from_polygon(CENTRE)
    assert seen == [200]
    server.misbehave = Answer(429)
    with pytest.raises(DownloadError):
        RoadNetwork.from_polygon(CENTRE.buffer(0.001))
    assert seen == [200, 429]
    assert set(own) == {"hooks", "verify"}
    assert callable(own["hooks"]["response"])

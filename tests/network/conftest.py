"""What the tests of the network's rooms share: a cache of their own, a map server on loopback, no long sleeps."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.overpass import MapServer, serving


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return every test an empty cache."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("PATROLROUTE_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def bundled_server() -> Iterator[MapServer]:
    with serving() as server:
        yield server


@pytest.fixture
def server(bundled_server: MapServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MapServer]:
    """Serve the bundled map, and point the library at it as its users do."""
    bundled_server.misbehave = None
    bundled_server.asked.clear()
    monkeypatch.setenv("PATROLROUTE_OVERPASS", bundled_server.overpass)
    monkeypatch.setenv("PATROLROUTE_NOMINATIM", bundled_server.address)
    monkeypatch.setenv("NO_PROXY", "*")
    yield bundled_server
    bundled_server.misbehave = None


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """List how long OSMnx would have slept; it does not."""
    slept: list[float] = []
    for room in ("_overpass", "_nominatim"):
        monkeypatch.setattr(f"osmnx.{room}.time", SimpleNamespace(sleep=slept.append))
    return slept


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """List every address that a socket is connected to, and every name that is looked up elsewhere."""
    addresses: list[Any] = []
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def noted(self: socket.socket, address: Any) -> None:
        addresses.append(address)
        connect(self, address)

    def noted_ex(self: socket.socket, address: Any) -> int:
        addresses.append(address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", noted)
    monkeypatch.setattr(socket.socket, "connect_ex", noted_ex)
    return addresses

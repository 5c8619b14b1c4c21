"""A page that is served on this computer, and a client that says what it wants in its requests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from patrolroute.page.server import Desk, desk_of, guarded, listening, server_of

PATIENCE_S = 120.0

DEPOT: dict[str, Any] = {"id": "A", "name": "集结点", "lon": 117.0035, "lat": 32.6249}
CREWS = {"depot": "A", "count": 2, "prefix": "P"}
STREET = {"names": ["龙湖路"], "priority": 4, "visits": 2}


def small_night(**changes: Any) -> dict[str, Any]:
    """Return a night of one street and two cars that is planned at once."""
    night = {
        "name": "小夜巡", "date": "2026-05-08", "lang": "zh", "map": {"source": "bundled"},
        "shift": {"start": "20:30", "end": "21:30"}, "depots": [DEPOT], "crews": [CREWS], "streets": [STREET],
        "hotspots": [], "solve": {"work_limit": 50, "goal": "points"},
    }  # fmt: skip
    return night | changes


@dataclass
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Asks the page as its own scripts do, unless a test says otherwise."""

    port: int
    token: str
    desk: Desk
    cookie: str = field(init=False)

    def __post_init__(self) -> None:
        answer = self.ask("GET", f"/?token={self.token}", cookie="")
        self.cookie = answer.headers["set-cookie"].split(";")[0]

    def ask(self, method: str, path: str, value: Any = None, **said: Any) -> Answered:
        """Send a request; a header that is None is left out."""
        body = value if isinstance(value, bytes) else None if value is None else json.dumps(value).encode()
        own = {"host": f"127.0.0.1:{self.port}", "cookie": getattr(self, "cookie", "")}
        if method not in ("GET", "HEAD"):
            own["origin"] = f"http://127.0.0.1:{self.port}"
        headers = {name: text for name, text in (own | said).items() if text is not None}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, text in headers.items():
                connection.putheader(name.replace("_", "-"), text)
            if body is not None and "content_length" not in said:
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body)
            answer: HTTPResponse = connection.getresponse()
            found = {name.lower(): text for name, text in answer.getheaders()}
            return Answered(answer.status, found, answer.read())
        finally:
            connection.close()

    def put(self, night: Mapping[str, Any]) -> Any:
        """Put a night in place of the one that is edited, and return what the page is told."""
        revision = self.ask("GET", "/night").json["revision"]
        answer = self.ask("PUT", "/night", {"night": night, "revision": revision})
        assert answer.status == 200, answer.body
        return answer.json

    def finished(self) -> Any:
        """Wait for the job and return what is told of it in the end."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            job = self.ask("GET", "/job").json
            if job["state"] != "running":
                return job
            time.sleep(0.1)
        return pytest.fail("the job does not end")


@contextmanager
def serving(desk: Desk) -> Iterator[Client]:
    """Serve a desk in a thread."""
    pytest.importorskip("uvicorn", reason="the extra page brings it")
    with listening(0) as found:
        guard = guarded(desk, found.getsockname()[1])
        server = server_of(guard)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Client(urlsplit(guard.address).port or 0, guard.token, desk)
        finally:
            desk.jobs.end(5.0)
            server.should_exit = True
            thread.join()


@contextmanager
def served(**options: Any) -> Iterator[Client]:
    """Serve a page that begins with the empty night."""
    with desk_of(options.pop("night", None), options.pop("lang", "zh"), **options) as desk, serving(desk) as client:
        yield client

"""Nobody but the page itself, on this computer, is answered; nothing outside its folder is read."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import InputError
from patrolroute.page.safety import ALWAYS, HANDED_OUT, MOST_BYTES, Guard
from patrolroute.page.server import listening
from tests.page.served import CREWS, Client, served, small_night

pytest.importorskip("starlette", reason="the extra page brings it")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with served() as found:
        yield found


def test_it_listens_on_this_computer_alone(client: Client):
    with listening(0) as found:
        assert found.getsockname()[0] == "127.0.0.1"
    own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in own:
        with pytest.raises((ConnectionRefusedError, TimeoutError)):
            socket.create_connection((address, client.port), timeout=2).close()


def test_a_port_that_is_taken_is_said_so():
    with listening(0) as found:
        found.listen()
        with pytest.raises(InputError, match="cannot be listened at"):
            listening(found.getsockname()[1])


def asked_from(address: str) -> int:
    """Return the status of a request that seems to come from an address."""
    seen: list[Any] = []

    async def app(*_: Any) -> None:
        seen.append("answered")

    async def send(message: Any) -> None:
        seen.append(message.get("status"))

    guard = Guard(app, 80)
    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "client": (address, 1234),
        "headers": [(b"host", b"127.0.0.1:80"), (b"cookie", f"{guard.cookie}={guard.token}".encode())],
    }  # fmt: skip
    asyncio.run(guard(scope, None, send))  # type: ignore[arg-type]
    return 200 if seen[0] == "answered" else seen[0]


def test_who_asks_from_another_computer_is_refused_whatever_it_knows():
    assert (asked_from("127.0.0.1"), asked_from("10.0.0.5"), asked_from("192.168.1.7")) == (200, 403, 403)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:{port}.x", None]
)
def test_a_request_that_names_another_host_is_refused(client: Client, host: str | None):
    assert client.ask("GET", "/night", host=host and host.format(port=client.port)).status in (400, 421)


def test_both_names_of_this_computer_are_its_own(client: Client):
    for name in ("127.0.0.1", "localhost"):
        assert client.ask("GET", "/night", host=f"{name}:{client.port}").status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}", None]
)
def test_a_request_of_another_site_changes_nothing(client: Client, origin: str | None):
    before = client.ask("GET", "/night").json
    asked = {"night": small_night(), "revision": before["revision"]}
    answer = client.ask("PUT", "/night", asked, origin=origin and origin.format(port=client.port))
    assert answer.status == 403
    assert client.ask("GET", "/night").json == before


def test_a_page_of_another_site_reads_nothing_either(client: Client):
    assert client.ask("GET", "/night", origin="http://evil.example").status == 403
    assert client.ask("GET", "/night", sec_fetch_site="cross-site").status == 403
    assert client.ask("GET", "/night", sec_fetch_site="same-site").status == 403
    assert client.ask("GET", "/night", sec_fetch_site="same-origin").status == 200


@pytest.mark.parametrize("path", ["/", "/night", "/static/start.js", "/plans/1/map.html", "/job/events", "/words"])
def test_without_the_token_nothing_is_answered(client: Client, path: str):
    for cookie in ("", f"patrolroute-{client.port}=", f"patrolroute-{client.port}=x", f"other={client.token}"):
        assert client.ask("GET", path, cookie=cookie).status == 403
    assert client.ask("GET", f"/?token={client.token}x", cookie="").status == 403


def test_the_token_becomes_a_cookie_that_no_script_and_no_other_site_gets(client: Client):
    answer = client.ask("GET", f"/?token={client.token}", cookie="")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))
    assert len(client.token) >= 43  # 256 bits
    with served() as other:
        assert other.token != client.token


def test_what_is_too_large_is_refused_whether_its_length_is_told_or_not(client: Client):
    assert client.ask("PUT", "/night", b"", content_length=str(MOST_BYTES + 1)).status == 413
    pieces = socket.create_connection(("127.0.0.1", client.port), timeout=30)
    head = (
        f"PUT /night HTTP/1.1\r\nhost: 127.0.0.1:{client.port}\r\norigin: http://127.0.0.1:{client.port}\r\n"
        f"cookie: {client.cookie}\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    with pieces:
        pieces.sendall(head.encode())
        try:
            for _ in range(MOST_BYTES // 0x100000 + 1):
                pieces.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert b" 413 " in pieces.recv(200).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py", "/static/..%2Fserver.py", "/static/%2e%2e/server.py", "/static//etc/passwd",
        "/static/..\\server.py", "/static/page.html", "/plans/1/..%2F..%2Fetc%2Fpasswd", "/plans/1/night.toml",
        "/etc/passwd", "/night/save/..%2Fx", "/plans/-1/map.html",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_leads_nowhere(client: Client, path: str):
    answer = client.ask("GET", path)
    assert answer.status in (404, 422)
    assert b"root:" not in answer.body
    assert b"import " not in answer.body


def test_a_night_of_the_page_reads_no_file_and_downloads_nothing(client: Client, tmp_path: Path):
    secret = tmp_path / "secret.csv"
    secret.write_text("id,lon,lat\nSECRET,117.0,32.6\n", encoding="utf-8")
    reaching = [
        small_night(depots=str(secret)), small_night(hotspots=[{"file": str(secret)}]),
        small_night(map={"file": "../../etc/passwd"}), small_night(map={"places": ["淮南市"]}),
        small_night(map={"source": "osm"}), small_night(streets=[{"within": "/etc/passwd"}]),
        small_night(crews=[CREWS | {"area": "../area.geojson"}]),
    ]  # fmt: skip
    for night in reaching:
        told = client.put(night)
        assert "not_allowed" in {item["code"] for item in told["complaints"]}
        assert "SECRET" not in json.dumps(told["drawn"])
        assert client.ask("POST", "/job/plan", {}).status == 422


def test_a_file_that_is_sent_has_no_name_and_names_no_other(client: Client, tmp_path: Path):
    (tmp_path / "depots.csv").write_text("id,lon,lat\nSECRET,117.0,32.6\n", encoding="utf-8")
    for named in (str(tmp_path / "depots.csv"), "../depots.csv", "depots.csv"):
        night = json.dumps(small_night(depots=named)).encode()
        revision = client.ask("GET", "/night").json["revision"]
        answer = client.ask("POST", f"/night/open?form=json&revision={revision}", night)
        assert b"SECRET" not in answer.body
    for form in ("exe", "../x", "", "toml/../json"):
        assert client.ask("POST", f"/night/open?form={form}&revision=1", b"{}").status == 422


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[]", b"1", b"null", b"\xff\xfe", b"[" * 100_000, b'{"night": 3, "revision": 1}']
)
def test_what_is_no_request_is_refused_in_words(client: Client, body: bytes):
    answer = client.ask("PUT", "/night", body)
    assert answer.status == 422
    assert answer.json["complaints"][0]["sentence_en"]


def test_every_answer_forbids_the_browser_to_ask_anybody_else(client: Client):
    for path in ("/", "/static/start.js", "/night", "/no-such-page"):
        headers = client.ask("GET", path).headers
        assert {name: headers[name] for name in ALWAYS} == dict(ALWAYS)
    refused = client.ask("GET", "/", cookie="").headers
    assert refused["content-security-policy"].startswith("default-src 'self';")


def test_a_page_of_a_plan_is_shut_off_from_this_one(client: Client):
    client.put(small_night())
    client.ask("POST", "/job/plan", {})
    number = client.finished()["result"]["plan"]
    for name in ("map.html", "commander.html"):
        answer = client.ask("GET", f"/plans/{number}/{name}")
        assert answer.status == 200
        assert answer.headers["content-security-policy"] == HANDED_OUT
    assert "sandbox" in HANDED_OUT
    assert "allow-same-origin" not in HANDED_OUT

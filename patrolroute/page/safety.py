"""Who may ask what of the page: this computer alone, with the token of this start, from the page itself.

A browser opens any site beside the page, and any site can send requests to 127.0.0.1. So each request is looked at
before anything else: it comes from this computer; ``Host`` names this server (DNS rebinding names another); ``Origin``
and ``Sec-Fetch-Site`` name no other site; the cookie holds the token, which only the address printed at the start sets.
What is sent is bounded in size. Every answer forbids the browser to ask anybody else.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
"""The only address that is listened at."""

MOST_BYTES = 8 * 2**20
"""Of what is sent: a night of a thousand places with drawn areas is a tenth of it."""

OWN = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
"""Content Security Policy of the page: scripts, styles, pictures and requests of this server alone."""

HANDED_OUT = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; frame-ancestors 'self'; sandbox allow-scripts allow-modals"
)
"""Of what a plan is handed out as: whole in itself, may ask nobody, and the sandbox keeps it away from the page."""

ALWAYS: Mapping[str, str] = {
    "content-security-policy": OWN,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Headers of every answer that has none of its own."""

READING = ("GET", "HEAD")
OWN_SITE = ("same-origin", "none")
"""What ``Sec-Fetch-Site`` says of requests of the page, and of an address that somebody opens."""

REFUSED = {
    "not_here": (403, "只能在本机使用 / this page is for this computer alone"),
    "other_host": (421, "地址不对，请用启动时显示的地址 / open the address that was printed at the start"),
    "other_site": (403, "不接受其他网页的请求 / requests of other pages are refused"),
    "no_token": (403, "请用启动时显示的完整地址打开 / open the whole address that was printed at the start"),
    "too_large": (413, "内容过大，最多 8 MB / too large: 8 MB at most"),
}


@dataclass(frozen=True, slots=True)
class Guard:
    """Looks at each request before the app sees it (an ASGI middleware).

    Parameters
    ----------
    app
        What is guarded.
    port
        Where it is listened at; 0: any (the server is not up yet).
    token
        What the page's address holds, anew at each start.
    """

    app: ASGIApp
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def address(self) -> str:
        """What is opened in a browser: the token is exchanged for a cookie, and does not stay in the address."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers share cookies among the ports of a computer."""
        return f"patrolroute-{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return
        if (answer := self._at_the_door(scope)) is not None:
            await answer(scope, receive, _with_headers(send))
            return
        await self.app(scope, _bounded(receive), _with_headers(send))

    def _at_the_door(self, scope: Scope) -> Response | None:
        """Return the answer to a request that the app never sees; None for one that it may."""
        headers = Headers(scope=scope)
        client = scope.get("client")
        if client is None or not ipaddress.ip_address(client[0]).is_loopback:
            return _refusal("not_here")
        if headers.getlist("host") not in ([f"{HOST}:{self.port}"], [f"localhost:{self.port}"]):
            return _refusal("other_host")
        origin, host = headers.get("origin"), headers["host"]
        is_reading = scope["method"] in READING
        if (origin is not None and origin != f"http://{host}") or (origin is None and not is_reading):
            return _refusal("other_site")
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        return self._let_in(given) if scope["path"] == "/" and is_reading and given else self._inside(headers)

    def _inside(self, headers: Headers) -> Response | None:
        """Return the answer to a request without the token's address; None for one that the app may see."""
        length = headers.get("content-length", "0")
        if headers.get("sec-fetch-site", "none") not in OWN_SITE:
            return _refusal("other_site")
        if not self._is_known(_cookies(headers).get(self.cookie, "")):
            return _refusal("no_token")
        return None if length.isdecimal() and int(length) <= MOST_BYTES else _refusal("too_large")

    def _let_in(self, given: str) -> Response:
        """Exchange the token of the address for a cookie that no script and no other site gets."""
        if not self._is_known(given):
            return _refusal("no_token")
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return answer

    def _is_known(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


def _refusal(why: str) -> Response:
    status, sentence = REFUSED[why]
    return PlainTextResponse(sentence, status)


def _cookies(headers: Headers) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    return {name: value for name, _, value in pairs}


def _bounded(receive: Receive) -> Receive:
    """Count what is sent in pieces without a length."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BYTES:
            raise HTTPException(*REFUSED["too_large"])  # the app turns it into an answer
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent

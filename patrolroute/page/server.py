"""The page's server: how it is started and ended, at which address, with which night."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from patrolroute.base.errors import Complaints, InputError
from patrolroute.base.extras import require
from patrolroute.base.vocabulary import Lang
from patrolroute.page.answers import Desk, app_of
from patrolroute.page.editor import NightEditor
from patrolroute.page.night_files import empty_night, opened

if TYPE_CHECKING:
    import uvicorn

    from patrolroute.page.safety import Guard

LIBRARIES = ("starlette", "uvicorn", "tomli_w", "openpyxl")
"""Of the extra ``page``; the last two save nights."""

PATIENCE_S = 5.0
"""How long a search that was stopped may take to end when the page is closed."""


@contextmanager
def desk_of(night: Path | None, lang: Lang | None, *, map_file: Path | None = None) -> Iterator[Desk]:
    """Yield the desk that a page begins with; a night without a file has a folder that is empty, and its own.

    Parameters
    ----------
    night
        A night's file; None for the empty night.
    lang
        The language of the page; the night's own if None.
    map_file
        The map of an empty night; the bundled one if None.

    Raises
    ------
    InputError
        If the file is no night's at all; what is wrong with parts of it is shown on the page.
    """
    complaints = Complaints()
    with TemporaryDirectory(prefix="patrolroute-page-") as private:
        folder = Path(private) if night is None else night.parent
        data = empty_night(lang or "zh") if night is None else opened(night, complaints)
        if data is None:
            raise InputError(complaints.items)
        if night is None and map_file is not None:
            data["map"], folder = {"file": map_file.name}, map_file.parent
        spoken: Lang = lang or ("en" if data.get("lang") == "en" else "zh")
        yield Desk(NightEditor(data, folder, complaints.items), spoken)


def listening(port: int) -> socket.socket:
    """Return a socket that listens on this computer alone.

    Parameters
    ----------
    port
        0 for any that is free.

    Raises
    ------
    InputError
        If it is taken.
    """
    from patrolroute.page.safety import HOST

    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
        found.listen()  # who comes before the server is up waits
    except OSError as error:
        found.close()
        raise InputError(f"port {port}: cannot be listened at: {error.strerror}") from error
    return found


def guarded(desk: Desk, port: int) -> Guard:
    """Return the app with the guard at its door.

    Parameters
    ----------
    desk
        What it works on.
    port
        Where it is listened at.
    """
    from patrolroute.page.safety import Guard

    return Guard(app_of(desk), port)


def server_of(guard: Guard) -> uvicorn.Server:
    """Return the server: no web sockets, no headers of proxies, nothing logged but faults."""
    import uvicorn

    config = uvicorn.Config(
        guard, log_level="error", access_log=False, lifespan="off", ws="none", http="h11", loop="asyncio",
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


def serve(desk: Desk, port: int, tell: Callable[[str], None], *, opens: bool = True) -> None:
    """Answer the page until Ctrl-C.

    Parameters
    ----------
    desk
        What it works on.
    port
        Where to listen; 0: any that is free.
    tell
        Is told the address.
    opens
        Whether the browser is opened.

    Raises
    ------
    InputError
        If the port is taken.
    """
    require("patrolroute serve", *LIBRARIES)
    with listening(port) as found:
        guard = guarded(desk, found.getsockname()[1])
        try:
            with suppress(KeyboardInterrupt):  # that is how it ends
                tell(guard.address)
                if opens:
                    webbrowser.open(guard.address)
                server_of(guard).run(sockets=[found])
        finally:
            desk.jobs.end(PATIENCE_S)

"""Pages as PDF through a Chromium, Chrome or Edge of this computer; nothing is fetched and nothing is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from patrolroute.errors import OutputError

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
"""What the browsers are called on the search path."""

WINDOWS = (
    "Microsoft/Edge/Application/msedge.exe", "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
)  # fmt: skip
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps", "--no-pings",
    "--disable-domain-reliability", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
    "--disable-dev-shm-usage",
)  # fmt: skip
"""Without a window, and without a request to anybody: no name of a host can be looked up.
Containers give little shared memory (``/dev/shm``), so that files are used instead."""

PATIENCE_S = 300
"""A hundred sheets take some twenty seconds; a browser that takes longer than this hangs."""


def find_browser() -> str | None:
    """Look for a browser that prints PDF: on the search path, then where Windows and macOS keep it; None if none."""
    known = (shutil.which(name) for name in NAMES)
    return next((found for found in known if found), None) or next(
        (str(path) for path in _usual_places() if path.is_file()), None
    )


def pdf_of(page: bytes) -> bytes:
    """Print a page of HTML as PDF.

    Raises
    ------
    OutputError
        If there is no such browser or it fails; the page itself can still be printed from any browser.
    """
    browser = find_browser()
    if browser is None:
        raise OutputError(
            "pdf: no Chromium, Chrome or Edge found on this computer; "
            "open the HTML page in any browser and print it, or save it as PDF there"
        )
    with tempfile.TemporaryDirectory(prefix="patrolroute-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_bytes(page)
        said = _run([browser, *_flags(folder / "profile"), f"--print-to-pdf={target}", source.as_uri()])
        if not target.is_file():
            raise OutputError(f"pdf: {browser} printed nothing: {said or 'it gave no reason'}")
        return target.read_bytes()


def _run(command: list[str]) -> str:
    """Run a command and give the last line that it said."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)  # noqa: S603 - a list, no shell
    except subprocess.TimeoutExpired as error:
        raise OutputError(f"pdf: {command[0]} did not end within {PATIENCE_S} s") from error
    except OSError as error:
        raise OutputError(f"pdf: {command[0]} cannot be started: {error.strerror or error}") from error
    lines = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _flags(profile: Path) -> Iterator[str]:
    yield from FLAGS
    yield f"--user-data-dir={profile}"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield "--no-sandbox"  # a Chromium that runs as root refuses to start with its sandbox


def _usual_places() -> Iterator[Path]:
    roots = [root for variable in WINDOWS_ROOTS if (root := os.environ.get(variable))]
    yield from (Path(root) / place for place in WINDOWS for root in roots)
    yield from map(Path, MACOS)

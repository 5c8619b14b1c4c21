"""Users without a home, as containers have them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def homeless(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """Run as a user whom the system doesn't know, without any variable that names a folder, in a folder."""
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "PATROLROUTE_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what it returns where it finds no home
    monkeypatch.chdir(place)

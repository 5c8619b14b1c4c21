"""The example service: a night goes in, progress comes out, then a plan and a map; a restart loses none."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.benchmarks.service_load import SERVICE, events, started

pytest.importorskip("fastapi")
pytest.importorskip("sqlalchemy")
pytest.importorskip("uvicorn")

NIGHT: dict[str, Any] = {
    "date": "2026-05-08",
    "map": {"source": "bundled"},
    "shift": {"start": "20:30", "end": "21:30"},
    "depots": [{"id": "bureau", "lon": 117.0035, "lat": 32.6249}],
    "crews": [{"depot": "bureau", "count": 2, "prefix": "A"}],
    "streets": [{"names": ["龙湖路"], "priority": 5, "required": True}],
    "solve": {"work_limit": 300, "seed": 1, "goal": "points"},
}
ENDLESS = NIGHT | {"solve": {"time_limit_s": 600, "goal": "points"}}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Start services that end with the test; each has one worker, all have one database."""
    running = []

    def start(pool: str) -> str:
        process, url = started(str(tmp_path), pool, 1)
        running.append(process)
        return f"{url}/nights"

    yield start
    for process in running:
        process.terminate()
        process.wait(60)


def asked(url: str, night: dict[str, Any]) -> str:
    return str(requests.post(url, json=night, timeout=60).json()["id"])


def got(url: str) -> requests.Response:
    return requests.get(url, timeout=60)


def until_it_runs(url: str) -> None:
    end = time.monotonic() + 120
    while (state := got(url).json()["state"]) != "running":
        assert state == "queued"
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_a_night_becomes_a_plan_and_a_map_and_others_are_cancelled_refused_or_unknown(
    service: Callable[[str], str], pool: str
) -> None:
    url = service(pool)
    assert got(f"{url}/none").status_code == 404
    endless, waiting, night = (asked(url, one) for one in (ENDLESS, NIGHT, NIGHT))
    assert got(f"{url}/{night}/plan").status_code == 409
    assert requests.delete(f"{url}/{waiting}", timeout=60).json() == {"was_open": True}
    until_it_runs(f"{url}/{endless}")
    assert requests.delete(f"{url}/{endless}", timeout=60).json() == {"was_open": True}
    assert [*events(f"{url}/{endless}/events")][-1]["state"] == "cancelled"
    assert got(f"{url}/{endless}/plan").json()["objective"]["goal"] == "points"

    assert [*events(f"{url}/{night}/events")][-1]["state"] == "done"
    cancelled = {"id": waiting, "state": "cancelled", "complaints": [], "progress": None}
    assert [*events(f"{url}/{waiting}/events")] == [cancelled]
    assert got(f"{url}/{waiting}/plan").status_code == 409
    assert requests.delete(f"{url}/{night}", timeout=60).json() == {"was_open": False}
    assert got(f"{url}/{night}/plan").json()["objective"]["required_missed"] == 0
    assert got(f"{url}/{night}/map").text.startswith("<!DOCTYPE html>")

    wrong = asked(url, NIGHT | {"crews": []})
    last = [*events(f"{url}/{wrong}/events")][-1]
    assert last["state"] == "refused"
    assert "crews" in last["complaints"][0]


def test_what_was_under_way_when_the_service_ended_is_planned_by_the_next(
    service: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(SERVICE))
    import store  # type: ignore[import-not-found]

    database = store.Store(f"sqlite:///{tmp_path}/nights.db")
    job = database.add(NIGHT)
    database.close()
    del sys.modules["store"]
    url = service("threads")
    assert [*events(f"{url}/{job}/events")][-1]["state"] == "done"
    assert got(f"{url}/{job}/plan").json()["routes"]

"""The example service: a night goes in, progress comes out, then a plan and a map; a restart loses none."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("sqlalchemy")
from fastapi.testclient import TestClient

FOLDER = Path(__file__).parents[1] / "examples" / "service"
NIGHT: dict[str, Any] = {
    "date": "2026-05-08",
    "shift": {"start": "20:30", "end": "21:30"},
    "depots": [{"id": "bureau", "lon": 117.0035, "lat": 32.6249}],
    "crews": [{"depot": "bureau", "count": 2, "prefix": "A"}],
    "streets": [{"names": ["龙湖路"], "priority": 5, "required": True}],
    "solve": {"work_limit": 300, "seed": 1, "goal": "points"},
}
ENDLESS = NIGHT | {"solve": {"time_limit_s": 600, "goal": "points"}}


@pytest.fixture(params=["threads", "processes"])
def client(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nights.db")
    monkeypatch.setenv("POOL", request.param)
    monkeypatch.setenv("WORKERS", "1")
    monkeypatch.setenv("PYTHONPATH", f"{FOLDER.parents[1]}:{FOLDER}")  # where processes find what they run
    with TestClient(importlib.import_module("app").create_app()) as client:
        yield client
    for name in ("app", "jobs", "store"):
        sys.modules.pop(name, None)


def events(client: TestClient, job: str) -> list[dict[str, Any]]:
    with client.stream("GET", f"/nights/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        return [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line.startswith("data: ")]


def until_it_runs(client: TestClient, job: str) -> None:
    end = time.monotonic() + 120
    while client.get(f"/nights/{job}").json()["state"] != "running":
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_night_becomes_a_plan_and_a_map_and_others_are_cancelled_refused_or_unknown(
    client: TestClient, tmp_path: Path
) -> None:
    assert client.get("/nights/none").status_code == 404

    endless = client.post("/nights", json=ENDLESS).json()["id"]
    waiting, night = (client.post("/nights", json=NIGHT).json()["id"] for _ in range(2))
    assert client.get(f"/nights/{night}/plan").status_code == 409
    assert client.delete(f"/nights/{waiting}").json() == {"was_open": True}
    until_it_runs(client, endless)
    assert client.delete(f"/nights/{endless}").json() == {"was_open": True}
    told = events(client, endless)
    assert told[-1]["state"] == "cancelled"
    assert client.get(f"/nights/{endless}/plan").json()["objective"]["goal"] == "points"

    told = events(client, night)
    assert told[-1]["state"] == "done"
    assert events(client, waiting)[-1] == {"id": waiting, "state": "cancelled", "complaints": [], "progress": None}
    assert not client.delete(f"/nights/{night}").json()["was_open"]
    (tmp_path / "plan.json").write_bytes(client.get(f"/nights/{night}/plan").content)
    assert json.loads((tmp_path / "plan.json").read_bytes())["objective"]["required_missed"] == 0
    assert client.get(f"/nights/{night}/map").text.startswith("<!DOCTYPE html>")

    wrong = client.post("/nights", json=NIGHT | {"crews": []}).json()["id"]
    (last,) = [one for one in events(client, wrong) if one["state"] == "refused"]
    assert "crews" in last["complaints"][0]


def test_what_was_under_way_when_the_service_ended_is_planned_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nights.db")
    store = importlib.import_module("store").Store(f"sqlite:///{tmp_path}/nights.db")
    job = store.add(NIGHT)
    store.close()
    with TestClient(importlib.import_module("app").create_app()) as client:
        assert events(client, job)[-1]["state"] == "done"
        assert client.get(f"/nights/{job}/plan").json()["routes"]
    for name in ("app", "jobs", "store"):
        sys.modules.pop(name, None)

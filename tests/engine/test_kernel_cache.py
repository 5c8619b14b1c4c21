"""Machine code is kept on disk where that is possible, for exactly these source files, and made once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patrolroute.engine import kernel
from patrolroute.engine.prepare import prepare

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / "patrolroute" / "engine"

SOLVE_AND_COUNT = """
import importlib, json, pkgutil
from pathlib import Path
import numba
before = numba.config.CACHE_DIR
import patrolroute.engine
from patrolroute.engine.engine import Engine
from patrolroute.engine.params import SearchParams
from patrolroute.engine.prepare import prepare
from patrolroute.engine.solve import solve
from patrolroute.night.load import night_from
from patrolroute.night.run import NightRun
from patrolroute.problem.solution import Solution, Visit
from tests.engine.made_up import made_up_night
from tests.night.nights import small_night

names = [f"patrolroute.engine.{room.name}" for room in pkgutil.iter_modules(patrolroute.engine.__path__)]
kernels = {f"{name}.{word}": thing for name in names for word, thing in vars(importlib.import_module(name)).items()
           if hasattr(thing, "py_func") and thing.py_func.__module__ == name}

def signatures():
    return {name: len(thing.signatures) for name, thing in kernels.items()}

prepare()
prepared = signatures()
result = solve(NightRun(night_from(small_night()), Path()).problem(), work_limit=50)
for seed in range(6):
    problem = made_up_night(seed, tasks=1 + 6 * seed, crews=1 + seed % 3, plain=seed % 2 == 0, spots=seed % 3 / 2)
    engine = Engine(problem, seed=seed, start=None, params=SearchParams(first_cycle=30))
    engine.run(100)
    broken = Solution(tuple((*route, *route[::-1], Visit(0)) for route in engine.best.routes[::-1]))
    Engine(problem, seed=seed, start=broken, params=SearchParams()).run(10)
print(json.dumps({
    "prepared": prepared,
    "solved": signatures(),
    "plan": [result.work, result.plan.objective.required_missed, len(result.plan.audit())],
    "misses": sum(sum(thing.stats.cache_misses.values()) for thing in kernels.values()),
    "hits": sum(sum(thing.stats.cache_hits.values()) for thing in kernels.values()),
    "setting_is_back": numba.config.CACHE_DIR == before,
}))
"""


def told(**surroundings: str) -> dict[str, Any]:
    """Solve nights in a process of its own and give what it tells of its kernels."""
    done = subprocess.run(
        [sys.executable, "-c", SOLVE_AND_COUNT],
        cwd=ROOT, env=os.environ | surroundings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def uncached(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Solve where no cache can be written: everything is compiled anew, which takes half a minute."""
    file = tmp_path_factory.mktemp("cache") / "file"
    file.write_text("no folder", encoding="utf-8")
    return told(PATROLROUTE_CACHE=str(file / "below"))


@pytest.fixture(scope="module")
def cached() -> dict[str, Any]:
    """Solve where this process has compiled everything before."""
    prepare()
    return told()


def test_a_cache_that_cannot_be_written_breaks_nothing(uncached: dict[str, Any]) -> None:
    assert uncached["plan"] == [50, 0, 0]
    assert uncached["hits"] == 0


def test_every_kernel_is_compiled_for_one_signature_whatever_the_night(uncached: dict[str, Any]) -> None:
    assert len(uncached["solved"]) > 30
    assert set(uncached["solved"].values()) == {1}


@pytest.mark.parametrize("kind", ["uncached", "cached"])
def test_nothing_is_compiled_once_the_clock_runs(kind: str, request: pytest.FixtureRequest) -> None:
    counts = request.getfixturevalue(kind)
    assert counts["prepared"] == counts["solved"]


@pytest.mark.skipif(kernel._folder() is None, reason="no cache can be written here")
def test_a_second_process_loads_what_the_first_compiled(cached: dict[str, Any]) -> None:
    assert cached["misses"] == 0
    assert cached["hits"] > 0
    assert cached["plan"] == [50, 0, 0]


def test_a_setting_of_numba_is_given_back(cached: dict[str, Any]) -> None:
    assert cached["setting_is_back"]


def _edit(room: Path) -> None:
    path = room / "routes.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def _rename(room: Path) -> None:
    (room / "turn.py").rename(room / "turns.py")


def _add(room: Path) -> None:
    (room / "zone.py").write_bytes(b"")


def _shift(room: Path) -> None:
    first, second = room / "dice.py", room / "fill.py"
    whole = first.read_bytes() + second.read_bytes()
    first.write_bytes(whole[:100])
    second.write_bytes(whole[100:])


@pytest.mark.parametrize("change", [_edit, _rename, _add, _shift])
def test_the_folder_of_another_source_is_another(change: Callable[[Path], None], tmp_path: Path) -> None:
    room = tmp_path / "engine"
    shutil.copytree(ROOM, room)
    assert kernel.fingerprint(room) == kernel.fingerprint(ROOM)
    change(room)
    assert kernel.fingerprint(room) != kernel.fingerprint(ROOM)


def test_what_is_no_source_does_not_matter(tmp_path: Path) -> None:
    room = tmp_path / "engine"
    shutil.copytree(ROOM, room)
    (room / "notes.txt").write_text("kernels", encoding="utf-8")
    assert kernel.fingerprint(room) == kernel.fingerprint(ROOM)


def test_the_folder_is_named_by_the_sources_below_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path))
    assert kernel.cache_folder() == tmp_path / "kernels" / kernel.fingerprint(ROOM)
    monkeypatch.setattr(kernel, "fingerprint", lambda room: f"changed-{room.name}")
    assert kernel.cache_folder() == tmp_path / "kernels" / "changed-engine"

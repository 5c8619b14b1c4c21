"""What is prepared before the first night: nothing is left to compile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from patrolroute.base.errors import ProblemError
from patrolroute.search import prepare as prepare_room
from patrolroute.search.prepare import prepare, tiny_night

PREPARED = """
import gc, sys
from pathlib import Path
from numba.core.registry import CPUDispatcher
from patrolroute.night.run import NightRun, night_from
from patrolroute.search.prepare import prepare
from tests.night.nights import small_night

def compiled():
    ours = (one for one in gc.get_objects() if isinstance(one, CPUDispatcher))
    return {one.py_func.__qualname__: len(one.signatures) for one in ours if "patrolroute" in one.py_func.__module__}

goal = sys.argv[1]
assert prepare(goal=goal) > 0
before = compiled()
night = small_night(solve={"work_limit": 60, "seed": 1, "goal": goal})
plan = NightRun(night_from(night, source="small")).solve().plan.explained
assert plan.objective.goal == goal, plan.objective.goal
plan.audit()
print(len(before) > 30, {name for name, times in compiled().items() if times != before.get(name)})
"""


@pytest.mark.parametrize("goal", ["points", "presence"])
def test_a_night_after_preparing_finds_nothing_to_compile(goal: str) -> None:
    done = subprocess.run([sys.executable, "-c", PREPARED, goal], capture_output=True, text=True, check=False)
    assert done.stdout == "True set()\n", done.stderr


def test_the_night_that_is_planned_to_prepare_asks_for_streets_and_a_hotspot() -> None:
    assert {task.kind for task in tiny_night().tasks} == {"street", "hotspot"}


def test_a_goal_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"prepare: goal 'speed' is not one of"):
        prepare(goal="speed")  # type: ignore[arg-type]


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let the second process leave a mark; give where that will be."""
    mark = tmp_path / "mark"
    monkeypatch.setattr(prepare_room, "BESIDE", f"from pathlib import Path; Path({str(mark)!r}).write_text('done')")
    monkeypatch.setattr(prepare_room, "cache_folder", lambda: tmp_path / "kernels" / "abc")
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    (tmp_path / "kernels").mkdir()
    return mark


def test_a_second_process_compiles_meanwhile_and_is_waited_for(beside: Path) -> None:
    with prepare_room.compiling_beside():
        pass
    assert beside.read_text() == "done"


@pytest.mark.parametrize("why", ["one core", "compiled before", "no cache", "another program", "no place to write"])
def test_no_second_process_is_started_where_it_would_not_help(
    beside: Path, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match why:
        case "one core":
            monkeypatch.setattr(os, "cpu_count", lambda: 1)
        case "compiled before":
            folder = beside.parent / "kernels" / "abc" / "patrolroute.search.presence.moves"
            folder.mkdir(parents=True)
            (folder / "iterate.nbc").write_bytes(b"")
        case "no cache":
            monkeypatch.setattr(prepare_room, "cache_folder", lambda: None)
        case "another program":
            monkeypatch.setattr(sys, "executable", "/opt/office/soffice")
        case _:
            monkeypatch.setattr(os, "access", lambda *_: False)
    with prepare_room.compiling_beside():
        pass
    assert not beside.exists()


def test_a_second_process_that_fails_or_hangs_stands_in_nobodys_way(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare_room, "BESIDE", "raise SystemExit(7)")
    with prepare_room.compiling_beside():
        pass
    monkeypatch.setattr(prepare_room, "BESIDE", "import time; time.sleep(600)")
    with pytest.raises(KeyboardInterrupt), prepare_room.compiling_beside():
        raise KeyboardInterrupt
    monkeypatch.setattr(sys, "executable", "/no/python")
    with prepare_room.compiling_beside():
        pass
    assert not beside.exists()

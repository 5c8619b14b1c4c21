"""What is prepared before the first night: nothing is left to compile."""

from __future__ import annotations

import subprocess
import sys

import pytest

from patrolroute.base.errors import ProblemError
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

"""The one decorator: caches that cannot be written, stale machine code, and kernels compiled more than once."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

import patrolroute.engine
from patrolroute.compiled import cache_folder, fingerprint, fixed, kernel
from patrolroute.engine.arrays import arrays
from patrolroute.engine.engine import Engine
from patrolroute.engine.params import SearchParams
from patrolroute.engine.prepare import prepare, tiny_night
from patrolroute.engine.routes import MISSED
from patrolroute.problem.solution import Solution, Visit
from tests.engine.made_up import made_up_night

ROOM = Path(patrolroute.engine.__file__).parent


def kernels() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules([str(ROOM)]):
        room = importlib.import_module(f"patrolroute.engine.{module.name}")
        for name, thing in vars(room).items():
            is_own = hasattr(thing, "signatures") and thing.py_func.__module__ == room.__name__
            if is_own and thing.targetoptions.get("inline") != "always":  # what is inlined is compiled with its caller
                yield f"{module.name}.{name}", thing


def test_every_kernel_is_compiled_once_for_all_nights() -> None:
    prepare()
    for number, (tasks, crews, plain) in enumerate([(1, 1, True), (9, 2, False), (30, 5, False), (12, 3, True)]):
        problem = made_up_night(number, tasks=tasks, crews=crews, plain=plain)
        start = Solution(((*(Visit(task) for task in range(tasks)),),)) if number % 2 else None
        engine = Engine(problem, seed=number, start=start, params=SearchParams())
        engine.run(50)
        engine.finish()
        assert engine.score[MISSED] >= 0
    compiled = {name: max(len(one.signatures), kept(name, one)) for name, one in kernels()}
    assert len(compiled) > 30
    assert {name: times for name, times in compiled.items() if times != 1} == {}


def kept(name: str, one: Any) -> int:
    """Count the signatures of a kernel in the cache; a process that found them there does not see inner kernels."""
    return len(list(Path(one.stats.cache_path).glob(f"{name}-*.nbc"))) if one.stats.cache_path else 0


PREPARED = """
from patrolroute.engine.engine import Engine
from patrolroute.engine.params import SearchParams
from patrolroute.engine.prepare import prepare
from patrolroute.problem.solution import Solution
from tests.engine.made_up import made_up_night
from tests.test_compiled import kernels
prepare()
before = {name for name, one in kernels() if one.signatures}
engine = Engine(made_up_night(3), seed=0, start=None, params=SearchParams())
engine.run(50)
engine.finish()
one, two, *others = engine.best.routes
too_long = Solution((one[::-1] + two[::-1], (), *others))
engine = Engine(made_up_night(3), seed=0, start=too_long, params=SearchParams())
engine.run(50)
engine.finish()
print(len(before) > 5, {name for name, one in kernels() if one.signatures} - before)
"""


def test_preparing_leaves_nothing_to_compile_for_a_search_or_a_start_that_is_repaired() -> None:
    loaded = subprocess.run([sys.executable, "-c", PREPARED], capture_output=True, text=True, check=True)
    assert loaded.stdout == "True set()\n"


def test_the_tiny_night_has_the_types_of_a_real_one() -> None:
    real = arrays(made_up_night(1), 5)
    for name, tiny, whole in zip(real._fields, tiny_night(), real, strict=True):
        if name == "is_balanced":
            assert type(tiny) is type(whole) is bool
            continue
        assert (tiny.dtype, tiny.ndim, tiny.flags.c_contiguous) == (whole.dtype, whole.ndim, True), name
        assert whole.flags.c_contiguous, name
        assert whole.flags.writeable, name


def test_the_cache_folder_is_named_by_every_source_file(tmp_path: Path) -> None:
    for path in ROOM.glob("*.py"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert cache_folder(ROOM).name == fingerprint(ROOM) == fingerprint(tmp_path)
    names = {fingerprint(tmp_path)}
    for path in sorted(tmp_path.glob("*.py")):
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        names.add(fingerprint(tmp_path))
        path.write_bytes(before)
    assert len(names) == 1 + len(list(ROOM.glob("*.py")))
    (tmp_path / "added.py").write_bytes(b"")
    assert fingerprint(tmp_path) not in names


def test_a_line_moved_to_the_next_file_changes_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"one")
    (tmp_path / "b.py").write_bytes(b"two")
    before = fingerprint(tmp_path)
    (tmp_path / "a.py").write_bytes(b"onetwo")
    (tmp_path / "b.py").write_bytes(b"")
    assert fingerprint(tmp_path) != before


def test_the_cache_folder_lies_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path))
    assert cache_folder(ROOM) == tmp_path / "kernels" / fingerprint(ROOM)
    monkeypatch.delenv("PATROLROUTE_CACHE")
    assert cache_folder(ROOM).parts[-2:] == ("kernels", fingerprint(ROOM))


ROLLS = """
from patrolroute.dice import dice, roll
import patrolroute.solver
print(roll(dice(1), 6), roll.stats.cache_path)
"""


def rolled(cache: Path) -> list[str]:
    environment = os.environ | {"PATROLROUTE_CACHE": str(cache)}
    found = subprocess.run([sys.executable, "-c", ROLLS], env=environment, capture_output=True, text=True, check=True)
    assert found.stderr == ""
    return found.stdout.split()


def test_without_a_writable_cache_everything_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder can be below a file")
    number, path = rolled(tmp_path / "file" / "cache")
    assert path == "None"
    assert [number] == rolled(tmp_path / "folder")[:1]


def test_with_a_writable_cache_machine_code_is_kept(tmp_path: Path) -> None:
    _, path = rolled(tmp_path)
    assert Path(path).parent == tmp_path / "kernels" / fingerprint(ROOM.parent)
    assert list(Path(path).glob("dice.roll*.nbi"))


def test_a_cache_that_is_lost_after_the_first_look_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder can be below a file")
    monkeypatch.setattr("patrolroute.compiled._found", {Path(__file__).parent: tmp_path / "file" / "cache"})
    assert kernel(_one_more)(1) == 2


def _one_more(value: int) -> int:
    return value + 1


def test_numbas_own_setting_is_given_back() -> None:
    before = numba.config.CACHE_DIR
    kernel(_one_more)
    assert before == numba.config.CACHE_DIR


def test_a_fixed_number_does_not_make_a_type_of_its_own() -> None:
    @kernel
    def same(value: int) -> int:
        return value

    one = fixed(1)

    @kernel
    def twice(value: int) -> int:
        return same(one) + same(value)

    assert twice(np.int64(3)) == 4
    assert len(same.signatures) == 1  # type: ignore[attr-defined]

"""The one decorator: caches that cannot be written, stale machine code, and kernels compiled more than once."""

from __future__ import annotations

import ast
import importlib
import logging
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

import patrolroute.search
from patrolroute.base import jit
from patrolroute.base.jit import LIBRARY, cache_folder, compiled_files, fingerprint, fixed, kernel
from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.search.arrays import arrays
from patrolroute.search.engine import Engine, tiny_problem, warm_up
from patrolroute.search.params import SearchParams
from tests.base.homes import homeless
from tests.search.made_up import made_up_night

ROOM = Path(patrolroute.search.__file__).parent


def kernels() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules([str(ROOM)]):
        room = importlib.import_module(f"patrolroute.search.{module.name}")
        for name, thing in vars(room).items():
            is_own = hasattr(thing, "signatures") and thing.py_func.__module__ == room.__name__
            if is_own and thing.targetoptions.get("inline") != "always":  # what is inlined is compiled with its caller
                yield f"{module.name}.{name}", thing


def test_every_kernel_is_compiled_once_for_all_nights() -> None:
    warm_up()
    for number, (tasks, crews, plain) in enumerate([(1, 1, True), (9, 2, False), (30, 5, False), (12, 3, True)]):
        problem = made_up_night(number, tasks=tasks, crews=crews, plain=plain)
        start = Solution(((*(Visit(task) for task in range(tasks)),),)) if number % 2 else None
        engine = Engine(problem, seed=number, start=start, params=SearchParams())
        engine.run(50)
        engine.finish()
        assert engine.score.required_missed >= 0
    compiled = {name: max(len(thing.signatures), kept(name, thing)) for name, thing in kernels()}
    assert len(compiled) > 30
    assert {name: times for name, times in compiled.items() if times != 1} == {}


def kept(name: str, thing: Any) -> int:
    """Count the signatures of a kernel in the cache; a process that found them there does not see inner kernels."""
    return len(list(Path(thing.stats.cache_path).glob(f"{name}-*.nbc"))) if thing.stats.cache_path else 0


WARMED_UP = """
from patrolroute.search.engine import Engine
from patrolroute.search.params import SearchParams
from patrolroute.search.engine import warm_up
from patrolroute.problem.evaluate import Solution
from tests.search.made_up import made_up_night
from tests.base.test_jit import kernels
warm_up()
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


def test_warming_up_leaves_nothing_to_compile_for_a_search_or_a_start_that_is_repaired() -> None:
    loaded = subprocess.run([sys.executable, "-c", WARMED_UP], capture_output=True, text=True, check=True)
    assert loaded.stdout == "True set()\n"


def test_the_tiny_problem_has_the_types_of_a_real_one() -> None:
    real = arrays(made_up_night(1), 5)
    for name, tiny, whole in zip(real._fields, tiny_problem(), real, strict=True):
        if name == "is_balanced":
            assert type(tiny) is type(whole) is bool
            continue
        assert (tiny.dtype, tiny.ndim, tiny.flags.c_contiguous) == (whole.dtype, whole.ndim, True), name
        assert whole.flags.c_contiguous, name
        assert whole.flags.writeable, name


def copied(folder: Path) -> Path:
    """Copy the sources on which machine code depends."""
    for path in compiled_files():
        copy = folder / path.relative_to(LIBRARY)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return folder


def test_the_cache_folder_is_named_by_every_source_file_that_is_compiled(tmp_path: Path) -> None:
    copied(tmp_path)
    paths = compiled_files(tmp_path)
    assert {path.relative_to(tmp_path) for path in paths} == {path.relative_to(LIBRARY) for path in compiled_files()}
    assert fingerprint() == fingerprint(tmp_path)
    names = {fingerprint(tmp_path)}
    for path in paths:
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        names.add(fingerprint(tmp_path))
        path.write_bytes(before)
    assert len(names) == 1 + len(paths)
    (tmp_path / "added.py").write_bytes(b"\n@kernel\ndef more() -> None:\n    pass\n")
    assert fingerprint(tmp_path) not in names


def test_all_rooms_with_kernels_share_the_cache_folder() -> None:
    holding = {path.relative_to(LIBRARY).as_posix() for path in compiled_files()}
    assert {"network/shortest_paths.py", "network/drive_coverage.py", "search/loop.py", "base/jit.py"} <= holding
    assert {"search/presence/walk.py", "base/vocabulary.py"} <= holding
    assert "output/summary.py" not in holding


def test_every_constant_that_is_compiled_in_is_defined_in_a_file_that_names_the_folder() -> None:
    files = {path: ast.parse(path.read_text()) for path in compiled_files()}
    defined = {(path, name) for path, tree in files.items() for name in assigned(tree)}
    constants = 0
    for path, tree in files.items():
        if b"@kernel" not in path.read_bytes():
            continue
        for statement in tree.body:
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("patrolroute."):
                module = LIBRARY.joinpath(*str(statement.module).split(".")[1:])
                sources = {module.with_suffix(".py"), module / "__init__.py"} & files.keys()
                for name in (alias.name for alias in statement.names if alias.name.isupper()):
                    constants += 1
                    assert any((source, name) in defined for source in sources), (path, name)
    assert constants > 20


def assigned(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module gives values to."""
    for statement in tree.body:
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) else getattr(statement, "targets", [])
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def test_a_line_moved_to_the_next_file_changes_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"@kernel\none")
    (tmp_path / "b.py").write_bytes(b"@kernel\ntwo")
    before = fingerprint(tmp_path)
    (tmp_path / "a.py").write_bytes(b"@kernel\nonetwo")
    (tmp_path / "b.py").write_bytes(b"@kernel\n")
    assert fingerprint(tmp_path) != before


def test_the_cache_folder_lies_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "kernels" / fingerprint()
    monkeypatch.delenv("PATROLROUTE_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    own = cache_folder()
    assert own is not None
    assert own.parts[-2:] == ("kernels", fingerprint())


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every file that is written: the superuser, who runs tests in containers, may write anywhere."""

    def refuse(*_: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refuse)


@pytest.fixture
def looked_up_anew() -> Iterator[None]:
    jit._folder.cache_clear()
    jit._is_writable.cache_clear()
    yield
    jit._folder.cache_clear()
    jit._is_writable.cache_clear()


@pytest.mark.usefixtures("looked_up_anew")
def test_a_cache_that_can_only_be_read_is_used_and_that_is_told_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path))
    folder = tmp_path / "kernels" / fingerprint()
    folder.mkdir(parents=True)
    read_only(monkeypatch)
    caplog.set_level(logging.DEBUG, logger="patrolroute")
    assert [jit._folder(), jit._folder()] == [folder, folder]
    assert kernel(_one_more)(1) == 2
    assert [record.levelname for record in caplog.records] == ["DEBUG"]
    assert "can only be read" in caplog.text
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("looked_up_anew")
def test_a_cache_that_can_be_neither_written_nor_read_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path))
    (tmp_path / "kernels" / fingerprint()).mkdir(parents=True)
    read_only(monkeypatch)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert jit._folder() is None


@pytest.mark.usefixtures("looked_up_anew")
def test_a_user_without_a_home_has_no_cache_and_that_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    homeless(monkeypatch, tmp_path)
    assert cache_folder() is None
    assert jit._folder() is None
    assert kernel(_one_more)(1) == 2
    assert list(tmp_path.iterdir()) == []


DRAWN = """
from patrolroute.base.jit import make_rng, randint
import patrolroute.search.solve
print(randint(make_rng(1), 6), randint.stats.cache_path)
"""


def drawn(cache: Path) -> list[str]:
    environment = os.environ | {"PATROLROUTE_CACHE": str(cache)}
    found = subprocess.run([sys.executable, "-c", DRAWN], env=environment, capture_output=True, text=True, check=True)
    assert found.stderr == ""
    return found.stdout.split()


def test_without_a_writable_cache_everything_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder can be below a file")
    number, path = drawn(tmp_path / "file" / "cache")
    assert path == "None"
    assert [number] == drawn(tmp_path / "folder")[:1]


def test_with_a_writable_cache_machine_code_is_kept(tmp_path: Path) -> None:
    _, path = drawn(tmp_path)
    assert Path(path).parent == tmp_path / "kernels" / fingerprint()
    assert list(Path(path).glob("jit.randint*.nbi"))


def test_machine_code_is_found_by_a_copy_of_the_library_elsewhere(tmp_path: Path) -> None:
    program = (
        "import sys; from patrolroute.base import jit; from patrolroute.base.jit import make_rng, randint;"
        "assert str(jit.LIBRARY).startswith(sys.argv[1]), jit.LIBRARY; randint(make_rng(0), 2);"
        "print(sum(randint.stats.cache_hits.values()))"
    )
    hits = []
    for place in ("here", "there"):
        shutil.copytree(LIBRARY, tmp_path / place / "patrolroute", ignore=shutil.ignore_patterns("__pycache__", "data"))
        environment = os.environ | {"PYTHONPATH": str(tmp_path / place), "PATROLROUTE_CACHE": str(tmp_path / "cache")}
        command = [sys.executable, "-c", program, str(tmp_path / place)]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=tmp_path)
        hits.append(int(run.stdout))
    assert hits == [0, 1]


def test_a_cache_that_is_lost_after_the_first_look_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder can be below a file")
    monkeypatch.setattr(jit, "_folder", lambda: tmp_path / "file" / "cache")
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

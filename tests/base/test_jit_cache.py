"""A damaged compile cache is named and built again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from patrolroute.base import jit, jit_cache
from patrolroute.base.jit_cache import DamagedError, _sealed, _unsealed


def twice(number: int) -> int:
    """Return twice a number: what is compiled below."""
    return 2 * number


def compiled_before(number: int) -> bool:
    """Return whether a new look finds the machine code of ``twice`` on disk; it must compute either way."""
    double = jit.kernel(twice)
    assert double(number) == 2 * number
    return bool(double.stats.cache_hits)  # type: ignore[attr-defined]


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def folder(path: Path) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "nonsense": lambda path: path.write_bytes(b"no pickle" * 99),
    "a wrong bit": flipped,
    "a folder": folder,
}


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_damaged_in_the_compile_cache_is_named_and_built_again(
    suffix: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jit, "_folder", lambda: tmp_path)
    caplog.set_level(logging.WARNING)
    assert not compiled_before(3)
    assert compiled_before(3)
    (path,) = tmp_path.rglob(f"*.{suffix}")
    assert caplog.text == ""
    DAMAGE[what](path)
    assert not compiled_before(3)
    assert "is damaged and is built again" in caplog.text
    assert path.name.split(".")[0] in caplog.text
    caplog.clear()
    assert compiled_before(3)
    assert caplog.text == ""


def test_machine_code_that_cannot_be_kept_runs_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jit, "_folder", lambda: tmp_path)
    monkeypatch.setattr(jit_cache, "_sealed", full)
    caplog.set_level(logging.WARNING)
    assert not compiled_before(3)
    assert "cannot be kept" in caplog.text
    assert "No space left" in caplog.text


def test_machine_code_in_a_folder_that_can_only_be_read_is_used_and_nothing_is_added_or_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jit, "_folder", lambda: tmp_path)
    assert not compiled_before(3)
    held = {path: path.read_bytes() for path in tmp_path.rglob("*.nb?")}
    monkeypatch.setattr(jit, "_is_writable", lambda _: False)
    caplog.set_level(logging.DEBUG, logger="patrolroute")
    assert compiled_before(3)
    double = jit.kernel(twice)
    assert double(2.5) == 5  # type: ignore[arg-type]  # compiled for a type that nobody has kept
    assert not double.stats.cache_hits  # type: ignore[attr-defined]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.nb?")} == held
    assert caplog.text == ""


def test_what_is_damaged_in_a_folder_that_can_only_be_read_stays_there_and_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jit, "_folder", lambda: tmp_path)
    assert not compiled_before(3)
    (path,) = tmp_path.rglob("*.nbc")
    flipped(path)
    monkeypatch.setattr(jit, "_is_writable", lambda _: False)
    assert not compiled_before(3)
    assert path.exists()
    assert "cannot be kept" not in caplog.text


@pytest.mark.parametrize("what", DAMAGE)
def test_a_file_that_is_not_what_was_written_is_found_out(what: str, tmp_path: Path) -> None:
    path = tmp_path / "file.nbc"
    path.write_bytes(_sealed(b"machine code" * 99))
    assert _unsealed(path) == b"machine code" * 99
    DAMAGE[what](path)
    with pytest.raises((DamagedError, OSError)):
        _unsealed(path)

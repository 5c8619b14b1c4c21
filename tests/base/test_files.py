"""Files are written whole or not at all, under names that every system allows."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base import files
from patrolroute.base.errors import OutputError
from patrolroute.base.files import LONGEST_NAME, cache_home, require_writable, safe_names, write_all
from tests.base.homes import homeless

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in (*range(10), *"¹²³"))}


@given(st.lists(st.text(), max_size=8))
def test_any_names_become_different_names_that_windows_allows(names: list[str]) -> None:
    safe = safe_names(names)
    assert len({one.casefold() for one in safe}) == len(names)
    for one in safe:
        assert one
        assert not set(one) & set('<>:"/\\|?*')
        assert all(letter >= " " for letter in one)
        assert not one.startswith(".")
        assert not one.endswith((".", " "))
        assert one.split(".")[0].strip().casefold() not in RESERVED
        assert len(one) <= LONGEST_NAME + len("_ (99)")
        assert one.encode("utf-8")


@pytest.mark.parametrize("name", ["CON", "nul.txt", "Con .a", "COM1", "lpt¹", "com³.x", "CLOCK$", "aux  .b.c"])
def test_a_name_that_windows_keeps_for_a_device_gets_a_letter_before_it(name: str) -> None:
    assert safe_names([name]) == [f"_{name}"]
    assert safe_names([f"{name[:3]}x"]) == [f"{name[:3]}x"]


def test_a_chinese_name_stays_as_it_is() -> None:
    assert safe_names(["市局01", "田家庵 02", "P-03"]) == ["市局01", "田家庵 02", "P-03"]


def test_names_that_differ_in_capitals_alone_get_a_number() -> None:
    assert safe_names(["Alpha", "alpha", "ALPHA"]) == ["Alpha", "alpha (2)", "ALPHA (3)"]


def test_a_name_that_climbs_out_of_the_folder_stays_inside(tmp_path: Path) -> None:
    for name in safe_names(["../../x", "/etc/passwd", "C:\\x", "a/../../b", "..", "~"]):
        assert (tmp_path / name).resolve().parent == tmp_path.resolve()


def test_all_files_are_written_into_folders_that_are_made(tmp_path: Path) -> None:
    written = write_all(tmp_path / "new" / "out", {"a.txt": b"1", "gpx/b.gpx": b"2"})
    assert [path.read_bytes() for path in written] == [b"1", b"2"]
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == ["a.txt", "gpx"]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all(tmp_path, {"a.txt": b"old", "b.txt": b"old"})
    real = files._write

    def full(path: Path, content: bytes) -> None:
        if path.name == "b.txt":
            raise OSError(28, "No space left on device", str(path))
        real(path, content)

    monkeypatch.setattr(files, "_write", full)
    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        write_all(tmp_path, {"a.txt": b"new", "b.txt": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.txt": b"old", "b.txt": b"old"}


def test_a_folder_in_the_way_of_a_file_is_told_before_anything_is_replaced(tmp_path: Path) -> None:
    write_all(tmp_path, {"a.txt": b"old"})
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(OutputError, match="a folder of that name is in the way"):
        write_all(tmp_path, {"a.txt": b"new", "b.txt": b"new"})
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_a_file_in_the_way_of_the_folder_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    for attempt in (lambda: write_all(tmp_path / "out", {"a": b""}), lambda: require_writable(tmp_path / "out")):
        with pytest.raises(OutputError, match=r"output folder .*out: cannot be written"):
            attempt()


def test_asking_whether_a_folder_can_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    require_writable(tmp_path / "later" / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_of_ascii_letters_gets_names_that_it_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsencode", lambda name: name.encode("ascii"))
    assert safe_names(["巡逻01", "特警01", "P-01", "市局é"]) == ["__01", "__01 (2)", "P-01", "___"]


def test_an_output_folder_that_the_file_system_cannot_name_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        "方案".encode("ascii")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(OutputError, match="is not the name of a folder"):
        write_all(tmp_path / "方案", {"plan.json": b"{}"})


def test_the_cache_lies_where_it_is_asked_for_or_where_the_system_keeps_such_things(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path))
    assert cache_home() == tmp_path
    monkeypatch.delenv("PATROLROUTE_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "patrolroute" in str(cache_home())


def test_a_user_without_a_home_has_no_cache_rather_than_one_in_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    homeless(monkeypatch, tmp_path)
    assert cache_home() is None


@pytest.mark.parametrize("error", [KeyError("uid not found: 12345"), RuntimeError("no home"), OSError(2, "no home")])
def test_whatever_a_system_says_of_a_user_without_a_home_is_no_error(error: Exception, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> Path:
        raise error

    monkeypatch.delenv("PATROLROUTE_CACHE", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", refuse)
    assert cache_home() is None

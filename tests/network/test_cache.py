"""The cache: never half-written, never believed, never in the way."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from patrolroute.base.errors import MapError
from patrolroute.network import cache
from patrolroute.network.arrays import DroppedPart
from patrolroute.network.road import RoadNetwork
from patrolroute.network.speeds import SpeedTable
from tests.base.homes import homeless
from tests.network.by_hand import Road, build, networks
from tests.network.written import SQUARE_MAP
from tests.overpass import BUNDLED

NETWORK = build(
    {1: (0, 0), 2: (200, 0)},
    [Road(1, 2, "人民路", via=((100.0, 20.0),))],
    source="drawn",
    notice="not for duty",
    dropped=(DroppedPart("断头路", 400, gone_m=200), DroppedPart("", 3)),
)


def built() -> RoadNetwork:
    return NETWORK


def never() -> RoadNetwork:
    raise AssertionError("built again")


def stored(folder: Path) -> Path:
    return folder / "networks" / "key.npz"


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_was_built_once_is_loaded(cache_folder: Path):
    assert cache.load_or_build("key", built) is NETWORK
    again = cache.load_or_build("key", never)
    assert again.fingerprint == NETWORK.fingerprint
    assert (again.dropped, again.notice, again.source) == (NETWORK.dropped, "not for duty", "drawn")
    assert files(cache_folder) == ["networks/key.npz"]


@given(networks())
def test_every_network_is_loaded_as_it_was_built(network: RoadNetwork):
    assert cache._from_arrays(cache._to_arrays(network)).fingerprint == network.fingerprint


@pytest.mark.parametrize("network", [NETWORK, replace(NETWORK, notice=None, source="", dropped=(), mode="bicycle")])
def test_what_a_network_says_of_itself_is_kept(network: RoadNetwork):
    cache.load_or_build("key", lambda: network)
    assert cache.load_or_build("key", never).fingerprint == network.fingerprint


def test_a_key_tells_its_parts_apart():
    keys = {cache.key_of("a", "bc"), cache.key_of("ab", "c"), cache.key_of("abc"), cache.key_of("abc", "")}
    assert len(keys) == 4
    assert cache.key_of("路") == cache.key_of("路".encode())
    assert cache.key_of("\udcff") != cache.key_of("")


def test_another_file_another_name_and_other_speeds_are_built_anew(tmp_path: Path, cache_folder: Path):
    (tmp_path / "one.osm").write_text(SQUARE_MAP)
    (tmp_path / "two.osm").write_text(SQUARE_MAP)
    first = RoadNetwork.from_file(tmp_path / "one.osm")
    assert RoadNetwork.from_file(tmp_path / "two.osm").source == "two.osm"
    fast = RoadNetwork.from_file(tmp_path / "one.osm", speeds=SpeedTable().replaced({"residential": 60}, {}))
    assert fast.travel_s.sum() < first.travel_s.sum()
    (tmp_path / "one.osm").write_text(SQUARE_MAP.replace("residential", "primary"))
    assert set(RoadNetwork.from_file(tmp_path / "one.osm").highways) == {"primary"}
    assert len(files(cache_folder)) == 4


def test_a_map_that_is_refused_is_not_kept(cache_folder: Path):
    def refuse() -> RoadNetwork:
        raise MapError("no map")

    with pytest.raises(MapError, match="no map"):
        cache.load_or_build("key", refuse)
    assert files(cache_folder) == []


def truncated(share: float) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def flipped(path: Path) -> None:
    """Change one byte of an array: what lies between the arrays is read by nobody."""
    content = bytearray(path.read_bytes())
    content[content.index(NETWORK.length_m.tobytes())] ^= 0xFF
    path.write_bytes(bytes(content))


def written(**arrays: Any) -> Callable[[Path], None]:
    return lambda path: np.savez(path, **arrays)


def changed(**arrays: Any) -> Callable[[Path], None]:
    return lambda path: np.savez(path, **{**cache._to_arrays(NETWORK), **arrays})


def pickled(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.array([print], dtype=object), allow_pickle=True)


SPOILED: dict[str, Callable[[Path], None]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off at once": truncated(0.01),
    "cut off in the middle": truncated(0.5),
    "cut off at the end": truncated(0.99),
    "a wrong byte": flipped,
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "a picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500)),
    "a text": lambda path: path.write_text("remember the milk"),
    "an array": lambda path: np.save(path.open("wb"), np.arange(3)),
    "pickled code": pickled,
    "somebody else's arrays": written(a=np.arange(3)),
    "an array too many": changed(colour=np.arange(3)),
    "an array of another kind": changed(length_m=np.array(["a", "b"])),
    "an array of another size": changed(length_m=np.arange(1, 9, dtype=np.int32)),
    "numbers out of range": changed(tail=np.array([0, 99], dtype=np.int32)),
    "texts out of range": changed(names=np.array([0, 99])),
    "a rule broken": changed(patrol_s=np.array([1, 1], dtype=np.int32)),
}


@pytest.mark.parametrize("name", SPOILED)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_file_that_is_broken_or_foreign_is_built_again(name: str, cache_folder: Path):
    cache.load_or_build("key", built)
    SPOILED[name](stored(cache_folder))
    assert cache.load_or_build("key", built) is NETWORK, "built again"
    assert cache.load_or_build("key", never).fingerprint == NETWORK.fingerprint, "and mended"
    assert files(cache_folder) == ["networks/key.npz"]


def test_a_crash_between_writing_and_renaming_leaves_no_network_behind(
    cache_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            cache.load_or_build("key", built)
    assert files(cache_folder) == []
    assert cache.load_or_build("key", built) is NETWORK


def test_what_a_dead_process_left_half_written_is_swept_away_in_time(cache_folder: Path):
    place = cache_folder / "networks"
    place.mkdir()
    for name, age_s in (("old.tmp", 2 * cache.STALE_S), ("fresh.tmp", 0)):
        (place / name).write_bytes(b"half")
        os.utime(place / name, (time.time() - age_s,) * 2)
    cache.load_or_build("key", built)
    assert files(cache_folder) == ["networks/fresh.tmp", "networks/key.npz"]


def test_a_killed_process_leaves_a_cache_that_works(cache_folder: Path):
    """The process dies after writing and before renaming, without a chance to tidy up."""
    code = (
        "import os\nfrom pathlib import Path\nfrom patrolroute.network.road import RoadNetwork\n"
        f"Path.replace = lambda *_: os._exit(9)\nRoadNetwork.from_file({str(BUNDLED)!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=120)
    assert done.returncode == 9
    assert [Path(name).suffix for name in files(cache_folder)] == [".tmp"]
    assert RoadNetwork.huainan().fingerprint == RoadNetwork.huainan().fingerprint
    assert sorted(Path(name).suffix for name in files(cache_folder)) == [".npz", ".tmp"]


def full_disk(real: Callable[..., Any]) -> Callable[..., Any]:
    """Return temporary files on a disk that is full after ten bytes."""

    def make(**options: Any) -> Any:
        file = real(**options)
        write = file.write

        def fill(content: Any) -> None:
            write(bytes(content[:10]))
            raise OSError(errno.ENOSPC, "No space left on device")

        file.write = fill
        return file

    return make


def test_a_full_disk_is_no_error_and_leaves_nothing(cache_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full_disk(tempfile.NamedTemporaryFile))
    assert cache.load_or_build("key", built) is NETWORK
    assert files(cache_folder) == []


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")])
def test_a_folder_that_cannot_be_written_is_no_error(error: OSError, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    assert cache.load_or_build("key", built) is NETWORK


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_is_read_only_is_no_error(cache_folder: Path):
    cache_folder.chmod(0o500)
    assert cache.load_or_build("key", built) is NETWORK
    cache_folder.chmod(0o700)


def test_a_file_where_the_folder_should_be_is_no_error(cache_folder: Path, monkeypatch: pytest.MonkeyPatch):
    (cache_folder / "file").write_text("x")
    for place in (cache_folder / "file", cache_folder / "file" / "deeper"):
        monkeypatch.setenv("PATROLROUTE_CACHE", str(place))
        assert cache.load_or_build("key", built) is NETWORK


def test_a_folder_where_the_file_should_be_is_no_error(cache_folder: Path):
    stored(cache_folder).mkdir(parents=True)
    assert cache.load_or_build("key", built) is NETWORK
    assert files(cache_folder) == []


def test_a_user_without_a_home_keeps_no_network_and_that_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    homeless(monkeypatch, tmp_path)
    assert cache.load_or_build("key", built) is NETWORK
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_is_not_there_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    homeless(monkeypatch, tmp_path)
    (tmp_path / "file").write_text("no folder can be below a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "home"))
    assert cache.load_or_build("key", built) is NETWORK

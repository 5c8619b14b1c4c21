"""The cache: for several processes at once, and faster than building."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from patrolroute.network.road import RoadNetwork
from tests.network.written import SQUARE_MAP


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_processes_that_build_the_same_map_at_once_do_not_disturb_each_other(cache_folder: Path, tmp_path: Path):
    (tmp_path / "map.osm").write_text(SQUARE_MAP)
    code = (
        "import sys, time\nfrom patrolroute.network.road import RoadNetwork\nimport osmnx\n"
        "while time.time() < float(sys.argv[2]): pass\n"
        "for _ in range(20): network = RoadNetwork.from_file(sys.argv[1])\nprint(network.fingerprint)"
    )
    start = str(time.time() + 2)
    command = [sys.executable, "-c", code, str(tmp_path / "map.osm"), start]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    expected = RoadNetwork.from_file(tmp_path / "map.osm").fingerprint
    assert said == [(f"{expected}\n", "")] * 2
    assert [Path(name).suffix for name in files(cache_folder)] == [".npz"]


def test_loading_takes_less_than_half_of_building(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """It takes a fortieth; half leaves room for a busy machine."""

    def timed() -> float:
        began = time.perf_counter()
        RoadNetwork.huainan()
        return time.perf_counter() - began

    timed()  # whatever is imported is imported now
    building, loading = [], []
    for round_ in range(3):
        monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path / str(round_)))
        building.append(timed())
        loading.append(timed())
    assert sorted(loading)[1] < sorted(building)[1] / 2


def test_loading_needs_neither_osmnx_nor_pandas(tmp_path: Path):
    (tmp_path / "map.osm").write_text(SQUARE_MAP)
    RoadNetwork.from_file(tmp_path / "map.osm")
    code = (
        "import sys\nfrom patrolroute.network.road import RoadNetwork\nRoadNetwork.from_file(sys.argv[1])\n"
        "print(sorted({'osmnx', 'pandas', 'geopandas', 'matplotlib'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "map.osm")]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout == "[]\n"

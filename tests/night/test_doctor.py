"""The doctor: each thing that may be wrong is found, named and given a remedy; a sound night has none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from patrolroute.cli import DONE, INPUT_FAULT, main
from patrolroute.network.crs import from_wgs84
from patrolroute.network.road import RoadNetwork
from patrolroute.night.doctor import examine
from patrolroute.night.load import bundled_night, night_from, read_night
from patrolroute.night.run import NightRun
from patrolroute.study.diagnose import Diagnosis
from tests.night.nights import small_night, written

MARKETS = "name,lon,lat,open,close,dwell_min\n"


def examined(folder: Path = Path(), **changes: Any) -> Diagnosis:
    return examine(NightRun(night_from(small_night(**changes)), folder))


def said(diagnosis: Diagnosis) -> str:
    return str(diagnosis)


def markets(folder: Path, crs: str = "wgs84", hours: str = "20:00,22:00", count: int = 8) -> str:
    """Write hotspots beside streets of the bundled map, their coordinates in a datum."""
    network = RoadNetwork.huainan()
    rows = []
    for number in range(count):
        shape = network.shape(400 + 131 * number)
        lon, lat = from_wgs84(*((shape[0] + shape[1]) / 2), crs)
        rows.append(f"夜市{number},{float(lon):.6f},{float(lat):.6f},{hours},5\n")
    (folder / "markets.csv").write_text(MARKETS + "".join(rows), encoding="utf-8")
    return "markets.csv"


def test_a_sound_night_has_nothing_wrong(tmp_path: Path) -> None:
    assert examined(tmp_path, hotspots=[{"file": markets(tmp_path)}]).findings == ()


def test_the_bundled_night_has_nothing_wrong() -> None:
    path = bundled_night()
    assert examine(NightRun(read_night(path), path.parent)).findings == ()


@pytest.mark.parametrize(("crs", "name"), [("gcj02", "AMap"), ("bd09", "Baidu")])
def test_points_of_a_chinese_map_read_as_gps_are_seen_though_none_can_be_read(
    crs: str, name: str, tmp_path: Path
) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path, crs)}])
    assert f"as if they were coordinates of {name}" in said(diagnosis)
    assert f'write crs = "{crs}" for this file' in said(diagnosis)


def test_points_of_a_gps_read_as_those_of_a_chinese_map_are_seen(tmp_path: Path) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path), "crs": "gcj02"}])
    assert 'write crs = "wgs84" for this file' in said(diagnosis)


def test_a_hotspot_that_is_open_when_nobody_drives_is_an_error(tmp_path: Path) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path, hours="10:00,12:00", count=1)}])
    assert "never meets any shift" in said(diagnosis)
    assert diagnosis.errors


def test_a_hotspot_that_closes_before_anybody_can_be_there_is_a_warning(tmp_path: Path) -> None:
    diagnosis = examined(tmp_path, hotspots=[{"file": markets(tmp_path, hours="19:00,20:35", count=4)}])
    assert "no crew can be there inside its hours" in said(diagnosis)
    assert "change its hours or the shift" in said(diagnosis)
    assert not diagnosis.errors


def test_required_work_beyond_the_fleet_s_time_is_an_error_with_the_minutes() -> None:
    diagnosis = examined(
        crews=[{"depot": "bureau", "id": "A"}], streets=[{"classes": ["primary", "secondary"], "required": True}]
    )
    assert "min too much, driving not counted" in said(diagnosis)
    assert "require less, lengthen the shifts, or add crews" in said(diagnosis)
    assert len(diagnosis.errors) >= 1


def test_a_shift_too_short_for_any_loop_is_an_error() -> None:
    diagnosis = examined(shift={"start": "20:30", "end": "20:31"}, streets=[{"names": ["学院路"]}])
    assert "is too short for any task" in said(diagnosis)


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    diagnosis = examined(
        tmp_path,
        crews=[{"depot": "nowhere"}],
        streets=[{"names": ["鬼路"]}],
        closures=[{"names": ["学院路"], "hours": ["10:00-11:00"]}],
        hotspots=[{"file": markets(tmp_path, "gcj02")}],
    )
    for words in ("depot 'nowhere'", "鬼路", "closures[1]: the hours", "as if they were coordinates of AMap"):
        assert words in said(diagnosis), words
    assert all(one.remedy for one in diagnosis.findings)


def test_a_hotspot_far_from_its_street_is_a_warning(tmp_path: Path) -> None:
    network = RoadNetwork.huainan()
    south = float(network.lat.min())
    lon = float(network.lon[network.lat.argmin()])
    row = f"河边,{lon:.6f},{south - 0.0007:.6f},20:00,22:00,5\n"
    (tmp_path / "far.csv").write_text(MARKETS + row, encoding="utf-8")
    assert "hotspot '河边': lies 7" in said(examined(tmp_path, hotspots=[{"file": "far.csv"}]))


def test_the_command_prints_errors_first_and_exits_by_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(written(tmp_path))]) == DONE
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"
    assert main(["doctor", str(written(tmp_path, streets=[{"names": ["鬼路"]}]))]) == INPUT_FAULT
    out = capsys.readouterr().out
    assert out.startswith("error: ")
    assert "    -> " in out


def test_a_depot_across_a_river_is_a_warning(tmp_path: Path) -> None:
    """Two banks 200 m apart, the bridge 3 km to the east: a depot on the wrong bank sees streets that are far."""
    step = 0.0025
    nodes = [f'<node id="{n + 1}" lat="32.6" lon="{117 + n * step:.5f}"/>' for n in range(14)]
    nodes += [f'<node id="{n + 101}" lat="32.602" lon="{117 + n * step:.5f}"/>' for n in range(14)]
    nodes += [f'<node id="{n + 201}" lat="32.6005" lon="{117 + n * step:.5f}"/>' for n in range(14)]
    ways = [(range(1, 15), "南岸路"), (range(101, 115), "北岸路"), ((14, 114), "大桥")]
    ways += [((n + 1, n + 201), f"南巷{n}") for n in range(14)]
    text = '<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">' + "".join(nodes)
    for number, (refs, name) in enumerate(ways):
        text += f'<way id="{number + 1}">' + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        text += f'<tag k="highway" v="primary"/><tag k="name" v="{name}"/></way>'
    (tmp_path / "map.osm").write_text(text + "</osm>", encoding="utf-8")
    depot = {"id": "bureau", "lon": 117.0002, "lat": 32.602}
    diagnosis = examined(
        tmp_path, map={"file": "map.osm"}, depots=[depot], streets=[{"names": ["南岸路"]}], crews=[{"depot": "bureau"}]
    )
    assert "wrong side of a river" in said(diagnosis)
    right = examined(
        tmp_path, map={"file": "map.osm"}, depots=[depot | {"lat": 32.6}], streets=[{"names": ["南岸路"]}],
        crews=[{"depot": "bureau"}],
    )  # fmt: skip
    assert "wrong side" not in said(right)
    assert json.dumps(str(right))

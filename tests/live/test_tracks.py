"""Tracks are read from what platforms and devices write; of a file that cannot be read one clear sentence is told."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patrolroute as pr
from patrolroute.live.tracks_columns import read_moment
from patrolroute.network.coordinates import from_wgs84

BEGIN = dt.datetime(2026, 5, 8, 20, 30)  # noqa: DTZ001 - as a table has it
ROWS = [(BEGIN + dt.timedelta(seconds=10 * step), 117.0 + step * 1e-4, 32.6 + step * 1e-5) for step in range(40)]


def table(head: str, rows: list[str]) -> bytes:
    return "\n".join([head, *rows]).encode()


def plain(row: tuple[dt.datetime, float, float], form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return f"{row[0]:{form}},{row[1]:.6f},{row[2]:.6f}"


def gpx(points: str, name: str = "市局01") -> bytes:
    space = 'xmlns="http://www.topografix.com/GPX/1/1"'
    return f'<gpx version="1.1" {space}><trk><name>{name}</name><trkseg>{points}</trkseg></trk></gpx>'.encode()


def point(row: tuple[dt.datetime, float, float]) -> str:
    time = f"{row[0] - dt.timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}"
    return f'<trkpt lat="{row[2]:.6f}" lon="{row[1]:.6f}"><time>{time}</time></trkpt>'


WHOLE = {
    "plain": table("定位时间,经度,纬度", [plain(row) for row in ROWS]),
    "GPS time": table("GPS时间,经度,纬度", [plain(row) for row in ROWS]),
    "upload time alone": table("上传时间,经度,纬度", [plain(row) for row in ROWS]),
    "both, the fix's taken": table("上传时间,定位时间,经度,纬度", [f"2026-05-09 0:00:00,{plain(row)}" for row in ROWS]),
    "slashes": table("时间,经度,纬度", [plain(row, "%Y/%-m/%-d %-H:%M:%S") for row in ROWS]),
    "Chinese words": table("时间,经度,纬度", [plain(row, "%Y年%m月%d日%H时%M分%S秒") for row in ROWS]),
    "packed": table("时间,经度,纬度", [plain(row, "%Y%m%d%H%M%S") for row in ROWS]),
    "date and clock apart": table("日期,时间,经度,纬度", [plain(row, "%Y-%m-%d,%H:%M:%S") for row in ROWS]),
    "one cell": table("定位时间;经纬度", [f"{row[0]};{row[1]:.6f},{row[2]:.6f}" for row in ROWS]),
    "other columns": table(
        "序,速度(km/h),方向,ACC状态,位置描述,定位时间,经度,纬度", [f"1,30,90,开,某路,{plain(row)}" for row in ROWS]
    ),
    "tabs": "\n".join(["定位时间\t经度\t纬度", *(plain(row).replace(",", "\t") for row in ROWS)]).encode(),
    "GBK": "\n".join(["定位时间,经度,纬度", *(plain(row) for row in ROWS)]).encode("gbk"),
    "titles above": "\n".join(["车辆轨迹导出", "", "定位时间,经度,纬度", *(plain(row) for row in ROWS)]).encode(),
    "milliseconds": table(
        "timestamp,lng,lat",
        [f"{(row[0] - dt.datetime(1970, 1, 1)).total_seconds() * 1000 - 8 * 3.6e6:.0f},{row[1]:.6f},{row[2]:.6f}" for row in ROWS],  # noqa: DTZ001, E501
    ),
    "GPX": gpx("".join(map(point, ROWS))),
    "backwards": table("定位时间,经度,纬度", [plain(row) for row in reversed(ROWS)]),
    "twice": table("定位时间,经度,纬度", [plain(row) for row in ROWS for _ in range(2)]),
    "GeoJSON line": json.dumps({
        "type": "Feature",
        "properties": {"车牌": "皖D1", "coordTimes": [f"{row[0].isoformat()}+08:00" for row in ROWS]},
        "geometry": {"type": "LineString", "coordinates": [[row[1], row[2]] for row in ROWS]},
    }).encode(),
    "GeoJSON points": json.dumps({
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"定位时间": str(row[0])},
                "geometry": {"type": "Point", "coordinates": [row[1], row[2]]},
            }
            for row in ROWS
        ],
    }).encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", WHOLE)
def test_every_form_gives_the_same_fixes(form: str) -> None:
    (track,) = pr.read_tracks(WHOLE[form])
    assert len(track) == len(ROWS)
    assert track.start.isoformat() == "2026-05-08T20:30:00+08:00"
    assert np.allclose(np.diff(track.seconds), 10)
    assert np.allclose(track.lon, [row[1] for row in ROWS], atol=1e-6)
    assert np.allclose(track.lat, [row[2] for row in ROWS], atol=1e-6)


def test_a_workbook_has_a_vehicle_on_each_sheet_and_times_as_excel_keeps_them() -> None:
    book = openpyxl.Workbook()
    for name in ("市局01", "市局02"):
        sheet = book.create_sheet(name)
        sheet.append(["定位时间", "经度", "纬度", "车速"])
        for row in ROWS:
            sheet.append([*row, 30])
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    one, two = pr.read_tracks(file.getvalue())
    assert (one.crew, two.crew) == ("市局01", "市局02")
    assert one.start.isoformat() == "2026-05-08T20:30:00+08:00"
    assert len(one) == len(ROWS)


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_a_datum_is_moved_into_wgs84_whether_told_or_in_the_titles(crs: str) -> None:
    lon, lat = from_wgs84(np.array([row[1] for row in ROWS]), np.array([row[2] for row in ROWS]), crs)
    rows = [f"{row[0]},{x:.7f},{y:.7f}" for row, x, y in zip(ROWS, lon, lat, strict=True)]
    words = {"gcj02": "GCJ02", "bd09": "百度"}[crs]
    (told,) = pr.read_tracks(table("定位时间,经度,纬度", rows), crs=crs)
    (titled,) = pr.read_tracks(table(f"定位时间,{words}经度,{words}纬度", rows))
    for track in (told, titled):
        assert np.allclose(track.lon, [row[1] for row in ROWS], atol=2e-6)


def test_several_vehicles_and_days_of_one_file_are_several_tracks() -> None:
    rows = [
        f"{plate},{plain((row[0] + dt.timedelta(days=day), row[1], row[2]))}"
        for row in ROWS
        for plate in ("皖D1", "皖D2")
        for day in (0, 1)
    ]
    tracks = pr.read_tracks(table("车牌号码,定位时间,经度,纬度", rows), crews={"皖D1": "市局01"})
    assert [(track.crew, track.start.day, len(track)) for track in tracks] == [
        ("市局01", 8, 40), ("市局01", 9, 40), ("皖D2", 8, 40), ("皖D2", 9, 40),
    ]  # fmt: skip


def test_fixes_without_a_place_are_left_out_and_counted() -> None:
    rows = [plain(row) for row in ROWS]
    rows[3:6] = [f"{ROWS[3][0]},0,0", f"{ROWS[4][0]},0.0,0.0", f"{ROWS[5][0]},,"]
    (track,) = pr.read_tracks(table("定位时间,经度,纬度", rows))
    assert (len(track), track.blank) == (37, 3)


def test_a_clock_that_was_behind_is_put_right() -> None:
    (track,) = pr.read_tracks(WHOLE["plain"], offset_s=28_800)
    assert track.start.isoformat() == "2026-05-09T04:30:00+08:00"


def test_a_folder_is_read_whole_and_files_name_their_vehicles(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "市局01.csv").write_bytes(WHOLE["plain"])
    (tmp_path / "deep" / "x.gpx").write_bytes(WHOLE["GPX"])
    (tmp_path / "notes.md").write_text("nothing")
    assert [track.crew for track in pr.read_tracks(tmp_path)] == ["市局01", "市局01"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(pr.TableError, match="holds no file of tracks"):
        pr.read_tracks(tmp_path / "empty")


@given(st.datetimes(dt.datetime(1991, 1, 1), dt.datetime(2099, 1, 1)))  # noqa: DTZ001
def test_a_moment_is_read_as_it_was_written(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0)
    seconds = moment.replace(tzinfo=dt.UTC).timestamp()
    for text in (str(moment), f"{moment:%Y/%m/%d %H:%M:%S}", f"{moment:%Y年%m月%d日 %H:%M:%S}"):
        found = read_moment(text)
        assert found is not None
        assert found == (seconds, True)
    found = read_moment(f"{moment.isoformat()}+08:00")
    assert found == (seconds - 28_800, False)


def spoilt() -> list[tuple[str, bytes]]:
    """Return two hundred files that are no tracks, each spoilt in one way."""
    rng = random.Random(20)  # noqa: S311 - the same files each time
    files: list[tuple[str, bytes]] = []
    for name, content in WHOLE.items():
        text = content
        half = len(text) // 2
        if name in ("GPX", "GeoJSON line", "GeoJSON points"):
            files += [(f"{name} cut {cut}", text[:cut]) for cut in sorted(rng.sample(range(5, len(text) - 8), 12))]
            continue
        if name in ("milliseconds", "one cell", "GBK"):
            continue
        lines = text.decode().split("\n")
        head = next(number for number, line in enumerate(lines) if "度" in line)
        mark = "\t" if "\t" in lines[head] else ","
        columns = lines[head].split(mark)
        for word in ("经度", "纬度"):
            place = columns.index(word)
            files.append((f"{name} without {word}", text.decode().replace(word, "高程").encode()))
            for value in ("east", "999", "117°99′", "N", "1e999"):
                cells = lines[-1].split(mark)
                cells[place] = value
                files.append((f"{name} {word} {value}", "\n".join([*lines[:-1], mark.join(cells)]).encode()))
        for value in ("soon", "2026-13-41 10:00:00", "1895-01-01 00:00:00", "25", "2026-05-08"):
            place = next(number for number, title in enumerate(columns) if title.endswith("时间"))
            if name == "both, the fix's taken":
                place = columns.index("定位时间")
            cells = lines[-1].split(mark)
            cells[place] = value
            files.append((f"{name} time {value}", "\n".join([*lines[:-1], mark.join(cells)]).encode()))
        files += [
            (f"{name} header alone", "\n".join(lines[: head + 1]).encode()),
            (f"{name} one fix", "\n".join(lines[: head + 2]).encode()),
            (f"{name} zeros inside", text[:half] + b"\x00\x01\x02" * 40 + text[half:]),
        ]
    files += [
        ("empty", b""), ("blanks", b" \n \n"), ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("zip", b"PK\x03\x04" + bytes(60)), ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("html", b"<html><body/></html>"),
        ("a list", b"[1, 2, 3]"), ("a number", b"{}"),
        ("no features", b'{"type": "FeatureCollection", "features": []}'),
        ("a polygon", b'{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": []}}'),
        ("NaN", b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [NaN, 1]}}'),
        ("deep", b'{"a":' + b"[" * 100_000), ("entities", b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx>&a;</gpx>'),
        ("route", gpx("").replace(b"trk>", b"rte>").replace(b"<trkseg></trkseg>", b"")),
        ("no time", gpx('<trkpt lat="32" lon="117"/><trkpt lat="32" lon="117"/>')),
        ("off the earth", gpx('<trkpt lat="97" lon="17"><time>2026-05-08T12:00:00Z</time></trkpt>')),
        ("swapped", gpx('<trkpt lat="117" lon="32"><time>2026-05-08T12:00:00Z</time></trkpt>')),
        ("nan in GPX", gpx('<trkpt lat="nan" lon="32"><time>2026-05-08T12:00:00Z</time></trkpt>')),
        ("times missing", json.dumps({
            "type": "Feature", "properties": {"times": ["2026-05-08T12:00:00Z"]},
            "geometry": {"type": "LineString", "coordinates": [[117, 32], [117, 33]]},
        }).encode()),
        ("quotation mark", table("定位时间,经度,纬度", ['"2026-05-08 20:30:00,117,32'])),
    ]  # fmt: skip
    return files


SPOILT = spoilt()


def test_two_hundred_files_are_spoilt() -> None:
    assert len(SPOILT) >= 200
    assert len({name for name, _ in SPOILT}) == len(SPOILT)


@pytest.mark.parametrize(("name", "content"), SPOILT, ids=[name for name, _ in SPOILT])
def test_a_spoilt_file_is_told_in_one_clear_sentence_in_both_languages(name: str, content: bytes) -> None:
    assert name
    with pytest.raises(pr.TableError) as caught:
        pr.read_tracks(content)
    (item,) = caught.value.items
    assert item.sentence.startswith("tracks[1]")
    assert "\n" not in item.sentence
    assert 15 < len(item.sentence) < 400
    assert "Traceback" not in item.sentence
    assert re.search("[一-鿿]", item.said("zh")), item.sentence
    assert item.code != "rule", item.sentence


def test_every_bad_file_is_told_together() -> None:
    with pytest.raises(pr.TableError) as caught:
        pr.read_tracks([b"", WHOLE["plain"], b"%PDF"])
    assert len(caught.value.items) == 2
    with pytest.raises(pr.InputError, match="crs 'utm' is not one of"):
        pr.read_tracks(WHOLE["plain"], crs="utm")

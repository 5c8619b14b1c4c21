"""What platforms, devices and hands make of track files: read where it can be, else told in one clear sentence."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patrolroute as pr
from tests.live.test_tracks import ROWS, WHOLE, gpx, plain, table

Row = tuple[dt.datetime, float, float]
UTC = dt.datetime(1970, 1, 1, 8)  # noqa: DTZ001 - in the zone of the table
EXCEL = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - as Excel counts


def rows(head: str, cells: Callable[[Row], str]) -> bytes:
    return table(head, [cells(row) for row in ROWS])


def since(row: Row) -> int:
    return int((row[0] - UTC).total_seconds())


def dms(degrees: float) -> str:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return f"{whole}°{minutes}′{((degrees - whole) * 60 - minutes) * 60:.3f}″"


def workbook() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["定位时间", "经度", "纬度"])
    for row in ROWS:
        book.active.append([*row])
    book.save(file)
    return file.getvalue()


def archive(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(name, content)
    return file.getvalue()


def feature(geometry: object, **properties: object) -> bytes:
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": properties}).encode()


PLAIN, GPX = WHOLE["plain"], WHOLE["GPX"]
HEAD = "定位时间,经度,纬度"

READ = {
    "UTF-8 with a mark": b"\xef\xbb\xbf" + PLAIN,
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "UTF-16 without a mark": PLAIN.decode().encode("utf-16-le"),
    "GPX with a mark": b"\xef\xbb\xbf" + GPX,
    "GPX in UTF-16": f'<?xml version="1.0" encoding="UTF-16"?>{GPX.decode()}'.encode("utf-16"),
    "GPX in GBK": f'<?xml version="1.0" encoding="GBK"?>{GPX.decode()}'.encode("gbk"),
    "GPX that says GBK and is UTF-8": f'<?xml version="1.0" encoding="GBK"?>\n{GPX.decode()}'.encode(),
    "workbook named csv": workbook(),
    "degrees, minutes, seconds": rows(HEAD, lambda row: f"{row[0]},{dms(row[1])},{dms(row[2])}"),
    "hemispheres": rows(HEAD, lambda row: f"{row[0]},E{row[1]},N{row[2]}"),
    "seconds since 1970": rows("time,lon,lat", lambda row: f"{since(row)},{row[1]},{row[2]}"),
    "thousandths": rows("time,lon,lat", lambda row: f"{since(row)}000,{row[1]},{row[2]}"),
    "millionths": rows("time,lon,lat", lambda row: f"{since(row)}000000,{row[1]},{row[2]}"),
    "Excel's days": rows(
        "时间,经度,纬度", lambda row: f"{(row[0] - EXCEL) / dt.timedelta(days=1):.8f},{row[1]},{row[2]}"
    ),
    "two times of one column": rows("时间,时间,经度,纬度", lambda row: f"{row[0]},x,{row[1]},{row[2]}"),
    "longer rows": rows(HEAD, lambda row: f"{plain(row)},1,2"),
    "quotation marks": rows(HEAD, lambda row: f'"{row[0]}","{row[1]}","{row[2]}"'),
    "Mac's lines": PLAIN.replace(b"\n", b"\r"),
    "Excel's first line": b"sep=,\n" + PLAIN,
    "line with times as numbers": feature(
        {"type": "LineString", "coordinates": [[row[1], row[2]] for row in ROWS]}, times=[since(row) for row in ROWS]
    ),
}

REFUSED = {
    "workbook cut off": (workbook()[:2000], "no workbook", "不是工作簿"),
    "zip of a table": (archive("a.csv", PLAIN), "unpack it first", "请先解压"),
    "compressed": (gzip.compress(PLAIN), "a compressed file", "压缩文件"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel workbook", "旧版"),
    "swapped": (rows(HEAD, lambda row: f"{row[0]},{row[2]},{row[1]}"), "look swapped", "写反了"),
    "swapped in GPX": (gpx('<trkpt lat="117" lon="32"><time>2026-05-08T12:00:00Z</time></trkpt>'), "swapped", "写反"),
    "longitude twice": (rows("时间,经度,经度,纬度", lambda row: f"{row[0]},{row[1]},118,{row[2]}"), "twice", "两次"),
    "no time": (rows("经度,纬度", lambda row: f"{row[1]},{row[2]}"), "lacks time", "缺少"),
    "no header": (table(plain(ROWS[0]), [plain(row) for row in ROWS]), "the header lacks", "表头缺少"),
    "a clock without a day": (
        rows("时间,经度,纬度", lambda row: f"{row[0]:%H:%M:%S},{row[1]},{row[2]}"),
        "time",
        "认不出",
    ),
    "month first": (rows(HEAD, lambda row: f"{row[0]:%m/%d/%Y %I:%M:%S %p},{row[1]},{row[2]}"), "39 more", "39 行"),
    "another century": (rows(HEAD, lambda row: f"2126-05-08 20:30:00,{row[1]},{row[2]}"), "cannot be read", "认不出"),
    "before 1970": (rows("time,lon,lat", lambda row: f"-5,{row[1]},{row[2]}"), "cannot be read", "认不出"),
    "NaN": (rows(HEAD, lambda row: f"{row[0]},NaN,{row[2]}"), "in degrees", "以度为单位"),
    "infinite": (rows(HEAD, lambda row: f"{row[0]},inf,{row[2]}"), "in degrees", "以度为单位"),
    "metres": (rows(HEAD, lambda row: f"{row[0]},13024380,3843980"), "in degrees", "以度为单位"),
    "millionths of a degree": (rows(HEAD, lambda row: f"{row[0]},117000000,32600000"), "in degrees", "以度为单位"),
    "decimal commas": (rows("时间;经度;纬度", lambda row: f"{row[0]};117,5;32,6"), "in degrees", "以度为单位"),
    "short rows": (rows(HEAD, lambda row: f"{row[0]},{row[1]}"), "in degrees", "以度为单位"),
    "one second": (table(HEAD, [plain((ROWS[0][0], *row[1:])) for row in ROWS]), "different times", "不同时刻"),
    "no place at all": (rows(HEAD, lambda row: f"{row[0]},0,0"), "no track of 2", "2 个以上"),
    "entities that grow": (b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><gpx>&d;</gpx>', "DOCTYPE", "DOCTYPE"),
    "a file from elsewhere": (b'<!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx/>', "DOCTYPE", "DOCTYPE"),
    "unknown entity": (b"<gpx>&a;</gpx>", "no GPX, or a damaged one", "已损坏"),
    "deep": (b"<gpx>" + b"<a>" * 100_000, "damaged", "已损坏"),
    "KML": (b'<kml xmlns="http://www.opengis.net/kml/2.2"/>', "not gpx", "不是 gpx"),
    "NMEA": (b"$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\n" * 20, "lacks", "缺少"),
    "empty GPX": (b"<gpx></gpx>", "no track of 2", "2 个以上"),
    "lines of JSON": (b'{"lon": 1}\n{"lon": 2}\n', "not JSON, or cut off", "不完整"),
    "objects in JSON": (b'[{"time": "2026-05-08 20:30:00", "lon": 117, "lat": 32}]', "no GeoJSON", "不是带要素"),
    "nowhere": (feature(None), "no point or line", "不是轨迹"),
    "letters": (feature({"type": "Point", "coordinates": ["a", "b"]}, time="2026-05-08 20:30:00"), "in degrees", "度"),
    "only a mark": (b"\xef\xbb\xbf", "empty", "空的"),
    "noughts": (PLAIN.replace(b"117", b"1\x0017", 1), "control character", "控制字符"),
    "no encoding": (bytes(range(128, 256)) * 20, "neither UTF-8 nor GBK", "不是 UTF-8"),
    "a cell without end": (table(HEAD, ["x" * 200_000 + ",117,32"]), "2,000 letters", "2,000 个字符"),
}
"""File; a part of the sentence in English, and in Chinese."""

ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
"""Three words in a row: a sentence that was left in English."""


@pytest.mark.parametrize("form", READ)
def test_what_can_be_read_is_read_whatever_it_is_written_in(form: str) -> None:
    (track,) = pr.read_tracks(READ[form])
    assert len(track) == len(ROWS)
    assert track.start.isoformat() == "2026-05-08T20:30:00+08:00"
    assert track.lon == pytest.approx([row[1] for row in ROWS], abs=2e-6)
    assert track.lat == pytest.approx([row[2] for row in ROWS], abs=2e-6)


@pytest.mark.parametrize("form", REFUSED)
def test_what_cannot_be_read_is_told_in_one_sentence_of_each_language(form: str) -> None:
    content, english, chinese = REFUSED[form]
    with pytest.raises(pr.TableError) as caught:
        pr.read_tracks(content)
    (item,) = caught.value.items
    assert english in item.sentence
    assert chinese in item.said("zh")
    assert item.sentence.startswith("tracks[1]: ")
    told = item.said("zh")
    assert not ENGLISH.search(re.sub(r"（[^）]*）|'[^']*'|：[^：]*entity.*|：no element.*", "", told)), told
    assert "\n" not in item.sentence + told


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 10_000), st.integers(0, 60), st.binary(max_size=12))
def test_whatever_happens_to_a_file_it_is_read_or_told(form: str, place: int, length: int, other: bytes) -> None:
    content = WHOLE[form]
    at = place % (len(content) + 1)
    told: tuple[pr.Complaint, ...] = ()
    try:
        tracks = pr.read_tracks(content[:at] + other + content[at + length :])
    except pr.TableError as error:
        tracks, told = (), error.items
    assert tracks or told
    assert all(len(track) >= 2 for track in tracks)
    for item in told:
        assert item.sentence.startswith("tracks[1]: ")
        assert re.search("[一-鿿]", item.said("zh")), item.sentence
        assert len(item.sentence) < 500

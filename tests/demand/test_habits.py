"""Tables as planners keep them, in Excel and out of AMap: each habit gives the right value or one clear sentence."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import patrolroute as pr
from patrolroute.base.errors import TableError
from patrolroute.demand.columns import AMAP, ASIDE, ASIDE_OF_INCIDENTS, HEADERS, HOTSPOTS, column_of, title_of
from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.incidents import read_incidents
from patrolroute.demand.model import Hotspot
from patrolroute.demand.sheets import read_depots
from patrolroute.demand.workbooks import Value
from patrolroute.network.coordinates import from_wgs84
from tests.demand.files import complaints_of, csv_file, excel, geojson, town
from tests.network.by_hand import lonlat, metres_between

TOWN = town()
LON, LAT = (round(value, 6) for value in lonlat(250, 0))
PLACE = ("名称", "经度", "纬度")


def workbook(
    folder: Path, *rows: Sequence[Value], sheet: str = "重点场所", **others: Sequence[Sequence[Value]]
) -> Path:
    """Write a workbook of one sheet, and of others by their names."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for name, lines in others.items():
        added = book.create_sheet(name)
        for line in lines:
            added.append(list(line))
    path = folder / "hotspots.xlsx"
    book.save(path)
    return path


def told(path: Path, call: Callable[[], Any]) -> list[str]:
    """Return what is complained of, the file's name cut off."""
    return [one.removeprefix(f"{path}: ") for one in complaints_of(call)]


def spot_of(folder: Path, title: str, cell: Value) -> Hotspot:
    """Return the hotspot of a workbook with one more column."""
    (spot,) = read_hotspots(workbook(folder, (*PLACE, title), ("夜市", LON, LAT, cell)), TOWN)
    return spot


def windows(spot: Hotspot) -> list[str]:
    return [str(window) for window in spot.windows]


HABITS: list[tuple[str, Value, Callable[[Hotspot], Any], Any]] = [
    # How long somebody stands
    ("驻点分钟", 10, lambda spot: spot.dwell_s, 600),
    ("驻点时间", "10分钟", lambda spot: spot.dwell_s, 600),
    ("停留时间", "10 分", lambda spot: spot.dwell_s, 600),
    ("驻留时间", "半小时", lambda spot: spot.dwell_s, 1800),
    ("驻留时长", "1小时", lambda spot: spot.dwell_s, 3600),
    ("驻守时间", "1.5h", lambda spot: spot.dwell_s, 5400),
    ("驻点时间", "１５分钟", lambda spot: spot.dwell_s, 900),
    ("驻点时间", "一刻钟", lambda spot: spot.dwell_s, 900),
    ("驻点时间", "十分钟", lambda spot: spot.dwell_s, 600),
    ("驻点时间", "1小时20分", lambda spot: spot.dwell_s, 4800),
    ("驻点时间", dt.time(0, 10), lambda spot: spot.dwell_s, 600),
    ("驻点时间（分钟）", "10", lambda spot: spot.dwell_s, 600),
    ("驻点时间（小时）", 0.5, lambda spot: spot.dwell_s, 1800),
    ("驻点时间/分钟", "“10”", lambda spot: spot.dwell_s, 600),
    ("驻点时间", "/", lambda spot: spot.dwell_s, 600),
    ("间隔时间", "半小时", lambda spot: spot.headway_s, 1800),
    # How urgent it is
    ("等级", "高", lambda spot: spot.priority, 5),
    ("优先级", "中", lambda spot: spot.priority, 3),
    ("重要程度", "低", lambda spot: spot.priority, 1),
    ("级别", "一级", lambda spot: spot.priority, 5),
    ("级别", "五级", lambda spot: spot.priority, 1),
    ("优先级", "★★★★☆", lambda spot: spot.priority, 4),
    ("优先级", "三星", lambda spot: spot.priority, 3),
    ("优 先 级 *", "４", lambda spot: spot.priority, 4),
    ("优先级(1-5)", "「2」", lambda spot: spot.priority, 2),
    ("优先级", "较高", lambda spot: spot.priority, 4),
    # Whether it must be
    ("必巡", "是", lambda spot: spot.required, True),
    ("是否必巡", "√", lambda spot: spot.required, True),
    ("必到", "必须", lambda spot: spot.required, True),
    ("必巡", True, lambda spot: spot.required, True),
    ("必巡", "否", lambda spot: spot.required, False),
    ("必巡", "×", lambda spot: spot.required, False),
    ("必巡", "—", lambda spot: spot.required, False),
    # How often, and what it earns
    ("次数", "2次", lambda spot: spot.visits, 2),
    ("巡逻次数", "两次", lambda spot: spot.visits, 2),
    ("次数", "三", lambda spot: spot.visits, 3),
    ("分值", "1,200", lambda spot: spot.prize, 1200),
    ("分值", "1，200分", lambda spot: spot.prize, 1200),
    # When it is open
    ("营业时间", "18:00-02:00", windows, ["18:00-02:00"]),
    ("营业时间", "18:00～02:00", windows, ["18:00-02:00"]),
    ("营业时间", "18：00——次日02：00", windows, ["18:00-02:00"]),
    ("营业时间", "晚上8点到次日2点", windows, ["20:00-02:00"]),
    ("营业时间", "晚上8点到10点", windows, ["20:00-22:00"]),
    ("营业时间", "下午5点半至凌晨1点", windows, ["17:30-01:00"]),
    ("营业时间", "8:00 PM - 2:00 AM", windows, ["20:00-02:00"]),
    ("营业时间", "18:00一02:00", windows, ["18:00-02:00"]),
    ("营业时间", "18:00-25:30", windows, ["18:00-01:30"]),
    ("营业时间", "（18:00-02:00）", windows, ["18:00-02:00"]),
    ("营业时间", "“18:00”-“02:00”", windows, ["18:00-02:00"]),
    ("营业时间", "11:00-14:00、17:00-22:00", windows, ["11:00-14:00", "17:00-22:00"]),
    ("营业时间", "11:00-14:00\n17:00 - 22:00", windows, ["11:00-14:00", "17:00-22:00"]),
    ("营业时间", "11:00-14:00和17:00-22:00", windows, ["11:00-14:00", "17:00-22:00"]),
    ("营业时间", "全天", windows, []),
    ("营业时间", "24小时营业", windows, []),
    ("营业时间", "Fr,Sa 18:00-02:00", windows, ["Fr,Sa 18:00-02:00"]),
    ("营业时段", "20时30分-23点半", windows, ["20:30-23:30"]),
    ("营业时间", "周五、周六 18:00-02:00", windows, ["Fr,Sa 18:00-02:00"]),
    ("营业时间", "周一至周四 晚上6点到10点；周末 18:00-25:00", windows, ["Mo-Th 18:00-22:00; Sa,Su 18:00-01:00"]),
    ("营业时间", "每天：18:00-02:00", windows, ["Mo-Su 18:00-02:00"]),
    ("营业时间", "星期五六日 18:00-02:00", windows, ["Fr,Sa,Su 18:00-02:00"]),
    ("营业时间", "工作日17:00-22:00", windows, ["Mo-Fr 17:00-22:00"]),
    ("营业时间", "周六晚六点到十点", windows, ["Sa 18:00-22:00"]),
    ("营业时间", "六点到十点", windows, ["06:00-10:00"]),
    # What it is called
    ("类型", "夜市", lambda spot: spot.kind, "night_market"),
    ("场所类型", "“烧烤”", lambda spot: spot.kind, "barbecue"),
    ("编号", 7, lambda spot: spot.id, "7"),
    # What no plan needs
    ("联系电话", "00000000000", lambda spot: spot.name, "夜市"),
    ("详细地址", "龙湖路 1 号", lambda spot: spot.name, "夜市"),
    ("备注", "节假日加巡", lambda spot: spot.name, "夜市"),
    ("#摊主", "民警甲", lambda spot: spot.name, "夜市"),
    ("_草稿", "x", lambda spot: spot.name, "夜市"),
    ("（摊位数）", 40, lambda spot: spot.name, "夜市"),
    ("责任民警", "民警甲", lambda spot: spot.name, "夜市"),
    ("位置", "龙湖路中段", lambda spot: spot.name, "夜市"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "cell", "read", "value"), HABITS)
def test_what_planners_write_is_taken(
    tmp_path: Path, title: str, cell: Value, read: Callable[[Hotspot], Any], value: Any
) -> None:
    assert read(spot_of(tmp_path, title, cell)) == value


SLIPS: list[tuple[str, Value, str]] = [
    ("等级", "1级", "D2 (夜市): 等级 '1级' is not a whole number between 1 and 5, or 高, 中, 低"),
    ("等级", "很高", "D2 (夜市): 等级 '很高' is not a whole number between 1 and 5, or 高, 中, 低"),
    ("优先级", 6, "D2 (夜市): 优先级 6 is not a whole number between 1 and 5"),
    ("驻点时间", "10:00",
     "D2 (夜市): 驻点时间 '10:00' is not a number of minutes, 1 s at least and 960 min at most"),
    ("驻点时间", "10-15分钟",
     "D2 (夜市): 驻点时间 '10-15分钟' is not a number of minutes, 1 s at least and 960 min at most"),
    ("必巡", "x", "D2 (夜市): 必巡 'x' is not a yes or no (是 or 否)"),
    ("次数", "2-3次", "D2 (夜市): 次数 '2-3次' is not a whole number between 1 and 48"),
    ("营业时间", "晚上", "D2 (夜市): opening hours '晚上': write them as 18:00-02:00"),
    ("营业时间", "18:00-25:60", "D2 (夜市): clock time '25:60': write it as 20:30"),
    ("营业时间", "01:00-次日03:00", "D2 (夜市): opening hours '01:00-次日03:00': last longer than a day"),
    ("营业时间", "周五、周六 晚上", "D2 (夜市): opening hours '晚上': write them as 18:00-02:00"),
    ("类型", "#REF!", "D2 (夜市): 类型 holds #REF!: a formula that Excel could not work out"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "cell", "sentence"), SLIPS)
def test_what_nobody_can_read_is_told_with_sheet_and_cell(
    tmp_path: Path, title: str, cell: Value, sentence: str
) -> None:
    path = workbook(tmp_path, (*PLACE, title), ("夜市", LON, LAT, cell))
    assert told(path, lambda: read_hotspots(path, TOWN)) == [f"重点场所!{sentence}"]


CLOCKS: list[tuple[Value, Value, str]] = [
    (dt.time(18), dt.time(2), "18:00-02:00"),
    (dt.time(20, 0, 0), excel(1900, 1, 1, 1, 30), "20:00-01:30"),
    (0.75, 1 / 12, "18:00-02:00"),
    (0.8333, 0.9167, "20:00-22:00"),
    ("0.8333", "23:00", "20:00-23:00"),
    (dt.timedelta(hours=20), dt.timedelta(hours=25, minutes=30), "20:00-01:30"),
    ("20:00:00", "24:00", "20:00-00:00"),
    ("8:00 PM", "11:30 PM", "20:00-23:30"),
    ("晚上8点", "次日凌晨2点", "20:00-02:00"),
    ("20点半", "22时15分", "20:30-22:15"),
    ("晚八点一刻", "晚十点三刻", "20:15-22:45"),
    ("「20：30」", "２３：４５", "20:30-23:45"),
    ("20点", "晚上12点", "20:00-00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("opens", "closes", "window"), CLOCKS)
def test_clock_times_are_read_as_excel_and_planners_keep_them(
    tmp_path: Path, opens: Value, closes: Value, window: str
) -> None:
    path = workbook(tmp_path, (*PLACE, "开始时间", "结束时间"), ("夜市", LON, LAT, opens, closes))
    (spot,) = read_hotspots(path, TOWN)
    assert windows(spot) == [window]


def test_a_clock_time_with_a_date_is_told_for_it_would_hold_on_other_nights_too(tmp_path: Path) -> None:
    moments = excel(2026, 11, 29, 18), excel(2026, 11, 30, 2)
    path = workbook(tmp_path, (*PLACE, "开始时间", "结束时间"), ("夜市", LON, LAT, *moments))
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said.startswith("重点场所!D2 (夜市): ")


BOTH: list[tuple[str, str]] = [
    ("经纬度", "{lon},{lat}"),
    ("坐标", "{lon}，{lat}"),
    ("坐标", "({lon}, {lat})"),
    ("位置", "（{lon}，{lat}）"),
    ("location", "{lon} {lat}"),
    ("经度,纬度", "{lon};{lat}"),
    ("纬度,经度", "{lat},{lon}"),
    ("坐标", "E{lon} N{lat}"),
    ("坐标", "北纬{lat}° 东经{lon}°"),
    ("GPS坐标", "经度：{lon}，纬度：{lat}"),
    ("坐标", "POINT({lon} {lat})"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "cell"), BOTH)
def test_a_place_may_stand_in_one_cell(tmp_path: Path, title: str, cell: str) -> None:
    path = workbook(tmp_path, ("名称", title), ("夜市", cell.format(lon=LON, lat=LAT)))
    (spot,) = read_hotspots(path, TOWN)
    assert metres_between((spot.place.lon, spot.place.lat), (LON, LAT)) < 1


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(f"{LON}°", f"{LAT}°"), (f"东经{LON}", f"北纬{LAT}"), (f"{LON}E", f"{LAT}N"), (f"'{LON}", f" {LAT}")],
)
def test_degrees_may_have_their_marks(tmp_path: Path, lon: str, lat: str) -> None:
    (spot,) = read_hotspots(workbook(tmp_path, PLACE, ("夜市", lon, lat)), TOWN)
    assert spot.place.distance_m < 1


@pytest.mark.parametrize("cell", ["龙湖路口", "117.0", "117.0,32.6,25"])
def test_a_place_that_is_none_is_told(tmp_path: Path, cell: str) -> None:
    path = workbook(tmp_path, ("名称", "坐标"), ("夜市", cell))
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said.startswith("重点场所!B2 (夜市): 坐标 ")
    wanted = "neither a longitude and a latitude, such as 116.99,32.63, nor a crossing, such as A Road & B Road"
    assert said.endswith(f" is {wanted}")


# The table around the rows


def test_title_rows_empty_rows_sums_and_notes_around_the_rows_are_no_rows(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ("淮南市夜间巡逻重点场所一览表",),
        ("填报单位：某分局", None, None, "2026年11月29日"),
        ("序号", *PLACE),
        (1, "夜市", LON, LAT),
        (),
        ("序号", *PLACE),
        (2, "烧烤", LON, LAT),
        ("小计", "2处"),
        ("合计", 2),
        ("备注：以上场所每晚必巡",),
    )
    assert [spot.name for spot in read_hotspots(path, TOWN)] == ["夜市", "烧烤"]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_so_they_are_in_a_csv_file_of_any_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    lines = ["重点场所（夜市，烧烤）", "", "名称,经度,纬度", f"夜市,{LON},{LAT}", "合计：1处,,"]
    path = csv_file(tmp_path, *lines, encoding=encoding, end=end)
    assert [spot.name for spot in read_hotspots(path, TOWN)] == ["夜市"]


def test_cells_that_are_merged_over_several_rows_hold_for_each(tmp_path: Path) -> None:
    rows = [("甲", LON, LAT, "夜市", 5), ("乙", LON, LAT, None, None), ("丙", LON, LAT, None, None), ("丁", LON, LAT)]
    path = workbook(tmp_path, ("一览表",), (*PLACE, "类型", "等级"), *rows)
    book = openpyxl.load_workbook(path)
    for cells in ("A1:E1", "D3:D5", "E3:E4"):
        book.active.merge_cells(cells)
    book.save(path)
    spots = read_hotspots(path, TOWN)
    assert [spot.kind for spot in spots] == ["night_market"] * 3 + ["hotspot"]
    assert [spot.priority for spot in spots] == [5, 5, 3, 3]


def test_a_sum_with_coordinates_is_no_sum(tmp_path: Path) -> None:
    path = workbook(tmp_path, PLACE, ("夜市", LON, LAT), ("合计", LON, LAT))
    assert told(path, lambda: read_hotspots(path, TOWN)) == [
        "重点场所!A3 (合计): is a sum by its name, but has coordinates; give the place its name, or leave the line out"
    ]


def test_the_cell_is_named_below_title_rows_too(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("一览表",), (), (*PLACE, "等级"), ("夜市", LON, LAT, 3), ("烧烤", LON, LAT, 9))
    assert told(path, lambda: read_hotspots(path, TOWN)) == [
        "重点场所!D5 (烧烤): 等级 9 is not a whole number between 1 and 5"
    ]


def test_a_place_too_far_off_is_named_by_its_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path, PLACE, ("夜市", 121.5, 31.2))
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said.startswith("重点场所!B2 (夜市): 121.50000, 31.20000 lies ")


# Sheets


def test_the_sheet_that_has_the_columns_is_found_and_those_that_are_hidden_are_not_looked_at(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("说明",), ("请勿改动",), sheet="说明", 场所=[PLACE, ("夜市", LON, LAT)])
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["场所"]).sheet_state = "hidden"
    book.save(path)
    assert [spot.name for spot in read_hotspots(path, TOWN)] == ["夜市"]


def test_of_several_such_sheets_one_is_to_be_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, PLACE, ("夜市", LON, LAT), sheet="田家庵", 山南=[PLACE, ("烧烤", LON, LAT)])
    assert told(path, lambda: read_hotspots(path, TOWN)) == [
        "the sheets 田家庵, 山南 all have the columns; say which one, as in hotspots.xlsx#田家庵"
    ]
    assert [spot.name for spot in read_hotspots(f"{path}#山南", TOWN)] == ["烧烤"]
    assert told(path, lambda: read_hotspots(f"{path}#潘集", TOWN)) == ["there is no sheet '潘集'; it has 田家庵, 山南"]


def test_a_workbook_without_such_a_sheet_tells_of_the_one_that_is_nearest(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("说明",), ("x",), 场所=[("名称", "经度"), ("夜市", LON)])
    assert told(path, lambda: read_hotspots(path, TOWN)) == ["场所: the header lacks lat (纬度); it has '名称, 经度'"]


@pytest.mark.parametrize("name", ["depots.xlsx", "depots.xlsx#集结点"])
def test_depots_incidents_and_hand_made_plans_are_read_from_workbooks_too(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path, PLACE, ("市局", LON, LAT), sheet="集结点")
    path.rename(tmp_path / "depots.xlsx")
    (depot,) = read_depots(tmp_path / name)
    assert (depot.id, depot.name, depot.lon) == ("市局", "市局", LON)
    points = workbook(tmp_path, ("报警时间", "经度", "纬度", "警情数"), ("2026-11-29", LON, LAT, "3起"))
    (incident,) = read_incidents(points, TOWN)
    assert incident.weight == 3


# Columns


@pytest.mark.parametrize(
    ("title", "near"),
    [
        ("驻流时间", "驻点时间 (dwell_min)"),
        ("优先极", "优先 (priority)"),
        ("营业始", "营业开始 (open)"),
        ("prioritty", "priority"),
        ("是否必训", "是否必巡 (required)"),
    ],
)
def test_a_column_that_is_not_understood_is_an_error_with_the_nearest_name(
    tmp_path: Path, title: str, near: str
) -> None:
    path = workbook(tmp_path, (*PLACE, title), ("夜市", LON, LAT, 3))
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said.startswith(f"重点场所: column {title!r} is not known; did you mean {near}")
    assert said.endswith("? Begin its title with # to leave it aside")


def test_one_that_is_like_no_other_is_told_all_there_are(tmp_path: Path) -> None:
    path = workbook(tmp_path, (*PLACE, "天气"), ("夜市", LON, LAT, "晴"))
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said.startswith("重点场所: column '天气' is not known; there are id 编号, name 名称, ")
    assert all(f"{own} {others[0]}" in said for own, others in HOTSPOTS.items())


def test_what_is_not_understood_keeps_no_row_from_being_looked_at(tmp_path: Path) -> None:
    path = workbook(tmp_path, (*PLACE, "天气", "等级"), ("夜市", LON, LAT, "晴", 9))
    said = told(path, lambda: read_hotspots(path, TOWN))
    assert [one.partition(" is not")[0] for one in said] == ["重点场所: column '天气'", "重点场所!E2 (夜市): 等级 9"]
    path = workbook(tmp_path, ("名称", "经渡", "纬度"), ("夜市", LON, LAT))
    said = told(path, lambda: read_hotspots(path, TOWN))
    assert [one.partition("; ")[0] for one in said] == [
        "重点场所: the header lacks lon (经度)", "重点场所: column '经渡' is not known",
    ]  # fmt: skip


def test_columns_of_one_table_are_not_those_of_another(tmp_path: Path) -> None:
    """A table of points of demand has no visits, and one of depots no priority: they would be dropped."""
    path = workbook(tmp_path, (*PLACE, "优先级"), ("市局", LON, LAT, 5))
    for read in (read_depots, lambda file: read_incidents(file, TOWN)):
        (said,) = told(path, lambda: read(path))  # noqa: B023 - called at once
        assert said.startswith("重点场所: column '优先级' is not known")


def test_what_stands_under_no_title_is_told_and_numbers_of_rows_are_not(tmp_path: Path) -> None:
    path = workbook(tmp_path, (*PLACE, None, "备注"), ("夜市", LON, LAT, "每晚", ""))
    assert told(path, lambda: read_hotspots(path, TOWN)) == [
        "重点场所: column D has no title, but holds '每晚'; give it one"
    ]
    counted = workbook(tmp_path, (None, *PLACE), (1, "夜市", LON, LAT), (2, "烧烤", LON, LAT))
    assert len(read_hotspots(counted, TOWN)) == 2


def test_two_columns_for_one_thing_are_one_sentence(tmp_path: Path) -> None:
    rows = [(f"店{number}", LON, LAT, 3, "高") for number in range(9)]
    path = workbook(tmp_path, (*PLACE, "优先级", "等级"), *rows)
    assert told(path, lambda: read_hotspots(path, TOWN)) == [
        "重点场所: columns 优先级, 等级 mean the same; keep one of them"
    ]


def test_a_serial_number_beside_a_number_is_left_aside(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("序号", "编号", *PLACE), (1, "H07", "夜市", LON, LAT))
    assert [spot.id for spot in read_hotspots(path, TOWN)] == ["H07"]


@pytest.mark.parametrize("title", ["医院名称", "店铺名称", "场所名称"])
def test_the_one_title_that_ends_in_a_name_is_the_name(tmp_path: Path, title: str) -> None:
    path = workbook(tmp_path, (title, "经度", "纬度", "城市名称"), ("夜市", LON, LAT, "淮南市"))
    assert [spot.name for spot in read_hotspots(path, TOWN)] == ["夜市"]


def test_no_title_is_both_read_and_left_aside() -> None:
    for title in {*ASIDE, *AMAP, *ASIDE_OF_INCIDENTS}:
        assert column_of(title) not in HEADERS or title in ("时间", "name", "id"), title
        assert title_of(title, HEADERS, ASIDE_OF_INCIDENTS).column in ("", "place"), title


def test_properties_of_other_programs_are_left_aside_and_slips_of_the_pen_are_not(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [LON, LAT]}
    foreign = {"@id": "node/1", "stroke": "#555", "marker-color": "#f00", "addr:street": "x", "type": "node", "源": "y"}
    (spot,) = read_hotspots(geojson(tmp_path, point, name="夜市", priority=4, **foreign), TOWN)
    assert (spot.name, spot.priority) == ("夜市", 4)
    for slip, near in (("prioritty", "priority"), ("驻流时间", "驻点时间 (dwell_min)")):
        path = geojson(tmp_path, point, name="夜市", **{slip: 4})
        (said,) = told(path, lambda: read_hotspots(path, TOWN))  # noqa: B023 - called at once
        assert said.startswith(f"feature 1 (夜市): property {slip!r} is not known; did you mean {near}")


# AMap, and whose coordinates they are


def moved(crs: str) -> tuple[float, float]:
    lon, lat = from_wgs84(LON, LAT, crs)
    return round(float(lon), 6), round(float(lat), 6)


@pytest.mark.parametrize(
    ("titles", "crs"),
    [
        (("lng_gcj", "lat_gcj"), "gcj02"),
        (("gcj02_lng", "gcj02_lat"), "gcj02"),
        (("高德经度", "高德纬度"), "gcj02"),
        (("经度（GCJ-02）", "纬度（GCJ-02）"), "gcj02"),
        (("百度经度", "百度纬度"), "bd09"),
        (("lng_bd09", "lat_bd09"), "bd09"),
        (("wgs84_lng", "wgs84_lat"), "wgs84"),
    ],
)
def test_titles_may_name_the_datum(tmp_path: Path, titles: tuple[str, str], crs: str) -> None:
    path = workbook(tmp_path, ("name", *titles), ("夜市", *moved(crs)))
    (spot,) = read_hotspots(path, TOWN)
    assert metres_between((spot.place.lon, spot.place.lat), (LON, LAT)) < 1
    other = "wgs84" if crs != "wgs84" else "bd09"
    assert told(path, lambda: read_hotspots(path, TOWN, crs=other)) == [
        f"重点场所: is in {crs} by its titles, which crs {other!r} contradicts; leave one of them out"
    ]


def test_of_coordinates_in_two_datums_those_of_gps_are_taken(tmp_path: Path) -> None:
    titles = ("name", "lng_gcj02", "lat_gcj02", "lng_wgs84", "lat_wgs84")
    path = workbook(tmp_path, titles, ("夜市", *moved("gcj02"), LON, LAT))
    (spot,) = read_hotspots(path, TOWN)
    assert spot.place.distance_m < 1


AMAP_TITLES = ("id", "name", "type", "typecode", "address", "location", "pname", "cityname", "adname", "tel")


def test_amaps_own_answer_is_in_its_own_datum(tmp_path: Path) -> None:
    lon, lat = moved("gcj02")
    row = ("B1", "夜市", "餐饮服务;中餐厅", "050100", "龙湖路", f"{lon},{lat}", "安徽省", "淮南市", "田家庵区", "[]")
    (spot,) = read_hotspots(workbook(tmp_path, AMAP_TITLES, row), TOWN)
    assert (spot.id, spot.name, spot.kind) == ("B1", "夜市", "hotspot")
    assert metres_between((spot.place.lon, spot.place.lat), (LON, LAT)) < 1


def test_an_export_that_does_not_name_the_datum_is_asked_for_it(tmp_path: Path) -> None:
    titles = (
        "id",
        "行业类型",
        "医院名称",
        "医院大类",
        "医院地址",
        "联系电话",
        "经度",
        "纬度",
        "省份代码",
        "城市名称",
        "所在商圈",
    )
    row = ("B1", "", "夜市", "医疗", "龙湖路", "", *moved("gcj02"), 340000, "淮南市", "")
    path = workbook(tmp_path, titles, row)
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said == (
        "重点场所: looks like an export of AMap, whose coordinates are GCJ-02 unless somebody has moved them; say "
        'which they are: crs = "gcj02" or crs = "wgs84"'
    )
    (spot,) = read_hotspots(path, TOWN, crs="gcj02")
    assert metres_between((spot.place.lon, spot.place.lat), (LON, LAT)) < 1


POI = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "poi" / "amap_hospital_dongcheng_gbk.csv"


@pytest.mark.skipif(not POI.exists(), reason="needs a place search of AMap beside the project")
def test_a_place_search_of_amap_is_understood_whole() -> None:
    (asked,) = complaints_of(lambda: read_hotspots(POI, TOWN))
    assert "looks like an export of AMap" in asked
    found = complaints_of(lambda: read_hotspots(POI, TOWN, crs="gcj02", snap_m=1e8))
    assert all("the id 'B" in said for said in found), found[0]  # 43 places are in it twice
    assert len(found) == 43


# One file, one advice


def test_coordinates_that_are_all_swapped_are_one_sentence(tmp_path: Path) -> None:
    rows = [(f"店{number}", LAT, LON) for number in range(30)]
    path = workbook(tmp_path, PLACE, *rows)
    assert told(path, lambda: read_hotspots(path, TOWN)) == [
        "重点场所: longitude and latitude look swapped in all 30 rows; exchange the titles 经度 and 纬度"
    ]
    path = workbook(tmp_path, ("名称", "坐标"), *[(name, f"{lat},{lon}") for name, lat, lon in rows])
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said.endswith("all 30 rows; write the longitude first, or call the column 纬度,经度 instead of 坐标")


def test_where_some_rows_are_swapped_they_are_counted_and_named(tmp_path: Path) -> None:
    rows = [(f"店{number}", *((LAT, LON) if number % 2 else (LON, LAT))) for number in range(14)]
    path = workbook(tmp_path, PLACE, *rows)
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    named = ", ".join(f"重点场所!A{number}" for number in (3, 5, 7, 9, 11))
    assert said == f"重点场所: longitude and latitude look swapped in 7 of 14 rows: {named}, …"


def test_a_list_in_another_datum_gets_one_advice_for_all_its_rows(tmp_path: Path) -> None:
    places = [from_wgs84(*lonlat(east, 0), "gcj02") for east in (50, 150, 250, 350, 450)]
    rows = [(f"店{number}", round(float(lon), 6), round(float(lat), 6)) for number, (lon, lat) in enumerate(places)]
    path = workbook(tmp_path, PLACE, *rows)
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said == (
        "重点场所: 5 of 5 places lie more than 100 m from every street; 5 would fit as coordinates of AMap (GCJ-02): "
        'give crs="gcj02"'
    )
    assert len(read_hotspots(path, TOWN, crs="gcj02")) == 5


# Nights


def test_a_night_may_name_a_workbook_and_one_of_its_sheets(tmp_path: Path) -> None:
    here = (117.0035, 32.6249)
    workbook(
        tmp_path,
        *[("名称", "经纬度"), ("市局", f"{here[0]}，{here[1]}")],
        sheet="集结点",
        场所=[("场所名称", "经纬度", "营业时间"), ("夜市", "117.0012,32.6405", "晚上8点到次日2点")],
    )
    night = pr.night_from(
        {
            "date": "2026年11月29日",
            "map": {"source": "bundled"},
            "shift": {"start": "晚上8点半", "end": "25:30"},
            "depots": "hotspots.xlsx#集结点",
            "crews": [{"depot": "市局"}],
            "hotspots": [{"file": ".\\hotspots.xlsx#场所"}],
        }
    )
    assert (night.date, night.shift.start, night.shift.end) == (dt.date(2026, 11, 29), "20:30", "25:30")
    run = pr.NightRun(night, tmp_path)
    (crew,) = run.crews()
    assert (crew.start.hour, crew.end.day, crew.end.hour, crew.depot_name) == (20, 30, 1, "市局")
    (spot,) = run.hotspots(night.hotspots[0], run.networks()["car"])
    assert (spot.name, windows(spot)) == ("夜市", ["20:00-02:00"])


def test_a_sheet_behind_a_link_out_of_the_folder_is_out_of_reach_too(tmp_path: Path) -> None:
    folder = tmp_path / "night"
    folder.mkdir()
    (folder / "hotspots.xlsx").symlink_to(workbook(tmp_path, PLACE, ("夜市", LON, LAT)))
    night = {
        "date": "2026-11-29",
        "map": {"source": "bundled"},
        "shift": {"start": "20:30", "end": "23:30"},
        "depots": [{"id": "市局", "lon": 117.0035, "lat": 32.6249}],
        "crews": [{"depot": "市局"}],
        "hotspots": [{"file": "hotspots.xlsx#重点场所"}],
    }
    (said,) = complaints_of(lambda: pr.NightRun(pr.night_from(night), folder))
    assert "lies outside the folder of the night" in said


def test_json_rows_of_a_night_are_read_as_tables_are() -> None:
    rows = json.loads(json.dumps([{"名称": "夜市", "坐标": f"{LON}，{LAT}", "等级": "高", "驻点时间": "半小时"}]))
    (spot,) = pr.hotspots_from(rows, TOWN)
    assert (spot.priority, spot.dwell_s) == (5, 1800)


def test_formulas_that_were_never_worked_out_are_told_once_by_the_first_cell(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, (*PLACE, "等级", "#合计"), ("夜市", LON, LAT, "=2+3", "=1"), ("烧烤", LON, "=32", 4, "=1")
    )
    (said,) = told(path, lambda: read_hotspots(path, TOWN))
    assert said == (
        "重点场所!D2 (and 1 more): holds a formula that was never worked out; open it in Excel or WPS and save it, "
        "or write the value itself"
    )
    with pytest.raises(TableError) as caught:
        read_hotspots(path, TOWN)
    assert "重点场所!D2（另有 1 处）：公式还没有算出结果" in caught.value.items[0].sentence_zh
    fine = workbook(tmp_path, (*PLACE, "等级"), ("夜市", LON, LAT, 1), ("合计", None, None, "=SUM(D2:D2)"))
    assert len(read_hotspots(fine, TOWN)) == 1

"""A campaign's workbook as planners spoil it: every wrong cell is named, all at once, and marked in a copy."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest

from patrolroute.base.errors import CampaignError, NightError
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.campaign import issuing
from patrolroute.campaign.folder import CampaignFolder
from patrolroute.campaign.model import Campaign
from patrolroute.campaign.reading import read_campaign
from patrolroute.campaign.starter import campaign_file
from patrolroute.campaign.workbook.kinds import DayKind
from patrolroute.campaign.workbook.laying import laid
from patrolroute.campaign.workbook.reading import holds_campaign
from patrolroute.campaign.workbook.turning import campaign_bytes
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main
from patrolroute.demand.workbooks import SheetCells
from patrolroute.network.graph import to_graphml_bytes
from patrolroute.night.run import read_night
from tests.campaign.killed import write
from tests.campaign.test_workbook_lossless import RICH
from tests.campaign.towns import MAP, entries, placed
from tests.search.grid import town

NAME = "夜巡.xlsx"
TODAY = ("--today", "2026-05-01")


@cache
def rich(lang: Lang) -> bytes:
    return campaign_bytes(Campaign.model_validate(entries(**RICH)), ".xlsx", lang=lang)


def spoilt(
    folder: Path, cells: Mapping[str, Any], *, lang: Lang = "zh", more: Callable[[Any], object] | None = None
) -> Path:
    """Write a rich campaign with some cells changed, each named as ``停排!A3``."""
    path = folder / NAME
    path.write_bytes(rich(lang))
    (folder / MAP).write_bytes(to_graphml_bytes(town(3)))
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
    if more is not None:
        more(book)
    book.save(path)
    return path


@cache
def sheets(lang: Lang) -> Mapping[str, SheetCells]:
    """Return the sheets of a rich campaign as they are read from its file, whose first row is a remark."""
    found = laid(Campaign.model_validate(entries(**RICH)), lang).as_read()
    return {
        name: replace(sheet, rows=[(number + 1, row) for number, row in sheet.rows]) for name, sheet in found.items()
    }


def typed(cells: Mapping[str, Any]) -> Campaign:
    """Read a rich campaign with some cells changed, without a file between."""
    book = {name: {number: [*row] for number, row in sheet.rows} for name, sheet in sheets("zh").items()}
    for place, value in cells.items():
        sheet, _, cell = place.partition("!")
        row = book[sheet].setdefault(int(cell[1:]), [])
        row += [None] * (ord(cell[0]) - ord("A") + 1 - len(row))
        row[ord(cell[0]) - ord("A")] = value
    found = {
        name: SheetCells(name, [(at, rows[at]) for at in sorted(rows) if any(rows[at])]) for name, rows in book.items()
    }
    with patch("patrolroute.campaign.workbook.reading.read_workbook", lambda _: found):
        return read_campaign(NAME)


@pytest.mark.parametrize("lang", LANGS)
def test_as_it_was_written_it_is_the_campaign(tmp_path: Path, lang: Lang) -> None:
    assert read_campaign(spoilt(tmp_path, {}, lang=lang)) == Campaign.model_validate(entries(**RICH))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("6月20日", "2026-06-20", None),
        ("6月20日（周六）", "2026-06-20", None),
        ("6.20", "2026-06-20", None),
        ("6-20", "2026-06-20", None),
        ("６／２０", "2026-06-20", None),
        ("2026.6.20", "2026-06-20", None),
        ("2026/6/20", "2026-06-20", None),
        ("2026年6月20日", "2026-06-20", None),
        (dt.datetime(2026, 6, 20), "2026-06-20", None),  # noqa: DTZ001 - as Excel has it
        (dt.date(2026, 6, 20), "2026-06-20", None),
        (46193, "2026-06-20", None),
        ("6月20日至22日", "2026-06-20", "2026-06-22"),
        ("6月20日－7月2日", "2026-06-20", "2026-07-02"),
        ("6.20-7.2", "2026-06-20", "2026-07-02"),
        ("2026.6.20-2026.7.2", "2026-06-20", "2026-07-02"),
        ("2026-06-20 至 2026-07-02", "2026-06-20", "2026-07-02"),
        ("2026-06-20~07-02", "2026-06-20", "2026-07-02"),
        ("6月底", None, None),
    ],
)
def test_days_are_read_as_planners_write_them(written: Any, first: str | None, last: str | None) -> None:
    if first is None:
        with pytest.raises(CampaignError, match=r"停排!A4"):
            typed({"停排!A4": written})
        return
    assert [str(day) for day in typed({"停排!A4": written}).off[1].ends] == [first, last or first]


def test_a_day_without_a_year_is_the_campaigns_and_outside_it_is_told() -> None:
    assert str(typed({"指定夜晚!A3": "5月9日"}).nights[0].date) == "2026-05-09"
    with pytest.raises(CampaignError, match=r"指定夜晚!A3 \(日期\): 2026-01-05 is not between"):
        typed({"指定夜晚!A3": "1月5日"})


def test_empty_rows_totals_notes_and_merged_cells_are_no_fault(tmp_path: Path) -> None:
    def more(book: Any) -> None:
        book["停排"].insert_rows(4, 3)
        book["停排"]["A12"], book["停排"]["A13"] = "合计", "注：以实际为准"
        duties = book["缺勤与限制"]  # one merged cell of two absences of a crew
        duties["A4"] = None
        duties.merge_cells("A3:A4")
        duties.merge_cells("A1:G1")
        book["定额"]["E2"], book["定额"]["E3"] = "备注", "随便写"

    assert read_campaign(spoilt(tmp_path, {}, more=more)) == Campaign.model_validate(entries(**RICH))


def test_rows_of_a_crew_are_one_entry_until_a_second_one_limits_it() -> None:
    cells = {"缺勤与限制!A6": "E01", "缺勤与限制!B6": "7月1日", "缺勤与限制!A7": "E01", "缺勤与限制!G7": "3晚"}
    duties = [duty for duty in typed(cells).duties if duty.crew == "E01"]
    assert [(len(duty.absent), duty.weekdays, duty.most) for duty in duties] == [(1, ["fri", "sun"], None), (0, [], 3)]


def test_counts_may_have_their_units_behind_them() -> None:
    cells = {"行动!B8": "二十晚", "行动!B10": "3天", "行动!B16": "2个", "行动!B20": "4小时", "行动!B24": "15分钟"}
    found = typed(cells | {"定额!B3": "4次"})
    assert (found.rule.in_all, found.rule.spacing_days, found.share.crews, found.share.hours) == (20, 3, 2, 4.0)
    assert found.draw is not None
    assert (found.draw.minutes, found.quotas[0].each_period) == (15, 4)


def test_depots_of_a_share_may_be_called_by_their_names() -> None:
    found = typed({"集结点!A3": "西所", "行动!B17": "西所：1个、east 1"})
    assert found.share.least == {"west": 1, "east": 1}


WRONG: dict[str, tuple[Any, str, str]] = {
    "行动!B6": ("每半年", "应为半月、月、两周、周之一", "is not one of"),
    "行动!B9": ("星期八", "星期应写成 周五至周日 这样", "write weekdays as"),
    "行动!B13": ("随便", "应为照常、不排之一", "is not one of"),
    "行动!B16": ("很多", "应为整数", "valid integer"),
    "行动!B17": ("市局三个", "应写成名称加数量", "is not a name with a number"),
    "指定夜晚!A3": ("某天", "应为日期", "valid date"),
    "停排!C3": ("2026-05-31", "早于第一天", "is not on or after"),
    "主题夜!B3": ("几晚", "应为整数", "valid integer"),
    "主题道路!A4": ("早市", "没有主题 '早市'", "no theme is called '早市'"),
    "主题道路!C3": (9, "不应大于 5", "less than or equal to 5"),
    "主题时段!B3": ("晚上", "时段请写成", "write hours as"),
    "缺勤与限制!G3": (-1, "不应小于 0", "greater than or equal to 0"),
    "换班!B3": (None, "缺少这一项", "is missing"),
    "定额!B3": ("常去", "应为整数", "valid integer"),
    "重点道路!B3": (8, "不应大于 5", "less than or equal to 5"),
}
"""What is put into a cell, and what is said of it; all of these come together."""


@pytest.mark.parametrize("lang", LANGS)
def test_all_that_is_wrong_is_told_at_once_by_sheet_and_cell(lang: Lang) -> None:
    with pytest.raises(CampaignError) as caught:
        typed({place: value for place, (value, _, _) in WRONG.items()})
    said = {item.said(lang) for item in caught.value.items}
    for place, (_, zh, en) in WRONG.items():
        rule = {"zh": zh, "en": en}[lang]
        assert any(f"{place}" in line and rule in line for line in said), (place, said)
    assert len(said) == len(WRONG)
    assert {item.path[0] for item in caught.value.items if item.path} >= {"rule", "themes", "off", "night"}


MEANT: dict[str, tuple[Any, str, str]] = {
    "指定夜晚!B4": ("早市", "没有 '早市'", "no theme is called '早市'"),
    "指定夜晚!A3": ("2027-05-08", "不在 2026-05-08 至 2026-07-31 之内", "is not between"),
    "主题夜!D3": (1, "至少 2 晚与最多 1 晚相矛盾", "contradict one another"),
    "缺勤与限制!A5": ("X9", "没有 'X9'", "no crew is called 'X9'"),
    "换班!C3": ("E09", "是否为 E0", "did you mean E0"),
    "行动!B16": (9, "超过常规一晚的 4 个", "are more than the 4"),
    "行动!B17": ("north 1", "没有 'north'，已有 east, west", "no depot is called 'north'"),
}  # fmt: skip
"""What breaks no form, but means nothing; told together as well."""


@pytest.mark.parametrize("lang", LANGS)
def test_names_that_mean_nothing_are_told_by_their_cells(lang: Lang) -> None:
    with pytest.raises(CampaignError) as caught:
        typed({place: value for place, (value, _, _) in MEANT.items()})
    said = {item.said(lang) for item in caught.value.items}
    for place, (_, zh, en) in MEANT.items():
        rule = {"zh": zh, "en": en}[lang]
        row = place if place != "主题夜!D3" else "主题夜!"
        assert any(row in line and rule in line for line in said), (place, said)


def test_a_crew_of_the_base_night_is_named_by_its_own_row() -> None:
    with pytest.raises(CampaignError, match=r"夜巡\.xlsx: 车组!B4 \(集结点\): depot 'nowhere'"):
        typed({"车组!B4": "nowhere"})


def test_what_is_wrong_with_a_map_or_a_calendar_is_told_by_its_cell_or_by_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt(tmp_path, {"重点道路!A3": "row 0、rov 1"})
    assert main(["campaign", "next", str(tmp_path), *TODAY, "--lang", "zh"]) == INPUT_FAULT
    assert "夜巡.xlsx：重点道路!A3（路名）：地图上没有“rov 1”这条路" in capsys.readouterr().err
    spoilt(tmp_path, {"缺勤与限制!G3": 1, "缺勤与限制!A5": "E", "缺勤与限制!F5": None, "缺勤与限制!G5": 1})
    assert main(["campaign", "next", str(tmp_path), *TODAY, "--lang", "zh"]) == INPUT_FAULT
    said = capsys.readouterr().err
    assert "车组：各车组最多晚数合起来，不够每晚出勤" in said or "日历：" in said
    assert "夜巡.xlsx：" not in said


def test_sheets_and_columns_that_nobody_knows_are_faults(tmp_path: Path) -> None:
    def more(book: Any) -> None:
        book["停排"].title = "停牌"
        book["定额"]["B2"] = "每期次"

    with pytest.raises(CampaignError) as caught:
        read_campaign(spoilt(tmp_path, {}, more=more))
    said = "\n".join(item.sentence_zh for item in caught.value.items)
    assert "没有 '停牌' 这张表，是否为 停排？" in said
    assert "没有 '每期次' 这一列" in said


def test_what_says_itself_twice_is_told() -> None:
    with pytest.raises(CampaignError, match=r"停排!A4 \(日期\): says from when to when"):
        typed({"停排!A4": "7月1日至3日", "停排!B4": "2026-07-01"})
    with pytest.raises(CampaignError, match=r"行动!B27 \(常规夜文件\): the base night is in a file"):
        typed({"行动!B27": "night.toml"})
    with pytest.raises(CampaignError, match=r"行动其他!B4.*written twice"):
        typed({"行动其他!A4": "rule.nights", "行动其他!B4": 3})


@pytest.mark.parametrize("lang", LANGS)
def test_wrong_cells_are_red_in_a_copy_that_is_no_campaign_of_the_folder(
    tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    path = spoilt(tmp_path, {"停排!A4": "某天", "车组!B4": "nowhere"})
    before = path.read_bytes()
    assert main(["campaign", "status", str(tmp_path), *TODAY, "--lang", lang]) == INPUT_FAULT
    said = capsys.readouterr().err
    assert "停排!A4" in said
    assert path.read_bytes() == before
    copy = next(tmp_path.glob("夜巡*（需修改）.xlsx" if lang == "zh" else "夜巡 (to correct).xlsx"))
    cell = openpyxl.load_workbook(copy)["停排"]["A4"]
    assert cell.comment is not None
    assert cell.fill.fgColor.rgb == "FFFFC7CE"
    assert CampaignFolder.at(tmp_path).file == path


def test_what_excel_keeps_beside_an_open_workbook_and_other_workbooks_are_no_campaign(tmp_path: Path) -> None:
    path = spoilt(tmp_path, {})
    (tmp_path / f"~${NAME}").write_bytes(b"\x05Excel")
    openpyxl.Workbook().save(tmp_path / "名单.xlsx")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    assert CampaignFolder.at(tmp_path).file == path


def test_a_workbook_that_is_alone_says_what_it_lacks(tmp_path: Path) -> None:
    def more(book: Any) -> None:
        book["行动"].title = "2026年行动"

    path = spoilt(tmp_path, {}, more=more)
    with pytest.raises(CampaignError, match="has no sheet 行动") as caught:
        CampaignFolder.at(tmp_path).campaign()
    assert any("没有 '2026年行动' 这张表" in item.sentence_zh for item in caught.value.items)
    path.unlink()
    with pytest.raises(CampaignError, match="there is neither"):
        CampaignFolder.at(tmp_path)


@pytest.mark.parametrize("other", ["campaign.toml", "夜巡 - 副本.xlsx"])
def test_of_two_campaigns_in_a_folder_none_is_taken_for_the_right_one(tmp_path: Path, other: str) -> None:
    path = spoilt(tmp_path, {})
    (tmp_path / other).write_bytes(path.read_bytes())
    with pytest.raises(CampaignError, match="several files of a campaign") as caught:
        CampaignFolder.at(tmp_path)
    assert "有几个行动文件" in caught.value.items[0].sentence_zh
    assert CampaignFolder.at(path).file == path


def test_a_workbook_that_cannot_be_read_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = spoilt(tmp_path, {})

    def locked(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert main(["campaign", "status", str(path), *TODAY, "--lang", "zh"]) == INPUT_FAULT
    assert "如果正在 Excel 或 WPS 中打开，请先保存并关闭" in capsys.readouterr().err
    monkeypatch.undo()
    path.write_bytes(b"PK\x03\x04 cut off")
    assert main(["campaign", "status", str(path), *TODAY, "--lang", "zh"]) == INPUT_FAULT
    assert "夜巡.xlsx" in capsys.readouterr().err


def test_neither_is_taken_for_the_other(tmp_path: Path) -> None:
    path = spoilt(tmp_path, {})
    with pytest.raises(NightError) as caught:
        read_night(path)
    assert [item.sentence_zh.rpartition("：")[2] for item in caught.value.items] == [
        "这是半月行动的工作簿，请用 patrolroute campaign 的各项命令"
    ]
    night = tmp_path / "night.xlsx"
    assert main(["new", str(night)]) == DONE
    with pytest.raises(CampaignError, match="has no sheet 行动") as other:
        read_campaign(night)
    assert len(other.value.items) == 1


def test_a_campaign_runs_from_its_workbook_and_an_edit_holds_from_the_next_night_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = spoilt(tmp_path, {})
    place = CampaignFolder.at(tmp_path)
    first = issuing.issue(place, write=write).night
    assert str(first.date) == "2026-05-08"
    book = openpyxl.load_workbook(path)
    book["停排"]["A5"] = "7月10日"
    book["指定夜晚"]["A4"], book["指定夜晚"]["B4"] = "7月11日", None
    book.save(path)
    assert main(["campaign", "status", str(tmp_path), "--today", "2026-05-09", "--lang", "zh"]) == DONE
    said = capsys.readouterr().out
    assert "2026年5月8日" in said
    assert "2026年7月11日" in said
    assert "2026年7月10日" not in said
    assert main(["campaign", "cancel", str(tmp_path), "2026-05-09", "--lang", "zh"]) == INPUT_FAULT
    assert "行动!" not in capsys.readouterr().err


def test_a_campaign_that_is_turned_into_a_workbook_goes_on(tmp_path: Path) -> None:
    placed(tmp_path, quotas=[{"name": "row 2", "each_period": 2}])
    first = issuing.issue(CampaignFolder.at(tmp_path), write=write).night
    (tmp_path / NAME).write_bytes(campaign_file(tmp_path, tmp_path / NAME, "zh"))
    (tmp_path / "campaign.json").unlink()
    place = CampaignFolder.at(tmp_path)
    assert place.file.name == NAME
    second = issuing.issue(place, write=write).night
    assert [night.date for night in place.state().nights] == [first.date, second.date]
    assert first.date < second.date


def test_a_report_never_writes_over_the_campaign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = spoilt(tmp_path, {}).rename(tmp_path / "campaign.xlsx")
    before = path.read_bytes()
    assert main(["campaign", "report", str(tmp_path), "-o", str(tmp_path), *TODAY]) == DONE
    assert path.read_bytes() == before
    assert CampaignFolder.at(tmp_path).file == path
    path = path.rename(tmp_path / "report.xlsx")
    assert main(["campaign", "report", str(tmp_path), "-o", str(tmp_path), *TODAY]) == INPUT_FAULT
    assert "请换一个输出文件夹" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_day_that_a_number_cannot_tell_is_not_guessed() -> None:
    assert [DayKind().read(value) for value in (7.1, 8.2, 10.3)] == ["7.1 / 7.10", "8.2 / 8.20", "10.3 / 10.30"]
    assert [DayKind().read(value) for value in (8.7, "7.1", "7.10")] == ["8.7", "7.1", "7.10"]


def test_a_damaged_workbook_is_none_of_a_campaign(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<sheets>" + "x" * 4000 + "</sheets>")
    content = bytearray(path.read_bytes())
    content[46:60] = b"\xff" * 14
    path.write_bytes(content)
    assert not holds_campaign(path)

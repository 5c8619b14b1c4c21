"""Wrong cells of a night's workbook: each is told by its sheet and cell, its value and the rule, in both languages."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from patrolroute.base.errors import Complaint, Complaints, NightError, TableError
from patrolroute.base.vocabulary import LANGS
from patrolroute.night.examine import examine_file
from patrolroute.night.reading import traced
from patrolroute.night.run import NightRun, read_night
from patrolroute.workbook.cells import CellComplaint
from patrolroute.workbook.marks import marked_copy
from tests.night.workbooks import changed, opened

FORM: tuple[tuple[str, Any, str, str], ...] = (
    ("基本!B4", None, "missing", "缺少"),
    ("基本!B4", "5月32日", "'5月32日'", "日期"),
    ("基本!B5", "25:99", "'25:99'", "钟点"),
    ("基本!B6", "散场", "'散场'", "钟点"),
    ("基本!B7", "手绘", "'手绘' is not one of", "示意图"),
    ("基本!B11", "北京54", "'北京54'", "wgs84"),
    ("基本!B14", "快", "'快' is not one of", "见警率"),
    ("基本!B15", -5, "-5", "大于 0"),
    ("基本!B18", "随便", "'随便'", "整数"),
    ("基本!B21", "大概", "'大概' is not a yes or no", "是"),
    ("基本!B23", "很远", "'很远'", "数字"),
    ("基本!A3", "名号", "entry '名号' is not known; did you mean 名称?", "是否为 名称"),
    ("集结点!C3", "一一七", "'一一七'", "数字"),
    ("集结点!D4", None, "missing", "（纬度）：缺少"),
    ("车组!B4", None, "missing", "缺少"),
    ("车组!G5", "20点60", "'20点60'", "钟点"),
    ("车组!I6", "飞巡", "'飞巡' is not one of", "步巡"),
    ("车组!L7", "一会儿", "'一会儿'", "数字"),
    ("车组!L8", -3, "-3", "大于 0"),
    ("车组!N9", 2, "names a single crew", "prefix"),
    ("车组!N10", 1.5, "1.5", "整数"),
    ("车组!T11", "远", "'远'", "数字"),
    ("车组!W2", "车号码", "column '车号码' is not known", "车号码"),
    ("车组!AB12", "电台坏了", "'电台坏了' stands under no title", "没有表头"),
    ("车组!B2", "出发地", "column '出发地' is not known", "出发地"),
    ("重点道路!B4", 9, "9", "不应大于 5"),
    ("重点道路!B5", "顶级", "'顶级'", "整数"),
    ("重点道路!C5", "也许", "'也许' is not a yes or no", "是"),
    ("重点道路!D6", 0, "0", "不应小于 1"),
    ("重点道路!E7", "#REF!", "a formula", "公式"),
    ("重点道路!I3", "{坏的", "is not JSON", "JSON"),
    ("重点场所!Q4", "走路", "'走路' is not one of", "步巡"),
    ("封闭与缓行!A3", "堵车", "'堵车' is not one of", "封闭"),
    ("封闭与缓行!D3", 0.5, "at least one of names", "names"),
    ("重点时段!A3", "22:00-23:30", "missing", "缺少"),
    ("重点时段!B3", 2, "missing", "缺少"),
    ("巡区!B3", "117.0, 32.6; 117.1, 32.6; 117.1, 32.7", "has no name", "没有名称"),
    ("巡区!A3", "东片", "is empty; give it corners", "没有范围"),
    ("其他!A3", "车速", "is missing|no such entry|车速", "没有|缺少"),
    ("备忘!A1", "给王队", "sheet '备忘' is not known", "备忘"),
)
"""Where, what stands there, what is said in English and in Chinese, as far as it is looked at."""


TOLD_AT = {
    ("车组!N9", 2): "车组!A9",
    ("封闭与缓行!D3", 0.5): "封闭与缓行!A3",
    ("重点时段!A3", "22:00-23:30"): "重点时段!B3",
    ("重点时段!B3", 2): "重点时段!A3",
    ("巡区!B3", "117.0, 32.6; 117.1, 32.6; 117.1, 32.7"): "巡区!A3",
    ("巡区!A3", "东片"): "巡区!B3",
    ("其他!A3", "车速"): "其他!B3",
}
"""Where something else is told than the cell that was changed: what is missing, and what two cells make together."""


def wrong(path: Path) -> list[Complaint]:
    with pytest.raises(NightError) as caught:
        read_night(path)
    return list(caught.value.items)


def cells(items: list[Complaint]) -> list[str]:
    return [str(item.cell) for item in items if isinstance(item, CellComplaint)]


@pytest.mark.parametrize(("cell", "value", "english", "chinese"), FORM)
def test_a_wrong_cell_is_told_by_sheet_and_cell_its_value_and_the_rule(
    tmp_path: Path, cell: str, value: Any, english: str, chinese: str
) -> None:
    path = changed(tmp_path, {cell: value})
    (found,) = wrong(path)
    assert isinstance(found, CellComplaint)
    assert str(found.cell) == TOLD_AT.get((cell, value), cell)
    assert re.search(english, found.sentence_en)
    assert found.sentence_en.startswith(f"{path}: {found.cell}")
    assert re.search(chinese, found.sentence_zh)
    assert found.sentence_zh.startswith(f"{path}：{found.cell}")
    assert not re.search(r"crews\[|streets\[|hotspots\[|basics", found.sentence_zh)


def test_all_wrong_cells_are_told_at_once(tmp_path: Path) -> None:
    planted = {
        "基本!B4": "明天",
        "车组!G5": "晚上",
        "车组!I6": "飞巡",
        "重点道路!B4": 9,
        "备忘!A1": "x",
        "车组!W2": "警种",
    }
    assert sorted(cells(wrong(changed(tmp_path, planted)))) == sorted(planted)


LATER: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"重点道路!A3": "龙胡路、学院路"}, "重点道路!A3", "龙湖路"),
    ({"车组!B5": "鬼所"}, "车组!B5", "鬼所"),
    ({"车组!K6": "不存在的所"}, "车组!K6", "不存在的所"),
    ({"重点场所!C5": 118.5}, "重点场所!C5", "最近的道路"),
    ({"重点场所!C6": 32.6, "重点场所!D6": 117.0}, "重点场所!C6", "写反"),
    ({"重点场所!H6": "特级"}, "重点场所!H6", "1 到 5"),
    ({"重点场所!F7": "晚上"}, "重点场所!F7", "晚上"),
    ({"重点场所!A8": None}, "重点场所!A8", "空"),
    ({"重点场所!I9": "也许"}, "重点场所!I9", "也许"),
    ({"封闭与缓行!B3": "鬼路"}, "封闭与缓行!B3", "鬼路"),
    ({"封闭与缓行!B3": "龙湖路", "封闭与缓行!C3": "05:00-06:00"}, "封闭与缓行!C3", "05:00-06:00"),
    ({"集结点!C3": 119.5}, "集结点!C3", "最近的道路"),
    ({"车组!L4": 20, "车组!M4": "05:00-06:00"}, "车组!M4", "05:00-06:00"),
    ({"重点场所!F3": "9点到11点"}, "重点场所!F3", "若指 21:00-23:00"),
    ({"车组!G4": "20点", "车组!H4": "12点半"}, "车组!H4", "若指 00:30 结束"),
    ({"车组!J4": "东至鬼路，南至国庆中路，西至龙湖路"}, "车组!J4", "鬼路"),
    ({"车组!J4": "东片", "巡区!A3": "东片", "巡区!B3": "东至鬼路，南至国庆中路，西至龙湖路"}, "巡区!B3", "鬼路"),
    ({"重点时段!A3": "22:00-23:00", "重点时段!B3": 2, "重点时段!C3": "鬼街"}, "重点时段!C3", "鬼街"),
    ({"车组!J4": "nofile.geojson"}, "", "nofile.geojson"),
)
"""What is only found when the night is put together: cells changed, the cell that is told, a piece of the sentence."""


@pytest.mark.parametrize(("planted", "cell", "chinese"), LATER)
def test_what_is_found_on_the_map_later_is_told_by_its_cell_too(
    tmp_path: Path, planted: dict[str, Any], cell: str, chinese: str
) -> None:
    path = changed(tmp_path, planted)
    night = read_night(path)
    with pytest.raises((NightError, TableError, ValueError)) as caught:
        NightRun.trusting(night, tmp_path).problem()
    items = traced(path, caught.value.items)
    found = [item for item in items if chinese in item.sentence_zh]
    assert found
    if cell:
        assert isinstance(found[0], CellComplaint)
        assert str(found[0].cell).startswith(cell)
        assert found[0].to_dict()["cell"] == str(found[0].cell)


def test_the_doctor_tells_cells_and_notes_them(tmp_path: Path) -> None:
    path = changed(tmp_path, {"车组!B5": "鬼所", "重点道路!B4": 9, "重点道路!A3": "龙胡路"})
    noted = Complaints()
    said = str(examine_file(path, "zh", noted=noted))
    for cell in ("车组!B5（集结点）", "重点道路!B4（优先级）", "重点道路!A3（路名）"):
        assert cell in said
    assert {str(item.cell) for item in noted.items if isinstance(item, CellComplaint)} >= {"车组!B5", "重点道路!B4"}


def test_where_an_entry_was_cut_out_no_wrong_row_is_blamed(tmp_path: Path) -> None:
    noted = Complaints()
    examine_file(changed(tmp_path, {"车组!G4": "晚上", "车组!B9": "鬼所"}), "zh", noted=noted)
    told = {str(item.cell) for item in noted.items if isinstance(item, CellComplaint)}
    assert "车组!G4" in told
    assert not told & {f"车组!B{row}" for row in range(3, 9)}


@pytest.mark.parametrize("lang", LANGS)
def test_a_copy_has_the_cells_in_red_with_their_reasons_and_all_else_as_it_was(tmp_path: Path, lang: Any) -> None:
    path = changed(tmp_path, {"车组!G5": "晚上", "重点道路!B4": 9})
    before = path.read_bytes()
    copy = marked_copy(path, wrong(path), lang=lang)
    assert copy is not None
    assert copy.name == {"zh": "夜巡（需修改）.xlsx", "en": "夜巡 (to correct).xlsx"}[lang]
    assert path.read_bytes() == before
    book, own = openpyxl.load_workbook(copy), openpyxl.load_workbook(path)
    for cell, value in (("G5", "晚上"), ("B4", "9")):
        marked = book["车组" if cell == "G5" else "重点道路"][cell]
        assert marked.fill.fgColor.rgb == "FFFFC7CE"
        assert value in marked.comment.text
    assert book.active.title == "车组"
    assert [page.freeze_panes for page in book] == [page.freeze_panes for page in own]
    page = book["车组"]
    assert page["A2"].comment.text == own["车组"]["A2"].comment.text
    assert page.column_dimensions["B"].width == own["车组"].column_dimensions["B"].width
    assert len(page.data_validations.dataValidation) == len(own["车组"].data_validations.dataValidation)
    assert page["B3"].font.name == own["车组"]["B3"].font.name


def test_a_copy_that_is_there_is_kept_and_a_corrected_one_loses_its_marks(tmp_path: Path) -> None:
    path = changed(tmp_path, {"车组!G5": "晚上"})
    first = marked_copy(path, wrong(path))
    second = marked_copy(path, wrong(path))
    assert (first and first.name, second and second.name) == ("夜巡（需修改）.xlsx", "夜巡（需修改2）.xlsx")
    assert first is not None
    book = openpyxl.load_workbook(first)
    book["车组"]["G5"], book["车组"]["H6"] = "20:30", "很晚"
    book.save(first)
    third = marked_copy(first, wrong(first))
    assert third is not None
    assert third.name == "夜巡（需修改3）.xlsx"
    page = openpyxl.load_workbook(third)["车组"]
    assert (page["G5"].comment, page["G5"].fill.fill_type) == (None, None)
    assert page["H6"].fill.fgColor.rgb == "FFFFC7CE"


def test_where_no_cell_is_wrong_no_copy_is_written(tmp_path: Path) -> None:
    path = changed(tmp_path, {})
    assert marked_copy(path, [Complaint("there is no such file", "no_file")]) is None
    assert list(tmp_path.iterdir()) == [path]


def test_titles_empty_rows_totals_numbers_and_remarks_are_no_fault(tmp_path: Path) -> None:
    book, usual = opened(), read_night(changed(tmp_path, {}))
    totals = {"车组": "合计", "重点道路": "合 计", "重点场所": "汇总", "集结点": "总计：4"}
    for sheet, total in totals.items():
        page = book[sheet]
        page.insert_rows(1, 2)
        page["A1"] = "五月八日统一行动"
        page.insert_rows(6)
        last = page.max_row + 2
        page.cell(last, 1, total)
        page.cell(last, 4, 99)
        page.cell(last + 2, 1, "注：以上为示意")
    crews = book["车组"]
    at = crews.max_column + 1
    crews.cell(4, at, "序号")
    crews.cell(4, at + 1, "备注")
    for row in range(5, 60):
        crews.cell(row, at, row)
    crews.cell(7, at + 1, "新车")
    path = tmp_path / "有标题.xlsx"
    book.save(path)
    assert read_night(path) == usual


def test_values_typed_as_excel_has_them_are_read(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        {
            "基本!B4": dt.date(2026, 5, 9), "基本!B5": dt.time(20, 15), "基本!B6": 0.0, "车组!G5": 0.875,
            "车组!A6": 101, "车组!F6": 13800000000.0, "重点道路!C6": True, "重点道路!B6": "５",
            "重点道路!A3": "龙湖路；学院路\n广场路",
        },
    )  # fmt: skip
    night = read_night(path)
    assert (str(night.date), night.shift.start, night.shift.end) == ("2026-05-09", "20:15", "00:00")
    assert night.crews[2].start == "21:00"
    assert (night.crews[3].id, night.crews[3].staff and night.crews[3].staff.phone) == ("101", "13800000000")
    assert (night.streets[3].required, night.streets[3].priority) == (True, 5)
    assert night.streets[0].names == ["龙湖路", "学院路", "广场路"]


def test_other_forms_of_workbooks_and_what_is_none_are_told_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "夜巡.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(NightError, match=r"save it as \.xlsx"):
        read_night(old)
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    with pytest.raises(NightError, match="is no workbook"):
        read_night(broken)
    with pytest.raises(NightError, match="there is no such file"):
        read_night(tmp_path / "没有.xlsx")
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    with pytest.raises(NightError, match="none of the sheets of a night"):
        read_night(tmp_path / "空.xlsx")


def test_units_and_other_words_of_planners_are_read(tmp_path: Path) -> None:
    given = {
        "基本!B15": "10秒", "重点道路!D3": "3次", "集结点!C3": "117.0035，32.6249", "集结点!D3": None,
        "封闭与缓行!A3": "封路", "封闭与缓行!B3": "龙湖路", "重点时段!A3": "22:00-23:00", "重点时段!B3": "2倍",
    }  # fmt: skip
    night = read_night(changed(tmp_path, given))
    assert (night.solve.time_limit_s, night.streets[0].visits, night.key_hours[0].weight) == (10, 3, 2)
    assert (night.depots[0].lon, night.depots[0].lat) == (117.0035, 32.6249)  # type: ignore[union-attr]
    assert (night.closures[0].names, night.slow) == (["龙湖路"], [])


def test_words_of_a_choice_are_told_in_the_reader_s_language(tmp_path: Path) -> None:
    (found,) = wrong(changed(tmp_path, {"封闭与缓行!A3": "堵车"}))
    assert found.sentence_zh.endswith("'堵车' 应为封闭、缓行之一")


def test_degrees_of_a_depot_that_are_swapped_are_told_at_the_depot(tmp_path: Path) -> None:
    noted, given = Complaints(), {"集结点!C10": 32.564, "集结点!D10": 116.9916, "车组!B26": "交警支队山南公巡大队"}
    examine_file(changed(tmp_path, given), noted=noted)
    assert cells(list(noted.items)) == ["集结点!C10"]
    assert "集结点 32.564, 116.9916 不是以度为单位的经纬度，像是经纬度写反了" in noted.items[0].sentence_zh


def test_where_the_map_is_wrong_no_street_is_looked_for_on_another(tmp_path: Path) -> None:
    given = {"基本!B8": "别处.osm", "封闭与缓行!A3": "封闭", "封闭与缓行!B3": "别处的路"}
    found = examine_file(changed(tmp_path, given))
    assert [finding.level for finding in found.findings] == ["error"]
    assert "“地图文件”" in found.findings[0].said
    assert "改正该单元格" in found.findings[0].remedy


def test_places_in_words_are_said_back_by_their_cells(tmp_path: Path) -> None:
    found = examine_file(changed(tmp_path, {"重点道路!A3": "龙湖路：国庆中路至舜耕中路"}))
    assert any(note.said.startswith("重点道路!A3：“龙湖路：") for note in found.notes)


CROSSINGS = {
    "集结点!A11": "北点", "集结点!E11": "朝阳中路与龙湖路口",
    "重点场所!C3": None, "重点场所!D3": None, "重点场所!E3": "龙湖路与青年路口",
    "车组!B26": "北点",
}  # fmt: skip


def test_depots_and_hotspots_are_told_by_crossings_in_a_column_of_their_own(tmp_path: Path) -> None:
    path, noted = changed(tmp_path, CROSSINGS), Complaints()
    night, found = read_night(path), examine_file(path, noted=noted)
    assert noted.items == ()
    assert [depot.place for depot in night.depots if not isinstance(depot, str)][-1] == "朝阳中路与龙湖路口"
    said = " ".join(note.said for note in found.notes)
    assert "集结点!E11：“朝阳中路与龙湖路口”即 " in said
    assert "重点场所!E3：“龙湖路与青年路口”即 " in said


@pytest.mark.parametrize(
    ("planted", "cell", "chinese"),
    [
        ({"集结点!E11": "朝阳中路与鬼路口"}, "集结点!E11", "鬼路"),
        ({"重点场所!E3": "龙湖路与鬼路口"}, "重点场所!E3", "鬼路"),
        ({"集结点!E11": "河边大树下"}, "集结点!E11", "两条相交的路"),
        ({"集结点!E11": "117.0，32.6"}, "集结点!E11", "最近的道路"),
        ({"重点场所!E3": "河边大树下"}, "重点场所!E3", "两条相交的路"),
        ({"重点场所!E3": "117.0，32.6"}, "重点场所!E3", "最近的道路"),
        ({"集结点!C11": 117.0, "集结点!D11": 32.6}, "集结点!E11", "只能给一样"),
        ({"集结点!E11": None}, "集结点!C11", "缺少"),
        ({"重点场所!E3": None, "重点场所!D3": 32.6}, "重点场所!C3", "空"),
    ],
)
def test_a_crossing_that_cannot_be_read_is_told_at_its_cell(
    tmp_path: Path, planted: dict[str, Any], cell: str, chinese: str
) -> None:
    noted = Complaints()
    examine_file(changed(tmp_path, CROSSINGS | planted), noted=noted)
    assert cells(list(noted.items)) == [cell]
    assert chinese in noted.items[0].sentence_zh


def test_hours_of_breaks_and_of_places_that_miss_the_night_are_told_together(tmp_path: Path) -> None:
    given = {"重点场所!F3": "9点到11点", "车组!L4": 20, "车组!M4": "10点到11点"}
    noted = Complaints()
    examine_file(changed(tmp_path, given), noted=noted)
    assert sorted(cells(list(noted.items))) == ["车组!M4", "重点场所!F3"]


def test_an_area_that_several_crews_share_is_said_back_once(tmp_path: Path) -> None:
    area = "东至广场路，南至国庆中路，西至龙湖路，北至朝阳中路"
    given = {"巡区!A3": "中片", "巡区!B3": area, **{f"车组!J{row}": "中片" for row in (3, 4, 5)}}
    found = examine_file(changed(tmp_path, given))
    assert len([note for note in found.notes if note.said.startswith("巡区!B3：")]) == 1


def test_a_workbook_merged_to_its_last_row_is_judged_but_not_copied(tmp_path: Path) -> None:
    path = changed(tmp_path, {"车组!G5": "晚上"})
    book = openpyxl.load_workbook(path)
    book["车组"].merged_cells.add("U60:U1048576")  # as Excel does; the method fills a million cells
    book.save(path)
    found = wrong(path)
    assert any("晚上" in item.sentence for item in found)
    assert marked_copy(path, found) is None
    assert list(tmp_path.iterdir()) == [path]


def test_a_hidden_sheet_that_would_ask_for_something_is_told(tmp_path: Path) -> None:
    path = changed(tmp_path, {})
    book = openpyxl.load_workbook(path)
    book["重点道路"].sheet_state = "hidden"
    book.create_sheet("旧表").append(["草稿"])
    book["旧表"].sheet_state = "hidden"
    book.save(path)
    (found,) = wrong(path)
    assert "'重点道路' is hidden; show it, or delete it" in found.sentence
    assert "被隐藏，请取消隐藏或删除" in found.sentence_zh


FORMULAS = {
    "重点道路!B4": "=1+4",
    "基本!B6": '=TEXT(0.98,"hh:mm")',
    "车组!A5": '=CONCATENATE("市局",3)',
    "其他!A3": "decay",
    "其他!B3": "=0.5+0.1",
}


def test_a_formula_that_was_never_worked_out_is_told_by_its_cell_alone(tmp_path: Path) -> None:
    found = wrong(changed(tmp_path, FORMULAS))
    assert sorted(cells(found)) == sorted(set(FORMULAS) - {"其他!A3"})
    for item in found:
        assert item.sentence_en.endswith("open it in Excel or WPS and save it, or write the value itself")
        assert "公式还没有算出结果" in item.sentence_zh


def test_formulas_of_sums_and_of_numbers_that_nobody_reads_are_no_fault(tmp_path: Path) -> None:
    book = opened()
    crews = book["车组"]
    at, last = crews.max_column + 1, crews.max_row + 1
    crews.cell(2, at, "序号")
    for row in range(3, 27):
        crews.cell(row, at, "=ROW()-2")
    crews.cell(last, 1, "合计")
    crews.cell(last, 2, "=COUNTA(B3:B26)")
    book.save(tmp_path / "夜巡.xlsx")
    assert read_night(tmp_path / "夜巡.xlsx") == read_night(changed(tmp_path, {}, name="原样.xlsx"))


@pytest.mark.parametrize(
    ("stored", "is_told"),
    [
        ("<f>1+4</f><v></v>", True),
        ("<f>1+4</f><v/>", True),
        ("<f>1+4</f>", True),
        ('<f t="shared" si="0"/>', True),
        ("<f>1+4</f><v>5</v>", False),
        ("<f>1&lt;4</f><v>1</v>", False),
    ],
)
def test_whether_a_formula_has_a_value_is_read_off_the_file(tmp_path: Path, stored: str, *, is_told: bool) -> None:
    path = changed(tmp_path, {"重点道路!B4": "=1+4"})
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    made = [re.sub(rb"<f>1\+4</f><v ?/>|<f>1\+4</f><v></v>", stored.encode(), text) for text in content.values()]
    assert made != list(content.values()) or stored == "<f>1+4</f><v></v>"
    with zipfile.ZipFile(path, "w") as parts:
        for name, text in zip(content, made, strict=True):
            parts.writestr(name, text)
    if is_told:
        assert cells(wrong(path)) == ["重点道路!B4"]
    else:
        assert read_night(path).streets[1].priority in (1, 5)


def test_a_formula_that_came_to_an_empty_text_is_empty(tmp_path: Path) -> None:
    path = changed(tmp_path, {"车组!F5": "=1+4"})
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    formula = re.compile(rb"(<c r=.F5.[^>]*)>(<f>1[+]4</f>)<v ?/?>(?:</v>)?")
    with zipfile.ZipFile(path, "w") as parts:
        for name, text in content.items():
            parts.writestr(name, formula.sub(rb'\1 t="str">\2<v></v>', text))
    assert read_night(path) == read_night(changed(tmp_path, {}, name="原样.xlsx"))

"""The workbook that a planner fills in: its looks, what its cells offer, that it plans, commands that take it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest

import patrolroute as pr
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main
from patrolroute.demand.workbooks import read_workbook
from patrolroute.night.model import Night
from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.night.workbook.declaration import FORMS, GUIDE
from patrolroute.night.workbook.reading import read_night_workbook
from patrolroute.night.workbook.template import example
from patrolroute.night.workbook.writing import workbook_of
from tests.night.nights import small_night
from tests.night.workbooks import changed, opened

SMALL = {"crews": [{"depot": "bureau", "id": "市局01", "staff": {
    "officers": ["民警甲", "民警乙"], "plate": "皖D0000警", "call_sign": "呼号零一", "phone": "00000000000"}}],
    "streets": [{"names": ["龙湖路"], "priority": 5, "visits": 1}]}  # fmt: skip


def small(folder: Path) -> Path:
    path = folder / "小.xlsx"
    path.write_bytes(workbook_of(Night.model_validate(small_night(**SMALL)), lang="zh"))
    return path


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_has_a_frozen_header_hints_and_widths(lang: Lang) -> None:
    book = opened(lang)
    assert book.sheetnames == [GUIDE[lang == "en"], *(form.name(lang) for form in FORMS)]
    for form in FORMS:
        page = book[form.name(lang)]
        assert page.freeze_panes[1:] == "3"
        assert page["A2"].font.name == "Microsoft YaHei"
        assert all(page.column_dimensions[letter].width >= 8 for letter in "AB")
        if form.key != "basics":
            titles = [cell for cell in page[2] if cell.value is not None]
            assert [cell.value for cell in titles] == [column.title(lang) for column in form.columns if column.entry]
            assert all(cell.comment.text for cell in titles)


def test_cells_offer_what_may_stand_in_them() -> None:
    book = opened()
    offered = {
        f"{page.title}!{rule.sqref}": rule.formula1
        for page in book
        for rule in page.data_validations.dataValidation
        if rule.type == "list"
    }
    assert offered["基本!B7"] == '"示意图,联网下载"'
    assert offered["车组!I3:I300"] == '"车巡,步巡,骑巡"'
    assert offered["车组!B3:B300"] == "'集结点'!$A$3:$A$302"
    assert offered["车组!J3:J300"] == "'巡区'!$A$3:$A$302"
    assert offered["重点道路!C3:C300"] == '"是,否"'
    assert offered["重点场所!B3:B300"].startswith('"夜市,烧烤,')
    assert all(len(formula) <= 257 for formula in offered.values())


def test_rare_columns_are_folded_while_they_are_empty(tmp_path: Path) -> None:
    page = opened()["车组"]
    assert page.column_dimensions["K"].hidden
    assert not page.column_dimensions["C"].hidden
    night = Night.model_validate(small_night(crews=[{"depot": "bureau", "range_km": 60}]))
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook_of(night))
    page = openpyxl.load_workbook(path)["车组"]
    letters = {cell.value: cell.column_letter for cell in page[2]}
    assert not page.column_dimensions[letters["最多公里"]].hidden
    assert page.column_dimensions[letters["载荷上限"]].hidden


def test_texts_stay_texts_whatever_is_typed_over_them() -> None:
    page = opened()["车组"]
    assert {page[f"{letter}{row}"].number_format for letter in "ABCDEFGHIJ" for row in (3, 40)} == {"@"}


@pytest.mark.parametrize("lang", LANGS)
def test_the_example_asks_for_what_the_bundled_night_asks_for(lang: Lang, tmp_path: Path) -> None:
    own = NightRun.trusting(read_night(changed(tmp_path, {}, lang=lang))).problem()
    bundled = NightRun.trusting(read_night(bundled_night()), bundled_night().parent).problem()
    asked = [(task.name, task.priority, task.required, task.worth) for task in own.tasks]
    assert asked == [(task.name, task.priority, task.required, task.worth) for task in bundled.tasks]
    assert [(crew.id, crew.depot) for crew in own.crews] == [(crew.id, crew.depot) for crew in bundled.crews]
    assert own.crews[0].staff is not None


def test_a_workbook_is_a_dictionary_of_a_night_that_knows_its_cells(tmp_path: Path) -> None:
    night = read_night_workbook(changed(tmp_path, {}))
    assert Night.model_validate(dict(night)) == example("zh")
    assert str(night.places["crews", 1, "depot"]) == "车组!B4"
    assert str(night.places["hotspots", 0, "data", 2, "priority"]) == "重点场所!H5"


def run(*words: object) -> int:
    return main([str(word) for word in words])


def test_new_writes_it_and_writes_over_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "夜巡.xlsx"
    assert run("new", path) == DONE
    assert "patrolroute plan" in capsys.readouterr().err
    assert [*read_workbook(path)][1:3] == ["基本", "集结点"]
    assert run("new", path) == INPUT_FAULT
    assert "文件已存在" in capsys.readouterr().err
    assert run("new", path, "--force", "--lang", "en") == DONE
    assert [*read_workbook(path)][1:3] == ["basics", "depots"]
    assert run("new", tmp_path / "x.yaml") == INPUT_FAULT


def test_a_folder_in_the_way_is_told_in_one_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "夜巡.xlsx").mkdir()
    assert run("new", tmp_path / "夜巡.xlsx", "--force", "--lang", "zh") == INPUT_FAULT
    said = capsys.readouterr().err.replace(str(tmp_path), "")
    assert "已有同名的文件夹" in said
    assert not re.search("[A-Za-z]{2,}", said.replace("patrolroute", "").replace(".xlsx", ""))
    assert run("new", tmp_path, "--lang", "zh") == INPUT_FAULT
    assert "扩展名应为 .toml、.json 或 .xlsx" in capsys.readouterr().err


def test_new_turns_any_form_into_any_other(tmp_path: Path) -> None:
    book, toml, text, again = (tmp_path / name for name in ("a.xlsx", "b.toml", "c.json", "d.xlsx"))
    assert run("new", book) == DONE
    assert run("new", toml, "--from", book) == DONE
    assert run("new", text, "--from", toml) == DONE
    assert run("new", again, "--from", text) == DONE
    assert read_night(book) == read_night(toml) == read_night(text) == read_night(again) == example("zh")
    assert json.loads(text.read_text(encoding="utf-8"))["crews"][0]["staff"]["officers"] == ["民警甲", "民警乙"]


def test_files_that_a_night_names_are_found_from_where_it_goes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "spots.csv").write_text("name,lon,lat\n夜市,117.0035,32.6249\n", encoding="utf-8")
    source = tmp_path / "in" / "night.json"
    source.write_text(json.dumps(small_night(hotspots=[{"file": "spots.csv"}])), encoding="utf-8")
    target = tmp_path / "out" / "night.xlsx"
    assert run("new", target, "--from", source) == DONE
    assert read_night(target).hotspots[0].file == Path("../in/spots.csv")
    assert len(NightRun.trusting(read_night(target), target.parent).problem().tasks)


def test_what_toml_cannot_hold_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    area = {"type": "Feature", "properties": None, "geometry": {
        "type": "Polygon", "coordinates": [[[117, 32], [117.1, 32], [117.1, 32.1], [117, 32]]]}}  # fmt: skip
    source = tmp_path / "night.json"
    night = small_night(streets=[{"within": area}])
    source.write_text(json.dumps(night), encoding="utf-8")
    assert run("new", tmp_path / "n.toml", "--from", source, "--lang", "en") == INPUT_FAULT
    assert "streets[1].within.properties: is null, which TOML does not know" in capsys.readouterr().err
    assert run("new", tmp_path / "n.xlsx", "--from", source) == DONE
    assert read_night(tmp_path / "n.xlsx") == read_night(source)
    assert not (tmp_path / "n.toml").exists()


def test_commands_take_it_and_mark_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = changed(tmp_path, {"车组!B5": "鬼所"})
    for words in (("plan", path, "-o", tmp_path / "out"), ("doctor", path), ("what-if", path, "-o", tmp_path / "w")):
        assert run(*words) == INPUT_FAULT
        said = "".join(capsys.readouterr())
        assert "车组!B5（集结点）：没有“鬼所”这个集结点" in said
        assert "标红" in said
    assert {copy.name for copy in tmp_path.glob("*需修改*")} == {
        "夜巡（需修改）.xlsx", "夜巡（需修改2）.xlsx", "夜巡（需修改3）.xlsx"}  # fmt: skip
    hand = tmp_path / "hand.csv"
    hand.write_text("crew,street\n", encoding="utf-8")
    assert run("check", hand, "--night", path) == INPUT_FAULT
    assert "车组!B5" in capsys.readouterr().err


PRIVATE = ("民警甲", "民警乙", "00000000000")
WHO = (*PRIVATE, "皖D0000警", "呼号零一")


def test_who_goes_out_is_printed_on_sheets_and_workbook_alone(tmp_path: Path) -> None:
    night = read_night(small(tmp_path))
    plan = NightRun.trusting(night, tmp_path).solve(work_limit=20).plan
    assert not any(word in repr(plan) + repr(night) for word in WHO)
    files = {path.name: path for path in plan.save(tmp_path / "out", lang="zh", also=["sheets.html"])}
    sheets = files["sheets.html"].read_text(encoding="utf-8")
    assert all(word in sheets for word in WHO)
    (title, crew) = read_workbook(files["plan.xlsx"])["车组"].rows
    row = dict(zip(title[1], crew[1], strict=False))
    assert (row["民警"], row["车牌"], row["呼号"], row["电话"]) == (
        "民警甲、民警乙",
        "皖D0000警",
        "呼号零一",
        "00000000000",
    )
    for name, path in files.items():
        if path.suffix in (".html", ".json", ".csv", ".gpx", ".kml", ".ics", ".geojson", ".txt", ".graphml"):
            text = path.read_text(encoding="utf-8")
            kept = WHO if name == "sheets.html" else WHO[3:] if name == "plan.json" else ()
            assert [word for word in WHO if word in text and not word.isdecimal()] == [
                word for word in kept if not word.isdecimal()
            ], name
    again = pr.PatrolPlan.from_json(tmp_path / "out" / "plan.json")
    assert again.audit() == ()
    staff = again.crews[0].staff
    assert staff is not None
    assert (staff.plate, staff.call_sign, staff.officers, staff.phone) == ("皖D0000警", "呼号零一", (), "")


def test_a_plan_may_lose_who_goes_out_and_stays_sound(tmp_path: Path) -> None:
    plan = NightRun.trusting(read_night(small(tmp_path)), tmp_path).solve(work_limit=20).plan
    plan.to_json(tmp_path / "plan.json")
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    document["crews"][0]["staff"] = None
    (tmp_path / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    assert pr.PatrolPlan.from_json(tmp_path / "plan.json").audit() == ()

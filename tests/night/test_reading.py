"""A night's file as people type it: Chinese punctuation, letters of other encodings, entries that break the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import NightError
from patrolroute.base.vocabulary import Lang
from patrolroute.cli import DONE, INPUT_FAULT
from patrolroute.cli.commands import main
from patrolroute.night.examine import examine_file
from patrolroute.night.reading import full_width
from patrolroute.night.run import night_from, read_night
from tests.night.nights import BUREAU, small_night, written

TOML = """name = "城区，夜巡：一组"  # 备注：可用“全角”
date = 2026-05-08
depots = [{id = "bureau", lon = 117.0035, lat = 32.6249}]
crews = [{depot = "bureau"}]
streets = [{names = ["龙湖路"]}]
[map]
source = "bundled"
[shift]
start = "20:30"
end = "22:00"
"""


def night(folder: Path, text: str = TOML, encoding: str = "utf-8") -> Path:
    path = folder / "night.toml"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("old", "new", "line", "marks", "plain"),
    [
        ('"bureau", lon', '"bureau"， lon', 3, "，", ","),
        ('source = "bundled"', "source = “bundled”", 7, "“ ”", '"'),
        ('source = "bundled"', 'source = "bundled”', 7, "”", '"'),
        ('source = "bundled"', "source ＝ ‘bundled’", 7, "＝ ‘ ’", "= '"),
        ("[shift]", "【shift】", 8, "【 】", "[ ]"),
        ('start = "20:30"', "start = 20：30", 9, "：", ":"),
        ("date = 2026-05-08", "date = 2026-05-08　；", 2, "　 ；", "blank ;"),
        ("# 备注", "，# 备注", 1, "，", ","),
    ],
)
def test_chinese_punctuation_outside_of_texts_is_told_with_its_line(
    tmp_path: Path, *, old: str, new: str, line: int, marks: str, plain: str
) -> None:
    path = night(tmp_path, TOML.replace(old, new))
    with pytest.raises(NightError) as caught:
        read_night(path)
    (sentence,) = caught.value.complaints
    assert sentence == (
        f"{path}: line {line}: {marks} is Chinese punctuation, which TOML knows only inside texts; write {plain}"
    )
    (found,) = examine_file(path).errors
    assert found.said.startswith(f"{path}：第 {line} 行：{marks} 是中文全角符号")


def test_every_such_line_is_told_at_once_and_none_where_the_parser_is_content(tmp_path: Path) -> None:
    path = night(tmp_path, TOML.replace("[{", "［｛").replace("}]", "}］"))
    with pytest.raises(NightError) as caught:
        read_night(path)
    assert [sentence.split(": ")[1] for sentence in caught.value.complaints] == ["line 3", "line 4", "line 5"]
    assert read_night(night(tmp_path)).name == "城区，夜巡：一组"


def test_texts_of_several_lines_and_quoted_marks_are_no_fault() -> None:
    assert list(full_width('a = """一，\n二：“三”\n"""\nb = \'，\'\nc = "\\"，"\n# ，\nd = "x" ，')) == [(7, "，")]


def test_json_is_told_so_too(tmp_path: Path) -> None:
    path = tmp_path / "night.json"
    path.write_text('{"name": "一，二"，\n"date"："2026-05-08"}', encoding="utf-8")
    with pytest.raises(NightError, match=r"line 1: ， is Chinese punctuation, which JSON knows .*\n.*line 2: ： is"):
        read_night(path)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_of_another_encoding_is_read_all_the_same(tmp_path: Path, encoding: str) -> None:
    assert read_night(night(tmp_path, encoding=encoding)) == read_night(night(tmp_path))


@pytest.mark.parametrize(
    ("written_as", "name"),
    [
        (r'"data\hotspots.csv"', "data/hotspots.csv"),
        (r'"data\new\table.csv"', "data/new/table.csv"),
        (r"'data\new.csv'", "data/new.csv"),
        (r'"data\\new.csv"', "data/new.csv"),
        (r'"重点场所\夜巡.xlsx#表\1"', "重点场所/夜巡.xlsx#表/1"),
    ],
)
def test_a_name_of_a_file_may_have_the_backslashes_of_windows(tmp_path: Path, written_as: str, name: str) -> None:
    path = night(tmp_path, f"{TOML}[[hotspots]]\nfile = {written_as}\n")
    assert read_night(path).hotspots[0].file == Path(name)


def test_amounts_and_datums_of_a_night_are_taken_as_planners_write_them() -> None:
    said = {"names": ["龙湖路"], "priority": "高", "required": "必须", "headway_min": "20分钟", "max_gap_min": "半小时"}
    crews = [{"depot": "bureau", "break": {"minutes": "半小时", "windows": ["晚上10点到11点"]}}]
    night = night_from(small_night(streets=[said | {"crs": "百度"}], crews=crews, crs="GCJ-02"))
    (street,) = night.streets
    assert (street.priority, street.required, street.headway_min, street.max_gap_min) == (5, True, 20, 30)
    assert (street.crs, night.crs) == ("bd09", "gcj02")
    assert night.crews[0].break_ is not None
    assert (night.crews[0].break_.minutes, night.crews[0].break_.windows) == (30, ["22:00-23:00"])
    with pytest.raises(NightError, match=r"streets\[1\]\.priority: '1级': "):
        night_from(small_night(streets=[said | {"priority": "1级"}]))


def test_so_it_may_in_json(tmp_path: Path) -> None:
    path = written(tmp_path, hotspots=[{"file": "data/new.csv"}])
    path.write_text(path.read_text(encoding="utf-8").replace("data/new.csv", "data\\new.csv"), encoding="utf-8")
    assert read_night(path).hotspots[0].file == Path("data/new.csv")


def test_what_is_text_in_no_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    path.write_bytes(b"\xff\x00\xff")
    with pytest.raises(NightError, match="is neither UTF-8 nor GBK text; save it as UTF-8"):
        read_night(path)


GHOST: dict[str, Any] = {"streets": [{"names": ["鬼路"]}]}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"decay": 2}, "decay: 2: "),
        ({"dates": "2026-05-08"}, "dates: no such entry"),
        ({"crews": [{"depot": "bureau", "count": "many"}]}, "crews[1].count: 'many': "),
        ({"crews": [{"count": 2}]}, "crews[1].depot: is missing"),
        ({"crews": []}, "crews: "),
        ({"depots": [{"id": "bureau"}]}, "depots[1]: lon, lat: is missing"),
        ({"depots": 3}, "depots: 3: "),
        ({"shift": {"start": "half past eight", "end": "22:00"}}, "shift.start: 'half past eight': "),
        ({"date": "yesterday"}, "date: 'yesterday': "),
        ({"solve": {"sed": 1, "seed": -1}}, "solve.sed: no such entry"),
        ({"hotspots": [{"file": 1}, "markets.csv"]}, "hotspots[2]: 'markets.csv': "),
    ],
)
def test_what_breaks_the_form_keeps_nothing_else_from_being_found(
    tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    path = written(tmp_path, **GHOST | wrong)
    sentences = [found.said for found in examine_file(path, "en").errors]
    assert any(sentence.startswith(f"{path}: {said}") for sentence in sentences)
    assert [sentence for sentence in sentences if not sentence.startswith(f"{path}: ")] == [
        "street '鬼路' is not on the map"
    ]


def test_nothing_is_concluded_from_what_could_not_be_read(tmp_path: Path) -> None:
    """Of the crews none is left that walks, of the streets none at all, and no depot has a name."""
    crews = [{"depot": "bureau"}, {"depot": "bureau", "mode": "foot", "count": 0}]
    walked = [{"names": ["龙湖路"], "mode": "foot"}]
    for wrong in (
        {"crews": crews, "streets": walked},
        {"streets": [{"names": ["龙湖路"], "visits": 0}]},
        {"depots": [BUREAU | {"lon": "east"}]},
    ):
        path = written(tmp_path, **wrong)
        assert all(found.said.startswith(f"{path}: ") for found in examine_file(path, "en").errors)
        assert len(examine_file(path, "en").errors) == 1


def test_a_map_that_is_missing_leaves_the_crews_to_be_looked_at(tmp_path: Path) -> None:
    path = written(tmp_path, map={}, crews=[{"depot": "bureaux"}])
    first, second = examine_file(path, "en").errors
    assert first.said.startswith(f"{path}: map: give exactly one of source, file, places")
    assert "depot 'bureaux'" in second.said


def test_what_is_no_table_leaves_nothing_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "night.json"
    path.write_text("[]", encoding="utf-8")
    assert [found.said for found in examine_file(path, "en").errors] == [f"{path}: is a list, not a table of entries"]
    assert [found.said for found in examine_file(tmp_path / "no.toml").errors] == [
        f"{tmp_path / 'no.toml'}：没有这个文件"
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"decay": 2}, "decay：2：不应大于 1"),
        ({"snap_m": 0}, "snap_m：0：应大于 0"),
        ({"date": "1970-01-01"}, "date：'1970-01-01'：不应小于 1971-01-01"),
        ({"dates": 1}, "dates：没有这一项，请检查拼写，是否为 date？"),
        ({"lang": "fr"}, "lang：'fr'：应为 'zh'、'en' 之一"),
        ({"crews": [{"count": 2}]}, "crews[1].depot：缺少这一项"),
        ({"crews": [{"depot": "bureau", "count": 1.5}]}, "crews[1].count：1.5：应为整数"),
        ({"crews": []}, "crews：至少要有 1 项"),
        ({"name": 7}, "name：7：应为文字，写在英文引号内"),
        ({"date": "yesterday"}, "date：'yesterday'：应为日期，如 2026-05-08"),
        ({"solve": 3}, "solve：3：应为一张表"),
        ({"streets": 3}, "streets：3：应为列表，写在 [ ] 内"),
    ],
)
def test_rules_of_the_form_are_said_in_chinese(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    path = written(tmp_path, **wrong)
    assert f"{path}：{said}" in [found.said for found in examine_file(path, "zh").errors]


@pytest.mark.parametrize(
    ("given", "own", "error", "counts"),
    [
        ((), "zh", "错误：", "1 个错误，0 个警告"),
        ((), "en", "error: ", "1 error, 0 warnings"),
        (("--lang", "en"), "zh", "error: ", "1 error, 0 warnings"),
        (("--lang", "zh"), "en", "错误：", "1 个错误，0 个警告"),
    ],
)
def test_the_doctor_speaks_the_night_s_own_language_unless_told_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, given: tuple[str, ...], own: Lang, error: str, counts: str
) -> None:
    assert main(["doctor", str(written(tmp_path, lang=own, **GHOST)), *given]) == INPUT_FAULT
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith(error)
    assert last == counts
    assert main(["doctor", str(written(tmp_path, **small_night(lang=own))), *given]) == DONE

"""`patrolroute campaign`: every action from new to reveal in both languages, and clear words on whatever is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.campaign import issuing
from patrolroute.cli import DONE, INPUT_FAULT, REQUIRED_MISSED
from patrolroute.cli.commands import main
from tests.campaign.killed import write
from tests.campaign.towns import STREETS, base_night, placed

FIRST, SECOND = "2026-05-15", "2026-05-29"
TODAY = ("--today", "2026-05-08")
QUOTAS = [{"name": "row 2", "each_period": 2}]


class Said(NamedTuple):
    """What a command ended with and said."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.delenv("PATROLROUTE_LANG", raising=False)

    def called(*words: object, lang: Lang = "en") -> Said:
        capsys.readouterr()
        try:
            code = main(["campaign", *map(str, words), "--lang", lang])
        except SystemExit as refused:
            code = int(refused.code or 0)
        return Said(code, *capsys.readouterr())

    return called


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Issue two nights, of which one is told by what the plan alone holds: pages and sheets take seconds."""
    folder = tmp_path_factory.mktemp("issued") / "半月"
    place = placed(folder, quotas=QUOTAS)
    assert [str(issuing.issue(place, write=_written).night.date) for _ in range(2)] == [FIRST, SECOND]
    return folder


def _written(plan: object, folder: Path, course: object) -> None:
    write(plan, folder, course)  # type: ignore[arg-type]
    (folder / issuing.MADE_FILE).write_bytes(issuing.made_csv(plan, "zh"))  # type: ignore[arg-type]


@pytest.fixture
def folder(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "半月"))


@pytest.mark.parametrize("lang", LANGS)
def test_a_new_campaign_can_be_asked_at_once(tmp_path: Path, call: Call, lang: Lang) -> None:
    folder = tmp_path / "新的"
    said = call("new", folder, lang=lang)
    assert said.code == DONE
    assert str(folder) in said.err
    assert {path.name for path in folder.iterdir()} == {"campaign.toml", "night.toml"}
    said = call("status", folder, *TODAY, lang=lang)
    assert said.code == DONE
    assert len(said.out.splitlines()) == 2 + 20
    again = call("new", folder, lang=lang)
    assert again.code == INPUT_FAULT
    assert {"zh": "请另取文件夹名", "en": "give the name of a new folder"}[lang] in again.err


def test_a_campaign_begins_with_a_night_of_ones_own(tmp_path: Path, call: Call) -> None:
    placed(tmp_path / "old")
    call("new", tmp_path / "example")
    night = tmp_path / "example" / "night.toml"
    assert call("new", tmp_path / "mine", "--night", night).code == DONE
    assert call("new", tmp_path / "lost", "--night", tmp_path / "none.toml").code == INPUT_FAULT
    assert not (tmp_path / "lost").exists()


@pytest.mark.parametrize("lang", LANGS)
def test_the_next_night_says_who_goes_out_and_what_it_owes(tmp_path: Path, call: Call, lang: Lang) -> None:
    placed(tmp_path, quotas=QUOTAS)
    said = call("next", tmp_path, *TODAY, lang=lang)
    assert said.code == DONE
    assert "W01" in said.out
    assert {"zh": "row 2：本晚巡 2 次（定额）", "en": "row 2: 2 visits tonight (quota)"}[lang] in said.out
    assert not (tmp_path / "record.jsonl").exists()


def test_a_night_is_issued_with_every_output(tmp_path: Path, call: Call) -> None:
    placed(tmp_path)
    said = call("issue", tmp_path, *TODAY, "--work-limit", 20, lang="zh")
    assert said.code == DONE
    assert "必巡任务：4 / 4 项完成" in said.out
    assert f"{FIRST} 已下发" in said.err
    night = tmp_path / "nights" / FIRST
    assert {"plan.json", "made.csv", "issued.json", "plan.xlsx"} <= {path.name for path in night.iterdir()}
    assert main(["check", str(night)]) == DONE


def test_a_night_that_misses_what_is_required_is_issued_and_ends_with_three(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    streets = [{"names": [*STREETS], "required": True}]
    night = base_night(shift={"start": "20:00", "end": "20:02"}, streets=streets)
    placed(tmp_path, night=night, share={"crews": 1})
    monkeypatch.setattr(issuing, "save_night", lambda plan, folder, course, **_: write(plan, folder, course))
    said = call("issue", tmp_path, *TODAY, "--work-limit", 20)
    assert said.code == REQUIRED_MISSED
    assert (tmp_path / "nights" / FIRST / "plan.json").exists()


@pytest.mark.parametrize("lang", LANGS)
def test_what_was_driven_is_told_as_planned_by_a_table_or_by_a_plan(folder: Path, call: Call, lang: Lang) -> None:
    night = folder / "nights" / FIRST
    for source in ([], [night / "made.csv"], [night / "plan.json"], [night]):
        said = call("record", folder, FIRST, *source, lang=lang)
        assert said.code == DONE
        assert {"zh": "实巡 16/16 次", "en": "16 of 16 visits were made"}[lang] in said.err
    rows = (night / "made.csv").read_text(encoding="utf-8-sig").replace(",是\n", ",否\n")
    (folder / "ticked.csv").write_text(rows, encoding="utf-8")
    assert {"zh": "0 个车组出车，实巡 0/16", "en": "0 crews were out, 0 of 16"}[lang] in call(
        "record", folder, FIRST, folder / "ticked.csv", lang=lang
    ).err
    status = call("status", folder, "--today", "2026-06-01", lang=lang)
    assert {"zh": "0/16", "en": "0 of 16"}[lang] in status.out


@pytest.mark.parametrize("lang", LANGS)
def test_a_cancelled_night_is_told_with_its_reason(folder: Path, call: Call, lang: Lang) -> None:
    said = call("cancel", folder, SECOND, "--why", "暴雨", lang=lang)
    assert said.code == DONE
    assert SECOND in said.err
    assert {"zh": "取消", "en": "cancelled"}[lang] in call("status", folder, *TODAY, lang=lang).out
    assert "暴雨" in call("status", folder, *TODAY, lang=lang).out


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_is_written_beside_the_campaign_or_elsewhere(folder: Path, call: Call, lang: Lang) -> None:
    for where, more in ((folder / "report", ()), (folder / "别处", ("-o", folder / "别处"))):
        said = call("report", folder, "--today", "2026-06-01", *more, lang=lang)
        assert said.code == DONE
        assert str(where) in said.err
        assert {path.name for path in where.iterdir()} == {
            "report.html", "coverage.html", "report.xlsx", "campaign.ics",
        }  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_the_secret_is_told_and_checked(folder: Path, call: Call, lang: Lang) -> None:
    said = call("reveal", folder, lang=lang)
    secret = folder / "secret.txt"
    assert said.code == DONE
    assert secret.read_text().strip() in said.out
    assert said.out.count({"zh": "相符", "en": "(right)"}[lang]) == 3
    secret.write_text("ab" * 32)
    assert {"zh": "不符", "en": "(wrong)"}[lang] in call("reveal", folder, lang=lang).out


# Hostile inputs: the words in both languages, the code, and nothing is changed

Spoil = Callable[[Path], None]


def _replaced(name: str, old: bytes, new: bytes, folder: Path) -> None:
    path = folder / name
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))


def _cut(folder: Path) -> None:
    lines = (folder / "record.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "record.jsonl").write_bytes(b"".join(lines[:1] + lines[2:]))


def _put(name: str, text: str, folder: Path) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def _nothing(_: Path) -> None:
    """Leave all as it is."""


CASES: dict[str, tuple[Spoil, tuple[str, ...], str, str]] = {
    "unknown date": (_nothing, ("record", ".", "2026-05-01"), f"没有下发过；已下发的有 {FIRST}", "there are"),
    "unknown date, cancelled": (_nothing, ("cancel", ".", "2026-05-01"), "没有下发过", "no night of 2026-05-01"),
    "no date": (_nothing, ("record", ".", "昨天"), "“昨天”应为日期", "'昨天' is not a date"),
    "today is no date": (_nothing, ("status", ".", "--today", "2026-13-01"), "应为日期", "is not a date"),
    "sheet of another night": (
        _nothing, ("record", ".", FIRST, f"nights/{SECOND}/made.csv"), f"是 {SECOND} 的表，不是 {FIRST} 的",
        f"is of the night of {SECOND}, not of that of {FIRST}",
    ),
    "plan of another night": (
        _nothing, ("record", ".", FIRST, f"nights/{SECOND}"), f"是 {SECOND} 的方案", f"tells of {SECOND}"
    ),
    "no such sheet": (_nothing, ("record", ".", FIRST, "none.csv"), "没有这个文件", "no such file"),
    "sheet without a column": (
        partial(_put, "t.csv", "车组,序号\nW01,1\n"), ("record", ".", FIRST, "t.csv"), "已巡", "made"
    ),
    "sheet with unknown orders": (
        partial(_put, "t.csv", "车组,序号,已巡\nW09,1,是\n"), ("record", ".", FIRST, "t.csv"), "W09", "W09"
    ),
    "sheet with a date that is none": (
        partial(_put, "t.csv", "日期,车组,序号,已巡\n某天,W01,1,是\n"), ("record", ".", FIRST, "t.csv"), "某天", "某天"
    ),
    "plan of the night was changed": (
        partial(_replaced, f"nights/{FIRST}/plan.json", b"W01", b"W91"),
        ("record", ".", FIRST, f"nights/{FIRST}/made.csv"), "文件被改过", "the file was changed",
    ),
    "a line of the record was changed": (
        partial(_replaced, "record.jsonl", b'"seed":', b'"seed": '), ("status", "."), "第 2 行与写入时不同", "line 2"
    ),
    "a line of the record is gone": (_cut, ("issue", "."), "第 2 行与前一行接不上", "does not follow"),
    "a line of the record is none": (
        partial(_put, "record.jsonl", "{}\n"), ("report", "."), "第 1 行", "is no line of a record"
    ),
    "no secret to reveal": (
        lambda folder: (folder / "secret.txt").unlink(), ("reveal", "."), "没有密钥可公布", "no secret to tell"
    ),
    "no secret to draw by": (
        lambda folder: (folder / "secret.txt").unlink(), ("issue", "."), "密钥文件不见了", "is missing"
    ),
    "another secret": (
        partial(_put, "secret.txt", "ab" * 32), ("issue", "."), "与已公布的摘要不符", "is not the secret"
    ),
    "a secret that is none": (partial(_put, "secret.txt", "密"), ("issue", "."), "不是密钥", "holds no secret"),
    "a folder that is no campaign": (_nothing, ("status", "nights"), "这个文件夹里没有", "there is neither"),
    "no folder": (_nothing, ("next", "nowhere"), "没有这个文件夹或文件", "there is no such file"),
    "a file that is no campaign": (
        partial(_put, "campaign.json", "[1, 2"), ("next", "."), "campaign.json", "campaign.json"
    ),
    "a misspelt entry": (
        partial(_replaced, "campaign.json", b'"quotas"', b'"quotes"'), ("issue", "."), "quotes", "quotes"
    ),
    "a quota of a street that nobody knows": (
        partial(_replaced, "campaign.json", b'"name": "row 2"', b'"name": "rov 2"'),
        ("next", "."), "row 2", "did you mean row 2",
    ),
    "no night is left": (_nothing, ("issue", ".", "--today", "2027-01-01"), "不再有待下发的夜晚", "no night is left"),
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_said_and_nothing_changes(
    case: str, lang: Lang, folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    spoil, words, zh, en = CASES[case]
    spoil(folder)
    before = _all_of(folder)
    said = call(*words, lang=lang)
    assert said.code == INPUT_FAULT
    assert {"zh": zh, "en": en}[lang] in said.err
    assert "Traceback" not in said.err
    assert _all_of(folder) == before


def _all_of(folder: Path) -> dict[Path, bytes]:
    """Return every file; what the lock of the record leaves is none."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "record.lock"}


def test_what_is_owed_never_keeps_a_night_from_being_issued(tmp_path: Path) -> None:
    place = placed(tmp_path, quotas=[{"name": "row 2", "each_period": 40}])
    night = issuing.issue(place, write=write).night
    made = [visits for task, visits in night.planned.items() if night.names[task] == "row 2"]
    assert made == [3, 3]  # three quarters of an hour and the turns into them fit, four do not
    assert issuing.issue(place, write=write).night.planned == night.planned

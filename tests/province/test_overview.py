"""One overview of a province: found nights, words, table, page, lent crews, the command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import patrolroute as pr
from patrolroute.cli import DONE, INPUT_FAULT, OUR_FAULT, REQUIRED_MISSED
from patrolroute.cli.commands import main
from patrolroute.province.lend import neighbours
from patrolroute.province.model import BureauNight
from tests.province.towns import province, town


def bureau(name: str, lon: float, **facts: Any) -> BureauNight:
    """Return a night whose streets fill a square of some 900 m, east of a longitude."""
    ring = ((lon, 32.60), (lon + 0.01, 32.60), (lon + 0.01, 32.61), (lon, 32.61))
    usual: dict[str, Any] = {"status": "done", "crews": 3, "seen": 0.5, "place": (lon, 32.605), "outline": ring}
    return BureauNight(name=name, **usual | facts)


def test_bureaus_are_neighbours_up_to_three_kilometres_and_the_nearest_beyond() -> None:
    degree_m = 111_195 * 0.8424  # of longitude, at 32.605 north
    inside, outside = 117.01 + 2_990 / degree_m, 117.01 + 3_010 / degree_m
    assert set(neighbours([bureau("a", 117.0), bureau("b", inside)])) == {("a", "b"), ("b", "a")}
    far = [bureau("a", 117.0), bureau("b", 117.005), bureau("c", outside + 0.005)]
    assert set(neighbours(far)) == {("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")}
    assert list(neighbours([bureau("a", 117.0)])) == []


def test_the_summary_names_what_is_missed_and_what_is_not_planned() -> None:
    found = pr.Province(
        (
            bureau("甲", 117.0, required_missed=2, lost=("a:1",)),
            bureau("乙", 117.1, seen=0.8, crews=1),
            BureauNight(name="丙", status="wrong", complaints=(("no map", "没有地图"),)),
        )
    )
    zh, en = found.summary("zh"), found.summary("en")
    assert "共 3 个单位，排好 2 个，未排好 1 个" in zh
    assert "必巡未完成：2 项，在 甲" in zh
    assert "见警率平均 57.5%" in zh  # by crews: (3 · 50 + 1 · 80) / 4
    assert "丙：文件有误，没有地图" in zh
    assert "甲：曾有 1 个进程异常退出" in zh
    assert "丙: its file is wrong: no map" in en
    assert "required and missed: 2, at 甲" in en


def test_names_are_told_as_they_are_and_never_run(tmp_path: Path) -> None:
    hostile = '=cmd|"<script>alert(1)</script>'
    found = pr.Province((bureau(hostile, 117.0),))
    found.save(tmp_path)
    page = (tmp_path / "province.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    rows = list(csv.reader(io.StringIO((tmp_path / "province.csv").read_text(encoding="utf-8-sig"))))
    assert not rows[1][0].startswith("=")
    assert openpyxl.load_workbook(tmp_path / "province.xlsx").active["A2"].data_type == "s"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_province_without_a_plan_has_an_overview_all_the_same(lang: Any, tmp_path: Path) -> None:
    found = pr.Province((BureauNight(name="丙", status="stopped"),), stopped=True)
    names = {path.name for path in found.save(tmp_path, lang=lang)}
    assert names == {"province.csv", "province.xlsx", "province.html", "province.txt"}


def test_nights_are_found_by_what_stands_in_them(tmp_path: Path) -> None:
    province(tmp_path, 2)
    (tmp_path / "市" / "县").mkdir(parents=True)
    (tmp_path / "市" / "县" / "大通.json").write_text(json.dumps(town(0)), encoding="utf-8")
    (tmp_path / "市" / "空.json").write_text('{"map": {}, "crews": []}', encoding="utf-8")
    (tmp_path / "市" / "area.json").write_text('{"type": "Feature"}', encoding="utf-8")
    (tmp_path / "市" / "坏.json").write_text("{", encoding="utf-8")
    (tmp_path / ".hidden.json").write_text(json.dumps(town(0)), encoding="utf-8")
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "plan.json").write_text("{}", encoding="utf-8")
    (tmp_path / "done" / "night.json").write_text(json.dumps(town(0)), encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "night.toml").write_text("", encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.title = "价目"
    book.save(tmp_path / "list.xlsx")
    assert sorted(pr.find_nights(tmp_path, but=tmp_path / "out")) == ["市/县/大通", "市/空", "所0", "所1"]
    (tmp_path / "所1.json").write_text(json.dumps(town(0)), encoding="utf-8")
    with pytest.raises(pr.NightError, match="has two nights"):
        pr.find_nights(tmp_path, but=tmp_path / "out")


def test_no_folder_and_no_night_are_told(tmp_path: Path) -> None:
    with pytest.raises(pr.NightError, match="no such folder"):
        pr.find_nights(tmp_path / "none")
    with pytest.raises(pr.NightError, match="no night in this folder"):
        pr.find_nights(tmp_path)


def test_a_crew_more_never_collects_less_and_one_less_never_more(tmp_path: Path) -> None:
    many = [{"classes": ["primary", "secondary"], "priority": 3, "visits": 3, "headway_min": 5}]
    nights = province(tmp_path / "in", 2, streets=many, shift={"start": "20:30", "end": "21:00"})
    found = pr.solve_many(nights, out=tmp_path / "out", work_limit=400)
    rows = pr.lend_crews(found, nights, work_limit=400)
    assert {(row.lender, row.borrower) for row in rows} == {("所0", "所1"), ("所1", "所0")}
    for row in rows:
        assert row.points_borrower is not None
        assert row.points_lender is not None
        assert row.points_borrower > 0 > row.points_lender
        assert row.seen_borrower is None  # points alone were asked for
    alone = province(tmp_path / "alone", 2, crews=[{"depot": "d", "count": 1}])
    single = pr.solve_many(alone, out=tmp_path / "out1", work_limit=20)
    assert pr.lend_crews(single, alone, work_limit=20) == ()


def test_the_command_plans_all_writes_one_overview_and_ends_by_whose_fault_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    province(tmp_path / "in", 2)
    given = ["province", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--plan-only", "--lang"]
    assert main([*given, "zh", "--lend"]) == DONE
    said = capsys.readouterr()
    assert "共 2 个单位，排好 2 个" in said.out
    assert "相邻单位借调" in said.out
    assert "[2/2]" in said.err
    sheets = openpyxl.load_workbook(tmp_path / "out" / "province.xlsx").sheetnames
    assert sheets == ["一览", "借调"]
    assert main([*given, "zh"]) == DONE
    assert "上次已排好" in capsys.readouterr().err
    province(tmp_path / "in", 1, streets=[{"classes": ["primary", "secondary"], "required": True, "visits": 1}],
             shift={"start": "20:30", "end": "20:40"})  # fmt: skip
    assert main([*given, "en"]) == REQUIRED_MISSED
    (tmp_path / "in" / "bad.json").write_text(json.dumps(town(0, crews=[])), encoding="utf-8")
    assert main([*given, "en"]) == INPUT_FAULT
    assert "bad: its file is wrong" in capsys.readouterr().out
    assert main(["province", str(tmp_path / "none")]) == INPUT_FAULT


def test_a_night_that_the_library_fails_on_is_its_own_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from patrolroute.province import work

    def fails(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(work, "_figures", fails)
    province(tmp_path / "in", 1)
    assert main(["province", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--plan-only"]) == OUR_FAULT


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_dask_comes_to_the_same_though_a_worker_is_killed(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    import os
    import signal

    nights = province(tmp_path / "in", 3)
    plain = pr.solve_many(nights)
    killed = list[int]()
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):

        def kill(progress: pr.ProvinceProgress) -> None:
            if not killed:
                killed.append(int(progress.night.worker.rpartition(":")[2]))
                os.kill(killed[0], signal.SIGKILL)

        found = pr.solve_many(nights, executor=client.get_executor(pure=False), out=tmp_path / "out", callback=kill)
    assert killed
    assert [night.result for night in found] == [night.result for night in plain]

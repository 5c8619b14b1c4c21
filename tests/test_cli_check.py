"""The command ``check``: plans made by hand, in words and as JSON, and whose fault it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from patrolroute.cli import DONE, INPUT_FAULT, REQUIRED_MISSED
from patrolroute.cli.commands import main
from patrolroute.output.itinerary import itinerary
from patrolroute.plan.model import PatrolPlan
from tests.night.nights import written

HEAD = "车组,街道或场所,到达时间"
ONCE = [{"names": ["龙湖路", "学院路", "广场路"], "priority": 5, "required": True}]


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return written(tmp_path, streets=ONCE)


def table(folder: Path, *lines: str) -> str:
    path = folder / "plan.csv"
    path.write_text("\n".join((HEAD, *lines)), encoding="gbk")
    return str(path)


def test_a_sound_plan_made_by_hand_is_filled_in_checked_and_written(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = table(tmp_path, "A01,龙湖路,20:40", "A02,学院路,", "A03,广场路,")
    assert main(["check", made, "--night", str(night), "-o", str(tmp_path / "out")]) == DONE
    told = capsys.readouterr()
    assert "夜巡方案  夜间巡逻" in told.out
    assert told.out.rstrip().endswith("3 条路线，全部规则符合")
    assert "中写好" in told.err
    assert (tmp_path / "out" / "map.png").exists()
    assert main(["check", str(tmp_path / "out" / "plan.json"), "--lang", "en"]) == DONE
    assert capsys.readouterr().out.rstrip().endswith("3 routes, every rule kept")
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").objective.required_missed == 0


def test_faults_of_a_plan_made_by_hand_are_told_with_time_place_and_amount(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = table(tmp_path, "A01,龙湖路,20:31", "A02,学院路,21:50", "A03,广场路,")
    assert main(["check", made, "--night", str(night), "-o", str(tmp_path / "out")]) == INPUT_FAULT
    told = capsys.readouterr().out
    assert "迟到 3 分 " in told
    found = re.search(r"：20:31:00，[^，]*，车组 A01 第 (\d+) 段，任务 龙湖路@.* \[任务单第 (\d+) 项\]\n", told)
    assert found is not None
    orders = itinerary(PatrolPlan.from_json(tmp_path / "out" / "plan.json")).legs("A01")
    assert [number for number, _ in orders][int(found[1]) - 1] == int(found[2]) == 1
    assert "收班超时 " in told
    assert (tmp_path / "out" / "stops.csv").exists()
    assert main(["check", made, "--night", str(night), "--lang", "en"]) == INPUT_FAULT
    told = capsys.readouterr().out
    assert re.search(r"on_time: crew 'A01', leg \d+ \(patrol 20:31:00\): the crew is there 20:34:.* item 1\]\n", told)


def test_what_is_required_and_left_out_is_one_line_a_street_and_exit_3(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = table(tmp_path, "A01,龙湖路,")
    assert main(["check", made, "--night", str(night)]) == REQUIRED_MISSED
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("必巡未巡")]
    assert len(lines) == 2
    assert " 项，" in lines[0]
    assert "22:00:00，学院路，任务 " in lines[0]
    assert main(["check", made, "--night", str(night), "--json"]) == REQUIRED_MISSED
    found = json.loads(capsys.readouterr().out)
    assert len(found) > 20
    assert {one["rule"] for one in found} == {"required_served"}
    assert found[0]["amount"] == {"value": 1, "unit": "visits"}


def test_a_table_without_its_night_and_words_that_mean_nothing_are_the_inputs_fault(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = table(tmp_path, "A09,龙湖路,", "A01,龙胡路,", "A01,淮河大道,")
    assert main(["check", made]) == INPUT_FAULT
    assert "手工方案请用 --night" in capsys.readouterr().err
    by_hand = tmp_path / "by_hand.json"
    by_hand.write_text('{"routes": [{"crew": "A01", "stops": ["龙湖路"]}]}', encoding="utf-8")
    assert main(["check", str(by_hand)]) == INPUT_FAULT
    assert capsys.readouterr().err.startswith(f"patrolroute：{by_hand}：不是 plan.json；手工方案请用 --night")
    assert main(["check", str(by_hand), "--lang", "en"]) == INPUT_FAULT
    assert capsys.readouterr().err.startswith(f"patrolroute: {by_hand}: is no plan.json; a plan made by hand needs --")
    assert main(["check", made, "--night", str(night), "-o", str(tmp_path / "out")]) == INPUT_FAULT
    told = capsys.readouterr()
    assert "第 2 行（龙湖路）：当晚没有车组 'A09'，是否为 A0" in told.err
    assert "第 4 行（淮河大道）：地图上有 '淮河大道'，但当晚没有要求巡" in told.err
    assert main(["check", made, "--night", str(night), "-o", str(tmp_path / "out"), "--lang", "en"]) == INPUT_FAULT
    told = capsys.readouterr()
    assert told.out == ""
    assert "row 2 (龙湖路): crew 'A09' is none of the night's; did you mean A0" in told.err
    assert "row 3 (龙胡路): '龙胡路' is no street, hotspot or task of the night; did you mean 龙湖路" in told.err
    assert "row 4 (淮河大道): '淮河大道' is on the map, but the night does not ask for it" in told.err
    assert not (tmp_path / "out").exists()
    assert main(["check", str(tmp_path / "plan.json"), "-o", str(tmp_path / "out")]) == INPUT_FAULT
    assert "--out" in capsys.readouterr().err

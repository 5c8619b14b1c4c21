"""The command line: what it prints, what it writes, and whose fault it says it was."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

import jsonschema
import pytest

from patrolroute.base.errors import OutputError
from patrolroute.base.jit import fingerprint
from patrolroute.cli import DONE, INPUT_FAULT, OUR_FAULT, REQUIRED_MISSED, commands
from patrolroute.cli.commands import _not_kept, main
from patrolroute.cli.words import SAID
from patrolroute.night.run import NightRun, bundled_night, read_night
from patrolroute.output import save
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.resume import Dropped
from patrolroute.search.stopping import StoppedBy
from tests.night.nights import BUREAU, written

OUTPUTS = {output.shown.split("/")[0] for output in save.OUTPUTS if not output.on_request and output.is_for is None} | {
    "network.graphml",
    "turns.csv",
}
"""What a plan's folder holds."""

ONCE = [{"names": ["龙湖路", "学院路"], "required": True}]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plan the small night once; tests that change the outcome copy it."""
    folder = tmp_path_factory.mktemp("planned")
    assert main(["plan", str(written(folder)), "-o", str(folder / "out")]) == DONE
    return folder / "out"


def test_plan_writes_every_output_and_tells_how_it_goes(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert {path.name for path in planned.iterdir()} == OUTPUTS
    code = main(["plan", str(planned.parent / "night.json"), "-o", str(planned.parent / "again"), "--lang", "en"])
    told = capsys.readouterr()
    assert code == DONE
    assert "Required tasks:" in told.out
    assert "reading the map" in told.err
    assert "solving: " in told.err
    assert "solved: 300 units of work, stopped by work limit" in told.err


def test_a_chinese_night_is_told_in_chinese_from_its_first_line_to_its_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["plan", str(written(tmp_path)), "-o", out, "--work-limit", "20", "--bound", "1"]) in (
        DONE,
        REQUIRED_MISSED,
    )
    lines = re.sub(r"^\[ *[\d.]+ s\] +", "", capsys.readouterr().err, flags=re.MULTILINE).splitlines()
    told = [line[:4] for line in lines[:-1] if "任务完成" not in line]
    assert told == ["正在读取", "正在载入", "开始求解", "求解完毕", "正在查明", "正在计算"]
    assert re.fullmatch(rf"{re.escape(out)} 中写好 \d+ 个文件", lines[-1])
    assert "求解完毕：20 步，步数用完" in lines


@pytest.mark.parametrize(("own", "sentence"), [("en", "date: '2026-02-30': "), ("zh", "应为日期")])
def test_a_night_that_cannot_be_read_whole_still_says_its_language(
    own: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, date="2026-02-30", lang=own)
    assert main(["plan", str(path), "-o", str(tmp_path / "out")]) == INPUT_FAULT
    assert sentence in capsys.readouterr().err


def test_every_reason_to_stop_has_its_words_and_every_progress_line_is_chinese() -> None:
    assert set(get_args(StoppedBy)) <= set(SAID.phrases)
    assert all(re.search("[\u4e00-\u9fff]|^patrolroute：", chinese) for chinese, _ in SAID.phrases.values())
    for chinese, english in SAID.phrases.values():
        assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", english))


@pytest.mark.parametrize(
    ("hours", "said"),
    [((), "  见警率 50.00 %，7 个区间"), (("x",), "  见警率（重点时段加权） 50.00 %，7 个区间")],
)
def test_while_it_searches_key_hours_are_said_to_weigh(hours: tuple[str, ...], said: str) -> None:
    told = list[str]()
    watch = commands._Progress(
        lambda key, **facts: told.append(SAID.say(key, "zh", **facts)),
        cast("PatrolProblem", Namespace(prize_total=1, key_hours=hours)),
    )
    watch(Namespace(seconds=9.0, seen=0.5, work=7, phase="presence"))
    assert told == [said]


def test_the_same_night_gives_the_same_plan_file(planned: Path) -> None:
    again = planned.parent / "same"
    main(["plan", str(planned.parent / "night.json"), "-o", str(again)])
    assert (again / "plan.json").read_bytes() == (planned / "plan.json").read_bytes()


def test_limits_of_the_command_line_win_over_those_of_the_file(planned: Path) -> None:
    out = planned.parent / "limited"
    main(["plan", str(planned.parent / "night.json"), "-o", str(out), "--work-limit", "5", "--seed", "0"])
    plan = PatrolPlan.from_json(out / "plan.json")
    assert (plan.work, plan.seed) == (5, 0)


def test_every_command_that_takes_a_plan_takes_its_folder_too(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for plan in (planned, planned / "plan.json"):
        assert main(["check", str(plan)]) == DONE
        assert main(["compare", str(planned), str(plan)]) == DONE
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert "全部规则符合" in said[0]
    again = ["plan", str(planned.parent / "night.json"), "--work-limit", "1", "--start", str(planned)]
    assert main([*again, "-o", str(planned.parent / "from-folder")]) == DONE


def test_a_folder_without_a_plan_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path), "--lang", "zh"]) == INPUT_FAULT
    assert f"{tmp_path / 'plan.json'}：没有这个文件" in capsys.readouterr().err


def test_a_bound_is_worked_out_when_asked_for(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = planned.parent / "bounded"
    main(
        [
            "plan",
            str(planned.parent / "night.json"),
            "-o",
            str(out),
            "--work-limit",
            "5",
            "--bound",
            "20",
            "--lang",
            "en",
        ]
    )
    told = capsys.readouterr()
    assert "working out what no plan can exceed" in told.err
    assert "No plan collects more than" in told.out
    plan = PatrolPlan.from_json(out / "plan.json")
    assert plan.objective.upper_bound is not None
    assert plan.objective.prize_collected <= plan.objective.upper_bound <= plan.objective.prize_total
    assert plan.audit() == ()


def test_demo_plans_the_bundled_night_with_the_limits_of_the_command_line(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def solve(run: NightRun, args: Namespace, _: float) -> PatrolPlan:
        asked.append((run.night, args.work_limit))
        return PatrolPlan.from_json(planned / "plan.json")

    monkeypatch.setattr(commands, "_solve", solve)
    assert main(["demo", "-o", str(tmp_path / "demo"), "--work-limit", "50"]) == DONE
    assert asked == [(read_night(bundled_night()), 50)]
    assert sum(crews.count for crews in asked[0][0].crews) == 24
    assert {path.name for path in (tmp_path / "demo").iterdir()} == OUTPUTS
    assert "3 个车组" in capsys.readouterr().out


def test_a_night_starts_from_an_earlier_plan_and_says_what_cannot_be_kept(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = [
        "plan",
        str(planned.parent / "night.json"),
        "--work-limit",
        "1",
        "--lang",
        "en",
        "--start",
        str(planned / "plan.json"),
    ]
    assert main([*again, "-o", str(tmp_path / "again")]) == DONE
    assert "planned anew" not in capsys.readouterr().err
    first, same = (PatrolPlan.from_json(folder / "plan.json") for folder in (planned, tmp_path / "again"))
    assert same.objective.levels <= first.objective.levels
    renamed = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    lost = renamed["tasks"][0]["id"]
    text = (planned / "plan.json").read_text(encoding="utf-8").replace(f'"{lost}"', '"gone"')
    (planned / "other.json").write_text(text, encoding="utf-8")
    assert main([*again[:-1], str(planned / "other.json"), "-o", str(tmp_path / "other")]) == DONE
    said = capsys.readouterr().err
    assert re.search(r"other\.json: not possible in this night, and planned anew: required visits: \d+\n", said)
    (planned / "other.json").unlink()


def test_what_a_start_cannot_keep_is_counted_as_a_planner_counts_it_and_passes_are_not_told(planned: Path) -> None:
    start = PatrolPlan.from_json(planned / "plan.json")
    street, other = (task.id for task in start.tasks[:2])
    start = replace(start, tasks=(start.tasks[0], replace(start.tasks[1], required=False), *start.tasks[2:]))
    lost = [Dropped("A", street, "rule"), Dropped("A", other, "rule"), Dropped("A", other, "no_crew")]
    passes = [Dropped("A", street, "rule", is_pass=True)] * 1017
    assert _not_kept(start, [*lost, *passes], "zh") == "必巡任务 1 次、其他巡逻 2 次"
    assert _not_kept(start, [*lost, *passes], "en") == "required visits: 1, other patrols: 2"
    assert _not_kept(start, passes, "zh") == ""


def test_ctrl_c_while_reasons_are_worked_out_still_writes_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("patrolroute.explain.reasons.why_left_out", interrupted)
    assert main(["plan", str(written(tmp_path)), "--work-limit", "1", "-o", str(tmp_path)]) in (DONE, REQUIRED_MISSED)
    plan = PatrolPlan.from_json(tmp_path / "plan.json")
    assert {violation.rule for violation in plan.audit()} <= {"required_served"}
    assert all(task.left_out for task in plan.left_out)


def test_outputs_lists_every_file_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for lang, said in (("zh", "（按需）"), ("en", "(on request)")):
        assert main(["outputs", "--lang", lang]) == DONE
        told = capsys.readouterr().out
        assert {line.split()[0] for line in told.splitlines()} >= OUTPUTS - {"gpx", "network.graphml", "turns.csv"}
        assert said in told


def plant(monkeypatch: pytest.MonkeyPatch, planned: Path, error: Exception, *names: str) -> list[str]:
    """Let writers fail, put a plan that is there in place of the search, and return the command that writes it."""

    def fail(_: object) -> bytes:
        raise error

    outputs = tuple(replace(one, write=fail) if one.name in names else one for one in save.OUTPUTS)
    monkeypatch.setattr(save, "OUTPUTS", outputs)
    monkeypatch.setattr(commands, "_solve", lambda *_: PatrolPlan.from_json(planned / "plan.json"))
    return ["plan", str(planned.parent / "night.json"), "--lang", "en", "-o"]


def test_outputs_that_fail_are_named_and_exit_1_while_all_others_are_written(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = plant(monkeypatch, planned, KeyError("bad label"), "map.png", "stops.csv")
    assert main([*command, str(tmp_path)]) == OUR_FAULT
    told = capsys.readouterr()
    assert "patrolroute: not written: map.png: KeyError: 'bad label'" in told.err
    assert "patrolroute: not written: stops.csv: KeyError: 'bad label'" in told.err
    assert "files in" in told.err
    assert "Required tasks:" in told.out
    assert {path.name for path in tmp_path.iterdir()} == OUTPUTS - {"map.png", "stops.csv"}


def test_an_output_that_this_computer_cannot_write_is_exit_2_and_is_named(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = plant(monkeypatch, planned, OutputError("pdf: no browser"), "sheets.pdf")
    assert main([*command, str(tmp_path), "--also", "sheets.pdf"]) == INPUT_FAULT
    assert "patrolroute: not written: sheets.pdf: pdf: no browser" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == OUTPUTS


def test_a_summary_that_fails_is_named_and_not_printed(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = plant(monkeypatch, planned, KeyError("bad label"), "summary.txt")
    assert main([*command, str(tmp_path)]) == OUR_FAULT
    told = capsys.readouterr()
    assert told.out == ""
    assert "patrolroute: not written: summary.txt: KeyError: 'bad label'" in told.err


def test_what_is_required_and_cannot_be_served_is_exit_3_and_the_best_plan_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hurry = {"shift": {"start": "20:30", "end": "20:45"}, "crews": [{"depot": "bureau"}], "streets": ONCE}
    night = written(tmp_path, **hurry)
    assert main(["plan", str(night), "-o", str(tmp_path / "out")]) == REQUIRED_MISSED
    assert "[必巡]" in capsys.readouterr().out
    assert PatrolPlan.from_json(tmp_path / "out" / "plan.json").objective.required_missed > 0
    assert main(["check", str(tmp_path / "out" / "plan.json")]) == REQUIRED_MISSED


def test_check_finds_a_sound_plan_sound(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(planned / "plan.json")]) == DONE
    assert "3 条路线，全部规则符合" in capsys.readouterr().out


def test_check_names_the_rule_that_a_tampered_plan_breaks(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("network.graphml", "turns.csv"):
        (tmp_path / name).write_bytes((planned / name).read_bytes())
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    plan["objective"]["prize_collected"] += 1
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert main(["check", str(tmp_path / "plan.json")]) == INPUT_FAULT
    assert "（objective_recomputed）" in capsys.readouterr().out


def test_schemas_are_valid_json_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    for which in ("night", "plan"):
        assert main(["schema", which]) == DONE
        jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_network_info_and_convert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["network", "convert", "bundled", str(tmp_path / "map.graphml")]) == DONE
    assert main(["network", "info", str(tmp_path / "map.graphml")]) == DONE
    told = capsys.readouterr().out
    assert main(["network", "info", "bundled"]) == DONE
    assert told == capsys.readouterr().out
    assert "示意图" in told


BAD_NIGHTS: list[tuple[dict[str, Any], str]] = [
    ({"map": {"file": "no.osm"}}, "no.osm: there is no such file"),
    ({"streets": [{"names": ["龙胡路"]}]}, "street '龙胡路' is not on the map; did you mean 龙湖路"),
    ({"streets": [{"names": ["龙湖路"], "priority": 0}]}, "streets[1].priority: 0: "),
    ({"depots": [BUREAU | {"lon": 121.47, "lat": 31.23}]}, "depot of crew 'A01': 121.47000, 31.23000 lies "),
    ({"depots": [BUREAU | {"lon": 32.6249, "lat": 117.0035}]}, "longitude and latitude look swapped"),
    ({"shift": {"start": "06:00", "end": "23:00"}}, "shift of 17.0 hours is longer than 16"),
    (
        {"shift": {"start": "20:30", "end": "20:31"}, "streets": ONCE},
        "is too short for any task; the shortest loop takes",
    ),
    ({"streets": [{"names": ["龙湖路"], "visits": 40}]}, "shorter than the headway of 15 min"),
    ({"hotspots": [{"file": "no.csv"}]}, "no.csv: there is no such file"),
    ({"streets": []}, "there is nothing to cover, neither street nor hotspot"),
    ({"date": "2026-02-30"}, "date: '2026-02-30': "),
    ({"closures": {"names": ["龙胡路"]}}, "closures[1]: street '龙胡路' is not on the map"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD_NIGHTS)
def test_bad_input_is_exit_2_with_a_sentence_no_traceback_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], sentence: str
) -> None:
    night = str(written(tmp_path, **changes))
    assert main(["plan", night, "-o", str(tmp_path / "out"), "--lang", "en"]) == INPUT_FAULT
    told = capsys.readouterr()
    assert sentence in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["plan", "no.toml"], "no.toml：没有这个文件"),
        (["plan", "no.toml", "--lang", "en"], "no.toml: there is no such file"),
        (["what-if", "no.toml"], "no.toml：没有这个文件"),
        (["network", "info", "no.osm", "--lang", "zh"], "no.osm：没有这个文件"),
        (["check", "no.json"], "no.json：没有这个文件"),
        (["check", "no.json", "--lang", "en"], "no.json: there is no such file"),
        (["network", "info", "no.osm"], "no.osm: there is no such file"),
        (["network", "convert", "bundled", "map.txt"], "map.txt: the file to write ends in .graphml"),
        (["network", "download", "map.txt"], "map.txt: the file to write ends in .graphml"),
    ],
)
def test_files_that_are_missing_or_misnamed_are_exit_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == INPUT_FAULT
    assert sentence in capsys.readouterr().err


def test_an_output_folder_that_cannot_be_written_is_told_before_the_work_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = str(tmp_path / "file" / "out")
    assert main(["plan", str(written(tmp_path)), "-o", folder]) == INPUT_FAULT
    assert f"输出文件夹 {folder}：无法写入" in capsys.readouterr().err
    assert main(["plan", str(written(tmp_path)), "-o", folder, "--lang", "en"]) == INPUT_FAULT
    told = capsys.readouterr().err
    assert "cannot be written" in told
    assert "solving" not in told


@pytest.mark.parametrize(
    "option", [["--time-limit", "0"], ["--time-limit", "nan"], ["--work-limit", "1.5"], ["--seed", "-1"]]
)
def test_limits_that_are_none_are_refused_with_the_value(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["demo", *option])
    assert caught.value.code == INPUT_FAULT
    assert f"{option[1]!r} is not a" in capsys.readouterr().err


def test_an_error_of_ours_is_exit_1_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("patrolroute.night.run.NightRun.problem", broken)
    assert main(["plan", str(written(tmp_path)), "-o", str(tmp_path / "out"), "--lang", "en"]) == OUR_FAULT
    told = capsys.readouterr().err
    assert "internal error, not your fault: RuntimeError: planted" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("encoding", ["cp936", "cp437", "ascii"])
def test_a_console_that_does_not_know_the_letters_gets_question_marks(encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "patrolroute", "network", "info", "bundled"]
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    text = done.stdout.decode(encoding)
    assert ("示意图" in text) == (encoding == "cp936")
    assert "nodes, arcs" in text


def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = f"{sys.executable} -m patrolroute schema plan | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 - a pipe is the case
    assert done.stderr == ""


@pytest.mark.parametrize(("lang", "said"), [("en", "s; machine code is in "), ("zh", "秒；编译结果在 ")])
def test_warm_says_how_long_it_took_and_where_machine_code_is(
    lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["warm", "--goal", "points", "--lang", lang]) == DONE
    told = capsys.readouterr().out
    assert said in told
    assert fingerprint() in told


def test_warm_says_that_machine_code_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder can be below a file")
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path / "file" / "cache"))
    assert main(["warm", "--goal", "points", "--lang", "en"]) == DONE
    assert "machine code cannot be kept" in capsys.readouterr().out

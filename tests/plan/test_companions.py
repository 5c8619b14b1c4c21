"""What stands beside a plan is named in its file, and told when it is another, missing, or from a cut-off saving."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import InputError, OutputError, PartialOutputError
from patrolroute.base.files import require_writable, write_all, write_each
from patrolroute.cli.commands import main, stopped_as_by_ctrl_c
from patrolroute.output import save as room
from patrolroute.plan.companions import Companion, Remark, remarks, remarks_of, said
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import drawn_plan, resting_plan
from tests.output.test_save import failing, names

linked = pytest.mark.skipif(sys.platform == "win32", reason="links need rights of their own there")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write outputs that say no more than their name."""
    failing(monkeypatch)


def named(folder: Path) -> dict[str, Any]:
    values = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return {one["file"]: one["sha256"] for one in values["companions"]}


@pytest.mark.usefixtures("quick")
def test_every_output_beside_a_plan_is_named_and_nothing_is_to_be_said(tmp_path: Path) -> None:
    files = {path.relative_to(tmp_path).as_posix() for path in drawn_plan().save(tmp_path)}
    assert set(named(tmp_path)) == files - {"plan.json", "network.graphml"}
    assert None not in named(tmp_path).values()
    assert remarks_of(tmp_path / "plan.json") == ()
    plan = PatrolPlan.from_json(tmp_path / "plan.json")
    assert plan.stated is not None
    assert (remarks(tmp_path, plan.stated.companions), plan.audit()) == ((), ())
    (tmp_path / "sheets.pdf").write_bytes(b"%PDF-")
    drawn_plan().save(tmp_path, crs="gcj02")
    assert {"sheets.pdf", "plan-gcj02.kml"} <= set(named(tmp_path))
    assert remarks_of(tmp_path / "plan.json") == ()


@pytest.mark.usefixtures("quick")
def test_a_changed_and_a_missing_companion_are_told_and_are_no_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn_plan().save(tmp_path)
    (tmp_path / "sheets.html").write_text("of another night", encoding="utf-8")
    (tmp_path / "gpx" / "A.gpx").unlink()
    assert set(remarks_of(tmp_path / "plan.json")) == {Remark("sheets.html", "changed"), Remark("gpx/A.gpx", "missing")}
    assert main(["check", str(tmp_path / "plan.json"), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "note: sheets.html: not as written with the plan" in told
    assert "note: gpx/A.gpx: named by the plan, but not there" in told
    assert main(["check", str(tmp_path / "plan.json"), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == []
    assert "sheets.html" in printed.err


def test_a_saving_that_is_cut_off_anywhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch)
    drawn_plan().save(tmp_path)

    def killed(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(room, "write_each", killed)
    with pytest.raises(KeyboardInterrupt):
        resting_plan().save(tmp_path)
    assert PatrolPlan.from_json(tmp_path / "plan.json").audit() == ()
    found = remarks_of(tmp_path / "plan.json")
    assert {one.kind for one in found} == {"unfinished"}
    assert {one.file for one in found} >= {"map.png", "sheets.html", "gpx/A.gpx"}
    monkeypatch.undo()
    failing(monkeypatch)
    resting_plan().save(tmp_path)
    assert remarks_of(tmp_path / "plan.json") == ()


def test_the_plan_is_moved_to_its_place_after_its_network(tmp_path: Path) -> None:
    moved: list[str] = []
    replace_file = Path.replace

    def noted(self: Path, target: Path) -> Path:
        moved.append(Path(target).name)
        return replace_file(self, target)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "replace", noted)
        failing(patched)
        drawn_plan().save(tmp_path)
    assert moved[:2] == ["network.graphml", "plan.json"]
    assert moved[-1] == "plan.json"


def test_an_output_that_failed_is_named_without_a_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "map.png")
    with pytest.raises(PartialOutputError):
        drawn_plan().save(tmp_path)
    assert named(tmp_path)["map.png"] is None
    assert remarks_of(tmp_path / "plan.json") == ()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"companions": [1]}', b'{"companions": 7}', b"[" * 100_000])
def test_nothing_is_said_of_a_file_that_names_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.json").write_bytes(content)
    assert remarks_of(tmp_path / "plan.json") == ()
    assert remarks_of(tmp_path / "none.json") == ()


def test_many_files_are_counted() -> None:
    found = [Remark(f"{number}.gpx", "missing") for number in range(7)]
    assert said(found, "zh") == ["提示：方案旁缺少 0.gpx、1.gpx、2.gpx、3.gpx、4.gpx 等 7 个文件"]
    assert said(found, "en")[0].startswith("note: 0.gpx, 1.gpx, 2.gpx, 3.gpx, 4.gpx and 2 more files: named")


@pytest.mark.parametrize("name", ["../sheets.html", "/etc/passwd", "a/b/c", "C:x", ""])
def test_a_companion_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = drawn_plan().to_json(tmp_path / "plan.json")
    text = path.read_text(encoding="utf-8")
    entry = json.dumps({"file": name, "sha256": None})
    path.write_text(text.replace('"companions": []', f'"companions": [{entry}]'), encoding="utf-8")
    with pytest.raises(InputError, match=r"companions\[1\]\.file"):
        PatrolPlan.from_json(path)


@linked
@pytest.mark.usefixtures("quick")
def test_a_link_in_the_folder_is_not_followed_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    mine = tmp_path / "elsewhere" / "old.gpx"
    mine.write_text(f'<gpx creator="{room.CREATOR}">')
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "gpx").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PartialOutputError) as caught:
        drawn_plan().save(tmp_path / "out")
    assert caught.value.reasons[0] == (
        "gpx/A.gpx: cannot be written: gpx is a link to another place, which is not followed"
    )
    assert names(tmp_path / "elsewhere") == {"old.gpx"}
    with pytest.raises(OutputError, match="gpx is a link to another place"):
        write_all(tmp_path / "out", {"gpx/A.gpx": b""})


@linked
def test_a_folder_that_is_a_link_itself_is_written_into(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert write_each(tmp_path / "out", {"gpx/A.gpx": b"1"}) == {}
    assert (tmp_path / "real" / "gpx" / "A.gpx").read_bytes() == b"1"


@pytest.mark.parametrize("name", ["x" * 300, "路" * 90, "a\0b", "file/below"])
def test_a_folder_that_cannot_be_is_found_out_before_the_work(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="output folder"):
        require_writable(tmp_path / "deep" / name if name != "file/below" else tmp_path / name)
    assert names(tmp_path) == {"file"}
    with pytest.raises(OutputError, match="output folder"):
        write_all(tmp_path / name, {"a": b""})


def test_a_folder_that_can_be_is_not_left_behind(tmp_path: Path) -> None:
    require_writable(tmp_path / "deep" / "out")
    require_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["demo"], ["plan", "night.toml"], ["what-if", "night.toml"], ["check", "x.csv"]])
@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_of_a_folder_is_refused(
    command: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*command, "-o", name])
    assert "is no name of a folder; the current one is '.'" in capsys.readouterr().err
    with pytest.raises(InputError, match="'' is no name"):
        drawn_plan().save("")


def test_a_companion_names_its_content() -> None:
    assert Companion.of("a", b"").sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_command_leaves_signals_as_they_were(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert main(["check", str(tmp_path / "none.json")]) != 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_that_is_told_to_end_ends_as_on_ctrl_c_which_keeps_the_best_plan() -> None:
    with pytest.raises(KeyboardInterrupt), stopped_as_by_ctrl_c():
        signal.raise_signal(signal.SIGTERM)

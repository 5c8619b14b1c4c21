"""`patrolroute what-if`: sentences on the screen, a table and a picture in the folder, clear words on bad wishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrolroute.cli.commands import main

NIGHT = """
date = 2026-05-08
lang = "en"
depots = [{ id = "bureau", lon = 117.0035, lat = 32.6249 }]
crews = [{ depot = "bureau", count = 2 }]
streets = [{ names = ["龙湖路"] }]

[map]
source = "bundled"

[shift]
start = "20:30"
end = "20:50"
"""


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.toml"
    path.write_text(NIGHT, "utf-8")
    return path


def test_every_fleet_and_end_is_solved_and_told(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = night.parent / "out"
    wish = ["what-if", str(night), "--crews", "1..2", "--ends", "20:45,20:50", "--work-limit", "20", "-o", str(out)]
    assert main(wish) == 0
    said = capsys.readouterr()
    assert said.out.startswith("1 crew until 20:50: ")
    assert "A second crew buys" in said.out
    assert "Another 5 min (until 20:50) buy" in said.out
    assert said.err.count(" crews until ") == 4
    assert {path.name for path in out.iterdir()} == {"what_if.csv", "what_if.png"}


@pytest.mark.parametrize(("where", "asked"), [("[solve]\ngoal = 'presence'", []), ("", ["--goal", "presence"])])
def test_the_goal_is_the_nights_own_or_the_one_asked_for(
    night: Path, where: str, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    night.write_text(f"{NIGHT}\n{where}\n", "utf-8")
    out = str(night.parent / "out")
    assert main(["what-if", str(night), "--crews", "1..2", "--work-limit", "20", *asked, "-o", out]) == 0
    assert "worst idleness by priority" in capsys.readouterr().out


@pytest.mark.parametrize("wish", ["0", "4..2", "a", "", "1,,2", "-3", "1.5", "9999999"])
def test_a_wrong_list_of_fleets_is_refused(night: Path, wish: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["what-if", str(night), f"--crews={wish}"])
    assert refused.value.code == 2
    assert "is not a list such as 4..12" in capsys.readouterr().err


@pytest.mark.parametrize(("wish", "words"), [("25:70", "25:70"), ("-20", "shift starts and ends"), ("x", "'x'")])
def test_a_wrong_end_is_refused(night: Path, wish: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["what-if", str(night), f"--ends={wish}", "-o", str(night.parent / "out")]) == 2
    assert words in capsys.readouterr().err

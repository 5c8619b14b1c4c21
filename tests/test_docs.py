"""The documentation says what is true: its pages follow from the code, its links lead somewhere, its code runs."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import patrolroute as pr
from patrolroute.cli.commands import _parser

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
TEXTS = [*READMES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
COMMANDS = re.compile(r"```console\n(.*?)```", re.DOTALL)
PICTURE = re.compile(r"!\[[^]]+\]\(([^)]+)\)")


def loaded(path: Path) -> ModuleType:
    """Load a script that is no part of the package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_pages_follow_from_the_code() -> None:
    pages = loaded(ROOT / "docs" / "pages.py")
    for name, page in pages.PAGES.items():
        written = (pages.REFERENCE / name).read_text(encoding="utf-8")
        assert written == page(), f"{name} is behind the code: run python docs/pages.py"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_every_public_name_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    errors = {name for name in pr.__all__ if name.endswith(("Error", "Violation"))}
    missing = [name for name in pr.__all__ if f"patrolroute.{name}" not in reference and name not in errors]
    assert missing == []


def is_in(reference: str, name: str) -> bool:
    return f"`{name}`" in reference or f":: patrolroute.campaigns.{name}\n" in reference


@pytest.mark.parametrize("module", [pr.types, pr.nights, pr.campaigns], ids=lambda module: module.__name__)
def test_every_type_that_a_signature_names_is_in_the_reference(module: ModuleType) -> None:
    pages = [ROOT / "docs" / "reference" / name for name in ("types.md", "api.md")]
    reference = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert [name for name in module.__all__ if name not in pr.__all__ and not is_in(reference, name)] == []


def test_every_command_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    commands = next(action for action in _parser()._actions if action.dest == "==SUPPRESS==" or action.choices)
    for command in commands.choices or ():
        assert f"patrolroute {command}" in reference


def without_comments(code: str) -> list[str]:
    return [line.partition("  #")[0].rstrip() for line in code.strip().splitlines()]


def test_both_readmes_have_the_two_commands_that_ci_runs_and_the_same_ten_lines() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in READMES)
    commands = COMMANDS.findall(english)
    assert commands == COMMANDS.findall(chinese)
    assert len(commands) == 1
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for line in commands[0].splitlines():
        first, second = line.removeprefix("$ ").split(" && ")
        assert first in ci
        assert re.search(rf"\b{second}\b", ci)
    assert len(commands[0].splitlines()) == 2
    assert [*map(without_comments, CODE.findall(english))] == [*map(without_comments, CODE.findall(chinese))]


def test_both_readmes_show_a_picture_and_lead_to_each_other_and_the_same_pages() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in READMES)
    assert PICTURE.findall(english) == PICTURE.findall(chinese) != []
    assert "](README.zh-CN.md)" in english
    assert "](README.md)" in chinese
    assert set(LINK.findall(english)) ^ set(LINK.findall(chinese)) == {"README.md", "README.zh-CN.md"}


def test_both_readmes_have_the_same_structure() -> None:
    shapes = [
        [re.match(r"#+|\||- |>|!|```", line)[0] for line in text.splitlines() if re.match(r"#+|\||- |>|!|```", line)]
        for text in (path.read_text(encoding="utf-8") for path in READMES)
    ]
    assert shapes[0] == shapes[1]


def test_the_ten_lines_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hotspots.csv").write_bytes((pr.bundled_night().parent / "hotspots.csv").read_bytes())
    code = CODE.findall((ROOT / "README.md").read_text(encoding="utf-8"))[0]
    assert len(code.strip().splitlines()) == 10
    quick = code.replace("time_limit=20", "work_limit=20").replace('crs="gcj02"', 'crs="wgs84"')
    exec(compile(quick, "README.md", "exec"), {})  # noqa: S102 - the point of the test
    assert (tmp_path / "out" / "plan.json").exists()


@pytest.mark.parametrize("page", ["without-files", "travel-times"])
def test_the_code_of_a_how_to_runs_in_an_empty_folder(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = CODE.findall((ROOT / "docs" / "howto" / f"{page}.md").read_text(encoding="utf-8"))
    exec(compile("\n".join(blocks), page, "exec"), {})  # noqa: S102 - the point of the test
    assert capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_the_python_of_the_campaign_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = CODE.findall((ROOT / "docs" / "howto" / "campaign.md").read_text(encoding="utf-8"))
    exec(compile("\n".join(blocks), "campaign", "exec"), {})  # noqa: S102 - the point of the test
    out = capsys.readouterr().out
    assert "暴雨" in out
    assert "龙湖路 [(2, " in out
    assert (tmp_path / "夜巡2026" / "report" / "report.html").exists()
    assert (tmp_path / "夜巡2026" / "coverage.png").exists()


GIVEN = {
    "pr": "import patrolroute as pr",
    "after": "after: pr.PatrolPlan",
    "before": "before: pr.PatrolPlan",
    "crews": "crews: list[pr.Crew]",
    "graph": "import networkx as nx\ngraph: nx.MultiDiGraph[int]",
    "hotspots": "hotspots: list[pr.Hotspot]",
    "job": "job: str",
    "network": "network: pr.RoadNetwork",
    "path": "from pathlib import Path\npath: Path",
    "plan": "plan: pr.PatrolPlan",
    "problem": "problem: pr.PatrolProblem",
    "request": "request: dict[str, object]",
    "result": "result: pr.Result",
    "streets": "streets: list[pr.PriorityStreet]",
    "uploads": "from pathlib import Path\nuploads: Path",
}
"""What a page takes for granted, for its reader has it already."""


def as_program(path: Path) -> str:
    """Return the code of a page in one piece, with what it takes for granted before it."""
    code = "\n".join(CODE.findall(path.read_text(encoding="utf-8")))
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
    made = {node.id for node in nodes if isinstance(node.ctx, ast.Store)}
    used = {node.id for node in nodes} - made
    return "\n".join([GIVEN["pr"], *(line for name, line in GIVEN.items() if name in used), code])


def test_all_code_of_the_readmes_and_pages_satisfies_a_strict_type_checker(tmp_path: Path) -> None:
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed")
    for path in TEXTS:
        if CODE.search(path.read_text(encoding="utf-8")):
            (tmp_path / f"{path.stem}.py".replace("-", "_").replace(".zh_CN", "_zh")).write_text(as_program(path))
    programs = sorted(map(str, tmp_path.glob("*.py")))
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", *programs]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout
    wrong = [line for line in found.splitlines() if ": error: " in line and "SubFigure" not in line]  # matplotlib's own
    assert wrong == [], found
    assert found.splitlines()[-1].startswith(("Success", "Found"))
    assert len(programs) > 15

"""The documentation says what is true: its pages follow from the code, its links lead somewhere, its code runs."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

import patrolroute as pr
from patrolroute.cli import _parser

ROOT = Path(__file__).parents[1]
TEXTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_reference_pages_follow_from_the_code() -> None:
    spec = importlib.util.spec_from_file_location("pages", ROOT / "docs" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
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


def test_every_command_is_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    commands = next(action for action in _parser()._actions if action.dest == "==SUPPRESS==" or action.choices)
    for command in commands.choices or ():
        assert f"patrolroute {command}" in reference


def test_the_ten_lines_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hotspots.csv").write_bytes((pr.bundled_night().parent / "hotspots.csv").read_bytes())
    code = CODE.findall((ROOT / "README.md").read_text(encoding="utf-8"))[0]
    assert len(code.strip().splitlines()) == 10
    quick = code.replace("time_limit=20", "work_limit=20").replace('crs="gcj02"', 'crs="wgs84"')
    exec(compile(quick, "README.md", "exec"), {})  # noqa: S102 - the point of the test
    assert (tmp_path / "out" / "plan.json").exists()

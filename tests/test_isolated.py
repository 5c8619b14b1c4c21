"""A machine without a network: the built wheel installs from a folder alone, and brings what Windows lacks.

What it tests: that the project's own wheel is complete (code, data, command) and that pip needs no index for it.
The wheels of the dependencies are not installed anew; the new environment sees those of the environment that runs
the tests. docs/howto/isolated-network.md has the whole way, which was walked by hand.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import patrolroute
from tests.output.plans import drawn_plan

ROOT = Path(__file__).parents[1]
SETUPTOOLS = 77
"""The first that knows how pyproject.toml states the licence; see [build-system]."""


BESIDE = (".ci", "docs", "examples", "tests")
TEXTS = ("README.md", "README.zh-CN.md", "CHANGELOG.md")
"""What the tests need besides the package."""


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that knows nothing of this checkout and has no index to ask."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull,
    }  # fmt: skip
    done = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the project's wheel from a copy of its sources, so that nothing is written into the checkout."""
    version = importlib.metadata.version("setuptools")
    if int(version.partition(".")[0]) < SETUPTOOLS:
        pytest.skip(f"setuptools {version} is older than {SETUPTOOLS}, which builds the wheel")
    folder = tmp_path_factory.mktemp("wheelhouse")
    source = folder / "source"
    for name in ("patrolroute", *BESIDE):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "LICENSE", *TEXTS):
        shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", folder, source, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def python(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment without an index, then let it see the dependencies that are here."""
    folder = tmp_path_factory.mktemp("isolated")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = next(path for path in (folder / "venv").glob("*/python*") if path.stem == "python")
    run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps",
        "--find-links", wheelhouse, "patrolroute", cwd=folder,
    )  # fmt: skip
    where = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    known = [folder for folder in sys.path if folder.endswith("site-packages")]
    (Path(where) / "dependencies.pth").write_text("\n".join(known) + "\n", encoding="utf-8")
    return python


def test_the_wheel_installs_without_an_index_and_is_what_runs(python: Path) -> None:
    shown = run(python, "-c", "import patrolroute; print(patrolroute.__file__)", cwd=python.parent)
    assert Path(shown.strip()).is_relative_to(python.parents[1])
    assert run(python, "-m", "patrolroute", "--version", cwd=python.parent).split()[-1] == patrolroute.__version__


DRAWN_BEFORE = "patrolroute/data/draw/"
"""What draws the bundled map stays in the checkout: the wheel brings the map."""


def package_files() -> set[str]:
    """Name every file of the installed package, templates, scripts and tables among them."""
    files = (path for path in (ROOT / "patrolroute").rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {name for path in files if not (name := path.relative_to(ROOT).as_posix()).startswith(DRAWN_BEFORE)}


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheelhouse: Path) -> None:
    (wheel,) = wheelhouse.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.partition("/")[0].endswith(".dist-info")}
    assert held == package_files()
    assert not [name for name in held if name.startswith(DRAWN_BEFORE)]
    assert (ROOT / DRAWN_BEFORE).is_dir()
    assert {Path(name).suffix for name in held} >= {".jinja", ".js", ".css", ".html", ".csv", ".toml", ".gz", ".typed"}


def test_the_source_archive_builds_and_holds_every_file_that_the_wheel_needs(wheelhouse: Path) -> None:
    code = "from setuptools.build_meta import build_sdist; print(build_sdist('..'))"
    name = run(sys.executable, "-c", code, cwd=wheelhouse / "source").split()[-1]
    with tarfile.open(wheelhouse / name) as archive:
        held = {member.name.partition("/")[2] for member in archive if member.isfile()}
    assert package_files() | {"pyproject.toml", "setup.py", "LICENSE", *TEXTS} <= held


def test_the_source_archive_holds_what_its_tests_need(wheelhouse: Path) -> None:
    (name,) = wheelhouse.glob("*.tar.gz")
    with tarfile.open(name) as archive:
        held = {member.name.partition("/")[2] for member in archive if member.isfile()}
    files = (path for folder in BESIDE for path in (ROOT / folder).rglob("*") if path.is_file())
    needed = {path.relative_to(ROOT).as_posix() for path in files if path.suffix in {".py", ".md", ".json", ".svg", ""}}
    assert {name for name in needed if not name.startswith(("docs/_build", "docs/gallery/"))} <= held


def test_no_link_of_the_description_leads_to_a_file_that_stands_elsewhere(wheelhouse: Path) -> None:
    (wheel,) = wheelhouse.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(name).decode()
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert len(links) > 20
    assert [link for link in links if not link.startswith("https://")] == []
    urls = re.findall(r"^Project-URL: (\w+), https://", text, re.MULTILINE)
    assert {"Documentation", "Changelog", "Issues", "Source"} == set(urls)


def test_every_output_is_written_from_the_wheel_alone(python: Path, tmp_path: Path) -> None:
    drawn_plan().to_json(tmp_path / "plan.json")
    code = (
        "import sys, patrolroute as pr; plan = pr.PatrolPlan.from_json(sys.argv[1]); plan.save(sys.argv[2]);"
        "plan.to_html(sys.argv[2] + '/map.html'); plan.to_sheets(sys.argv[2])"
    )
    run(python, "-c", code, tmp_path / "plan.json", tmp_path / "out", cwd=python.parent)
    assert {"map.html", "sheets.html", "commander.html", "plan.xlsx", "map.png"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }


def test_what_draws_the_bundled_map_is_not_installed(python: Path) -> None:
    code = "import importlib.util; print(importlib.util.find_spec('patrolroute.data.draw'))"
    assert run(python, "-c", code, cwd=python.parent).strip() == "None"


def test_the_map_that_comes_along_loads_from_the_wheel(python: Path) -> None:
    shown = run(python, "-m", "patrolroute", "network", "info", "bundled", cwd=python.parent)
    assert "nodes, arcs" in shown


def test_the_time_zones_of_the_world_come_along() -> None:
    """Windows has no table of time zones; the package tzdata brings it."""
    needed = importlib.metadata.requires("patrolroute") or []
    assert any(one.startswith("tzdata") for one in needed)
    code = "import zoneinfo; zoneinfo.reset_tzpath(()); print(zoneinfo.ZoneInfo('Asia/Shanghai'))"
    assert run(sys.executable, "-c", code, cwd=ROOT).strip() == "Asia/Shanghai"

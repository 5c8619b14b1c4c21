"""The gallery shows what its example writes: all files named, all pictures there, excerpts of the same form."""

from __future__ import annotations

import csv
import json
import re
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from patrolroute.campaign.handing_out import CAMPAIGN_OUTPUTS
from patrolroute.cli.commands import main
from patrolroute.output.sheets.pages import find_browser
from tests.test_docs import ROOT, loaded

DOCS = ROOT / "docs"
PAGE = (DOCS / "gallery.md").read_text(encoding="utf-8")
PICTURE = re.compile(r"!\[[^]]+\]\((pictures/[^)]+)\)")
INCLUDED = re.compile(r"\{literalinclude\} (excerpts/\S+)")
CREWS = 24
"""Of the bundled night."""

FEW = 4
"""What the study asks about instead: the fewer, the sooner it is answered."""

MOST_BYTES, MOST_BYTES_IN_ALL = 200_000, 1_800_000


@pytest.fixture(scope="module")
def excerpts() -> ModuleType:
    return loaded(DOCS / "excerpts.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the example as quickly as it goes: little work, one small fleet, no proof, one language."""
    place = tmp_path_factory.mktemp("gallery")
    plan = loaded(ROOT / "examples" / "gallery.py").main(str(place), work=40, fleets=[FEW], proof=False, langs=["zh"])
    assert plan.audit() == ()
    return place


def test_the_page_names_every_file_that_the_example_writes(folder: Path) -> None:
    written = [path.relative_to(folder / "zh") for path in folder.rglob("*") if path.is_file()]
    assert Counter(path.suffix for path in written)[".gpx"] == CREWS
    names = {"gpx/<crew>.gpx" if path.suffix == ".gpx" else path.as_posix() for path in written}
    assert len(names) >= 20
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []
    if find_browser() is not None:
        assert {"sheets.pdf", "commander.pdf"} <= names


def test_the_page_names_every_file_that_a_campaign_is_handed_out_as() -> None:
    assert [output.name for output in CAMPAIGN_OUTPUTS if f"`{output.name}`" not in PAGE] == []


def test_the_page_shows_every_picture_and_there_is_no_other() -> None:
    shown = PICTURE.findall(PAGE)
    assert len(shown) == len(set(shown))
    assert {DOCS / name for name in shown} == set((DOCS / "pictures").iterdir())


def test_pictures_are_png_and_small() -> None:
    sizes = []
    for path in sorted((DOCS / "pictures").iterdir()):
        head = path.read_bytes()
        assert head.startswith(b"\x89PNG\r\n\x1a\n"), path.name
        width, height = struct.unpack(">II", head[16:24])
        assert 400 <= width <= 2000, path.name
        assert height >= 200, path.name
        sizes.append(len(head))
        assert sizes[-1] <= MOST_BYTES, path.name
    assert sum(sizes) <= MOST_BYTES_IN_ALL


def test_the_page_shows_every_excerpt_and_there_is_no_other(excerpts: ModuleType) -> None:
    shown = {DOCS / name for name in INCLUDED.findall(PAGE)}
    assert shown == {excerpts.page_of(name) for name in excerpts.CUTS}
    assert shown == set(excerpts.EXCERPTS.iterdir())


def test_every_excerpt_has_the_form_of_what_the_example_writes(excerpts: ModuleType, folder: Path) -> None:
    for name in excerpts.CUTS:
        if not name.startswith("zh/"):
            continue
        form = _changes if name.endswith("compare.txt") else FORMS[Path(name).suffix]
        shown, fresh = form(excerpts.page_of(name).read_text(encoding="utf-8")), form(excerpts.cut(folder, name))
        assert shown, name
        assert fresh <= shown, name


def test_the_check_on_the_page_is_what_the_command_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder / "zh" / "plan.json")]) == 0
    said = capsys.readouterr().out.strip().removeprefix(str(folder))
    assert f"out-gallery{said}" in PAGE


def _tags(text: str) -> set[str]:
    return set(re.findall(r"<[/\w]+|(?<= )\w+(?==\")", text))


def _keys(text: str) -> set[str]:
    return set(re.findall(r'"(\w+)":', text))


def _columns(text: str) -> set[str]:
    return set(next(csv.reader(text.splitlines())))


def _properties(text: str) -> set[str]:
    return set(re.findall(r"^[A-Z]+(?=[:;])", text, re.MULTILINE))


def _labels(text: str) -> set[str]:
    """Return what stands before the first colon of a line, whatever its numbers are."""
    return {re.sub(r"[\d.:]+", "#", found) for found in re.findall(r"^([^：\n]+)：", text, re.MULTILINE)}


def _changes(text: str) -> set[str]:
    """Return how a line tells a change; which measures change depends on the plans."""
    return {"a → b (+c)" for line in text.splitlines() if re.search(r"^[^：]+：.+ → .+ \([+−-].+\)$", line)}


FORMS: dict[str, Callable[[str], set[str]]] = {
    ".kml": _tags, ".gpx": _tags, ".graphml": _tags, ".json": _keys, ".geojson": _keys, ".csv": _columns,
    ".ics": _properties, ".txt": _labels,
}  # fmt: skip
"""What must stay: tags and attributes, keys, columns, properties, labels; by the suffix of the file."""


def test_the_excerpts_of_json_can_be_read() -> None:
    lines = (DOCS / "excerpts" / "zh-plan.json").read_text(encoding="utf-8").splitlines()
    leg = next(json.loads(line.rstrip(",")) for line in lines if line.startswith('{"kind"'))
    assert leg["counted"]

"""Complaints in Chinese: every wording that a night's file can lead to is known, and keeps what it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from patrolroute.base.chinese import PARTS, RULES, in_chinese
from patrolroute.base.errors import Complaint

LIBRARY = Path(__file__).resolve().parents[2] / "patrolroute"
READ = [
    *sorted(LIBRARY.glob("night/*.py")), *sorted(LIBRARY.glob("demand/*.py")),
    *(path for room in ("workbook", "night/workbook", "campaign/workbook")
      for path in sorted(LIBRARY.glob(f"{room}/*.py"))
      if path.stem != "__init__"),
    *(LIBRARY / "problem" / f"{name}.py"
      for name in ("build", "clock", "crew", "model", "reservations", "rules", "task")),
    *(LIBRARY / "network" / f"{name}.py" for name in ("names", "places", "snap", "constructors", "coordinates")),
    LIBRARY / "base" / "shapes.py",
]  # fmt: skip
"""Where a night's file is read and understood."""

OTHER_DOORS = [
    *sorted(LIBRARY.glob("network/osm/*.py")), *sorted(LIBRARY.glob("hand_made/*.py")),
    *sorted(LIBRARY.glob("cli/*.py")), *sorted(LIBRARY.glob("page/*.py")),
    *(path for room in ("areas", "campaign", "live", "province") for path in sorted(LIBRARY.glob(f"{room}/*.py"))
      if path.stem != "__init__"),
    *(LIBRARY / "network" / f"{name}.py" for name in ("clip", "graph", "turns")),
    LIBRARY / "base" / "files.py", LIBRARY / "plan" / "document.py", LIBRARY / "plan" / "files.py",
    LIBRARY / "output" / "save.py", LIBRARY / "output" / "sheets" / "pages.py",
]  # fmt: skip
"""Where maps, plans of others and what a command is given are read."""

HOLE = re.compile(r"\{[^{}]*\}")
FILLED = {
    "{word}": "end",
    "{short(name, 40)}": "'P1'",
    "{short(spot.id, 40)}": "'P1'",
    "{short(task.name, 40)}": "'P1'",
    "{span}": "20:00 to 22:00",
    "{hint}": "; did you mean 7?",
    "{also}": "",
    "{clock}": "20:00 to 22:00",
    "{_unreadable(path)}": "not a kind of map file",
}
"""What stands in some holes; in all others a number, in quotation marks where the code puts them."""
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
"""Two words in a row are a piece of a sentence that nobody put into Chinese; single ones name entries and options."""

ONLY_PYTHON = (
    "Window",
    "StreetSegment",
    "Place;",
    "KeyHours",
    "RoadNetwork",
    "PriorityStreet",
    "a Crew",
    "a Break",
    "shapely",
    "datetime",
    "ParsedHours",
    "is not a list",
    "is one text",
    "is not a set of",
    "is not a text",
    "give a list",
    "segment",
    "direction",
    "has no offset",
    "decay",
    "network given",
    "arc {",
    "police_access",
    "during:",
    "source {",
    "no tz",
)
"""Of what only somebody can be told who calls the library from Python: a night's file cannot hold it."""

OTHERWISE = (
    "what each visit takes",
    "is not among the depots",
    "is on the map, but not for",
    "a night's file ends in",
    "Chinese punctuation",
    "its lists and tables lie",
    "open it in Notepad",
    "is not valid {",
    "is not UTF-8 text",
    "drawn map",
    "left out",
    "arc length",
    "take time",
    "cost nothing",
    "(no class)",
    "(unnamed)",
    "schematic map",
)
"""What is said in Chinese beside it, or is no complaint."""


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(_hole(part) if isinstance(part, ast.FormattedValue) else _text(part) for part in node.values)


def _hole(part: ast.FormattedValue) -> str:
    quote = "'" if part.conversion == ord("r") else ""
    return f"{quote}{{{ast.unparse(part.value)}}}{quote}"


def _complaints(path: Path) -> Iterator[str]:
    """Yield what is complained of: texts of several words that are given to a complaint, an error, or yielded."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            given = node.args[:1] if name in ("Complaint", "add", "complain") or name.endswith("Error") else []
        elif isinstance(node, ast.Yield) and node.value is not None:
            given = [node.value]
        else:
            continue
        yield from (text for text in map(_text, given) if re.search(r"[a-z]{2,} [a-z]", text))


def _whole(text: str) -> bool:
    """Return whether a text is what people read, its parts in it."""
    return not any(
        f"{{{word}}}" in text for word in ("rule", "sentence", "leave", "why", "wrong", "complaint", "swapped", "said")
    )


SAID = sorted({
    text
    for path in READ
    for text in _complaints(path)
    if _whole(text) and not any(word in text for word in (*ONLY_PYTHON, *OTHERWISE))
})  # fmt: skip


ONLY_ARGPARSE = ("is not a list such as", "is not a whole number from", "number above 0", "is no name of a folder")
"""What argparse says, in English as all that it says."""

IN_PARTS = (
    "network: turns:", "_damage(", "illegal id", "cut the area out", "remedy(", "is no number of JSON",
    "half of a letter", "unknown_name(", "nobody goes on",
)  # fmt: skip
"""What cannot come from a file, is put together elsewhere, or is looked up by a wording of its own."""

ELSEWHERE = sorted({
    text
    for path in OTHER_DOORS
    for text in _complaints(path)
    if _whole(text) and not any(word in text for word in (*ONLY_ARGPARSE, *IN_PARTS))
})  # fmt: skip


@pytest.mark.parametrize("text", ELSEWHERE)
def test_so_is_every_complaint_about_maps_plans_and_what_a_command_is_given(text: str) -> None:
    filled = FILLED | {"{hint}": "the night has 7", "{where and where + ': '}": "row 7: ", "{more}": ", and 7 more so"}
    said = in_chinese(HOLE.sub(lambda hole: filled.get(hole[0], "7"), text))
    assert CHINESE.search(said)
    assert not ENGLISH.search(said.replace("the night has 7", "").replace(", and 7 more so", ""))


def test_complaints_are_found_where_they_are_raised() -> None:
    assert len(SAID) > 60


@pytest.mark.parametrize("text", SAID)
def test_every_complaint_that_a_nights_file_can_lead_to_is_known_in_chinese(text: str) -> None:
    said = in_chinese(HOLE.sub(lambda hole: FILLED.get(hole[0], "7"), text))
    assert CHINESE.search(said)
    assert not ENGLISH.search(said.replace("; did you mean 7?", ""))


@pytest.mark.parametrize("wording", [*RULES, *PARTS])
def test_what_a_complaint_names_stands_in_the_chinese_too(wording: str) -> None:
    chinese = (RULES | PARTS)[wording]
    assert CHINESE.search(chinese)
    holes = re.findall(r"\{(?:rule_|listed_)?(\w+)\}", chinese)
    assert set(holes) <= set(re.findall(r"\{(\w+)\}", wording))
    if wording in RULES:
        filled = re.sub(r"\{(\w+)\}", r"<\1>", wording)
        assert all(f"<{hole}>" in in_chinese(filled) for hole in holes), in_chinese(filled)


@pytest.mark.parametrize("wording", RULES)
def test_no_wording_stands_behind_one_that_takes_its_complaints(wording: str) -> None:
    filled = re.sub(r"\{(\w+)\}", "7", wording)
    holes = re.compile(r"\{(?:rule_|listed_)?(\w+)\}")
    assert in_chinese(filled) == holes.sub("7", RULES[wording])


def test_things_before_a_complaint_are_said_too_and_files_stay() -> None:
    sentence = "data/night.csv: row 3 (夜市): the id 'a' is also that of row 2"
    assert Complaint(sentence).said("zh") == "data/night.csv：第 3 行（夜市）：编号 'a' 与第 2 行重复"
    assert Complaint(sentence).said("en") == sentence
    assert in_chinese('crew "O\'Neil": the id is used 2 times') == "车组“O'Neil”：编号用了 2 次"


def test_what_nobody_has_put_into_chinese_is_said_in_english() -> None:
    assert Complaint("crew 'A': something else").said("zh") == "crew 'A': something else"
    assert Complaint("crew 'A': something else", zh="别的").said("zh") == "别的"

"""Every sentence that the library raises has a code of the closed list, and says its place and value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import patrolroute as pr
from patrolroute.base.chinese import RULES, in_chinese
from patrolroute.base.codes import CODES, ErrorCode, code_of_wording, fact_of, steps_of
from patrolroute.base.errors import Complaint, DownloadError, OutputError, PlanViolation
from tests.base.test_chinese import CHINESE, FILLED, HOLE, LIBRARY, _text, _whole

PARTS_OF_SENTENCES = ("a dwell of {seconds} s", "a start after the turn into it")
"""Wordings that stand inside others alone."""

ROOMS = (
    "base",
    "campaign",
    "demand",
    "explain",
    "hand_made",
    "metrics",
    "network",
    "night",
    "problem",
    "proof",
    "search",
    "study",
)
"""Where errors are raised; what the audit finds and what people read of a plan is none."""

PUT_TOGETHER = (
    "_damage(", "{count}, way", "Chinese punctuation", "Notepad", "save it as UTF-8", "half of a letter", "JSON",
    "{also}", "{more}", "{rule}", "{hint}", "may be missing in a file", "that which", "illegal id", "{where and where",
    "is a folder", "is not what was written",
)  # fmt: skip
"""What is said in parts, by another wording, or to nobody."""


def raised(path: Path) -> Iterator[str]:
    """Yield each text of several words that an error or a complaint is made of, those in lists too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if name in ("Complaint", "add", "complain") or (name.endswith("Error") and name[0].isupper()):
            first = node.args[:1]
            given = first[0].elts if first and isinstance(first[0], ast.List | ast.Tuple) else first
            yield from (text for text in map(_text, given) if re.search(r"[a-z]{2,} [a-z]", text))


RAISED = sorted({
    text
    for room in ROOMS
    for path in sorted(LIBRARY.glob(f"{room}/**/*.py"))
    for text in raised(path)
    if _whole(text) and not any(piece in text for piece in PUT_TOGETHER)
})  # fmt: skip


def filled(text: str) -> str:
    return HOLE.sub(lambda hole: FILLED.get(hole[0], "7"), text)


def test_the_list_of_codes_is_closed_and_each_says_what_it_means() -> None:
    assert list(CODES) == list(get_args(ErrorCode))
    assert all(CODES.values())


@pytest.mark.parametrize("wording", [wording for wording in RULES if wording not in PARTS_OF_SENTENCES])
def test_every_wording_has_a_code(wording: str) -> None:
    assert code_of_wording(wording) is not None


@pytest.mark.parametrize("text", RAISED)
def test_every_raised_sentence_has_a_code_and_is_said_in_chinese(text: str) -> None:
    assert fact_of(filled(text), "rule").code != "rule"
    assert CHINESE.search(in_chinese(filled(text)))


def test_sentences_are_found_where_they_are_raised() -> None:
    assert len(RAISED) > 150


@pytest.mark.parametrize(
    ("head", "steps"),
    [
        ("crews[3].start", ("crews", 2, "start")),
        ("row 3 (夜市)", ("row", 3)),
        ("crew 'A'", ("crew", "A")),
        ("hotspots.csv", ("hotspots.csv",)),
        ("solve", ()),
    ],
)
def test_things_become_steps_of_a_path(head: str, steps: tuple[str | int, ...]) -> None:
    assert steps_of(head) == steps


def test_a_complaint_about_a_thing_has_the_thing_in_its_path() -> None:
    wrong = Complaint("depot 'A' is not among the depots", "unknown_depot").about("crews[2]")
    assert (wrong.code, wrong.path) == ("unknown_depot", ("crews", 1))


@pytest.mark.parametrize(
    ("error", "code"),
    [(DownloadError, "download_failed"), (OutputError, "output_failed"), (PlanViolation, "plan_broken")],
)
def test_other_errors_have_items_too(error: type[pr.PatrolRouteError], code: str) -> None:
    (item,) = error("something broke").items
    assert item.to_dict() == {
        "code": code, "kind": "rule", "path": [], "value": None,
        "sentence_en": "something broke", "sentence_zh": "something broke",
    }  # fmt: skip

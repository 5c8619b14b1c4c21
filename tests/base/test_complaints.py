"""Complaints come all at once, each a sentence with a kind; programs choose by the kind, never by a piece of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import patrolroute as pr
from patrolroute.base.errors import Complaint, Complaints, InputError, TableError

FAR = Complaint("depot of crew 'A': lies 300 m from the nearest street", "far_point")


def test_an_error_has_every_sentence_and_every_kind() -> None:
    error = pr.InputError(["row 2: priority 9 is not between 1 and 5", FAR])
    assert error.complaints == ("row 2: priority 9 is not between 1 and 5", FAR.sentence)
    assert [item.kind for item in error.items] == ["rule", "far_point"]
    assert error.kinds == {"rule", "far_point"}
    assert str(error) == "\n".join(error.complaints)


@pytest.mark.parametrize("given", [FAR, FAR.sentence])
def test_a_single_complaint_need_not_be_in_a_list(given: str | Complaint) -> None:
    assert pr.InputError(given).complaints == (FAR.sentence,)


def test_a_complaint_keeps_its_kind_when_what_holds_it_is_named() -> None:
    assert FAR.about("crews[2]") == Complaint(f"crews[2]: {FAR.sentence}", "far_point")


def test_a_step_that_fails_leaves_its_complaints_and_nothing_else() -> None:
    def fail() -> int:
        raise TableError(FAR)

    complaints = Complaints()
    assert complaints.attempt(lambda: 7) == 7
    assert not len(complaints)
    assert complaints.attempt(fail) is None
    assert complaints.items == (FAR,)


def test_a_step_that_fails_by_our_fault_is_not_caught() -> None:
    with pytest.raises(ZeroDivisionError):
        Complaints().attempt(lambda: 1 // 0)


def told(node: ast.expr) -> bool:
    """Return whether an expression is what an error says in words."""
    if isinstance(node, ast.Attribute):
        return node.attr in {"complaints", "sentence", "sentences"} and not (
            isinstance(node.value, ast.Name) and node.value.id == "self"
        )
    is_str = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str"
    return is_str and bool(node.args) and isinstance(node.args[0], ast.Name) and node.args[0].id == "error"


def test_no_code_chooses_by_a_piece_of_a_complaint_s_sentence() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in Path(pr.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops)
        and any(map(told, node.comparators))
    ]
    assert not found


@pytest.mark.parametrize("echo", ["x" * 5000, "'" + "street " * 900 + "'", "'" + "夜" * 300 + "'"])
def test_a_complaint_repeats_at_most_a_hundred_letters_of_what_somebody_wrote(echo: str) -> None:
    (said,) = InputError(f"crews[1]: street {echo} is none of the night's").complaints
    assert len(said) < 160
    assert said.startswith("crews[1]: street ")
    assert said.endswith(" is none of the night's")


def test_a_usual_sentence_stays_as_it_is() -> None:
    usual = f"/{'folder/' * 60}map.osm: way 100 names node 1 of OpenStreetMap's; that's {'all of it, ' * 20} people's"
    assert InputError(usual).complaints == (usual,)

"""The page's columns are those of the workbook: each stands on the page, or is known to stand elsewhere."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from patrolroute.night.model import Night
from patrolroute.night.workbook.fields import FIELDS
from patrolroute.page.columns import LISTS, columns_shown, field_of, fields_of, kept_besides

KINDS = {"number", "yes", "choice", "depot", "several", "drawn", "text"}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_column_of_a_sheet_is_on_the_page_or_named_as_elsewhere(name: str):
    sheet, elsewhere = LISTS[name]
    shown = [field.entry for field in fields_of(name)]
    assert {*shown, *elsewhere} >= {field.entry for field in FIELDS[sheet]}
    assert len(shown) == len(set(shown)) > 0


def test_what_is_named_as_elsewhere_is_a_column_of_some_sheet():
    known = {field.entry for fields in FIELDS.values() for field in fields}
    assert {entry for _, elsewhere in LISTS.values() for entry in elsewhere} <= known


def test_titles_hints_and_choices_are_in_both_languages():
    for columns in columns_shown().values():
        for column in columns:
            assert column["kind"] in KINDS
            assert re.search("[\u4e00-\u9fff]", column["title"]["zh"])
            assert column["title"]["en"].isascii()
            assert all(column["hint"].values())
            assert all(len(words) == 3 for words in column["options"])
    kinds = {column["entry"]: column for column in columns_shown()["hotspots"]}["kind"]["options"]
    assert ("night_market", "夜市", "night_market") in kinds


def test_the_fields_that_planners_missed_are_there():
    shown = {name: {column["entry"] for column in columns} for name, columns in columns_shown().items()}
    assert {"break.minutes", "break.windows", "speed_factor", "range_km", "area", "staff.plate"} <= shown["crews"]
    assert {"near_home.weight", "near_home.metres", "near_home.leave_areas", "solve.work_limit"} <= shown["basics"]
    assert "place" in shown["depots"] & shown["hotspots"]


def test_the_columns_that_the_page_begins_with_are_declared():
    text = files("patrolroute.page").joinpath("static", "columns.js").read_text(encoding="utf-8")
    first = re.search(r"const FIRST = \{(.*?)\n\};", text, re.DOTALL)
    assert first is not None
    for name, entries in re.findall(r"(\w+): \[(.*?)\]", first[1]):
        known = {column["entry"] for column in columns_shown()[name]} | {"what"}
        assert {entry.strip('"? ') for entry in entries.split(",")} <= known


def test_what_the_page_has_no_field_for_is_said():
    assert {"incidents", "speeds", "turns", "decay"} <= set(kept_besides())
    assert not {"crews", "near_home", "map", "solve"} & set(kept_besides())
    assert set(kept_besides()) <= {field.alias or name for name, field in Night.model_fields.items()}
    assert kept_besides()["decay"]["zh"] != kept_besides()["decay"]["en"]


def test_a_step_that_is_no_column_is_told_as_it_is():
    assert field_of("crews", ["id"]) == "id"
    assert field_of("hotspots", ["row 3"]) is None
    assert field_of("nothing", ["x"]) == "x"

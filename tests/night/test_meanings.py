"""Every entry of a night's file is explained, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from patrolroute.night.meanings import MEANINGS, in_chinese
from patrolroute.night.model import night_schema

SCHEMA: Any = night_schema()
TABLES = {"night": SCHEMA} | SCHEMA["$defs"]
ENTRIES = [(table, entry) for table, found in TABLES.items() for entry in found["properties"]]


@pytest.mark.parametrize(("table", "entry"), ENTRIES)
def test_every_entry_says_what_it_means(table: str, entry: str) -> None:
    assert TABLES[table]["properties"][entry].get("description"), f"{table}.{entry} has no description"


def descriptions(schema: Any) -> Iterator[str]:
    """Yield every description of a schema."""
    for name, part in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if name == "description" and isinstance(part, str):
            yield part
        elif isinstance(part, dict | list):
            yield from descriptions(part)


def test_every_description_has_its_chinese() -> None:
    shown = {" ".join(text.partition("\n\n")[0].split()) for text in descriptions(SCHEMA)}
    assert sorted(shown - set(MEANINGS)) == []
    assert sorted(set(MEANINGS) - shown) == []


def test_a_chinese_schema_differs_in_its_descriptions_alone() -> None:
    chinese = in_chinese(SCHEMA)
    assert all(re.search("[\u4e00-\u9fff]", text) for text in descriptions(chinese))
    assert chinese["$defs"]["Crews"]["properties"]["count"] == {
        **SCHEMA["$defs"]["Crews"]["properties"]["count"],
        "description": "几个车组",
    }
    assert night_schema() == SCHEMA

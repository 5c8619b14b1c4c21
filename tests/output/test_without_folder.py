"""Every output as bytes, without any folder, by the names that ``patrolroute outputs`` lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from patrolroute.base.errors import InputError
from patrolroute.output.save import OUTPUTS
from patrolroute.output.sheets.pages import find_browser
from patrolroute.plan.companions import NONE_YET
from tests.output.plans import drawn_plan, resting_plan

ALWAYS = [output for output in OUTPUTS if not (output.on_request or output.is_for)]
OF_EACH_CREW = [output.shown for output in OUTPUTS if "{crew}" in output.name]


@pytest.mark.parametrize("crs", ["wgs84", "gcj02"])
def test_the_bytes_of_every_output_are_those_of_the_files(tmp_path: Path, crs: str) -> None:
    plan = resting_plan()
    plan.save(tmp_path, lang="en", crs=crs)  # type: ignore[arg-type]
    found: dict[str, bytes] = {}
    for output in ALWAYS:
        found |= plan.to_files(output.shown, lang="en", crs=crs)  # type: ignore[arg-type]
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found.keys() == files
    assert found.pop("plan.json").endswith(NONE_YET)  # nothing lies beside it
    found.pop("plan.xlsx")  # a workbook has the moment at which it was made
    assert {name for name, content in found.items() if content != (tmp_path / name).read_bytes()} == set()


@pytest.mark.parametrize("name", [output.shown for output in ALWAYS if "{crew}" not in output.name])
def test_an_output_of_one_file_is_its_bytes(name: str) -> None:
    plan = drawn_plan()
    assert plan.to_bytes(name, lang="en")[:40] == plan.to_files(name, lang="en")[name][:40] != b""


def test_the_bytes_of_the_plan_itself_are_its_text() -> None:
    assert drawn_plan().to_bytes("plan.json").decode() == drawn_plan().to_json()


@pytest.mark.parametrize("name", OF_EACH_CREW)
def test_an_output_of_each_crew_is_a_file_for_each_crew(name: str) -> None:
    assert sorted(drawn_plan().to_files(name)) == [name.replace("<crew>", crew) for crew in ("A", "B")]
    with pytest.raises(InputError, match="is a file for each crew"):
        drawn_plan().to_bytes(name)


@pytest.mark.parametrize("name", ["map.htm", "", "../map.html", "plan{datum}.kml"])
def test_an_unknown_output_is_one_sentence_that_lists_them_all(name: str) -> None:
    for door in (drawn_plan().to_bytes, drawn_plan().to_files):
        with pytest.raises(InputError) as caught:
            door(name)
        assert len(caught.value.complaints) == 1
        assert caught.value.complaints[0].startswith(f"output {name!r} is not one of commander.html, ")


def test_a_wrong_language_is_refused_before_anything_is_drawn() -> None:
    with pytest.raises(InputError, match="lang 'fr'"):
        drawn_plan().to_bytes("map.html", lang="fr")  # type: ignore[arg-type]


@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge to print with")
def test_what_is_only_written_on_request_is_there_too() -> None:
    assert drawn_plan().to_bytes("sheets.pdf").startswith(b"%PDF")

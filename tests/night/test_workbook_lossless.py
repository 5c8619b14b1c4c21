"""A night becomes a workbook and a workbook a night, and nothing of either is lost on the way."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from patrolroute.base.errors import NightError
from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.night.model import Night
from patrolroute.night.run import bundled_night, read_night
from patrolroute.night.workbook.laying import laid
from patrolroute.night.workbook.reading import entries_of, read_night_workbook
from patrolroute.night.workbook.template import example
from patrolroute.night.workbook.turning import night_bytes
from patrolroute.night.workbook.writing import workbook_of
from tests.night.nights import small_night
from tests.night.random_nights import nights

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""A night is too large to be made smaller in a test's time."""


def back(night: Night, folder: Path, lang: Lang = "zh") -> Night:
    path = folder / "night.xlsx"
    path.write_bytes(workbook_of(night, lang=lang))
    return read_night(path)


def cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(row)] for sheet in book}


@settings(max_examples=40, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(night=nights)
def test_any_night_laid_out_in_sheets_and_read_is_the_same_night(night: Night) -> None:
    for lang in LANGS:
        read = entries_of(laid(night, lang).as_read(), "x")
        assert read.faults == []
        assert Night.model_validate(dict(read)) == night


@settings(max_examples=10, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(night=nights)
def test_any_night_comes_back_from_the_file_as_it_was(night: Night, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("night")
    again = back(night, folder)
    assert again == night
    assert cells(workbook_of(again)) == cells((folder / "night.xlsx").read_bytes())


@settings(max_examples=10, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(night=nights)
def test_any_night_goes_through_json_and_through_toml_where_it_has_no_null(night: Night) -> None:
    assert Night.model_validate_json(night_bytes(night, ".json")) == night
    try:
        text = night_bytes(night, ".toml").decode()
    except NightError as error:
        assert "which TOML does not know" in str(error)  # noqa: PT017 - both ways are right
        return
    assert Night.model_validate(tomllib.loads(text)) == night


@pytest.mark.parametrize("lang", LANGS)
def test_the_bundled_night_and_the_example_come_back_and_name_their_cells(tmp_path: Path, lang: Lang) -> None:
    for night in (read_night(bundled_night()), example(lang)):
        assert back(night, tmp_path, lang) == night
    read = read_night_workbook(tmp_path / "night.xlsx")
    places = {str(place) for place in read.places.values()}
    assert all(f"{'车组' if lang == 'zh' else 'crews'}!A{row}" in places for row in range(3, 27))


AREA = {"type": "Polygon", "coordinates": [[[117.0, 32.6], [117.1, 32.6], [117.1, 32.7], [117.0, 32.6]]]}


def named(name: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name}, "geometry": AREA}


def test_crews_share_a_named_area_that_stands_once_with_its_corners() -> None:
    night = Night.model_validate(
        small_night(crews=[{"depot": "bureau", "id": name, "area": named("东片")} for name in "AB"])
    )
    sheets = laid(night, "zh").rows
    assert sheets["areas"] == [{"name": "东片", "area": "117, 32.6; 117.1, 32.6; 117.1, 32.7"}]
    assert [row["area"] for row in sheets["crews"]] == ["东片", "东片"]
    assert "other" not in sheets


def test_an_area_in_words_and_one_in_a_file_stand_as_they_are() -> None:
    for text in ("area.geojson", "北至淮滨路，南至舜耕路"):
        night = Night.model_validate(small_night(crews=[{"depot": "bureau", "area": text}]))
        assert laid(night, "zh").rows["crews"][0]["area"] == text


def test_usual_entries_need_no_sheet_of_others_and_rare_ones_stand_there_by_their_paths() -> None:
    rare = {
        "turns": {"left_s": 12},
        "speeds": {
            "travel_kmh": {"primary": 30.0}, "parts": [{"hours": ["23:00-01:00"], "patrol_kmh": {"primary": 9.0}}],
        },
        "incidents": [{"file": "incidents.csv", "visits": 2}],
        "decay": 0.7,
    }  # fmt: skip
    sheets = laid(Night.model_validate(small_night(**rare)), "zh").rows
    assert {str(row["path"]): row["value"] for row in sheets["other"]} == {
        "turns.left_s": "12", "speeds.travel_kmh": '{"primary": 30.0}',
        "speeds.parts[1].hours": '["23:00-01:00"]', "speeds.parts[1].patrol_kmh": '{"primary": 9.0}',
        "incidents[1].file": '"incidents.csv"', "incidents[1].visits": "2", "decay": "0.7",
    }  # fmt: skip
    assert "other" not in laid(Night.model_validate(small_night()), "zh").rows


def test_what_is_longer_than_a_cell_goes_on_in_the_next(tmp_path: Path) -> None:
    ring = [[117 + at / 1e5, 32 + (at % 97) / 1e4] for at in range(4000)]
    area = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    night = Night.model_validate(small_night(crews=[{"depot": "bureau", "area": area}]))
    assert back(night, tmp_path) == night


def test_formulas_and_numbers_in_texts_stay_texts(tmp_path: Path) -> None:
    crews = [{"depot": "bureau", "id": name} for name in ("=1+1", "007", "+86", "是", "合计", "#N/A", "_x0041_")]
    night = Night.model_validate(small_night(crews=crews))
    assert [crew.id for crew in back(night, tmp_path).crews] == [crew["id"] for crew in crews]

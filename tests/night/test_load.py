"""A night's file: read as TOML or JSON, and refused with every complaint at once."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from patrolroute.base.errors import NightError, ProblemError
from patrolroute.night.examine import examine_file
from patrolroute.night.model import NIGHT_VERSION, Crews, night_schema
from patrolroute.night.roads import OF_THE_GROUP
from patrolroute.night.run import bundled_night, night_from, read_night
from patrolroute.problem.crew import Crew
from tests.night.nights import small_night, written


def test_the_bundled_night_has_no_time_limit_so_that_every_computer_makes_the_same_plan() -> None:
    limits = read_night(bundled_night()).solve
    assert (limits.time_limit_s, limits.work_limit, limits.seed) == (None, None, 1)


def test_the_bundled_night_is_the_operation_of_8_may() -> None:
    night = read_night(bundled_night())
    assert (str(night.date), night.shift.start, night.shift.end) == ("2026-05-08", "20:30", "23:45")
    assert sum(group.count for group in night.crews) == 24


def test_toml_and_json_of_one_night_are_equal(tmp_path: Path) -> None:
    toml = tmp_path / "night.toml"
    toml.write_text(
        'date = 2026-05-08\nmap = { source = "bundled" }\nshift = { start = "20:30", end = "22:00" }\n'
        'depots = [{ id = "bureau", name = "市局", lon = 117.0035, lat = 32.6249 }]\n'
        'crews = [{ depot = "bureau", count = 3, prefix = "A" }]\n'
        '[[streets]]\nnames = ["龙湖路", "学院路", "广场路"]\npriority = 5\nrequired = true\nvisits = 2\n'
        "[solve]\nwork_limit = 300\nseed = 1\ngoal = 'points'\n",
        encoding="utf-8",
    )
    assert read_night(toml) == read_night(written(tmp_path))


def test_a_file_that_notepad_saved_with_a_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "night.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(small_night()).encode())
    assert read_night(path) == night_from(small_night())


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    schema = night_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(small_night(), schema)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"date": "8 May"}, "night: date: '8 May': "),
        (
            {"dates": "2026-05-08"},
            r"night: dates: no such entry; did you mean date\? `patrolroute schema night` lists them all",
        ),
        ({"map": {}}, "night: map: give exactly one of source, file, places; given: none"),
        ({"map": {"source": "bundled", "file": "x.osm"}}, "given: source, file"),
        ({"map": {"source": "google"}}, "night: map.source: 'google': input should be 'bundled' or 'osm'"),
        ({"shift": {"start": "eight", "end": "23:00"}}, "night: shift.start: 'eight': write a clock time as 20:30"),
        ({"date": "9999-12-31"}, "night: date: '9999-12-31': input should be less than or equal to 9000-01-01"),
        ({"crews": []}, "night: crews: list should have at least 1 item"),
        ({"crews": [{"count": 3}]}, r"night: crews\[1\]\.depot: is missing"),
        ({"crews": [{"depot": "bureau", "count": 0}]}, r"night: crews\[1\]\.count: 0: input should be greater"),
        ({"crews": [{"depot": "bureau", "id": "X", "count": 2}]}, r"crews\[1\]: id 'X' names a single crew, but count"),
        ({"streets": [{"priority": 3}]}, r"night: streets\[1\]: give at least one of names, classes, within, along"),
        ({"streets": [{"names": ["龙湖路"], "priority": 9}]}, r"streets\[1\]\.priority: 9: input should be less"),
        ({"streets": [{"names": ["龙湖路"], "visits": 0}]}, r"streets\[1\]\.visits: 0: "),
        ({"depots": [{"id": "a", "lon": "east", "lat": 32.6}]}, r"depots\[1\]\.lon: 'east': input should be a valid"),
        ({"lang": "fr"}, "night: lang: 'fr': input should be 'zh' or 'en'"),
        ({"solve": {"time_limit_s": -1}}, "night: solve.time_limit_s: -1: input should be greater than 0"),
        ({"decay": 2}, "night: decay: 2: input should be less than or equal to 1"),
    ],
)
def test_each_broken_entry_is_told_with_its_place_value_and_rule(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NightError, match=sentence):
        night_from(small_night(**changes))


def test_all_complaints_about_a_night_come_together() -> None:
    with pytest.raises(NightError) as caught:
        night_from(small_night(lang="fr", decay=2, map={}, nonsense=1))
    assert len(caught.value.complaints) == 4


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("night.yaml", b"a: 1", "a night's file ends in .toml, .json or .xlsx"),
        ("night.toml", b"date = ", "is not valid TOML"),
        ("night.json", b"{", "is not valid JSON"),
        ("night.json", "名".encode("gbk"), "is not valid JSON"),
        ("night.json", b"[]", "is a list, not a table of entries"),
        ("night.json", b"", "is not valid JSON"),
    ],
)
def test_what_is_no_nights_file_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NightError, match=sentence):
        read_night(tmp_path / name)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(NightError, match=r"no\.toml: there is no such file"):
        read_night(tmp_path / "no.toml")
    (tmp_path / "dir.toml").mkdir()
    with pytest.raises(NightError, match=r"dir\.toml: cannot be read"):
        read_night(tmp_path / "dir.toml")


AGREED = {
    "depot": "bureau",
    "prefix": "B",
    "count": 2,
    "capacity": 6,
    "reserved": ["龙湖路"],
    "forbidden": ["学院路", "夜市"],
    "break": {"minutes": 20, "windows": ["23:00-23:45", "00:30-1:00"]},
}


def test_what_crews_agree_to_is_read_the_same_from_toml_and_json(tmp_path: Path) -> None:
    toml = tmp_path / "night.toml"
    toml.write_text(
        'date = 2026-05-08\nmap = { source = "bundled" }\nshift = { start = "20:30", end = "22:00" }\n'
        'depots = [{ id = "bureau", name = "市局", lon = 117.0035, lat = 32.6249 }]\n'
        '[[crews]]\ndepot = "bureau"\nprefix = "B"\ncount = 2\ncapacity = 6\nreserved = ["龙湖路"]\n'
        'forbidden = ["学院路", "夜市"]\nbreak = { minutes = 20, windows = ["23:00-23:45", "00:30-1:00"] }\n'
        '[[streets]]\nnames = ["龙湖路", "学院路", "广场路"]\npriority = 5\nrequired = true\nvisits = 2\nload = 2\n'
        '[[incidents]]\nfile = "points.csv"\nload = 3\n'
        "[solve]\nwork_limit = 300\nseed = 1\ngoal = 'points'\n",
        encoding="utf-8",
    )
    streets = [small_night()["streets"][0] | {"load": 2}]
    asked = {"crews": [AGREED], "streets": streets, "incidents": [{"file": "points.csv", "load": 3}]}
    night = read_night(toml)
    assert night == night_from(small_night(**asked))
    group = night.crews[0]
    assert (group.capacity, group.reserved, group.forbidden) == (6, ["龙湖路"], ["学院路", "夜市"])
    assert group.break_ is not None
    assert (group.break_.minutes, group.break_.windows) == (20, ["23:00-23:45", "00:30-01:00"])
    assert (night.streets[0].load, night.incidents[0].load) == (2, 3)


def test_a_night_with_agreements_fits_its_schema_and_survives_the_way_out_and_back() -> None:
    given = small_night(crews=[AGREED, {"depot": "bureau"}])
    jsonschema.validate(given, night_schema())
    night = night_from(given)
    written_out = json.loads(night.model_dump_json(by_alias=True, exclude_none=True))
    jsonschema.validate(written_out, night_schema())
    assert night_from(written_out) == night
    assert (night.crews[1].break_, night.crews[1].capacity, night.crews[1].reserved) == (None, None, [])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"capacity": -1}, r"crews\[1\]\.capacity: -1: input should be greater than or equal to 0"),
        ({"capacity": 1_000_001}, r"crews\[1\]\.capacity: 1000001: input should be less than or equal to 1000000"),
        ({"break": {"minutes": 0}}, r"crews\[1\]\.break\.minutes: 0: input should be greater than 0"),
        ({"break": {"minutes": 961}}, r"crews\[1\]\.break\.minutes: 961: input should be less than or equal to 960"),
        ({"break": {"windows": []}}, r"crews\[1\]\.break\.minutes: is missing"),
        ({"break": {"minutes": 9, "windows": ["23"]}}, r"break\.windows\[1\]: '23': write hours as 23:00-23:45"),
        ({"break": {"minutes": 9, "window": "x"}}, r"crews\[1\]\.break\.window: no such entry; did you mean windows\?"),
        ({"rest": {"minutes": 9}}, r"crews\[1\]\.rest: no such entry"),
        ({"reserved": "龙湖路"}, r"crews\[1\]\.reserved: '龙湖路': input should be a valid list"),
    ],
)
def test_what_crews_cannot_agree_to_is_told_with_its_place_value_and_rule(
    changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(NightError, match=sentence):
        night_from(small_night(crews=[{"depot": "bureau"} | changes]))


def test_whatever_a_group_says_of_its_crews_is_a_field_of_a_crew_by_its_name() -> None:
    """So that a new attribute of a crew is one line in the model of the night's file."""
    assert set(Crews.model_fields) - OF_THE_GROUP <= {field.name for field in fields(Crew)}


DEEP = 20_000
NESTED = [
    ("night.json", "[" * DEEP + "]" * DEEP),
    ("night.json", '{"a":' * DEEP + "1" + "}" * DEEP),
    ("night.toml", "a=" + "[" * DEEP + "]" * DEEP),
    ("night.toml", "a=" + "{b=" * DEEP + "1" + "}" * DEEP),
]


@pytest.mark.parametrize(("name", "text"), NESTED)
def test_lists_that_lie_too_deep_are_one_sentence(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NightError) as caught:
        read_night(path)
    assert caught.value.complaints == (f"{path}: its lists and tables lie too deep inside one another",)


@pytest.mark.parametrize("minutes", [float("inf"), float("nan"), 1e308, 961])
def test_a_headway_beyond_any_shift_is_refused(minutes: float) -> None:
    night = json.loads(json.dumps(small_night()))
    night["streets"][0]["headway_min"] = minutes
    with pytest.raises(NightError, match=r"headway_min: .*(less than or equal to 960|greater than or equal to 0)"):
        night_from(night)


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "9001-01-01"])
def test_a_year_without_a_next_day_is_refused(date: str) -> None:
    with pytest.raises(ProblemError, match="is not between the years 1971 and 9000"):
        Crew.fleet(1, depot=(117.0, 32.6), start="20:30", end="03:45", date=date)


def test_an_entry_of_thousands_of_letters_is_named_in_short() -> None:
    with pytest.raises(NightError) as caught:
        night_from({"turns": {"x" * 5000: 1}})
    assert max(map(len, caught.value.complaints)) < 200


@pytest.mark.parametrize("version", ["1.0", "1.7"])
def test_a_night_may_say_by_which_version_it_is_written(version: str) -> None:
    night = night_from(small_night(schema_version=version))
    assert night.schema_version == version
    assert night_from(small_night()).schema_version == NIGHT_VERSION


@pytest.mark.parametrize("version", ["2.0", "0.9", "11.1"])
def test_a_night_of_another_major_version_is_refused_with_one_sentence(tmp_path: Path, version: str) -> None:
    path = written(tmp_path, schema_version=version, map=7, novelty=True)
    with pytest.raises(NightError) as caught:
        read_night(path)
    rule = f"schema_version '{version}' is not 1.x, the version that this library reads"
    assert caught.value.complaints == (f"{path}: the file: {rule}",)
    assert [finding.said for finding in examine_file(path, "en").errors] == [f"{path}: the file: {rule}"]
    assert "不是本程序能读的 1.x 版" in examine_file(path, "zh").errors[0].said


@pytest.mark.parametrize("version", [1, 1.0, "1", "one", ""])
def test_a_version_that_is_none_is_told_with_its_rule(version: object) -> None:
    with pytest.raises(NightError, match="schema_version"):
        night_from(small_night(schema_version=version))


def test_the_schema_of_a_night_has_a_name_of_its_own_and_its_version() -> None:
    assert night_schema()["$id"] == f"urn:patrolroute:schema:night:{NIGHT_VERSION}"

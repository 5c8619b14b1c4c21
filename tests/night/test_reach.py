"""A night from outside reads no file outside its folder, starts no download, and no error repeats what a file holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import DownloadError, InputError, NightError
from patrolroute.cli.commands import main
from patrolroute.demand.drawings import read_shapes, read_tracks
from patrolroute.demand.sheets import read_depots
from patrolroute.network.road import RoadNetwork
from patrolroute.night.model import Night
from patrolroute.night.reach import named_files
from patrolroute.night.run import NightRun, night_from, read_night
from tests.night.nights import small_night, written

DEPOTS = "id,name,lon,lat\nbureau,市局,117.0035,32.6249\n"
TOLD = "root-hunter2:x:0:0"

FILES: dict[str, Callable[[str], dict[str, Any]]] = {
    "depots": lambda path: {"depots": path},
    "map.file": lambda path: {"map": {"file": path}},
    "map.area": lambda path: {"map": {"file": "map.osm", "area": path}},
    "crews[1].area": lambda path: {"crews": [{"depot": "bureau", "area": path}]},
    "streets[1].within": lambda path: {"streets": [{"within": path}]},
    "streets[1].along": lambda path: {"streets": [{"along": path}]},
    "incidents[1].file": lambda path: {"incidents": [{"file": path}]},
    "hotspots[1].file": lambda path: {"hotspots": [{"file": path}]},
    "closures[1].lines": lambda path: {"closures": {"lines": path}},
    "closures[1].polygons": lambda path: {"closures": [{"polygons": path}]},
    "cells.file": lambda path: {"cells": {"file": path}},
    "slow[1].lines": lambda path: {"slow": [{"lines": path, "factor": 0.5}]},
    "slow[1].polygons": lambda path: {"slow": [{"polygons": path, "factor": 0.5}]},
}
"""Every entry that names a file, and a night that has it."""

OUTSIDE = [
    "/etc/passwd",
    "../depots.csv",
    "a/../../b.csv",
    "C:\\Windows\\a.csv",
    "..\\b.csv",
    "\\\\server\\b.csv",
    "C:b",
]


def entries_with_files(schema: dict[str, Any]) -> int:
    """Count the entries of a schema that name a file."""
    own = schema.get("format") == "path"
    inside = [value for value in schema.values() if isinstance(value, dict)]
    inside += [item for value in schema.values() if isinstance(value, list) for item in value if isinstance(item, dict)]
    return own + sum(map(entries_with_files, inside))


def test_every_entry_that_names_a_file_is_looked_at() -> None:
    for entry, make in FILES.items():
        night = night_from(small_night(**make("a.csv")))
        assert (entry, Path("a.csv")) in list(named_files(night))
    # closures and slow streets share a form in the model, and have one each in the schema
    assert entries_with_files(Night.model_json_schema()) == len(FILES)


@pytest.mark.parametrize("entry", FILES)
@pytest.mark.parametrize("path", OUTSIDE)
def test_a_night_from_outside_names_no_file_outside_its_folder(entry: str, path: str) -> None:
    with pytest.raises(NightError) as caught:
        night_from(small_night(**FILES[entry](path)), source="request")
    assert caught.value.complaints[0].startswith(f"request: {entry}: ")
    assert "lies outside the folder of the night" in caught.value.complaints[0]
    assert "不在当晚文件的文件夹内" in caught.value.items[0].said("zh")


def test_all_that_a_night_may_not_is_told_at_once() -> None:
    night = small_night(depots="/etc/passwd", hotspots=[{"file": "../a.csv"}], map={"places": ["淮南"]})
    with pytest.raises(NightError) as caught:
        night_from(night)
    assert [sentence.split(": ")[1] for sentence in caught.value.complaints] == [
        "depots", "hotspots[1].file", "map.places"
    ]  # fmt: skip


@pytest.mark.parametrize("given", [{"source": "osm"}, {"places": ["Huainan"]}])
def test_a_night_from_outside_starts_no_download(given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(*_: object, **__: object) -> RoadNetwork:
        asked.append(given)
        raise DownloadError("no network")

    monkeypatch.setattr(RoadNetwork, "from_place", refuse)
    monkeypatch.setattr(RoadNetwork, "huainan", refuse)
    with pytest.raises(NightError, match="asks for a download, which this night may not start"):
        night_from(small_night(map=given))
    night = night_from(small_night(map=given), downloads=True)
    with pytest.raises(NightError, match="asks for a download"):
        NightRun(night)
    assert asked == []
    with pytest.raises(DownloadError):
        NightRun(night, downloads=True).networks()


def test_files_in_the_folder_and_below_it_are_read(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "depots.csv").write_text(DEPOTS, encoding="utf-8")
    run = NightRun(night_from(small_night(depots="lists/depots.csv")), tmp_path)
    assert [crew.id for crew in run.crews()] == ["A01", "A02", "A03"]


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path, is_folder: bool) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "night"
    outside.mkdir()
    folder.mkdir()
    (outside / "depots.csv").write_text(DEPOTS, encoding="utf-8")
    (folder / "link").symlink_to(outside if is_folder else outside / "depots.csv")
    night = night_from(small_night(depots="link/depots.csv" if is_folder else "link"))
    with pytest.raises(NightError, match=r"depots: .* lies outside the folder of the night"):
        NightRun(night, folder)
    assert len(NightRun(night, folder, files="anywhere").crews()) == 3


def test_a_link_that_stays_in_the_folder_and_a_folder_that_is_one_are_followed(tmp_path: Path) -> None:
    folder = tmp_path / "night"
    folder.mkdir()
    (folder / "depots.csv").write_text(DEPOTS, encoding="utf-8")
    (folder / "link.csv").symlink_to("depots.csv")
    (tmp_path / "also").symlink_to(folder)
    for place in (folder, tmp_path / "also"):
        assert len(NightRun(night_from(small_night(depots="link.csv")), place).crews()) == 3


def test_the_turns_beside_a_map_are_no_way_out(tmp_path: Path) -> None:
    (tmp_path / "night").mkdir()
    (tmp_path / "night" / "map.turns.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(NightError, match=r"map\.file: 'map\.turns\.csv' lies outside"):
        NightRun(night_from(small_night(map={"file": "map.graphml"})), tmp_path / "night")


def test_links_that_lead_round_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    run = NightRun.trusting(night_from(small_night(depots="a")), tmp_path)
    with pytest.raises(InputError):
        run.crews()
    with pytest.raises(InputError):
        NightRun(run.night, tmp_path).crews()


def test_the_caller_says_that_a_night_may_name_any_file(tmp_path: Path) -> None:
    (tmp_path / "depots.csv").write_text(DEPOTS, encoding="utf-8")
    night = night_from(small_night(depots=str(tmp_path / "depots.csv")), files="anywhere")
    assert len(NightRun(night, files="anywhere").crews()) == 3
    assert len(NightRun.trusting(night).crews()) == 3
    with pytest.raises(NightError, match="lies outside the folder"):
        NightRun(night)


def test_a_word_that_is_no_reach_is_refused() -> None:
    with pytest.raises(InputError, match="files 'all' is not one of folder, anywhere"):
        night_from(small_night(), files="all")  # type: ignore[arg-type]


def test_the_command_line_trusts_its_file(tmp_path: Path) -> None:
    (tmp_path / "depots.csv").write_text(DEPOTS, encoding="utf-8")
    (tmp_path / "night").mkdir()
    path = written(tmp_path / "night", depots="../depots.csv", closures={"names": []})
    assert isinstance(read_night(path).depots, Path)
    assert main(["plan", str(path), "-o", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert main(["doctor", str(path)]) == 0


HEADS = [f"{TOLD}\nnobody:x:1\n", f"{TOLD},b,c\n1,2,3\n", f'"{TOLD}"', f'["{TOLD}"]', f'{{"key": "{TOLD}"}}']
READERS: list[Callable[[Path], object]] = [read_depots, read_shapes, read_tracks]
MAPS = ["a.osm", "a.graphml", "a.osm.pbf", "a.osm.gz", "passwd"]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("read", READERS)
def test_what_is_wrong_with_a_list_or_drawing_does_not_repeat_its_head(
    tmp_path: Path, read: Callable[[Path], object], head: str
) -> None:
    path = tmp_path / "passwd"
    path.write_text(head, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("name", MAPS)
def test_what_is_wrong_with_a_map_does_not_repeat_its_head(tmp_path: Path, name: str, head: str) -> None:
    path = tmp_path / name
    path.write_text(head, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        RoadNetwork.from_file(path)
    assert "hunter2" not in str(caught.value)

"""A first draft of hotspots from OpenStreetMap's tags."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from patrolroute.demand.osmtags import OsmHotspots, hotspots_from_osm, kind_of
from tests.demand.files import complaints_of, town
from tests.network.by_hand import lonlat

TOWN = town()


def node(number: int, east: float, north: float, **tags: str) -> str:
    lon, lat = lonlat(east, north)
    inner = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<node id="{number}" lat="{lat:.7f}" lon="{lon:.7f}">{inner}</node>'


def found(folder: Path, *elements: str, name: str = "map.osm") -> OsmHotspots:
    text = f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(elements)}</osm>'.encode()
    path = folder / name
    pack = {".gz": gzip.compress, ".bz2": bz2.compress}.get(path.suffix, bytes)
    path.write_bytes(pack(text))
    return hotspots_from_osm(path, TOWN)


KINDS = [
    ({"amenity": "marketplace"}, "marketplace"),
    ({"amenity": "marketplace", "name": "龙湖夜市"}, "night_market"),
    ({"amenity": "fast_food", "name": "湖滨美食排档"}, "night_market"),
    ({"amenity": "bbq"}, "barbecue"),
    ({"amenity": "restaurant", "cuisine": "BBQ"}, "barbecue"),
    ({"amenity": "restaurant", "name": "老王烧烤"}, "barbecue"),
    ({"amenity": "school", "name": "烧烤学校"}, None),
    ({"name": "夜市"}, None),
    ({"amenity": "restaurant"}, None),
    ({"amenity": "restaurant", "opening_hours": "11:00-22:00"}, None),
    ({"amenity": "restaurant", "opening_hours": "11:00-22:01"}, "night_food"),
    ({"amenity": "restaurant", "opening_hours": "11:00-14:00, 17:00-02:00"}, "night_food"),
    ({"amenity": "restaurant", "opening_hours": "18:00-24:00"}, "night_food"),
    ({"amenity": "restaurant", "opening_hours": "24/7"}, "night_food"),
    ({"amenity": "restaurant", "opening_hours": "Fr 18:00-02:00"}, None),
    ({"amenity": "restaurant", "opening_hours": "18:00-99:00"}, None),
]


@pytest.mark.parametrize(("tags", "kind"), KINDS)
def test_tags_say_what_kind_of_hotspot_it_is(tags: dict[str, str], kind: str | None) -> None:
    assert kind_of(tags) == kind


@pytest.mark.parametrize(
    ("hours", "windows"),
    [
        ("Mo-Su 19:00-01:00", ["19:00-01:00"]),
        ("11:00-14:00,17:00-23:30", ["11:00-14:00", "17:00-23:30"]),
        ("24/7", []),
        ("Mo-Fr 19:00-01:00; PH off", ["18:00-02:00"]),
        ("", ["18:00-02:00"]),
    ],
)
def test_simple_hours_are_read_and_unknown_ones_are_the_usual(tmp_path: Path, hours: str, windows: list[str]) -> None:
    (spot,) = found(tmp_path, node(1, 250, 0, amenity="bbq", opening_hours=hours)).hotspots
    assert [str(window) for window in spot.windows] == windows


@pytest.mark.parametrize("name", ["map.osm", "map.osm.gz", "map.osm.bz2"])
def test_nodes_and_ways_are_found_in_files_of_every_packing(tmp_path: Path, name: str) -> None:
    corners = [node(1, 240, 0), node(2, 260, 0), node(3, 260, 20), node(4, 240, 20)]
    refs = "".join(f'<nd ref="{number}"/>' for number in (1, 2, 3, 4, 1))
    square = f'<way id="9">{refs}<tag k="amenity" v="marketplace"/><tag k="name" v="湖滨&#10;市场"/></way>'
    (spot,) = found(tmp_path, *corners, square, name=name).hotspots
    assert (spot.name, spot.kind, spot.mode) == ("湖滨 市场", "marketplace", "car")
    assert (spot.place.lon, spot.place.lat) == pytest.approx(lonlat(250, 10), abs=1e-7)


def test_places_far_from_every_street_are_skipped_and_named(tmp_path: Path) -> None:
    draft = found(tmp_path, node(1, 250, 0, amenity="bbq"), node(2, 9000, 0, amenity="bbq", name="远处"))
    assert [spot.name for spot in draft.hotspots] == ["barbecue"]
    assert draft.skipped == ("远处",)


def test_places_of_one_name_close_together_have_ids_of_their_own(tmp_path: Path) -> None:
    draft = found(tmp_path, *(node(number, 250, 0, amenity="bbq", name="烧烤") for number in (1, 2, 3)))
    assert [spot.id.rpartition(",")[2] for spot in draft.hotspots] == ["32.6000", "32.6000#2", "32.6000#3"]


def test_deleted_places_and_a_map_without_any_give_nothing(tmp_path: Path) -> None:
    gone = node(1, 250, 0, amenity="bbq").replace("<node ", '<node action="delete" ')
    assert found(tmp_path, gone) == OsmHotspots([], ())


DAMAGED = "the OSM XML is damaged or cut off: "
BROKEN = [
    ("<osm><node id='1'", DAMAGED),
    ("<osm><node id='1'/></osm>", DAMAGED + "node 1 has no longitude or no latitude"),
    ("<osm><node id='1' lon='32.6' lat='117.0'/></osm>", DAMAGED + "node 1: 32.6, 117.0 is not"),
    ("<gpx></gpx>", "is not a map in OSM XML: its outermost element is <gpx>, not <osm>"),
    ("name,lon,lat", DAMAGED),
    ("<!DOCTYPE x><osm></osm>", "has a DOCTYPE, which OSM XML does not need; it is not read"),
    ("", "the file is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_a_file_that_is_no_map_is_one_clear_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "map.osm"
    path.write_text(text, encoding="utf-8")
    (said,) = complaints_of(lambda: hotspots_from_osm(path, TOWN))
    assert said.startswith(f"{path}: {sentence}")

"""A first draft of hotspots from OpenStreetMap's tags."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import osmium
import pytest
import shapely

from patrolroute.demand.hotspots import OsmHotspots, hotspots_from_osm, kind_of
from patrolroute.network.clip import tagged_places
from tests.demand.files import complaints_of, town
from tests.network.by_hand import lonlat

TOWN = town()


def node(number: int, east: float, north: float, **tags: str) -> str:
    lon, lat = lonlat(east, north)
    inner = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<node id="{number}" lat="{lat:.7f}" lon="{lon:.7f}">{inner}</node>'


def written_map(folder: Path, *elements: str, name: str = "map.osm") -> Path:
    text = f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(elements)}</osm>'.encode()
    path = folder / name
    pack = {".gz": gzip.compress, ".bz2": bz2.compress}.get(path.suffix, bytes)
    path.write_bytes(pack(text))
    return path


def found(folder: Path, *elements: str, name: str = "map.osm") -> OsmHotspots:
    return hotspots_from_osm(written_map(folder, *elements, name=name), TOWN)


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
    ({"amenity": "restaurant", "opening_hours": "Fr 18:00-02:00"}, "night_food"),
    ({"amenity": "restaurant", "opening_hours": "Jun-Aug 18:00-24:00; Sep-May 10:00-21:00"}, "night_food"),
    ({"amenity": "restaurant", "opening_hours": "Mo-Sa 05:00-22:00; Su off"}, None),
    ({"amenity": "restaurant", "opening_hours": "23:00-05:00"}, "night_food"),
    ({"amenity": "restaurant", "opening_hours": "18:00-99:00"}, None),
]


@pytest.mark.parametrize(("tags", "kind"), KINDS)
def test_tags_say_what_kind_of_hotspot_it_is(tags: dict[str, str], kind: str | None) -> None:
    assert kind_of(tags) == kind


@pytest.mark.parametrize(
    ("hours", "windows"),
    [("19:00-01:00", ["19:00-01:00"]), ("24/7", []), ("Mo-Fr 19:00-01:00; PH off",) * 2, ("", "18:00-02:00")],
)
def test_hours_are_kept_as_written_and_missing_ones_are_the_usual(
    tmp_path: Path, hours: str, windows: list[str] | str
) -> None:
    (spot,) = found(tmp_path, node(1, 250, 0, amenity="bbq", opening_hours=hours)).hotspots
    assert [str(window) for window in spot.windows] == ([windows] if isinstance(windows, str) else windows)


def test_a_place_whose_hours_cannot_be_read_is_left_out_by_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    draft = found(tmp_path, node(1, 250, 0, amenity="bbq", name="老王烧烤", opening_hours="most evenings"))
    assert (draft.hotspots, draft.unread, draft.closed) == ([], ("老王烧烤",), ())
    assert "老王烧烤: opening_hours 'most evenings' cannot be read" in caplog.text


def test_a_place_that_is_closed_during_the_night_is_left_out_by_name(tmp_path: Path) -> None:
    path = written_map(tmp_path, node(1, 250, 0, amenity="bbq", name="周末烧烤", opening_hours="Sa,Su 18:00-24:00"))
    eve = dt.datetime(2026, 5, 8, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday
    friday, saturday = (
        hotspots_from_osm(path, TOWN, during=(begin, begin + dt.timedelta(hours=3)))
        for begin in (eve, eve + dt.timedelta(days=1))
    )
    assert (friday.hotspots, friday.closed) == ([], ("周末烧烤",))
    assert (len(saturday.hotspots), saturday.closed) == (1, ())


def test_the_hours_of_a_night_that_ends_before_it_begins_are_refused(tmp_path: Path) -> None:
    eve = dt.datetime(2026, 5, 8, 20, 30, tzinfo=dt.UTC)
    path = written_map(tmp_path, node(1, 250, 0, amenity="bbq"))
    (said,) = complaints_of(lambda: hotspots_from_osm(path, TOWN, during=(eve, eve)))
    assert said == "window: closes 2026-05-08 20:30, not after it opens 2026-05-08 20:30"


@pytest.mark.parametrize("name", ["map.osm", "map.osm.gz", "map.osm.bz2"])
def test_nodes_and_ways_are_found_in_files_of_every_packing(tmp_path: Path, name: str) -> None:
    corners = [node(1, 240, 0), node(2, 260, 0), node(3, 260, 20), node(4, 240, 20)]
    refs = "".join(f'<nd ref="{number}"/>' for number in (1, 2, 3, 4, 1))
    square = f'<way id="9">{refs}<tag k="amenity" v="marketplace"/><tag k="name" v="湖滨&#10;市场"/></way>'
    (spot,) = found(tmp_path, *corners, square, name=name).hotspots
    assert (spot.name, spot.kind, spot.mode) == ("湖滨 市场", "marketplace", "car")
    assert (spot.place.lon, spot.place.lat) == pytest.approx(lonlat(250, 10), abs=1e-7)


CORNERS = [node(number, *at) for number, at in enumerate([(240, 0), (260, 0), (260, 20), (240, 20)], start=1)]
MARKET = '<tag k="amenity" v="marketplace"/><tag k="name" v="湖滨市场"/>'


def way(number: int, refs: tuple[int, ...], inner: str = "") -> str:
    return f'<way id="{number}">{"".join(f"""<nd ref="{ref}"/>""" for ref in refs)}{inner}</way>'


def multipolygon(*members: str, number: int = 30) -> str:
    return f'<relation id="{number}">{"".join(members)}<tag k="type" v="multipolygon"/>{MARKET}</relation>'


def member(number: int, role: str = "outer", inner: str = "") -> str:
    return f'<member type="way" ref="{number}" role="{role}">{inner}</member>'


HALVES = [way(9, (1, 2, 3)), way(10, (3, 4, 1))]
LON, LAT = lonlat(250, 10)
DRAWN = re.sub(r'<node id="."( lat="[\d.]+" lon="[\d.]+")></node>', r"<nd\1/>", "".join([*CORNERS, CORNERS[0]]))
MARKETS: dict[str, list[str]] = {
    "an area": [*CORNERS, way(9, (1, 2, 3, 4, 1), MARKET)],
    "an area before its nodes": [way(9, (1, 2, 3, 4, 1), MARKET), *CORNERS],
    "an area of new nodes": [text.replace('ref="', 'ref="-').replace('node id="', 'node id="-') for text in
                             (way(9, (1, 2, 3, 4, 1), MARKET), *CORNERS)],
    "a multipolygon of two halves": [*CORNERS, *HALVES, multipolygon(member(9), member(10))],
    "a multipolygon before its parts": [multipolygon(member(9), member(10)), *HALVES, *CORNERS],
    "a multipolygon whose outline is a market too": [
        *CORNERS, way(9, (1, 2, 3, 4, 1), MARKET), multipolygon(member(9))
    ],
    "an area of which only the middle is given": [f'<way id="9"><center lat="{LAT}" lon="{LON}"/>{MARKET}</way>'],
    "a relation of which only the middle is given": [
        f'<relation id="9"><center lat="{LAT}" lon="{LON}"/>{member(9)}{MARKET}</relation>'
    ],
    "a middle beside nodes that are missing": [
        f'<way id="9"><center lat="{LAT}" lon="{LON}"/><nd ref="1"/><nd ref="2"/>{MARKET}</way>'
    ],
    "a relation whose members are drawn": [f'<relation id="9">{member(9, inner=DRAWN)}{MARKET}</relation>'],
}  # fmt: skip


@pytest.mark.parametrize("what", MARKETS)
def test_a_market_is_found_once_in_its_middle_however_it_is_drawn(tmp_path: Path, what: str) -> None:
    draft = found(tmp_path, *MARKETS[what])
    (spot,) = draft.hotspots
    assert (spot.name, spot.kind, draft.incomplete) == ("湖滨市场", "marketplace", ())
    assert (spot.place.lon, spot.place.lat) == pytest.approx(lonlat(250, 10), abs=1e-6)


def test_a_market_around_a_yard_lies_in_the_market(tmp_path: Path) -> None:
    """Three sides of a square are built up: the middle of the square is not."""
    corners = [(200, 0), (300, 0), (300, 90), (290, 90), (290, 10), (210, 10), (210, 90), (200, 90)]
    nodes = [node(number, *at) for number, at in enumerate(corners, start=1)]
    (place,) = tagged_places(written_map(tmp_path, *nodes, way(9, (*range(1, 9), 1), MARKET)), "amenity")
    outline = shapely.Polygon([lonlat(*at) for at in corners])
    assert place.place is not None
    assert outline.contains(shapely.Point(place.place))


@pytest.mark.parametrize("form", ["pbf", "pbf,locations_on_ways=true"])
def test_places_are_found_in_packed_files(tmp_path: Path, form: str) -> None:
    source = written_map(tmp_path, *MARKETS["a multipolygon of two halves"])
    with osmium.SimpleWriter(osmium.io.File(str(tmp_path / "map.osm.pbf"), form), overwrite=True) as writer:
        for entity in osmium.FileProcessor(str(source)).with_locations():
            if not ("ways" in form and entity.is_node()):
                writer.add(entity)
    (spot,) = hotspots_from_osm(tmp_path / "map.osm.pbf", TOWN).hotspots
    assert (spot.place.lon, spot.place.lat) == pytest.approx(lonlat(250, 10), abs=1e-6)


LACKING = {
    "a corner": ([*CORNERS[:3], way(9, (1, 2, 3, 4, 1), MARKET)], 1),
    "all corners": ([way(9, (1, 2, 3, 4, 1), MARKET)], 0),
    "half of a multipolygon": ([*CORNERS, HALVES[0], multipolygon(member(9), member(10))], 1),
    "a multipolygon's parts": ([multipolygon(member(9), member(10))], 0),
}


@pytest.mark.parametrize("what", LACKING)
def test_of_what_a_place_lacks_is_told(tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture) -> None:
    elements, count = LACKING[what]
    draft = found(tmp_path, *elements)
    assert draft.incomplete == ("湖滨市场",)
    assert len(draft.hotspots) == count
    assert "lacks nodes or members of 1 places, such as 湖滨市场" in caplog.text


def test_the_newest_version_of_a_place_counts(tmp_path: Path) -> None:
    bbq = node(1, 250, 0, amenity="bbq")
    closed = node(1, 250, 0, shop="vacant").replace("<node ", '<node version="3" ')
    assert found(tmp_path, bbq.replace("<node ", '<node version="2" '), closed).hotspots == []


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


BBQ = "<tag k='amenity' v='bbq'/></node></osm>"
NOWHERE = "1 nodes of places lie nowhere on earth, node 1 "
BROKEN = [
    ("<osm version='0.6'><node id='1'", "the file is cut off: it does not end with </osm>"),
    (f"<osm version='0.6'><node id='1'>{BBQ}", NOWHERE + "without degrees"),
    (f"<osm version='0.6'><node id='1' lon='32.6' lat='117.0'>{BBQ}", NOWHERE + "at longitude 32.6 and latitude 117.0"),
    (f"<osm version='0.6'><node id='1' lon='nan' lat='32.6'>{BBQ}", "a node lies nowhere on earth: 'nan'"),
    (f"<osm version='0.6'><node id='one' lon='117.0' lat='32.6'>{BBQ}", "id 'one' is not a whole number"),
    ("<gpx></gpx>", "is not a map in OSM XML: its outermost element is <gpx>, not <osm>"),
    ("name,lon,lat", "is not OSM XML"),
    ("<!DOCTYPE x><osm></osm>", "has a DOCTYPE, which OSM XML does not need; it is not read"),
    ("", "the file is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_a_file_that_is_no_map_is_one_clear_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "map.osm"
    path.write_text(text, encoding="utf-8")
    (said,) = complaints_of(lambda: hotspots_from_osm(path, TOWN))
    assert said.startswith(f"{path}: {sentence}")

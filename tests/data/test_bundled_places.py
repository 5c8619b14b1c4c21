"""The bundled night: hotspots, depots and study areas agree with the map, with the facts and with each other."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import tomllib
from typing import Any

import pytest
import shapely

from patrolroute.base.text import label
from patrolroute.demand.hotspots import read_hotspots
from patrolroute.demand.model import Hotspot
from patrolroute.demand.sheets import DepotRow, read_depots
from patrolroute.network.names import base_name, sections
from patrolroute.network.places import SNAP_M, Place, snap_all
from patrolroute.network.road import RoadNetwork
from patrolroute.night.model import Night
from patrolroute.night.run import bundled_night, read_night
from tests.data.facts import DATA, FOOD_CLUSTERS, POLICE, RIDGE_LAT, SHANNAN_STREETS, beyond_the_river

KINDS = {"night_market", "barbecue", "night_food"}
MADE_UP = "（示意）"
"""Ends the name of a place that is not known to exist: no night market of Shannan is."""

TABLES = ("hotspots.csv", "depots.csv")


@pytest.fixture(scope="module")
def hotspots(network: RoadNetwork) -> list[Hotspot]:
    return read_hotspots(DATA / "hotspots.csv", network)


@pytest.fixture(scope="module")
def depots() -> list[DepotRow]:
    return read_depots(DATA / "depots.csv")


@pytest.fixture(scope="module")
def areas() -> dict[str, Any]:
    """Return the study areas by id."""
    features = json.loads((DATA / "study_areas.geojson").read_text(encoding="utf-8"))["features"]
    return {one["properties"]["id"]: shapely.geometry.shape(one["geometry"]) for one in features}


@pytest.fixture(scope="module")
def night() -> Night:
    return read_night(bundled_night())


def street_of(network: RoadNetwork, place: Place) -> str:
    tail, head, key = place.arc
    ends = (network.node_id[network.tail] == tail) & (network.node_id[network.head] == head) & (network.key == key)
    return network.names[int(ends.nonzero()[0][0])]


def named_after(name: str) -> str:
    """Return the street that a name begins with."""
    return re.match(r".+?(?:路|大街|大道)", name)[0]


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------------------------------------ hotspots


def test_every_hotspot_lies_beside_its_street(network: RoadNetwork, hotspots: list[Hotspot]) -> None:
    for hotspot in hotspots:
        assert hotspot.place.distance_m <= 40 <= SNAP_M
        street = street_of(network, hotspot.place)
        assert street, f"{hotspot.name} lies on a lane"
        if hotspot.name not in FOOD_CLUSTERS:
            assert hotspot.name.startswith(street), f"{hotspot.name} lies on {street}"


def test_a_hotspot_is_named_after_a_known_street_or_food_cluster(network: RoadNetwork, hotspots: list[Hotspot]) -> None:
    names = [hotspot.name for hotspot in hotspots]
    assert len(set(names)) == len(names)
    assert FOOD_CLUSTERS - set(names) == set()
    for name in set(names) - FOOD_CLUSTERS:
        assert named_after(name) in network.names, name


def test_the_streets_of_the_night_markets_and_the_sweep_have_hotspots(hotspots: list[Hotspot]) -> None:
    at = {base_name(named_after(one.name)) for one in hotspots if one.name not in FOOD_CLUSTERS}
    markets = {"龙湖路", "学院路", "广场路", "淮舜路", "人民路", "舜耕路", "淮滨路", "泉山路"}
    sweep = {"洞山路", "柳郢路", "林场路", "国庆路", "朝阳路", "惠利路"}
    assert (markets | sweep) - at == set()


def test_kinds_are_known_and_have_a_chinese_word(hotspots: list[Hotspot]) -> None:
    assert {hotspot.kind for hotspot in hotspots} == KINDS
    assert all(label(kind) != kind for kind in KINDS)


def test_every_district_s_hotspots_lie_in_its_study_area(hotspots: list[Hotspot], areas: dict[str, Any]) -> None:
    south = {one.name for one in hotspots if one.place.lat < RIDGE_LAT}
    assert south == {one.name for one in hotspots if one.name.startswith(tuple(SHANNAN_STREETS))}
    for hotspot in hotspots:
        point = shapely.Point(hotspot.place.lon, hotspot.place.lat)
        inside = {name for name, area in areas.items() if shapely.contains(area, point)}
        assert inside == {"shannan" if hotspot.name in south else "old_town"}, hotspot.name


def test_what_is_made_up_says_so_in_its_name(hotspots: list[Hotspot]) -> None:
    made_up = {one.name for one in hotspots if one.name.endswith(MADE_UP)}
    assert made_up == {one.name for one in hotspots if one.place.lat < RIDGE_LAT}


def test_every_hotspot_is_open_for_its_dwell_during_the_shift(night: Night) -> None:
    starts, ends = (minutes(clock) for clock in (night.shift.start, night.shift.end))
    for row in rows_of("hotspots.csv"):
        opens, closes = minutes(row["open"]), minutes(row["close"])
        closes += 24 * 60 if closes <= opens else 0
        assert opens >= 17 * 60, row["name"]
        assert closes <= 26 * 60, row["name"]
        assert min(closes, ends) - max(opens, starts) >= int(row["dwell_min"]), row["name"]


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


# ------------------------------------------------------------------------------------------------ depots


def test_the_depots_are_the_known_police_places(depots: list[DepotRow]) -> None:
    assert {depot.name for depot in depots} == POLICE
    assert len({depot.id for depot in depots}) == len(depots)


def test_every_depot_lies_beside_a_street(network: RoadNetwork, depots: list[DepotRow]) -> None:
    places = snap_all(network, [(depot.name, (depot.lon, depot.lat)) for depot in depots])
    for depot, place in zip(depots, places, strict=True):
        assert place.distance_m <= 50 <= SNAP_M, depot.name
        assert street_of(network, place), f"{depot.name} lies on a lane"


def test_a_station_called_after_a_street_stands_on_it(network: RoadNetwork, depots: list[DepotRow]) -> None:
    (station,) = [depot for depot in depots if depot.name == "国庆路派出所"]
    (place,) = snap_all(network, [(station.name, (station.lon, station.lat))])
    assert street_of(network, place) in sections("国庆路", network)


def test_every_depot_lies_in_the_study_area_of_its_name(depots: list[DepotRow], areas: dict[str, Any]) -> None:
    for depot in depots:
        inside = {name for name, area in areas.items() if shapely.contains(area, shapely.Point(depot.lon, depot.lat))}
        assert inside == {"shannan" if "山南" in depot.name else "old_town"}, depot.name


# ------------------------------------------------------------------------------------------------ study areas


def test_the_study_areas_are_valid_polygons_that_at_most_touch(areas: dict[str, Any]) -> None:
    assert set(areas) == {"old_town", "shannan"}
    for name, area in areas.items():
        assert area.geom_type == "Polygon", name
        assert area.is_valid, name
        assert shapely.box(116.9, 32.52, 117.07, 32.69).contains(area), name
    assert areas["old_town"].intersection(areas["shannan"]).area == 0.0


def test_the_old_town_ends_at_the_river_and_both_areas_at_the_ridge(areas: dict[str, Any]) -> None:
    assert areas["old_town"].intersection(beyond_the_river()).area == 0.0
    assert areas["old_town"].distance(beyond_the_river()) == 0.0
    assert areas["shannan"].bounds[3] == areas["old_town"].bounds[1] == pytest.approx(RIDGE_LAT, abs=0.01)


def test_all_streets_lie_in_the_study_areas(network: RoadNetwork, areas: dict[str, Any]) -> None:
    both = shapely.union_all(list(areas.values())).buffer(1e-6)
    assert shapely.contains_xy(both, network.shape_lon, network.shape_lat).all()


# ------------------------------------------------------------------------------------------------ the night


def test_the_night_is_the_operation_of_8_may(night: Night) -> None:
    assert night.date == dt.date(2026, 5, 8)
    assert night.timezone == "Asia/Shanghai"
    assert night.shift.start == "20:30"
    assert 180 < minutes(night.shift.end) - minutes(night.shift.start) <= 210
    assert night.map.source == "bundled"


def test_some_24_crews_set_out_from_both_sides_of_the_ridge(night: Night, depots: list[DepotRow]) -> None:
    assert 22 <= sum(group.count for group in night.crews) <= 26
    lat_of = {depot.id: depot.lat for depot in depots}
    lats = [lat_of[group.depot] for group in night.crews]
    assert min(lats) < RIDGE_LAT < max(lats)
    assert "bureau" in {group.depot for group in night.crews}


def test_every_street_of_the_night_is_on_the_map(night: Night, network: RoadNetwork) -> None:
    for wish in night.streets:
        assert set(wish.names or []) <= set(network.names)
        assert set(wish.classes or []) <= set(network.highways)


def test_the_files_that_the_night_names_are_beside_it(night: Night) -> None:
    files = [night.depots, *(given.file for given in night.hotspots)]
    assert all((DATA / str(file)).is_file() for file in files)


# ------------------------------------------------------------------------------------------------ what they say


def test_every_place_says_that_it_is_schematic() -> None:
    for table in TABLES:
        assert {row["name"] for row in rows_of(table) if "示意" not in row["note"]} == set()
    assert "示意" in json.loads((DATA / "study_areas.geojson").read_text(encoding="utf-8"))["note"]
    night = (DATA / "night.toml").read_text(encoding="utf-8")
    assert "不得用于执勤" in night
    assert "示意" in tomllib.loads(night)["name"]


@pytest.mark.parametrize("name", ["hotspots.csv", "depots.csv", "streets.csv", "study_areas.geojson", "night.toml"])
def test_no_telephone_number_stands_in_a_file(name: str) -> None:
    """A run of seven digits or more, or an area code with a number, is one; coordinates have a point."""
    path = DATA / name
    found = re.findall(r"(?<![\d.])(?:\d{7,}|0\d{2,3}[- ]\d{7,8})", path.read_text(encoding="utf-8"))
    assert found == []


def test_no_column_asks_for_a_person() -> None:
    known = {"id", "name", "kind", "lon", "lat", "open", "close", "dwell_min", "priority", "required", "note"}
    for table in TABLES:
        assert set(rows_of(table)[0]) <= known

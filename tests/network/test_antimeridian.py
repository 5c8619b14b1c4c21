"""Streets across ±180° of longitude are what they are anywhere: lengths, places, cuts, plans and drawings."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import gpxpy
import numpy as np
import pytest
import shapely

from patrolroute.demand.model import Hotspot
from patrolroute.demand.streets import select_streets
from patrolroute.metrics.coverage import cell_of, stays
from patrolroute.network.coordinates import cut_at_180, inside, near_lon
from patrolroute.network.places import flat, nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.network.split import split_at
from patrolroute.output.looks.names import junction_names
from patrolroute.output.looks.scene import Scene
from patrolroute.output.save import save
from patrolroute.output.tracks import gpx_bytes
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from patrolroute.search.solve import solve
from tests.network.by_hand import LON, Road, build, lonlat

NODES = {1: (-300, 0), 2: (300, 0), 3: (300, 400), 4: (-300, 400)}
ROADS = [Road(1, 2, "南路"), Road(2, 3, "东路"), Road(3, 4, "北路", via=((0, 450),)), Road(4, 1, "西路")]


def moved(lon: float) -> float:
    """Return a longitude as much from 180° as another is from the middle of the small maps."""
    return float(near_lon(lon - LON + 180.0, 0.0))


def point(x: float, y: float) -> tuple[float, float]:
    lon, lat = lonlat(x, y)
    return moved(lon), lat


def across() -> RoadNetwork:
    """Return a block that 180° cuts in two halves."""
    network = build(NODES, ROADS)
    lon, shape_lon = (np.array([moved(one) for one in values.tolist()]) for values in (network.lon, network.shape_lon))
    assert lon.min() < -179.99 < 179.99 < lon.max()
    return replace(network, lon=lon, shape_lon=shape_lon)


def test_lengths_and_places_are_those_of_the_same_map_elsewhere():
    here, there = across(), build(NODES, ROADS)
    assert flat(here).length_m == pytest.approx(flat(there).length_m, abs=1e-5)
    points = [(10.0, -20.0), (-290.0, 100.0), (290.0, 100.0), (0.0, 440.0)]
    found = nearest_places(here, [point(*one) for one in points])
    wanted = nearest_places(there, [lonlat(*one) for one in points])
    assert [place.arc for place in found] == [place.arc for place in wanted]
    assert [place.distance_m for place in found] == pytest.approx([place.distance_m for place in wanted], abs=1e-5)
    assert [place.fraction for place in found] == pytest.approx([place.fraction for place in wanted], abs=1e-7)


@pytest.mark.parametrize("x", [-10.0, 10.0])
def test_a_street_is_cut_on_its_own_line_on_either_side(x: float):
    network, _, _ = split_at(across(), nearest_places(across(), [point(x, 0.0)]))
    assert network.node_lonlat(0) == pytest.approx(point(x, 0.0), abs=1e-8)
    assert np.abs(network.shape_lon).min() > 179.9
    assert flat(network).length_m.max() < 650


def test_a_night_across_it_is_solved_judged_drawn_and_read_again(tmp_path: Path):
    network = across()
    streets = select_streets(network, names=["南路", "北路"], required=True)
    (place,) = nearest_places(network, [point(290, 200)])
    crews = Crew.fleet(1, depot=point(-290, 10), start="20:30", end="21:30", date="2026-05-08")
    plan = solve(PatrolProblem(network, [*streets, Hotspot(id="h", name="夜市", place=place, dwell_s=300)], crews),
                 work_limit=20, threads=1, goal="points").plan  # fmt: skip
    assert audit(plan) == ()
    west, south, east, north = Scene(plan).frame
    assert east - west < 2000
    assert north - south < 2000
    assert all(np.ptp(road.line, axis=0).max() < 700 for road in Scene(plan).roads)
    names = junction_names(network)
    assert ("street", ("南路",)) in [names.at(node) for node in range(network.node_count)]
    save(plan, tmp_path)
    kml = (tmp_path / "plan.kml").read_text(encoding="utf-8")
    assert abs(abs(float(kml.partition("<longitude>")[2].partition("<")[0])) - 180) < 0.01
    drawn = [points for points in kml_lines(kml) if len(points) > 1]
    assert max(np.ptp([lon for lon, _ in points]) for points in drawn) < 0.01
    assert {points[end][0] for points in drawn for end in (0, -1)} >= {180.0, -180.0}
    (track,) = gpxpy.parse(gpx_bytes(plan, plan.routes[0]).decode()).tracks
    pieces = [[(point.longitude, point.time) for point in segment.points] for segment in track.segments]
    assert len(pieces) > 1
    assert max(np.ptp([lon for lon, _ in piece]) for piece in pieces) < 0.01
    for before, after in pairwise(pieces):
        assert (before[-1][0] + after[0][0], abs(after[0][0])) == (0.0, 180.0)
        assert before[-1][1] == after[0][1]
    points = [point for segment in track.segments for point in segment.points]
    assert all(before.time <= after.time for before, after in pairwise(points))
    paces = [metres / seconds for metres, seconds in map(pace, points, points[1:]) if seconds > 3]
    assert max(paces) < 25  # m/s; nobody races over 180° because its degrees jump
    shapes = [feature["geometry"] for feature in json.loads((tmp_path / "plan.geojson").read_bytes())["features"]]
    lines = [line for shape in shapes for line in lines_of(shape)]
    assert max(np.ptp([lon for lon, _ in line]) for line in lines) < 0.01
    assert {line[end][0] for line in lines for end in (0, -1)} >= {180.0, -180.0}
    again = PatrolPlan.from_json(tmp_path / "plan.json")
    assert audit(again) == ()


def kml_lines(kml: str) -> list[list[tuple[float, float]]]:
    """Return the places of every shape of a KML file."""
    shapes = [shape.itertext() for shape in fromstring(kml).iter() if shape.tag.endswith("}coordinates")]  # noqa: S314 - our own
    return [[tuple(map(float, point.split(","))) for point in "".join(shape).split()] for shape in shapes]  # type: ignore[misc]


def pace(before: Any, after: Any) -> tuple[float, float]:
    """Return the metres and the seconds between two points of a track."""
    east = float(near_lon(after.longitude, before.longitude)) - before.longitude
    metres = float(np.hypot(east * np.cos(np.radians(after.latitude)), after.latitude - before.latitude)) * 111_195
    return metres, (after.time - before.time).total_seconds()


def lines_of(shape: dict[str, Any]) -> list[list[list[float]]]:
    """Return the lines of a GeoJSON shape, none of a point."""
    return {"LineString": [shape["coordinates"]], "MultiLineString": shape["coordinates"]}.get(shape["type"], [])


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ([(179.5, 0.0), (-179.5, 1.0)], [[(179.5, 0.0), (180.0, 0.5)], [(-180.0, 0.5), (-179.5, 1.0)]]),
        ([(-179.5, 0.0), (179.5, 1.0)], [[(-179.5, 0.0), (-180.0, 0.5)], [(180.0, 0.5), (179.5, 1.0)]]),
        ([(179.5, 0.0), (180.0, 1.0), (-179.5, 2.0)], [[(179.5, 0.0), (180.0, 1.0)], [(-180.0, 1.0), (-179.5, 2.0)]]),
        ([(179.5, 0.0), (-180.0, 1.0), (-179.5, 2.0)], [[(179.5, 0.0), (180.0, 1.0)], [(-180.0, 1.0), (-179.5, 2.0)]]),
        ([(179.5, 0.0), (180.0, 1.0), (-180.0, 1.0)], [[(179.5, 0.0), (180.0, 1.0)]]),
        ([(-170.0, 0.0), (-10.0, 0.0)], [[(-170.0, 0.0), (-10.0, 0.0)]]),
    ],
)
def test_a_line_across_it_is_cut_there(line: list[tuple[float, float]], parts: list[list[tuple[float, float]]]):
    assert cut_at_180(line) == parts


@pytest.mark.parametrize("east", [180.5, -179.5])
def test_a_patrol_area_across_it_holds_what_lies_on_either_side(east: float):
    """Its longitudes go on beyond 180, or jump to -180."""
    area = shapely.Polygon([(179.5, 0), (east, 0), (east, 1), (179.5, 1)])
    points = np.array([(179.6, 0.5), (-179.6, 0.5), (179.4, 0.5), (-179.4, 0.5), (0.0, 0.5), (-179.6, 1.5)])
    assert inside(area, points).tolist() == [True, True, False, False, False, False]


def test_cells_across_it_are_as_large_as_anywhere():
    network = across()
    scale = np.array([200.0, 200.0])
    (south,) = (arc for arc in range(network.arc_count) if network.shape_lon[network.shape_start[arc]] > 0
                and network.names[arc] == "南路")  # fmt: skip
    found = stays(network, south, 0, scale)
    assert len(found) <= 3
    assert (found[0].first, found[-1].last) == (0.0, 1.0)
    columns = [stay.cell[0] for stay in found]
    assert columns == list(range(columns[0], columns[0] + len(columns)))
    assert cell_of((180.0, 0.0), scale) == cell_of((-180.0, 0.0), scale)

"""Each benchmark runs to its end on something small, and prints its figures."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from tests.network.written import SQUARE, osm_xml, street
from tests.output.plans import drawn_plan

pytestmark = pytest.mark.timeout(900)
"""Each starts a process or more that compile what they need, on machines that others use, too."""

HERE = Path(__file__).parents[1]
BUNDLED = HERE.parents[1] / "patrolroute" / "data" / "huainan.osm.gz"


def figures(*command: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True, timeout=800)
    return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", done.stdout.splitlines()[-1])}


def test_stages_from_a_file_to_a_plan() -> None:
    found = figures(str(HERE / "stages.py"), str(BUNDLED), "--runs", "1", "--work", "50", "--compiled")
    assert found["cached_to_build"] < 0.5
    assert set(found) == {"build_to_osmnx", "cached_to_build", "peak_mb", "peak_mb_osmnx"}


def test_the_pace_of_a_version_beside_itself() -> None:
    command = [
        sys.executable,
        str(HERE / "pace.py"),
        str(HERE.parents[1]),
        "--slices",
        "4",
        "--work",
        "5",
        "--seeds",
        "1",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=800)
    assert re.search(r"time of this tree to the other \d+\.\d{3} ", done.stdout)


def test_how_long_a_version_beside_itself_reads_a_map(tmp_path: Path) -> None:
    (tmp_path / "map.osm").write_text(osm_xml(SQUARE, [street(1, 2, 3, 4, 1)]))
    command = [sys.executable, str(HERE / "loading.py"), str(HERE.parents[1]), str(tmp_path / "map.osm"), "--runs", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=800)
    assert re.fullmatch(r"map\.osm: (\d+) and \1 arcs, .* this tree to the other \d+\.\d{3}\n", done.stdout)


def test_what_tags_change_on_a_map_is_listed_by_reason(tmp_path: Path) -> None:
    lane = street(1, 2, name="甲路", access="no")
    (tmp_path / "map.osm").write_text(osm_xml(SQUARE, [street(2, 3, 4, 1), lane]))
    command = [sys.executable, str(HERE / "tags.py"), str(tmp_path / "map.osm")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=800)
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["map.osm", mode, "lost", "0.5", "km", "access=no"] for mode in ("car", "foot", "bicycle")
    ]


def test_what_each_output_costs(tmp_path: Path) -> None:
    drawn_plan().save(tmp_path)
    command = [sys.executable, str(HERE / "saving.py"), str(tmp_path / "plan.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=800)
    again = re.findall(r"\| (.+) \| [\d.]+ \| ([\d.]+) \|", done.stdout)
    found = {name: float(seconds) for name, seconds in again}
    assert list(found)[-1] == "plan.save"
    assert found["plan.save"] >= max(found["map.png"], found["map.html"]) / 2 > 0


def test_network_from_a_file_to_travel_times(tmp_path: Path) -> None:
    osmium = pytest.importorskip("osmium")
    path = tmp_path / "huainan.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for one in osmium.FileProcessor(str(BUNDLED)):
            writer.add(one)
    found = figures(str(HERE / "network.py"), str(path), "--runs", "1", "--tasks", "20", "--copies", "2")
    assert found["cached_to_osmnx"] < found["first_to_osmnx"]
    assert found["large_file_mb"] > found["area_file_mb"]
    assert min(found[name] for name in ("matrix_s", "nodes_s", "scipy_s", "networkx_s", "large_seconds")) > 0


def test_bounds_of_small_nights() -> None:
    found = figures(str(HERE / "bounds.py"), "--sizes", "30", "--seconds", "5", "--search", "1")
    assert 0 <= found["gap_mean"] <= found["gap_max"] < 20
    assert 0 <= found["driving_mean"] <= found["driving_max"] < 20
    assert 0 <= found["longest_mean"] <= found["longest_max"] < 30


SMALL_CITY = (str(HERE / "cities.py"), "--sizes", "30", "--seconds", "1", "--seeds", "1", "--tools")


def test_cities_on_the_bundled_map() -> None:
    found = figures(*SMALL_CITY, "patrolroute")
    assert found["cpu_to_wall_max"] > 0
    assert found["plentiful_prize_share_min"] == 1


@pytest.mark.parametrize("tool", ["pyvrp", "ortools", "vroom"])
def test_cities_beside(tool: str) -> None:
    if find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed; it comes with the extra 'bench'")
    found = figures(*SMALL_CITY, "patrolroute", tool)
    assert found[f"prize_to_{tool}_min"] > 0.9
    assert found["plentiful_prize_share_min"] == 1


def test_growth_says_where_no_plan_is_stored() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "growth.py"), "--sizes", "30", "--limit", "2"],
        capture_output=True, text=True, check=True, timeout=240,
    )  # fmt: skip
    assert "no stored plan" in done.stdout


def test_growth_stores_a_plan_and_comes_near_it(tmp_path: Path) -> None:
    command = [str(HERE / "growth.py"), "--sizes", "30", "--seeds", "1", "--limit", "4", "--folder", str(tmp_path)]
    subprocess.run(
        [sys.executable, *command, "--reference", "--seconds", "1", "--tools", "patrolroute"], check=True, timeout=240
    )
    found = figures(*command)
    assert found["within_1_percent_s_30"] <= 5
    assert found["gap_percent_30"] <= 1


TOURS = ("--tour-work", "50", "--tour-seeds", "1", "--groups", "1", "--tries", "2")
PRESENCE = (str(HERE / "presence.py"), "--seeds", "1", *TOURS)
SMALL_NIGHT = ("--streets", "6", "--fleet", "6")


def test_presence_of_a_small_night() -> None:
    plans = ("--visits", "1", "--work", "300", "--plans", "cyclic", "points", "presence")
    found = figures(*PRESENCE, *SMALL_NIGHT, *plans)
    assert min(found[f"cyclic_{word}"] for word in ("travel", "once", "stops")) > 0.9, (
        "so few streets are always seen where half a dozen cars go round them"
    )
    assert found["presence"] > 0.8 > found["points"]


def test_presence_of_a_city_in_processor_seconds() -> None:
    city = ("--network", str(BUNDLED), "--sizes", "60", "--cpu", "1", "--promise", "180")
    command = [sys.executable, *PRESENCE, *city, "--plans", "greedy", "presence"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=800)
    assert "1 s of the processor, stopped by a callback" in done.stdout
    names = ["greedy, best", "greedy, required first, best", "greedy, required first, stops", "patrolroute, presence"]
    seen = [line[52:60] for name in names for line in done.stdout.splitlines() if line.startswith(name)]
    assert len(seen) == len(names)
    assert min(map(float, seen)) > 50


def test_presence_beside_pyvrp() -> None:
    if find_spec("pyvrp") is None:
        pytest.skip("pyvrp is not installed; it comes with the extra 'bench'")
    found = figures(*PRESENCE, *SMALL_NIGHT, "--visits", "2", "--cpu", "1", "--plans", "pyvrp")
    assert set(found) == {f"pyvrp_{word}" for word in (
        "points", "points_tour", "points_greedy", "duties", "duties_tour", "duties_greedy"
    )}  # fmt: skip
    assert min(found["pyvrp_points_tour"], found["pyvrp_points_greedy"]) > found["pyvrp_points"]


def test_what_windows_cost_as_nights_grow() -> None:
    found = figures(str(HERE / "presence.py"), "--growth", "--sizes", "40", "--crews", "2", "--cpu", "0.5")
    assert set(found) == {"windows_a_s_40_10", "mb_40_10", "windows_a_s_800_2", "mb_800_2"}
    assert min(found.values()) > 0


def test_random_nights_go_through_everything() -> None:
    found = figures(str(HERE / "random_nights.py"), "--nights", "3", "--first-seed", "11")
    assert (found["nights"], found["failures"]) == (3, 0)
    assert found["legs"] > 0
    assert found["traits"] > 10


def test_the_service_under_load_loses_no_plan() -> None:
    pytest.importorskip("fastapi")
    pytest.importorskip("sqlalchemy")
    pytest.importorskip("uvicorn")
    command = [sys.executable, str(HERE / "service_load.py"), "--minutes", "0.3", "--clients", "2", "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=800)
    assert re.search(r"'done': \d+.*, lost 0\n", done.stdout), done.stderr
    assert re.search(r"memory: \d+ MB in the second quarter", done.stdout)


def test_a_mixture_beside_what_a_critic_would_do() -> None:
    found = figures(str(HERE / "mixture.py"), "--smoke")
    assert 0 < found["share"] <= 1
    assert 0 <= found["common"] <= 1


def test_replanning_beside_a_plan_that_knew() -> None:
    found = figures(str(HERE / "replan.py"), "--smoke")
    assert found["disruptions"] == 1
    assert found["worst"] > 0.5


def test_areas_of_the_bundled_night_are_even_whole_and_near_the_bound() -> None:
    found = figures(str(HERE / "areas.py"), "--smoke")
    assert found["imbalance"] <= 0.05
    assert found["whole"] == 1
    assert found["gap"] < 0.15


def test_reviews_of_a_small_night_find_what_was_planted() -> None:
    found = figures(str(HERE / "review.py"), "--smoke")
    assert found["found"] == found["planted"] > 3
    assert found["false_share"] <= 0.03
    assert found["seconds"] > 0


def written_tracks(folder: Path) -> None:
    """Write a track of each form: along three blocks of a grid of streets, and round its middle."""
    step, places = 0.003, [(row, column) for row in range(4) for column in range(4)]
    number = {place: at for at, place in enumerate(places)}
    lonlat = [(117 + step * column, 32.6 + step * row) for row, column in places]
    near = [((row, column), (row + down, column + right)) for row, column in places for down, right in ((0, 1), (1, 0))]
    streets = [(number[one], number[two]) for one, two in near if two in number]
    arcs = [arc for one, two in streets for arc in ((one, two), (two, one))]
    way = [number[place] for place in ((0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3))]
    ends = [lonlat[node] for node in way]
    fixes = [
        tuple(one + (two - one) * part / 30 for one, two in zip(here, there, strict=True))
        for here, there in pairwise(ends)
        for part in range(30)
    ]
    kubicka, taxi = folder / "kubicka" / "0001", folder / "sparsetaxi"
    for place in (kubicka, taxi):
        place.mkdir(parents=True)
    tables = {
        "nodes": lonlat, "arcs": arcs, "route": [(arcs.index(pair),) for pair in pairwise(way)],
        "track": [(*fix, second) for second, fix in enumerate(fixes)],
    }  # fmt: skip
    for kind, rows in tables.items():
        (kubicka / f"0001.{kind}").write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    nodes = "".join(f'<node id="{at}" lat="{lat}" lon="{lon}"/>\n' for at, (lon, lat) in enumerate(lonlat))
    ways = "".join(
        f'<way id="{at}"><nd ref="{one}"/><nd ref="{two}"/><tag k="highway" v="primary"/></way>\n'
        for at, (one, two) in enumerate(streets)
    )
    with gzip.open(taxi / "beijing_sparsetaxi_derived.osm.gz", "wt", encoding="utf-8") as file:
        file.write(f"<osm>\n{nodes}{ways}</osm>")
    points = "".join(
        f'<trkpt lat="{lat}" lon="{lon}"><time>2026-05-08T12:{second // 60:02}:{second % 60:02}Z</time></trkpt>'
        for second, (lon, lat) in [*enumerate(fixes)][::20]
    )
    (taxi / "one.gpx").write_text(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")
    truth = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": ends}}
    (taxi / "one.truth.geojson").write_text(json.dumps(truth))


def test_map_matching_on_a_track_of_each_form(tmp_path: Path) -> None:
    written_tracks(tmp_path)
    command = [sys.executable, str(HERE / "tracks.py"), str(tmp_path), "--smoke"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=800)
    rows = {line[:44].strip(): [*map(float, line[44:59].split())] for line in done.stdout.splitlines()[1:]}
    assert len(rows) == 9
    assert rows["patrolroute: Kubicka, as recorded"] == [100, 0]
    assert rows["patrolroute: SparseTaxi, within 15 m"][0] > 95

"""Small nights drawn at random, one-street nights among them: every output is written, and the audit is clean.

Short nights may miss what is required; that is told and no fault of the plan.
"""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from patrolroute.demand.model import Demand, Hotspot
from patrolroute.demand.streets import select_streets
from patrolroute.network.places import nearest_places
from patrolroute.network.road import RoadNetwork
from patrolroute.output.looks.names import _named
from patrolroute.output.save import save
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from patrolroute.search.solve import solve

EXTRACTS = Path(__file__).parents[3] / "shared" / "data" / "osm"
NIGHTS = 2
"""Of each map; more were run by hand."""


def drawn(network: RoadNetwork, rng: random.Random) -> PatrolProblem:
    """Return a night of one to three streets, a few hotspots, one or two crews."""
    end = rng.choice(["21:00", "22:30"])
    names = sorted({name for name in network.names if name})
    streets: list[Demand] = list(
        select_streets(
            network, names=rng.sample(names, min(len(names), rng.choice([1, 1, 3]))), required=rng.random() < 0.5,
            visits=rng.choice([1, 2]) if end > "22" else 1, priority=rng.randint(1, 5),
        )
    )  # fmt: skip
    points = [network.node_lonlat(rng.randrange(network.node_count)) for _ in range(rng.choice([1, 1, 3]) + 1)]
    (depot, *stops) = nearest_places(network, points)
    spots = [
        Hotspot(id=f"h{number}", name=f"夜市{number}", place=place, dwell_s=rng.choice([60, 600]))
        for number, place in enumerate(stops[1:])
        if place.distance_m < 100
    ]
    crews = Crew.fleet(
        rng.choice([1, 2]), depot=(depot.lon, depot.lat), start="20:30", end=end,
        date="2026-05-08",
    )  # fmt: skip
    return PatrolProblem(network, [*streets, *spots], crews)


def put_out(network: RoadNetwork, seed: int, folder: Path) -> None:
    """Solve a night, judge it, and write everything that a plan is handed out as; what fails is raised at the end."""
    rng = random.Random(seed)  # noqa: S311 - draws a night, no secret
    plan = solve(drawn(network, rng), work_limit=20, threads=1, goal=rng.choice(["prize", "presence"])).plan
    assert [found for found in audit(plan) if found.rule != "required_served"] == []
    save(plan, folder, lang=rng.choice(["zh", "en"]), crs=rng.choice(["wgs84", "gcj02", "bd09"]))


@pytest.mark.parametrize("seed", range(NIGHTS))
def test_every_output_of_any_small_night_is_written(seed: int, tmp_path: Path) -> None:
    put_out(RoadNetwork.huainan(), seed, tmp_path)


@pytest.mark.parametrize("name", ["shanghai_center_scm_deeponet.osm", "harrisburg.osm.pbf"])
@pytest.mark.parametrize("seed", range(NIGHTS))
def test_every_output_of_a_night_on_a_real_map_is_written(name: str, seed: int, tmp_path: Path) -> None:
    if not (EXTRACTS / name).exists():
        pytest.skip(f"{name} is not beside this project")
    put_out(RoadNetwork.from_file(EXTRACTS / name), seed + 4, tmp_path)


def test_a_street_that_only_its_bounds_bring_into_the_frame_has_no_line_for_a_name() -> None:
    """It turns around a corner of the frame."""
    around = np.array([(-50.0, 50.0), (-50.0, 150.0), (50.0, 150.0)])
    scene: Any = SimpleNamespace(frame=(0.0, 0.0, 100.0, 100.0))
    assert _named(scene, "环城路", [("primary", around)], 0).lines == ()
    assert len(_named(scene, "环城路", [("primary", around), ("primary", around / 2)], 0).lines) == 1

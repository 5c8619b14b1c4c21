"""Real extracts of OpenStreetMap from six cities: each loads, is planned and audits clean, turns and all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import patrolroute as pr
from patrolroute.base.vocabulary import Mode
from tests.overpass import EXTRACTS

FILES = (
    "campo-grande.osm.gz", "circle-bug.osm.gz", "harrisburg.osm.pbf", "liechtenstein.osm.pbf", "moscow.osm.gz",
    "one_way_dead_end.osm.pbf", "shanghai_center_scm_deeponet.osm",
)  # fmt: skip
MOST_SEGMENTS = 120


def extract(name: str) -> Path:
    if not (EXTRACTS / name).exists():
        pytest.skip(f"{EXTRACTS / name} is not here")
    return EXTRACTS / name


def demand(network: pr.RoadNetwork) -> list[pr.PriorityStreet]:
    """Choose the class with most metres, and of it as many segments as are planned in a second."""
    metres = Counter[str]()
    for highway, length in zip(network.highways, network.length_m.tolist(), strict=True):
        metres[highway] += length
    streets = pr.select_streets(network, classes=[metres.most_common(1)[0][0]], visits=2, headway_s=600)
    kept, left = [], MOST_SEGMENTS
    for street in streets:
        if left > 0:
            kept.append(
                pr.PriorityStreet(street.name, street.segments[:left], visits=2, headway_s=600, mode=network.mode)
            )
            left -= len(street.segments)
    return kept


@pytest.mark.parametrize("mode", ["car", "foot", "bicycle"])
@pytest.mark.parametrize("name", FILES)
def test_an_extract_is_planned_and_audits_clean(name: str, mode: Mode) -> None:
    network = pr.RoadNetwork.from_file(extract(name), mode=mode)
    depot = network.node_lonlat(network.node_count // 2)
    crews = pr.Crew.fleet(2, depot=depot, start="20:30", end="23:30", date="2026-05-08", mode=mode)
    problem = pr.PatrolProblem(network, demand(network), crews)
    plan = pr.solve(problem, work_limit=40, seed=1, goal="points").plan
    assert plan.audit() == ()
    assert plan.objective.prize_collected > 0
    assert (network.turns is None) == (mode == "foot")


@pytest.mark.parametrize(("name", "least"), [("moscow.osm.gz", 40), ("harrisburg.osm.pbf", 10)])
def test_the_turn_restrictions_of_an_extract_are_found(
    name: str, least: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = extract(name)
    monkeypatch.setenv("PATROLROUTE_CACHE", str(tmp_path))
    with caplog.at_level("INFO", logger="patrolroute"):
        pr.RoadNetwork.from_file(path)
    (told,) = [message for message in caplog.messages if "turn restrictions," in message]
    assert int(told.split(", ")[1].split()[0]) >= least

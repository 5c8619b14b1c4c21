"""Published scenarios of breakdowns: a tiny one made by hand is read, planned and played as it is on paper."""

from __future__ import annotations

from pathlib import Path

from published.breakdowns import Planner, anew, makespan, read, run, who

TINY = """NAME: tiny
NUMBER OF VERTICES: 4
NUMBER OF EDGES: 3
NUMBER OF REQUIRED_EDGES: 2
NUMBER OF NON_REQUIRED_EDGES: 1
VEHICLE CAPACITY: 20
NUMBER OF VEHICLES: 2
RECHARGE TIME: 40
LIST_REQUIRED_EDGES:
DEPOT: 1,4
(1,2) edge weight 5.0
(3,4) edge weight 5.0
LIST_NON_REQUIRED_EDGES:
(2,3) edge weight 5.0
FAILURE_SCENARIO:
Vehicle 2 will fail in 7 time units.
"""


def test_a_scenario_is_played_as_on_paper(tmp_path: Path) -> None:
    path = tmp_path / "tiny.txt"
    path.write_text(TINY, "utf-8")
    scenario = read(path)
    assert scenario.edges == ((0, 1, 5), (2, 3, 5))
    assert (scenario.depots, scenario.capacity, scenario.recharge, scenario.failures) == ((0, 3), 20, 40, {1: 7})
    assert int(scenario.seconds[0, 3]) == 15
    found = run(scenario, 50)
    assert not isinstance(found, str)
    assert found.free == 10  # each serves its own edge and comes back
    assert found.knew == 15  # the first drives from depot to depot and serves both
    assert found.anew == 65  # it comes back at 10, recharges for 40, drives 10 to the other edge and serves it


def test_what_a_broken_vehicle_has_not_ended_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "tiny.txt"
    path.write_text(TINY, "utf-8")
    planner = Planner(read(path), 50)
    trips = planner.plan([0, 1], {1: (3, 0)}, knows=False)  # the second vehicle alone serves both, until 15
    assert trips is not None
    assert makespan(trips) == 15
    again = anew(planner, trips, moment=7, alive={0: 0})
    assert again is not None
    assert who(again) == {0: 0, 1: 0}
    assert makespan(again) == 7 + 15

"""Periodic arc routing: the reader, the plain check, and the command on a triangle whose best week is known."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from published import periodic
from published.case import SHARED
from published.periodic import DAY_SETS, Change, Edge, Week, calendar, check, prices, read
from published.rounds import Stop

HERE = Path(__file__).parents[1]
FOLDER = SHARED / "pcarp"

TRIANGLE = """Name= abc1
nbnodes=3
nbarcs=7
nbtasks=3
capacity=12
Depot=1
!List of internal arcs:
 arc=1, From=1, to=1, Qty=-1, Trav=0, Col= 0, inv=1,succ=1,2,3; freq= 5, minspac= 1, maxspac= 1
"""


def line(number: int, ends: tuple[int, int], cost: int, visits: int) -> str:
    return (
        f" arc={number}, From={ends[0]}, to={ends[1]}, Qty=1, Trav={cost}, Col= {cost}, inv=1,succ=1; freq= {visits}, "
        "minspac= 1, maxspac= 1\n"
    )


EDGES = (((1, 2), 3, 1), ((2, 3), 4, 2), ((1, 3), 5, 5))
BEST = 2 * (3 + 4 + 5) + 3 * (5 + 5)
"""Round the triangle on the two days of 2-3, out and back on all others."""


def written(folder: Path) -> Path:
    lines = [line(0, ends[::step], cost, visits) for ends, cost, visits in EDGES for step in (1, -1)]
    path = folder / "abc1.txt"
    path.write_text(TRIANGLE + "".join(lines), encoding="ascii")
    return path


def a_week(days: dict[str, tuple[int, ...]]) -> dict[int, list[list[Stop]]]:
    """Return rounds that serve 1-3 from the depot, then 2-3, then 1-2."""
    order = (("1-3/0", 1), ("2-3/0", 3), ("1-2/0", 2))
    return {day: [[(name, node) for name, node in order if day in days[name]]] for day in range(1, 6)}


DAYS = {"1-3/0": (1, 2, 3, 4, 5), "2-3/0": (1, 4), "1-2/0": (4,)}


def test_a_file_is_read_as_it_says(tmp_path: Path) -> None:
    week = read(written(tmp_path))
    assert (week.nodes, week.depot, week.capacity) == (3, 1, 12)
    assert week.edges[1] == Edge("2-3/0", (2, 3), 1, 4, 2)
    assert (week.fleet_bound, week.cost_bound) == (1, 3 + 8 + 25)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("nbtasks=3", "nbtasks=4", "the head says 4 edges"), ("Trav=4, Col= 4", "Trav=4, Col= 5", "do not agree")],
)
def test_a_broken_file_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ValueError, match=words):
        read(path)


def test_demand_piles_up_around_the_week_and_over_the_weekend() -> None:
    edge = Edge("a", (1, 2), 3, 1, 2)
    assert (edge.load((1, 4), 1), edge.load((1, 4), 4)) == (12, 9)
    for visits, sets in DAY_SETS.items():
        for days in sets:
            assert len(days) == visits
            assert sum(edge.load(days, day) for day in days) == 7 * 3


def test_a_right_week_has_its_cost_and_no_fault(tmp_path: Path) -> None:
    fleet, checked = check(read(written(tmp_path)), a_week(DAYS))
    assert (fleet, checked.value, checked.missed, checked.faults) == (1, BEST, (), ())


@pytest.mark.parametrize(
    ("days", "words"),
    [({"2-3/0": (1, 2)}, "2-3/0 is served on days"), ({"1-2/0": (1,)}, "takes 14, the capacity is 12")],
)
def test_each_fault_is_found(tmp_path: Path, days: dict[str, tuple[int, ...]], words: str) -> None:
    faults = check(read(written(tmp_path)), a_week(DAYS | days))[1].faults
    assert any(words in fault for fault in faults)


def test_what_is_missed_is_told(tmp_path: Path) -> None:
    assert check(read(written(tmp_path)), a_week(DAYS | {"2-3/0": (1,)}))[1].missed == ("2-3/0",)


def test_prices_are_what_leaving_out_saves_and_what_the_best_place_takes(tmp_path: Path) -> None:
    found = prices(read(written(tmp_path)), a_week(DAYS))
    assert found["1-2/0", 4] == 3 + 0 - 3  # without it the same way home is driven
    assert found["1-2/0", 1] == 0  # driven anyway
    assert found["2-3/0", 2] == 4 + 3 - 5  # home round the triangle instead of back


def test_the_calendar_keeps_to_capacity_and_to_few_changes(tmp_path: Path) -> None:
    week = read(written(tmp_path))
    days = calendar(week, 1, slack=0, limit=1.0)
    assert days is not None
    assert all(days[edge.name] in DAY_SETS[edge.visits] for edge in week.edges)
    for day in range(1, 6):
        assert sum(item.demand for item in week.day(days, day, 1).items) <= week.capacity
    dear = {key: 10 if key == ("1-2/0", 4) else 1 for key in product(DAYS, range(1, 6))}
    assert calendar(week, 1, slack=0, limit=1.0, change=Change(DAYS, dear, 0)) == DAYS
    changed = calendar(week, 1, slack=0, limit=1.0, change=Change(DAYS, dear, 1))
    assert changed is not None
    assert changed["1-2/0"] != (4,)
    assert calendar(week, 1, slack=6, limit=1.0) is None


@pytest.mark.timeout(600)
def test_the_best_week_of_the_triangle_is_found(tmp_path: Path) -> None:
    written(tmp_path)
    command = [sys.executable, str(HERE / "pcarp.py"), str(tmp_path), "--work", "20", "--rounds", "6"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=500)
    assert re.search(rf"abc1\s+8\s+1\s+1\s+{BEST}\s+36 ", done.stdout)
    assert done.stdout.splitlines()[-1].startswith("instances=1 fleet_at_bound=1 ")


def test_the_published_set_is_read_with_its_bounds() -> None:
    if not FOLDER.is_dir():
        pytest.skip("the published set is not beside the checkout")
    with (FOLDER / "reference.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["instance"]: row for row in csv.DictReader(file)}
    weeks: list[Week] = periodic.read_folder(FOLDER)
    assert len(weeks) == len(rows) == 57
    for week in weeks:
        row = rows[week.name]
        assert (week.fleet_bound, week.cost_bound) == (
            int(row["fleet_lower_bound"]), int(row["service_cost_per_week"]),
        )  # fmt: skip
    assert periodic.known(FOLDER) == {"gdb10": (2, 675)}

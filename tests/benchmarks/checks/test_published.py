"""The commands of the published sets solve tiny instances, and every published file agrees with its table."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from published import files, orienteering, profits
from published.case import SHARED, Reference
from published.orienteering import Orienteering
from published.tiny import MCGRP, MCGRPTW, TOP, top, ucarpp

HERE = Path(__file__).parents[1]


def run(script: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, str(HERE / script), str(folder), "--seconds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert not done.returncode, done.stderr
    return {name: float(value) for name, value in re.findall(r"(\w+)=(-?[\d.]+)", done.stdout.splitlines()[-1])}


def hold_optimum(found: dict[str, float], instances: int) -> None:
    expected = {"instances": instances, "matched": instances, "beaten": 0, "mean_gap_percent": 0, "incomplete": 0}
    assert {word: found[word] for word in expected} == expected
    assert 0 < found["seconds_max"] < 2


def test_top_finds_the_best_answer_to_a_tiny_instance(tmp_path: Path) -> None:
    top(tmp_path, 1)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "p2.txt").write_text(TOP.format(crews=2), encoding="ascii")
    (tmp_path / "best_known.csv").write_text("instance,best_known\np1,7\np2,12\n", encoding="utf-8")
    hold_optimum(run("top.py", tmp_path), 2)


def test_ucarpp_finds_the_best_answer_to_a_tiny_instance(tmp_path: Path) -> None:
    ucarpp(tmp_path)
    rows = "variant,instance,vehicles,best_known_profit\nORG,tiny,1,12\nORG,tiny,2,16\n"
    (tmp_path / "best_known.csv").write_text(rows, encoding="utf-8")
    hold_optimum(run("ucarpp.py", tmp_path), 2)


def test_mcgrp_finds_the_best_answer_to_a_tiny_instance(tmp_path: Path) -> None:
    (tmp_path / "tiny.dat").write_text(MCGRP, encoding="ascii")
    (tmp_path / "loose.dat").write_text(MCGRP.replace("Capacity:\t4", "Capacity:\t5"), encoding="ascii")
    (tmp_path / "reference.csv").write_text("instance,target\ntiny,15\nloose,9.0\n", encoding="utf-8")
    hold_optimum(run("mcgrp.py", tmp_path), 2)


def test_mcgrptw_finds_the_best_answer_to_a_tiny_instance(tmp_path: Path) -> None:
    (tmp_path / "tiny_t.dat").write_text(MCGRPTW.format(last=12), encoding="ascii")
    (tmp_path / "late_t.dat").write_text(MCGRPTW.format(last=11), encoding="ascii")
    rows = "Instance Name,UB,LB,gap\ntiny,9,9,0\nlate,18,18,0\n"
    (tmp_path / "reference.csv").write_text(rows, encoding="utf-8")
    found = run("mcgrptw.py", tmp_path)
    hold_optimum(found, 2)
    assert found["proven_matched"] == found["proven"] == 2


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["none"], "there is no such folder"),
        (["."], "no instance there"),
        ([".", "--seeds", "0"], "--seeds: 0 is not at least 1"),
        ([".", "--jobs", "two"], "--jobs: invalid"),
    ],
)
def test_what_cannot_be_run_is_told(tmp_path: Path, words: list[str], complaint: str) -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "top.py"), *words], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode
    assert complaint in done.stderr


# The published files


def published(name: str) -> Path:
    if not (SHARED / name).is_dir():
        pytest.skip("the published sets are not beside the checkout")
    return SHARED / name


def test_every_file_of_team_orienteering_agrees_with_its_table() -> None:
    folder = published("top")
    cases = {case.name: case for case in orienteering.read_folder(folder)}
    rows = orienteering.read_rows(folder / "best_known.csv")
    assert len(cases) == len(rows) == 60 + 78
    for row in rows:
        case = cases[row["instance"]]
        assert (len(case.places), case.crews) == (int(row["n_points"]), int(row["vehicles"]))
        assert (case.budget, sum(case.prizes)) == (Fraction(row["tmax_per_vehicle"]), int(row["total_score"]))
        there = [case.prizes[point] for point in case.worthy if not case.check([[point]]).faults]
        assert sum(there) == int(row["reachable_score"])
        assert case.reference is not None
        assert case.reference.value <= sum(there)


def test_every_file_of_arc_routing_with_profits_agrees_with_its_table() -> None:
    folder = published("ucarpp")
    cases = {case.name: case for case in profits.read_folder(folder)}
    rows = profits.read_rows(folder / "best_known.csv")
    assert len(cases) == len(rows) == 34 * 3
    for row in rows:
        case = cases[f"{row['instance']}-{row['vehicles']}"]
        assert (case.vertices, len(case.edges)) == (int(row["nodes"]), int(row["edges"]))
        assert len(case.worthy) == int(row["profitable_edges"])
        assert (case.capacity, case.limit) == (float(row["capacity"]), float(row["time_limit"]))
        assert case.reference == Reference(float(row["best_known_profit"]))
        alone = [edge for edge in case.edges if not case.check([[edge.ends]]).faults]
        assert sum(edge.profit for edge in alone) >= float(row["best_known_profit"])


def test_every_file_of_general_routing_agrees_with_its_table() -> None:
    folder = published("mcgrp")
    cases = {case.name: case for case in files.read_folder(folder)}
    rows = files.read_rows(folder / "reference.csv")
    assert len(cases) == len(rows) == 23
    for row in rows:
        case, kinds = cases[row["instance"]], ("N", "E", "A")
        counts = [sum(item.name[0] == kind for item in case.items) for kind in kinds]
        assert counts == [int(row[word]) for word in ("req_nodes", "req_edges", "req_arcs")]
        assert (case.nodes, case.capacity, case.depot) == tuple(
            int(row[word]) for word in ("nodes", "capacity", "depot")
        )
        assert case.vehicles is None
        assert case.crews >= int(row["ref_routes"])
        assert case.reference == Reference(float(row["target"]))


def test_only_the_files_with_windows_that_nobody_can_keep_have_no_reference() -> None:
    cases = files.read_folder(published("mcgrptw"))
    assert len(cases) == 14
    for case in cases:
        assert all(item.window is not None for item in case.items)
        assert bool(case.check([]).impossible) == (case.reference is None)
    assert sum(case.reference is not None and case.reference.is_proven for case in cases) == 9


def routes_within(case: Orienteering, route: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    for point in set(case.worthy) - set(route):
        if not case.check([(*route, point)]).faults:
            yield (*route, point)
            yield from routes_within(case, (*route, point))


def test_a_corrected_reference_is_the_most_that_all_routes_together_can_collect() -> None:
    [case] = [case for case in orienteering.read_folder(published("top")) if case.name == "p5.3.e"]
    assert case.reference == Reference(95, is_proven=True)
    worth = {frozenset(route): case.check([route]).value for route in routes_within(case)}
    best = [0] * (case.crews + 1)
    for crews in range(1, case.crews + 1):
        best[crews] = max(
            sum(worth[route] for route in routes)
            for routes in combinations(worth, crews)
            if len(frozenset().union(*routes)) == sum(map(len, routes))
        )
    assert max(best) == 95

"""The readers of the published sets take what the files say, and refuse what contradicts itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from published import files, orienteering, profits
from published.case import Reference
from published.general import Item
from published.profits import Edge
from published.tiny import MCGRP, MCGRPTW, TOP, UCARPP, mcgrp, top, ucarpp


def test_a_file_of_team_orienteering_is_read_as_it_says(tmp_path: Path) -> None:
    case = top(tmp_path, 2)
    assert (case.name, case.crews, case.budget, case.prizes) == ("p1", 2, 10, (0, 7, 5, 50, 0))
    assert case.places[3] == (3, Fraction(41, 10))
    assert case.worthy == [1, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("n 5", "n 6", "it has 5 points and says 6"),
        ("tmax 10.0\n", "", "the first lines give n, m"),
        ("3.0 4.0 7", "3.0 4.0", r"points \[1\] are not given by x, y and prize"),
        ("3.0 4.0 7", "3.0 4.0 7.5", "prize: 7.5 is not a whole number"),
        ("3.0 4.0 7", "3.0 4.0 seven", "prize: 'seven' is not a number"),
    ],
)
def test_a_broken_file_of_team_orienteering_is_told(tmp_path: Path, wrong: str, right: str, words: str) -> None:
    path = tmp_path / "p1.txt"
    path.write_text(TOP.format(crews=1).replace(wrong, right), encoding="ascii")
    with pytest.raises(ValueError, match=f"p1.txt: {words}"):
        orienteering.read(path)


def test_a_file_of_arc_routing_with_profits_is_read_as_it_says(tmp_path: Path) -> None:
    case = ucarpp(tmp_path)
    assert (case.name, case.vertices, case.capacity, case.limit, case.depot) == ("tiny-1", 3, 3, 7, 1)
    assert case.edges[2] == Edge((1, 3), cost=3, demand=2, profit=4)


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("EDGES: 3", "EDGES: 4", "it has 3 edges, none twice, and says 4"),
        ("(1,3)", "(2,1)", "it has 3 edges, none twice, and says 3"),
        ("DEPOT: 1", "", "there is no line for depot"),
        ("profit 5.00", "profit 5.50", r"edge \(1,2\): 5.50 is not a whole number"),
    ],
)
def test_a_broken_file_of_arc_routing_with_profits_is_told(tmp_path: Path, wrong: str, right: str, words: str) -> None:
    path = tmp_path / "tiny.dat"
    path.write_text(UCARPP.replace(wrong, right), encoding="ascii")
    with pytest.raises(ValueError, match=f"tiny.dat: {words}"):
        profits.read(path, 1)


def test_every_fleet_of_the_table_is_an_instance_and_without_table_two_to_four_are(tmp_path: Path) -> None:
    ucarpp(tmp_path)
    assert [case.name for case in profits.read_folder(tmp_path)] == ["tiny-2", "tiny-3", "tiny-4"]
    rows = "variant,instance,vehicles,best_known_profit\nORG,tiny,1,12\nOTHER,tiny,1,99\nORG,tiny,2,16\n"
    (tmp_path / "best_known.csv").write_text(rows, encoding="utf-8")
    known = [(case.name, case.reference) for case in profits.read_folder(tmp_path)]
    assert known == [("tiny-1", Reference(12)), ("tiny-2", Reference(16))]


def test_a_file_of_general_routing_is_read_as_it_says(tmp_path: Path) -> None:
    case = mcgrp(tmp_path)
    assert (case.name, case.nodes, case.depot, case.capacity, case.vehicles) == ("tiny", 3, 1, 4, None)
    assert case.items == (
        Item("N3", (3, 3), is_edge=False, demand=1),
        Item("E1", (1, 2), is_edge=True, demand=2, cost=3),
        Item("A1", (2, 3), is_edge=False, demand=2, cost=2),
    )
    assert case.links == ((1, 2, 3), (2, 1, 3), (2, 3, 2), (3, 1, 4))
    assert case.times == ()
    assert case.fixed_cost == 5


def test_a_file_with_windows_gives_times_of_service_with_traversal(tmp_path: Path) -> None:
    case = mcgrp(tmp_path, MCGRPTW.format(last=12))
    assert [(item.time, item.window) for item in case.items] == [(3, (0, 12)), (7, (0, 9)), (5, (7, 7))]
    assert case.times == ((1, 2, 6), (2, 1, 6), (2, 3, 4), (3, 1, 8))


def test_a_fleet_is_as_large_as_can_ever_help(tmp_path: Path) -> None:
    assert mcgrp(tmp_path).crews == 3
    assert mcgrp(tmp_path, MCGRP.replace("Capacity:\t4", "Capacity:\t5")).crews == 3
    assert mcgrp(tmp_path, MCGRP.replace("Capacity:\t4", "Capacity:\t6")).crews == 2
    assert mcgrp(tmp_path, MCGRP.replace("#Vehicles:\t-1", "#Vehicles:\t1")).crews == 1
    assert mcgrp(tmp_path, MCGRPTW.format(last=12).replace("Capacity:\t5", "Capacity:\t50")).crews == 3


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("#Required A:\t1", "#Required A:\t2", "#Required A says 2, there are 1"),
        ("#Arcs:\t\t2", "#Arcs:\t\t3", "#Arcs says 3, there are 2"),
        ("Depot Node:\t1\n", "", "'Depot'"),
        ("Capacity:\t4", "Capacity:\tmany", "invalid literal"),
        ("NrA1\t3\t1\t4", "NrA1\t3\t1", "zip"),
    ],
)
def test_a_broken_file_of_general_routing_is_told(tmp_path: Path, wrong: str, right: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"tiny_t.dat: .*{words}"):
        mcgrp(tmp_path, MCGRP.replace(wrong, right))


def test_times_that_are_no_multiple_of_costs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the quickest way need not be the cheapest"):
        mcgrp(tmp_path, MCGRPTW.format(last=12).replace("NrA1\t3\t1\t4\t8", "NrA1\t3\t1\t4\t9"))


def test_bounds_of_a_solver_are_proven_where_the_gap_is_rounding_only(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}_t.dat").write_text(MCGRP, encoding="ascii")
    rows = "Instance Name,UB,LB,gap\na,9,9,3e-9\nb,9,8,0.125\nc,null,null,null\n"
    (tmp_path / "reference.csv").write_text(rows, encoding="utf-8")
    known = [case.reference for case in files.read_folder(tmp_path)]
    assert known == [Reference(9, is_proven=True), Reference(9), None]

"""The published sets: readers, plain checks, and their commands on instances small enough to solve by hand."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import files, orienteering, profits
from published.case import SHARED, Case, Checked, Reference
from published.command import choose
from published.general import GeneralRouting, Item
from published.measure import BrokenRuleError, Run, gap_percent, run_one
from published.orienteering import Orienteering, is_within
from published.profits import Edge, ProfitRouting
from published.table import figures, line
from published.ways import driving, shortest

from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.solution import Solution, Visit
from patrolroute.units import INFINITE_S

HERE = Path(__file__).parent

TOP = "n 5\nm {crews}\ntmax 10.0\n0.0 0.0 0\n3.0 4.0 7\n3.0 0.0 5\n3.0 4.1 50\n6.0 0.0 0\n"
"""Point 1 is reached in a budget of exactly 10, point 3 in a little more; points 1 and 2 together take 12."""

UCARPP = """NUMBER: tiny.dat
NUMBER OF VERTICES: 3
NUMBER OF EDGES: 3
CAPACITY: 3
TIME LIMIT: 7
LIST OF EDGES:
(1,2) cost 2 demand 1 profit 5.00
(2,3) cost 2 demand 1 profit 7.00
(1,3) cost 3 demand 2 profit 4.00
DEPOT: 1
"""
"""All round takes 7, just the limit, but loads 4: one crew earns at most 12, two earn all 16."""

MCGRP = """Name:\t\ttiny
Optimal value:\t-1
#Vehicles:\t-1
Capacity:\t4
Depot Node:\t1
#Nodes:\t\t3
#Edges:\t\t1
#Arcs:\t\t2
#Required N:\t1
#Required E:\t1
#Required A:\t1

ReN.\tDEMAND\tS. COST
N3\t1\t1

ReE.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST
E1\t1\t2\t3\t2\t5

EDGE\tFROM N.\tTO N.\tT. COST

ReA.\tFROM N.\tTO N.\tT. COST\tDEMAND\tS. COST
A1\t2\t3\t2\t2\t4

ARC\tFROM N.\tTO N.\tT. COST
NrA1\t3\t1\t4
"""
"""One round costs 9 and loads 5; with a capacity of 4 the edge goes alone (6) and the others together (9)."""

MCGRPTW = """Name:\ttiny
Optimal value:\t-1
#Vehicles:\t-1
Capacity:\t5
Depot Node:\t1
#Nodes:\t3
#Edges:\t1
#Arcs:\t2
#Required N:\t1
#Required E:\t1
#Required A:\t1

ReN.\tDEMAND\tS. COST\tS. TIME\tB. TIME\tE. TIME
N3\t1\t0\t3\t0\t{last}

ReE.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST\tT. TIME\tS. TIME\tB. TIME\tE. TIME
E1\t1\t2\t3\t2\t3\t6\t1\t0\t9

EDGE\tFROM N.\tTO N.\tT. COST\tT. TIME

ReA.\tFrom N.\tTo N.\tT. COST\tDEMAND\tS. COST\tT. TIME\tS. TIME\tB. TIME\tE. TIME
A1\t2\t3\t2\t2\t2\t4\t1\t7\t7

ARC\tFROM N.\tTO N.\tT. COST\tT. TIME
NrA1\t3\t1\t4\t8
"""
"""The edge takes 6 + 1, so the arc starts at 7, its only moment, and takes 4 + 1, so the node starts at 12 at best."""


def top(folder: Path, crews: int = 1) -> Orienteering:
    path = folder / "p1.txt"
    path.write_text(TOP.format(crews=crews), encoding="ascii")
    return orienteering.read(path)


def ucarpp(folder: Path, crews: int = 1) -> ProfitRouting:
    path = folder / "tiny.dat"
    path.write_text(UCARPP, encoding="ascii")
    return profits.read(path, crews)


def mcgrp(folder: Path, text: str = MCGRP) -> GeneralRouting:
    path = folder / "tiny_t.dat"
    path.write_text(text, encoding="ascii")
    return files.read(path)


# Readers


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


# Plain checks


def test_a_sum_of_roots_is_held_against_the_budget_exactly() -> None:
    ten = Fraction(10)
    assert is_within([Fraction(25), Fraction(25)], ten)
    assert not is_within([Fraction(25), Fraction(25) + Fraction(1, 10**40)], ten)
    below = Fraction("1.4142135623730950488016887242096980785696")
    assert not is_within([Fraction(2)], below)
    assert is_within([Fraction(2)], below + Fraction(1, 10**40))
    assert is_within([], Fraction(0))
    assert is_within([Fraction(1, 9), Fraction(4, 9)], Fraction(1))
    assert not is_within([Fraction(1, 9), Fraction(4, 9)], Fraction(1) - Fraction(1, 10**30))


@given(st.lists(st.fractions(0, 100, max_denominator=50), max_size=6))
def test_a_sum_of_rational_roots_is_within_itself_and_not_within_less(roots: list[Fraction]) -> None:
    squares = [root**2 for root in roots]
    assert is_within(squares, sum(roots, Fraction(0)))
    if any(roots):
        assert not is_within(squares, sum(roots, Fraction(0)) * (1 - Fraction(1, 10**25)))


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([[1]], None),
        ([[2]], None),
        ([[]], None),
        ([[3]], "route 0 is longer than 10.0"),
        ([[1, 2]], "route 0 is longer than 10.0"),
        ([[2, 2]], "point 2 is visited 2 times"),
        ([[1], [2]], "2 routes for 1 crews"),
        ([[0]], "point 0 is none to visit"),
        ([[4]], "point 4 is none to visit"),
    ],
)
def test_faults_in_team_orienteering_are_found(tmp_path: Path, routes: list[list[int]], fault: str | None) -> None:
    assert top(tmp_path).check(routes).faults == ((fault,) if fault else ())


def test_a_prize_counts_once(tmp_path: Path) -> None:
    assert top(tmp_path, 2).check([[1], [2]]) == Checked(12)
    assert top(tmp_path, 2).check([[1], [1]]).value == 7


@pytest.mark.parametrize(
    ("routes", "value", "fault"),
    [
        ([[(1, 2), (2, 3)]], 12, None),
        ([[(3, 2), (2, 1)]], 12, None),
        ([[(1, 2), (3, 1)]], 9, None),
        ([[]], 0, None),
        ([[(1, 2), (2, 3), (3, 1)]], 16, "route 0 takes 4, the capacity is 3"),
        ([[(2, 1), (3, 2)]], 12, "route 0 takes 11, the limit is 7"),
        ([[(2, 1), (2, 1)]], 5, "edge (1, 2) is served 2 times"),
        ([[(1, 4)]], 0, "(4, 1) is no edge"),
        ([[(1, 2)], [(2, 3)]], 12, "2 routes for 1 crews"),
    ],
)
def test_faults_in_arc_routing_with_profits_are_found(
    tmp_path: Path, routes: list[list[tuple[int, int]]], value: int, fault: str | None
) -> None:
    checked = ucarpp(tmp_path).check(routes)
    assert checked.value == value
    assert (fault in checked.faults) if fault else not checked.faults


@pytest.mark.parametrize(
    ("routes", "checked"),
    [
        ([[("E1", 1)], [("A1", 2), ("N3", 3)]], Checked(15)),
        ([[("E1", 2)], [("A1", 2), ("N3", 3)], []], Checked(15)),
        ([[("E1", 1)], [("N3", 3)], [("A1", 2)]], Checked(6 + 9 + 9)),
        ([[("E1", 1)], [("A1", 2)]], Checked(15, missed=("N3",))),
        ([[("E1", 1), ("A1", 2), ("N3", 3)]], Checked(9, faults=("route 0 takes 5, the capacity is 4",))),
        ([[("E1", 1)], [("A1", 3), ("N3", 3)]], Checked(16, faults=("route 1 serves A1 from node 3",))),
        ([[("E1", 3)], [("A1", 2), ("N3", 3)]], Checked(21, faults=("route 0 serves E1 from node 3",))),
    ],
)
def test_faults_in_general_routing_are_found(
    tmp_path: Path, routes: list[list[tuple[str, int]]], checked: Checked
) -> None:
    found = mcgrp(tmp_path).check(routes)
    assert (found.missed, found.faults) == (checked.missed, checked.faults)
    assert checked.faults or found.value == checked.value


@pytest.mark.parametrize("fault", ["E1 is served 2 times", "N9 is nothing to serve", "4 routes for 3 crews"])
def test_what_is_not_in_the_file_and_what_is_served_twice_is_found(tmp_path: Path, fault: str) -> None:
    case = mcgrp(tmp_path)
    routes = [[("E1", 1)], [("A1", 2), ("N3", 3)], [("E1", 2)], [("N9", 1)]]
    assert fault in case.check(routes).faults


def test_a_route_along_no_way_is_a_fault(tmp_path: Path) -> None:
    case = mcgrp(tmp_path, MCGRP.replace("NrA1\t3\t1\t4", "NrA1\t1\t3\t4"))
    assert "route 0 goes where no way leads" in case.check([[("N3", 3)]]).faults


ROUND = [("E1", 1), ("A1", 2), ("N3", 3)]


def test_windows_hold_to_the_second(tmp_path: Path) -> None:
    assert mcgrp(tmp_path, MCGRPTW.format(last=12)).check([ROUND]) == Checked(9)
    late = mcgrp(tmp_path, MCGRPTW.format(last=11)).check([ROUND])
    assert late.faults == ("route 0 starts N3 at 12, after 11",)


def test_a_crew_that_comes_early_waits(tmp_path: Path) -> None:
    case = mcgrp(tmp_path, MCGRPTW.format(last=11))
    assert case.check([[("A1", 2)], [("E1", 1)], [("N3", 3)]]) == Checked(9 + 6 + 9)
    assert case.check([[("A1", 2), ("N3", 3)]]).faults == ("route 0 starts N3 at 12, after 11",)


def test_what_nobody_can_reach_in_time_is_told_from_what_was_missed(tmp_path: Path) -> None:
    assert mcgrp(tmp_path, MCGRPTW.format(last=10)).check([ROUND[:2]]) == Checked(9, missed=("N3",))
    assert mcgrp(tmp_path, MCGRPTW.format(last=9)).check([ROUND[:2]]) == Checked(9, impossible=("N3",))


# What the library is asked


def test_scaled_distances_are_rounded_up_and_keep_an_exact_budget(tmp_path: Path) -> None:
    case = top(tmp_path, 2)
    problem, scale = case.problem(), orienteering.scale_of(case)
    assert scale == 10**7
    assert problem.seconds[0][1] == 5 * scale
    assert problem.crews[0].end_s == 10 * scale
    assert problem.seconds[0][3] == 50803544
    assert max(int(problem.seconds[0][3]), problem.crews[0].end_s * 2) < INFINITE_S


@st.composite
def answers(draw: st.DrawFn, tasks: int, ways: list[int], crews: int) -> Solution:
    order = draw(st.permutations(range(tasks)))[: draw(st.integers(0, tasks))]
    routes: list[list[Visit]] = [[] for _ in range(crews)]
    for task in order:
        routes[draw(st.integers(0, crews - 1))].append(Visit(task, 0, draw(st.integers(0, ways[task] - 1))))
    return Solution(tuple(map(tuple, routes)))


def tiny_cases(folder: Path) -> list[Case]:
    windows = MCGRPTW.format(last=12)
    return [top(folder, 2), ucarpp(folder, 2), mcgrp(folder), mcgrp(folder, windows)]


@pytest.mark.parametrize("which", range(4))
def test_the_plain_check_agrees_with_the_library_on_every_answer(
    tmp_path_factory: pytest.TempPathFactory, which: int
) -> None:
    case = tiny_cases(tmp_path_factory.mktemp("tiny"))[which]
    problem = case.problem()
    ways = [len(job.ways) for job in problem.jobs]

    @given(answers(len(ways), ways, len(problem.crews)))
    def agree(solution: Solution) -> None:
        checked, found = case.check(case.answer(solution)), evaluate(problem, solution)
        assert bool(checked.faults) == bool(found.faults)
        if case.is_profit:
            assert checked.value == found.prize_collected
        elif not checked.faults:
            served = {visit.task for visit in solution.visits()}
            fixed = sum(case.items[task].cost for task in served)  # type: ignore[attr-defined]
            assert checked.value == found.score.driving_s + fixed
            assert len(checked.missed) == found.score.required_missed

    agree()


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 9)), min_size=1, max_size=20))
def test_both_ways_to_measure_a_shortest_way_agree(links: list[tuple[int, int, int]]) -> None:
    table = driving(6, links)
    for start in range(1, 7):
        for end in range(1, 7):
            plain = shortest(links, start, end)
            assert table[start - 1, end - 1] == min(plain, INFINITE_S)


# Figures


def test_a_gap_is_how_much_worse_than_the_reference(tmp_path: Path) -> None:
    profit, cost = top(tmp_path), mcgrp(tmp_path)
    object.__setattr__(profit, "reference", Reference(10))
    assert gap_percent(profit, Checked(7)) == 30
    assert gap_percent(cost, Checked(7)) is None
    object.__setattr__(cost, "reference", Reference(10))
    assert gap_percent(cost, Checked(7)) == -30
    assert gap_percent(cost, Checked(10)) == 0
    assert gap_percent(cost, Checked(7, missed=("N3",))) is None
    assert gap_percent(cost, Checked(7, impossible=("N3",))) is None


def test_figures_count_what_is_matched_beaten_and_incomplete(tmp_path: Path) -> None:
    case = mcgrp(tmp_path)
    object.__setattr__(case, "reference", Reference(10, is_proven=True))
    values = [Checked(10), Checked(11), Checked(9), Checked(5, missed=("N3",))]
    runs = [Run(checked, gap_percent(case, checked), 1.0, 0.5, 5) for checked in values]
    found = figures([(case, runs)])
    assert found["mean_gap_percent"] == pytest.approx(0)
    assert {word: found[word] for word in ("runs", "matched", "beaten", "incomplete", "worst_gap_percent")} == {
        "runs": 4, "matched": 2, "beaten": 1, "incomplete": 1, "worst_gap_percent": 10,
    }  # fmt: skip
    assert (found["matched_percent"], found["cpu_to_wall_mean"]) == (50, 0.5)
    assert "1 missed" in line(case, runs)
    assert "PROVEN" in line(case, runs)
    assert "PROVEN" not in line(case, runs[:2])


def test_a_sample_is_spread_over_the_folder(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"p{number}.txt").write_text(TOP.format(crews=1), encoding="ascii")
    (tmp_path / "readme.txt").write_text("not an instance\n", encoding="ascii")
    cases = orienteering.read_folder(tmp_path)
    assert [case.name for case in choose(cases, [""], None)] == [f"p{number}" for number in range(10)]
    assert [case.name for case in choose(cases, [""], 3)] == ["p0", "p3", "p6"]
    assert [case.name for case in choose(cases, ["p4", "p7"], 3)] == ["p4", "p7"]


class Suspected(Orienteering):
    def check(self, routes: Sequence[Sequence[int]]) -> Checked:
        return Checked(0, faults=(f"planted in {len(routes)} routes",))


def test_a_broken_rule_ends_the_benchmark(tmp_path: Path) -> None:
    case = top(tmp_path)
    suspected = Suspected(case.name, case.places, case.prizes, case.crews, case.budget)
    with pytest.raises(BrokenRuleError, match="p1, seed 3: planted in 1 routes"):
        run_one(suspected, 3, seconds=0.1)


# Commands


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

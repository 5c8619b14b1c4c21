"""The plain checks of the published sets find every planted fault, and agree with the library's own score."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import orienteering
from published.case import Case, Checked, Reference
from published.command import choose
from published.measure import BrokenRuleError, Run, gap_percent, run_one
from published.orienteering import Orienteering, is_within
from published.table import figures, line
from published.tiny import MCGRP, MCGRPTW, TOP, mcgrp, top, ucarpp
from published.ways import driving, shortest

from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.evaluate import Solution, Visit, evaluate


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


def test_scaled_distances_are_rounded_up_and_keep_an_exact_budget(tmp_path: Path) -> None:
    case = top(tmp_path, 2)
    problem, scale = case.instance(), orienteering.scale_of(case)
    assert scale == 10**7
    assert problem.travel(0).seconds[0][1] == 5 * scale
    assert problem.crews[0].end_s == 10 * scale
    assert problem.travel(0).seconds[0][3] == 50803544
    assert max(int(problem.travel(0).seconds[0][3]), problem.crews[0].end_s * 2) < INFINITE_S


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
    problem = case.instance()
    ways = [len(problem.ways(0, task)) for task in range(len(problem.tasks))]

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

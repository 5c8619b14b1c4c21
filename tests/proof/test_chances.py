"""The bound on what the least seen street can be seen: it holds on nights of which all plans are known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patrolroute.campaign.master import most_least
from patrolroute.campaign.mixture import mix
from patrolroute.campaign.windows import Windows
from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.problem.model import PatrolProblem
from patrolroute.proof.chances import CERTAIN, Asked, chance_bound
from tests.network.by_hand import Road, build
from tests.search.grid import crew

Marks = list[list[int]]
Passed = tuple[tuple[int, int], ...]

MOST_PLANS = 3_000
"""More plans than that make a night too large to try them all."""


def tiny_night(
    lengths: tuple[int, ...], end: str, *, priorities: tuple[int, ...], required: bool, crews: int = 1
) -> PatrolProblem:
    """Make a night of three streets round a block, and a fourth one that ends outside, some kilometres each."""
    nodes = {0: (0.0, 0.0), 1: (lengths[0], 0.0), 2: (0.0, lengths[2]), 3: (-900.0, 0.0)}
    ends = [(0, 1), (1, 2), (2, 0), (0, 3)][: len(lengths)]
    used = {node: place for node, place in nodes.items() if any(node in pair for pair in ends)}
    roads = [Road(*pair, name, length_m=length) for pair, name, length in zip(ends, "abcd", lengths, strict=False)]
    network = build(used, roads)
    demand = []
    for number, ((tail, head), priority) in enumerate(zip(ends, priorities, strict=False)):
        segment = StreetSegment(f"{tail}-{head}", "abcd"[number], (((tail, head, 0),), ((head, tail, 0),)))
        demand.append(PriorityStreet("abcd"[number], (segment,), priority=priority, required=required and not number))
    return PatrolProblem(network, demand, [crew(f"P{number}", end=end) for number in range(crews)])


def all_walks(problem: PatrolProblem) -> Iterator[tuple[Marks, frozenset[int]]]:
    """Yield when each street is passed by every walk of the first crew that ends at its depot, and what it patrols."""
    instance = problem.instance
    own, driving = instance.crews[0], instance.travel(0).seconds
    todo: list[tuple[int, int, tuple[tuple[int, int], ...], frozenset[int]]] = [
        (own.depot, own.start_s, (), frozenset())
    ]
    while todo:
        row, clock, passed, patrolled = todo.pop()
        if driving[row, own.end_depot] == 0:
            marks: Marks = [[] for _ in problem.tasks]
            for task, at in passed:
                marks[task].append(at)
            yield marks, patrolled
        for task in range(len(problem.tasks)):
            for way in instance.ways(0, task):
                if driving[row, way.entry] != 0:
                    continue
                speeds = {way.through_s: patrolled}
                if problem.tasks[task].required:
                    speeds[way.service_s] = patrolled | {task}
                for taken_s, now in speeds.items():
                    over = clock + taken_s
                    if over + int(driving[way.leave, own.end_depot]) <= own.end_s:
                        todo.append((way.leave, over, (*passed, (task, clock)), now))


def best_of_all(problem: PatrolProblem, windows: Windows) -> float:
    """Return the least weighted chance of the best mixture of all plans: a programme with a column for each of them."""
    needed = {number for number, task in enumerate(problem.tasks) if task.required}
    plans = []
    for marks, patrolled in all_walks(problem):
        if needed <= patrolled:
            weighted = windows.chances(windows.seen(marks)) / windows.wanted[:, None]
            plans.append(weighted[windows.counts])
        assume(len(plans) <= MOST_PLANS)
    assume(plans)
    return most_least(np.unique(np.array(plans), axis=0)).least


nights = st.builds(
    tiny_night,
    st.tuples(*[st.integers(1_500, 4_000)] * 3),
    st.sampled_from(("20:32", "20:40", "20:48")),
    priorities=st.tuples(*[st.integers(1, 5)] * 3),
    required=st.booleans(),
)  # fmt: skip


@given(problem=nights)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_no_mixture_of_all_plans_beats_the_bound_and_no_mixture_found_beats_theirs(problem: PatrolProblem):
    windows = Windows.of(problem)
    best = best_of_all(problem, windows)
    found = mix(problem, columns=4, work_limit=120, most_less=1.0, bound_s=20)
    assert found.bound is not None
    assert found.bound >= best - 1e-9
    assert best >= found.exploitability - 2e-6


@cache
def round_the_block() -> PatrolProblem:
    return tiny_night((3_000, 3_000, 3_000), "20:45", priorities=(3, 3, 3), required=False)


def test_the_bound_is_below_what_is_certain_where_one_car_cannot_be_everywhere():
    problem = tiny_night((6_000, 6_000, 6_000), "22:00", priorities=(3, 3, 3), required=False)
    windows = Windows.of(problem)
    steps = windows.begins[windows.counts.all(axis=0)]
    span = int(steps[0]), int(steps[-1]) + windows.step_s
    found = chance_bound(problem, [Asked(street.tasks, 1.0) for street in windows.streets], span)
    # one pass in ten minutes, seen for fifteen, of three streets: half of the time each
    assert found.method != CERTAIN
    assert 0.5 <= found.value < 0.62


def test_streets_that_are_wanted_less_raise_the_bound():
    problem = tiny_night((6_000, 6_000, 6_000), "22:00", priorities=(3, 3, 3), required=False)
    windows = Windows.of(problem)
    steps = windows.begins[windows.counts.all(axis=0)]
    span = int(steps[0]), int(steps[-1]) + windows.step_s
    alike = chance_bound(problem, [Asked(street.tasks, 1.0) for street in windows.streets], span)
    less = [Asked(street.tasks, wanted) for street, wanted in zip(windows.streets, (1.0, 0.2, 0.2), strict=True)]
    assert chance_bound(problem, less, span).value > alike.value


def test_without_an_instant_at_which_all_streets_count_only_what_is_certain_is_known():
    problem = round_the_block()
    found = chance_bound(problem, [Asked((0,), 0.8), Asked((1,), 0.5)], (0, 0))
    assert (found.value, found.method) == (pytest.approx(1 / 0.8), CERTAIN)

"""Required tasks that conflict: never fewer than trying every plan shows, never more, and proven only where it is."""

from __future__ import annotations

from itertools import combinations, permutations, product

import pytest
from hypothesis import HealthCheck, assume, given, settings

from patrolroute.explain import conflicts as room
from patrolroute.explain.conflicts import can_serve_all, conflicts, only
from patrolroute.plan.records import Conflict
from patrolroute.problem.crew import Break
from patrolroute.problem.evaluate import AT_HOME, Solution, Visit, route_times
from patrolroute.problem.model import PatrolProblem
from tests.plan.hand_made import place
from tests.problem.nights import crew, market, night, nights, street

MUST = {"required": True}
FIRST, SECOND = market("19:00-20:13", **MUST), market("20:16-20:26", name="m1", point=place(1), **MUST)
"""At 5 from 20:03 to 20:13, three minutes' drive, at 1 from 20:16 to 20:26: both can be served, to the second."""

BETWEEN = market("20:10-20:25", name="m2", point=place(2), **MUST)
"""At 2, to be begun from 20:10 to 20:15."""


def test_what_is_not_required_conflicts_with_nothing() -> None:
    assert conflicts(night(market(), street("s12"))) == ()


def test_two_places_at_one_time_conflict_and_the_third_is_not_named() -> None:
    problem = night(FIRST, SECOND, BETWEEN, street("s12", **MUST))
    assert conflicts(problem) == (Conflict(("m1", "m2"), 1, proven=True, smallest=True),)
    more = night(FIRST, SECOND, BETWEEN, street("s12", **MUST), crews=(crew(), crew("B")))
    assert conflicts(more) == ()


def test_what_nobody_can_serve_alone_is_a_set_of_its_own() -> None:
    problem = night(FIRST, SECOND, BETWEEN, street("s35", **MUST), crews=(crew(kinds=frozenset({"hotspot"})),))
    assert conflicts(problem) == (
        Conflict(("s35",), 0, proven=True, smallest=True),
        Conflict(("m1", "m2"), 1, proven=True, smallest=True),
    )


def test_time_for_all_but_one_is_a_conflict_of_all() -> None:
    # s12 100 s, s234 200 s to node 4, by 3 to 5 120 s, s35 100 s back to 3, 60 s to 4, s41 100 s home: 680 s.
    streets = [street(name, **MUST) for name in ("s12", "s234", "s41", "s35")]
    assert conflicts(night(*streets, crews=(crew(end="20:11:20"),))) == ()
    assert conflicts(night(*streets, crews=(crew(end="20:11:19"),))) == (
        Conflict(("s12", "s234", "s41", "s35"), 3, proven=True, smallest=True),
    )


def test_a_load_or_a_break_makes_a_conflict_too() -> None:
    heavy = night(street("s12", load=2, **MUST), street("s41", load=2, **MUST), crews=(crew(capacity=3),))
    assert conflicts(heavy) == (Conflict(("s12", "s41"), 1, proven=True, smallest=True),)
    # Both markets leave not a second for a break of a minute, whichever of them comes first.
    resting = night(FIRST, SECOND, crews=(crew(end="20:26", break_=Break(60)),))
    assert conflicts(resting) == (Conflict(("m5", "m1"), 1, proven=True, smallest=True),)
    assert conflicts(night(FIRST, SECOND, crews=(crew(end="20:27", break_=Break(60)),))) == ()


def test_a_range_makes_a_conflict_too_and_more_time_does_not_help() -> None:
    # As many metres as both streets take, by the ways that take least time, and one less.
    def both(**limits: float) -> PatrolProblem:
        return night(street("s12", **MUST), street("s41", **MUST), crews=(crew(**limits),))

    free = both()
    choices = [[Visit(task, 0, way) for way in range(free.tasks[task].ways)] for task in range(2)]
    routes = [route for chosen in product(*choices) for route in permutations(chosen)]
    metres = min(free.plan(Solution((route,))).routes[0].length_m for route in routes)
    together = Conflict(("s12", "s41"), 1, proven=True, smallest=True)
    assert conflicts(both(range_km=metres / 1000)) == ()
    assert conflicts(both(range_km=(metres - 1) / 1000)) == (together,)


def is_strict(problem: PatrolProblem) -> bool:
    """Return whether no legal plan can do what the evaluator's cannot: no break, no range, no turn before a visit."""
    free = all(crew.break_ is None and crew.range_km is None for crew in problem.crews)
    return free and all(task.turn_s == 0 for task in problem.tasks)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(nights(is_free=True))
def test_each_set_is_impossible_and_without_any_one_task_possible(problem: PatrolProblem) -> None:
    required = [index for index, task in enumerate(problem.tasks) if task.required]
    assume(0 < len(required) <= 3)
    assume(is_strict(problem))
    found = conflicts(problem)
    index = {task.id: number for number, task in enumerate(problem.tasks)}
    sets = [[index[one] for one in conflict.tasks] for conflict in found]
    hopeless = {task for task in required if not can_be_served(problem, [task])}
    assert {one[0] for one in sets if len(one) == 1} == hopeless
    for some, conflict in zip(sets, found, strict=True):
        assert conflict.proven
        assert conflict.smallest
        assert conflict.most == len(some) - 1
        assert not can_be_served(problem, some)
        assert all(can_be_served(problem, fewer) for fewer in combinations(some, len(some) - 1) if fewer)
    together = [task for task in required if task not in hopeless]
    assert can_be_served(problem, together) == all(len(one) == 1 for one in sets)


@settings(max_examples=60, deadline=None)
@given(nights())
def test_every_order_is_looked_at(problem: PatrolProblem) -> None:
    tasks = range(min(3, len(problem.tasks)))
    possible = can_be_served(problem, tasks)
    assert can_serve_all(only(problem, tasks)) == possible or not (possible or is_strict(problem))


@pytest.fixture
def no_exact_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine and the bound find what is else found by looking at every order."""
    monkeypatch.setattr(room, "COMBINATIONS", 0)
    monkeypatch.setattr(room, "EXACT", 1)


@pytest.mark.usefixtures("no_exact_search")
def test_the_engine_cuts_a_large_set_down_to_one_that_cannot_be_made_smaller() -> None:
    problem = night(FIRST, SECOND, BETWEEN, street("s12", **MUST), street("s41", **MUST))
    (found,) = conflicts(problem, work_limit=200)
    assert set(found.tasks) < {"m5", "m1", "m2"}
    assert found.smallest == found.proven  # a pair is as small as can be, if it is one
    assert found.most == len(found.tasks) - 1 == 1
    assert conflicts(night(FIRST, SECOND, street("s12", **MUST)), work_limit=200) == ()


@pytest.mark.usefixtures("no_exact_search")
def test_a_set_larger_than_anybody_reads_is_given_whole_with_what_the_bound_proves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "LARGEST", 1)
    streets = [street(name, **MUST) for name in ("s12", "s234", "s41", "s35")]
    (found,) = conflicts(night(*streets, crews=(crew(end="20:07"),)), work_limit=200)
    assert found.tasks == ("s12", "s234", "s41", "s35")
    assert found.proven
    assert not found.smallest
    assert found.most < 4


def can_be_served(problem: PatrolProblem, tasks: object) -> bool:
    """Share the tasks out among the crews in every way and try every order, slice, direction and place of the break."""
    wanted = tuple(tasks)  # type: ignore[call-overload]
    crews = range(len(problem.crews))
    return any(
        all(
            in_some_order(problem, number, tuple(task for task, own in zip(wanted, who, strict=True) if own == number))
            for number in crews
        )
        for who in product(crews, repeat=len(wanted))
    )


def in_some_order(problem: PatrolProblem, number: int, tasks: tuple[int, ...]) -> bool:
    rests = [None] if problem.crews[number].break_ is None else (AT_HOME, *range(len(tasks) + 1))
    known = [(task, problem.tasks[task]) for task in tasks]
    visits = [
        [Visit(task, *choice) for choice in product(range(one.visits_wanted), range(one.ways))] for task, one in known
    ]
    return any(
        not route_times(problem.instance, number, route, rest).faults
        for order in permutations(visits)
        for route in product(*order)
        for rest in rests
    )

"""Loads and capacities: both sides of each boundary, and what is hopeless."""

from __future__ import annotations

from typing import Any

import pytest

from patrolroute.base.errors import ProblemError, TableError
from patrolroute.demand.model import MAX_LOAD
from patrolroute.problem.evaluate import Visit, evaluate
from tests.problem.nights import crew, market, night, solution, street


def test_loads_reach_the_tasks_and_are_nothing_where_none_is_given() -> None:
    problem = night(street("s12", load=2), street("s41"), market(load=3))
    assert [task.load for task in problem.tasks] == [2, 0, 3]


@pytest.mark.parametrize("load", [-1, MAX_LOAD + 1, 1.5, "2", None, True])
def test_a_load_that_is_none_is_refused(load: Any) -> None:
    for wish in (lambda: street("s12", load=load), lambda: market(load=load)):
        with pytest.raises(TableError, match=r"load .* is not a whole number between 0 and 1,000,000"):
            wish()


@pytest.mark.parametrize("capacity", [-1, MAX_LOAD + 1, 1.5, "2", True])
def test_a_capacity_that_is_none_is_refused(capacity: Any) -> None:
    with pytest.raises(ProblemError, match=r"crew 'A': capacity .* is not a whole number between 0 and 1,000,000"):
        crew(capacity=capacity)


@pytest.mark.parametrize(
    ("capacity", "faults"), [(5, ()), (4, ("crew 'A': its visits load 5, more than its capacity 4",))]
)
def test_the_loads_of_a_route_add_up_to_at_most_the_capacity(capacity: int, faults: tuple[str, ...]) -> None:
    problem = night(street("s12", load=2), street("s41"), market(load=3), crews=(crew(capacity=capacity),))
    assert evaluate(problem, solution([0, 1, 2])).faults == faults
    assert evaluate(problem, solution([1, 2])).faults == ()


def test_each_visit_takes_its_load_and_each_crew_has_its_own_capacity() -> None:
    crews = crew("A", capacity=3), crew("B", capacity=2)
    problem = night(street("s12", load=2, visits=2, headway_s=0), crews=crews)
    both = [Visit(0, 0), Visit(0, 1)]
    assert evaluate(problem, solution(both, [])).faults == ("crew 'A': its visits load 4, more than its capacity 3",)
    assert evaluate(problem, solution(both[:1], both[1:])).faults == ()


def test_without_a_capacity_any_load_is_carried_and_with_none_at_all_only_what_has_no_load() -> None:
    problem = night(street("s12", load=MAX_LOAD), street("s41"), crews=(crew("A"), crew("B", capacity=0)))
    assert evaluate(problem, solution([0], [1])).faults == ()
    assert evaluate(problem, solution([1], [0])).faults == (
        "crew 'B': its visits load 1000000, more than its capacity 0",
    )


def refused(*demand: Any, crews: Any) -> tuple[str, ...]:
    with pytest.raises(ProblemError) as caught:
        night(*demand, crews=crews)
    return caught.value.complaints


def test_a_required_task_heavier_than_every_allowed_crew_is_named_and_one_just_as_heavy_is_fine() -> None:
    crews = crew("A", capacity=4), crew("B", capacity=9, kinds=frozenset({"street"}))
    night(street("s12"), market(load=4, required=True), crews=crews)
    assert refused(street("s12"), market(load=5, required=True), crews=crews) == (
        (
            "hotspot 'm5': is required, and its load of 5 is more than the capacity of any crew that may serve it, "
            "4 at most"
        ),
    )
    night(street("s12"), market(load=5), crews=crews)
    night(street("s12"), market(load=5, required=True), crews=(*crews, crew("C")))


def test_a_crew_that_can_carry_nothing_it_may_serve_is_named() -> None:
    crews = crew("A"), crew("B", capacity=1, kinds=frozenset({"hotspot"}))
    assert refused(street("s12"), market(load=2), crews=crews) == (
        "crew 'B': a capacity of 1 is below the load of every task that it may serve",
    )
    night(street("s12"), market(load=1), crews=crews)

"""The numbers of a night: rows and ways on the ring, smaller nights of it, tasks wanted once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import ProblemError
from patrolroute.base.vocabulary import INFINITE_S
from patrolroute.problem.evaluate import DRIVE_BY, Solution, Visit, evaluate
from patrolroute.problem.model import PatrolProblem
from tests.problem.nights import crew, grown, market, night, nights, street


def test_a_way_has_its_rows_and_its_seconds() -> None:
    instance = night(street("s12"), market()).instance
    forth, back = instance.ways(0, 0)
    assert (forth.entry, forth.leave) == (back.leave, back.entry)
    assert forth.service_s > forth.through_s == forth.passing_s
    assert instance.travel(0).seconds[forth.entry, forth.leave] == forth.passing_s
    (stop,) = instance.ways(0, 1)
    assert (stop.entry, stop.passing_s, stop.through_s) == (stop.leave, 0, 0)
    assert stop.service_s == instance.tasks[1].dwell_s


@given(nights())
@settings(max_examples=20)
def test_metres_of_drives_and_ways_are_those_of_the_arcs(problem: PatrolProblem) -> None:
    for number, own in enumerate(problem.crews):
        instance, paths, network = problem.instance, problem.paths_of(number), problem.networks[own.mode]
        metres = instance.travel(number).metres
        for source, target in np.argwhere(instance.travel(number).seconds < INFINITE_S)[:50].tolist():
            assert metres[source, target] == network.length_m[list(paths.path(source, target))].sum()
        for index, task in enumerate(problem.tasks):
            lengths = [int(network.length_m[list(task.chain(way))].sum()) for way in range(task.ways)]
            ways = instance.ways(number, index)
            assert [way.length_m for way in ways] == (lengths if task.kind == "street" else [0] * len(ways)) or not ways


def test_a_drive_by_takes_the_seconds_of_driving_through() -> None:
    instance = night(street("s12")).instance
    way = instance.way(0, Visit(0, DRIVE_BY, 1))
    assert way == instance.ways(0, 0)[1]._replace(service_s=way.through_s)
    assert instance.way(0, Visit(0, 0, 1)) == instance.ways(0, 0)[1]


def test_crews_of_one_mode_and_speed_are_one_class() -> None:
    team = crew("A"), crew("B", speed_factor=0.5), crew("C")
    instance = night(street("s12"), crews=team).instance
    assert [one.kind for one in instance.crews] == [0, 1, 0]
    assert instance.team("car") == [0, 1, 2]
    assert instance.team("foot") == []


def test_the_crews_that_are_selected_bring_their_classes_only() -> None:
    team = crew("A"), crew("B", speed_factor=0.5), crew("C")
    instance = night(street("s12"), crews=team).instance
    slow = instance.select(crews=[1])
    assert [one.id for one in slow.crews] == ["B"]
    assert [one.speed_factor for one in slow.classes] == [0.5]
    assert slow.night == instance.night
    turned = instance.select(crews=[1, 0])
    assert [one.kind for one in turned.crews] == [0, 1]
    assert turned.travel(1) is instance.travel(0)


def test_the_tasks_that_are_selected_keep_their_ways() -> None:
    instance = night(street("s12"), street("s35"), market()).instance
    some = instance.select(tasks=[2, 0])
    assert [task.id for task in some.tasks] == ["m5", "s12"]
    assert some.ways(0, 1) == instance.ways(0, 0)
    assert some.allowed.shape == (1, 2)
    assert some.prize_total == instance.tasks[0].prize + instance.tasks[2].prize


def test_everything_is_selected_if_nothing_is_said() -> None:
    instance = night(street("s12"), street("s35")).instance
    same = instance.select()
    assert (same.tasks, same.crews, same.night) == (instance.tasks, instance.crews, instance.night)


@pytest.mark.parametrize(
    ("crews", "tasks", "sentence"),
    [
        ([1], None, "there is no crew 1; there are 1, counted from 0"),
        (None, [-1], "there is no task -1; there are 2, counted from 0"),
        ([], None, "no crew is chosen"),
        (None, (), "no task is chosen"),
    ],
)
def test_what_cannot_be_selected_is_named(
    crews: Iterable[int] | None, tasks: Iterable[int] | None, sentence: str
) -> None:
    with pytest.raises(ProblemError, match=sentence):
        night(street("s12"), street("s35")).instance.select(crews=crews, tasks=tasks)


def test_a_task_wanted_once_may_be_served_in_any_of_its_slices() -> None:
    instance = night(street("s12", visits=2, headway_s=60)).instance
    (once,) = instance.wanted_once().tasks
    assert (once.worth, once.prize, once.required, once.visits_wanted) == ((1,), 1, True, 1)
    assert once.starts == ((*instance.tasks[0].starts[0], *instance.tasks[0].starts[1]),)
    assert instance.tasks[0].visits_wanted == 2


@settings(max_examples=40, deadline=None)
@given(nights(), st.data())
def test_a_problem_and_its_numbers_are_worth_the_same(problem: PatrolProblem, data: st.DataObject) -> None:
    solution = grown(problem, data)
    assert evaluate(problem.instance, solution) == evaluate(problem, solution)
    assert problem.instance.instance is problem.instance


@settings(max_examples=40, deadline=None)
@given(nights(), st.data())
def test_what_some_tasks_are_worth_does_not_hang_on_the_others(problem: PatrolProblem, data: st.DataObject) -> None:
    chosen = data.draw(st.permutations(range(len(problem.tasks))))[: data.draw(st.integers(1, len(problem.tasks)))]
    whole = grown(problem, data)
    routes = tuple(
        tuple(visit._replace(task=chosen.index(visit.task)) for visit in route if visit.task in chosen)
        for route in whole.routes
    )
    kept = tuple(tuple(visit for visit in route if visit.task in chosen) for route in whole.routes)
    part = evaluate(problem.instance.select(tasks=chosen), Solution(routes))
    same = evaluate(problem, Solution(kept))
    assert (part.prize_collected, part.routes[0].starts) == (same.prize_collected, same.routes[0].starts)
    assert np.array_equal([times.end_s for times in part.routes], [times.end_s for times in same.routes])

"""Tasks reserved to crews and forbidden to them: which names mean what, who may serve what, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from patrolroute.base.errors import ProblemError
from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.problem.evaluate import evaluate
from tests.plan.hand_made import arcs
from tests.problem.nights import crew, market, night, solution, street

DEMAND = (street("s12"), street("s41"), market())
LONG = PriorityStreet(
    "朝阳中路", (StreetSegment("a", "朝阳中路", (arcs(1, 2),)), StreetSegment("b", "朝阳中路", (arcs(2, 3),)))
)
EAST = PriorityStreet("朝阳东路", (StreetSegment("c", "朝阳东路", (arcs(3, 4),)),))


def allowed(*crews: dict[str, Any], demand: Any = DEMAND) -> list[list[bool]]:
    team = tuple(crew(f"c{number}", **options) for number, options in enumerate(crews))
    rows: list[list[bool]] = night(*demand, crews=team).instance.allowed.tolist()
    return rows


def refused(*crews: dict[str, Any], demand: Any = DEMAND) -> tuple[str, ...]:
    with pytest.raises(ProblemError) as caught:
        allowed(*crews, demand=demand)
    return caught.value.complaints


def test_what_is_reserved_is_for_its_crews_alone_and_they_may_serve_the_rest_too() -> None:
    assert allowed({"reserved": {"m5"}}, {}) == [[True, True, True], [True, True, False]]
    assert allowed({"reserved": {"m5"}}, {"reserved": ["m5", "s12"]}, {}) == [
        [False, True, True],
        [True, True, True],
        [False, True, False],
    ]


def test_what_is_forbidden_is_for_all_others() -> None:
    assert allowed({"forbidden": {"m5", "s12"}}, {}) == [[False, True, False], [True, True, True]]


def test_one_may_be_reserved_to_two_and_forbidden_to_a_third() -> None:
    assert allowed({"reserved": {"m5"}}, {"forbidden": {"m5"}}) == [[True, True, True], [True, True, False]]


def test_a_reservation_does_not_lift_mode_kinds_or_area() -> None:
    streets = frozenset({"street"})
    assert allowed({"reserved": {"m5"}, "kinds": streets}, {}) == [[True, True, False], [True, True, False]]


@pytest.mark.parametrize(
    ("name", "tasks"),
    [("a", "a"), ("朝阳中路", "ab"), ("朝阳路", "abc"), ("朝阳东路", "c")],
)
def test_a_name_means_a_task_else_a_street_else_its_sections(name: str, tasks: str) -> None:
    rows = allowed({"forbidden": [name]}, {}, demand=(LONG, EAST, market()))
    assert rows[0] == [one not in tasks for one in "abc"] + [True]


def test_a_hotspot_is_meant_by_its_id_or_its_name() -> None:
    stall = market(name="烧烤一条街")
    named = night(street("s12"), stall, crews=(crew("A", reserved={"烧烤一条街"}), crew("B")))
    assert named.instance.allowed.tolist() == [[True, True], [True, False]]
    assert named.reservations.ids(named.reservations.reserved[0]) == ("烧烤一条街",)


def test_serving_what_is_reserved_to_others_is_a_fault() -> None:
    problem = night(*DEMAND, crews=(crew("A", reserved={"m5"}), crew("B")))
    assert evaluate(problem, solution([], [2])).faults == ("crew 'B', task m5: the crew may not serve it",)
    assert evaluate(problem, solution([2], [0])).faults == ()


def test_unknown_names_are_told_with_near_matches_for_every_crew() -> None:
    said = refused({"reserved": {"朝阳中"}, "forbidden": {"x"}}, {"forbidden": {"朝阳东路", ""}}, demand=(LONG, EAST))
    assert said == (
        "crew 'c0': reserved '朝阳中' is no task, hotspot or street of the night; did you mean 朝阳中路, 朝阳东路?",
        "crew 'c0': forbidden 'x' is no task, hotspot or street of the night",
        "crew 'c1': forbidden '' is no task, hotspot or street of the night",
    )


def test_what_is_both_reserved_and_forbidden_to_one_crew_is_told_once_for_a_street() -> None:
    said = refused({"reserved": {"朝阳路"}, "forbidden": {"朝阳中路"}}, {}, demand=(LONG, EAST))
    assert said == ("crew 'c0': '朝阳中路' is both reserved to it and forbidden to it",)


@pytest.mark.parametrize("word", ["reserved", "forbidden"])
@pytest.mark.parametrize(
    ("names", "rule"),
    [("m5", "is one text; give a set of ids or names"), (5, "is not a set of ids or names"),
     ([5], "is not a set of ids or names"), (None, "is not a set of ids or names")],
)  # fmt: skip
def test_what_is_no_set_of_names_is_refused(word: str, names: Any, rule: str) -> None:
    with pytest.raises(ProblemError) as caught:
        crew(**{word: names})
    assert caught.value.complaints == (f"crew 'A': {word} {names!r} {rule}",)

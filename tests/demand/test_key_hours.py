"""Key hours and promised gaps as a planner asks for them: what is taken, what is refused, and how selections merge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from patrolroute.base.errors import TableError
from patrolroute.demand.model import ClockWindow, KeyHours, PriorityStreet, StreetSegment
from patrolroute.demand.streets import combine_streets, select_streets
from tests.search.grid import town

LATE = (ClockWindow.parse("22:00-23:30"),)


def street(*numbers: int, **wishes: Any) -> PriorityStreet:
    segments = tuple(StreetSegment(f"s{one}", "", (((one, one + 1, 0),),)) for one in numbers)
    return PriorityStreet("学院路", segments, **wishes)


@pytest.mark.parametrize("weight", [0.01, 0.29, 1, 2.5, 10])
def test_a_weight_has_two_decimals_at_most(weight: float) -> None:
    assert KeyHours(LATE, weight).hundredths == round(100 * weight)


@pytest.mark.parametrize(
    ("weight", "rule"),
    [(0, "is not between 0.01 and 10"), (10.01, "is not between"), (-1, "is not between"), (True, "is not between"),
     (float("nan"), "is not between"), ("2", "is not between"), (1.005, "has more than two decimals")],
)  # fmt: skip
def test_a_weight_that_cannot_be_is_named(weight: Any, rule: str) -> None:
    with pytest.raises(TableError, match=rule):
        KeyHours(LATE, weight)


def test_all_that_is_wrong_with_key_hours_is_told_at_once() -> None:
    with pytest.raises(TableError) as error:
        KeyHours((), 99, names=("",), kinds=(3,))  # type: ignore[arg-type]
    assert tuple(item.sentence for item in error.value.items) == (
        "key hours: give at least one window, such as 22:00-23:30",
        "key hours: names: '' is not a text of at least one letter",
        "key hours: kinds: 3 is not a text of at least one letter",
        "key hours: weight 99 is not between 0.01 and 10",
    )
    with pytest.raises(TableError, match=r"hours '22:00-23:30' is not a list"):
        KeyHours("22:00-23:30", 2)  # type: ignore[arg-type]
    with pytest.raises(TableError, match=r"window '22:00-23:30' is no ClockWindow"):
        KeyHours(("22:00-23:30",), 2)  # type: ignore[arg-type]


def test_lists_become_tuples_so_that_nobody_changes_them() -> None:
    hours = KeyHours(list(LATE), 2, names=["学院路"], kinds=["street"])  # type: ignore[arg-type]
    assert (hours.hours, hours.names, hours.kinds) == (LATE, ("学院路",), ("street",))


@pytest.mark.parametrize("minutes", [0, -5, 960.5, float("inf"), float("nan"), "40", True])
def test_a_promise_that_cannot_be_is_refused(minutes: Any) -> None:
    rule = "is not above 0 and at most 960 minutes"
    with pytest.raises(TableError, match=rf"street '学院路': max_gap_min .* {rule}"):
        street(1, max_gap_min=minutes)
    with pytest.raises(TableError, match=rf"streets: max_gap_min .* {rule}"):
        select_streets(town(2), classes=["residential"], max_gap_min=minutes)


def test_of_overlapping_selections_the_shortest_promised_gap_holds() -> None:
    first, second = street(1, 2, priority=5), street(2, 3, max_gap_min=40)
    merged = combine_streets([first], [second, street(3, max_gap_min=25.5)])
    promised = {part.segments[0].id: part.max_gap_min for part in merged}
    assert promised == {"s1": None, "s2": 40, "s3": 25.5}
    assert replace(merged[0], max_gap_min=None) == replace(first, segments=first.segments[:1])

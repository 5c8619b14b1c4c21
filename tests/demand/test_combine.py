"""Selections that overlap: nothing is asked for twice, and nothing that was asked for is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from patrolroute.demand.model import PriorityStreet, StreetSegment
from patrolroute.demand.streets import combine_streets, select_streets
from tests.demand.files import town

TOWN = town()


def asked(name: str, arcs: dict[str, tuple[tuple[int, int, int], ...]], **wishes: Any) -> PriorityStreet:
    """Ask for segments, each given by the arcs that are its directions."""
    segments = tuple(StreetSegment(one, name, tuple((arc,) for arc in chains)) for one, chains in arcs.items())
    return PriorityStreet(name, segments, **wishes)


ONE: dict[str, tuple[tuple[int, int, int], ...]] = {"s1": ((1, 2, 0), (2, 1, 0))}
BOTH = ONE | {"s2": ((2, 3, 0), (3, 2, 0))}


def wishes_of(streets: list[PriorityStreet]) -> dict[str, tuple[int, bool, int, int | None]]:
    """Return what is asked for each segment: priority, required, visits, headway."""
    return {
        segment.id: (street.priority, street.required, street.visits, street.headway_s)
        for street in streets
        for segment in street.segments
    }


def test_what_is_required_at_a_low_priority_stays_required_at_the_higher_one() -> None:
    high = asked("甲路", BOTH, priority=5)
    low = asked("甲路", ONE, priority=2, required=True)
    for order in ([high], [low]), ([low], [high]):
        assert wishes_of(combine_streets(*order)) == {"s1": (5, True, 1, None), "s2": (5, False, 1, None)}


def test_the_most_visits_hold_with_the_headway_of_who_wants_them() -> None:
    high = asked("甲路", ONE, priority=5, visits=2, headway_s=600)
    low = asked("甲路", ONE, priority=2, visits=4, headway_s=1200)
    assert wishes_of(combine_streets([high], [low])) == {"s1": (5, False, 4, 1200)}
    fewer = asked("甲路", ONE, priority=2, visits=2, headway_s=1200)
    assert wishes_of(combine_streets([high], [fewer])) == {"s1": (5, False, 2, 600)}


def test_the_prize_is_that_of_the_higher_priority_and_of_the_earlier_at_equal_priority() -> None:
    first, second = (asked("甲路", ONE, priority=3, prize=(points,)) for points in (10, 20))
    third = asked("甲路", ONE, priority=4, prize=(5,))
    assert [street.prize for street in combine_streets([first], [second])] == [(10,)]
    assert [street.prize for street in combine_streets([first], [second], [third])] == [(5,)]


def test_prizes_stay_with_their_segments() -> None:
    some = asked("甲路", {"s1": ((1, 2, 0),)}, priority=5)
    rest = asked("甲路", {"s1": ((1, 2, 0),), "s2": ((2, 3, 0),)}, priority=1, prize=(10, 20))
    assert [(street.prize, street.segments[0].id) for street in combine_streets([some], [rest])] == [
        (None, "s1"),
        ((20,), "s2"),
    ]


def test_a_pair_and_its_carriageways_are_asked_for_once_and_stay_required() -> None:
    pair = select_streets(TOWN, names=["大道"], priority=4)
    singles = select_streets(TOWN, names=["大道"], priority=2, required=True, both_carriageways=True)
    (street,) = combine_streets(pair, singles)
    assert (len(street.segments), street.priority, street.required) == (1, 4, True)
    (street,) = combine_streets(
        select_streets(TOWN, names=["大道"], priority=2, required=True),
        select_streets(TOWN, names=["大道"], priority=4, both_carriageways=True),
    )
    assert (len(street.segments), street.priority, street.required) == (2, 4, True)


def test_the_same_arc_on_foot_and_by_car_is_two_tasks() -> None:
    by_car, on_foot = asked("甲路", ONE), asked("甲路", ONE, mode="foot")
    assert combine_streets([by_car], [on_foot]) == [by_car, on_foot]


def test_selections_that_do_not_overlap_stay_as_they_are() -> None:
    streets = [asked("甲路", ONE), asked("乙路", {"s9": ((8, 9, 0),)})]
    assert combine_streets(streets) == streets
    assert combine_streets() == []


@st.composite
def selections(draw: st.DrawFn) -> list[PriorityStreet]:
    arcs = [(tail, tail + 1, 0) for tail in range(6)]
    chosen = []
    for _ in range(draw(st.integers(0, 6))):
        picked = draw(st.lists(st.sampled_from(arcs), min_size=1, max_size=4, unique=True))
        pieces = {f"s{arc[0]}": (arc,) for arc in picked}
        visits, headway_s = draw(st.integers(1, 3)), draw(st.sampled_from([None, 0, 600]))
        wishes = {"priority": draw(st.integers(1, 5)), "required": draw(st.booleans()), "visits": visits}
        chosen.append(asked("路", pieces, headway_s=headway_s, **wishes))
    return chosen


@given(selections())
def test_each_segment_is_kept_once_with_the_most_that_any_selection_asks_for(streets: list[PriorityStreet]) -> None:
    combined = combine_streets(streets)
    ids = [segment.id for street in combined for segment in street.segments]
    assert len(ids) == len(set(ids))
    for name, (priority, required, visits, headway_s) in wishes_of(combined).items():
        wanting = [street for street in streets if name in {segment.id for segment in street.segments}]
        assert priority == max(street.priority for street in wanting)
        assert required == any(street.required for street in wanting)
        assert visits == max(street.visits for street in wanting)
        assert headway_s in {street.headway_s for street in wanting if street.visits == visits}
    assert set(ids) == {segment.id for street in streets for segment in street.segments}
    assert wishes_of(combine_streets(combined)) == wishes_of(combined)


def test_the_largest_load_holds_whoever_keeps_the_segment() -> None:
    for loads in ((1, 4), (4, 1)):
        high, low = (
            asked("甲路", ONE, priority=priority, load=load) for priority, load in zip((5, 2), loads, strict=True)
        )
        assert [street.load for street in combine_streets([high], [low])] == [4]

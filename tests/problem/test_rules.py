"""What is refused as a problem, and in which words: each rule on both sides, all complaints together."""

from __future__ import annotations

from typing import Any

import pytest

from patrolroute.base.errors import InputError, ProblemError
from patrolroute.demand.model import Demand, PriorityStreet, StreetSegment
from patrolroute.demand.streets import select_streets
from patrolroute.problem.crew import Crew
from patrolroute.problem.model import PatrolProblem
from tests.network.by_hand import Road, build, lonlat
from tests.problem.nights import ALLEY, RING, crew, market, night, street


def refused(*demand: Demand, crews: tuple[Crew, ...] = (), **options: Any) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        night(*demand, crews=crews, **options)
    return caught.value.complaints


@pytest.mark.parametrize("decay", [0.0, 1.001, float("nan"), "half", None, True])
def test_a_decay_that_is_none_is_refused(decay: Any) -> None:
    assert refused(street("s12"), decay=decay) == (f"problem: decay {decay!r} is not above 0 and at most 1",)


@pytest.mark.parametrize("snap_m", [-1.0, float("nan"), "far", None])
def test_a_snapping_distance_that_is_none_is_refused(snap_m: Any) -> None:
    assert refused(street("s12"), snap_m=snap_m) == (
        f"problem: snap_m {snap_m!r} is not a number of metres of at least 0",
    )


def test_a_crew_that_nothing_is_for_is_named() -> None:
    said = refused(street("s12"), crews=(crew("A", kinds=frozenset({"barbecue"})), crew("B")))
    assert said == ("crew 'A': there is no task of its mode, kinds and patrol area",)


def test_a_crew_that_cannot_come_back_from_anywhere_is_named() -> None:
    network = build({1: (0, 0), 2: (500, 0)}, [Road(1, 2, "去路", both=False)])
    segment = StreetSegment("s", "去路", (((1, 2, 0),),))
    with pytest.raises(ProblemError) as caught:
        PatrolProblem(network, [PriorityStreet("去路", (segment,))], [crew(depot=lonlat(0, 0))])
    assert caught.value.complaints == ("crew 'A': no way leads from its depot to any task and on to its end depot",)


def test_all_complaints_about_a_problem_come_together() -> None:
    stranger = PriorityStreet("乙路", (StreetSegment("x", "乙路", (((8, 9, 0),),)),))
    said = refused(
        street("s12"), street("s12"), stranger, market(mode="bicycle"), crews=(crew(), crew(), crew("F", mode="foot"))
    )
    assert said == (
        "crew 'F': no network for mode 'foot'",
        "crew 'A': the id is used 2 times",
        "task 's12': is asked for 2 times; combine_streets() merges selections that overlap",
        "street '乙路': arc (8, 9, 0) is not on the network; choose it on the network of the problem",
        "hotspot 'm5': no network for mode 'bicycle'",
    )


def test_a_hotspot_with_the_id_of_a_street_is_refused() -> None:
    said = "hotspot 's12': the id is used 2 times; give each hotspot an id of its own"
    assert refused(street("s12"), market(name="s12")) == (said,)


def test_hotspots_of_two_files_with_one_id_are_named() -> None:
    said = "hotspot 'm5': the id is used 3 times; give each hotspot an id of its own"
    assert refused(market(), market(), street("s12"), market("20:00-22:00")) == (said,)


def test_nothing_to_do_and_nobody_to_do_it_are_said_together() -> None:
    with pytest.raises(ProblemError) as caught:
        PatrolProblem(RING, [], [])
    assert caught.value.complaints == (
        "problem: there is no crew", "problem: there is nothing to cover, neither street nor hotspot",
    )  # fmt: skip


def test_things_that_are_neither_demand_nor_crew_are_named() -> None:
    with pytest.raises(ProblemError) as caught:
        PatrolProblem(RING, [street("s12"), "s41"], [None])  # type: ignore[list-item]
    assert caught.value.complaints == (
        "problem: demand 2 is a str, neither a PriorityStreet nor a Hotspot",
        "problem: crew 1 is a NoneType, not a Crew",
    )


@pytest.mark.parametrize(
    ("network", "demand", "crews", "sentence"),
    [
        (RING, street("s12"), [crew()], "problem: demand is a PriorityStreet; give a list"),
        (RING, "s12", [crew()], "problem: demand is a str; give a list"),
        (RING, [street("s12")], crew(), "problem: crews is a Crew; give a list"),
        (RING, [street("s12")], None, "problem: crews is a NoneType; give a list"),
        (RING, [[street("s12")]], [crew()], "problem: demand 1 is a list, neither a PriorityStreet nor a Hotspot"),
        (None, [street("s12")], [crew()], "problem: network is a NoneType, not a RoadNetwork"),
        ({"car": "map.osm"}, [street("s12")], [crew()], "problem: network is a str, not a RoadNetwork"),
    ],
)
def test_what_is_no_network_or_no_list_is_named(network: Any, demand: Any, crews: Any, sentence: str) -> None:
    with pytest.raises(ProblemError) as caught:
        PatrolProblem(network, demand, crews)
    assert caught.value.complaints == (sentence,)


def test_a_network_given_for_another_mode_is_named() -> None:
    with pytest.raises(ProblemError) as caught:
        PatrolProblem({"car": ALLEY}, select_streets(ALLEY, names=["里弄"]), [crew("F", mode="foot")])
    assert "problem: the network given for mode 'car' is one for 'foot'" in caught.value.complaints


def test_an_unknown_time_zone_is_refused() -> None:
    assert refused(street("s12"), timezone="Huainan") == (
        "timezone 'Huainan': not known; write one such as Asia/Shanghai",
    )

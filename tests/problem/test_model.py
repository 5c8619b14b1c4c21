"""How wishes become a problem: prizes, slices, windows, split nodes, several modes, and what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import shapely

from patrolroute.base.errors import InputError, ProblemError
from patrolroute.demand.model import DatedWindow, Demand, Hotspot
from patrolroute.demand.streets import select_streets
from patrolroute.network.places import nearest_places
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.problem.model import PatrolProblem
from patrolroute.rules.audit import audit
from tests.demand.files import town
from tests.network.by_hand import Road, build, lonlat
from tests.plan.hand_made import at, place
from tests.problem.nights import ALLEY, HALF_WAY, RING, crew, market, night, solution, street


def refused(*demand: Demand, crews: tuple[Crew, ...] = (), **options: Any) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        night(*demand, crews=crews, **options)
    return caught.value.complaints


def test_prizes_are_priority_seconds_for_streets_and_hotspots_alike() -> None:
    problem = night(street("s12", priority=4), street("s234", priority=1), market(priority=2, dwell_s=480))
    assert [task.prize for task in problem.tasks] == [4 * 100, 200, 2 * 480]
    assert problem.prize_total == 400 + 200 + 960


def test_prizes_of_the_users_own_are_taken_as_they_are() -> None:
    assert [task.prize for task in night(street("s12", prize=(7,)), market(prize=9)).tasks] == [7, 9]


def test_a_pair_of_carriageways_counts_its_mean_once() -> None:
    network = town()  # two carriageways of 500 m: 50 s to drive, 100 s to patrol
    streets = select_streets(network, names=["大道"], priority=2)
    problem = PatrolProblem(network, streets, [crew(depot=lonlat(0, 0))])
    assert [task.prize for task in problem.tasks] == [2 * 100]
    uneven = build(
        {1: (0, 0), 2: (500, 0), 3: (500, 20), 4: (0, 20)},
        [
            Road(1, 2, "大道", both=False, patrol_s=100),
            Road(3, 4, "大道", both=False, patrol_s=121),
            Road(2, 3),
            Road(4, 1),
        ],
    )
    (task,) = PatrolProblem(uneven, select_streets(uneven, names=["大道"]), [crew(depot=lonlat(0, 0))]).tasks
    assert task.prize == 3 * 111  # the mean, 110.5, rounded half up
    assert [len(chain) for chain in task.directions] == [1, 1]


def test_visits_cut_the_night_into_slices_and_starts_end_a_headway_earlier() -> None:
    (task,) = night(street("s12", visits=3, headway_s=600)).tasks
    assert task.slices == ((0, 2400), (2400, 4800), (4800, 7200))
    assert task.starts == (((0, 1800),), ((2400, 4200),), ((4800, 6600),))
    assert task.worth == (300, 150, 75)


def test_several_visits_without_a_headway_keep_a_quarter_of_an_hour_and_one_visit_none() -> None:
    problem = night(street("s12", visits=2), street("s41"), street("s35", visits=2, headway_s=0))
    assert [task.headway_s for task in problem.tasks] == [900, 0, 0]


def test_the_window_of_a_hotspot_within_the_night_is_cut_not_the_night() -> None:
    (task,) = night(market("20:30-23:00", visits=2, dwell_s=60, headway_s=0)).tasks
    assert task.slices == ((1800, 4500), (4500, 7200))
    assert task.windows == ((1800, 10_800),)


@pytest.mark.parametrize(("headway", "fits"), [(1800, True), (1801, False)])
def test_a_slice_is_as_long_as_its_headway_at_least(headway: int, fits: bool) -> None:
    wish = street("s12", visits=4, headway_s=headway)
    if fits:
        assert night(wish).tasks[0].starts[3] == ((5400, 5400),)
    else:
        assert refused(wish) == (
            (
                "street 's12': 4 visits leave a slice of 30 min, shorter than the headway of 30 min 1 s; "
                "ask for fewer visits or a shorter headway"
            ),
        )


def test_what_is_wrong_with_every_section_of_a_street_is_said_once() -> None:
    one, two = street("s12", visits=4, headway_s=1801), street("s41", visits=4, headway_s=1801)
    both = replace(one, segments=(*one.segments, *two.segments))
    assert refused(both) == refused(one)
    assert len(refused(one, two)) == 2


def test_one_visit_cannot_be_fewer() -> None:
    (said,) = refused(street("s12", headway_s=7201))
    assert said.endswith(
        "1 visit has a slice of 120 min, shorter than the headway of 120 min 1 s; ask for a shorter headway"
    )


@pytest.mark.parametrize(("dwell", "fits"), [(3600, True), (3601, False)])
def test_a_dwell_longer_than_its_hours_has_no_room(dwell: int, fits: bool) -> None:
    spot = market("20:30-21:30", dwell_s=dwell)
    if fits:
        assert night(spot).tasks[0].starts == (((1800, 1800),),)
    else:
        assert refused(spot) == (
            "hotspot 'm5': visit 1 of 1 has no room for a dwell of 3601 s inside its opening hours",
        )


def test_a_dwell_across_the_gap_of_two_windows_is_not_allowed() -> None:
    (task,) = night(market("20:00-20:10", "20:20-20:30", dwell_s=300)).tasks
    assert task.starts == (((0, 300), (1200, 1500)),)


@pytest.mark.parametrize(("hours", "fits"), [("18:00-20:00", False), ("18:00-20:11", True), ("22:00-23:00", False)])
def test_a_window_that_meets_no_shift_is_reported(hours: str, fits: bool) -> None:
    spot = market(hours)
    if fits:
        assert night(spot).tasks
    else:
        assert refused(spot) == (f"hotspot 'm5': the window {hours} never meets any shift",)


def test_a_window_of_another_day_is_reported_with_its_day() -> None:
    yesterday = DatedWindow(at("20:30") - dt.timedelta(days=1), at("21:30") - dt.timedelta(days=1))
    spot = Hotspot("m5", "m5", nearest_places(RING, [place(5)])[0], windows=(yesterday,))
    assert refused(spot) == ("hotspot 'm5': the window 2026-05-07 20:30 to 2026-05-07 21:30 never meets any shift",)


def test_hours_past_midnight_are_open_on_both_sides_of_it() -> None:
    (task,) = night(market("23:00-01:00", dwell_s=60), crews=(crew(start="22:00", end="23:59"),)).tasks
    assert task.windows == ((3600, 10_800),)


def test_decay_is_how_much_each_further_visit_is_worth() -> None:
    assert night(street("s12", visits=2), decay=1.0).tasks[0].worth == (300, 300)
    assert night(street("s12", visits=2), decay=0.1).tasks[0].worth == (300, 30)


def test_stops_split_the_street_and_the_seconds_stay() -> None:
    problem = night(street("s12"), market(point=HALF_WAY))
    network, (segment, spot) = problem.networks["car"], problem.tasks
    assert network.node_count == RING.node_count + 1
    assert network.node_id[spot.node] == -1
    for chain in segment.directions:
        assert list(network.travel_s[list(chain)]) == [30, 30]
        assert list(network.patrol_s[list(chain)]) == [50, 50]
    assert segment.prize == 300
    assert problem.paths_of(0).times.matrix([problem.depots[0][0]], [spot.node]).tolist() == [[30]]
    (way,) = problem.instance.ways(0, 1)
    assert problem.instance.travel(0).seconds[problem.instance.crews[0].depot, way.entry] == 30


def test_two_stops_at_one_place_share_a_node() -> None:
    problem = night(market(point=HALF_WAY), market(point=HALF_WAY, name="other"), crews=(crew(depot=HALF_WAY),))
    assert problem.tasks[0].node == problem.tasks[1].node == problem.depots[0][0]


@pytest.mark.parametrize(("metres", "fits"), [(99.0, True), (101.0, False)])
def test_a_depot_off_the_map_is_named_with_its_distance(metres: float, fits: bool) -> None:
    lon, lat = place(1)
    crews = (crew(depot=(lon, lat - metres / 111_195)), crew("B", depot=(lon, lat - metres / 111_195)))
    if fits:
        assert night(street("s12"), crews=crews).depots[0][0] == 0
    else:
        (said,) = refused(street("s12"), crews=crews)
        assert said.startswith("depot of crew 'A': ")
        assert said.endswith("lies 101 m from the nearest street, more than 100 m")
        assert night(street("s12"), crews=crews, snap_m=102.0).tasks


def test_a_crew_serves_what_its_mode_kinds_and_area_allow() -> None:
    east = shapely.box(place(2)[0] - 0.001, 32, 118, 33)
    crews = (
        crew("A", kinds=frozenset({"street"})),
        crew("B", kinds=frozenset({"night_market"})),
        crew("C", kinds=frozenset({"hotspot"})),
        crew("D", area=east),
    )
    problem = night(street("s12"), street("s35"), market(), crews=crews)
    assert problem.instance.allowed.tolist() == [
        [True, True, False],
        [False, False, True],
        [False, False, True],
        [False, True, True],
    ]


def test_lists_may_be_used_up_as_they_are_read() -> None:
    problem = PatrolProblem(RING, iter([street("s12")]), iter([crew()]))  # type: ignore[arg-type]
    assert (len(problem.tasks), len(problem.crews)) == (1, 1)


def test_a_problem_takes_any_sequence_and_keeps_tuples() -> None:
    problem = PatrolProblem(RING, [street("s12")], [crew()])
    assert (type(problem.demand), type(problem.crews), len(problem.crews)) == (tuple, tuple, 1)
    with pytest.raises(AttributeError):
        problem.crews = ()  # type: ignore[misc]


def test_a_foot_crew_walks_the_foot_network_and_a_car_the_roads() -> None:
    lanes = select_streets(ALLEY, names=["里弄"])
    stall = Hotspot("f", "f", nearest_places(ALLEY, [lonlat(250, 0)])[0], mode="foot", dwell_s=60)
    team = (crew("A"), crew("F", mode="foot", depot=lonlat(0, 0)))
    problem = PatrolProblem({"car": RING, "foot": ALLEY}, [street("s12"), *lanes, stall], team)
    assert problem.instance.allowed.tolist() == [[True, False, False], [False, True, True]]
    assert problem.networks["car"].node_count == RING.node_count
    assert problem.networks["foot"].node_count == ALLEY.node_count + 1
    plan = problem.plan(solution([0], [Visit(2), Visit(1)]))
    assert {violation.rule for violation in audit(plan)} == set()
    assert [task.mode for task in plan.tasks] == ["car", "foot", "foot"]
    assert plan.routes[1].legs[-1].arcs[-1][1] == 1


def test_a_solution_becomes_a_plan_through_the_problems_own_door() -> None:
    problem = night(street("s12"))
    assert problem.plan(Solution.empty(1)).routes[0].legs == ()
    assert repr(problem) == "PatrolProblem(1 tasks, 1 crews, 300 points)"
    assert problem.task_index == {"s12": 0}


def test_seconds_and_moments_are_inverse_and_in_the_problems_time_zone() -> None:
    problem = night(street("s12"), timezone="Europe/Berlin")
    for second in (0, 1, 7200):
        assert problem.seconds(problem.moment(second)) == second
    assert problem.moment(0) == at("20:00")
    assert problem.moment(0).hour == 14


def test_travel_times_are_made_once_for_crews_of_equal_speed() -> None:
    problem = night(street("s12"), crews=(crew("A"), crew("B"), crew("C", speed_factor=0.5)))
    numbers = problem.instance
    assert numbers.travel(0) is numbers.travel(1)
    assert numbers.travel(2) is not numbers.travel(0)
    assert (numbers.travel(2).seconds == 2 * numbers.travel(0).seconds).all()


def test_the_nights_time_zone_is_the_one_that_the_shifts_name() -> None:
    fleet = {"depot": place(1), "start": "20:30", "end": "23:45", "date": "2026-05-08"}
    open_late = market("22:00-04:00", dwell_s=600)
    berlin = PatrolProblem(RING, [open_late], Crew.fleet(1, **fleet, timezone="Europe/Berlin"))
    assert berlin.timezone == "Europe/Berlin"
    assert berlin.tasks[0].starts[0][0][0] == 90 * 60
    assert [one.kind for one in berlin.diagnose().findings] == []
    told = PatrolProblem(RING, [street("s12")], berlin.crews, timezone="Asia/Shanghai")
    (finding,) = (one for one in told.diagnose().findings if one.kind == "time")
    assert "20:30 by its own clock, 02:30 in Asia/Shanghai" in str(finding)
    several = [*berlin.crews, *Crew.fleet(1, **fleet, prefix="B", timezone="Asia/Tokyo")]
    with pytest.raises(ProblemError, match="time zones Europe/Berlin, Asia/Tokyo; say which"):
        PatrolProblem(RING, [open_late], several)
    assert PatrolProblem(RING, [street("s12")], [crew()]).timezone == "Asia/Shanghai"

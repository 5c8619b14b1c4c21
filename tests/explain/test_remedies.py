"""What one more visit takes: overtime to the second, visits that give way, a second crew; tried out each time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.vocabulary import Seconds
from patrolroute.explain.displacement import GivenWay, Search
from patrolroute.explain.insertions import Shortage
from patrolroute.explain.overtime import homewards
from patrolroute.explain.reasons import why_left_out
from patrolroute.explain.slack import drive_of
from patrolroute.plan.records import GiveWay, LeftOut, Overtime
from patrolroute.plan.schedule import schedule
from patrolroute.problem.crew import MAX_SHIFT_S, Break
from patrolroute.problem.evaluate import AT_HOME, EXTRA, Solution, Visit, evaluate, route_times
from patrolroute.problem.instance import Instance
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.task import Task, start_spans
from tests.plan.hand_made import at, place
from tests.problem.nights import crew, grown, market, night, nights, solution, street


def why(problem: PatrolProblem, done: Solution, task: int) -> LeftOut:
    assert evaluate(problem, done).is_feasible
    return why_left_out(problem, done)[task]


def test_overtime_is_what_the_shift_lacks() -> None:
    # s12 takes 100 s and 60 s home. With s41 before or after it: 60 + 100 s more; 320 s of 300.
    problem = night(street("s12"), street("s41"), crews=(crew(end="20:05"),))
    assert why(problem, solution([0]), 1).overtime == Overtime("A", 20)
    assert evaluate(later(problem, 0, 20), solution([0, 1])).is_feasible
    assert not evaluate(later(problem, 0, 19), solution([0, 1])).is_feasible
    assert not evaluate(later(problem, 0, 19), solution([1, 0])).is_feasible


def test_the_crew_with_the_least_overtime_is_named_the_first_on_a_tie() -> None:
    problem = night(street("s12"), street("s41"), crews=(crew("A", end="20:05"), crew("B", end="20:05:10")))
    assert why(problem, solution([0], []), 1).overtime == Overtime("B", 0)
    # s234 takes 200 s from 2 to 4: between s12 and home 360 s in all, before s41 360 s in all.
    tie = night(street("s12"), street("s41"), street("s234"), crews=(crew("A", end="20:05"), crew("B", end="20:05")))
    assert why(tie, solution([0], [1]), 2).overtime == Overtime("A", 60)
    assert why(tie, solution([1], [0]), 2).overtime == Overtime("A", 60)


@pytest.mark.parametrize(("headway_s", "extra_s"), [(0, 160), (160, 160), (161, 161)])
def test_what_is_open_to_the_nights_end_stays_open_in_overtime(headway_s: Seconds, extra_s: Seconds) -> None:
    # At 5 from 20:03 to 20:13, at 1 from 20:16 to 20:26, not a second to spare. The street begins then, at the
    # night's end, and takes 100 s and 60 s home; its headway must pass before the night's new end, too.
    first, second = market("19:00-20:13"), market("20:16-20:26", name="m1", point=place(1))
    problem = night(first, second, street("s12", headway_s=headway_s), crews=(crew(end="20:26"),))
    assert why(problem, solution([0, 1]), 2).overtime == Overtime("A", extra_s)
    for seconds in (extra_s, extra_s - 1):
        longer = later(problem, 0, seconds)
        crews = [replace(problem.crews[0], end=problem.crews[0].end + dt.timedelta(seconds=seconds))]
        assert [task.starts for task in longer.tasks] == [task.starts for task in replace(problem, crews=crews).tasks]
        assert evaluate(longer, solution([0, 1, 2])).is_feasible == (seconds == extra_s)


def test_no_overtime_helps_where_hours_leave_no_gap() -> None:
    # As above, but the market at 1 is wanted twice and the second slice of the street begins too late for the first.
    first, second = market("19:00-20:13"), market("20:16-20:26", name="m1", point=place(1))
    busy = night(first, second, market("20:10-20:25", name="m2", point=place(2)), crews=(crew(end="20:26"),))
    assert why(busy, solution([0, 1]), 2).overtime is None


@pytest.mark.parametrize(("dwell_s", "overtime"), [(420, Overtime("A", MAX_SHIFT_S - 300)), (421, None)])
def test_no_shift_is_made_longer_than_any_may_be(dwell_s: Seconds, overtime: Overtime | None) -> None:
    # Open from 11:50, done by 11:57, home at noon: sixteen hours.
    begin = at("20:00") + dt.timedelta(hours=15)
    day = replace(crew("B", kinds=frozenset({"street"})), start=begin, end=begin + dt.timedelta(hours=2))
    problem = night(street("s12"), market("11:50-12:10", dwell_s=dwell_s), crews=(crew(end="20:05"), day))
    assert why(problem, solution([0], []), 1).overtime == overtime


def test_the_least_worth_that_makes_room_gives_way() -> None:
    # Four minutes: one of the three streets and no more. s41 is worth 100, s12 200.
    problem = night(street("s12", prize=(200,)), street("s41", prize=(100,)), crews=(crew(end="20:04"),))
    assert why(problem, solution([0]), 1).give_way == GiveWay("A", ("s12",), 200)
    assert why(problem, solution([1]), 0).give_way == GiveWay("A", ("s41",), 100)


def test_a_required_task_keeps_its_last_visit_but_not_a_second_one() -> None:
    problem = night(street("s12", required=True), street("s41"), crews=(crew(end="20:04"),))
    assert why(problem, solution([0]), 1).give_way is None
    # Slices of 165 s. Without the first visit: s41 to 160 s, s12 from 220 to 320 s.
    wishes = {"required": True, "visits": 2, "headway_s": 0, "prize": (200,)}
    twice = night(street("s12", **wishes), street("s41"), crews=(crew(end="20:05:30"),))
    done = solution([Visit(0, 0), Visit(0, 1, 1)])
    assert why(twice, done, 1).give_way == GiveWay("A", ("s12",), 100)


def test_a_patrol_that_counts_in_no_slice_gives_way_for_nothing_and_may_begin_at_any_time() -> None:
    # Half an hour early or late, the extra patrol of s12 is none the worse: after it 160 s more for s41.
    problem = night(street("s12", visits=2, headway_s=0), street("s41"), crews=(crew(end="20:06"),))
    done = solution([Visit(0, 0), Visit(0, EXTRA, 1)])
    found = why(problem, done, 1)
    assert found.overtime == Overtime("A", 0)
    busy = night(street("s12", visits=2, headway_s=0), street("s41"), crews=(crew(end="20:05:59"),))
    found = why(busy, done, 1)
    assert found.overtime == Overtime("A", 1)
    assert found.give_way == GiveWay("A", ("s12",), 0)


def test_room_in_the_load_is_made_too() -> None:
    crews = (crew(capacity=3),)
    problem = night(street("s12", load=2), street("s234", load=1, prize=(1,)), street("s41", load=2), crews=crews)
    found = why(problem, solution([0, 1]), 2)
    assert found.overtime is None
    assert found.give_way == GiveWay("A", ("s12",), problem.tasks[0].prize)


def test_what_nobody_may_serve_or_reach_is_helped_by_nothing() -> None:
    problem = night(street("s12"), market(), crews=(crew(kinds=frozenset({"street"})),))
    found = why(problem, solution([0]), 1)
    assert (found.overtime, found.give_way, found.extra_crew) == (None, None, None)


def test_the_extra_crew_is_like_the_nearest_that_could_serve_it() -> None:
    crews = (crew("A", end="20:04"), crew("B", end="20:30", speed_factor=0.5), crew("C", end="20:30"))
    problem = night(street("s12"), market(), crews=crews)
    assert why(problem, solution([0], [], []), 1).extra_crew == "C"
    short = night(street("s12"), market(), crews=(crew("A", end="20:04"),))
    assert why(short, solution([0]), 1).extra_crew is None


@pytest.mark.parametrize(("end", "extra_s"), [("20:20", 60), ("20:21", 0)])
def test_a_break_may_lie_later_when_the_shift_is_longer(end: str, extra_s: Seconds) -> None:
    # The market from 180 to 780 s, home at 960; the break of 300 s anywhere.
    problem = night(street("s12"), market(), crews=(crew(end=end, break_=Break(300)),))
    assert why(problem, Solution.empty(1), 1).overtime == Overtime("A", extra_s)


@settings(max_examples=60, deadline=None)
@given(nights(), st.data())
def test_overtime_is_the_least_of_all_crews_gaps_slices_and_ways(problem: PatrolProblem, data: st.DataObject) -> None:
    done = grown(problem, data)
    for task, found in why_left_out(problem, done).items():
        if found.reason in ("unreachable", "no_crew_allowed"):
            assert found.overtime is None
            continue
        least = [min(overtimes(problem, done, number, task), default=None) for number in range(len(problem.crews))]
        known = [one for one in least if one is not None]
        if found.overtime is None:
            assert not known
        else:
            assert found.overtime.extra_s == min(known)
            assert found.overtime.crew == problem.crews[least.index(min(known))].id


@settings(max_examples=60, deadline=None)
@given(nights(), st.data())
def test_what_gives_way_makes_room_and_none_of_it_goes_in_vain(problem: PatrolProblem, data: st.DataObject) -> None:
    done = grown(problem, data, 8)
    before = evaluate(problem, done)
    for task, found in searched(problem, done).items():
        routes, breaks = list(done.routes), list(done.breaks or (None,) * len(done.routes))
        old, routes[found.crew], breaks[found.crew] = routes[found.crew], found.route, found.break_before
        after = evaluate(problem, Solution(tuple(routes), tuple(breaks)))
        made = sum(visit.task == task for visit in done.visits())
        assert after.is_feasible
        assert after.prize_collected == before.prize_collected - found.worth + problem.tasks[task].worth[made]
        assert after.score.required_missed <= before.score.required_missed
        left = Counter(old[number] for number in found.dropped)
        assert Counter(old) - left + Counter(visit for visit in found.route if visit.task == task) - Counter(
            visit for visit in old if visit.task == task
        ) == Counter(found.route)


@settings(max_examples=60, deadline=None)
@given(nights(), st.data())
def test_no_single_visit_of_less_worth_makes_room_in_its_place(problem: PatrolProblem, data: st.DataObject) -> None:
    done = grown(problem, data, 8)
    found = searched(problem, done)
    counts = Counter(visit.task for visit in done.visits())
    for task, (number, route) in product(short_tasks(problem, done), enumerate(done.routes)):
        for spot, gone in enumerate(route):
            last = counts[gone.task] == 1 and problem.tasks[gone.task].required
            if last or gone.task == task or not problem.instance.is_allowed(number, task):
                continue
            for visit in open_visits(problem, done, task):
                new = (*route[:spot], visit, *route[spot + 1 :])
                if not route_times(problem.instance, number, new, done.break_before(number)).faults:
                    assert found[task].worth <= problem.tasks[gone.task].worth[counts[gone.task] - 1]


@settings(max_examples=40, deadline=None)
@given(nights(), st.data())
def test_one_more_crew_of_that_kind_serves_it(problem: PatrolProblem, data: st.DataObject) -> None:
    done = grown(problem, data)
    for task, found in why_left_out(problem, done).items():
        assert found.extra_crew is None or found.reason == "displaced"
        if found.extra_crew is not None:
            model = next(one for one in problem.crews if one.id == found.extra_crew)
            more = replace(problem, crews=[*problem.crews, replace(model, id="one more")])
            rests = (None,) if model.break_ is None else (0, 1, AT_HOME)
            assert any(
                not route_times(more.instance, len(problem.crews), (visit,), rest).faults
                for visit, rest in product(open_visits(problem, done, task), rests)
            )


@settings(max_examples=40, deadline=None)
@given(nights(), st.data())
def test_the_clock_of_the_gaps_is_the_evaluators(problem: PatrolProblem, data: st.DataObject) -> None:
    done = grown(problem, data)
    for number, route in enumerate(done.routes):
        drive = drive_of(problem, done, number)
        times = route_times(problem.instance, number, route, done.break_before(number))
        visits = [(gap, stop.service_s) for gap, stop in enumerate(drive.stops) if stop.visit is not None]
        ready = drive.whole.ready.tolist()
        assert [ready[gap + 1] - service_s for gap, service_s in visits] == list(times.starts)
        if route:
            assert (drive.whole.ready <= drive.whole.due).all()
            assert all(early <= late for early, late in pairwise(ready))
            home_s = ready[-1] + int(drive.table[drive.whole.place[-1], drive.end_depot])
            assert drive.home_break is not None or home_s == times.end_s
            assert times.end_s == int(homewards(drive)[-1](np.array([home_s]))[0])


def later(problem: PatrolProblem, number: int, seconds: Seconds) -> Instance:
    """Let a crew's shift end later; the slices are as planned, but the last ones last as long as the night."""
    crews = list(problem.crews)
    crews[number] = replace(crews[number], end=crews[number].end + dt.timedelta(seconds=seconds))
    longer = replace(problem, crews=crews)
    tasks = tuple(lasting(task, problem.night[1], longer.night[1]) for task in problem.tasks)
    return replace(longer.instance, tasks=tasks)


def lasting(task: Task, old: Seconds, new: Seconds) -> Task:
    """Let the last slice of a task last to the night's new end, or till it closes, if it lasted to the old one."""
    begin, end = task.slices[-1]
    until = min(new, task.windows[-1][1]) if task.windows else new
    if end != old or until <= old:
        return task
    starts = start_spans((begin, until), task.headway_s, task.windows, task.dwell_s)
    if not task.windows:
        starts = ((task.starts[-1][0][0], starts[0][1]),)
    return replace(task, slices=(*task.slices[:-1], (begin, until)), starts=(*task.starts[:-1], starts))


def overtimes(problem: PatrolProblem, done: Solution, number: int, task: int) -> Iterator[Seconds]:
    """Try every gap, slice and way in the longest shift there is, and add up what each needs of it."""
    if not problem.instance.is_allowed(number, task):
        return
    begin, end = problem.instance.crews[number].shift_s
    longest = later(problem, number, MAX_SHIFT_S - (end - begin))
    route, rest = done.routes[number], done.break_before(number)
    if not route:
        idle = AT_HOME if number in problem.instance.home_rests else 0
        rest = None if problem.crews[number].break_ is None else idle
    for visit, gap in product(open_visits(problem, done, task), range(len(route) + 1)):
        new = (*route[:gap], visit, *route[gap:])
        for one in places_of_break(rest, gap, len(new)):
            times = route_times(longest.instance, number, new, one)
            if not times.faults:
                yield max(0, times.end_s - end, *lags(problem, new, times.starts, end))


def places_of_break(rest: int | None, gap: int, visits: int) -> list[int | None]:
    """Return where a break may stand once a visit was put into a gap; one at home may come at the end of the way."""
    if rest is None:
        return [None]
    if rest == AT_HOME:
        return [AT_HOME, visits, visits - 1] if gap == visits - 1 else [AT_HOME, visits]
    return [rest + 1] if gap < rest else [rest] if gap > rest else [rest, rest + 1]


def lags(problem: PatrolProblem, route: Sequence[Visit], starts: Sequence[Seconds], end: Seconds) -> Iterator[Seconds]:
    """Yield by how much the night must go on for each visit that starts later than planned."""
    for visit, start in zip(route, starts, strict=True):
        task = problem.tasks[visit.task]
        if start > task.starts[visit.slot][-1][1]:
            yield start + task.headway_s - end


def short_tasks(problem: PatrolProblem, done: Solution) -> list[int]:
    counts = Counter(visit.task for visit in done.visits())
    return [index for index, task in enumerate(problem.tasks) if counts[index] < task.visits_wanted]


def open_visits(problem: PatrolProblem, done: Solution, task: int) -> list[Visit]:
    made = {visit.slot for visit in done.visits() if visit.task == task}
    one = problem.tasks[task]
    return [Visit(task, slot, way) for slot in range(one.visits_wanted) if slot not in made for way in range(one.ways)]


def searched(problem: PatrolProblem, done: Solution) -> dict[int, GivenWay]:
    """Return what gives way to each task that is short, as the search finds it."""
    shortage = Shortage.of(problem, done)
    assert list(shortage.tasks) == short_tasks(problem, done)
    search = Search(problem, Counter(visit.task for visit in done.visits()), len(shortage.tasks))
    search.run(shortage.drives, shortage.offers)
    return {shortage.tasks[owner]: found for owner, found in search.found().items()}


def test_with_the_goal_presence_nothing_is_said_to_give_way_and_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    # s12 takes 40 s more than driving through it; then the market and home are ten seconds too much.
    problem = night(street("s12"), market(dwell_s=60), crews=(crew(end="20:07:30"),))
    points = schedule(problem, solution([0])).tasks[1].left_out
    assert points is not None
    assert points.give_way is not None
    monkeypatch.setattr(Search, "run", lambda *_: pytest.fail("displacements are looked for"))
    plan = schedule(problem, solution([Visit(0, EXTRA)]), settings={"goal": "presence"})
    found = plan.tasks[1].left_out
    assert found is not None
    assert (found.reason, found.give_way, found.extra_crew) == ("displaced", None, "A")
    assert found.overtime == Overtime("A", 10)
    assert [one for one in plan.audit() if one.rule == "reason_holds"] == []

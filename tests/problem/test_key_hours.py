"""Key hours on the night's clock, and the tasks that they are for."""

from __future__ import annotations

import pytest

from patrolroute.base.errors import ProblemError
from patrolroute.demand.model import ClockWindow, KeyHours
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from tests.search.grid import crew, market, streets, town

TOWN = town(2)
MARKET = market(TOWN, 1, 100, 0, kind="night_market")


def hours(text: str, weight: float = 2.0, **whom: tuple[str, ...]) -> KeyHours:
    return KeyHours(tuple(map(ClockWindow.parse, text.split(","))), weight, **whom)


def night(*key_hours: KeyHours, **wishes: float) -> PatrolProblem:
    demand = [*streets(TOWN, **wishes), MARKET]
    return PatrolProblem(TOWN, demand, [crew(), crew("P2", end="20:30")], key_hours=key_hours)


def test_they_lie_on_the_night_s_clock_and_hold_for_whom_they_name() -> None:
    problem = night(hours("20:10-20:20,20:50-02:00"), hours("20:15-20:30", 3, names=("s0-1",), kinds=("night_market",)))
    assert [one.spans for one in problem.laid_hours] == [((600, 1200), (3000, 21_600)), ((900, 1800),)]
    assert problem.laid_hours[0].tasks == set(range(5))
    assert problem.laid_hours[1].tasks == {problem.task_index["s0-1"], problem.task_index["m1"]}
    assert problem.hours_of(problem.task_index["m1"]) == (0, 1)
    rates = problem.rates((0, 1))
    assert [int(rates[second]) for second in (0, 600, 900, 1199, 1200, 1799, 1800, 3000, 3599)] == [
        100, 200, 300, 300, 300, 300, 100, 200, 200,
    ]  # fmt: skip


def test_the_plan_says_from_when_to_when_and_for_whom() -> None:
    plan = solve(night(hours("20:10-20:20"), hours("20:15-20:30", 1.5, kinds=("hotspot",))), work_limit=5).plan
    everybody, market_hours = plan.key_hours
    assert (everybody.weight, everybody.tasks, market_hours.weight, market_hours.tasks) == (2.0, None, 1.5, ("m1",))
    assert f"{everybody.windows[0][0]:%H:%M}-{everybody.windows[0][1]:%H:%M}" == "20:10-20:20"
    assert plan.audit() == ()


def test_a_part_of_the_night_keeps_them_and_what_is_promised() -> None:
    problem = night(hours("20:10-20:20"), max_gap_min=30.5)
    part = problem.select(crews=[1])
    assert (part.key_hours, part.laid_hours) == (problem.key_hours, problem.laid_hours)
    assert [task.longest_gap_s for task in part.tasks] == [1830] * 4 + [None]


def test_hours_names_and_kinds_that_mean_nothing_are_told_together() -> None:
    with pytest.raises(ProblemError) as error:
        night(hours("20:10-20:20"), hours("03:00-04:00", names=("s0-9",), kinds=("nightmarket",)))
    assert tuple(item.sentence for item in error.value.items) == (
        "key_hours[2]: the hours 03:00-04:00 never meet any shift",
        "key_hours[2]: 's0-9' is no task, hotspot or street of the night; did you mean s0-2, s0-1, s2-3?",
        "key_hours[2]: kind 'nightmarket' is none of the night's; there are street, hotspot, night_market",
    )


def test_what_is_no_key_hours_is_refused() -> None:
    for wrong, rule in ((("22:00-23:00",), "key_hours 1 is a str"), ("22:00", "key_hours is a str"),
                        (iter([3]), "key_hours 1 is a int")):  # fmt: skip
        with pytest.raises(ProblemError, match=rule):
            PatrolProblem(TOWN, [MARKET], [crew()], key_hours=wrong)  # type: ignore[arg-type]

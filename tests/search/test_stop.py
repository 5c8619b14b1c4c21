"""Stop rules: each alone, all together, and limits that are none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from patrolroute.base.errors import ProblemError
from patrolroute.problem.evaluate import Score
from patrolroute.search.prepare import tiny_night
from patrolroute.search.solve import solve
from patrolroute.search.stopping import (
    FIRST_SLICE,
    SLICE_S,
    UNLIMITED,
    Asked,
    NoImprovement,
    Progress,
    SliceTimer,
    TimeLimit,
    WorkLimit,
    ask,
    stop_rules,
)

NONE: dict[str, Any] = {"time_limit": None, "work_limit": None, "no_improvement": None, "callback": None}


def after(work: int = 0, seconds: float = 0.0, last: int = 0) -> Progress:
    return Progress(work, seconds, Score(0, 0, 0, 0), last_improvement=last)


@pytest.mark.parametrize(("work", "room"), [(0, 100), (99, 1), (100, 0), (101, 0)])
def test_a_work_limit_leaves_room_up_to_itself(work: int, room: int) -> None:
    assert WorkLimit(100).room(after(work)) == room


@pytest.mark.parametrize(("seconds", "room"), [(0.0, None), (1.99, None), (2.0, 0), (9.0, 0)])
def test_a_time_limit_stops_once_it_is_reached(seconds: float, room: int | None) -> None:
    assert TimeLimit(2).room(after(seconds=seconds)) == room


@pytest.mark.parametrize(("work", "last", "room"), [(0, 0, 50), (49, 0, 1), (50, 0, 0), (50, 1, 1), (120, 100, 30)])
def test_no_improvement_counts_from_the_last_one(work: int, last: int, room: int) -> None:
    assert NoImprovement(50).room(after(work, last=last)) == room


@pytest.mark.parametrize("answer", [None, False, 0, np.bool_(False), ""])
def test_a_callback_that_says_nothing_goes_on(answer: object) -> None:
    assert Asked(lambda _: answer).room(after()) is None


@pytest.mark.parametrize("answer", [True, 1, np.bool_(True)])
def test_a_callback_stops_by_anything_true(answer: object) -> None:
    assert Asked(lambda _: answer).room(after()) == 0


def test_the_first_rule_that_stops_gives_the_word_and_the_tightest_gives_the_room() -> None:
    rules = [WorkLimit(100), NoImprovement(30), TimeLimit(5)]
    assert ask(rules, after(10)) == (None, 20)
    assert ask(rules, after(90, last=85)) == (None, 10)
    assert ask(rules, after(100, seconds=9, last=85)) == ("work_limit", 0)
    assert ask(rules, after(40, seconds=9)) == ("no_improvement", 0)
    assert ask(rules, after(10, seconds=9)) == ("time_limit", 0)
    assert ask([TimeLimit(5)], after()) == (None, UNLIMITED)


def test_every_rule_is_asked_even_when_an_earlier_one_stops() -> None:
    seen: list[Progress] = []
    rules = stop_rules(**NONE | {"work_limit": 3, "callback": seen.append})
    assert ask(rules, after(3)) == ("work_limit", 0)
    assert seen == [after(3)]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"time_limit": -1}, "solve: time_limit -1 is not at least 0"),
        ({"time_limit": -0.001}, "solve: time_limit -0.001 is not at least 0"),
        ({"time_limit": math.nan}, "solve: time_limit nan is not at least 0"),
        ({"time_limit": "5"}, "solve: time_limit '5' is not a number"),
        ({"work_limit": -1}, "solve: work_limit -1 is not at least 0"),
        ({"work_limit": 10**400}, f"solve: work_limit 1{'0' * 38}… is more than 1000000000000000"),
        ({"no_improvement": 10**16}, "solve: no_improvement 10000000000000000 is more than 1000000000000000"),
        ({"work_limit": 2.5}, "solve: work_limit 2.5 is not a whole number"),
        ({"work_limit": True}, "solve: work_limit True is not a whole number"),
        ({"no_improvement": 0}, "solve: no_improvement 0 is not at least 1"),
        ({"no_improvement": 1e3}, "solve: no_improvement 1000.0 is not a whole number"),
    ],
)
def test_a_limit_that_is_none_is_refused_in_a_sentence(limits: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ProblemError) as raised:
        stop_rules(**NONE | limits)
    assert sentence in str(raised.value)


def test_all_bad_limits_are_told_together() -> None:
    with pytest.raises(ProblemError) as raised:
        stop_rules(**NONE | {"time_limit": -1, "work_limit": -2, "no_improvement": -3})
    assert [word in str(raised.value) for word in ("time_limit -1", "work_limit -2", "no_improvement -3")] == [True] * 3


@pytest.mark.parametrize(
    "limits", [{"time_limit": 0}, {"time_limit": math.inf}, {"work_limit": 0}, {"no_improvement": 1}]
)
def test_the_least_limits_are_accepted(limits: dict[str, Any]) -> None:
    assert len(stop_rules(**NONE | limits)) == 1


async def awaited(_: Progress) -> bool:
    return False


class Awaited:
    async def __call__(self, _: Progress) -> bool:
        return False


@pytest.mark.parametrize(("callback", "name"), [(awaited, "awaited"), (Awaited(), "Awaited")])
def test_an_async_callback_is_refused_for_nobody_would_wait_for_its_answer(callback: Any, name: str) -> None:
    with pytest.raises(ProblemError, match=f"^solve: callback '{name}' is async") as refused:
        stop_rules(**NONE | {"callback": callback})
    assert len(refused.value.complaints) == 1
    with pytest.raises(ProblemError, match="is async"):
        solve(tiny_night(), callback=callback)


def test_a_callback_that_cannot_be_called_is_refused_with_all_other_complaints() -> None:
    with pytest.raises(ProblemError) as refused:
        stop_rules(**NONE | {"callback": "tell me", "work_limit": -1})
    assert refused.value.complaints == (
        "solve: work_limit -1 is not at least 0", "solve: callback 'tell me' cannot be called",
    )  # fmt: skip


class SlowMachine:
    """A clock that only work moves, some seconds for each iteration."""

    def __init__(self, seconds_each: float) -> None:
        self.now, self.seconds_each, self.slices = 0.0, seconds_each, list[int]()

    def perf_counter(self) -> float:
        return self.now

    def go_on(self, iterations: int) -> None:
        self.slices.append(iterations)
        self.now += iterations * self.seconds_each


@pytest.mark.parametrize("seconds_each", [1e-6, 1e-4, 0.003, 0.5])
def test_slices_settle_at_what_the_pace_asks_for(monkeypatch: pytest.MonkeyPatch, seconds_each: float) -> None:
    machine, timer = SlowMachine(seconds_each), SliceTimer()
    monkeypatch.setattr("patrolroute.search.stopping.time", machine)
    for _ in range(40):
        timer.run(machine.go_on, UNLIMITED)
    assert machine.slices[0] == FIRST_SLICE
    assert machine.slices[-1] == pytest.approx(max(1, SLICE_S / seconds_each), rel=0.1)
    assert max(machine.slices[1:]) * seconds_each < 2 * SLICE_S or machine.slices[-1] == 1


def test_a_short_last_slice_does_not_mislead_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    machine, timer = SlowMachine(0.001), SliceTimer()
    monkeypatch.setattr("patrolroute.search.stopping.time", machine)
    for room in (UNLIMITED, UNLIMITED, UNLIMITED, 1, 0, UNLIMITED):
        timer.run(machine.go_on, room)
    assert machine.slices == [16, 32, 64, 1, 0, 100]

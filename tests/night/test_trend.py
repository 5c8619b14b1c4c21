"""What a plan says of a search that was stopped: why, whether it still rose, what another minute may bring."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrolroute.base.vocabulary import LANGS
from patrolroute.night.run import NightRun, read_night
from patrolroute.night.trend import Watch, can_be_told, carried_on
from patrolroute.output.summary import summary
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import PlannedHours
from patrolroute.problem.evaluate import Score
from patrolroute.search.solve import Result
from patrolroute.search.stopping import Progress, StoppedBy
from tests.night.nights import written
from tests.output.plans import drawn_plan


@dataclass(frozen=True)
class Found:
    """As much of a result as is looked at."""

    stopped_by: StoppedBy
    seconds: float
    plan: PatrolPlan


def facts(shares: list[float], stopped_by: StoppedBy = "time_limit", *, every_s: float = 1.0) -> Any:
    """Return what a search says that was seen so much at every step."""
    watch, plan = Watch(100, None), drawn_plan()
    plan = replace(plan, objective=replace(plan.objective, goal="presence"))
    for step, share in enumerate(shares):
        watch(Progress(step, step * every_s, Score(0, 0, 0, 0), seen=share, phase="presence"))
    found: Any = Found(stopped_by, (len(shares) - 1) * every_s, plan)
    return watch.facts(found)


def test_a_search_that_levels_off_tells_its_last_quarter_and_carries_it_on() -> None:
    # At 0, 2, 4, 6, 8 s: the last two quarters bring 0.04 and 0.02, half of it each time; 30 quarters more 0.02.
    told = facts([0.3, 0.4, 0.5, 0.51, 0.54, 0.55, 0.58, 0.59, 0.6])
    assert told["rose"] == [0.58, 0.6]
    assert told["rose_s"] == 2.0
    assert told["seconds"] == 8.0
    assert told["a_minute_more"] == pytest.approx(0.02, abs=1e-5)


def test_a_search_that_rises_steadily_is_not_carried_on() -> None:
    told = facts([0.1 * step for step in range(9)])
    assert told["rose"] == [0.6, 0.8]
    assert "a_minute_more" not in told


def test_a_search_that_does_not_rise_any_more_says_so() -> None:
    told = facts([0.3, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    assert told["rose"] == [0.5, 0.5]
    assert "a_minute_more" not in told


def test_a_short_search_tells_no_trend_and_one_that_came_to_its_end_nothing() -> None:
    assert facts([0.1, 0.2, 0.3, 0.4], every_s=1.0) == {"stopped_by": "time_limit", "seconds": 3.0}
    assert facts([0.1, 0.2, 0.3, 0.4, 0.5], "no_improvement") == {}


def test_a_search_stopped_by_its_work_tells_no_seconds_for_it_repeats_exactly() -> None:
    assert facts([0.1, 0.2, 0.3, 0.4, 0.5], "work_limit") == {"stopped_by": "work_limit"}


@given(st.floats(1e-6, 1), st.floats(1e-6, 1), st.floats(0.1, 1000))
def test_what_is_carried_on_is_never_more_than_as_many_steps_like_the_last(
    before: float, latest: float, steps: float
) -> None:
    more = carried_on(before, latest, steps)
    assert more is None or 0 <= more <= latest * max(1.0, steps) + 1e-12


def test_the_progress_is_handed_on_and_what_it_answers_comes_back() -> None:
    told: list[Progress] = []

    def callback(progress: Progress) -> bool:
        told.append(progress)
        return True

    progress = Progress(1, 1.0, Score(0, 50, 0, 0))
    assert Watch(100, callback)(progress) is True
    assert told == [progress]


def test_a_callback_that_is_none_is_left_to_the_solver() -> None:
    async def later(_: Progress) -> None: ...

    assert can_be_told(None)
    assert can_be_told(print)
    assert not can_be_told(later)
    assert not can_be_told(3)


def with_search(**search: Any) -> PatrolPlan:
    """Return a plan that says how its search stopped."""
    plan = drawn_plan()
    return replace(plan, settings={**plan.settings, "search": search})


def test_the_summary_says_in_words_that_the_search_was_stopped_and_still_rose() -> None:
    plan = with_search(stopped_by="time_limit", seconds=8.0, rose=[0.58, 0.6], rose_s=2.0, a_minute_more=0.02)
    assert (
        "到计算时间上限停止；最后 2 秒完成的分值提高了 2.0 个百分点，还在提高，延长计算时间多半会更好；"
        "照最近的势头估计，再算 1 分钟可再提高约 2.0 个百分点"
    ) in summary(plan, "zh").splitlines()
    assert "another minute may bring about 2.0 points" in summary(plan, "en")


def test_the_summary_says_that_more_time_may_find_nothing_and_no_more_than_it_knows() -> None:
    flat = summary(with_search(stopped_by="time_limit", seconds=8.0, rose=[0.6, 0.6], rose_s=2.0), "zh")
    assert "最后 2 秒完成的分值没有提高，延长计算时间未必更好" in flat
    assert "到计算步数上限停止" in summary(with_search(stopped_by="work_limit"), "zh").splitlines()
    for odd in ({}, {"stopped_by": "magic"}, {"stopped_by": ["time_limit"]}):
        assert "停止" not in summary(with_search(**odd), "zh")


@pytest.mark.parametrize("is_weighed", [False, True])
def test_a_summary_says_one_figure_of_what_is_seen(*, is_weighed: bool) -> None:
    plan = with_search(stopped_by="time_limit", seconds=8.0, rose=[0.58, 0.612], rose_s=2.0)
    seen, hours = plan.metrics["sighting_probability"], (PlannedHours((plan.window,), 3.0),) if is_weighed else ()
    plan = replace(plan, objective=replace(plan.objective, goal="presence", seen=seen), key_hours=hours)
    of_streets = re.compile(r"级）见警率|\(priority \d\)")
    for lang in LANGS:
        lines = [line for line in summary(plan, lang).splitlines() if re.search("见警率|[Ss]ighting probability", line)]
        figures = {found for line in lines if not of_streets.search(line) for found in re.findall(r"[\d.]+ %", line)}
        assert figures == {f"{100 * (seen or 0):.1f} %"}
        assert ("加权" in " ".join(lines)) == (lang == "zh" and is_weighed)


def test_a_night_that_is_solved_keeps_why_its_search_stopped(tmp_path: Path) -> None:
    path = written(tmp_path, solve={"work_limit": 5, "seed": 1, "goal": "points"})
    result: Result = NightRun(read_night(path), tmp_path).solve()
    assert result.plan.settings["search"] == {"stopped_by": "work_limit"}
    timed = NightRun(read_night(path), tmp_path).solve(time_limit=0.5, work_limit=None)
    assert timed.plan.settings["search"]["stopped_by"] == "time_limit"

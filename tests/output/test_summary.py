"""The summary says what is covered, what is missed and why, in Chinese or English."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patrolroute.base.text import label
from patrolroute.base.vocabulary import LANGS, REASONS
from patrolroute.metrics import METRICS
from patrolroute.output.summary import MOST, summary
from patrolroute.plan.records import LeftOut
from patrolroute.proof.bound import METHOD
from tests.output.plans import NOTICE, drawn_plan, resting_plan
from tests.plan.hand_made import at, street, with_objective, with_route, with_task


def test_chinese_words_for_a_planner() -> None:
    text = summary(drawn_plan(), "zh")
    assert "2026年5月8日 20:00–22:00（Asia/Shanghai），2 个车组" in text
    assert "必巡任务：1 / 1 项完成" in text
    assert "巡逻次数：4 / 5；完成分 2650 / 2750（96.4%）" in text
    assert "A  20:00-20:23  4.0 公里  巡逻 5 分  驻点 10 分  途中 5 分  备勤 3 分" in text
    assert "s41（1-4/3-4 → 1-2/1-4）  0/1  因时间不够未安排；再巡一次至少占用一个车组 1 分钟" in text


def test_a_night_on_which_nothing_is_required_says_so() -> None:
    plan = drawn_plan()
    for task in plan.tasks:
        plan = with_task(plan, task.id, required=False)
    assert "没有必巡任务\n巡逻次数" in summary(plan, "zh")
    assert "No task is required\nVisits" in summary(plan, "en")


def test_a_break_is_said_with_its_hours() -> None:
    assert "驻点 10 分  途中 5 分  休息 20:07-20:10" in summary(resting_plan(), "zh")
    assert "dwell 10 min  deadhead 5 min  break 20:07-20:10" in summary(resting_plan(), "en")
    assert "休息" not in summary(drawn_plan(), "zh")


def test_english_words_for_a_planner() -> None:
    text = summary(drawn_plan(), "en")
    assert "Required tasks: 1 of 1 served" in text
    assert "s41 (1-4/3-4 → 1-2/1-4)  0/1  it gave way to other tasks; one more visit takes at least 1 min of" in text


def test_what_no_plan_can_fall_below_is_said_beside_the_worst_idleness() -> None:
    plan = with_objective(drawn_plan(), idleness_bound_s=3000)
    worst = plan.metrics["idleness_worst_weighted_s"] / 60
    told = f"按级别折算的最长空档：{worst:.1f} 分钟（5 级道路空 10 分钟折算为 50 分钟）；任何方案不短于 50.0 分钟\n"
    assert told in summary(plan, "zh")
    said = f"worst idleness by priority (priority times minutes): {worst:.1f} min; no plan is below 50.0 min\n"
    assert said in summary(plan, "en")
    assert "priority times minutes" not in summary(drawn_plan(), "en")


def test_one_crew_and_one_task_are_said_in_the_singular() -> None:
    plan = drawn_plan()
    assert ", 2 crews\n" in summary(plan, "en")
    assert "1 task is short of its visits:\n" in summary(plan, "en")
    assert ", 1 crew\n" in summary(replace(plan, crews=plan.crews[:1], routes=plan.routes[:1]), "en")


@pytest.mark.parametrize("lang", LANGS)
def test_the_notice_and_whose_data_it_is_are_said(lang: str) -> None:
    text = summary(drawn_plan(), lang)  # type: ignore[arg-type]
    assert NOTICE in text
    assert text.endswith("drawn")


def test_a_missed_required_task_is_said_first_and_marked() -> None:
    plan = with_task(drawn_plan(), "s41", required=True)
    plan = with_objective(plan, required_missed=1)
    assert "必巡任务：1 / 2 项完成，缺 1 项！" in summary(plan, "zh")
    assert "[必巡] s41（1-4/3-4 → 1-2/1-4）  0/1" in summary(plan, "zh")
    assert "1 MISSED" in summary(plan, "en")


def test_many_tasks_left_out_are_cut_short_but_counted() -> None:
    plan = drawn_plan()
    more = tuple(
        street(f"x{n}", 100, (4, 1), visits_done=0, left_out=LeftOut("over_budget", None, "")) for n in range(MOST)
    )
    text = summary(replace(plan, tasks=plan.tasks + more), "zh")
    assert f"未完成要求次数的任务 {MOST + 1} 项，最重要的 {MOST} 项：" in text
    assert "另有 1 项，共 100 分，见 left_out.csv" in text
    assert "and 1 more, 100 points in all: see left_out.csv" in summary(replace(plan, tasks=plan.tasks + more), "en")


def test_when_everything_is_done_it_says_so() -> None:
    plan = drawn_plan()
    done = replace(plan, tasks=plan.tasks[:3])
    assert "所有任务的要求次数均已完成。" in summary(done, "zh")
    assert "Every wanted visit is made." in summary(done, "en")


def test_every_reason_has_words_in_both_languages() -> None:
    for reason in REASONS:
        plan = with_task(drawn_plan(), "s41", left_out=LeftOut(reason, 40, ""))
        chinese, english = summary(plan, "zh"), summary(plan, "en")
        assert f"s41（1-4/3-4 → 1-2/1-4）  0/1  {label(reason, 'zh')}；" in chinese
        assert f"s41 (1-4/3-4 → 1-2/1-4)  0/1  {label(reason, 'en')}; " in english
        assert label(reason, "zh") != label(reason, "en") != reason


def test_what_no_time_but_a_fuller_crew_keeps_out_is_said_so() -> None:
    plan = with_task(drawn_plan(), "s41", left_out=LeftOut("displaced", None, ""))
    assert "s41（1-4/3-4 → 1-2/1-4）  0/1  因载荷不够未安排" in summary(plan, "zh")
    assert "s41 (1-4/3-4 → 1-2/1-4)  0/1  its load gave way to other tasks" in summary(plan, "en")


def test_what_is_closed_tonight_and_the_nights_name_are_said() -> None:
    plan = replace(drawn_plan(), settings={"night": "5月8日", "closed": ["学院路"]})
    assert summary(plan, "zh").startswith("夜巡方案  5月8日\n")
    assert "今晚封闭：学院路" in summary(plan, "zh")
    assert "Closed tonight: 学院路" in summary(plan, "en")


def test_every_measure_has_words_for_its_unit() -> None:
    for metric in METRICS.values():
        for lang in LANGS:
            assert metric.said(1.0, lang)[0].isdigit()


def test_how_a_bound_is_known_is_said_in_the_reader_s_language() -> None:
    plan = with_objective(drawn_plan(), upper_bound=2650, bound_method=METHOD)
    assert METHOD in summary(plan, "en")
    said = next(line for line in summary(plan, "zh").splitlines() if "2650" in line)
    assert not any(letter.isascii() and letter.isalpha() for letter in said)
    foreign = with_objective(drawn_plan(), upper_bound=2650, bound_method="by hand")
    assert "by hand" in summary(foreign, "zh")


def test_how_many_visits_of_required_tasks_are_made_stands_beside_them() -> None:
    plan = drawn_plan()
    (required,) = [task for task in plan.tasks if task.required]
    said = f"Required tasks: 1 of 1 served; {required.visits_done} of their {required.visits_wanted} visits made"
    assert said in summary(plan, "en")
    assert f"；要求巡 {required.visits_wanted} 次，已巡 {required.visits_done} 次" in summary(plan, "zh")


def test_required_streets_that_are_closed_tonight_are_named() -> None:
    plan = drawn_plan()
    plan = replace(plan, settings={**plan.settings, "closed": ["学院路"], "closed_required": ["学院路"]})
    assert "今晚封闭：学院路\n其中必巡路段封闭，巡不到：学院路" in summary(plan, "zh")
    assert "Required, but closed: 学院路" in summary(plan, "en")


def test_crews_of_presence_are_said_to_be_out_all_shift_only_where_they_are() -> None:
    plan = with_objective(drawn_plan(), goal="presence", seen=0.25)
    # Shifts end at 22:00; A is home at 20:23 after a wait of 3 minutes, B at 21:02:08 after one of an hour.
    told = "2 个车组提前收班共 155 分钟，最多 97 分钟，1 个车组备勤 60 分钟"
    assert f"目标：见警率（必巡都已安排，1 项未达要求次数，{told}）" in summary(plan, "zh")
    told = "2 crews are home early, 155 min in all, 97 min at most, 1 crew waits 60 min"
    fits = "all that is required is served; tasks short of their visits: 1"
    assert f"Goal: presence ({fits}; {told})" in summary(plan, "en")
    for number, route in enumerate(plan.routes):
        legs = tuple(leg for leg in route.legs if leg.kind != "wait")
        plan = with_route(plan, number, legs=legs, end=at("21:54"))
    assert "全班次都在重点道路上巡逻，不停车备勤" in summary(plan, "zh")
    assert "crews are out all shift, and nobody waits for a street" in summary(plan, "en")
    home = with_route(plan, 0, legs=(), end=plan.routes[0].start)
    assert "目标：见警率（必巡都已安排，1 项未达要求次数，1 个车组未出车）" in summary(home, "zh")
    assert "1 个车组提前收班 7 分钟" in summary(with_route(plan, 0, end=at("21:53")), "zh")


def test_what_is_asked_for_is_said_to_fit_only_where_nothing_is_missed_or_broken_and_somebody_is_out() -> None:
    plan = with_objective(drawn_plan(), goal="presence", seen=0.25)
    told = {lang: summary(plan, lang) for lang in LANGS}
    assert "必巡都已安排，1 项未达要求次数" in told["zh"]
    assert "all that is required is served; tasks short of their visits: 1" in told["en"]
    done = replace(plan, tasks=tuple(replace(task, visits_done=task.visits_wanted) for task in plan.tasks))
    assert "（任务排得下，" in summary(done, "zh")
    assert "(what is asked for fits; " in summary(done, "en")
    missed = with_objective(plan, required_missed=3)
    assert "目标：见警率（必巡缺 3 项，2 个车组提前收班" in summary(missed, "zh")
    assert "Goal: presence (required tasks missed: 3; 2 crews are home early" in summary(missed, "en")
    promised = with_objective(with_task(plan, "s12", max_gap_s=600), required_missed=1)
    assert "目标：见警率（1 段路的巡逻空档超过承诺，2 个车组" in summary(promised, "zh")
    assert "Goal: presence (promised gaps broken: 1; 2 crews" in summary(promised, "en")
    for number, route in enumerate(plan.routes):
        plan = with_route(plan, number, legs=(), end=route.start)
    idle = with_objective(plan, required_missed=1)
    assert "目标：见警率（必巡缺 1 项，没有车组出车）" in summary(idle, "zh")
    assert "Goal: presence (no crew leaves its depot)" in summary(plan, "en")
    assert "fits" not in summary(idle, "en")

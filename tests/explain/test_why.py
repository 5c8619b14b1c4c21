"""Why a visit is missing and what it takes, which required tasks conflict: sentences as a planner would say them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patrolroute.output.reasons import MOST_NAMED, why
from patrolroute.output.summary import summary
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Conflict, GiveWay, LeftOut, Overtime
from tests.output.plans import drawn_plan
from tests.plan.hand_made import at, street, with_objective, with_route, with_task

MORE = GiveWay("B", ("s12", "m5", "s12"), 120)


def said(left_out: LeftOut | None) -> tuple[str, str]:
    plan = with_task(drawn_plan(), "s41", left_out=left_out)
    return why(plan, plan.task["s41"], "zh"), why(plan, plan.task["s41"], "en")


def test_overtime_what_gives_way_and_one_more_crew_are_said_in_this_order() -> None:
    chinese, english = said(LeftOut("displaced", 40, "", Overtime("市局3组", 341), MORE, "A"))
    assert chinese == (
        "因时间不够未安排；市局3组 加班 6 分钟即可巡到；或由 B 放弃 s12（2 次）、m5（少得 120 分，多得 100 分）；"
        "或增派 1 个与 A 相同的车组"
    )
    assert english == (
        "it gave way to other tasks; 市局3组 can do it with 6 min of overtime; "
        "or B gives up s12 (2 visits) and m5 (at a cost of 120, for a gain of 100 points); or add one more crew like A"
    )


def test_of_a_crew_that_is_home_early_it_is_said_that_its_spare_time_does_not_suffice() -> None:
    assert said(LeftOut("displaced", 6000, "", Overtime("A", 61))) == (
        "因时间不够未安排；A 收班前空余的 97 分钟不够，再加班 2 分钟即可巡到",
        "it gave way to other tasks; A can do it with 2 min of overtime beyond the 97 min that it has left",
    )
    plan = with_route(drawn_plan(), 0, end=at("21:59:01"))
    left_out = LeftOut("displaced", 6000, "", Overtime("A", 61))
    assert why(plan, replace(plan.task["s41"], left_out=left_out)) == "因时间不够未安排；A 加班 2 分钟即可巡到"


def test_each_of_them_alone() -> None:
    assert said(None) == ("", "")
    assert said(LeftOut("unreachable", None, "")) == ("道路不通", "no way leads there and back")
    assert said(LeftOut("displaced", 61, "", extra_crew="A")) == (
        "因时间不够未安排；再巡一次至少占用一个车组 2 分钟；增派 1 个与 A 相同的车组",
        "it gave way to other tasks; one more visit takes at least 2 min of a crew's time; add one more crew like A",
    )
    assert said(LeftOut("displaced", 61, "", Overtime("A", 0), extra_crew="A")) == (
        "因时间不够未安排；A 的时间仍够巡到",
        "it gave way to other tasks; A can do it in the time that it has",
    )
    assert said(LeftOut("displaced", None, "", give_way=GiveWay("B", ("m5",), 1))) == (
        "因载荷不够未安排；由 B 放弃 m5（少得 1 分，多得 100 分）",
        "its load gave way to other tasks; B gives up m5 (at a cost of 1, for a gain of 100 points)",
    )


@pytest.mark.parametrize(("many", "chinese", "english"), [
    (3, "x0、x1、x2（", "x0, x1 and x2 ("),
    (4, "x0、x1、x2 及另 1 次巡逻（", "x0, x1, x2 and 1 more visit ("),
    (5, "x0、x1、x2 及另 2 次巡逻（", "x0, x1, x2 and 2 more visits ("),
])  # fmt: skip
def test_a_long_list_is_counted(many: int, chinese: str, english: str) -> None:
    found = said(LeftOut("displaced", 40, "", give_way=GiveWay("B", tuple(f"x{n}" for n in range(many)), 9)))
    assert chinese in found[0]
    assert english in found[1]


def missing(*conflicts: Conflict) -> tuple[str, str]:
    plan = with_objective(replace(drawn_plan(), conflicts=conflicts), required_missed=1)
    return summary(plan, "zh"), summary(plan, "en")


def test_what_conflicts_is_said_with_what_is_proven() -> None:
    chinese, english = missing(Conflict(("s12", "s234", "m5"), 2, proven=True, smallest=True))
    assert "必巡任务不能全部完成：s12、s234、m5 这 3 项互相冲突，任何方案最多完成其中 2 项（已证明）" in chinese
    assert (
        "The required tasks cannot all be served: s12, s234 and m5 conflict; no plan serves more than 2 of these 3 "
        "(proven)"
    ) in english


def test_what_was_only_not_found_is_not_called_impossible() -> None:
    chinese, english = missing(Conflict(("s12", "s234", "m5"), 1, proven=False, smallest=False))
    assert "必巡任务未能全部完成：s12、s234、m5 这 3 项，搜索到的方案最多完成其中 1 项（未证明不可能）" in chinese
    assert (
        "No plan was found that serves all required tasks: of s12, s234 and m5 it was at most 1 of these 3 (not proven"
    ) in english


def test_those_that_nobody_can_serve_alone_are_one_sentence() -> None:
    chinese, english = missing(*(Conflict((one,), 0, proven=True, smallest=True) for one in ("s12", "m5")))
    assert "必巡任务不能全部完成：s12、m5 任何车组都无法完成（已证明）" in chinese
    assert "The required tasks cannot all be served: no crew can serve s12 and m5, even alone (proven)" in english


def test_where_all_can_be_served_it_says_so_and_where_nobody_looked_nothing() -> None:
    chinese, english = missing()
    assert "只求必巡任务时可以全部完成：延长求解时间后再试" in chinese
    assert "Without the other tasks all required ones can be served: let it solve for longer" in english
    unasked = with_objective(drawn_plan(), required_missed=1)
    assert "只求必巡任务" not in summary(unasked, "zh")
    served = replace(drawn_plan(), conflicts=(Conflict(("s12",), 0, proven=True, smallest=True),))
    assert "已证明" not in summary(served, "zh")


def conflicting(sections: int, names: int = 1) -> str:
    """Return the conflict of so many sections of so many streets."""
    parts = tuple(replace(street(f"x{n}", 100, (4, 1)), name=f"学院{n % names}路") for n in range(sections))
    plan: PatrolPlan = with_objective(drawn_plan(), required_missed=1)
    conflict = Conflict(tuple(one.id for one in parts), sections - 1, proven=True, smallest=False)
    return summary(replace(plan, tasks=plan.tasks + parts, conflicts=(conflict,)), "zh")


def test_few_sections_of_one_street_are_told_apart_and_many_are_counted() -> None:
    assert "学院0路（x0）、学院0路（x1） 这 2 项互相冲突" in conflicting(2)
    assert f"：学院0路（{MOST_NAMED + 1} 段） 这 {MOST_NAMED + 1} 项互相冲突" in conflicting(MOST_NAMED + 1)
    many = conflicting(MOST_NAMED + 2, MOST_NAMED + 1)
    assert "：学院0路（2 段）、学院1路、" in many
    assert f"、学院{MOST_NAMED - 1}路 等 {MOST_NAMED + 1} 条路段或场所 这 {MOST_NAMED + 2} 项互相冲突" in many

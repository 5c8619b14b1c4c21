"""A required street that is passed as often as wanted, but never patrolled, is missed, and everybody says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patrolroute.base.vocabulary import Lang
from patrolroute.metrics import measure
from patrolroute.output.looks.scene import Scene
from patrolroute.output.sheets import commander_html
from patrolroute.output.summary import summary
from patrolroute.output.tables import left_out_csv
from patrolroute.output.web.facts import _left_out
from patrolroute.plan.model import PatrolPlan
from patrolroute.plan.records import Conflict
from patrolroute.plan.seen import missed_required, presence_score, unfinished
from tests.plan.hand_made import seen_plan, with_objective, with_task

WORDS: dict[Lang, str] = {"zh": "仅以正常车速经过，未巡逻", "en": "only passed, and not patrolled"}


def passed_only(*, conflicts: tuple[Conflict, ...] | None = None) -> PatrolPlan:
    """Return the night for presence with the street required that crew A only passes on its way home."""
    plan = replace(with_task(seen_plan(), "s41", required=True), conflicts=conflicts)
    score = presence_score(plan)
    return with_objective(plan, required_missed=score.required_missed, levels=tuple(score))


def test_it_is_missed_although_its_visit_counts() -> None:
    plan = passed_only()
    assert plan.task["s41"].visits_done == plan.task["s41"].visits_wanted == 1
    assert [task.id for task in missed_required(plan)] == ["s41"]
    assert [task.id for task in unfinished(plan)] == ["s41"]
    assert [found.rule for found in plan.audit()] == ["required_served"]
    assert unfinished(seen_plan()) == ()


def test_its_share_of_what_is_required_is_not_served() -> None:
    assert measure(passed_only())["required_served"] == pytest.approx(1 / 2)
    assert measure(seen_plan())["required_served"] == 1


@pytest.mark.parametrize("proven", [True, False])
def test_that_nobody_can_serve_it_is_no_contradiction(proven: bool) -> None:
    plan = passed_only(conflicts=(Conflict(("s41",), 0, proven=proven, smallest=True),))
    assert [found.rule for found in plan.audit()] == ["required_served"]
    served = replace(plan, conflicts=(Conflict(("s12",), 0, proven=proven, smallest=True),))
    assert "conflicts_hold" in [found.rule for found in served.audit()]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_summary_table_and_commanders_sheet_name_it_with_the_reason(lang: Lang) -> None:
    plan = passed_only()
    told = summary(plan, lang), left_out_csv(plan, lang).decode("utf-8-sig"), commander_html(plan, lang).decode()
    assert [WORDS[lang] in text for text in told] == [True] * 3
    assert "s41" in told[1].splitlines()[1]
    for done in ("所有任务的要求次数均已完成", "Every wanted visit is made"):
        assert done not in told[0]
        assert WORDS[lang] not in summary(seen_plan(), lang)


def test_the_picture_draws_it_as_missed_and_the_page_lists_it() -> None:
    scene = Scene(passed_only())
    states = {stretch.task.id: stretch.state for stretch in scene.stretches}
    assert (states["s41"], states["s12"]) == ("missed", "done")
    assert _left_out(scene) == [[task.id for task in scene.plan.tasks].index("s41")]
    assert _left_out(Scene(seen_plan())) == []

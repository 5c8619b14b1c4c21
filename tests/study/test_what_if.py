"""What if: more crews are never worse, fleets keep their mix, every step is said in words, as a table, as a picture."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import InputError, ProblemError
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import evaluate
from patrolroute.problem.model import PatrolProblem
from patrolroute.problem.near_home import NearHome
from patrolroute.search.presence.improve import Improved
from patrolroute.search.presence.seek import Laid, seek_presence
from patrolroute.study.fleets import ending_later, fleet, minutes_later
from patrolroute.study.variants import COLUMNS, WhatIf
from patrolroute.study.what_if import what_if
from tests.plan.hand_made import at, place
from tests.problem.nights import crew, grown, market, night, nights, street


def short_night() -> PatrolProblem:
    """Return eight minutes for five streets and a market: too much for one car, little for four."""
    demand = (
        street("s12", visits=2, headway_s=0, priority=5), street("s234"), street("s41"), street("s35"),
        market(dwell_s=60, required=True),
    )  # fmt: skip
    return night(*demand, crews=(crew("A1", end="20:08"), crew("A2", end="20:08")))


@pytest.fixture(scope="module")
def found() -> WhatIf:
    return what_if(short_night(), crews=range(1, 5), ends=[-2, 0, "20:10"], work_limit=200, seed=1, goal="points")


def test_there_is_one_variant_for_each_fleet_and_end(found: WhatIf) -> None:
    assert [(one.crews, one.minutes) for one in found.variants] == [(k, m) for m in (-2, 0, 2) for k in (1, 2, 3, 4)]
    assert [f"{found.variant(1, minutes).end:%H:%M}" for minutes in (-2, 0, 2)] == ["20:06", "20:08", "20:10"]
    with pytest.raises(KeyError, match="9 crews"):
        found.variant(9)


def test_more_crews_are_never_worse_nor_is_a_longer_night(found: WhatIf) -> None:
    for one in found.variants:
        for two in found.variants:
            if one.crews <= two.crews and one.minutes == two.minutes:
                assert two.score <= one.score
            if one.crews == two.crews and one.minutes <= two.minutes:
                assert two.score[:2] <= one.score[:2]
    assert found.variant(4, 2).prize_share > found.variant(1, -2).prize_share


def test_every_plan_is_sound_and_goes_by_its_own_crews(found: WhatIf) -> None:
    for one in found.variants:
        assert {violation.rule for violation in one.plan.audit()} <= {"required_served"}
        assert len(one.plan.crews) == one.crews
        assert max(crew.end for crew in one.plan.crews) == one.end
        assert one.coverage_priority == pytest.approx(one.plan.metrics["coverage_priority"], rel=1e-5)
        assert one.required_missed == one.plan.objective.required_missed


def test_the_same_work_gives_the_same_table(found: WhatIf) -> None:
    again = what_if(short_night(), crews=[4, 3, 2, 1, 1], ends=[2, "20:08", -2], work_limit=200, seed=1, goal="points")
    assert again.variants == found.variants


@pytest.fixture(scope="module")
def lively() -> WhatIf:
    """Four streets in an hour: one crew collects all points, the second one can only be seen."""
    demand = (street("s12", priority=2), street("s35"), street("s234"), street("s41"))
    return what_if(
        night(*demand, crews=(crew("A1", end="21:00"),)), crews=[1, 2, 3], ends=[0, 10], goal="presence", work_limit=400
    )


def test_where_all_points_are_collected_more_crews_buy_presence(lively: WhatIf) -> None:
    for minutes in (0, 10):
        fleets = [lively.variant(crews, minutes) for crews in (1, 2, 3)]
        assert [one.prize_share for one in fleets] == [1, 1, 1]
        levels = [one.plan.objective.levels[2:4] for one in fleets]
        assert levels[0] >= levels[1] >= levels[2]
        assert [one.idleness_worst_weighted_s for one in fleets] == [level[1] for level in levels]
    assert all(one.plan.audit() == () and one.plan.settings["goal"] == "presence" for one in lively.variants)


def test_what_presence_a_further_crew_buys_is_said_in_words(lively: WhatIf) -> None:
    one, two = (lively.variant(crews).plan.metrics for crews in (1, 2))
    idle = [f"{some['idleness_worst_weighted_s'] / 60:.0f}" for some in (one, two)]
    seen = [f"{100 * some['sighting_probability']:.1f}" for some in (one, two)]
    said = lively.summary("zh").splitlines()[1]
    assert said.startswith("第 2 个车组不再提高完成分（最长路线 ")
    assert said.endswith(f"，按级别折算的最长空档 {' → '.join(idle)} 分钟，见警率 {' → '.join(seen)} %）")
    assert "crew buys no more points (" in lively.summary("en")
    assert f", worst idleness by priority {' → '.join(idle)} min, sighting" in lively.summary("en").splitlines()[1]


def test_an_unknown_goal_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"what if: goal 'fun' is not one of auto, points, presence"):
        what_if(short_night(), goal="fun")  # type: ignore[arg-type]


def test_what_is_done_is_told_and_a_night_of_its_own_is_the_default() -> None:
    told: list[int] = []
    alone = what_if(short_night(), work_limit=50, progress=lambda one: told.append(one.crews))
    assert told == [2]
    assert [(one.crews, one.minutes) for one in alone.variants] == [(2, 0)]
    assert len(alone.summary("zh").splitlines()) == 2
    assert len(what_if(short_night(), goal="points", work_limit=50).summary("zh").splitlines()) == 1


class Asked:
    def problem(self) -> PatrolProblem:
        return short_night()


def test_what_has_a_problem_may_be_given_instead() -> None:
    assert (
        what_if(Asked(), crews=[1], work_limit=20).variants == what_if(short_night(), crews=[1], work_limit=20).variants
    )


def test_wrong_wishes_are_all_told() -> None:
    with pytest.raises(ProblemError, match=r"number of crews 0 .*\n.*number of crews True"):
        what_if(short_night(), crews=[0, True])
    with pytest.raises(ProblemError, match="list of numbers of crews is empty"):
        what_if(short_night(), crews=[])
    with pytest.raises(ProblemError, match="ends: the list is empty"):
        what_if(short_night(), ends=[])
    with pytest.raises(ProblemError, match=r"what if, -8 min: crew 'A1': shift starts and ends"):
        what_if(short_night(), ends=[-8])


def test_one_wish_where_a_list_is_asked_for_is_told() -> None:
    with pytest.raises(ProblemError) as error:
        what_if(short_night(), crews=3, ends="22:30")  # type: ignore[arg-type]
    assert error.value.complaints == (
        "what if: crews 3 is not a list; write [3]", "what if: ends '22:30' is not a list; write ['22:30']",
    )  # fmt: skip


def test_the_table_has_a_row_a_variant(found: WhatIf) -> None:
    table = found.table()
    assert list(table.columns) == list(COLUMNS)
    assert table["prize_share"].tolist() == [one.prize_share for one in found.variants]


# Words.


def made_up(*shares: float, missed: tuple[int, ...] = (), minutes: bool = False) -> WhatIf:
    """Return variants of three crews on and more whose shares of the points are known."""
    one = what_if(short_night(), crews=[1], work_limit=1).variants[0]
    variants = [
        replace(one, crews=3 if minutes else 3 + number, minutes=30 * number if minutes else 0, prize_share=share,
                end=one.end + dt.timedelta(minutes=30 * number if minutes else 0), coverage_priority=share - 0.1,
                required_missed=missed[number] if missed else 0, longest_route_s=3600, idleness_worst_s=1800.0)
        for number, share in enumerate(shares)
    ]  # fmt: skip
    return WhatIf(tuple(variants), 3)


JUDGED = (
    "Judged by: points, all of them (the goal is auto, and within the limits of the search less than 95 % of the "
    "points fit)"
)


def test_by_which_goal_each_variant_is_judged_is_said_with_the_reason(tmp_path: Path) -> None:
    few, more = made_up(0.8, 0.97).variants
    few, more = replace(few, end=more.end), replace(more, goal="presence", why_goal="fits")
    mixed = WhatIf((few, more), 3)
    end = f"{more.end:%H:%M}"
    assert mixed.summary("zh").splitlines()[-2:] == [
        f"评判目标：3 个车组至 {end}按完成分（目标设为自动，在计算限额内任务完成率不足 95 %，未转为见警率）",
        f"评判目标：4 个车组至 {end}按见警率（目标设为自动，任务排得下，完成率不低于 95 %）",
    ]
    assert mixed.summary("en").splitlines()[-1] == (
        f"Judged by: presence, 4 crews until {end} (the goal is auto, and at least 95 % of the points fit)"
    )
    titles, first, second = mixed.to_csv(tmp_path / "en.csv", lang="en").read_text("utf-8-sig").splitlines()[:3]
    assert "judged by,why by that," in titles
    assert "longest time without a pass, s" in titles or "worst idleness, s" in titles
    assert "worst idleness by priority, s x priority" in titles
    assert ',points,"the goal is auto, and within' in first
    assert ',presence,"the goal is auto, and at least' in second
    assert "最长空档（秒）" in mixed.to_csv(tmp_path / "zh.csv").read_text("utf-8-sig").splitlines()[0]


def test_a_goal_that_was_asked_for_is_no_news_but_stands_in_the_table() -> None:
    asked = what_if(short_night(), crews=[1], goal="points", work_limit=20)
    assert [(one.goal, one.why_goal) for one in asked.variants] == [("points", "asked")]
    assert "Judged" not in asked.summary("en")
    chosen = what_if(short_night(), crews=[1], work_limit=20).variants[0]
    assert chosen.why_goal in {"fits", "short", "missed"}
    assert (chosen.goal == "presence") == (chosen.why_goal == "fits")


def test_each_step_is_said_in_percentage_points() -> None:
    said = made_up(0.8, 0.841, 0.8411).summary("en").splitlines()
    assert said == [
        "3 crews until 20:08: 80.0 % of the points, coverage by priority 70.0 %",
        "A fourth crew buys 4.1 percentage points (80.0 → 84.1 % of the points; coverage by priority 70.0 → 74.1 %)",
        "A fifth crew buys nothing more (longest route 60 → 60 min, worst idleness 30 → 30 min)",
        "More than 4 crews collect no further points",
        JUDGED,
    ]
    said = made_up(0.8, 0.841, 0.8411).summary("zh").splitlines()
    assert said[1] == "第 4 个车组带来 4.1 个百分点（任务完成率 80.0 → 84.1 %；加权覆盖率 70.0 → 74.1 %）"
    assert said[2] == "第 5 个车组不再提高完成分（最长路线 60 → 60 分钟，最长空档 30 → 30 分钟）"
    assert said[3] == "超过 4 个车组，完成分不再提高"


def test_a_required_task_that_is_served_is_worth_saying_though_the_points_are_the_same() -> None:
    said = made_up(0.8, 0.8, missed=(1, 0)).summary("en").splitlines()
    assert said[0].endswith("1 required task MISSED")
    assert "required tasks missed 1 → 0" in said[1]
    assert len(said) == 3


def test_coverage_that_rises_is_worth_saying_though_the_points_are_the_same() -> None:
    found = made_up(0.9999, 1.0)
    few, more = found.variants
    found = replace(found, variants=(replace(few, coverage_priority=0.974), replace(more, coverage_priority=1.0)))
    said = found.summary("en").splitlines()
    assert said[1] == (
        "A fourth crew buys 0.0 percentage points (100.0 → 100.0 % of the points; coverage by priority 97.4 → 100.0 %)"
    )
    assert found.summary("zh").splitlines()[1].endswith("加权覆盖率 97.4 → 100.0 %）")


def test_half_hours_are_said_of_the_nights_own_fleet() -> None:
    said = made_up(0.8, 0.82, minutes=True).summary("en").splitlines()
    assert said[-2].startswith("Another 30 min (until 20:38) buy 2.0 percentage points (80.0 → 82.0 %")
    assert (
        made_up(0.8, 0.82, minutes=True).summary("zh").splitlines()[-2].startswith("再延长 30 分钟至 20:38，带来 2.0")
    )


def test_large_numbers_have_their_ordinals(found: WhatIf) -> None:
    shares = [step / 100 for step in range(31)]
    said = made_up(*shares).summary("en")
    for word in ("An eighth", "An eleventh", "A twelfth", "A 13th", "An 18th", "A 21st", "A 22nd", "A 23rd", "A 30th"):
        assert f"{word} crew buys" in said
    with pytest.raises(InputError, match="lang"):
        found.summary("fr")  # type: ignore[arg-type]


# Fleets.


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(1, 40))
def test_every_beginning_of_a_fleet_keeps_the_mix(counts: list[int], size: int) -> None:
    depots = [depot for depot, many in enumerate(counts) for _ in range(many)]
    own = [crew(f"{'ABCD'[depot]}{number}", depot=place(1 + depot)) for number, depot in enumerate(depots)]
    chosen = fleet(own, size)
    assert len({one.id for one in chosen}) == size
    assert chosen == fleet(own, size + 3)[:size]
    if size <= len(own):
        assert {one.id for one in chosen} <= {one.id for one in own}
    if size == len(own):
        assert {one.id for one in chosen} == {one.id for one in own}
    by_depot = Counter(one.depot for one in chosen)
    for depot, many in enumerate(counts):
        assert abs(by_depot[place(1 + depot)] - size * many / len(own)) <= 1 + len(counts) / 2


def test_copies_count_on_where_their_group_ends() -> None:
    own = [crew("P09"), crew("north", depot=place(2))]
    assert [one.id for one in fleet(own, 6)] == ["P09", "north", "P10", "north 2", "P11", "north 3"]
    assert [one.id for one in fleet([crew("P1"), crew("P2", depot=place(2))], 3)] == ["P1", "P2", "P3"]


def test_ends_are_minutes_clock_times_or_moments() -> None:
    last = at("23:45")
    wishes = [0, -30, "23:15", "00:15", "23:45", at("23:50")]
    assert minutes_later(wishes, last, "Asia/Shanghai") == [-30, 0, 5, 30]
    naive = dt.datetime(2026, 5, 8, 23)  # noqa: DTZ001 - what is refused
    assert minutes_later(list(np.arange(-15, 16, 15)), last, "Asia/Shanghai") == [-15, 0, 15]
    with pytest.raises(ProblemError, match=r"(?s)True is neither.*25:70.*datetime.* is neither.*not a whole"):
        minutes_later([True, "25:70", naive, "23:15:20"], last, "Asia/Shanghai")


def test_all_shifts_move_alike() -> None:
    early, late = crew("A", end="21:00"), crew("B", end="22:00")
    assert [one.end for one in ending_later((early, late), 30)] == [at("21:30"), at("22:30")]
    with pytest.raises(ProblemError, match="'A': shift ends 19:55"):
        ending_later((early, late), -65)


# A night with fewer crews.


@settings(max_examples=40, deadline=None)
@given(nights(), st.data())
def test_what_fewer_crews_can_do_more_can_do_as_well(problem: PatrolProblem, data: st.DataObject) -> None:
    fewer = problem.select(crews=range(data.draw(st.integers(1, len(problem.crews)))))
    chosen = grown(fewer, data)
    idle = len(problem.crews) - len(fewer.crews)
    breaks = (*chosen.breaks, *(None,) * idle) if chosen.breaks else ()
    whole = evaluate(problem, replace(chosen, routes=(*chosen.routes, *((),) * idle), breaks=breaks))
    part = evaluate(fewer, chosen)
    assert (part.score, part.faults) == (whole.score, whole.faults)
    assert (
        fewer.plan(chosen).window
        == problem.plan(replace(chosen, routes=whole_routes(chosen.routes, idle), breaks=breaks)).window
    )


def whole_routes(routes: tuple, idle: int) -> tuple:
    return (*routes, *((),) * idle)


def test_what_is_reserved_to_a_crew_at_home_is_served_by_nobody() -> None:
    problem = night(street("s12"), street("s35"), crews=(crew("A"), crew("B", reserved=frozenset({"s12"}))))
    assert problem.select(crews=[0]).instance.allowed.tolist() == [[False, True]]
    assert problem.select(crews=[0, 1]).instance.allowed.tolist() == problem.instance.allowed.tolist()
    with pytest.raises(ProblemError, match="there is no crew 2; there are 2, counted from 0"):
        problem.select(crews=range(3))
    with pytest.raises(ProblemError, match="no crew is chosen"):
        problem.select(crews=[])


# On paper and in a picture.


def test_the_table_opens_in_a_spreadsheet(found: WhatIf, tmp_path: Path) -> None:
    for lang, first in (("zh", "车组数"), ("en", "crews")):
        path = found.to_csv(tmp_path / f"{lang}.csv", lang=lang)  # type: ignore[arg-type]
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        assert rows[0][0] == first
        assert len(rows[0]) == len(set(rows[0])) == len(COLUMNS)
        assert [row[0] for row in rows[1:13]] == ["1", "2", "3", "4"] * 3


def test_the_picture_has_a_panel_for_crews_and_one_for_ends(found: WhatIf, tmp_path: Path) -> None:
    path = found.to_png(tmp_path / "what_if.png")
    assert path.read_bytes() == found.to_png(tmp_path / "again.png").read_bytes()
    alone = WhatIf(found.variants[:1], 2).to_png(tmp_path / "one.png", lang="en")
    assert 0 < alone.stat().st_size < path.stat().st_size


def test_lines_are_drawn_into_given_axes(found: WhatIf) -> None:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert found.plot(ax, lang="en") is ax
    assert [line.get_label() for line in ax.get_lines()][::2] == ["20:06", "20:08", "20:10"]
    assert list(ax.get_lines()[2].get_ydata()) == [100 * found.variant(size).prize_share for size in range(1, 5)]
    other = found.plot(Figure().subplots(), against="ends", lang="en")
    assert [line.get_label() for line in other.get_lines()][::2] == ["1 crew", "2 crews", "3 crews", "4 crews"]
    assert [text.get_text() for text in other.get_xticklabels()] == ["20:06", "20:08", "20:10"]
    with pytest.raises(InputError, match="neither 'crews' nor 'ends'"):
        found.plot(ax, against="hours")  # type: ignore[arg-type]


def test_a_large_fleet_is_thinned_out_in_the_picture(tmp_path: Path) -> None:
    found = made_up(*(step / 40 for step in range(40)))
    assert found.to_png(tmp_path / "many.png").exists()


def test_crews_stay_as_they_were(found: WhatIf) -> None:
    assert isinstance(short_night().crews[0], Crew)
    assert found.own_crews == 2


def test_what_keeping_near_home_costs_and_buys_is_a_variant_for_each_weight() -> None:
    """Four streets in an hour, of which s234 lies away from both crews' depot."""
    demand = (street("s12", priority=2), street("s35"), street("s234"), street("s41"))
    whole = replace(
        night(*demand, crews=(crew("A1", end="21:00"), crew("A2", end="21:00"))), near_home=NearHome(600, 0.5)
    )
    told: list[float | None] = []
    found = what_if(
        whole, crews=[1, 2], goal="presence", work_limit=300, progress=lambda one: told.append(one.near_home)
    )
    assert [one.near_home for one in found.homes] == [0, 0.5]
    assert told == [0.5, 0.5, 0]
    assert found.homes[1] is found.variant(2)
    assert len(found.rows) == len(found.table()) == 3
    assert [*found.table().columns[-2:]] == ["near_home", "passes_away"]
    free, near = found.homes
    assert [one.plan.audit() for one in found.homes] == [(), ()]
    assert (free.passes_away or 0) > (near.passes_away or 0)
    assert free.sighting_probability is not None
    said = found.summary("en").splitlines()[-1]
    assert said.startswith("Keeping near home (weight 0.5 instead of 0): passes away from home ")
    assert f"{100 * (free.passes_away or 0):.1f} → {100 * (near.passes_away or 0):.1f} %" in said


def test_a_night_that_does_not_ask_to_be_near_home_has_no_such_variants(lively: WhatIf) -> None:
    assert lively.homes == ()
    assert lively.columns == COLUMNS
    with pytest.raises(ProblemError, match="what if: the night does not ask to be near home"):
        what_if(short_night(), near_home=[0, 1])
    with pytest.raises(ProblemError, match=r"what if: near_home 0\.5 is not a list"):
        what_if(short_night(), near_home=0.5)  # type: ignore[arg-type]


def test_where_only_points_count_nearness_is_not_tried() -> None:
    asked = replace(short_night(), near_home=NearHome(600))
    found = what_if(asked, goal="points", work_limit=50)
    assert (found.homes, found.variants[0].near_home) == ((), 0.5)


def test_stopped_while_tours_are_laid_nothing_more_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*args: Any, **more: Any) -> tuple[Laid, Improved]:
        _, better = seek_presence(*args, **more)
        return Laid(stopped_by="interrupted"), better

    monkeypatch.setattr("patrolroute.study.what_if.seek_presence", stopped)
    assert len(what_if(short_night(), crews=range(1, 5), goal="presence", work_limit=40).variants) == 1

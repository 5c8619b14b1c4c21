"""Mixtures: each plan is whole, their chances are as good as the programme says, and a file brings them back."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrolroute.base.errors import PlanFileError, ProblemError
from patrolroute.campaign.master import in_parts, most_least, spread_out
from patrolroute.campaign.mixed import MIXTURE_FILE, Mixture
from patrolroute.campaign.mixture import MixProgress, mix
from patrolroute.campaign.sealed import WHOLE
from patrolroute.campaign.windows import Windows
from patrolroute.problem.model import PatrolProblem
from tests.search.grid import crew, market, streets, town


@cache
def night(ends: str = "20:40") -> PatrolProblem:
    """Make a night of 84 segments of two priorities, more than two crews can always be seen in."""
    network = town(7)
    every = streets(network)[0].segments  # type: ignore[union-attr]
    first, second = every[:30], every[30:]
    one = streets(network, priority=5, required=True)[0]
    asked = [type(one)(name, part, priority=priority, required=required) for name, part, priority, required in (
        ("main street", first, 5, True), ("by-street", second, 2, False),
    )]  # fmt: skip
    spots = [market(network, 1, 310, 200, dwell_s=180, required=True)]
    return PatrolProblem(network, [*asked, *spots], [crew("P1", end=ends), crew("P2", end=ends)])


@cache
def mixed(seed: int = 0) -> Mixture:
    return mix(night(), columns=6, work_limit=1_000, seed=seed)


def test_every_plan_of_a_mixture_is_sound_and_serves_what_is_required():
    for number in range(len(mixed().chances)):
        plan = mixed().plan(number, night())
        assert plan.audit() == ()
        assert plan.objective.required_missed == 0


def test_a_market_that_has_one_hour_is_visited_then_by_every_plan():
    network = town(5)
    fixed = market(network, 1, 310, 200, dwell_s=180, required=True, windows=("20:20-20:26",))
    free = market(network, 2, 610, 600, dwell_s=180, required=True)
    team = [crew("P1", end="20:50"), crew("P2", end="20:50")]
    problem = PatrolProblem(network, [*streets(network), fixed, free], team)
    found = mix(problem, columns=4, work_limit=400, bound_s=0)
    spot = next(task.id for task in problem.tasks if task.name == "market 1")
    for number in range(found.support):
        plan = found.plan(number, problem)
        dwells = [leg for route in plan.routes for leg in route.legs if leg.kind == "dwell" and leg.task == spot]
        assert [f"{leg.depart:%H:%M}" >= "20:20" and f"{leg.arrive:%H:%M}" <= "20:26" for leg in dwells] == [True]
        assert plan.audit() == ()


def test_chances_are_whole_parts_that_sum_to_a_million_and_plans_without_one_are_left_out():
    assert sum(mixed().chances) == WHOLE
    assert mixed().support == len(mixed().chances) == len(mixed().decisions) == len(set(mixed().decisions)) >= 2


def test_what_is_told_of_streets_is_what_the_plans_legs_say():
    windows = Windows.of(night())
    share = np.array(mixed().chances) / WHOLE
    plans = [mixed().plan(number, night()) for number in range(mixed().support)]
    chances = np.tensordot(share, np.array([windows.chances(windows.of_plan(plan)) for plan in plans]), 1)
    assert mixed().exploitability == pytest.approx(windows.least(chances), abs=2e-6)
    for street, row, counts in zip(mixed().streets, chances, windows.counts, strict=True):
        assert [chance is not None for chance in street.chances] == counts.tolist()
        told = [chance / WHOLE for chance in street.chances if chance is not None]
        assert told == pytest.approx(row[counts].tolist(), abs=2e-6)


def test_a_mixture_is_no_worse_than_any_of_its_plans_alone():
    windows = Windows.of(night())
    for number in range(mixed().support):
        alone = windows.least(windows.chances(windows.of_plan(mixed().plan(number, night()))))
        assert mixed().exploitability >= alone * 0.99 - 2e-6


def test_more_plans_are_seen_at_more_places():
    assert mixed().exploitability > mix(night(), columns=1, work_limit=0).exploitability


def test_the_same_seed_and_work_make_the_same_mixture():
    again = mix(night(), columns=6, work_limit=1_000, seed=0)
    assert (again.decisions, again.chances) == (mixed().decisions, mixed().chances)
    assert mix(night(), columns=6, work_limit=1_000, seed=1).decisions != mixed().decisions


def test_a_mixture_that_is_to_become_better_keeps_its_plans():
    better = mix(night(), columns=9, work_limit=300, seed=4, start=mixed())
    assert better.exploitability >= mixed().exploitability * 0.99 - 2e-6


def test_the_callback_is_told_of_each_plan_and_may_end_it():
    told: list[MixProgress] = []

    def enough(progress: MixProgress) -> bool:
        told.append(progress)
        return progress.plans == 3

    found = mix(night(), columns=6, work_limit=300, callback=enough)
    assert [progress.plans for progress in told] == [2, 3]
    assert found.support <= 3


def test_a_mixture_comes_back_from_its_file_and_is_small(tmp_path: Path):
    target = mixed().save(tmp_path / "new")
    for place in (target, tmp_path / "new"):
        again = Mixture.read(place)
        assert {name: getattr(again, name) for name in Mixture.__dataclass_fields__} == {
            name: getattr(mixed(), name) for name in Mixture.__dataclass_fields__
        }
    assert again.draw(b"only for the tests", dt.date(2026, 5, 8)) < again.support
    assert target.stat().st_size < 20_000
    assert again.plan(0, night()).audit() == ()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"schema_version": "9.0"}, "schema_version"),
        ({"more": 1}, "more"),
        ({"plans": []}, "plans"),
        ({"crews": ["P1"]}, "2 routes for 1 crews"),
        ({"tasks": ["s"]}, "not in its list of 1"),
        ({"minutes": 0}, "minutes"),
        ({"best_seen": 2.0}, "best_seen"),
        ({"chance": 5}, "sum to"),
        ({"streets": [
            {"name": "a", "priority": 1, "wanted": 1.0, "chances": [1]},
            {"name": "b", "priority": 1, "wanted": 1.0, "chances": []},
        ]}, "different numbers of steps"),
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_told(tmp_path: Path, change: dict[str, Any], complaint: str):
    path = mixed().save(tmp_path)
    document = json.loads(path.read_text(encoding="utf-8"))
    if "chance" in change:
        document["plans"][0]["chance"] = change["chance"]
    else:
        document |= change
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PlanFileError, match=complaint):
        Mixture.read(tmp_path)


def test_a_folder_without_a_mixture_and_a_file_that_is_none_are_told(tmp_path: Path):
    with pytest.raises(PlanFileError, match="no such file"):
        Mixture.read(tmp_path)
    (tmp_path / MIXTURE_FILE).write_text("[", encoding="utf-8")
    with pytest.raises(PlanFileError, match=MIXTURE_FILE):
        Mixture.read(tmp_path)


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({"columns": 0}, "columns 0 is less than 1"),
        ({"work_limit": -1}, "work_limit -1 is less"),
        ({"time_limit": float("nan")}, "time_limit nan is less"),
        ({"seed": -1}, "seed -1 is less"),
        ({"most_less": -0.1}, "most_less -0.1 is less"),
        ({"minutes": 0}, "minutes is 0; it must be 1 to 120"),
        ({"minutes": 60}, "no window of 60 minutes"),
        ({"wanted": {5: 0.0}}, "priority 5 is wanted 0"),
    ],
)
def test_wishes_that_make_no_sense_are_told(wish: dict[str, Any], complaint: str):
    with pytest.raises(ProblemError, match=complaint):
        mix(night(), **wish)


def test_a_plan_that_there_is_not_is_told():
    with pytest.raises(ProblemError, match="no plan 99"):
        mixed().plan(99, night())


tables = st.integers(1, 6).flatmap(
    lambda plans: st.lists(
        st.lists(st.integers(0, 20), min_size=plans, max_size=plans), min_size=1, max_size=8
    ).map(lambda rows: np.array(rows, dtype=np.float64).T / 20)
)  # fmt: skip


@given(columns=tables)
@settings(max_examples=50)
def test_no_chances_are_better_than_those_of_the_master_programme(columns: Any):
    best = most_least(columns)
    assert best.chances.sum() == pytest.approx(1)
    assert (best.chances @ columns).min() == pytest.approx(best.least, abs=1e-7)
    # its prices prove it: by them no plan is worth more (weak duality)
    assert best.prices.sum() == pytest.approx(1)
    assert (columns @ best.prices).max() == pytest.approx(best.least, abs=1e-7)


@given(columns=tables)
@settings(max_examples=50)
def test_chances_that_are_spread_out_are_as_good_as_they_must_be_and_no_easier_to_guess(columns: Any):
    best = most_least(columns)
    spread = spread_out(columns, 0.95 * best.least)
    assert spread.sum() == pytest.approx(1)
    assert (spread @ columns).min() >= 0.95 * best.least - 1e-7

    def entropy(chances: Any) -> float:
        known = chances[chances > 0]
        return -float((known * np.log(known)).sum())

    assert entropy(spread) >= entropy(best.chances) - 0.02


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda some: sum(some) > 0.01))
def test_parts_sum_to_a_million_and_are_off_by_less_than_one(some: list[float]):
    exact = np.array(some) / sum(some) * WHOLE
    parts = in_parts(np.array(some))
    assert sum(parts) == WHOLE
    assert (abs(np.array(parts) - exact) < 1.001).all()

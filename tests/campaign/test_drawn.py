"""Nights drawn from mixtures: made once, drawn by the secret, checked afterwards, with crews that take turns."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from patrolroute.base.errors import CampaignError
from patrolroute.campaign.drawn import Drawer, draws_of, is_drawn_right
from patrolroute.campaign.folder import CampaignFolder
from patrolroute.campaign.issuing import Issue, issue
from patrolroute.campaign.mixed import Mixture
from patrolroute.campaign.model import Draw
from patrolroute.campaign.reveal import reveal_lines
from tests.campaign.killed import write
from tests.campaign.towns import base_night, edited, placed

TERMS = Draw(plans=4, work_limit=120)


def drawn(place: CampaignFolder, **more: Any) -> Issue:
    return issue(place, write=write, planner=Drawer(place, TERMS, limits={"work_limit": 20}), **more)


@pytest.fixture
def place(tmp_path: Path) -> CampaignFolder:
    return placed(tmp_path, draw={"plans": 4, "work_limit": 120}, rule={"nights": 2})


def test_plans_are_made_once_and_every_night_is_one_of_them(place: CampaignFolder) -> None:
    issues = [drawn(place) for _ in range(4)]
    assert len(list(place.folder.glob("mixtures/*/mixture.json"))) == 1
    assert all(not done.plan.audit() for done in issues)
    assert all(done.plan.objective.required_missed == 0 for done in issues)
    hows = list(draws_of(place))
    assert [how["date"] for how in hows] == [done.night.date.isoformat() for done in issues]
    mixture = Mixture.read(next(place.folder.glob("mixtures/*")))
    seen = [done.plan.objective.seen for done in issues]
    assert seen == [pytest.approx(mixture.seen[how["plan"]]) for how in hows]


def test_every_crew_of_tonight_drives_one_route_of_a_crew_like_it(place: CampaignFolder) -> None:
    drawn(place)
    (how,) = draws_of(place)
    assert sorted(how["routes"]) == sorted(how["routes"].values()) == ["E01", "E02", "W01", "W02"]
    assert all(crew[0] == route[0] for crew, route in how["routes"].items())


def test_crews_that_drove_a_route_leave_it_to_others_when_it_is_drawn_again(tmp_path: Path) -> None:
    place = placed(tmp_path, draw={"plans": 2, "work_limit": 20}, rule={"nights": 4})
    planner = Drawer(place, Draw(plans=2, work_limit=20))
    for _ in range(8):
        issue(place, write=write, planner=planner)
    by_plan: dict[int, list[dict[str, str]]] = {}
    for how in draws_of(place):
        by_plan.setdefault(how["plan"], []).append(how["routes"])
    again = [(one, two) for routes in by_plan.values() for one, two in zip(routes[::2], routes[1::2], strict=False)]
    assert again
    assert all(one[crew] != two[crew] for one, two in again for crew in one)


def test_a_night_with_a_crew_less_starts_from_what_was_drawn(place: CampaignFolder) -> None:
    first = drawn(place)
    later = first.night.date + dt.timedelta(1)
    edited(
        place.folder, draw={"plans": 4, "work_limit": 120}, rule={"nights": 2},
        duties=[{"crew": "E02", "absent": [{"first": later.isoformat(), "last": "2026-07-31"}]}],
    )  # fmt: skip
    second = drawn(place)
    assert len(list(place.folder.glob("mixtures/*/mixture.json"))) == 1
    assert [crew.id for crew in second.plan.crews] == ["W01", "W02", "E01"]
    assert not second.plan.audit()
    assert second.plan.objective.required_missed == 0
    assert [how["anew"] for how in draws_of(place)] == [False, True]


def test_other_wishes_have_plans_of_their_own(place: CampaignFolder) -> None:
    drawn(place)
    night = base_night()
    night["streets"][1]["priority"] = 5
    edited(place.folder, draw={"plans": 4, "work_limit": 120}, rule={"nights": 2}, night=night)
    drawn(place)
    assert len(list(place.folder.glob("mixtures/*/mixture.json"))) == 2


def test_a_bent_draw_and_a_bent_mixture_are_told(place: CampaignFolder) -> None:
    done = drawn(place)
    secret, date = place.secret() or b"", done.night.date
    (how,) = draws_of(place)
    assert is_drawn_right(place, secret, how, date)
    assert not is_drawn_right(place, secret, how | {"plan": how["plan"] + 1}, date)
    assert not is_drawn_right(place, secret, how | {"mixture": "another"}, date)
    assert all("不符" not in line for line in reveal_lines(place, "zh"))
    path = next(place.folder.glob("mixtures/*/mixture.json"))
    held = json.loads(path.read_bytes())
    path.write_text(json.dumps(held | {"cpu_s": 0.5}))
    assert "不符" in [*reveal_lines(place, "zh")][-1]


def test_without_a_secret_nothing_is_drawn(place: CampaignFolder) -> None:
    drawn(place)
    (place.folder / "secret.txt").unlink()
    with pytest.raises(CampaignError, match="nights are drawn by the secret"):
        drawn(place)

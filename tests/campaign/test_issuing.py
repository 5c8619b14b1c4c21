"""Nights issued end to end: what they are asked for, what is recorded, what is owed; no kill loses anything."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import patrolroute as pr
from patrolroute.campaign.driven import MADE_FILE, as_planned, issued_plan, made_csv, of_plan, read_driven
from patrolroute.campaign.folder import CampaignFolder, seed_of
from patrolroute.campaign.issuing import Issue, calendar_of, cancelled, issue, opened, recorded, require_issued
from patrolroute.campaign.record import Record
from patrolroute.campaign.reveal import reveal_lines
from patrolroute.campaign.wanted import asks_for, carried, yields_of
from patrolroute.plan.model import PatrolPlan
from tests.campaign.killed import write
from tests.campaign.towns import edited, placed

D = dt.date
ROOT = Path(__file__).parents[2]


def issued(place: CampaignFolder, **more: Any) -> Issue:
    return issue(place, write=write, **more)


def ticked(plan: PatrolPlan, *missed: str, word: str = "否") -> bytes:
    """Return the table to tick with some streets said not to be made."""
    rows = list(csv.reader(io.StringIO(made_csv(plan, "zh").decode("utf-8-sig"))))
    for row in rows[1:]:
        if len(row) > 5 and any(name in row[5] for name in missed):
            row[-1] = word
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def test_a_night_is_issued_recorded_and_told(tmp_path: Path) -> None:
    place = placed(tmp_path)
    done = issued(place)
    assert done.folder == tmp_path / "nights" / done.night.date.isoformat()
    assert not done.plan.audit()
    assert PatrolPlan.from_json(done.folder / "plan.json").objective.required_missed == 0
    assert issued_plan(done.night, done.folder).tasks == done.plan.explained.tasks
    told = recorded(place, done.night.date, as_planned(done.night))
    assert told.made == done.night.planned
    assert [event.kind for event in Record.read(tmp_path).events] == ["opened", "issued", "recorded"]


def test_every_night_is_another_and_its_seed_can_be_checked_afterwards(tmp_path: Path) -> None:
    place = placed(tmp_path)
    state = opened(place)
    one, two = issued(place).night, issued(place).night
    assert one.date < two.date
    assert one.seed != two.seed
    secret = place.secret()
    assert [seed_of(secret, night.date) for night in (one, two)] == [one.seed, two.seed]
    assert (place.folder / "secret.txt").stat().st_mode & 0o077 == 0 or os.name == "nt"
    lines = list(reveal_lines(place, "zh"))
    assert state.commitment in lines[1]
    assert all("相符" in line for line in lines[1:])
    (place.folder / "secret.txt").write_text("00" * 32)
    assert any("不符" in line for line in reveal_lines(place, "zh"))


def test_issued_nights_never_change_whatever_happens_afterwards(tmp_path: Path) -> None:
    place = placed(tmp_path)
    first = issued(place)
    before = {path: path.read_bytes() for path in first.folder.rglob("*") if path.is_file()}
    line = Record.read(tmp_path).events[1]
    edited(tmp_path, rule={"nights": 2, "spacing_days": 3})
    second = issued(place)
    cancelled(place, second.night.date, "雨")
    third = issued(place)
    assert {path: path.read_bytes() for path in before} == before
    events = Record.read(tmp_path).events
    assert events[1] == line
    assert [event.kind for event in events] == ["opened", "issued", "ruled", "issued", "cancelled", "issued"]
    assert third.night.date > second.night.date
    state = place.state()
    assert [night.counts for night in state.nights] == [True, False, True]


def test_an_edited_file_holds_from_the_next_night_on(tmp_path: Path) -> None:
    place = placed(tmp_path)
    issued(place, today=D(2026, 6, 3))
    edited(tmp_path, rule={"nights": 2})
    issued(place)
    course = place.course()
    wanted = [course.wanted(period) for period in course.periods]
    assert wanted == [1, 1, 2, 2, 2, 2]


def test_what_was_not_made_is_required_again_until_it_is(tmp_path: Path) -> None:
    place = placed(tmp_path)
    first = issued(place)
    (tmp_path / "t.csv").write_bytes(ticked(first.plan, "row 0", "column 0"))
    driven = read_driven(first.night, tmp_path / "t.csv", first.folder)
    assert 0 < sum(driven.visits.values()) < sum(first.night.planned.values())
    recorded(place, first.night.date, driven)
    course = place.course()
    asks = list(carried(course))
    names = {first.night.names[ask.name] for ask in asks if ask.is_required}
    assert "row 0" in names
    assert all(driven.visits[ask.name] == 0 for ask in asks)
    worth = [ask for ask in asks if not ask.is_required]
    assert all(ask.more_priority == 1 for ask in worth)
    second = issued(place)
    owed = [second.plan.task[ask.name] for ask in asks if ask.is_required]
    assert all(task.required and task.visits_done for task in owed)
    recorded(place, second.night.date, as_planned(second.night))
    again = {ask.name for ask in carried(place.course())}
    assert not again & {task.id for task in owed}


def test_what_was_missed_is_carried_into_a_theme_that_does_not_ask_for_it(tmp_path: Path) -> None:
    streets = [{"names": ["row 2"], "priority": 3}]
    themes = [{"name": "短", "night": {"streets": streets}}]
    nights = [{"date": "2026-05-10"}, {"date": "2026-05-12", "theme": "短"}]
    place = placed(tmp_path, themes=themes, nights=nights, rule={"in_all": 8})
    first = issued(place)
    (tmp_path / "t.csv").write_bytes(ticked(first.plan, "row 1"))
    recorded(place, first.night.date, read_driven(first.night, tmp_path / "t.csv", first.folder))
    missed = {ask.name for ask in carried(place.course()) if ask.is_required}
    second = issued(place)
    assert second.night.theme == "短"
    assert missed
    assert missed <= set(second.plan.task)
    assert {task.name for task in second.plan.tasks} <= {"row 2", *(first.night.names[task] for task in missed)}


def test_a_quota_is_asked_for_until_it_is_met_and_rests_after_a_real_visit(tmp_path: Path) -> None:
    quotas = [{"name": "row 2", "each_period": 3, "spacing_days": 20}]
    place = placed(tmp_path, quotas=quotas, rule={"nights": 2})
    first = issued(place)
    assert all(task.visits_done >= 3 for task in first.plan.tasks if task.name == "row 2")
    second = issued(place)
    assert not any(task.name == "row 2" for task in second.plan.tasks)  # it rests
    edited(tmp_path, quotas=[{"name": "rov 2", "each_period": 3}])
    course = place.course()
    with pytest.raises(pr.CampaignError, match=r"quotas\[1\]: no night asks for 'rov 2', .* did you mean row 2"):
        yields_of(course)


def test_what_a_quota_wants_over_the_campaign_is_shared_among_its_nights(tmp_path: Path) -> None:
    place = placed(tmp_path, quotas=[{"name": "row 2", "in_all": 9}], rule={"in_all": 6})
    course = place.course()
    nights = calendar_of(course).nights
    assert len(nights) == 6
    (ask,) = asks_for(course, nights[0], nights[1:])
    assert (ask.name, ask.visits) == ("row 2", 2)


def test_a_plan_tells_what_was_driven_too(tmp_path: Path) -> None:
    place = placed(tmp_path)
    done = issued(place)
    plan = done.plan
    short = replace(
        plan,
        tasks=tuple(replace(task, visits_done=0) if task.name == "row 0" else task for task in plan.tasks),
        routes=tuple(replace(route, legs=()) if route.crew == "W01" else route for route in plan.routes),
    )
    driven = of_plan(done.night, short)
    assert "W01" not in driven.hours
    assert {done.night.names[task] for task, number in driven.visits.items() if number == 0} >= {"row 0"}
    with pytest.raises(pr.CampaignError, match="tells of"):
        of_plan(replace(done.night, date=D(2026, 1, 1)), plan)


def test_a_ticked_table_is_read_with_every_complaint(tmp_path: Path) -> None:
    place = placed(tmp_path)
    done = issued(place)
    path = tmp_path / MADE_FILE
    path.write_text("车组,序号,已巡\nW01,1,是\nW01,1,否\nW09,1,是\nW02,1,也许\n", encoding="utf-8")
    with pytest.raises(pr.TableError) as caught:
        read_driven(done.night, path, done.folder)
    assert len(caught.value.items) == 3
    path.write_bytes(ticked(done.plan, "row", "column", word="部分"))
    assert not any(read_driven(done.night, path, done.folder).visits.values())
    path.write_bytes(made_csv(done.plan, "en"))
    assert read_driven(done.night, path, done.folder).visits == done.night.planned


def test_what_never_happened_cannot_be_told(tmp_path: Path) -> None:
    place = placed(tmp_path)
    done = issued(place)
    with pytest.raises(pr.CampaignError, match="no night of 2026-05-07 was issued; there are"):
        cancelled(place, D(2026, 5, 7), "雨")
    with pytest.raises(pr.CampaignError, match="no night of"):
        require_issued(place, D(2026, 5, 7))
    (done.folder / "plan.json").write_text("{}")
    with pytest.raises(pr.CampaignError, match="is not the plan that was issued"):
        issued_plan(done.night, done.folder)


def test_when_all_is_over_no_night_is_left(tmp_path: Path) -> None:
    place = placed(tmp_path, last="2026-05-15")
    issued(place)
    with pytest.raises(pr.CampaignError, match="no night is left to issue"):
        issued(place)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.campaign.killed", str(tmp_path), "8"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 2

"""A plan is titled by what it is of: the night's name says it, else the hours of its shifts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from patrolroute.base.text import by_hours
from patrolroute.base.vocabulary import STAMPS, Datum
from patrolroute.network.coordinates import from_wgs84
from patrolroute.night.run import NightRun, read_night
from patrolroute.output.looks.duty import duty
from patrolroute.output.sheets.pages import commander_html, sheets_html
from patrolroute.output.summary import summary
from patrolroute.output.web import map_bytes
from patrolroute.plan.model import PatrolPlan
from tests.night.nights import written
from tests.output.plans import drawn_plan

DAWN = dt.datetime(2026, 5, 8, 6, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def called(name: str, begin: str = "20:30", hours: float = 3.0) -> PatrolPlan:
    """Return a plan of a name and window."""
    plan = drawn_plan()
    clock = dt.time.fromisoformat(begin)
    start = DAWN.replace(hour=clock.hour, minute=clock.minute)
    return replace(
        plan, settings={**plan.settings, "night": name}, window=(start, start + dt.timedelta(hours=hours))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "what"),
    [
        (called("5月8日夜巡"), "night"),
        (called("周日夜巡"), "night"),
        (called("日巡"), "day"),
        (called("校园走访", "19:00"), "visits"),
        (called("Sunday night"), "night"),
        (called("Sunday", "09:00"), "day"),
        (called("", "09:00", 8), "day"),
        (called("", "20:30"), "night"),
        (called("端午专项", "16:00", 6), "night"),
        (called("端午专项", "14:00", 6), "day"),
        (called("端午专项", "14:00", 8), "night"),
        (called("端午专项", "04:00", 3), "night"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_name_says_what_a_plan_is_of_else_its_hours(plan: PatrolPlan, what: str) -> None:
    assert duty(plan) == what


def test_hours_are_of_the_part_of_the_day_in_which_most_of_them_lie() -> None:
    assert by_hours(DAWN, DAWN.replace(hour=18)) == "day"
    assert by_hours(DAWN.replace(hour=18), DAWN + dt.timedelta(days=1)) == "night"
    assert by_hours(DAWN.replace(hour=16), DAWN.replace(hour=20)) == "night"
    assert by_hours(DAWN.replace(hour=16), DAWN.replace(hour=19, minute=30)) == "day"
    assert by_hours(DAWN, DAWN) == "day"


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("夜巡", ("夜巡方案", "夜巡方案图", "夜巡指挥单", "今晚封闭")),
        ("日巡", ("日巡方案", "日巡方案图", "日巡指挥单", "今日封闭")),
        ("走访", ("走访方案", "走访方案图", "走访指挥单", "当日封闭")),
    ],
)
def test_every_output_has_the_title_of_its_duty(name: str, titles: tuple[str, ...]) -> None:
    plan = called(name)
    plan = replace(plan, settings={**plan.settings, "closed": ["学院路"]})
    told = "\n".join((summary(plan, "zh"), commander_html(plan, "zh").decode(), map_bytes(plan).decode()))
    assert all(title in told for title in titles)
    if name != "夜巡":
        assert not any(word in told for word in ("夜巡", "今晚", "整夜"))


def test_a_night_without_a_name_is_called_by_its_hours(tmp_path: Path) -> None:
    for shift, lang, name in (
        ({"start": "20:30", "end": "22:00"}, "zh", "夜间巡逻"),
        ({"start": "09:00", "end": "10:30"}, "zh", "日间巡逻"),
        ({"start": "09:00", "end": "10:30"}, "en", "Day patrol"),
    ):
        run = NightRun(read_night(written(tmp_path, shift=shift, lang=lang)), tmp_path)
        assert run.settings(run.problem())["night"] == name
    run = NightRun(read_night(written(tmp_path, name="夜间巡逻", shift={"start": "09:00", "end": "10:00"})), tmp_path)
    assert run.settings(run.problem())["night"] == "夜间巡逻"


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_sheets_print_places_of_muster_in_the_datum_of_the_tables_and_name_it(datum: Datum) -> None:
    plan = drawn_plan()
    spot = plan.crews[0].depot
    lon, lat = from_wgs84(spot.lon, spot.lat, datum)
    page = sheets_html(plan, "zh", datum).decode()
    assert f"({lon:.5f}, {lat:.5f} {STAMPS[datum]})" in page
    assert all(STAMPS[other] not in page for other in ("wgs84", "gcj02", "bd09") if other != datum)


def test_saved_sheets_follow_the_datum_that_is_asked_for(tmp_path: Path) -> None:
    drawn_plan().save(tmp_path, crs="gcj02")
    assert STAMPS["gcj02"] in (tmp_path / "sheets.html").read_text(encoding="utf-8")

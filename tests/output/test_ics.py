"""The calendar of shifts: one event a crew, its zone, a stable id, and no name that breaks out of its line."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from patrolroute.base.vocabulary import DATUMS, STAMPS, Datum
from patrolroute.output.calendar import ics_bytes
from patrolroute.output.looks.clock import stamp
from tests.output.plans import HOSTILE, drawn_plan, renamed
from tests.plan.hand_made import ZONE, at, place, with_crew

LONGEST_LINE = 75
"""Octets of a line, RFC 5545 section 3.1."""


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_each_crew_s_shift_is_one_event_with_its_muster_place() -> None:
    first, second = events(ics_bytes(drawn_plan(), "en"))
    assert [str(one["summary"]) for one in (first, second)] == ["night patrol plan A", "night patrol plan B"]
    assert (first["dtstart"].dt, first["dtend"].dt) == (at("20:00"), at("22:00"))
    lon, lat = place(1)
    assert str(first["location"]) == f"depot 1-2 and 1-4 ({lon:.6f}, {lat:.6f} WGS-84)"
    assert (first["geo"].latitude, first["geo"].longitude) == pytest.approx((lat, lon))


def test_the_description_says_the_stops_and_the_stamp() -> None:
    said = str(events(ics_bytes(drawn_plan(), "zh"))[0]["description"]).splitlines()
    assert said[:2] == ["20:00-20:23 4.0 公里", "第 2 项 20:10-20:20 驻点 无名道路"]
    assert said[2:] == list(stamp(drawn_plan(), "zh", "wgs84"))


@pytest.mark.parametrize(("name", "offset"), [("Asia/Shanghai", 8), ("Europe/Berlin", 2)])
def test_times_name_a_zone_whose_rules_the_file_holds(name: str, offset: int) -> None:
    content = ics_bytes(replace(drawn_plan(), timezone=name))
    calendar = Calendar.from_ical(content)
    (zone,) = calendar.walk("VTIMEZONE")
    start = events(content)[0]["dtstart"]
    assert start.params["TZID"] == str(zone["tzid"]) == name
    assert start.dt == at("20:00")
    shown = zone.to_tz(lookup_tzid=False).utcoffset(start.dt.replace(tzinfo=None))
    assert shown == dt.timedelta(hours=offset)


def test_a_zone_that_this_machine_does_not_know_gives_utc() -> None:
    content = ics_bytes(replace(drawn_plan(), timezone="Moon/Crater"))
    assert b"DTSTART:20260508T120000Z" in content


def test_ids_stay_when_the_plan_changes_and_differ_by_crew_and_night() -> None:
    plan = drawn_plan()
    ids = [str(one["uid"]) for one in events(ics_bytes(plan))]
    better = replace(plan, routes=tuple(replace(route, legs=()) for route in plan.routes), seed=2)
    assert [str(one["uid"]) for one in events(ics_bytes(better, "en", "gcj02"))] == ids
    elsewhere = with_crew(plan, 0, start=plan.crews[0].start.astimezone(dt.UTC))
    assert str(events(ics_bytes(elsewhere))[0]["uid"]) == ids[0]
    tomorrow = with_crew(plan, 0, start=plan.crews[0].start + dt.timedelta(days=1))
    assert len({*ids, str(events(ics_bytes(tomorrow))[0]["uid"])}) == 3


@pytest.mark.parametrize("datum", DATUMS)
def test_only_wgs84_has_the_field_that_the_format_takes_for_it(datum: Datum, tmp_path: Path) -> None:
    (first, _) = events(drawn_plan().to_ics(tmp_path / "a.ics", crs=datum).read_bytes())
    assert ("geo" in first) == (datum == "wgs84")
    assert str(first["location"]).endswith(f"{STAMPS[datum]})")


@pytest.mark.parametrize("name", [*HOSTILE, "a;b,c\\n", "x\r\nEND:VCALENDAR\r\nATTACH:http://example.com"])
def test_any_name_stays_inside_its_line(name: str) -> None:
    content = ics_bytes(renamed(drawn_plan(), name))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= LONGEST_LINE
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert lines.count(b"END:VCALENDAR") == 1
    assert not any(line.startswith(b"ATTACH") for line in lines)
    assert str(events(content)[0]["summary"]).removeprefix("夜巡方案 ") == "".join(
        letter for letter in name if letter >= " " or letter == "\n"
    )


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert ics_bytes(replace(drawn_plan())) == ics_bytes(drawn_plan())
    assert ZONE.utcoffset(None) == dt.timedelta(hours=8)

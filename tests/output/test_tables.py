"""Tables open in a Chinese Excel, say what a crew does line by line, and no cell acts."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from patrolroute.output.itinerary import itinerary
from patrolroute.output.looks.clock import stamp
from patrolroute.output.tables import ACTING, LEFT_OUT, STOPS, harmless, left_out_csv, stops_csv
from patrolroute.plan.records import GiveWay, LeftOut, Overtime, PlannedBreak
from tests.output.plans import HOSTILE, NOTICE, drawn_plan, renamed, resting_plan
from tests.plan.hand_made import place, with_crew, with_leg, with_task


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_excel_knows_the_encoding_and_the_line_ends() -> None:
    content = stops_csv(drawn_plan())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")


def test_each_line_says_who_does_what_where_when() -> None:
    table = rows(stops_csv(drawn_plan(), "en"))
    assert table[0] == [title.format(datum="WGS-84") for title in STOPS["en"]]
    first, dwell = table[1], table[4]
    assert first[:6] == ["A", "1", "patrol", "unnamed road", "1-2/1-4", "1-4/3-4"]
    assert first[6:13] == ["2026-05-08 20:00:00", "2026-05-08 20:05:00", "5.0", "1.5", "yes", "", ""]
    assert dwell[:3] == ["A", "2", "dwell"]  # the second item of the order sheet, as the drive there is
    assert dwell[6:13] == ["2026-05-08 20:10:00", "2026-05-08 20:20:00", "10.0", "0.0", "", "1", "1"]
    assert [float(cell) for cell in dwell[13:15]] == pytest.approx(place(5), abs=1e-6)
    assert dwell[15].startswith("https://uri.amap.com/marker?position=117.0")


def test_nothing_that_the_library_writes_is_a_date_to_excel_but_what_is_one() -> None:
    """Excel takes 2/4 and 2-4 for days of the year when it opens a table by double click."""
    cells = [cell for row in rows(stops_csv(drawn_plan())) for cell in row[7:]]
    moments = [cell for cell in cells if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", cell)]
    assert moments
    assert not [cell for cell in cells if cell not in moments and re.fullmatch(r"\d+[-/]\d+([-/]\d+)?.*", cell)]


def test_the_count_of_a_line_is_that_of_its_own_tasks() -> None:
    plan = drawn_plan()
    (dwell,) = (one for one in itinerary(plan).entries("A") if one.kind == "dwell")
    assert (dwell.count, dwell.visit) == ((1, 1), "1/1")
    stranger = replace(dwell.legs[0], task="not in the plan", visit=2)
    mixed = replace(dwell, legs=(stranger, dwell.legs[0]))
    assert (mixed.count, replace(dwell, tasks=()).count) == ((1, 1), None)


def test_a_break_is_a_line_of_its_own_in_the_readers_language() -> None:
    for lang, word in (("zh", "休息"), ("en", "break")):
        line = rows(stops_csv(resting_plan(), lang))[3]  # type: ignore[arg-type]
        assert line[1:3] == ["2", word]
        assert line[6:10] == ["2026-05-08 20:07:00", "2026-05-08 20:10:00", "3.0", "0.0"]


def test_who_rests_before_leaving_rests_at_the_muster_point() -> None:
    plan = with_crew(resting_plan(), 1, break_=PlannedBreak(3600))
    plan = with_leg(plan, 1, 0, kind="break")
    assert itinerary(plan).entries("B")[0].street("zh") == "集结点"
    assert itinerary(plan).entries("A")[2].street("zh") == "无名道路"


def test_the_plan_its_maker_the_notice_and_whose_data_it_is_end_the_table() -> None:
    assert rows(stops_csv(drawn_plan()))[-4:-2] == [["WGS-84"], [stamp(drawn_plan(), "zh")[0]]]
    assert [row[0] for row in rows(stops_csv(drawn_plan()))[-2:]] == [NOTICE, "drawn"]
    assert [row[0] for row in rows(left_out_csv(drawn_plan()))[-2:]] == [NOTICE, "drawn"]


def test_what_is_left_out_is_listed_with_reason_and_need_in_the_readers_language() -> None:
    chinese, english = rows(left_out_csv(drawn_plan(), "zh")), rows(left_out_csv(drawn_plan(), "en"))
    assert (chinese[0], english[0]) == (LEFT_OUT["zh"], LEFT_OUT["en"])
    assert chinese[1][:2] == ["s41", "s41"]
    assert chinese[1][5:] == [
        "1",
        "0",
        "100",
        "因时间不够未安排",
        "0.7",
        *[""] * 6,
        "因时间不够未安排；再巡一次至少占用一个车组 1 分钟",
    ]
    assert english[1][8:10] == ["it gave way to other tasks", "0.7"]


def test_what_one_more_visit_takes_has_columns_of_its_own() -> None:
    remedies = LeftOut("displaced", 40, "", Overtime("A", 61), GiveWay("B", ("s12", "m5", "s12"), 120), "A")
    plan = with_task(drawn_plan(), "s41", left_out=remedies)
    table = rows(left_out_csv(plan, "en"))
    assert table[0][10:12] == ["crew for overtime", "minutes of overtime"]
    assert table[1][10:16] == ["A", "1.1", "B", "s12 (2 visits) and m5", "120", "A"]
    assert rows(left_out_csv(plan, "zh"))[1][13] == "s12（2 次）、m5"


def test_legs_in_a_row_along_one_street_are_one_line_and_lose_nothing() -> None:
    plan = drawn_plan()
    for route in plan.routes:
        entries = itinerary(plan).entries(route.crew)
        assert [leg for entry in entries for leg in entry.legs] == list(route.legs)
        assert sum(entry.length_m for entry in entries) == route.length_m
        numbers = [entry.number for entry in entries]
        assert numbers == sorted(numbers)
        assert set(numbers) == {order.number for order in itinerary(plan).orders(route.crew)}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_of_any_table_acts(name: str) -> None:
    plan = renamed(drawn_plan(), name)
    for content in (stops_csv(plan), left_out_csv(plan)):
        for row in rows(content):
            assert not any(cell.startswith(ACTING) for cell in row)


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    for start in ACTING:
        assert harmless(f"{start}1") == f"'{start}1"
    assert (harmless("1=1"), harmless("")) == ("1=1", "")

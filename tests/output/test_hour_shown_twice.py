"""An hour that the clock shows twice is told apart in tables; any other hour is written as ever."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import gpxpy
import pytest
from matplotlib.figure import Figure

from patrolroute.base.text import clock_text, is_repeated, span
from patrolroute.demand.hours import DatedWindow
from patrolroute.output.calendar import ics_bytes
from patrolroute.output.kml import kml_bytes
from patrolroute.output.looks.clock import clock, hours
from patrolroute.output.plots.charts import draw_gantt
from patrolroute.output.plots.maps import _frame
from patrolroute.output.summary import summary
from patrolroute.output.tables import _written, stops_csv
from patrolroute.output.tracks import gpx_bytes
from patrolroute.output.workbook import Sheet, workbook_bytes
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.crew import Crew
from patrolroute.problem.evaluate import Solution, Visit
from patrolroute.study.what_if import what_if
from tests.output.plans import drawn_plan
from tests.plan.hand_made import place
from tests.problem.nights import market, night

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
SECOND = FIRST.replace(fold=1)


def test_both_times_of_a_repeated_hour_bear_their_offsets():
    assert [clock_text(one) for one in (FIRST, SECOND)] == ["02:30 (UTC+02:00)", "02:30 (UTC+01:00)"]
    assert clock(FIRST.astimezone(dt.UTC), "Europe/Berlin") == "02:30 (UTC+02:00)"
    assert _written(SECOND) == "2026-10-25 02:30:00+01:00"


@pytest.mark.parametrize(("hour", "minute", "repeated"), [(1, 59, False), (2, 0, True), (2, 59, True), (3, 0, False)])
def test_only_that_hour_is_repeated(hour: int, minute: int, repeated: bool):
    assert is_repeated(FIRST.replace(hour=hour, minute=minute)) is repeated


def test_elsewhere_and_on_other_nights_nothing_is_added():
    assert clock_text(dt.datetime(2026, 5, 8, 2, 30, tzinfo=BERLIN)) == "02:30"
    assert clock_text(dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Asia/Shanghai"))) == "02:30"
    assert clock_text(dt.datetime(2026, 10, 25, 2, 30, tzinfo=dt.UTC)) == "02:30"


def test_a_workbook_tells_them_apart_as_texts():
    from io import BytesIO
    from zipfile import ZipFile

    content = workbook_bytes([Sheet("a", ["when"], [[FIRST], [SECOND]])], title="t", about=[], made=FIRST)
    texts = ZipFile(BytesIO(content)).read("xl/sharedStrings.xml").decode()
    assert "2026-10-25 02:30:00+02:00" in texts
    assert "2026-10-25 02:30:00+01:00" in texts


def test_an_offset_west_of_greenwich_is_not_taken_for_the_end_of_a_span():
    ended = dt.datetime(2026, 11, 1, 1, 33, tzinfo=ZoneInfo("America/New_York"))
    assert hours(ended - dt.timedelta(minutes=97), ended, "America/New_York") == "23:56–01:33 (UTC-04:00)"


def test_from_when_to_when_tells_them_apart():
    assert span(FIRST, SECOND, "zh") == "2026年10月25日 02:30 (UTC+02:00)–02:30 (UTC+01:00)"
    begin = dt.datetime(2026, 10, 24, 22, 0, tzinfo=BERLIN)
    assert span(begin, SECOND, "en") == "24 October 2026 22:00–02:30 (UTC+01:00) the next day"


def in_berlin() -> PatrolPlan:
    """Return the plan of a night with a stop before the clock is put back and one after it, until the shift ends."""
    hours = (DatedWindow(FIRST, SECOND),)
    spot = replace(market(visits=2, headway_s=0), windows=hours)
    crews = (Crew("A", place(1), dt.datetime(2026, 10, 24, 22, tzinfo=BERLIN), SECOND),)
    return night(spot, crews=crews, timezone="Europe/Berlin").plan(Solution(((Visit(0, 0), Visit(0, 1)),)))


def test_every_output_with_clock_times_tells_them_apart():
    plan = in_berlin()
    first, second = (leg for leg in plan.routes[0].legs if leg.kind == "dwell")
    assert [clock_text(leg.depart) for leg in (first, second)] == ["02:30 (UTC+02:00)", "02:00 (UTC+01:00)"]
    outputs = {
        "stops": stops_csv(plan, "zh"), "gpx": gpx_bytes(plan, plan.routes[0]), "kml": kml_bytes(plan),
        "calendar": ics_bytes(plan).replace(b"\r\n ", b""), "summary": summary(plan).encode(),
    }  # fmt: skip
    for name, content in outputs.items():
        text = content if isinstance(content, str) else content.decode()
        bare = re.findall(r"(?<![\d:T.+])02:[0-5]\d(?::\d\d)?(?![\d:]|[+]0| [(]UTC)", text)
        assert bare == [], name
        assert name == "summary" or ("+02:00" in text and "+01:00" in text), name


def test_a_drive_while_the_clock_is_put_back_goes_on_through_the_hour_that_comes_twice():
    plan = drawn_plan()
    begin, end = SECOND.replace(minute=0, fold=0), SECOND.replace(minute=0)
    leg = replace(plan.routes[0].legs[1], depart=begin.replace(minute=50), arrive=end.replace(minute=10))
    track = gpxpy.parse(gpx_bytes(plan, replace(plan.routes[0], legs=(leg,))).decode()).tracks[0].segments[0].points
    moments = [point.time for point in track if point.time is not None]
    assert len(moments) > 2
    assert moments == sorted(moments)
    assert [moment.timestamp() for moment in moments[:: len(moments) - 1]] == [
        leg.depart.timestamp(),
        leg.arrive.timestamp(),
    ]


def test_the_axis_of_a_plot_tells_them_apart_and_its_labels_do_not_touch():
    axes = draw_gantt(in_berlin())
    axes.figure.draw_without_rendering()
    labels = [label for label in axes.get_xticklabels() if label.get_text()]
    texts = [label.get_text() for label in labels]
    assert [text for text in texts if text.startswith("02:00")] == ["02:00\n(UTC+02:00)", "02:00\n(UTC+01:00)"]
    assert "23:00" in texts
    boxes = [label.get_window_extent() for label in labels]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_the_map_of_a_notebook_tells_them_apart():
    pytest.importorskip("folium")
    frame = _frame(in_berlin(), "en")
    moments = [text for title in ("begins", "ends") for text in frame[title] if text.startswith("02:")]
    assert moments
    assert all(text.endswith(("(UTC+02:00)", "(UTC+01:00)")) for text in moments)


def test_what_if_tells_them_apart_in_table_picture_and_sentences(tmp_path: Path):
    spot = replace(market(), windows=())
    crews = (Crew("A", place(1), dt.datetime(2026, 10, 24, 22, tzinfo=BERLIN), FIRST),)
    found = what_if(night(spot, crews=crews, timezone="Europe/Berlin"), ends=[0, 60], work_limit=20, goal="points")
    table = found.to_csv(tmp_path / "table.csv").read_text("utf-8-sig")
    assert "2026-10-25 02:30+02:00" in table
    assert "2026-10-25 02:30+01:00" in table
    ticks = found.plot(Figure().subplots(), against="ends").get_xticklabels()
    assert [tick.get_text() for tick in ticks] == ["02:30 (UTC+02:00)", "02:30 (UTC+01:00)"]
    lines = found.plot(Figure().subplots()).get_lines()
    assert {"02:30 (UTC+02:00)", "02:30 (UTC+01:00)"} <= {line.get_label() for line in lines}
    assert "02:30 (UTC+01:00)" in found.summary("en")

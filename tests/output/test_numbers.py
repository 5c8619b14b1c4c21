"""One numbering: an item of the order sheet has the same number on the map, in tables, tracks and the calendar."""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import gpxpy
import openpyxl
import pytest
from icalendar import Calendar

from patrolroute.base.vocabulary import LEG_KINDS
from patrolroute.output.itinerary import itinerary
from patrolroute.output.kml import NAMESPACE
from patrolroute.output.looks.scene import Scene
from patrolroute.output.sheets.chart import MARK_MM, Atlas
from patrolroute.plan.model import PatrolPlan
from tests.output.plans import resting_plan
from tests.output.test_sheets_orders import named_plan
from tests.plan.hand_made import with_objective

KINDS = {"patrol": "巡逻", "dwell": "驻点", "break": "休息"}

CREW = "A"


@pytest.fixture(scope="module", params=["points", "presence"])
def plan(request: pytest.FixtureRequest) -> PatrolPlan:
    """Return the night with named streets and a break, for either goal: they gather their orders differently."""
    return with_objective(named_plan(resting_plan()), goal=request.param)


@pytest.fixture(scope="module")
def folder(plan: PatrolPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write every output of it."""
    place = tmp_path_factory.mktemp("numbers")
    plan.save(place)
    return place


@pytest.fixture(scope="module")
def paper(folder: Path) -> dict[int, tuple[str, str]]:
    """Return what the order sheet of crew A says under each number: the kind of the order and when it begins."""
    page = (folder / "sheets.html").read_text(encoding="utf-8")
    sheet = page.split('<section class="crew"')[1]
    rows = re.findall(r'<tr class="(\w+)">\n<td class="n"><b>(\d+)</b>.*?class="time">([\d:]*)', sheet, re.DOTALL)
    return {int(number): (kind, begins) for kind, number, begins in rows}


PAPER = {
    "points": {
        1: ("patrol", "20:00"), 2: ("patrol", "20:01"), 3: ("break", "20:07"), 4: ("dwell", "20:10"), 5: ("return", ""),
    },
    "presence": {1: ("patrol", "20:00"), 2: ("break", "20:07"), 3: ("dwell", "20:10"), 4: ("return", "")},
}  # fmt: skip


def test_the_sheet_numbers_orders_one_after_the_other(plan: PatrolPlan, paper: dict[int, tuple[str, str]]) -> None:
    assert paper == PAPER[plan.objective.goal]


def test_the_small_map_of_the_sheet_has_the_same_numbers(folder: Path, paper: dict[int, tuple[str, str]]) -> None:
    page = (folder / "sheets.html").read_text(encoding="utf-8")
    marks = re.findall(r'<circle [^>]*fill="(#\w+)"[^>]*/><text[^>]*>(\d+)</text>', page.split("<section")[1])
    assert sorted((int(number), fill == "#ffd98a") for fill, number in marks) == [
        (number, kind != "patrol") for number, (kind, _) in paper.items() if kind != "return"
    ]


def orders_of(rows: list[tuple[int, str, str]]) -> dict[int, tuple[str, str]]:
    """Return the order under each number from its lines: the first line that is no way there."""
    found: dict[int, tuple[str, str]] = {}
    for number, kind, begins in rows:
        if kind in KINDS.values():
            found.setdefault(number, (next(one for one, said in KINDS.items() if said == kind), begins))
    return found


def without_return(paper: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    return {number: order for number, order in paper.items() if order[0] != "return"}


def test_the_table_and_the_workbook_have_the_sheet_s_numbers(folder: Path, paper: dict[int, tuple[str, str]]) -> None:
    text = (folder / "stops.csv").read_text(encoding="utf-8-sig")
    lines = [row for row in csv.reader(io.StringIO(text)) if row[0] == CREW]
    assert orders_of([(int(row[1]), row[2], row[6][11:16]) for row in lines]) == without_return(paper)
    assert {int(row[1]) for row in lines} == set(paper)
    cells = openpyxl.load_workbook(folder / "plan.xlsx")["路线"].iter_rows(values_only=True)
    typed: list[Any] = [row for row in cells if row[0] == CREW]
    assert [(row[1], row[2], f"{row[6]:%H:%M}") for row in typed] == [
        (int(row[1]), row[2], row[6][11:16]) for row in lines
    ]


def test_the_map_has_the_sheet_s_numbers(folder: Path, paper: dict[int, tuple[str, str]]) -> None:
    page = (folder / "map.html").read_text(encoding="utf-8")
    found = re.search(r'<script[^>]*id="night"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    night = json.loads(html.unescape(found[1]))
    (crew,) = (one for one in night["crews"] if one["name"] == CREW)
    lines = [(row[0], night["words"]["kinds"][row[1]], f"20:{row[2] // 60:02d}") for row in crew["entries"]]
    assert orders_of(lines) == without_return(paper)
    # Five numbers a move: roadway, kind, line, begin, end. Each move's line is one of the same kind.
    moves = crew["moves"]
    for kind, line in zip(moves[1::5], moves[2::5], strict=True):
        assert crew["entries"][line - 1][1] == kind


def test_kml_and_gpx_have_the_sheet_s_numbers(folder: Path, paper: dict[int, tuple[str, str]]) -> None:
    document = fromstring((folder / "plan.kml").read_text(encoding="utf-8"))  # noqa: S314 - our own
    first = next(document.iter(f"{{{NAMESPACE}}}Folder"))
    shown = [
        (text("name"), text("description"))
        for mark in first.iter(f"{{{NAMESPACE}}}Placemark")
        for text in (lambda tag, mark=mark: mark.findtext(f"{{{NAMESPACE}}}{tag}") or "",)
    ]
    lines = [
        (int(name.split()[0]), found[1], found[2])
        for name, said in shown
        if (found := re.search(r" · (\S+) (\d\d:\d\d):\d\d-", said))
    ]
    assert orders_of(sorted(lines, key=lambda line: line[2])) == without_return(paper)
    assert f"{max(paper)} 返回" in " ".join(name for name, _ in shown)
    points = gpxpy.parse((folder / "gpx" / "A.gpx").read_text(encoding="utf-8")).waypoints[1:-1]
    tracked = [(int(str(one.name).split()[0]), *str(one.description).split("-")[0].split()) for one in points]
    assert orders_of(tracked) == without_return(paper)


def test_geojson_frames_and_the_calendar_have_the_sheet_s_numbers(
    plan: PatrolPlan, folder: Path, paper: dict[int, tuple[str, str]]
) -> None:
    wanted = [number for number, _ in itinerary(plan).legs(CREW)]
    features = json.loads((folder / "plan.geojson").read_text(encoding="utf-8"))["features"]
    facts = [one["properties"] for one in features]
    assert [one["order"] for one in facts if one["feature"] == "leg" and one["crew"] == CREW] == wanted
    frame = plan.to_legs()
    assert list(frame.order[frame.crew == CREW]) == wanted
    for leg, number in zip(plan.routes[0].legs, wanted, strict=True):
        assert leg.kind in LEG_KINDS
        assert paper[number][0] in (leg.kind, "return") or leg.kind in ("deadhead", "wait", "patrol")
    event = Calendar.from_ical((folder / "shifts.ics").read_bytes()).walk("VEVENT")[0]
    said = re.findall(r"第 (\d+) 项 (\d\d:\d\d)-\S+ (\S+)", str(event["description"]))
    stops = {number: order for number, order in paper.items() if order[0] in ("dwell", "break")}
    assert orders_of([(int(number), kind, begins) for number, begins, kind in said]) == stops


def test_numbers_on_a_small_map_never_cover_each_other(plan: PatrolPlan) -> None:
    crew, night = plan.crews[0], itinerary(plan).orders(CREW)
    orders = [replace(night[at % (len(night) - 1)], number=at + 1) for at in range(40)]
    chart = Atlas(Scene(plan)).chart(crew, orders, is_low=True)
    west, north, wide, high = map(float, chart.view.split())
    assert [mark.number for mark in chart.marks] == [order.number for order in orders]
    assert any(mark.foot is not None for mark in chart.marks)
    for mark, other in combinations(chart.marks, 2):
        assert math.dist((mark.x, mark.y), (other.x, other.y)) > 2 * MARK_MM * chart.millimetre
    for mark in chart.marks:
        assert west < mark.x < west + wide
        assert north < mark.y < north + high

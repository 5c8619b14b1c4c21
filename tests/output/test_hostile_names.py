"""A night whose crews, streets and hotspots bear hostile names: in every file nothing acts and nothing breaks.

Each file is read by a parser that had no part in writing it, or that knows the format's own rules.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import gpxpy
import openpyxl
import pytest
from icalendar import Calendar
from PIL import Image

import patrolroute as pr
from patrolroute.base.errors import InputError, NightError, OutputError
from patrolroute.base.text import plain
from patrolroute.cli import INPUT_FAULT
from patrolroute.demand.hotspots import Hotspot
from patrolroute.demand.model import PriorityStreet
from patrolroute.network.graph import parse_graphml, to_graphml_bytes
from patrolroute.night.run import night_from
from patrolroute.output.kml import NAMESPACE
from patrolroute.output.tables import ACTING
from patrolroute.plan.model import PatrolPlan
from tests.night.nights import BUREAU, small_night
from tests.output.pages import chromium, opened
from tests.output.plans import drawn_plan, renamed

NAMES = (
    "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "]]></name>", "&amp;&#x3c;", "=cmd()",
    '=HYPERLINK("http://example.com")', "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1+1", "＝1", "'=1", "../../x", "..\\..\\x",
    "/etc/passwd", "C:\\x", "..", ".", "CON", "nul.txt", "COM1", "lpt9.", "trailing. ", " leading", 'a:b*c?"d|e',
    "车组🚓", "👩‍👩‍👧‍👦", "\u202eeman", "\u200b", "路" * 300, "x" * 300, "a\nb", "a\r\nEND:VCALENDAR", "a;b,c\\n",
    "\x07bell", "$x_1$", "{{7*7}}", "%s%n", "_x0041_", "null", "0", "1e9", "2026-05-08", "TRUE",
)  # fmt: skip
"""Each is a crew, a street and a hotspot."""


def hostile_plan() -> PatrolPlan:
    """Return a night with one crew, one street and one market for each name; all drive as crew A does on paper."""
    plan = drawn_plan()
    crew, route, street, market = plan.crews[0], plan.routes[0], plan.tasks[0], plan.tasks[2]
    tasks, crews, routes = [], [], []
    for name in NAMES:
        crews.append(replace(crew, id=name))
        tasks += [replace(street, id=f"s {name}", name=name), replace(market, id=f"m {name}", name=name)]
        other = {"s12": f"s {name}", "m5": f"m {name}"}
        legs = (replace(leg, street=name, task=other.get(leg.task or "")) for leg in route.legs)
        routes.append(replace(route, crew=name, legs=tuple(legs)))
    network = plan.networks["car"]
    named = tuple(plain(NAMES[number % len(NAMES)]) for number in range(len(network.names)))
    return replace(
        plan, networks={"car": replace(network, names=named)}, crews=tuple(crews), tasks=tuple(tasks),
        routes=tuple(routes),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save the night once, deep enough that a name which climbs is seen."""
    where = tmp_path_factory.mktemp("hostile") / "a" / "b" / "out"
    hostile_plan().save(where)
    return where


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def tracks(folder: Path) -> list[Path]:
    return sorted((folder / "gpx").iterdir())


# Files


def test_every_file_lies_inside_the_folder(folder: Path) -> None:
    above = folder.parents[2]
    outside = [path for path in above.rglob("*") if path.is_file() and folder not in path.parents]
    assert outside == []
    assert len(tracks(folder)) == len(NAMES)


def test_every_file_name_is_legal_on_windows(folder: Path) -> None:
    devices = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
    names = [path.name for path in folder.rglob("*")]
    for name in names:
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name), name
        assert not name.endswith((" ", ".")), name
        assert name.split(".")[0].rstrip(" ").casefold() not in devices, name
        assert len(name) <= 100
        assert PureWindowsPath(name).name == name
    assert len({name.casefold() for name in names}) == len(names)


# Formats


def test_json_holds_every_name_as_it_is(folder: Path) -> None:
    assert [crew["id"] for crew in json.loads(text_of(folder / "plan.json"))["crews"]] == list(NAMES)
    assert [crew.id for crew in PatrolPlan.from_json(folder / "plan.json").crews] == list(NAMES)


def test_geojson_holds_every_name_as_it_is(folder: Path) -> None:
    features = json.loads(text_of(folder / "plan.geojson"))["features"]
    assert [one["properties"]["crew"] for one in features if one["properties"]["feature"] == "depot"] == list(NAMES)


def test_no_cell_of_a_table_acts(folder: Path) -> None:
    for name in ("stops.csv", "left_out.csv"):
        rows = list(csv.reader(io.StringIO(text_of(folder / name), newline="")))
        assert not [cell for row in rows for cell in row if cell.startswith(ACTING)]
    shown = {row[0] for row in csv.reader(io.StringIO(text_of(folder / "stops.csv"), newline=""))}
    for name in NAMES:
        kept = plain(name)
        assert {kept, f"'{kept}"} & shown, name


def test_the_workbook_has_no_formula_no_link_and_every_name_as_text(folder: Path) -> None:
    content = (folder / "plan.xlsx").read_bytes()
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name) or b"<f " in archive.read(name)]
        assert not [name for name in archive.namelist() if b"<hyperlink" in archive.read(name)]
        assert not [name for name in archive.namelist() if "external" in name or "vba" in name]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {plain(name) for name in NAMES} - texts == set()


def test_a_number_or_date_as_a_name_stays_a_text_in_the_workbook(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "plan.xlsx")["车组"]
    column = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert column == [plain(name) for name in NAMES]


def test_kml_has_every_crew_and_no_markup_in_what_a_click_shows(folder: Path) -> None:
    root = fromstring(text_of(folder / "plan.kml").encode())  # noqa: S314 - our own
    names = [one.text or "" for one in root.iterfind("./k:Document/k:Folder/k:name", {"k": NAMESPACE})]
    assert [name.replace("\r", "") for name in names] == [plain(name) for name in NAMES]
    assert not [one for one in root.iter(f"{{{NAMESPACE}}}description") if "<" in (one.text or "")]
    assert known_tags(root) <= {
        "kml", "Document", "Folder", "Placemark", "Point", "LineString", "coordinates", "name", "open", "description",
        "LookAt", "longitude", "latitude", "range", "Style", "IconStyle", "LineStyle", "BalloonStyle", "color", "width",
        "text", "styleUrl", "tessellate",
    }  # fmt: skip


def known_tags(root: Element) -> set[str]:
    return {one.tag.rpartition("}")[2] for one in root.iter()}


def test_each_track_is_read_and_says_whose_it_is(folder: Path) -> None:
    said = {(gpxpy.parse(text_of(path)).name or "").removesuffix(" 2026-05-08 20:00") for path in tracks(folder)}
    assert {" ".join(name.split()) for name in said} == {" ".join(plain(name).split()) for name in NAMES}


def test_the_calendar_has_one_event_a_crew_and_nothing_that_a_name_put_there(folder: Path) -> None:
    content = (folder / "shifts.ics").read_bytes()
    calendar: Any = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    assert len(events) == len(NAMES)
    assert {str(event["summary"]).removeprefix("夜巡方案 ") for event in events} == {plain(name) for name in NAMES}
    allowed = {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "DESCRIPTION", "GEO", "LOCATION"}
    assert {field for event in events for field in event} == allowed
    assert content.split(b"\r\n").count(b"END:VCALENDAR") == 1


def test_the_picture_is_a_picture(folder: Path) -> None:
    with Image.open(folder / "map.png") as picture:
        picture.load()
        assert picture.format == "PNG"


# Pages, in a real browser


def test_the_map_and_the_sheets_of_hostile_names_ask_for_nothing_and_run_nothing(folder: Path, tmp_path: Path) -> None:
    path = hostile_plan().to_html(tmp_path / "map.html")
    with chromium() as browser:
        one = opened(browser, path)
        assert one.page.locator("#crews .name").all_text_contents() == list(NAMES)
        for tab in ("left-out", "legend", "detail", "crews"):
            one.page.locator(f"[data-tab={tab}]").click()
        for number, name in enumerate(NAMES):
            one.page.evaluate("number => patrolMap.choose('crew', number)", number)
            assert name.strip() in one.page.locator("#tab-detail").text_content()
            one.page.evaluate("number => patrolMap.choose('task', number)", 2 * number)
        one.settle()
        one.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        one.wait_for("() => document.getElementById('paper-map').naturalWidth > 2000")
        assert one.page.locator("script").count() == SCRIPTS
        assert one.page.locator("img").count() == 1  # the sheet's own
        assert (one.errors, one.asked()) == ([], [path.as_uri()])
        sheets = [folder / "sheets.html", folder / "commander.html"]
        for sheet, count in zip(sheets, (len(NAMES), 1), strict=True):
            one.page.goto(sheet.as_uri())
            assert one.page.locator("script").count() == one.page.locator("img").count() == 0
            assert one.page.locator("section").count() == count
        assert one.errors == []
        assert one.asked() == [page.as_uri() for page in (path, *sheets)]


SCRIPTS = 5
"""On the map's own page."""


# Letters that no file can hold

UNHELD = ("\ud800x", "a\x00", "\x07bell", "\x1b[31m", "a\x0b", "a\ufffe")


@pytest.mark.parametrize("name", UNHELD)
def test_a_name_that_no_file_can_hold_is_refused_where_it_is_given_in_one_sentence(name: str) -> None:
    wrong = next(letter for letter in name if not letter.isprintable())
    shift: dict[str, Any] = {"depot": (117.0, 32.6), "start": "20:00", "end": "22:00", "date": "2026-05-08"}
    (first,) = refused(lambda: pr.Crew.fleet(1, prefix=name, **shift))
    assert first == f"crew: the id {name + '01'!r} holds {wrong!r}, which no file can hold; leave it out"
    (second,) = refused(lambda: pr.Crew.fleet(1, depot_name=name, **shift))
    assert f"the name of the depot {name!r} holds {wrong!r}" in second
    assert f"street: the name {name!r} holds {wrong!r}" in refused(lambda: PriorityStreet(name, ()))[0]
    assert f"hotspot: the name {name!r} holds {wrong!r}" in " ".join(
        refused(lambda: Hotspot("m", name, None))  # type: ignore[arg-type]
    )
    with pytest.raises(NightError) as caught:
        night_from(small_night(depots=[BUREAU | {"name": name}], crews=[{"depot": "bureau", "prefix": name}]))
    assert caught.value.complaints == (
        f"night: depots[1].name: {name!r}: no file can hold {wrong!r}; leave it out",
        f"night: crews[1].prefix: {name!r}: no file can hold {wrong!r}; leave it out",
    )


def refused(make: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        make()
    return caught.value.complaints


@pytest.mark.parametrize("name", UNHELD)
def test_a_map_with_such_a_name_is_saved_without_those_letters(name: str) -> None:
    network = drawn_plan().networks["car"]
    named = replace(network, names=(name,) * network.arc_count, notice=name, attribution=name, source=name)
    read = parse_graphml(to_graphml_bytes(named), Path("network.graphml"), whole=True)
    assert set(read.names) == {plain(name).strip()}
    assert read.notice == read.attribution == plain(name)


def test_a_plan_that_was_given_half_a_letter_by_hand_says_so_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"plan\.json: no file can hold '\\ud800', half of a letter, in "):
        renamed(drawn_plan(), "\ud800x").save(tmp_path / "out")
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("name", ["\u202eabc", "\u200f", "a\nb", "CON", "NUL.txt", "trailing. ", "x" * 300, "🚓"])
def test_a_name_that_is_only_odd_is_kept_from_the_door_to_the_file(name: str, tmp_path: Path) -> None:
    (crew,) = pr.Crew.fleet(1, depot=(117.0, 32.6), start="20:00", end="22:00", date="2026-05-08", prefix=name)
    assert crew.id == f"{name}01"
    path = renamed(drawn_plan(), name).to_json(tmp_path / "plan.json")
    assert PatrolPlan.from_json(path).crews[0].id == name


# Consoles

RUN = """
import sys
import patrolroute.cli.commands as cli
from patrolroute.plan.model import PatrolPlan
cli._solve = lambda *_: PatrolPlan.from_json(sys.argv[1])
sys.exit(cli.main(["demo", "-o", sys.argv[2]]))
"""
"""The command of a night, its search replaced by the plan that is there."""


def test_a_console_of_a_chinese_windows_prints_the_summary_without_dying(folder: Path, tmp_path: Path) -> None:
    """A stand-in for a Chinese Windows on whatever system the test runs: its code page and no UTF-8 mode."""
    environment = os.environ | {"PYTHONIOENCODING": "cp936:strict", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", RUN, str(folder / "plan.json"), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    said = done.stdout.decode("cp936")
    assert "夜巡方案" in said
    assert "车组?" in said
    assert "写好 57 个文件" in done.stderr.decode("cp936")


@pytest.mark.parametrize("encoding", ["cp936", "cp437", "ascii"])
def test_a_console_that_lacks_letters_prints_what_is_wrong_without_dying(folder: Path, encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "patrolroute", "check", str(folder / "plan.json")]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == INPUT_FAULT
    assert "visits_done_right" in done.stdout.decode(encoding)
    assert b"Traceback" not in done.stderr

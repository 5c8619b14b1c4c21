"""A day as it is handed out: visits without times and codes, homes that no file names, sheets in a crew's language."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from patrolroute.base.errors import InputError
from patrolroute.demand.model import ClockWindow
from patrolroute.output.calendar import ics_bytes
from patrolroute.output.kml import kml_bytes
from patrolroute.output.looks.discreet import discreet, makes_visits
from patrolroute.output.looks.duty import crews_by_mode, duty, mode_mark, titled
from patrolroute.output.save import save
from patrolroute.output.sheets.pages import commander_html, sheets_html
from patrolroute.output.sheets.rounds import rounds_html
from patrolroute.output.summary import summary
from patrolroute.output.tracks import geojson_bytes, gpx_bytes
from patrolroute.plan.model import PatrolPlan
from patrolroute.problem.crew import Staff
from patrolroute.problem.model import PatrolProblem
from patrolroute.search.solve import solve
from tests.plan.hand_made import clean_plan, place
from tests.problem.nights import HALF_WAY, RING, crew, market, street

HOME = "望江小区三栋"


@pytest.fixture(scope="module")
def plan() -> PatrolPlan:
    """Return a day of a crew that goes to a home and a shop, of one at a post, of one on a street."""
    home = replace(market(name=f"{HOME}@117.0106,32.6045", dwell_s=600), kind="visit", name=HOME, household=True)
    shop = replace(market(name="shop", point=HALF_WAY, dwell_s=300), kind="visit", name="便民超市")
    post = replace(market("09:10-11:00", name="post", point=place(3), dwell_s=3600), kind="post", name="市民广场")
    guest = crew("客01", start="09:00", end="12:00", kinds={"visit"}, lang="en",
                 staff=Staff(("民警甲",), volunteers=("志愿者甲",)))  # fmt: skip
    others = (crew("屯01", start="09:00", end="12:00", kinds={"post"}), crew("巡01", start="09:00", end="12:00"))
    crews = (guest, *(replace(one, kinds=one.kinds or frozenset({"street"})) for one in others))
    asked = street("s12", windows=(ClockWindow.parse("10:00-11:00"),))
    made = solve(PatrolProblem(RING, [home, shop, post, asked], crews), work_limit=50, goal="points").plan
    assert made.audit() == ()
    assert made.objective.prize_collected == made.objective.prize_total
    return made.explained


def rows_of(page: str, crew_number: int) -> str:
    return page.split(f'id="crew-{crew_number}"')[1].split("</section>", maxsplit=1)[0]


def test_the_list_of_visits_has_order_place_and_box_and_neither_times_nor_codes(plan: PatrolPlan) -> None:
    page = rounds_html(plan).decode()
    body = page.split("<body>")[1]
    assert HOME in body
    assert "便民超市" in body
    assert "志愿者甲" in body
    assert re.findall(r"\d{1,2}:\d{2}", body) == []
    assert re.findall(r"11[67]\.\d+|<svg|uri\.amap", body) == []
    assert 'class="box"' in body
    assert "市民广场" not in body


def test_the_sheet_of_who_makes_visits_has_no_times_and_no_codes_and_is_in_its_language(plan: PatrolPlan) -> None:
    page = sheets_html(plan).decode()
    visits, post = rows_of(page, 1), rows_of(page, 2)
    table = visits.split("<tbody>")[1].split("</tbody>")[0]
    assert re.findall(r"\d{1,2}:\d{2}|uri\.amap", table) == []
    assert "Patrol order sheet" in visits
    assert "No times and no codes" in visits or "no times and no codes" in visits
    assert "日巡任务单" in post
    assert "屯警" in post
    assert "值守 60 分钟" in post
    assert "uri.amap" in post


def test_no_file_that_leaves_the_office_tells_where_somebody_lives(plan: PatrolPlan) -> None:
    visiting = next(route for route in plan.routes if route.crew == "客01")
    for content in (geojson_bytes(plan), kml_bytes(plan), ics_bytes(plan), gpx_bytes(plan, visiting)):
        assert HOME not in content.decode()
        assert "望江" not in content.decode()
    assert HOME in plan.to_json()
    assert discreet(clean_plan()).tasks == clean_plan().tasks


def test_the_list_is_there_where_visits_are_made_and_goes_with_them(plan: PatrolPlan, tmp_path: Path) -> None:
    assert makes_visits(plan)
    assert not makes_visits(plan, "巡01")
    save(plan, tmp_path)
    assert (tmp_path / "rounds.html").is_file()
    with pytest.raises(InputError, match="no crew of this plan makes visits"):
        clean_plan().to_bytes("rounds.html")
    save(clean_plan(), tmp_path)
    assert not (tmp_path / "rounds.html").is_file()


def test_a_plan_from_nine_to_twelve_never_says_night(plan: PatrolPlan) -> None:
    for text in (summary(plan, "zh"), sheets_html(plan).decode(), commander_html(plan).decode()):
        assert "夜" not in text
    assert "屯警 60 分" in summary(plan, "zh")


@pytest.mark.parametrize(
    ("said", "zh"),
    [("foot", "步巡方案"), ("visits", "走访方案"), ("scenic", "景区骑巡方案"), ("post", "屯警方案"),
     ("night", "夜巡方案"), ("day", "日巡方案"), ("stroll", "日巡方案")],
)  # fmt: skip
def test_titles_follow_what_the_night_says_it_is(plan: PatrolPlan, said: str, zh: str) -> None:
    told = replace(plan, settings=dict(plan.settings) | {"duty": said})
    assert titled("plan_title", told, "zh") == zh
    assert titled("plan_title", told, "en")
    assert duty(plan) == "day"


def test_how_a_crew_goes_is_said_where_not_all_go_by_car(plan: PatrolPlan) -> None:
    assert (mode_mark(plan, "客01", "zh"), crews_by_mode(plan, "zh")) == ("", "")
    mixed = replace(plan, crews=(replace(plan.crews[0], mode="foot"), *plan.crews[1:]))
    assert (mode_mark(mixed, "客01", "zh"), mode_mark(mixed, "屯01", "en")) == ("（步巡）", " (car)")
    assert crews_by_mode(mixed, "zh") == "（车巡 2、步巡 1）"

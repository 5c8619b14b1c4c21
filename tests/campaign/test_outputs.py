"""What a campaign is handed out as: calendar, coverage, ledger, the commander's page; in both languages, offline."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from dataclasses import replace
from pathlib import Path

import icalendar
import openpyxl
import pytest

from patrolroute.base.vocabulary import LANGS, Lang
from patrolroute.campaign.agenda import agenda_bytes
from patrolroute.campaign.course import Course
from patrolroute.campaign.coverage import coverage, standing, visits_by_period
from patrolroute.campaign.driven import as_planned
from patrolroute.campaign.handing_out import CAMPAIGN_OUTPUTS, save_report
from patrolroute.campaign.impossible import CampaignCalendar
from patrolroute.campaign.issuing import calendar_of, cancelled, issue, recorded
from patrolroute.campaign.report import coverage_html, report_html
from patrolroute.output.plots.periods import BLUE, draw_periods
from tests.campaign.killed import write
from tests.campaign.towns import placed

D = dt.date
TODAY = D(2026, 7, 3)


@pytest.fixture(scope="module")
def under_way(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, CampaignCalendar]:
    """Issue four nights: one as planned, one without a street, one rained out, one of which nobody told."""
    quotas = [{"name": "row 2", "each_period": 2}]
    place = placed(tmp_path_factory.mktemp("campaign"), quotas=quotas, name="半月<b>", country="CN")
    for number in range(4):
        night = issue(place, write=write).night
        driven = as_planned(night)
        if number == 1:
            visits = {task: 0 if night.names[task] == "row 2" else made for task, made in driven.visits.items()}
            driven = replace(driven, visits=visits)
        if number == 2:
            cancelled(place, night.date, "暴雨")
        elif number < 3:
            recorded(place, night.date, driven)
    course = place.course(today=TODAY)
    return course, calendar_of(course)


def test_coverage_says_what_was_wanted_made_and_owed(under_way: tuple[Course, CampaignCalendar]) -> None:
    course, _ = under_way
    rows = {row.name: row for row in coverage(course)}
    assert next(iter(rows)) == "row 2"
    first, second, third, *_ = rows["row 2"].cells
    assert (first.wanted, first.made, first.owed) == (2, 2, 0)
    assert (second.wanted, second.made, second.owed) == (2, 0, 2)
    assert second.lost > 0
    assert third.made == third.not_told > 0  # as planned
    assert rows["row 0"].quota is None
    assert rows["row 0"].is_required
    stands = standing(course, rows.values())
    assert (stands.driven, stands.cancelled) == (2, 1)
    assert stands.visits < stands.planned
    assert [period.name("zh") for period in stands.missing] == ["6月下半月"]


def test_the_calendar_has_every_night_once_with_its_status(under_way: tuple[Course, CampaignCalendar]) -> None:
    course, calendar = under_way
    found = icalendar.Calendar.from_ical(agenda_bytes(course, calendar))
    events = found.walk("VEVENT")
    assert [str(event["status"]) for event in events][:4] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert {str(event["status"]) for event in events[4:]} == {"TENTATIVE"}
    assert len({str(event["uid"]) for event in events}) == len(course.state.nights) + len(calendar.nights)
    first = events[0]
    assert first["dtstart"].dt.isoformat() == f"{course.state.nights[0].date}T20:00:00+08:00"
    assert (first["dtend"].dt - first["dtstart"].dt) == dt.timedelta(hours=1)


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_has_calendar_coverage_ledger_and_debts(
    under_way: tuple[Course, CampaignCalendar], lang: Lang, tmp_path: Path
) -> None:
    course, calendar = under_way
    save_report(course, calendar, tmp_path, lang=lang)
    assert {path.name for path in tmp_path.iterdir()} == {
        output.name for output in CAMPAIGN_OUTPUTS if not output.on_request
    }
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "report.xlsx").read_bytes()))
    names = {"zh": ["日历", "半月覆盖", "车组台账", "欠账"], "en": ["calendar", "coverage", "crews", "owed"]}
    assert book.sheetnames == names[lang]
    nights, streets, crews, _ = book.worksheets
    assert nights.max_row == 1 + len(course.state.nights) + len(calendar.nights)
    assert streets.max_column == 6 + 3 * len(course.periods)
    ledger = {row[0]: row for row in crews.iter_rows(min_row=2, values_only=True)}
    assert set(ledger) == {"W01", "W02", "E01", "E02"}
    assert {row[2] for row in ledger.values()} == {3}  # what was cancelled is nobody's night


@pytest.mark.parametrize("lang", LANGS)
def test_pages_are_whole_ask_nobody_and_hold_no_markup_of_names(
    under_way: tuple[Course, CampaignCalendar], lang: Lang
) -> None:
    course, calendar = under_way
    for page in (report_html(course, calendar, lang).decode(), coverage_html(course, lang).decode()):
        assert "半月&lt;b&gt;" in page
        assert not re.search(r"(?:src|href)=|url\(|<script|https?://", page)
        assert "default-src 'none'" in page
        words = re.sub("<[^>]*>", " ", page.partition("</style>")[2])
        assert bool(re.search("[\u4e00-\u9fff]", words.replace("半月", "").replace("暴雨", ""))) == (lang == "zh")


def test_what_is_due_is_told_apart_from_what_the_period_under_way_still_asks_for(tmp_path: Path) -> None:
    place, said, marks = placed(tmp_path, quotas=[{"name": "row 2", "each_period": 2}]), [], []
    for today in (D(2026, 5, 8), D(2026, 5, 16), D(2026, 6, 1)):
        course = place.course(today=today)
        page = report_html(course, calendar_of(course)).decode()
        said.append(re.findall(r"欠 \d+ 次|本期还要 \d+ 次", page))
        marks.append(re.findall(r'<td class="few (\w+)">0/2', coverage_html(course).decode())[:3])
    assert said == [["本期还要 2 次"], ["欠 2 次", "本期还要 2 次"], ["欠 4 次", "本期还要 2 次"]]
    assert marks == [["ahead"] * 3, ["short", "ahead", "ahead"], ["short", "short", "ahead"]]


def test_the_commanders_page_says_on_whom_fewest_and_most_nights_fall(tmp_path: Path) -> None:
    course = placed(tmp_path, duties=[{"crew": "W01", "most": 1}]).course()
    page = report_html(course, calendar_of(course)).decode()
    assert re.search(r"晚数：最少 1（W01），最多 \d+（W02等 3 个）", page)
    course = placed(tmp_path).course()
    assert re.search(r"晚数：各车组均为 \d+", report_html(course, calendar_of(course)).decode())


def test_the_commanders_page_names_what_is_owed_and_what_lacks(under_way: tuple[Course, CampaignCalendar]) -> None:
    course, calendar = under_way
    page = report_html(course, calendar).decode()
    assert "截至 2026年7月3日" in page
    assert "缺 1 晚" in page
    assert "row 2" in page
    assert "已登记 2 晚，取消 1 晚" in page


@pytest.mark.parametrize("lang", LANGS)
def test_the_plot_has_a_bar_for_every_period_as_high_as_the_record_says(
    under_way: tuple[Course, CampaignCalendar], lang: Lang
) -> None:
    course, _ = under_way
    rows = visits_by_period(course, lang)
    assert len(rows) == len(course.periods)
    for at, (wanted, made, not_told, owed) in enumerate(rows.values()):
        cells = [row.cells[at] for row in coverage(course)]
        has_begun = course.periods[at].first <= TODAY
        assert wanted == sum(cell.wanted for cell in cells)
        assert owed == (sum(cell.owed for cell in cells) if has_begun else None)
        assert 0 <= not_told <= made
    axes = draw_periods(rows, lang=lang)
    told, open_ = axes.containers
    assert [bar.get_height() for bar in told] == [made - left for _, made, left, _ in rows.values()]
    assert [bar.get_height() for bar in open_] == [left for _, _, left, _ in rows.values()]
    assert told[0].get_facecolor()[:3] == pytest.approx([int(BLUE[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    marks, line = (drawn.get_ydata() for drawn in axes.lines)
    assert list(marks) == [row[0] for row in rows.values()]
    assert [None if math.isnan(left) else left for left in line] == [row[3] for row in rows.values()]
    assert len(axes.get_xticklabels()) == len(rows)


def test_a_plot_of_no_period_says_so() -> None:
    assert draw_periods({}, lang="en").texts

"""Everything that a campaign is handed out as, and the folder that holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from patrolroute.base.errors import MissingExtraError, OutputError
from patrolroute.base.extras import lacking, require
from patrolroute.base.files import write_all
from patrolroute.base.vocabulary import Lang
from patrolroute.campaign.agenda import agenda_bytes
from patrolroute.campaign.books import book_bytes
from patrolroute.campaign.course import Course
from patrolroute.campaign.impossible import CampaignCalendar
from patrolroute.campaign.report import coverage_html, report_html
from patrolroute.campaign.workbook.reading import holds_campaign
from patrolroute.output.sheets import pdf_of

BOOK = "report.xlsx"
"""Not called as the campaign's own workbook is, for reports are written beside it if somebody says so."""

Writer: TypeAlias = Callable[[Course, CampaignCalendar, Lang], bytes]


@dataclass(frozen=True, slots=True)
class CampaignOutput:
    """One thing that a campaign is handed out as.

    Parameters
    ----------
    name
        The file.
    write
        Returns what is in it.
    zh, en
        What it is, for people.
    needs
        Libraries that an extra brings.
    on_request
        Whether it is only written if asked for.
    """

    name: str
    write: Writer
    zh: str
    en: str
    needs: tuple[str, ...]
    on_request: bool = False


CAMPAIGN_OUTPUTS: tuple[CampaignOutput, ...] = (
    CampaignOutput(
        "report.html", report_html, "简报，供指挥员，一页", "the commander's page", ("jinja2",)
    ),
    CampaignOutput(
        "report.pdf",
        lambda course, calendar, lang: pdf_of(report_html(course, calendar, lang)),
        "简报的 PDF，需要本机有 Chromium、Chrome 或 Edge",
        "the same as PDF, through a Chromium, Chrome or Edge of this computer",
        ("jinja2",),
        on_request=True,
    ),
    CampaignOutput(
        "coverage.html",
        lambda course, _, lang: coverage_html(course, lang),
        "半月覆盖：各路段、场所每期要求、实巡、欠",
        "coverage: what was wanted, made and owed, street by street and period by period",
        ("jinja2",),
    ),
    CampaignOutput(
        BOOK, book_bytes, "工作簿：日历、半月覆盖、车组台账、欠账",
        "a workbook: calendar, coverage, ledger of crews, what is owed", ("xlsxwriter",),
    ),
    CampaignOutput(
        "campaign.ics", agenda_bytes, "日历，可导入手机和电脑日历", "the nights for any calendar", ("icalendar",)
    ),
)  # fmt: skip
"""What a campaign is handed out as."""


def lacking_outputs() -> Iterator[MissingExtraError]:
    """Yield what to say of each output that needs a library that is not installed."""
    for output in CAMPAIGN_OUTPUTS:
        if not output.on_request:
            yield from lacking(output.name, *output.needs)


def save_report(
    course: Course, calendar: CampaignCalendar, folder: Path, *, lang: Lang = "zh", pdf: bool = False
) -> tuple[Path, ...]:
    """Write everything that a campaign is handed out as; what needs a library that is not installed is left out.

    Parameters
    ----------
    course
        The campaign under way; its ``today`` is the date of the report.
    calendar
        What is to come.
    folder
        Where to.
    lang
        Of the words.
    pdf
        Whether the commander's page is written as PDF too.

    Raises
    ------
    OutputError
        If the folder cannot be written, a campaign's own workbook stands in the place of the report's, or there is
        no browser for the PDF; nothing is written then.
    MissingExtraError
        If the PDF is asked for and needs a library that is not installed.
    """
    wanted = [output for output in CAMPAIGN_OUTPUTS if not output.on_request and not list(lacking("", *output.needs))]
    for output in CAMPAIGN_OUTPUTS:
        if output.on_request and pdf:
            require(output.name, *output.needs)
            wanted.append(output)
    if holds_campaign(folder / BOOK):
        raise OutputError(f"{folder / BOOK}: holds a campaign, not a report; write the report into another folder")
    return write_all(folder, {output.name: output.write(course, calendar, lang) for output in wanted})

"""A campaign from Python: its file as types, its folder, the calendar, nights issued, recorded, handed out.

What `patrolroute campaign` does on the command line, for programs that plan duties themselves; every type that these
calls show is here too.
"""

from __future__ import annotations

from patrolroute.campaign.agenda import agenda_bytes
from patrolroute.campaign.books import book_bytes
from patrolroute.campaign.calendar import PlannedNight, Want
from patrolroute.campaign.course import Course, Obstacle
from patrolroute.campaign.coverage import CoverageCell, CoverageRow, Standing, coverage, standing, visits_by_period
from patrolroute.campaign.days import DayBook, DayKind, Period
from patrolroute.campaign.drawn import Drawer
from patrolroute.campaign.driven import as_planned, issued_plan, made_csv, of_plan, read_driven
from patrolroute.campaign.folder import CampaignFolder
from patrolroute.campaign.handing_out import save_report
from patrolroute.campaign.impossible import CampaignCalendar
from patrolroute.campaign.issuing import (
    Issue,
    NightTask,
    Planner,
    StepCallback,
    Writer,
    calendar_of,
    cancelled,
    issue,
    opened,
    recorded,
    require_issued,
    save_night,
    solved,
)
from patrolroute.campaign.mixture import MixCallback
from patrolroute.campaign.model import (
    Campaign,
    Carry,
    Days,
    Draw,
    Duty,
    FairShare,
    FixedNight,
    Quota,
    Rule,
    Swap,
    Theme,
    campaign_schema,
)
from patrolroute.campaign.reading import campaign_from, read_campaign
from patrolroute.campaign.report import coverage_html, report_html
from patrolroute.campaign.reveal import reveal_lines
from patrolroute.campaign.said import next_lines, status_lines
from patrolroute.campaign.state import CampaignState, Driven, IssuedNight, Visits
from patrolroute.campaign.themed import Member, Name, ThemedNights
from patrolroute.campaign.wanted import Ask, Ground
from patrolroute.campaign.words import Each, SaidEach, SaidWeekdays, Weekday
from patrolroute.campaign.workbook.turning import campaign_bytes

__all__ = [
    "Ask", "Campaign", "CampaignCalendar", "CampaignFolder", "CampaignState", "Carry", "Course", "CoverageCell",
    "CoverageRow", "DayBook", "DayKind", "Days", "Draw", "Drawer", "Driven", "Duty", "Each", "FairShare", "FixedNight",
    "Ground", "Issue", "IssuedNight", "Member", "MixCallback", "Name", "NightTask", "Obstacle", "Period",
    "PlannedNight", "Planner", "Quota", "Rule", "SaidEach", "SaidWeekdays", "Standing", "StepCallback", "Swap",
    "Theme", "ThemedNights", "Visits", "Want", "Weekday", "Writer", "agenda_bytes", "as_planned", "book_bytes",
    "calendar_of", "campaign_bytes", "campaign_from", "campaign_schema", "cancelled", "coverage", "coverage_html",
    "issue", "issued_plan", "made_csv", "next_lines", "of_plan", "opened", "read_campaign", "read_driven", "recorded",
    "report_html", "require_issued", "reveal_lines", "save_night", "save_report", "solved", "standing", "status_lines",
    "visits_by_period",
]  # fmt: skip

"""The commands on many nights: ``campaign new | status | next | issue | record | cancel | report | reveal``."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import Complaint, InputError, PlanViolation
from patrolroute.cli import DONE, REQUIRED_MISSED, also_option, blame, folder_named, positive, say, tell_lack
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from patrolroute.campaign.course import Course
    from patrolroute.campaign.folder import CampaignFolder
    from patrolroute.campaign.impossible import CampaignCalendar


def campaign_commands(commands: Any) -> None:
    """Add the commands."""
    parser = commands.add_parser("campaign", help="nights of many weeks: calendar, issue, record, what is owed")
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    new = actions.add_parser("new", help="write a campaign's file and its base night to fill in")
    new.add_argument("folder", type=Path, help="a new folder for the campaign")
    new.add_argument(
        "--night", dest="base", type=Path, metavar="NIGHT", help="the base night's file (default: an example)"
    )
    new.add_argument("--workbook", action="store_true", help="as one workbook for Excel, the base night in it")
    lang_option(new, of_plans=True)
    new.set_defaults(run=_new)

    status = _action(actions, "status", "what happened, what is to come, what is owed", _status)
    _today(status)
    _today(_action(actions, "next", "the next night: date, theme, crews, what it owes", _next))

    issue = _action(actions, "issue", "plan the next night and write its folder", _issue)
    _today(issue)
    issue.add_argument("--time-limit", type=positive(float), help="seconds to solve")
    issue.add_argument("--work-limit", type=positive(int), help="units of work to solve; repeats exactly")
    also_option(issue)

    record = _action(actions, "record", "tell what was really driven in a night", _record)
    record.add_argument("date", type=day_named, help="day on which the night began, such as 2026-05-08")
    record.add_argument(
        "driven", type=Path, nargs="?",
        help="a ticked made.csv or workbook, or a plan.json or its folder (default: all as planned)",
    )  # fmt: skip

    cancel = _action(actions, "cancel", "tell that a night was not driven; its period is short of one again", _cancel)
    cancel.add_argument("date", type=day_named, help="day on which the night began, such as 2026-05-08")
    cancel.add_argument("--why", default="", help="reason, for people")

    report = _action(actions, "report", "write calendar, coverage, ledger of crews, the commander's page", _report)
    _today(report)
    report.add_argument(
        "-o", "--out", type=folder_named, help="folder for the outputs (default: `report` in the campaign's folder)"
    )
    report.add_argument("--pdf", action="store_true", help="the commander's page as PDF too")

    _action(actions, "reveal", "tell the secret once all is over, and check every draw by it", _reveal)


def _action(actions: Any, name: str, text: str, run: Any) -> Any:
    parser = actions.add_parser(name, help=text)
    parser.add_argument("campaign", type=Path, help="the campaign's folder, or its file")
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=run)
    return parser


def _today(parser: Any) -> None:
    parser.add_argument(
        "--today", type=day_named, help="nights to come begin on this day or later (default: this computer's today)"
    )


def day_named(text: str) -> dt.date:
    """Read a day on the command line."""
    from patrolroute.demand.clocks import read_date

    try:
        return read_date(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-05-08") from error


def _place(args: argparse.Namespace) -> CampaignFolder:
    from patrolroute.campaign.folder import CampaignFolder

    return CampaignFolder.at(args.campaign)


def _course(args: argparse.Namespace) -> tuple[Course, CampaignCalendar]:
    from patrolroute.campaign.issuing import calendar_of

    course = _place(args).course(today=args.today or dt.date.today())  # noqa: DTZ011 - a planner's own day
    return course, calendar_of(course)


def _new(args: argparse.Namespace) -> int:
    from patrolroute.base.files import write_all
    from patrolroute.campaign.starter import starter

    if args.folder.exists() and any(args.folder.iterdir() if args.folder.is_dir() else [args.folder]):
        sentence = f"{args.folder}: is there already and holds something; give the name of a new folder"
        raise InputError(Complaint(sentence))
    files = starter(args.base, args.folder, args.lang, is_workbook=args.workbook)
    write_all(args.folder, files)
    key = "campaign_new_book" if args.workbook else "campaign_new"
    say(SAID.say(key, args.lang, folder=args.folder, file=next(iter(files))))
    return DONE


def _print(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    return DONE


def _status(args: argparse.Namespace) -> int:
    from patrolroute.campaign.said import status_lines

    return _print(status_lines(*_course(args), args.lang))


def _next(args: argparse.Namespace) -> int:
    from patrolroute.campaign.said import next_lines

    return _print(next_lines(*_course(args), args.lang))


def _issue(args: argparse.Namespace) -> int:
    from patrolroute.campaign.drawn import Drawer
    from patrolroute.campaign.issuing import NightTask, issue, save_night, solved
    from patrolroute.campaign.mixture import MixProgress
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.rules.audit import NOT_KEPT

    began = time.perf_counter()
    limits = {name: getattr(args, name) for name in ("time_limit", "work_limit") if getattr(args, name) is not None}

    place = _place(args)
    terms = place.campaign().draw

    def told(found: MixProgress) -> None:
        say(SAID.say("campaign_mixing", args.lang, plans=found.plans, of=found.of))

    def planner(task: NightTask) -> tuple[PatrolPlan, Mapping[str, Any]]:
        facts = {"tasks": len(task.problem.tasks), "crews": len(task.problem.crews)}
        say(SAID.say("campaign_solving", args.lang, date=task.night.date, **facts))
        make = partial(solved, limits=limits) if terms is None else Drawer(place, terms, told, limits)
        plan, how = make(task)
        plan = plan.explained
        if broken := [found for found in plan.audit() if found.rule not in NOT_KEPT]:
            raise PlanViolation("\n".join(map(str, broken)))
        return plan, how

    today = args.today or dt.date.today()  # noqa: DTZ011 - a planner's own day
    issued = issue(place, today=today, planner=planner, write=partial(save_night, also=args.also))
    print(issued.plan.summary(args.lang))
    seconds = f"{time.perf_counter() - began:.1f}"
    say(SAID.say("campaign_issued", args.lang, date=issued.night.date, folder=issued.folder, seconds=seconds))
    if issued.failed is not None:
        for reason in issued.failed.reasons:
            say(SAID.say("not_written", args.lang, reason=reason))
        return blame(issued.failed)
    return REQUIRED_MISSED if issued.plan.objective.required_missed else DONE


def _record(args: argparse.Namespace) -> int:
    from patrolroute.campaign.driven import as_planned, read_driven
    from patrolroute.campaign.issuing import recorded, require_issued

    place = _place(args)
    night = require_issued(place, args.date)
    driven = as_planned(night) if args.driven is None else read_driven(night, args.driven, place.night(args.date))
    told = recorded(place, args.date, driven)
    facts = {"made": sum(told.made.values()), "planned": sum(told.planned.values()), "crews": len(told.crew_hours)}
    say(SAID.say("campaign_recorded", args.lang, date=args.date, **facts))
    return DONE


def _cancel(args: argparse.Namespace) -> int:
    from patrolroute.campaign.issuing import cancelled

    cancelled(_place(args), args.date, args.why)
    say(SAID.say("campaign_cancelled", args.lang, date=args.date))
    return DONE


def _report(args: argparse.Namespace) -> int:
    from patrolroute.campaign.handing_out import lacking_outputs, save_report

    course, calendar = _course(args)
    for lack in lacking_outputs():
        tell_lack(lack, args.lang)
    folder = args.out or _place(args).folder / "report"
    files = save_report(course, calendar, folder, lang=args.lang, pdf=args.pdf)
    say(SAID.say("files", args.lang, number=len(files), folder=folder))
    return DONE


def _reveal(args: argparse.Namespace) -> int:
    from patrolroute.campaign.reveal import reveal_lines

    return _print(reveal_lines(_place(args), args.lang))

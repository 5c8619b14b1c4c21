"""The command ``replan``: the rest of a night that is under way, planned anew from its plan.json."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import PlanViolation, ProblemError
from patrolroute.cli import (
    DONE,
    REQUIRED_MISSED,
    also_option,
    blame,
    folder_named,
    has_summary,
    positive,
    saved,
    say,
    seed,
)
from patrolroute.cli.language import lang_option
from patrolroute.cli.parser import plan_named
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from patrolroute.live.replan import Replan
    from patrolroute.live.replan_places import Call
    from patrolroute.plan.model import PatrolPlan


def replan_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("replan", help="plan the rest of a night anew while it is under way")
    parser.add_argument("plan", type=plan_named, help="the plan.json by which crews drive, or its folder")
    parser.add_argument("--at", required=True, metavar="CLOCK", help="from when on: a clock time such as 22:00")
    text = "a crew that does nothing more; again for another"
    parser.add_argument("--out-of-service", action="append", default=[], metavar="CREW", help=text)
    text = "a street that is closed from then on, or a section of one; again for another"
    parser.add_argument("--close", action="append", default=[], metavar="STREET", help=text)
    text = "a street on which one drives at a share of the usual speed, STREET=0.5; again for another"
    parser.add_argument("--slow", action="append", default=[], type=_slow, metavar="STREET=SHARE", help=text)
    text = "where a crew is called away to: LON,LAT or a crossing in words; its --crew and --until follow"
    parser.add_argument("--call", action="append", default=[], metavar="PLACE", help=text)
    text = "the crew that is called away; as many times as --call"
    parser.add_argument("--crew", action="append", default=[], metavar="CREW", help=text)
    text = "until when it is away, a clock time (default: 30 minutes after --at); once, or as many times as --call"
    parser.add_argument("--until", action="append", default=[], metavar="CLOCK", help=text)
    text = "when shifts end instead, a clock time; or CREW=CLOCK for one crew, again for another"
    parser.add_argument("--end", action="append", default=[], metavar="CLOCK", help=text)
    parser.add_argument("--time-limit", type=positive(float), help="seconds to solve")
    parser.add_argument("--work-limit", type=positive(int), help="units of work to solve; repeats exactly")
    parser.add_argument("--seed", type=seed, default=0, help="a whole number from 0; another seed, another plan")
    parser.add_argument(
        "-o", "--out", type=folder_named, required=True, help="folder for the outputs (default: %(default)s)"
    )
    lang_option(parser, of_plans=True)
    also_option(parser)
    parser.set_defaults(run=_replan)


def _slow(text: str) -> tuple[str, float]:
    """Read a street and a share.

    Examples
    --------
    >>> _slow("龙湖路=0.5")
    ('龙湖路', 0.5)
    """
    name, _, share = text.rpartition("=")
    try:
        return name, float(share)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a street and a share, such as A Road=0.5") from error


def ends_of(given: list[str]) -> str | dict[str, str] | None:
    """Return one end for all crews, or those of some.

    Examples
    --------
    >>> ends_of(["23:00"]), ends_of(["P01=23:00", "P02=23:30"]), ends_of([])
    ('23:00', {'P01': '23:00', 'P02': '23:30'}, None)
    """
    if not given:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return given[0]
    return {crew: clock for crew, _, clock in (text.rpartition("=") for text in given)}


AWAY = dt.timedelta(minutes=30)
"""How long a crew is away that is called, if nobody says."""


def calls_of(args: argparse.Namespace, plan: PatrolPlan) -> list[Call]:
    """Return the calls of the command line.

    Raises
    ------
    ProblemError
        If there is not one crew for each, or neither one nor as many times until when.
    """
    from patrolroute.live.replan_asked import moment_of
    from patrolroute.live.replan_places import Call

    if len(args.call) != len(args.crew):
        raise ProblemError(f"replan: {len(args.call)} --call and {len(args.crew)} --crew; give one crew for each call")
    untils = args.until * len(args.call) if len(args.until) == 1 else args.until
    if untils and len(untils) != len(args.call):
        raise ProblemError(f"replan: {len(args.call)} --call and {len(untils)} --until; give one, or one for each call")
    usual = moment_of(plan, args.at) + AWAY if args.call else None
    return [
        Call(crew, place, until or usual or "")
        for place, crew, until in zip(args.call, args.crew, untils or [None] * len(args.call), strict=True)
    ]


def _replan(args: argparse.Namespace) -> int:
    from patrolroute.base.files import require_writable
    from patrolroute.live.replan import replan
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.rules.audit import NOT_KEPT

    require_writable(args.out)
    began = time.perf_counter()

    def elapsed() -> str:
        return f"[{time.perf_counter() - began:5.1f} s] "

    say(elapsed() + SAID.say("replan_reading", args.lang, plan=args.plan))
    plan = PatrolPlan.from_json(args.plan)
    found = replan(
        plan,
        at=args.at,
        out_of_service=args.out_of_service,
        close=args.close,
        slow=dict(args.slow),
        calls=calls_of(args, plan),
        end=ends_of(args.end),
        time_limit=args.time_limit,
        work_limit=args.work_limit,
        seed=args.seed,
    )
    say(elapsed() + _told(found, args))
    plan = found.plan.explained
    if wrong := [violation for violation in plan.audit() if violation.rule not in NOT_KEPT]:
        raise PlanViolation("\n".join(map(str, wrong)))
    error = saved(plan, args.out, elapsed, lang=args.lang, also=args.also)
    if has_summary(error):
        print(plan.summary(args.lang))
    if error is not None:
        return blame(error)
    return REQUIRED_MISSED if plan.objective.required_missed else DONE


def _told(found: Replan, args: argparse.Namespace) -> str:
    """Return in a line what is different."""
    changes = found.changes
    facts = {"tasks": len(changes.tasks), "crews": len(changes.changed_crews), "share": f"{100 * changes.share:.0f}"}
    return SAID.say("replanned", args.lang, **facts)

"""The commands ``replan`` and ``dispatch``: a night that is under way, planned anew from its plan.json; who is near."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from patrolroute.base.errors import Complaints, PlanViolation, ProblemError, short
from patrolroute.base.vocabulary import DATUMS
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
    from patrolroute.demand.model import Hotspot
    from patrolroute.live.replan import Replan
    from patrolroute.live.replan_places import Call
    from patrolroute.live.replan_positions import Positions
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
    text = "a table of more places to stand at, with the columns of a list of hotspots; again for another"
    parser.add_argument("--new-hotspots", action="append", default=[], type=Path, metavar="FILE", help=text)
    _positions_options(parser)
    for word, text in LOCKS.items():
        parser.add_argument(f"--keep-{word}", action="append", default=[], metavar="CREW", help=text)
    parser.add_argument("--goal", choices=("points", "presence"), help="for what the rest is planned, if not as before")
    text = "so many tasks may be changed at most: a whole number, or a share below 1"
    parser.add_argument("--most-changed", type=_most, metavar="N", help=text)
    text = "plan with several caps as well, and say what k changes buy; takes several times as long"
    parser.add_argument("--curve", action="store_true", help=text)
    parser.add_argument("--time-limit", type=positive(float), help="seconds to solve")
    parser.add_argument("--work-limit", type=positive(int), help="units of work to solve; repeats exactly")
    text = "cores to use for points; the plan is the same with any number"
    parser.add_argument("--threads", type=positive(int), metavar="N", help=text)
    parser.add_argument("--seed", type=seed, default=0, help="a whole number from 0; another seed, another plan")
    parser.add_argument(
        "-o", "--out", type=folder_named, required=True, help="folder for the outputs (default: %(default)s)"
    )
    lang_option(parser, of_plans=True)
    also_option(parser)
    parser.set_defaults(run=_replan)


T = TypeVar("T")

LOCKS = {
    "rest": "a crew whose rest stays as it is; again for another",
    "order": "a crew that does what was planned, in the same order, at other times if need be; again for another",
    "tasks": "a crew whose patrols and dwells nobody takes over, in any order; again for another",
}
"""What stays, and for whom."""


def _positions_options(parser: argparse.ArgumentParser) -> None:
    text = "where crews are: a table (crew, lon, lat, heading) or tracks, of which the last fix counts"
    parser.add_argument("--positions", type=Path, metavar="FILE", help=text)
    text = "datum of the positions and of the new places (default: the files' own, else wgs84)"
    parser.add_argument("--crs", choices=DATUMS, help=text)


def dispatch_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("dispatch", help="say which crew reaches a place first, and what sending it costs")
    parser.add_argument("plan", type=plan_named, help="the plan.json by which crews drive, or its folder")
    parser.add_argument("--at", required=True, metavar="CLOCK", help="when it is called: a clock time such as 22:00")
    text = "where to: LON,LAT or a crossing in words"
    parser.add_argument("--to", required=True, metavar="PLACE", help=text)
    text = "until when the crew stays, a clock time (default: 30 minutes after --at)"
    parser.add_argument("--until", metavar="CLOCK", help=text)
    text = "for so many crews, the first to be there, work out the cost (default: %(default)s)"
    parser.add_argument("--costs", type=_count, default=COSTED, metavar="N", help=text)
    _positions_options(parser)
    parser.add_argument("--work-limit", type=positive(int), help="units of work to solve; repeats exactly")
    parser.add_argument("--seed", type=seed, default=0, help="a whole number from 0; another seed, another plan")
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_dispatch)


COSTED = 3
"""For so many crews the cost is worked out if nobody says."""


def _count(text: str) -> int:
    """Read a whole number from 0."""
    if not text.isdecimal() or len(text) > len("1000"):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a whole number from 0 to 9999")
    return int(text)


def _most(text: str) -> float:
    """Read a share below 1 or a whole number.

    Examples
    --------
    >>> _most("0.2"), _most("30")
    (0.2, 30.0)
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (0 <= value < 1 or (value >= 1 and value.is_integer())):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is neither a share from 0 to below 1 nor a whole number")
    return value


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
    pairs = [(crew, clock) for crew, _, clock in (text.rpartition("=") for text in given)]
    return said_once("--end", pairs)


def said_once(option: str, pairs: Sequence[tuple[str, T]]) -> dict[str, T]:
    """Return what an option says of each name.

    Raises
    ------
    ProblemError
        Naming every name of which it says two things.
    """
    complaints, found = Complaints(), dict[str, T]()
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            complaints.add(f"replan: {option} says two things of {short(name, 40)}: {found[name]} and {value}")
    complaints.raise_as(ProblemError)
    return found


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
    from patrolroute.live.replan_locks import Locks
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.rules.audit import NOT_KEPT

    require_writable(args.out)
    ends = ends_of(args.end)
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
        slow=said_once("--slow", args.slow),
        calls=calls_of(args, plan),
        new_hotspots=_hotspots(args, plan),
        end=ends,
        positions=_positions(args, plan),
        locks=Locks(rest=args.keep_rest, order=args.keep_order, tasks=args.keep_tasks),
        goal=args.goal,
        most_changed=args.most_changed,
        curve=args.curve,
        time_limit=args.time_limit,
        work_limit=args.work_limit,
        seed=args.seed,
        threads=args.threads,
    )
    say(elapsed() + _told(found, args))
    if args.curve:
        print(found.curve_text(args.lang))
    plan = found.plan.explained
    if wrong := [violation for violation in plan.audit() if violation.rule not in NOT_KEPT]:
        raise PlanViolation("\n".join(map(str, wrong)))
    error = saved(plan, args.out, elapsed, lang=args.lang, also=args.also)
    files = found.save_changes(args.out, lang=args.lang)
    say(elapsed() + SAID.say("replan_changes", args.lang, files=", ".join(path.name for path in files)))
    if has_summary(error):
        print(plan.summary(args.lang))
    if error is not None:
        return blame(error)
    return REQUIRED_MISSED if plan.objective.required_missed else DONE


def _positions(args: argparse.Namespace, plan: PatrolPlan) -> Positions | None:
    from patrolroute.live.positions_file import read_positions

    return None if args.positions is None else read_positions(args.positions, crs=args.crs, timezone=plan.timezone)


def _hotspots(args: argparse.Namespace, plan: PatrolPlan) -> list[Hotspot]:
    """Return the new places of all files, on the network of cars, or on the only one that there is."""
    from patrolroute.demand.hotspots import read_hotspots

    network = plan.networks.get("car") or next(iter(plan.networks.values()))
    return [spot for path in args.new_hotspots for spot in read_hotspots(path, network, crs=args.crs)]


def _dispatch(args: argparse.Namespace) -> int:
    from patrolroute.live.dispatch import COST_WORK, dispatch
    from patrolroute.plan.model import PatrolPlan

    plan = PatrolPlan.from_json(args.plan)
    found = dispatch(
        plan, args.at, args.to, until=args.until, positions=_positions(args, plan), costs=args.costs,
        work_limit=args.work_limit or COST_WORK, seed=args.seed,
    )  # fmt: skip
    print(found.summary(args.lang))
    return DONE


def _told(found: Replan, args: argparse.Namespace) -> str:
    """Return in a line what is different."""
    changes = found.changes
    facts = {"tasks": len(changes.tasks), "crews": len(changes.changed_crews), "share": f"{100 * changes.share:.0f}"}
    return SAID.say("replanned", args.lang, **facts)

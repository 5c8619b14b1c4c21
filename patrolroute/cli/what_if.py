"""The command that looks at other fleets and nights, ``what-if``, and how it reads their lists."""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.extras import lacking
from patrolroute.base.text import clock_text
from patrolroute.base.vocabulary import GOALS, OLD_GOALS
from patrolroute.cli import DONE, GOAL_HELP, folder_named, night_of, positive, say, seed, tell_lack
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from patrolroute.study.variants import Variant


MOST_CREWS = 500
"""Of a fleet that what-if looks at."""

WHAT_IF_TABLE, WHAT_IF_PLOT = "what_if.csv", "what_if.png"
"""Files of ``what-if``."""

RANGE = re.compile(r"(\d+)\.\.(\d+)")
MINUTES = re.compile(r"[+-]?\d+")


def what_if_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("what-if", help="say what more crews or a longer night would buy")
    parser.add_argument("night", type=Path, help="the night's file")
    parser.add_argument("--crews", type=sizes, help="sizes of the fleet: 4..12, or 4,6,8 (default: the night's own)")
    parser.add_argument(
        "--ends", type=ends, default=[0],
        help="when the last shift ends, 22:45,23:15, or minutes later, --ends=-30,0,30; all others move alike",
    )  # fmt: skip
    parser.add_argument(
        "--near-home", type=weights, help="weights of near home, 0,0.25,0.5 (default: 0 and the night's own, if any)"
    )
    parser.add_argument("--goal", choices=(*GOALS, *OLD_GOALS), help=f"{GOAL_HELP} (default: the night's own)")
    parser.add_argument("--work-limit", type=positive(int), help="units of work for each variant; repeats exactly")
    parser.add_argument("--seed", type=seed, help="a whole number from 0 (default: the night's own)")
    parser.add_argument(
        "-o", "--out", type=folder_named, default=Path("out"), help="folder for the outputs (default: %(default)s)"
    )
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_what_if)


def sizes(text: str) -> list[int]:
    """Read sizes of the fleet: numbers and ranges, with commas between them.

    Examples
    --------
    >>> sizes("4..7, 10")
    [4, 5, 6, 7, 10]
    """
    found: list[int] = []
    for part in map(str.strip, text.split(",")):
        if both := RANGE.fullmatch(part):
            first, last = int(both[1]), int(both[2])
            found.extend(range(first, min(last, first + MOST_CREWS) + 1) if first <= last else [])
        elif part.isdecimal():
            found.append(int(part))
        else:
            found.clear()
            break
    if not found or not all(0 < size <= MOST_CREWS for size in found):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list such as 4..12 or 4,6,8, from 1 to {MOST_CREWS}")
    return found


def ends(text: str) -> list[int | str]:
    """Read ends of the night: clock times or minutes, with commas between them.

    Examples
    --------
    >>> ends("22:45, +30")
    ['22:45', 30]
    """
    parts = [part.strip() for part in text.split(",")]
    return [int(part) if MINUTES.fullmatch(part) else part for part in parts]


def weights(text: str) -> list[float]:
    """Read weights of near home, with commas between them.

    Examples
    --------
    >>> weights("0, 0.5,1")
    [0.0, 0.5, 1.0]
    """
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list such as 0,0.25,0.5") from error


def _what_if(args: argparse.Namespace) -> int:
    from patrolroute.base.files import require_writable
    from patrolroute.night.run import NightRun
    from patrolroute.study.what_if import what_if

    night = night_of(args)
    require_writable(args.out)
    began = time.perf_counter()

    def tell(one: Variant) -> None:
        near = "" if one.near_home is None else SAID.say("near", args.lang, weight=f"{one.near_home:g}")
        facts = {"crews": one.crews, "end": clock_text(one.end), "near": near, "share": f"{100 * one.prize_share:.1f}"}
        say(f"[{time.perf_counter() - began:5.1f} s] {SAID.say('variant', args.lang, **facts)}")

    say(SAID.say("reading_all", args.lang))
    found = what_if(
        NightRun.trusting(night, args.night.parent),
        crews=args.crews,
        ends=args.ends,
        near_home=args.near_home,
        goal=args.goal or night.solve.goal,
        work_limit=args.work_limit or night.solve.work_limit,
        seed=night.solve.seed if args.seed is None else args.seed,
        progress=tell,
    )
    found.to_csv(args.out / WHAT_IF_TABLE, lang=args.lang)
    lacks = list(lacking(WHAT_IF_PLOT, "matplotlib"))
    for lack in lacks:
        tell_lack(lack, args.lang)
    if not lacks:
        found.to_png(args.out / WHAT_IF_PLOT, lang=args.lang)
    print(found.summary(args.lang))
    files = {"table": WHAT_IF_TABLE, "plot": WHAT_IF_PLOT, "folder": args.out}
    say(SAID.say("table" if lacks else "table_and_plot", args.lang, **files))
    return DONE

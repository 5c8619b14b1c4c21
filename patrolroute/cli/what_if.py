"""The command that solves a night for several fleets and several ends."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.cli.terminal import DONE, say
from patrolroute.words import GOALS, LANGS

if TYPE_CHECKING:
    from patrolroute.study.variants import Variant

MOST = 500
RANGE = re.compile(r"(\d+)\.\.(\d+)")
MINUTES = re.compile(r"[+-]?\d+")


def what_if_command(commands: Any, work: Callable[[str], float], seed: Callable[[str], int]) -> None:
    """Add the command to the command line; ``work`` and ``seed`` read their numbers."""
    parser = commands.add_parser("what-if", help="say what more crews or a longer night would buy")
    parser.add_argument("night", type=Path, help="the night's file")
    parser.add_argument("--crews", type=sizes, help="sizes of the fleet: 4..12, or 4,6,8 (default: the night's own)")
    parser.add_argument(
        "--ends", type=ends, default=[0],
        help="when the last shift ends, 22:45,23:15, or minutes later, --ends=-30,0,30; all others move alike",
    )  # fmt: skip
    parser.add_argument("--goal", choices=GOALS, help="what spare time goes to (default: the night's own)")
    parser.add_argument("--work-limit", type=work, help="units of work for each variant; repeats exactly")
    parser.add_argument("--seed", type=seed, help="a whole number from 0 (default: the night's own)")
    parser.add_argument("-o", "--out", type=Path, default=Path("out"), help="folder for the outputs (default: out)")
    parser.add_argument("--lang", choices=LANGS, help="language of the outputs")
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
            found.extend(range(first, min(last, first + MOST) + 1) if first <= last else [])
        elif part.isdecimal():
            found.append(int(part))
        else:
            found.clear()
            break
    if not found or not all(0 < size <= MOST for size in found):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list such as 4..12 or 4,6,8, from 1 to {MOST}")
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


def _what_if(args: argparse.Namespace) -> int:
    from patrolroute.night.load import read_night
    from patrolroute.night.run import NightRun
    from patrolroute.output.files import require_writable
    from patrolroute.study.what_if import what_if

    night = read_night(args.night)
    require_writable(args.out)
    began = time.perf_counter()

    def tell(one: Variant) -> None:
        share = f"{100 * one.prize_share:.1f} % of the points"
        say(f"[{time.perf_counter() - began:5.1f} s] {one.crews} crews until {one.end:%H:%M}: {share}")

    say("reading the map and loading the engine; the first time after an installation it is compiled, up to a minute")
    found = what_if(
        NightRun(night, args.night.parent),
        crews=args.crews,
        ends=args.ends,
        goal=args.goal or night.solve.goal,
        work_limit=args.work_limit or night.solve.work_limit,
        seed=night.solve.seed if args.seed is None else args.seed,
        progress=tell,
    )
    lang = args.lang or night.lang
    found.to_csv(args.out / "what_if.csv", lang=lang)
    found.to_png(args.out / "what_if.png", lang=lang)
    print(found.summary(lang))
    say(f"what_if.csv and what_if.png in {args.out}")
    return DONE

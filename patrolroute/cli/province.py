"""The command ``province``: the nights of many bureaus at once, and one overview of them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.extras import require
from patrolroute.base.vocabulary import DATUMS, GOALS
from patrolroute.cli import (
    DONE,
    GOAL_HELP,
    INPUT_FAULT,
    OUR_FAULT,
    REQUIRED_MISSED,
    folder_named,
    positive,
    say,
    seed,
)
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from patrolroute.province.lend import Lending
    from patrolroute.province.many import ProvinceProgress
    from patrolroute.province.model import BureauNight, Province

LOCAL = "local"
"""In place of an address: a cluster of Dask on this machine."""


def province_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("province", help="plan the nights of many bureaus at once, with one overview")
    parser.add_argument("nights", type=Path, help="a folder of nights: workbooks, TOML, JSON, also in subfolders")
    parser.add_argument(
        "-o", "--out", type=folder_named, default=Path("province"),
        help="folder for the outputs, one folder for each bureau (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--workers", type=positive(int), help="processes on this machine (default: 1)")
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="a cluster of Dask, tcp://…, or `local` for one on this machine"
    )
    parser.add_argument("--work-limit", type=positive(int), help="units of work for each night; repeats exactly")
    parser.add_argument("--time-limit", type=positive(float), help="seconds for each night, a guard")
    parser.add_argument("--goal", choices=GOALS, help=f"{GOAL_HELP} (default: the night's own)")
    parser.add_argument("--seed", type=seed, default=1, help="a whole number from 0; each bureau has one that follows")
    parser.add_argument("--bound", type=positive(float), help="seconds to work out how good a plan could be at most")
    parser.add_argument("--plan-only", action="store_true", help="write plan.json and a summary of each night alone")
    parser.add_argument("--lend", action="store_true", help="say what a crew lent to a neighbour would change")
    parser.add_argument("--crs", choices=DATUMS, default="wgs84", help="datum of the overview's tables")
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_province)


def _province(args: argparse.Namespace) -> int:
    from patrolroute.province.found import find_nights
    from patrolroute.province.lend import lend_crews
    from patrolroute.province.many import solve_many
    from patrolroute.province.overview import save, summary

    began = time.monotonic()
    nights = find_nights(args.nights, but=args.out)
    say(SAID.say("bureaus_found", args.lang, n=len(nights), folder=args.nights))
    with _executor(args) as executor:
        where: dict[str, Any] = {"executor": executor, "workers": None if executor else args.workers}
        province = solve_many(
            nights, **where, out=args.out, seed=args.seed, work_limit=args.work_limit, time_limit=args.time_limit,
            goal=args.goal, bound_s=args.bound, write="plan" if args.plan_only else "all", lang=args.lang,
            callback=_teller(args),
        )  # fmt: skip
        lending: tuple[Lending, ...] = ()
        if args.lend and not province.stopped:
            say(SAID.say("lending", args.lang))
            lending = lend_crews(province, nights, **where, callback=_lend_teller(args))
    files = save(province, args.out, lang=args.lang, crs=args.crs, lending=lending)
    print(summary(province, args.lang, lending))
    say(SAID.say("files", args.lang, number=len(files), folder=args.out))
    say(SAID.say("province_over", args.lang, seconds=f"{time.monotonic() - began:.0f}"))
    return _code(province)


def _code(province: Province) -> int:
    """Return the exit code: our fault before the inputs', these before what is required and missed."""
    statuses = {night.status for night in province}
    if province.stopped or statuses & {"broken", "lost", "stopped"}:
        return OUR_FAULT
    if "wrong" in statuses:
        return INPUT_FAULT
    return REQUIRED_MISSED if any(night.required_missed for night in province) else DONE


def _teller(args: argparse.Namespace) -> Callable[[ProvinceProgress], bool]:
    def tell(progress: ProvinceProgress) -> bool:
        say(f"[{progress.over}/{progress.total}] {_line(progress.night, args)}")
        return False

    return tell


def _lend_teller(args: argparse.Namespace) -> Callable[[BureauNight], bool]:
    """Tell of searches alone that could not be made: there are three for each bureau."""

    def tell(night: BureauNight) -> bool:
        if not night.is_done:
            say(_line(night, args))
        return False

    return tell


def _line(night: BureauNight, args: argparse.Namespace) -> str:
    """Return what is said of a night that is over."""
    if night.is_done:
        seen = "" if night.seen is None else f"{100 * night.seen:.1f}%"
        key = "bureau_kept" if night.kept else "bureau_done"
        return SAID.say(key, args.lang, name=night.name, seen=seen, missed=night.required_missed)
    why = "；".join(night.said("zh")) if args.lang == "zh" else "; ".join(night.said("en"))
    return SAID.say("bureau_not", args.lang, name=night.name, why=why)


@contextmanager
def _executor(args: argparse.Namespace) -> Iterator[Executor | None]:
    """Open Dask's executor where it is asked for; a cluster of our own is closed with it."""
    if args.dask is None:
        yield None
        return
    require("--dask", "distributed")
    import distributed

    dask: Any = distributed  # without types
    if args.dask != LOCAL:
        with dask.Client(args.dask) as client:
            yield client.get_executor(pure=False)
        return
    cluster = dask.LocalCluster(n_workers=args.workers, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    with cluster, dask.Client(cluster) as client:
        yield client.get_executor(pure=False)

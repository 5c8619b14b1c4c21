"""The command line: thin doors to the library, and exit codes by whose fault it is."""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from patrolroute.cli.check import check_command
from patrolroute.cli.network import network_commands
from patrolroute.cli.terminal import DONE, INPUT_FAULT, OUR_FAULT, REQUIRED_MISSED, say
from patrolroute.cli.what_if import what_if_command
from patrolroute.errors import DownloadError, InputError, OutputError, PlanViolation
from patrolroute.version import __version__
from patrolroute.words import DATUMS, GOALS, LANGS

if TYPE_CHECKING:
    from patrolroute.night.run import NightRun
    from patrolroute.plan.records import PatrolPlan

DEMO_SECONDS = 8.0
"""Long enough for a good plan of the bundled night, short enough to watch."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code.

    0 done; 1 our fault; 2 the input's fault; 3 a plan was written, but it misses what is required.
    """
    for stream in (sys.stdout, sys.stderr):
        _never_die_on_letters(stream)
    args = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO if args.verbose else logging.ERROR, format="%(levelname)s %(message)s")
    try:
        return int(args.run(args))
    except (InputError, DownloadError, OutputError) as error:
        say(f"patrolroute: {error}")
        return INPUT_FAULT
    except KeyboardInterrupt:
        say("patrolroute: stopped")
        return OUR_FAULT
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the last door: an error of ours is told, not thrown at a planner
        if args.verbose:
            traceback.print_exc()
        say(f"patrolroute: internal error, not your fault: {type(error).__name__}: {error}")
        say("patrolroute: run it again with --verbose and report what it prints")
        return OUR_FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="patrolroute", description="Night patrol routes for a fleet of police cars.")
    parser.add_argument("--version", action="version", version=f"patrolroute {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more, and show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="plan the bundled night and write every output")
    _plan_options(demo, out="patrolroute-demo")
    demo.set_defaults(run=_demo, time_limit=DEMO_SECONDS)

    plan = commands.add_parser("plan", help="plan a night described in a TOML or JSON file")
    plan.add_argument("night", type=Path, help="the night's file; `patrolroute schema night` describes it")
    _plan_options(plan, out="out")
    plan.set_defaults(run=_plan)

    doctor = commands.add_parser("doctor", help="say everything that is or may be wrong with a night's file")
    doctor.add_argument("night", type=Path, help="the night's file")
    doctor.set_defaults(run=_doctor)

    check_command(commands)

    compare = commands.add_parser("compare", help="say how one plan differs from another")
    compare.add_argument("before", type=Path, help="a plan.json")
    compare.add_argument("after", type=Path, help="another plan.json")
    compare.add_argument("--lang", choices=LANGS, default="zh", help="language (default: zh)")
    compare.set_defaults(run=_compare)

    what_if_command(commands, _positive(int), _seed)

    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument("which", choices=["night", "plan"])
    schema.set_defaults(run=_schema)

    network_commands(commands)
    return parser


def _plan_options(parser: argparse.ArgumentParser, *, out: str) -> None:
    parser.add_argument("-o", "--out", type=Path, default=Path(out), help=f"folder for the outputs (default: {out})")
    parser.add_argument("--time-limit", type=_positive(float), help="seconds to solve")
    parser.add_argument("--work-limit", type=_positive(int), help="units of work to solve; repeats exactly")
    parser.add_argument("--goal", choices=GOALS, help="what spare time goes to: short routes (prize) or presence")
    parser.add_argument("--seed", type=_seed, help="a whole number from 0; another seed, another plan")
    parser.add_argument("--bound", type=_positive(float), help="seconds to work out how good a plan could be at most")
    parser.add_argument("--lang", choices=LANGS, help="language of the outputs")
    parser.add_argument("--crs", choices=DATUMS, help="datum of tables, tracks, KML and GeoJSON (default: wgs84)")


def _positive(kind: type[float | int]) -> Callable[[str], float]:
    """Make a reader of numbers above 0 for argparse."""

    def positive(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not 0 < value < math.inf:
            raise argparse.ArgumentTypeError(f"{text!r} is not a{' whole' if kind is int else ''} number above 0")
        return value

    return positive


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _demo(args: argparse.Namespace) -> int:
    from patrolroute.night.load import bundled_night

    args.night = bundled_night()
    return _plan(args)


def _plan(args: argparse.Namespace) -> int:
    from patrolroute.night.load import read_night
    from patrolroute.night.run import NightRun
    from patrolroute.output.files import require_writable

    night = read_night(args.night)
    require_writable(args.out)
    began = time.perf_counter()
    plan = _solve(NightRun(night, args.night.parent), args, began)
    lang = args.lang or night.lang
    files = plan.save(args.out, lang=lang, crs=args.crs or night.out_crs)
    say(f"[{time.perf_counter() - began:5.1f} s] {len(files)} files in {args.out}")
    print(plan.summary(lang))
    return REQUIRED_MISSED if plan.objective.required_missed else DONE


def _solve(run: NightRun, args: argparse.Namespace, began: float) -> PatrolPlan:
    """Solve a night and tell on the terminal how it goes."""
    from patrolroute.engine.prepare import prepare

    def tell(sentence: str) -> None:
        say(f"[{time.perf_counter() - began:5.1f} s] {sentence}")

    tell("reading the map, the streets and the hotspots")
    problem = run.problem()
    tell("loading the engine; the first time after an installation it is compiled, up to a minute")
    prepare()
    tell(f"solving: {len(problem.tasks)} tasks, {len(problem.crews)} crews, {problem.prize_total} points wanted")
    result = run.solve(problem, callback=_Progress(tell, problem.prize_total), **_limits(args))
    tell(f"solved: {result.work} units of work, stopped by {result.stopped_by.replace('_', ' ')}")
    plan = result.plan
    if args.bound is not None:
        from patrolroute.proof.bound import bound

        tell("working out what no plan can exceed")
        plan = bound(problem, time_limit=args.bound).on(plan)
    if broken := [violation for violation in plan.audit() if violation.rule != "required_served"]:
        raise PlanViolation("\n".join(map(str, broken)))
    return plan


def _limits(args: argparse.Namespace) -> dict[str, Any]:
    """Give the limits of the command line."""
    given = {name: getattr(args, name) for name in ("time_limit", "work_limit", "seed", "goal")}
    return {name: value for name, value in given.items() if value is not None}


class _Progress:
    """Says every other second how far the solver has come."""

    EVERY_S = 2.0

    def __init__(self, tell: Callable[[str], None], prize_total: int) -> None:
        self._tell, self._prize_total, self._next = tell, prize_total, self.EVERY_S

    def __call__(self, progress: Any) -> bool:
        if progress.seconds >= self._next:
            self._next = progress.seconds + self.EVERY_S
            share = 1 - progress.score.prize_forgone / self._prize_total
            self._tell(f"  {100 * share:.2f} % of the points, {progress.work} units of work")
        return False


def _doctor(args: argparse.Namespace) -> int:
    from patrolroute.night.doctor import examine
    from patrolroute.night.load import read_night
    from patrolroute.night.run import NightRun

    diagnosis = examine(NightRun(read_night(args.night), args.night.parent))
    print(diagnosis)
    return INPUT_FAULT if diagnosis.errors else DONE


def _compare(args: argparse.Namespace) -> int:
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.study.compare import compare

    print(compare(PatrolPlan.from_json(args.before), PatrolPlan.from_json(args.after)).summary(args.lang))
    return DONE


def _schema(args: argparse.Namespace) -> int:
    from patrolroute.night.model import night_schema
    from patrolroute.output.plan_model import plan_schema

    schema = night_schema() if args.which == "night" else plan_schema()
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return DONE


def _never_die_on_letters(stream: TextIO) -> None:
    """Print a question mark for a letter that the console doesn't know (cp936, cp437)."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")

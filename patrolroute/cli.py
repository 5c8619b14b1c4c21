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
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from patrolroute.errors import DownloadError, InputError, OutputError, PlanViolation
from patrolroute.version import __version__
from patrolroute.words import LANGS

if TYPE_CHECKING:
    from patrolroute.night.run import NightRun
    from patrolroute.plan.records import PatrolPlan

DONE, OUR_FAULT, INPUT_FAULT, REQUIRED_MISSED = 0, 1, 2, 3
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
        _say(f"patrolroute: {error}")
        return INPUT_FAULT
    except KeyboardInterrupt:
        _say("patrolroute: stopped")
        return OUR_FAULT
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the last door: an error of ours is told, not thrown at a planner
        if args.verbose:
            traceback.print_exc()
        _say(f"patrolroute: internal error, not your fault: {type(error).__name__}: {error}")
        _say("patrolroute: run it again with --verbose and report what it prints")
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

    check = commands.add_parser("check", help="audit a plan from any source")
    check.add_argument("plan", type=Path, help="a plan.json")
    check.set_defaults(run=_check)

    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument("which", choices=["night", "plan"])
    schema.set_defaults(run=_schema)

    _network_commands(commands)
    return parser


def _plan_options(parser: argparse.ArgumentParser, *, out: str) -> None:
    parser.add_argument("-o", "--out", type=Path, default=Path(out), help=f"folder for the outputs (default: {out})")
    parser.add_argument("--time-limit", type=_positive(float), help="seconds to solve")
    parser.add_argument("--work-limit", type=_positive(int), help="units of work to solve; repeats exactly")
    parser.add_argument("--seed", type=_seed, help="a whole number from 0; another seed, another plan")
    parser.add_argument("--lang", choices=LANGS, help="language of the outputs")


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


def _network_commands(commands: Any) -> None:
    network = commands.add_parser("network", help="inspect, convert and download maps")
    actions = network.add_subparsers(required=True, metavar="ACTION")
    info = actions.add_parser("info", help="say what a map file holds")
    info.add_argument("map", help="a map file, or `bundled`")
    info.set_defaults(run=_network_info)
    convert = actions.add_parser("convert", help="turn a map file into GraphML with travel and patrol seconds")
    convert.add_argument("map", help="a map file, or `bundled`")
    convert.add_argument("out", type=Path, help="a .graphml file")
    convert.set_defaults(run=_network_convert)
    download = actions.add_parser("download", help="download real streets into a GraphML file")
    download.add_argument("out", type=Path, help="a .graphml file")
    download.add_argument(
        "--place", action="append", help="an area as Nominatim knows it; the study areas if not given"
    )
    download.set_defaults(run=_network_download)


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
    files = plan.save(args.out, lang=lang)
    _say(f"[{time.perf_counter() - began:5.1f} s] {len(files)} files in {args.out}")
    print(plan.summary(lang))
    return REQUIRED_MISSED if plan.objective.required_missed else DONE


def _solve(run: NightRun, args: argparse.Namespace, began: float) -> PatrolPlan:
    """Solve a night and tell on the terminal how it goes."""
    from patrolroute.engine.prepare import prepare

    def tell(sentence: str) -> None:
        _say(f"[{time.perf_counter() - began:5.1f} s] {sentence}")

    tell("reading the map, the streets and the hotspots")
    problem = run.problem()
    tell("loading the engine; the first time after an installation it is compiled, up to a minute")
    prepare()
    tell(f"solving: {len(problem.tasks)} tasks, {len(problem.crews)} crews, {problem.prize_total} points wanted")
    result = run.solve(problem, callback=_Progress(tell, problem.prize_total), **_limits(args))
    tell(f"solved: {result.work} units of work, stopped by {result.stopped_by.replace('_', ' ')}")
    if broken := [violation for violation in result.plan.audit() if violation.rule != "required_served"]:
        raise PlanViolation("\n".join(map(str, broken)))
    return result.plan


def _limits(args: argparse.Namespace) -> dict[str, Any]:
    """Give the limits of the command line."""
    given = {name: getattr(args, name) for name in ("time_limit", "work_limit", "seed")}
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


def _check(args: argparse.Namespace) -> int:
    from patrolroute.plan.records import PatrolPlan

    plan = PatrolPlan.from_json(args.plan)
    violations = plan.audit()
    for violation in violations:
        print(violation)
    if violations:
        print(f"{args.plan}: {len(violations)} faults")
        return REQUIRED_MISSED if all(one.rule == "required_served" for one in violations) else INPUT_FAULT
    print(f"{args.plan}: {len(plan.routes)} routes, every rule kept")
    return DONE


def _schema(args: argparse.Namespace) -> int:
    from patrolroute.night.model import night_schema
    from patrolroute.output.plan_model import plan_schema

    schema = night_schema() if args.which == "night" else plan_schema()
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return DONE


def _map(name: str) -> Any:
    from patrolroute.network.road import RoadNetwork

    return RoadNetwork.huainan() if name == "bundled" else RoadNetwork.from_file(name)


def _network_info(args: argparse.Namespace) -> int:
    from patrolroute.network.info import describe

    print(describe(_map(args.map)))
    return DONE


def _network_convert(args: argparse.Namespace) -> int:
    _require_graphml(args.out)
    return _write_map(_map(args.map), args.out)


def _network_download(args: argparse.Namespace) -> int:
    from patrolroute.network.road import RoadNetwork

    _require_graphml(args.out)
    network = RoadNetwork.from_place(args.place) if args.place else RoadNetwork.huainan(source="osm")
    return _write_map(network, args.out)


def _require_graphml(out: Path) -> None:
    """Complain of the file to write before a long download, not after it."""
    from patrolroute.output.files import require_writable

    if out.suffix.lower() != ".graphml":
        raise InputError(f"{out}: the file to write ends in .graphml")
    require_writable(out.parent)


def _write_map(network: Any, out: Path) -> int:
    from patrolroute.network.graphml import to_graphml_bytes
    from patrolroute.output.files import write_one

    write_one(out, to_graphml_bytes(network))
    _say(f"{out}: {network.node_count} nodes, {network.arc_count} arcs")
    return DONE


def _say(sentence: str) -> None:
    """Progress and complaints go to the error stream, so that standard output stays clean."""
    with redirect_stdout(sys.stderr):
        print(sentence, flush=True)


def _never_die_on_letters(stream: TextIO) -> None:
    """Print a question mark for a letter that the console doesn't know (cp936, cp437)."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")

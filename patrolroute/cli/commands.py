"""The commands that plan a night, examine it and compare: ``demo``, ``plan``, ``doctor``, ``compare``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from patrolroute.base import __version__
from patrolroute.base.errors import (
    Complaint,
    Complaints,
    DownloadError,
    InputError,
    MissingExtraError,
    OutputError,
    PlanViolation,
)
from patrolroute.base.vocabulary import DATUMS, GOALS, OLD_GOALS, Lang
from patrolroute.cli import (
    DONE,
    GOAL_HELP,
    INPUT_FAULT,
    OUR_FAULT,
    REQUIRED_MISSED,
    also_option,
    blame,
    complaints_of,
    folder_named,
    has_summary,
    mark,
    night_of,
    positive,
    saved,
    say,
    seed,
)
from patrolroute.cli.areas import areas_command
from patrolroute.cli.campaign import campaign_commands
from patrolroute.cli.cells import cells_command, visited, written_cells
from patrolroute.cli.check import check_command
from patrolroute.cli.language import lang_before, lang_of, lang_of_system, lang_option
from patrolroute.cli.network import network_commands
from patrolroute.cli.new import new_command
from patrolroute.cli.page import serve_command
from patrolroute.cli.parser import Parser, plan_named
from patrolroute.cli.province import province_command
from patrolroute.cli.replan import dispatch_command, replan_command
from patrolroute.cli.review import review_command
from patrolroute.cli.stations import stations_command
from patrolroute.cli.what_if import what_if_command
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from patrolroute.night.run import NightRun
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.problem.model import PatrolProblem
    from patrolroute.problem.resume import Dropped
    from patrolroute.study.diagnose import Diagnosis


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 done; 1 our fault; 2 the input's fault; 3 a plan was written, but it misses what is required.
    """
    for stream in (sys.stdout, sys.stderr):
        _never_die_on_letters(stream)
    given = sys.argv[1:] if argv is None else list(argv)
    try:
        args = _parser(lang_before(given)).parse_args(given)
        args.lang = lang_of(args)
    except InputError as error:  # of the environment
        say(SAID.say("wrong", lang_of_system(), what=_in_words(error.items, lang_of_system())))
        return INPUT_FAULT
    logging.basicConfig(level=logging.INFO if args.verbose else logging.ERROR, format="%(levelname)s %(message)s")
    try:
        with stopped_as_by_ctrl_c():
            return int(args.run(args))
    except (InputError, DownloadError, MissingExtraError, OutputError) as error:
        items = complaints_of(args, error)
        say(SAID.say("wrong", args.lang, what=_in_words(items, args.lang)))
        mark(args, items, args.lang)
        return INPUT_FAULT
    except KeyboardInterrupt:
        say(SAID.say("stopped", args.lang))
        return OUR_FAULT
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the last door: an error of ours is told, not thrown at a planner
        if args.verbose:
            traceback.print_exc()
        say(SAID.say("ours", args.lang, error=f"{type(error).__name__}: {error}"))
        say(SAID.say("again", args.lang))
        return OUR_FAULT


def _in_words(items: Iterable[Complaint], lang: Lang) -> str:
    """Return complaints in a language, a line each."""
    return "\n".join(item.said(lang) for item in items)


def _parser(lang: Lang = "en") -> argparse.ArgumentParser:
    """Return the parser of all commands, in the order in which the help lists them."""
    parser = Parser(lang=lang, prog="patrolroute", description="Night patrol routes for a fleet of police cars.")
    parser.add_argument("--version", action="version", version=f"patrolroute {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more, and show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    lang_option(parser)
    parser.set_defaults(lang=None)
    for add in COMMANDS:
        add(commands)
    return parser


def _demo_command(commands: Any) -> None:
    demo = commands.add_parser("demo", help="plan the bundled night and write every output")
    _plan_options(demo, out="patrolroute-demo")
    demo.set_defaults(run=_demo)


def _plan_command(commands: Any) -> None:
    plan = commands.add_parser("plan", help="plan a night described in a workbook, TOML or JSON")
    plan.add_argument("night", type=Path, help="the night's file; `patrolroute schema night` describes it")
    _plan_options(plan, out="out")
    plan.set_defaults(run=_plan)


def _doctor_command(commands: Any) -> None:
    doctor = commands.add_parser("doctor", help="say everything that is or may be wrong with a night's file")
    doctor.add_argument("night", type=Path, help="the night's file")
    lang_option(doctor)
    doctor.add_argument(
        "--map", type=Path, action="append", default=[], metavar="FILE",
        help="draw what was read of the night into a page (.html) or a picture (.png); again for another",
    )  # fmt: skip
    doctor.add_argument("--json", action="store_true", help="print findings as JSON, with what they tell as values")
    doctor.set_defaults(run=_doctor)


def _outputs_command(commands: Any) -> None:
    outputs = commands.add_parser("outputs", help="list what a plan is written as")
    lang_option(outputs)
    outputs.set_defaults(run=_outputs)


def _compare_command(commands: Any) -> None:
    compare = commands.add_parser("compare", help="say how one plan differs from another")
    compare.add_argument("before", type=plan_named, help="a plan.json, or its folder")
    compare.add_argument("after", type=plan_named, help="another plan.json, or its folder")
    lang_option(compare, of_plans=True)
    compare.set_defaults(run=_compare)


def _schema_command(commands: Any) -> None:
    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument("which", choices=["night", "plan", "campaign"], help="which of them")
    lang_option(schema)
    schema.set_defaults(run=_schema)


def _warm_command(commands: Any) -> None:
    warm = commands.add_parser("warm", help="compile all that a night needs, or load what was compiled before")
    warm.add_argument("--goal", choices=(*GOALS, *OLD_GOALS), default="auto", help=GOAL_HELP)
    lang_option(warm)
    warm.set_defaults(run=_warm)


COMMANDS: Sequence[Callable[[Any], None]] = (
    # To plan a night, and to look at its file before.
    _demo_command, _plan_command, new_command, _doctor_command,
    # What a plan is written as, whether it keeps the rules, how it differs from another, what was really driven.
    _outputs_command, check_command, _compare_command, review_command, cells_command,
    # What other fleets and nights would bring; the night under way; areas; many nights; a page to do all that.
    what_if_command, replan_command, dispatch_command, areas_command, stations_command, campaign_commands,
    province_command, serve_command,
    # What the files look like, and the maps; what an image is built with.
    _schema_command, network_commands, _warm_command,
)  # fmt: skip
"""Each adds one command, or some that belong together."""


def _plan_options(parser: argparse.ArgumentParser, *, out: str) -> None:
    parser.add_argument(
        "-o", "--out", type=folder_named, default=Path(out), help="folder for the outputs (default: %(default)s)"
    )
    parser.add_argument("--time-limit", type=positive(float), help="seconds to solve")
    parser.add_argument("--work-limit", type=positive(int), help="units of work to solve; repeats exactly")
    parser.add_argument("--goal", choices=(*GOALS, *OLD_GOALS), help=GOAL_HELP)
    parser.add_argument("--seed", type=seed, help="a whole number from 0; another seed, another plan")
    text = "a plan.json or its folder to start from, of this night or of one like it"
    parser.add_argument("--start", type=plan_named, help=text)
    parser.add_argument("--bound", type=positive(float), help="seconds to work out how good a plan could be at most")
    lang_option(parser, of_plans=True)
    text = "datum of tables, tracks, KML and GeoJSON (default: the night's out_crs)"
    parser.add_argument("--crs", choices=DATUMS, help=text)
    also_option(parser)


def _demo(args: argparse.Namespace) -> int:
    from patrolroute.night.run import bundled_night

    args.night = bundled_night()
    return _plan(args)


def _plan(args: argparse.Namespace) -> int:
    from patrolroute.base.files import require_writable
    from patrolroute.night.run import NightRun
    from patrolroute.plan.seen import broken_promises, out_of_reach

    night = night_of(args)
    require_writable(args.out)
    began = time.perf_counter()
    run = NightRun.trusting(night, args.night.parent)
    plan = _solve(run, args, began)

    def elapsed() -> str:
        return f"[{time.perf_counter() - began:5.1f} s] "

    error = saved(plan, args.out, elapsed, lang=args.lang, crs=args.crs or night.out_crs, also=args.also)
    if has_summary(error):
        print(plan.summary(args.lang))
    if error is not None:
        return blame(error)
    for line in written_cells(run, plan, args.out, args.lang):
        print(line)
    is_kept = not (plan.objective.required_missed or broken_promises(plan) or out_of_reach(plan))
    return DONE if is_kept else REQUIRED_MISSED


def _not_kept(start: PatrolPlan, dropped: Iterable[Dropped], lang: Lang) -> str:
    """Return what of a start could not be kept, as a planner counts it: passes, hundreds a night, are not told."""
    counts = Counter[str]()
    for visit in dropped:
        task = start.task.get(visit.task)
        is_required, kind = (task is not None and task.required), ("street" if task is None else task.kind)
        if not visit.is_pass:
            counts["required" if is_required else "dwell" if kind == "hotspot" else "patrol"] += 1
    told = [what for what in ("required", "dwell", "patrol") if counts[what]]
    comma = {"zh": "、", "en": ", "}[lang]
    return comma.join(SAID.say(f"dropped_{what}", lang, number=counts[what]) for what in told)


def _solve(run: NightRun, args: argparse.Namespace, began: float) -> PatrolPlan:
    """Solve a night and tell on the terminal how it goes."""
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.rules.audit import NOT_KEPT
    from patrolroute.search.engine import warm_up
    from patrolroute.search.prepare import compiling_beside

    def tell(key: str, **facts: object) -> None:
        say(f"[{time.perf_counter() - began:5.1f} s] {SAID.say(key, args.lang, **facts)}")

    tell("reading")
    problem = run.problem()
    tell("loading")
    with compiling_beside() if _limits(args).get("goal", run.night.solve.goal) != "points" else nullcontext():
        warm_up()
    tell("solving", tasks=len(problem.tasks), crews=len(problem.crews), points=problem.prize_total)
    start = None if args.start is None else PatrolPlan.from_json(args.start)
    result = run.solve(problem, start=start, callback=_Progress(tell, problem), **_limits(args))
    if start is not None and (what := _not_kept(start, result.dropped, args.lang)):
        tell("dropped", start=args.start, what=what)
    tell("solved", work=result.work, reason=SAID.say(result.stopped_by, args.lang))
    tell("explaining")
    is_stopped = result.stopped_by == "interrupted"
    try:
        plan = result.plan.explained
    except KeyboardInterrupt:  # the plan is there; what is missing is said without what it would take
        is_stopped, plan = True, result.plan.briefly_explained
    plan = plan if is_stopped else visited(run, problem, plan)
    if args.bound is not None and not is_stopped:
        from patrolroute.proof.bound import bound
        from patrolroute.proof.presence import left_out

        tell("bounding")
        left = left_out(plan)._asdict() if plan.objective.goal == "presence" else {}
        plan = bound(problem, goal=plan.objective.goal, time_limit=args.bound, **left).on(plan)
    if broken := [violation for violation in plan.audit() if violation.rule not in NOT_KEPT]:
        raise PlanViolation("\n".join(map(str, broken)))
    return plan


def _limits(args: argparse.Namespace) -> dict[str, Any]:
    """Return the limits of the command line."""
    given = {name: getattr(args, name) for name in ("time_limit", "work_limit", "seed", "goal")}
    return {name: value for name, value in given.items() if value is not None}


class _Progress:
    """Tells every other second how far the solver has come."""

    EVERY_S = 2.0

    def __init__(self, tell: Callable[..., None], problem: PatrolProblem) -> None:
        self._tell, self._prize_total, self._next, self._phase = tell, problem.prize_total, self.EVERY_S, "points"
        self._seen = "seen_weighed" if problem.key_hours else "seen"

    def __call__(self, progress: Any) -> bool:
        if progress.phase == "tours" != self._phase:
            self._tell("tours")
        self._phase = progress.phase
        if progress.seconds >= self._next and self._phase != "tours":
            self._next = progress.seconds + self.EVERY_S
            if progress.seen is None:
                share = 1 - progress.score.prize_forgone / self._prize_total
                self._tell("points", share=f"{100 * share:.2f}", work=progress.work)
            else:
                self._tell(self._seen, share=f"{100 * progress.seen:.2f}", work=progress.work)
        return False


def _doctor(args: argparse.Namespace) -> int:
    from patrolroute.night.examine import examined_run

    if args.map:
        from patrolroute.output.sketch import require_form

        for path in args.map:
            require_form(path)
    noted = Complaints()
    diagnosis, run = examined_run(args.night, args.lang, noted=noted)
    print(json.dumps(diagnosis.to_dict(), ensure_ascii=False, indent=2) if args.json else diagnosis)
    mark(args, noted.items, diagnosis.lang)
    lost = Complaints()
    for path in args.map:
        if run is not None and lost.attempt(partial(_draw, run, diagnosis, path)) is not None:
            say(SAID.say("drawn", diagnosis.lang, path=path))
        else:
            say(SAID.say("not_drawn", diagnosis.lang, path=path))
    return INPUT_FAULT if diagnosis.errors or len(lost) else DONE


def _draw(run: NightRun, diagnosis: Diagnosis, path: Path) -> Path:
    """Draw a night before it is planned."""
    from patrolroute.night.sketched import sketch_of
    from patrolroute.output.sketch import write_sketch

    return write_sketch(sketch_of(run, diagnosis, diagnosis.lang), path, lang=diagnosis.lang)


def _compare(args: argparse.Namespace) -> int:
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.study.compare import compare

    print(compare(PatrolPlan.from_json(args.before), PatrolPlan.from_json(args.after)).summary(args.lang))
    return DONE


def _schema(args: argparse.Namespace) -> int:
    from patrolroute.campaign.meanings import MEANINGS as CAMPAIGN_MEANINGS
    from patrolroute.campaign.model import campaign_schema
    from patrolroute.night.meanings import MEANINGS, in_chinese
    from patrolroute.night.model import night_schema
    from patrolroute.plan.model import PatrolPlan

    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "night": night_schema, "campaign": campaign_schema, "plan": PatrolPlan.json_schema
    }  # fmt: skip
    schema = makers[args.which]()
    if args.lang == "zh" and args.which != "plan":
        schema = in_chinese(schema, MEANINGS if args.which == "night" else {**MEANINGS, **CAMPAIGN_MEANINGS})
    print(json.dumps(schema, ensure_ascii=False, indent=2))
    return DONE


def _outputs(args: argparse.Namespace) -> int:
    from patrolroute.output.save import listed

    print(listed(args.lang))
    return DONE


def _warm(args: argparse.Namespace) -> int:
    from patrolroute.base.jit import cache_folder
    from patrolroute.search.prepare import prepare

    seconds, folder = prepare(goal=args.goal), cache_folder()
    is_kept = folder is not None and any(folder.glob("*/*.nbc"))
    print(SAID.say("warm" if is_kept else "warm_not_kept", args.lang, seconds=f"{seconds:.1f}", folder=folder))
    return DONE


@contextmanager
def stopped_as_by_ctrl_c() -> Iterator[None]:
    """Let SIGTERM and SIGHUP keep the best plan and leave nothing behind, as Ctrl-C does.

    By the first containers and task managers end a run, by the second a terminal that is closed. Who asked that SIGHUP
    be ignored (``nohup``) is obeyed; Windows has none.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {end: signal.getsignal(end) for end in ends}
    asked = [
        end for end in ends if before[end] is not None and (end is signal.SIGTERM or before[end] != signal.SIG_IGN)
    ]
    for end in asked:
        signal.signal(end, signal.default_int_handler)
    try:
        yield
    finally:
        for end in asked:
            signal.signal(end, before[end])


def _never_die_on_letters(stream: TextIO) -> None:
    """Print a question mark for a letter that the console doesn't know (cp936, cp437)."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")

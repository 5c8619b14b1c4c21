"""The command ``check``: audits a plan.json, or a plan made by hand once its legs are filled in."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.cli.terminal import DONE, INPUT_FAULT, REQUIRED_MISSED, say
from patrolroute.errors import InputError, PlanFileError
from patrolroute.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patrolroute.plan.audit import Violation
    from patrolroute.plan.records import PatrolPlan
    from patrolroute.words import Lang

BUNDLED = "bundled"

NEEDS_NIGHT = "a plan made by hand needs --night, the file of the night that it is for"

MOST_OF_A_RULE = 20
"""So many faults of one rule are printed one by one; the rest is counted, and ``--json`` has them all."""


def check_command(commands: Any) -> None:
    """Add the command."""
    check = commands.add_parser("check", help="audit a plan from any source, made by hand or by a program")
    check.add_argument("plan", type=Path, help="a plan.json; or, with --night, a CSV, TOML or JSON made by hand")
    check.add_argument("--night", help="the night's file that a plan made by hand is for, or `bundled`")
    check.add_argument("-o", "--out", type=Path, help="folder for all outputs of a plan made by hand")
    check.add_argument("--lang", choices=LANGS, default="zh", help="language (default: zh)")
    check.add_argument("--json", action="store_true", help="print the violations as JSON")
    check.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    plan = _plan(args)
    violations = plan.audit()
    if args.json:
        print(json.dumps([one.as_json() for one in violations], ensure_ascii=False, indent=2))
    else:
        _print(args, plan, violations)
    if not violations:
        return DONE
    return REQUIRED_MISSED if all(one.rule == "required_served" for one in violations) else INPUT_FAULT


def _plan(args: argparse.Namespace) -> PatrolPlan:
    """Read a plan.json, or fill in what was made by hand and write its outputs if they are asked for."""
    if args.night is not None:
        return _filled_in(args)
    if args.plan.suffix.lower() != ".json":
        raise InputError(f"{args.plan}: {NEEDS_NIGHT}")
    if args.out is not None:
        raise InputError("--out: the outputs of a plan.json are beside it; give --night for a plan made by hand")
    from patrolroute.plan.records import PatrolPlan

    try:
        return PatrolPlan.from_json(args.plan)
    except PlanFileError as error:
        if f"{args.plan}: schema_version: is missing" not in error.complaints:
            raise
        raise InputError(f"{args.plan}: is no plan.json; {NEEDS_NIGHT}") from error


def _filled_in(args: argparse.Namespace) -> PatrolPlan:
    from patrolroute.night.load import bundled_night, read_night
    from patrolroute.night.run import NightRun
    from patrolroute.output.files import require_writable
    from patrolroute.plan.hand_made.table import read_hand_made

    path = bundled_night() if args.night == BUNDLED else Path(args.night)
    night = read_night(path)
    if args.out is not None:
        require_writable(args.out)
    run = NightRun(night, path.parent)
    problem = run.problem()
    plan = read_hand_made(args.plan, problem, settings=run.settings(problem))
    if args.out is not None:
        files = plan.save(args.out, lang=args.lang, crs=night.out_crs)
        say(f"{len(files)} files in {args.out}")
    return plan


def _print(args: argparse.Namespace, plan: PatrolPlan, violations: Sequence[Violation]) -> None:
    """Print the faults rule by rule, how many there are, and for a plan made by hand what it is worth."""
    zh = args.lang == "zh"
    if args.night is not None:
        print(plan.summary(args.lang), end="\n\n")
    for line in _lines(violations, args.lang):
        print(line)
    colon = "：" if zh else ": "
    if violations:
        said = f"{len(violations)} 处违规" if zh else _counted(len(violations), "fault")
    else:
        routes = len(plan.routes)
        said = f"{routes} 条路线，全部规则符合" if zh else f"{_counted(routes, 'route')}, every rule kept"
    print(f"{args.plan}{colon}{said}")


def _counted(many: int, thing: str) -> str:
    return f"{many} {thing}{'' if many == 1 else 's'}"


def _lines(violations: Sequence[Violation], lang: Lang) -> list[str]:
    """Say the faults, of each rule the first ones; the tasks of a street that share a fault are one line."""
    alike: dict[tuple[object, ...], list[Violation]] = {}
    for number, one in enumerate(violations):
        is_of_street = one.leg is None and one.task is not None and one.place
        key = (one.rule, one.place, one.at, one.detail_zh) if is_of_street else (one.rule, number)
        alike.setdefault(key, []).append(one)
    by_rule: dict[str, list[list[Violation]]] = {}
    for some in alike.values():
        by_rule.setdefault(some[0].rule, []).append(some)
    lines: list[str] = []
    for rule, groups in by_rule.items():
        lines += [_line(some, lang) for some in groups[:MOST_OF_A_RULE]]
        if more := sum(map(len, groups[MOST_OF_A_RULE:])):
            lines.append(f"{rule}：另有 {more} 处" if lang == "zh" else f"{rule}: {more} more")
    return lines


def _line(some: Sequence[Violation], lang: Lang) -> str:
    """Say one fault, or how many tasks have the same."""
    first, more = some[0], len(some) - 1
    if more:
        amount = replace(first.amount, value=sum(one.amount.value for one in some))
        thing, task = f"{first.thing} and {more} more", f"{first.task} 等 {len(some)} 项"
        first = replace(first, amount=amount, thing=thing, task=task)
    return first.said(lang)

"""The command ``check``: audits a plan.json, or a plan made by hand once its legs are filled in."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import Complaint, InputError, PartialOutputError, PlanFileError
from patrolroute.base.text import CHECKED, remedy
from patrolroute.cli import (
    DONE,
    INPUT_FAULT,
    REQUIRED_MISSED,
    also_option,
    blame,
    folder_named,
    has_summary,
    saved,
    say,
)
from patrolroute.cli.language import lang_option
from patrolroute.cli.parser import plan_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patrolroute.base.vocabulary import Lang
    from patrolroute.plan.model import PatrolPlan
    from patrolroute.rules.audit import Violation


BUNDLED = "bundled"

MOST_OF_A_RULE = 20
"""So many faults of one rule are printed one by one; the rest is counted, and ``--json`` has them all."""


def check_command(commands: Any) -> None:
    """Add the command."""
    check = commands.add_parser("check", help="audit a plan from any source, made by hand or by a program")
    text = "a plan.json or its folder; or, with --night, a CSV, TOML or JSON made by hand"
    check.add_argument("plan", type=plan_named, help=text)
    check.add_argument("--night", help="the night's file that a plan made by hand is for, or `bundled`")
    check.add_argument("-o", "--out", type=folder_named, help="folder for all outputs of a plan made by hand")
    also_option(check)
    lang_option(check, of_plans=True)
    check.add_argument("--json", action="store_true", help="print the violations as JSON")
    check.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    plan, error = _plan(args)
    from patrolroute.rules.audit import NOT_KEPT, audit_driven, is_driven

    violations = audit_driven(plan) if is_driven(plan) else plan.audit()
    if args.json:
        print(json.dumps([violation.as_json() for violation in violations], ensure_ascii=False, indent=2))
    else:
        _print(args, plan, violations, is_told=has_summary(error))
    if plan.stated is not None:
        from patrolroute.plan.companions import remarks, said

        for line in said(remarks(args.plan.parent, plan.stated.companions), args.lang):
            (say if args.json else print)(line)
    if error is not None:
        return blame(error)
    if not violations:
        return DONE
    return REQUIRED_MISSED if all(violation.rule in NOT_KEPT for violation in violations) else INPUT_FAULT


def _plan(args: argparse.Namespace) -> tuple[PatrolPlan, PartialOutputError | None]:
    """Read a plan.json, or fill in what was made by hand and write its outputs if they are asked for.

    Returns
    -------
    tuple
        The plan, and which outputs could not be written, if any.
    """
    if args.night is not None:
        return _filled_in(args)
    if args.plan.suffix.lower() != ".json":
        raise InputError(_no_plan(args.plan))
    if args.out is not None:
        raise InputError("--out: the outputs of a plan.json are beside it; give --night for a plan made by hand")
    from patrolroute.plan.model import PatrolPlan

    try:
        return PatrolPlan.from_json(args.plan), None
    except PlanFileError as error:
        if "no_plan" not in error.kinds:
            raise
        raise InputError(_no_plan(args.plan, "is no plan.json; ", "不是 plan.json；")) from error


def _no_plan(path: Path, what: str = "", what_zh: str = "") -> Complaint:
    """Return what to do with a file that is no plan, and what it is not."""
    english, chinese = remedy("no_plan", "en"), remedy("no_plan", "zh")
    return Complaint(f"{path}: {what}{english}", "no_plan", f"{path}：{what_zh}{chinese}")


def _filled_in(args: argparse.Namespace) -> tuple[PatrolPlan, PartialOutputError | None]:
    from patrolroute.base.files import require_writable
    from patrolroute.hand_made.table import read_hand_made
    from patrolroute.night.run import NightRun, bundled_night, read_night

    path = bundled_night() if args.night == BUNDLED else Path(args.night)
    night = read_night(path)
    if args.out is not None:
        require_writable(args.out)
    run = NightRun.trusting(night, path.parent)
    problem = run.problem()
    plan = read_hand_made(args.plan, problem, settings=run.settings(problem))
    if args.out is None:
        return plan, None
    return plan, saved(plan, args.out, lang=args.lang, crs=night.out_crs, also=args.also)


def _print(args: argparse.Namespace, plan: PatrolPlan, violations: Sequence[Violation], *, is_told: bool) -> None:
    """Print the faults rule by rule, how many there are, and for a plan made by hand what it is worth."""
    if args.night is not None and is_told:
        print(plan.summary(args.lang), end="\n\n")
    for line in _lines(violations, args.lang, plan):
        print(line)
    from patrolroute.rules.audit import is_driven

    number, thing = (len(violations), "fault") if violations else (len(plan.routes), "route")
    if is_driven(plan):
        print(CHECKED.say("driven", args.lang))
        thing = thing if violations else "driven_route"
    print(CHECKED.say(thing if number == 1 else f"{thing}s", args.lang, plan=args.plan, number=number))


def _lines(violations: Sequence[Violation], lang: Lang, plan: PatrolPlan) -> list[str]:
    """Return the faults, of each rule the first ones; the tasks of a street that share a fault are one line.

    Parameters
    ----------
    violations
        All faults.
    lang
        Of the lines.
    plan
        In which they were found: the order sheet has another number for a leg than the audit, and both are told.
    """
    from patrolroute.output.itinerary import item, leg_items

    items = leg_items(plan) if any(found.leg is not None for found in violations) else {}
    alike: dict[tuple[object, ...], list[Violation]] = {}
    for number, found in enumerate(violations):
        is_of_street = found.leg is None and found.task is not None and found.place
        key = (found.rule, found.place, found.at, found.detail_zh) if is_of_street else (found.rule, number)
        alike.setdefault(key, []).append(found)
    by_rule: dict[str, list[list[Violation]]] = {}
    for group in alike.values():
        by_rule.setdefault(group[0].rule, []).append(group)
    lines: list[str] = []
    for rule, groups in by_rule.items():
        for group in groups[:MOST_OF_A_RULE]:
            fault, first = _line(group, lang), group[0]
            own = items.get(first.crew or "", ())
            if first.leg is not None and first.leg <= len(own):
                fault = CHECKED.say("item", lang, fault=fault, item=item(own[first.leg - 1], lang))
            lines.append(fault)
        if more := sum(map(len, groups[MOST_OF_A_RULE:])):
            lines.append(CHECKED.say("more", lang, rule=rule, number=more))
    return lines


def _line(alike: Sequence[Violation], lang: Lang) -> str:
    """Return one fault, or how many tasks have the same."""
    first = alike[0]
    if len(alike) > 1:
        first = replace(
            first,
            amount=replace(first.amount, value=sum(violation.amount.value for violation in alike)),
            thing=CHECKED.say("alike", "en", first=first.thing, number=len(alike) - 1),
            task=CHECKED.say("alike", "zh", first=first.task, number=len(alike)),
        )
    return first.said(lang)

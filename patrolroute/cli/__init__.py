"""The command line: thin doors to the library. What all commands share: exit codes, options, saying something."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patrolroute.base.errors import Complaint, InputError, MissingExtraError, OutputError, PartialOutputError
from patrolroute.base.vocabulary import MAX_SEED, Lang
from patrolroute.cli.words import SAID

if TYPE_CHECKING:
    from patrolroute.night.model import Night
    from patrolroute.plan.model import PatrolPlan

DONE, OUR_FAULT, INPUT_FAULT, REQUIRED_MISSED = 0, 1, 2, 3
"""Exit codes by whose fault it is; with the last one a plan was written all the same."""

GOAL_HELP = "points, presence, or auto: points first, and presence where nearly all of them fit"


def night_of(args: argparse.Namespace) -> Night:
    """Read the night's file."""
    from patrolroute.night.run import read_night

    return read_night(args.night)


def complaints_of(args: argparse.Namespace, error: Exception) -> list[Complaint]:
    """Return what an error says; about a workbook with the cells that it is about."""
    items = list(error.items) if isinstance(error, InputError) else [Complaint(str(error))]
    from patrolroute.campaign.reading import campaign_traced
    from patrolroute.night.reading import traced

    book = _workbook(args)
    if book is None or not isinstance(error, InputError):
        return items
    return (campaign_traced if _is_campaign(args) else traced)(book, items)


def mark(args: argparse.Namespace, items: Iterable[Complaint], lang: Lang) -> None:
    """Write a copy of a workbook in which wrong cells are red, and say so."""
    from patrolroute.workbook.marks import marked_copy

    book = _workbook(args)
    if book is None:
        return
    try:
        copy = marked_copy(book, [item for item in items if item.sentence.startswith(f"{book}: ")], lang=lang)
    except OutputError as error:
        say(SAID.say("not_written", lang, reason=error))
        return
    if copy is not None:
        say(SAID.say("marked", lang, copy=copy, night=book))


def _is_campaign(args: argparse.Namespace) -> bool:
    return isinstance(args.__dict__.get("campaign"), Path)


def _workbook(args: argparse.Namespace) -> Path | None:
    """Return the workbook that a command was given, of a night or of a campaign; None if it is another file."""
    from patrolroute.campaign.folder import CampaignFolder
    from patrolroute.workbook.marks import is_workbook

    given = args.__dict__.get("night")
    if _is_campaign(args):
        try:
            given = CampaignFolder.at(args.campaign).file
        except InputError:
            return None
    return Path(given) if is_workbook(given) else None


def saved(
    plan: PatrolPlan, folder: Path, before: Callable[[], str] = str, *, lang: Lang, **options: Any
) -> PartialOutputError | None:
    """Write every output of a plan and say how many files there are, which are left out, which could not be written.

    Parameters
    ----------
    plan
        The plan.
    folder
        Where to.
    before
        Says what to put before a line when it is written; nothing if not given.
    lang
        Of the lines and of the outputs.
    options
        Of `patrolroute.PatrolPlan.save`.

    Returns
    -------
    PartialOutputError or None
        What could not be written; see `blame` for the exit code.
    """
    from patrolroute.output.save import left_out_for_lack
    from patrolroute.plan.companions import remarks_of, said
    from patrolroute.plan.document import PLAN_FILE

    for line in said(remarks_of(folder / PLAN_FILE), lang):
        say(before() + SAID.say("anew", lang, folder=folder, line=line))
    for lack in left_out_for_lack():
        tell_lack(lack, lang)
    try:
        files = plan.save(folder, lang=lang, **options)
    except PartialOutputError as error:
        say(before() + SAID.say("files", lang, number=len(error.written), folder=folder))
        for reason in error.reasons:
            say(SAID.say("not_written", lang, reason=reason))
        if error.is_ours:
            say(SAID.say("reported", lang))
        return error
    say(before() + SAID.say("files", lang, number=len(files), folder=folder))
    return None


def tell_lack(error: MissingExtraError, lang: Lang) -> None:
    """Say what is left out, and what to install for it."""
    say(SAID.say("left_out", lang, reason=Complaint(str(error)).said(lang)))


def has_summary(error: PartialOutputError | None) -> bool:
    """Return whether the night could be put in words, whatever else failed."""
    from patrolroute.output.save import SUMMARY

    return error is None or SUMMARY not in error.failed


def folder_named(text: str) -> Path:
    """Read the name of a folder on the command line; an empty one would be the current folder, which nobody means."""
    if not text.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a folder; the current one is '.'")
    return Path(text)


def positive(kind: type[float | int]) -> Callable[[str], float]:
    """Make a reader of numbers above 0 for argparse."""

    def above_0(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not 0 < value < math.inf:
            raise argparse.ArgumentTypeError(f"{text!r} is not a{' whole' if kind is int else ''} number above 0")
        return value

    return above_0


def seed(text: str) -> int:
    """Read a seed on the command line."""
    if not text.isdecimal() or len(text) > len(str(MAX_SEED)) or int(text) > MAX_SEED:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a whole number from 0 to {MAX_SEED}")
    return int(text)


def also_option(parser: argparse.ArgumentParser) -> None:
    """Let a command ask for outputs that are not written by themselves."""
    text = "an output that is written on request only, such as sheets.pdf; see `patrolroute outputs`"
    parser.add_argument("--also", action="append", default=[], metavar="FILE", help=text)


def blame(error: PartialOutputError) -> int:
    """Return the exit code for outputs that could not be written."""
    return OUR_FAULT if error.is_ours else INPUT_FAULT


def say(sentence: str) -> None:
    """Progress and complaints go to the error stream, so that standard output stays clean."""
    with redirect_stdout(sys.stderr):
        print(sentence, flush=True)

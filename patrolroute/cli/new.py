"""The command ``new``: a workbook to fill in, and a night turned from one form into another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from patrolroute.base.errors import Complaint, InputError
from patrolroute.cli import DONE, say
from patrolroute.cli.language import lang_option
from patrolroute.cli.words import SAID


def new_command(commands: Any) -> None:
    """Add the command."""
    new = commands.add_parser("new", help="write a workbook to fill in, or a night in another form")
    new.add_argument("out", type=Path, help="the file to write: .xlsx, .toml or .json")
    new.add_argument(
        "--from", dest="night", type=Path, metavar="NIGHT", help="a night to write in that form (default: an example)"
    )
    new.add_argument(
        "--campaign",
        dest="many",
        action="store_true",
        help="a campaign of many nights instead; --from names a campaign's file then",
    )  # fmt: skip
    new.add_argument("--force", action="store_true", help="write over a file that is there")
    lang_option(new, of_plans=True)
    new.set_defaults(run=_new)


def _new(args: argparse.Namespace) -> int:
    from patrolroute.base.files import write_one

    content = (_campaign if args.many else _night)(args)
    if args.out.is_file() and not args.force:
        raise InputError(
            Complaint(
                f"{args.out}: is there already; --force writes over it",
                zh=f"{args.out}：文件已存在；加 --force 才覆盖",
            )
        )
    write_one(args.out, content)
    if args.many and args.out.suffix.lower() == ".xlsx":
        say(SAID.say("campaign_book", args.lang, out=args.out))
        return DONE
    say(SAID.say("new", args.lang, out=args.out))
    if args.night is None and not args.many:
        say(SAID.say("new_next", args.lang, out=args.out))
    return DONE


def _night(args: argparse.Namespace) -> bytes:
    from patrolroute.night.run import read_night
    from patrolroute.night.workbook.template import example
    from patrolroute.night.workbook.turning import beside, night_bytes, require_form

    form = args.out.suffix.lower()
    require_form(form)
    if args.night is None:
        return night_bytes(example(args.lang), form, lang=args.lang)
    night = beside(read_night(args.night), args.night.parent, args.out.parent)
    return night_bytes(night, form, lang=args.lang)


def _campaign(args: argparse.Namespace) -> bytes:
    from patrolroute.campaign.starter import campaign_file

    return campaign_file(args.night, args.out, args.lang)

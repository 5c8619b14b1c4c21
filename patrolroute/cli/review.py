"""The command ``review``: what was driven, from tracks, beside what was planned."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from patrolroute.base.errors import InputError
from patrolroute.base.vocabulary import DATUMS
from patrolroute.cli import DONE, folder_named, positive, say
from patrolroute.cli.language import lang_option
from patrolroute.cli.parser import plan_named
from patrolroute.cli.words import SAID

MINUTES = 10.0
"""From so many an order is late or early."""


def review_command(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("review", help="hold what was driven, from tracks, against the plan")
    parser.add_argument("plan", type=plan_named, help="a plan.json, or its folder")
    parser.add_argument(
        "tracks", nargs="+", type=Path, help="files or folders of tracks: GPX, tables of a platform, GeoJSON"
    )
    parser.add_argument(
        "-o", "--out", type=folder_named, default=Path("review"), help="folder for the outputs (default: %(default)s)"
    )
    parser.add_argument("--crs", choices=DATUMS, help="datum of the tracks (default: the file's own, else wgs84)")
    parser.add_argument(
        "--crew", action="append", default=[], metavar="NAME=CREW",
        help="whose track it is by the name in the file, plate or device; again for another",
    )  # fmt: skip
    parser.add_argument(
        "--offset", type=float, default=0.0, help="seconds to add to every time: what the devices' clock was behind"
    )
    parser.add_argument(
        "--closed", action="append", default=[], metavar="STREET",
        help="a street that was closed: orders on it are excused; again for another",
    )  # fmt: skip
    parser.add_argument(
        "--late",
        type=positive(float),
        default=MINUTES,
        help="minutes from which an order is late (default: %(default)s)",
    )
    lang_option(parser, of_plans=True)
    parser.set_defaults(run=_review)


def _review(args: argparse.Namespace) -> int:
    from patrolroute.base.files import require_writable
    from patrolroute.live.review import review
    from patrolroute.live.tracks import read_tracks
    from patrolroute.plan.model import PatrolPlan

    named = dict(_pair(text) for text in args.crew)
    require_writable(args.out)
    say(SAID.say("reading_tracks", args.lang))
    plan = PatrolPlan.from_json(args.plan)
    tracks = read_tracks(args.tracks, crs=args.crs, timezone=plan.timezone, offset_s=args.offset)
    say(SAID.say("matching", args.lang, tracks=len(tracks), fixes=sum(map(len, tracks))))
    found = review(plan, tracks, crews=named, closed=args.closed, late_min=args.late)
    files = found.save(args.out, lang=args.lang)
    print(found.summary(args.lang))
    say(SAID.say("files", args.lang, number=len(files), folder=args.out))
    return DONE


def _pair(text: str) -> tuple[str, str]:
    name, mark, crew = text.rpartition("=")
    if not mark or not name or not crew:
        raise InputError(f"--crew: {text!r} is not NAME=CREW, such as 皖D1234=市局01")
    return name, crew
